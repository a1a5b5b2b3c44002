//! Groups: <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>.

mod changes;

use super::users::{Image, State, User};
use super::wire::STYLE;
use crate::client::{Answer, operation};
use crate::schema::{Count, DateTime, NonEmpty, Typed, model, open_enum};

model! {
    /// A group of people.
    pub struct Group as "GenesysGroup" {
        /// The id, a UUID.
        id: String,
        /// The name.
        name: String,
        /// What it is for.
        description?: Option<String>,
        /// When it was last changed, ISO 8601.
        dateModified?: Option<DateTime>,
        /// How many belong to it.
        memberCount?: Option<i64>,
        /// Whether it is active.
        state?: Option<State>,
        /// Grows with every change; an update must name it.
        version?: Option<i64>,
        /// Whose it is.
        r#type: GroupType,
        /// Pictures in several sizes.
        images?: Option<Vec<Image>>,
        /// Its telephones.
        addresses?: Option<Vec<GroupContact>>,
        /// Whether everybody sees the rules by which people belong to it.
        rulesVisible: bool,
        /// Who finds it.
        visibility: Visibility,
        /// Its owners, often with `id` and `selfUri` alone.
        owners?: Option<Vec<User>>,
        /// Whether its roles count for its members.
        rolesEnabled?: Option<bool>,
        /// Whether its owners are members.
        includeOwners?: Option<bool>,
        /// Whether it can be called.
        callsEnabled?: Option<bool>,
        /// Its email address.
        email?: Option<String>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// A group to be made.
    pub struct GroupCreate as "GenesysGroupCreate" {
        /// The name.
        name: NonEmpty,
        /// Whose it is, for good.
        r#type: GroupType,
        /// Whether everybody sees the rules by which people belong to it.
        rulesVisible: bool,
        /// Who finds it.
        visibility: Visibility,
        /// What it is for. Genesys ignores it here, so Orgdeck sends it again in an update.
        description?: String,
        /// Pictures in several sizes.
        images?: Vec<Image>,
        /// Its telephones.
        addresses?: Vec<GroupContactInput>,
        /// The ids of its owners.
        ownerIds?: Vec<NonEmpty>,
        /// Whether its roles count for its members.
        rolesEnabled?: bool,
        /// Whether its owners are members.
        includeOwners?: bool,
        /// Whether it can be called.
        callsEnabled?: bool,
        /// Its email address.
        email?: String,
    }

    /// What can be changed of a group. What is left out stays.
    pub struct GroupPatch as "GenesysGroupPatch" {
        /// The version that is changed: another one is a `ConflictError`. An update of the latest version has none.
        version?: i64,
        /// The name.
        name?: NonEmpty,
        /// What it is for.
        description?: String,
        /// Whether it is active.
        state?: State,
        /// Pictures in several sizes.
        images?: Vec<Image>,
        /// Its telephones; an empty list removes them.
        addresses?: Vec<GroupContactInput>,
        /// Whether everybody sees the rules by which people belong to it.
        rulesVisible?: bool,
        /// Who finds it.
        visibility?: Visibility,
        /// The ids of its owners; an empty list removes them.
        ownerIds?: Vec<NonEmpty>,
        /// Whether its roles count for its members.
        rolesEnabled?: bool,
        /// Whether its owners are members.
        includeOwners?: bool,
        /// Whether it can be called.
        callsEnabled?: bool,
        /// Its email address.
        email?: String,
    }

    /// A telephone of a group.
    pub struct GroupContact as "GenesysGroupContact" {
        /// The number, E.164. At times there is `display` alone.
        address?: Option<String>,
        /// A number within the organization, in place of `address`.
        extension?: Option<String>,
        /// The number as it is shown.
        display?: Option<String>,
        /// How it rings.
        r#type?: Option<GroupContactType>,
        /// What it is.
        mediaType?: Option<GroupContactMedia>,
    }

    /// A telephone to be given to a group.
    pub struct GroupContactInput as "GenesysGroupContactInput" {
        /// How it rings.
        r#type: GroupContactType,
        /// What it is.
        mediaType: GroupContactMedia,
        /// The number, E.164.
        address?: String,
        /// A number within the organization, in place of `address`.
        extension?: String,
    }

    /// What to ask the list of groups for.
    pub struct GroupsQuery as "GenesysGroupsQuery" {
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

open_enum! {
    /// Whose a group is.
    pub enum GroupType as "GenesysGroupType" growing {
        /// The organization's.
        Official = "official",
        /// Anybody's.
        Social = "social",
    }

    /// Who finds a group.
    pub enum Visibility as "GenesysVisibility" growing {
        /// Everybody.
        Public = "public",
        /// Its owners and members.
        Owners = "owners",
        /// The same as `owners`, as the specification of updates spells it.
        OwnerIds = "ownerIds",
        /// Its members.
        Members = "members",
    }

    /// How a group's telephone rings.
    pub enum GroupContactType as "GenesysGroupContactType" growing {
        /// At all members' at once.
        GroupRing = "GROUPRING",
        /// At a telephone of its own.
        GroupPhone = "GROUPPHONE",
    }

    /// What a group's contact is.
    pub enum GroupContactMedia as "GenesysGroupContactMedia" growing {
        /// A telephone number.
        Phone = "PHONE",
    }

    /// An order by name.
    pub enum SortOrder as "GenesysSortOrder" growing {
        /// From A to Z.
        Ascending = "ascending",
        /// From Z to A.
        Descending = "descending",
    }
}

operation! {
    /// All groups. `GET /api/v2/groups`
    ListGroups() = "groups.list" Get "/api/v2/groups", query GroupsQuery,
        answer Answer::Page { items: "entities", of: Group::SHAPE, style: STYLE } => serde_json::Value,
        repeat Safe;

    /// Makes a group, and describes it in a second request if need be. `POST /api/v2/groups`
    CreateGroup() = "groups.create" Post "/api/v2/groups", body GroupCreate,
        answer Answer::One(Group::SHAPE) => Group, repeat Once, flow changes::create;

    /// One group. `GET /api/v2/groups/{groupId}`
    GetGroup(group_id) = "groups.get" Get "/api/v2/groups/{groupId}",
        answer Answer::One(Group::SHAPE) => Group, repeat Safe;

    /// Changes a group of a known version. `PUT /api/v2/groups/{groupId}`
    UpdateGroup(group_id) = "groups.update" Put "/api/v2/groups/{groupId}", body GroupPatch,
        check changes::check_version, answer Answer::One(Group::SHAPE) => Group, repeat Once, flow changes::update;

    /// Changes a group whatever its version is. `GET` and `PUT /api/v2/groups/{groupId}`
    UpdateLatest(group_id) = "groups.update" + "latest" Put "/api/v2/groups/{groupId}", body GroupPatch,
        answer Answer::One(Group::SHAPE) => Group, repeat Idempotent, flow changes::update_latest;

    /// Deletes a group; it may still be there for a while. `DELETE /api/v2/groups/{groupId}`
    DeleteGroup(group_id) = "groups.delete" Delete "/api/v2/groups/{groupId}",
        answer Answer::Nothing => (), repeat Idempotent;

    /// Deletes a group and waits until it is gone. `DELETE` and `GET /api/v2/groups/{groupId}`
    DeleteAndWait(group_id) = "groups.delete" + "wait" Delete "/api/v2/groups/{groupId}",
        answer Answer::Nothing => (), repeat Idempotent, flow changes::delete_and_wait;
}
