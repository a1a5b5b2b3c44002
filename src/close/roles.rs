//! Roles: <https://developer.close.com/api/resources/roles>.

use super::MAX_LIMIT;
use super::wire::STYLE;
use crate::client::{Answer, operation};
use crate::json::Json;
use crate::query::{Accepts, Selectable};
use crate::schema::{DateTime, NonEmpty, Typed, model, open_enum};

model! {
    /// A named set of permissions.
    pub struct Role as "CloseRole" {
        /// The id: `role_…`, or `admin`, `superuser`, `user`, `restricteduser` for the built-in ones.
        id: String,
        /// The name.
        name: String,
        /// False for roles that Close maintains itself.
        editable: bool,
        /// What it allows; an open set, in no particular order.
        permissions: Vec<Permission>,
        /// The custom fields of leads, `cf_…`, that say which leads are visible.
        visibility_user_lcf_ids?: Option<Vec<String>>,
        /// Whether leads that nobody is assigned to are visible.
        visibility_user_lcf_behavior?: Option<Visibility>,
        /// The organization's id.
        organization_id?: Option<String>,
        /// When it was made, ISO 8601; of the year 1 and without an offset for built-in roles.
        date_created?: Option<DateTime>,
        /// When it was last changed, ISO 8601; of the year 1 and without an offset for built-in roles.
        date_updated?: Option<DateTime>,
    }

    /// A role to be made.
    pub struct RoleCreate as "CloseRoleCreate" {
        /// The name.
        name: NonEmpty,
        /// What it allows.
        permissions: Vec<NonEmpty>,
        /// The custom fields of leads that say which leads are visible; none with `view_all_leads`.
        visibility_user_lcf_ids?: Option<Vec<NonEmpty>>,
        /// Whether leads that nobody is assigned to are visible; null with `view_all_leads`.
        visibility_user_lcf_behavior?: Option<Visibility>,
    }

    /// What can be changed of a custom role. What is left out stays; null clears.
    pub struct RolePatch as "CloseRolePatch" {
        /// The name.
        name?: NonEmpty,
        /// What it allows; replaces the whole set.
        permissions?: Vec<NonEmpty>,
        /// The custom fields of leads that say which leads are visible; none with `view_all_leads`.
        visibility_user_lcf_ids?: Option<Vec<NonEmpty>>,
        /// Whether leads that nobody is assigned to are visible; null with `view_all_leads`.
        visibility_user_lcf_behavior?: Option<Visibility>,
    }
}

open_enum! {
    /// Which leads a role without `view_all_leads` sees besides its own.
    pub enum Visibility as "CloseVisibility" {
        /// None.
        RequireAssignment = "require_assignment",
        /// Those that nobody is assigned to.
        AllowUnassigned = "allow_unassigned",
    }

    /// What a role can allow.
    pub enum Permission as "ClosePermission" {
        /// `bulk_delete`
        BulkDelete = "bulk_delete",
        /// `bulk_edit`
        BulkEdit = "bulk_edit",
        /// `bulk_email`
        BulkEmail = "bulk_email",
        /// `bulk_import`
        BulkImport = "bulk_import",
        /// `bulk_sequence_subscriptions`
        BulkSequenceSubscriptions = "bulk_sequence_subscriptions",
        /// `call_coach_barge`
        CallCoachBarge = "call_coach_barge",
        /// `call_coach_listen`
        CallCoachListen = "call_coach_listen",
        /// `calling`
        Calling = "calling",
        /// `delete_leads`
        DeleteLeads = "delete_leads",
        /// `delete_own_activities`
        DeleteOwnActivities = "delete_own_activities",
        /// `delete_own_opportunities`
        DeleteOwnOpportunities = "delete_own_opportunities",
        /// `delete_own_tasks`
        DeleteOwnTasks = "delete_own_tasks",
        /// `export`
        Export = "export",
        /// `manage_customizations`
        ManageCustomizations = "manage_customizations",
        /// `manage_email_sequences`
        ManageEmailSequences = "manage_email_sequences",
        /// `manage_group_numbers`
        ManageGroupNumbers = "manage_group_numbers",
        /// `manage_organization`
        ManageOrganization = "manage_organization",
        /// `manage_others_activities`
        ManageOthersActivities = "manage_others_activities",
        /// `manage_others_opportunities`
        ManageOthersOpportunities = "manage_others_opportunities",
        /// `manage_others_tasks`
        ManageOthersTasks = "manage_others_tasks",
        /// `manage_team_email_templates`
        ManageTeamEmailTemplates = "manage_team_email_templates",
        /// `manage_team_smart_views`
        ManageTeamSmartViews = "manage_team_smart_views",
        /// `merge_leads`
        MergeLeads = "merge_leads",
        /// `view_all_leads`
        ViewAllLeads = "view_all_leads",
    }
}

const ONE: Accepts = Accepts {
    fields: Selectable::Of { record: Role::RECORD, except: &[], default: &[] },
    ..Accepts::NOTHING
};
const MANY: Accepts = Accepts { max_limit: Some(MAX_LIMIT), ..ONE };

/// Somebody who sees all leads has nothing to restrict. A patch without `permissions` passes: what the role has is
/// not known here.
fn check_visibility(role: &Json) -> Result<(), String> {
    let sees_all = role.get("permissions").and_then(Json::as_list).is_some_and(|permissions| {
        permissions.iter().any(|permission| permission.as_str() == Some("view_all_leads"))
    });
    let is_set = |name: &str| match role.get(name) {
        None | Some(Json::Null) => false,
        Some(Json::List(items)) => !items.is_empty(),
        Some(_) => true,
    };
    if sees_all && is_set("visibility_user_lcf_ids") {
        return Err("visibility_user_lcf_ids: must be empty, because the role has view_all_leads".to_owned());
    }
    if sees_all && is_set("visibility_user_lcf_behavior") {
        return Err(
            "visibility_user_lcf_behavior: must be null, because the role has view_all_leads".to_owned()
        );
    }
    Ok(())
}

operation! {
    /// All roles. <https://developer.close.com/api/resources/roles/list>
    ListRoles() = "roles.list" Get "/role/",
        accepts &MANY, answer Answer::Page { items: "data", of: Role::SHAPE, style: STYLE } => serde_json::Value,
        repeat Safe;

    /// Makes a role. <https://developer.close.com/api/resources/roles/create>
    CreateRole() = "roles.create" Post "/role/", body RoleCreate, check check_visibility,
        accepts &Accepts::NOTHING, answer Answer::One(Role::SHAPE) => Role, repeat Once;

    /// One role. <https://developer.close.com/api/resources/roles/get>
    GetRole(id) = "roles.get" Get "/role/{id}/",
        accepts &ONE, answer Answer::One(Role::SHAPE) => Role, repeat Safe;

    /// Changes a custom role. <https://developer.close.com/api/resources/roles/update>
    UpdateRole(id) = "roles.update" Put "/role/{id}/", body RolePatch, check check_visibility,
        accepts &Accepts::NOTHING, answer Answer::One(Role::SHAPE) => Role, repeat Idempotent;

    /// Deletes a custom role. <https://developer.close.com/api/resources/roles/delete>
    DeleteRole(id) = "roles.delete" Delete "/role/{id}/",
        accepts &Accepts::NOTHING, answer Answer::Nothing => (), repeat Idempotent;
}
