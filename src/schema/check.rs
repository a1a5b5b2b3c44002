//! One walker over JSON text and schema, for all models. It builds nothing: the text is checked where it lies, and
//! JavaScript's own `JSON.parse` makes the record, so a vendor's record reaches the caller whole.

use super::{Enum, Field, Fields, IntegerRule, Kind, Shape, TextRule, Values};
use crate::http::{Parts, cut, decimal, fill, has_any, is_all, join_parts, parts, start_of, whole};
use crate::json::{Halt, Json, Malformed, Reader, Token};

/// How strictly to check.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'a> {
    /// The text is one that Orgdeck sends: unknown fields, unknown values of sets and texts that break their
    /// [`TextRule`] are refused. In answers they pass.
    pub strict: bool,
    /// Only these fields of the outermost record were asked for, so no other one is missed.
    pub selected: Option<&'a [String]>,
}

/// What a list's answer says besides its items.
#[derive(Debug, Default, PartialEq)]
pub struct Facts {
    /// How many items there are.
    pub items: usize,
    /// The members of the envelope that were asked for.
    pub members: Vec<(&'static str, Json)>,
}

impl Facts {
    /// A member of the envelope, if it was there; of two with one name the last, as in JavaScript.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members.iter().rev().find_map(|(known, value)| (*known == name).then_some(value))
    }
}

/// Why a text is not what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is not JSON.
    Syntax(Malformed),
    /// A part of it is of another shape.
    Shape {
        /// The part, such as `data[3].email`; empty for the whole.
        path: String,
        /// What is wrong with it, such as "expected a string, found null".
        message: String,
    },
}

impl Mismatch {
    /// What is wrong, for a person.
    pub fn message(&self) -> String {
        match self {
            Self::Syntax(malformed) => {
                let what = if malformed.truncated { "the JSON ends too soon" } else { "it is not JSON" };
                fill("{} (byte {})", &[what, &decimal(malformed.at as u64)])
            }
            Self::Shape { path, message } => {
                fill("{}{}{}", &[path, if path.is_empty() { "" } else { ": " }, message])
            }
        }
    }
}

/// Checks a whole text against a shape.
///
/// # Errors
/// The first mismatch.
pub fn check(text: &str, shape: &Shape, rules: Rules<'_>) -> Result<(), Mismatch> {
    let mut walk = Walk::new(text, rules);
    let result = walk.value(shape, true).and_then(|()| walk.reader.end());
    result.map_err(|Halt| walk.mismatch())
}

/// Checks a list's envelope: an object with an array of records under `items`, and perhaps `members` of their shapes.
///
/// # Errors
/// The first mismatch.
pub fn check_list(
    text: &str,
    items: &'static str,
    item: &Shape,
    members: &[(&'static str, Shape)],
    rules: Rules<'_>,
) -> Result<Facts, Mismatch> {
    let mut walk = Walk::new(text, rules);
    let result = walk.envelope(items, item, members).and_then(|facts| walk.reader.end().map(|()| facts));
    result.map_err(|Halt| walk.mismatch())
}

enum Step {
    Known(&'static str),
    Unknown(String),
    Index(usize),
}

/// A walk under way. When it halts, the path is left as it stands.
struct Walk<'a> {
    reader: Reader<'a>,
    rules: Rules<'a>,
    path: Vec<Step>,
    /// Why it halted, unless the text is not JSON.
    wrong: Option<String>,
}

impl<'a> Walk<'a> {
    const fn new(text: &'a str, rules: Rules<'a>) -> Self {
        Self { reader: Reader::new(text), rules, path: Vec::new(), wrong: None }
    }

    fn mismatch(self) -> Mismatch {
        let path = start_of(&self.path(), PATH_CHARS).to_owned();
        match self.wrong {
            None => Mismatch::Syntax(self.reader.malformed()),
            Some(message) => Mismatch::Shape { path, message },
        }
    }

    #[cold]
    fn wrong<T>(&mut self, message: String) -> Result<T, Halt> {
        self.wrong = Some(message);
        Err(Halt)
    }

    #[cold]
    fn unexpected(&mut self, shape: &Shape, found: &str) -> Result<(), Halt> {
        self.wrong(unexpected(shape, found))
    }

    fn path(&self) -> String {
        let mut out = String::new();
        for step in &self.path {
            let name = match step {
                Step::Index(at) => {
                    out.push_str(&fill("[{}]", &[&decimal(*at as u64)]));
                    continue;
                }
                Step::Known(name) => name,
                Step::Unknown(name) => &**name,
            };
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(name);
        }
        out
    }

    /// A value; `outermost` for the record that fields were selected of.
    fn value(&mut self, shape: &Shape, outermost: bool) -> Result<(), Halt> {
        // Records may hold their own kind, and whoever answers decides how often.
        if self.path.len() > MAX_DEPTH {
            return self.wrong("it is nested too deep".to_owned());
        }
        let token = self.reader.peek()?;
        match (shape.kind, token) {
            (Kind::Any, _) => self.reader.skip(),
            (Kind::Boxed(kind), _) => self.value(&Shape { kind: kind(), ..*shape }, outermost),
            (_, Token::Null) if shape.nullable => self.reader.skip(),
            (Kind::Text(_) | Kind::Enum(_), Token::Text) if self.rules.strict => self.text(shape),
            (Kind::Text(_) | Kind::Enum(_), Token::Text)
            | (Kind::Boolean, Token::Boolean)
            | (Kind::Number, Token::Number) => self.reader.skip(),
            (Kind::Integer(rule), Token::Number) => {
                let number = self.reader.number()?;
                // A fraction of nothing is none; an exponent is no way that anybody writes a count.
                let (whole, fraction) = cut(number, b'.').unwrap_or((number, ""));
                if !is_all(fraction, |digit| *digit == b'0') || has_any(number, b"eE") {
                    return self.unexpected(shape, "a number with a fraction");
                }
                if self.rules.strict && !is_between(whole, rule) {
                    return self.unexpected(shape, start_of(number, MESSAGE_CHARS));
                }
                Ok(())
            }
            (Kind::List(item), Token::List) => self.items(item, false).map(drop),
            (Kind::Record(record), Token::Object) => self.record(record.fields, outermost),
            (_, Token::Null) => self.unexpected(shape, "null"),
            (_, Token::Boolean) => self.unexpected(shape, "a boolean"),
            (_, Token::Number) => self.unexpected(shape, "a number"),
            (_, Token::Text) => self.unexpected(shape, "a string"),
            (_, Token::List) => self.unexpected(shape, "a list"),
            (_, Token::Object) => self.unexpected(shape, "an object"),
        }
    }

    /// A text that Orgdeck sends.
    fn text(&mut self, shape: &Shape) -> Result<(), Halt> {
        let text = self.reader.text()?.decode();
        let good = match shape.kind {
            Kind::Text(TextRule::NonEmpty) => !text.is_empty(),
            Kind::Text(TextRule::Email) => is_email(&text),
            Kind::Enum(Enum { values: Values::Known(known), .. }) => words(known).any(|known| known == text),
            _ => true,
        };
        if good {
            return Ok(());
        }
        let found = start_of(&text, MESSAGE_CHARS);
        match shape.kind {
            Kind::Enum(Enum { values: Values::Known(known), .. }) => {
                let known = join_parts(words(known), "`, `");
                self.wrong(fill("expected one of `{}`, found `{}`", &[&known, found]))
            }
            _ => self.unexpected(shape, &fill("`{}`", &[found])),
        }
    }

    fn items(&mut self, shape: &Shape, outermost: bool) -> Result<usize, Halt> {
        self.reader.enter()?;
        let mut count = 0;
        while self.reader.item(count == 0)? {
            self.path.push(Step::Index(count));
            self.value(shape, outermost)?;
            self.path.pop();
            count += 1;
        }
        Ok(count)
    }

    fn record(&mut self, fields: Fields, outermost: bool) -> Result<(), Halt> {
        self.reader.enter()?;
        let mut seen: Vec<&str> = Vec::new();
        let mut first = true;
        while let Some(key) = self.reader.key(first)? {
            first = false;
            let name = key.decode();
            match fields.get(&name) {
                Some(field) => {
                    seen.push(field.name);
                    self.path.push(Step::Known(field.name));
                    self.value(&field.shape, false)?;
                    self.path.pop();
                }
                None if self.rules.strict => {
                    self.path.push(Step::Unknown(name.into_owned()));
                    return self.wrong("there is no field of this name".to_owned());
                }
                None => self.reader.skip()?,
            }
        }
        match fields.into_iter().find(|field| self.is_due(field, outermost) && !seen.contains(&field.name)) {
            None => Ok(()),
            Some(field) => self.missing(field.name),
        }
    }

    fn is_due(&self, field: &Field, outermost: bool) -> bool {
        field.required
            && match self.rules.selected {
                Some(selected) if outermost => selected.iter().any(|name| name == field.name),
                _ => true,
            }
    }

    fn missing<T>(&mut self, name: &'static str) -> Result<T, Halt> {
        self.path.push(Step::Known(name));
        self.wrong("it is missing".to_owned())
    }

    fn envelope(
        &mut self,
        items: &'static str,
        item: &Shape,
        members: &[(&'static str, Shape)],
    ) -> Result<Facts, Halt> {
        const ENVELOPE: Shape = Shape {
            kind: Kind::Record(&super::Record {
                #[cfg(not(target_arch = "wasm32"))]
                name: "",
                fields: Fields::NONE,
                #[cfg(not(target_arch = "wasm32"))]
                docs: &[],
                #[cfg(not(target_arch = "wasm32"))]
                field_docs: &[],
            }),
            nullable: false,
        };
        const LIST: Shape = Shape { kind: Kind::List(&ENVELOPE), nullable: false };
        if self.reader.peek()? != Token::Object {
            return self.value(&ENVELOPE, false).map(|()| Facts::default());
        }
        self.reader.enter()?;
        let mut facts = Facts::default();
        let (mut first, mut found) = (true, false);
        while let Some(key) = self.reader.key(first)? {
            first = false;
            let name = key.decode();
            if name == items {
                found = true;
                self.path.push(Step::Known(items));
                if self.reader.peek()? != Token::List {
                    self.value(&LIST, false)?;
                }
                facts.items = self.items(item, true)?;
                self.path.pop();
            } else if let Some((known, shape)) = members.iter().find(|(known, _)| name == *known) {
                let mut reader = self.reader.clone();
                self.path.push(Step::Known(known));
                self.value(shape, false)?;
                self.path.pop();
                facts.members.push((known, Json::read(&mut reader, 1)?));
            } else {
                self.reader.skip()?;
            }
        }
        if found { Ok(facts) } else { self.missing(items) }
    }
}

/// Levels of a value that are looked into: more than the deepest search criteria need, and no more than a stack holds.
const MAX_DEPTH: usize = 256;

/// Characters of a value that a message quotes: it may be a megabyte long.
const MESSAGE_CHARS: usize = 100;

/// Characters of a path that a message has.
const PATH_CHARS: usize = 1_000;

fn unexpected(shape: &Shape, found: &str) -> String {
    let bounded;
    let expected = match shape.kind {
        Kind::Integer(IntegerRule::From(min)) => {
            bounded = fill("a whole number from {}", &[&decimal(min.into())]);
            &bounded
        }
        Kind::Integer(IntegerRule::Between(min, max)) => {
            bounded = fill("a whole number from {} to {}", &[&decimal(min.into()), &decimal(max.into())]);
            &bounded
        }
        Kind::Text(TextRule::NonEmpty) => "a string that is not empty",
        Kind::Text(TextRule::Email) => "an email address",
        Kind::Text(TextRule::Free | TextRule::DateTime) | Kind::Enum(_) => "a string",
        Kind::Boolean => "true or false",
        Kind::Integer(IntegerRule::Free) => "a whole number",
        Kind::Number => "a number",
        Kind::Any => "anything",
        Kind::List(_) => "a list",
        Kind::Record(_) | Kind::Boxed(_) => "an object",
    };
    fill("expected {}{}, found {}", &[expected, if shape.nullable { " or null" } else { "" }, found])
}

/// The values of a set, each with a bar behind it.
fn words(known: &str) -> Parts<'_> {
    parts(known.strip_suffix('|').unwrap_or(known), b'|')
}

fn is_between(number: &str, rule: IntegerRule) -> bool {
    // Nothing that is counted needs more than the integers that every vendor's own types hold.
    let (min, max) = match rule {
        IntegerRule::Free => return true,
        IntegerRule::From(min) => (min.into(), i32::MAX as u64),
        IntegerRule::Between(min, max) => (min.into(), max.into()),
    };
    whole(number).is_some_and(|number| number >= min && number <= max)
}

fn is_email(text: &str) -> bool {
    cut(text, b'@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !has_any(host, b"@") && !text.chars().any(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{DateTime, Email, Maybe, NonEmpty, Typed, model, open_enum};
    use super::*;

    open_enum! {
        /// A colour.
        pub enum Colour as "Colour" { /// Red.
            Red = "red" }
    }

    model! {
        /// A thing.
        pub struct Thing as "Thing" {
            /// Its id.
            id: NonEmpty,
            /// Its name.
            name: Option<String>,
            /// Its number.
            number?: i64,
            /// Its colours.
            colours?: Vec<Colour>,
            /// Its owner.
            owner?: Option<Owner>,
            /// When.
            date_created?: DateTime,
        }

        /// Somebody.
        pub struct Owner as "Owner" {
            /// Where to write to.
            email: Email,
        }
    }

    fn answer(text: &str) -> Result<(), String> {
        check(text, &Thing::SHAPE, Rules::default()).map_err(|mismatch| mismatch.message())
    }

    fn input(text: &str) -> Result<(), String> {
        let rules = Rules { strict: true, selected: None };
        check(text, &Thing::SHAPE, rules).map_err(|mismatch| mismatch.message())
    }

    #[test]
    fn answers_may_hold_what_is_not_known() {
        answer(r#"{"id":"","name":null,"new":{"deep":[1,{}]},"colours":["blue"],"owner":null}"#).unwrap();
        answer(r#"{"id":"a","name":"cut \ud83d","number":1.0,"date_created":"0001-01-01T00:00:00"}"#)
            .unwrap();
    }

    #[test]
    fn answers_of_another_shape_are_named() {
        for (text, message) in [
            (r#"{"name":null}"#, "id: it is missing"),
            (r#"{"id":5,"name":null}"#, "id: expected a string that is not empty, found a number"),
            (r#"{"id":null,"name":null}"#, "id: expected a string that is not empty, found null"),
            (r#"{"id":"a","name":[]}"#, "name: expected a string or null, found a list"),
            (
                r#"{"id":"a","name":"","number":0.5}"#,
                "number: expected a whole number, found a number with a fraction",
            ),
            (r#"{"id":"a","name":"","colours":["red",7]}"#, "colours[1]: expected a string, found a number"),
            (r#"{"id":"a","name":"","owner":{}}"#, "owner.email: it is missing"),
            ("[]", "expected an object, found a list"),
            ("null", "expected an object, found null"),
            ("", "the JSON ends too soon (byte 0)"),
            (r#"{"id":"a","#, "the JSON ends too soon (byte 10)"),
            ("<html>", "it is not JSON (byte 0)"),
            (r#"{"id":"a","name":""} x"#, "it is not JSON (byte 21)"),
        ] {
            assert_eq!(answer(text).unwrap_err(), message, "{text}");
        }
    }

    #[test]
    fn inputs_hold_nothing_else() {
        input(r#"{"id":"a","name":null,"colours":["red"],"owner":{"email":"a@b.example"}}"#).unwrap();
        for (text, message) in [
            (r#"{"id":"","name":null}"#, "id: expected a string that is not empty, found ``"),
            (r#"{"id":"a","name":null,"nmae":1}"#, "nmae: there is no field of this name"),
            (
                r#"{"id":"a","name":null,"colours":["blue"]}"#,
                "colours[0]: expected one of `red`, found `blue`",
            ),
            (
                r#"{"id":"a","name":null,"owner":{"email":"a b@c"}}"#,
                "owner.email: expected an email address, found `a b@c`",
            ),
        ] {
            assert_eq!(input(text).unwrap_err(), message, "{text}");
        }
    }

    #[test]
    fn records_within_records_exhaust_no_stack() {
        model! {
            /// Somebody with somebody above.
            pub struct Person as "Person" {
                /// Who that is.
                above?: Option<Box<Person>>,
            }
        }
        let deep =
            |levels: usize| ["{\"above\":".repeat(levels), "null".to_owned(), "}".repeat(levels)].concat();
        let check = |text: &str| check(text, &Person::SHAPE, Rules::default());
        assert_eq!(check(&deep(MAX_DEPTH)), Ok(()));
        // As much stack as Wasm has.
        let mismatch = std::thread::Builder::new().stack_size(1 << 20).spawn(move || check(&deep(200_000)));
        let message = mismatch.unwrap().join().unwrap().unwrap_err().message();
        assert!(message.ends_with(": it is nested too deep") && message.len() < 1_100, "{message}");
    }

    #[test]
    fn only_selected_fields_are_missed_and_only_outermost() {
        let text = r#"{"data":[{"name":"a","owner":{"email":"e"}},{"name":"b"}],"has_more":true,"total":2}"#;
        let selected = ["name".to_owned()];
        let rules = Rules { strict: false, selected: Some(&selected) };
        let members = [("has_more", Option::<bool>::SHAPE)];
        let facts = check_list(text, "data", &Thing::SHAPE, &members, rules).unwrap();
        assert_eq!(facts.items, 2);
        assert_eq!(facts.get("has_more"), Some(&Json::Boolean(true)));
        assert_eq!(facts.get("total"), None);
        let all = check_list(text, "data", &Thing::SHAPE, &[], Rules::default()).unwrap_err();
        assert_eq!(all.message(), "data[0].id: it is missing");
        let text = r#"{"data":[{"name":"a","owner":{}}]}"#;
        let nested = check_list(text, "data", &Thing::SHAPE, &[], rules).unwrap_err();
        assert_eq!(nested.message(), "data[0].owner.email: it is missing");
    }

    #[test]
    fn an_envelope_is_an_object_with_the_list() {
        for (text, message) in [
            ("[]", "expected an object, found a list"),
            ("{}", "data: it is missing"),
            (r#"{"data":{}}"#, "data: expected a list, found an object"),
        ] {
            let mismatch = check_list(text, "data", &Thing::SHAPE, &[], Rules::default()).unwrap_err();
            assert_eq!(mismatch.message(), message);
        }
    }

    #[test]
    fn members_of_an_envelope_are_of_their_kind() {
        let read = |members: &str| {
            let text = ["{\"data\":[],", members, "}"].concat();
            let known = [("more", Option::<bool>::SHAPE), ("total", Option::<i64>::SHAPE)];
            check_list(&text, "data", &Thing::SHAPE, &known, Rules::default())
        };
        for (members, more) in [
            (r#""more":true"#, Some(Json::Boolean(true))),
            (r#""more":true,"more":false"#, Some(Json::Boolean(false))),
            (r#""more":null"#, Some(Json::Null)),
            (r#""other":[[1]]"#, None),
        ] {
            assert_eq!(read(members).unwrap().get("more"), more.as_ref(), "{members}");
        }
        for (members, message) in [
            (r#""more":"true""#, "more: expected true or false or null, found a string"),
            (r#""total":[[1]]"#, "total: expected a whole number or null, found a list"),
            (r#""total":1.5"#, "total: expected a whole number or null, found a number with a fraction"),
        ] {
            assert_eq!(read(members).unwrap_err().message(), message);
        }
    }

    #[test]
    fn a_patch_has_three_states() {
        let absent: Thing = serde_json::from_str(r#"{"id":"a","name":null}"#).unwrap();
        assert_eq!(absent.owner, Maybe::Absent);
        let null: Thing = serde_json::from_str(r#"{"id":"a","name":null,"owner":null}"#).unwrap();
        assert_eq!(null.owner, Maybe::Present(None));
        for thing in [&absent, &null] {
            let text = serde_json::to_string(thing).unwrap();
            assert_eq!(serde_json::from_str::<Thing>(&text).unwrap(), *thing);
            assert_eq!(text.contains("owner"), !thing.owner.is_absent());
        }
        let colour: Colour = serde_json::from_str(r#""blue""#).unwrap();
        assert_eq!(serde_json::to_string(&colour).unwrap(), r#""blue""#);
    }
}
