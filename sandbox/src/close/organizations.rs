//! The organisation, with everybody in it.

use std::collections::{BTreeSet, HashMap};

use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::errors::Refusal;
use super::fields::Selection;
use super::form::{Form, NO_OBJECT, Patch, REQUIRED, item_errors};
use super::users::{self, User};
use super::{Answer, Call, roles};
use crate::clock;

/// More lead statuses than this are refused.
const MAX_LEAD_STATUSES: usize = 1_000;

/// An organisation without its people.
#[derive(Debug, Serialize)]
pub struct Core {
    id: String,
    name: String,
    plan_type: String,
    currency: String,
    currency_symbol: String,
    created_by: Option<String>,
    updated_by: Option<String>,
    date_created: String,
    date_updated: String,
    lead_statuses: Vec<LeadStatus>,
    pipelines: Vec<Pipeline>,
}

#[derive(Debug, Serialize)]
struct LeadStatus {
    id: String,
    label: String,
}

#[derive(Debug, Serialize)]
struct Pipeline {
    id: String,
    name: String,
    organization_id: String,
    created_by: Option<String>,
    updated_by: Option<String>,
    // These two carry no offset, here as at the vendor's.
    date_created: String,
    date_updated: String,
    statuses: Vec<PipelineStatus>,
}

#[derive(Debug, Serialize)]
struct PipelineStatus {
    id: String,
    label: String,
    r#type: String,
}

impl Core {
    /// Reads an organisation.
    pub fn find(db: &Connection, id: &str) -> rusqlite::Result<Option<Self>> {
        let found = db
            .prepare_cached(
                "SELECT id, name, plan_type, currency, created_by, updated_by, date_created, date_updated
                 FROM close_organization WHERE id = ?1",
            )?
            .query_row([id], |row| {
                let currency: String = row.get(3)?;
                Ok(Core {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    plan_type: row.get(2)?,
                    currency_symbol: symbol(&currency).to_owned(),
                    currency,
                    created_by: row.get(4)?,
                    updated_by: row.get(5)?,
                    date_created: row.get(6)?,
                    date_updated: row.get(7)?,
                    lead_statuses: Vec::new(),
                    pipelines: Vec::new(),
                })
            })
            .optional()?;
        let Some(mut organization) = found else {
            return Ok(None);
        };
        organization.lead_statuses = lead_statuses(db, id)?;
        organization.pipelines = pipelines(db, id)?;
        Ok(Some(organization))
    }

    /// The fields that `/me/` shows of it.
    pub fn within_me(&self) -> Result<Map<String, Value>, Refusal> {
        let fields = [
            "id",
            "name",
            "created_by",
            "updated_by",
            "date_created",
            "date_updated",
            "lead_statuses",
            "pipelines",
        ];
        Selection::Unsaid.or(&fields).of(self)
    }
}

/// The sign for an amount of money; the code itself where there is no common one.
fn symbol(currency: &str) -> &str {
    match currency {
        "USD" | "AUD" | "CAD" | "MXN" | "NZD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" | "CNY" => "¥",
        "INR" => "₹",
        "PLN" => "zł",
        "SEK" | "NOK" | "DKK" => "kr",
        code => code,
    }
}

fn lead_statuses(db: &Connection, organization: &str) -> rusqlite::Result<Vec<LeadStatus>> {
    db.prepare_cached("SELECT id, label FROM close_lead_status WHERE organization_id = ?1 ORDER BY position")?
        .query_map([organization], |row| Ok(LeadStatus { id: row.get(0)?, label: row.get(1)? }))?
        .collect()
}

fn pipelines(db: &Connection, organization: &str) -> rusqlite::Result<Vec<Pipeline>> {
    let mut pipelines: Vec<Pipeline> = db
        .prepare_cached(
            "SELECT id, name, organization_id, created_by, updated_by, date_created, date_updated
             FROM close_pipeline WHERE organization_id = ?1 ORDER BY position",
        )?
        .query_map([organization], |row| {
            Ok(Pipeline {
                id: row.get(0)?,
                name: row.get(1)?,
                organization_id: row.get(2)?,
                created_by: row.get(3)?,
                updated_by: row.get(4)?,
                date_created: row.get(5)?,
                date_updated: row.get(6)?,
                statuses: Vec::new(),
            })
        })?
        .collect::<Result<_, _>>()?;
    let mut statuses = db.prepare_cached(
        "SELECT id, label, type FROM close_pipeline_status WHERE pipeline_id = ?1 ORDER BY position",
    )?;
    for pipeline in &mut pipelines {
        pipeline.statuses = statuses
            .query_map([&pipeline.id], |row| {
                Ok(PipelineStatus { id: row.get(0)?, label: row.get(1)?, r#type: row.get(2)? })
            })?
            .collect::<Result<_, _>>()?;
    }
    Ok(pipelines)
}

/// A membership inside of an organisation: without the organisation's id, but with the user's data.
#[derive(Debug, Serialize)]
struct Member<'a> {
    id: String,
    user_id: String,
    role_id: String,
    /// Written once for each role and copied: it would be most of the work otherwise.
    permissions_granted: &'a RawValue,
    auto_record_calls: String,
    track_email_opens: bool,
    default_caller_id: Option<String>,
    default_caller_id_mode: String,
    primary_personal_number: Option<String>,
    hangup_recording_url: Option<String>,
    is_free: bool,
    may_workflows_impersonate: bool,
    onboarding_status: String,
    #[serde(flatten)]
    who: Who,
}

/// The user of an embedded membership: a few flat fields, or with `_expand` one nested object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Who {
    Flat {
        user_email: String,
        user_first_name: Option<String>,
        user_last_name: Option<String>,
        user_full_name: String,
        user_image: Option<String>,
        user_phone: Option<String>,
    },
    Nested {
        user: Box<User>,
    },
}

/// Reads the active or the former members, in one pass whatever their number.
fn members<'a>(
    call: &Call<'_>,
    permissions: &'a HashMap<String, Box<RawValue>>,
    active: bool,
    nested: bool,
) -> rusqlite::Result<Vec<Member<'a>>> {
    // The columns of a user come first, so that a user can be read from the same row.
    let sql = format!(
        "SELECT {}, m.id, m.role_id, m.auto_record_calls, m.track_email_opens, m.default_caller_id,
                m.default_caller_id_mode, m.primary_personal_number, m.hangup_recording_url, m.is_free,
                m.may_workflows_impersonate, m.onboarding_status,
                (SELECT number FROM close_phone_number n WHERE n.user_id = u.id ORDER BY n.id LIMIT 1)
         FROM close_membership m
         JOIN close_user u ON u.id = m.user_id
         JOIN person p ON p.id = u.person_id
         WHERE m.organization_id = ?1 AND m.active = ?2
         ORDER BY m.user_id",
        users::COLUMNS
    );
    call.db
        .prepare_cached(&sql)?
        .query_map(params![call.organization(), active], |row| {
            let role_id: String = row.get(12)?;
            let who = if nested {
                Who::Nested { user: Box::new(User::from_row(row)?) }
            } else {
                let (first, last): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
                let number: Option<String> = row.get(22)?;
                Who::Flat {
                    user_email: row.get(1)?,
                    user_full_name: full_name(first.as_deref(), last.as_deref()),
                    user_first_name: first,
                    user_last_name: last,
                    user_image: row.get(4)?,
                    user_phone: number.map(|number| number.trim_start_matches('+').to_owned()),
                }
            };
            Ok(Member {
                user_id: row.get(0)?,
                id: row.get(11)?,
                permissions_granted: permissions.get(&role_id).map_or(RawValue::NULL, Box::as_ref),
                role_id,
                auto_record_calls: row.get(13)?,
                track_email_opens: row.get(14)?,
                default_caller_id: row.get(15)?,
                default_caller_id_mode: row.get(16)?,
                primary_personal_number: row.get(17)?,
                hangup_recording_url: row.get(18)?,
                is_free: row.get(19)?,
                may_workflows_impersonate: row.get(20)?,
                onboarding_status: row.get(21)?,
                who,
            })
        })?
        .collect()
}

fn full_name(first: Option<&str>, last: Option<&str>) -> String {
    let parts = [first, last].into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// The whole answer. The people are written straight to the output: with a hundred thousand of
/// them, taking the detour of a JSON tree is what would cost.
struct Whole<'a> {
    core: Map<String, Value>,
    memberships: Option<Vec<Member<'a>>>,
    inactive_memberships: Option<Vec<Member<'a>>>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.core {
            map.serialize_entry(name, value)?;
        }
        for (name, members) in
            [("memberships", &self.memberships), ("inactive_memberships", &self.inactive_memberships)]
        {
            if let Some(members) = members {
                map.serialize_entry(name, members)?;
            }
        }
        map.end()
    }
}

/// `GET /organization/{id}/`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    own(call)?;
    show(call)
}

/// `PUT /organization/{id}/`.
pub fn update(call: &Call<'_>) -> Result<Answer, Refusal> {
    own(call)?;
    call.caller.must_manage()?;

    let mut form = Form::new(&call.body);
    let name = form.filled_text("name");
    let currency = form.text("currency");
    let currency = form.not_null("currency", "str", currency);
    if currency.as_ref().is_some_and(|code| code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()))
    {
        form.reject("currency", "Must be an ISO 4217 code of three letters.");
    }
    let order = lead_status_order(call, &mut form)?;
    let (enable, require) = match call.typed_bodies() {
        true => (form.flag("enable_unsubscribe_link"), form.flag("require_unsubscribe_link")),
        false => (None, None),
    };
    form.finish(call.typed_bodies())?;

    call.db.execute(
        "UPDATE close_organization SET
             name = coalesce(?2, name), currency = coalesce(?3, currency),
             enable_unsubscribe_link = coalesce(?4, enable_unsubscribe_link),
             require_unsubscribe_link = coalesce(?5, require_unsubscribe_link),
             updated_by = ?6, date_updated = ?7
         WHERE id = ?1",
        params![call.id(), name, currency, enable, require, call.caller.user_id, clock::timestamp()],
    )?;
    for (position, id) in order.iter().enumerate() {
        call.db.execute("UPDATE close_lead_status SET position = ?2 WHERE id = ?1", params![id, position])?;
    }
    show(call)
}

/// The new order of lead statuses: all that exist, each once, nothing else changed.
fn lead_status_order(call: &Call<'_>, form: &mut Form<'_>) -> Result<Vec<String>, Refusal> {
    const FIELD: &str = "lead_statuses";
    let given = form.list(FIELD);
    let given = match given {
        Patch::Absent => return Ok(Vec::new()),
        patch => form.not_null(FIELD, "list", patch).unwrap_or_default(),
    };
    if given.len() > MAX_LEAD_STATUSES {
        form.reject(FIELD, "List is too long.");
        return Ok(Vec::new());
    }
    let existing = lead_statuses(call.db, call.organization())?;
    let mut order: Vec<String> = Vec::new();
    let mut complaints = Map::new();
    for (position, item) in given.iter().enumerate() {
        let id = item.get("id").and_then(Value::as_str);
        let status = existing.iter().find(|status| Some(status.id.as_str()) == id);
        let label = item.get("label").filter(|label| !label.is_null());
        let complaint = match status {
            _ if id.is_none() => Some(REQUIRED),
            None => Some(NO_OBJECT),
            Some(status) if order.contains(&status.id) => Some("This item is in the list twice."),
            Some(status) if label.is_some_and(|label| *label != status.label) => {
                Some("Value cannot be changed.")
            }
            Some(status) => {
                order.push(status.id.clone());
                None
            }
        };
        if let Some(complaint) = complaint {
            complaints.insert(position.to_string(), complaint.into());
        }
    }
    if !complaints.is_empty() {
        form.reject(FIELD, item_errors(complaints));
    } else if order.iter().collect::<BTreeSet<_>>().len() != existing.len() {
        form.reject(FIELD, "The list must hold every existing status.");
    }
    Ok(order)
}

/// Callers see one organisation, their own.
fn own(call: &Call<'_>) -> Result<(), Refusal> {
    if call.id() == call.organization() { Ok(()) } else { Err(Refusal::no_such("Organization")) }
}

fn show(call: &Call<'_>) -> Result<Answer, Refusal> {
    let selection = Selection::read(&call.params);
    let expanded = call.params.list("_expand").unwrap_or_default();
    let core = Core::find(call.db, call.id())?.ok_or_else(|| Refusal::no_such("Organization"))?;
    let permissions = roles::all_permissions(call.db)?
        .into_iter()
        .map(|(role, permissions)| Ok((role, to_raw_value(&permissions)?)))
        .collect::<Result<HashMap<_, _>, Refusal>>()?;
    let part = |field: &str, active: bool| -> rusqlite::Result<Option<Vec<Member<'_>>>> {
        if !selection.wants(field) {
            return Ok(None);
        }
        let nested = expanded.contains(&format!("{field}__user").as_str());
        members(call, &permissions, active, nested).map(Some)
    };
    let whole = Whole {
        core: selection.of(&core)?,
        memberships: part("memberships", true)?,
        inactive_memberships: part("inactive_memberships", false)?,
    };
    Answer::json(StatusCode::OK, &whole)
}
