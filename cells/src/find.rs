//! Which cells of a column have a word.

use crate::arena::{Address, FIRST, bounds};
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

impl Find<'_> {
    /// Of some of the addresses those whose cell says the needle; of some of the rows without any. Sets are a bit each.
    pub fn among(&self, addresses: Option<&[Address]>, among: &[u64]) -> Vec<u64> {
        let (arena, wide) = (self.column.arena(), self.column.wide());
        let mut next = 0;
        let mut words = Vec::with_capacity(among.len());
        for word in among {
            let (mut rest, mut hits) = (*word, 0);
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                let place = words.len() * 64 + bit as usize;
                let address = match addresses {
                    Some(addresses) => addresses.get(place).copied().unwrap_or(0),
                    None => address_of(self.column, place),
                };
                // Most often they ascend, and the next text with a folded copy is not far.
                next += usize::from(wide.get(next).is_some_and(|wide| *wide < address));
                if !is_place(wide, next, address) {
                    next = wide.partition_point(|wide| *wide < address);
                }
                let (bytes, from, end, kind) = if address < FIRST {
                    let cell = Cell::new(Kind::of(address), &[]);
                    (cell.plain(), 0, cell.plain().len(), cell.kind)
                } else if wide.get(next) == Some(&address) {
                    let (from, end) = self.copy(next);
                    (self.copies, from, end, Kind::Text)
                } else {
                    let bytes = arena.rest(address);
                    let (kind, from, end) = bounds(bytes);
                    (bytes, from, end, kind)
                };
                let hit = self.needle.is_within(bytes, from, end) && self.kinds.allows(Cell::new(kind, &[]));
                hits |= u64::from(hit) << bit;
            }
            words.push(hits);
        }
        words
    }

    /// Where the copy of one of the texts begins and ends.
    #[inline(always)]
    fn copy(&self, place: usize) -> (usize, usize) {
        let end = |place: usize| self.ends.get(place).map(|end| *end as usize);
        let from = place.checked_sub(1).and_then(end).map_or(0, |end| end + 1);
        (from, end(place).unwrap_or(from))
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
