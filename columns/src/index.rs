//! Rows by their ids. Open addressing over row numbers alone: the ids are in their column. `hashbrown` does the same in
//! several times the code.

use orgdeck_cells::{Cell, Column, Kind, TooLarge, hash};

/// Rows by the cells of the key's column.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// A part of the hash of the id in each place, so that others are seldom looked at; 0 where nothing is.
    tags: Vec<u8>,
    rows: Vec<u32>,
    count: usize,
}

/// Where a search ended: the place, the part of the hash, and the row that is there, unless it is free.
struct Place {
    at: usize,
    tag: u8,
    row: Option<usize>,
}

impl Index {
    /// Where a hash is looked for first. Any number of places will do, so that there need not be twice as many as are used.
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.tags.len() as u64) >> 32) as usize
    }

    fn behind(&self, at: usize) -> usize {
        if at + 1 < self.tags.len() { at + 1 } else { 0 }
    }

    /// The place of a row that has an id, or the free one where it would be; with a row the place of that one, whose id it is.
    fn place(&self, key: &Column, id: Cell<'_>, row: Option<usize>) -> Place {
        let hash = hash(id.kind as u8, id.bytes);
        let (mut at, tag) = (self.home(hash), hash as u8 | 1);
        loop {
            let found = self.tags.get(at).copied().unwrap_or(0);
            if found == 0 {
                return Place { at, tag, row: None };
            }
            let known = self.rows.get(at).map_or(0, |row| *row as usize);
            let is_it = || row.map_or_else(|| key.get(known) == id, |row| row == known);
            if found == tag && is_it() {
                return Place { at, tag, row: Some(known) };
            }
            at = self.behind(at);
        }
    }

    fn set(&mut self, at: usize, tag: u8, row: usize) {
        if let (Some(known_tag), Some(known)) = (self.tags.get_mut(at), self.rows.get_mut(at)) {
            *known_tag = tag;
            *known = row as u32;
        }
    }

    /// The rows of a key's column; none if one has no id, or two have the same.
    pub fn of(key: &Column, rows: usize) -> Result<Option<Self>, TooLarge> {
        let mut index = Self::default();
        for row in 0..rows {
            let id = key.get(row);
            if !matches!(id.kind, Kind::Text | Kind::Number) || index.insert(key, row)?.is_some() {
                return Ok(None);
            }
        }
        Ok(Some(index))
    }

    /// The row that has an id.
    pub fn find(&self, key: &Column, id: Cell<'_>) -> Option<usize> {
        self.place(key, id, None).row
    }

    /// Adds a row, unless there is one with its id: that one.
    pub fn insert(&mut self, key: &Column, row: usize) -> Result<Option<usize>, TooLarge> {
        if self.tags.len() * 3 <= self.count * 4 {
            self.expect(key, self.count * 2)?;
        }
        let Place { at, tag, row: known } = self.place(key, key.get(row), None);
        if known.is_none() {
            self.set(at, tag, row);
            self.count += 1;
        }
        Ok(known)
    }

    /// Makes room for so many rows.
    pub fn expect(&mut self, key: &Column, rows: usize) -> Result<(), TooLarge> {
        let size = rows + rows / 2 + 32;
        let mut larger = Self { count: self.count, ..Self::default() };
        larger.tags.try_reserve_exact(size).map_err(|_| TooLarge)?;
        larger.rows.try_reserve_exact(size).map_err(|_| TooLarge)?;
        larger.tags.resize(size, 0);
        larger.rows.resize(size, 0);
        for (tag, row) in self.tags.iter().zip(&self.rows) {
            if *tag != 0 {
                let row = *row as usize;
                // No row has this number there, so that what is found is free.
                let Place { at, tag, .. } = larger.place(key, key.get(row), Some(usize::MAX));
                larger.set(at, tag, row);
            }
        }
        *self = larger;
        Ok(())
    }

    /// Gives a row another number, under which its id is known already.
    pub fn renumber(&mut self, key: &Column, from: usize, to: usize) {
        let place = self.place(key, key.get(to), Some(from));
        if place.row.is_some() {
            self.set(place.at, place.tag, to);
        }
    }

    /// Takes a row out, while its id is still there.
    pub fn remove(&mut self, key: &Column, row: usize) {
        let Place { at: mut free, row: Some(_), .. } = self.place(key, key.get(row), Some(row)) else {
            return;
        };
        self.count -= 1;
        // Those behind it move up, so that no search ends too early.
        let size = self.tags.len();
        let mut at = free;
        loop {
            at = self.behind(at);
            let Some(tag @ 1..) = self.tags.get(at).copied() else { break };
            let row = self.rows.get(at).map_or(0, |row| *row as usize);
            let id = key.get(row);
            let home = self.home(hash(id.kind as u8, id.bytes));
            if (at + size - home) % size >= (at + size - free) % size {
                self.set(free, tag, row);
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
