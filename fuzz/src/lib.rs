//! What the targets share: inputs that a person can read and write, and second opinions on what the library says.
//!
//! Where an input has parts they are lines of text, so that a seed is written by hand and a finding is read by eye.

use orgdeck::client::{Answer, Endpoint, Vendor};
use orgdeck::http::{BaseUrl, names};
use orgdeck::json::Json;
use orgdeck::paging::Style;
use orgdeck::schema::{IntegerRule, Kind, Shape, TextRule, Values};
use orgdeck::{close, genesys};
use percent_encoding::percent_decode_str;
use url::Url;

#[path = "../../columns/tests/common/records.rs"]
pub mod records;

/// The first line of a text, and what is behind it.
pub fn line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// The vendor of a name. Any other text names one of them too: no input is lost.
pub fn vendor(name: &str) -> &'static Vendor {
    match name {
        "close" => &close::VENDOR,
        "genesys" => &genesys::VENDOR,
        other if other.len() % 2 == 0 => &close::VENDOR,
        _ => &genesys::VENDOR,
    }
}

/// The operation of a vendor that a name such as `groups.get` names, out of those that will do. Any other text names one
/// of them too.
pub fn operation(
    vendor: &'static Vendor,
    name: &str,
    will_do: impl Fn(&Endpoint) -> bool,
) -> &'static Endpoint {
    if let Some(named) = vendor.operation(name).filter(|endpoint| will_do(endpoint)) {
        return named;
    }
    let all: Vec<_> = vendor.endpoints.iter().copied().filter(|endpoint| will_do(endpoint)).collect();
    let sum = name.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    all[sum % all.len()]
}

/// An id for each that a path wants.
pub fn any_ids(endpoint: &Endpoint) -> Vec<&'static str> {
    names(endpoint.path).map(|_| "an-id").collect()
}

/// How an operation's list continues; `None` for what is no list.
pub fn style(endpoint: &Endpoint) -> Option<Style> {
    match endpoint.answer {
        Answer::Page { style, .. } => Some(style),
        _ => None,
    }
}

/// Where a vendor's API is.
pub fn home(vendor: &Vendor) -> BaseUrl {
    BaseUrl::parse(vendor.base_url).unwrap()
}

/// The URL of a base and a request's target as browsers read it. Nothing in a target may lead elsewhere.
pub fn sent(base: &BaseUrl, target: &str) -> Url {
    let home = Url::parse(base.as_str()).unwrap();
    let url = Url::parse(&[base.as_str(), target].concat()).unwrap();
    assert_eq!(url.origin(), home.origin(), "{target} leads to another host");
    assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None), "{target}");
    let path = target.split('?').next().unwrap();
    assert_eq!(url.path(), [home.path().trim_end_matches('/'), path].concat(), "{target} is another path");
    url
}

/// The segments of a path, decoded.
pub fn segments(path: &str) -> Vec<String> {
    path.split('/').map(|segment| percent_decode_str(segment).decode_utf8().unwrap().into_owned()).collect()
}

/// The segments of a path's template with ids in their places.
pub fn filled(template: &str, ids: &[&str]) -> Vec<String> {
    let mut ids = ids.iter();
    template
        .split('/')
        .map(|part| if part.starts_with('{') { ids.next().copied().unwrap_or_default() } else { part })
        .map(str::to_owned)
        .collect()
}

/// How a value is checked: as [`orgdeck::schema::Rules`] are.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// It is one that Orgdeck sends.
    pub strict: bool,
    /// The fields that were asked for of the outermost record.
    pub selected: Option<&'a [String]>,
}

/// Whether a value is of a shape: what the library decides from the text is decided here from the tree.
pub fn conforms(value: &Json, shape: &Shape, rules: Rules<'_>) -> bool {
    let inner = Rules { selected: None, ..rules };
    match (shape.kind, value) {
        (Kind::Any, _) => true,
        (Kind::Boxed(kind), _) => conforms(value, &Shape { kind: kind(), ..*shape }, rules),
        (_, Json::Null) => shape.nullable,
        (Kind::Boolean, Json::Boolean(_)) | (Kind::Number, Json::Number(_)) => true,
        (Kind::Text(rule), Json::Text(text)) => {
            !rules.strict
                || match rule {
                    TextRule::Free | TextRule::DateTime => true,
                    TextRule::NonEmpty => !text.is_empty(),
                    TextRule::Email => {
                        let sides: Vec<&str> = text.split('@').collect();
                        sides.len() == 2
                            && sides.iter().all(|side| !side.is_empty())
                            && text.split_whitespace().count() == 1
                            && text.trim() == text
                    }
                }
        }
        (Kind::Enum(set), Json::Text(text)) => match set.values {
            Values::Known(_) if rules.strict => set.known.contains(&text.as_str()),
            _ => true,
        },
        (Kind::Integer(rule), Json::Number(number)) => {
            let fraction = number.split_once('.').map_or("", |(_, fraction)| fraction);
            let whole = number.split('.').next().unwrap().parse::<i128>().unwrap_or(i128::MAX);
            let fits = match rule {
                IntegerRule::Free => true,
                IntegerRule::From(min) => (min.into()..=i32::MAX.into()).contains(&whole),
                IntegerRule::Between(min, max) => (min.into()..=max.into()).contains(&whole),
            };
            !number.contains(['e', 'E']) && fraction.trim_matches('0').is_empty() && (fits || !rules.strict)
        }
        (Kind::List(item), Json::List(items)) => items.iter().all(|value| conforms(value, item, inner)),
        (Kind::Record(record), Json::Object(members)) => {
            let known = members.iter().all(|(name, value)| match record.fields.get(name) {
                Some(field) => conforms(value, &field.shape, inner),
                None => !rules.strict,
            });
            let selected =
                |name: &str| rules.selected.is_none_or(|selected| selected.iter().any(|field| field == name));
            known && { record.fields }
                .all(|field| !field.required || !selected(field.name) || value.get(field.name).is_some())
        }
        _ => false,
    }
}

/// Levels of a value.
pub fn depth(value: &Json) -> usize {
    match value {
        Json::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}
