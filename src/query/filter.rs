use crate::json::Json;

use super::{Names, wrong_type};
use crate::http::{Error, fill};

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// One of several.
    In,
    /// Less than.
    Lt,
    /// At most.
    Lte,
    /// Greater than.
    Gt,
    /// At least.
    Gte,
}

impl Operator {
    const ALL: [Self; 6] = [Self::Eq, Self::In, Self::Lt, Self::Lte, Self::Gt, Self::Gte];

    /// The operator's name in a query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::In => "in",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
        }
    }
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Null.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as it was written.
    Number(String),
    /// A text; not empty.
    Text(String),
}

impl Scalar {
    /// The value as text; null is empty.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Boolean(value) => if *value { "true" } else { "false" }.to_owned(),
            Self::Number(text) | Self::Text(text) => text.clone(),
        }
    }
}

/// A comparison of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what: one value, but for [`Operator::In`].
    pub values: Vec<Scalar>,
}

/// Conditions that must all hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter(pub Vec<Condition>);

impl Filter {
    /// Reads a filter: `{ user_id: { in: ["user_a", "group_x"] }, date_created: { gte: "2026-01-01" }, email: "a@b" }`.
    ///
    /// # Errors
    /// A `ConfigError` that names the field when it cannot be filtered by, or the comparison is not one.
    pub fn parse(value: &Json, known: Names) -> Result<Self, Error> {
        let Json::Object(object) = value else { return Err(wrong_type("query.where", "an object", value)) };
        let mut conditions = Vec::new();
        for (field, value) in object {
            check_field(field)?;
            known.check("query.where", field)?;
            let name = fill("query.where.{}", &[field]);
            match value {
                Json::Object(operators) if operators.is_empty() => {
                    return Err(Error::config("{}: no comparison is given", &[&name]));
                }
                Json::Object(operators) => {
                    for (operator, operand) in operators {
                        conditions.push(condition(field, operator, operand, &name)?);
                    }
                }
                Json::List(_) => {
                    return Err(Error::config("{}: write { in: […] } for one of several", &[&name]));
                }
                value => conditions.push(condition(field, Operator::Eq.as_str(), value, &name)?),
            }
        }
        Ok(Self(conditions))
    }
}

/// A field's name becomes a parameter's name: it must not be able to become another parameter's.
fn check_field(field: &str) -> Result<(), Error> {
    let wrong = |why: &str| Err(Error::config("query.where: `{}` {}", &[field, why]));
    if field.is_empty() || field.starts_with('_') {
        return wrong("is not a field's name");
    }
    let suffix =
        |operator: &Operator| Some((*operator, field.strip_suffix(operator.as_str())?.strip_suffix("__")?));
    if let Some((operator, name)) = Operator::ALL.iter().find_map(suffix) {
        return wrong(&fill("is not a field's name: write { {}: { {}: … } }", &[name, operator.as_str()]));
    }
    Ok(())
}

fn condition(field: &str, operator: &str, operand: &Json, name: &str) -> Result<Condition, Error> {
    let found = Operator::ALL.iter().find(|known| known.as_str() == operator);
    let Some(&operator) = found else {
        return Err(Error::config(
            "{}: there is no comparison `{}`; there is eq, in, lt, lte, gt, gte",
            &[name, operator],
        ));
    };
    let name = fill("{}.{}", &[name, operator.as_str()]);
    let values = match (operator, operand) {
        (Operator::In, Json::List(items)) if items.is_empty() => {
            // Some vendors read an empty list as no filter at all, which is everybody.
            return Err(Error::config("{}: the list is empty", &[&name]));
        }
        (Operator::In, Json::List(items)) => {
            let mut values = Vec::new();
            for item in items {
                values.push(scalar(item, &name)?);
            }
            values
        }
        (Operator::In, other) => return Err(wrong_type(&name, "a list", other)),
        (_, operand) => vec![scalar(operand, &name)?],
    };
    if operator != Operator::Eq && values.iter().any(|value| matches!(value, Scalar::Null)) {
        return Err(wrong_type(&name, "a string, a number or a boolean", &Json::Null));
    }
    Ok(Condition { field: field.to_owned(), operator, values })
}

fn scalar(value: &Json, name: &str) -> Result<Scalar, Error> {
    match value {
        Json::Null => Ok(Scalar::Null),
        Json::Boolean(value) => Ok(Scalar::Boolean(*value)),
        Json::Number(number) => Ok(Scalar::Number(number.clone())),
        Json::Text(text) if !text.is_empty() => Ok(Scalar::Text(text.clone())),
        other => Err(wrong_type(name, "a string that is not empty, a number, a boolean or null", other)),
    }
}
