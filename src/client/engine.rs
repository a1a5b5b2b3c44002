use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use serde_json::Value;

use super::hooks::Teller;
use super::limiter::{Permit, ceil_ms};
use super::retry::{Budget, hold_ms, pause};
use super::shared::{Shared, wait};
use super::steps::{Once, Steps, walk};
use super::{
    Answer, Auth, Call, CallOptions, Clock, Limiter, LocalFuture, Lost, Observer, Operation, Outgoing,
    Repeat, Run, Stage, Transport, Vendor, Window, timeout,
};
use crate::http::{BaseUrl, Error, ErrorKind, Headers, Method, Response, Sent, cut, decimal, fill, start_of};
use crate::schema::{Facts, Rules, Typed, check, check_list};

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
    /// Random numbers from 0 to 1.
    pub random: Rc<dyn Fn() -> f64>,
    /// Who is told about requests.
    pub observer: Option<Rc<dyn Observer>>,
    /// Sent with every request.
    pub headers: Headers,
    /// Milliseconds for one request, 0 for any time.
    pub timeout_ms: u32,
    /// How often a call is tried again.
    pub max_retries: u32,
    /// Milliseconds that a try waits at most when the vendor says how long.
    pub max_wait_ms: u32,
    /// What holds requests back.
    pub limiter: Limiter,
    /// What it remembers from call to call.
    pub state: State,
}

type Outcome = Result<Response, Error>;
type Authorization = Result<String, Error>;

/// What a client remembers from call to call.
#[derive(Default)]
pub struct State {
    pub(super) requests: Cell<u32>,
    calls: Cell<u32>,
    budget: Budget,
    /// What requests proved themselves by lately. No error may quote it.
    secrets: RefCell<Vec<String>>,
    /// Fresh tokens so far, and the one that is being asked for.
    renewals: Cell<u32>,
    renewing: RefCell<Option<Rc<Shared<Authorization>>>>,
    /// Reads in flight.
    reading: RefCell<Vec<Reading>>,
    /// Changes begun and ended: a read that began before one says nothing of it.
    changes: Cell<u32>,
}

/// A read in flight: an equal one may share its answer.
struct Reading {
    target: String,
    run: Rc<Run>,
    changes: u32,
    work: Weak<Shared<Outcome>>,
}

/// Characters of what a vendor says that a message has.
const MESSAGE_CHARS: usize = 2_000;

/// Secrets that are remembered: more than there are tokens in use at a time.
const SECRETS: usize = 8;

impl Client {
    /// Begins a call.
    pub fn begin(&self, options: CallOptions) -> Rc<Run> {
        self.state.calls.set(self.state.calls.get().wrapping_add(1));
        Run::new(self.state.calls.get(), options, self.clock.now_ms())
    }

    /// Sends an operation and reads its answer.
    ///
    /// # Errors
    /// See [`Client::fetch`] and [`decode`].
    pub async fn send<O: Operation>(self: &Rc<Self>, operation: &O) -> Result<O::Answer, Error> {
        let call = operation.call()?;
        let response = self.perform(&call, &self.begin(CallOptions::default())).await?;
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
    /// See [`Client::fetch`] and [`Client::decode`]; a `TimeoutError` when its deadline has come.
    pub fn perform(self: &Rc<Self>, call: &Call, run: &Rc<Run>) -> impl Future<Output = Outcome> {
        let call = call.clone();
        let operation = call.endpoint.name;
        let steps = match call.endpoint.flow {
            Some(flow) => flow(call),
            None => Ok(Box::new(Once::new(call)) as Box<dyn Steps>),
        };
        walk(self, operation, steps, run)
    }

    /// Does something before the deadline of a call.
    pub(super) fn in_time<'a>(
        &'a self,
        operation: &'static str,
        run: &'a Run,
        work: LocalFuture<'a, Outcome>,
    ) -> impl Future<Output = Outcome> {
        let left_ms = run.left_ms(self.clock.now_ms()).unwrap_or(0);
        let mut work = timeout(&*self.clock, left_ms, work);
        poll_fn(move |context| {
            let result = Pin::new(&mut work).poll(context);
            result.map(|result| result.unwrap_or_else(|| Err(self.too_late(operation, run))))
        })
    }

    /// The error of a call whose deadline has come.
    pub(super) fn too_late(&self, operation: &str, run: &Run) -> Error {
        let message = fill("{} was not done by its deadline", &[operation]);
        let mut error = self.unanswered(ErrorKind::Timeout, message);
        error.sent = Sent::No;
        run.complete(&mut error);
        error
    }

    /// Sends a call, again if need be, and gives the answer if it is a success. Of equal reads at the same time one is
    /// sent for all.
    ///
    /// # Errors
    /// An `AuthenticationError` when there are no credentials to be had, a `NetworkError` or `TimeoutError` when there
    /// is no answer, or the error that the answer's status means.
    pub fn fetch(self: &Rc<Self>, call: &Call, run: &Rc<Run>) -> LocalFuture<'static, Outcome> {
        let work = Box::pin(Rc::clone(self).tries(call.clone(), Rc::clone(run)));
        if call.repeat != Repeat::Safe || call.request.method != Method::Get || run.options.alone {
            return work;
        }
        Box::pin(wait(self.share(call.request.target(), run, work)))
    }

    /// The read in flight that equals one; itself if there is none.
    fn share(
        &self,
        target: String,
        run: &Rc<Run>,
        work: LocalFuture<'static, Outcome>,
    ) -> Rc<Shared<Outcome>> {
        let changes = self.state.changes.get();
        let mut reading = self.state.reading.borrow_mut();
        for known in reading.iter() {
            let is_equal = known.target == target
                && known.changes == changes
                // Each keeps its own deadline; none is to be failed by another's.
                && known.run.deadline >= run.deadline
                && known.run.options.reads_as(&run.options);
            if let (true, Some(shared)) = (is_equal, known.work.upgrade()) {
                return shared;
            }
        }
        let shared = Shared::new(work);
        let new = Reading { target, run: Rc::clone(run), changes, work: Rc::downgrade(&shared) };
        match reading.iter_mut().find(|known| known.work.strong_count() == 0) {
            Some(ended) => *ended = new,
            None => reading.push(new),
        }
        shared
    }

    /// Sends a call until it is answered for good.
    async fn tries(self: Rc<Self>, mut call: Call, run: Rc<Run>) -> Outcome {
        (self.vendor.prepare)(&mut call.request, &self.base)?;
        let teller = Teller::new(&self, &run, call.endpoint.name, &call.request);
        let _change = (call.repeat != Repeat::Safe).then(|| Change::begin(&self));
        let renewals = Cell::new(0);
        let mut refused = None;
        let mut may_be_done = false;
        let mut failed = 0;
        loop {
            let mut error = match self.attempt(&call, &run, &teller, refused, &renewals).await {
                Ok(response) => {
                    self.state.budget.refund();
                    return Ok(response);
                }
                Err(error) => error,
            };
            teller.count();
            if error.status == Some(401) && refused.is_none() && self.auth.renews() {
                refused = Some(renewals.get());
                continue;
            }
            let is_gone = error.status == Some(404) && call.request.method == Method::Delete;
            if is_gone && may_be_done && matches!(call.endpoint.answer, Answer::Nothing | Answer::Any) {
                // It was an earlier try that did it, and its answer was lost.
                return Ok(Response { status: 204, headers: Headers::new(), body: Vec::new() });
            }
            may_be_done |= error.sent != Sent::No && error.status != Some(429);
            failed += 1;
            run.complete(&mut error);
            let pause = pause(&error, call.repeat, failed, self.max_wait_ms.into(), (self.random)());
            let Some(pause) = pause.filter(|_| failed <= run.options.max_retries.unwrap_or(self.max_retries))
            else {
                return Err(error);
            };
            if self.clock.now_ms() + pause.ms >= run.deadline {
                return Err(error);
            }
            if !pause.is_asked && !self.state.budget.spend(error.kind) {
                error.message.push_str("; not tried again, because too much has failed lately");
                return Err(error);
            }
            run.count_retry();
            run.count_wait(pause.ms);
            teller.tell(Stage::Retry { kind: error.kind, status: error.status, ms: pause.ms });
            // Even for no time at all: whoever was told may have given the call up.
            self.clock.sleep(ceil_ms(pause.ms)).await;
        }
    }

    /// Sends a call once, when the rate limit lets it. `renewals` becomes how many fresh tokens there had been when the
    /// one that it sends was had.
    async fn attempt(
        &self,
        call: &Call,
        run: &Run,
        teller: &Teller<'_>,
        refused: Option<u32>,
        renewals: &Cell<u32>,
    ) -> Outcome {
        let operation = call.endpoint.name;
        let since = self.clock.now_ms();
        let group = self.vendor.limits.group(call.endpoint);
        let place = (run.number, run.options.background.unwrap_or(false));
        let tell = |ms| teller.tell(Stage::Wait { ms });
        let admitted = self.limiter.admit(&self.clock, group, place, run.deadline, tell).await;
        run.count_wait(self.clock.now_ms() - since);
        let permit = admitted.map_err(|ms| {
            let message = fill("{} would have to wait for the rate limit beyond its deadline", &[operation]);
            let mut error = self.unanswered(ErrorKind::Timeout, message);
            error.sent = Sent::No;
            error.retry_after_ms = Some(ms);
            error
        })?;
        let authorization = self.authorization(refused, teller).await.map_err(|mut error| {
            error.vendor = Some(self.vendor.name);
            error
        })?;
        renewals.set(self.state.renewals.get());
        let outgoing = self.outgoing(call, run, &authorization);
        let ms = run.options.timeout_ms.unwrap_or(self.timeout_ms);
        let before = run.count_request();
        let in_flight = teller.sent();
        let answer = timeout(&*self.clock, ms, self.transport.send(outgoing)).await;
        let answer = match answer {
            Some(Ok(response)) => Ok(response),
            Some(Err(lost)) => {
                if lost.never_sent {
                    run.never_left(before);
                }
                Err(self.lost(call, lost))
            }
            None => {
                let message = fill("{} was not answered within {} ms", &[operation, &decimal(ms.into())]);
                Err(self.unanswered(ErrorKind::Timeout, message))
            }
        };
        let mut response = answer.inspect_err(|error| in_flight.failed(error))?;
        run.count_answer();
        let refusal = self.judge(call, &mut response, &authorization, &permit);
        in_flight.answered(&response);
        match refusal {
            None => Ok(response),
            Some(error) => Err(error),
        }
    }

    /// A request as it goes out.
    #[inline(never)]
    fn outgoing(&self, call: &Call, run: &Run, authorization: &str) -> Outgoing {
        let request = &call.request;
        let mut headers = self.headers.clone();
        headers.extend(&request.headers);
        headers.extend(&run.options.headers);
        headers.put("authorization", authorization);
        headers.put("accept", "application/json");
        if request.body.is_some() {
            headers.put("content-type", "application/json");
        }
        self.remember(secret_of(authorization));
        self.remember(self.auth.secret());
        Outgoing { method: request.method, url: request.url(&self.base), headers, body: request.body.clone() }
    }

    /// The error that an answer means unless it is a success. What it says of limits is taken in.
    #[inline(never)]
    fn judge(
        &self,
        call: &Call,
        response: &mut Response,
        authorization: &str,
        permit: &Permit,
    ) -> Option<Error> {
        let max_wait_ms = f64::from(self.max_wait_ms);
        let window = (self.vendor.limits.read)(&response.headers).map(|window| {
            // A window without end would hold everything back.
            Window { reset_ms: window.reset_ms.min(max_wait_ms), ..window }
        });
        let refusal = (!response.is_success()).then(|| {
            // Many others may have been remembered while this was under way.
            self.remember(secret_of(authorization));
            self.mask(&mut response.body);
            self.refused(call, response)
        });
        permit.answered(window, refusal.as_ref().and_then(|error| hold_ms(error, max_wait_ms)));
        refusal
    }

    /// The value of the `authorization` header. After a 401 a fresh one: `refused` is how many there had been when the
    /// refused one was asked for. However many calls are waiting, it is asked for once.
    fn authorization(&self, refused: Option<u32>, teller: &Teller<'_>) -> LocalFuture<'_, Authorization> {
        let State { renewals, renewing, .. } = &self.state;
        let shared = {
            let mut renewing = renewing.borrow_mut();
            if renewing.is_none() && refused == Some(renewals.get()) {
                teller.tell(Stage::Refresh);
                let auth = Rc::clone(&self.auth);
                *renewing = Some(Shared::new(Box::pin(async move { auth.authorization(true).await })));
            }
            renewing.clone()
        };
        let Some(shared) = shared else { return self.auth.authorization(false) };
        let mut fresh = wait(Rc::clone(&shared));
        Box::pin(poll_fn(move |context| {
            let given = Pin::new(&mut fresh).poll(context);
            if given.is_ready() {
                self.renewed(&shared);
            }
            given
        }))
    }

    /// Whoever hears first of a fresh token says so.
    fn renewed(&self, shared: &Rc<Shared<Authorization>>) {
        let State { renewals, renewing, .. } = &self.state;
        let mut renewing = renewing.borrow_mut();
        if renewing.as_ref().is_some_and(|current| Rc::ptr_eq(current, shared)) {
            *renewing = None;
            renewals.set(renewals.get().wrapping_add(1));
        }
    }

    /// No error may quote it.
    fn remember(&self, secret: &str) {
        let mut secrets = self.state.secrets.borrow_mut();
        if !secret.is_empty() && !secrets.iter().any(|known| known == secret) {
            // The newest comes first, and the others move on.
            let mut carried = secret.to_owned();
            for known in secrets.iter_mut() {
                std::mem::swap(known, &mut carried);
            }
            if secrets.len() < SECRETS {
                secrets.push(carried);
            }
        }
    }

    /// The error that an answer means.
    fn refused(&self, call: &Call, response: &Response) -> Error {
        let mut error = self.answered(ErrorKind::of_status(response.status), String::new(), response);
        (self.vendor.read_error)(response, &mut error);
        if error.retry_after_ms.is_none() && matches!(response.status, 429 | 503) {
            let date = response.headers.get("retry-after");
            error.retry_after_ms = date.and_then(|date| self.clock.until_ms(date)).map(|ms| ms.max(0.0));
        }
        if error.message.is_empty() {
            error.message = "no reason given".to_owned();
        }
        error.message = fill(
            "{} failed with {}: {}",
            &[call.endpoint.name, &decimal(response.status.into()), start_of(&error.message, MESSAGE_CHARS)],
        );
        error
    }

    /// Checks a success against what its endpoint promises. For a list, says what the page says.
    ///
    /// # Errors
    /// A `DecodeError` with the status and the first part of the body.
    pub fn decode(&self, call: &Call, response: &Response) -> Result<Facts, Error> {
        decode(call, &response.body).map_err(|message| self.undecodable(response, &message))
    }

    /// An answer, as errors may quote it.
    pub(super) fn quotable(&self, response: &Response) -> Response {
        let mut quotable = response.clone();
        self.mask(&mut quotable.body);
        quotable
    }

    /// Writes over secrets that a server sent back: what it says ends in errors and logs.
    fn mask(&self, text: &mut [u8]) {
        for secret in self.state.secrets.borrow().iter() {
            mask(text, secret.as_bytes());
        }
    }

    fn masked(&self, text: &str) -> String {
        let mut text = text.as_bytes().to_vec();
        self.mask(&mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    /// A `DecodeError` of an answer.
    pub fn undecodable(&self, response: &Response, message: &str) -> Error {
        self.answered(ErrorKind::Decode, fill("the answer cannot be used: {}", &[message]), response)
    }

    fn answered(&self, kind: ErrorKind, message: String, response: &Response) -> Error {
        let mut error = Error::new(kind, message).with_body(self.quotable(response).text());
        error.vendor = Some(self.vendor.name);
        error.status = Some(response.status);
        error.request_id = response.headers.get(self.vendor.request_id).map(|id| self.masked(id));
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
        let message = fill("{} got no answer: {}", &[call.endpoint.name, &self.masked(&lost.message)]);
        let mut error = self.unanswered(ErrorKind::Network, message).with_cause(lost.cause);
        error.status = lost.status;
        error.sent = match lost.status {
            Some(_) => Sent::Yes,
            None if lost.never_sent => Sent::No,
            None => Sent::Maybe,
        };
        error
    }
}

/// What is secret of an `authorization` header: what stands behind the scheme.
fn secret_of(authorization: &str) -> &str {
    cut(authorization, b' ').map_or(authorization, |(_, secret)| secret)
}

/// A change under way.
struct Change<'a>(&'a Cell<u32>);

impl<'a> Change<'a> {
    fn begin(client: &'a Client) -> Self {
        let changes = &client.state.changes;
        changes.set(changes.get().wrapping_add(1));
        Self(changes)
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().wrapping_add(1));
    }
}

/// Checks the body of a success against what its endpoint promises. For a list, says what the page says.
///
/// # Errors
/// What is wrong with it, for a person.
pub fn decode(call: &Call, body: &[u8]) -> Result<Facts, String> {
    if matches!(call.endpoint.answer, Answer::Nothing) {
        return match body.trim_ascii_start() {
            // A proxy answered in the vendor's place: nothing was done.
            [b'<', ..] => Err("it is a page, and no answer of the vendor".to_owned()),
            _ => Ok(Facts::default()),
        };
    }
    let Ok(text) = std::str::from_utf8(body) else { return Err("it is not UTF-8".to_owned()) };
    if text.trim_ascii().is_empty() {
        return match call.endpoint.answer {
            Answer::Any => Ok(Facts::default()),
            _ => Err("it is empty".to_owned()),
        };
    }
    let rules = Rules { strict: false, selected: call.selected.as_deref() };
    let shape = match &call.endpoint.answer {
        Answer::Page { items, of, style } => {
            let checked = check_list(text, items, of, &style.members(), rules);
            return checked.map_err(|mismatch| mismatch.message());
        }
        Answer::One(shape) | Answer::Member(shape, _) => shape,
        Answer::Nothing | Answer::Any => &Value::SHAPE,
    };
    check(text, shape, rules).map(|()| Facts::default()).map_err(|mismatch| mismatch.message())
}

fn mask(body: &mut [u8], secret: &[u8]) {
    let mut rest = body;
    while rest.len() >= secret.len() {
        match rest.get_mut(..secret.len()) {
            Some(part) if part == secret => part.fill(b'*'),
            _ => {}
        }
        rest = rest.split_at_mut_checked(1).map_or(&mut [], |(_, rest)| rest);
    }
}
