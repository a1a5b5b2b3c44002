//! What tells of most values at once whether they pass a test.

use crate::among::Among;
use crate::arena::{Address, FIRST, parse};
use crate::cell::Kind;
use crate::column::Column;
use crate::needle::Needle;
use crate::range::Between;

/// What tells of most texts at once whether they pass a test; of the others nothing, and the test is asked. The texts that it
/// has are in lower case, and go for ASCII alone.
#[derive(Debug)]
pub enum Quick {
    /// Tells nothing.
    Nothing,
    /// Whether it is one of these.
    Whole(Among),
    /// Whether one of these is in it.
    Part(Vec<Needle>),
    /// Whether it lies in a range.
    Between(Between),
}

impl Quick {
    /// Of some rows of a column whose rows have a value each, those that pass, and those of which nothing is told.
    /// `is_ascii` says that all texts of the column are. Sets are a bit each.
    pub fn tell(
        &self,
        column: &Column,
        addresses: &[Address],
        within: &[u64],
        is_ascii: bool,
    ) -> (Vec<u64>, Vec<u64>) {
        let (mut hits, mut rest) = (Vec::new(), Vec::new());
        for (word, addresses) in within.iter().zip(addresses.chunks(64)) {
            let (mut open, mut hit, mut untold) = (*word, 0, 0);
            while open != 0 {
                let bit = open.trailing_zeros();
                open &= open - 1;
                let Some(address) = addresses.get(bit as usize) else { break };
                // No branch on what cannot be foreseen.
                let told = self.tell_one(column, *address, is_ascii);
                hit |= u64::from(told == Some(true)) << bit;
                untold |= u64::from(told.is_none()) << bit;
            }
            hits.push(hit);
            rest.push(untold);
        }
        (hits, rest)
    }

    #[inline(always)]
    fn tell_one(&self, column: &Column, address: Address, is_ascii: bool) -> Option<bool> {
        if address < FIRST {
            return None;
        }
        let (cell, _) = parse(column.arena().rest(address));
        match (self, cell.kind) {
            (Self::Whole(among), Kind::Text) if is_ascii => Some(among.has(cell.bytes)),
            (Self::Between(range), Kind::Text | Kind::Number) => range.tell(cell.bytes),
            // They are searched all at once.
            (Self::Part(_), Kind::Text | Kind::Number) if is_ascii => Some(false),
            _ => None,
        }
    }
}

/// Of some codes those that are in a set. Sets are a bit each.
pub fn having(codes: &[u16], set: &[u64]) -> Vec<u64> {
    let mut words = Vec::with_capacity(codes.len().div_ceil(64));
    for codes in codes.chunks(64) {
        let mut word = 0;
        for (at, code) in codes.iter().enumerate() {
            let bits = set.get(usize::from(*code / 64)).copied().unwrap_or(0);
            word |= (bits >> (code % 64) & 1) << at;
        }
        words.push(word);
    }
    words
}
