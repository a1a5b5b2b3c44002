//! Rows as comma-separated values by RFC 4180, a piece at a time.

use orgdeck_cells::{Cell, Kind, Lines, Style};

use crate::store::Store;

/// Bytes after which a piece ends: enough that making it a file costs little, few enough that nobody waits.
const PIECE: usize = 256 << 10;

/// A file that is being written.
#[derive(Debug)]
pub struct Csv {
    columns: Vec<usize>,
    style: Style,
    /// What comes before the first row, until it was written.
    head: Vec<u8>,
    /// The rows that were written.
    done: usize,
}

impl Csv {
    /// A file of some columns, by their places. Places where no column is make empty cells. `head` are the cells of the
    /// first line, if there is to be one; texts that a spreadsheet would run are made harmless unless `formulas` says that
    /// they are wanted.
    pub fn new(columns: Vec<usize>, head: &[&str], separator: u8, formulas: bool) -> Self {
        let style = Style { separator, formulas, is_alone: columns.len() == 1 };
        let mut first = Vec::new();
        let mut lines = Lines::behind(&mut first, style);
        for name in head {
            lines.add(Cell::new(Kind::Text, name.as_bytes()));
        }
        if !head.is_empty() {
            lines.end_line();
        }
        lines.finish();
        Self { columns, style, head: first, done: 0 }
    }

    /// Adds a piece of the file with these rows, the same each time. Whether there is more.
    pub fn next(&mut self, store: &Store, rows: &[u32], out: &mut Vec<u8>) -> bool {
        out.append(&mut self.head);
        let mut columns = Vec::new();
        for place in &self.columns {
            columns.push(store.columns().get(*place));
        }
        let full = out.len() + PIECE;
        let mut lines = Lines::behind(out, self.style);
        for row in rows.iter().skip(self.done) {
            if lines.len() >= full {
                break;
            }
            for column in &columns {
                lines.add(column.map_or(Cell::ABSENT, |column| column.get(*row as usize)));
            }
            lines.end_line();
            self.done += 1;
        }
        lines.finish();
        self.done < rows.len()
    }
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
