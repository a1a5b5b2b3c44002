//! Search: a tree of criteria, and pages whose links carry the whole search with them.
//!
//! A link's `q64` is the request, as JSON, packed with gzip, as base64 for URLs. Clients are to pass
//! it on unread; the sandbox takes whatever unpacks.

use std::cmp::Ordering;
use std::io::{Read, Write};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::criteria::Criteria;
use super::errors::Refusal;
use super::fields::Fields;
use super::groups;
use super::paging::Window;
use super::users;
use super::{Answer, Call, MAX_BODY_BYTES, parse};

/// Written with padding, read with or without.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is encoded in links: of base64, the padding.
const IN_LINKS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

const ORDERS: [&str; 3] = ["ASC", "DESC", "SCORE"];

/// `POST /groups/search`.
pub fn by_body(call: &Call<'_>) -> Result<Answer, Refusal> {
    search(call, call.body.as_ref())
}

/// `GET /groups/search?q64=…`.
pub fn by_link(call: &Call<'_>) -> Result<Answer, Refusal> {
    search(call, Some(&unpack(call.params.require("q64")?)?))
}

fn search(call: &Call<'_>, request: Option<&Value>) -> Result<Answer, Refusal> {
    let fields = Fields::of(request)?;
    let window = Window::of(fields.number("pageSize")?, fields.number("pageNumber")?)?;
    let order = Order::read(&fields)?;
    let criteria = Criteria::read(&fields, "query")?.unwrap_or_default();

    let mut found = Vec::new();
    for group in groups::all(call)? {
        let record = serde_json::to_value(&group)?;
        if criteria.hold_for(&record) {
            found.push(record);
        }
    }
    // They come in the order of names, and stay so where nothing else is asked for.
    found.sort_by(|a, b| order.compare(a, b));

    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(window.skip()).unwrap_or(usize::MAX);
    let size = usize::try_from(window.size).unwrap_or(usize::MAX);
    let mut results: Vec<Value> = found.into_iter().skip(skip).take(size).collect();
    if call.params.list("expand").is_some_and(|wanted| wanted.contains(&"owners")) {
        results.iter_mut().try_for_each(|group| expand_owners(call, group))?;
    }

    let count = window.count(total);
    let link = |number: i64| link(call, request, Window { number, ..window });
    let mut answer = json!({
        "total": total,
        "pageCount": count,
        "pageSize": window.size,
        "pageNumber": window.number,
        "currentPage": link(window.number)?,
        "types": ["groups"],
        "results": results,
    });
    if let Value::Object(answer) = &mut answer {
        if window.number > 1 {
            answer.insert("previousPage".to_owned(), link((window.number - 1).min(count.max(1)))?.into());
        }
        if window.number < count {
            answer.insert("nextPage".to_owned(), link(window.number + 1)?.into());
        }
    }
    Answer::ok(&answer)
}

/// By which fields, each of them upwards or downwards.
struct Order<'a>(Vec<(&'a str, bool)>);

impl<'a> Order<'a> {
    /// Reads `sort`, or else `sortBy` and `sortOrder`. Scores are all the same here, so asking for
    /// them asks for nothing.
    fn read(fields: &Fields<'a>) -> Result<Self, Refusal> {
        let mut order = Vec::new();
        let read = |fields: &Fields<'a>| -> Result<Option<(&'a str, bool)>, Refusal> {
            let direction = fields.choice("sortOrder", &ORDERS)?.unwrap_or("ASC");
            let by = fields.text("sortBy")?.filter(|by| !by.is_empty());
            Ok(by.filter(|_| direction != "SCORE").map(|by| (by, direction == "DESC")))
        };
        let whole = read(fields)?;
        for item in fields.objects("sort")?.unwrap_or_default() {
            order.extend(read(&item)?);
        }
        // An order without a field is one of names.
        let names_down = fields.text("sortBy")?.is_none() && fields.text("sortOrder")? == Some("DESC");
        if order.is_empty() {
            order.extend(whole.or(names_down.then_some(("name", true))));
        }
        Ok(Order(order))
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let by_one = |(field, down): &(&str, bool)| match (key(a, field), key(b, field)) {
            // What has no value comes last, whichever way.
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) if *down => b.compare(&a),
            (Some(a), Some(b)) => a.compare(&b),
        };
        self.0.iter().map(by_one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

enum Key {
    Number(f64),
    Text(String),
}

/// What a group is sorted by: the first value of the field. Upper and lower case are the same.
fn key(value: &Value, path: &str) -> Option<Key> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| key(item, path)),
        Value::Object(members) => match path.split_once('.') {
            Some((name, rest)) => key(members.get(name)?, rest),
            None if path.is_empty() => None,
            None => key(members.get(path)?, ""),
        },
        Value::String(text) if path.is_empty() => Some(Key::Text(text.to_lowercase())),
        Value::Number(number) if path.is_empty() => number.as_f64().map(Key::Number),
        Value::Bool(flag) if path.is_empty() => Some(Key::Text(flag.to_string())),
        _ => None,
    }
}

impl Key {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.total_cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Number(_), Key::Text(_)) => Ordering::Less,
            (Key::Text(_), Key::Number(_)) => Ordering::Greater,
        }
    }
}

/// Puts whole users where there were references to them.
fn expand_owners(call: &Call<'_>, group: &mut Value) -> Result<(), Refusal> {
    let owners = group.get("owners").and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<&str> = owners.filter_map(|owner| owner.get("id")?.as_str()).collect();
    let users = json!(users::with_ids(call.db, &ids)?);
    if let Value::Object(group) = group {
        group.insert("owners".to_owned(), users);
    }
    Ok(())
}

/// The way to a page of the same search.
fn link(call: &Call<'_>, request: Option<&Value>, window: Window) -> Result<String, Refusal> {
    let mut request = request.and_then(Value::as_object).cloned().unwrap_or_default();
    request.extend(Map::from_iter([
        ("types".to_owned(), json!(["groups"])),
        ("pageSize".to_owned(), window.size.into()),
        ("pageNumber".to_owned(), window.number.into()),
    ]));
    let q64 = pack(&Value::Object(request))?;
    let q64 = utf8_percent_encode(&q64, IN_LINKS);
    Ok(format!("/api/v2/groups/search?q64={q64}{}", call.params.raw_without(&["q64"])))
}

fn pack(request: &Value) -> Result<String, Refusal> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let packed = packer.write_all(&serde_json::to_vec(request)?).and_then(|()| packer.finish());
    Ok(BASE64_URL.encode(packed.map_err(Refusal::internal)?))
}

/// The alphabet for URLs or the other one; and where a plus was not encoded, it arrives as a blank.
fn unpack(q64: &str) -> Result<Value, Refusal> {
    let garbage =
        || Refusal::bad_request("The parameter [q64] is not a search: take it from a search's answer.");
    let text: String = q64
        .chars()
        .map(|c| match c {
            '+' | ' ' => '-',
            '/' => '_',
            c => c,
        })
        .collect();
    let packed = BASE64_URL.decode(text).map_err(|_| garbage())?;
    let mut request = Vec::new();
    // A small text can unpack to a very large one.
    let most = MAX_BODY_BYTES as u64;
    GzDecoder::new(packed.as_slice()).take(most + 1).read_to_end(&mut request).map_err(|_| garbage())?;
    if request.len() > MAX_BODY_BYTES {
        return Err(Refusal::too_large(MAX_BODY_BYTES));
    }
    match parse(&request)? {
        request @ Value::Object(_) => Ok(request),
        _ => Err(garbage()),
    }
}
