//! Endpoints of Close that Orgdeck has no operation for.

use std::rc::Rc;

use serde_json::Value;

use super::List;
use super::wire::{STYLE, call_at};
use crate::client::{Answer, Asks, Body, Call, Endpoint, Repeat, Source};
use crate::http::{self, Error, Method, fill};
use crate::json::Json;
use crate::query::{Accepts, Query};
use crate::schema::Typed;

static LIST: Endpoint = Endpoint {
    name: "list",
    variant: "",
    method: Method::Get,
    path: "",
    asks: Asks::Query(&Accepts::ANYTHING),
    body: None,
    bulk: None,
    answer: Answer::Page { items: "data", of: Value::SHAPE, style: STYLE },
    repeat: Repeat::Safe,
    flow: None,
};

const fn request(method: Method, repeat: Repeat) -> Endpoint {
    Endpoint {
        name: "request",
        variant: "",
        method,
        path: "",
        asks: Asks::Query(&Accepts::ANYTHING),
        body: Some(Body { shape: Value::SHAPE, member: None, check: None }),
        bulk: None,
        answer: Answer::Any,
        repeat,
        flow: None,
    }
}

// A PUT in Close changes what it names and leaves the rest, so twice is as once; a DELETE is too.
static GET: Endpoint = request(Method::Get, Repeat::Safe);
static POST: Endpoint = request(Method::Post, Repeat::Once);
static PUT: Endpoint = request(Method::Put, Repeat::Idempotent);
static DELETE: Endpoint = request(Method::Delete, Repeat::Idempotent);

/// A list at any path.
///
/// # Errors
/// A `ConfigError` when the path is not one.
pub fn any_list(path: &str, query: Query) -> Result<List, Error> {
    Ok(List { endpoint: &LIST, path: with_slash(path)?, query })
}

/// A call of any path.
///
/// # Errors
/// A `ConfigError` when the path is not one, or a GET or DELETE has a body.
pub fn any(method: Method, path: &str, query: &Query, body: Option<String>) -> Result<Call, Error> {
    let endpoint = match method {
        Method::Get => &GET,
        Method::Post => &POST,
        Method::Put => &PUT,
        Method::Delete => &DELETE,
    };
    if body.is_some() && matches!(method, Method::Get | Method::Delete) {
        return Err(Error::config("request: a {} has no body", &[method.as_str()]));
    }
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
    Ok(fill("{}/", &[http::raw_path(path)?.trim_end_matches('/')]))
}
