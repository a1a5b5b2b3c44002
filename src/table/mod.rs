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

pub use csv::csv;
pub use facets::facets;
pub use fill::{Filling, Listed, make_room};
pub use filter::filter;
pub use folding::Folding;
pub use histogram::histogram;
pub use order::{Collation, Orders};
pub use query::Query;
pub use schema::Schema;
pub use search::Searches;
pub use view::{Known, Part, View};
pub use words::Word;

use orgdeck_columns::{Batch, Insert, Store, quote};

use crate::http::Error;
use crate::schema::Shape;

/// Records in memory, as columns.
#[derive(Debug)]
pub struct Table {
    store: Store,
    /// The model that its records are of, if they are.
    shape: Option<Shape>,
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
        let Schema { key, rules, shape } = schema;
        let (searches, orders) = Default::default();
        Self { store: Store::new(&key, rules), shape, version: 0, limit: LIMIT, searches, orders }
    }

    /// Another limit of the bytes that it may take.
    pub const fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// The columns.
    pub const fn store(&self) -> &Store {
        &self.store
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

    /// The names of all fields.
    pub fn fields(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for column in self.store.columns() {
            names.push(column.name());
        }
        names
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
        let done = Filling::new(insert, None).take(self, records, 0, &mut |_| Ok(()));
        done.map(|(_, batch)| batch).map_err(|message| Error::config("table.{}: {}", &[name, &message]))
    }

    /// From here on [`Table::end_listing`] knows which records came.
    pub fn begin_listing(&mut self) {
        self.store.begin_listing();
    }

    /// Ends the listing, and removes what did not come with it if `removes`.
    pub fn end_listing(&mut self, removes: bool) {
        let before = self.len();
        for row in self.store.unlisted() {
            if removes {
                self.store.remove(row);
            }
        }
        if self.len() < before {
            self.changed();
        }
        self.store.shrink();
    }

    /// Removes a record by its id; whether it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        let is_there = self.store.find(id.as_bytes()).is_some_and(|row| self.store.remove(row));
        if is_there {
            self.changed();
        }
        is_there
    }

    fn changed(&mut self) {
        self.version += 1;
        if self.store.is_wasteful() {
            // Without the memory for it the table stays as large as it is, and right.
            let _ = self.store.pack();
        }
    }
}

/// The place of a field's column.
fn place(store: &Store, name: &str) -> Option<usize> {
    store.columns().iter().position(|column| column.name() == name)
}

/// The same; none when there are no records yet, or none of them has it.
///
/// # Errors
/// A `ConfigError` when neither the records nor the schema have such a field.
fn place_for(store: &Store, argument: &str, name: &str) -> Result<Option<usize>, Error> {
    let place = place(store, name);
    let is_known =
        place.is_some() || store.live().count() == 0 || store.rules().iter().any(|rule| rule.name == name);
    if is_known { Ok(place) } else { Err(Error::config("{}: there is no field `{}`", &[argument, name])) }
}

/// Texts as a JSON array.
pub fn listed(texts: &[&str]) -> Vec<u8> {
    let mut list = vec![b'['];
    for text in texts {
        if list.len() > 1 {
            list.push(b',');
        }
        quote(text.as_bytes(), &mut list);
    }
    list.push(b']');
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_would_be_too_large_stays_as_it_was() {
        let mut table = Table::new(Schema::any());
        table.upsert("upsert", br#"[{"id":"a","text":"x"}]"#, Insert::Replace).unwrap();
        table.set_limit(table.byte_len() + 1_000);
        let large = format!(r#"[{{"id":"a","text":"y"}},{{"id":"b","text":"{}"}}]"#, "z".repeat(10_000));
        let error = table.upsert("upsert", large.as_bytes(), Insert::Replace).unwrap_err();
        assert_eq!(error.message, "table.upsert: the table is larger than the memory of the page");
        assert_eq!((table.len(), table.version()), (1, 1));
        assert_eq!(table.get("a").unwrap(), br#"{"id":"a","text":"x"}"#);
        table.upsert("upsert", br#"[{"id":"c"}]"#, Insert::Replace).unwrap();
        assert_eq!(table.len(), 2, "what fits is taken");
    }
}
