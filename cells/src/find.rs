//! Which cells of a column have a word.

use crate::arena::{Address, BLOCK, FIRST, bounds};
use crate::cell::{Cell, Kind, Kinds};
use crate::column::Column;
use crate::needle::Needle;

/// A search for a needle among the cells of a column.
#[derive(Clone, Copy, Debug)]
pub struct Find<'a> {
    /// The column.
    pub column: &'a Column,
    /// What cells are to say: texts folded, anything else as JSON.
    pub needle: &'a Needle,
    /// Folded copies of the texts that are not all ASCII, a line feed between any two.
    pub copies: &'a [u8],
    /// Where each of these ends.
    pub ends: &'a [u32],
    /// Other kinds are not looked at.
    pub kinds: Kinds,
}

/// How far it is looked behind a cell at once: most have no needle, and one look shows it of several.
const AHEAD: usize = 256;

impl Find<'_> {
    /// Of some of the addresses those whose cell says the needle; of some of the rows without any. Sets are a bit each.
    pub fn among(&self, addresses: Option<&[Address]>, among: &[u64]) -> Vec<u64> {
        let mut look = Look { find: *self, before: 0, next: 0, clear: 0, clear_copies: 0 };
        let mut words = Vec::with_capacity(among.len());
        for word in among {
            let (mut rest, mut hits) = (*word, 0);
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                let place = words.len() * 64 + bit as usize;
                let (address, behind) = match addresses {
                    Some(addresses) => (addresses.get(place), addresses.get(place + 1)),
                    None => (Some(&address_of(self.column, place)), None),
                };
                let address = address.copied().unwrap_or(0);
                if !look.passes_by(address, behind.copied().unwrap_or(0)) {
                    hits |= u64::from(look.finds(address)) << bit;
                }
            }
            words.push(hits);
        }
        words
    }

    /// Where the copy of one of the texts begins and ends.
    fn copy(&self, place: usize) -> (usize, usize) {
        let end = |place: usize| self.ends.get(place).map(|end| *end as usize);
        let from = place.checked_sub(1).and_then(end).map_or(0, |end| end + 1);
        (from, end(place).unwrap_or(from))
    }
}

/// A search that goes from cell to cell, and knows of some of them beforehand.
struct Look<'a> {
    find: Find<'a>,
    /// The cell that was looked at last.
    before: Address,
    /// The first text with a copy that is not before the next cell.
    next: usize,
    /// Up to here no needle begins behind what was looked at last; and up to here in the copies.
    clear: Address,
    clear_copies: usize,
}

impl Look<'_> {
    /// Whether a cell is known to have no needle, given where the next one begins. Few branches: which texts have copies
    /// cannot be foreseen.
    #[inline(always)]
    fn passes_by(&mut self, address: Address, behind: Address) -> bool {
        let wide = self.find.column.wide();
        // A row that is left out may have had a copy.
        self.next += usize::from(wide.get(self.next).is_some_and(|next| *next < address));
        let next = wide.get(self.next).copied().unwrap_or(Address::MAX);
        let end = self.find.ends.get(self.next).map_or(usize::MAX, |end| *end as usize);
        let has_copy = address == next;
        let is_clear = has_copy & (end <= self.clear_copies) | !has_copy & (behind <= self.clear);
        let passes = is_clear & (self.before < address) & (address < behind) & (address <= next);
        if passes {
            self.before = address;
            self.next += usize::from(has_copy);
        }
        passes
    }

    /// Whether a cell says the needle.
    fn finds(&mut self, address: Address) -> bool {
        let Find { column, needle, copies, kinds, .. } = self.find;
        if address < FIRST {
            let cell = Cell::new(Kind::of(address), &[]);
            return needle.is_in(cell.plain()) && kinds.allows(cell);
        }
        if address <= self.before {
            // Rows that were replaced are out of order.
            (self.clear, self.clear_copies) = (0, 0);
        }
        self.before = address;
        let wide = column.wide();
        if !is_place(wide, self.next, address) {
            self.next = wide.partition_point(|wide| *wide < address);
        }
        let has_copy = wide.get(self.next) == Some(&address);
        let (block, at) = column.arena().block(address);
        let (bytes, from, end, kind) = if has_copy {
            let (from, end) = self.find.copy(self.next);
            (copies, from, end, Kind::Text)
        } else {
            let (kind, from, end) = bounds(block.get(at..).unwrap_or_default());
            (block, at + from, at + end, kind)
        };
        let until = needle.until(end);
        let place = needle.find(bytes, from, until.max(from + AHEAD).min(bytes.len()));
        if has_copy {
            self.next += 1;
            self.clear_copies = place;
        } else {
            self.clear = address + place.min(BLOCK).saturating_sub(at) as Address;
        }
        place < until && kinds.allows(Cell::new(kind, &[]))
    }
}

/// Whether an address is at a place of a list that ascends, or would be.
#[inline(always)]
fn is_place(list: &[Address], place: usize, address: Address) -> bool {
    list.get(place.wrapping_sub(1)).is_none_or(|before| *before < address)
        && list.get(place).is_none_or(|behind| *behind >= address)
}

/// Seldom asked for, and long.
#[inline(never)]
fn address_of(column: &Column, row: usize) -> Address {
    column.address(row)
}
