//! Which rows have a word in a column.

use orgdeck_cells::{Cells, Column, Find, Kinds, Needle};

use crate::bits::Bits;
use crate::folds::Folds;

/// Of some rows those whose cell in a column is of one of these kinds and says a needle: texts folded, anything else as
/// JSON. `folds` are up to date.
pub fn search(column: &Column, needle: &Needle, folds: &Folds, kinds: Kinds, among: &Bits) -> Bits {
    let (copies, ends) = folds.copies();
    let find = Find { column, needle, copies, ends, kinds };
    let (codes, entries) = match column.cells() {
        Cells::Coded { codes, entries } if among.count() >= entries.len() => (codes, entries),
        cells => {
            let addresses = if let Cells::Plain(addresses) = cells { Some(addresses) } else { None };
            return Bits::from_words(find.among(addresses, among.words()), among.len());
        }
    };
    let all = Bits::new(entries.len(), true);
    let hits = Bits::from_words(find.among(Some(entries), all.words()), all.len());
    let mut rows = hits.of_codes(codes);
    rows.resize(among.len(), false);
    rows.and(among);
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use orgdeck_cells::{Cell, Kind};

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
                        let found = search(&column, &needle, &folds, kinds, &among);
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
                let found = search(&column, &needle, &folds, Kinds::TEXT, &among);
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
        let found = search(&column, &needle, &Folds::default(), Kinds::TEXT, &among);
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
            let found = search(&column, &needle, &Folds::default(), Kinds::TEXT, &Bits::new(3, true));
            assert_eq!(found.count(), rows, "{word}");
        }
    }
}
