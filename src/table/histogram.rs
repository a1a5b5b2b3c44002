//! How many dates lie on each day.

use orgdeck_columns::{Bits, Kind, Store, sort_words};

use crate::http::{decimal, fill};
use crate::query::Instant;

/// So many days before 1970 no date lies, which has four digits for its year.
const BEFORE: i64 = 1_000_000;

/// How many of some rows have no date in a field, and how many have one on each day, in UTC and from `BEFORE` on: a JSON
/// array of the rows without one, and pairs. Dates are texts by ISO 8601.
pub fn histogram(store: &Store, rows: &Bits, field: &str) -> Vec<u8> {
    let mut days = Vec::new();
    let mut missing = 0;
    let column = store.column(field);
    for row in rows.iter() {
        let cell = column.map(|column| column.get(row)).filter(|cell| cell.kind == Kind::Text);
        let text = cell.and_then(|cell| std::str::from_utf8(cell.bytes).ok());
        match text.and_then(Instant::parse) {
            Some(instant) => days.push((instant.seconds().div_euclid(86_400) + BEFORE) as u64),
            None => missing += 1,
        }
    }
    sort_words(&mut days, 0, 22);
    let mut out = fill("[{}", &[&decimal(missing)]);
    for same in days.chunk_by(|day, next| day == next) {
        let (day, count) = (same.first().copied().unwrap_or(0), same.len() as u64);
        out.push_str(&fill(",[{},{}]", &[&decimal(day), &decimal(count)]));
    }
    out.push(']');
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use orgdeck_columns::{Ingest, Insert};

    use super::*;

    #[test]
    fn dates_count_by_their_days_in_utc() {
        let dates = [
            "\"1970-01-02T23:59:59.9Z\"",
            "\"0001-01-01T00:00:00\"",
            "\"1970-01-02\"",
            "\"1970-01-03T00:30:00+01:00\"",
            "null",
            "5",
            "\"1970-01-32\"",
            "[\"1970-01-02\"]",
            "\"9999-12-31\"",
        ];
        let mut records = String::from("[");
        for (id, date) in dates.iter().enumerate() {
            records.push_str(&format!(r#"{{"id":{id},"made":{date}}},"#));
        }
        records.push_str(r#"{"id":"x"}]"#);
        let mut store = Store::new("id", Vec::new());
        let mark = store.begin();
        let mut ingest = Ingest::new(Insert::New, None, &[]);
        ingest.feed(&mut store, records.as_bytes(), true, &mut |_, _| Ok(())).unwrap();
        store.commit(&mark, Insert::New).unwrap();
        let count = |field| String::from_utf8(histogram(&store, store.live(), field)).unwrap();
        assert_eq!(count("made"), "[5,[280838,1],[1000001,3],[3932896,1]]");
        assert_eq!(count("z"), "[10]");
    }
}
