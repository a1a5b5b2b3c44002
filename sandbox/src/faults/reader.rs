//! Reading a rule member by member, so that a complaint says where it is about.

use std::ops::RangeInclusive;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A JSON object, and the way to it.
#[derive(Debug)]
pub struct Reader {
    path: String,
    members: Map<String, Value>,
}

impl Reader {
    /// Begins to read an object.
    pub fn new(path: String, value: Value) -> Result<Self, String> {
        match value {
            Value::Object(members) => Ok(Reader { path, members }),
            _ => Err(format!("{path} must be an object")),
        }
    }

    /// A member of any type; null is as good as absent.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|error| self.wrong(name, error)),
        }
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, bounds: RangeInclusive<u64>) -> Result<Option<u64>, String> {
        match self.take(name)? {
            Some(number) if !bounds.contains(&number) => {
                Err(self
                    .wrong(name, format!("{number} is not between {} and {}", bounds.start(), bounds.end())))
            }
            number => Ok(number),
        }
    }

    /// A status with which an answer can end; anything below is an interim one, which would leave the
    /// client waiting.
    pub fn status(&mut self, name: &str) -> Result<Option<StatusCode>, String> {
        let status = self.number(name, 200..=599)?.and_then(|status| u16::try_from(status).ok());
        status.map(StatusCode::from_u16).transpose().map_err(|error| self.wrong(name, error))
    }

    /// Whether a flag is set.
    pub fn flag(&mut self, name: &str) -> Result<bool, String> {
        Ok(self.take(name)?.unwrap_or(false))
    }

    /// Headers, whose values may be numbers as well.
    pub fn headers(&mut self, name: &str) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let given: Map<String, Value> = self.take(name)?.unwrap_or_default();
        let mut headers = Vec::new();
        for (header, value) in &given {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let wrong = |why: &dyn ToString| self.wrong(&format!("{name}.{header}"), why.to_string());
            let header = HeaderName::try_from(header).map_err(|error| wrong(&error))?;
            headers.push((header, HeaderValue::try_from(value).map_err(|error| wrong(&error))?));
        }
        Ok(headers)
    }

    /// An object within this one.
    pub fn below(&mut self, name: &str) -> Result<Option<Reader>, String> {
        let value: Option<Value> = self.take(name)?;
        value.map(|value| Reader::new(format!("{}.{name}", self.path), value)).transpose()
    }

    /// An object of exactly one member, which is a count: which of the names it has, and how many.
    pub fn one_count<T>(&mut self, name: &str, kinds: [(&str, T); 2]) -> Result<Option<(T, usize)>, String> {
        let Some(mut below) = self.below(name)? else {
            return Ok(None);
        };
        let names = kinds.each_ref().map(|(kind, _)| *kind).join(" or ");
        let mut found = None;
        for (kind, meaning) in kinds {
            if let Some(count) = below.number(kind, 1..=10_000)? {
                if found.is_some() {
                    return Err(self.wrong(name, format!("either {names}")));
                }
                found = Some((meaning, usize::try_from(count).unwrap_or(usize::MAX)));
            }
        }
        below.finish()?;
        found.map(Some).ok_or_else(|| self.wrong(name, format!("either {names}")))
    }

    /// What is wrong with a member.
    pub fn wrong(&self, name: &str, why: impl ToString) -> String {
        format!("{}.{name}: {}", self.path, why.to_string())
    }

    /// Refuses what nobody has read.
    pub fn finish(&self) -> Result<(), String> {
        match self.members.keys().next() {
            Some(name) => Err(self.wrong(name, "there is no such member")),
            None => Ok(()),
        }
    }
}
