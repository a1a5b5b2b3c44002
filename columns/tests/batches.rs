//! A store against a plain list of records: batches of all kinds, those that fail included, removals, listings, packing and
//! readings anew, in any order.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod common;

use std::collections::BTreeSet;

use common::{Record, Said, again, fill, id, is, put, read, state, written};
use orgdeck_columns::{Batch, Ingest, Insert, Store};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Records, and the ids that came since a listing began.
#[derive(Clone, Debug, Default)]
struct Model {
    records: Vec<Record>,
    listed: Option<BTreeSet<String>>,
}

impl Model {
    /// What becomes of a batch; none if it is refused.
    fn apply(&mut self, insert: Insert, batch: &[Record]) -> Option<Batch> {
        let before = self.clone();
        let mut outcome = Batch::default();
        let mut listed_now = BTreeSet::new();
        for record in batch {
            let id = id(record);
            let known = self.records.iter().position(|known| is(known, &id));
            match (known, insert) {
                (Some(_), Insert::New) => {
                    *self = before;
                    return None;
                }
                (None, Insert::Patch) => continue,
                (Some(_), Insert::Listed) if self.is_listed(&id) || listed_now.contains(&id) => continue,
                (Some(known), Insert::Patch) => {
                    for (name, value) in record {
                        put(&mut self.records[known], name, value.clone());
                    }
                    outcome.replaced += 1;
                }
                (Some(known), _) => {
                    self.records[known] = record.clone();
                    outcome.replaced += 1;
                }
                (None, _) => {
                    self.records.push(record.clone());
                    listed_now.insert(id.clone());
                    outcome.added += 1;
                }
            }
            // What is new stays; what only changes was not listed for that.
            if known.is_none() || insert == Insert::Listed {
                self.listed.as_mut().map(|listed| listed.insert(id));
            }
        }
        outcome.changed = self.records != before.records;
        Some(outcome)
    }

    fn is_listed(&self, id: &str) -> bool {
        self.listed.as_ref().is_some_and(|listed| listed.contains(id))
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Records, and whether one comes behind them that is refused.
    Batch(Insert, Vec<Record>, bool),
    Remove(usize),
    BeginListing,
    EndListing,
    Pack,
    Shrink,
    Restore,
}

fn record(ids: usize) -> impl Strategy<Value = Record> {
    let value = prop_oneof![
        4 => select(vec!["null", "true", "false", "1", "[1]", "{}"]).prop_map(|json| Said::Json(json.to_owned())),
        2 => select(vec!["", "x", "é", "ł and more than eight bytes"]).prop_map(|text| Said::Text(text.to_owned())),
        1 => (0..9_999_u32).prop_map(|number| Said::Text(format!("value {number}"))),
    ];
    let members = vec((select(vec!["a", "b", "c", "ü"]), value), 0..4);
    (0..ids, members, 0..5_usize).prop_map(|(id, members, place)| {
        let mut record = Record::new();
        members.into_iter().for_each(|(name, value)| put(&mut record, name, value));
        let place = place.min(record.len());
        record.insert(place, ("id".to_owned(), Said::Text(format!("user {id}"))));
        record
    })
}

fn step(ids: usize) -> impl Strategy<Value = Step> {
    let insert = select(vec![Insert::New, Insert::Replace, Insert::Replace, Insert::Listed, Insert::Patch]);
    let batch = (insert, vec(record(ids), 0..8), prop::bool::weighted(0.2));
    prop_oneof![
        8 => batch.prop_map(|(insert, records, fails)| Step::Batch(insert, records, fails)),
        2 => any::<usize>().prop_map(Step::Remove),
        1 => Just(Step::BeginListing),
        1 => Just(Step::EndListing),
        1 => Just(Step::Pack),
        1 => Just(Step::Shrink),
        1 => Just(Step::Restore),
    ]
}

fn json(records: &[Record], fails: bool) -> Vec<u8> {
    let value = |value: &Said| match value {
        Said::Text(text) => serde_json::to_string(text).unwrap(),
        Said::Json(json) => json.clone(),
    };
    let member =
        |(name, said): &(String, Said)| format!("{}:{}", serde_json::to_string(name).unwrap(), value(said));
    let members = |record: &Record| record.iter().map(member).collect::<Vec<_>>().join(",");
    let mut records: Vec<String> = records.iter().map(|record| format!("{{{}}}", members(record))).collect();
    if fails {
        records.push(r#"{"id":"new","a":"not there before","new":1,"id":null}"#.to_owned());
    }
    format!("[{}]", records.join(",")).into_bytes()
}

fn run(store: &mut Store, model: &mut Model, step: &Step) {
    match step {
        // Only a listing has records that come again.
        Step::Batch(Insert::Listed, ..) if model.listed.is_none() => {}
        Step::Batch(insert, records, fails) => {
            let before = state(store);
            let mut after = model.clone();
            let due = after.apply(*insert, records).filter(|_| !fails);
            let batch = fill(store, *insert, &json(records, *fails), &[7, 40]).ok();
            match (batch, due) {
                (Some(batch), Some(due)) => {
                    assert_eq!((batch.added, batch.replaced), (due.added, due.replaced));
                    // It may have changed and changed back.
                    assert!(batch.changed || !due.changed);
                    *model = after;
                }
                (None, None) => assert!(state(store) == before, "it is not as it was"),
                other => panic!("{other:?}"),
            }
        }
        Step::Remove(at) => {
            if !model.records.is_empty() {
                let id = id(&model.records.remove(at % model.records.len()));
                let row = store.find(id.as_bytes()).unwrap();
                assert!(store.remove(row) && !store.remove(row));
            }
        }
        Step::BeginListing => {
            store.begin_listing();
            model.listed = Some(BTreeSet::new());
        }
        Step::EndListing => {
            let unlisted = store.unlisted();
            if let Some(listed) = model.listed.take() {
                let (kept, gone): (Vec<_>, Vec<_>) =
                    model.records.drain(..).partition(|record| listed.contains(&id(record)));
                let ids: Vec<_> = unlisted.iter().map(|row| store.id(*row).to_vec()).collect();
                assert_eq!(ids, gone.iter().map(|record| id(record).into_bytes()).collect::<Vec<_>>());
                model.records = kept;
            }
            unlisted.into_iter().for_each(|row| assert!(store.remove(row)));
        }
        Step::Pack => store.pack().unwrap(),
        Step::Shrink => store.shrink(),
        Step::Restore => {
            // What is listed is not kept.
            if model.listed.is_none() {
                let restored = again(store);
                assert_eq!(written(&restored), written(store));
                *store = restored;
            }
        }
    }
    assert_eq!(store.live().count(), model.records.len());
    assert_eq!(store.live().len(), store.rows());
}

fn same(store: &Store, model: &Model, ids: usize) {
    assert_eq!(read(store), model.records);
    let known: BTreeSet<String> = model.records.iter().map(id).collect();
    for id in 0..ids {
        let id = format!("user {id}");
        let found = store.find(id.as_bytes()).map(|row| store.id(row));
        assert_eq!(found, known.contains(&id).then_some(id.as_bytes()));
    }
    // Only what is not ASCII is marked so, whatever it came as.
    for column in store.columns() {
        assert!(column.wide().is_sorted());
        for row in store.live().iter() {
            let text = column.get(row);
            let is_wide = column.wide().binary_search(&column.address(row)).is_ok();
            assert_eq!(is_wide, text.kind == orgdeck_columns::Kind::Text && !text.bytes.is_ascii());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn it_holds_what_a_list_would(steps in vec(step(12), 0..40)) {
        let (mut store, mut model) = (Store::new("id", Vec::new()), Model::default());
        for step in &steps {
            run(&mut store, &mut model, step);
            same(&store, &model, 12);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// So many that a column has a cell for each row, or is just about to.
    #[test]
    fn it_does_when_there_are_many(count in 4_086..4_100_usize, steps in vec(step(4_200), 1..20)) {
        let (mut store, mut model) = (Store::new("id", Vec::new()), Model::default());
        let base: Vec<Record> = (0..count)
            .map(|at| {
                let text = |text: String| Said::Text(text);
                let a = if at % 3 == 0 { Said::Json("null".to_owned()) } else { text(format!("é {at}")) };
                vec![
                    ("id".to_owned(), text(format!("user {at}"))),
                    ("a".to_owned(), a),
                    ("b".to_owned(), text(format!("value {at}"))),
                ]
            })
            .collect();
        run(&mut store, &mut model, &Step::Batch(Insert::New, base, false));
        for step in &steps {
            run(&mut store, &mut model, step);
        }
        same(&store, &model, 4_200);
    }
}

#[test]
fn a_first_batch_that_had_room_made_leaves_nothing_behind() {
    let records = |count| {
        let record = |row| format!(r#"{{"id":"{row}","a":"value {row}","b":"{}"}}"#, row % 3);
        (0..count).map(record).collect::<Vec<_>>().join(",")
    };
    let mut store = Store::new("id", Vec::new());
    let mark = store.begin();
    let mut ingest = Ingest::new(Insert::New, None, &[]);
    ingest.feed(&mut store, format!("[{},", records(3000)).as_bytes(), false, &mut |_, _| Ok(())).unwrap();
    store.expect(6000);
    ingest.feed(&mut store, br#"{"id":"x","c":1},{"#, true, &mut |_, _| Ok(())).unwrap_err();
    store.roll_back(&mark);
    assert_eq!(written(&store), b"[]");
    let all = format!("[{}]", records(2000)).into_bytes();
    fill(&mut store, Insert::New, &all, &[]).unwrap();
    assert_eq!(written(&store), all);
    assert!(store.find(b"1999").is_some() && store.find(b"2999").is_none());
}
