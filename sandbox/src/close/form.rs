//! Reading a body field by field, and collecting everything that is wrong with it.

use serde_json::{Map, Value};

use super::errors::Refusal;

/// A value that was required and is not there.
pub const REQUIRED: &str = "This field is required.";
/// A value outside of a closed set.
pub const NOT_A_CHOICE: &str = "Not a valid choice.";
/// An id of nothing.
pub const NO_OBJECT: &str = "Object does not exist.";

/// What a body says about a field. On a PUT, absent means unchanged, which null does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch<T> {
    /// Not mentioned.
    Absent,
    /// Mentioned, as null.
    Null,
    /// Mentioned, with a value.
    Value(T),
}

impl<T> Patch<T> {
    /// Overwrites a field that may be null.
    pub fn apply_to(self, field: &mut Option<T>) {
        match self {
            Patch::Absent => {}
            Patch::Null => *field = None,
            Patch::Value(value) => *field = Some(value),
        }
    }
}

/// A body being read.
#[derive(Debug)]
pub struct Form<'a> {
    body: &'a Map<String, Value>,
    known: Vec<&'static str>,
    errors: Map<String, Value>,
}

impl<'a> Form<'a> {
    /// Starts reading.
    pub fn new(body: &'a Map<String, Value>) -> Self {
        Form { body, known: Vec::new(), errors: Map::new() }
    }

    /// Notes that a field is wrong. The first complaint about a field stands.
    pub fn reject(&mut self, field: &str, why: impl Into<Value>) {
        self.errors.entry(field).or_insert_with(|| why.into());
    }

    fn take<T>(
        &mut self,
        field: &'static str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Patch<T> {
        self.known.push(field);
        match self.body.get(field) {
            None => Patch::Absent,
            Some(Value::Null) => Patch::Null,
            Some(value) => match read(value) {
                Some(value) => Patch::Value(value),
                None => {
                    self.reject(field, format!("Value must be of {kind} type."));
                    Patch::Absent
                }
            },
        }
    }

    /// Text that may be null.
    pub fn text(&mut self, field: &'static str) -> Patch<String> {
        self.take(field, "str", |value| value.as_str().map(str::to_owned))
    }

    /// Text that, if given, must be more than blank.
    pub fn filled_text(&mut self, field: &'static str) -> Option<String> {
        let text = self.text(field);
        let text = self.not_null(field, "str", text)?;
        if text.trim().is_empty() {
            self.reject(field, "The value must be at least 1 characters long.");
            return None;
        }
        Some(text)
    }

    /// One of a closed set.
    pub fn choice(&mut self, field: &'static str, choices: &[&str]) -> Patch<String> {
        match self.text(field) {
            Patch::Value(text) if !choices.contains(&text.as_str()) => {
                self.reject(field, NOT_A_CHOICE);
                Patch::Absent
            }
            patch => patch,
        }
    }

    /// Yes or no, if given.
    pub fn flag(&mut self, field: &'static str) -> Option<bool> {
        let flag = self.take(field, "bool", Value::as_bool);
        self.not_null(field, "bool", flag)
    }

    /// A list of anything that may be null.
    pub fn list(&mut self, field: &'static str) -> Patch<&'a [Value]> {
        self.take(field, "list", |value| value.as_array().map(Vec::as_slice))
    }

    /// A list of texts that may be null. What is wrong with an item is filed under its position.
    pub fn texts(
        &mut self,
        field: &'static str,
        wrong: impl Fn(&str) -> Option<&'static str>,
    ) -> Patch<Vec<String>> {
        let items = match self.list(field) {
            Patch::Absent => return Patch::Absent,
            Patch::Null => return Patch::Null,
            Patch::Value(items) => items,
        };
        let mut texts = Vec::new();
        let mut complaints = Map::new();
        for (position, item) in items.iter().enumerate() {
            let complaint = match item.as_str() {
                None => Some("Value must be of str type."),
                Some(text) => wrong(text),
            };
            match complaint {
                Some(complaint) => {
                    complaints.insert(position.to_string(), complaint.into());
                }
                None => texts.push(item.as_str().unwrap_or_default().to_owned()),
            }
        }
        if complaints.is_empty() {
            return Patch::Value(texts);
        }
        self.reject(field, item_errors(complaints));
        Patch::Absent
    }

    /// For fields that cannot be null.
    pub fn not_null<T>(&mut self, field: &'static str, kind: &str, patch: Patch<T>) -> Option<T> {
        match patch {
            Patch::Absent => None,
            Patch::Null => {
                self.reject(field, format!("Value must be of {kind} type."));
                None
            }
            Patch::Value(value) => Some(value),
        }
    }

    /// For fields that must be there.
    pub fn require<T>(&mut self, field: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.reject(field, REQUIRED);
        }
        value
    }

    /// Ends the reading. A typed body refuses fields that nobody has asked about.
    pub fn finish(mut self, typed: bool) -> Result<(), Refusal> {
        if typed {
            for field in self.body.keys() {
                if !self.known.contains(&field.as_str()) {
                    self.errors.insert(field.clone(), "Extra inputs are not permitted".into());
                }
            }
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::validation(Vec::new(), self.errors)) }
    }
}

/// The shape in which errors of single list items are told.
pub fn item_errors(by_position: Map<String, Value>) -> Value {
    serde_json::json!({ "errors": by_position })
}
