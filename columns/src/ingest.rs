//! From JSON to rows. The bytes come piece by piece; a record whose end has not come yet waits for the next piece.

use std::ops::Range;

use crate::bits::Bits;
use crate::cell::{Cell, Kind, Kinds};
use crate::error::{Stop, TooLarge};
use crate::scan::{self, Malformed, Text, inside, space};
use crate::store::{KEY, MAX_FIELDS, MAX_ORDERS, Store};
use crate::wide::starts_with;

/// What becomes of a record whose id is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insert {
    /// It is an error.
    New,
    /// It takes the other's place.
    Replace,
    /// It takes the other's place, unless the other came in the same listing: then it is dropped and counted.
    Listed,
    /// Its fields take the place of the other's, whose further ones stay. Without another it is left out.
    Patch,
}

/// A look at what is inside a value, which says what is wrong with it. Given the place of the column, and JSON.
pub type Check<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<(), String>;

/// Reads a JSON text that is an array of records, or an object with one.
#[derive(Debug)]
pub struct Ingest {
    insert: Insert,
    /// The fields to keep; all without it.
    keep: Option<Vec<String>>,
    /// The members of an object that may be the array.
    lists: &'static [&'static str],
    phase: Phase,
    /// Bytes that were read before the piece at hand.
    base: usize,
    members: Vec<Member>,
    /// What came behind each member the last time; the first is what a record begins with.
    follows: Vec<Follow>,
    /// The fields of the record at hand.
    fields: Vec<u16>,
    /// The order of fields of the record before.
    recent: usize,
    /// The orders that have what each record must.
    complete: Bits,
    /// Records that came again and were dropped.
    duplicates: usize,
    records: usize,
    /// The records to take, by their places; others are read and dropped.
    taken: Range<usize>,
    /// Members of the object around the array that were asked for, and their JSON.
    asked: Vec<(&'static str, Vec<u8>)>,
    scratch: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    /// In an object; whether it is the start, and whether the array was there.
    Object {
        first: bool,
        found: bool,
    },
    /// In the array; whether it is in an object, and whether a record was there.
    Records {
        enclosed: bool,
        first: bool,
    },
    End,
}

/// A member of records.
#[derive(Debug)]
struct Member {
    name: Vec<u8>,
    /// Its column, unless it is dropped.
    column: Option<u16>,
}

/// What came behind a member, from its end to the start of the next one's value.
#[derive(Clone, Debug, Default)]
struct Follow {
    literal: Vec<u8>,
    member: usize,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the piece that are done with. Those behind them have to come again, with more.
    pub consumed: usize,
    /// Whether the text has ended.
    pub ended: bool,
}

/// Literals between values that are longer are not worth remembering.
const MAX_LITERAL: usize = 128;

/// Why a record was not read.
enum Halt {
    Malformed(usize),
    Stop(Stop),
}

impl From<Malformed> for Halt {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed.0)
    }
}

impl From<TooLarge> for Halt {
    fn from(_: TooLarge) -> Self {
        Self::Stop(Stop::TooLarge)
    }
}

impl Ingest {
    /// A text whose records are in an array at its top, or in the first of these members that is one.
    pub fn new(insert: Insert, keep: Option<Vec<String>>, lists: &'static [&'static str]) -> Self {
        Self {
            insert,
            keep,
            lists,
            phase: Phase::Start,
            base: 0,
            members: Vec::new(),
            follows: vec![Follow::default()],
            fields: Vec::new(),
            recent: 0,
            complete: Bits::new(MAX_ORDERS, false),
            duplicates: 0,
            records: 0,
            taken: 0..usize::MAX,
            asked: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// What becomes of a record whose id is there already.
    pub const fn insert(&self) -> Insert {
        self.insert
    }

    /// Asks for members of the object around the array.
    pub fn ask(&mut self, names: &[&'static str]) {
        self.asked = names.iter().map(|name| (*name, Vec::new())).collect();
    }

    /// The members that were asked for, as JSON; empty for one that was not there.
    pub fn asked(&self) -> &[(&'static str, Vec<u8>)] {
        &self.asked
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
        for (_, json) in &mut self.asked {
            json.clear();
        }
    }

    /// Forgets what it knows of columns, some of which were taken back.
    pub fn forget(&mut self) {
        self.members.clear();
        self.follows.truncate(1);
        if let Some(first) = self.follows.first_mut() {
            first.literal.clear();
        }
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
                Err(Halt::Malformed(wrong)) if wrong < bytes.len() => {
                    return Err(Stop::Malformed { at: self.base + wrong });
                }
                Err(Halt::Malformed(wrong)) if last => {
                    return Err(Stop::Truncated { at: self.base + wrong });
                }
                Err(Halt::Malformed(_)) => {
                    self.base += at;
                    return Ok(Progress { consumed: at, ended: false });
                }
                Err(Halt::Stop(stop)) => return Err(stop),
            }
        }
    }

    /// One record, or one step towards them; none at the end.
    #[inline(always)]
    fn step(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        at: usize,
        check: Check<'_>,
    ) -> Result<Option<usize>, Halt> {
        let mut at = space(bytes, at);
        let here = bytes.get(at);
        match self.phase {
            Phase::Records { enclosed, first } => {
                if here == Some(&b']') {
                    self.phase =
                        if enclosed { Phase::Object { first: false, found: true } } else { Phase::End };
                    return Ok(Some(at + 1));
                }
                if !first {
                    at = space(bytes, scan::word(bytes, at, b",")?);
                }
                if matches!(bytes.get(at), Some(byte) if *byte != b'{') {
                    return Err(self.no_records(bytes, at));
                }
                let end = match self.record(store, bytes, at, check) {
                    Ok(end) => end,
                    Err(halt) => {
                        self.drop_row(store);
                        return Err(halt);
                    }
                };
                self.phase = Phase::Records { enclosed, first: false };
                Ok(Some(end))
            }
            Phase::Object { first, found } => {
                if here == Some(&b'}') {
                    if !found {
                        return Err(Halt::Stop(Stop::NoRecords { at: self.base + at }));
                    }
                    self.phase = Phase::End;
                    return Ok(Some(at + 1));
                }
                if !first {
                    at = space(bytes, scan::word(bytes, at, b",")?);
                }
                let (name, value) = scan::key(bytes, at)?;
                let name = self.name(bytes, inside(name), name.has_escapes).to_vec();
                let is_list = self.lists.iter().any(|list| list.as_bytes() == name);
                match bytes.get(value) {
                    None => Err(Halt::Malformed(value)),
                    Some(b'[') if is_list && !found => {
                        self.phase = Phase::Records { enclosed: true, first: true };
                        Ok(Some(value + 1))
                    }
                    Some(_) if is_list => Err(self.no_records(bytes, value)),
                    Some(_) => {
                        let asked = self.asked.iter().position(|(asked, _)| asked.as_bytes() == name);
                        let end = scan::skip(bytes, value)?;
                        if end == bytes.len() {
                            // A number may go on in the next piece.
                            return Err(Halt::Malformed(end));
                        }
                        if let Some((_, json)) = asked.and_then(|asked| self.asked.get_mut(asked)) {
                            // Of two with one name the last, as in JavaScript.
                            json.clear();
                            json.extend_from_slice(bytes.get(value..end).unwrap_or_default());
                        }
                        self.phase = Phase::Object { first: false, found };
                        Ok(Some(end))
                    }
                }
            }
            Phase::Start => {
                self.phase = match here {
                    Some(b'[') => Phase::Records { enclosed: false, first: true },
                    Some(b'{') => Phase::Object { first: true, found: false },
                    _ => return Err(self.no_records(bytes, at)),
                };
                Ok(Some(at + 1))
            }
            Phase::End => Ok(None),
        }
    }

    /// Something else where records are due: what begins like JSON, or does not.
    #[cold]
    fn no_records(&self, bytes: &[u8], at: usize) -> Halt {
        match bytes.get(at) {
            Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'[' | b'{') => {
                Halt::Stop(Stop::NoRecords { at: self.base + at })
            }
            _ => Halt::Malformed(at),
        }
    }

    /// Takes back what was read of a record.
    #[cold]
    fn drop_row(&mut self, store: &mut Store) {
        for field in &self.fields {
            if let Some(column) = store.columns.get_mut(usize::from(*field)) {
                column.take_back(store.rows);
            }
        }
    }

    /// What a name says.
    fn name<'a>(&'a mut self, bytes: &'a [u8], range: Range<usize>, has_escapes: bool) -> &'a [u8] {
        let raw = bytes.get(range).unwrap_or_default();
        if !has_escapes {
            return raw;
        }
        self.scratch.clear();
        scan::unescape(raw, &mut self.scratch);
        &self.scratch
    }

    /// Reads a record that begins at `start`.
    fn record(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        start: usize,
        check: Check<'_>,
    ) -> Result<usize, Halt> {
        self.fields.clear();
        let mut before = 0;
        let mut at = start;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let member = match self.follows.get(before) {
                Some(Follow { literal, member }) if !literal.is_empty() && starts_with(rest, literal) => {
                    at = space(bytes, at + literal.len());
                    *member
                }
                _ => match self.member(store, bytes, at, before)? {
                    (next, Some(member)) => {
                        at = next;
                        member
                    }
                    (end, None) => {
                        self.end(store, start)?;
                        return Ok(end);
                    }
                },
            };
            at = match self.members.get(member).and_then(|member| member.column) {
                Some(column) => self.value(store, bytes, at, column, check)?,
                None => scan::skip(bytes, at)?,
            };
            before = member + 1;
        }
    }

    /// The next member, from what stands behind the one before (the first is the start of the record), and where its
    /// value begins; none at the record's end.
    #[inline(never)]
    fn member(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        from: usize,
        before: usize,
    ) -> Result<(usize, Option<usize>), Halt> {
        let mut at = space(bytes, from);
        if before == 0 {
            at = space(bytes, scan::word(bytes, at, b"{")?);
        }
        if bytes.get(at) == Some(&b'}') {
            return Ok((at + 1, None));
        }
        if before > 0 {
            at = space(bytes, scan::word(bytes, at, b",")?);
        }
        let (name, value) = scan::key(bytes, at)?;
        let raw = self.name(bytes, inside(name), name.has_escapes).to_vec();
        let member = match self.members.iter().position(|member| member.name == raw) {
            Some(known) => known,
            None => self.meet(store, raw, at)?,
        };
        let literal = bytes.get(from..value).unwrap_or_default();
        if let Some(follow) = self.follows.get_mut(before)
            && literal.len() <= MAX_LITERAL
        {
            follow.literal.clear();
            follow.literal.extend_from_slice(literal);
            follow.member = member;
        }
        Ok((value, Some(member)))
    }

    /// Gives a member that was not met before a column, if it is to be kept.
    #[cold]
    fn meet(&mut self, store: &mut Store, name: Vec<u8>, at: usize) -> Result<usize, Halt> {
        let text = std::str::from_utf8(&name).map_err(|_| Halt::Malformed(at))?;
        let known = store.columns.iter().position(|column| column.name() == text);
        let is_kept = self.keep.as_ref().is_none_or(|keep| keep.iter().any(|field| field == text));
        let column = match known {
            Some(known) if is_kept || known == KEY => Some(known),
            _ if !is_kept => None,
            _ => {
                let added = store.add_column(text);
                Some(added.ok_or(Halt::Stop(Stop::Fields { at: self.base + at }))?)
            }
        };
        if self.members.len() >= MAX_FIELDS {
            // Fields that are dropped may have ever other names.
            self.forget();
        }
        self.members.push(Member { name, column: column.map(|column| column as u16) });
        self.follows.push(Follow::default());
        Ok(self.members.len() - 1)
    }

    /// Reads a value into its column, and gives its end.
    #[inline(always)]
    fn value(
        &mut self,
        store: &mut Store,
        bytes: &[u8],
        at: usize,
        field: u16,
        check: Check<'_>,
    ) -> Result<usize, Halt> {
        let mut is_wide = false;
        let (cell, end) = match bytes.get(at) {
            Some(b'"') => {
                let text = scan::text_here(bytes, at)?;
                is_wide = text.is_wide;
                let mut content = bytes.get(inside(text)).unwrap_or_default();
                if text.has_escapes {
                    self.scratch.clear();
                    scan::unescape(content, &mut self.scratch);
                    is_wide = !self.scratch.is_ascii();
                    content = &self.scratch;
                }
                (Cell::new(Kind::Text, content), text.end + 1)
            }
            Some(b'n') => (Cell::new(Kind::Null, &[]), scan::word(bytes, at, b"null")?),
            Some(b't') => (Cell::new(Kind::True, &[]), scan::word(bytes, at, b"true")?),
            Some(b'f') => (Cell::new(Kind::False, &[]), scan::word(bytes, at, b"false")?),
            Some(b'[' | b'{') => {
                let end = scan::skip(bytes, at)?;
                (Cell::new(Kind::Nested, bytes.get(at..end).unwrap_or_default()), end)
            }
            _ => {
                let end = scan::number(bytes, at)?;
                (Cell::new(Kind::Number, bytes.get(at..end).unwrap_or_default()), end)
            }
        };
        let Some(column) = store.columns.get_mut(usize::from(field)) else { return Ok(end) };
        if column.len() <= store.rows {
            self.fields.push(field);
        }
        let is_allowed = column.allowed() == Kinds::ANY || column.allowed().allows(cell);
        let is_new = column.put(store.rows, cell, is_wide)?;
        let wrong = if !is_allowed {
            Err(String::new())
        } else if is_new && cell.kind == Kind::Nested {
            check(column.name(), cell.bytes)
        } else {
            Ok(())
        };
        if let Err(message) = wrong {
            let id = id_at_hand(store).or_else(|| id_behind(store, bytes, end));
            return Err(Halt::Stop(self.wrong(store, field, at, id, cell, message)));
        }
        Ok(end)
    }

    #[cold]
    fn wrong(
        &self,
        store: &Store,
        field: u16,
        at: usize,
        id: Option<String>,
        cell: Cell<'_>,
        message: String,
    ) -> Stop {
        let column = store.columns.get(usize::from(field));
        let field = column.map_or("", |column| column.name()).to_owned();
        let message = if message.is_empty() {
            let allowed = column.map_or(Kinds::ANY, |column| column.allowed());
            ["expected ", allowed.name(), ", found ", cell.kind.name()].concat()
        } else {
            message
        };
        Stop::Field { at: self.base + at, id, field, message }
    }

    /// Makes a row of the record at hand.
    #[inline(always)]
    fn end(&mut self, store: &mut Store, start: usize) -> Result<(), Halt> {
        let row = store.rows;
        let order = store.order(&self.fields, self.recent);
        if !self.complete.get(order) && self.insert != Insert::Patch {
            self.check_required(store, start)?;
            // The first stands for many.
            self.complete.set(order, order > 0);
        }
        self.recent = order;
        let Some(key) = store.columns.first() else { return Ok(()) };
        let id = key.get(row);
        if !matches!(id.kind, Kind::Text | Kind::Number) {
            let (field, kind) = (key.name().to_owned(), id.kind);
            let message = match kind {
                Kind::Absent => "it is missing".to_owned(),
                _ => ["expected a string or a number, found ", kind.name()].concat(),
            };
            let at = self.base + start;
            return Err(Halt::Stop(Stop::Field { at, id: None, field, message }));
        }
        let place = self.records;
        self.records += 1;
        if !self.taken.contains(&place) {
            self.drop_row(store);
            return Ok(());
        }
        match store.index.find(key, id) {
            None if self.insert == Insert::Patch => {
                self.drop_row(store);
                return Ok(());
            }
            None => {
                // What fails here leaves no row in the index that is none.
                store.order_of.push(order)?;
                store.index.insert(key, row)?;
            }
            Some(_) if self.insert == Insert::New => {
                let id = std::str::from_utf8(id.bytes).unwrap_or_default().to_owned();
                return Err(Halt::Stop(Stop::Duplicate { at: self.base + start, id }));
            }
            Some(known) => {
                let is_again = store.is_seen(known) || known >= self.batch_start(store);
                if self.insert == Insert::Listed && is_again {
                    self.duplicates += 1;
                    self.drop_row(store);
                    return Ok(());
                }
                store.order_of.push(order)?;
                store.replacing.push((row, known));
                // What changes meanwhile was not listed yet for that.
                if self.insert == Insert::Listed {
                    store.see(known);
                }
            }
        }
        store.rows += 1;
        Ok(())
    }

    /// The first row of the batch under way: those before it are live or gone.
    fn batch_start(&self, store: &Store) -> usize {
        store.live().len()
    }

    #[cold]
    fn check_required(&self, store: &Store, start: usize) -> Result<(), Halt> {
        let missing = store.rules.iter().find(|rule| {
            rule.required
                && self.keep.as_ref().is_none_or(|keep| keep.contains(&rule.name))
                && !self.fields.iter().any(|field| {
                    store.columns.get(usize::from(*field)).is_some_and(|column| column.name() == rule.name)
                })
        });
        let Some(rule) = missing else { return Ok(()) };
        Err(Halt::Stop(Stop::Field {
            at: self.base + start,
            id: id_at_hand(store),
            field: rule.name.clone(),
            message: "it is missing".to_owned(),
        }))
    }
}

/// The id of the record that is being read, if it came by now.
fn id_at_hand(store: &Store) -> Option<String> {
    let id = store.key()?.get(store.rows);
    let is_id = matches!(id.kind, Kind::Text | Kind::Number);
    is_id.then(|| std::str::from_utf8(id.bytes).unwrap_or_default().to_owned())
}

/// The id that comes behind the values of a record that were read, if it is in this piece.
#[cold]
fn id_behind(store: &Store, bytes: &[u8], mut at: usize) -> Option<String> {
    let key = store.key()?.name().as_bytes();
    loop {
        at = scan::word(bytes, space(bytes, at), b",").ok()?;
        let (name, value) = scan::key(bytes, space(bytes, at)).ok()?;
        at = scan::skip(bytes, value).ok()?;
        if said(bytes, name) == key {
            let id = match bytes.get(value)? {
                b'"' => said(bytes, scan::text(bytes, value).ok()?),
                b'-' | b'0'..=b'9' => bytes.get(value..at)?.to_vec(),
                _ => return None,
            };
            return String::from_utf8(id).ok();
        }
    }
}

/// What a string says.
fn said(bytes: &[u8], text: Text) -> Vec<u8> {
    let raw = bytes.get(inside(text)).unwrap_or_default();
    let mut said = Vec::new();
    if text.has_escapes {
        scan::unescape(raw, &mut said)
    } else {
        said.extend_from_slice(raw)
    }
    said
}
