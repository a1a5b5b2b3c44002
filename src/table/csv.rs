//! Files of rows, made a piece at a time: of comma-separated values, and of JSON.

use orgdeck_columns::{Csv, PIECE, Store};

use crate::http::Error;
use crate::json::Json;

/// A file that is being written.
#[derive(Debug)]
pub enum File {
    /// Of comma-separated values.
    Csv(Csv),
    /// A JSON array of the records; how many of them were written.
    Json(usize),
}

impl File {
    /// A file of comma-separated values, with options as callers write them; `table.js` has checked their types.
    ///
    /// # Errors
    /// A `ConfigError` when there are not as many names as columns.
    pub fn csv(store: &Store, options: &Json) -> Result<Self, Error> {
        let (mut columns, mut names) = (Vec::new(), Vec::new());
        for column in store.columns() {
            columns.push(columns.len());
            names.push(column.name());
        }
        if let Some(given) = options.get("columns").and_then(Json::as_list) {
            columns.clear();
            for field in given {
                // What no record has is an empty column.
                let field = field.as_str().unwrap_or_default();
                columns.push(names.iter().position(|name| *name == field).unwrap_or(usize::MAX));
            }
            names = texts(given);
        }
        match options.get("header") {
            Some(Json::Boolean(false)) => names.clear(),
            Some(Json::List(given)) => {
                names = texts(given);
                if names.len() != columns.len() {
                    return Err(Error::config("toCsv.header: expected a name for each column", &[]));
                }
            }
            _ => {}
        }
        let separator = options.get("separator").and_then(Json::as_str).unwrap_or(",");
        let separator = separator.bytes().next().unwrap_or(b',');
        let formulas = options.get("formulas").and_then(Json::as_bool).unwrap_or(false);
        Ok(Self::Csv(Csv::new(columns, &names, separator, formulas)))
    }

    /// Adds a piece of the file with these rows, the same each time. Whether there is more.
    pub fn next(&mut self, store: &Store, rows: &[u32], out: &mut Vec<u8>) -> bool {
        let done = match self {
            Self::Csv(csv) => return csv.next(store, rows, out),
            Self::Json(done) => done,
        };
        let full = out.len() + PIECE;
        if *done == 0 {
            out.push(b'[');
        }
        for row in rows.iter().skip(*done) {
            if out.len() >= full {
                return true;
            }
            if *done > 0 {
                out.extend_from_slice(b",\n");
            }
            store.write(*row as usize, out);
            *done += 1;
        }
        out.push(b']');
        false
    }
}

fn texts(list: &[Json]) -> Vec<&str> {
    list.iter().map(|item| item.as_str().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use orgdeck_columns::{Ingest, Insert};

    use super::*;

    fn store(records: &str) -> Store {
        let mut store = Store::new("id", Vec::new());
        let mark = store.begin();
        let mut ingest = Ingest::new(Insert::New, None, &[]);
        ingest.feed(&mut store, records.as_bytes(), true, &mut |_, _| Ok(())).unwrap();
        store.commit(&mark, Insert::New).unwrap();
        store
    }

    fn write(store: &Store, mut file: File, rows: &[u32]) -> String {
        let mut out = Vec::new();
        while file.next(store, rows, &mut out) {}
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn options_are_read() {
        let store = store(r#"[{"id":"1","a":"=x","b":[1]},{"id":"2","b":-1}]"#);
        for (options, expected) in [
            ("null", "id,a,b\r\n1,\"'=x\",[1]\r\n2,,-1\r\n"),
            (r#"{"columns":["b","z"],"header":false}"#, "[1],\r\n-1,\r\n"),
            (r#"{"columns":["a"],"header":["A"],"formulas":true}"#, "A\r\n=x\r\n\"\"\r\n"),
            (r#"{"columns":["a","id"],"separator":"\t"}"#, "a\tid\r\n\"'=x\"\t1\r\n\t2\r\n"),
        ] {
            let file = File::csv(&store, &Json::parse(options).unwrap()).unwrap();
            assert_eq!(write(&store, file, &[0, 1]), expected, "{options}");
        }
        let error = File::csv(&store, &Json::parse(r#"{"header":["a"]}"#).unwrap()).unwrap_err();
        assert!(error.message.starts_with("toCsv.header"), "{error}");
    }

    #[test]
    fn records_are_written_whole() {
        let records: Vec<String> =
            (0..300).map(|id| format!(r#"{{"id":{id},"a":"{}"}}"#, "x".repeat(2000))).collect();
        let store = store(&format!("[{}]", records.join(",")));
        let rows: Vec<u32> = (0..300).rev().collect();
        let written = write(&store, File::Json(0), &rows);
        let expected: Vec<String> = records.into_iter().rev().collect();
        assert_eq!(written, format!("[{}]", expected.join(",\n")));
        assert_eq!(write(&store, File::Json(0), &[]), "[]");
    }
}
