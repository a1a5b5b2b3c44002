//! How long to wait, as headers and messages have it: a number of seconds, or a date, which is held to `httpdate`.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use orgdeck::http::{Error, ErrorKind, Headers, Response, date_ms, milliseconds};
use orgdeck_fuzz::vendor;

fuzz_target!(|text: &str| {
    let ms = milliseconds(text);
    assert_eq!(ms, seconds(text));
    assert_eq!(asked("close", &[("retry-after", text)], ""), ms);
    assert_eq!(asked("genesys", &[("retry-after", text)], ""), ms);
    if !text.contains(['[', ']']) {
        let message = serde_json::json!({ "message": format!("Retry the request in [{text}] seconds") });
        assert_eq!(asked("genesys", &[], &message.to_string()), ms);
    }
    if !text.contains(',') {
        let limit = format!("limit=100, remaining={text}, reset={text}");
        assert_eq!(asked("close", &[("ratelimit", &limit)], ""), ms);
        assert_eq!(asked("close", &[("ratelimit", &limit), ("retry-after", "7")], ""), ms.or(Some(7_000.0)));
        let window = (vendor("close").limits.read)(&headers(&[("ratelimit", &limit)]));
        let left = window.map(|window| (window.limit, f64::from(window.remaining), window.reset_ms));
        assert_eq!(left, ms.map(|ms| (100, (ms / 1_000.0).floor(), ms)));
    }
    if let Some(window) = (vendor("close").limits.read)(&headers(&[("ratelimit", text)])) {
        assert!((0.0..=f64::from(u32::MAX)).contains(&window.reset_ms), "{window:?}");
    }
    date(text);
});

fn headers(fields: &[(&str, &str)]) -> Headers {
    let mut headers = Headers::new();
    fields.iter().for_each(|(name, value)| headers.put(name, value));
    headers
}

fn asked(name: &str, fields: &[(&str, &str)], body: &str) -> Option<f64> {
    let response = Response { status: 429, headers: headers(fields), body: body.into() };
    let mut error = Error::new(ErrorKind::RateLimit, String::new());
    (vendor(name).read_error)(&response, &mut error);
    error.retry_after_ms
}

/// Whole milliseconds of digits with perhaps a point among them.
fn seconds(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let ms = format!("{whole}{:0<3}", fraction.get(..3).unwrap_or(fraction));
    Some(ms.parse().unwrap_or(u32::MAX).into())
}

fn date(text: &str) {
    let ours = date_ms(text);
    let theirs = httpdate::parse_http_date(text.trim_ascii()).ok();
    // It is read where a date is due, so numbers must not be dates.
    assert!(ours.is_none() || milliseconds(text).is_none());
    // The form that servers write; there are two that they no longer do.
    if let (true, Some(theirs)) = (text.trim_ascii().len() == 29, theirs) {
        let ms = theirs.duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1_000.0;
        assert_eq!(ours, Some(ms), "{text:?}");
    }
    if let Some(ms) = ours {
        // The day of the week is not asked, and a day may have a second more.
        let time = UNIX_EPOCH + Duration::from_secs_f64(ms / 1_000.0);
        let (written, read) = (httpdate::fmt_http_date(time), text.trim_ascii());
        let exists = read[5..7] == written[5..7] && !read.contains(":60 ");
        assert!(!exists || read[5..] == written[5..], "{read:?} is {written}");
        let days = time.duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
        assert!(days < 8_030 * 366, "{read:?}");
    }
}
