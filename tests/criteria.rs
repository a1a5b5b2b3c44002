//! Search criteria: what is sent means, to a reader of Genesys' lists that shares nothing with the library, what
//! `Matcher` makes of the same tree. `docs/criteria.md` is what both go by.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::cell::RefCell;
use std::collections::HashMap;

use orgdeck::genesys::VENDOR;
use orgdeck::genesys::search::to_wire;
use orgdeck::json::Json;
use orgdeck::query::{Criteria, Matcher, Program, Texts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use regex::Regex;
use serde_json::{Map, Value, json};

/// What the library knows of texts by itself, with the regular expressions that it has to be given.
struct Native;

impl Texts for Native {
    fn compile(&self, pattern: &str) -> Result<Program, String> {
        let program = whole(pattern).map_err(|error| error.to_string())?;
        Ok(Box::new(move |text| program.is_match(text)))
    }
}

/// A regular expression for a whole text. Each is made once: that takes longer than all else here.
fn whole(pattern: &str) -> Result<Regex, regex::Error> {
    thread_local! {
        static MADE: RefCell<HashMap<String, Regex>> = RefCell::default();
    }
    if let Some(made) = MADE.with_borrow(|made| made.get(pattern).cloned()) {
        return Ok(made);
    }
    let made = Regex::new(&format!(r"(?is)\A(?:{pattern})\z"))?;
    MADE.with_borrow_mut(|all| all.insert(pattern.to_owned(), made.clone()));
    Ok(made)
}

/// JSON as the standard reader would have it, which stops at 128 levels.
fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Boolean(value) => Value::from(*value),
        Json::Number(number) => serde_json::from_str(number).unwrap(),
        Json::Text(text) => Value::from(text.as_str()),
        Json::List(items) => items.iter().map(value_of).collect(),
        Json::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), value_of(value))).collect()
        }
    }
}

fn parse(tree: &Value) -> Criteria {
    Criteria::parse(&Json::parse(&tree.to_string()).unwrap()).unwrap()
}

/// How a reader takes the operators of a list. The vendor does not say, so what is sent must mean the same in all.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// As `docs/criteria.md` has it.
    Documented,
    /// One after the other, each operator standing before its criterion.
    InTurn,
    /// As search engines do: where something must hold, what may hold counts for nothing.
    MustAndMay,
}

const READINGS: [Reading; 3] = [Reading::Documented, Reading::InTurn, Reading::MustAndMay];

fn list_holds(list: &[Value], record: &Value, reading: Reading) -> bool {
    let judged: Vec<(&str, bool)> = list
        .iter()
        .map(|criterion| {
            let operator = criterion.get("operator").map_or("AND", |operator| operator.as_str().unwrap());
            (operator, criterion_holds(criterion, record, reading))
        })
        .collect();
    let of = |wanted: &str| {
        let held: Vec<bool> =
            judged.iter().filter(|(operator, _)| *operator == wanted).map(|(_, holds)| *holds).collect();
        held
    };
    match reading {
        Reading::Documented => {
            of("AND").into_iter().all(|holds| holds)
                && !of("NOT").into_iter().any(|holds| holds)
                && (of("OR").is_empty() || of("OR").into_iter().any(|holds| holds))
        }
        Reading::MustAndMay => {
            let may = of("OR");
            of("AND").into_iter().all(|holds| holds)
                && !of("NOT").into_iter().any(|holds| holds)
                && (!of("AND").is_empty() || may.is_empty() || may.into_iter().any(|holds| holds))
        }
        Reading::InTurn => {
            let mut turns = judged.into_iter();
            let first = turns.next().is_none_or(|(operator, holds)| holds != (operator == "NOT"));
            turns.fold(first, |so_far, (operator, holds)| match operator {
                "AND" => so_far && holds,
                "OR" => so_far || holds,
                "NOT" => so_far && !holds,
                other => panic!("{other}"),
            })
        }
    }
}

fn texts(criterion: &Value, name: &str) -> Vec<String> {
    let list = criterion.get(name).map(|list| list.as_array().unwrap().as_slice()).unwrap_or_default();
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn criterion_holds(criterion: &Value, record: &Value, reading: Reading) -> bool {
    let known =
        ["type", "fields", "value", "values", "startValue", "endValue", "dateFormat", "operator", "group"];
    assert!(criterion.as_object().unwrap().keys().all(|name| known.contains(&&**name)), "{criterion}");
    let text = |name: &str| criterion.get(name).map(|text| text.as_str().unwrap());
    let fields = texts(criterion, "fields");
    let mut wanted = texts(criterion, "values");
    wanted.extend(text("value").map(str::to_owned));
    let kind = text("type").unwrap();
    let is_range = text("startValue").or(text("endValue")).is_some();
    let values: Vec<String> = fields.iter().flat_map(|field| values_at(record, field)).collect();
    let any = |test: &dyn Fn(&str, &str) -> bool| {
        assert!(!fields.is_empty() && !wanted.is_empty(), "{criterion}");
        values.iter().any(|value| wanted.iter().any(|wanted| test(value, wanted)))
    };
    let own = match kind {
        "MATCH_ALL" => {
            assert!(fields.is_empty() && wanted.is_empty(), "{criterion}");
            true
        }
        "REQUIRED_FIELDS" => {
            assert!(!fields.is_empty() && wanted.is_empty(), "{criterion}");
            fields.iter().all(|field| values_at(record, field).iter().any(|value| !value.is_empty()))
        }
        "EXACT" if is_range => {
            assert!(!fields.is_empty() && wanted.is_empty(), "{criterion}");
            values
                .iter()
                .any(|value| lies_between(value, text("startValue"), text("endValue"), text("dateFormat")))
        }
        "EXACT" => any(&|value, wanted| fold(value) == fold(wanted)),
        "STARTS_WITH" => any(&|value, wanted| fold(value).starts_with(&fold(wanted))),
        "CONTAINS" => any(&|value, wanted| fold(value).contains(&fold(wanted))),
        "TERM" | "TERMS" => any(&|value, wanted| {
            let mut words = value.split(|letter: char| !letter.is_alphanumeric());
            fold(value) == fold(wanted) || words.any(|word| !word.is_empty() && fold(word) == fold(wanted))
        }),
        "REGEX" => any(&|value, wanted| whole(wanted).unwrap().is_match(value)),
        other => panic!("{other} is no type"),
    };
    let group = criterion.get("group").map(|group| group.as_array().unwrap());
    own && group.is_none_or(|group| list_holds(group, record, reading))
}

fn fold(text: &str) -> String {
    text.chars().map(|letter| letter.to_lowercase().to_string()).collect()
}

/// The values of a field, by its path.
fn values_at(value: &Value, path: &str) -> Vec<String> {
    let steps: Vec<&str> = path.split('.').collect();
    let mut reached = vec![value.clone()];
    let spread = |value: Value| {
        let mut flat = Vec::new();
        let mut rest = vec![value];
        while let Some(next) = rest.pop() {
            match next {
                Value::Array(items) => rest.extend(items),
                other => flat.push(other),
            }
        }
        flat
    };
    for step in steps {
        let within = reached.into_iter().flat_map(spread);
        reached = within.filter_map(|value| value.as_object()?.get(step).cloned()).collect();
    }
    let ends = reached.into_iter().flat_map(spread);
    ends.filter_map(|end| match end {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    })
    .collect()
}

fn lies_between(value: &str, from: Option<&str>, to: Option<&str>, format: Option<&str>) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = |bound: &str| match format {
        Some(format) => Some(moment(value)?.total_cmp(&by_format(format, bound))),
        None => Some(match (number(value), number(bound), moment(value), moment(bound)) {
            (Some(value), Some(bound), ..) => value.total_cmp(&bound),
            (.., Some(value), Some(bound)) => value.total_cmp(&bound),
            _ => fold(value).chars().cmp(fold(bound).chars()),
        }),
    };
    from.is_none_or(|bound| matches!(order(bound), Some(Greater | Equal)))
        && to.is_none_or(|bound| matches!(order(bound), Some(Less | Equal)))
}

fn number(text: &str) -> Option<f64> {
    let is_number = whole(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?").unwrap().is_match(text);
    is_number.then(|| text.parse().unwrap())
}

/// Seconds since the year 1, counted year by year and month by month.
fn seconds(year: u32, month: u32, day: u32, rest: f64) -> Option<f64> {
    let is_leap =
        |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = |year: u32| [31, 28 + u32::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1..=12).contains(&month) || day == 0 || day > lengths(year)[month as usize - 1] {
        return None;
    }
    let years: u32 = (1..year).map(|year| lengths(year).iter().sum::<u32>()).sum();
    let months: u32 = lengths(year)[..month as usize - 1].iter().sum();
    Some(f64::from(years + months + day) * 86_400.0 + rest)
}

/// An ISO 8601 date or time.
fn moment(text: &str) -> Option<f64> {
    let shape = r"(?-i:([0-9]{4})-([0-9]{2})-([0-9]{2})(T([0-9]{2}):([0-9]{2})(:([0-9]{2}(\.[0-9]{1,9})?))?(Z|([+-])([0-9]{2}):([0-9]{2}))?)?)";
    let parts = whole(shape).unwrap().captures(text)?;
    let part = |at: usize| parts.get(at).map_or(0.0, |part| part.as_str().parse::<f64>().unwrap());
    let (hours, minutes, rest) = (part(5), part(6), part(8));
    let east = (part(12) * 60.0 + part(13))
        * if parts.get(11).is_some_and(|sign| sign.as_str() == "-") { -1.0 } else { 1.0 };
    if hours > 23.0 || minutes > 59.0 || rest >= 60.0 || part(12) > 23.0 || part(13) > 59.0 {
        return None;
    }
    let rest = (hours * 60.0 + minutes - east) * 60.0 + rest;
    seconds(part(1) as u32, part(2) as u32, part(3) as u32, rest)
}

/// A bound by the patterns of [`bounds`].
fn by_format(format: &str, text: &str) -> f64 {
    let part = |at: std::ops::Range<usize>| text.get(at).unwrap().parse::<u32>().unwrap();
    match format {
        "dd.MM.yyyy" => seconds(part(6..10), part(3..5), part(0..2), 0.0),
        "yyyyMMdd'T'HHmmX" => {
            let east = f64::from(part(14..16)) * if text.get(13..14) == Some("-") { -1.0 } else { 1.0 };
            let rest = f64::from(part(9..11) * 60 + part(11..13)) * 60.0 - east * 3_600.0;
            seconds(part(0..4), part(4..6), part(6..8), rest)
        }
        other => panic!("{other}"),
    }
    .unwrap()
}

const WORDS: [&str; 33] = [
    "a",
    "A",
    "ab",
    "AB c",
    "a-b",
    "x y",
    "é",
    "É",
    "ÉA",
    "İ",
    "i̇",
    "ſ",
    "s",
    "Straße",
    "STRASSE",
    "ΟΔΟΣ",
    "οδος",
    "ΣΑΣ ΟΔΟΣ",
    "😀",
    "a😀b",
    "1",
    "1.0",
    "10",
    "9",
    "-1",
    "1e1",
    "true",
    "false",
    "2026-01-31",
    "2026-01-31T00:00Z",
    "2026-01-31T01:00:00.5+01:00",
    "2026-02-28T23:59:59.999999999-05:30",
    "2026-02-30",
];
const FIELDS: [&str; 11] = [
    "name",
    "description",
    "version",
    "on",
    "dateModified",
    "owners.id",
    "owners.tags",
    "owners",
    "deep.er.still",
    "missing",
    "none",
];
const PATTERNS: [&str; 9] = ["a.*", ".*b", "[a-c]+", r"\d+", ".", "x y|a", "é?a", "", r"2026-0\d.*"];

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(from).prop_map(str::to_owned)
}

/// One or several, written either way.
fn some(from: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        pick(from).prop_map(Value::from),
        prop::collection::vec(pick(from), 1..3).prop_map(Value::from)
    ]
}

/// Bounds of a range, with a date format or without.
fn bounds() -> impl Strategy<Value = Value> {
    let range = |from: &'static [&'static str], format: Option<&'static str>| {
        (prop::option::of(pick(from)), prop::option::of(pick(from)), pick(from)).prop_map(
            move |(from, to, other)| {
                let mut range = Map::new();
                if let Some(from) = from.or(to.is_none().then_some(other)) {
                    range.insert("from".to_owned(), from.into());
                }
                range.extend(to.map(|to| ("to".to_owned(), to.into())));
                range.extend(format.map(|format| ("format".to_owned(), format.into())));
                Value::from(range)
            },
        )
    };
    prop_oneof![
        3 => range(&WORDS, None),
        1 => range(&["30.01.2026", "31.01.2026", "28.02.2026", "01.03.2026"], Some("dd.MM.yyyy")),
        1 => range(&["20260131T0000+00", "20260131T0100+01", "20260301T0529-00"], Some("yyyyMMdd'T'HHmmX")),
    ]
}

/// A tree as callers write it.
fn tree() -> impl Strategy<Value = Value> {
    let texts: &'static [&'static str] = &WORDS;
    let test = |word: &'static str, wanted: BoxedStrategy<Value>| {
        (wanted, some(&FIELDS))
            .prop_map(move |(wanted, fields)| json!({ word: wanted, "fields": fields }))
            .boxed()
    };
    let leaf = prop_oneof![
        1 => Just(json!({ "all": true })),
        2 => test("exact", some(texts).boxed()),
        2 => test("startsWith", some(texts).boxed()),
        2 => test("contains", some(texts).boxed()),
        2 => test("term", some(texts).boxed()),
        2 => test("regex", some(&PATTERNS).boxed()).prop_filter("a pattern is not empty", |tree| !tree.to_string().contains(r#""""#)),
        2 => some(&FIELDS).prop_map(|fields| json!({ "required": fields })),
        3 => test("range", bounds().boxed()),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!({ "and": list })),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!({ "or": list })),
            inner.prop_map(|tree| json!({ "not": tree })),
        ]
    })
}

/// A value of a record.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => pick(&WORDS).prop_map(Value::from),
        1 => Just(json!("")),
        1 => Just(Value::Null),
        2 => (-2_i64..12).prop_map(Value::from),
        1 => Just(json!(1.5)),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop::collection::vec(pick(&WORDS), 0..3).prop_map(Value::from),
    ]
}

fn record() -> impl Strategy<Value = Value> {
    let owner = (value(), value()).prop_map(|(id, tags)| json!({ "id": id, "tags": [tags, []] }));
    let owners = prop_oneof![prop::collection::vec(owner, 0..3).prop_map(Value::from), value()];
    (value(), value(), value(), value(), value(), owners, value()).prop_map(
        |(name, description, version, on, date, owners, deep)| {
            json!({
                "name": name, "description": description, "version": version, "on": on, "dateModified": date,
                "owners": owners, "deep": [[{ "er": { "still": deep } }], { "er": "no" }], "none": null,
            })
        },
    )
}

/// What the library says, and what each reader of the wire does.
fn judge(tree: &Value, records: &[Value]) -> (Vec<bool>, Vec<(Reading, Vec<bool>)>) {
    let criteria = parse(tree);
    let matcher = Matcher::new(&criteria, &Native).unwrap();
    let wire = value_of(&Json::parse(&to_wire(&criteria)).unwrap());
    let local =
        records.iter().map(|record| matcher.matches(&Json::parse(&record.to_string()).unwrap())).collect();
    let remote = READINGS.map(|reading| {
        let list = wire.as_array().unwrap();
        (reading, records.iter().map(|record| list_holds(list, record, reading)).collect())
    });
    (local, remote.into())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_sent_means_what_is_matched(tree in tree(), records in prop::collection::vec(record(), 1..12)) {
        let (local, remote) = judge(&tree, &records);
        for (reading, remote) in remote {
            prop_assert_eq!(&remote, &local, "{:?} of {}", reading, to_wire(&parse(&tree)));
        }
    }

    #[test]
    fn every_tree_can_be_sent(tree in tree()) {
        let body = json!({ "where": tree, "pageSize": 5 }).to_string();
        let list = (VENDOR.list)(VENDOR.operation("groups.search").unwrap(), &[], &Json::Null, Some(body)).unwrap();
        let call = list.page(&list.start()).unwrap();
        let sent: Value = serde_json::from_str(call.request.body.as_ref().unwrap()).unwrap();
        let wire: Value = serde_json::from_str(&to_wire(&parse(&tree))).unwrap();
        prop_assert_eq!(sent, json!({ "query": wire, "pageSize": 5 }));
    }

    #[test]
    fn the_opposite_of_a_tree_holds_where_it_does_not(tree in tree(), records in prop::collection::vec(record(), 1..6)) {
        let (local, _) = judge(&tree, &records);
        let (opposite, _) = judge(&json!({ "not": tree }), &records);
        prop_assert!(local.iter().zip(opposite).all(|(one, other)| *one != other));
    }
}

#[test]
fn the_trees_are_worth_their_while() {
    // Hardly anything would be tested by trees that hold for nothing, or for everything.
    let mut runner = TestRunner::deterministic();
    let (mut holding, mut all) = (0, 0);
    for _ in 0..300 {
        let tree = tree().new_tree(&mut runner).unwrap().current();
        let records = prop::collection::vec(record(), 8).new_tree(&mut runner).unwrap().current();
        let (local, _) = judge(&tree, &records);
        holding += local.iter().filter(|holds| **holds).count();
        all += local.len();
    }
    assert!((all / 5..all * 4 / 5).contains(&holding), "{holding} of {all}");
}

/// A tree of so many levels: all kinds of combinations in turn, around a test.
fn deep(levels: usize) -> Value {
    (1..levels).fold(json!({ "exact": "a", "fields": "name" }), |tree, level| match level % 3 {
        0 => json!({ "not": tree }),
        1 => json!({ "and": [{ "all": true }, tree] }),
        _ => json!({ "or": [tree, { "exact": "b", "fields": "name" }] }),
    })
}

#[test]
fn a_hundred_levels_are_no_problem() {
    let tree = deep(100);
    let records = [json!({ "name": "A" }), json!({ "name": "b" }), json!({})];
    let (local, remote) = judge(&tree, &records);
    for (reading, remote) in remote {
        assert_eq!(remote, local, "{reading:?}");
    }
    let body = json!({ "where": tree }).to_string();
    let list =
        (VENDOR.list)(VENDOR.operation("groups.search").unwrap(), &[], &Json::Null, Some(body)).unwrap();
    assert!(list.page(&list.start()).is_ok());
    // As deep as it goes, in the shape that takes most of the wire's levels, and not a level more.
    for (levels, is_good) in [(120, true), (121, false), (100_000, false)] {
        let text =
            [r#"{"or":["#.repeat(levels - 1), r#"{"all":true}"#.to_owned(), "]}".repeat(levels - 1)].concat();
        let criteria = Json::parse(&text).ok().map(|json| Criteria::parse(&json));
        assert_eq!(criteria.is_some_and(|criteria| criteria.is_ok()), is_good, "{levels}");
        let body = format!(r#"{{"where":{text}}}"#);
        let search = VENDOR.operation("groups.search").unwrap();
        let sent = (VENDOR.list)(search, &[], &Json::Null, Some(body));
        assert_eq!(sent.is_ok(), is_good, "{levels}: {:?}", sent.err());
    }
}

#[test]
fn letters_are_folded_one_by_one() {
    for (wanted, value, holds) in [
        ("ΟΔΟΣ", "οδοσ", true),
        // A sigma at the end of a word is another letter, and no lower case of the first.
        ("ΟΔΟΣ", "οδος", false),
        ("İ", "i̇", true),
        ("i", "İ", false),
        ("ſ", "s", false),
        ("STRASSE", "Straße", false),
        ("ẞ", "ß", true),
        ("é", "É", true),
        ("e\u{301}", "é", false),
        ("😀", "😀", true),
    ] {
        let (local, remote) =
            judge(&json!({ "exact": wanted, "fields": "name" }), &[json!({ "name": value })]);
        assert_eq!(local, [holds], "{wanted} {value}");
        assert!(remote.iter().all(|(_, remote)| *remote == local));
    }
}
