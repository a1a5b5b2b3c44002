//! `_fields`: answering with part of an object.

use serde::Serialize;
use serde_json::{Map, Value};

use super::errors::Refusal;
use super::params::Params;

/// Which fields the caller wants.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Nothing was said.
    Unsaid,
    /// `_all` was among them.
    All,
    /// Exactly these; names that are none simply yield nothing, and `id` is not added.
    Only(Vec<String>),
}

impl Selection {
    /// Reads `_fields`. The vendor splits at commas and forgives nothing, not even a blank.
    pub fn read(params: &Params) -> Self {
        match params.get("_fields") {
            None => Selection::Unsaid,
            Some(fields) if fields.split(',').any(|field| field == "_all") => Selection::All,
            Some(fields) => Selection::Only(fields.split(',').map(str::to_owned).collect()),
        }
    }

    /// The same, but with something to go by where nothing was said.
    pub fn or(self, fields: &[&str]) -> Self {
        match self {
            Selection::Unsaid => Selection::Only(fields.iter().map(|field| (*field).to_owned()).collect()),
            said => said,
        }
    }

    /// Whether a field is wanted, for those that are costly to come by.
    pub fn wants(&self, field: &str) -> bool {
        match self {
            Selection::Unsaid | Selection::All => true,
            Selection::Only(fields) => fields.iter().any(|wanted| wanted == field),
        }
    }

    /// The wanted fields of an object.
    pub fn of(&self, object: &impl Serialize) -> Result<Map<String, Value>, Refusal> {
        match serde_json::to_value(object)? {
            Value::Object(mut fields) => {
                fields.retain(|name, _| self.wants(name));
                Ok(fields)
            }
            _ => Ok(Map::new()),
        }
    }
}
