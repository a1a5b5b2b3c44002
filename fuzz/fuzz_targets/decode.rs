//! Answers: `vendor operation`, a line with the fields that were asked for, and the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::client::{Answer, Call, decode};
use orgdeck::http::{Method, Request};
use orgdeck::json::Json;
use orgdeck::schema::{Kind, Shape};
use orgdeck::{close, genesys};
use orgdeck_fuzz::{Rules, conforms, depth, line, operation, vendor};
use serde::de::DeserializeOwned;

/// Levels above which the library may refuse what the shape allows.
const DEPTH: usize = 64;

fuzz_target!(|input: &[u8]| {
    let end = |from: usize| input[from..].iter().position(|byte| *byte == b'\n').map(|at| from + at);
    let head = end(0).and_then(|first| end(first + 1)).unwrap_or(input.len());
    let (head, body) = (String::from_utf8_lossy(&input[..head]), input.get(head + 1..).unwrap_or_default());
    let (what, fields) = line(&head);
    let (name, what) = what.split_once(' ').unwrap_or_default();
    let endpoint = operation(vendor(name), what, |_| true);
    let selected = (!fields.is_empty()).then(|| fields.split(',').map(str::to_owned).collect::<Vec<_>>());
    let request = Request::new(Method::Get, String::new());
    let mut call = Call::new(endpoint, request);
    call.selected.clone_from(&selected);

    let decoded = decode(&call, body);
    if let Err(message) = &decoded {
        assert!(!message.is_empty() && message.len() < 3_000, "{} bytes: {message}", message.len());
    }
    let text = std::str::from_utf8(body).ok();
    let read = text.map(Json::parse);
    let rules = Rules { strict: false, selected: selected.as_deref() };
    let good = match (&endpoint.answer, &read) {
        // A proxy's page is no answer of the vendor.
        (Answer::Nothing, _) => !body.trim_ascii_start().starts_with(b"<"),
        (Answer::Any, _) if text.is_some_and(|text| text.trim_ascii().is_empty()) => true,
        (_, None) => false,
        // Deeper than a tree may be, but not wrong for that.
        (_, Some(Err(malformed))) if !malformed.truncated && malformed.at == 0 => return,
        (_, Some(Err(_))) => false,
        (_, Some(Ok(value))) if depth(value) > DEPTH => return,
        (Answer::Any, Some(Ok(_))) => true,
        (Answer::One(shape) | Answer::Member(shape, _), Some(Ok(value))) => conforms(value, shape, rules),
        (Answer::Page { items, of, style }, Some(Ok(value))) => {
            let lists: Vec<&Json> =
                value.members().iter().filter(|(name, _)| name == items).map(|(_, list)| list).collect();
            let told = style.members();
            let kinds = value.members().iter().all(|(name, value)| {
                let shape = told.iter().find_map(|(known, shape)| (known == name).then_some(shape));
                shape.is_none_or(|shape| conforms(value, shape, rules))
            });
            let good = kinds
                && !lists.is_empty()
                && lists.iter().all(|list| {
                    list.as_list().is_some_and(|list| list.iter().all(|item| conforms(item, of, rules)))
                });
            if let (true, Ok(facts)) = (good, &decoded) {
                assert_eq!(Some(facts.items), value.get(items).and_then(Json::as_list).map(<[_]>::len));
                for (name, _) in told {
                    assert_eq!(facts.get(name), value.get(name), "{name}");
                }
            }
            good
        }
    };
    assert_eq!(decoded.is_ok(), good, "{}: {decoded:?}", endpoint.name);

    if let (Ok(_), None, Some(Ok(value)), Some(text)) = (&decoded, &selected, &read, text)
        && is_plain(value)
    {
        models(&endpoint.answer, value, text);
    }
});

/// What the checker lets through, the models read: callers in Rust get it.
fn models(answer: &Answer, value: &Json, text: &str) {
    let one = |shape: &Shape, text: &str| {
        let name = match shape.kind {
            Kind::Record(record) => record.name,
            _ => return,
        };
        let read = MODELS.iter().find_map(|(known, read)| (*known == name).then_some(read));
        let read = read.unwrap_or_else(|| panic!("{name} is not among the models"));
        if let Err(error) = read(text) {
            panic!("{name} does not read what was let through: {error}");
        }
    };
    match answer {
        Answer::One(shape) | Answer::Member(shape, _) => one(shape, text),
        Answer::Page { items, of, .. } => {
            let list = value.get(items).and_then(Json::as_list).unwrap_or_default();
            list.iter().for_each(|item| one(of, &item.to_text()));
        }
        Answer::Nothing | Answer::Any => {}
    }
}

type Read = fn(&str) -> Result<(), serde_json::Error>;

fn read<T: DeserializeOwned>(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<T>(text).map(drop)
}

const MODELS: [(&str, Read); 18] = [
    ("CloseMe", read::<close::users::Me>),
    ("CloseUser", read::<close::users::User>),
    ("CloseAvailabilities", read::<close::users::Availabilities>),
    ("CloseOrganization", read::<close::organizations::Organization>),
    ("CloseMembership", read::<close::memberships::Membership>),
    ("ClosePinnedViews", read::<close::memberships::PinnedViews>),
    ("CloseCount", read::<close::memberships::Count>),
    ("CloseRole", read::<close::roles::Role>),
    ("CloseGroup", read::<close::groups::Group>),
    ("CloseGroupMember", read::<close::groups::GroupMember>),
    ("GenesysGroup", read::<genesys::groups::Group>),
    ("GenesysUser", read::<genesys::users::User>),
    ("GenesysIndividuals", read::<genesys::members::Individuals>),
    ("GenesysMembersReport", read::<genesys::members::MembersReport>),
    ("GenesysGroupProfile", read::<genesys::profiles::GroupProfile>),
    ("GenesysFieldConfig", read::<genesys::field_config::FieldConfig>),
    ("GenesysDynamicGroupDefinition", read::<genesys::dynamic_settings::DynamicGroupDefinition>),
    ("GenesysDynamicGroupQueryPreview", read::<genesys::dynamic_settings::DynamicGroupQueryPreview>),
];

/// Whether it holds nothing that JavaScript takes and serde does not: a name that comes twice, and numbers that are
/// whole without looking so.
fn is_plain(value: &Json) -> bool {
    match value {
        Json::List(items) => items.iter().all(is_plain),
        Json::Object(members) => {
            let once = |name: &str| members.iter().filter(|(other, _)| other == name).count() == 1;
            members.iter().all(|(name, value)| once(name) && is_plain(value))
        }
        Json::Number(number) => number.parse::<i64>().is_ok(),
        _ => true,
    }
}
