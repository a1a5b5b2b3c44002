//! Profiles: a group's name, its version, and of the rest what is asked for.

use serde_json::{Map, Value, json};

use super::errors::Refusal;
use super::groups::{self, Group};
use super::paging::Window;
use super::{Answer, Call, field_config};

fn profile(group: &Group, wanted: &[&str]) -> Value {
    let mut profile = Map::from_iter([
        ("id".to_owned(), json!(group.id)),
        ("name".to_owned(), json!(group.name)),
        ("state".to_owned(), json!(group.state)),
        ("dateModified".to_owned(), json!(group.date_modified)),
        ("version".to_owned(), json!(group.version)),
        ("selfUri".to_owned(), json!(format!("/api/v2/groups/{}/profile", group.id))),
    ]);
    for field in wanted {
        let value = match *field {
            "description" => json!(group.description),
            "email" => json!(group.email),
            "phone" => group.addresses.clone(),
            _ => continue,
        };
        if !value.is_null() {
            profile.insert((*field).to_owned(), value);
        }
    }
    profile.into()
}

/// `GET /groups/{groupId}/profile`. `fields` takes the keys that the field configuration has.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let wanted = call.params.list("fields").unwrap_or_default();
    if let Some(unknown) = wanted.iter().find(|field| !field_config::GROUP_KEYS.contains(field)) {
        return Err(Refusal::invalid_value("fields", unknown, &field_config::GROUP_KEYS.join(", ")));
    }
    let group = groups::seek(call, call.id())?;
    let unknown = || Refusal::no_such("group", call.id(), "Unable to find the group profile");
    Answer::ok(&profile(&group.ok_or_else(unknown)?, &wanted))
}

/// `GET /profiles/groups`.
pub fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let window = Window::read(call)?;
    let (groups, total) = groups::page(call, window)?;
    let profiles = groups.iter().map(|group| profile(group, &[])).collect();
    Answer::ok(&window.page::<Value>(call, total, profiles))
}
