//! Organizations: <https://developer.close.com/api/resources/organizations>.

use crate::client::{Answer, operation};
use crate::http::is_all;
use crate::json::Json;
use crate::query::{Accepts, Names, Selectable};
use crate::schema::{DateTime, NonEmpty, Typed, model, open_enum};

model! {
    /// An organization, with the only list of its memberships.
    pub struct Organization as "CloseOrganization" {
        /// The id, `orga_…`.
        id: String,
        /// The name.
        name: String,
        /// The plan, such as `enterprise`.
        plan_type?: Option<String>,
        /// The currency, ISO 4217.
        currency?: Option<String>,
        /// The currency's sign.
        currency_symbol?: Option<String>,
        /// Who made it, a user's id.
        created_by?: Option<String>,
        /// Who last changed it, a user's id.
        updated_by?: Option<String>,
        /// When it was made, ISO 8601.
        date_created?: DateTime,
        /// When it was last changed, ISO 8601.
        date_updated?: DateTime,
        /// The statuses that a lead may have, in order.
        lead_statuses?: Vec<LeadStatus>,
        /// The pipelines of opportunities.
        pipelines?: Vec<Pipeline>,
        /// The active memberships.
        memberships?: Vec<OrganizationMembership>,
        /// The ended memberships.
        inactive_memberships?: Vec<OrganizationMembership>,
    }

    /// A status of leads.
    pub struct LeadStatus as "CloseLeadStatus" {
        /// The id, `stat_…`.
        id: String,
        /// What people see.
        label: String,
    }

    /// A pipeline of opportunities.
    pub struct Pipeline as "ClosePipeline" {
        /// The id, `pipe_…`.
        id: String,
        /// The name.
        name: String,
        /// The organization's id.
        organization_id?: String,
        /// Who made it, a user's id.
        created_by?: Option<String>,
        /// Who last changed it, a user's id.
        updated_by?: Option<String>,
        /// When it was made, ISO 8601 without an offset.
        date_created?: DateTime,
        /// When it was last changed, ISO 8601 without an offset.
        date_updated?: DateTime,
        /// Its statuses, in order.
        statuses?: Vec<PipelineStatus>,
    }

    /// A status of a pipeline.
    pub struct PipelineStatus as "ClosePipelineStatus" {
        /// The id, `stat_…`.
        id: String,
        /// What people see.
        label: String,
        /// What it means for the opportunity.
        r#type?: PipelineStatusType,
    }

    /// A membership as an organization lists it. With `expand`, `user` takes the place of the `user_*` fields.
    pub struct OrganizationMembership as "CloseOrganizationMembership" {
        /// The id, `memb_…`.
        id: String,
        /// The user's id; with `expand` perhaps only in `user`.
        user_id?: String,
        /// The role's id, a plain word for built-in roles.
        role_id: String,
        /// What the role allows.
        permissions_granted?: Vec<String>,
        /// Whether calls are recorded.
        auto_record_calls?: super::memberships::Recording,
        /// Whether the opening of emails is tracked.
        track_email_opens?: bool,
        /// The email address.
        user_email?: Option<String>,
        /// The first name.
        user_first_name?: Option<String>,
        /// The last name.
        user_last_name?: Option<String>,
        /// Both names.
        user_full_name?: Option<String>,
        /// The phone number, digits alone.
        user_phone?: Option<String>,
        /// The user, with `expand`.
        user?: Option<super::users::User>,
    }

    /// What can be changed of an organization.
    pub struct OrganizationPatch as "CloseOrganizationPatch" {
        /// The name.
        name?: NonEmpty,
        /// The currency, ISO 4217, three letters.
        currency?: NonEmpty,
        /// All statuses in their new order, by id.
        lead_statuses?: Vec<LeadStatusRef>,
        /// Whether new email templates get an unsubscribe link.
        enable_unsubscribe_link?: bool,
        /// Whether bulk emails and workflows must have an unsubscribe link.
        require_unsubscribe_link?: bool,
    }

    /// A lead status, by its id.
    pub struct LeadStatusRef as "CloseLeadStatusRef" {
        /// The id, `stat_…`.
        id: NonEmpty,
    }
}

open_enum! {
    /// What a pipeline's status means for an opportunity.
    pub enum PipelineStatusType as "ClosePipelineStatusType" {
        /// It is open.
        Active = "active",
        /// It was won.
        Won = "won",
        /// It was lost.
        Lost = "lost",
    }
}

const ACCEPTS: Accepts = Accepts {
    fields: Selectable::Of { record: Organization::RECORD, except: &[], default: &[] },
    expand: Names::Of(&["memberships__user", "inactive_memberships__user"]),
    ..Accepts::NOTHING
};

/// What a schema cannot say of a patch.
fn check_patch(patch: &Json) -> Result<(), String> {
    if let Some(currency) = patch.text("currency")
        && !(currency.len() == 3 && is_all(currency, u8::is_ascii_uppercase))
    {
        return Err("currency: expected three capital letters, as in ISO 4217".to_owned());
    }
    if let Some(statuses) = patch.get("lead_statuses").and_then(Json::as_list) {
        let mut ids = Vec::new();
        for status in statuses {
            ids.push(status.text("id").unwrap_or_default());
        }
        if ids.is_empty() {
            return Err(
                "lead_statuses: the list is empty; it must name every status, in the new order".to_owned()
            );
        }
        if ids.len() > 1_000 {
            return Err("lead_statuses: more than 1,000".to_owned());
        }
        if ids.iter().enumerate().any(|(at, id)| ids.iter().take(at).any(|earlier| earlier == id)) {
            return Err("lead_statuses: a status is named twice".to_owned());
        }
    }
    Ok(())
}

operation! {
    /// One organization. <https://developer.close.com/api/resources/organizations/get>
    GetOrganization(id) = "organizations.get" Get "/organization/{id}/",
        accepts &ACCEPTS, answer Answer::One(Organization::SHAPE) => Organization, repeat Safe;

    /// Changes an organization. <https://developer.close.com/api/resources/organizations/update>
    UpdateOrganization(id) = "organizations.update" Put "/organization/{id}/",
        body OrganizationPatch, check check_patch,
        accepts &ACCEPTS, answer Answer::One(Organization::SHAPE) => Organization, repeat Idempotent;
}
