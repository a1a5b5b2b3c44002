//! What a caller asks for: the query string, or the `_params` of a body.

use std::collections::HashMap;

use serde_json::Value;

use super::errors::Refusal;
use crate::clock;

/// Parameters by name, each at most once.
#[derive(Debug, Default)]
pub struct Params(HashMap<String, String>);

impl Params {
    /// Reads a query string. Of a name given twice the first one counts.
    pub fn from_query(query: &str) -> Self {
        let mut params = HashMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            params.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Params(params)
    }

    /// Reads the `_params` of a body, which mean the same as a query string would.
    pub fn from_json(params: &Value) -> Result<Self, Refusal> {
        let Value::Object(params) = params else {
            return Err(Refusal::bad_request("_params must be a dict."));
        };
        let mut read = HashMap::new();
        for (name, value) in params {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Bool(flag) => flag.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    let text = format!("_params.{name} must be a string, a number or a boolean.");
                    return Err(Refusal::bad_request(&text));
                }
            };
            read.insert(name.clone(), text);
        }
        Ok(Params(read))
    }

    /// A parameter's text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A comma-separated list. Empty items are nobody's id and left out.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        let text = self.get(name)?;
        Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect())
    }

    /// A date or datetime, in the form the tables compare by.
    pub fn moment(&self, name: &str, offset_hours: f64) -> Result<Option<String>, Refusal> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match clock::parse(text.trim(), offset_hours) {
            Some(micros) => Ok(Some(clock::format(micros))),
            None => Err(Refusal::invalid_field(name, "Invalid ISO date or datetime.")),
        }
    }
}
