//! Snapshots of tables: bytes as they are, and as what follows a checksum that is right.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck_columns::{Damaged, Insert, Kind, Store};
use orgdeck_fuzz::records::{BODY, fill, is_json, read, sign, written};

fuzz_target!(|input: &[u8]| {
    let _ = whole(input);
    let mut signed = Store::new("id", Vec::new()).snapshot(b"").unwrap();
    signed.splice(BODY.., input.iter().copied());
    sign(&mut signed);
    if let Err(damaged) = whole(&signed) {
        assert_eq!(damaged, Damaged::Content);
    }
});

/// Whatever is restored can be read, changed and kept again.
fn whole(bytes: &[u8]) -> Result<(), Damaged> {
    let (mut store, note) = Store::restore(bytes)?;
    let rows = store.rows();
    assert_eq!(store.live().count(), rows);
    assert!(is_json(&written(&store)));
    assert_eq!(read(&store).len(), rows);
    for row in 0..rows {
        let id = store.key().unwrap().get(row);
        assert!(matches!(id.kind, Kind::Text | Kind::Number));
        assert!(store.find(id.bytes).is_some());
    }
    for column in store.columns() {
        assert_eq!(column.len(), rows);
        assert!((0..rows).all(|row| {
            let cell = column.get(row);
            cell.kind == Kind::Absent || column.allowed().allows(cell)
        }));
    }
    let again = store.snapshot(note).unwrap();
    let (twice, twice_note) = Store::restore(&again).unwrap();
    assert!(twice.snapshot(twice_note).unwrap() == again && note == twice_note);
    assert_eq!(written(&twice), written(&store));

    let record = br#"[{"id":"another","a":"\u00e9"}]"#;
    let key = store.key().unwrap().name().to_owned();
    let added = fill(&mut store, Insert::Replace, record, &[]);
    if key == "id" {
        // It may be that a field must hold something else.
        let row = added.ok().map(|_| store.find(b"another").unwrap());
        assert!(row.is_none_or(|row| store.remove(row)));
    }
    store.pack().unwrap();
    assert!(store.live().count() + 1 >= rows);
    Ok(())
}
