//! Memberships: a user's place in the organisation, the role they have there and a few settings.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::auth::{Credential, MANAGE_ORGANIZATION};
use super::errors::Refusal;
use super::form::{Form, NO_OBJECT, Patch, item_errors};
use super::{Answer, Call, Revision, roles};
use crate::clock;
use crate::db::ids::{self, Kind};
use axum::http::StatusCode;

/// A bulk update that matches as many as this is refused.
const TOO_MANY: usize = 1_000;

const RECORDING: [&str; 3] = ["enabled", "disabled", "unset"];
const CALLER_ID_MODES: [&str; 2] = ["fixed", "auto"];

/// A membership as it stands alone.
#[derive(Debug, Serialize)]
pub struct Membership {
    id: String,
    user_id: String,
    organization_id: String,
    role_id: String,
    /// The same again, for clients of old.
    role: String,
    permissions_granted: Vec<String>,
    auto_record_calls: String,
    default_caller_id: Option<String>,
    default_caller_id_mode: String,
    primary_personal_number: Option<String>,
    hangup_recording_url: Option<String>,
    is_free: bool,
    may_workflows_impersonate: bool,
    onboarding_status: String,
    plan_type: String,
    track_email_opens: bool,
    #[serde(skip)]
    active: bool,
}

impl Membership {
    /// Reads a membership of an organisation.
    pub fn find(db: &Connection, organization: &str, id: &str) -> rusqlite::Result<Option<Self>> {
        let found = db
            .prepare_cached(
                "SELECT m.id, m.user_id, m.organization_id, m.role_id, m.auto_record_calls, m.default_caller_id,
                        m.default_caller_id_mode, m.primary_personal_number, m.hangup_recording_url, m.is_free,
                        m.may_workflows_impersonate, m.onboarding_status, o.plan_type, m.track_email_opens, m.active
                 FROM close_membership m JOIN close_organization o ON o.id = m.organization_id
                 WHERE m.organization_id = ?1 AND m.id = ?2",
            )?
            .query_row([organization, id], |row| {
                let role_id: String = row.get(3)?;
                Ok(Membership {
                    id: row.get(0)?,
                    user_id: row.get(1)?,
                    organization_id: row.get(2)?,
                    role: role_id.clone(),
                    role_id,
                    permissions_granted: Vec::new(),
                    auto_record_calls: row.get(4)?,
                    default_caller_id: row.get(5)?,
                    default_caller_id_mode: row.get(6)?,
                    primary_personal_number: row.get(7)?,
                    hangup_recording_url: row.get(8)?,
                    is_free: row.get(9)?,
                    may_workflows_impersonate: row.get(10)?,
                    onboarding_status: row.get(11)?,
                    plan_type: row.get(12)?,
                    track_email_opens: row.get(13)?,
                    active: row.get(14)?,
                })
            })
            .optional()?;
        let Some(mut membership) = found else {
            return Ok(None);
        };
        membership.permissions_granted = roles::permissions(db, &membership.role_id)?;
        Ok(Some(membership))
    }

    fn store(&self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached(
            "UPDATE close_membership SET role_id = ?2, auto_record_calls = ?3, default_caller_id = ?4,
                 default_caller_id_mode = ?5, hangup_recording_url = ?6, may_workflows_impersonate = ?7,
                 track_email_opens = ?8, active = ?9
             WHERE id = ?1",
        )?
        .execute(params![
            self.id,
            self.role_id,
            self.auto_record_calls,
            self.default_caller_id,
            self.default_caller_id_mode,
            self.hangup_recording_url,
            self.may_workflows_impersonate,
            self.track_email_opens,
            self.active
        ])
        .map(drop)
    }
}

fn find(call: &Call<'_>, id: &str) -> Result<Membership, Refusal> {
    Membership::find(call.db, call.organization(), id)?.ok_or_else(|| Refusal::no_such("Membership"))
}

/// `POST /membership/`: whoever has this address is an active member afterwards.
pub fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    let revision = call.config.close_revision;
    call.caller.must_manage()?;
    if revision == Revision::R1 && call.caller.credential == Credential::ApiKey {
        return Err(Refusal::forbidden_because("Memberships can only be created by OAuth applications."));
    }
    if revision >= Revision::R2 && !domains_are_restricted(call)? {
        return Err(Refusal::forbidden_because(
            "The organization must restrict new users to verified email domains first.",
        ));
    }

    let mut form = Form::new(&call.body);
    let email = form.filled_text("email").map(|email| email.to_lowercase());
    let email = form.require("email", email);
    if let Some(email) = &email {
        match email_domain(email) {
            None => form.reject("email", "Invalid email address."),
            Some(domain) if revision >= Revision::R2 && !is_verified(call, domain)? => {
                form.reject("email", "This email is not on a verified domain of the organization.");
            }
            Some(_) => {}
        }
    }
    let role_id = form.filled_text("role_id");
    let role_id = form.require("role_id", role_id);
    let manages = match &role_id {
        Some(role_id) => roles::manages(call, role_id)?,
        None => None,
    };
    if role_id.is_some() && manages.is_none() {
        form.reject("role_id", NO_OBJECT);
    }
    form.finish(true)?;
    if revision >= Revision::R2 && manages == Some(true) {
        return Err(Refusal::forbidden_because(
            "A role that can manage the organization cannot be granted this way.",
        ));
    }

    let id = ensure_active(call, &email.unwrap_or_default(), &role_id.unwrap_or_default())?;
    Answer::ok(&find(call, &id)?)
}

fn domains_are_restricted(call: &Call<'_>) -> rusqlite::Result<bool> {
    call.db.query_row(
        "SELECT restrict_domains FROM close_organization WHERE id = ?1",
        [call.organization()],
        |row| row.get(0),
    )
}

fn is_verified(call: &Call<'_>, domain: &str) -> rusqlite::Result<bool> {
    call.db.query_row(
        "SELECT EXISTS (SELECT 1 FROM close_verified_domain WHERE organization_id = ?1 AND domain = ?2)",
        [call.organization(), domain],
        |row| row.get(0),
    )
}

/// The part after the `@` of what can pass for an address. Whether mail arrives there is another
/// question, and so is whether a mail server would accept it.
fn email_domain(email: &str) -> Option<&str> {
    let (local, domain) = email.split_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@' || c == ',';
    let labels_filled = domain.split('.').all(|label| !label.is_empty());
    let plausible =
        !local.is_empty() && email.len() <= 254 && !email.replacen('@', "", 1).contains(odd) && labels_filled;
    (plausible && domain.contains('.')).then_some(domain)
}

/// Finds or makes the person, the user and the membership, in that order.
fn ensure_active(call: &Call<'_>, email: &str, role_id: &str) -> rusqlite::Result<String> {
    let db = call.db;
    db.execute("INSERT INTO person (email) VALUES (?1) ON CONFLICT (email) DO NOTHING", [email])?;
    let person: i64 = db.query_row("SELECT id FROM person WHERE email = ?1", [email], |row| row.get(0))?;

    let user: Option<String> = db
        .query_row("SELECT id FROM close_user WHERE person_id = ?1", [person], |row| row.get(0))
        .optional()?;
    let user = match user {
        Some(user) => user,
        None => {
            let id = ids::mint(db, Kind::USER)?;
            db.execute(
                "INSERT INTO close_user (id, person_id, date_created, date_updated) VALUES (?1, ?2, ?3, ?3)",
                params![id, person, clock::timestamp()],
            )?;
            id
        }
    };

    let membership: Option<(String, bool)> = db
        .query_row(
            "SELECT id, active FROM close_membership WHERE organization_id = ?1 AND user_id = ?2",
            [call.organization(), &user],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match membership {
        // Somebody who is in already keeps the role they have.
        Some((id, true)) => Ok(id),
        Some((id, false)) => {
            db.execute("UPDATE close_membership SET active = 1, role_id = ?2 WHERE id = ?1", [&id, role_id])?;
            Ok(id)
        }
        None => {
            let id = ids::mint(db, Kind::MEMBERSHIP)?;
            db.execute(
                "INSERT INTO close_membership (id, organization_id, user_id, role_id) VALUES (?1, ?2, ?3, ?4)",
                params![id, call.organization(), user, role_id],
            )?;
            Ok(id)
        }
    }
}

/// What an update says, once it is known to make sense.
struct Change {
    role_id: Option<String>,
    auto_record_calls: Option<String>,
    default_caller_id: Patch<String>,
    default_caller_id_mode: Option<String>,
    hangup_recording_url: Patch<String>,
    may_workflows_impersonate: Option<bool>,
    track_email_opens: Option<bool>,
}

impl Change {
    fn read(call: &Call<'_>) -> Result<Self, Refusal> {
        let mut form = Form::new(&call.body);
        let role_id = form.filled_text("role_id");
        if let Some(role_id) = &role_id
            && roles::manages(call, role_id)?.is_none()
        {
            form.reject("role_id", NO_OBJECT);
        }
        let recording = form.choice("auto_record_calls", &RECORDING);
        let auto_record_calls = form.not_null("auto_record_calls", "str", recording);
        let default_caller_id = form.text("default_caller_id");
        if let Patch::Value(number) = &default_caller_id
            && !is_phone_number(call, number)?
        {
            form.reject("default_caller_id", NO_OBJECT);
        }
        let mode = form.choice("default_caller_id_mode", &CALLER_ID_MODES);
        let default_caller_id_mode = form.not_null("default_caller_id_mode", "str", mode);
        let change = Change {
            role_id,
            auto_record_calls,
            default_caller_id,
            default_caller_id_mode,
            hangup_recording_url: form.text("hangup_recording_url"),
            may_workflows_impersonate: form.flag("may_workflows_impersonate"),
            track_email_opens: form.flag("track_email_opens"),
        };
        form.finish(call.typed_bodies())?;
        Ok(change)
    }

    fn apply_to(&self, call: &Call<'_>, membership: &mut Membership) -> Result<(), Refusal> {
        if let Some(role_id) = &self.role_id {
            membership.role_id.clone_from(role_id);
        }
        if let Some(recording) = &self.auto_record_calls {
            membership.auto_record_calls.clone_from(recording);
        }
        if let Some(mode) = &self.default_caller_id_mode {
            membership.default_caller_id_mode.clone_from(mode);
        }
        self.default_caller_id.clone().apply_to(&mut membership.default_caller_id);
        self.hangup_recording_url.clone().apply_to(&mut membership.hangup_recording_url);
        membership.may_workflows_impersonate =
            self.may_workflows_impersonate.unwrap_or(membership.may_workflows_impersonate);
        membership.track_email_opens = self.track_email_opens.unwrap_or(membership.track_email_opens);
        save(call, membership)
    }
}

/// Stores a membership, unless that would leave nobody who can manage the organisation.
fn save(call: &Call<'_>, membership: &Membership) -> Result<(), Refusal> {
    let still_manages = membership.active && roles::manages(call, &membership.role_id)? == Some(true);
    if !still_manages && !another_manages(call, Some(&membership.id))? {
        return Err(nobody_left());
    }
    Ok(membership.store(call.db)?)
}

/// Refuses a state in which nobody can manage the organisation any more: it could never be mended.
pub fn somebody_must_manage(call: &Call<'_>) -> Result<(), Refusal> {
    if another_manages(call, None)? { Ok(()) } else { Err(nobody_left()) }
}

fn nobody_left() -> Refusal {
    Refusal::invalid("Somebody who can manage the organization must remain.")
}

fn another_manages(call: &Call<'_>, than: Option<&str>) -> rusqlite::Result<bool> {
    call.db
        .prepare_cached(
            "SELECT EXISTS (
                 SELECT 1 FROM close_role_permission p
                 JOIN close_membership m ON m.role_id = p.role_id AND m.active
                 WHERE p.permission = ?2 AND m.organization_id = ?1 AND m.id IS NOT ?3)",
        )?
        .query_row(params![call.organization(), MANAGE_ORGANIZATION, than], |row| row.get(0))
}

fn is_phone_number(call: &Call<'_>, id: &str) -> rusqlite::Result<bool> {
    call.db.query_row(
        "SELECT EXISTS (SELECT 1 FROM close_phone_number WHERE organization_id = ?1 AND id = ?2)",
        [call.organization(), id],
        |row| row.get(0),
    )
}

/// `PUT /membership/{id}/`. Members may change their own settings, but not their own role.
pub fn update(call: &Call<'_>) -> Result<Answer, Refusal> {
    let mut membership = find(call, call.id())?;
    let own_settings = membership.id == call.caller.membership_id && !call.body.contains_key("role_id");
    if !own_settings {
        call.caller.must_manage()?;
    }
    Change::read(call)?.apply_to(call, &mut membership)?;
    Answer::ok(&find(call, call.id())?)
}

/// `PUT /membership/`: the same change to many. They are taken one after the other, and when one of
/// them fails, those before it stay changed; `count` says how many that were.
pub fn update_many(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.caller.must_manage()?;
    let ids = call.params.list("id__in").unwrap_or_default();
    if ids.is_empty() {
        // The vendor's framework might take this to mean everybody. Nobody means that.
        return Err(Refusal::invalid("A bulk update needs a filter: give the ids in _params.id__in."));
    }
    let matched: Vec<String> = call
        .db
        .prepare_cached(
            "SELECT id FROM close_membership
             WHERE organization_id = ?1 AND id IN (SELECT value FROM json_each(?2)) ORDER BY id",
        )?
        .query_map([call.organization(), &json!(ids).to_string()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if matched.len() >= TOO_MANY {
        return Err(Refusal::validation(
            vec![format!("It's not allowed to update more than {TOO_MANY} objects at once").into()],
            Map::new(),
        ));
    }
    let mut count = 0;
    let outcome = Change::read(call).and_then(|change| {
        for id in &matched {
            change.apply_to(call, &mut find(call, id)?)?;
            count += 1;
        }
        Ok(())
    });
    match outcome {
        Ok(()) => Answer::ok(&json!({ "count": count })),
        // An answer and not a refusal: a refusal would undo the changes made so far.
        Err(refusal) if refusal.is_bad_request() => {
            let mut body = refusal.into_body();
            if let Value::Object(body) = &mut body {
                body.insert("count".to_owned(), count.into());
            }
            Answer::json(StatusCode::BAD_REQUEST, &body)
        }
        Err(refusal) => Err(refusal),
    }
}

/// `DELETE /membership/{id}/`: the user leaves, and is remembered as a former member.
pub fn deactivate(call: &Call<'_>) -> Result<Answer, Refusal> {
    let mut membership = find(call, call.id())?;
    call.caller.must_manage()?;
    membership.active = false;
    save(call, &membership)?;
    Answer::ok(&json!({}))
}

/// `GET /membership/{id}/pinned_views/`.
pub fn pinned_views(call: &Call<'_>) -> Result<Answer, Refusal> {
    let membership = with_own_views(call)?;
    let ids: Vec<String> = call
        .db
        .prepare_cached(
            "SELECT saved_view_id FROM close_pinned_view WHERE membership_id = ?1 ORDER BY position",
        )?
        .query_map([&membership.id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Answer::ok(&json!({ "saved_view_ids": ids }))
}

/// `PUT /membership/{id}/pinned_views/`: the list given becomes the whole list.
pub fn set_pinned_views(call: &Call<'_>) -> Result<Answer, Refusal> {
    const FIELD: &str = "saved_view_ids";
    let membership = with_own_views(call)?;
    let mut form = Form::new(&call.body);
    let ids = form.texts(FIELD, |_| None);
    let ids = match ids {
        Patch::Value(ids) => ids,
        Patch::Null | Patch::Absent => form.require(FIELD, None).unwrap_or_default(),
    };
    let mut complaints = Map::new();
    for (position, id) in ids.iter().enumerate() {
        let exists: bool = call.db.query_row(
            "SELECT EXISTS (SELECT 1 FROM close_saved_view WHERE organization_id = ?1 AND id = ?2)",
            [call.organization(), id],
            |row| row.get(0),
        )?;
        let twice = ids.iter().take(position).any(|earlier| earlier == id);
        if !exists || twice {
            let complaint = if exists { "This item is in the list twice." } else { NO_OBJECT };
            complaints.insert(position.to_string(), complaint.into());
        }
    }
    if !complaints.is_empty() {
        form.reject(FIELD, item_errors(complaints));
    }
    form.finish(true)?;

    call.db.execute("DELETE FROM close_pinned_view WHERE membership_id = ?1", [&membership.id])?;
    for (position, id) in ids.iter().enumerate() {
        call.db.execute(
            "INSERT INTO close_pinned_view (membership_id, position, saved_view_id) VALUES (?1, ?2, ?3)",
            params![membership.id, position, id],
        )?;
    }
    pinned_views(call)
}

/// Pinned views are one's own, or for those who manage everybody's.
fn with_own_views(call: &Call<'_>) -> Result<Membership, Refusal> {
    let membership = find(call, call.id())?;
    if membership.id != call.caller.membership_id {
        call.caller.must_manage()?;
    }
    Ok(membership)
}
