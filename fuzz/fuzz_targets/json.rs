//! The JSON reader, held to serde_json.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::json::{Json, Reader, quote};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_bytes::ByteBuf;
use serde_json::Value;

/// What the library lets a value have.
const MAX_DEPTH: i64 = 512;

fuzz_target!(|text: &str| {
    let mut reader = Reader::new(text);
    let skipped = reader.skip().and_then(|()| reader.end());
    // Takes all that JSON is: numbers that no float holds, and halves of surrogate pairs.
    let is_json = serde_json::from_str::<IgnoredAny>(text);
    match (skipped, &is_json) {
        (Ok(()), Ok(_)) => {}
        (Err(_), Err(error)) => {
            let malformed = reader.malformed();
            assert!(malformed.at <= text.len());
            // To serde_json a number that breaks off is wrong and not too short.
            let too_short = error.is_eof() || error.to_string().starts_with("invalid number");
            assert!(!malformed.truncated || too_short, "{malformed:?}, {error}");
        }
        other => panic!("{other:?}"),
    }
    match Json::parse(text) {
        Ok(read) => {
            assert!(is_json.is_ok() && levels(text) < MAX_DEPTH);
            if let Some(theirs) = theirs(text) {
                assert!(same(&read, &theirs), "{read:?}");
            }
            if let (Json::Text(ours), Ok(bytes)) = (&read, serde_json::from_str::<ByteBuf>(text)) {
                assert_eq!(*ours, without_halves(&bytes));
            }
            let written = read.to_text();
            assert_eq!(Json::parse(&written).as_ref(), Ok(&read), "{written}");
        }
        Err(malformed) => assert!(skipped.is_err() || levels(text) >= MAX_DEPTH, "{malformed:?}"),
    }
    let mut quoted = String::new();
    quote(text, &mut quoted);
    assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
});

/// What serde_json makes of it. `None` for what it cannot hold.
fn theirs(text: &str) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    Value::deserialize(&mut reader).ok()
}

fn same(ours: &Json, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) => true,
        (Json::Boolean(ours), Value::Bool(theirs)) => ours == theirs,
        // serde_json rounds the last digit of some floats otherwise than Rust does.
        (Json::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.parse::<f64>().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= theirs.abs() * 1e-15
        }
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Json::Object(members), Value::Object(theirs)) => {
            members.iter().all(|(name, _)| theirs.contains_key(name))
                && theirs.iter().all(|(name, theirs)| ours.get(name).is_some_and(|ours| same(ours, theirs)))
        }
        _ => false,
    }
}

/// The text of bytes that are UTF-8 but for halves of surrogate pairs, each of which is three bytes from `ED A0` on.
fn without_halves(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    loop {
        match std::str::from_utf8(bytes) {
            Ok(rest) => return text + rest,
            Err(error) => {
                let (good, half) = bytes.split_at(error.valid_up_to());
                text += std::str::from_utf8(good).unwrap();
                assert!(half[0] == 0xed && half[1] >= 0xa0);
                text.push(char::REPLACEMENT_CHARACTER);
                bytes = &half[3..];
            }
        }
    }
}

/// How deep the brackets of a JSON text are.
fn levels(text: &str) -> i64 {
    let (mut deepest, mut open, mut quoted, mut escaped) = (0, 0_i64, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => open += 1,
            b']' | b'}' if !quoted => open -= 1,
            _ => {}
        }
        deepest = open.max(deepest);
    }
    deepest
}
