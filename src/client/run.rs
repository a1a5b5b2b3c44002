use std::cell::Cell;
use std::rc::Rc;

use super::Observer;
use super::limiter::ceil_ms;
use crate::http::{Error, Headers, Sent};

/// Options of one call.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Milliseconds for one request; `None` for the client's own.
    pub timeout_ms: Option<u32>,
    /// Milliseconds for all of it; `None` or 0 for any time.
    pub deadline_ms: Option<u32>,
    /// How often it is tried again; `None` for the client's own.
    pub max_retries: Option<u32>,
    /// Headers, which win over the client's.
    pub headers: Headers,
    /// Whether other calls go first when requests have to wait; `None` for lists alone.
    pub background: Option<bool>,
    /// Whether it sends its own request though an equal one is in flight.
    pub alone: bool,
    /// Told about its requests.
    pub observer: Option<Rc<dyn Observer>>,
    /// Told how far a call is that takes many requests: how many are done, of how many.
    pub progress: Option<Rc<dyn Fn(usize, usize)>>,
}

impl CallOptions {
    /// Whether a read with these may share the answer of one with the others.
    pub(super) fn reads_as(&self, other: &Self) -> bool {
        let numbers = |options: &Self| (options.timeout_ms, options.max_retries, options.background);
        numbers(self) == numbers(other) && self.headers == other.headers
    }
}

/// A call under way, with all its requests: of a list, those of all its pages.
pub struct Run {
    /// Its number.
    pub number: u32,
    /// Its options.
    pub options: CallOptions,
    /// When it has to be done, in milliseconds since the Unix epoch; infinite for any time.
    pub deadline: f64,
    requests: Cell<u32>,
    retries: Cell<u32>,
    waited_ms: Cell<f64>,
    /// What became of the last request.
    sent: Cell<Sent>,
    /// Its number.
    pub(super) last_id: Cell<u32>,
}

impl Run {
    /// A call that begins now.
    pub fn new(number: u32, options: CallOptions, now: f64) -> Rc<Self> {
        let deadline = match options.deadline_ms {
            None | Some(0) => f64::INFINITY,
            Some(ms) => now + f64::from(ms),
        };
        Rc::new(Self {
            number,
            options,
            deadline,
            requests: Cell::new(0),
            retries: Cell::new(0),
            waited_ms: Cell::new(0.0),
            sent: Cell::new(Sent::No),
            last_id: Cell::new(0),
        })
    }

    /// Requests that it sent. One that shared another's answer sent none.
    pub fn requests(&self) -> u32 {
        self.requests.get()
    }

    /// How many of them were further tries.
    pub fn retries(&self) -> u32 {
        self.retries.get()
    }

    /// Milliseconds that its requests waited, for the rate limit or for their next try.
    pub fn waited_ms(&self) -> f64 {
        self.waited_ms.get()
    }

    /// Milliseconds until its deadline; `None` for any time.
    pub(super) fn left_ms(&self, now: f64) -> Option<u32> {
        if self.deadline.is_finite() { Some(ceil_ms(self.deadline - now)) } else { None }
    }

    /// A request goes out. Gives what was known before, for [`Run::never_left`].
    pub(super) fn count_request(&self) -> Sent {
        self.requests.set(self.requests.get() + 1);
        self.sent.replace(Sent::Maybe)
    }

    /// It did not go out after all.
    pub(super) fn never_left(&self, before: Sent) {
        self.sent.set(before);
    }

    pub(super) fn count_retry(&self) {
        self.retries.set(self.retries.get() + 1);
    }

    pub(super) fn count_wait(&self, ms: f64) {
        self.waited_ms.set(self.waited_ms.get() + ms);
    }

    pub(super) fn count_answer(&self) {
        self.sent.set(Sent::Yes);
    }

    /// Completes an error with what became of the call as a whole.
    pub(super) fn complete(&self, error: &mut Error) {
        error.attempts = self.requests();
        if error.sent == Sent::No {
            // This request went nowhere, but one before it did.
            error.sent = self.sent.get();
        }
    }
}
