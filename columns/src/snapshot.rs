//! A store as bytes, and back. Cells are written as they stand in memory, one column after the other; where they are is
//! worked out anew, so that no bytes can make an address that leads nowhere. What comes back was checked to the last
//! byte, also when the checksum is right: it may have been kept where others can write.
//!
//! ```text
//! magic, version (4 bytes), checksum of all that follows (8 bytes)
//! note
//! rules: name, allowed kinds twice plus one if required
//! names of the columns
//! number of rows
//! orders of fields but the first, which is that of the columns: columns of each
//! for each column its cells: either 0 and one for each row, or the number of distinct ones plus one, those, and a code for
//! each row
//! for each row the code of its order
//! ```
//! Numbers are in groups of seven bits, texts begin with their length, codes take two bytes, or none where there
//! is no choice.

use crate::arena;
use crate::cell::{Cell, Kind, Kinds};
use crate::codes::Codes;
use crate::column::{Cells, Column, MOST};
use crate::error::TooLarge;
use crate::index::Index;
use crate::scan;
use crate::store::{FieldRule, KEY, MAX_FIELDS, MAX_ORDERS, Store};

const MAGIC: &[u8; 8] = b"\x89Orgdeck";
const VERSION: u32 = 1;

/// Why bytes do not become a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damaged {
    /// They are something else.
    Foreign,
    /// Another version made them.
    Version,
    /// Some were changed, or are missing.
    Content,
    /// There is no memory for what they hold.
    TooLarge,
}

impl From<TooLarge> for Damaged {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl Store {
    /// All of it as bytes, but for rows that are gone. `note` comes back with them.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn snapshot(&self, note: &[u8]) -> Result<Vec<u8>, TooLarge> {
        let rows = self.live_rows();
        let mut writer = Writer { out: Vec::new() };
        let room = self.byte_len() + note.len() + (rows.len() * 2 + 64) * (self.columns.len() + 1);
        writer.out.try_reserve_exact(room).map_err(|_| TooLarge)?;
        writer.out.extend_from_slice(MAGIC);
        writer.out.extend_from_slice(&VERSION.to_le_bytes());
        writer.out.extend_from_slice(&[0; 8]);
        writer.text(note);
        writer.number(self.rules.len());
        for rule in &self.rules {
            writer.text(rule.name.as_bytes());
            writer.number(usize::from(rule.allowed.bits()) << 1 | usize::from(rule.required));
        }
        writer.number(self.columns.len());
        for column in &self.columns {
            writer.text(column.name().as_bytes());
        }
        writer.number(rows.len());
        writer.number(self.orders.len() - 1);
        for order in self.orders.iter().skip(1) {
            writer.number(order.len());
            order.iter().for_each(|column| writer.number((*column).into()));
        }
        for column in &self.columns {
            writer.column(column, &rows);
        }
        let order_of: Vec<u16> = rows.iter().map(|row| self.order_of.get(*row) as u16).collect();
        writer.codes(&order_of, self.orders.len());
        let mut out = writer.out;
        let sum = checksum(out.get(BODY..).unwrap_or_default()).to_le_bytes();
        let place = out.iter_mut().take(BODY).skip(BODY - sum.len());
        place.zip(sum).for_each(|(place, byte)| *place = byte);
        Ok(out)
    }

    /// The store that a snapshot was made of, and its note.
    ///
    /// # Errors
    /// When they are no snapshot, one of another version, or damaged.
    pub fn restore(bytes: &[u8]) -> Result<(Self, &[u8]), Damaged> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(Damaged::Foreign)?;
        let (version, rest) = rest.split_first_chunk().ok_or(Damaged::Content)?;
        if u32::from_le_bytes(*version) != VERSION {
            return Err(Damaged::Version);
        }
        let (sum, body) = rest.split_first_chunk().ok_or(Damaged::Content)?;
        if u64::from_le_bytes(*sum) != checksum(body) {
            return Err(Damaged::Content);
        }
        let mut reader = Reader { rest: body };
        let note = reader.bytes()?;
        let store = reader.store()?;
        if reader.rest.is_empty() { Ok((store, note)) } else { Err(Damaged::Content) }
    }
}

/// Where the checksum ends, and what it is of begins.
const BODY: usize = 8 + 4 + 8;

/// A change within eight bytes always shows, any other all but always. By hand, because whoever changes bytes on purpose
/// can make any checksum right, and for accidents a stronger one says no more; as a crate it is seven times the code.
fn checksum(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut sum = bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        sum = (sum.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    for byte in rest {
        sum = (sum.rotate_left(23) ^ u64::from(*byte)).wrapping_mul(FACTOR);
    }
    sum
}

struct Writer {
    out: Vec<u8>,
}

impl Writer {
    #[inline(never)]
    fn number(&mut self, mut number: usize) {
        while number > 0x7f {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    #[inline(never)]
    fn text(&mut self, text: &[u8]) {
        self.number(text.len());
        self.out.extend_from_slice(text);
    }

    /// A cell as it stands in memory.
    fn cell(&mut self, cell: Cell<'_>) {
        self.number(cell.bytes.len() << 3 | cell.kind as usize);
        self.out.extend_from_slice(cell.bytes);
    }

    fn column(&mut self, column: &Column, rows: &[usize]) {
        let Cells::Coded { codes, entries } = column.cells() else {
            self.number(0);
            rows.iter().for_each(|row| self.cell(column.get(*row)));
            return;
        };
        // Only values that rows have, in the order in which these come: then it does not show what else there was once.
        // What is behind a column's end is absent, which may be one of its values or not.
        let absent = entries.iter().position(|entry| *entry == Kind::Absent as u32).unwrap_or(entries.len());
        let mut places = vec![u16::MAX; entries.len() + 1];
        let mut used = Vec::new();
        let mut numbers = Vec::new();
        for row in rows {
            let code = if *row < codes.len() { codes.get(*row) } else { absent };
            let Some(place) = places.get_mut(code) else { continue };
            if *place == u16::MAX {
                *place = used.len() as u16;
                used.push(entries.get(code).copied().unwrap_or(0));
            }
            numbers.push(*place);
        }
        self.number(used.len() + 1);
        used.iter().for_each(|address| self.cell(column.at(*address)));
        self.codes(&numbers, used.len());
    }

    /// A code below `count` for each row; nothing when there is no choice.
    fn codes(&mut self, codes: &[u16], count: usize) {
        if count > 1 {
            codes.iter().for_each(|code| self.out.extend_from_slice(&code.to_le_bytes()));
        }
    }
}

/// What is still to be read.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    #[inline(never)]
    fn number(&mut self) -> Result<usize, Damaged> {
        let mut number = 0_u32;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(Damaged::Content)?;
            self.rest = rest;
            let bits = u32::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number as usize);
            }
        }
        Err(Damaged::Content)
    }

    /// How many there are of something that takes a byte each at least, and of which there can only be so many.
    fn count(&mut self, most: usize) -> Result<usize, Damaged> {
        let count = self.number()?;
        if count <= most.min(self.rest.len()) { Ok(count) } else { Err(Damaged::Content) }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Damaged::Content)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline(never)]
    fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let len = self.number()?;
        self.take(len)
    }

    fn text(&mut self) -> Result<&'a str, Damaged> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Damaged::Content)
    }

    fn store(&mut self) -> Result<Store, Damaged> {
        let mut rules = Vec::new();
        for _ in 0..self.count(MAX_FIELDS)? {
            let name = self.text()?.to_owned();
            let rule = self.number()?;
            rules.push(FieldRule {
                name,
                allowed: Kinds::from_bits((rule >> 1) as u16),
                required: rule & 1 != 0,
            });
        }
        let columns = self.count(MAX_FIELDS)?;
        let mut store = Store::new(self.text()?, rules);
        for _ in 1..columns {
            let name = self.text()?;
            if store.column(name).is_some() {
                return Err(Damaged::Content);
            }
            store.add_column(name);
        }
        let rows = self.number()?;
        self.orders(&mut store)?;
        for at in 0..columns {
            let Some(column) = store.columns.get_mut(at) else { break };
            self.column(column, rows)?;
            if at == KEY {
                let index = Index::of(column, rows)?.ok_or(Damaged::Content)?;
                store.begin_anew(index, rows);
            }
        }
        store.order_of = self.codes(store.orders.len(), rows)?;
        Ok(store)
    }

    fn orders(&mut self, store: &mut Store) -> Result<(), Damaged> {
        let columns = store.columns().len();
        for _ in 0..self.count(MAX_ORDERS - 1)? {
            let mut order = Vec::new();
            for _ in 0..self.count(columns)? {
                let column = self.number()?;
                if column >= columns {
                    return Err(Damaged::Content);
                }
                order.push(column as u16);
            }
            store.orders.push(order.into());
        }
        Ok(())
    }

    fn column(&mut self, column: &mut Column, rows: usize) -> Result<(), Damaged> {
        let values = self.number()?;
        let is_coded = values > 0;
        let count = if is_coded { values - 1 } else { rows };
        if count > self.rest.len() || count > rows || (is_coded && count >= MOST) {
            return Err(Damaged::Content);
        }
        if !is_coded {
            column.spread_out(rows)?;
        }
        for _ in 0..count {
            let (cell, size) = arena::read(self.rest).ok_or(Damaged::Content)?;
            let is_wide = check(cell, column.allowed())?;
            if !column.add_value(cell, is_wide)? {
                return Err(Damaged::Content);
            }
            self.take(size)?;
        }
        if is_coded {
            column.set_codes(self.codes(count, rows)?);
        }
        column.shrink();
        Ok(())
    }

    /// A code below `count` for each row.
    fn codes(&mut self, count: usize, rows: usize) -> Result<Codes, Damaged> {
        if count < 2 {
            return if rows > 0 && count == 0 { Err(Damaged::Content) } else { Ok(Codes::Same(rows)) };
        }
        let size = rows.checked_mul(2).ok_or(Damaged::Content)?;
        let mut codes = Codes::Same(0);
        for pair in self.take(size)?.as_chunks().0 {
            let code = usize::from(u16::from_le_bytes(*pair));
            if code >= count {
                return Err(Damaged::Content);
            }
            codes.push(code)?;
        }
        Ok(codes)
    }
}

/// Whether a cell is a text that is not all ASCII; an error if it is none that a field may hold.
fn check(cell: Cell<'_>, allowed: Kinds) -> Result<bool, Damaged> {
    let bytes = cell.bytes;
    let is_wide = cell.kind == Kind::Text && !bytes.is_ascii();
    let is_json = match cell.kind {
        Kind::Absent => return Ok(false),
        Kind::Null | Kind::False | Kind::True => true,
        Kind::Text => !is_wide || std::str::from_utf8(bytes).is_ok(),
        Kind::Number => scan::number(bytes, 0) == Ok(bytes.len()),
        Kind::Nested => matches!(bytes.first(), Some(b'[' | b'{')) && scan::skip(bytes, 0) == Ok(bytes.len()),
    };
    if is_json && (allowed == Kinds::ANY || allowed.allows(cell)) {
        Ok(is_wide)
    } else {
        Err(Damaged::Content)
    }
}
