//! Records, read member by member into columns.

use crate::cell::{Kind, Kinds};
use crate::column::Column;
use crate::error::TooLarge;
use crate::scan::{self, Malformed, Taken, space};
use crate::wide::starts_with;

/// A look at what is inside a list or an object, which says what is wrong with it. Given the column's name, and JSON.
pub type Check<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<(), String>;

/// Reads records into columns. Most have the same members in the same order, so that between two values stands what stood
/// there the last time.
#[derive(Debug)]
pub struct Records {
    members: Vec<Member>,
    /// What came behind each member the last time; the first is what a record begins with.
    follows: Vec<Follow>,
    /// The member of the record at hand that was read last, plus one.
    before: usize,
    /// The fields of the record at hand.
    fields: Vec<u16>,
    scratch: Vec<u8>,
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

/// Why a record was not read to its end.
#[derive(Debug)]
pub enum Halt {
    /// It is not JSON here, or not all of it is there.
    Malformed(usize),
    /// Here comes a member of a name that is not known yet.
    Unknown {
        /// Where to go on, once it is.
        from: usize,
        /// Where the name is.
        at: usize,
        /// What it says.
        name: Vec<u8>,
    },
    /// A value is not what it must be.
    Wrong {
        /// Its field.
        field: u16,
        /// Where it is.
        at: usize,
        /// Where it ends.
        end: usize,
        /// What is wrong inside of it; nothing when all of it is.
        message: String,
    },
    /// There is no memory left.
    TooLarge,
}

impl From<Malformed> for Halt {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed.0)
    }
}

impl From<TooLarge> for Halt {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// Literals between values that are longer are not worth remembering.
const MAX_LITERAL: usize = 128;

impl Default for Records {
    fn default() -> Self {
        let (members, fields, scratch) = Default::default();
        Self { members, follows: vec![Follow::default()], before: 0, fields, scratch }
    }
}

impl Records {
    /// The members that are known.
    pub const fn members(&self) -> usize {
        self.members.len()
    }

    /// Makes a member known, and its column, unless it is dropped.
    pub fn know(&mut self, name: Vec<u8>, column: Option<u16>) {
        self.members.push(Member { name, column });
        self.follows.push(Follow::default());
    }

    /// Forgets the members, some of whose columns were taken back, or of which there are too many.
    pub fn forget(&mut self) {
        self.members.clear();
        self.follows.truncate(1);
        self.follows.fill(Follow::default());
    }

    /// The fields of the record that was read last, each once.
    pub fn fields(&self) -> &[u16] {
        &self.fields
    }

    /// Gets ready for the next record.
    pub fn begin(&mut self) {
        self.before = 0;
        self.fields.clear();
    }

    /// Reads a record from here on into a row of its columns, and gives its end.
    ///
    /// # Errors
    /// Why it was not read, or not all of it.
    pub fn read(
        &mut self,
        columns: &mut [Column],
        row: usize,
        bytes: &[u8],
        from: usize,
        check: Check<'_>,
    ) -> Result<usize, Halt> {
        let mut at = from;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let member = match self.follows.get(self.before) {
                Some(Follow { literal, member }) if !literal.is_empty() && starts_with(rest, literal) => {
                    at = space(bytes, at + literal.len());
                    *member
                }
                _ => {
                    let (next, member) = self.member(bytes, at)?;
                    at = next;
                    let Some(member) = member else { return Ok(at) };
                    member
                }
            };
            self.before = member + 1;
            at = match self.members.get(member).and_then(|member| member.column) {
                Some(field) => self.value(columns, row, bytes, at, field, check)?,
                None => scan::skip(bytes, at, Taken::Common)?,
            };
        }
    }

    /// The next member, from what stands behind the one before (the first is the start of the record), and where its
    /// value begins; none at the record's end.
    #[inline(never)]
    fn member(&mut self, bytes: &[u8], from: usize) -> Result<(usize, Option<usize>), Halt> {
        let before = self.before;
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
        let (key, value) = scan::key(bytes, at, Taken::Common)?;
        let name = scan::said(bytes, key, &mut self.scratch);
        let Some(member) = self.members.iter().position(|member| member.name == name) else {
            return Err(Halt::Unknown { from, at, name: name.to_vec() });
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

    /// Reads a value into its column, and gives its end.
    #[inline(always)]
    fn value(
        &mut self,
        columns: &mut [Column],
        row: usize,
        bytes: &[u8],
        at: usize,
        field: u16,
        check: Check<'_>,
    ) -> Result<usize, Halt> {
        let (cell, end, is_wide) = scan::cell(bytes, at, &mut self.scratch)?;
        let Some(column) = columns.get_mut(usize::from(field)) else { return Ok(end) };
        if column.len() <= row {
            self.fields.push(field);
        }
        let is_new = column.put(row, cell, is_wide)?;
        if column.allowed() != Kinds::ANY && !column.allowed().allows(cell) {
            return Err(Halt::Wrong { field, at, end, message: String::new() });
        }
        if is_new && cell.kind == Kind::Nested {
            check(column.name(), cell.bytes).map_err(|message| Halt::Wrong { field, at, end, message })?;
        }
        Ok(end)
    }

    /// Takes back what was read of a record into a row.
    #[cold]
    pub fn take_back(&self, columns: &mut [Column], row: usize) {
        for field in &self.fields {
            if let Some(column) = columns.get_mut(usize::from(*field)) {
                column.take_back(row);
            }
        }
    }
}
