use crate::json::Json;

use super::{Names, strings, wrong_type};
use crate::http::{Error, join, parts};

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The field.
    pub field: String,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// An order, by its keys in turn; empty for the vendor's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderBy(pub Vec<Order>);

impl OrderBy {
    /// Reads an order: `"last_name,first_name"`, or a list of fields; a leading `-` is descending.
    ///
    /// # Errors
    /// A `ConfigError` when it is empty or not one that the endpoint offers.
    pub fn parse(value: &Json, known: Names) -> Result<Self, Error> {
        let text = match value {
            Json::Text(text) => text.clone(),
            Json::List(_) => join(&strings(value, "query.orderBy")?, ","),
            other => return Err(wrong_type("query.orderBy", "a string or a list of strings", other)),
        };
        known.check("query.orderBy", &text)?;
        let mut keys = Vec::new();
        for key in parts(&text, b',') {
            let (field, descending) = key.strip_prefix('-').map_or((key, false), |field| (field, true));
            if field.is_empty() || field.chars().any(char::is_whitespace) {
                return Err(Error::config("query.orderBy: `{}` is not a list of fields", &[&text]));
            }
            keys.push(Order { field: field.to_owned(), descending });
        }
        Ok(Self(keys))
    }
}
