//! Users: who is in the organisation. They cannot be made here; memberships make them.

use std::collections::HashMap;

use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row};
use serde::Serialize;
use serde_json::json;

use super::errors::Refusal;
use super::fields::Selection;
use super::paging::Window;
use super::{Answer, Call, memberships, organizations};

/// A user, as lists, single answers and expanded memberships show them.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    id: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    image: Option<String>,
    /// Those shared with the caller: none for somebody who has left.
    organizations: Vec<String>,
    date_created: String,
    date_updated: String,
    last_used_timezone: Option<String>,
    email_verified_at: Option<String>,
    google_profile_image_url: Option<String>,
}

/// The columns [`User::from_row`] reads, of `close_user u`, `person p` and `close_membership m`.
pub const COLUMNS: &str = "u.id, p.email, p.first_name, p.last_name, u.image, u.date_created, u.date_updated, \
     p.time_zone, u.email_verified_at, m.active, m.organization_id";

impl User {
    /// Reads a row that begins with [`COLUMNS`].
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let active: bool = row.get(9)?;
        Ok(User {
            id: row.get(0)?,
            email: row.get(1)?,
            first_name: row.get(2)?,
            last_name: row.get(3)?,
            image: row.get(4)?,
            organizations: if active { vec![row.get(10)?] } else { Vec::new() },
            date_created: row.get(5)?,
            date_updated: row.get(6)?,
            last_used_timezone: row.get(7)?,
            email_verified_at: row.get(8)?,
            google_profile_image_url: None,
        })
    }
}

/// `GET /me/`. Here `organizations` holds whole objects.
pub fn me(call: &Call<'_>) -> Result<Answer, Refusal> {
    let selection = Selection::read(&call.params);
    let user = find(call, &call.caller.user_id)?;
    let mut me = Selection::All.of(&user)?;
    let organization = organizations::Core::find(call.db, call.organization())?
        .ok_or_else(|| Refusal::no_such("Organization"))?;
    me.insert("organizations".to_owned(), json!([organization.within_me()?]));
    let membership = memberships::Membership::find(call.db, call.organization(), &call.caller.membership_id)?;
    me.insert("memberships".to_owned(), json!(Vec::from_iter(membership)));
    me.insert("email_accounts".to_owned(), json!(email_accounts(call)?));
    me.insert("phone_numbers".to_owned(), json!(phone_numbers(call)?));
    Answer::ok(&selection.of(&me)?)
}

#[derive(Debug, Serialize)]
struct EmailAccount {
    id: String,
    _type: String,
    user_id: String,
    organization_id: String,
    identities: Vec<Identity>,
}

#[derive(Debug, Serialize)]
struct Identity {
    email: String,
    name: String,
}

fn email_accounts(call: &Call<'_>) -> rusqlite::Result<Vec<EmailAccount>> {
    call.db
        .prepare_cached(
            "SELECT id, type, user_id, organization_id, email, name
             FROM close_email_account WHERE user_id = ?1 ORDER BY id",
        )?
        .query_map([&call.caller.user_id], |row| {
            Ok(EmailAccount {
                id: row.get(0)?,
                _type: row.get(1)?,
                user_id: row.get(2)?,
                organization_id: row.get(3)?,
                identities: vec![Identity { email: row.get(4)?, name: row.get(5)? }],
            })
        })?
        .collect()
}

#[derive(Debug, Serialize)]
struct PhoneNumber {
    id: String,
    number: String,
    organization_id: String,
    date_created: String,
    date_updated: String,
}

fn phone_numbers(call: &Call<'_>) -> rusqlite::Result<Vec<PhoneNumber>> {
    call.db
        .prepare_cached(
            "SELECT id, number, organization_id, date_created, date_updated
             FROM close_phone_number WHERE user_id = ?1 ORDER BY id",
        )?
        .query_map([&call.caller.user_id], |row| {
            Ok(PhoneNumber {
                id: row.get(0)?,
                number: row.get(1)?,
                organization_id: row.get(2)?,
                date_created: row.get(3)?,
                date_updated: row.get(4)?,
            })
        })?
        .collect()
}

/// `GET /user/`. Former members are still listed.
///
/// The vendor documents no filters here. As an extension the sandbox knows some, so that the way a
/// client writes filters can be put to the test; all others it ignores, as the vendor does.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let selection = Selection::read(&call.params);
    let window = Window::read(&call.params, call.config.max_limit)?;
    // Anything but the two documented orders is ignored without a word.
    let order = match call.params.get("_order_by") {
        Some("last_name,first_name") => "p.last_name, p.first_name, p.id",
        Some("first_name,last_name") => "p.first_name, p.last_name, p.id",
        _ => "m.user_id",
    };

    // CROSS JOIN keeps SQLite to the order of tables written here: the one that gives the order first.
    let by_name = order != "m.user_id";
    let mut tables = match by_name {
        true => {
            "person p CROSS JOIN close_user u ON u.person_id = p.id
             CROSS JOIN close_membership m ON m.user_id = u.id"
        }
        false => "close_membership m",
    };
    let mut values = vec![Sql::from(call.organization().to_owned())];
    let mut conditions = vec!["m.organization_id = ?1".to_owned()];
    if let Some(ids) = call.params.list("id__in") {
        values.push(Sql::from(json!(ids).to_string()));
        conditions.push(format!("m.user_id IN (SELECT value FROM json_each(?{}))", values.len()));
    }
    if let Some(ids) = call.params.list("user_id__in") {
        // Here a group stands for its members.
        values.push(Sql::from(json!(ids).to_string()));
        let at = values.len();
        conditions.push(format!(
            "m.user_id IN (SELECT value FROM json_each(?{at}) UNION
                 SELECT user_id FROM close_group_member WHERE group_id IN (SELECT value FROM json_each(?{at})))"
        ));
    }
    for (name, operator) in [
        ("date_created__lt", "<"),
        ("date_created__lte", "<="),
        ("date_created__gt", ">"),
        ("date_created__gte", ">="),
    ] {
        if let Some(moment) = call.params.moment(name, call.offset_hours)? {
            values.push(Sql::from(moment));
            conditions.push(format!("u.date_created {operator} ?{}", values.len()));
            if !by_name {
                tables = "close_membership m CROSS JOIN close_user u ON u.id = m.user_id";
            }
        }
    }
    let ids = format!("SELECT m.user_id FROM {tables} WHERE {} ORDER BY {order}", conditions.join(" AND "));
    let ids = call.found.ids(call.db, ids, values)?;

    let sql = format!(
        "SELECT {COLUMNS}
         FROM json_each(?2) page
         CROSS JOIN close_membership m ON m.organization_id = ?1 AND m.user_id = page.value
         CROSS JOIN close_user u ON u.id = m.user_id
         CROSS JOIN person p ON p.id = u.person_id
         ORDER BY page.key"
    );
    let page = json!(window.of(&ids)).to_string();
    let users: Vec<User> = call
        .db
        .prepare_cached(&sql)?
        .query_map([call.organization(), &page], User::from_row)?
        .collect::<Result<_, _>>()?;
    Answer::ok(&window.page(users).try_map(|user| selection.of(&user))?)
}

/// `GET /user/{id}/`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let user = find(call, call.id())?;
    Answer::ok(&Selection::read(&call.params).of(&user)?)
}

fn find(call: &Call<'_>, id: &str) -> Result<User, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM close_membership m
         JOIN close_user u ON u.id = m.user_id
         JOIN person p ON p.id = u.person_id
         WHERE m.organization_id = ?1 AND m.user_id = ?2"
    );
    call.db
        .prepare_cached(&sql)?
        .query_row([call.organization(), id], User::from_row)
        .optional()?
        .ok_or_else(|| Refusal::no_such("User"))
}

#[derive(Debug, Serialize)]
struct Availability {
    user_id: String,
    availability: [Device; 3],
}

#[derive(Debug, Serialize)]
struct Device {
    r#type: &'static str,
    status: &'static str,
    active_calls: Vec<ActiveCall>,
}

#[derive(Debug, Serialize)]
struct ActiveCall {
    id: String,
    method: String,
    lead: Option<Lead>,
}

#[derive(Debug, Serialize)]
struct Lead {
    id: String,
    display_name: Option<String>,
}

/// `GET /user/availability/`: everybody at once, without pages and without `has_more`.
pub fn availability(call: &Call<'_>) -> Result<Answer, Refusal> {
    let elsewhere = call.params.get("organization_id").is_some_and(|id| id != call.organization());
    if elsewhere {
        return Answer::ok(&json!({ "data": [] }));
    }
    let mut calls: HashMap<(String, String), Vec<ActiveCall>> = HashMap::new();
    let mut statement = call.db.prepare_cached(
        "SELECT user_id, device, id, method, lead_id, lead_name FROM close_active_call ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let lead = row.get::<_, Option<String>>(4)?;
        let display_name = row.get(5)?;
        calls.entry((row.get(0)?, row.get(1)?)).or_default().push(ActiveCall {
            id: row.get(2)?,
            method: row.get(3)?,
            lead: lead.map(|id| Lead { id, display_name }),
        });
    }

    let mut statement = call.db.prepare_cached(
        "SELECT m.user_id, group_concat(p.device)
         FROM close_membership m LEFT JOIN close_presence p ON p.user_id = m.user_id
         WHERE m.organization_id = ?1 AND m.active
         GROUP BY m.user_id ORDER BY m.user_id",
    )?;
    let data: Vec<Availability> = statement
        .query_map([call.organization()], |row| {
            let user_id: String = row.get(0)?;
            let online: Option<String> = row.get(1)?;
            let online = online.unwrap_or_default();
            let availability = ["mobile", "native", "web"].map(|device| Device {
                r#type: device,
                status: if online.split(',').any(|one| one == device) { "online" } else { "offline" },
                active_calls: calls.remove(&(user_id.clone(), device.to_owned())).unwrap_or_default(),
            });
            Ok(Availability { user_id, availability })
        })?
        .collect::<Result<_, _>>()?;
    Answer::ok(&json!({ "data": data }))
}
