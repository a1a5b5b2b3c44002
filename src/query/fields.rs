use crate::json::Json;

use super::{Selectable, strings};
use crate::http::{Error, join_parts};

/// A selection of fields, each named once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields(Vec<String>);

impl Fields {
    /// Reads a selection.
    ///
    /// # Errors
    /// A `ConfigError` when it is empty, or names something that is not a field: vendors drop such names in silence.
    pub fn parse(value: &Json, selectable: Selectable) -> Result<Self, Error> {
        let mut names = Vec::new();
        for name in &strings(value, "query.fields")? {
            match selectable {
                Selectable::Any => {}
                Selectable::No => return Err(Error::config("query.fields is not available here", &[])),
                Selectable::Of { record, except, .. } => {
                    if record.fields.get(name).is_none() {
                        let known = join_parts(record.fields.map(|field| field.name), "`, `");
                        return Err(Error::config(
                            "query.fields: `{}` is not a field; there is `{}`",
                            &[name, &known],
                        ));
                    }
                    if except.contains(&name.as_str()) {
                        return Err(Error::config(
                            "query.fields: `{}` is not returned in a list, only with a single record",
                            &[name],
                        ));
                    }
                }
            }
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        if names.is_empty() {
            return Err(Error::config("query.fields is empty: leave it out to get every field", &[]));
        }
        Ok(Self(names))
    }

    /// The names, in the order they were asked for.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}
