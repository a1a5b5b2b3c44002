//! What serde_json makes of records, and ways to fill and to read a store. The fuzz targets have it as well.

use std::fmt;

use orgdeck_columns::{Batch, Ingest, Insert, Stop, Store};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object in their order: what a string says, or the JSON text of anything else.
pub type Record = Vec<(String, Said)>;

/// What a member says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Text(String),
    Json(String),
}

impl Said {
    pub fn text(&self) -> &str {
        let (Self::Text(text) | Self::Json(text)) = self;
        text
    }

    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    fn of(raw: &str) -> Self {
        match raw.starts_with('"') {
            true => Self::Text(serde_json::from_str(raw).unwrap()),
            false => Self::Json(raw.to_owned()),
        }
    }
}

/// All members of an object.
struct Members(Record);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Record::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    members.push((name, Said::of(value.get())));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// Gives a member another value, or adds it.
pub fn put(record: &mut Record, name: &str, value: Said) {
    match record.iter_mut().find(|member| member.0 == name) {
        Some(known) => known.1 = value,
        None => record.push((name.to_owned(), value)),
    }
}

/// A record's id.
pub fn id(record: &Record) -> String {
    record.iter().find(|member| member.0 == "id").map(|member| member.1.text().to_owned()).unwrap()
}

/// Whether a record has an id.
pub fn is(record: &Record, id: &str) -> bool {
    record.iter().any(|member| member.0 == "id" && member.1.text() == id)
}

/// All members of an object, by serde_json.
pub fn members(json: &[u8]) -> Record {
    serde_json::from_slice::<Members>(json).unwrap().0
}

/// An array of objects as JavaScript reads it: of a name that comes twice the first place and the last value count.
pub fn records(json: &[u8]) -> Vec<Record> {
    let records: Vec<Members> = serde_json::from_slice(json).unwrap();
    let record = |Members(members): Members| {
        let mut record = Record::new();
        members.into_iter().for_each(|(name, value)| put(&mut record, &name, value));
        record
    };
    records.into_iter().map(record).collect()
}

/// Whether it is JSON: by serde_json, which looks neither at UTF-8 nor at halves of surrogate pairs in what it skips.
pub fn is_json(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok() && !has_half_pair(text))
}

fn has_half_pair(json: &str) -> bool {
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at + 1..];
        let unit = |text: &str| u32::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
        rest = match unit(escape) {
            Some(0xd800..0xdc00) => match escape[5..].strip_prefix('\\').and_then(unit) {
                Some(0xdc00..0xe000) => &escape[11..],
                _ => return true,
            },
            Some(0xdc00..0xe000) => return true,
            Some(_) => &escape[5..],
            None => &escape[1..],
        };
    }
    false
}

/// The records of a store as a JSON array, in the order of its rows.
pub fn written(store: &Store) -> Vec<u8> {
    let mut json = vec![b'['];
    for row in store.live().iter() {
        if json.len() > 1 {
            json.push(b',');
        }
        store.write(row, &mut json);
    }
    json.push(b']');
    json
}

/// The records of a store.
pub fn read(store: &Store) -> Vec<Record> {
    records(&written(store))
}

/// Reads a text that comes in pieces, of which each but the last ends at one of the cuts.
pub fn feed(ingest: &mut Ingest, store: &mut Store, json: &[u8], cuts: &[usize]) -> Result<(), Stop> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (json.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(json.len());
    let mut done = 0;
    for (at, cut) in cuts.iter().enumerate() {
        let last = at + 1 == cuts.len();
        let progress = ingest.feed(store, &json[done..*cut], last, &mut |_, _| Ok(()))?;
        done += progress.consumed;
        assert!(done <= *cut);
        assert!(!last || (progress.ended && done == json.len()), "it stopped at {done}");
    }
    Ok(())
}

/// Reads a text, and takes all of it back when it is refused.
pub fn fill(store: &mut Store, insert: Insert, json: &[u8], cuts: &[usize]) -> Result<Batch, Stop> {
    let mark = store.begin();
    match feed(&mut Ingest::new(insert, None, &["data"]), store, json, cuts) {
        Ok(()) => Ok(store.commit(&mark, insert).unwrap()),
        Err(stop) => {
            store.roll_back(&mark);
            Err(stop)
        }
    }
}

/// All that can be seen of a store.
pub fn state(store: &Store) -> (Vec<u8>, Vec<String>) {
    (written(store), store.columns().iter().map(|column| column.name().to_owned()).collect())
}

/// A store of the same records, read anew.
pub fn again(store: &Store) -> Store {
    let mut again = Store::new("id", Vec::new());
    fill(&mut again, Insert::Restored, &written(store), &[]).unwrap();
    again
}
