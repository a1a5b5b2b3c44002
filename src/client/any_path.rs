use serde_json::Value;

use super::{Answer, Asks, Body, Endpoint, Repeat};
use crate::http::{Error, Method};
use crate::paging::Style;
use crate::schema::Typed;

/// What stands for the operations that Orgdeck does not have of a vendor: any path may be listed and called.
#[derive(Debug)]
pub struct AnyPath {
    list: Endpoint,
    get: Endpoint,
    post: Endpoint,
    put: Endpoint,
    delete: Endpoint,
}

impl AnyPath {
    /// Any path of a vendor: what may be asked for, which member of a list's answer has the items, and how lists
    /// continue.
    pub const fn new(asks: Asks, items: &'static str, style: Style) -> Self {
        let list = Endpoint {
            name: "list",
            variant: "",
            method: Method::Get,
            path: "",
            asks,
            body: None,
            bulk: None,
            answer: Answer::Page { items, of: Value::SHAPE, style },
            repeat: Repeat::Safe,
            flow: None,
        };
        let request = Endpoint {
            name: "request",
            body: Some(Body { shape: Value::SHAPE, member: None, check: None }),
            answer: Answer::Any,
            ..list
        };
        Self {
            list,
            get: request,
            post: Endpoint { method: Method::Post, repeat: Repeat::Once, ..request },
            // A PUT of either kind, of what it names or of the whole, is twice as once; and so is a DELETE.
            put: Endpoint { method: Method::Put, repeat: Repeat::Idempotent, ..request },
            delete: Endpoint { method: Method::Delete, repeat: Repeat::Idempotent, ..request },
        }
    }

    /// What stands for a list.
    pub const fn list(&'static self) -> &'static Endpoint {
        &self.list
    }

    /// What stands for a call.
    ///
    /// # Errors
    /// A `ConfigError` when a GET or DELETE has a body.
    pub fn request(&'static self, method: Method, body: Option<&String>) -> Result<&'static Endpoint, Error> {
        if body.is_some() && matches!(method, Method::Get | Method::Delete) {
            return Err(Error::config("request: a {} has no body", &[method.as_str()]));
        }
        Ok(match method {
            Method::Get => &self.get,
            Method::Post => &self.post,
            Method::Put => &self.put,
            Method::Delete => &self.delete,
        })
    }
}
