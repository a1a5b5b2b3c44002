//! What becomes of a call when the network, the vendor or somebody between them fails: every fault, for every method,
//! with both vendors. docs/faults.md is written from here. Each of these clients proves itself by a secret that the
//! servers here quote wherever they can; nothing that a caller gets to see may hold it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use common::{Directory, Fate, START, Sim, Tokens, respond};
use orgdeck::client::{Auth, Basic, Call, Client, Outgoing, Pages, Run, Stage, Vendor};
use orgdeck::http::{Error, ErrorKind, Headers, Response, Sent};
use orgdeck::json::Json;
use orgdeck::{close, genesys};

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "listing"];

/// A fault, and what is to become of a call that meets it.
struct Fault {
    name: &'static str,
    /// The only vendor that has it.
    only: Option<&'static str>,
    fate: fn(&Meeting<'_>) -> Fate,
    then: Then,
    /// What a call fails with that is not tried again, or not any more.
    error: (ErrorKind, Sent),
}

/// A request that meets a fault.
struct Meeting<'a> {
    request: &'a Outgoing,
    /// Seconds since the world began.
    seconds: u32,
}

/// What is to become of a call.
#[derive(Clone, Copy)]
enum Then {
    /// It is done, if later.
    Done,
    /// It is tried again after a pause of up to half a second, up to one, up to two. Only what makes something new is not.
    Again,
    /// The same, and what makes something new is tried again too.
    AgainAll,
    /// It is tried again after as many seconds as the vendor says, whatever it is.
    Asked(f64),
    /// It is tried again, if it makes nothing new, after a second more than it would be otherwise.
    Later,
    /// As `Again`, but the status came through, which is enough to know of a deletion that it was done before.
    AgainRead,
    /// It is tried once more with a fresh token, if there are any.
    Fresh,
    /// It fails.
    Fails,
    /// It fails if it needs the answer.
    Unread,
}

use ErrorKind::{Authentication, Decode, Network, NotFound, Permission, RateLimit, Server, Timeout};

const BOTH: Option<&str> = None;
const CLOSE: Option<&str> = Some("close");
const GENESYS: Option<&str> = Some("genesys");

/// Every fault there is.
const FAULTS: &[Fault] = &[
    fault("No connection", BOTH, |_| Fate::NeverSent, Then::AgainAll, (Network, Sent::No)),
    fault(
        "Reset before it was carried out",
        BOTH,
        |_| Fate::LostOnTheWay,
        Then::Again,
        (Network, Sent::Maybe),
    ),
    fault("Reset after it was carried out", BOTH, |_| Fate::LostBehind, Then::Again, (Network, Sent::Maybe)),
    fault("Reset in the body", BOTH, |_| Fate::LostWithin, Then::AgainRead, (Network, Sent::Yes)),
    fault(
        "Carried out, but no answer within `timeoutMs`",
        BOTH,
        |_| Fate::Silence,
        Then::Again,
        (Timeout, Sent::Maybe),
    ),
    fault(
        "A body that takes longer than `timeoutMs`",
        BOTH,
        |_| Fate::Slow(40_000.0),
        Then::Again,
        (Timeout, Sent::Maybe),
    ),
    fault("A slow body", BOTH, |_| Fate::Slow(20_000.0), Then::Done, (Timeout, Sent::Maybe)),
    fault("408", BOTH, |met| met.answer(408, &[]), Then::Again, (Timeout, Sent::Yes)),
    fault("500", BOTH, |met| met.answer(500, &[]), Then::Again, (Server, Sent::Yes)),
    fault("500 after it was carried out", BOTH, |met| met.turn(500), Then::Again, (Server, Sent::Yes)),
    fault("502", BOTH, |met| met.answer(502, &[]), Then::Again, (Server, Sent::Yes)),
    fault("502, a proxy's HTML", BOTH, |met| met.html(502), Then::Again, (Server, Sent::Yes)),
    fault("503", BOTH, |met| met.answer(503, &[]), Then::Again, (Server, Sent::Yes)),
    fault(
        "503, `Retry-After: 2`",
        BOTH,
        |met| met.answer(503, &[("retry-after", "2")]),
        Then::Asked(2.0),
        (Server, Sent::Yes),
    ),
    fault(
        "503, `RateLimit: limit=100, remaining=50, reset=5`",
        CLOSE,
        |met| met.answer(503, &[("ratelimit", "limit=100, remaining=50, reset=5")]),
        Then::Again,
        (Server, Sent::Yes),
    ),
    fault("504", BOTH, |met| met.answer(504, &[]), Then::Again, (Server, Sent::Yes)),
    fault("504 after it was carried out", BOTH, |met| met.turn(504), Then::Again, (Server, Sent::Yes)),
    fault(
        "429, nothing said, or hidden from pages",
        BOTH,
        |met| met.answer(429, &[]),
        Then::Later,
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, `Retry-After: 2`",
        BOTH,
        |met| met.answer(429, &[("retry-after", "2")]),
        Then::Asked(2.0),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, `Retry-After: 1.5`",
        BOTH,
        |met| met.answer(429, &[("retry-after", "1.5")]),
        Then::Asked(1.5),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, `Retry-After` with a date in 5 s",
        BOTH,
        |met| met.dated(),
        Then::Asked(5.0),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, `Retry-After: 3600`",
        BOTH,
        |met| met.answer(429, &[("retry-after", "3600")]),
        Then::Asked(60.0),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, `Retry-After: 0`",
        BOTH,
        |met| met.answer(429, &[("retry-after", "0")]),
        Then::Asked(0.0),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, `RateLimit: limit=20, remaining=0, reset=0.85` and `Retry-After: 1`",
        CLOSE,
        |met| met.answer(429, &[("ratelimit", "limit=20, remaining=0, reset=0.85"), ("retry-after", "1")]),
        Then::Asked(0.85),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "429, \"Retry the request in [3] seconds\"",
        GENESYS,
        |met| met.says(429, "Retry the request in [3] seconds"),
        Then::Asked(3.0),
        (RateLimit, Sent::Yes),
    ),
    fault(
        "401, an expired token",
        BOTH,
        |met| met.answer(401, &[]),
        Then::Fresh,
        (Authentication, Sent::Yes),
    ),
    fault("403", BOTH, |met| met.answer(403, &[]), Then::Fails, (Permission, Sent::Yes)),
    fault("404", BOTH, |met| met.answer(404, &[]), Then::Fails, (NotFound, Sent::Yes)),
    fault(
        "200, JSON that ends in the middle",
        BOTH,
        |_| Fate::Turned(Box::new(halved)),
        Then::Unread,
        (Decode, Sent::Yes),
    ),
    fault(
        "200, a proxy's HTML, and not carried out",
        BOTH,
        |met| met.html(200),
        Then::Fails,
        (Decode, Sent::Yes),
    ),
];

const fn fault(
    name: &'static str,
    only: Option<&'static str>,
    fate: fn(&Meeting<'_>) -> Fate,
    then: Then,
    error: (ErrorKind, Sent),
) -> Fault {
    Fault { name, only, fate, then, error }
}

fn halved(mut response: Response) -> Response {
    response.body.truncate(response.body.len() / 2);
    response
}

impl Meeting<'_> {
    /// All that is known here of how the caller proves itself.
    fn credentials(&self) -> String {
        let value = self.request.headers.get("authorization").unwrap();
        if value.starts_with("Basic") { format!("{value} {KEY}") } else { format!("{value}, not TOKEN0") }
    }

    fn answer(&self, status: u16, headers: &[(&str, &str)]) -> Fate {
        Fate::Refused(self.response(status, headers, "it cannot be done"))
    }

    fn says(&self, status: u16, what: &str) -> Fate {
        Fate::Refused(self.response(status, &[], what))
    }

    fn response(&self, status: u16, headers: &[(&str, &str)], what: &str) -> Response {
        let credentials = self.credentials();
        let text = format!("{what} {credentials}");
        let body = format!(
            r#"{{"error":"{text}","message":"{text}","code":"{credentials}","contextId":"{credentials}",
            "field-errors":{{"{credentials}":"{text}"}},"details":[{{"fieldName":"{text}","errorCode":"{text}"}}]}}"#
        );
        let mut all = Headers::new();
        all.put("inin-correlation-id", &credentials);
        headers.iter().for_each(|(name, value)| all.put(name, value));
        Response { headers: all, ..respond(status, body) }
    }

    fn turn(&self, status: u16) -> Fate {
        let response = self.response(status, &[], "it may have been done");
        Fate::Turned(Box::new(move |_| response))
    }

    fn html(&self, status: u16) -> Fate {
        Fate::Refused(respond(status, format!("<html><h1>Welcome</h1>{}</html>", self.credentials())))
    }

    fn dated(&self) -> Fate {
        assert_eq!(START, 1_800_000_000_000.0, "the world begins at eight o'clock");
        let then = self.seconds + 5;
        let date = format!("Fri, 15 Jan 2027 08:{:02}:{:02} GMT", then / 60, then % 60);
        self.answer(429, &[("retry-after", &date)])
    }
}

/// How a call went, or is to go.
#[derive(Clone, Debug, PartialEq)]
struct Course {
    result: Result<(), (ErrorKind, Sent)>,
    requests: usize,
    /// Seconds that it waited between them, with the least and with the greatest luck.
    waits: (f64, f64),
}

impl Fault {
    /// What is to become of a call. `is_once`: its first request, or of a listing the second, meets the fault; else all do.
    fn expected(&self, client: &Kind, method: &str, is_once: bool) -> Course {
        let fails =
            |requests, least, most| Course { result: Err(self.error), requests, waits: (least, most) };
        let again = |least, most| match is_once {
            true => Course { result: Ok(()), requests: 2, waits: (least, most) },
            // The third pause is four times as long as the first, but what a vendor asks for stays as it is.
            false => fails(
                4,
                3.0 * least,
                if least == most { 3.0 * most } else { 3.0 * least + 7.0 * (most - least) },
            ),
        };
        let creates = method == "POST";
        let done = Course { result: Ok(()), requests: 1, waits: (0.0, 0.0) };
        let course = match self.then {
            Then::Done => done,
            Then::Again | Then::AgainRead | Then::Later if creates => fails(1, 0.0, 0.0),
            Then::AgainRead if method == "DELETE" => {
                Course { result: Ok(()), requests: 2, waits: (0.0, 0.5) }
            }
            Then::Again | Then::AgainRead | Then::AgainAll => again(0.0, 0.5),
            Then::Later => again(1.0, 1.5),
            Then::Asked(seconds) => again(seconds, seconds),
            Then::Fresh if !client.renews => fails(1, 0.0, 0.0),
            Then::Fresh if is_once => Course { requests: 2, ..done },
            Then::Fresh => fails(2, 0.0, 0.0),
            // Its answers tell nothing that is needed, so that it was done is all there is to know.
            Then::Unread if method == "DELETE" || (method == "PUT" && client.vendor.name == "genesys") => {
                done
            }
            Then::Unread | Then::Fails => fails(1, 0.0, 0.0),
        };
        if method == "listing" { self.of_listing(course) } else { course }
    }

    /// The first of three pages comes before the fault, and the others behind it.
    fn of_listing(&self, mut course: Course) -> Course {
        course.requests += if course.result.is_ok() { PAGES - 1 } else { 1 };
        if let Err((_, sent)) = &mut course.result {
            // Of the listing as a whole.
            *sent = if *sent == Sent::No { Sent::Yes } else { *sent };
        }
        course
    }
}

const KEY: &str = "api_1SECRETKEY2";
const KEY_IN_BASE64: &str = "YXBpXzFTRUNSRVRLRVkyOg==";

/// A kind of client.
struct Kind {
    vendor: &'static Vendor,
    renews: bool,
}

const CLOSE_BY_TOKEN: Kind = Kind { vendor: &close::VENDOR, renews: true };
const CLOSE_BY_KEY: Kind = Kind { vendor: &close::VENDOR, renews: false };
const GENESYS_BY_TOKEN: Kind = Kind { vendor: &genesys::VENDOR, renews: true };

/// Groups of the directory, on so many pages.
const GROUPS: usize = 8;
const PAGE: usize = 3;
const PAGES: usize = 3;

/// Lets a call of a method meet a fault, once or for ever. `luck` is what all random numbers are.
fn meet(kind: &Kind, fault: &Fault, method: &str, is_once: bool, luck: f64, wrong: &mut Wrong) -> Course {
    let what = format!("{} {method}, {}, once: {is_once}, luck {luck}", kind.vendor.name, fault.name);
    let directory = Rc::new(Directory::new(kind.vendor.name, GROUPS, PAGE));
    let served = Rc::clone(&directory);
    let (fate, first) = (fault.fate, usize::from(method == "listing"));
    let world = common::World::default();
    let (clock, passed) = (world.clone(), world.clone());
    let renews = kind.renews;
    let sim = Sim::with(
        world,
        kind.vendor,
        1,
        move |request| served.serve(request),
        move |request, number| {
            let seconds = (passed.passed() / 1_000.0) as u32;
            let is_met = number == first || (number > first && !is_once);
            if is_met { fate(&Meeting { request, seconds }) } else { Fate::Served }
        },
        |client: &mut Client| {
            client.random = Rc::new(move || luck);
            client.auth = if renews { Rc::new(Tokens::new(&clock, 5.0)) } else { key() };
        },
    );
    // What is waited is what was meant to be then.
    sim.network.latency.set((0.0, 0.0));
    let run = sim.begin();
    let result = if method == "listing" {
        sim.world.run(ids(&mut pages(&sim, &run, 1))).map(|ids| {
            let all: Vec<_> = (1..=GROUPS).map(|number| format!("g{number}")).collect();
            wrong.unless(ids == all, &what, || format!("not every item once and in order: {ids:?}"));
        })
    } else {
        let call = call(kind.vendor, method);
        sim.world.run(sim.client.perform(&call, &run)).map(|_| ())
    };
    sim.world.settle();
    let requests = sim.network.count();
    check_changes(&directory, method, &result, &what, wrong);
    check_figures(&sim, &run, &result, &what, wrong);
    check_secrets(&sim, &result, &what, wrong);
    let waits = run.waited_ms() / 1_000.0;
    Course { result: result.map_err(|error| (error.kind, error.sent)), requests, waits: (waits, waits) }
}

fn key() -> Rc<dyn Auth> {
    Rc::new(Basic::new(KEY, |_| KEY_IN_BASE64.to_owned()).unwrap())
}

fn call(vendor: &'static Vendor, method: &str) -> Call {
    let is_close = vendor.name == "close";
    let (name, ids, body): (_, &[&str], _) = match method {
        "GET" => ("groups.get", &["g2"], None),
        "PUT" if is_close => ("groups.update", &["g2"], Some(r#"{"name":"B"}"#)),
        "PUT" => ("groups.dynamicSettings.set", &["g2"], Some(r#"{"skillConditions":[]}"#)),
        "POST" if is_close => ("groups.create", &[], Some(r#"{"name":"B"}"#)),
        "POST" => (
            "groups.create",
            &[],
            Some(r#"{"name":"B","type":"official","rulesVisible":true,"visibility":"public"}"#),
        ),
        _ => ("groups.delete", &["g2"], None),
    };
    (vendor.call)(vendor.operation(name).unwrap(), ids, &Json::Null, body.map(str::to_owned)).unwrap()
}

fn pages(sim: &Sim, run: &Rc<Run>, concurrency: usize) -> Pages {
    let vendor = sim.client.vendor;
    let source = (vendor.list)(vendor.operation("groups.list").unwrap(), &[], &Json::Null, None).unwrap();
    let start = source.start();
    Pages::new(Rc::clone(&sim.client), source, Rc::clone(run), start, concurrency)
}

async fn ids(pages: &mut Pages) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    while let Some(page) = pages.next(u64::MAX).await? {
        let body: serde_json::Value = serde_json::from_slice(&page.response.body).unwrap();
        let items = body.get("data").or(body.get("entities")).unwrap().as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
    }
    Ok(ids)
}

/// What is not as it should be; all of it is told at once.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, is_so: bool, what: &str, why: impl FnOnce() -> String) {
        if !is_so {
            self.0.push(format!("{what}: {}", why()));
        }
    }
}

/// Nothing is lost, nothing is done twice, and nobody is told otherwise.
fn check_changes(
    directory: &Directory,
    method: &str,
    result: &Result<(), Error>,
    what: &str,
    wrong: &mut Wrong,
) {
    let changes = directory.changes.borrow();
    let is_right = match (method, result) {
        ("GET" | "listing", _) => changes.is_empty(),
        // Twice is as once.
        ("PUT", Ok(())) => !changes.is_empty(),
        ("PUT", Err(_)) => true,
        (_, Ok(())) => changes.len() == 1,
        (_, Err(_)) => changes.len() <= 1,
    };
    wrong.unless(is_right, what, || {
        format!("{:?} after {changes:?}", result.as_ref().map_err(|error| error.kind))
    });
    let is_told = result.as_ref().err().is_none_or(|error| changes.is_empty() || error.sent != Sent::No);
    wrong.unless(is_told, what, || format!("{changes:?}, and it says that it was not sent"));
}

/// What the call says of itself is so, and it leaves nothing behind.
fn check_figures(sim: &Sim, run: &Run, result: &Result<(), Error>, what: &str, wrong: &mut Wrong) {
    let requests = sim.network.count();
    wrong.unless(run.requests() as usize == requests, what, || {
        format!("{requests} are not {}", run.requests())
    });
    if let Err(error) = result {
        wrong.unless(error.attempts as usize == requests, what, || format!("attempts {}", error.attempts));
        wrong.unless(error.vendor == Some(sim.client.vendor.name), what, || format!("{:?}", error.vendor));
    }
    for state in sim.limits() {
        wrong.unless((state.in_flight, state.queued) == (0, 0), what, || format!("{state:?}"));
    }
    let (mut between, mut ended) = (0.0, None);
    for event in sim.log.0.borrow().iter() {
        match event.stage {
            Stage::Sent => between += ended.take().map_or(0.0, |ended| event.time - ended),
            Stage::Answered { .. } | Stage::Failed { .. } => ended = Some(event.time),
            _ => {}
        }
    }
    // A fresh token takes a while too, and a pause ends with the next whole millisecond.
    let is_so = (between - run.waited_ms()).abs() <= 10.0;
    wrong.unless(is_so, what, || format!("it waited {between}, and says {}", run.waited_ms()));
}

/// Nothing that a caller gets to see quotes what the client proves itself by.
fn check_secrets(sim: &Sim, result: &Result<(), Error>, what: &str, wrong: &mut Wrong) {
    let mut seen = format!("{:?}", sim.log.0.borrow());
    if let Err(error) = result {
        let cause = error.cause.as_ref().and_then(|cause| cause.0.downcast_ref::<String>());
        let _ = write!(seen, "{error} {error:?} {:?} {cause:?}", error.body);
    }
    for secret in [KEY, KEY_IN_BASE64, "TOKEN"] {
        let at = seen.find(secret);
        let around = at.and_then(|at| seen.get(at.saturating_sub(60)..seen.len().min(at + 60)));
        wrong.unless(at.is_none(), what, || format!("it quotes {secret}: {around:?}"));
    }
}

/// How a call of a method goes that meets a fault, with the least luck and with the greatest.
fn course(kind: &Kind, fault: &Fault, method: &str, is_once: bool, wrong: &mut Wrong) -> Course {
    let [least, most] = [0.0, 0.999_999].map(|luck| meet(kind, fault, method, is_once, luck, wrong));
    assert_eq!((&least.result, least.requests), (&most.result, most.requests), "{}: {method}", fault.name);
    Course { waits: (least.waits.0, most.waits.1), ..least }
}

fn is_as(course: &Course, expected: &Course) -> bool {
    let near = |one: f64, other: f64| (one - other).abs() < 0.1;
    course.result == expected.result
        && course.requests == expected.requests
        && near(course.waits.0, expected.waits.0)
        && near(course.waits.1, expected.waits.1)
}

#[test]
fn every_fault_ends_as_it_should_and_no_secret_is_told() {
    let mut wrong = Wrong::default();
    for kind in [CLOSE_BY_TOKEN, CLOSE_BY_KEY, GENESYS_BY_TOKEN] {
        for fault in FAULTS.iter().filter(|fault| fault.only.is_none_or(|only| only == kind.vendor.name)) {
            for (method, is_once) in METHODS.into_iter().flat_map(|method| [(method, true), (method, false)])
            {
                let expected = fault.expected(&kind, method, is_once);
                let course = course(&kind, fault, method, is_once, &mut wrong);
                let what = format!("{} {method}, {}, once: {is_once}", kind.vendor.name, fault.name);
                wrong.unless(is_as(&course, &expected), &what, || {
                    format!("{course:?}, expected {expected:?}")
                });
            }
        }
    }
    assert!(wrong.0.is_empty(), "{}", wrong.0.join("\n"));
}

/// Something that happens to a list between its first page and its second.
struct Change {
    name: &'static str,
    change: fn(&mut Vec<String>),
    /// What comes of it, for each vendor.
    close: Listed,
    genesys: Listed,
}

/// What a listing says of itself, and what it cannot know.
#[derive(Debug, PartialEq)]
struct Listed {
    came: usize,
    different: usize,
    expected: Option<u64>,
    has_drifted: bool,
    missing: &'static [&'static str],
}

const fn listed(
    (came, different): (usize, usize),
    expected: Option<u64>,
    has_drifted: bool,
    missing: &'static [&'static str],
) -> Listed {
    Listed { came, different, expected, has_drifted, missing }
}

const CHANGES: [Change; 7] = [
    Change {
        name: "nothing",
        change: |_| {},
        close: listed((8, 8), None, false, &[]),
        genesys: listed((8, 8), Some(8), false, &[]),
    },
    Change {
        name: "the vendor leaves a record out",
        change: |groups| groups[4].insert(0, '-'),
        close: listed((8, 7), None, false, &["g5"]),
        genesys: listed((7, 7), Some(8), false, &["g5"]),
    },
    Change {
        name: "a record is added at the front",
        change: |groups| groups.insert(0, "g0".to_owned()),
        close: listed((9, 8), None, false, &["g0"]),
        genesys: listed((9, 8), Some(9), true, &["g0"]),
    },
    Change {
        name: "a record is added at the end",
        change: |groups| groups.push("g9".to_owned()),
        close: listed((9, 9), None, false, &[]),
        genesys: listed((9, 9), Some(9), true, &[]),
    },
    Change {
        name: "a record of the first page is removed",
        change: |groups| drop(groups.remove(0)),
        close: listed((7, 7), None, false, &["g4"]),
        genesys: listed((7, 7), Some(8), true, &["g4"]),
    },
    Change {
        name: "a record of the first page moves to the end",
        change: |groups| groups.rotate_left(1),
        close: listed((8, 7), None, false, &["g4"]),
        genesys: listed((8, 7), Some(8), false, &["g4"]),
    },
    Change {
        name: "a record is on two pages, in place of another",
        change: |groups| groups[4] = "g1".to_owned(),
        close: listed((8, 7), None, false, &[]),
        genesys: listed((8, 7), Some(8), false, &[]),
    },
];

/// Lists a directory that changes on the way.
fn list_changing(vendor: &'static Vendor, change: &Change, concurrency: usize) -> Listed {
    let directory = Rc::new(Directory::new(vendor.name, GROUPS, PAGE));
    let (served, change) = (Rc::clone(&directory), change.change);
    *directory.before_page.borrow_mut() = Box::new(move |groups, pages| {
        if pages == 1 {
            change(groups);
        }
    });
    let sim = Sim::new(vendor, move |request| served.serve(request), |_, _| Fate::Served);
    let mut pages = pages(&sim, &sim.begin(), concurrency);
    let ids = sim.world.run(ids(&mut pages)).unwrap();
    let distinct: BTreeSet<_> = ids.iter().collect();
    let groups = directory.groups.borrow();
    let missing = groups.iter().filter(|id| !distinct.contains(id)).map(|id| &*id.replace('-', "").leak());
    Listed {
        came: ids.len(),
        different: distinct.len(),
        expected: pages.listing().expected(),
        has_drifted: pages.listing().has_drifted(),
        missing: missing.collect::<Vec<_>>().leak(),
    }
}

#[test]
fn a_list_that_changes_on_the_way_says_what_can_be_known() {
    for change in CHANGES {
        for concurrency in [1, 4] {
            let close = list_changing(&close::VENDOR, &change, concurrency);
            assert_eq!(close, change.close, "{} {concurrency}", change.name);
            let genesys = list_changing(&genesys::VENDOR, &change, concurrency);
            assert_eq!(genesys, change.genesys, "{} {concurrency}", change.name);
        }
    }
}

const HEAD: &str = "\
# Faults

What Orgdeck does when the network, the vendor or somebody between them fails. `tests/faults.rs` lets every one of these
faults happen, and `cargo xtask faults --bless` writes this page from what was seen; do not edit it.

Calls here have no options of their own: `maxRetries` is 3, `timeoutMs` 30,000, and a vendor is waited for 60 seconds at
most. **PUT** is one that replaces (`groups.update` of Close, `groups.dynamicSettings.set` of Genesys). **POST** is one
that makes something new (`groups.create`); an update of a Genesys group with its version is treated alike. A listing here
has three pages, and its second meets the fault.

`2×` are two requests in all; the seconds are what is waited between them, from the least to the most. An error says
whether the request reached the vendor, unless it surely did. A DELETE that is tried again may find nothing left: that is
what it wanted. Whatever the row: nothing is made twice, what is said to be done is done, and neither errors nor events
hold a key or a token.
";

/// The table of all faults that come once, or for ever.
fn table(is_once: bool) -> String {
    let mut out = format!("| Fault | {} |\n|---|{}\n", METHODS.join(" | "), "---|".repeat(METHODS.len()));
    for fault in FAULTS {
        let mut rows: Vec<(&str, String)> = Vec::new();
        for kind in [CLOSE_BY_TOKEN, GENESYS_BY_TOKEN] {
            if fault.only.is_some_and(|only| only != kind.vendor.name) {
                continue;
            }
            let cells =
                METHODS.map(|method| cell(&course(&kind, fault, method, is_once, &mut Wrong::default())));
            rows.push((kind.vendor.name, cells.join(" | ")));
        }
        if let [(_, close), (_, genesys)] = &*rows
            && close == genesys
        {
            let _ = writeln!(out, "| {} | {close} |", fault.name);
        } else {
            for (vendor, cells) in rows {
                let _ = writeln!(out, "| {} ({}) | {cells} |", fault.name, title(vendor));
            }
        }
    }
    out
}

fn title(vendor: &str) -> &'static str {
    if vendor == "close" { "Close" } else { "Genesys" }
}

fn cell(course: &Course) -> String {
    let mut out = match course.result {
        Ok(()) => "done".to_owned(),
        Err((kind, sent)) => {
            let sent = match sent {
                Sent::Yes => "",
                Sent::Maybe => " (maybe sent)",
                Sent::No => " (not sent)",
            };
            format!("`{}`{sent}", kind.names().1)
        }
    };
    if course.requests > 1 {
        let _ = write!(out, ", {}×", course.requests);
    }
    let [least, most] = [course.waits.0, course.waits.1].map(seconds);
    if least != most {
        let _ = write!(out, ", {least} to {most} s");
    } else if most != "0" {
        let _ = write!(out, ", {most} s");
    }
    out
}

fn seconds(seconds: f64) -> String {
    let text = format!("{:.2}", (seconds * 20.0).round() / 20.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The table of what happens to lists on the way.
fn changes() -> String {
    let mut out = "| Between the first page and the second | | items | of them different | expected | drift | never seen |\n\
                   |---|---|---|---|---|---|---|\n"
        .to_owned();
    for change in CHANGES {
        for vendor in [&close::VENDOR, &genesys::VENDOR] {
            let listed = list_changing(vendor, &change, 1);
            let expected = listed.expected.map_or("not counted".to_owned(), |expected| expected.to_string());
            let drift = if listed.has_drifted { "yes" } else { "no" };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {expected} | {drift} | {} |",
                change.name,
                title(vendor.name),
                listed.came,
                listed.different,
                if listed.missing.is_empty() { "nothing".to_owned() } else { listed.missing.join(", ") }
            );
        }
    }
    out
}

#[test]
fn the_page_about_faults_is_true() {
    let page = format!(
        "{HEAD}\n## It happens once\n\n{}\n## It happens every time\n\n{}\n## A list changes while it is fetched\n\n\
        Eight records, three a page. What came twice is left out of what callers get, and counts as `duplicates`; a duplicate,\n\
        or another count, is `drift`. What is expected and did not come are `gaps`; where the vendor does not count, each\n\
        duplicate is one, because something pushed it there.\n\n{}",
        table(true),
        table(false),
        changes()
    );
    common::golden("docs/faults.md", &page);
}
