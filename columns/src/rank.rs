//! The places of values in order, as numbers that are quickly compared.

use orgdeck_cells::{Cell, Cells, Column, Kind, decimal, radix};

/// What is known elsewhere of languages and numbers: every browser knows it, and its tables weigh more than all else here.
pub trait Collate {
    /// The places of texts, all of them different, in the order of a language, from 0 on; texts that it takes for equal have
    /// the same place.
    fn ranks(&self, texts: &[&str]) -> Vec<u32>;
}

/// The places of values in order: equal ones have the same, and what is missing has none. `false` is before `true`, then
/// come numbers, by their value; then texts, by code point or as [`Collate`] says; then lists and objects, by their JSON.
#[derive(Clone, Debug)]
pub struct Ranks {
    /// The places of a column's distinct values, or of its rows; [`Ranks::MISSING`] for what is missing.
    of: Vec<u32>,
    /// How many places there are.
    pub count: u32,
}

impl Ranks {
    /// The place of what is missing.
    pub const MISSING: u32 = u32::MAX;

    /// Those of a column's values. `number` reads the numbers that are not easily read.
    pub fn new(column: &Column, number: &dyn Fn(&str) -> f64, collate: Option<&dyn Collate>) -> Self {
        let addresses = match column.cells() {
            Cells::Coded { entries, .. } => entries,
            Cells::Plain(addresses) => addresses,
        };
        let mut cells = Vec::with_capacity(addresses.len());
        for address in addresses {
            cells.push(column.at(*address));
        }
        Self::of(&cells, number, collate)
    }

    /// Those of some cells.
    fn of(cells: &[Cell<'_>], number: &dyn Fn(&str) -> f64, collate: Option<&dyn Collate>) -> Self {
        let sorter = Sorter::new(cells, number);
        let (items, starts) = sorter.sort();
        let mut ranks = Self { of: vec![Self::MISSING; cells.len()], count: 0 };
        let mut texts = Vec::new();
        // Texts have places of their own in a language; those behind them come behind the last of these.
        let mut first_text = 0;
        for (item, is_start) in items.iter().zip(&starts) {
            let at = (item & sorter.mask) as usize;
            let (Some(cell), Some(rank)) = (cells.get(at), ranks.of.get_mut(at)) else { continue };
            if cell.is_missing() {
                continue;
            }
            if *is_start {
                ranks.count += 1;
                if cell.kind == Kind::Text && collate.is_some() {
                    if texts.is_empty() {
                        first_text = ranks.count - 1;
                    }
                    texts.push(std::str::from_utf8(cell.bytes).unwrap_or_default());
                }
            }
            *rank = ranks.count - 1;
        }
        if let Some(collate) = collate {
            let places = collate.ranks(&texts);
            for (rank, cell) in ranks.of.iter_mut().zip(cells) {
                if cell.kind == Kind::Text {
                    let place = places.get((*rank - first_text) as usize).copied().unwrap_or(0);
                    *rank = first_text + place.min(texts.len() as u32 - 1);
                }
            }
        }
        ranks
    }

    /// That of a row's value; their number for what is missing.
    #[inline(never)]
    pub fn at(&self, column: &Column, row: usize) -> u32 {
        let at = match column.cells() {
            Cells::Coded { codes, .. } => codes.get(row).map_or(usize::MAX, |code| usize::from(*code)),
            Cells::Plain(_) => row,
        };
        self.of.get(at).map_or(self.count, |rank| self.count.min(*rank))
    }

    /// Bytes that they take.
    pub const fn byte_len(&self) -> usize {
        self.of.capacity() * size_of::<u32>()
    }
}

/// Sorts words, one for each cell: its place among the cells, below what it is sorted by at the time.
struct Sorter<'a> {
    cells: &'a [Cell<'a>],
    /// What the numbers among them are worth, as bytes that ascend with them.
    numbers: Vec<[u8; 8]>,
    /// Bits of a place.
    place: u32,
    mask: u64,
    /// Bytes of a text that there is room for, besides four bits that say how many of them there are, or that there are more.
    step: usize,
}

impl<'a> Sorter<'a> {
    fn new(cells: &'a [Cell<'a>], number: &dyn Fn(&str) -> f64) -> Self {
        let mut numbers = Vec::new();
        for cell in cells {
            let mut value = 0.0;
            if cell.kind == Kind::Number {
                let text = std::str::from_utf8(cell.bytes).unwrap_or_default();
                value = decimal(cell.bytes).unwrap_or_else(|| number(text));
            }
            numbers.push(ascending(value).to_be_bytes());
        }
        let place = radix::bits(cells.len() as u64);
        Self { cells, numbers, place, mask: (1 << place) - 1, step: (60 - place as usize) / 8 }
    }

    /// What is left of a word's cell behind a depth.
    #[inline(never)]
    fn bytes(&self, word: u64, depth: usize) -> &[u8] {
        let at = (word & self.mask) as usize;
        let bytes = match self.cells.get(at) {
            Some(cell) if cell.kind == Kind::Number => self.numbers.get(at).map_or(&[][..], |number| number),
            Some(cell) => cell.bytes,
            None => &[],
        };
        bytes.get(depth..).unwrap_or_default()
    }

    /// All words in order, and which of them differ from those before them. Sorted by kind, and by a few bytes at a time,
    /// further ones only where those are equal.
    fn sort(&self) -> (Vec<u64>, Vec<bool>) {
        let mut words = Vec::with_capacity(self.cells.len());
        for (at, cell) in (0_u64..).zip(self.cells) {
            words.push((cell.kind as u64) << self.place | at);
        }
        radix::sort(&mut words, self.place, 3);
        let mut starts = vec![false; words.len()];
        let mut runs = Vec::new();
        self.split(&words, 0, usize::MAX, &mut starts, &mut runs);
        while let Some((start, end, depth)) = runs.pop() {
            let Some(run) = words.get_mut(start..end) else { continue };
            let depth = depth + self.common(run, depth);
            for word in run.iter_mut() {
                let bytes = self.bytes(*word, depth);
                let key =
                    first_bytes(bytes) >> (64 - 8 * self.step) << 4 | bytes.len().min(self.step + 1) as u64;
                *word = key << self.place | *word & self.mask;
            }
            radix::sort(run, self.place, 4 + 8 * self.step as u32);
            self.split(run, start, depth, &mut starts, &mut runs);
        }
        (words, starts)
    }

    /// Notes where sorted words differ, and which of them are equal but have further bytes. By kind there is no depth yet.
    fn split(
        &self,
        words: &[u64],
        start: usize,
        depth: usize,
        starts: &mut [bool],
        runs: &mut Vec<(usize, usize, usize)>,
    ) {
        let mut from = 0;
        while let Some(first) = words.get(from) {
            let mut to = from + 1;
            while words.get(to).is_some_and(|word| word >> self.place == first >> self.place) {
                to += 1;
            }
            if let Some(is_start) = starts.get_mut(start + from) {
                *is_start = true;
            }
            let (next, has_more) = match depth {
                usize::MAX => (0, true),
                depth => (depth + self.step, (first >> self.place & 15) as usize > self.step),
            };
            if to - from > 1 && has_more {
                runs.push((start + from, start + to, next));
            }
            from = to;
        }
    }

    /// How many bytes behind a depth are the same in all of some cells.
    fn common(&self, words: &[u64], depth: usize) -> usize {
        let Some(first) = words.first() else { return 0 };
        let mut same = self.bytes(*first, depth);
        for word in words {
            let mut count = 0;
            for (a, b) in same.iter().zip(self.bytes(*word, depth)) {
                if a != b {
                    break;
                }
                count += 1;
            }
            same = same.get(..count).unwrap_or_default();
        }
        same.len()
    }
}

/// The first eight bytes, with zeros behind those that there are, as a number.
fn first_bytes(bytes: &[u8]) -> u64 {
    if let Some(first) = bytes.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}

/// A number's bits, so that they ascend with it.
const fn ascending(number: f64) -> u64 {
    // Zero has a sign, which does not count.
    let bits = (number + 0.0).to_bits();
    bits ^ if bits >> 63 == 1 { u64::MAX } else { 1 << 63 }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> f64 {
        text.parse().unwrap()
    }

    /// By length, then by code point, without regard to case.
    struct Shortest;

    impl Collate for Shortest {
        fn ranks(&self, texts: &[&str]) -> Vec<u32> {
            let key = |text: &str| (text.len(), text.to_ascii_lowercase());
            let mut keys: Vec<_> = texts.iter().map(|text| key(text)).collect();
            keys.sort();
            keys.dedup();
            texts.iter().map(|text| keys.binary_search(&key(text)).unwrap() as u32).collect()
        }
    }

    /// The order by its words.
    fn order(a: Cell<'_>, b: Cell<'_>, collated: bool) -> Ordering {
        let text = |cell: Cell<'_>| std::str::from_utf8(cell.bytes).unwrap().to_owned();
        let key = |cell: Cell<'_>| (text(cell).len(), text(cell).to_ascii_lowercase());
        a.kind.cmp(&b.kind).then_with(|| match a.kind {
            Kind::Number => parse(&text(a)).partial_cmp(&parse(&text(b))).unwrap(),
            Kind::Text if collated => key(a).cmp(&key(b)),
            _ => a.bytes.cmp(b.bytes),
        })
    }

    fn cells() -> impl Strategy<Value = Vec<(Kind, String)>> {
        let number = prop_oneof![
            "-?(0|[1-9][0-9]{0,2})(\\.[0-9]{1,3})?",
            "-?[1-9][0-9]{0,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
            Just("-0".to_owned()),
        ];
        let text = prop_oneof![
            "[ab\\x00]{0,3}",
            "user_[ab]{6,9}",
            "(aaaaaaa|aaaaaaab|\\x00){0,4}",
            "\\PC{0,4}",
            "[aB]{0,2}"
        ];
        let cell = prop_oneof![
            2 => number.prop_map(|text| (Kind::Number, text)),
            6 => text.prop_map(|text| (Kind::Text, text)),
            1 => "\\[[12]\\]".prop_map(|text| (Kind::Nested, text)),
            1 => prop_oneof![Just(Kind::Absent), Just(Kind::Null), Just(Kind::False), Just(Kind::True)]
                .prop_map(|kind| (kind, String::new())),
        ];
        proptest::collection::vec(cell, 0..60)
    }

    proptest! {
        #[test]
        fn ranks_compare_as_values_do(cells in cells(), collated: bool) {
            let cells: Vec<_> = cells.iter().map(|(kind, text)| Cell::new(*kind, text.as_bytes())).collect();
            let ranks = Ranks::of(&cells, &parse, collated.then_some(&Shortest as &dyn Collate));
            prop_assert_eq!(ranks.of.len(), cells.len());
            for (rank, cell) in ranks.of.iter().zip(&cells) {
                prop_assert_eq!(*rank == Ranks::MISSING, cell.is_missing());
                prop_assert!(*rank == Ranks::MISSING || *rank < ranks.count);
                for (other_rank, other) in ranks.of.iter().zip(&cells) {
                    if !cell.is_missing() && !other.is_missing() {
                        prop_assert_eq!(rank.cmp(other_rank), order(*cell, *other, collated));
                    }
                }
            }
        }

        #[test]
        fn numbers_are_what_they_are_elsewhere(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,16})?") {
            if let Some(value) = decimal(text.as_bytes()) {
                prop_assert_eq!(value, parse(&text));
            }
            prop_assert!(text.len() > 15 || decimal(text.as_bytes()).is_some());
        }
    }

    #[test]
    fn what_another_order_says_cannot_do_harm() {
        struct Broken;
        impl Collate for Broken {
            fn ranks(&self, _: &[&str]) -> Vec<u32> {
                vec![u32::MAX]
            }
        }
        let cells =
            [Cell::new(Kind::Text, b"a"), Cell::new(Kind::Text, b"b"), Cell::new(Kind::Nested, b"[]")];
        assert_eq!(Ranks::of(&cells, &parse, Some(&Broken)).of.len(), 3);
    }
}
