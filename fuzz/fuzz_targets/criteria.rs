//! Search criteria: a line with a record, and the tree. What is sent means what is evaluated here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::genesys::VENDOR;
use orgdeck::genesys::search::to_wire;
use orgdeck::json::Json;
use orgdeck::query::{Criteria, Matcher, Program, Test, Texts};
use orgdeck_fuzz::line;

/// Regular expressions are the browser's. Here a pattern is a text, or none if it ends with a backslash.
struct Native;

impl Texts for Native {
    fn compile(&self, pattern: &str) -> Result<Program, String> {
        if pattern.ends_with('\\') {
            return Err("it ends with a backslash".to_owned());
        }
        let pattern = self.fold(pattern);
        Ok(Box::new(move |text| Native.fold(text) == pattern))
    }
}

fuzz_target!(|input: &str| {
    let (record, text) = line(input);
    let (Ok(record), Ok(tree)) = (Json::parse(record), Json::parse(text)) else { return };
    every_value_is_in_its_own_range(&record);
    let criteria = match Criteria::parse(&tree) {
        Ok(criteria) => criteria,
        Err(error) => {
            assert!(error.message.starts_with(['.', ':']), "{error} begins with no path");
            return;
        }
    };
    let wire = to_wire(&criteria);
    let request = format!("{{\"where\":{text}}}");
    let search = VENDOR.operation("groups.search").unwrap();
    let source = (VENDOR.list)(search, &[], &Json::Null, Some(request)).unwrap();
    let sent = source.page(&source.start()).unwrap().request.body.take().unwrap();
    assert_eq!(sent, format!("{{\"query\":{wire}}}"));

    let wire = Json::parse(&wire).unwrap();
    match Matcher::new(&criteria, &Native) {
        Ok(matcher) => {
            let matches = matcher.matches(&record);
            assert_eq!(matches, holds(&criteria, &record), "{criteria:?}");
            assert_eq!(matches, list_holds(wire.as_list().unwrap(), &record), "{wire:?}");
        }
        Err(error) => assert!(error.message.starts_with(['.', ':']), "{error} begins with no path"),
    }
});

fn test_holds(fields: &[String], test: &Test, record: &Json) -> bool {
    let test = Criteria::Test { fields: fields.to_vec(), test: test.clone() };
    Matcher::new(&test, &Native).unwrap().matches(record)
}

/// The tree, test by test.
fn holds(criteria: &Criteria, record: &Json) -> bool {
    match criteria {
        Criteria::All => true,
        Criteria::And(list) => list.iter().all(|inner| holds(inner, record)),
        Criteria::Or(list) => list.iter().any(|inner| holds(inner, record)),
        Criteria::Not(inner) => !holds(inner, record),
        Criteria::Test { fields, test } => test_holds(fields, test, record),
    }
}

/// A list of Genesys' criteria, as `docs/criteria.md` has it.
fn list_holds(list: &[Json], record: &Json) -> bool {
    let of = |wanted: &'static str| {
        list.iter().filter(move |criterion| {
            criterion.get("operator").map_or("AND", |operator| operator.as_str().unwrap()) == wanted
        })
    };
    assert_eq!(of("AND").count() + of("OR").count() + of("NOT").count(), list.len());
    assert!(of("OR").count() == 0 || of("OR").count() == list.len(), "readers differ on such a list");
    assert!(list.is_empty() || of("NOT").count() < list.len(), "readers differ on such a list");
    of("AND").all(|criterion| criterion_holds(criterion, record))
        && !of("NOT").any(|criterion| criterion_holds(criterion, record))
        && (of("OR").count() == 0 || of("OR").any(|criterion| criterion_holds(criterion, record)))
}

fn criterion_holds(criterion: &Json, record: &Json) -> bool {
    let text = |name: &str| criterion.get(name).map(|text| text.as_str().unwrap().to_owned());
    let texts = |name: &str| -> Vec<String> {
        let list = criterion.get(name).and_then(Json::as_list).unwrap_or_default();
        list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let group = criterion.get("group").is_none_or(|group| list_holds(group.as_list().unwrap(), record));
    let mut wanted = texts("values");
    wanted.extend(text("value"));
    let (from, to, format) = (text("startValue"), text("endValue"), text("dateFormat"));
    let test = match text("type").as_deref().unwrap() {
        "MATCH_ALL" => return group,
        "EXACT" if from.is_some() || to.is_some() => Test::Range { from, to, format },
        "EXACT" => Test::Exact(wanted),
        "STARTS_WITH" => Test::StartsWith(wanted),
        "CONTAINS" => Test::Contains(wanted),
        "TERM" | "TERMS" => Test::Term(wanted),
        "REGEX" => Test::Regex(wanted),
        "REQUIRED_FIELDS" => Test::Required,
        other => panic!("{other}"),
    };
    group && test_holds(&texts("fields"), &test, record)
}

/// Numbers, dates and texts are each at least and at most what they are.
fn every_value_is_in_its_own_range(record: &Json) {
    for (name, value) in record.members() {
        let Some(text) = record.get(name).filter(|last| *last == value).and_then(Json::to_parameter) else {
            continue;
        };
        if name.is_empty() || name.contains('.') || text.is_empty() {
            continue;
        }
        let fields = vec![name.clone()];
        let range = Test::Range { from: Some(text.clone()), to: Some(text.clone()), format: None };
        for test in [range, Test::Exact(vec![text.clone()]), Test::Term(vec![text.clone()]), Test::Required] {
            assert!(test_holds(&fields, &test, record), "{text:?} does not pass {test:?}");
        }
    }
}
