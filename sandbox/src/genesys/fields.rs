//! Reading a body field by field. The first thing that is wrong is what the caller is told.

use serde_json::{Map, Value};

use super::errors::Refusal;

/// A body, or an object within one. Null is as good as absent, and what nobody asks for is ignored.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    /// Where the object is: empty, or `addresses[2].`.
    at: String,
}

impl<'a> Fields<'a> {
    /// The fields of a whole body.
    pub fn of(body: Option<&'a Value>) -> Result<Self, Refusal> {
        match body {
            Some(Value::Object(object)) => Ok(Fields { object, at: String::new() }),
            Some(_) => Err(Refusal::bad_request("The request body must be a JSON object.")),
            None => Err(Refusal::bad_request("The request body is missing.")),
        }
    }

    /// Where a field is.
    pub fn path(&self, field: &str) -> String {
        format!("{}{field}", self.at)
    }

    fn take<T>(
        &self,
        field: &str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        match self.object.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => Err(Refusal::wrong_kind(&self.path(field), kind)),
            },
        }
    }

    /// Any text.
    pub fn text(&self, field: &str) -> Result<Option<&'a str>, Refusal> {
        self.take(field, "a string", Value::as_str)
    }

    /// Text that, if given, must be more than blank.
    pub fn filled_text(&self, field: &str) -> Result<Option<&'a str>, Refusal> {
        match self.text(field)? {
            Some(text) if text.trim().is_empty() => {
                Err(Refusal::invalid_value(&self.path(field), text, "any text that is not blank"))
            }
            text => Ok(text),
        }
    }

    /// Yes or no.
    pub fn flag(&self, field: &str) -> Result<Option<bool>, Refusal> {
        self.take(field, "true or false", Value::as_bool)
    }

    /// A whole number.
    pub fn number(&self, field: &str) -> Result<Option<i64>, Refusal> {
        self.take(field, "a whole number", Value::as_i64)
    }

    /// One of a closed set.
    pub fn choice(&self, field: &str, choices: &[&'static str]) -> Result<Option<&'static str>, Refusal> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        match choices.iter().find(|choice| **choice == text) {
            Some(choice) => Ok(Some(choice)),
            None => Err(Refusal::invalid_value(&self.path(field), text, &choices.join(", "))),
        }
    }

    /// A list of anything.
    pub fn list(&self, field: &str) -> Result<Option<&'a [Value]>, Refusal> {
        self.take(field, "a list", |value| value.as_array().map(Vec::as_slice))
    }

    /// A list of texts.
    pub fn texts(&self, field: &str) -> Result<Option<Vec<&'a str>>, Refusal> {
        let texts = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        self.take(field, "a list of strings", texts)
    }

    /// A list of objects.
    pub fn objects(&self, field: &str) -> Result<Option<Vec<Fields<'a>>>, Refusal> {
        let Some(items) = self.list(field)? else {
            return Ok(None);
        };
        let object = |(at, item): (usize, &'a Value)| match item {
            Value::Object(object) => Ok(Fields { object, at: format!("{}[{at}].", self.path(field)) }),
            _ => Err(Refusal::wrong_kind(&format!("{}[{at}]", self.path(field)), "an object")),
        };
        items.iter().enumerate().map(object).collect::<Result<_, _>>().map(Some)
    }

    /// For fields that must be there.
    pub fn require<T>(&self, field: &str, value: Option<T>) -> Result<T, Refusal> {
        value.ok_or_else(|| Refusal::missing(&self.path(field)))
    }
}
