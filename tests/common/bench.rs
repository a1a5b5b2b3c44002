use std::cell::{Cell, RefCell};
use std::rc::Rc;

use orgdeck::client::{
    Auth, Bearer, CallOptions, Client, Clock, Event, Limiter, LocalFuture, Lost, Observer, Outgoing, Run,
    State, Transport, Vendor,
};
use orgdeck::http::{BaseUrl, Headers, Response};

/// What the network does with a request; `None` for never an answer.
pub type Outcome = Option<Result<Response, Lost>>;

/// Answers as it is told, and never when it is told nothing.
pub struct Fake {
    answer: Box<dyn Fn(&Outgoing) -> Outcome>,
    pub sent: RefCell<Vec<Outgoing>>,
    pub dropped: Rc<Cell<bool>>,
}

struct Dropped(Rc<Cell<bool>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

impl Transport for Fake {
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Result<Response, Lost>> {
        let answer = (self.answer)(&request);
        self.sent.borrow_mut().push(request);
        let dropped = Dropped(Rc::clone(&self.dropped));
        Box::pin(async move {
            let _dropped = dropped;
            match answer {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        })
    }
}

/// A clock whose every sleep is over at once, and has moved it.
#[derive(Default)]
pub struct FakeClock(Cell<f64>);

impl Clock for FakeClock {
    fn now_ms(&self) -> f64 {
        self.0.get()
    }

    fn sleep(&self, ms: u32) -> LocalFuture<'_, ()> {
        Box::pin(async move { self.0.set(self.0.get() + f64::from(ms)) })
    }
}

#[derive(Default)]
pub struct Log(pub RefCell<Vec<Event>>);

impl Observer for Log {
    fn notice(&self, event: &Event) {
        self.0.borrow_mut().push(event.clone());
    }
}

/// A client, and what it did.
pub struct Bench {
    pub client: Rc<Client>,
    pub fake: Rc<Fake>,
    pub log: Rc<Log>,
    pub clock: Rc<FakeClock>,
}

impl Bench {
    /// A call without options.
    pub fn begin(&self) -> Rc<Run> {
        self.client.begin(CallOptions::default())
    }

    /// The requests so far: method, path and query, body.
    pub fn requests(&self) -> Vec<String> {
        let base = self.client.base.as_str();
        let sent = self.fake.sent.borrow();
        sent.iter()
            .map(|request| {
                let target = request.url.strip_prefix(base).expect("nothing goes to another host");
                let body = request.body.as_deref().map(|body| format!(" {body}")).unwrap_or_default();
                format!("{} {target}{body}", request.method)
            })
            .collect()
    }

    /// How many requests there were.
    pub fn count(&self) -> usize {
        self.fake.sent.borrow().len()
    }

    /// Milliseconds from the start to each request.
    pub fn times(&self) -> Vec<f64> {
        let events = self.log.0.borrow();
        events
            .iter()
            .filter(|event| event.stage == orgdeck::client::Stage::Sent)
            .map(|event| event.time)
            .collect()
    }
}

/// A client of a vendor.
pub fn bench(
    vendor: &'static Vendor,
    auth: Rc<dyn Auth>,
    answer: impl Fn(&Outgoing) -> Outcome + 'static,
) -> Bench {
    let fake = Rc::new(Fake { answer: Box::new(answer), sent: RefCell::default(), dropped: Rc::default() });
    let log = Rc::new(Log::default());
    let clock = Rc::new(FakeClock::default());
    let client = Client {
        vendor,
        base: BaseUrl::parse(vendor.base_url).unwrap(),
        transport: Rc::clone(&fake) as Rc<dyn Transport>,
        auth,
        clock: Rc::clone(&clock) as Rc<dyn Clock>,
        random: Rc::new(|| 0.5),
        observer: Some(Rc::clone(&log) as Rc<dyn Observer>),
        headers: Headers::new(),
        timeout_ms: 30_000,
        // What is under test here takes its requests as they come; further tries have tests of their own.
        max_retries: 0,
        max_wait_ms: 60_000,
        limiter: Limiter::new(vendor.limits.allowance),
        state: State::default(),
    };
    Bench { client: Rc::new(client), fake, log, clock }
}

/// A client whose token is `SECRET`.
pub fn answering(vendor: &'static Vendor, answer: impl Fn(&Outgoing) -> Outcome + 'static) -> Bench {
    bench(vendor, Rc::new(Bearer::new("SECRET").unwrap()), answer)
}

/// A client whose requests are answered by these in turn. One more is a failure of the test.
pub fn scripted(vendor: &'static Vendor, answers: Vec<Outcome>) -> Bench {
    let answers = RefCell::new(answers.into_iter());
    answering(vendor, move |request| {
        let next = answers.borrow_mut().next();
        next.unwrap_or_else(|| panic!("nobody expects {} {}", request.method, request.url))
    })
}

/// An answer.
pub fn answer(status: u16, body: &str) -> Outcome {
    headed(status, &[], body)
}

/// An answer with headers.
pub fn headed(status: u16, headers: &[(&str, &str)], body: &str) -> Outcome {
    let mut all = Headers::new();
    headers.iter().for_each(|(name, value)| all.put(name, value));
    Some(Ok(Response { status, headers: all, body: body.into() }))
}

/// No answer: the connection was lost.
pub fn nothing() -> Outcome {
    Some(Err(lost(None)))
}

/// A connection that was lost, perhaps behind the headers.
pub fn lost(status: Option<u16>) -> Lost {
    Lost { message: "reset".to_owned(), status, never_sent: false, cause: None }
}

/// Options of a call that is told how far it is.
pub fn told(progress: impl Fn(usize, usize) + 'static) -> CallOptions {
    CallOptions { progress: Some(Rc::new(progress)), ..CallOptions::default() }
}
