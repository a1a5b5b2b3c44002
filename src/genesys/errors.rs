//! The errors of Genesys, one shape for all, `ErrorBody`; and how long to wait, as
//! <https://developer.genesys.cloud/platform/api/rate-limits> has it.

use crate::http::{Error, ErrorKind, Response, cut, find, join, milliseconds, parts};
use crate::json::Json;

/// What Genesys says of a version that is not the current one, with 409 as a rule and with 400 at times.
const OTHER_VERSION: &str = "does not match the current version";

pub(super) fn read(response: &Response, error: &mut Error) {
    let text = response.text();
    let body = Json::parse(text);
    if let Ok(body) = &body {
        read_body(body, error);
    } else if !text.trim_ascii().is_empty() {
        "the answer is not JSON".clone_into(&mut error.message);
    }
    if response.status == 400 && find(&error.message, OTHER_VERSION).is_some() {
        error.kind = ErrorKind::Conflict;
    }
    if matches!(response.status, 429 | 503) {
        // Browsers hide the header unless the vendor exposes it; what the message says they cannot hide.
        let header = response.headers.get("retry-after").and_then(milliseconds);
        error.retry_after_ms = header.or_else(|| seconds_in(&error.message));
    }
}

fn read_body(body: &Json, error: &mut Error) {
    let text = |name: &str| body.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
    // The last is what the login hosts say.
    let message = ["message", "messageWithParams", "error_description"].iter().find_map(|name| text(name));
    let code = ["code", "error"].iter().find_map(|name| text(name));
    error.request_id = error.request_id.take().or_else(|| text("contextId"));
    let mut messages = message.map_or_else(Vec::new, |message| vec![message]);
    for inner in body.items("errors") {
        if let Some(message) = inner.text("message") {
            messages.push(message.to_owned());
        }
    }
    for detail in body.items("details") {
        let part = |name: &str| detail.text(name).unwrap_or_default().to_owned();
        if !part("fieldName").is_empty() {
            error.fields.push((part("fieldName"), part("errorCode")));
        }
    }
    error.message = match (&*messages, &code) {
        ([], Some(code)) => code.clone(),
        _ => join(&messages, "; "),
    };
    error.vendor_code = code;
}

/// Milliseconds of "Retry the request in [12] seconds", or of the older "[300] requests within [60] seconds".
fn seconds_in(message: &str) -> Option<f64> {
    let mut times = parts(message, b'[').skip(1).filter_map(|part| {
        let (number, rest) = cut(part, b']')?;
        if rest.as_bytes().starts_with(b" seconds") { milliseconds(number) } else { None }
    });
    times.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    fn error(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        let mut all = Headers::new();
        headers.iter().for_each(|(name, value)| all.put(name, value));
        let response = Response { status, headers: all, body: body.into() };
        let mut error = Error::new(ErrorKind::of_status(status), String::new());
        read(&response, &mut error);
        error
    }

    #[test]
    fn message_code_and_request_are_read() {
        let body = r#"{"message":"Gone","code":"not.found","status":404,"contextId":"in-body"}"#;
        let read = error(404, &[], body);
        assert_eq!((read.message.as_str(), read.vendor_code.as_deref()), ("Gone", Some("not.found")));
        assert_eq!(read.request_id.as_deref(), Some("in-body"), "the header is the engine's to read");
        assert_eq!(error(404, &[], "{}").request_id, None);
    }

    #[test]
    fn whatever_there_is_becomes_the_message() {
        for (body, message) in [
            (r#"{"message":"","messageWithParams":"Value {x}"}"#, "Value {x}"),
            (
                r#"{"message":"Two things","errors":[{"message":"one"},{"message":"two"},{}]}"#,
                "Two things; one; two",
            ),
            (r#"{"code":"bad.request"}"#, "bad.request"),
            (r#"{"error":"invalid_grant","error_description":"expired"}"#, "expired"),
            (r#"{"error":"invalid_grant"}"#, "invalid_grant"),
            ("<html>", "the answer is not JSON"),
            (" ", ""),
            ("[]", ""),
            ("null", ""),
            (r#"{"message":5,"errors":"no","details":{}}"#, ""),
        ] {
            assert_eq!(error(400, &[], body).message, message, "{body}");
        }
    }

    #[test]
    fn details_name_the_fields() {
        let body =
            r#"{"message":"Bad","details":[{"errorCode":"invalid","fieldName":"type"},{"errorCode":"x"}]}"#;
        assert_eq!(error(400, &[], body).fields, [("type".to_owned(), "invalid".to_owned())]);
    }

    #[test]
    fn a_version_mismatch_is_a_conflict_with_either_status() {
        let body = r#"{"message":"The version supplied does not match the current version of the group"}"#;
        assert_eq!(error(409, &[], body).kind, ErrorKind::Conflict);
        assert_eq!(error(400, &[], body).kind, ErrorKind::Conflict);
        assert_eq!(error(400, &[], r#"{"message":"no"}"#).kind, ErrorKind::Validation);
    }

    #[test]
    fn the_time_to_wait_is_in_the_message_when_the_header_is_hidden() {
        for (headers, message, ms) in [
            (vec![("retry-after", "3")], "in [12] seconds", Some(3_000.0)),
            (vec![], "Rate limit exceeded the maximum. Retry the request in [12] seconds", Some(12_000.0)),
            (vec![], "Rate limit exceeded the maximum [300] requests within [60] seconds", Some(60_000.0)),
            (vec![], "Rate limit exceeded. Retry in [%s] seconds", None),
            (vec![], "slow down", None),
        ] {
            let body = format!(r#"{{"message":"{message}"}}"#);
            assert_eq!(error(429, &headers, &body).retry_after_ms, ms, "{message}");
        }
        assert_eq!(error(400, &[], r#"{"message":"in [12] seconds"}"#).retry_after_ms, None);
    }
}
