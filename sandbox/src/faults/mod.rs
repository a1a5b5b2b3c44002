//! Faults: what goes wrong between a client and a vendor, on demand.
//!
//! `POST /_sandbox/faults` takes a list of rules in place of those that were there, and makes expired
//! tokens good again. It answers `{"rules": […]}`, as a GET does: each rule as it was written, with its
//! `id`, how many requests it has `seen` that match, and of how many it `hits`.
//!
//! ```json
//! [{ "match": { "method": "GET", "path": "/api/v1/group/*", "query": "_skip=100" },
//!    "after": 2, "times": 1, "probability": 0.1, "seed": 7, "status": 503, "retryAfter": 2 }]
//! ```
//!
//! The first rule that matches a request and fires is carried out, and no other. Of the requests that
//! match, `after` are left alone first; then it fires `times` times, or always, each time with a
//! `probability` whose dice have a `seed` (that of a rule without one is its place in the list).
//! In `match` everything may be absent. Paths are as in `pattern`; `query` is a parameter, with its
//! value or without. Only what is asked of the vendors matches, and never a preflight.
//!
//! | member | fault |
//! |---|---|
//! | `status`, `body`? | this answer in place of the real one, and nothing is carried out. Without a body, in the vendor's words |
//! | `retryAfter` | seconds, or `{"date": seconds}`: with a `status` or `html`, that header; a 429 of Genesys has it in its text, too, unless `silent` is true |
//! | `headers` | more headers, of any answer |
//! | `html` | a proxy's page with this status; nothing is carried out |
//! | `delayMs` | how long nothing happens, before anything else does |
//! | `hideHeaders` | the answer has no `Access-Control-Expose-Headers` |
//! | `slowBody` | `{"bytes": 1, "everyMs": 2}`: the body goes out in pieces |
//! | `truncate` | the body is cut in half, and its length says so |
//! | `reset` | the connection is cut `before` anything is carried out, `after` it, without an answer, or in the middle of the answer's `body` |
//! | `items` | `{"duplicate": 1}`: the first item of a page comes again at its end; `{"missing": 1}`: it is left out |
//! | `records` | `{"insert": 1}` or `{"remove": 1}`: before the page is answered, at the front of what it lists; see `records`. Other requests do not match |
//! | `expireToken` | this request and later ones with its credential get 401 |
//!
//! Members are combined where that makes sense. `POST /_sandbox/answer` queues single answers, which go
//! before all rules; see `queue`.

mod answer;
mod body;
mod fault;
mod items;
mod pattern;
mod queue;
mod reader;
pub mod records;
mod rule;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::request::Parts;
use serde_json::{Value, json};
use tokio::sync::watch;

pub use fault::Fault;
use rule::Rule;

/// Marks an answer that must not be sent at all: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub struct HangUp;

/// All that is to go wrong.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
    armed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    queue: VecDeque<Rule>,
    rules: Vec<Rule>,
}

impl State {
    fn may_cut(&self) -> bool {
        self.queue.iter().chain(&self.rules).any(Rule::may_cut)
    }
}

impl Faults {
    /// Puts a list of rules in the place of those that were there.
    ///
    /// # Errors
    /// A sentence that names the rule and the member; then nothing has changed.
    pub fn replace(&self, rules: &[u8]) -> Result<(), String> {
        let rules: Vec<Value> = serde_json::from_slice(rules).map_err(|error| format!("rules: {error}"))?;
        let rules = rules.into_iter().enumerate().map(|(at, rule)| Rule::read(at, rule));
        let mut rules = rules.collect::<Result<Vec<_>, _>>()?;
        let mut state = self.lock();
        for rule in &mut rules {
            state.last_id += 1;
            rule.id = state.last_id;
        }
        state.rules = rules;
        self.arm(&state);
        Ok(())
    }

    /// Queues an answer.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn queue(&self, order: &[u8]) -> Result<(), String> {
        let mut rule = queue::read(order)?;
        let mut state = self.lock();
        state.last_id += 1;
        rule.id = state.last_id;
        state.queue.push_back(rule);
        self.arm(&state);
        Ok(())
    }

    /// The rules, with what they have seen and done: `{"rules": […]}`.
    pub fn show(&self) -> Value {
        json!({ "rules": self.lock().rules.iter().map(Rule::show).collect::<Vec<_>>() })
    }

    /// What is to happen to this request, if anything, and the id of the rule that says so.
    pub fn take(&self, request: &Parts) -> Option<(u64, Arc<Fault>)> {
        let mut state = self.lock();
        let State { queue, rules, .. } = &mut *state;
        let fired = queue.iter_mut().chain(rules).find_map(|rule| rule.fire(request));
        queue.retain(|rule| !rule.is_used_up());
        fired
    }

    /// Whether a connection may be cut without an answer.
    ///
    /// Browsers repeat a request on their own, a POST too, when a connection that they have used before
    /// breaks without an answer. So that a cut is seen by the page, and the request sent once, there must
    /// be no such connections: those that are open are closed, and no answer leaves one open.
    pub fn may_cut(&self) -> bool {
        self.lock().may_cut()
    }

    /// Tells when a rule has come that may cut connections.
    pub fn armed(&self) -> watch::Receiver<()> {
        self.armed.subscribe()
    }

    fn arm(&self, state: &State) {
        if state.may_cut() {
            self.armed.send_replace(());
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.queue.clear();
        state.rules.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
