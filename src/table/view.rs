//! Some of a table's records in some order.

use orgdeck_columns::{Bits, Csv, quote};

use super::facets::facets;
use super::filter::filter;
use super::folding::Folding;
use super::histogram::histogram;
use super::order::Collation;
use super::words::words;
use super::{Query, Table, place_for};
use crate::http::Error;
use crate::query::Texts;

/// What is known of texts and their order, handed in.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// For criteria, and for numbers.
    pub texts: &'a dyn Texts,
    /// For searches.
    pub folding: &'a dyn Folding,
    /// The order of texts; that of code points without it.
    pub collation: Option<Collation<'a>>,
}

/// Some of a table's records in some order, worked out when it is asked, and anew when the table has changed. So any answer
/// may be a `ConfigError` that names what is wrong with the query.
#[derive(Debug)]
pub struct View {
    query: Query,
    found: Option<Found>,
}

/// What was worked out.
#[derive(Debug)]
struct Found {
    /// The version of the table that it is of.
    version: u32,
    rows: Bits,
    /// In their order, once it is asked for.
    sorted: Option<Vec<u32>>,
}

/// Rows in the table's own order are counted off up to here: a list of all takes longer, and who types sees the first.
const NEAR: usize = 1_000;

/// What is asked of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    Record,
    /// Their ids.
    Id,
}

impl View {
    /// A view of what a query says.
    pub const fn new(query: Query) -> Self {
        Self { query, found: None }
    }

    fn find(&mut self, table: &mut Table, known: &Known<'_>) -> Result<&mut Found, Error> {
        let found = match self.found.take() {
            Some(found) if found.version == table.version => found,
            _ => self.query.find(table, known)?,
        };
        Ok(self.found.insert(found))
    }

    /// Its rows.
    fn rows(&mut self, table: &mut Table, known: &Known<'_>) -> Result<&Bits, Error> {
        self.find(table, known).map(|found| &found.rows)
    }

    /// Its rows in their order.
    fn sorted(&mut self, table: &mut Table, known: &Known<'_>) -> Result<&[u32], Error> {
        self.find(table, known)?;
        let Self { query, found: Some(Found { rows, sorted, .. }) } = self else { return Ok(&[]) };
        if sorted.is_none() {
            let Table { store, orders, version, .. } = table;
            *sorted =
                Some(orders.sorted(store, *version, rows, &query.sort, known.collation, known.texts)?);
        }
        Ok(sorted.as_deref().unwrap_or_default())
    }

    /// How many records.
    pub fn len(&mut self, table: &mut Table, known: &Known<'_>) -> Result<usize, Error> {
        self.rows(table, known).map(Bits::count)
    }

    /// Something of each of the records from a place on, so many of them: a JSON array.
    pub fn list(
        &mut self,
        table: &mut Table,
        known: &Known<'_>,
        what: Part,
        offset: usize,
        count: usize,
    ) -> Result<Vec<u8>, Error> {
        let mut shown = Vec::new();
        if self.query.sort.is_empty() && offset < NEAR {
            shown.extend(self.rows(table, known)?.iter().skip(offset).take(count));
        } else {
            let sorted = self.sorted(table, known)?;
            shown.extend(sorted.iter().skip(offset).take(count).map(|row| *row as usize));
        }
        let mut out = vec![b'['];
        for row in shown {
            if out.len() > 1 {
                out.extend_from_slice(b",\n");
            }
            match what {
                Part::Record => table.store.write(row, &mut out),
                Part::Id => quote(table.store.id(row), &mut out),
            }
        }
        out.push(b']');
        Ok(out)
    }

    /// The place of a record, if it is there.
    pub fn place(&mut self, table: &mut Table, known: &Known<'_>, id: &str) -> Result<Option<usize>, Error> {
        let Some(row) = table.store.find(id.as_bytes()) else { return Ok(None) };
        Ok(self.sorted(table, known)?.iter().position(|known| *known as usize == row))
    }

    /// The values of a field and how often each occurs: see [`facets`].
    pub fn facets(&mut self, table: &mut Table, known: &Known<'_>, field: &str) -> Result<Vec<u8>, Error> {
        let column = place_for(&table.store, "facets", field)?.unwrap_or(usize::MAX);
        let rows = self.rows(table, known)?;
        let Table { store, orders, version, .. } = table;
        let values = orders.ranks(store, *version, column, None, known.texts);
        Ok(facets(rows, values.as_ref().map(|(column, ranks)| (*column, &**ranks))))
    }

    /// How many records have a date of a field on each day: see [`histogram`].
    pub fn histogram(&mut self, table: &mut Table, known: &Known<'_>, field: &str) -> Result<Vec<u8>, Error> {
        place_for(&table.store, "histogram", field)?;
        let rows = self.rows(table, known)?;
        Ok(histogram(&table.store, rows, field))
    }

    /// Adds the next piece of a file of the records. Whether more follow.
    pub fn piece(
        &mut self,
        table: &mut Table,
        known: &Known<'_>,
        csv: &mut Csv,
        out: &mut Vec<u8>,
    ) -> Result<bool, Error> {
        let rows = self.sorted(table, known)?;
        Ok(csv.next(&table.store, rows, out))
    }
}

impl Query {
    /// Works out which rows it means.
    fn find(&self, table: &mut Table, known: &Known<'_>) -> Result<Found, Error> {
        let version = table.version;
        let words = words(&self.words, table.store.columns());
        let mut fields = Vec::new();
        for name in self.search_in.as_deref().unwrap_or_default() {
            if let Some(column) = place_for(&table.store, "query.searchIn", name)? {
                fields.push(column);
            }
        }
        let fields = self.search_in.is_some().then_some(fields);
        let Table { store, searches, .. } = table;
        let mut rows = if words.is_empty() {
            store.live()
        } else {
            searches
                .find(store, words, fields, version, known.folding)
                .map_err(|_| Error::config("the table is larger than the memory of the page", &[]))?
        }
        .clone();
        if let Some(criteria) = &self.criteria {
            let hits = filter(store, criteria, known.texts)
                .map_err(|error| Error::config("query.where{}", &[&error.message]))?;
            rows.and(&hits);
        }
        Ok(Found { version, rows, sorted: None })
    }
}
