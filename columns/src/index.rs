//! Rows by their ids. Open addressing over row numbers alone: the ids are in their column. `hashbrown` does the same in
//! several times the code.

use crate::cell::{Cell, Kind};
use crate::column::Column;
use crate::error::TooLarge;
use crate::hash::hash;

/// Rows by the cells of the key's column.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// A part of the hash of the id in each place, so that others are seldom looked at; 0 where nothing is.
    tags: Vec<u8>,
    rows: Vec<u32>,
    count: usize,
}

/// Where a search is: the place and the part of the hash.
#[derive(Clone, Copy)]
struct Probe {
    at: usize,
    tag: u8,
}

impl Index {
    fn probe(&self, id: Cell<'_>) -> Probe {
        let hash = hash(id.kind as u8, id.bytes);
        Probe { at: hash as usize & self.mask(), tag: (hash >> 24) as u8 | 1 }
    }

    fn mask(&self) -> usize {
        self.tags.len().wrapping_sub(1)
    }

    /// The place of a row that has an id, if `is` holds for it; else the free place where it would be.
    #[inline]
    fn place(&self, id: Cell<'_>, is: impl Fn(usize) -> bool) -> (Probe, Option<usize>) {
        let mut probe = self.probe(id);
        loop {
            match self.tags.get(probe.at).copied() {
                None | Some(0) => return (probe, None),
                Some(tag) if tag == probe.tag => {
                    let row = self.rows.get(probe.at).map_or(0, |row| *row as usize);
                    if is(row) {
                        return (probe, Some(row));
                    }
                }
                Some(_) => {}
            }
            probe.at = (probe.at + 1) & self.mask();
        }
    }

    fn set(&mut self, probe: Probe, row: usize) {
        if let (Some(tag), Some(known)) = (self.tags.get_mut(probe.at), self.rows.get_mut(probe.at)) {
            *tag = probe.tag;
            *known = row as u32;
        }
    }

    /// The rows of a key's column; none if one has no id, or two have the same.
    pub fn of(key: &Column, rows: usize) -> Result<Option<Self>, TooLarge> {
        let mut index = Self::default();
        for row in 0..rows {
            let id = key.get(row);
            if !matches!(id.kind, Kind::Text | Kind::Number) || index.find(key, id).is_some() {
                return Ok(None);
            }
            index.insert(key, row)?;
        }
        Ok(Some(index))
    }

    /// The row that has an id.
    #[inline]
    pub fn find(&self, key: &Column, id: Cell<'_>) -> Option<usize> {
        self.place(id, |row| key.get(row) == id).1
    }

    /// Adds a row, whose id no other one has.
    #[inline]
    pub fn insert(&mut self, key: &Column, row: usize) -> Result<(), TooLarge> {
        if self.tags.len() < (self.count + 1) * 2 {
            self.grow(key)?;
        }
        let (probe, _) = self.place(key.get(row), |_| false);
        self.set(probe, row);
        self.count += 1;
        Ok(())
    }

    #[cold]
    fn grow(&mut self, key: &Column) -> Result<(), TooLarge> {
        let size = (self.count * 2 + 32).next_power_of_two() * 2;
        let mut larger = Self { count: self.count, ..Self::default() };
        larger.tags.try_reserve_exact(size).map_err(|_| TooLarge)?;
        larger.rows.try_reserve_exact(size).map_err(|_| TooLarge)?;
        larger.tags.resize(size, 0);
        larger.rows.resize(size, 0);
        for (tag, row) in self.tags.iter().zip(&self.rows) {
            if *tag != 0 {
                let row = *row as usize;
                let (probe, _) = larger.place(key.get(row), |_| false);
                larger.set(probe, row);
            }
        }
        *self = larger;
        Ok(())
    }

    /// Gives a row another number, under which its id is known already.
    pub fn renumber(&mut self, key: &Column, from: usize, to: usize) {
        if let (probe, Some(_)) = self.place(key.get(to), |row| row == from) {
            self.set(probe, to);
        }
    }

    /// Takes a row out, while its id is still there.
    pub fn remove(&mut self, key: &Column, row: usize) {
        let (Probe { at: mut free, .. }, Some(_)) = self.place(key.get(row), |known| known == row) else {
            return;
        };
        self.count -= 1;
        // Those behind it move up, so that no search ends too early.
        let mask = self.mask();
        let mut at = free;
        loop {
            at = (at + 1) & mask;
            let Some(tag @ 1..) = self.tags.get(at).copied() else { break };
            let row = self.rows.get(at).map_or(0, |row| *row as usize);
            let home = self.probe(key.get(row)).at;
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(free) & mask {
                self.set(Probe { at: free, tag }, row);
                free = at;
            }
        }
        if let Some(tag) = self.tags.get_mut(free) {
            *tag = 0;
        }
    }

    /// Bytes that it takes.
    pub const fn byte_len(&self) -> usize {
        self.tags.capacity() + self.rows.capacity() * 4
    }
}
