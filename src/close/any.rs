//! Endpoints of Close that Orgdeck has no operation for.

use std::rc::Rc;

use super::List;
use super::wire::{STYLE, call_at};
use crate::client::{AnyPath, Asks, Call, Source};
use crate::http::{self, Error, Method, fill};
use crate::json::Json;
use crate::query::{Accepts, Query};

static ANY: AnyPath = AnyPath::new(Asks::Query(&Accepts::ANYTHING), "data", STYLE);

/// A list at any path.
///
/// # Errors
/// A `ConfigError` when the path is not one.
pub fn any_list(path: &str, query: Query) -> Result<List, Error> {
    Ok(List { endpoint: ANY.list(), path: with_slash(path)?, query })
}

/// A call of any path.
///
/// # Errors
/// A `ConfigError` when the path is not one, or a GET or DELETE has a body.
pub fn any(method: Method, path: &str, query: &Query, body: Option<String>) -> Result<Call, Error> {
    let endpoint = ANY.request(method, body.as_ref())?;
    call_at(endpoint, method, with_slash(path)?, query, body)
}

/// A list at any path, from a query as callers write it.
pub(super) fn any_list_given(path: &str, query: &Json) -> Result<Rc<dyn Source>, Error> {
    Ok(Rc::new(any_list(path, Query::parse(query, &Accepts::ANYTHING)?)?))
}

/// A call of any path, from a query as callers write it.
pub(super) fn any_given(
    method: Method,
    path: &str,
    query: &Json,
    body: Option<String>,
) -> Result<Call, Error> {
    any(method, path, &Query::parse(query, &Accepts::ANYTHING)?, body)
}

/// Every path of Close ends with a slash.
fn with_slash(path: &str) -> Result<String, Error> {
    let path = http::raw_path(path)?;
    Ok(fill("{}/", &[path.strip_suffix('/').unwrap_or(&path)]))
}
