//! Rows in order.

use crate::bits::Bits;
use crate::rank::Ranks;
use orgdeck_cells::Column;
use orgdeck_cells::radix;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The column.
    pub column: &'a Column,
    /// The ranks of its values.
    pub ranks: &'a Ranks,
    /// Whether the greatest come first. What is missing comes last all the same.
    pub descends: bool,
}

/// Rows by their keys, the first one first; those that are equal in all of them in their own order.
pub fn sorted(rows: &Bits, keys: &[Key<'_>]) -> Vec<u32> {
    let mut order = Vec::with_capacity(rows.count());
    for row in rows.iter() {
        order.push(row as u32);
    }
    // A word for each row: its place in the order so far, and above it as many keys as there is room for. Sorted by the
    // last keys first, and by those before them then.
    let place = radix::bits(order.len() as u64);
    let mut words = Vec::with_capacity(order.len());
    let mut keys = keys;
    while !keys.is_empty() {
        words.clear();
        words.extend(0..order.len() as u64);
        let mut used = place;
        while let Some((key, before)) = keys.split_last() {
            let bits = radix::bits(key.ranks.count.into()).max(1);
            if used + bits > u64::BITS {
                break;
            }
            key.put(&mut words, &order, used);
            used += bits;
            keys = before;
        }
        radix::sort(&mut words, place, used - place);
        let before = order.clone();
        for (row, word) in order.iter_mut().zip(&words) {
            *row = before.get((word & ((1 << place) - 1)) as usize).copied().unwrap_or(0);
        }
    }
    order
}

impl Key<'_> {
    /// Puts the places of rows into words, from a bit on.
    fn put(self, words: &mut [u64], rows: &[u32], shift: u32) {
        let missing = self.ranks.count;
        for (word, row) in words.iter_mut().zip(rows) {
            let rank = self.ranks.at(self.column, *row as usize);
            let place = if self.descends && rank < missing { missing - 1 - rank } else { rank };
            *word |= u64::from(place) << shift;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use orgdeck_cells::Cells;
    use orgdeck_cells::{Cell, Kind, Kinds};

    /// A column of a few distinct numbers, or of many, shorter than the rows.
    fn column(numbers: &[Option<u32>], coded: bool) -> Column {
        let mut column = Column::new("n", Kinds::ANY);
        if !coded {
            // So many different ones that it gives up codes.
            for row in 0..5000 {
                column.put(row, Cell::new(Kind::Text, row.to_string().as_bytes()), false).unwrap();
            }
            column.truncate(0);
        }
        for (row, number) in numbers.iter().enumerate() {
            let text = number.map(|number| number.to_string());
            let cell = text
                .as_ref()
                .map_or(Cell::new(Kind::Null, b""), |text| Cell::new(Kind::Number, text.as_bytes()));
            column.put(row, cell, false).unwrap();
        }
        assert_eq!(coded, matches!(column.cells(), Cells::Coded { .. }));
        column
    }

    proptest! {
        #[test]
        fn rows_are_sorted_as_by_comparing(
            table in proptest::collection::vec((proptest::option::of(0_u32..4), proptest::option::of(any::<u32>()), any::<bool>()), 0..200),
            keys in proptest::collection::vec((0_usize..4, any::<bool>()), 0..5),
            behind in 0_usize..10,
        ) {
            let few: Vec<_> = table.iter().map(|row| row.0).collect();
            let many: Vec<_> = table.iter().map(|row| row.1).collect();
            let values = [&few, &few, &many, &many];
            let columns = [column(&few, true), column(&few, false), column(&many, true), column(&many, false)];
            let ranks = columns.each_ref().map(|column| Ranks::new(column, &|_| f64::NAN, None));
            let rows = table.len() + behind;
            let some = Bits::from_fn(rows, |row| table.get(row).is_none_or(|row| row.2));
            let mut expected: Vec<usize> = some.iter().collect();
            expected.sort_by(|a, b| {
                let mut order = std::cmp::Ordering::Equal;
                for (key, descends) in &keys {
                    let [a, b] = [a, b].map(|row| values[*key].get(*row).copied().flatten());
                    order = order.then_with(|| match (a, b) {
                        (Some(a), Some(b)) if *descends => b.cmp(&a),
                        (Some(a), Some(b)) => a.cmp(&b),
                        (a, b) => b.is_some().cmp(&a.is_some()),
                    });
                }
                order
            });
            let keys: Vec<_> = keys.iter().map(|(key, descends)| Key { column: &columns[*key], ranks: &ranks[*key], descends: *descends }).collect();
            let found: Vec<usize> = sorted(&some, &keys).into_iter().map(|row| row as usize).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
