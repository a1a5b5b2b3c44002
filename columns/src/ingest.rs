//! From JSON to rows. The bytes come piece by piece; a record whose end has not come yet waits for the next piece.

use std::ops::Range;

use orgdeck_cells::scan::{self, Taken, space};
use orgdeck_cells::{Cell, Check, Halt, Kind, Kinds, Records, TooLarge};

use crate::bits::Bits;
use crate::stop::Stop;
use crate::store::{KEY, MAX_FIELDS, MAX_ORDERS, Store};

/// What becomes of a record whose id is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insert {
    /// It is an error.
    New,
    /// It is an error; but fields that are required may be missing, as they were from records that were kept in part.
    Restored,
    /// It takes the other's place.
    Replace,
    /// It takes the other's place, unless the other came in the same listing: then it is dropped and counted.
    Listed,
    /// Its fields take the place of the other's, whose further ones stay. Without another it is left out.
    Patch,
}

/// Reads a JSON text that is an array of records, or an object with one.
#[derive(Debug)]
pub struct Ingest {
    insert: Insert,
    /// The fields to keep; all without it.
    keep: Option<Vec<String>>,
    /// The members of an object that may be the array.
    lists: &'static [&'static str],
    phase: Phase,
    /// Whether there is an object around the array.
    is_enclosed: bool,
    /// Whether the array was there.
    is_found: bool,
    /// Whether nothing was there yet of what it is in.
    is_first: bool,
    /// Bytes that were read before the piece at hand.
    base: usize,
    reader: Records,
    /// The order of fields of the record before.
    recent: u8,
    /// The orders that have what each record must.
    complete: Bits,
    /// Records that came again and were dropped.
    duplicates: usize,
    records: usize,
    /// The records to take, by their places; others are read and dropped.
    taken: Range<usize>,
    /// The object around the array, with an empty array in its place.
    around: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    /// In the object around the array.
    Members,
    /// In the array.
    Records,
    End,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the piece that are done with. Those behind them have to come again, with more.
    pub consumed: usize,
    /// Whether the text has ended.
    pub ended: bool,
}

impl Ingest {
    /// A text whose records are in an array at its top, or in the first of these members that is one.
    pub fn new(insert: Insert, keep: Option<Vec<String>>, lists: &'static [&'static str]) -> Self {
        Self {
            insert,
            keep,
            lists,
            phase: Phase::Start,
            is_enclosed: false,
            is_found: false,
            is_first: true,
            base: 0,
            reader: Records::default(),
            recent: 0,
            complete: Bits::new(MAX_ORDERS, false),
            duplicates: 0,
            records: 0,
            taken: 0..usize::MAX,
            around: Vec::new(),
        }
    }

    /// The object around the array as JSON, with an empty array in its place; nothing when there is none.
    pub fn around(&self) -> &[u8] {
        &self.around
    }

    /// Takes these records of the next text, by their places, and drops others.
    pub fn take(&mut self, places: Range<usize>) {
        self.taken = places;
    }

    /// Gets ready for another text of the same kind, and keeps what it knows of the order of fields.
    pub fn restart(&mut self) {
        self.phase = Phase::Start;
        self.base = 0;
        self.records = 0;
        self.duplicates = 0;
        self.around.clear();
    }

    /// Forgets what it knows of columns, some of which were taken back.
    pub fn forget(&mut self) {
        self.reader.forget();
        self.recent = 0;
        self.complete = Bits::new(MAX_ORDERS, false);
    }

    /// Records that were read, those that were dropped included.
    pub const fn records(&self) -> usize {
        self.records
    }

    /// Records that came again and were dropped.
    pub const fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Reads a piece. `last` says that nothing comes behind it.
    ///
    /// # Errors
    /// Where it is not what it should be; then the batch has to be taken back.
    pub fn feed(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        last: bool,
        check: Check<'_>,
    ) -> Result<Progress, Stop> {
        let mut at = 0;
        loop {
            match self.step(store, bytes, at, check) {
                Ok(Some(next)) => at = next,
                Ok(None) => {
                    let end = space(bytes, at);
                    if end < bytes.len() {
                        return Err(Stop::Malformed { at: self.base + end });
                    }
                    self.base += end;
                    return Ok(Progress { consumed: end, ended: true });
                }
                Err(Stop::Malformed { at: end }) if end >= bytes.len() => {
                    if last {
                        return Err(Stop::Truncated { at: self.base + end });
                    }
                    self.base += at;
                    return Ok(Progress { consumed: at, ended: false });
                }
                Err(stop) => return Err(stop.behind(self.base)),
            }
        }
    }

    /// One record, or one step towards them; none at the end.
    fn step(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        at: usize,
        check: Check<'_>,
    ) -> Result<Option<usize>, Stop> {
        let mut at = space(bytes, at);
        let here = bytes.get(at);
        let is_list = self.phase == Phase::Records;
        match self.phase {
            Phase::End => return Ok(None),
            Phase::Start => {
                (self.phase, self.is_enclosed) = match here {
                    Some(b'[') => (Phase::Records, false),
                    Some(b'{') => (Phase::Members, true),
                    _ => return Err(no_records(bytes, at)),
                };
                (self.is_found, self.is_first) = (!self.is_enclosed, true);
                return Ok(Some(at + 1));
            }
            _ if here == Some(if is_list { &b']' } else { &b'}' }) => {
                if !self.is_found {
                    return Err(Stop::NoRecords { at });
                }
                self.is_first = false;
                self.phase = if is_list && self.is_enclosed { Phase::Members } else { Phase::End };
                if !is_list {
                    self.around.push(b'}');
                }
                return Ok(Some(at + 1));
            }
            _ if self.is_first => {}
            _ => at = space(bytes, scan::word(bytes, at, b",")?),
        }
        if !is_list {
            let end = self.member(bytes, at)?;
            self.is_first = self.phase == Phase::Records;
            return Ok(Some(end));
        }
        if matches!(bytes.get(at), Some(byte) if *byte != b'{') {
            return Err(no_records(bytes, at));
        }
        match self.record(store, bytes, at, check) {
            Ok(end) => {
                self.is_first = false;
                Ok(Some(end))
            }
            Err(stop) => {
                self.drop_row(store);
                Err(stop)
            }
        }
    }

    /// A member of the object around the array, or the start of the array.
    fn member(&mut self, bytes: &[u8], from: usize) -> Result<usize, Stop> {
        let (key, value) = scan::key(bytes, from, Taken::Common)?;
        let mut scratch = Vec::new();
        let name = scan::said(bytes, key, &mut scratch);
        let is_due = self.lists.iter().any(|list| list.as_bytes() == name);
        let (end, instead) = match bytes.get(value) {
            Some(b'[') if is_due && !self.is_found => (value + 1, &b"]"[..]),
            Some(_) if is_due => return Err(no_records(bytes, value)),
            _ => (scan::skip(bytes, value, Taken::Common)?, &[][..]),
        };
        if instead.is_empty() {
            if end == bytes.len() {
                // A number may go on in the next piece.
                return Err(Stop::Malformed { at: end });
            }
        } else {
            (self.is_found, self.phase) = (true, Phase::Records);
        }
        self.around.push(if self.around.is_empty() { b'{' } else { b',' });
        self.around.extend_from_slice(bytes.get(from..end).unwrap_or_default());
        self.around.extend_from_slice(instead);
        Ok(end)
    }

    /// Takes back what was read of a record.
    #[cold]
    fn drop_row(&mut self, store: &mut Store) {
        self.reader.take_back(&mut store.columns, store.rows);
    }

    /// Reads a record that begins at `start`.
    fn record(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        start: usize,
        check: Check<'_>,
    ) -> Result<usize, Stop> {
        self.reader.begin();
        let mut at = start;
        // Its id may come behind what is wrong.
        let mut wrong = None;
        loop {
            match self.reader.read(&mut store.columns, store.rows, bytes, at, check) {
                Ok(end) => {
                    if let Some((at, field, message)) = wrong {
                        return Err(Stop::Field { at, id: id_at_hand(store), field, message });
                    }
                    self.end(store, start)?;
                    return Ok(end);
                }
                Err(Halt::Malformed(at)) => return Err(Stop::Malformed { at }),
                Err(Halt::TooLarge) => return Err(Stop::TooLarge),
                Err(Halt::Unknown { from, at: name_at, name }) => {
                    self.meet(store, name, name_at)?;
                    at = from;
                }
                Err(Halt::Wrong { field, at: value, end, message }) => {
                    at = end;
                    let Some(column) = store.columns.get(usize::from(field)) else { continue };
                    let message = match message.as_str() {
                        "" => not_allowed(column.allowed(), column.get(store.rows)),
                        _ => message,
                    };
                    wrong.get_or_insert((value, column.name().to_owned(), message));
                }
            }
        }
    }

    /// Gives a member that was not met before a column, if it is to be kept.
    fn meet(&mut self, store: &mut Store, name: Vec<u8>, at: usize) -> Result<(), Stop> {
        let text = std::str::from_utf8(&name).map_err(|_| Stop::Malformed { at })?;
        let known = store.columns.iter().position(|column| column.name() == text);
        let is_kept = self.keep.as_ref().is_none_or(|keep| keep.iter().any(|field| field == text));
        let column = match known {
            Some(known) if is_kept || known == KEY => Some(known),
            _ if !is_kept => None,
            _ => Some(store.add_column(text).ok_or(Stop::Fields { at })?),
        };
        if self.reader.members() >= MAX_FIELDS {
            // Fields that are dropped may have ever other names.
            self.forget();
        }
        self.reader.know(name, column.map(|column| column as u16));
        Ok(())
    }

    /// Makes a row of the record at hand.
    fn end(&mut self, store: &mut Store, at: usize) -> Result<(), Stop> {
        let row = store.rows;
        store.order_of.try_reserve(1).map_err(|_| TooLarge)?;
        let order = store.order(self.reader.fields(), self.recent);
        let is_whole = !matches!(self.insert, Insert::Patch | Insert::Restored);
        if is_whole && !self.complete.get(order.into()) {
            self.check_required(store, at)?;
            // The first stands for many.
            self.complete.set(order.into(), order > 0);
        }
        self.recent = order;
        let Some(key) = store.columns.first() else { return Ok(()) };
        let id = key.get(row);
        if !matches!(id.kind, Kind::Text | Kind::Number) {
            let field = key.name().to_owned();
            let message = match id.kind {
                Kind::Absent => "it is missing".to_owned(),
                _ => not_allowed(Kinds::ID, id),
            };
            return Err(Stop::Field { at, id: None, field, message });
        }
        let place = self.records;
        self.records += 1;
        if !self.taken.contains(&place) {
            self.drop_row(store);
            return Ok(());
        }
        let known = match self.insert {
            Insert::Patch => store.index.find(key, id),
            _ => store.index.insert(key, row)?,
        };
        match known {
            None if self.insert == Insert::Patch => {
                self.drop_row(store);
                return Ok(());
            }
            None => {}
            Some(_) if matches!(self.insert, Insert::New | Insert::Restored) => {
                let id = std::str::from_utf8(id.bytes).unwrap_or_default().to_owned();
                return Err(Stop::Duplicate { at, id });
            }
            Some(known) => {
                let is_again = store.is_seen(known) || known >= self.batch_start(store);
                if self.insert == Insert::Listed && is_again {
                    self.duplicates += 1;
                    self.drop_row(store);
                    return Ok(());
                }
                store.replacing.push((row, known));
                // What changes meanwhile was not listed yet for that.
                if self.insert == Insert::Listed {
                    store.see(known);
                }
            }
        }
        store.order_of.push(order);
        store.rows += 1;
        Ok(())
    }

    /// The first row of the batch under way: those before it are live or gone.
    fn batch_start(&self, store: &Store) -> usize {
        store.live().len()
    }

    #[cold]
    fn check_required(&self, store: &Store, at: usize) -> Result<(), Stop> {
        let missing = store.rules.iter().find(|rule| {
            rule.required
                && self.keep.as_ref().is_none_or(|keep| keep.contains(&rule.name))
                && !self.reader.fields().iter().any(|field| {
                    store.columns.get(usize::from(*field)).is_some_and(|column| column.name() == rule.name)
                })
        });
        let Some(rule) = missing else { return Ok(()) };
        let (id, field) = (id_at_hand(store), rule.name.clone());
        Err(Stop::Field { at, id, field, message: "it is missing".to_owned() })
    }
}

/// The id of the record that is being read, if it came by now.
fn id_at_hand(store: &Store) -> Option<String> {
    let id = store.key()?.get(store.rows);
    let is_id = matches!(id.kind, Kind::Text | Kind::Number);
    is_id.then(|| std::str::from_utf8(id.bytes).unwrap_or_default().to_owned())
}

fn not_allowed(allowed: Kinds, found: Cell<'_>) -> String {
    let mut message = String::new();
    for part in ["expected ", allowed.name(), ", found ", found.kind.name()] {
        message.push_str(part);
    }
    message
}

/// Something else where records are due: what begins like JSON, or does not.
fn no_records(bytes: &[u8], at: usize) -> Stop {
    match bytes.get(at) {
        Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'[' | b'{') => Stop::NoRecords { at },
        _ => Stop::Malformed { at },
    }
}
