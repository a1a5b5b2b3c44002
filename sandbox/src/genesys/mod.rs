//! The dialect of the Genesys Cloud API, as far as it concerns groups and the people in them.
//!
//! A request finds its route (404, 405), then authenticates (401), has its body read (413, 415,
//! 400), and then comes to the operation, which finds the object (404), checks the permission (403),
//! validates (400), compares versions (409) and saves.
//!
//! `routes` lists every operation in one table; the files named after nouns hold what they do; the
//! others hold what they have in common. What this vendor promises now and does later waits in
//! `changes`; what its search means is in `criteria`, by the page `docs/criteria.md`.

mod auth;
mod changes;
mod contacts;
mod criteria;
mod dates;
mod dynamic;
mod errors;
mod expand;
mod field_config;
mod fields;
mod groups;
pub(crate) mod members;
mod paging;
mod params;
mod profiles;
mod routes;
mod routing;
mod search;
mod tokens;
mod users;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock;
use crate::db::ids;
use crate::server::{Config, Sandbox, json, read_body};
use auth::Caller;
pub use auth::TOKENS;
use errors::Refusal;
use params::Params;

/// Everything below this path is this vendor's.
pub const PREFIX: &str = "/api/v2/";

/// Which request an answer belongs to, for when one has to ask the vendor about it.
pub const CORRELATION_ID: HeaderName = HeaderName::from_static("inin-correlation-id");

/// The vendor's limit for the body of a request.
const MAX_BODY_BYTES: usize = 512_000;

/// How deep criteria may be nested. There is no vendor to copy here, but there has to be an end.
const MAX_DEPTH: usize = 512;

/// How deep the brackets of a body may be nested: two of them for each of the above, and some around.
const MAX_BRACKETS: usize = 2 * MAX_DEPTH + 8;

/// What is answered to a change that somebody else came before: the vendor has been seen to do both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// As declared.
    Status409,
    /// As observed now and then.
    Status400,
}

impl Conflict {
    fn status(self) -> StatusCode {
        match self {
            Conflict::Status409 => StatusCode::CONFLICT,
            Conflict::Status400 => StatusCode::BAD_REQUEST,
        }
    }
}

impl clap::ValueEnum for Conflict {
    fn value_variants<'a>() -> &'a [Self] {
        &[Conflict::Status409, Conflict::Status400]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(match self {
            Conflict::Status409 => "409",
            Conflict::Status400 => "400",
        }))
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status().as_u16())
    }
}

/// One authenticated request, as an operation sees it.
pub(crate) struct Call<'a> {
    /// Inside a transaction that is undone if the operation refuses.
    db: &'a Connection,
    config: &'a Config,
    caller: Caller,
    /// As the client wrote it, without the query.
    path: &'a str,
    /// The part of the path that varies, decoded.
    ids: Vec<String>,
    params: Params<'a>,
    body: Option<Value>,
    /// When the request arrived, in microseconds since 1970.
    now: i64,
}

impl Call<'_> {
    /// The varying part of the path.
    fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
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

    /// A status and not one byte.
    fn empty(status: StatusCode) -> Self {
        Answer { status, body: None }
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

/// Answers any request below [`PREFIX`].
pub(crate) async fn answer(State(sandbox): State<Arc<Sandbox>>, request: Request<Body>) -> Response {
    let correlation = correlation_id(sandbox.config.seed);
    let (parts, body) = request.into_parts();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    // SQLite blocks, so it works on a thread that may.
    let work = tokio::task::spawn_blocking(move || handle(&sandbox, &parts, &body));
    let outcome = work.await.unwrap_or_else(|error| Err(Refusal::internal(error)));
    match outcome {
        Ok(answer) => correlated(answer.into_response(), &correlation),
        Err(refusal) => refused(refusal, &correlation),
    }
}

fn refused(refusal: Refusal, correlation: &str) -> Response {
    correlated(json(refusal.status(), &refusal.into_body(correlation)), correlation)
}

/// Puts the id of a request on its answer, unless there is one.
pub(crate) fn correlated(mut response: Response, correlation: &str) -> Response {
    if let Ok(value) = HeaderValue::try_from(correlation) {
        response.headers_mut().entry(CORRELATION_ID).or_insert(value);
    }
    response
}

/// What the vendor would say instead of an answer, at this status.
pub(crate) fn refusal(seed: u64, status: StatusCode) -> Response {
    refused(Refusal::of(status), &correlation_id(seed))
}

/// 429, with how long to wait in the header, and in the text as well.
pub(crate) fn too_many_requests(seed: u64, seconds: &str) -> Response {
    let mut response = refused(Refusal::too_many_requests(Some(seconds)), &correlation_id(seed));
    if let Ok(value) = HeaderValue::try_from(seconds) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// A new one for each request. Not minted like other ids: these belong to requests, not to the data.
pub(crate) fn correlation_id(seed: u64) -> String {
    static REQUESTS: AtomicU64 = AtomicU64::new(1 << 63);
    ids::draw_uuid(&mut ids::stream(seed, REQUESTS.fetch_add(1, Ordering::Relaxed)))
}

fn handle(sandbox: &Sandbox, parts: &Parts, body: &Bytes) -> Result<Answer, Refusal> {
    let path = parts.uri.path();
    let (operation, ids) = routes::find(parts.method.as_str(), path)?;
    if sandbox.tokens.has_expired(&parts.headers) {
        return Err(Refusal::expired_token());
    }
    let now = clock::now();
    // Apart from the rest, because it holds even if the request is refused.
    sandbox.db.transact(|db| changes::carry_out(db, now))?;
    sandbox.db.transact(|db| {
        let caller = Caller::find(db, &parts.headers, now)?;
        operation(&Call {
            db,
            config: &sandbox.config,
            caller,
            path,
            ids,
            params: Params::from_query(parts.uri.query().unwrap_or_default()),
            body: read_json(parts, body)?,
            now,
        })
    })
}

/// The JSON of a request that writes, if it has any. The vendor's own client sends the content type
/// with every request, so it says nothing unless there is a body.
fn read_json(parts: &Parts, body: &[u8]) -> Result<Option<Value>, Refusal> {
    if body.is_empty() || !matches!(parts.method.as_str(), "POST" | "PUT") {
        return Ok(None);
    }
    if body.len() > MAX_BODY_BYTES {
        return Err(Refusal::too_large(MAX_BODY_BYTES));
    }
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::unsupported_media_type());
    }
    parse(body).map(Some)
}

/// Reads JSON, deeply nested if need be: the parser's own limit would stop search criteria that the
/// vendor takes. Threads have stacks for so much; see `server`.
fn parse(text: &[u8]) -> Result<Value, Refusal> {
    if brackets(text) > MAX_BRACKETS {
        return Err(Refusal::bad_request("The request is nested too deeply."));
    }
    let malformed = |_| Refusal::bad_request("The request could not be understood: it is not valid JSON.");
    let mut parser = serde_json::Deserializer::from_slice(text);
    parser.disable_recursion_limit();
    let value = Value::deserialize(&mut parser).map_err(malformed)?;
    parser.end().map_err(malformed)?;
    Ok(value)
}

/// How deep the brackets of a JSON text are nested, without those inside of strings.
fn brackets(text: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Works out what follows from the other tables of a group: whom its rule brings, and how many
/// people that makes.
pub(crate) fn settle(db: &Connection, group: i64) -> rusqlite::Result<()> {
    dynamic::bring_people(db, group)?;
    members::recount(db, group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(brackets(br#"{"a":[1,{"b":"[[[{"}],"c\"[":[]}"#), 3);
        assert_eq!(brackets(b"]]]["), 1);
    }
}
