//! What search criteria mean, by the page `docs/criteria.md`, which the library follows on its own.

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::MAX_DEPTH;
use super::dates::{self, Instant, Pattern};
use super::errors::Refusal;
use super::fields::Fields;

const TYPES: [&str; 8] =
    ["EXACT", "STARTS_WITH", "CONTAINS", "REGEX", "TERM", "TERMS", "REQUIRED_FIELDS", "MATCH_ALL"];
const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];

/// How large a compiled pattern may become.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// A list of criteria, which holds or does not hold for a record.
#[derive(Debug, Default)]
pub struct Criteria(Vec<Criterion>);

#[derive(Debug)]
struct Criterion {
    operator: &'static str,
    fields: Vec<String>,
    test: Test,
    group: Option<Criteria>,
}

#[derive(Debug)]
enum Test {
    Everything,
    /// Every field has a value that is not empty.
    Filled,
    Equal(Vec<String>),
    Start(Vec<String>),
    Contain(Vec<String>),
    /// Equal as a whole, or have a word that is.
    Word(Vec<String>),
    Match(Vec<Regex>),
    Between(Range),
}

/// Both ends are included, and either may be missing.
#[derive(Debug)]
enum Range {
    Instants { from: Option<Instant>, to: Option<Instant> },
    Values { from: Option<Bound>, to: Option<Bound> },
}

/// An end of a range, in every way in which a value may compare with it.
#[derive(Debug)]
struct Bound {
    number: Option<f64>,
    instant: Option<Instant>,
    folded: String,
}

impl Criteria {
    /// Reads the list in a field, if there is one.
    ///
    /// # Errors
    /// 400 that names the path of what is wrong: a test that could never hold is one by mistake.
    pub fn read(fields: &Fields<'_>, field: &str) -> Result<Option<Self>, Refusal> {
        Self::read_at(fields, field, 1)
    }

    fn read_at(fields: &Fields<'_>, field: &str, depth: usize) -> Result<Option<Self>, Refusal> {
        if depth > MAX_DEPTH + 1 {
            return Err(Refusal::bad_request("The criteria are nested too deeply."));
        }
        let Some(items) = fields.objects(field)? else {
            return Ok(None);
        };
        if depth > MAX_DEPTH && !items.is_empty() {
            return Err(Refusal::bad_request("The criteria are nested too deeply."));
        }
        let read = |item: &Fields<'_>| Criterion::read(item, depth);
        items.iter().map(read).collect::<Result<_, _>>().map(|criteria| Some(Criteria(criteria)))
    }

    /// All of `AND`, none of `NOT`, and one of `OR` if there is any.
    pub fn hold_for(&self, record: &Value) -> bool {
        let mut alternatives = false;
        let mut one_holds = false;
        for criterion in &self.0 {
            let holds = criterion.holds_for(record);
            match criterion.operator {
                "OR" => {
                    alternatives = true;
                    one_holds |= holds;
                }
                "NOT" if holds => return false,
                "AND" if !holds => return false,
                _ => {}
            }
        }
        one_holds || !alternatives
    }
}

impl Criterion {
    fn read(fields: &Fields<'_>, depth: usize) -> Result<Self, Refusal> {
        let operator = fields.choice("operator", &OPERATORS)?.unwrap_or("AND");
        let kind = fields.choice("type", &TYPES)?;
        let group = Criteria::read_at(fields, "group", depth + 1)?;
        // A group needs no test of its own.
        let kind = kind.or(group.as_ref().map(|_| "MATCH_ALL"));
        let kind = fields.require("type", kind)?;
        let names = match kind {
            "MATCH_ALL" => Vec::new(),
            _ => names(fields)?,
        };
        Ok(Criterion { operator, fields: names, test: Test::read(fields, kind)?, group })
    }

    fn holds_for(&self, record: &Value) -> bool {
        let in_group = || self.group.as_ref().is_none_or(|group| group.hold_for(record));
        let one_of =
            |holds: &dyn Fn(&str) -> bool| self.fields.iter().any(|field| any_value(record, field, holds));
        let holds = match &self.test {
            Test::Everything => true,
            Test::Filled => {
                self.fields.iter().all(|field| any_value(record, field, &|value| !value.is_empty()))
            }
            Test::Equal(wanted) => one_of(&|value| wanted.contains(&fold(value))),
            Test::Start(wanted) => one_of(&|value| {
                let value = fold(value);
                wanted.iter().any(|wanted| value.starts_with(wanted))
            }),
            Test::Contain(wanted) => one_of(&|value| {
                let value = fold(value);
                wanted.iter().any(|wanted| value.contains(wanted))
            }),
            Test::Word(wanted) => one_of(&|value| {
                wanted.contains(&fold(value)) || words(value).any(|word| wanted.contains(&fold(word)))
            }),
            Test::Match(patterns) => one_of(&|value| patterns.iter().any(|pattern| pattern.is_match(value))),
            Test::Between(range) => one_of(&|value| range.has(value)),
        };
        holds && in_group()
    }
}

impl Test {
    fn read(fields: &Fields<'_>, kind: &str) -> Result<Self, Refusal> {
        match kind {
            "MATCH_ALL" => return Ok(Test::Everything),
            "REQUIRED_FIELDS" => return Ok(Test::Filled),
            _ => {}
        }
        let wanted = wanted(fields)?;
        if wanted.is_empty() {
            // The vendor's list of types has none for ranges.
            let range = if kind == "EXACT" { Range::read(fields)? } else { None };
            return fields.require("value", range).map(Test::Between);
        }
        if kind == "REGEX" {
            let compile = |pattern| whole_match(fields, pattern);
            return wanted.into_iter().map(compile).collect::<Result<_, _>>().map(Test::Match);
        }
        let wanted = wanted.into_iter().map(fold).collect();
        Ok(match kind {
            "EXACT" => Test::Equal(wanted),
            "STARTS_WITH" => Test::Start(wanted),
            "CONTAINS" => Test::Contain(wanted),
            _ => Test::Word(wanted),
        })
    }
}

fn names(fields: &Fields<'_>) -> Result<Vec<String>, Refusal> {
    const FIELD: &str = "fields";
    let names = fields.texts(FIELD)?.unwrap_or_default();
    if names.is_empty() {
        return Err(Refusal::missing(&fields.path(FIELD)));
    }
    match names.iter().any(|name| name.is_empty()) {
        true => Err(Refusal::invalid_value(&fields.path(FIELD), "", "names of fields")),
        false => Ok(names.into_iter().map(str::to_owned).collect()),
    }
}

/// `value` and every item of `values`.
fn wanted<'a>(fields: &Fields<'a>) -> Result<Vec<&'a str>, Refusal> {
    let mut wanted = Vec::new();
    for (field, values) in
        [("value", fields.text("value")?.map(|value| vec![value])), ("values", fields.texts("values")?)]
    {
        let values = values.unwrap_or_default();
        if values.iter().any(|value| value.is_empty()) {
            return Err(Refusal::invalid_value(&fields.path(field), "", "any text that is not empty"));
        }
        wanted.extend(values);
    }
    Ok(wanted)
}

/// A pattern that has to match the whole of a value, in upper or lower case.
fn whole_match(fields: &Fields<'_>, pattern: &str) -> Result<Regex, Refusal> {
    let compile =
        |pattern: &str| RegexBuilder::new(pattern).case_insensitive(true).size_limit(MAX_REGEX_BYTES).build();
    // First on its own, so that `a)|(b` does not pass for one.
    compile(pattern).and_then(|_| compile(&format!(r"\A(?:{pattern})\z"))).map_err(|error| {
        let text = error.to_string();
        let why = text.lines().last().unwrap_or_default();
        Refusal::invalid_value(&fields.path("value"), pattern, &format!("regular expressions ({why})"))
    })
}

impl Range {
    fn read(fields: &Fields<'_>) -> Result<Option<Self>, Refusal> {
        let ends = ["startValue", "endValue"];
        let [from, to] = ends.map(|name| fields.text(name));
        let bounds = [from?, to?];
        if bounds.iter().all(Option::is_none) {
            return Ok(None);
        }
        for (name, bound) in ends.into_iter().zip(bounds) {
            if bound == Some("") {
                return Err(Refusal::invalid_value(&fields.path(name), "", "any text that is not empty"));
            }
        }
        let [from, to] = bounds;
        let Some(format) = fields.text("dateFormat")? else {
            return Ok(Some(Range::Values { from: from.map(Bound::new), to: to.map(Bound::new) }));
        };
        let allowed = "yyyy MM dd HH mm ss SSS X XX XXX, quoted text and signs";
        let pattern = Pattern::read(format)
            .ok_or_else(|| Refusal::invalid_value(&fields.path("dateFormat"), format, allowed))?;
        let instant =
            |name: &str, bound: Option<&str>| match bound.map(|bound| (bound, pattern.instant(bound))) {
                None => Ok(None),
                Some((_, Some(instant))) => Ok(Some(instant)),
                Some((bound, None)) => Err(Refusal::invalid_date(&fields.path(name), bound)),
            };
        Ok(Some(Range::Instants { from: instant("startValue", from)?, to: instant("endValue", to)? }))
    }

    fn has(&self, value: &str) -> bool {
        match self {
            Range::Instants { from, to } => dates::iso(value).is_some_and(|instant| {
                from.is_none_or(|from| from <= instant) && to.is_none_or(|to| instant <= to)
            }),
            Range::Values { from, to } => {
                let value = Bound::new(value);
                from.as_ref().is_none_or(|from| from.is_at_most(&value))
                    && to.as_ref().is_none_or(|to| value.is_at_most(to))
            }
        }
    }
}

impl Bound {
    fn new(text: &str) -> Self {
        Bound { number: number(text), instant: dates::iso(text), folded: fold(text) }
    }

    /// As numbers if both are, else as instants if both are, else as texts.
    fn is_at_most(&self, other: &Self) -> bool {
        if let (Some(this), Some(other)) = (self.number, other.number) {
            return this <= other;
        }
        match (self.instant, other.instant) {
            (Some(this), Some(other)) => this <= other,
            _ => self.folded <= other.folded,
        }
    }
}

/// A decimal number: digits, perhaps with a minus, a fraction and an exponent.
fn number(text: &str) -> Option<f64> {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let well_formed = all_digits(whole) && fraction.is_none_or(all_digits) && exponent.is_none_or(all_digits);
    if well_formed { text.parse().ok() } else { None }
}

/// Each character by its own lower-case mapping, whatever is beside it.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The longest runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a test holds for a value of a field. A field is a path with dots, and lists on the way,
/// or at its end, stand for each of their items.
fn any_value(value: &Value, path: &str, holds: &dyn Fn(&str) -> bool) -> bool {
    any_value_at(value, Some(path), holds)
}

fn any_value_at(value: &Value, path: Option<&str>, holds: &dyn Fn(&str) -> bool) -> bool {
    match (value, path) {
        (Value::Array(items), path) => items.iter().any(|item| any_value_at(item, path, holds)),
        (Value::Object(members), Some(path)) => {
            let (name, rest) = match path.split_once('.') {
                Some((name, rest)) => (name, Some(rest)),
                None => (path, None),
            };
            members.get(name).is_some_and(|value| any_value_at(value, rest, holds))
        }
        (Value::String(text), None) => holds(text),
        (Value::Number(number), None) => holds(&number.to_string()),
        (Value::Bool(flag), None) => holds(if *flag { "true" } else { "false" }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use serde_json::json;

    fn read(query: &Value) -> Result<Criteria, Refusal> {
        let body = json!({ "query": query });
        Criteria::read(&Fields::of(Some(&body))?, "query").map(Option::unwrap_or_default)
    }

    fn holds(query: Value, record: &Value) -> bool {
        read(&query).unwrap_or_else(|refusal| panic!("{query}: {refusal:?}")).hold_for(record)
    }

    fn merged(mut one: Value, other: Value) -> Value {
        one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        one
    }

    fn record() -> Value {
        json!({
            "name": "İstanbul Straße-Team 7", "description": "", "memberCount": 12, "version": 3.5,
            "rulesVisible": true, "email": null, "dateModified": "2026-01-31T12:00:00.250Z",
            "owners": [{ "id": "A-1" }, { "id": "B-2" }], "tags": [["x", "y"], []], "phone": "+15553000001",
            "chat": { "jabberId": "room@example.com" }, "title": "सहायता दल", "sigma": "ΟΔΟΣ",
        })
    }

    #[test]
    fn every_test_means_what_the_page_says() {
        for (kind, field, wanted, expected) in [
            ("EXACT", "name", "i\u{307}STANBUL straße-team 7", true),
            ("EXACT", "name", "istanbul straße-team 7", false),
            ("EXACT", "name", "İstanbul STRASSE-Team 7", false),
            ("EXACT", "sigma", "οδοσ", true),
            ("EXACT", "sigma", "οδος", false),
            ("EXACT", "memberCount", "12", true),
            ("EXACT", "version", "3.5", true),
            ("EXACT", "rulesVisible", "TRUE", true),
            ("EXACT", "email", "null", false),
            ("EXACT", "owners", "A-1", false),
            ("EXACT", "owners.id", "b-2", true),
            ("EXACT", "owners.id.x", "b-2", false),
            ("EXACT", "owners.0.id", "b-2", false),
            ("EXACT", "tags", "y", true),
            ("EXACT", "chat.jabberId", "room@example.com", true),
            ("EXACT", "missing", "x", false),
            ("STARTS_WITH", "name", "İST", true),
            ("STARTS_WITH", "name", "stan", false),
            ("STARTS_WITH", "memberCount", "1", true),
            ("CONTAINS", "name", "SSE", false),
            ("CONTAINS", "name", "ße-t", true),
            ("CONTAINS", "name", "\u{307}s", true),
            ("TERM", "name", "team", true),
            ("TERM", "name", "tea", false),
            ("TERM", "name", "istanbul", false),
            ("TERM", "name", "i\u{307}stanbul", true),
            ("TERM", "name", "straße-team", false),
            ("TERM", "name", "İstanbul straße-team 7", true),
            ("TERMS", "name", "7", true),
            ("TERM", "title", "दल", true),
            ("TERM", "chat.jabberId", "example", true),
            ("REGEX", "name", "İ.*7", true),
            ("REGEX", "name", ".*TEAM.*", true),
            ("REGEX", "name", "team", false),
            ("REGEX", "owners.id", "a|b-2", true),
            ("REGEX", "owners.id", "a|b", false),
            ("REGEX", "memberCount", r"\d{2}", true),
        ] {
            let query = json!([{ "type": kind, "fields": [field], "value": wanted }]);
            assert_eq!(holds(query, &record()), expected, "{kind} {field} {wanted}");
            let query = json!([{ "type": kind, "fields": ["missing", field], "values": ["@@", wanted] }]);
            assert_eq!(holds(query, &record()), expected, "{kind} {field} {wanted} among others");
        }
    }

    #[test]
    fn required_fields_are_all_there_and_not_empty() {
        for (fields, expected) in [
            (json!(["name"]), true),
            (json!(["name", "memberCount", "rulesVisible", "owners.id", "tags"]), true),
            (json!(["name", "description"]), false),
            (json!(["email"]), false),
            (json!(["owners"]), false),
            (json!(["chat"]), false),
        ] {
            let query = json!([{ "type": "REQUIRED_FIELDS", "fields": fields }]);
            assert_eq!(holds(query, &record()), expected, "{fields}");
        }
    }

    #[test]
    fn ranges_compare_numbers_dates_and_texts() {
        for (field, from, to, format, expected) in [
            ("memberCount", "9", "100", None, true),
            ("memberCount", "12", "12.0", None, true),
            ("memberCount", "1.3e1", "", None, false),
            ("memberCount", "-1", "", None, true),
            ("memberCount", "", "9", None, false),
            // One bound is a number and the other is not.
            ("memberCount", "2", "2x", None, true),
            ("version", "3.5", "3.5", None, true),
            ("phone", "+1", "+2", None, true),
            ("dateModified", "2026-01-31", "2026-02-01", None, true),
            ("dateModified", "2026-01-31T12:00:00.250Z", "2026-01-31T14:00:00.25+02:00", None, true),
            ("dateModified", "2026-01-31T12:00:00.251", "", None, false),
            ("name", "i\u{307}sta", "j", None, true),
            ("name", "J", "", None, false),
            ("name", "", "i", None, false),
            ("rulesVisible", "TRUE", "true", None, true),
            ("missing", "a", "", None, false),
            ("owners.id", "B", "B-3", None, true),
            ("dateModified", "31.01.2026", "", Some("dd.MM.yyyy"), true),
            ("dateModified", "", "2026", Some("yyyy"), false),
            ("name", "1900", "", Some("yyyy"), false),
            ("memberCount", "0001", "9999", Some("yyyy"), false),
        ] {
            let mut criterion = json!({ "type": "EXACT", "fields": [field] });
            for (name, value) in [("startValue", from), ("endValue", to)] {
                if !value.is_empty() {
                    criterion[name] = json!(value);
                }
            }
            criterion["dateFormat"] = json!(format);
            assert_eq!(holds(json!([criterion]), &record()), expected, "{field} {from} {to} {format:?}");
        }
        let wanted_wins =
            json!([{ "type": "EXACT", "fields": ["memberCount"], "value": "13", "startValue": "1" }]);
        assert!(!holds(wanted_wins, &record()));
    }

    #[test]
    fn lists_combine_and_or_and_not() {
        let test = |operator: Option<&str>, truth: bool| {
            let value = if truth { "12" } else { "13" };
            json!({ "type": "EXACT", "fields": ["memberCount"], "value": value, "operator": operator })
        };
        let (and, or, not) = (Some("AND"), Some("OR"), Some("NOT"));
        for (list, expected) in [
            (vec![], true),
            (vec![test(None, true)], true),
            (vec![test(None, false)], false),
            (vec![test(and, true), test(None, false)], false),
            (vec![test(not, false)], true),
            (vec![test(not, true)], false),
            (vec![test(or, false)], false),
            (vec![test(or, false), test(or, true)], true),
            (vec![test(and, true), test(or, false)], false),
            (vec![test(and, false), test(or, true)], false),
            (vec![test(and, true), test(or, true), test(not, false)], true),
            (vec![test(or, true), test(not, true)], false),
        ] {
            assert_eq!(holds(json!(list), &record()), expected, "{list:?}");
            // A group holds as the list in it does, and its own test besides.
            let mut group = json!({ "group": list });
            assert_eq!(holds(json!([group]), &record()), expected, "{list:?}");
            group["type"] = json!("MATCH_ALL");
            assert_eq!(holds(json!([group]), &record()), expected, "{list:?}");
            let mut tested = test(None, false);
            tested["group"] = json!(list);
            assert!(!holds(json!([tested]), &record()));
            tested["operator"] = json!("NOT");
            assert!(holds(json!([tested]), &record()));
        }
        assert!(holds(Value::Null, &record()), "no list at all");
        assert!(holds(json!([{ "type": "MATCH_ALL" }]), &json!({})));
    }

    #[test]
    fn what_makes_no_sense_is_an_error_with_a_path() {
        let valid = json!({ "type": "EXACT", "fields": ["name"], "value": "x" });
        let with = |name: &str, value: Value| {
            let mut criterion = valid.clone();
            criterion[name] = value;
            criterion
        };
        let range = |format: Value, from: &str| {
            let criterion = json!({ "type": "EXACT", "fields": ["a"] });
            let bounds = json!({ "startValue": from, "dateFormat": format });
            merged(criterion, bounds)
        };
        for (criterion, path) in [
            (json!({}), "type"),
            (with("type", json!("RANGE")), "type"),
            (with("type", json!("exact")), "type"),
            (with("type", json!(1)), "type"),
            (with("type", Value::Null), "type"),
            (with("operator", json!("XOR")), "operator"),
            (with("operator", json!("")), "operator"),
            (with("fields", json!([])), "fields"),
            (with("fields", Value::Null), "fields"),
            (with("fields", json!("name")), "fields"),
            (with("fields", json!(["name", ""])), "fields"),
            (with("fields", json!([1])), "fields"),
            (with("value", Value::Null), "value"),
            (with("value", json!("")), "value"),
            (with("value", json!(7)), "value"),
            (with("values", json!(["a", ""])), "values"),
            (with("values", json!("a")), "values"),
            (with("group", json!({})), "group"),
            (with("group", json!([1])), "group[0]"),
            (json!({ "type": "CONTAINS", "fields": ["a"], "startValue": "x" }), "value"),
            (json!({ "type": "REQUIRED_FIELDS" }), "fields"),
            (json!({ "type": "REGEX", "fields": ["a"], "value": "(" }), "value"),
            (json!({ "type": "REGEX", "fields": ["a"], "value": "a)|(b" }), "value"),
            (json!({ "type": "REGEX", "fields": ["a"], "value": "(?=a)" }), "value"),
            (json!({ "type": "REGEX", "fields": ["a"], "value": "((a{1000}){1000}){1000}" }), "value"),
            (range(Value::Null, ""), "startValue"),
            (range(json!("MM"), "01"), "dateFormat"),
            (range(json!(""), "01"), "dateFormat"),
            (range(json!("yyyy"), "26"), "startValue"),
            (range(json!("yyyy-MM-dd"), "2026-02-30"), "startValue"),
        ] {
            for (query, at) in [
                (json!([valid, criterion]), "query[1]."),
                (json!([{ "group": [{ "group": [criterion] }] }]), "query[0].group[0].group[0]."),
            ] {
                let refusal = read(&query).map(drop).unwrap_err();
                assert_eq!(refusal.status(), StatusCode::BAD_REQUEST, "{query}");
                assert_eq!(
                    refusal.into_body("")["details"][0]["fieldName"],
                    format!("{at}{path}"),
                    "{query}"
                );
            }
        }
    }

    #[test]
    fn numbers_are_decimal() {
        for text in ["0", "-12", "3.5", "1e3", "1E+3", "2.5e-1", "007"] {
            assert!(number(text).is_some(), "{text}");
        }
        for text in
            ["", "-", "+1", ".5", "5.", "1e", "0x10", "1_000", "inf", "NaN", " 1", "1 ", "--1", "1e3.5", "١"]
        {
            assert!(number(text).is_none(), "{text}");
        }
    }
}
