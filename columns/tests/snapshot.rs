//! Snapshots that were changed: by accident, and by somebody who makes the checksum right.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod common;

use common::{BODY, fill, read, sign};
use orgdeck_columns::{Damaged, FieldRule, Insert, Kinds, Store};
use proptest::collection::vec;
use proptest::prelude::*;

fn rules() -> Vec<FieldRule> {
    let text = Kinds::TEXT.or(Kinds::NULL);
    vec![
        FieldRule { name: "id".into(), allowed: Kinds::TEXT, required: true },
        FieldRule { name: "name".into(), allowed: text, required: false },
        FieldRule { name: "seats".into(), allowed: Kinds::INTEGER, required: false },
    ]
}

/// A snapshot with something of each kind.
fn snapshot() -> Vec<u8> {
    let json = r#"[
        {"id":"user_a","name":"Zoë","seats":1234,"tags":[1,"é"],"active":true,"role":"admin"},
        {"id":"user_b","name":null,"tags":{"k":[]},"active":false,"role":"member","score":-1.5e3},
        {"id":"user_c","role":"nobody"}
    ]"#;
    let mut store = Store::new("id", rules());
    fill(&mut store, Insert::New, json.as_bytes(), &[]).unwrap();
    store.snapshot(b"close.user").unwrap()
}

/// A snapshot in which something is something else.
fn with(from: &[u8], to: &[u8]) -> Result<(), Damaged> {
    let bytes = snapshot();
    let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
    let mut changed = [&bytes[..at], to, &bytes[at + from.len()..]].concat();
    sign(&mut changed);
    Store::restore(&changed).map(drop)
}

#[test]
fn a_restored_store_goes_on_as_the_one_it_was_made_of() {
    let bytes = snapshot();
    let (mut restored, note) = Store::restore(&bytes).unwrap();
    assert_eq!(note, b"close.user");
    assert_eq!(restored.find(b"user_b"), Some(1));
    let more = r#"[{"id":"user_b","role":"admin","new":"ł"},{"id":"user_d","name":"Åsa"}]"#;
    let wrong = [r#"[{"id":"x","name":1}]"#, r#"[{"id":"user_a"}]"#, r#"[{"name":"Åsa"}]"#, r#"[{"id":1}]"#];
    for json in wrong {
        fill(&mut restored, Insert::New, json.as_bytes(), &[]).unwrap_err();
        assert_eq!(restored.snapshot(note).unwrap(), bytes);
    }
    let batch = fill(&mut restored, Insert::Replace, more.as_bytes(), &[]).unwrap();
    assert_eq!((batch.added, batch.replaced), (1, 1));
    assert_eq!(read(&restored)[1..2], common::records(more.as_bytes())[..1]);
    assert_eq!(read(&restored)[3..], common::records(more.as_bytes())[1..]);
}

#[test]
fn an_empty_store_comes_back() {
    let empty = Store::new("id", rules());
    let (restored, note) =
        Store::restore(&empty.snapshot(b"").unwrap()).map(|(store, note)| (store, note.to_vec())).unwrap();
    assert_eq!((restored.rows(), restored.key().unwrap().name(), note.len()), (0, "id", 0));
}

#[test]
fn each_changed_byte_is_found() {
    let bytes = snapshot();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        let due = match at {
            0..8 => Damaged::Foreign,
            8..12 => Damaged::Version,
            _ => Damaged::Content,
        };
        assert_eq!(Store::restore(&changed).unwrap_err(), due, "byte {at}");
        let due = if at < 8 { Damaged::Foreign } else { Damaged::Content };
        assert_eq!(Store::restore(&bytes[..at]).unwrap_err(), due, "the first {at} bytes");
    }
    assert_eq!(Store::restore(&[&bytes[..], b"\0"].concat()).unwrap_err(), Damaged::Content);
}

#[test]
fn a_right_checksum_makes_nothing_right() {
    assert_eq!(with(b"Zo", b"Jo"), Ok(()));
    let wrong: [(&[u8], &[u8], &str); 13] = [
        ("Zoë".as_bytes(), b"Zo\xc3\x28", "no UTF-8"),
        (b"user_b", b"user_a", "an id twice"),
        (b"\x35user_b", b"\x01\x01\x01\x01\x01\x01\x01", "no id"),
        (b"admin", b"adm\xffn", "no UTF-8 among the values"),
        (b"\x35member\x35nobody", b"\x35member\x35member", "a value twice"),
        (b"1234", b"12.4", "not the number that the field must hold"),
        (b"1234", b"0123", "no number"),
        (b"-1.5e3", b"-1.5e_", "no number where anything may be"),
        ("[1,\"é\"]".as_bytes(), "[1,'é']".as_bytes(), "no list"),
        ("[1,\"é\"]".as_bytes(), b"[1,\"\xff\xff\"]", "no UTF-8 within a list"),
        (b"{\"k\":[]}", b" 123456 ", "a number that is to be an object"),
        (b"\x04role", b"\x04\xc0\x80le", "no UTF-8 in a name"),
        (b"active\x04role", b"active\x04name", "a column twice"),
    ];
    for (from, to, what) in wrong {
        assert_eq!(with(from, to), Err(Damaged::Content), "{what}");
    }
}

#[test]
fn counts_are_not_believed() {
    let bytes = snapshot();
    for at in BODY..bytes.len() {
        for count in
            [&b"\xff\xff\xff\xff\x0f"[..], b"\xff\xff\xff\x7f", b"\xff\xff\x03", b"\x80\x80\x80\x80\x80\x80"]
        {
            let mut changed = [&bytes[..at], count, &bytes[at + 1..]].concat();
            sign(&mut changed);
            if let Ok((store, _)) = Store::restore(&changed) {
                assert!(store.byte_len() < 10_000);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_restored_is_whole(changes in vec((any::<usize>(), any::<u8>(), 0..3_u8), 1..4)) {
        let mut bytes = snapshot();
        for (at, byte, how) in changes {
            let at = BODY + at % (bytes.len() - BODY);
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        sign(&mut bytes);
        if let Ok((mut store, note)) = Store::restore(&bytes) {
            let again = store.snapshot(note).unwrap();
            let (twice, note) = Store::restore(&again).unwrap();
            prop_assert_eq!(read(&store), read(&twice));
            prop_assert_eq!(twice.snapshot(note).unwrap(), again);
            for row in 0..store.rows() {
                let id = store.id(row).to_vec();
                prop_assert!(store.find(&id).is_some());
            }
            store.pack().unwrap();
            prop_assert_eq!(read(&store), read(&twice));
        }
    }
}
