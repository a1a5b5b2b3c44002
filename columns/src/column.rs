//! The cells of a field.

use crate::arena::{Address, Arena, FIRST, Mark};
use crate::cell::{Cell, Kinds};
use crate::codes::Codes;
use crate::error::TooLarge;
use crate::hash::hash;
use crate::wide::short;

/// Distinct values up to which it does not matter how many of the rows have one of their own.
const FEW: usize = 4096;
/// Distinct values that codes can number, and one less, so that a slot can say that it is free.
pub(crate) const MOST: usize = 65_535;

/// The cells of one field, a cell for each row.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    allowed: Kinds,
    arena: Arena,
    cells: Cells,
    /// Codes by the hashes of their values, each plus one; empty where it is not needed now.
    slots: Vec<u16>,
    /// The code of each kind of cell that says all by its kind, plus one.
    wholes: [u16; 4],
    /// Codes by a glance at their values, each plus one: most columns with codes have but a few values, and looking at all
    /// of a long one takes its time.
    glances: Vec<u16>,
    /// The addresses of texts that are not all ASCII, ascending.
    wide: Vec<Address>,
    /// Whether the addresses of its rows ascend.
    is_ordered: bool,
    /// What it was before the batch under way gave each row a value of its own.
    coded: Option<Box<Self>>,
    /// Goes up when values get other addresses.
    epoch: u32,
}

/// How cells are held.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Distinct values, and for each row which one it has.
    Coded {
        /// For each row the place of its value.
        codes: Codes,
        /// Where the values are; ascending, but for those that have no bytes.
        entries: Vec<Address>,
    },
    /// Where each row's value is.
    Plain(Vec<Address>),
}

/// How far a column was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    rows: usize,
    arena: Mark,
    /// Distinct values, if it had codes.
    entries: Option<usize>,
    wide: usize,
}

impl Column {
    pub(crate) fn new(name: &str, allowed: Kinds) -> Self {
        Self {
            name: name.to_owned(),
            allowed,
            arena: Arena::default(),
            cells: Cells::Coded { codes: Codes::Same(0), entries: Vec::new() },
            slots: Vec::new(),
            wholes: [0; 4],
            glances: Vec::new(),
            wide: Vec::new(),
            is_ordered: true,
            coded: None,
            epoch: 0,
        }
    }

    /// The field's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it may hold.
    pub const fn allowed(&self) -> Kinds {
        self.allowed
    }

    /// How its cells are held.
    pub const fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Rows that have a cell; those behind them have none.
    pub const fn len(&self) -> usize {
        match &self.cells {
            Cells::Coded { codes, .. } => codes.len(),
            Cells::Plain(addresses) => addresses.len(),
        }
    }

    /// Whether no row has a cell.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the values of rows follow each other in memory, so that they can be looked through in one go.
    pub const fn is_ordered(&self) -> bool {
        self.is_ordered
    }

    /// The addresses of texts that are not all ASCII, ascending.
    pub fn wide(&self) -> &[Address] {
        &self.wide
    }

    /// Goes up when values get other addresses.
    pub(crate) const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Where a row's cell is.
    #[inline]
    pub fn address(&self, row: usize) -> Address {
        match &self.cells {
            Cells::Coded { codes, .. } if row >= codes.len() => 0,
            Cells::Coded { codes, entries } => entries.get(codes.get(row)).copied().unwrap_or(0),
            Cells::Plain(addresses) => addresses.get(row).copied().unwrap_or(0),
        }
    }

    /// The cell at an address.
    #[inline]
    pub fn at(&self, address: Address) -> Cell<'_> {
        self.arena.get(address)
    }

    /// A row's cell.
    #[inline]
    pub fn get(&self, row: usize) -> Cell<'_> {
        self.at(self.address(row))
    }

    /// The memory that its values are in.
    pub(crate) const fn arena(&self) -> &Arena {
        &self.arena
    }

    /// Makes an empty column one with a cell for each row, and room for so many.
    pub(crate) fn spread_out(&mut self, rows: usize) -> Result<(), TooLarge> {
        let mut addresses = Vec::new();
        addresses.try_reserve_exact(rows).map_err(|_| TooLarge)?;
        self.cells = Cells::Plain(addresses);
        Ok(())
    }

    /// Adds a value: to one with codes a value, that of the next row to another. Whether it was not there before.
    #[inline]
    pub(crate) fn add_value(&mut self, cell: Cell<'_>, is_wide: bool) -> Result<bool, TooLarge> {
        let Cells::Plain(addresses) = &mut self.cells else { return Ok(self.code(cell, is_wide)?.1) };
        if addresses.len() == addresses.capacity() {
            grow(addresses)?;
        }
        let address = self.arena.push(cell)?;
        if is_wide {
            self.wide.push(address);
        }
        addresses.push(address);
        Ok(true)
    }

    /// Numbers the rows of a column with codes.
    pub(crate) fn set_codes(&mut self, numbers: Codes) {
        if let Cells::Coded { codes, .. } = &mut self.cells {
            *codes = numbers;
        }
    }

    /// Gives a row its cell: the next one, or one that is there. `is_wide` says that it is a text that is not all ASCII.
    /// Answers whether the value was not there before.
    #[inline(always)]
    pub(crate) fn put(&mut self, row: usize, cell: Cell<'_>, is_wide: bool) -> Result<bool, TooLarge> {
        if self.len() != row {
            return self.put_elsewhere(row, cell, is_wide);
        }
        if let Cells::Plain(_) = self.cells {
            return self.add_value(cell, is_wide);
        }
        let (code, is_new) = match self.glance(cell) {
            Some(code) => (code, false),
            None => self.code(cell, is_wide)?,
        };
        if let Cells::Coded { codes, .. } = &mut self.cells {
            codes.push(code)?;
        }
        if is_new {
            self.spread()?;
        }
        Ok(is_new)
    }

    /// The place among the values, of a column with codes.
    #[inline(never)]
    fn code(&mut self, cell: Cell<'_>, is_wide: bool) -> Result<(usize, bool), TooLarge> {
        let Cells::Coded { entries, .. } = &mut self.cells else { return Ok((0, false)) };
        if let Some(whole @ 1..) = self.wholes.get(cell.kind as usize).copied() {
            return Ok((usize::from(whole) - 1, false));
        }
        if self.slots.len() < entries.len() * 2 + 2 {
            self.slots.clear();
            self.slots
                .try_reserve_exact((entries.len() * 4 + 8).next_power_of_two())
                .map_err(|_| TooLarge)?;
            self.slots.resize((entries.len() * 4 + 8).next_power_of_two(), 0);
            for (code, address) in entries.iter().enumerate() {
                let cell = self.arena.get(*address);
                let mask = self.slots.len() - 1;
                let mut at = hash(cell.kind as u8, cell.bytes) as usize & mask;
                while self.slots.get(at).is_some_and(|slot| *slot > 0) {
                    at = (at + 1) & mask;
                }
                if let Some(slot) = self.slots.get_mut(at) {
                    *slot = code as u16 + 1;
                }
            }
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(cell.kind as u8, cell.bytes) as usize & mask;
        while let Some(slot @ 1..) = self.slots.get(at).copied() {
            let code = usize::from(slot) - 1;
            if entries.get(code).is_some_and(|address| self.arena.get(*address) == cell) {
                self.remember(cell, code);
                return Ok((code, false));
            }
            at = (at + 1) & mask;
        }
        let code = entries.len();
        if entries.len() == entries.capacity() {
            grow(entries)?;
        }
        let address = self.arena.push(cell)?;
        entries.push(address);
        if is_wide {
            self.wide.push(address);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = code as u16 + 1;
        }
        if let Some(whole) = self.wholes.get_mut(cell.kind as usize) {
            *whole = code as u16 + 1;
        }
        self.remember(cell, code);
        Ok((code, true))
    }

    /// The code of a value that was glanced at before.
    #[inline(always)]
    fn glance(&self, cell: Cell<'_>) -> Option<usize> {
        let Cells::Coded { entries, .. } = &self.cells else { return None };
        let known = match self.wholes.get(cell.kind as usize) {
            Some(whole) => return usize::from(*whole).checked_sub(1),
            None => self.glances.get(glance(cell)).copied().unwrap_or(0),
        };
        let code = usize::from(known).checked_sub(1)?;
        entries.get(code).is_some_and(|address| self.arena.get(*address) == cell).then_some(code)
    }

    #[inline(always)]
    fn remember(&mut self, cell: Cell<'_>, code: usize) {
        if self.glances.is_empty() {
            self.glances.resize(GLANCES, 0);
        }
        if let Some(known) = self.glances.get_mut(glance(cell)) {
            *known = code as u16 + 1;
        }
    }

    /// Gives each row a value of its own when too few share one.
    #[cold]
    fn spread(&mut self) -> Result<(), TooLarge> {
        let Cells::Coded { codes, entries } = &self.cells else { return Ok(()) };
        let rows = codes.len();
        if entries.len() < MOST && (entries.len() < FEW || entries.len() * 2 <= rows) {
            return Ok(());
        }
        let (mut arena, mut addresses, mut wide) = (Arena::default(), Vec::new(), Vec::new());
        addresses.try_reserve(rows + 1).map_err(|_| TooLarge)?;
        for row in 0..rows {
            let known = entries.get(codes.get(row)).copied().unwrap_or(0);
            let address = arena.push(self.arena.get(known))?;
            addresses.push(address);
            if self.wide.binary_search(&known).is_ok() {
                wide.push(address);
            }
        }
        let mut plain = Self::new(&self.name, self.allowed);
        (plain.arena, plain.cells, plain.wide) = (arena, Cells::Plain(addresses), wide);
        plain.epoch = self.epoch + 1;
        let coded = std::mem::replace(self, plain);
        self.coded = Some(Box::new(coded));
        Ok(())
    }

    #[cold]
    fn put_elsewhere(&mut self, row: usize, cell: Cell<'_>, is_wide: bool) -> Result<bool, TooLarge> {
        self.reach(row)?;
        if self.len() == row {
            return self.put(row, cell, is_wide);
        }
        match &mut self.cells {
            Cells::Plain(addresses) => {
                let address = self.arena.push(cell)?;
                if is_wide {
                    self.wide.push(address);
                }
                self.is_ordered &= row + 1 == addresses.len() || cell.kind.is_whole();
                if let Some(known) = addresses.get_mut(row) {
                    *known = address;
                }
                Ok(true)
            }
            Cells::Coded { .. } => {
                let (code, is_new) = self.code(cell, is_wide)?;
                if let Cells::Coded { codes, .. } = &mut self.cells {
                    codes.set(row, code)?;
                }
                if is_new {
                    self.spread()?;
                }
                Ok(is_new)
            }
        }
    }

    /// Gives so many rows a cell, if only an absent one.
    pub(crate) fn reach(&mut self, rows: usize) -> Result<(), TooLarge> {
        while self.len() < rows {
            self.put_elsewhere(self.len(), Cell::ABSENT, false)?;
        }
        Ok(())
    }

    /// Gives a row the cell of another one, which goes soon. Both have one.
    pub(crate) fn copy(&mut self, to: usize, from: usize) -> Result<(), TooLarge> {
        match &mut self.cells {
            Cells::Coded { codes, .. } => {
                let code = codes.get(from);
                codes.set(to, code)?;
            }
            Cells::Plain(addresses) => {
                let address = addresses.get(from).copied().unwrap_or(0);
                if let Some(known) = addresses.get_mut(to) {
                    *known = address;
                }
                self.is_ordered &= address < FIRST;
            }
        }
        Ok(())
    }

    /// Forgets the rows behind the first so many; their values stay.
    pub(crate) fn truncate(&mut self, rows: usize) {
        match &mut self.cells {
            Cells::Coded { codes, .. } => codes.truncate(rows),
            Cells::Plain(addresses) => addresses.truncate(rows),
        }
    }

    /// Forgets the row that came last, behind so many others, and its value if that is its own.
    pub(crate) fn take_back(&mut self, rows: usize) {
        if let Cells::Plain(addresses) = &self.cells
            && let Some(&address) = addresses.get(rows).filter(|address| **address >= FIRST)
        {
            self.arena.cut(address);
            self.wide.truncate(self.wide.partition_point(|wide| *wide < address));
        }
        self.truncate(rows);
    }

    /// Forgets what only a batch that fails needs.
    pub(crate) fn settle(&mut self) {
        self.coded = None;
    }

    pub(crate) fn before(&self) -> Before {
        let entries = match &self.cells {
            Cells::Coded { entries, .. } => Some(entries.len()),
            Cells::Plain(_) => None,
        };
        Before { rows: self.len(), arena: self.arena.mark(), entries, wide: self.wide.len() }
    }

    /// Takes back all that was put since, as long as no row from before was given another cell.
    pub(crate) fn restore(&mut self, before: &Before) {
        if let Some(coded) = self.coded.take() {
            *self = *coded;
        }
        self.truncate(before.rows);
        if let (Cells::Coded { entries, .. }, Some(count)) = (&mut self.cells, before.entries) {
            entries.truncate(count);
            self.slots = Vec::new();
            self.glances = Vec::new();
            for whole in &mut self.wholes {
                if usize::from(*whole) > count {
                    *whole = 0;
                }
            }
        }
        self.arena.truncate(before.arena);
        self.wide.truncate(before.wide);
    }

    /// The same cells, of these rows alone, packed anew.
    pub(crate) fn of_rows(&self, rows: &[usize]) -> Result<Self, TooLarge> {
        let mut packed = Self::new(&self.name, self.allowed);
        for (to, from) in rows.iter().enumerate() {
            if *from >= self.len() {
                break;
            }
            let address = self.address(*from);
            let is_wide = self.wide.binary_search(&address).is_ok();
            packed.put_elsewhere(to, self.at(address), is_wide)?;
        }
        packed.shrink();
        packed.epoch += self.epoch + 1;
        Ok(packed)
    }

    /// Gives back the room that is left, and what only further values need.
    pub(crate) fn shrink(&mut self) {
        self.settle();
        self.slots = Vec::new();
        self.glances = Vec::new();
        self.arena.shrink();
        self.wide.shrink_to_fit();
        match &mut self.cells {
            Cells::Coded { codes, entries } => {
                codes.shrink();
                entries.shrink_to_fit();
            }
            Cells::Plain(addresses) => addresses.shrink_to_fit(),
        }
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        let cells = match &self.cells {
            Cells::Coded { codes, entries } => codes.byte_len() + entries.capacity() * 4,
            Cells::Plain(addresses) => addresses.capacity() * 4,
        };
        self.arena.byte_len() + cells + self.slots.capacity() * 2 + self.wide.capacity() * 4
    }
}

const GLANCES: usize = 256;

/// The place of a value among those that were glanced at: by its length and its end.
#[inline(always)]
fn glance(cell: Cell<'_>) -> usize {
    let end =
        cell.bytes.last_chunk::<8>().map_or_else(|| short(cell.bytes), |last| u64::from_le_bytes(*last));
    let mixed = (end ^ (cell.bytes.len() as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 56) as usize & (GLANCES - 1)
}

/// Makes room for more. By a half and no more: what is not used is lost to the page.
#[cold]
fn grow(list: &mut Vec<Address>) -> Result<(), TooLarge> {
    list.try_reserve_exact(list.len() / 2 + 16).map_err(|_| TooLarge)
}
