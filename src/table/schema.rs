//! What the records of a table are.

use orgdeck_columns::{FieldRule, Kinds};

use crate::http::Error;
use crate::json::Json;
use crate::schema::{Kind, Rules, Shape, check};

/// What the records of a table are: which field tells them apart, and what the others must hold.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The field that tells records apart.
    pub key: String,
    /// What fields must hold.
    pub rules: Vec<FieldRule>,
    /// The model, if they are of one: what lists and objects in them must be.
    pub shape: Option<Shape>,
}

impl Schema {
    /// Records that may hold anything, told apart by their `id`.
    pub fn any() -> Self {
        Self { key: "id".to_owned(), rules: Vec::new(), shape: None }
    }

    /// Records of a model, or of any other shape. Only the fields that were selected are due, if any were.
    pub fn of(shape: Shape, selected: Option<&[String]>) -> Self {
        let mut rules = Vec::new();
        if let Kind::Record(record) = shape.kind {
            for field in record.fields {
                let is_selected =
                    selected.is_none_or(|selected| selected.iter().any(|name| name == field.name));
                rules.push(FieldRule {
                    name: field.name.to_owned(),
                    allowed: kinds(field.shape),
                    required: field.required && is_selected,
                });
            }
        }
        Self { rules, shape: Some(shape), ..Self::any() }
    }

    /// A schema as callers write it: `{ key, fields }`.
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with it.
    pub fn parse(given: &Json) -> Result<Self, Error> {
        let mut schema = Self::any();
        for (name, value) in given.members() {
            match (name.as_str(), value) {
                ("key", Json::Text(key)) => schema.key.clone_from(key),
                ("fields", Json::Object(fields)) => {
                    for (field, kind) in fields {
                        let allowed = match kind.as_str() {
                            Some("text") => Kinds::TEXT,
                            Some("number") => Kinds::NUMBER,
                            Some("boolean") => Kinds::BOOLEAN,
                            Some("json") => Kinds::ANY,
                            _ => {
                                let message = "schema.fields.{}: expected text, number, boolean or json";
                                return Err(Error::config(message, &[field]));
                            }
                        };
                        let (name, allowed) = (field.clone(), allowed.or(Kinds::NULL));
                        schema.rules.push(FieldRule { name, allowed, required: false });
                    }
                }
                _ => return Err(Error::config("schema.{}: expected a key and fields", &[name])),
            }
        }
        Ok(schema)
    }

    /// Looks into a list or an object of a field.
    pub fn check(&self, field: &str, text: &[u8]) -> Result<(), String> {
        let Some(Shape { kind: Kind::Record(record), .. }) = self.shape else { return Ok(()) };
        let (Some(field), Ok(text)) = (record.fields.get(field), std::str::from_utf8(text)) else {
            return Ok(());
        };
        check(text, &field.shape, Rules::default()).map_err(|mismatch| mismatch.message())
    }
}

/// The kinds of cells that a shape allows.
fn kinds(shape: Shape) -> Kinds {
    let kinds = match shape.kind {
        Kind::Text(_) | Kind::Enum(_) => Kinds::TEXT,
        Kind::Boolean => Kinds::BOOLEAN,
        Kind::Integer(_) => Kinds::INTEGER,
        Kind::Number => Kinds::NUMBER,
        Kind::Any => Kinds::ANY,
        Kind::List(_) | Kind::Record(_) => Kinds::NESTED,
        Kind::Boxed(kind) => kinds(Shape { kind: kind(), ..shape }),
    };
    if shape.nullable { kinds.or(Kinds::NULL) } else { kinds }
}
