//! Search criteria: one tree, which a vendor's folder turns into the vendor's own, and which is evaluated here with
//! the same meaning. `docs/criteria.md` says what that is.

mod date;
mod matcher;

use super::wrong_type;
use crate::http::{Error, decimal, fill, join_parts};
use crate::json::Json;

pub(crate) use date::Instant;
pub(crate) use matcher::{Bound, Node, Probe, Way, node, passes};
pub use matcher::{Matcher, Program, Texts};

/// Which records are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criteria {
    /// All.
    All,
    /// Those for which all of these hold.
    And(Vec<Self>),
    /// Those for which one of these holds.
    Or(Vec<Self>),
    /// Those for which this does not hold.
    Not(Box<Self>),
    /// Those with fields that pass a test.
    Test {
        /// The fields, one of which must pass; for [`Test::Required`] all of them. Dots lead into objects.
        fields: Vec<String>,
        /// The test.
        test: Test,
    },
}

/// A test of a field. Of several wanted texts any one will do; none is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is one of these.
    Exact(Vec<String>),
    /// It starts with one of these.
    StartsWith(Vec<String>),
    /// It contains one of these.
    Contains(Vec<String>),
    /// It is, or has among its words, one of these.
    Term(Vec<String>),
    /// One of these regular expressions matches all of it.
    Regex(Vec<String>),
    /// It is filled in.
    Required,
    /// It lies between two values, both included.
    Range {
        /// The least.
        from: Option<String>,
        /// The greatest.
        to: Option<String>,
        /// How both are written, a Java date pattern.
        format: Option<String>,
    },
}

/// Levels that a tree may have. Each takes four levels of JSON on some vendor's wire.
const MAX_DEPTH: u32 = 120;

impl Criteria {
    /// Reads criteria from the object that JavaScript callers write.
    ///
    /// # Errors
    /// A `ConfigError` whose message begins with the path of the part that is wrong, such as `.and[2].exact`.
    pub fn parse(value: &Json) -> Result<Self, Error> {
        parse(value, "", MAX_DEPTH)
    }
}

fn parse(value: &Json, path: &str, depth: u32) -> Result<Criteria, Error> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Error::config(": the criteria are nested more than 120 levels deep", &[]));
    };
    if !matches!(value, Json::Object(_)) {
        return Err(wrong_type(path, "criteria, which are an object", value));
    }
    let mut found: Option<(&str, Word, &Json)> = None;
    for (name, value) in value.members() {
        if name == "fields" {
            continue;
        }
        let Some((_, word)) = WORDS.iter().find(|(known, _)| known == name) else {
            let known = join_parts(WORDS.iter().map(|(known, _)| *known), "`, `");
            return Err(Error::config(
                "{}: there are no criteria named `{}`; there is `{}`",
                &[path, name, &known],
            ));
        };
        if let Some((before, ..)) = found {
            return Err(Error::config(
                "{}: `{}` and `{}` in one; combine them with `and`",
                &[path, before, name],
            ));
        }
        found = Some((name, *word, value));
    }
    let Some((name, word, given)) = found else {
        return Err(Error::config("{}: the criteria are empty; for everything write { all: true }", &[path]));
    };
    let path_of_fields = fill("{}.fields", &[path]);
    let path = fill("{}.{}", &[path, name]);
    let fields = value.get("fields");
    if fields.is_some() && matches!(word, Word::And | Word::Or | Word::Not | Word::All | Word::Required) {
        return Err(Error::config("{}: `{}` takes no fields", &[&path_of_fields, name]));
    }
    let test = match word {
        Word::And => return Ok(Criteria::And(list(given, &path, depth)?)),
        Word::Or => return Ok(Criteria::Or(list(given, &path, depth)?)),
        Word::Not => return Ok(Criteria::Not(Box::new(parse(given, &path, depth)?))),
        Word::All if given.as_bool() == Some(true) => return Ok(Criteria::All),
        Word::All => return Err(wrong_type(&path, "true", given)),
        Word::Required => {
            return Ok(Criteria::Test { fields: names(given, &path)?, test: Test::Required });
        }
        Word::Range => range(given, &path)?,
        Word::Wanted(test) => test(wanted(given, &path)?),
    };
    Ok(Criteria::Test { fields: names(fields.unwrap_or(&Json::Null), &path_of_fields)?, test })
}

/// What a member of an object of criteria is.
#[derive(Clone, Copy)]
enum Word {
    And,
    Or,
    Not,
    All,
    Required,
    Range,
    Wanted(fn(Vec<String>) -> Test),
}

const WORDS: [(&str, Word); 11] = [
    ("and", Word::And),
    ("or", Word::Or),
    ("not", Word::Not),
    ("all", Word::All),
    ("exact", Word::Wanted(Test::Exact)),
    ("startsWith", Word::Wanted(Test::StartsWith)),
    ("contains", Word::Wanted(Test::Contains)),
    ("term", Word::Wanted(Test::Term)),
    ("regex", Word::Wanted(Test::Regex)),
    ("required", Word::Required),
    ("range", Word::Range),
];

fn list(value: &Json, path: &str, depth: u32) -> Result<Vec<Criteria>, Error> {
    let items = value.as_list().ok_or_else(|| wrong_type(path, "a list of criteria", value))?;
    let mut criteria = Vec::new();
    for (at, item) in items.iter().enumerate() {
        criteria.push(parse(item, &fill("{}[{}]", &[path, &decimal(at as u64)]), depth)?);
    }
    Ok(criteria)
}

/// One or several, each read by `read`.
fn several(
    value: &Json,
    path: &str,
    expected: &str,
    read: fn(&Json) -> Option<String>,
) -> Result<Vec<String>, Error> {
    let one = std::slice::from_ref(value);
    let items = value.as_list().unwrap_or(one);
    if items.is_empty() {
        return Err(Error::config("{}: the list is empty", &[path]));
    }
    let mut texts = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match read(item).filter(|text| !text.is_empty()) {
            Some(text) => texts.push(text),
            None if value.as_list().is_none() => return Err(wrong_type(path, expected, item)),
            None => return Err(wrong_type(&fill("{}[{}]", &[path, &decimal(at as u64)]), expected, item)),
        }
    }
    Ok(texts)
}

fn names(value: &Json, path: &str) -> Result<Vec<String>, Error> {
    several(value, path, "the name of a field, or several", |item| item.as_str().map(str::to_owned))
}

fn wanted(value: &Json, path: &str) -> Result<Vec<String>, Error> {
    several(value, path, "a value that is not empty, or several", Json::to_parameter)
}

fn range(value: &Json, path: &str) -> Result<Test, Error> {
    if !matches!(value, Json::Object(_)) {
        return Err(wrong_type(path, "an object with `from` or `to`", value));
    }
    let mut bounds = [None, None, None];
    let [from, to, format] = &mut bounds;
    for (name, value) in value.members() {
        let path = fill("{}.{}", &[path, name]);
        let bound = match name.as_str() {
            "from" => &mut *from,
            "to" => &mut *to,
            "format" => &mut *format,
            _ => return Err(Error::config("{}: a range has `from`, `to` and `format`", &[&path])),
        };
        let text = value.to_parameter().filter(|text| !text.is_empty());
        *bound = Some(text.ok_or_else(|| wrong_type(&path, "a value that is not empty", value))?);
    }
    let [from, to, format] = bounds;
    if from.is_none() && to.is_none() {
        return Err(Error::config("{}: expected `from`, `to` or both", &[path]));
    }
    Ok(Test::Range { from, to, format })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Criteria, Error> {
        Criteria::parse(&Json::parse(text).unwrap())
    }

    fn test(field: &str, test: Test) -> Criteria {
        Criteria::Test { fields: vec![field.to_owned()], test }
    }

    #[test]
    fn every_kind_is_read() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        for (text, criteria) in [
            (r#"{"all":true}"#, Criteria::All),
            (r#"{"and":[]}"#, Criteria::And(vec![])),
            (
                r#"{"or":[{"all":true},{"not":{"all":true}}]}"#,
                Criteria::Or(vec![Criteria::All, Criteria::Not(Box::new(Criteria::All))]),
            ),
            (r#"{"exact":"x","fields":"name"}"#, test("name", Test::Exact(texts(&["x"])))),
            (r#"{"fields":["name"],"exact":["x","y"]}"#, test("name", Test::Exact(texts(&["x", "y"])))),
            (r#"{"startsWith":"x","fields":"name"}"#, test("name", Test::StartsWith(texts(&["x"])))),
            (r#"{"contains":0,"fields":"name"}"#, test("name", Test::Contains(texts(&["0"])))),
            (r#"{"term":false,"fields":"name"}"#, test("name", Test::Term(texts(&["false"])))),
            (r#"{"regex":"a.*","fields":"name"}"#, test("name", Test::Regex(texts(&["a.*"])))),
            (r#"{"required":"name"}"#, test("name", Test::Required)),
            (
                r#"{"range":{"from":1,"to":"2"},"fields":"version"}"#,
                test("version", Test::Range { from: Some("1".into()), to: Some("2".into()), format: None }),
            ),
        ] {
            assert_eq!(read(text).unwrap(), criteria, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        for (text, message) in [
            ("null", ": expected criteria, which are an object, found null"),
            ("{}", ": the criteria are empty"),
            (r#"{"fields":"name"}"#, ": the criteria are empty"),
            (r#"{"exakt":"x"}"#, ": there are no criteria named `exakt`"),
            (r#"{"exact":"x"}"#, ".fields: expected the name of a field, or several, found null"),
            (r#"{"exact":"x","fields":[]}"#, ".fields: the list is empty"),
            (r#"{"exact":"x","fields":["a",5]}"#, ".fields[1]: expected the name of a field"),
            (
                r#"{"exact":"","fields":"name"}"#,
                ".exact: expected a value that is not empty, or several, found an empty",
            ),
            (r#"{"exact":null,"fields":"name"}"#, ".exact: expected a value"),
            (r#"{"exact":["x",null],"fields":"name"}"#, ".exact[1]: expected a value"),
            (r#"{"exact":"x","contains":"y","fields":"name"}"#, ": `exact` and `contains` in one"),
            (r#"{"and":{"all":true}}"#, ".and: expected a list of criteria, found an object"),
            (
                r#"{"and":[{"all":true},{"not":{"or":[{"term":{}}]}}]}"#,
                ".and[1].not.or[0].term: expected a value",
            ),
            (r#"{"all":false}"#, ".all: expected true"),
            (r#"{"all":true,"fields":"name"}"#, ".fields: `all` takes no fields"),
            (r#"{"range":"x","fields":"name"}"#, ".range: expected an object"),
            (r#"{"range":{},"fields":"name"}"#, ".range: expected `from`, `to` or both"),
            (r#"{"range":{"format":"yyyy"},"fields":"name"}"#, ".range: expected `from`, `to` or both"),
            (r#"{"range":{"from":""},"fields":"name"}"#, ".range.from: expected a value"),
            (r#"{"range":{"form":1},"fields":"name"}"#, ".range.form: a range has"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.starts_with(message), "{text}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded_and_overflows_nothing() {
        let deep = |levels: usize| {
            ["{\"not\":".repeat(levels), "{\"all\":true}".to_owned(), "}".repeat(levels)].concat()
        };
        assert!(read(&deep(100)).is_ok());
        assert!(read(&deep(119)).is_ok());
        assert!(read(&deep(120)).unwrap_err().message.contains("120 levels"));
    }
}
