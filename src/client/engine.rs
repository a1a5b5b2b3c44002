use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::Value;

use super::steps::walk;
use super::{
    Answer, Auth, Call, Clock, Event, Lost, Observer, Operation, Outgoing, Stage, Transport, Vendor, timeout,
};
use crate::http::{BaseUrl, Error, ErrorKind, Headers, Request, Response, Sent, decimal, fill};
use crate::schema::{Facts, Rules, Typed, check, check_list};

/// Options of one call.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Milliseconds for one request; `None` for the client's own.
    pub timeout_ms: Option<u32>,
    /// Headers, which win over the client's.
    pub headers: Headers,
    /// Told how far a call is that takes many requests: how many are done, of how many.
    pub progress: Option<Rc<dyn Fn(usize, usize)>>,
}

/// A client of one vendor.
pub struct Client {
    /// The vendor.
    pub vendor: &'static Vendor,
    /// Where the API is.
    pub base: BaseUrl,
    /// What carries requests.
    pub transport: Rc<dyn Transport>,
    /// The credentials.
    pub auth: Rc<dyn Auth>,
    /// The time.
    pub clock: Rc<dyn Clock>,
    /// Who is told about requests.
    pub observer: Option<Rc<dyn Observer>>,
    /// Sent with every request.
    pub headers: Headers,
    /// Milliseconds for one request, 0 for any time.
    pub timeout_ms: u32,
    /// Requests so far.
    pub requests: Cell<u32>,
    /// What the request proved itself by whose answer came last. No error may quote it.
    pub secret: RefCell<String>,
}

impl Client {
    /// Sends an operation and reads its answer.
    ///
    /// # Errors
    /// See [`Client::fetch`] and [`decode`].
    pub async fn send<O: Operation>(self: &Rc<Self>, operation: &O) -> Result<O::Answer, Error> {
        let call = operation.call()?;
        let response = self.perform(&call, CallOptions::default()).await?;
        let is_empty = response.body.iter().all(u8::is_ascii_whitespace);
        let text: &[u8] = match call.endpoint.answer {
            Answer::Nothing => b"null",
            Answer::Any if is_empty => b"null",
            _ => &response.body,
        };
        let read = match call.endpoint.answer {
            Answer::Member(_, name) => serde_json::from_slice(text).and_then(|mut value: Value| {
                serde_json::from_value(value.get_mut(name).map(Value::take).into())
            }),
            _ => serde_json::from_slice(text),
        };
        read.map_err(|error| self.undecodable(&response, &error.to_string()))
    }

    /// Does a call, with as many requests as it takes, and gives the answer, checked, if it is a success.
    ///
    /// # Errors
    /// See [`Client::fetch`] and [`Client::decode`].
    pub async fn perform(self: &Rc<Self>, call: &Call, options: CallOptions) -> Result<Response, Error> {
        match call.endpoint.flow {
            // What it answers with is either a checked answer or its own.
            Some(flow) => walk(self, flow(call.clone())?, &options).await,
            None => self.checked(call, &options).await,
        }
    }

    /// Sends a call and checks the answer.
    pub(super) async fn checked(&self, call: &Call, options: &CallOptions) -> Result<Response, Error> {
        let response = self.fetch(call, options).await?;
        self.decode(call, &response)?;
        Ok(response)
    }

    /// Sends a call and gives the answer if it is a success.
    ///
    /// # Errors
    /// An `AuthenticationError` when there are no credentials to be had, a `NetworkError` or `TimeoutError` when there
    /// is no answer, or the error that the answer's status means.
    pub async fn fetch(&self, call: &Call, options: &CallOptions) -> Result<Response, Error> {
        let response = self.exchange(call, options).await?;
        if response.is_success() {
            return Ok(response);
        }
        let kind = ErrorKind::of_status(response.status);
        let mut error = self.answered(kind, String::new(), &response);
        (self.vendor.read_error)(&response, &mut error);
        if error.message.is_empty() {
            error.message = "no reason given".to_owned();
        }
        error.message = fill(
            "{} failed with {}: {}",
            &[call.endpoint.name, &decimal(response.status.into()), &error.message],
        );
        Err(error)
    }

    /// Sends one request and gives its answer, whatever the status.
    async fn exchange(&self, call: &Call, options: &CallOptions) -> Result<Response, Error> {
        let mut request = call.request.clone();
        (self.vendor.prepare)(&mut request, &self.base)?;
        let mut headers = self.headers.clone();
        headers.extend(&request.headers);
        headers.extend(&options.headers);
        let authorization = self.auth.authorization().await.map_err(|mut error| {
            error.vendor = Some(self.vendor.name);
            error
        })?;
        headers.put("authorization", &authorization);
        headers.put("accept", "application/json");
        if request.body.is_some() {
            headers.put("content-type", "application/json");
        }
        let secret = authorization.split_once(' ').map_or(&*authorization, |(_, secret)| secret);
        let ms = options.timeout_ms.unwrap_or(self.timeout_ms);
        let watch = Watch::start(self, call.endpoint.name, &request);
        let outgoing =
            Outgoing { method: request.method, url: request.url(&self.base), headers, body: request.body };
        let sending = self.transport.send(outgoing);
        let result = match timeout(&*self.clock, ms, sending).await {
            Some(Ok(mut response)) => {
                if !response.is_success() {
                    mask(&mut response.body, secret.as_bytes());
                }
                // What finds fault with this answer does so before another one comes.
                self.secret.replace(secret.to_owned());
                Ok(response)
            }
            Some(Err(lost)) => Err(self.lost(call, lost)),
            None => Err(self.unanswered(
                ErrorKind::Timeout,
                fill("{} was not answered within {} ms", &[call.endpoint.name, &decimal(ms.into())]),
            )),
        };
        watch.end(&result);
        result
    }

    /// Checks a success against what its endpoint promises. For a list, says what the page says.
    ///
    /// # Errors
    /// A `DecodeError` with the status and the first part of the body.
    pub fn decode(&self, call: &Call, response: &Response) -> Result<Facts, Error> {
        decode(call, &response.body).map_err(|message| self.undecodable(response, &message))
    }

    /// An answer that came just now, as errors may quote it.
    pub(super) fn quotable(&self, response: &Response) -> Response {
        let mut quotable = response.clone();
        mask(&mut quotable.body, self.secret.borrow().as_bytes());
        quotable
    }

    /// A `DecodeError` of an answer.
    pub fn undecodable(&self, response: &Response, message: &str) -> Error {
        self.answered(ErrorKind::Decode, fill("the answer cannot be used: {}", &[message]), response)
    }

    fn answered(&self, kind: ErrorKind, message: String, response: &Response) -> Error {
        let mut error = Error::new(kind, message).with_body(self.quotable(response).text());
        error.vendor = Some(self.vendor.name);
        error.status = Some(response.status);
        error.attempts = 1;
        error.sent = Sent::Yes;
        error
    }

    fn unanswered(&self, kind: ErrorKind, message: String) -> Error {
        let mut error = Error::new(kind, message);
        error.vendor = Some(self.vendor.name);
        error.attempts = 1;
        error.sent = Sent::Maybe;
        error
    }

    fn lost(&self, call: &Call, lost: Lost) -> Error {
        let message = fill("{} got no answer: {}", &[call.endpoint.name, &lost.message]);
        let mut error = self.unanswered(ErrorKind::Network, message).with_cause(lost.cause);
        if lost.status.is_some() {
            error.status = lost.status;
            error.sent = Sent::Yes;
        }
        error
    }
}

/// Checks the body of a success against what its endpoint promises. For a list, says what the page says.
///
/// # Errors
/// What is wrong with it, for a person.
pub fn decode(call: &Call, body: &[u8]) -> Result<Facts, String> {
    if matches!(call.endpoint.answer, Answer::Nothing) {
        return Ok(Facts::default());
    }
    let Ok(text) = std::str::from_utf8(body) else { return Err("it is not UTF-8".to_owned()) };
    if text.trim_ascii().is_empty() {
        return match call.endpoint.answer {
            Answer::Any => Ok(Facts::default()),
            _ => Err("it is empty".to_owned()),
        };
    }
    let rules = Rules { strict: false, selected: call.selected.as_deref() };
    let checked = match call.endpoint.answer {
        Answer::Nothing => Ok(Facts::default()),
        Answer::Any => check(text, &Value::SHAPE, rules).map(|()| Facts::default()),
        Answer::One(shape) | Answer::Member(shape, _) => {
            check(text, &shape, rules).map(|()| Facts::default())
        }
        Answer::Page { items, of, style } => check_list(text, items, &of, &style.members(), rules),
    };
    checked.map_err(|mismatch| mismatch.message())
}

/// Writes over a secret that a server sent back: what it says ends in errors and logs.
fn mask(body: &mut [u8], secret: &[u8]) {
    let mut rest = body;
    while rest.len() >= secret.len() && !secret.is_empty() {
        match rest.get_mut(..secret.len()) {
            Some(part) if part == secret => part.fill(b'*'),
            _ => {}
        }
        rest = rest.split_at_mut_checked(1).map_or(&mut [], |(_, rest)| rest);
    }
}

/// Tells the observer how a request went, also when its future is dropped.
struct Watch<'a> {
    client: &'a Client,
    event: Event,
    ended: bool,
}

impl<'a> Watch<'a> {
    fn start(client: &'a Client, operation: &'static str, request: &Request) -> Self {
        client.requests.set(client.requests.get().wrapping_add(1));
        let event = Event {
            id: client.requests.get(),
            operation,
            vendor: client.vendor.name,
            method: request.method.as_str(),
            path: if client.observer.is_some() { request.target() } else { String::new() },
            time: client.clock.now_ms(),
            stage: Stage::Sent,
        };
        let mut watch = Self { client, event, ended: false };
        watch.tell(0.0);
        watch
    }

    fn end(mut self, result: &Result<Response, Error>) {
        self.ended = true;
        let ms = self.client.clock.now_ms() - self.event.time;
        self.event.stage = match result {
            Ok(response) => Stage::Answered { status: response.status, ms, bytes: response.body.len() },
            Err(error) => Stage::Failed { kind: Some(error.kind), ms },
        };
        self.tell(ms);
    }

    fn tell(&mut self, ms: f64) {
        if let Some(observer) = &self.client.observer {
            self.event.time += ms;
            observer.notice(&self.event);
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let ms = self.client.clock.now_ms() - self.event.time;
            self.event.stage = Stage::Failed { kind: None, ms };
            self.tell(ms);
        }
    }
}
