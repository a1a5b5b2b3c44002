//! Users, as members of groups and as the people to pick members from.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::contacts::{Contact, display_of};
use super::errors::Refusal;
use super::expand::Expansion;
use super::groups::UserReference;
use super::paging::Window;
use super::{Answer, Call};

const CHAT_DOMAIN: &str = "lindqvist.orgspan.com";

/// A user as they are shown. Except for the id, anything may be missing.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// What is not shown unless asked for.
    #[serde(skip)]
    pub background: Background,
    /// The vendor's id.
    pub id: String,
    name: String,
    division: Division,
    chat: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// The same address as the person's in Close.
    pub email: String,
    primary_contact_info: Vec<Contact>,
    addresses: Vec<Contact>,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<UserReference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<Value>,
    version: i64,
    acd_auto_answer: bool,
    self_uri: String,
    /// What `expand` has added.
    #[serde(flatten)]
    pub expanded: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Division {
    id: String,
    name: String,
    self_uri: String,
}

/// What an expansion may ask for.
#[derive(Clone, Debug)]
pub struct Background {
    /// The row in `person`.
    pub person: i64,
    /// What they may do; see `auth::permissions`.
    pub role: String,
    /// What they say they are doing.
    pub presence: String,
    /// What the queues say they are doing.
    pub routing_status: String,
    /// Since when, for both.
    pub status_since: i64,
    /// Whether they are away for longer.
    pub out_of_office: bool,
    /// Their preferred language, as a tag.
    pub language: String,
    /// Where they work.
    pub location: Option<i64>,
}

/// The columns [`User::from_row`] reads; see [`joined_to`].
pub const COLUMNS: &str = "u.person_id, u.id, u.name, p.email, u.state, u.title, u.department, u.phone, u.image, \
     u.version, m.id, d.division_id, d.division_name, u.role, u.presence, u.routing_status, u.status_since, \
     u.out_of_office, u.language, u.location";

/// The tables of [`COLUMNS`], joined to one that has a `person_id`. Written so that SQLite keeps to
/// the order of that table.
pub fn joined_to(table: &str) -> String {
    format!(
        "CROSS JOIN genesys_user u ON u.person_id = {table}.person_id
         CROSS JOIN person p ON p.id = u.person_id
         CROSS JOIN genesys_organization d
         LEFT JOIN genesys_user m ON m.person_id = u.manager"
    )
}

impl User {
    /// Reads a row that begins with [`COLUMNS`].
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id: String = row.get(1)?;
        let email: String = row.get(3)?;
        let phone: Option<String> = row.get(7)?;
        let manager: Option<String> = row.get(10)?;
        let image: Option<String> = row.get(8)?;
        let division: String = row.get(11)?;
        let contact = |address: &str, media_type, r#type| Contact {
            address: address.to_owned(),
            display: display_of(address),
            media_type,
            r#type,
        };
        let phone_as = |kind| phone.as_deref().map(|phone| contact(phone, "PHONE", kind));
        let image_of = |resolution: &str, image: &str| {
            let uri = format!("{image}/{resolution}.jpeg");
            json!({ "resolution": resolution, "imageUri": uri })
        };
        Ok(User {
            background: Background {
                person: row.get(0)?,
                role: row.get(13)?,
                presence: row.get(14)?,
                routing_status: row.get(15)?,
                status_since: row.get(16)?,
                out_of_office: row.get(17)?,
                language: row.get(18)?,
                location: row.get(19)?,
            },
            name: row.get(2)?,
            division: Division {
                self_uri: format!("/api/v2/authorization/divisions/{division}"),
                id: division,
                name: row.get(12)?,
            },
            chat: json!({ "jabberId": format!("{}@{CHAT_DOMAIN}", id.replace('-', "")) }),
            department: row.get(6)?,
            primary_contact_info: [Some(contact(&email, "EMAIL", "PRIMARY")), phone_as("PRIMARY")]
                .into_iter()
                .flatten()
                .collect(),
            addresses: phone_as("WORK").into_iter().collect(),
            state: row.get(4)?,
            title: row.get(5)?,
            username: email.clone(),
            email,
            manager: manager.map(|id| UserReference::new(&id)),
            images: image.iter().flat_map(|image| ["x48", "x96"].map(|size| image_of(size, image))).collect(),
            version: row.get(9)?,
            acd_auto_answer: false,
            self_uri: format!("/api/v2/users/{id}"),
            id,
            expanded: Map::new(),
        })
    }
}

/// The number of the person behind an id, unless there is none or they were deleted.
pub fn number(db: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT person_id FROM genesys_user WHERE id = ?1 AND state <> 'deleted'")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// The users with these ids, in this order.
pub fn with_ids(db: &Connection, ids: &[&str]) -> rusqlite::Result<Vec<User>> {
    let sql = format!(
        "WITH page AS MATERIALIZED (
             SELECT u.person_id, e.key AS position FROM json_each(?1) e JOIN genesys_user u ON u.id = e.value
         )
         SELECT {COLUMNS} FROM page {} ORDER BY page.position",
        joined_to("page")
    );
    db.prepare_cached(&sql)?.query_map([json!(ids).to_string()], User::from_row)?.collect()
}

/// `GET /users`: in the order of names, and only active ones unless `state` says otherwise.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let window = Window::read(call)?;
    let expansion = Expansion::of_users(&call.params)?;
    let state = call.params.choice("state", &["active", "inactive", "deleted", "any"])?.unwrap_or("active");
    let ids = call.params.list("id").map(|ids| json!(ids).to_string());
    // Two conditions, so that either of them can use the index it needs.
    let condition = match ids {
        Some(_) => "u.id IN (SELECT value FROM json_each(?2)) AND ?1 IN (u.state, 'any')",
        None => "?2 IS NULL AND ?1 IN (u.state, 'any')",
    };
    let total = call
        .db
        .prepare_cached(&format!("SELECT count(*) FROM genesys_user u WHERE {condition}"))?
        .query_row(params![state, ids], |row| row.get(0))?;
    let order = if call.params.descending()? { "u.name DESC, u.id DESC" } else { "u.name, u.id" };
    let sql = format!(
        "WITH page AS MATERIALIZED (
             SELECT u.person_id FROM genesys_user u WHERE {condition} ORDER BY {order} LIMIT ?3 OFFSET ?4
         )
         SELECT {COLUMNS} FROM page {} ORDER BY {order}",
        joined_to("page")
    );
    let mut users: Vec<User> = call
        .db
        .prepare_cached(&sql)?
        .query_map(params![state, ids, window.size, window.skip()], User::from_row)?
        .collect::<Result<_, _>>()?;
    expansion.apply(call, &mut users)?;
    Answer::ok(&window.page(call, total, users))
}

/// `GET /users/{userId}`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let expansion = Expansion::of_users(&call.params)?;
    let mut users = with_ids(call.db, &[call.id()])?;
    expansion.apply(call, &mut users)?;
    let unknown = || Refusal::no_such("user", call.id(), "Unable to find a user with that userId");
    Answer::ok(&users.first().ok_or_else(unknown)?)
}

/// `GET /users/me`.
pub fn me(call: &Call<'_>) -> Result<Answer, Refusal> {
    let expansion = Expansion::of_users(&call.params)?;
    let sql = format!("SELECT {COLUMNS} FROM (SELECT ?1 AS person_id) page {}", joined_to("page"));
    let me = call.db.prepare_cached(&sql)?.query_row([call.caller.person], User::from_row)?;
    let mut users = [me];
    expansion.apply(call, &mut users)?;
    Answer::ok(&users.first())
}
