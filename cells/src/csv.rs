//! Cells as comma-separated values by RFC 4180.

use crate::cell::{Cell, Kind};

/// How cells are written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// What stands between two cells.
    pub separator: u8,
    /// Whether texts that are formulas are left as they are.
    pub formulas: bool,
    /// Whether lines have one cell: one that is empty has to be told from none then.
    pub is_alone: bool,
}

/// Lines that are written behind other bytes. There is room behind the end by then, so that to add some is to copy them,
/// and in steps of a known length: a call that copies costs WebAssembly more than most cells do.
#[derive(Debug)]
pub struct Lines<'a> {
    bytes: &'a mut Vec<u8>,
    end: usize,
    style: Style,
    /// Whether a cell comes before the next one.
    is_behind: bool,
}

/// Bytes that are copied at once.
const STEP: usize = 16;
/// Bytes for which room is made at once.
const ROOM: usize = 32 << 10;

impl<'a> Lines<'a> {
    /// Lines behind these bytes.
    pub const fn behind(bytes: &'a mut Vec<u8>, style: Style) -> Self {
        Self { end: bytes.len(), bytes, style, is_behind: false }
    }

    /// Bytes there are by now.
    pub const fn len(&self) -> usize {
        self.end
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Adds a cell to the line.
    pub fn add(&mut self, cell: Cell<'_>) {
        let bytes = cell.plain();
        self.reserve(bytes.len());
        if self.is_behind {
            self.push(self.style.separator);
        }
        self.is_behind = true;
        let is_formula = cell.kind == Kind::Text && !self.style.formulas && is_formula(bytes);
        let start = self.end;
        if self.copy(bytes) || is_formula || (self.style.is_alone && bytes.is_empty()) {
            self.end = start;
            self.quote(bytes, is_formula);
        }
    }

    /// Ends the line.
    pub fn end_line(&mut self) {
        self.reserve(0);
        self.push(b'\r');
        self.push(b'\n');
        self.is_behind = false;
    }

    /// Ends all lines.
    pub fn finish(self) {
        self.bytes.truncate(self.end);
    }

    /// Copies bytes, and says whether they need quotes.
    fn copy(&mut self, bytes: &[u8]) -> bool {
        let mut needs_quotes = false;
        let (steps, last) = bytes.as_chunks::<STEP>();
        for step in steps {
            needs_quotes |= self.step(step, STEP);
        }
        let mut step = [b'0'; STEP];
        for (to, from) in step.iter_mut().zip(last) {
            *to = *from;
        }
        needs_quotes | self.step(&step, last.len())
    }

    /// Copies so many of these bytes; what is behind them does not count.
    #[inline(always)]
    fn step(&mut self, step: &[u8; STEP], count: usize) -> bool {
        if let Some(to) = self.bytes.get_mut(self.end..).and_then(<[u8]>::first_chunk_mut) {
            *to = *step;
        }
        self.end += count;
        step::has_special(step)
    }

    #[cold]
    fn quote(&mut self, bytes: &[u8], is_formula: bool) {
        self.reserve(2 * bytes.len());
        self.push(b'"');
        if is_formula {
            self.push(b'\'');
        }
        for byte in bytes {
            if *byte == b'"' {
                self.push(b'"');
            }
            self.push(*byte);
        }
        self.push(b'"');
    }

    #[inline(always)]
    fn push(&mut self, byte: u8) {
        if let Some(to) = self.bytes.get_mut(self.end) {
            *to = byte;
        }
        self.end += 1;
    }

    /// Makes sure of room for so many bytes, and some more.
    #[inline(always)]
    fn reserve(&mut self, count: usize) {
        let due = self.end + count + 2 * STEP;
        if due > self.bytes.len() {
            self.bytes.resize(due + ROOM, 0);
        }
    }
}

// What has to be between quotes: control characters, quotes, and all separators, so that whoever takes another one for the
// separator still finds the same cells, and no formula in the middle of one.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod step {
    use core::arch::wasm32::{u8x16_eq, u8x16_lt, u8x16_splat, v128_any_true, v128_or};

    #[inline(always)]
    pub fn has_special(step: &[u8; 16]) -> bool {
        let step = crate::wide::load(step);
        let is = |byte| u8x16_eq(step, u8x16_splat(byte));
        let separator = v128_or(is(b','), is(b';'));
        let control = u8x16_lt(step, u8x16_splat(0x20));
        v128_any_true(v128_or(v128_or(is(b'"'), control), separator))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod step {
    pub fn has_special(step: &[u8; 16]) -> bool {
        step.iter().any(|byte| *byte < 0x20 || matches!(byte, b'"' | b',' | b';'))
    }
}

/// Whether a spreadsheet would run a text: it begins with one of these characters or its wide form, spaces aside, or with
/// a control character, which some of them skip.
fn is_formula(text: &[u8]) -> bool {
    match text.first() {
        Some(0x21..0x7f) => matches!(text.first(), Some(b'=' | b'+' | b'-' | b'@')),
        None => false,
        Some(_) => is_hidden_formula(text),
    }
}

#[cold]
fn is_hidden_formula(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text).unwrap_or_default();
    if text.starts_with(|first: char| first < ' ') {
        return true;
    }
    let first = text.chars().find(|character| !matches!(character, ' ' | '\u{a0}' | '\u{3000}' | '\u{feff}'));
    matches!(first, Some('\0'..' ' | '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
}
