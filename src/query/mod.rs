//! What a caller asks for: fields, filter, order, page size, search criteria. How a vendor spells it on the wire is
//! the vendor's.

mod criteria;
mod fields;
mod filter;
mod order;

use crate::json::Json;

pub(crate) use criteria::{Bound, Instant, Node, Probe, Way, node, passes};
pub use criteria::{Criteria, Matcher, Program, Test, Texts};
pub use fields::Fields;
pub use filter::{Condition, Filter, Operator, Scalar};
pub use order::{Order, OrderBy};

use crate::http::{Error, decimal, join_parts};
use crate::schema::Record;

/// What an endpoint lets a caller ask for.
#[derive(Debug)]
pub struct Accepts {
    /// The record whose fields may be selected.
    pub fields: Selectable,
    /// The filters.
    pub filters: Names,
    /// The orders.
    pub orders: Names,
    /// What may be expanded.
    pub expand: Names,
    /// The largest page, for lists that have pages.
    pub max_limit: Option<u32>,
}

/// Which fields may be selected.
#[derive(Clone, Copy, Debug)]
pub enum Selectable {
    /// None: the endpoint takes no selection.
    No,
    /// Those of a record, but for some. `always` are asked for when the caller selects none, for an endpoint that
    /// returns too little by itself.
    Of {
        /// The record.
        record: &'static Record,
        /// Fields of the record that this endpoint never returns.
        except: &'static [&'static str],
        /// What is asked for when the caller selects nothing; empty to leave it to the vendor.
        default: &'static [&'static str],
    },
    /// Any: the record is not known.
    Any,
}

/// Names that a caller may use.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// These alone. A vendor that ignores a filter it does not know would answer with everything.
    Of(&'static [&'static str]),
    /// Any: the endpoint is not known.
    Any,
}

impl Names {
    fn check(self, what: &str, name: &str) -> Result<(), Error> {
        match self {
            Self::Any => Ok(()),
            Self::Of(known) if known.contains(&name) => Ok(()),
            Self::Of([]) => Err(Error::config("{} is not available here", &[what])),
            Self::Of(known) => Err(Error::config(
                "{} `{}` is not available here; there is `{}`",
                &[what, name, &join_parts(known.iter().copied(), "`, `")],
            )),
        }
    }
}

impl Accepts {
    /// Whether there is nothing to ask for.
    pub const fn is_nothing(&self) -> bool {
        matches!(
            self,
            Self {
                fields: Selectable::No,
                filters: Names::Of([]),
                orders: Names::Of([]),
                expand: Names::Of([]),
                max_limit: None,
            }
        )
    }

    /// Nothing may be asked for.
    pub const NOTHING: Self = Self {
        fields: Selectable::No,
        filters: Names::Of(&[]),
        orders: Names::Of(&[]),
        expand: Names::Of(&[]),
        max_limit: None,
    };

    /// Anything may be asked for.
    pub const ANYTHING: Self = Self {
        fields: Selectable::Any,
        filters: Names::Any,
        orders: Names::Any,
        expand: Names::Any,
        max_limit: Some(u32::MAX),
    };
}

/// What a caller asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// The fields to return.
    pub fields: Option<Fields>,
    /// Which records.
    pub filter: Filter,
    /// In which order.
    pub order: OrderBy,
    /// Records a page.
    pub limit: Option<u32>,
    /// Records to leave out at the start.
    pub skip: u64,
    /// References to replace by what they refer to.
    pub expand: Vec<String>,
}

impl Query {
    /// Reads a query from the object that JavaScript callers write, JSON for
    /// `{ fields, where, orderBy, limit, skip, expand }`.
    ///
    /// # Errors
    /// A `ConfigError` that names the member when it is not known, of the wrong type, or not accepted here.
    pub fn parse(value: &Json, accepts: &Accepts) -> Result<Self, Error> {
        let object = match value {
            Json::Null => return Ok(Self::default()),
            Json::Object(object) => object,
            other => return Err(wrong_type("query", "an object", other)),
        };
        let mut query = Self::default();
        for (name, value) in object {
            match name.as_str() {
                "fields" => query.fields = Some(Fields::parse(value, accepts.fields)?),
                "where" => query.filter = Filter::parse(value, accepts.filters)?,
                "orderBy" => query.order = OrderBy::parse(value, accepts.orders)?,
                "limit" => query.limit = Some(limit(value, accepts.max_limit)?),
                "skip" if accepts.max_limit.is_some() => query.skip = whole(value, "query.skip")?,
                "expand" => {
                    query.expand = strings(value, "query.expand")?;
                    for name in &query.expand {
                        accepts.expand.check("query.expand", name)?;
                    }
                }
                _ => return Err(Error::config("query has no option `{}` here", &[name])),
            }
        }
        Ok(query)
    }

    /// The fields to ask an endpoint for: those selected, or those it needs to be asked for.
    pub fn selection(&self, accepts: &Accepts) -> Vec<String> {
        match (&self.fields, accepts.fields) {
            (Some(fields), _) => fields.names().to_vec(),
            (None, Selectable::Of { default, .. }) => default.iter().map(|&name| name.to_owned()).collect(),
            (None, _) => Vec::new(),
        }
    }
}

fn limit(value: &Json, max: Option<u32>) -> Result<u32, Error> {
    let max = max.ok_or_else(|| Error::config("query.limit is not available here", &[]))?;
    match value.as_u64().and_then(|limit| u32::try_from(limit).ok()) {
        Some(limit @ 1..) if limit <= max => Ok(limit),
        Some(1..) => Err(Error::config("query.limit: a page has at most {} items", &[&decimal(max.into())])),
        _ => Err(wrong_type("query.limit", "a whole number from 1", value)),
    }
}

fn whole(value: &Json, name: &str) -> Result<u64, Error> {
    value.as_u64().ok_or_else(|| wrong_type(name, "a whole number from 0", value))
}

/// A list of texts, none of them empty.
pub(crate) fn strings(value: &Json, name: &str) -> Result<Vec<String>, Error> {
    let items = value.as_list().ok_or_else(|| wrong_type(name, "a list of strings", value))?;
    let mut texts = Vec::new();
    for item in items {
        match item.as_str() {
            Some(text) if !text.is_empty() => texts.push(text.to_owned()),
            _ => return Err(wrong_type(name, "a list of strings that are not empty", item)),
        }
    }
    Ok(texts)
}

pub(crate) fn wrong_type(name: &str, expected: &str, found: &Json) -> Error {
    let found = match found {
        Json::Null => "null",
        Json::Boolean(_) => "a boolean",
        Json::Number(_) => "this number",
        Json::Text(text) if text.is_empty() => "an empty string",
        Json::Text(_) => "a string",
        Json::List(_) => "a list",
        Json::Object(_) => "an object",
    };
    Error::config("{}: expected {}, found {}", &[name, expected, found])
}
