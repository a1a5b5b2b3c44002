//! Roles: named sets of permissions. Four are built in and cannot be touched.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::json;

use super::auth::MANAGE_ORGANIZATION;
use super::errors::Refusal;
use super::fields::Selection;
use super::form::{Form, NO_OBJECT, NOT_A_CHOICE};
use super::paging::Window;
use super::{Answer, Call, memberships};
use crate::clock;
use crate::db::ids::{self, Kind};
use crate::db::seed::PERMISSIONS;

const VIEW_ALL_LEADS: &str = "view_all_leads";
const BEHAVIORS: [&str; 2] = ["require_assignment", "allow_unassigned"];

/// What former members fall back to when their role is deleted.
const LEAST_ROLE: &str = "restricteduser";

#[derive(Debug, Serialize)]
struct Role {
    id: String,
    name: String,
    editable: bool,
    permissions: Vec<String>,
    visibility_user_lcf_ids: Option<Vec<String>>,
    visibility_user_lcf_behavior: Option<String>,
    organization_id: String,
    date_created: String,
    date_updated: String,
}

impl Role {
    fn find(call: &Call<'_>, id: &str) -> Result<Self, Refusal> {
        let role = call
            .db
            .prepare_cached(
                "SELECT id, name, editable, visibility_behavior, organization_id, date_created, date_updated
                 FROM close_role WHERE organization_id = ?1 AND id = ?2",
            )?
            .query_row([call.organization(), id], |row| {
                Ok(Role {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    editable: row.get(2)?,
                    permissions: Vec::new(),
                    visibility_user_lcf_ids: None,
                    visibility_user_lcf_behavior: row.get(3)?,
                    organization_id: row.get(4)?,
                    date_created: row.get(5)?,
                    date_updated: row.get(6)?,
                })
            })
            .optional()?;
        let mut role = role.ok_or_else(|| Refusal::no_such("Role"))?;
        role.permissions = permissions(call.db, id)?;
        let fields: Vec<String> = call
            .db
            .prepare_cached(
                "SELECT field_id FROM close_role_visibility_field WHERE role_id = ?1 ORDER BY position",
            )?
            .query_map([id], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        role.visibility_user_lcf_ids = Some(fields).filter(|fields| !fields.is_empty());
        Ok(role)
    }

    /// Refuses what was built in.
    fn must_be_editable(&self) -> Result<(), Refusal> {
        if self.editable { Ok(()) } else { Err(Refusal::invalid("Built-in roles cannot be changed.")) }
    }

    /// Takes over what a body says.
    fn patch(&mut self, form: &mut Form<'_>) {
        if let Some(name) = form.filled_text("name") {
            self.name = name;
        }
        let permissions =
            form.texts("permissions", |name| (!PERMISSIONS.contains(&name)).then_some(NOT_A_CHOICE));
        if let Some(permissions) = form.not_null("permissions", "list", permissions) {
            // A set: sorted, and nothing twice.
            self.permissions = BTreeSet::from_iter(permissions).into_iter().collect();
        }
        form.texts("visibility_user_lcf_ids", |id| (!id.starts_with("cf_")).then_some(NO_OBJECT))
            .apply_to(&mut self.visibility_user_lcf_ids);
        form.choice("visibility_user_lcf_behavior", &BEHAVIORS)
            .apply_to(&mut self.visibility_user_lcf_behavior);

        let restricts = self.visibility_user_lcf_behavior.is_some()
            || self.visibility_user_lcf_ids.as_ref().is_some_and(|ids| !ids.is_empty());
        if restricts && self.permissions.iter().any(|permission| permission == VIEW_ALL_LEADS) {
            form.reject(
                "visibility_user_lcf_ids",
                "Visibility cannot be restricted for a role that may view all leads.",
            );
        }
    }

    fn store(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute(
            "INSERT INTO close_role
                 (id, organization_id, name, editable, visibility_behavior, date_created, date_updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                 visibility_behavior = excluded.visibility_behavior, date_updated = excluded.date_updated",
            params![
                self.id,
                self.organization_id,
                self.name,
                self.editable,
                self.visibility_user_lcf_behavior,
                self.date_created,
                self.date_updated
            ],
        )?;
        db.execute("DELETE FROM close_role_permission WHERE role_id = ?1", [&self.id])?;
        for permission in &self.permissions {
            db.execute("INSERT INTO close_role_permission VALUES (?1, ?2)", params![self.id, permission])?;
        }
        db.execute("DELETE FROM close_role_visibility_field WHERE role_id = ?1", [&self.id])?;
        for (position, field) in self.visibility_user_lcf_ids.iter().flatten().enumerate() {
            db.execute(
                "INSERT INTO close_role_visibility_field VALUES (?1, ?2, ?3)",
                params![self.id, position, field],
            )?;
        }
        Ok(())
    }
}

/// What a role allows, sorted.
pub fn permissions(db: &Connection, role: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT permission FROM close_role_permission WHERE role_id = ?1 ORDER BY permission")?
        .query_map([role], |row| row.get(0))?
        .collect()
}

/// What each role allows, sorted.
pub fn all_permissions(db: &Connection) -> rusqlite::Result<HashMap<String, Vec<String>>> {
    let mut by_role: HashMap<String, Vec<String>> = HashMap::new();
    let mut statement = db.prepare_cached(
        "SELECT r.id, p.permission FROM close_role r LEFT JOIN close_role_permission p ON p.role_id = r.id
         ORDER BY r.id, p.permission",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // A role without any permission still has its (empty) entry.
        by_role.entry(row.get(0)?).or_default().extend(row.get::<_, Option<String>>(1)?);
    }
    Ok(by_role)
}

/// Whether there is such a role; and if, whether it lets people manage the organisation.
pub fn manages(call: &Call<'_>, role: &str) -> rusqlite::Result<Option<bool>> {
    call.db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM close_role_permission WHERE role_id = r.id AND permission = ?3)
             FROM close_role r WHERE r.organization_id = ?1 AND r.id = ?2",
        )?
        .query_row([call.organization(), role, MANAGE_ORGANIZATION], |row| row.get(0))
        .optional()
}

/// `GET /role/`.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let selection = Selection::read(&call.params);
    let window = Window::read(&call.params, call.config.max_limit)?;
    let ids: Vec<String> = call
        .db
        .prepare_cached(
            "SELECT id FROM close_role WHERE organization_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3",
        )?
        .query_map(params![call.organization(), window.fetch(), window.skip], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let page = window.page(ids).try_map(|id| Role::find(call, &id).and_then(|role| selection.of(&role)))?;
    Answer::ok(&page)
}

/// `GET /role/{id}/`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let role = Role::find(call, call.id())?;
    Answer::ok(&Selection::read(&call.params).of(&role)?)
}

/// `POST /role/`.
pub fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.caller.must_manage()?;
    let now = clock::timestamp();
    let mut role = Role {
        id: ids::mint(call.db, Kind::ROLE)?,
        name: String::new(),
        editable: true,
        permissions: Vec::new(),
        visibility_user_lcf_ids: None,
        visibility_user_lcf_behavior: None,
        organization_id: call.organization().to_owned(),
        date_created: now.clone(),
        date_updated: now,
    };
    let mut form = Form::new(&call.body);
    role.patch(&mut form);
    for field in ["name", "permissions"] {
        let given = call.body.get(field).filter(|value| !value.is_null());
        form.require(field, given);
    }
    form.finish(false)?;
    role.store(call.db)?;
    Answer::created(&Selection::read(&call.params).of(&Role::find(call, &role.id)?)?)
}

/// `PUT /role/{id}/`.
pub fn update(call: &Call<'_>) -> Result<Answer, Refusal> {
    let mut role = Role::find(call, call.id())?;
    call.caller.must_manage()?;
    role.must_be_editable()?;
    let mut form = Form::new(&call.body);
    role.patch(&mut form);
    form.finish(false)?;
    role.date_updated = clock::timestamp();
    role.store(call.db)?;
    memberships::somebody_must_manage(call)?;
    Answer::ok(&Selection::read(&call.params).of(&Role::find(call, &role.id)?)?)
}

/// `DELETE /role/{id}/`: only once nobody has it any more.
pub fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    let role = Role::find(call, call.id())?;
    call.caller.must_manage()?;
    role.must_be_editable()?;
    let used: bool = call.db.query_row(
        "SELECT EXISTS (SELECT 1 FROM close_membership WHERE role_id = ?1 AND active)",
        [&role.id],
        |row| row.get(0),
    )?;
    if used {
        return Err(Refusal::invalid(
            "This role is still assigned to users. Move them to another role first.",
        ));
    }
    call.db.execute(
        "UPDATE close_membership SET role_id = ?2 WHERE role_id = ?1",
        [role.id.as_str(), LEAST_ROLE],
    )?;
    call.db.execute("DELETE FROM close_role WHERE id = ?1", [&role.id])?;
    Answer::ok(&json!({}))
}
