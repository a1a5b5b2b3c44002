//! The dialect of the Close CRM API.
//!
//! A request is taken through the steps of the vendor's framework, in its order: find the route
//! (404, 405), authenticate (401), read the JSON (400), then whatever the operation itself does,
//! which is to find the object (404), check the permission (403), validate (400) and save.
//!
//! `routes` lists every operation in one table; the files named after nouns hold what they do; the
//! others hold what they have in common.

mod auth;
mod errors;
mod fields;
mod form;
mod found;
mod groups;
mod memberships;
mod organizations;
mod paging;
mod params;
mod roles;
mod routes;
mod users;

use std::fmt;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::limits::Standing;
use crate::server::{Config, Sandbox, read_body};
pub use auth::TOKENS;
use auth::{Caller, Credential};
use errors::Refusal;
pub(crate) use found::Found;
use params::Params;

/// How many requests are left, of those that are to be limited.
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The two states of the vendor's documentation that differ in behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Revision {
    /// Until mid July 2026: five membership operations, creating one is for OAuth only.
    R1,
    /// Since then: API keys may create memberships within verified domains, and there is a DELETE.
    R2,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Revision::R1 => "r1",
            Revision::R2 => "r2",
        })
    }
}

/// One authenticated request, as an operation sees it.
pub(crate) struct Call<'a> {
    /// Inside a transaction that is undone if the operation refuses.
    db: &'a Connection,
    config: &'a Config,
    /// The order of lists that were asked for before.
    found: &'a Found,
    caller: Caller,
    /// The parts of the path that vary, decoded, in order.
    ids: Vec<String>,
    params: Params,
    /// The JSON body without `_params`; empty where there was none.
    body: Map<String, Value>,
    /// How far east of UTC the caller reads dates that have no offset of their own.
    offset_hours: f64,
}

impl Call<'_> {
    /// The first varying part of the path.
    fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// The second varying part of the path.
    fn second_id(&self) -> &str {
        self.ids.get(1).map_or("", String::as_str)
    }

    fn organization(&self) -> &str {
        &self.caller.organization_id
    }

    /// From the second revision on, bodies are typed, and what they do not know they refuse.
    fn typed_bodies(&self) -> bool {
        self.config.close_revision >= Revision::R2
    }
}

/// What an operation answers with.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Option<Vec<u8>>,
}

impl Answer {
    fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Refusal> {
        Ok(Answer { status, body: Some(serde_json::to_vec(body)?) })
    }

    fn ok(body: &impl Serialize) -> Result<Self, Refusal> {
        Self::json(StatusCode::OK, body)
    }

    fn created(body: &impl Serialize) -> Result<Self, Refusal> {
        Self::json(StatusCode::CREATED, body)
    }

    fn no_content() -> Self {
        Answer { status: StatusCode::NO_CONTENT, body: None }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self.body {
            None => self.status.into_response(),
            Some(body) => (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        }
    }
}

/// Answers any request below `/api/`.
pub(crate) async fn answer(State(sandbox): State<Arc<Sandbox>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    // SQLite blocks, so it works on a thread that may.
    let work = tokio::task::spawn_blocking(move || handle(&sandbox, &parts, &body));
    match work.await {
        Ok(Ok(answer)) => answer.into_response(),
        Ok(Err(refusal)) => refusal.into_response(),
        Err(error) => Refusal::internal(error).into_response(),
    }
}

fn handle(sandbox: &Sandbox, parts: &Parts, body: &Bytes) -> Result<Answer, Refusal> {
    let method = effective_method(&parts.method, &parts.headers);
    let (operation, ids) = routes::find(sandbox.config.close_revision, method, parts.uri.path())?;
    if sandbox.tokens.has_expired(&parts.headers) {
        return Err(Refusal::unauthorized());
    }
    sandbox.db.transact(|db| {
        let credential = Credential::read(&parts.headers).ok_or_else(Refusal::unauthorized)?;
        let caller = Caller::find(db, credential)?.ok_or_else(Refusal::unauthorized)?;
        let mut body = read_json(method, &parts.method, &parts.headers, body)?;
        let params = match body.remove("_params") {
            Some(params) => Params::from_json(&params)?,
            None => Params::from_query(parts.uri.query().unwrap_or_default()),
        };
        operation(&Call {
            db,
            config: &sandbox.config,
            found: &sandbox.found,
            caller,
            ids,
            params,
            body,
            offset_hours: offset_hours(&parts.headers),
        })
    })
}

/// What the vendor would say instead of an answer, at this status.
pub(crate) fn refusal(status: StatusCode) -> Response {
    Refusal::of(status).into_response()
}

/// Requests that have a limit in common: a path with its ids left open, read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EndpointGroup {
    path: &'static str,
    writes: bool,
}

#[cfg(test)]
impl EndpointGroup {
    /// A group without a route.
    pub fn for_tests(path: &'static str) -> Self {
        EndpointGroup { path, writes: false }
    }
}

/// The group of a request; none if it will be refused for its path or its credential.
pub(crate) fn endpoint_group(config: &Config, request: &Request) -> Option<EndpointGroup> {
    Credential::read(request.headers())?;
    let path = routes::pattern(config.close_revision, request.uri().path())?;
    let writes = effective_method(request.method(), request.headers()) != "GET";
    Some(EndpointGroup { path, writes })
}

/// 429, with how long to wait in both headers.
pub(crate) fn too_many_requests(standing: &Standing) -> Response {
    let mut response = Refusal::too_many_requests(standing).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(standing.whole_seconds()));
    with_rate_limit(response, standing)
}

/// Says how near the limit is: `limit=20, remaining=19, reset=0.853`.
pub(crate) fn with_rate_limit(mut response: Response, standing: &Standing) -> Response {
    let Standing { limit, remaining, reset, .. } = standing;
    let text = format!("limit={limit}, remaining={remaining}, reset={}", reset.as_secs_f64());
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().insert(RATE_LIMIT, value);
    }
    response
}

/// A POST may say that it is really another method: for queries too long for a URL, and for
/// clients that know only GET and POST.
fn effective_method<'a>(method: &'a Method, headers: &'a HeaderMap) -> &'a str {
    match headers.get("x-http-method-override").and_then(|value| value.to_str().ok()) {
        Some(wanted) if method == Method::POST => wanted.trim(),
        _ => method.as_str(),
    }
}

/// The JSON object of a request. Operations that write must have one; a GET or DELETE has one only
/// when it travels as a POST, to carry `_params`.
fn read_json(
    method: &str,
    wire_method: &Method,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Map<String, Value>, Refusal> {
    if headers.contains_key(header::TRANSFER_ENCODING) && !body.is_empty() {
        return Err(Refusal::bad_request("Chunked Transfer-Encoding is not supported."));
    }
    let writes = matches!(method, "POST" | "PUT");
    if !writes && (body.is_empty() || wire_method != Method::POST) {
        return Ok(Map::new());
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::bad_request(
            "Please send valid JSON with a 'Content-Type: application/json' header.",
        ));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::bad_request("JSON data must be a dict.")),
        Err(_) => Err(Refusal::bad_request("The request contains invalid JSON.")),
    }
}

/// `x-tz-offset`, in hours east of UTC. What makes no sense counts as UTC.
fn offset_hours(headers: &HeaderMap) -> f64 {
    let hours = headers.get("x-tz-offset").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    hours.filter(|hours: &f64| hours.abs() <= 24.0).unwrap_or(0.0)
}
