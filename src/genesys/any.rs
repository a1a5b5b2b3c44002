//! Endpoints of Genesys that Orgdeck has no operation for.

use std::rc::Rc;

use serde_json::Value;

use super::List;
use super::wire::{STYLE, call_at};
use crate::client::{Answer, Asks, Body, Call, Endpoint, Repeat, Source};
use crate::http::{self, Error, Method};
use crate::json::Json;
use crate::schema::Typed;

static LIST: Endpoint = Endpoint {
    name: "list",
    variant: "",
    method: Method::Get,
    path: "",
    asks: Asks::Params(Value::SHAPE),
    body: None,
    bulk: None,
    answer: Answer::Page { items: "entities", of: Value::SHAPE, style: STYLE },
    repeat: Repeat::Safe,
    flow: None,
};

const fn request(method: Method, repeat: Repeat) -> Endpoint {
    Endpoint {
        name: "request",
        variant: "",
        method,
        path: "",
        asks: Asks::Params(Value::SHAPE),
        body: Some(Body { shape: Value::SHAPE, member: None, check: None }),
        bulk: None,
        answer: Answer::Any,
        repeat,
        flow: None,
    }
}

static GET: Endpoint = request(Method::Get, Repeat::Safe);
static POST: Endpoint = request(Method::Post, Repeat::Once);
// A PUT replaces, so twice is as once; where it has a version, the second one is refused.
static PUT: Endpoint = request(Method::Put, Repeat::Idempotent);
static DELETE: Endpoint = request(Method::Delete, Repeat::Idempotent);

/// A list at any path that answers with `entities`, from its parameters.
///
/// # Errors
/// A `ConfigError` when the path or a parameter is not one.
pub fn any_list(path: &str, query: &Json) -> Result<Rc<dyn Source>, Error> {
    Ok(Rc::new(List::of(call_at(&LIST, Method::Get, http::raw_path(path)?, query, None)?)))
}

/// A call of any path.
///
/// # Errors
/// A `ConfigError` when the path or a parameter is not one, or a GET or DELETE has a body.
pub fn any(method: Method, path: &str, query: &Json, body: Option<String>) -> Result<Call, Error> {
    let endpoint = match method {
        Method::Get => &GET,
        Method::Post => &POST,
        Method::Put => &PUT,
        Method::Delete => &DELETE,
    };
    if body.is_some() && matches!(method, Method::Get | Method::Delete) {
        return Err(Error::config("request: a {} has no body", &[method.as_str()]));
    }
    call_at(endpoint, method, http::raw_path(path)?, query, body)
}
