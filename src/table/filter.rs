//! The rows for which criteria hold.

use std::cmp::Ordering;

use orgdeck_columns::{Among, Between, Bits, Needle, Quick, Store, date, select};

use crate::http::{Error, cut};
use crate::query::{Bound, Criteria, Node, Probe, Texts, Way, node, passes};

/// The rows for which criteria hold: those for whose records a `Matcher` says so.
///
/// # Errors
/// A `ConfigError`, as that of `Matcher::new`.
pub fn filter(store: &Store, criteria: &Criteria, texts: &dyn Texts) -> Result<Bits, Error> {
    Ok(Filter { store, texts }.holding(&node(criteria, texts)?, store.live()))
}

struct Filter<'a> {
    store: &'a Store,
    texts: &'a dyn Texts,
}

impl Filter<'_> {
    /// Those of some rows for which it holds. Each part looks at those rows only that the ones before it have left open.
    fn holding(&self, node: &Node, within: &Bits) -> Bits {
        let mut open = within.clone();
        match node {
            Node::All => return open,
            Node::And(nodes) => {
                for node in nodes {
                    open = self.holding(node, &open);
                }
                return open;
            }
            Node::Required(fields) => {
                for field in fields {
                    open = self.passing(field, &Quick::Nothing, &mut |value| !value.is_empty(), &open);
                }
                return open;
            }
            Node::Not(inner) => open = self.holding(inner, within),
            Node::Or(nodes) => {
                for node in nodes {
                    open.and_not(&self.holding(node, &open));
                }
            }
            Node::Test(fields, probe) => {
                let quick = quick(probe);
                for field in fields {
                    let test = &mut |value: &str| passes(probe, value, self.texts);
                    open.and_not(&self.passing(field, &quick, test, &open));
                }
            }
        }
        // All but those that are left.
        let mut rows = within.clone();
        rows.and_not(&open);
        rows
    }

    /// Those with a value of a field that passes.
    fn passing(&self, field: &str, quick: &Quick, test: &mut dyn FnMut(&str) -> bool, within: &Bits) -> Bits {
        let (name, path) = cut(field, b'.').map_or((field, None), |(name, path)| (name, Some(path)));
        match self.store.column(name) {
            Some(column) => select(column, within, path, quick, test),
            None => Bits::new(within.len(), false),
        }
    }
}

/// What tells the same as [`passes`] of most values, and more quickly.
fn quick(probe: &Probe) -> Quick {
    match probe {
        Probe::Texts(way @ (Way::Whole | Way::Part), wanted) => {
            let (mut among, mut needles) = (Vec::new(), Vec::new());
            // A value that is all ASCII is like none that is not.
            for text in wanted.iter().filter(|text| text.is_ascii()) {
                if let Way::Whole = way {
                    among.push(text.as_bytes().to_vec());
                } else if let Some(needle) = Needle::new(text) {
                    needles.push(needle);
                }
            }
            if let Way::Part = way { Quick::Part(needles) } else { Quick::Whole(Among::new(among)) }
        }
        Probe::Bounds(bounds, false) => Quick::Between(between(bounds)),
        _ => Quick::Nothing,
    }
}

fn between(bounds: &[Bound]) -> Between {
    let ([mut first, mut from], [mut to, mut last]) = ([0, 0], [u32::MAX; 2]);
    let mut numbers = Some([f64::NEG_INFINITY, f64::INFINITY]);
    for bound in bounds {
        let [before, behind] = around(bound).unwrap_or([0, u32::MAX]);
        numbers = match (numbers, bound.number) {
            (Some([_, greatest]), Some(least)) if bound.wrong == Ordering::Less => Some([least, greatest]),
            (Some([least, _]), Some(greatest)) => Some([least, greatest]),
            _ => None,
        };
        if bound.wrong == Ordering::Less {
            (first, from) = (before, behind);
        } else {
            (to, last) = (before, behind);
        }
    }
    Between { inside: [from, to], outside: [first, last], numbers }
}

/// Dates, in digits, at least two days before and behind a point in time: a text that begins with an earlier or a later one
/// lies so to the point, as an instant, whatever the offsets, and as a text as well.
fn around(bound: &Bound) -> Option<[u32; 2]> {
    bound.instant?;
    let date = date(bound.text.as_bytes())?;
    let (month, day) = (date / 100 % 100, date % 100);
    // From the first days of a month it is the month before, from those of January December; and the other way round.
    let step = |is_near: bool, is_month: bool| {
        if is_near {
            2
        } else if is_month {
            100
        } else {
            89_00
        }
    };
    Some([date.saturating_sub(step(day > 2, month > 1)), date + step(day < 27, month < 12)])
}

// Natively only: what it is compared with does not build for Wasm.
#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use orgdeck_columns::{FieldRule, Ingest, Insert, Kinds};
    use proptest::prelude::*;

    use super::*;
    use crate::json::Json;
    use crate::query::{Matcher, Program, Test};

    /// Knows no expressions but starts of texts.
    struct Starts;

    impl Texts for Starts {
        fn compile(&self, pattern: &str) -> Result<Program, String> {
            let start = pattern.strip_suffix(".*").ok_or("not a start")?.to_owned();
            Ok(Box::new(move |text| text.starts_with(&start)))
        }
    }

    fn add(store: &mut Store, records: &str) {
        let mark = store.begin();
        let mut ingest = Ingest::new(Insert::Replace, None, &[]);
        ingest.feed(store, records.as_bytes(), true, &mut |_, _| Ok(())).unwrap();
        store.commit(&mark, Insert::Replace).unwrap();
    }

    /// A table whose columns have given up codes: so many different values were there.
    fn plain() -> Store {
        let mut store = Store::new("id", Vec::new());
        let record = |row| format!(r#"{{"id":"x{row}","a":"{row}","b":{row},"c":[{row}]}}"#);
        let records: Vec<String> = (0..4500).map(record).collect();
        add(&mut store, &format!("[{}]", records.join(",")));
        for row in 0..4500 {
            store.remove(row);
        }
        store
    }

    const TEXTS: [&str; 43] = [
        "",
        "a",
        "A",
        "ab",
        "aB c",
        "é",
        "É",
        "K",
        "k",
        "ß",
        "İ",
        "i",
        "12",
        "-3.5",
        "1e3",
        "007",
        "5.",
        "Somebody.Else@example.com",
        "somebody.else@EXAMPLE.com",
        "somebody.else@example.comé",
        "2026-03-01",
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00.5Z",
        "2026-03-01T12:00:00.500000+00:00",
        "2026-03-01T13:00+01:00",
        "2024-02-29T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "0001-01-01T00:00:00",
        "2026-03-01T12:00:00.Z",
        "café 12",
        "2026-03-09",
        "2026-02-30x",
        "2026-03-01T00:30+23:00",
        "2026-02-28T23:30-23:00",
        "2026-13-45",
        "0000-01-01",
        "2026-03-01é",
        "2026-03-03",
        "2026-02-27T00:30+23:00",
        "2025-12-31",
        "2025-12-30T23:30-23:00",
        "2026-01-01T23:30-23:00",
        "2026-01-02T00:30+23:00",
    ];

    fn value() -> impl Strategy<Value = String> {
        let text = proptest::sample::select(&TEXTS[..]).prop_map(|text| format!("{text:?}"));
        let leaf = prop_oneof![
            8 => text,
            1 => Just(r#""\u0061\u00e9""#.to_owned()),
            2 => proptest::sample::select(&["12", "12.0", "-3.5", "1e3", "9007199254740993"][..]).prop_map(str::to_owned),
            2 => proptest::sample::select(&["true", "false", "null"][..]).prop_map(str::to_owned),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|items| format!("[ {} ]", items.join(" , "))),
                proptest::collection::vec(
                    (proptest::sample::select(&["a", "b", "", "\\u0061"][..]), inner),
                    0..3
                )
                .prop_map(|members| {
                    let members: Vec<_> =
                        members.iter().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
                    format!("{{ {} }}", members.join(" , "))
                }),
            ]
        })
    }

    fn criteria() -> impl Strategy<Value = Criteria> {
        let field = proptest::sample::select(&["id", "a", "b", "c", "a.a", "a.b", "c.a.b", "c.", "d"][..]);
        let fields = proptest::collection::vec(field.prop_map(str::to_owned), 1..3);
        let text = || proptest::sample::select(&TEXTS[1..]).prop_map(str::to_owned);
        let wanted = || proptest::collection::vec(text(), 1..4);
        let test =
            prop_oneof![
                wanted().prop_map(Test::Exact),
                proptest::collection::vec("[a-c]{0,3}x", 300..400).prop_map(|mut many| {
                    many.push("SOMEBODY.else@example.com".to_owned());
                    Test::Exact(many)
                }),
                wanted().prop_map(Test::StartsWith),
                wanted().prop_map(Test::Contains),
                wanted().prop_map(Test::Term),
                text().prop_map(|text| Test::Regex(vec![format!("{text}.*")])),
                Just(Test::Required),
                (proptest::option::of(text()), proptest::option::of(text()))
                    .prop_map(|(from, to)| Test::Range { from, to, format: None }),
                Just(Test::Range {
                    from: Some("2026".to_owned()),
                    to: Some("2027".to_owned()),
                    format: Some("yyyy".to_owned())
                }),
            ];
        let leaf = prop_oneof![
            1 => Just(Criteria::All),
            9 => (fields, test).prop_map(|(fields, test)| Criteria::Test { fields, test }),
        ];
        leaf.prop_recursive(3, 10, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Criteria::And),
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Criteria::Or),
                inner.prop_map(|inner| Criteria::Not(Box::new(inner))),
            ]
        })
    }

    fn records() -> impl Strategy<Value = Vec<String>> {
        let fields = [(); 3].map(|()| proptest::option::weighted(0.8, value()));
        proptest::collection::vec(fields, 0..40).prop_map(|records| {
            let record = |(row, values): (usize, &[Option<String>; 3])| {
                let mut record = format!(r#"{{"id":"{row}""#);
                for (name, value) in ["a", "b", "c"].iter().zip(values) {
                    if let Some(value) = value {
                        record.push_str(&format!(r#","{name}":{value}"#));
                    }
                }
                record + "}"
            };
            records.iter().enumerate().map(record).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn rows_are_found_as_records_are(records in records(), criteria in criteria(), gone in 0_usize..60) {
            thread_local!(static PLAIN: Store = plain());
            let matcher = Matcher::new(&criteria, &Starts).unwrap();
            for mut store in [Store::new("id", Vec::new()), PLAIN.with(Clone::clone)] {
                let before = store.rows();
                add(&mut store, &format!("[{}]", records.join(",")));
                store.remove(before + gone);
                let found: Vec<usize> = filter(&store, &criteria, &Starts).unwrap().iter().collect();
                let expected: Vec<usize> = records
                    .iter()
                    .enumerate()
                    .filter(|(row, record)| *row != gone && matcher.matches(&Json::parse(record).unwrap()))
                    .map(|(row, _)| before + row)
                    .collect();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn fields_that_are_texts_alone_are_searched_at_once() {
        let allowed = Kinds::TEXT.or(Kinds::NULL);
        let mut store = Store::new("id", vec![FieldRule { name: "a".to_owned(), allowed, required: false }]);
        let record = |row| match row % 8 {
            0 => format!(r#"{{"id":{row},"a":null}}"#),
            1 => format!(r#"{{"id":{row}}}"#),
            _ => format!(r#"{{"id":{row},"a":"Text {row}"}}"#),
        };
        let records: Vec<String> = (0..9000).map(record).collect();
        add(&mut store, &format!("[{}]", records.join(",")));
        let fields = vec!["a".to_owned()];
        for wanted in ["tEXT 89", "77", "null", "text"] {
            let test = Test::Contains(vec![wanted.to_owned()]);
            let found = filter(&store, &Criteria::Test { fields: fields.clone(), test }, &Starts).unwrap();
            let holds = |row| row % 8 > 1 && format!("text {row}").contains(&wanted.to_lowercase());
            assert_eq!(found, Bits::from_fn(9000, holds), "{wanted}");
        }
    }
}
