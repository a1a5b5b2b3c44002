//! Sets of rows.

use orgdeck_cells::having;

/// A set of rows, a bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// None of so many rows, or all.
    pub fn new(len: usize, value: bool) -> Self {
        let mut bits = Self { words: vec![if value { u64::MAX } else { 0 }; len.div_ceil(64)], len };
        bits.trim();
        bits
    }

    /// Those rows for which it is true.
    pub fn from_fn(len: usize, mut holds: impl FnMut(usize) -> bool) -> Self {
        let mut words = Vec::with_capacity(len.div_ceil(64));
        let mut row = 0;
        while row < len {
            let mut word = 0;
            for bit in 0..64.min(len - row) {
                word |= u64::from(holds(row + bit)) << bit;
            }
            words.push(word);
            row += 64;
        }
        Self { words, len }
    }

    /// Those rows whose bit is set; what is behind the last row does not count.
    pub fn from_words(words: Vec<u64>, len: usize) -> Self {
        let mut bits = Self { words, len };
        bits.words.resize(len.div_ceil(64), 0);
        bits.trim();
        bits
    }

    /// Where these are codes, the rows whose code is in it.
    pub fn of_codes(&self, codes: &[u16]) -> Self {
        Self { words: having(codes, &self.words), len: codes.len() }
    }

    /// Rows there are, in it or not.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Its words.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether a row is in it.
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 != 0)
    }

    /// Puts a row in, or out.
    #[inline]
    pub fn set(&mut self, row: usize, value: bool) {
        if let Some(word) = self.words.get_mut(row / 64) {
            let bit = 1 << (row % 64);
            if value {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
    }

    /// Makes it longer or shorter; new rows are in it if `value`.
    pub fn resize(&mut self, len: usize, value: bool) {
        let from = self.len;
        self.words.resize(len.div_ceil(64), if value { u64::MAX } else { 0 });
        self.len = len;
        if value && from < len {
            for row in from..len.min(from.next_multiple_of(64)) {
                self.set(row, true);
            }
        }
        self.trim();
    }

    fn trim(&mut self) {
        let used = self.len % 64;
        if used != 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }

    /// How many rows are in it.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Keeps the rows that are in both.
    pub fn and(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Takes the other's rows in.
    pub fn or(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Takes the other's rows out.
    pub fn and_not(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// The rows in it, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        Rows { words: &self.words, word: 0, behind: 0 }
    }

    /// Bytes that it takes.
    pub const fn byte_len(&self) -> usize {
        self.words.capacity() * 8
    }
}

/// The rows of words.
struct Rows<'a> {
    /// Those that are to come.
    words: &'a [u64],
    /// What is left of the one at hand.
    word: u64,
    /// The first row behind that.
    behind: usize,
}

impl Iterator for Rows<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            let (word, words) = self.words.split_first()?;
            (self.word, self.words) = (*word, words);
            self.behind += 64;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.behind - 64 + bit)
    }
}
