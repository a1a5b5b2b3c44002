//! Answers that are errors: `vendor status`, lines of headers, an empty line, and the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::http::{Error, ErrorKind, Headers, Response, Sent, milliseconds};
use orgdeck::json::Json;
use orgdeck_fuzz::{line, vendor};

fuzz_target!(|input: &[u8]| {
    let end = input.windows(2).position(|pair| pair == b"\n\n").unwrap_or(input.len());
    let head = String::from_utf8_lossy(&input[..end]);
    let body = input.get(end + 2..).unwrap_or_default();
    let (what, fields) = line(&head);
    let (name, status) = what.split_once(' ').unwrap_or_default();
    let vendor = vendor(name);
    let status = status.parse().unwrap_or_else(|_| status.len() as u16 % 6 * 100);
    let mut headers = Headers::new();
    for (name, value) in fields.lines().filter_map(|field| field.split_once(": ")) {
        headers.put(name, value);
    }

    let seconds = headers.get("retry-after").and_then(milliseconds);
    let plain = status == 503 || status == 429 && headers.get("ratelimit").is_none();
    let response = Response { status, headers, body: body.to_vec() };
    let kind = ErrorKind::of_status(status);
    let mut error = Error::new(kind, String::new());
    (vendor.read_error)(&response, &mut error);

    if let Some(ms) = error.retry_after_ms {
        assert!(matches!(status, 429 | 503), "{status} asks to wait {ms} ms");
        assert!((0.0..=f64::from(u32::MAX)).contains(&ms), "{ms} ms are no time to wait");
    }
    if plain && (vendor.name == "close" || seconds.is_some()) {
        assert_eq!(error.retry_after_ms, seconds);
    }
    let other_version = error.kind == ErrorKind::Conflict && status == 400 && vendor.name == "genesys";
    assert!(error.kind == kind || other_version, "{status} is {:?}", error.kind);
    // Everything else is the engine's to say.
    assert_eq!((error.vendor, error.status, error.attempts, error.sent), (None, None, 0, Sent::No));
    assert!(error.body.is_none() && error.cause.is_none() && error.partial.is_none());

    let text = response.text();
    assert!(body.starts_with(text.as_bytes()));
    match Json::parse(text) {
        Ok(body) => said(vendor.name, &body, &error),
        Err(_) if text.trim_ascii().is_empty() => assert_eq!(error.message, ""),
        Err(_) => assert_eq!(error.message, "the answer is not JSON"),
    }
    // What it says ends in logs: paths to the fields must not multiply what was sent.
    let size = error.message.len()
        + error.fields.iter().map(|(name, text)| name.len() + text.len()).sum::<usize>()
        + error.vendor_code.as_ref().map_or(0, String::len);
    assert!(size <= 8 * body.len() + 50_000, "{} bytes make {size}", body.len());
});

/// The plain shapes, whatever stands beside them.
fn said(vendor: &str, body: &Json, error: &Error) {
    // Under `error` Genesys has a code.
    let names: &[&str] = if vendor == "close" { &["error", "message"] } else { &["message"] };
    let messages: Vec<&str> = names.iter().filter_map(|name| body.get(name).and_then(Json::as_str)).collect();
    if let [message] = messages[..] {
        assert!(error.message.contains(message), "{message:?} is not in {:?}", error.message);
    }
}
