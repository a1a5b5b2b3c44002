//! Where a store changes how it holds things, and what it takes no more of.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod common;

use std::collections::BTreeMap;

use common::{Record, again, feed, fill, read, records, state};
use orgdeck_columns::{Cells, Ingest, Insert, Stop, Store};

/// An array of so many records.
fn array(count: usize, record: impl Fn(usize) -> String) -> Vec<u8> {
    let records: Vec<String> = (0..count).map(record).collect();
    format!("[{}]", records.join(",")).into_bytes()
}

fn is_coded(store: &Store, field: &str) -> bool {
    matches!(store.column(field).unwrap().cells(), Cells::Coded { .. })
}

#[test]
fn where_few_rows_share_a_value_each_gets_its_own() {
    let json = array(1_023, |at| format!(r#"{{"id":{at},"few":{},"many":"é {at}","odd":null}}"#, at % 7));
    let mut store = Store::new("id", Vec::new());
    fill(&mut store, Insert::New, &json, &[]).unwrap();
    assert!(is_coded(&store, "many"));

    // A batch that fails does not change that, one that passes does.
    let more = array(9, |at| format!(r#"{{"id":"b{at}","few":3,"many":"b{at}","odd":"{at} é"}}"#));
    let before = state(&store);
    let duplicates = [&more[..more.len() - 1], br#",{"id":"b0"}]"#].concat();
    fill(&mut store, Insert::New, &duplicates, &[]).unwrap_err();
    assert!(is_coded(&store, "many"));
    assert!(state(&store) == before);
    fill(&mut store, Insert::New, &more, &[]).unwrap();
    assert!(!is_coded(&store, "many") && !is_coded(&store, "id"));
    assert!(is_coded(&store, "few") && is_coded(&store, "odd"));
    assert_eq!(read(&store), [records(&json), records(&more)].concat());
    assert_eq!(store.column("many").unwrap().wide().len(), 1_023);
}

#[test]
fn values_are_numbered_as_long_as_there_are_numbers() {
    // Each value twice and the first one more often, so that it pays.
    let half_of = |at: usize| at.saturating_sub(2) / 2;
    let record = |at: usize| format!(r#"{{"id":{at},"half":{}}}"#, half_of(at));
    let mut store = Store::new("id", Vec::new());
    fill(&mut store, Insert::New, &array(131_070, record), &[]).unwrap();
    assert!(is_coded(&store, "half"));
    let restored = again(&store);
    fill(&mut store, Insert::New, br#"[{"id":"x","half":"65535th"}]"#, &[]).unwrap();
    assert!(!is_coded(&store, "half") && is_coded(&restored, "half"));
    let half = |store: &Store, row| store.column("half").unwrap().get(row).bytes.to_vec();
    for row in 0..131_070 {
        let due = half_of(row).to_string().into_bytes();
        assert_eq!((half(&store, row), half(&restored, row)), (due.clone(), due));
    }
    assert_eq!(half(&store, 131_070), b"65535th");
}

#[test]
fn a_record_has_all_its_fields_in_whichever_order() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let record = |at: usize| {
        let mut left = names.to_vec();
        let mut members = vec![format!(r#""id":{at}"#)];
        let mut number = at;
        while !left.is_empty() {
            let name = left.remove(number % left.len());
            members.push(format!(r#""{name}":{at}"#));
            number /= left.len() + 1;
        }
        format!("{{{}}}", members.join(","))
    };
    let json = array(700, record);
    let mut store = Store::new("id", Vec::new());
    fill(&mut store, Insert::New, &json, &[]).unwrap();
    let restored = again(&store);
    let due = records(&json);
    for read in [read(&store), read(&restored)] {
        assert_eq!(read[..255], due[..255]);
        let sorted = |records: &[Record]| -> Vec<BTreeMap<_, _>> {
            records.iter().map(|record| record.iter().cloned().collect()).collect()
        };
        assert_eq!(sorted(&read), sorted(&due));
    }
}

#[test]
fn there_are_so_many_fields_and_no_more() {
    let fields = |from: usize, to: usize| (from..to).map(|at| format!(r#","f{at}":1"#)).collect::<String>();
    let mut store = Store::new("id", Vec::new());
    let most = format!(r#"[{{"id":1{}}}]"#, fields(1, 4_096));
    fill(&mut store, Insert::New, most.as_bytes(), &[]).unwrap();
    assert_eq!(read(&store), records(most.as_bytes()));
    let before = state(&store);
    let one_more = r#"[{"id":2,"f7":1},{"id":3,"another":2}]"#;
    let stop = fill(&mut store, Insert::New, one_more.as_bytes(), &[]).unwrap_err();
    assert_eq!(stop, Stop::Fields { at: one_more.find(r#""another""#).unwrap() });
    assert!(state(&store) == before);
    assert_eq!(read(&again(&store)), read(&store));
}

#[test]
fn fields_that_are_not_kept_may_be_any_number() {
    let json = array(9_000, |at| format!(r#"{{"x{at}":[1],"id":{at},"kept":{at},"y":1}}"#));
    let mut store = Store::new("id", Vec::new());
    let mut ingest = Ingest::new(Insert::New, Some(vec!["kept".to_owned()]), &[]);
    let mark = store.begin();
    feed(&mut ingest, &mut store, &json, &[]).unwrap();
    store.commit(&mark, Insert::New).unwrap();
    let kept = array(9_000, |at| format!(r#"{{"id":{at},"kept":{at}}}"#));
    assert_eq!(read(&store), records(&kept));
}

#[test]
fn a_field_that_was_met_in_a_dropped_record_keeps_its_place() {
    let mut store = Store::new("id", Vec::new());
    store.begin_listing();
    let mut ingest = Ingest::new(Insert::Listed, None, &[]);
    let pages = [
        r#"[{"id":"a","x":1}]"#,
        // Known, and with a field that nobody else has.
        r#"[{"id":"a","x":1,"y":2}]"#,
        r#"[{"id":"b","z":3,"y":4}]"#,
    ];
    for page in pages {
        let mark = store.begin();
        ingest.restart();
        feed(&mut ingest, &mut store, page.as_bytes(), &[]).unwrap();
        store.commit(&mark, Insert::Listed).unwrap();
    }
    assert_eq!(read(&store), records(br#"[{"id":"a","x":1},{"id":"b","z":3,"y":4}]"#));
}

#[test]
fn long_texts_are_held_once_however_many_pieces_they_come_in() {
    let long = r"a\u00e9\ud83d\ude00 \\".repeat(60_000);
    let json = array(5_000, |at| match at {
        4_998 => format!(r#"{{"id":{at},"a":"{long}","b":"{long}","c":{at}}}"#),
        _ => format!(r#"{{"id":{at},"a":"{at}","b":"é{at}","c":{at}}}"#),
    });
    let (mut whole, mut pieces) = (Store::new("id", Vec::new()), Store::new("id", Vec::new()));
    fill(&mut whole, Insert::New, &json, &[]).unwrap();
    let cuts: Vec<usize> = (0..200).map(|at| json.len() / 200 * at).collect();
    fill(&mut pieces, Insert::New, &json, &cuts).unwrap();
    let due = records(&json);
    for store in [&mut whole, &mut pieces] {
        store.shrink();
        assert!(read(store) == due, "it is not what was read");
    }
    assert!(pieces.byte_len() < whole.byte_len() + 10_000, "{} {}", pieces.byte_len(), whole.byte_len());
    let restored = again(&pieces);
    assert!(read(&restored) == due, "it is not what was kept");
}

#[test]
fn memory_of_rows_that_are_gone_is_given_back() {
    let record =
        |at: usize| format!(r#"{{"id":"user {at}","name":"somebody {at}","role":"role {}"}}"#, at % 5);
    let base = array(20_000, record);
    let mut store = Store::new("id", Vec::new());
    fill(&mut store, Insert::New, &base, &[]).unwrap();
    store.shrink();
    let fresh = store.byte_len();

    // Listed again and again, with one of each hundred changed.
    let mut most = 0;
    for turn in 0..40 {
        store.begin_listing();
        for page in 0..200 {
            let json = array(100, |at| {
                let record = record(page * 100 + at);
                if at == turn { record.replace("somebody", "another") } else { record }
            });
            fill(&mut store, Insert::Listed, &json, &[]).unwrap();
        }
        assert!(store.unlisted().is_empty());
        most = most.max(store.byte_len());
        if store.is_wasteful() {
            store.pack().unwrap();
            assert!(store.byte_len() < fresh + fresh / 20, "{} {fresh}", store.byte_len());
        }
    }
    assert!(most < fresh * 3, "{most} {fresh}");

    for row in store.live().iter().collect::<Vec<_>>() {
        if row % 4 > 0 {
            store.remove(row);
        }
    }
    let left = read(&store);
    assert!(store.is_wasteful());
    store.pack().unwrap();
    assert_eq!(read(&store), left);
    assert!(store.byte_len() < fresh / 3, "{} {fresh}", store.byte_len());
}
