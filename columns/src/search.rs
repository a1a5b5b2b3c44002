//! Which rows have a word in a column.

use crate::arena::{Address, FIRST, parse};
use crate::bits::Bits;
use crate::cell::{Cell, Kind, Kinds};
use crate::column::{Cells, Column};
use crate::folds::Folds;
use crate::needle::Needle;

impl Column {
    /// Of some rows those whose cell is of one of these kinds and says a needle: texts folded, anything else as JSON.
    /// `folds` are up to date.
    pub fn search(&self, needle: &Needle, folds: &Folds, kinds: Kinds, among: &Bits) -> Bits {
        let search = Search { column: self, needle, folds, kinds };
        match self.cells() {
            Cells::Plain(addresses) => search.find(Some(addresses), among),
            Cells::Coded { entries, .. } if among.count() < entries.len() => search.find(None, among),
            Cells::Coded { codes, entries } => {
                let entries = search.find(Some(entries), &Bits::new(entries.len(), true));
                let mut rows = codes.select(&entries);
                rows.resize(among.len(), false);
                rows.and(among);
                rows
            }
        }
    }
}

/// A search for a needle among the cells of a column.
struct Search<'a> {
    column: &'a Column,
    needle: &'a Needle,
    folds: &'a Folds,
    kinds: Kinds,
}

impl Search<'_> {
    /// Of some of the addresses those whose cell says the needle; of some of the rows without any.
    #[inline(never)]
    fn find(&self, addresses: Option<&[Address]>, among: &Bits) -> Bits {
        let (arena, wide) = (self.column.arena(), self.column.wide());
        let mut next = 0;
        let mut words = Vec::with_capacity(among.words().len());
        for word in among.words() {
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
                    let (bytes, from, end) = self.folds.get(next);
                    (bytes, from, end, Kind::Text)
                } else {
                    content(arena.rest(address))
                };
                let hit = self.needle.is_within(bytes, from, end) && self.kinds.allows(Cell::new(kind, &[]));
                hits |= u64::from(hit) << bit;
            }
            words.push(hits);
        }
        Bits::from_words(words, among.len())
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

/// Bytes, where in them the content of the cell begins and ends that they begin with, and its kind.
#[inline(always)]
fn content(bytes: &[u8]) -> (&[u8], usize, usize, Kind) {
    // Most are shorter than 2,048 bytes.
    if let Some(&[low, high]) = bytes.first_chunk() {
        let (low, high) = (u32::from(low), u32::from(high));
        if low < 0x80 {
            return (bytes, 1, 1 + (low >> 3) as usize, Kind::of(low & 7));
        }
        if high < 0x80 {
            return (bytes, 2, 2 + ((low & 0x7f | high << 7) >> 3) as usize, Kind::of(low & 7));
        }
    }
    let (cell, head) = parse(bytes);
    (bytes, head, head + cell.bytes.len(), cell.kind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A folding as simple as can be: it drops something, makes something longer, and takes case away.
    fn fold(text: &str) -> String {
        let fold = |character: char| match character {
            'É' | 'é' => vec!['e'],
            'ß' => vec!['s', 's'],
            '\u{301}' => vec![],
            other => other.to_lowercase().collect(),
        };
        text.chars().flat_map(fold).collect()
    }

    fn cell() -> impl Strategy<Value = (Kind, String)> {
        prop_oneof![
            1 => (0_u32..4).prop_map(|kind| (Kind::of(kind), String::new())),
            1 => "[0-9]{1,3}".prop_map(|number| (Kind::Number, number)),
            1 => "\\[(\"[aeS]{1,3}\")?\\]".prop_map(|list| (Kind::Nested, list)),
            5 => "[aeAEsSé\u{301}ßÉж\n1]{0,6}".prop_map(|text| (Kind::Text, text)),
            2 => "[a-zA-Z.@é]{8,40}".prop_map(|text| (Kind::Text, text)),
        ]
    }

    /// A table, column by column: what is put, and then what is put elsewhere.
    fn column(cells: &[(Kind, String)], changes: &[(usize, (Kind, String))]) -> Column {
        let mut column = Column::new("field", Kinds::ANY);
        let mut put = |row, (kind, text): &(Kind, String)| {
            column
                .put(row, Cell::new(*kind, text.as_bytes()), *kind == Kind::Text && !text.is_ascii())
                .unwrap();
        };
        cells.iter().enumerate().for_each(|(row, cell)| put(row, cell));
        changes.iter().for_each(|(row, cell)| put(*row % cells.len(), cell));
        column
    }

    /// What each row says, folded.
    fn said(column: &Column, rows: usize) -> Vec<String> {
        let plain = |row| str::from_utf8(column.get(row).plain()).unwrap();
        (0..rows).map(|row| fold(plain(row))).collect()
    }

    fn expected(column: &Column, said: &[String], word: &str, kinds: Kinds, among: &Bits) -> Bits {
        let has = |row: usize| kinds.allows(column.get(row)) && said[row].contains(word);
        Bits::from_fn(said.len(), |row| among.get(row) && has(row))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(120))]

        #[test]
        fn rows_are_found_by_what_they_say(
            cells in prop::collection::vec(cell(), 1..200),
            changes in prop::collection::vec((0..200_usize, cell()), 0..3),
            // With so many values more, each row has one of its own.
            many in prop::bool::weighted(0.1),
            words in prop::collection::vec("[aes1éж\n]{1,3}|s@|true|[a-z]{1,2}", 1..8),
            step in 1..5_usize,
        ) {
            let mut cells = cells;
            if many {
                cells.extend((0..4200).map(|place| (Kind::Text, format!("Ae{place}É"))));
            }
            let column = column(&cells, &changes);
            prop_assert_eq!(matches!(column.cells(), Cells::Plain(_)), many);
            let mut folds = Folds::default();
            folds.update(&column, &mut fold).unwrap();
            // As long as a table whose last rows have no such field.
            let rows = cells.len() + 3;
            let said = said(&column, rows);
            for word in words {
                let needle = Needle::new(&fold(&word)).unwrap();
                for kinds in [Kinds::TEXT, Kinds::TEXT.or(Kinds::NUMBER).or(Kinds::BOOLEAN), Kinds::ANY] {
                    for among in [Bits::new(rows, true), Bits::from_fn(rows, |row| row % step == 0)] {
                        let found = column.search(&needle, &folds, kinds, &among);
                        prop_assert_eq!(found, expected(&column, &said, &fold(&word), kinds, &among), "{:?}", word);
                    }
                }
            }
        }
    }

    #[test]
    fn copies_follow_a_column_that_grows_and_moves() {
        let mut column = Column::new("field", Kinds::ANY);
        let mut folds = Folds::default();
        let mut calls = Vec::new();
        for row in 0..9000 {
            let text = format!("É\n{row}");
            column.put(row, Cell::new(Kind::Text, text.as_bytes()), true).unwrap();
            if row % 1000 == 999 {
                folds
                    .update(&column, &mut |texts| {
                        calls.push(texts.len());
                        fold(texts)
                    })
                    .unwrap();
                let needle = Needle::new("e\n12").unwrap();
                let among = Bits::new(row + 1, true);
                let found = column.search(&needle, &folds, Kinds::TEXT, &among);
                assert_eq!(found, expected(&column, &said(&column, row + 1), "e\n12", Kinds::TEXT, &among));
                assert!(found.count() > 0);
            }
        }
        assert!(matches!(column.cells(), Cells::Plain(_)));
        // Each once, and those that moved when each row got its own once more.
        assert!(calls.iter().sum::<usize>() < 2 * 9000 * 8, "{calls:?}");
    }

    #[test]
    fn texts_longer_than_a_block_are_searched_to_their_end() {
        let mut column = Column::new("field", Kinds::ANY);
        let long = "x".repeat(200_000) + "needle";
        for (row, text) in ["before", &long, "behind a needle", &long, "last"].iter().enumerate() {
            column.put(row, Cell::new(Kind::Text, text.as_bytes()), false).unwrap();
        }
        let needle = Needle::new("needle").unwrap();
        let among = Bits::new(5, true);
        let found = column.search(&needle, &Folds::default(), Kinds::TEXT, &among);
        assert_eq!(found.iter().collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn nothing_is_found_across_two_cells_or_in_what_stands_before_them() {
        let mut column = Column::new("field", Kinds::ANY);
        // The length and kind of a text of twelve bytes are written as an `e`.
        for (row, text) in ["abcabcabcabc", "defdefdefdef", "xyz"].iter().enumerate() {
            column.put(row, Cell::new(Kind::Text, text.as_bytes()), false).unwrap();
        }
        for (word, rows) in
            [("e", 1), ("ce", 0), ("ced", 0), ("cd", 0), ("ed", 0), ("f", 1), ("fx", 0), ("c", 1)]
        {
            let needle = Needle::new(word).unwrap();
            let found = column.search(&needle, &Folds::default(), Kinds::TEXT, &Bits::new(3, true));
            assert_eq!(found.count(), rows, "{word}");
        }
    }
}
