//! The last requests of the API, for tests and for the curious.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::oauth;
use crate::stats::Stats;
use crate::vendor::Vendor;

/// How many requests are remembered.
const CAPACITY: usize = 1_000;

/// One request. `status` and `ms` are `null` until its answer begins, and stay so when the client hung
/// up before that. A connection that a fault closed without an answer has a time, but no status.
/// `aborted` says that the client hung up, before the answer or in the middle of it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    id: u64,
    method: String,
    path: String,
    status: Option<u16>,
    aborted: bool,
    body: Value,
    headers: Map<String, Value>,
    ms: Option<u64>,
    /// The id of the rule that something was done to it by.
    fault: Option<u64>,
}

/// Which entry a request has; to be found in the request itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered(u64);

/// A ring of [`CAPACITY`] entries, in the order in which the requests arrived.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    ring: Arc<Mutex<Ring>>,
}

#[derive(Debug, Default)]
struct Ring {
    last_id: u64,
    entries: VecDeque<Entry>,
}

impl RequestLog {
    /// Notes a request that has arrived.
    pub fn begin(&self, parts: &Parts, body: &[u8], vendor: Vendor, stats: &Stats) -> Pending {
        let mut ring = self.lock();
        ring.last_id += 1;
        let id = ring.last_id;
        if ring.entries.len() == CAPACITY {
            ring.entries.pop_front();
        }
        ring.entries.push_back(Entry {
            id,
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            status: None,
            aborted: false,
            body: readable(parts.uri.path(), body),
            headers: masked(&parts.headers),
            ms: None,
            fault: None,
        });
        stats.begin(vendor);
        Pending { log: self.clone(), stats: stats.clone(), id, since: Instant::now(), finished: false }
    }

    /// Notes which rule's fault happens to a request.
    pub fn blame(&self, entered: Entered, rule: u64) {
        self.update(entered.0, |entry| entry.fault = Some(rule));
    }

    /// The newest `limit` entries, newest last.
    pub fn latest(&self, limit: usize) -> Vec<Entry> {
        let ring = self.lock();
        let skipped = ring.entries.len().saturating_sub(limit);
        ring.entries.iter().skip(skipped).cloned().collect()
    }

    /// Forgets everything; later requests still get new ids.
    pub fn clear(&self) {
        self.lock().entries.clear();
    }

    fn update(&self, id: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.lock().entries.iter_mut().rev().find(|entry| entry.id == id) {
            change(entry);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way. Dropped before its end, it counts as aborted.
#[derive(Debug)]
pub struct Pending {
    log: RequestLog,
    stats: Stats,
    id: u64,
    since: Instant,
    finished: bool,
}

impl Pending {
    /// Which entry it has.
    pub fn entered(&self) -> Entered {
        Entered(self.id)
    }

    /// Notes the answer, and stays with it until its body has gone out, if it will.
    pub fn answer(mut self, response: Response, bodiless: bool) -> Response {
        let status = response.status();
        self.stats.answer(status);
        let ms = self.ms();
        self.log.update(self.id, |entry| {
            entry.status = Some(status.as_u16());
            entry.ms = Some(ms);
        });
        if bodiless || response.body().is_end_stream() {
            self.finish();
            return response;
        }
        response.map(|body| Body::new(Followed { body, pending: self }))
    }

    /// A fault has closed the connection instead.
    pub fn cut(mut self) {
        let ms = self.ms();
        self.log.update(self.id, |entry| entry.ms = Some(ms));
        self.finish();
    }

    fn ms(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn finish(&mut self) {
        if !self.finished {
            self.finished = true;
            self.stats.end(false);
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.finished {
            self.stats.end(true);
            self.log.update(self.id, |entry| entry.aborted = true);
        }
    }
}

/// An answer's body, with an eye on whether anybody stays for its end.
struct Followed {
    body: Body,
    pending: Pending,
}

impl HttpBody for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // At the last piece, not after it: by then the client may be looking at the log already. An
        // error is a fault that was asked for, and not the client's.
        if self.body.is_end_stream() || !matches!(frame, Some(Ok(_))) {
            self.pending.finish();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body, but without what a sign-in must not give away.
fn readable(path: &str, body: &[u8]) -> Value {
    match body {
        [] => Value::Null,
        body if oauth::serves(path) => Value::String(oauth::without_secrets(body)),
        body => serde_json::from_slice(body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned())),
    }
}

/// All headers, but of credentials only their kind.
fn masked(headers: &HeaderMap) -> Map<String, Value> {
    let mut shown = Map::new();
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let text = match name.as_str() {
            "authorization" | "proxy-authorization" => match text.split_once(' ') {
                Some((scheme, _)) => format!("{scheme} ***"),
                None => "***".to_owned(),
            },
            "cookie" => "***".to_owned(),
            _ => text.into_owned(),
        };
        shown.insert(name.as_str().to_owned(), Value::String(text));
    }
    shown
}
