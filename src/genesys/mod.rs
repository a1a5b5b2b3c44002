//! Everything that knows Genesys Cloud's wire, a file a noun. See
//! <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>.

mod any;
mod errors;
mod wire;

pub mod dynamic_settings;
pub mod field_config;
pub mod groups;
pub mod members;
pub mod profiles;
pub mod search;
pub mod users;

pub use any::{any, any_list};
pub use search::Search;
pub use wire::{List, call};

use std::rc::Rc;

use crate::client::{Allowance, Answer, Endpoint, Limits, Source, Vendor};
use crate::http::Error;
use crate::json::Json;
use crate::paging::Style;
use crate::schema::Record;

/// Genesys Cloud, as the client needs to know it.
pub static VENDOR: Vendor = Vendor {
    name: "genesys",
    base_url: "https://api.mypurecloud.com",
    endpoints: &ENDPOINTS,
    call,
    list,
    any,
    any_list,
    prepare: |_, _| Ok(()),
    read_error: errors::read,
    request_id: "inin-correlation-id",
    limits: LIMITS,
    plain: &["pageSize", "pageNumber", "sortOrder", "sortBy", "expand", "fields", "type"],
};

/// `token.rate.per.minute`, which answers do not tell: <https://developer.genesys.cloud/platform/api/rate-limits>.
const LIMITS: Limits = Limits {
    per_endpoint: false,
    allowance: Some(Allowance { requests: 300, per_ms: 60_000.0 }),
    read: |_| None,
};

/// A list of an operation, from what callers write.
fn list(
    endpoint: &'static Endpoint,
    ids: &[&str],
    query: &Json,
    body: Option<String>,
) -> Result<Rc<dyn Source>, Error> {
    Ok(match endpoint.answer {
        Answer::Page { style: Style::Linked(_), .. } => Rc::new(Search::of(endpoint, query, body)?),
        _ => Rc::new(List::of(call(endpoint, ids, query, body)?)),
    })
}

/// Every operation, in the order of Genesys' own documentation; behind them those that take more than one request for
/// what a caller sees as one.
pub static ENDPOINTS: [&Endpoint; 20] = [
    groups::ListGroups::ENDPOINT,
    groups::CreateGroup::ENDPOINT,
    groups::GetGroup::ENDPOINT,
    groups::UpdateGroup::ENDPOINT,
    groups::DeleteGroup::ENDPOINT,
    members::ListMembers::ENDPOINT,
    members::AddMembers::ENDPOINT,
    members::RemoveMembers::ENDPOINT,
    members::ListIndividuals::ENDPOINT,
    search::SearchGroups::ENDPOINT,
    search::SearchGroupsByQ64::ENDPOINT,
    profiles::GetProfile::ENDPOINT,
    profiles::ListProfiles::ENDPOINT,
    field_config::GetFieldConfig::ENDPOINT,
    dynamic_settings::GetDynamicSettings::ENDPOINT,
    dynamic_settings::SetDynamicSettings::ENDPOINT,
    dynamic_settings::DeleteDynamicSettings::ENDPOINT,
    dynamic_settings::PreviewDynamicSettings::ENDPOINT,
    groups::UpdateLatest::ENDPOINT,
    groups::DeleteAndWait::ENDPOINT,
];

/// The models that the JavaScript API names.
pub static MODELS: [&Record; 20] = [
    groups::GroupsQuery::RECORD,
    groups::Group::RECORD,
    groups::GroupCreate::RECORD,
    groups::GroupPatch::RECORD,
    users::User::RECORD,
    members::MembersQuery::RECORD,
    members::GroupMembersUpdate::RECORD,
    members::MembersReport::RECORD,
    search::GroupSearchRequest::RECORD,
    search::GroupSearchCriteria::RECORD,
    search::GroupsSearchResponse::RECORD,
    search::Q64Query::RECORD,
    profiles::ProfilesQuery::RECORD,
    profiles::ProfileQuery::RECORD,
    profiles::GroupProfile::RECORD,
    field_config::FieldConfig::RECORD,
    field_config::FieldConfigQuery::RECORD,
    dynamic_settings::DynamicGroupQuery::RECORD,
    dynamic_settings::DynamicGroupDefinition::RECORD,
    dynamic_settings::DynamicGroupQueryPreview::RECORD,
];
