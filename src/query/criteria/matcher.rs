use std::cmp::Ordering;

use super::date::{Instant, by_pattern};
use super::{Criteria, Test};
use crate::http::{Error, cut, decimal, fill, find};
use crate::json::Json;

/// Tells whether a text is what a regular expression says.
pub type Program = Box<dyn Fn(&str) -> bool>;

/// What is known of texts and their characters, handed in: every browser knows it, and its tables and regular
/// expressions weigh more than all else here.
pub trait Texts {
    /// Gives what tells whether a regular expression matches a whole text, without regard to case.
    ///
    /// # Errors
    /// Why it is not a regular expression.
    fn compile(&self, pattern: &str) -> Result<Program, String>;

    /// Each character by its own lower case, whatever stands beside it.
    fn fold(&self, text: &str) -> String {
        text.chars().flat_map(char::to_lowercase).collect()
    }

    /// The number that a text is, such as `-12`, `3.5` and `1e3`.
    fn number(&self, text: &str) -> Option<f64> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits(whole) && digits(fraction) && digits(exponent) { text.parse().ok() } else { None }
    }

    /// Whether one of the words of a text, folded, is this one. Words are found before they are folded.
    fn has_word(&self, text: &str, folded: &str) -> bool {
        text.split(|character: char| !character.is_alphanumeric()).any(|word| self.fold(word) == folded)
    }
}

/// Criteria made ready to be asked for many records.
pub struct Matcher<'a> {
    node: Node,
    texts: &'a dyn Texts,
}

/// Criteria whose texts are folded, whose expressions are compiled and whose dates are read.
pub enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Required(Vec<String>),
    Test(Vec<String>, Probe),
}

/// What a value has to pass.
pub enum Probe {
    Texts(Way, Vec<String>),
    Programs(Vec<Program>),
    /// Bounds, and whether they are dates of a format, for which nothing passes but dates.
    Bounds(Vec<Bound>, bool),
}

/// How a text is compared with the wanted ones.
#[derive(Clone, Copy)]
pub enum Way {
    Whole,
    Start,
    Part,
    Word,
}

/// A bound of a range, and how a value has to lie to it.
pub struct Bound {
    pub text: String,
    folded: String,
    pub number: Option<f64>,
    pub instant: Option<Instant>,
    pub wrong: Ordering,
}

impl<'a> Matcher<'a> {
    /// Makes criteria ready.
    ///
    /// # Errors
    /// A `ConfigError` whose message begins with the path of the regular expression or date that cannot be read, as that
    /// of [`Criteria::parse`] does.
    pub fn new(criteria: &Criteria, texts: &'a dyn Texts) -> Result<Self, Error> {
        Ok(Self { node: node(criteria, texts)?, texts })
    }

    /// Whether they hold for a record.
    pub fn matches(&self, record: &Json) -> bool {
        holds(&self.node, record, self.texts)
    }
}

/// Makes criteria ready: see [`Matcher::new`].
pub fn node(criteria: &Criteria, texts: &dyn Texts) -> Result<Node, Error> {
    Ok(match criteria {
        Criteria::All => Node::All,
        Criteria::And(list) => Node::And(nodes(list, "and", texts)?),
        Criteria::Or(list) => Node::Or(nodes(list, "or", texts)?),
        Criteria::Not(inner) => {
            Node::Not(Box::new(node(inner, texts).map_err(|error| under(".not", error))?))
        }
        Criteria::Test { fields, test: Test::Required } => Node::Required(fields.clone()),
        Criteria::Test { fields, test } => Node::Test(fields.clone(), probe(test, texts)?),
    })
}

fn nodes(list: &[Criteria], name: &str, texts: &dyn Texts) -> Result<Vec<Node>, Error> {
    let mut nodes = Vec::new();
    for (at, criteria) in list.iter().enumerate() {
        match node(criteria, texts) {
            Ok(node) => nodes.push(node),
            Err(error) => return Err(under(&fill(".{}[{}]", &[name, &decimal(at as u64)]), error)),
        }
    }
    Ok(nodes)
}

/// An error whose message begins with a path, one step further out.
fn under(step: &str, mut error: Error) -> Error {
    error.message = fill("{}{}", &[step, &error.message]);
    error
}

#[inline(never)]
fn probe(test: &Test, texts: &dyn Texts) -> Result<Probe, Error> {
    let (way, wanted) = match test {
        Test::Exact(wanted) => (Way::Whole, wanted),
        Test::StartsWith(wanted) => (Way::Start, wanted),
        Test::Contains(wanted) => (Way::Part, wanted),
        Test::Term(wanted) => (Way::Word, wanted),
        Test::Regex(wanted) => return programs(wanted, texts),
        Test::Range { from, to, format } => return bounds([from, to], format.as_deref(), texts),
        // Has a node of its own: it asks for all fields, not for any.
        Test::Required => return Ok(Probe::Programs(Vec::new())),
    };
    let mut folded = Vec::new();
    for text in wanted {
        folded.push(fold(text, texts));
    }
    Ok(Probe::Texts(way, folded))
}

fn programs(wanted: &[String], texts: &dyn Texts) -> Result<Probe, Error> {
    let mut programs = Vec::new();
    for pattern in wanted {
        match texts.compile(pattern) {
            Ok(program) => programs.push(program),
            Err(why) => return Err(Error::config(".regex: `{}`: {}", &[pattern, &why])),
        }
    }
    Ok(Probe::Programs(programs))
}

fn bounds(given: [&Option<String>; 2], format: Option<&str>, texts: &dyn Texts) -> Result<Probe, Error> {
    let mut bounds = Vec::new();
    for (text, wrong) in given.into_iter().zip([Ordering::Less, Ordering::Greater]) {
        let Some(text) = text else { continue };
        let instant = match format {
            None => Instant::parse(text),
            Some(format) => by_pattern(format, text),
        };
        if let (Some(format), None) = (format, instant) {
            return Err(Error::config(".range: `{}` is not a date of the format `{}`", &[text, format]));
        }
        let (folded, number) = (texts.fold(text), texts.number(text));
        bounds.push(Bound { text: text.clone(), folded, number, instant, wrong });
    }
    Ok(Probe::Bounds(bounds, format.is_some()))
}

fn holds(node: &Node, record: &Json, texts: &dyn Texts) -> bool {
    match node {
        Node::All => true,
        Node::And(nodes) => nodes.iter().all(|node| holds(node, record, texts)),
        Node::Or(nodes) => nodes.iter().any(|node| holds(node, record, texts)),
        Node::Not(node) => !holds(node, record, texts),
        Node::Required(fields) => {
            fields.iter().all(|field| any_value(record, Some(field), &|value| !value.is_empty()))
        }
        Node::Test(fields, probe) => {
            fields.iter().any(|field| any_value(record, Some(field), &|value| passes(probe, value, texts)))
        }
    }
}

/// Whether a value under a path passes. Lists stand for each of their items.
fn any_value(value: &Json, path: Option<&str>, test: &dyn Fn(&str) -> bool) -> bool {
    match (value, path) {
        (Json::List(items), _) => items.iter().any(|item| any_value(item, path, test)),
        (Json::Object(_), Some(path)) => {
            let (name, rest) = cut(path, b'.').map_or((path, None), |(name, rest)| (name, Some(rest)));
            value.get(name).is_some_and(|member| any_value(member, rest, test))
        }
        (Json::Text(text) | Json::Number(text), None) => test(text),
        (Json::Boolean(value), None) => test(if *value { "true" } else { "false" }),
        _ => false,
    }
}

/// Whether a value passes.
pub fn passes(probe: &Probe, value: &str, texts: &dyn Texts) -> bool {
    match probe {
        Probe::Texts(way, wanted) => {
            let folded = fold(value, texts);
            wanted.iter().any(|wanted| match way {
                Way::Whole => folded == *wanted,
                Way::Start => folded.as_bytes().starts_with(wanted.as_bytes()),
                Way::Part => find(&folded, wanted).is_some(),
                Way::Word => folded == *wanted || texts.has_word(value, wanted),
            })
        }
        Probe::Programs(programs) => programs.iter().any(|program| program(value)),
        Probe::Bounds(bounds, false) => bounds.iter().all(|bound| order(value, bound, texts) != bound.wrong),
        Probe::Bounds(bounds, true) => {
            let value = Instant::parse(value);
            value.is_some() && bounds.iter().all(|bound| value.cmp(&bound.instant) != bound.wrong)
        }
    }
}

/// How a value lies to a bound: as numbers, as dates, or else as texts.
fn order(value: &str, bound: &Bound, texts: &dyn Texts) -> Ordering {
    if let Some(number) = bound.number
        && let Some(value) = texts.number(value)
    {
        return value.partial_cmp(&number).unwrap_or(Ordering::Equal);
    }
    match (bound.instant, Instant::parse(value)) {
        (Some(instant), Some(value)) => value.cmp(&instant),
        _ => fold(value, texts).cmp(&bound.folded),
    }
}

/// Folds a text. Most are ASCII, and need not be handed on.
fn fold(value: &str, texts: &dyn Texts) -> String {
    if value.is_ascii() { value.to_ascii_lowercase() } else { texts.fold(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows no expression but the dot with a star.
    struct Dots;

    impl Texts for Dots {
        fn compile(&self, pattern: &str) -> Result<Program, String> {
            let prefix = pattern.strip_suffix(".*").ok_or("no dots")?.to_owned();
            Ok(Box::new(move |text| text.starts_with(&prefix)))
        }
    }

    fn matcher(criteria: &str) -> Result<Matcher<'static>, Error> {
        Matcher::new(&Criteria::parse(&Json::parse(criteria).unwrap()).unwrap(), &Dots)
    }

    fn matches(criteria: &str) -> bool {
        let record = r#"{
            "name": "Café Ångström 7", "empty": "", "none": null, "count": 12, "on": false,
            "made": "2026-03-01T12:00:00.5Z", "owners": [{"id": "a-1"}, {"id": "B-2", "tags": ["x", "y"]}],
            "big": 12345678901234567890
        }"#;
        matcher(criteria).unwrap().matches(&Json::parse(record).unwrap())
    }

    #[test]
    fn tests_mean_what_is_written() {
        for (criteria, expected) in [
            (r#"{"exact":"CAFÉ ångström 7","fields":"name"}"#, true),
            (r#"{"exact":"café","fields":"name"}"#, false),
            (r#"{"exact":["no","12"],"fields":["name","count"]}"#, true),
            (r#"{"exact":false,"fields":"on"}"#, true),
            (r#"{"exact":"b-2","fields":"owners.id"}"#, true),
            (r#"{"exact":"y","fields":"owners.tags"}"#, true),
            (r#"{"exact":"y","fields":"owners"}"#, false),
            (r#"{"exact":"x","fields":"name.deeper"}"#, false),
            (r#"{"startsWith":"caf","fields":"name"}"#, true),
            (r#"{"startsWith":"ång","fields":"name"}"#, false),
            (r#"{"contains":"ÅNG","fields":"name"}"#, true),
            (r#"{"contains":"x","fields":"none"}"#, false),
            (r#"{"term":"7","fields":"name"}"#, true),
            (r#"{"term":"ångström","fields":"name"}"#, true),
            (r#"{"term":"ångs","fields":"name"}"#, false),
            (r#"{"term":"a-1","fields":"owners.id"}"#, true),
            (r#"{"term":"1","fields":"owners.id"}"#, true),
            (r#"{"regex":"Café.*","fields":"name"}"#, true),
            (r#"{"regex":"afé.*","fields":"name"}"#, false),
            (r#"{"required":["name","count","on"]}"#, true),
            (r#"{"required":["name","empty"]}"#, false),
            (r#"{"required":"none"}"#, false),
            (r#"{"required":"missing"}"#, false),
            (r#"{"required":"owners.tags"}"#, true),
            (r#"{"range":{"from":12,"to":12},"fields":"count"}"#, true),
            (r#"{"range":{"from":9,"to":100},"fields":"count"}"#, true),
            (r#"{"range":{"from":12.5},"fields":"count"}"#, false),
            (r#"{"range":{"to":"12345678901234567890"},"fields":"big"}"#, true),
            (r#"{"range":{"from":"2026-03-01"},"fields":"made"}"#, true),
            (r#"{"range":{"to":"2026-03-01"},"fields":"made"}"#, false),
            (r#"{"range":{"from":"2026-03-01T13:00+01:00"},"fields":"made"}"#, true),
            (r#"{"range":{"from":"2026-03-01T12:00:01Z"},"fields":"made"}"#, false),
            (r#"{"range":{"from":"b","to":"D"},"fields":"name"}"#, true),
            (
                r#"{"range":{"from":"01.03.2026","to":"02.03.2026","format":"dd.MM.yyyy"},"fields":"made"}"#,
                true,
            ),
            (r#"{"range":{"from":"02.03.2026","format":"dd.MM.yyyy"},"fields":"made"}"#, false),
            (r#"{"range":{"from":"01.03.2026","format":"dd.MM.yyyy"},"fields":"name"}"#, false),
        ] {
            assert_eq!(matches(criteria), expected, "{criteria}");
        }
    }

    #[test]
    fn combinations_mean_what_logic_says() {
        let (yes, no) = (r#"{"all":true}"#, r#"{"not":{"all":true}}"#);
        for (criteria, expected) in [
            (format!(r#"{{"and":[{yes},{yes}]}}"#), true),
            (format!(r#"{{"and":[{yes},{no}]}}"#), false),
            (format!(r#"{{"or":[{no},{yes}]}}"#), true),
            (format!(r#"{{"or":[{no},{no}]}}"#), false),
            (r#"{"and":[]}"#.to_owned(), true),
            (r#"{"or":[]}"#.to_owned(), false),
            (format!(r#"{{"not":{no}}}"#), true),
        ] {
            assert_eq!(matches(&criteria), expected, "{criteria}");
        }
    }

    #[test]
    fn numbers_are_those_that_are_written_so() {
        for (text, number) in [("-12", -12.0), ("3.5", 3.5), ("1e3", 1000.0), ("1E-3", 0.001), ("007", 7.0)] {
            assert_eq!(Dots.number(text), Some(number), "{text}");
        }
        for text in
            ["", "-", "+1", ".5", "5.", "1e", "1e+", "0x1", "1_000", "NaN", "inf", " 1", "1 ", "--1", "1e1.5"]
        {
            assert_eq!(Dots.number(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_found_before_they_are_folded() {
        // In lower case it is an i and a dot that is no letter.
        assert!(Dots.has_word("İstanbul 1", &Dots.fold("İSTANBUL")));
        assert!(!Dots.has_word("İstanbul 1", "stanbul"));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_no_test_that_fails() {
        for (criteria, word) in [
            (r#"{"regex":"(","fields":"name"}"#, ".regex: `(`: no dots"),
            (
                r#"{"or":[{"all":true},{"not":{"and":[{"regex":"(","fields":"name"}]}}]}"#,
                ".or[1].not.and[0].regex: `(`",
            ),
            (r#"{"range":{"from":"x","format":"yyyy"},"fields":"made"}"#, ".range: `x` is not a date"),
            (r#"{"range":{"from":"2026","format":"EEE"},"fields":"made"}"#, ".range: `2026` is not a date"),
        ] {
            let error = matcher(criteria).err().unwrap();
            assert!(error.message.starts_with(word), "{criteria}: {error}");
        }
    }
}
