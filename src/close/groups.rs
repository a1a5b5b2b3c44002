//! Groups: <https://developer.close.com/api/resources/groups>.

use super::MAX_LIMIT;
use super::wire::STYLE;
use crate::client::{Answer, operation};
use crate::query::{Accepts, Selectable};
use crate::schema::{NonEmpty, Typed, model};

model! {
    /// A named collection of users.
    pub struct Group as "CloseGroup" {
        /// The id, `group_…`.
        id: String,
        /// The name, unique in the organization.
        name: String,
        /// The organization's id.
        organization_id: String,
        /// The members; a list of groups has none.
        members?: Option<Vec<GroupMember>>,
    }

    /// A member of a group.
    pub struct GroupMember as "CloseGroupMember" {
        /// The user's id.
        user_id: String,
    }

    /// A group to be made.
    pub struct GroupCreate as "CloseGroupCreate" {
        /// The name; must be free.
        name: NonEmpty,
    }

    /// What can be changed of a group.
    pub struct GroupUpdate as "CloseGroupUpdate" {
        /// The name; must be free.
        name: NonEmpty,
    }

    /// A member to be added.
    pub struct GroupMemberCreate as "CloseGroupMemberCreate" {
        /// The user's id.
        user_id: NonEmpty,
    }
}

// Close's pages disagree whether a call without `_fields` returns more than ids, so there is always one.
const ONE: Accepts = Accepts {
    fields: Selectable::Of {
        record: Group::RECORD,
        except: &[],
        default: &["id", "name", "organization_id", "members"],
    },
    ..Accepts::NOTHING
};
const MANY: Accepts = Accepts {
    fields: Selectable::Of {
        record: Group::RECORD,
        except: &["members"],
        default: &["id", "name", "organization_id"],
    },
    max_limit: Some(MAX_LIMIT),
    ..Accepts::NOTHING
};

operation! {
    /// All groups, without members. <https://developer.close.com/api/resources/groups/list>
    ListGroups() = "groups.list" Get "/group/",
        accepts &MANY, answer Answer::Page { items: "data", of: Group::SHAPE, style: STYLE } => serde_json::Value,
        repeat Safe;

    /// Makes an empty group. <https://developer.close.com/api/resources/groups/create>
    CreateGroup() = "groups.create" Post "/group/", body GroupCreate,
        accepts &ONE, answer Answer::One(Group::SHAPE) => Group, repeat Once;

    /// Adds a member; a second time changes nothing. <https://developer.close.com/api/resources/groups/create-member>
    AddMember(group_id) = "groups.addMember" Post "/group/{group_id}/member/", body GroupMemberCreate, member "user_id",
        accepts &Accepts::NOTHING, answer Answer::One(GroupMember::SHAPE) => GroupMember, repeat Idempotent;

    /// Removes a member; a second time changes nothing. <https://developer.close.com/api/resources/groups/delete-member>
    RemoveMember(group_id, user_id) = "groups.removeMember" Delete "/group/{group_id}/member/{user_id}/",
        accepts &Accepts::NOTHING, answer Answer::Nothing => (), repeat Idempotent;

    /// One group with its members. <https://developer.close.com/api/resources/groups/get>
    GetGroup(id) = "groups.get" Get "/group/{id}/",
        accepts &ONE, answer Answer::One(Group::SHAPE) => Group, repeat Safe;

    /// Renames a group. <https://developer.close.com/api/resources/groups/update>
    UpdateGroup(id) = "groups.update" Put "/group/{id}/", body GroupUpdate,
        accepts &ONE, answer Answer::One(Group::SHAPE) => Group, repeat Idempotent;

    /// Deletes a group. <https://developer.close.com/api/resources/groups/delete>
    DeleteGroup(id) = "groups.delete" Delete "/group/{id}/",
        accepts &Accepts::NOTHING, answer Answer::Nothing => (), repeat Idempotent;
}
