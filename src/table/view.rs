//! Some of a table's records in some order.

use orgdeck_columns::Bits;

use super::csv::File;
use super::facets::facets;
use super::filter::filter;
use super::folding::Folding;
use super::histogram::histogram;
use super::order::Collation;
use super::words::words;
use super::{Query, Table};
use crate::http::Error;
use crate::json::Json;
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

/// Some of a table's records in some order, worked out when it is asked, and anew when the table has changed.
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
    count: usize,
    /// In their order, once it is asked for.
    sorted: Option<Vec<u32>>,
}

impl View {
    /// A view of what a query says.
    pub const fn new(query: Query) -> Self {
        Self { query, found: None }
    }

    /// How many records.
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with the query.
    pub fn len(&mut self, table: &mut Table, known: Known<'_>) -> Result<usize, Error> {
        Ok(self.find(table, known)?.count)
    }

    fn find(&mut self, table: &mut Table, known: Known<'_>) -> Result<&mut Found, Error> {
        let version = table.version;
        let found = match self.found.take().filter(|found| found.version == version) {
            Some(found) => found,
            None => self.query.find(table, known)?,
        };
        Ok(self.found.insert(found))
    }

    /// The rows in their order.
    fn sorted(&mut self, table: &mut Table, known: Known<'_>) -> Result<&[u32], Error> {
        let mut keys = Vec::new();
        for (field, descends) in &self.query.sort {
            // A field that no record has yet says nothing about their order.
            if let Some(column) = table.field("query.sort", field)? {
                keys.push((column, *descends));
            }
        }
        let found = self.find(table, known)?;
        if found.sorted.is_none() {
            let Table { store, orders, version, .. } = table;
            let sorted = orders.sorted(store, *version, &found.rows, &keys, known.collation, known.texts);
            found.sorted = Some(sorted);
        }
        Ok(found.sorted.as_deref().unwrap_or_default())
    }

    /// The rows from a place on, so many of them.
    fn rows(
        &mut self,
        table: &mut Table,
        known: Known<'_>,
        offset: usize,
        count: usize,
    ) -> Result<Vec<usize>, Error> {
        if self.query.sort.is_empty() {
            let found = self.find(table, known)?;
            return Ok(found.rows.iter().skip(offset).take(count).collect());
        }
        let sorted = self.sorted(table, known)?;
        Ok(sorted.iter().skip(offset).take(count).map(|row| *row as usize).collect())
    }

    /// Something of each of the records from a place on, so many of them: a JSON array.
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with the query.
    pub fn list(
        &mut self,
        table: &mut Table,
        known: Known<'_>,
        what: Part,
        offset: usize,
        count: usize,
    ) -> Result<Vec<u8>, Error> {
        let rows = self.rows(table, known, offset, count)?;
        let store = &table.store;
        let mut out = vec![b'['];
        for (place, row) in rows.into_iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match what {
                Part::Record => store.write(row, &mut out),
                Part::Id => orgdeck_columns::quote(store.id(row), &mut out),
            }
        }
        out.push(b']');
        Ok(out)
    }

    /// The place of a record, if it is there.
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with the query.
    pub fn place(&mut self, table: &mut Table, known: Known<'_>, id: &str) -> Result<Option<usize>, Error> {
        let row = table.store.find(id.as_bytes());
        let Some(row) = row.filter(|row| self.found.as_ref().is_none_or(|found| found.rows.get(*row))) else {
            return Ok(None);
        };
        Ok(self.sorted(table, known)?.iter().position(|known| *known as usize == row))
    }

    /// The values of a field and how often each occurs: see [`facets`].
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with the query.
    pub fn facets(&mut self, table: &mut Table, known: Known<'_>, field: &str) -> Result<Vec<u8>, Error> {
        let column = table.field("facets", field)?.unwrap_or(usize::MAX);
        let found = self.find(table, known)?;
        let Table { store, orders, version, .. } = table;
        let values = orders.ranks(store, *version, column, None, known.texts);
        Ok(facets(&found.rows, values.as_ref().map(|(column, ranks)| (*column, &**ranks))))
    }

    /// How many records have a date of a field on each day: see [`histogram`].
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with the query.
    pub fn histogram(&mut self, table: &mut Table, known: Known<'_>, field: &str) -> Result<Vec<u8>, Error> {
        table.field("histogram", field)?;
        let found = self.find(table, known)?;
        Ok(histogram(&table.store, &found.rows, field))
    }

    /// The next piece of a file of the records, and whether more follow.
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with the query.
    pub fn piece(
        &mut self,
        table: &mut Table,
        known: Known<'_>,
        file: &mut File,
    ) -> Result<(Vec<u8>, bool), Error> {
        self.sorted(table, known)?;
        let found = self.find(table, known)?;
        let mut out = Vec::new();
        let has_more = file.next(&table.store, found.sorted.as_deref().unwrap_or_default(), &mut out);
        Ok((out, has_more))
    }
}

/// What is asked of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    Record,
    /// Their ids.
    Id,
}

impl Query {
    /// Works out which rows it means.
    fn find(&self, table: &mut Table, known: Known<'_>) -> Result<Found, Error> {
        let version = table.version;
        let words = words(&self.words, table.store.columns());
        let mut fields = Vec::new();
        match &self.search_in {
            None => fields.extend(0..table.store.columns().len()),
            Some(names) => {
                for name in names {
                    fields.extend(table.field("query.searchIn", name)?);
                }
            }
        }
        let Table { store, searches, .. } = table;
        let mut rows = match words.as_slice() {
            [] => store.live().clone(),
            _ => searches
                .find(store, &words, &fields, version.into(), known.folding)
                .map_err(|_| Error::config("the table is larger than the memory of the page", &[]))?,
        };
        if let Some(criteria) = &self.criteria {
            let hits = filter(store, criteria, known.texts)
                .map_err(|error| Error::config("query.where{}", &[&error.message]))?;
            rows.and(&hits);
        }
        Ok(Found { version, count: rows.count(), rows, sorted: None })
    }
}

/// What a file is to be, by its name and options.
///
/// # Errors
/// A `ConfigError` that names what is wrong with them.
pub fn file(table: &Table, options: Option<&Json>) -> Result<File, Error> {
    match options {
        Some(options) => File::csv(&table.store, options),
        None => Ok(File::Json(0)),
    }
}
