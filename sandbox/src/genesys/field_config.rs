//! Field configurations: which fields a profile has, and what they look like in a form.

use serde_json::{Value, json};

use super::errors::Refusal;
use super::{Answer, Call};

/// The last one has left the vendor's list by now, but is in older copies of it.
const TYPES: [&str; 4] = ["person", "group", "org", "externalContact"];

/// The keys of a group's fields: what `fields` accepts where profiles are read.
pub const GROUP_KEYS: [&str; 4] = ["name", "description", "email", "phone"];

/// `GET /fieldconfig?type=…`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let entity = call.params.require("type")?;
    let sections = match entity {
        "group" => json!([
            section("general", &[field("name", "text", true), field("description", "paragraph", false)]),
            section(
                "contact",
                &[field("email", "email", false), numbers("phone", &["GROUPRING", "GROUPPHONE"])]
            ),
        ]),
        "person" => json!([
            section("general", &[field("name", "text", true), field("title", "text", false)]),
            section("organization", &[field("department", "text", false), field("manager", "person", false)]),
            section(
                "contact",
                &[field("email", "email", true), numbers("phone_work", &["work", "mobile", "other"])]
            ),
        ]),
        "org" => json!([section("general", &[field("name", "text", true), field("website", "url", false)])]),
        "externalContact" => json!([section("general", &[field("name", "text", true)])]),
        other => return Err(Refusal::bad_entity_type(other, &TYPES.join(", "))),
    };
    Answer::ok(&json!({
        "id": entity,
        "name": entity,
        "entityType": entity,
        "state": "active",
        "sections": sections,
        "version": "3",
        "schemaVersion": "1",
        "selfUri": format!("/api/v2/fieldconfig?type={entity}"),
    }))
}

fn section(key: &str, fields: &[Value]) -> Value {
    json!({ "key": key, "state": "active", "instructionText": "", "fieldList": fields })
}

fn field(key: &str, kind: &str, required: bool) -> Value {
    json!({
        "key": key,
        "type": kind,
        "state": "active",
        "required": required,
        "repeatable": false,
        "customLabels": false,
        "labelKeys": [],
        "instructionText": "",
        "params": {},
        "gdpr": false,
    })
}

/// A field that can be there several times, each time with one of these labels.
fn numbers(key: &str, labels: &[&str]) -> Value {
    let mut field = field(key, "phone", false);
    if let Value::Object(field) = &mut field {
        field.insert("repeatable".to_owned(), true.into());
        field.insert("labelKeys".to_owned(), json!(labels));
        field.insert("params".to_owned(), json!({ "extensionAllowed": { "value": true } }));
    }
    field
}
