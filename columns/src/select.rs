//! Rows by what they hold.

use crate::among::Among;
use crate::arena::{Address, FIRST, parse};
use crate::bits::Bits;
use crate::cell::{Cell, Kind, Kinds};
use crate::column::{Cells, Column};
use crate::folds::Folds;
use crate::needle::Needle;
use crate::nested::any_value;
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

/// What has text of its own.
const SAYING: Kinds = Kinds::TEXT.or(Kinds::NUMBER);

impl Column {
    /// Which of some rows have a value that passes: a text, or what a number, `true` or `false` is as text. With a path those
    /// in objects; a list stands for each of its items.
    pub fn select(
        &self,
        within: &Bits,
        path: Option<&str>,
        quick: &Quick,
        test: &mut dyn FnMut(&str) -> bool,
    ) -> Bits {
        let ask = Ask { path, quick, is_ascii: self.wide().is_empty() };
        let mut rows = match self.cells() {
            Cells::Coded { codes, entries } => {
                let mut hits = Bits::new(entries.len(), false);
                for (code, address) in entries.iter().enumerate() {
                    hits.set(code, ask.passes(self.at(*address), test));
                }
                codes.select(&hits)
            }
            Cells::Plain(addresses) => {
                let mut words = Vec::with_capacity(within.words().len());
                for (word, addresses) in within.words().iter().zip(addresses.chunks(64)) {
                    let (mut hits, mut bit) = (0, 1);
                    for address in addresses {
                        if word & bit != 0 && self.tight(*address, &ask, test) {
                            hits |= bit;
                        }
                        bit <<= 1;
                    }
                    words.push(hits);
                }
                let mut rows = Bits::from_words(words, within.len());
                if let (Quick::Part(needles), true) = (quick, ask.is_plain()) {
                    for needle in needles {
                        rows.or(&self.search(needle, &Folds::default(), SAYING, within));
                    }
                }
                rows
            }
        };
        rows.resize(within.len(), false);
        rows.and(within);
        rows
    }

    /// What [`Ask::passes`] says, without a call for most texts.
    #[inline(always)]
    fn tight(&self, address: Address, ask: &Ask<'_>, test: &mut dyn FnMut(&str) -> bool) -> bool {
        if address < FIRST {
            return ask.passes(self.at(address), test);
        }
        let (cell, _) = parse(self.arena().rest(address));
        let told = match (ask.quick, cell.kind) {
            (Quick::Whole(among), Kind::Text) if ask.is_plain() => Some(among.has(cell.bytes)),
            (Quick::Between(range), Kind::Text | Kind::Number) if ask.path.is_none() => {
                range.tell(cell.bytes)
            }
            // They are searched all at once.
            (Quick::Part(_), Kind::Text | Kind::Number) if ask.is_plain() => Some(false),
            _ => None,
        };
        told.unwrap_or_else(|| ask.passes(cell, test))
    }
}

struct Ask<'a> {
    path: Option<&'a str>,
    quick: &'a Quick,
    /// Whether texts are known to be nothing but ASCII.
    is_ascii: bool,
}

impl Ask<'_> {
    /// Whether it is about texts that are nothing but ASCII.
    const fn is_plain(&self) -> bool {
        self.is_ascii && self.path.is_none()
    }

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
