//! Rows by what they hold.

use orgdeck_cells::{Cell, Cells, Column, Kind, Kinds, Quick};

use crate::bits::Bits;
use crate::folds::Folds;
use crate::nested::any_value;
use crate::search::search;

/// Which of some rows have a value in a column that passes: a text, or what a number, `true` or `false` is as text. With a
/// path those in objects; a list stands for each of its items.
pub fn select(
    column: &Column,
    within: &Bits,
    path: Option<&str>,
    quick: &Quick,
    test: &mut dyn FnMut(&str) -> bool,
) -> Bits {
    let is_ascii = column.wide().is_empty();
    let ask = Ask { path, quick, is_ascii };
    let mut rows = match column.cells() {
        Cells::Coded { codes, entries } => {
            let mut hits = Bits::new(entries.len(), false);
            for (code, address) in entries.iter().enumerate() {
                hits.set(code, ask.passes(column.at(*address), test));
            }
            hits.of_codes(codes)
        }
        Cells::Plain(addresses) => {
            // With a path only lists and objects count, of which nothing is told.
            let quick = if path.is_some() { &Quick::Nothing } else { quick };
            let (hits, rest) = match quick {
                // What cannot be anything but a text is searched, all at once.
                Quick::Part(_) if is_ascii && column.allowed().are_simple() => Default::default(),
                _ => quick.tell(column, addresses, within.words(), is_ascii),
            };
            let mut rows = Bits::from_words(hits, within.len());
            for row in Bits::from_words(rest, within.len()).iter() {
                rows.set(row, ask.passes(column.get(row), test));
            }
            if let (Quick::Part(needles), true) = (quick, is_ascii) {
                for needle in needles {
                    rows.or(&search(column, needle, &Folds::default(), Kinds::ID, within));
                }
            }
            rows
        }
    };
    rows.resize(within.len(), false);
    rows.and(within);
    rows
}

struct Ask<'a> {
    path: Option<&'a str>,
    quick: &'a Quick,
    /// Whether texts are known to be nothing but ASCII.
    is_ascii: bool,
}

impl Ask<'_> {
    /// Whether a cell has a value that passes.
    fn passes(&self, cell: Cell<'_>, test: &mut dyn FnMut(&str) -> bool) -> bool {
        match (cell.kind, self.path) {
            (Kind::Nested, path) => {
                let inner = Ask { path: None, quick: self.quick, is_ascii: false };
                any_value(cell.bytes, path, &mut |cell| cell.kind != Kind::Nested && inner.passes(cell, test))
            }
            (Kind::Absent | Kind::Null, _) | (_, Some(_)) => false,
            (_, None) => {
                let text = cell.plain();
                match self.quick {
                    Quick::Whole(among) if self.is_ascii || text.is_ascii() => among.has(text),
                    _ => std::str::from_utf8(text).is_ok_and(test),
                }
            }
        }
    }
}
