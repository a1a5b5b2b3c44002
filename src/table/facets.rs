//! How often values occur.

use orgdeck_columns::{Bits, Cell, Column, Ranks};

use crate::http::decimal;

/// The values of a field in some rows, in their order, and how many of the rows have each: a JSON array of pairs. Lists are
/// whole; `facets.js` goes into them.
pub fn facets(rows: &Bits, values: Option<(&Column, &Ranks)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut show = |cell: Cell<'_>, count: u32| {
        out.push(if out.is_empty() { b'[' } else { b',' });
        out.push(b'[');
        cell.write(&mut out);
        out.push(b',');
        out.extend_from_slice(decimal(count.into()).as_bytes());
        out.push(b']');
    };
    match values {
        Some((column, ranks)) => orgdeck_columns::count(column, rows, ranks, &mut show),
        None => show(Cell::ABSENT, rows.count() as u32),
    }
    if out.is_empty() {
        out.push(b'[');
    }
    out.push(b']');
    out
}

#[cfg(test)]
mod tests {
    use orgdeck_columns::{Ingest, Insert, Store};

    use super::*;

    #[test]
    fn each_value_comes_with_its_rows() {
        let mut store = Store::new("id", Vec::new());
        let records = br#"[{"id":"1","a":["x",1]},{"id":"2","a":"\"x"},{"id":"3","a":2.50},{"id":"4","a":"\"x"},{"id":"5"},{"id":"6"}]"#;
        let mark = store.begin();
        Ingest::new(Insert::New, None, &[]).feed(&mut store, records, true, &mut |_, _| Ok(())).unwrap();
        store.commit(&mark, Insert::New).unwrap();
        let column = store.column("a").unwrap();
        let ranks = Ranks::new(column, &|text| text.parse().unwrap(), None);
        let count = |rows: &Bits| String::from_utf8(facets(rows, Some((column, &ranks)))).unwrap();
        assert_eq!(count(store.live()), r#"[[2.50,1],["\"x",2],[["x",1],1],[null,2]]"#);
        assert_eq!(count(&Bits::from_fn(6, |row| row == 3)), r#"[["\"x",1]]"#);
        assert_eq!(facets(store.live(), None), b"[[null,6]]");
        assert_eq!(count(&Bits::new(6, false)), "[]");
    }
}
