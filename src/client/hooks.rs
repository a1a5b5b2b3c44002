use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Client, Run};
use crate::http::{Error, ErrorKind, Request, Response};

/// What an observer is told. It never holds credentials, bodies or values that may tell of people.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Numbers the calls of a client, from 1. The pages of one listing are one call.
    pub call: u32,
    /// Numbers the requests of a client, from 1; between requests that of the last one, 0 before the first.
    pub id: u32,
    /// The operation, such as `groups.get`.
    pub operation: &'static str,
    /// The vendor.
    pub vendor: &'static str,
    /// The method.
    pub method: &'static str,
    /// Path and query under the base URL, as [`Request::shown`] has them.
    pub path: String,
    /// When, by the client's clock.
    pub time: f64,
    /// Which try of its request it is about, from 1.
    pub attempt: u32,
    /// What happened.
    pub stage: Stage,
}

/// What happens to a request, and between requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// It is sent.
    Sent,
    /// It was answered.
    Answered {
        /// The status.
        status: u16,
        /// Milliseconds since it was sent.
        ms: f64,
        /// Length of the body.
        bytes: usize,
    },
    /// It was not answered.
    Failed {
        /// Why; `None` when the caller gave it up.
        kind: Option<ErrorKind>,
        /// Milliseconds since it was sent.
        ms: f64,
    },
    /// It is tried again.
    Retry {
        /// Why.
        kind: ErrorKind,
        /// The status, if it was answered.
        status: Option<u16>,
        /// In how many milliseconds.
        ms: f64,
    },
    /// It waits for the rate limit.
    Wait {
        /// About how many milliseconds.
        ms: f64,
    },
    /// A fresh token is asked for.
    Refresh,
    /// A page of a list has come.
    Page {
        /// Pages so far.
        pages: u64,
        /// Items so far.
        items: u64,
        /// Items of the whole list, where the vendor counts them.
        total: Option<u64>,
    },
}

/// Who is told about requests.
pub trait Observer {
    /// Takes in an event.
    fn notice(&self, event: &Event);
}

/// Tells the observers of one request and its tries.
pub(super) struct Teller<'a> {
    client: &'a Client,
    run: &'a Run,
    observers: [Option<Rc<dyn Observer>>; 2],
    event: RefCell<Event>,
}

impl<'a> Teller<'a> {
    pub fn new(client: &'a Client, run: &'a Run, operation: &'static str, request: &Request) -> Self {
        let observers = [client.observer.clone(), run.options.observer.clone()];
        let is_told = observers.iter().any(Option::is_some);
        let event = RefCell::new(Event {
            call: run.number,
            id: run.last_id.get(),
            operation,
            vendor: client.vendor.name,
            method: request.method.as_str(),
            path: if is_told { request.shown(client.vendor.plain) } else { String::new() },
            time: 0.0,
            attempt: 1,
            stage: Stage::Sent,
        });
        Self { client, run, observers, event }
    }

    pub fn tell(&self, stage: Stage) {
        let event = {
            let mut event = self.event.borrow_mut();
            event.time = self.client.clock.now_ms();
            event.stage = stage;
            event.clone()
        };
        for observer in self.observers.iter().flatten() {
            observer.notice(&event);
        }
    }

    /// What follows is about the next try.
    pub fn count(&self) {
        self.event.borrow_mut().attempt += 1;
    }

    /// A request goes out now.
    pub fn sent(&self) -> InFlight<'_> {
        let requests = &self.client.state.requests;
        requests.set(requests.get().wrapping_add(1));
        self.run.last_id.set(requests.get());
        self.event.borrow_mut().id = requests.get();
        self.tell(Stage::Sent);
        InFlight { teller: self, since: self.client.clock.now_ms(), is_ended: Cell::new(false) }
    }
}

/// A request in flight. When it is dropped before its end, its caller has given it up.
pub(super) struct InFlight<'a> {
    teller: &'a Teller<'a>,
    since: f64,
    is_ended: Cell<bool>,
}

impl InFlight<'_> {
    fn ms(&self) -> f64 {
        self.teller.client.clock.now_ms() - self.since
    }

    pub fn answered(&self, response: &Response) {
        self.is_ended.set(true);
        let Response { status, body, .. } = response;
        self.teller.tell(Stage::Answered { status: *status, ms: self.ms(), bytes: body.len() });
    }

    pub fn failed(&self, error: &Error) {
        self.is_ended.set(true);
        self.teller.tell(Stage::Failed { kind: Some(error.kind), ms: self.ms() });
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.is_ended.get() {
            self.teller.tell(Stage::Failed { kind: None, ms: self.ms() });
        }
    }
}
