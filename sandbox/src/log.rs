//! The last requests of the API, for tests and for the curious.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::oauth;

/// How many requests are remembered.
const CAPACITY: usize = 1_000;

/// One request. `status` and `ms` are `null` while it is under way, and stay so when the client hung
/// up before it was answered. A connection that a fault closed has a time, but no status.
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
}

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
    pub fn begin(&self, parts: &Parts, body: &[u8]) -> Pending {
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
        });
        Pending { log: self.clone(), id, since: Instant::now(), finished: false }
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

/// A request under way. Dropped without an answer, it counts as aborted.
#[derive(Debug)]
pub struct Pending {
    log: RequestLog,
    id: u64,
    since: Instant,
    finished: bool,
}

impl Pending {
    /// Notes the answer; none if a fault closed the connection instead.
    pub fn finish(mut self, status: Option<StatusCode>) {
        self.finished = true;
        let ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.log.update(self.id, |entry| {
            entry.status = status.map(|status| status.as_u16());
            entry.ms = Some(ms);
        });
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.finished {
            self.log.update(self.id, |entry| entry.aborted = true);
        }
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
