//! Groups: official or social, with owners, members and a version.

use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::{Value, json};

use super::auth;
use super::changes::{self, Change};
use super::contacts;
use super::errors::Refusal;
use super::fields::Fields;
use super::paging::Window;
use super::{Answer, Call, members};
use crate::clock;
use crate::db::ids;

/// Where the groups' chat rooms are. The vendor sends them along, and documents nothing of it.
const CHAT_DOMAIN: &str = "conference.lindqvist.orgspan.com";

const TYPES: [&str; 2] = ["official", "social"];
const STATES: [&str; 3] = ["active", "inactive", "deleted"];
const VISIBILITIES: [&str; 3] = ["public", "owners", "members"];
/// The vendor's model for updates has another word for `owners`; its server takes both.
const VISIBILITIES_OF_UPDATES: [&str; 4] = ["public", "owners", "ownerIds", "members"];

/// A group as it is shown. What was never set is left out.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The row's number, which stays in here.
    #[serde(skip)]
    pub number: i64,
    /// The vendor's id.
    pub id: String,
    /// Names need not be unique.
    pub name: String,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was last changed.
    pub date_modified: String,
    member_count: i64,
    /// `active`, `inactive` or `deleted`.
    pub state: String,
    /// Goes up by one with every update.
    pub version: i64,
    r#type: String,
    #[serde(skip_serializing_if = "is_empty")]
    images: Value,
    /// Telephone numbers.
    pub addresses: Value,
    rules_visible: bool,
    visibility: String,
    roles_enabled: bool,
    include_owners: bool,
    calls_enabled: bool,
    /// The group's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    owners: Vec<UserReference>,
    chat: Chat,
    self_uri: String,
}

/// Somebody, as a group names them.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserReference {
    id: String,
    self_uri: String,
}

impl UserReference {
    /// A reference to the user of this id.
    pub fn new(id: &str) -> Self {
        UserReference { id: id.to_owned(), self_uri: format!("/api/v2/users/{id}") }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Chat {
    jabber_id: String,
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

/// The columns [`Group::from_row`] reads, of `genesys_group g`.
const COLUMNS: &str = "g.number, g.id, g.name, g.description, g.date_modified, g.member_count, g.state, \
     g.version, g.type, g.images, g.addresses, g.rules_visible, g.visibility, g.roles_enabled, \
     g.include_owners, g.calls_enabled, g.email, \
     (SELECT json_group_array(u.id ORDER BY o.position) FROM genesys_group_owner o \
      JOIN genesys_user u ON u.person_id = o.person_id WHERE o.group_number = g.number)";

impl Group {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id: String = row.get(1)?;
        let json = |column| -> rusqlite::Result<Value> {
            Ok(serde_json::from_str(&row.get::<_, String>(column)?).unwrap_or_default())
        };
        let owners = json(17)?;
        let owners = owners.as_array().into_iter().flatten().filter_map(Value::as_str);
        Ok(Group {
            number: row.get(0)?,
            name: row.get(2)?,
            description: row.get(3)?,
            date_modified: clock::format_short(row.get(4)?),
            member_count: row.get(5)?,
            state: row.get(6)?,
            version: row.get(7)?,
            r#type: row.get(8)?,
            images: json(9)?,
            addresses: json(10)?,
            rules_visible: row.get(11)?,
            visibility: row.get(12)?,
            roles_enabled: row.get(13)?,
            include_owners: row.get(14)?,
            calls_enabled: row.get(15)?,
            email: row.get(16)?,
            owners: owners.map(UserReference::new).collect(),
            chat: Chat { jabber_id: format!("{}@{CHAT_DOMAIN}", id.replace('-', "")) },
            self_uri: format!("/api/v2/groups/{id}"),
            id,
        })
    }
}

/// Which groups the caller finds: `?1` says whether all, `?2` who they are, `?3` when it is.
///
/// Everybody finds public groups, members find their own, and owners find theirs unless only members
/// do. Whoever may edit groups finds all of them.
fn found() -> String {
    format!(
        "g.seen_from <= ?3 AND (?1 OR g.visibility = 'public'
             OR (g.visibility = 'owners' AND EXISTS (
                 SELECT 1 FROM genesys_group_owner o WHERE o.group_number = g.number AND o.person_id = ?2))
             OR ?2 IN ({}))",
        members::of("g.number")
    )
}

/// One group, if the caller finds it. Deleted ones are found until they are gone.
pub fn seek(call: &Call<'_>, id: &str) -> Result<Option<Group>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM genesys_group g WHERE {} AND g.id = ?4", found());
    let values = params![call.caller.may(auth::EDIT), call.caller.person, call.now, id];
    Ok(call.db.prepare_cached(&sql)?.query_row(values, Group::from_row).optional()?)
}

/// One group, or 404 in the words most operations have for it.
pub fn find(call: &Call<'_>, id: &str) -> Result<Group, Refusal> {
    seek(call, id)?.ok_or_else(Refusal::not_found)
}

/// Every group that the caller finds and that is not deleted, in the order of names.
pub fn all(call: &Call<'_>) -> Result<Vec<Group>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM genesys_group g
         WHERE {} AND g.state <> 'deleted' ORDER BY g.name, g.id",
        found()
    );
    let values = params![call.caller.may(auth::EDIT), call.caller.person, call.now];
    Ok(call.db.prepare_cached(&sql)?.query_map(values, Group::from_row)?.collect::<Result<_, _>>()?)
}

/// The groups that somebody is in, as far as the caller finds them.
pub fn with_member(call: &Call<'_>, person: i64) -> Result<Vec<Group>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM genesys_group g
         WHERE {} AND g.state <> 'deleted' AND g.number IN ({}) ORDER BY g.name, g.id",
        found(),
        members::groups_of("?4")
    );
    let values = params![call.caller.may(auth::EDIT), call.caller.person, call.now, person];
    Ok(call.db.prepare_cached(&sql)?.query_map(values, Group::from_row)?.collect::<Result<_, _>>()?)
}

/// A page of groups, by the parameters that all lists of them have, and how many there are in all.
pub fn page(call: &Call<'_>, window: Window) -> Result<(Vec<Group>, i64), Refusal> {
    let ids = call.params.list("id");
    let rooms = call.params.list("jabberId");
    if ids.is_some() && rooms.is_some() {
        return Err(Refusal::bad_request("The parameters [id] and [jabberId] must not be combined."));
    }
    // A room's name holds the group's id, and nothing else.
    let in_room = |room: &str| room.strip_suffix(CHAT_DOMAIN)?.strip_suffix('@').map(str::to_owned);
    let (column, wanted) = match (ids, rooms) {
        (Some(ids), _) => ("g.id", Some(json!(ids))),
        (None, Some(rooms)) => {
            ("replace(g.id, '-', '')", Some(rooms.into_iter().filter_map(in_room).collect()))
        }
        (None, None) => ("g.id", None),
    };
    let condition = format!(
        "{} AND g.state <> 'deleted' AND (?4 IS NULL OR {column} IN (SELECT value FROM json_each(?4)))",
        found()
    );
    let (all, person) = (call.caller.may(auth::EDIT), call.caller.person);
    let wanted = wanted.map(|wanted: Value| wanted.to_string());
    let total = call
        .db
        .prepare_cached(&format!("SELECT count(*) FROM genesys_group g WHERE {condition}"))?
        .query_row(params![all, person, call.now, wanted], |row| row.get(0))?;
    let order = if call.params.descending()? { "g.name DESC, g.id DESC" } else { "g.name, g.id" };
    let sql = format!(
        "SELECT {COLUMNS} FROM genesys_group g WHERE {condition} ORDER BY {order} LIMIT ?5 OFFSET ?6"
    );
    let groups = call
        .db
        .prepare_cached(&sql)?
        .query_map(params![all, person, call.now, wanted, window.size, window.skip()], Group::from_row)?
        .collect::<Result<_, _>>()?;
    Ok((groups, total))
}

/// `GET /groups`.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let window = Window::read(call)?;
    let (groups, total) = page(call, window)?;
    Answer::ok(&window.page(call, total, groups))
}

/// `GET /groups/{groupId}`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    Answer::ok(&seek(call, call.id())?.ok_or_else(|| no_such_group(call.id()))?)
}

fn no_such_group(id: &str) -> Refusal {
    Refusal::no_such("group", id, "Unable to find a group with that groupId")
}

/// What both bodies may say. `None` is what they do not say.
struct Saying {
    name: Option<String>,
    description: Option<String>,
    state: Option<&'static str>,
    images: Option<Value>,
    addresses: Option<Value>,
    rules_visible: Option<bool>,
    visibility: Option<&'static str>,
    owners: Option<Vec<i64>>,
    roles_enabled: Option<bool>,
    include_owners: Option<bool>,
    calls_enabled: Option<bool>,
    email: Option<String>,
}

impl Saying {
    fn read(db: &Connection, fields: &Fields<'_>, visibilities: &[&'static str]) -> Result<Self, Refusal> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let visibility = match fields.choice("visibility", visibilities)? {
            Some("ownerIds") => Some("owners"),
            visibility => visibility,
        };
        Ok(Saying {
            name: owned(fields.filled_text("name")?),
            description: owned(fields.text("description")?),
            state: fields.choice("state", &STATES)?,
            images: images(fields)?,
            addresses: contacts::read(fields)?,
            rules_visible: fields.flag("rulesVisible")?,
            visibility,
            owners: owners(db, fields)?,
            roles_enabled: fields.flag("rolesEnabled")?,
            include_owners: fields.flag("includeOwners")?,
            calls_enabled: fields.flag("callsEnabled")?,
            email: owned(fields.text("email")?),
        })
    }
}

fn images(fields: &Fields<'_>) -> Result<Option<Value>, Refusal> {
    let Some(items) = fields.objects("images")? else {
        return Ok(None);
    };
    let mut images = Vec::new();
    for item in items {
        let resolution = item.filled_text("resolution")?;
        let uri = item.filled_text("imageUri")?;
        images.push(json!({
            "resolution": item.require("resolution", resolution)?,
            "imageUri": item.require("imageUri", uri)?,
        }));
    }
    Ok(Some(images.into()))
}

/// The owners named, each once. An empty list counts as nothing said; one that holds only blanks is
/// how they are cleared.
fn owners(db: &Connection, fields: &Fields<'_>) -> Result<Option<Vec<i64>>, Refusal> {
    const FIELD: &str = "ownerIds";
    match fields.texts(FIELD)? {
        Some(ids) if !ids.is_empty() => {
            let ids: Vec<&str> = ids.into_iter().filter(|id| !id.trim().is_empty()).collect();
            members::people(db, FIELD, &ids).map(Some)
        }
        _ => Ok(None),
    }
}

fn set_owners(db: &Connection, group: i64, owners: &[i64]) -> rusqlite::Result<()> {
    db.execute("DELETE FROM genesys_group_owner WHERE group_number = ?1", [group])?;
    let mut insert = db.prepare_cached("INSERT INTO genesys_group_owner VALUES (?1, ?2, ?3)")?;
    for (position, owner) in owners.iter().enumerate() {
        insert.execute(params![group, position, owner])?;
    }
    Ok(())
}

/// `POST /groups`. The description is ignored, as the vendor does: only an update sets it.
pub fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.caller.must(auth::ADD)?;
    let fields = Fields::of(call.body.as_ref())?;
    let kind = fields.choice("type", &TYPES)?;
    let group = Saying::read(call.db, &fields, &VISIBILITIES)?;
    let lag = if call.config.genesys_lag_create { call.config.genesys_lag_ms } else { 0 };
    let lag = i64::try_from(lag.saturating_mul(1_000)).unwrap_or(i64::MAX);
    let id = ids::mint_uuid(call.db)?;
    call.db.execute(
        "INSERT INTO genesys_group
             (id, name, type, rules_visible, visibility, roles_enabled, include_owners, calls_enabled,
              email, images, addresses, date_modified, seen_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            id,
            fields.require("name", group.name)?,
            fields.require("type", kind)?,
            fields.require("rulesVisible", group.rules_visible)?,
            fields.require("visibility", group.visibility)?,
            group.roles_enabled.unwrap_or(true),
            group.include_owners.unwrap_or(true),
            group.calls_enabled.unwrap_or(true),
            group.email.filter(|email| !email.is_empty()),
            group.images.unwrap_or_else(|| json!([])).to_string(),
            group.addresses.unwrap_or_else(|| json!([])).to_string(),
            call.now,
            call.now.saturating_add(lag)
        ],
    )?;
    let number = call.db.last_insert_rowid();
    set_owners(call.db, number, &group.owners.unwrap_or_default())?;
    members::recount(call.db, number)?;
    Answer::ok(&by_number(call.db, number)?)
}

/// A group that is known to be there, whether the caller would find it or not.
fn by_number(db: &Connection, number: i64) -> rusqlite::Result<Group> {
    let sql = format!("SELECT {COLUMNS} FROM genesys_group g WHERE g.number = ?1");
    db.prepare_cached(&sql)?.query_row([number], Group::from_row)
}

/// `PUT /groups/{groupId}`. What the body does not mention stays; the type stays in any case.
pub fn update(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = find(call, call.id())?;
    call.caller.must(auth::EDIT)?;
    // The vendor declares the body as optional and the version in it as required.
    let nothing = json!({});
    let fields = Fields::of(Some(call.body.as_ref().unwrap_or(&nothing)))?;
    let saying = Saying::read(call.db, &fields, &VISIBILITIES_OF_UPDATES)?;
    let version = fields.number("version")?;
    must_be_current(call, &group, fields.require("version", version)?)?;
    call.db.execute(
        "UPDATE genesys_group SET
             name = coalesce(?2, name), description = coalesce(?3, description), state = coalesce(?4, state),
             images = coalesce(?5, images), addresses = coalesce(?6, addresses),
             rules_visible = coalesce(?7, rules_visible), visibility = coalesce(?8, visibility),
             roles_enabled = coalesce(?9, roles_enabled), include_owners = coalesce(?10, include_owners),
             calls_enabled = coalesce(?11, calls_enabled), email = nullif(coalesce(?12, email), ''),
             version = version + 1, date_modified = ?13
         WHERE number = ?1",
        params![
            group.number,
            saying.name,
            saying.description,
            saying.state,
            saying.images.map(|images| images.to_string()),
            saying.addresses.map(|addresses| addresses.to_string()),
            saying.rules_visible,
            saying.visibility,
            saying.roles_enabled,
            saying.include_owners,
            saying.calls_enabled,
            saying.email,
            call.now
        ],
    )?;
    if let Some(owners) = saying.owners {
        set_owners(call.db, group.number, &owners)?;
    }
    members::recount(call.db, group.number)?;
    Answer::ok(&by_number(call.db, group.number)?)
}

/// Refuses a change that was made to an older state of the group.
pub fn must_be_current(call: &Call<'_>, group: &Group, version: i64) -> Result<(), Refusal> {
    if version == group.version {
        return Ok(());
    }
    let status = call.config.genesys_conflict.status();
    Err(Refusal::version_mismatch(status, "group", version, group.version))
}

/// `DELETE /groups/{groupId}`: answered at once, done later. After the lag the group is marked as
/// deleted and no longer listed; after the lag again it is gone. Clients must cope with both.
pub fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = find(call, call.id())?;
    call.caller.must(auth::DELETE)?;
    if !changes::is_doomed(call.db, group.number)? {
        changes::promise(call, group.number, Change::Delete, 1)?;
        changes::promise(call, group.number, Change::Vanish, 2)?;
    }
    Ok(Answer::empty(StatusCode::OK))
}
