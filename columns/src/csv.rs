//! Rows as comma-separated values by RFC 4180, a piece at a time.

use crate::cell::{Cell, Kind};
use crate::column::{Cells, Column};
use crate::store::Store;

/// Bytes after which a piece ends: enough that making it a file costs little, few enough that nobody waits.
pub const PIECE: usize = 256 << 10;

/// A file that is being written.
#[derive(Debug)]
pub struct Csv {
    columns: Vec<usize>,
    style: Style,
    /// What comes before the first row, until it was written.
    head: Vec<u8>,
    /// Of columns with few different values all of these as they are written.
    written: Vec<Option<Written>>,
    /// The rows that were written.
    done: usize,
}

#[derive(Clone, Copy, Debug)]
struct Style {
    separator: u8,
    /// Whether texts that are formulas are left as they are.
    formulas: bool,
    /// Whether lines have one cell: one that is empty has to be told from none then.
    is_alone: bool,
}

/// Values as they are written, with what comes behind them, one after the other.
#[derive(Debug)]
struct Written {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Csv {
    /// A file of some columns, by their places. Places where no column is make empty cells. `head` are the cells of the
    /// first line, if there is to be one; texts that a spreadsheet would run are made harmless unless `formulas` says that
    /// they are wanted.
    pub fn new(columns: Vec<usize>, head: &[&str], separator: u8, formulas: bool) -> Self {
        let style = Style { separator, formulas, is_alone: columns.len() == 1 };
        let mut first = Vec::new();
        let mut piece = Piece::behind(&mut first);
        for (at, name) in head.iter().enumerate() {
            style.write(Cell::new(Kind::Text, name.as_bytes()), at + 1 == head.len(), &mut piece);
        }
        piece.finish();
        Self { columns, style, head: first, written: Vec::new(), done: 0 }
    }

    /// Adds a piece of the file with these rows, the same each time. Whether there is more.
    pub fn next(&mut self, store: &Store, rows: &[u32], out: &mut Vec<u8>) -> bool {
        out.append(&mut self.head);
        let mut columns = Vec::new();
        for place in &self.columns {
            columns.push(store.columns().get(*place));
        }
        let last = columns.len().saturating_sub(1);
        if self.done == 0 {
            self.written.clear();
            for (at, column) in columns.iter().enumerate() {
                self.written
                    .push(column.and_then(|column| self.style.write_all(column, rows.len(), at == last)));
            }
        }
        let mut piece = Piece::behind(out);
        let full = piece.end + PIECE;
        for row in rows.iter().skip(self.done) {
            if piece.end >= full {
                break;
            }
            let row = *row as usize;
            for (at, (column, written)) in columns.iter().zip(&self.written).enumerate() {
                match (column.map(Column::cells), written) {
                    (Some(Cells::Coded { codes, .. }), Some(written)) if row < codes.len() => {
                        piece.add(written.get(codes.get(row)));
                    }
                    _ => {
                        self.style.write(cell(*column, row), at == last, &mut piece);
                    }
                }
            }
            self.done += 1;
        }
        piece.finish();
        self.done < rows.len()
    }
}

#[inline(never)]
fn cell(column: Option<&Column>, row: usize) -> Cell<'_> {
    column.map_or(Cell::ABSENT, |column| column.get(row))
}

impl Style {
    /// Writes each different value of a column, if there are fewer than rows.
    fn write_all(self, column: &Column, rows: usize, is_last: bool) -> Option<Written> {
        let Cells::Coded { entries, .. } = column.cells() else { return None };
        if entries.len() > rows {
            return None;
        }
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        let mut piece = Piece::behind(&mut bytes);
        for address in entries {
            self.write(column.at(*address), is_last, &mut piece);
            ends.push(piece.end);
        }
        piece.finish();
        Some(Written { bytes, ends })
    }

    /// Writes a cell, and what comes behind it.
    #[inline(never)]
    fn write(self, cell: Cell<'_>, is_last: bool, piece: &mut Piece<'_>) {
        let (start, bytes) = (piece.end, cell.plain());
        let is_formula = cell.kind == Kind::Text && !self.formulas && is_formula(bytes);
        if !piece.add(bytes) || is_formula || (self.is_alone && bytes.is_empty()) {
            piece.end = start;
            write_quoted(bytes, is_formula, piece);
        }
        if is_last {
            piece.push(b'\r');
        }
        piece.push(if is_last { b'\n' } else { self.separator });
    }
}

/// Bytes that are written behind others. There is room behind the end by then, so that to add some is to copy them, and in
/// steps of a known length: a call that copies costs WebAssembly more than most cells do.
struct Piece<'a> {
    bytes: &'a mut Vec<u8>,
    end: usize,
}

/// Bytes that are copied at once.
const STEP: usize = 16;

impl<'a> Piece<'a> {
    const fn behind(bytes: &'a mut Vec<u8>) -> Self {
        Self { end: bytes.len(), bytes }
    }

    /// Adds bytes, and says whether they need no quotes.
    fn add(&mut self, bytes: &[u8]) -> bool {
        self.reserve(bytes.len());
        let start = self.end;
        self.end += bytes.len();
        let mut is_special = false;
        let mut at = 0;
        while let Some(step) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            is_special |= self.copy(start + at, step);
            at += STEP;
        }
        // What is left comes with some of what was there before it, or with what does not count behind it.
        if let Some(step) = bytes.last_chunk() {
            is_special |= self.copy(self.end - STEP, step);
        } else {
            let mut step = [b'0'; STEP];
            for (to, from) in step.iter_mut().zip(bytes) {
                *to = *from;
            }
            is_special |= self.copy(start, &step);
        }
        !is_special
    }

    #[inline(always)]
    fn copy(&mut self, at: usize, step: &[u8; STEP]) -> bool {
        if let Some(to) = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *to = *step;
        }
        step::has_special(step)
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
            self.bytes.resize(due + PIECE + PIECE / 16, 0);
        }
    }

    fn finish(self) {
        self.bytes.truncate(self.end);
    }
}

impl Written {
    fn get(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.bytes.get(start..*end)).unwrap_or_default()
    }
}

#[cold]
fn write_quoted(bytes: &[u8], is_formula: bool, piece: &mut Piece<'_>) {
    piece.reserve(2 * bytes.len());
    piece.push(b'"');
    if is_formula {
        piece.push(b'\'');
    }
    for byte in bytes {
        if *byte == b'"' {
            piece.push(b'"');
        }
        piece.push(*byte);
    }
    piece.push(b'"');
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
#[inline]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{Ingest, Insert};

    fn store(records: &serde_json::Value) -> Store {
        let mut store = Store::new("id", Vec::new());
        let mark = store.begin();
        let text = records.to_string();
        Ingest::new(Insert::New, None, &[])
            .feed(&mut store, text.as_bytes(), true, &mut |_, _| Ok(()))
            .unwrap();
        store.commit(&mark, Insert::New).unwrap();
        store
    }

    fn write(store: &Store, mut csv: Csv, rows: &[u32]) -> String {
        let mut out = Vec::new();
        loop {
            let mut piece = Vec::new();
            let is_more = csv.next(store, rows, &mut piece);
            out.append(&mut piece);
            if !is_more {
                return String::from_utf8(out).unwrap();
            }
        }
    }

    /// The lines of a file, read by RFC 4180 and no better.
    fn read(text: &str, separator: char) -> Vec<Vec<String>> {
        let (mut lines, mut line, mut rest) = (Vec::new(), Vec::new(), text);
        while !rest.is_empty() {
            let mut cell = String::new();
            if let Some(mut quoted) = rest.strip_prefix('"') {
                loop {
                    let (part, behind) = quoted.split_once('"').expect("a quote closes");
                    cell.push_str(part);
                    quoted = behind;
                    match quoted.strip_prefix('"') {
                        Some(behind) => quoted = behind,
                        None => break,
                    }
                    cell.push('"');
                }
                rest = quoted;
            } else {
                let end = rest.find([separator, '\r', '\n']).expect("a line ends");
                let (part, behind) = rest.split_at(end);
                cell.push_str(part);
                rest = behind;
            }
            assert!(!cell.contains('"') || text.contains("\"\""));
            line.push(cell);
            match rest.strip_prefix("\r\n") {
                Some(behind) => {
                    lines.push(std::mem::take(&mut line));
                    rest = behind;
                }
                None => rest = rest.strip_prefix(separator).expect("a separator"),
            }
        }
        assert!(line.is_empty());
        lines
    }

    #[test]
    fn cells_are_written_so() {
        let texts = [
            ("plain text here", "plain text here"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("+49 170", "\"'+49 170\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("  =1", "\"'  =1\""),
            ("\t=1", "\"'\t=1\""),
            ("\u{a0}＝1", "\"'\u{a0}＝1\""),
            ("\r", "\"'\r\""),
            ("'=1", "'=1"),
            (" a", " a"),
            ("é=", "é="),
        ];
        for (text, written) in texts {
            let store = store(&serde_json::json!([{"id": "1", "a": text, "b": -2}]));
            let csv = Csv::new(vec![1, 2], &[], b',', false);
            assert_eq!(write(&store, csv, &[0]), format!("{written},-2\r\n"), "{text:?}");
        }
    }

    #[test]
    fn a_file_is_what_its_options_say() {
        let records = serde_json::json!([
            {"id": "1", "a": "x", "b": [1, "y"]}, {"id": "2", "b": {"c": true}}, {"id": "3", "a": null, "b": true},
            {"id": "4", "a": "=x"}
        ]);
        let store = store(&records);
        let csv = Csv::new(vec![0, 1, 2], &["id", "=a", "b"], b';', true);
        assert_eq!(
            write(&store, csv, &[2, 1, 0, 3]),
            "id;=a;b\r\n3;;true\r\n2;;\"{\"\"c\"\":true}\"\r\n1;x;\"[1,\"\"y\"\"]\"\r\n4;=x;\r\n"
        );
        let csv = Csv::new(vec![1], &["=a"], b',', false);
        assert_eq!(write(&store, csv, &[0, 1]), "\"'=a\"\r\nx\r\n\"\"\r\n");
        let csv = Csv::new(vec![0, usize::MAX, 1], &[], b',', false);
        assert_eq!(write(&store, csv, &[0]), "1,,x\r\n");
    }

    proptest! {
        #[test]
        fn cells_are_read_back(
            cells in proptest::collection::vec(("[a-c]?", "([a,;=\\t\"\\r\\n' -]|\\PC){0,20}"), 1..20),
            separator in proptest::sample::select(&b",;\t"[..]),
            formulas: bool,
        ) {
            let records: Vec<_> = (0..).zip(&cells).map(|(id, (few, many))| serde_json::json!({"id": id, "few": few, "many": many})).collect();
            let store = store(&records.into());
            let rows: Vec<u32> = (0..cells.len() as u32).rev().collect();
            let csv = Csv::new(vec![1, 2], &[], separator, formulas);
            let lines = read(&write(&store, csv, &rows), separator.into());
            prop_assert_eq!(lines.len(), cells.len());
            for (line, (few, many)) in lines.iter().zip(cells.iter().rev()) {
                prop_assert_eq!(&line[0], few);
                let is_marked = line[1].strip_prefix('\'') == Some(many);
                prop_assert!(line[1] == *many || (is_marked && !formulas));
                prop_assert!(formulas || !line[1].starts_with(['=', '+', '-', '@', '\t', '\r']));
            }
        }
    }

    #[test]
    fn pieces_are_all_of_it() {
        let records: Vec<_> =
            (0..300).map(|id| serde_json::json!({"id": id, "a": "x".repeat(10_000)})).collect();
        let store = store(&records.into());
        let rows: Vec<u32> = (0..300).collect();
        let mut csv = Csv::new(vec![0, 1], &[], b',', false);
        let (mut pieces, mut out) = (0, Vec::new());
        loop {
            let before = out.len();
            let is_more = csv.next(&store, &rows, &mut out);
            pieces += 1;
            assert!(out.len() - before < PIECE + 20_000);
            if !is_more {
                break;
            }
        }
        assert!(pieces > 10);
        let lines = read(std::str::from_utf8(&out).unwrap(), ',');
        assert!(
            lines.iter().enumerate().all(|(id, line)| line[0] == id.to_string() && line[1].len() == 10_000)
        );
        assert_eq!(lines.len(), 300);
    }
}
