//! Files of comma-separated values.

use orgdeck_columns::Csv;

use super::{Table, place};

/// A file of some fields, with the cells of its first line, if there is to be one. What no record has is an empty column.
pub fn csv(table: &Table, fields: &[&str], header: &[&str], separator: &str, formulas: bool) -> Csv {
    let mut columns = Vec::new();
    for field in fields {
        columns.push(place(&table.store, field).unwrap_or(usize::MAX));
    }
    Csv::new(columns, header, separator.bytes().next().unwrap_or(b','), formulas)
}

#[cfg(test)]
mod tests {
    use orgdeck_columns::Insert;

    use super::super::Schema;
    use super::*;

    #[test]
    fn columns_are_fields() {
        let mut table = Table::new(Schema::any());
        table.upsert("", br#"[{"id":"1","a":"=x","b":[1]},{"id":"2","b":-1}]"#, Insert::New).unwrap();
        let write = |mut csv: Csv| {
            let mut out = Vec::new();
            while csv.next(&table.store, &[0, 1], &mut out) {}
            String::from_utf8(out).unwrap()
        };
        let all = ["id", "a", "b"];
        assert_eq!(write(csv(&table, &all, &all, ",", false)), "id,a,b\r\n1,\"'=x\",[1]\r\n2,,-1\r\n");
        assert_eq!(write(csv(&table, &["b", "z"], &[], ",", false)), "[1],\r\n-1,\r\n");
        assert_eq!(write(csv(&table, &["a"], &["A"], ",", true)), "A\r\n=x\r\n\"\"\r\n");
        assert_eq!(
            write(csv(&table, &["a", "id"], &["a", "id"], "\t", false)),
            "a\tid\r\n\"'=x\"\t1\r\n\t2\r\n"
        );
    }
}
