//! Memberships: <https://developer.close.com/api/resources/memberships>.

use crate::client::{Answer, Asks, Body, Call, Endpoint, Repeat, operation, to_text};
use crate::http::{Error, Method};
use crate::query::{Accepts, Query};
use crate::schema::{Email, NonEmpty, Typed, model, open_enum};

model! {
    /// A user's place and role in an organization. Close leaves out most fields in some answers.
    pub struct Membership as "CloseMembership" {
        /// The id, `memb_…`.
        id: String,
        /// The user's id.
        user_id: String,
        /// The organization's id.
        organization_id: String,
        /// The role's id, a plain word for built-in roles.
        role_id: String,
        /// The same as `role_id`, from earlier times.
        role?: Option<String>,
        /// What the role allows.
        permissions_granted: Vec<String>,
        /// Whether calls are recorded.
        auto_record_calls?: Recording,
        /// The number shown to the people called, a phone number's id.
        default_caller_id?: Option<String>,
        /// Whether that number is always the same.
        default_caller_id_mode?: CallerIdMode,
        /// The person's own number, a phone number's id.
        primary_personal_number?: Option<String>,
        /// The recording left on answering machines, a URL.
        hangup_recording_url?: Option<String>,
        /// Whether the seat is free of charge.
        is_free?: bool,
        /// Whether workflows may send in this person's name.
        may_workflows_impersonate?: bool,
        /// How far the person has come in setting up; `in-progress` was seen.
        onboarding_status?: Option<String>,
        /// The organization's plan, such as `enterprise`.
        plan_type?: Option<String>,
        /// Whether the opening of emails is tracked.
        track_email_opens?: bool,
    }

    /// A membership to be made.
    pub struct MembershipCreate as "CloseMembershipCreate" {
        /// Whom to invite.
        email: Email,
        /// The role's id.
        role_id: NonEmpty,
    }

    /// What can be changed of a membership. What is left out stays; null clears.
    pub struct MembershipPatch as "CloseMembershipPatch" {
        /// The role's id.
        role_id?: NonEmpty,
        /// Whether calls are recorded.
        auto_record_calls?: Recording,
        /// The number shown to the people called, a phone number's id.
        default_caller_id?: Option<String>,
        /// Whether that number is always the same.
        default_caller_id_mode?: CallerIdMode,
        /// The recording left on answering machines, a URL.
        hangup_recording_url?: Option<String>,
        /// Whether workflows may send in this person's name.
        may_workflows_impersonate?: bool,
        /// Whether the opening of emails is tracked.
        track_email_opens?: bool,
    }

    /// The smart views that a member pinned.
    pub struct PinnedViews as "ClosePinnedViews" {
        /// Their ids, `save_…`, in order.
        saved_view_ids: Vec<NonEmpty>,
    }

    /// How many a bulk update changed.
    pub struct Count as "CloseCount" {
        /// How many.
        count: i64,
    }
}

open_enum! {
    /// Whether calls are recorded.
    pub enum Recording as "CloseRecording" {
        /// Yes.
        Enabled = "enabled",
        /// No.
        Disabled = "disabled",
        /// As the organization has it.
        Unset = "unset",
    }

    /// Whether the number shown is always the same.
    pub enum CallerIdMode as "CloseCallerIdMode" {
        /// Yes.
        Fixed = "fixed",
        /// No: Close chooses one for each call.
        Auto = "auto",
    }
}

/// Memberships that one bulk update may change: from 1,000 on Close refuses it.
pub const MAX_IDS: usize = 999;

operation! {
    /// Makes sure that an email has an active membership; a second time changes nothing.
    /// <https://developer.close.com/api/resources/memberships/create>
    CreateMembership() = "memberships.create" Post "/membership/", body MembershipCreate,
        accepts &Accepts::NOTHING, answer Answer::One(Membership::SHAPE) => Membership, repeat Once;

    /// Changes a membership. <https://developer.close.com/api/resources/memberships/update>
    UpdateMembership(id) = "memberships.update" Put "/membership/{id}/", body MembershipPatch,
        accepts &Accepts::NOTHING, answer Answer::One(Membership::SHAPE) => Membership, repeat Idempotent;

    /// Ends a membership. <https://developer.close.com/api/resources/memberships/delete>
    DeactivateMembership(id) = "memberships.deactivate" Delete "/membership/{id}/",
        accepts &Accepts::NOTHING, answer Answer::Nothing => (), repeat Idempotent;

    /// The views a member pinned. <https://developer.close.com/api/resources/memberships/get-pinned-views>
    GetPinnedViews(id) = "memberships.pinnedViews" Get "/membership/{id}/pinned_views/",
        accepts &Accepts::NOTHING, answer Answer::Member(PinnedViews::SHAPE, "saved_view_ids") => Vec<String>,
        repeat Safe;

    /// Replaces the views a member pinned. <https://developer.close.com/api/resources/memberships/update-pinned-views>
    SetPinnedViews(id) = "memberships.setPinnedViews" Put "/membership/{id}/pinned_views/", body PinnedViews, member "saved_view_ids",
        accepts &Accepts::NOTHING, answer Answer::Member(PinnedViews::SHAPE, "saved_view_ids") => Vec<String>,
        repeat Idempotent;
}

/// Changes many memberships alike. <https://developer.close.com/api/resources/memberships/bulk-update>
pub const UPDATE_MANY: &Endpoint = &Endpoint {
    name: "memberships.updateMany",
    variant: "",
    method: Method::Put,
    path: "/membership/",
    asks: Asks::Query(&Accepts::NOTHING),
    body: Some(Body { shape: MembershipPatch::SHAPE, member: None, check: None }),
    bulk: Some(MAX_IDS),
    answer: Answer::One(Count::SHAPE),
    repeat: Repeat::Idempotent,
    flow: None,
};

/// A bulk update. Each id counts once.
///
/// # Errors
/// A `ConfigError` when the list of ids is empty, which Close would read as everybody, holds more than [`MAX_IDS`], or
/// holds something that is not an id; and when the patch is wrong.
pub fn update_many(ids: &[&str], patch: &MembershipPatch) -> Result<Call, Error> {
    super::call(UPDATE_MANY, ids, &Query::default(), Some(to_text(patch)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(ids: &[&str], patch: &str) -> Result<Call, Error> {
        super::super::call(UPDATE_MANY, ids, &Query::default(), Some(patch.to_owned()))
    }

    #[test]
    fn nobody_is_never_read_as_everybody() {
        let many: Vec<String> = (0..=MAX_IDS).map(|at| format!("memb_{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (ids, word) in
            [(vec![], "empty"), (vec![""], "not an id"), (vec!["a,b"], "not an id"), (many, "999")]
        {
            let error = update(&ids, "{}").unwrap_err();
            assert!(error.message.contains("ids") && error.message.contains(word), "{error}");
        }
    }

    #[test]
    fn ids_travel_as_one_text_in_params() {
        let call = update(&(["memb_A", "memb_B", "memb_A"]), r#"{"default_caller_id":null}"#).unwrap();
        let body: serde_json::Value = serde_json::from_str(call.request.body.as_deref().unwrap()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({"_params": {"id__in": "memb_A,memb_B"}, "default_caller_id": null})
        );
    }

    #[test]
    fn a_patch_cannot_bring_params_of_its_own() {
        let error = update(&(["memb_A"]), r#"{"_params":{}}"#).unwrap_err();
        assert!(error.message.contains("_params"), "{error}");
    }
}
