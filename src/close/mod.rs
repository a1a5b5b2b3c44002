//! Everything that knows Close's wire, a file a noun. See <https://developer.close.com/api/overview>.

mod any;
mod errors;
mod limits;
mod wire;

pub mod groups;
pub mod memberships;
pub mod organizations;
pub mod roles;
pub mod users;

pub use any::{any, any_list};
pub use wire::{List, call};

use crate::client::{Endpoint, Vendor};
use crate::schema::Record;

/// Close, as the client needs to know it.
pub static VENDOR: Vendor = Vendor {
    name: "close",
    base_url: "https://api.close.com/api/v1",
    endpoints: &ENDPOINTS,
    call: wire::call_given,
    list: wire::list_given,
    any: any::any_given,
    any_list: any::any_list_given,
    prepare: wire::travel_as_post_when_long,
    read_error: errors::read,
    request_id: "",
    limits: limits::LIMITS,
    plain: &["_fields", "_expand", "_order_by", "_limit", "_skip"],
};

/// Items a page at most. Close publishes no number for users, roles and groups; its framework's own is 100.
pub const MAX_LIMIT: u32 = 100;

/// Every operation, in the order of Close's own documentation.
pub static ENDPOINTS: [&Endpoint; 24] = [
    users::GetMe::ENDPOINT,
    users::ListUsers::ENDPOINT,
    users::ListAvailability::ENDPOINT,
    users::GetUser::ENDPOINT,
    organizations::GetOrganization::ENDPOINT,
    organizations::UpdateOrganization::ENDPOINT,
    memberships::CreateMembership::ENDPOINT,
    memberships::UPDATE_MANY,
    memberships::UpdateMembership::ENDPOINT,
    memberships::DeactivateMembership::ENDPOINT,
    memberships::GetPinnedViews::ENDPOINT,
    memberships::SetPinnedViews::ENDPOINT,
    roles::ListRoles::ENDPOINT,
    roles::CreateRole::ENDPOINT,
    roles::GetRole::ENDPOINT,
    roles::UpdateRole::ENDPOINT,
    roles::DeleteRole::ENDPOINT,
    groups::ListGroups::ENDPOINT,
    groups::CreateGroup::ENDPOINT,
    groups::AddMember::ENDPOINT,
    groups::RemoveMember::ENDPOINT,
    groups::GetGroup::ENDPOINT,
    groups::UpdateGroup::ENDPOINT,
    groups::DeleteGroup::ENDPOINT,
];

/// The models that the JavaScript API names.
pub static MODELS: [&Record; 15] = [
    users::Me::RECORD,
    users::User::RECORD,
    users::Availability::RECORD,
    organizations::Organization::RECORD,
    organizations::OrganizationPatch::RECORD,
    memberships::Membership::RECORD,
    memberships::MembershipCreate::RECORD,
    memberships::MembershipPatch::RECORD,
    roles::Role::RECORD,
    roles::RoleCreate::RECORD,
    roles::RolePatch::RECORD,
    groups::Group::RECORD,
    groups::GroupMember::RECORD,
    groups::GroupCreate::RECORD,
    groups::GroupUpdate::RECORD,
];
