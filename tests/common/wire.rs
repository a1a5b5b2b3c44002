use std::fmt::Write as _;

use orgdeck::client::{Answer, Call};
use orgdeck::http::Request;
use proptest::prelude::*;

/// One line or two for each call of a table: `request` is what goes out for it.
pub fn line(call: &Call, request: &Request) -> String {
    let answer = match call.endpoint.answer {
        Answer::Nothing => "nothing",
        Answer::One(_) => "a record",
        Answer::Member(_, name) => name,
        Answer::Page { .. } => "a page",
        Answer::Any => "anything",
    };
    let name = match call.endpoint.variant {
        "" => call.endpoint.name.to_owned(),
        variant => format!("{}+{variant}", call.endpoint.name),
    };
    let mut out = format!(
        "{name:<26} {} {}\n{:>26} answers {answer}, repeat {:?}",
        request.method,
        request.target(),
        "",
        call.repeat
    );
    for (name, value) in request.headers.iter() {
        let _ = write!(out, ", {name}: {value}");
    }
    if let Some(body) = &request.body {
        let _ = write!(out, "\n{:>26} {body}", "");
    }
    out.push('\n');
    out
}

/// Compares with a file that is kept; `BLESS=1` writes it.
pub fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let same = text.lines().zip(kept.lines()).take_while(|(new, old)| new == old).count();
    let [new, old] = [text, &kept].map(|text| text.lines().nth(same).unwrap_or("its end"));
    let line = same + 1;
    assert!(
        text == kept,
        "{name}:{line} has\n{old}\ninstead of\n{new}\nIf the change is meant, run the test with BLESS=1"
    );
}

pub fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// Texts that like to mean something in a URL, and any others.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[./%?#&=+:@ ,;\\\\\u{0}\n\té😀a]{1,12}",
        Just("%2e%2e".to_owned()),
        Just("../..".to_owned())
    ]
    .prop_filter("empty texts are refused", |text| !text.is_empty())
}

pub fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
