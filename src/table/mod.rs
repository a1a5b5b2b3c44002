//! The directory table: records as columns, searched, filtered, sorted and counted where they lie.
//!
//! `orgdeck-columns` has the columns and goes over them; what a directory means by a search, a criterion or an order is
//! said here. What the browser knows better, such as accents and the order of letters, is handed in.

mod csv;
mod facets;
mod fill;
mod filter;
mod folding;
mod histogram;
mod order;
mod query;
mod schema;
mod search;
mod view;
mod words;

pub use csv::File;
pub use facets::facets;
pub use fill::{Filling, Listed, explain, make_room};
pub use filter::filter;
pub use folding::Folding;
pub use histogram::histogram;
pub use order::{Collation, Orders};
pub use query::Query;
pub use schema::Schema;
pub use search::Searches;
pub use view::{Known, Part, View, file};
pub use words::Word;

use orgdeck_columns::{Batch, Damaged, Ingest, Insert, Store};

use crate::http::Error;

/// Records in memory, as columns.
#[derive(Debug)]
pub struct Table {
    store: Store,
    schema: Schema,
    /// Goes up with every change.
    version: u32,
    /// Bytes that it may take.
    limit: usize,
    searches: Searches,
    orders: Orders,
}

/// What a page's memory can hold, with room for what a change needs besides: it ends at 4 GiB.
const LIMIT: usize = 3 << 30;

impl Table {
    /// A table without records.
    pub fn new(schema: Schema) -> Self {
        let store = Store::new(&schema.key, schema.rules.clone());
        let (searches, orders) = Default::default();
        Self { store, schema, version: 0, limit: LIMIT, searches, orders }
    }

    /// Another limit of the bytes that it may take.
    pub const fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// The columns.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// What its records are.
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How many records.
    pub fn len(&self) -> usize {
        self.store.live().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Goes up with every change.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        self.store.byte_len() + self.searches.byte_len() + self.orders.byte_len()
    }

    /// The column of a field; none when there are no records yet, or none of them has it.
    ///
    /// # Errors
    /// A `ConfigError` when neither the records nor the schema have such a field.
    fn field(&self, argument: &str, name: &str) -> Result<Option<usize>, Error> {
        let place = self.store.columns().iter().position(|column| column.name() == name);
        let is_known =
            place.is_some() || self.is_empty() || self.schema.rules.iter().any(|rule| rule.name == name);
        if is_known { Ok(place) } else { Err(Error::config("{}: there is no field `{}`", &[argument, name])) }
    }

    /// All of it as bytes.
    ///
    /// # Errors
    /// A `ConfigError` when there is no memory for them.
    pub fn snapshot(&self, note: &str) -> Result<Vec<u8>, Error> {
        let too_large = |_| Error::config("table.snapshot: there is not enough memory", &[]);
        self.store.snapshot(note.as_bytes()).map_err(too_large)
    }

    /// A table from a snapshot; `schema` makes one of the note that was kept with it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn restore(bytes: &[u8], schema: impl FnOnce(&str) -> Schema) -> Result<Self, String> {
        let damaged = |damaged| match damaged {
            Damaged::Foreign => "it is no snapshot of a table",
            Damaged::Version => "it is a snapshot of another version of orgdeck",
            Damaged::Content => "the snapshot is damaged",
            Damaged::TooLarge => "the snapshot is larger than the memory of the page",
        };
        let (store, note) = Store::restore(bytes).map_err(|why| damaged(why).to_owned())?;
        let mut schema = schema(std::str::from_utf8(note).unwrap_or_default());
        schema.rules = store.rules().to_vec();
        Ok(Self { store, ..Self::new(schema) })
    }

    fn is_too_large(&self) -> bool {
        self.store.byte_len() > self.limit
    }

    /// A record as JSON.
    pub fn get(&self, id: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        self.store.write(self.store.find(id.as_bytes())?, &mut out);
        Some(out)
    }

    /// Adds records, a JSON array, and replaces those that are there; or sets the fields that are given on those that are
    /// there. Either all or none.
    ///
    /// # Errors
    /// A `ConfigError` that names the record that is wrong.
    pub fn upsert(&mut self, name: &str, records: &[u8], insert: Insert) -> Result<Batch, Error> {
        let mut ingest = Ingest::new(insert, None, &[]);
        fill::fill_at_once(self, &mut ingest, records)
            .map_err(|message| Error::config("table.{}: {}", &[name, &message]))
    }

    /// From here on [`Table::end_listing`] knows which records came.
    pub fn begin_listing(&mut self) {
        self.store.begin_listing();
    }

    /// Ends the listing, and removes what did not come with it if `removes`.
    pub fn end_listing(&mut self, removes: bool) {
        let unlisted = self.store.unlisted();
        if removes {
            self.remove_rows(unlisted);
        }
        self.store.shrink();
    }

    /// Removes records by their ids, and says how many there were.
    pub fn remove<'a>(&mut self, ids: impl Iterator<Item = &'a str>) -> usize {
        let rows: Vec<usize> = ids.filter_map(|id| self.store.find(id.as_bytes())).collect();
        self.remove_rows(rows)
    }

    fn remove_rows(&mut self, rows: Vec<usize>) -> usize {
        let removed = rows.into_iter().filter(|row| self.store.remove(*row)).count();
        if removed > 0 {
            self.changed();
        }
        removed
    }

    fn changed(&mut self) {
        self.version += 1;
        if self.store.is_wasteful() {
            // Without the memory for it the table stays as large as it is, and right.
            let _ = self.store.pack();
        }
    }

    fn settle(&mut self, batch: Batch) {
        if batch.changed {
            self.changed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_would_be_too_large_stays_as_it_was() {
        let mut table = Table::new(Schema::any());
        table.upsert("upsert", br#"[{"id":"a","text":"x"}]"#, Insert::Replace).unwrap();
        let before = table.snapshot("").unwrap();
        table.set_limit(table.byte_len() + 1_000);
        let large = format!(r#"[{{"id":"a","text":"y"}},{{"id":"b","text":"{}"}}]"#, "z".repeat(10_000));
        let error = table.upsert("upsert", large.as_bytes(), Insert::Replace).unwrap_err();
        assert_eq!(error.message, "table.upsert: the table is larger than the memory of the page");

        let mut filling = Filling::new(&table, Insert::Replace, None);
        let room = filling.room().unwrap();
        room[..large.len()].copy_from_slice(large.as_bytes());
        assert!(filling.take(&mut table, large.len(), true).is_err());
        filling.roll_back(&mut table);

        assert_eq!(table.snapshot("").unwrap(), before);
        assert_eq!(table.get("a").unwrap(), br#"{"id":"a","text":"x"}"#);
        table.upsert("upsert", br#"[{"id":"c"}]"#, Insert::Replace).unwrap();
        assert_eq!(table.len(), 2, "what fits is taken");
    }
}
