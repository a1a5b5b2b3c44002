//! What is read is what serde_json reads: the same values in the same order, however the text is cut; and what is no JSON
//! is refused by both.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod common;

use common::{array, feed, fill, is_json, read, records, state};
use orgdeck_columns::{FieldRule, Ingest, Insert, Kinds, Stop, Store};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn values_and_order_are_those_of_serde_json(json in array(), cuts in vec(any::<usize>(), 0..8)) {
        let mut store = Store::new("id", Vec::new());
        let batch = fill(&mut store, Insert::New, json.as_bytes(), &cuts).unwrap();
        let records = records(json.as_bytes());
        prop_assert_eq!(batch.added, records.len());
        prop_assert_eq!(read(&store), records);
    }

    #[test]
    fn a_list_in_an_object_is_read_however_it_is_cut(
        json in array(), before in common::value(), behind in common::value(), cuts in vec(any::<usize>(), 0..8)
    ) {
        let page = format!(r#" {{"has_more" : {before} ,"data": {json} , "total":{behind}}} "#);
        let mut store = Store::new("id", Vec::new());
        fill(&mut store, Insert::New, page.as_bytes(), &cuts).unwrap();
        prop_assert_eq!(read(&store), records(json.as_bytes()));
    }

    #[test]
    fn what_is_no_json_is_refused(
        json in array(), changes in vec(change(), 1..3), cuts in vec(any::<usize>(), 0..4)
    ) {
        let mut text = json.into_bytes();
        changes.iter().for_each(|change| change.apply(&mut text));
        let mut store = Store::new("id", Vec::new());
        let mut ingest = Ingest::new(Insert::New, None, &["data"]);
        let read = feed(&mut ingest, &mut store, &text, &cuts);
        if is_json(&text) {
            prop_assert!(!matches!(read, Err(Stop::Malformed { .. } | Stop::Truncated { .. })), "{:?}", read);
        } else {
            prop_assert!(read.is_err());
        }
        if let Err(stop) = read {
            prop_assert!(offset(&stop) <= text.len(), "{:?}", stop);
            prop_assert_eq!(matches!(stop, Stop::Truncated { at } if at != text.len()), false);
        }
    }

    #[test]
    fn what_is_wrong_with_a_record_is_said_with_its_place(
        json in array(), wrong in 0_usize..4, place in any::<usize>(), cuts in vec(any::<usize>(), 0..8)
    ) {
        let rules = vec![
            FieldRule { name: "seats".into(), allowed: Kinds::INTEGER.or(Kinds::NULL), required: false },
            FieldRule { name: "id".into(), allowed: Kinds::ANY, required: true },
        ];
        let culprit = [
            r#"{"id":"culprit","seats": 1.5}"#, r#"{"id":"0é"}"#, r#"{"x":1}"#, r#"{"x":1,"id":null}"#,
        ][wrong];
        let mut store = Store::new("id", rules);
        fill(&mut store, Insert::New, r#"[{"id":"0é","seats":4.0}, {"id":1,"seats":null}]"#.as_bytes(), &[]).unwrap();
        let before = state(&store);

        // In front of one of the records, whose ids are others.
        let others = json.replace("é", "è");
        let starts: Vec<usize> = starts(&others);
        let start = starts[place % starts.len()];
        let separator = if others.trim_start_matches('[').trim_start().starts_with(']') { "" } else { "," };
        let is_last = start + 1 == others.len();
        let text = match is_last && !separator.is_empty() {
            true => format!("{},{culprit}]", &others[..start]),
            false => format!("{}{culprit}{separator}{}", &others[..start], &others[start..]),
        };
        let start = start + usize::from(is_last && !separator.is_empty());
        let stop = fill(&mut store, Insert::New, text.as_bytes(), &cuts).unwrap_err();
        let field = |at, id: Option<&str>, field: &str, message: &str| Stop::Field {
            at,
            id: id.map(str::to_owned),
            field: field.to_owned(),
            message: message.to_owned(),
        };
        let due = match wrong {
            0 => field(start + 25, Some("culprit"), "seats", "expected a whole number, found a number"),
            1 => Stop::Duplicate { at: start, id: "0é".to_owned() },
            2 => field(start, None, "id", "it is missing"),
            _ => field(start, None, "id", "expected a string or a number, found null"),
        };
        prop_assert_eq!(stop, due);
        prop_assert_eq!(state(&store), before);
    }
}

#[test]
fn a_wrong_field_names_its_record_wherever_the_id_stands() {
    let rules = || vec![FieldRule { name: "email".into(), allowed: Kinds::TEXT, required: false }];
    let id_of = |record: &str| match fill(
        &mut Store::new("id", rules()),
        Insert::New,
        format!(r#"[{{"id":"another"}},{record},{{"id":"third"}}]"#).as_bytes(),
        &[],
    ) {
        Err(Stop::Field { id, field, .. }) if field == "email" => id,
        other => panic!("{other:?}"),
    };
    assert_eq!(id_of(r#"{"id":"x","email":1}"#).as_deref(), Some("x"));
    assert_eq!(id_of(r#"{"email":1 , "a":{"id":"no"},"\u0069d" : "x\u00e9"}"#).as_deref(), Some("xé"));
    assert_eq!(id_of(r#"{"email":1,"id":-7}"#).as_deref(), Some("-7"));
    assert_eq!(id_of(r#"{"email":1,"id":[7]}"#), None);
    assert_eq!(id_of(r#"{"email":1}"#), None);
}

/// Where the records of an array begin, and where it ends.
fn starts(json: &str) -> Vec<usize> {
    let raw: Vec<&serde_json::value::RawValue> = serde_json::from_str(json).unwrap();
    let starts = raw.iter().map(|record| record.get().as_ptr() as usize - json.as_ptr() as usize);
    starts.chain([json.len() - 1]).collect()
}

fn offset(stop: &Stop) -> usize {
    match stop {
        Stop::Malformed { at }
        | Stop::Truncated { at }
        | Stop::NoRecords { at }
        | Stop::Field { at, .. }
        | Stop::Duplicate { at, .. }
        | Stop::Fields { at } => *at,
        Stop::TooLarge => 0,
    }
}

/// Something done to a text.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Cut(usize),
    Take(usize),
    Insert(usize, &'static [u8]),
}

fn change() -> impl Strategy<Value = Change> {
    let parts: Vec<&'static [u8]> = vec![
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"-",
        b".",
        b"e",
        b" ",
        b"\n",
        b"\0",
        b"\x1f",
        b"\x80",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\\u",
        b"\\ud800",
        b"\\udc00",
        b"\\u12",
        b"null",
        b"tru",
        b"id",
        b"\xef\xbb\xbf",
        b"//",
        b"NaN",
        b"'",
    ];
    prop_oneof![
        (any::<usize>(), 0_u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        any::<usize>().prop_map(Change::Cut),
        any::<usize>().prop_map(Change::Take),
        (any::<usize>(), select(parts)).prop_map(|(at, part)| Change::Insert(at, part)),
    ]
}

impl Change {
    fn apply(&self, text: &mut Vec<u8>) {
        let len = text.len();
        match *self {
            _ if len == 0 => {}
            Self::Flip(at, bit) => text[at % len] ^= 1 << bit,
            Self::Cut(at) => text.truncate(at % len),
            Self::Take(at) => {
                text.remove(at % len);
            }
            Self::Insert(at, part) => {
                let at = at % (len + 1);
                text.splice(at..at, part.iter().copied());
            }
        }
    }
}
