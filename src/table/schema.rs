//! What the records of a table are.

use orgdeck_columns::{FieldRule, Kinds};

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
        Self::with("id", &[])
    }

    /// Records of a model, or of any other shape. Only the fields that were selected are due, if any were.
    pub fn of(shape: Shape, selected: &[String]) -> Self {
        let mut rules = Vec::new();
        if let Kind::Record(record) = shape.kind {
            for field in record.fields {
                let is_selected = selected.is_empty() || selected.iter().any(|name| name == field.name);
                rules.push(FieldRule {
                    name: field.name.to_owned(),
                    allowed: kinds(field.shape),
                    required: field.required && is_selected,
                });
            }
        }
        Self { rules, shape: Some(shape), ..Self::any() }
    }

    /// Records with a key, and with fields each of which has what it must hold behind it, unless it is null or missing:
    /// `text`, `number`, `boolean`, or anything else for anything.
    pub fn with(key: &str, fields: &[String]) -> Self {
        let mut rules = Vec::new();
        for [name, kind] in fields.as_chunks().0 {
            let allowed = match kind.as_str() {
                "text" => Kinds::TEXT,
                "number" => Kinds::NUMBER,
                "boolean" => Kinds::BOOLEAN,
                _ => Kinds::ANY,
            };
            rules.push(FieldRule { name: name.clone(), allowed: allowed.or(Kinds::NULL), required: false });
        }
        Self { key: key.to_owned(), rules, shape: None }
    }
}

/// Looks into a list or an object of a field.
pub fn check_inside(shape: Option<Shape>, field: &str, text: &[u8]) -> Result<(), String> {
    let Some(Shape { kind: Kind::Record(record), .. }) = shape else { return Ok(()) };
    let (Some(field), Ok(text)) = (record.fields.get(field), std::str::from_utf8(text)) else {
        return Ok(());
    };
    check(text, &field.shape, Rules::default()).map_err(|mismatch| mismatch.message())
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
