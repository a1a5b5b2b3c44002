//! Group profiles, which Genesys has deprecated: <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>.

use super::groups::SortOrder;
use super::users::State;
use super::wire::STYLE;
use crate::client::{Answer, operation};
use crate::schema::{Count, DateTime, NonEmpty, Typed, model};

model! {
    /// The profile of a group. With `fields`, what they name is there too.
    pub struct GroupProfile as "GenesysGroupProfile" {
        /// The group's id.
        id: String,
        /// The name.
        name?: Option<String>,
        /// Whether the group is active.
        state?: Option<State>,
        /// When it was last changed, ISO 8601.
        dateModified?: Option<DateTime>,
        /// Grows with every change.
        version?: Option<i64>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// What to ask a profile for.
    pub struct ProfileQuery as "GenesysProfileQuery" {
        /// Keys of the fields of `fieldConfig("group")`.
        fields?: Vec<NonEmpty>,
    }

    /// What to ask the list of profiles for.
    pub struct ProfilesQuery as "GenesysProfilesQuery" {
        /// Items a request; 25 unless given.
        pageSize?: Count,
        /// The page to begin with, from 1.
        pageNumber?: Count,
        /// Only these groups.
        id?: Vec<NonEmpty>,
        /// Only the groups with these chat addresses; not together with `id`.
        jabberId?: Vec<NonEmpty>,
        /// The order by name.
        sortOrder?: SortOrder,
    }
}

operation! {
    /// The profile of a group. `GET /api/v2/groups/{groupId}/profile`
    GetProfile(group_id) = "groups.profile" Get "/api/v2/groups/{groupId}/profile", query ProfileQuery,
        answer Answer::One(GroupProfile::SHAPE) => GroupProfile, repeat Safe;

    /// The profiles of all groups. `GET /api/v2/profiles/groups`
    ListProfiles() = "profiles.groups" Get "/api/v2/profiles/groups", query ProfilesQuery,
        answer Answer::Page { items: "entities", of: GroupProfile::SHAPE, style: STYLE } => serde_json::Value,
        repeat Safe;
}
