//! Endpoints of Close that Orgdeck has no operation for.

use serde_json::Value;

use super::List;
use super::wire::{STYLE, call_at};
use crate::client::{Answer, Body, Call, Endpoint, Repeat};
use crate::http::{self, Error, Method};
use crate::query::{Accepts, Query};
use crate::schema::Typed;

static LIST: Endpoint = Endpoint {
    name: "list",
    method: Method::Get,
    path: "",
    accepts: &Accepts::ANYTHING,
    body: None,
    bulk: None,
    answer: Answer::Page { items: "data", of: Value::SHAPE, style: STYLE },
    repeat: Repeat::Safe,
};

const fn request(method: Method, repeat: Repeat) -> Endpoint {
    Endpoint {
        name: "request",
        method,
        path: "",
        accepts: &Accepts::ANYTHING,
        body: Some(Body { shape: Value::SHAPE, member: None, check: None }),
        bulk: None,
        answer: Answer::Any,
        repeat,
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
        return Err(Error::config(&["request: a ", method.as_str(), " has no body"]));
    }
    call_at(endpoint, method, with_slash(path)?, query, body)
}

/// Every path of Close ends with a slash.
fn with_slash(path: &str) -> Result<String, Error> {
    Ok([http::raw_path(path)?.trim_end_matches('/'), "/"].concat())
}
