//! The errors of Close. No schema is published; these are the shapes that were seen:
//! `{"error": "text"}`, `{"errors": ["text"], "field-errors": {"field": "text"}}`, either half alone, an object under
//! `error`, and whatever a gateway says. See <https://developer.close.com/api/overview/http-response-codes>.

use super::limits::reset_ms;
use crate::http::{Error, Response, decimal, fill, join, milliseconds, start_of};
use crate::json::Json;

pub(super) fn read(response: &Response, error: &mut Error) {
    error.retry_after_ms = retry_after_ms(response);
    let text = response.text();
    let Ok(body) = Json::parse(text) else {
        if !text.trim_ascii().is_empty() {
            "the answer is not JSON".clone_into(&mut error.message);
        }
        return;
    };
    let mut messages = Vec::new();
    for name in ["error", "errors", "message"] {
        if let Some(value) = body.get(name) {
            texts(value, &mut messages);
        }
    }
    if let Some(fields) = body.get("field-errors") {
        flatten("", fields, &mut error.fields);
    }
    if messages.is_empty() {
        for (name, text) in &error.fields {
            messages.push(fill("{}: {}", &[name, text]));
        }
    }
    if let Some(count) = body.get("count").and_then(Json::as_u64) {
        // A bulk update that fails has already changed some.
        messages.push(fill("{} were changed before that", &[&decimal(count)]));
    }
    error.message = join(&messages, "; ");
}

/// All texts of a value, wherever they are.
fn texts(value: &Json, out: &mut Vec<String>) {
    match value {
        Json::Text(text) => out.push(text.clone()),
        Json::List(items) => items.iter().for_each(|item| texts(item, out)),
        Json::Object(members) => match value.get("message") {
            Some(message) => texts(message, out),
            None => members.iter().for_each(|(_, member)| texts(member, out)),
        },
        _ => {}
    }
}

/// Fields that an error names, and characters of the path of each: the path stands before every one of its messages.
const MAX_FIELDS: usize = 100;
const PATH_CHARS: usize = 200;

/// Errors of nested documents and list items, each under a path of its own.
fn flatten(path: &str, value: &Json, out: &mut Vec<(String, String)>) {
    let mut below = |name: &str, value| {
        // Lists of documents nest their errors under this name, by position.
        let transparent = name == "errors" || name == "field-errors";
        let path = match (path, transparent) {
            (path, true) => path.to_owned(),
            ("", false) => name.to_owned(),
            (path, false) => fill("{}.{}", &[path, name]),
        };
        if out.len() < MAX_FIELDS {
            flatten(start_of(&path, PATH_CHARS), value, out);
        }
    };
    match value {
        Json::Object(members) => members.iter().for_each(|(name, value)| below(name, value)),
        Json::List(items) if items.iter().any(|item| item.as_str().is_none()) => {
            items.iter().enumerate().for_each(|(at, value)| below(&decimal(at as u64), value));
        }
        Json::List(_) | Json::Text(_) => {
            let mut messages = Vec::new();
            texts(value, &mut messages);
            out.push((path.to_owned(), join(&messages, "; ")));
        }
        other => out.push((path.to_owned(), other.to_text())),
    }
}

/// `RateLimit: limit=100, remaining=0, reset=0.85` is the more precise one, and Close says to prefer it. It stands on
/// other answers too, where it says nothing about when to come back.
fn retry_after_ms(response: &Response) -> Option<f64> {
    let header = || response.headers.get("retry-after").and_then(milliseconds);
    match response.status {
        429 => reset_ms(&response.headers).or_else(header),
        503 => header(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ErrorKind, Headers};

    fn error(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        let mut all = Headers::new();
        headers.iter().for_each(|(name, value)| all.put(name, value));
        let response = Response { status, headers: all, body: body.into() };
        let mut error = Error::new(ErrorKind::of_status(status), String::new());
        read(&response, &mut error);
        error
    }

    #[test]
    fn every_shape_that_was_seen_has_a_message() {
        for (body, message, fields) in [
            (r#"{"error":"Unauthorized"}"#, "Unauthorized", vec![]),
            (r#"{"error":{"message":"slow down","rate_limit":320}}"#, "slow down", vec![]),
            (
                r#"{"message":"API call count exceeded","rate_reset":"0.6"}"#,
                "API call count exceeded",
                vec![],
            ),
            (r#"{"errors":["a","b"]}"#, "a; b", vec![]),
            (
                r#"{"errors":[],"field-errors":{"lead":"Object does not exist."}}"#,
                "lead: Object does not exist.",
                vec![("lead", "Object does not exist.")],
            ),
            (
                r#"{"field-errors":{"email":["bad","worse"]}}"#,
                "email: bad; worse",
                vec![("email", "bad; worse")],
            ),
            (
                r#"{"errors":["no"],"field-errors":{"statuses":{"errors":{"0":{"field-errors":{"label":"required"}}}}}}"#,
                "no",
                vec![("statuses.0.label", "required")],
            ),
            (r#"{"errors":["bad role"],"count":3}"#, "bad role; 3 were changed before that", vec![]),
            ("<html>502</html>", "the answer is not JSON", vec![]),
            ("", "", vec![]),
            ("[]", "", vec![]),
        ] {
            let error = error(400, &[], body);
            assert_eq!(error.message, message, "{body}");
            let found: Vec<_> =
                error.fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            assert_eq!(found, fields, "{body}");
        }
    }

    #[test]
    fn paths_do_not_multiply_what_was_sent() {
        let fields: Vec<String> = (0..5_000).map(|at| format!("\"{at}\":\"x\"")).collect();
        let body = format!(r#"{{"field-errors":{{"{}":{{{}}}}}}}"#, "k".repeat(10_000), fields.join(","));
        let error = error(400, &[], &body);
        assert_eq!((error.fields.len(), error.fields[0].0.len()), (MAX_FIELDS, PATH_CHARS));
        assert!(error.message.len() < body.len());
    }

    #[test]
    fn the_time_to_wait_is_read_with_its_decimals() {
        for (headers, ms) in [
            (vec![("ratelimit", "limit=100, remaining=0, reset=0.85"), ("retry-after", "1")], Some(850.0)),
            (vec![("retry-after", "2")], Some(2_000.0)),
            (vec![("ratelimit", "limit=100"), ("retry-after", "1")], Some(1_000.0)),
            (vec![("retry-after", "0")], Some(0.0)),
            (vec![("retry-after", "60.25")], Some(60_250.0)),
            (vec![("ratelimit", "limit=1, remaining=0, reset=0.0999")], Some(99.0)),
            (vec![("retry-after", "99999999999")], Some(f64::from(u32::MAX))),
            (vec![("retry-after", ".")], None),
            (vec![("retry-after", "1.2.3")], None),
            (vec![("retry-after", "")], None),
            (vec![("retry-after", "-1")], None),
            (vec![("retry-after", "inf")], None),
            (vec![], None),
        ] {
            assert_eq!(error(429, &headers, "{}").retry_after_ms, ms, "{headers:?}");
        }
        assert_eq!(error(400, &[("retry-after", "1")], "{}").retry_after_ms, None);
    }
}
