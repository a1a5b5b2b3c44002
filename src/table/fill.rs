//! Records on their way into a table.

use std::cell::RefCell;
use std::rc::Rc;

use orgdeck_columns::{Batch, Ingest, Insert, Mark, Stop};

use super::Table;
use crate::client::{Answer, Call, Sink};
use crate::http::{decimal, fill};
use crate::json::Json;
use crate::schema::{Facts, Rules, check};

/// Bytes that are read at once: as many as a processor has at hand.
const PIECE: usize = 256 << 10;

/// The members of a page that hold its records.
pub const LISTS: &[&str] = &["data", "entities", "results"];

/// Asks for memory in one go: a page's memory grows slowly by small steps. It is free again at once, and stays at hand.
pub fn make_room(bytes: usize) {
    let mut room: Vec<u8> = Vec::new();
    // Without it the memory grows as it must.
    let _ = room.try_reserve_exact(bytes);
}

/// A text of any length, read piece by piece. Until it has ended the table has none of it.
#[derive(Debug)]
pub struct Filling {
    insert: Insert,
    ingest: Ingest,
    mark: Mark,
    buffer: Vec<u8>,
    filled: usize,
    has_ended: bool,
}

impl Filling {
    /// Begins to fill a table.
    pub fn new(table: &Table, insert: Insert, keep: Option<Vec<String>>) -> Self {
        let ingest = Ingest::new(insert, keep, LISTS);
        Self { insert, ingest, mark: table.store.begin(), buffer: Vec::new(), filled: 0, has_ended: false }
    }

    /// Where the next piece goes.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn room(&mut self) -> Result<&mut [u8], String> {
        if self.filled == self.buffer.len() {
            // A record that is longer than all that fits: twice as much.
            let more = self.buffer.len().max(PIECE);
            self.buffer.try_reserve_exact(more).map_err(|_| explain(&Stop::TooLarge))?;
            self.buffer.resize(self.buffer.len() + more, 0);
        }
        Ok(self.buffer.get_mut(self.filled..).unwrap_or_default())
    }

    /// Reads what was put there, so many bytes; `is_last` when nothing follows.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn take(&mut self, table: &mut Table, added: usize, is_last: bool) -> Result<(), String> {
        let end = self.filled + added;
        let Table { store, schema, .. } = table;
        let piece = self.buffer.get(..end).unwrap_or_default();
        let progress = self
            .ingest
            .feed(store, piece, is_last, &mut |field, text| schema.check(field, text))
            .and_then(|progress| if table.is_too_large() { Err(Stop::TooLarge) } else { Ok(progress) })
            .map_err(|stop| explain(&stop))?;
        self.has_ended = progress.ended;
        self.buffer.copy_within(progress.consumed..end, 0);
        self.filled = end - progress.consumed;
        Ok(())
    }

    /// Makes it part of the table.
    ///
    /// # Errors
    /// When there is no memory for it; then it is to be taken back.
    pub fn commit(&mut self, table: &mut Table) -> Result<Batch, String> {
        let batch =
            table.store.commit(&self.mark, self.insert).map_err(|too_large| explain(&too_large.into()))?;
        table.settle(batch);
        Ok(batch)
    }

    /// Takes it back.
    pub fn roll_back(&mut self, table: &mut Table) {
        table.store.roll_back(&self.mark);
    }
}

/// Reads a whole text into a table, or nothing of it.
///
/// # Errors
/// What is wrong with it.
pub fn fill_at_once(table: &mut Table, ingest: &mut Ingest, bytes: &[u8]) -> Result<Batch, String> {
    let (mark, insert) = (table.store.begin(), ingest.insert());
    ingest.restart();
    let Table { store, schema, .. } = &mut *table;
    let result = ingest
        .feed(store, bytes, true, &mut |field, text| schema.check(field, text))
        .and_then(|_| if table.is_too_large() { Err(Stop::TooLarge) } else { Ok(()) })
        .and_then(|()| Ok(table.store.commit(&mark, insert)?));
    match result {
        Ok(batch) => {
            table.settle(batch);
            Ok(batch)
        }
        Err(stop) => {
            table.store.roll_back(&mark);
            ingest.forget();
            Err(explain(&stop))
        }
    }
}

/// What is wrong, for a person.
pub fn explain(stop: &Stop) -> String {
    let (template, at, part): (&str, usize, &str) = match stop {
        Stop::Malformed { at } => ("it is not JSON (byte {})", *at, ""),
        Stop::Truncated { at } => ("the JSON ends too soon (byte {})", *at, ""),
        Stop::NoRecords { at } => ("expected a list of records (byte {})", *at, ""),
        Stop::Fields { at } => ("there are more than 4096 different fields (byte {})", *at, ""),
        Stop::Duplicate { at, id } => ("two records have one id (byte {}): `{}`", *at, id),
        Stop::Field { at, id, field, message } => {
            let id = id.as_deref().unwrap_or("the record");
            return fill("{}: {}: {} (byte {})", &[id, field, message, &decimal(*at as u64)]);
        }
        Stop::TooLarge => return "the table is larger than the memory of the page".to_owned(),
    };
    fill(template, &[&decimal(at as u64), part])
}

/// A table that takes the pages of a listing: see [`Table::begin_listing`].
#[derive(Debug)]
pub struct Listed {
    table: Rc<RefCell<Table>>,
    ingest: RefCell<Ingest>,
}

impl Listed {
    /// Pages of which the table keeps these fields.
    pub fn new(table: &Rc<RefCell<Table>>, keep: Option<Vec<String>>) -> Self {
        Self { table: Rc::clone(table), ingest: RefCell::new(Ingest::new(Insert::Listed, keep, LISTS)) }
    }

    /// The table.
    pub const fn table(&self) -> &Rc<RefCell<Table>> {
        &self.table
    }

    /// Records of the last page that had come before, and were dropped.
    pub fn duplicates(&self) -> usize {
        self.ingest.borrow().duplicates()
    }
}

impl Sink for Listed {
    fn take(&self, call: &Call, body: &[u8], skip: u64, wanted: u64) -> Result<Facts, String> {
        let Answer::Page { style, .. } = call.endpoint.answer else { return Err("it is no list".to_owned()) };
        let members = style.members();
        let busy = |_| "the table is at work".to_owned();
        let mut table = self.table.try_borrow_mut().map_err(busy)?;
        let mut ingest = self.ingest.borrow_mut();
        let names: Vec<&'static str> = members.iter().map(|(name, _)| *name).collect();
        ingest.ask(&names);
        let place = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        ingest.take(place(skip)..place(skip.saturating_add(wanted)));
        fill_at_once(&mut table, &mut ingest, body)?;
        let mut facts = Facts { items: ingest.records(), members: Vec::new() };
        for ((name, json), (_, shape)) in ingest.asked().iter().zip(&members) {
            if json.is_empty() {
                continue;
            }
            let text = std::str::from_utf8(json).unwrap_or_default();
            check(text, shape, Rules::default())
                .map_err(|wrong| fill("{}: {}", &[name, &wrong.message()]))?;
            if let Ok(value) = Json::parse(text) {
                facts.members.push((name, value));
            }
        }
        Ok(facts)
    }
}
