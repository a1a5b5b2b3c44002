//! Endpoints of Genesys that Orgdeck has no operation for.

use std::rc::Rc;

use serde_json::Value;

use super::List;
use super::wire::{STYLE, call_at};
use crate::client::{AnyPath, Asks, Call, Source};
use crate::http::{self, Error, Method};
use crate::json::Json;
use crate::schema::Typed;

static ANY: AnyPath = AnyPath::new(Asks::Params(Value::SHAPE), "entities", STYLE);

/// A list at any path that answers with `entities`, from its parameters.
///
/// # Errors
/// A `ConfigError` when the path or a parameter is not one.
pub fn any_list(path: &str, query: &Json) -> Result<Rc<dyn Source>, Error> {
    Ok(Rc::new(List::of(call_at(ANY.list(), Method::Get, http::raw_path(path)?, query, None)?)))
}

/// A call of any path.
///
/// # Errors
/// A `ConfigError` when the path or a parameter is not one, or a GET or DELETE has a body.
pub fn any(method: Method, path: &str, query: &Json, body: Option<String>) -> Result<Call, Error> {
    let endpoint = ANY.request(method, body.as_ref())?;
    call_at(endpoint, method, http::raw_path(path)?, query, body)
}
