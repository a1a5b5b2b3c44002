//! Records into a table, held to serde_json: a line with the places at which the text is cut, and the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck_columns::{Insert, Stop, Store};
use orgdeck_fuzz::records::{Record, fill, is_json, members, read, records, state, written};

const BEFORE: &[u8] = br#"[{"id":"before","a":1,"data":null}]"#;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let cuts: Vec<usize> =
        String::from_utf8_lossy(&input[..end]).split(' ').filter_map(|cut| cut.parse().ok()).collect();
    let text = input.get(end + 1..).unwrap_or_default();
    let mut store = Store::new("id", Vec::new());
    fill(&mut store, Insert::New, BEFORE, &[]).unwrap();
    let before = state(&store);

    let mut whole = store.clone();
    let outcome = fill(&mut store, Insert::New, text, &cuts);
    assert_eq!(outcome, fill(&mut whole, Insert::New, text, &[]), "it matters where it is cut");
    let after = state(&store);
    assert!(after == state(&whole), "it matters where it is cut");
    match outcome {
        Ok(batch) => {
            assert!(is_json(text));
            let due = due(text).unwrap();
            assert_eq!((batch.added, batch.replaced), (due.len(), 0));
            assert_eq!(read(&store)[1..], due);
            // What is written is read again as it was.
            let mut again = Store::new("id", Vec::new());
            fill(&mut again, Insert::New, &written(&store), &cuts).unwrap();
            assert_eq!(written(&again), written(&store));
        }
        Err(stop) => {
            assert!(after == before, "it is not as it was");
            match stop {
                Stop::Malformed { at } | Stop::Truncated { at } => {
                    assert!(at <= text.len() && !is_json(text), "{stop:?}");
                }
                Stop::NoRecords { at } | Stop::Field { at, .. } | Stop::Duplicate { at, .. } => {
                    assert!(at < text.len() && due(text).is_none(), "{stop:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
});

/// The records of a text; none if it has none, or they cannot be told apart.
fn due(text: &[u8]) -> Option<Vec<Record>> {
    if !is_json(text) {
        return None;
    }
    let list = match text.trim_ascii_start().first() {
        Some(b'[') => text.to_vec(),
        Some(b'{') => {
            let mut lists = members(text).into_iter().filter(|member| member.0 == "data");
            let list = lists.next()?;
            if lists.next().is_some() {
                return None;
            }
            list.1.text().as_bytes().to_vec()
        }
        _ => return None,
    };
    let items: Vec<&serde_json::value::RawValue> = serde_json::from_slice(&list).ok()?;
    if items.iter().any(|item| !item.get().starts_with('{')) {
        return None;
    }
    let records = records(&list);
    let mut ids = vec![(true, "before".to_owned())];
    for record in &records {
        let id = &record.iter().find(|member| member.0 == "id")?.1;
        let is_number =
            |text: &str| text.starts_with('-') || text.starts_with(|first: char| first.is_ascii_digit());
        if !id.is_text() && !is_number(id.text()) {
            return None;
        }
        ids.push((id.is_text(), id.text().to_owned()));
    }
    ids.sort();
    ids.windows(2).all(|pair| pair[0] != pair[1]).then_some(records)
}
