use std::rc::Rc;

use super::limiter::{Allowance, Window};
use super::{Call, Endpoint, Source};
use crate::http::{BaseUrl, Error, Headers, Method, Request, Response, cut};
use crate::json::Json;
use crate::schema::{Rules, check};

/// Makes something of an operation, its ids, query and body.
pub type Make<T> = fn(&'static Endpoint, &[&str], &Json, Option<String>) -> Result<T, Error>;

/// Makes a list of a path and a query.
pub type MakeAnyList = fn(&str, &Json) -> Result<Rc<dyn Source>, Error>;

/// A vendor, as everything above its folder needs to know it. Queries are JSON as callers write it, null for none;
/// bodies are JSON text.
#[derive(Debug)]
pub struct Vendor {
    /// The name in errors and events.
    pub name: &'static str,
    /// Where the API is unless the caller says otherwise.
    pub base_url: &'static str,
    /// Its operations.
    pub endpoints: &'static [&'static Endpoint],
    /// Makes a call of an operation, from its ids, query and body.
    pub call: Make<Call>,
    /// Makes a list of an operation, from the same.
    pub list: Make<Rc<dyn Source>>,
    /// Makes a call of a path that it has no operation for, from query and body.
    pub any: fn(Method, &str, &Json, Option<String>) -> Result<Call, Error>,
    /// Makes a list of such a path, from the query.
    pub any_list: MakeAnyList,
    /// Gives a request its last form, now that it is known where it goes.
    pub prepare: fn(&mut Request, &BaseUrl) -> Result<(), Error>,
    /// Completes the error of an answer that is not a success: its message and, where the vendor says them, kind,
    /// fields, request id and time to wait.
    pub read_error: fn(&Response, &mut Error),
    /// The header, in lower case, that has the vendor's name for a request; empty for none.
    pub request_id: &'static str,
    /// How it limits requests.
    pub limits: Limits,
    /// The parameters whose values tell nothing of people, and may be seen in events.
    pub plain: &'static [&'static str],
}

/// How a vendor limits requests.
#[derive(Debug)]
pub struct Limits {
    /// Whether each endpoint has a limit of its own; else all requests with one token count together.
    pub per_endpoint: bool,
    /// What the vendor documents, where it does not say it with its answers.
    pub allowance: Option<Allowance>,
    /// Reads what an answer says.
    pub read: fn(&Headers) -> Option<Window>,
}

impl Limits {
    /// The requests that one of an endpoint counts together with: method and path. Those to paths that there is no
    /// operation for go together, because nobody knows which of their parts are ids.
    pub(super) const fn group(&self, endpoint: &Endpoint) -> Option<(Method, &'static str)> {
        if self.per_endpoint { Some((endpoint.method, endpoint.path)) } else { None }
    }
}

impl Vendor {
    /// The operation of a name, behind which a plus sign and a variant may stand.
    pub fn operation(&self, name: &str) -> Option<&'static Endpoint> {
        let (name, variant) = cut(name, b'+').unwrap_or((name, ""));
        let mut endpoints = self.endpoints.iter();
        endpoints.find(|endpoint| endpoint.name == name && endpoint.variant == variant).copied()
    }
}

/// Checks a body, JSON text, against what an endpoint wants.
///
/// # Errors
/// A `ConfigError` that names the part that is wrong.
pub fn check_body(endpoint: &Endpoint, body: Option<&str>) -> Result<(), Error> {
    let (Some(rule), Some(text)) = (&endpoint.body, body) else { return Ok(()) };
    let wrong = |why: &str| Error::config("{}: {}", &[endpoint.name, why]);
    let rules = Rules { strict: true, selected: None };
    check(text, &rule.shape, rules).map_err(|mismatch| wrong(&mismatch.message()))?;
    if let Some(check) = rule.check {
        let value = Json::parse(text).map_err(|_| wrong("it is nested too deep"))?;
        check(&value).map_err(|why| wrong(&why))?;
    }
    Ok(())
}
