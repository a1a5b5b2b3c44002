//! Who is in a group: those who were added by name, its owners if they count, and those whom its
//! dynamic settings bring.

use axum::http::StatusCode;
use rusqlite::{Connection, params};
use serde_json::json;

use super::auth;
use super::changes::{self, Change};
use super::errors::Refusal;
use super::expand::Expansion;
use super::fields::Fields;
use super::groups::{self, Group};
use super::paging::Window;
use super::users::{self, User};
use super::{Answer, Call};

/// The vendor's limit for one request.
const MOST_AT_ONCE: usize = 50;

/// SQL for the people in a group; `group` is its number, as an expression.
pub fn of(group: &str) -> String {
    format!(
        "SELECT person_id FROM genesys_group_member WHERE group_number = {group}
         UNION SELECT person_id FROM genesys_dynamic_member WHERE group_number = {group}
         UNION SELECT w.person_id FROM genesys_group_owner w JOIN genesys_group wg ON wg.number = w.group_number
               WHERE w.group_number = {group} AND wg.include_owners"
    )
}

/// SQL for the numbers of the groups that somebody is in; `person` is an expression.
pub fn groups_of(person: &str) -> String {
    format!(
        "SELECT group_number FROM genesys_group_member WHERE person_id = {person}
         UNION SELECT group_number FROM genesys_dynamic_member WHERE person_id = {person}
         UNION SELECT w.group_number FROM genesys_group_owner w JOIN genesys_group wg ON wg.number = w.group_number
               WHERE w.person_id = {person} AND wg.include_owners"
    )
}

/// Brings a group's member count up to date.
pub fn recount(db: &Connection, group: i64) -> rusqlite::Result<()> {
    let sql = format!(
        "UPDATE genesys_group SET member_count = (SELECT count(*) FROM ({})) WHERE number = ?1",
        of("?1")
    );
    db.prepare_cached(&sql)?.execute([group]).map(drop)
}

/// Adds people, given as a JSON list of their numbers.
pub fn put_in(db: &Connection, group: i64, people: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO genesys_group_member SELECT ?1, value FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING",
    )?
    .execute(params![group, people])?;
    recount(db, group)
}

/// Removes people, given as a JSON list of their numbers. Owners and those brought by rule stay.
pub fn take_out(db: &Connection, group: i64, people: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "DELETE FROM genesys_group_member
         WHERE group_number = ?1 AND person_id IN (SELECT value FROM json_each(?2))",
    )?
    .execute(params![group, people])?;
    recount(db, group)
}

/// The numbers of people, by the vendor's ids for them, each once.
///
/// # Errors
/// 400 for an id of nobody's, or of somebody who was deleted.
pub fn people(db: &Connection, field: &str, ids: &[&str]) -> Result<Vec<i64>, Refusal> {
    let mut people = Vec::new();
    for id in ids {
        let person = users::number(db, id)?.ok_or_else(|| Refusal::unknown_id(field, id))?;
        if !people.contains(&person) {
            people.push(person);
        }
    }
    Ok(people)
}

/// `GET /groups/{groupId}/members`.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = groups::find(call, call.id())?;
    let window = Window::read(call)?;
    let expansion = Expansion::of_users(&call.params)?;
    let who = of("?1");
    let total = call
        .db
        .prepare_cached(&format!("SELECT count(*) FROM ({who})"))?
        .query_row([group.number], |row| row.get(0))?;
    let order = if call.params.descending()? { "u.name DESC, u.id DESC" } else { "u.name, u.id" };
    let sql = format!(
        "WITH page AS MATERIALIZED (
             SELECT u.person_id FROM ({who}) who JOIN genesys_user u ON u.person_id = who.person_id
             ORDER BY {order} LIMIT ?2 OFFSET ?3
         )
         SELECT {} FROM page {} ORDER BY {order}",
        users::COLUMNS,
        users::joined_to("page")
    );
    let mut people: Vec<User> = call
        .db
        .prepare_cached(&sql)?
        .query_map(params![group.number, window.size, window.skip()], User::from_row)?
        .collect::<Result<_, _>>()?;
    expansion.apply(call, &mut people)?;
    Answer::ok(&window.page(call, total, people))
}

/// `GET /groups/{groupId}/individuals`: those who were added by name, all of them at once.
pub fn individuals(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = groups::find(call, call.id())?;
    let sql = format!(
        "SELECT {} FROM genesys_group_member page {} WHERE page.group_number = ?1 ORDER BY u.name, u.id",
        users::COLUMNS,
        users::joined_to("page")
    );
    let people: Vec<User> =
        call.db.prepare_cached(&sql)?.query_map([group.number], User::from_row)?.collect::<Result<_, _>>()?;
    Answer::ok(&Window::whole(call, people))
}

/// `POST /groups/{groupId}/members`. Whoever is in already stays in.
pub fn add(call: &Call<'_>) -> Result<Answer, Refusal> {
    const FIELD: &str = "memberIds";
    let group = groups::find(call, call.id())?;
    must_lead(call, &group)?;
    let fields = Fields::of(call.body.as_ref())?;
    let ids = fields.texts(FIELD)?;
    let ids = fields.require(FIELD, ids)?;
    if ids.len() > MOST_AT_ONCE {
        return Err(Refusal::too_many(FIELD, MOST_AT_ONCE));
    }
    let people = people(call.db, FIELD, &ids)?;
    if let Some(version) = fields.number("version")? {
        groups::must_be_current(call, &group, version)?;
    }
    changes::promise(call, group.number, Change::Add(&people), 1)?;
    accepted()
}

/// `DELETE /groups/{groupId}/members?ids=…`. Ids of nobody in particular are no mistake here: whoever
/// they were, they are not in the group.
pub fn remove(call: &Call<'_>) -> Result<Answer, Refusal> {
    const PARAMETER: &str = "ids";
    let group = groups::find(call, call.id())?;
    must_lead(call, &group)?;
    let ids = call.params.list(PARAMETER).ok_or_else(|| Refusal::missing(PARAMETER))?;
    if ids.len() > MOST_AT_ONCE {
        return Err(Refusal::too_many(PARAMETER, MOST_AT_ONCE));
    }
    let mut people = Vec::new();
    for id in ids {
        people.extend(users::number(call.db, id)?);
    }
    changes::promise(call, group.number, Change::Remove(&people), 1)?;
    accepted()
}

/// The vendor's `Empty`, for what is going to happen.
fn accepted() -> Result<Answer, Refusal> {
    Answer::json(StatusCode::ACCEPTED, &json!({}))
}

/// The vendor names no permission for changing members. Here it takes the one to edit groups, or to
/// be an owner.
fn must_lead(call: &Call<'_>, group: &Group) -> Result<(), Refusal> {
    let owns: bool = call
        .db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM genesys_group_owner WHERE group_number = ?1 AND person_id = ?2)",
        )?
        .query_row([group.number, call.caller.person], |row| row.get(0))?;
    if owns || call.caller.may(auth::EDIT) { Ok(()) } else { Err(Refusal::not_authorized()) }
}
