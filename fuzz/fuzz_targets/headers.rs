//! Header fields that a caller gives, held to the `http` crate: a name, a colon, and the value.
#![no_main]

use http::{HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use orgdeck::client::Bearer;
use orgdeck::http::Headers;

fuzz_target!(|input: &str| {
    let (name, value) = input.split_once(':').unwrap_or((input, ""));
    let mut headers = Headers::new();
    match (headers.set(name, value), HeaderName::from_bytes(name.as_bytes()), plain(value)) {
        (Ok(()), Ok(theirs), Some(_)) => {
            assert_eq!(headers.iter().collect::<Vec<_>>(), [(theirs.as_str(), value)]);
            headers.set(&name.to_ascii_uppercase(), "another").unwrap();
            assert_eq!(headers.iter().collect::<Vec<_>>(), [(theirs.as_str(), "another")]);
            assert_eq!(headers.get(theirs.as_str()), Some("another"));
        }
        (Err(error), Err(_), _) => assert_eq!(error.message, format!("header name `{name}` is not allowed")),
        (Err(error), Ok(_), None) => {
            let message = format!("the value of header `{name}` holds a character that headers may not hold");
            assert_eq!(error.message, message, "the value may be a secret");
        }
        (ours, theirs, value) => panic!("{ours:?}, {theirs:?}, {value:?}"),
    }
    match Bearer::new(value) {
        Ok(token) => {
            let credentials = token.into_value();
            assert_eq!(credentials, format!("Bearer {value}"));
            headers.set("authorization", &credentials).unwrap();
        }
        Err(_) => {
            let is_token = plain(value).is_some() && !value.contains([' ', '\t']);
            assert!(value.is_empty() || !is_token, "{value:?} is refused");
        }
    }
});

/// A value that may be sent, and that is ASCII.
fn plain(value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(value).ok().filter(|value| value.to_str().is_ok())
}
