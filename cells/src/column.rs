//! The cells of a field.

use crate::arena::{Address, Arena, FIRST, Mark};
use crate::cell::{Cell, Kinds};
use crate::error::TooLarge;
use crate::hash::hash;
use crate::wide::short;

/// Distinct values up to which it does not matter how many of the rows have one of their own.
const FEW: usize = 1024;
/// Distinct values that codes can number, and one less, so that a slot can say that it is free.
const MOST: usize = 65_535;

/// The cells of one field, a cell for each row.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    allowed: Kinds,
    arena: Arena,
    /// For each row the code of its value.
    codes: Vec<u16>,
    /// Or, when each has a value of its own, where that is; then there are no codes.
    addresses: Vec<Address>,
    /// Where the distinct values are, by their codes.
    entries: Option<Vec<Address>>,
    /// Codes by the hashes of their values, each plus one; empty where it is not needed now.
    slots: Vec<u16>,
    /// Codes by a glance at their values, each plus one: most columns with codes have but a few values, and looking at all
    /// of a long one takes its time.
    glances: Vec<u16>,
    /// The addresses of texts that are not all ASCII, ascending.
    wide: Vec<Address>,
    /// What it was before the batch under way gave each row a value of its own.
    coded: Option<Box<Self>>,
    /// Goes up when values get other addresses.
    epoch: u32,
}

/// How cells are held.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// Distinct values, and for each row which one it has.
    Coded {
        /// For each row the place of its value.
        codes: &'a [u16],
        /// Where the values are.
        entries: &'a [Address],
    },
    /// Where each row's value is.
    Plain(&'a [Address]),
}

/// How far a column was.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    rows: usize,
    arena: Mark,
    /// Distinct values, if it had codes.
    entries: usize,
    wide: usize,
}

impl Column {
    /// A column without rows.
    pub fn new(name: &str, allowed: Kinds) -> Self {
        Self {
            name: name.to_owned(),
            allowed,
            arena: Arena::default(),
            codes: Vec::new(),
            addresses: Vec::new(),
            entries: Some(Vec::new()),
            slots: Vec::new(),
            glances: Vec::new(),
            wide: Vec::new(),
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
    pub fn cells(&self) -> Cells<'_> {
        match &self.entries {
            Some(entries) => Cells::Coded { codes: &self.codes, entries },
            None => Cells::Plain(&self.addresses),
        }
    }

    /// Rows that have a cell; those behind them have none.
    pub const fn len(&self) -> usize {
        // One of them is empty.
        self.codes.len() + self.addresses.len()
    }

    /// Whether no row has a cell.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The addresses of texts that are not all ASCII, ascending.
    pub fn wide(&self) -> &[Address] {
        &self.wide
    }

    /// Goes up when values get other addresses.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Where a row's cell is.
    #[inline]
    pub fn address(&self, row: usize) -> Address {
        let address = match &self.entries {
            Some(entries) => self.codes.get(row).and_then(|code| entries.get(usize::from(*code))),
            None => self.addresses.get(row),
        };
        address.copied().unwrap_or(0)
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
    pub const fn arena(&self) -> &Arena {
        &self.arena
    }

    /// Gives a row its cell: the next one, or one that is there. `is_wide` says that it is a text that is not all ASCII.
    /// Answers whether the value was not there before.
    pub fn put(&mut self, row: usize, cell: Cell<'_>, is_wide: bool) -> Result<bool, TooLarge> {
        if self.len() < row {
            self.reach(row)?;
        }
        if self.entries.is_none() {
            let address = self.add(cell, is_wide)?;
            set(&mut self.addresses, row, address)?;
            return Ok(true);
        }
        let (code, is_new) = match self.glance(cell) {
            Some(code) => (code, false),
            None => self.code(cell, is_wide)?,
        };
        set(&mut self.codes, row, code)?;
        if is_new && self.has_too_many() {
            self.spread()?;
        }
        Ok(is_new)
    }

    /// Makes room for so many rows at once.
    pub fn expect(&mut self, rows: usize) {
        // Without it the list grows as it must.
        let more = rows.saturating_sub(self.len());
        let _ = match self.entries {
            Some(_) => make_room(&mut self.codes, more),
            None => make_room(&mut self.addresses, more),
        };
    }

    /// Adds a value.
    #[inline(always)]
    fn add(&mut self, cell: Cell<'_>, is_wide: bool) -> Result<Address, TooLarge> {
        let address = self.arena.push(cell)?;
        if is_wide {
            self.wide.push(address);
        }
        Ok(address)
    }

    /// The code of a value that was glanced at before.
    #[inline(always)]
    fn glance(&self, cell: Cell<'_>) -> Option<u16> {
        let code = self.glances.get(glance(cell))?.checked_sub(1)?;
        let address = *self.entries.as_ref()?.get(usize::from(code))?;
        (self.arena.get_here(address) == cell).then_some(code)
    }

    /// The value that a code stands for.
    fn entry(&self, code: u16) -> Cell<'_> {
        let address = self.entries.as_ref().and_then(|entries| entries.get(usize::from(code)));
        self.arena.get(address.copied().unwrap_or(0))
    }

    /// The code of a value, and whether it was not there before.
    #[inline(never)]
    fn code(&mut self, cell: Cell<'_>, is_wide: bool) -> Result<(u16, bool), TooLarge> {
        let count = self.entries.as_ref().map_or(0, Vec::len);
        if self.slots.len() < count * 2 + 2 {
            let size = (count * 3 + 8).next_power_of_two();
            self.slots.clear();
            make_room(&mut self.slots, size)?;
            self.slots.resize(size, 0);
            for code in 0..count as u16 {
                self.set_slot(self.slot(self.entry(code)), code);
            }
        }
        let slot = self.slot(cell);
        let known = self.slots.get(slot).and_then(|code| code.checked_sub(1));
        let code = known.unwrap_or(count as u16);
        if known.is_none() {
            let address = self.add(cell, is_wide)?;
            if let Some(entries) = &mut self.entries {
                set(entries, count, address)?;
            }
            self.set_slot(slot, code);
        }
        self.glances.resize(GLANCES, 0);
        if let Some(known) = self.glances.get_mut(glance(cell)) {
            *known = code + 1;
        }
        Ok((code, known.is_none()))
    }

    /// The slot of a value, or the free one that is for it.
    fn slot(&self, cell: Cell<'_>) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(cell.kind as u8, cell.bytes) as usize & mask;
        while let Some(slot @ 1..) = self.slots.get(at)
            && self.entry(slot - 1) != cell
        {
            at = (at + 1) & mask;
        }
        at
    }

    fn set_slot(&mut self, slot: usize, code: u16) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = code + 1;
        }
    }

    /// Whether too few rows share values.
    fn has_too_many(&self) -> bool {
        let count = self.entries.as_ref().map_or(0, Vec::len);
        count >= MOST || (count >= FEW && count * 2 > self.len())
    }

    /// Gives each row a value of its own.
    #[cold]
    fn spread(&mut self) -> Result<(), TooLarge> {
        let rows: Vec<usize> = (0..self.len()).collect();
        let plain = self.of_rows(&rows, None)?;
        let coded = std::mem::replace(self, plain);
        self.coded = Some(Box::new(coded));
        Ok(())
    }

    /// The same cells, of these rows alone, ascending; with these values, or one for each row.
    pub fn of_rows(&self, rows: &[usize], entries: Option<Vec<Address>>) -> Result<Self, TooLarge> {
        let mut packed = Self { entries, epoch: self.epoch + 1, ..Self::new(&self.name, self.allowed) };
        packed.expect(rows.len());
        for (to, from) in rows.iter().enumerate() {
            if *from >= self.len() {
                break;
            }
            let address = self.address(*from);
            let is_wide = self.wide.binary_search(&address).is_ok();
            packed.put(to, self.at(address), is_wide)?;
        }
        Ok(packed)
    }

    /// Gives so many rows a cell, if only an absent one.
    #[cold]
    pub fn reach(&mut self, rows: usize) -> Result<(), TooLarge> {
        while self.len() < rows {
            self.put(self.len(), Cell::ABSENT, false)?;
        }
        Ok(())
    }

    /// Gives a row the cell of another one, which goes soon. Both have one.
    pub fn copy(&mut self, to: usize, from: usize) {
        copy(&mut self.codes, to, from);
        copy(&mut self.addresses, to, from);
    }

    /// Forgets the rows behind the first so many; their values stay.
    pub fn truncate(&mut self, rows: usize) {
        self.codes.truncate(rows);
        self.addresses.truncate(rows);
    }

    /// Forgets the row that came last, behind so many others, and its value if that is its own.
    pub fn take_back(&mut self, rows: usize) {
        if let (None, Some(&address @ FIRST..)) = (&self.entries, self.addresses.get(rows)) {
            self.arena.cut(address);
            self.wide.truncate(self.wide.partition_point(|wide| *wide < address));
        }
        self.truncate(rows);
    }

    /// Forgets what only a batch that fails needs.
    pub fn settle(&mut self) {
        self.coded = None;
    }

    /// How far it is.
    pub fn before(&self) -> Before {
        let entries = self.entries.as_ref().map_or(0, Vec::len);
        Before { rows: self.len(), arena: self.arena.mark(), entries, wide: self.wide.len() }
    }

    /// Takes back all that was put since, as long as no row from before was given another cell.
    pub fn restore(&mut self, before: &Before) {
        if let Some(coded) = self.coded.take() {
            *self = *coded;
        }
        self.truncate(before.rows);
        if let Some(entries) = &mut self.entries {
            entries.truncate(before.entries);
        }
        self.slots = Vec::new();
        self.glances = Vec::new();
        self.arena.truncate(before.arena);
        self.wide.truncate(before.wide);
    }

    /// Gives back the room that is left, and what only further values need.
    pub fn shrink(&mut self) {
        self.settle();
        self.slots = Vec::new();
        self.glances = Vec::new();
        self.arena.shrink();
        self.wide.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.addresses.shrink_to_fit();
        if let Some(entries) = &mut self.entries {
            entries.shrink_to_fit();
        }
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        let entries = self.entries.as_ref().map_or(0, Vec::capacity);
        let words = self.addresses.capacity() + entries + self.wide.capacity();
        self.arena.byte_len() + words * 4 + (self.codes.capacity() + self.slots.capacity()) * 2
    }
}

const GLANCES: usize = 256;

/// The place of a value among those that were glanced at: by its kind, its length and its end.
#[inline(always)]
fn glance(cell: Cell<'_>) -> usize {
    let end =
        cell.bytes.last_chunk::<8>().map_or_else(|| short(cell.bytes), |last| u64::from_le_bytes(*last));
    let mixed = (end ^ ((cell.bytes.len() << 3 | cell.kind as usize) as u64) << 53)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 56) as usize & (GLANCES - 1)
}

/// Gives a row another one, or adds it behind the last.
#[inline(always)]
fn set<T>(list: &mut Vec<T>, row: usize, one: T) -> Result<(), TooLarge> {
    if let Some(known) = list.get_mut(row) {
        *known = one;
        return Ok(());
    }
    if list.len() == list.capacity() {
        make_room(list, list.len() / 2 + 16)?;
    }
    list.push(one);
    Ok(())
}

/// Makes room for so many more and no more: what is not used is lost to the page.
#[cold]
fn make_room<T>(list: &mut Vec<T>, more: usize) -> Result<(), TooLarge> {
    list.try_reserve_exact(more).map_err(|_| TooLarge)
}

fn copy<T: Copy>(list: &mut [T], to: usize, from: usize) {
    if let Some(one) = list.get(from).copied()
        && let Some(known) = list.get_mut(to)
    {
        *known = one;
    }
}
