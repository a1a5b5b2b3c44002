//! Groups: people by any other criterion than their role. The vendor's youngest and strictest noun.

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use serde::Serialize;
use serde_json::json;

use super::errors::Refusal;
use super::fields::Selection;
use super::form::{Form, NO_OBJECT};
use super::paging::Window;
use super::{Answer, Call};
use crate::db::ids::{self, Kind};

#[derive(Debug, Serialize)]
struct Group {
    id: String,
    name: String,
    organization_id: String,
    /// Lists never have it, not even when asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<GroupMember>>,
}

#[derive(Debug, Serialize)]
struct GroupMember {
    user_id: String,
}

impl Group {
    fn find(call: &Call<'_>, id: &str) -> Result<Self, Refusal> {
        let group = call
            .db
            .prepare_cached(
                "SELECT id, name, organization_id FROM close_group WHERE organization_id = ?1 AND id = ?2",
            )?
            .query_row([call.organization(), id], |row| {
                Ok(Group { id: row.get(0)?, name: row.get(1)?, organization_id: row.get(2)?, members: None })
            })
            .optional()?;
        group.ok_or_else(|| Refusal::no_such("Group"))
    }

    /// Adds the members, if they are wanted, and picks the fields.
    fn show(mut self, call: &Call<'_>) -> Result<serde_json::Map<String, serde_json::Value>, Refusal> {
        let selection = selection(call);
        if selection.wants("members") {
            self.members = Some(members(call.db, &self.id)?);
        }
        selection.of(&self)
    }
}

fn members(db: &Connection, group: &str) -> rusqlite::Result<Vec<GroupMember>> {
    db.prepare_cached("SELECT user_id FROM close_group_member WHERE group_id = ?1 ORDER BY user_id")?
        .query_map([group], |row| Ok(GroupMember { user_id: row.get(0)? }))?
        .collect()
}

/// The vendor's pages contradict each other on what is answered without `_fields`: its schema says
/// everything, its text says that names and members have to be asked for.
fn selection(call: &Call<'_>) -> Selection {
    let selection = Selection::read(&call.params);
    if call.config.strict_fields { selection.or(&["id"]) } else { selection }
}

/// `GET /group/`.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let selection = selection(call);
    let window = Window::read(&call.params, call.config.max_limit)?;
    let groups: Vec<Group> = call
        .db
        .prepare_cached(
            "SELECT id, name, organization_id FROM close_group
             WHERE organization_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3",
        )?
        .query_map(params![call.organization(), window.fetch(), window.skip], |row| {
            Ok(Group { id: row.get(0)?, name: row.get(1)?, organization_id: row.get(2)?, members: None })
        })?
        .collect::<Result<_, _>>()?;
    Answer::ok(&window.page(groups).try_map(|group| selection.of(&group))?)
}

/// `GET /group/{id}/`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    Answer::ok(&Group::find(call, call.id())?.show(call)?)
}

/// `POST /group/`.
pub fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.caller.must_manage()?;
    let name = read_name(call)?;
    let id = ids::mint(call.db, Kind::GROUP)?;
    call.db
        .execute(
            "INSERT INTO close_group (id, organization_id, name) VALUES (?1, ?2, ?3)",
            params![id, call.organization(), name],
        )
        .map_err(name_taken)?;
    Answer::created(&Group::find(call, &id)?.show(call)?)
}

/// `PUT /group/{id}/`.
pub fn update(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = Group::find(call, call.id())?;
    call.caller.must_manage()?;
    let name = read_name(call)?;
    call.db
        .execute("UPDATE close_group SET name = ?2 WHERE id = ?1", [&group.id, &name])
        .map_err(name_taken)?;
    Answer::ok(&Group::find(call, call.id())?.show(call)?)
}

/// Both bodies are the same: a name, and nothing else.
fn read_name(call: &Call<'_>) -> Result<String, Refusal> {
    let mut form = Form::new(&call.body);
    let name = form.filled_text("name");
    let name = form.require("name", name);
    form.finish(true)?;
    Ok(name.unwrap_or_default())
}

/// The table knows best whether a name is taken.
fn name_taken(error: rusqlite::Error) -> Refusal {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => {
            Refusal::invalid_field("name", "A group with this name already exists.")
        }
        _ => error.into(),
    }
}

/// `DELETE /group/{id}/`. The people stay.
pub fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = Group::find(call, call.id())?;
    call.caller.must_manage()?;
    match call.db.execute("DELETE FROM close_group WHERE id = ?1", [&group.id]) {
        Ok(_) => Ok(Answer::no_content()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(Refusal::invalid("This group is used by a saved report or smart view and cannot be deleted."))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /group/{group_id}/member/`. Adding somebody twice changes nothing.
pub fn add_member(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = Group::find(call, call.id())?;
    call.caller.must_manage()?;
    let mut form = Form::new(&call.body);
    let user_id = form.filled_text("user_id");
    let user_id = form.require("user_id", user_id);
    form.finish(true)?;
    let user_id = user_id.unwrap_or_default();

    let is_member: bool = call.db.query_row(
        "SELECT EXISTS (SELECT 1 FROM close_membership WHERE organization_id = ?1 AND user_id = ?2 AND active)",
        [call.organization(), &user_id],
        |row| row.get(0),
    )?;
    if !is_member {
        return Err(Refusal::invalid_field("user_id", NO_OBJECT));
    }
    call.db.execute("INSERT OR IGNORE INTO close_group_member VALUES (?1, ?2)", [&group.id, &user_id])?;
    Answer::created(&json!({ "user_id": user_id }))
}

/// `DELETE /group/{group_id}/member/{user_id}/`. Removing somebody who is not in it changes nothing.
pub fn remove_member(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = Group::find(call, call.id())?;
    call.caller.must_manage()?;
    call.db.execute(
        "DELETE FROM close_group_member WHERE group_id = ?1 AND user_id = ?2",
        [group.id.as_str(), call.second_id()],
    )?;
    Ok(Answer::no_content())
}
