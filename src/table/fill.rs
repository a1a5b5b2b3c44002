//! Records on their way into a table.

use std::cell::RefCell;
use std::rc::Rc;

use orgdeck_columns::{Batch, Ingest, Insert, Mark, Stop};

use super::{Table, schema};
use crate::client::{Call, Sink, decode};
use crate::http::{decimal, fill};
use crate::schema::Facts;

/// The members of a page that hold its records.
pub const LISTS: &[&str] = &["data", "entities", "results"];

/// Asks for memory in one go: a page's memory grows slowly by small steps. It is free again at once, and stays at hand.
/// Whether there was so much.
pub fn make_room(bytes: usize) -> bool {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes).is_ok()
}

/// Texts of any length, one after the other, each read piece by piece. Until a text has ended the table has none of it.
#[derive(Debug)]
pub struct Filling {
    insert: Insert,
    ingest: Ingest,
    /// How far the table was when the text under way began.
    mark: Option<Mark>,
    /// Bytes of it that are done with.
    done: usize,
    /// Whether room was made for all of its records.
    has_room: bool,
}

/// Records of which as many more are foretold as there are bytes: by then columns hold them as they will.
const ENOUGH: usize = 4_000;

impl Filling {
    /// Nothing yet. `keep` are the fields to keep, if not all.
    pub fn new(insert: Insert, keep: Option<Vec<String>>) -> Self {
        let (mark, done, has_room) = Default::default();
        Self { insert, ingest: Ingest::new(insert, keep, LISTS), mark, done, has_room }
    }

    /// Reads a piece of a text of which so many bytes follow, and says how much of it is done with: what is behind that
    /// comes again, with more. The last piece makes all of the text part of the table, if `judge` has nothing against
    /// the object around its records.
    ///
    /// # Errors
    /// What is wrong with it; the table is as it was before the text then.
    pub fn take(
        &mut self,
        table: &mut Table,
        piece: &[u8],
        more: usize,
        judge: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(usize, Batch), String> {
        let mark = match self.mark.take() {
            Some(mark) => mark,
            None => self.begin(table)?,
        };
        let taken = self.read(table, piece, more).map_err(|stop| explain(&stop)).and_then(|consumed| {
            if more > 0 {
                return Ok((consumed, Batch::default()));
            }
            judge(self.ingest.around())?;
            let batch = table.store.commit(&mark, self.insert);
            batch.map(|batch| (consumed, batch)).map_err(|error| explain(&error.into()))
        });
        match &taken {
            Ok((_, batch)) => {
                if batch.changed {
                    table.changed();
                }
                self.mark = (more > 0).then_some(mark);
            }
            Err(_) => {
                table.store.roll_back(&mark);
                self.ingest.forget();
            }
        }
        taken
    }

    fn begin(&mut self, table: &Table) -> Result<Mark, String> {
        // Each growth of the memory has the browser look for garbage: so few of them that it does not count. And what a
        // table is asked later takes memory too.
        if !make_room((table.store.byte_len() / 16).max(1 << 20)) {
            return Err(explain(&Stop::TooLarge));
        }
        self.ingest.restart();
        (self.done, self.has_room) = (0, false);
        Ok(table.store.begin())
    }

    fn read(&mut self, table: &mut Table, piece: &[u8], more: usize) -> Result<usize, Stop> {
        let Table { store, shape, limit, .. } = table;
        let check = &mut |field: &str, text: &[u8]| schema::check_inside(*shape, field, text);
        let progress = self.ingest.feed(store, piece, more == 0, check)?;
        self.done += progress.consumed;
        let records = self.ingest.records();
        if !self.has_room && records >= ENOUGH {
            self.has_room = true;
            // A little more, since later ones may be shorter; but no more than what follows could be worth.
            let due = records as f64 * 1.02 * (more as f64 / self.done as f64);
            let most = more / (4 * store.columns().len());
            store.expect(store.rows() + most.min(due as usize));
        }
        if store.byte_len() > *limit {
            return Err(Stop::TooLarge);
        }
        Ok(progress.consumed)
    }
}

/// What is wrong, for a person.
fn explain(stop: &Stop) -> String {
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
    filling: RefCell<Filling>,
}

impl Listed {
    /// Pages of which the table keeps these fields.
    pub fn new(table: &Rc<RefCell<Table>>, keep: Option<Vec<String>>) -> Self {
        Self { table: Rc::clone(table), filling: RefCell::new(Filling::new(Insert::Listed, keep)) }
    }

    /// The table.
    pub const fn table(&self) -> &Rc<RefCell<Table>> {
        &self.table
    }

    /// Records of the last page that had come before, and were dropped.
    pub fn duplicates(&self) -> usize {
        self.filling.borrow().ingest.duplicates()
    }
}

impl Sink for Listed {
    fn take(&self, call: &Call, body: &[u8], skip: u64, wanted: u64) -> Result<Facts, String> {
        let busy = |_| "the table is at work".to_owned();
        let mut table = self.table.try_borrow_mut().map_err(busy)?;
        let filling = &mut *self.filling.borrow_mut();
        let place = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        filling.ingest.take(place(skip)..place(skip.saturating_add(wanted)));
        let mut facts = Facts::default();
        filling.take(&mut table, body, 0, &mut |around| decode(call, around).map(|read| facts = read))?;
        Ok(Facts { items: filling.ingest.records(), ..facts })
    }
}
