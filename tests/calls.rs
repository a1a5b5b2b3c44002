//! Several calls at once: pauses and the budget of tries, fresh tokens, shared reads, and calls that are given up. Time is
//! a world's own.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use common::{Directory, Fate, Random, Sim, Task, Tokens, World, respond};
use orgdeck::client::{Call, CallOptions, Client, Outgoing, Repeat, Stage, pause};
use orgdeck::close::VENDOR;
use orgdeck::http::{Error, ErrorKind, Headers, Response, Sent};
use orgdeck::json::Json;

fn call(name: &str, ids: &[&str], body: Option<&str>) -> Call {
    let endpoint = VENDOR.operation(name).unwrap();
    (VENDOR.call)(endpoint, ids, &Json::Null, body.map(str::to_owned)).unwrap()
}

fn get(id: &str) -> Call {
    call("groups.get", &[id], None)
}

fn rename(id: &str) -> Call {
    call("groups.update", &[id], Some(r#"{"name":"B"}"#))
}

fn create() -> Call {
    call("groups.create", &[], Some(r#"{"name":"B"}"#))
}

type Calling = Task<Result<Response, Error>>;

fn begin_with(sim: &Sim, call: Call, options: CallOptions) -> Calling {
    let client = Rc::clone(&sim.client);
    sim.world.spawn(async move {
        let run = client.begin(options);
        client.perform(&call, &run).await
    })
}

fn begin(sim: &Sim, call: Call) -> Calling {
    begin_with(sim, call, CallOptions::default())
}

/// A call that sends a request of its own.
fn begin_alone(sim: &Sim, call: Call) -> Calling {
    begin_with(sim, call, CallOptions { alone: true, ..CallOptions::default() })
}

fn is_ok(calling: &Calling) -> bool {
    calling.take().expect("it has ended").is_ok()
}

fn error_of(calling: &Calling) -> Error {
    calling.take().expect("it has ended").unwrap_err()
}

/// A directory of Close, and what becomes of requests.
fn sim(fate: impl Fn(&Outgoing, usize) -> Fate + 'static) -> (Rc<Directory>, Sim) {
    sim_with(World::default(), fate, |_| {})
}

fn sim_with(
    world: World,
    fate: impl Fn(&Outgoing, usize) -> Fate + 'static,
    change: impl FnOnce(&mut Client),
) -> (Rc<Directory>, Sim) {
    let directory = Rc::new(Directory::new("close", 100, 10));
    let served = Rc::clone(&directory);
    let sim = Sim::with(world, &VENDOR, 1, move |request| served.serve(request), fate, change);
    (directory, sim)
}

fn refused(status: u16, headers: &[(&str, &str)]) -> Fate {
    let mut all = Headers::new();
    headers.iter().for_each(|(name, value)| all.put(name, value));
    Fate::Refused(Response { headers: all, ..respond(status, r#"{"error":"no"}"#) })
}

fn count(sim: &Sim, stage: impl Fn(&Stage) -> bool) -> usize {
    sim.log.0.borrow().iter().filter(|event| stage(&event.stage)).count()
}

// Pauses

fn failed(status: Option<u16>, sent: Sent, retry_after_ms: Option<f64>) -> Error {
    let kind = status.map_or(ErrorKind::Network, ErrorKind::of_status);
    let mut error = Error::new(kind, String::new());
    (error.status, error.sent, error.retry_after_ms) = (status, sent, retry_after_ms);
    error
}

#[test]
fn a_pause_is_anything_up_to_twice_the_one_before() {
    let random = Random::new(7);
    for (status, floor) in [(Some(500), 0.0), (None, 0.0), (Some(503), 0.0), (Some(429), 1_000.0)] {
        let mut most = 500.0;
        for failures in 1..40 {
            let error = failed(status, Sent::Yes, None);
            let pauses: Vec<_> = (0..200)
                .map(|_| pause(&error, Repeat::Safe, failures, 60_000.0, random.unit()).unwrap())
                .collect();
            assert!(pauses.iter().all(|pause| (floor..=floor + most).contains(&pause.ms) && !pause.is_asked));
            // Clients that failed together do not come back together.
            for part in [0.0, 0.25, 0.5, 0.75] {
                let part = floor + part * most..floor + (part + 0.25) * most;
                assert!(
                    pauses.iter().filter(|pause| part.contains(&pause.ms)).count() > 20,
                    "{status:?} {part:?}"
                );
            }
            most = (most * 2.0).min(20_000.0);
        }
    }
}

#[test]
fn what_the_vendor_asks_for_is_kept_up_to_a_cap() {
    for status in [429, 503] {
        for (asked, ms) in [(850.0, 850.0), (0.0, 0.0), (60_000.0, 60_000.0), (3_600_000.0, 60_000.0)] {
            let error = failed(Some(status), Sent::Yes, Some(asked));
            for repeat in [Repeat::Safe, Repeat::Idempotent, Repeat::Once] {
                let pause = pause(&error, repeat, 3, 60_000.0, 0.9).unwrap();
                assert_eq!((pause.ms, pause.is_asked), (ms, true), "{status} {asked}");
            }
        }
    }
}

#[test]
fn only_what_may_pass_and_does_no_harm_is_tried_again() {
    let again = |error: &Error, repeat| pause(error, repeat, 1, 60_000.0, 0.5).is_some();
    for status in [408, 429, 500, 502, 503, 504] {
        let error = failed(Some(status), Sent::Yes, None);
        assert!(again(&error, Repeat::Safe) && again(&error, Repeat::Idempotent), "{status}");
        assert!(!again(&error, Repeat::Once), "{status}");
    }
    for status in [400, 401, 402, 403, 404, 405, 409, 412, 415, 501, 505, 302] {
        for repeat in [Repeat::Safe, Repeat::Idempotent, Repeat::Once] {
            // Whatever it says of when to come back.
            assert!(!again(&failed(Some(status), Sent::Yes, Some(1.0)), repeat), "{status}");
        }
    }
    for (sent, once) in [(Sent::No, true), (Sent::Maybe, false), (Sent::Yes, false)] {
        let error = failed(None, sent, None);
        assert!(again(&error, Repeat::Safe) && again(&error, Repeat::Idempotent));
        assert_eq!(again(&error, Repeat::Once), once, "{sent:?}");
    }
    for kind in [ErrorKind::Config, ErrorKind::Decode, ErrorKind::Internal, ErrorKind::Authentication] {
        let mut error = Error::new(kind, String::new());
        error.sent = Sent::No;
        assert!(!again(&error, Repeat::Safe), "{kind:?}");
    }
}

#[test]
fn a_client_waits_no_longer_than_it_was_told() {
    let (_, sim) = sim_with(
        World::default(),
        |_, _| refused(429, &[("retry-after", "30")]),
        |client| client.max_wait_ms = 5_000,
    );
    let calling = begin(&sim, get("g1"));
    sim.world.settle();
    assert_eq!(error_of(&calling).retry_after_ms, Some(30_000.0), "the error says what the vendor said");
    let times = sim.network.times();
    assert_eq!(times.len(), 4);
    assert!(times.windows(2).all(|pair| (5_000.0..5_050.0).contains(&(pair[1] - pair[0]))), "{times:?}");
}

#[test]
fn a_call_is_tried_again_as_often_as_it_says() {
    for (options, requests) in [(None, 4), (Some(0), 1), (Some(1), 2), (Some(7), 8)] {
        let (_, sim) = sim(|_, _| Fate::LostOnTheWay);
        let calling =
            begin_with(&sim, get("g1"), CallOptions { max_retries: options, ..CallOptions::default() });
        sim.world.settle();
        assert_eq!((error_of(&calling).attempts, sim.network.count()), (requests, requests as usize));
    }
}

#[test]
fn a_pause_that_would_end_too_late_is_not_begun() {
    let (_, sim) = sim(|_, _| refused(429, &[("retry-after", "10")]));
    let options = CallOptions { deadline_ms: Some(9_000), ..CallOptions::default() };
    let calling = begin_with(&sim, get("g1"), options);
    sim.world.pass(30.0);
    let error = error_of(&calling);
    assert_eq!(
        (error.kind, error.retry_after_ms),
        (ErrorKind::RateLimit, Some(10_000.0)),
        "it says why, and at once"
    );
    sim.world.settle();
    assert_eq!(sim.network.count(), 1);
}

#[test]
fn a_deadline_ends_everything() {
    for deadline in [1, 15, 40, 700, 3_000] {
        let (_, sim) = sim(|_, number| match number % 3 {
            0 => Fate::Slow(200.0),
            1 => refused(503, &[]),
            _ => Fate::Silence,
        });
        let options =
            CallOptions { deadline_ms: Some(deadline), timeout_ms: Some(100), ..CallOptions::default() };
        let calling = begin_with(&sim, get("g1"), options);
        sim.world.pass(f64::from(deadline) + 2.0);
        let error = error_of(&calling);
        let sent = sim.network.count();
        assert_eq!(error.attempts as usize, sent, "{error}");
        sim.world.settle();
        assert_eq!(sim.network.count(), sent, "nothing goes out behind it");
        assert_eq!(sim.limits()[0].in_flight, 0);
    }
}

// The budget

#[test]
fn a_vendor_that_is_down_is_left_alone() {
    let is_down = Rc::new(Cell::new(true));
    let down = Rc::clone(&is_down);
    let (_, sim) = sim(move |_, _| if down.get() { refused(500, &[]) } else { Fate::Served });
    let calls: Vec<_> = (0..300).map(|_| begin_alone(&sim, get("g1"))).collect();
    sim.world.settle();
    // A hundred further tries, however many calls there are.
    assert_eq!(sim.network.count(), 400);
    let errors: Vec<_> = calls.iter().map(error_of).collect();
    assert!(errors.iter().all(|error| error.kind == ErrorKind::Server));
    let told = errors.iter().filter(|error| error.message.contains("too much has failed lately")).count();
    assert!(told >= 200, "{told}");
    let calling = begin(&sim, get("g1"));
    sim.world.settle();
    assert_eq!((error_of(&calling).attempts, sim.network.count()), (1, 401), "what it costs is kept in mind");
    // Five successes pay for a further try.
    is_down.set(false);
    for _ in 0..10 {
        let calling = begin(&sim, get("g1"));
        sim.world.settle();
        assert!(is_ok(&calling));
    }
    is_down.set(true);
    for attempts in [3, 1] {
        let calling = begin(&sim, get("g1"));
        sim.world.settle();
        assert_eq!(error_of(&calling).attempts, attempts);
    }
}

#[test]
fn tries_that_the_vendor_asks_for_cost_nothing() {
    let (_, sim) = sim(|_, _| refused(429, &[("retry-after", "1")]));
    let calls: Vec<_> = (0..300).map(|_| begin_alone(&sim, get("g1"))).collect();
    sim.world.settle();
    assert!(calls.iter().all(|call| error_of(call).attempts == 4));
}

#[test]
fn a_time_out_costs_twice_as_much() {
    let (_, sim) = sim(|_, _| Fate::Silence);
    for _ in 0..100 {
        begin_alone(&sim, get("g1"));
    }
    sim.world.settle();
    assert_eq!(sim.network.count(), 150);
}

// Fresh tokens

/// A client whose token has expired: `TOKEN0` is refused, others are as good as `is_good` says.
fn expired(takes: f64, is_good: impl Fn(&str) -> bool + 'static) -> (Rc<Directory>, Sim, Rc<Tokens>) {
    expired_with(takes, is_good, |_| {})
}

fn expired_with(
    takes: f64,
    is_good: impl Fn(&str) -> bool + 'static,
    change: impl FnOnce(&mut Tokens),
) -> (Rc<Directory>, Sim, Rc<Tokens>) {
    let world = World::default();
    let mut tokens = Tokens::new(&world, takes);
    change(&mut tokens);
    let tokens = Rc::new(tokens);
    let auth = Rc::clone(&tokens);
    let fate = move |request: &Outgoing, _| {
        let token = request.headers.get("authorization").unwrap().strip_prefix("Bearer ").unwrap();
        if is_good(token) { Fate::Served } else { refused(401, &[]) }
    };
    let (directory, sim) = sim_with(world, fate, |client| client.auth = auth);
    (directory, sim, tokens)
}

fn is_fresh(token: &str) -> bool {
    token != "TOKEN0"
}

fn refreshes(sim: &Sim) -> usize {
    count(sim, |stage| matches!(stage, Stage::Refresh))
}

#[test]
fn fifty_calls_at_once_ask_for_one_fresh_token() {
    let (directory, sim, tokens) = expired(300.0, is_fresh);
    sim.network.latency.set((10.0, 200.0));
    let calls: Vec<_> =
        (1..=50).map(|id| begin(&sim, if id % 5 == 0 { create() } else { get(&format!("g{id}")) })).collect();
    sim.world.settle();
    assert!(calls.iter().all(is_ok));
    assert_eq!((tokens.fresh.get(), refreshes(&sim)), (1, 1));
    // Some of them may have been kept until there was one.
    assert!((50..=100).contains(&sim.network.count()), "{}", sim.network.count());
    assert_eq!(directory.changes.borrow().len(), 10, "each is made once");
    // Before each request, so that a token can be renewed in time.
    let asked = tokens.asked.get();
    for _ in 0..3 {
        let calling = begin(&sim, get("g1"));
        sim.world.settle();
        assert!(is_ok(&calling));
    }
    assert_eq!(tokens.asked.get(), asked + 3);
}

#[test]
fn a_call_that_begins_meanwhile_waits_for_the_fresh_token() {
    let (_, sim, tokens) = expired(500.0, is_fresh);
    let first = begin(&sim, get("g1"));
    sim.world.pass(100.0);
    assert_eq!((tokens.fresh.get(), sim.network.count()), (1, 1));
    let second = begin(&sim, get("g2"));
    sim.world.pass(300.0);
    assert_eq!(sim.network.count(), 1, "it would be refused");
    sim.world.settle();
    assert!(is_ok(&first) && is_ok(&second));
    assert_eq!((tokens.fresh.get(), sim.network.count()), (1, 3));
}

#[test]
fn a_refusal_that_comes_late_asks_for_no_other_token() {
    // The first request is still under way when the second one has brought a fresh token.
    let world = World::default();
    let tokens = Rc::new(Tokens::new(&world, 10.0));
    let auth = Rc::clone(&tokens);
    let fate = |request: &Outgoing, number| match (request.headers.get("authorization"), number) {
        (_, 0) => Fate::Turned(Box::new(|_| respond(401, "{}"))),
        (Some("Bearer TOKEN0"), _) => refused(401, &[]),
        _ => Fate::Served,
    };
    let (_, sim) = sim_with(world, fate, |client| client.auth = auth);
    sim.network.latency.set((1_000.0, 1_000.0));
    let late = begin(&sim, get("g1"));
    sim.world.pass(10.0);
    sim.network.latency.set((10.0, 10.0));
    let early = begin(&sim, get("g2"));
    sim.world.settle();
    assert!(is_ok(&late) && is_ok(&early));
    assert_eq!((tokens.fresh.get(), sim.network.count()), (1, 4));
}

#[test]
fn a_second_refusal_is_final() {
    let (_, sim, tokens) = expired(10.0, |_| false);
    let calls: Vec<_> = (1..=50).map(|id| begin(&sim, get(&format!("g{id}")))).collect();
    sim.world.settle();
    for calling in &calls {
        let error = error_of(calling);
        assert_eq!((error.kind, error.status, error.attempts), (ErrorKind::Authentication, Some(401), 2));
    }
    // Those that began later waited for the first one, and found that it is no better.
    assert!((1..=2).contains(&tokens.fresh.get()), "{}", tokens.fresh.get());
    assert_eq!(sim.network.count(), 100);
}

#[test]
fn a_creation_that_was_refused_is_made_once() {
    let (directory, sim, tokens) = expired(10.0, is_fresh);
    let calling = begin(&sim, create());
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!((directory.changes.borrow().len(), tokens.fresh.get(), sim.network.count()), (1, 1, 2));
}

#[test]
fn a_refusal_uses_up_no_try() {
    let (_, sim, _) = expired(10.0, is_fresh);
    let calling = begin_with(&sim, get("g1"), CallOptions { max_retries: Some(0), ..CallOptions::default() });
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!(count(&sim, |stage| matches!(stage, Stage::Retry { .. })), 0);
}

#[test]
fn whoever_asked_first_may_give_up() {
    let (_, sim, tokens) = expired(500.0, is_fresh);
    let calls: Vec<_> = (1..=4).map(|id| begin(&sim, get(&format!("g{id}")))).collect();
    sim.world.pass(100.0);
    assert_eq!(tokens.fresh.get(), 1);
    calls[0].abort();
    sim.world.settle();
    assert!(calls[1..].iter().all(is_ok));
    assert_eq!((tokens.fresh.get(), sim.network.count()), (1, 4 + 3));
}

#[test]
fn a_fresh_token_that_nobody_waited_for_is_no_dead_end() {
    let (_, sim, tokens) = expired(500.0, |token| token == "TOKEN2");
    let calling = begin(&sim, get("g1"));
    sim.world.pass(100.0);
    assert_eq!(tokens.fresh.get(), 1);
    calling.abort();
    sim.world.settle();
    // The one that was being asked for is no better than the first, for it has lain about.
    let calling = begin(&sim, get("g2"));
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!(tokens.fresh.get(), 2);
    let asked = tokens.asked.get();
    let calling = begin(&sim, get("g3"));
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!(tokens.asked.get(), asked + 1, "and from now on it is asked for before each request again");
}

#[test]
fn a_token_that_cannot_be_had_fails_all_and_the_next_call_asks_again() {
    let (_, sim, tokens) = expired_with(100.0, is_fresh, |tokens| {
        tokens.next = Box::new(|number| match number {
            1 => Err(Error::new(ErrorKind::Authentication, "the sign-in is over".to_owned())),
            _ => Ok("TOKEN2".to_owned()),
        });
    });
    let calls: Vec<_> = (1..=50).map(|id| begin(&sim, get(&format!("g{id}")))).collect();
    sim.world.settle();
    for calling in &calls {
        let error = error_of(calling);
        assert_eq!((error.kind, &*error.message), (ErrorKind::Authentication, "the sign-in is over"));
        assert_eq!(error.vendor, Some("close"));
        // Some were still to be sent.
        assert_eq!(error.sent, if error.attempts == 0 { Sent::No } else { Sent::Yes });
    }
    let sent = sim.network.count();
    assert_eq!(tokens.fresh.get(), 1);
    let calling = begin(&sim, get("g1"));
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!((tokens.fresh.get(), sim.network.count()), (2, sent + 2));
}

#[test]
fn a_token_that_expires_again_and_again_is_renewed_each_time() {
    let good = Rc::new(RefCell::new("TOKEN0".to_owned()));
    let accepted = Rc::clone(&good);
    let (_, sim, tokens) = expired(10.0, move |token| token == *accepted.borrow());
    for number in 1..=10 {
        good.replace(format!("TOKEN{number}"));
        let calls: Vec<_> = (1..=3).map(|id| begin(&sim, get(&format!("g{id}")))).collect();
        sim.world.settle();
        assert!(calls.iter().all(is_ok));
        assert_eq!(tokens.fresh.get(), number);
    }
}

#[test]
fn credentials_that_cannot_change_are_not_asked_for_again() {
    let (_, sim) = sim(|_, _| refused(401, &[]));
    let calling = begin(&sim, get("g1"));
    sim.world.settle();
    assert_eq!(
        (error_of(&calling).kind, sim.network.count(), refreshes(&sim)),
        (ErrorKind::Authentication, 1, 0)
    );
}

// Equal reads

#[test]
fn equal_reads_at_the_same_time_are_one_request() {
    let (_, sim) = sim(|_, _| Fate::Served);
    let calls: Vec<_> = (0..20).map(|_| begin(&sim, get("g1"))).collect();
    sim.world.pass(5.0);
    let later = begin(&sim, get("g1"));
    sim.world.settle();
    assert!(calls.iter().chain([&later]).all(is_ok));
    assert_eq!(sim.network.count(), 1);
    // What came is not kept.
    let calling = begin(&sim, get("g1"));
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!(sim.network.count(), 2);
}

#[test]
fn reads_that_differ_in_anything_are_not_shared() {
    let mut headers = Headers::new();
    headers.put("x-tz-offset", "1");
    let fields = |asked: &str| {
        let query = Json::parse(asked).unwrap();
        (VENDOR.call)(VENDOR.operation("groups.get").unwrap(), &["g1"], &query, None).unwrap()
    };
    let plain = CallOptions::default;
    let (_, sim) = sim(|_, _| Fate::Served);
    let calls = [
        begin(&sim, get("g1")),
        begin(&sim, get("g2")),
        begin(&sim, fields(r#"{"fields":["id"]}"#)),
        begin_with(&sim, get("g1"), CallOptions { headers, ..plain() }),
        begin_with(&sim, get("g1"), CallOptions { timeout_ms: Some(5), max_retries: Some(0), ..plain() }),
        begin_with(&sim, get("g1"), CallOptions { max_retries: Some(0), ..plain() }),
        begin_alone(&sim, get("g1")),
        begin_alone(&sim, get("g1")),
    ];
    sim.world.settle();
    assert_eq!(sim.network.count(), calls.len());
    assert_eq!(calls.iter().filter(|calling| is_ok(calling)).count(), calls.len() - 1, "5 ms are too few");
}

#[test]
fn a_change_parts_the_reads_before_it_from_those_behind_it() {
    let (directory, sim) = sim(|_, _| Fate::Served);
    let before = begin(&sim, get("g1"));
    sim.world.pass(2.0);
    let change = begin(&sim, call("groups.delete", &["g1"], None));
    sim.world.pass(2.0);
    let meanwhile = begin(&sim, get("g1"));
    sim.world.pass(2.0);
    let also = begin(&sim, get("g1"));
    sim.world.settle();
    assert!(is_ok(&before) && is_ok(&change));
    assert_eq!((error_of(&meanwhile).kind, error_of(&also).kind), (ErrorKind::NotFound, ErrorKind::NotFound));
    assert_eq!((sim.network.count(), directory.changes.borrow().len()), (3, 1));
    // A change that is done parts them as well.
    let slow = begin(&sim, get("g2"));
    sim.network.latency.set((1.0, 1.0));
    let change = begin(&sim, call("groups.delete", &["g2"], None));
    sim.world.pass(5.0);
    assert!(is_ok(&change));
    let behind = begin(&sim, get("g2"));
    sim.world.settle();
    assert!(slow.take().is_some());
    assert_eq!(error_of(&behind).kind, ErrorKind::NotFound);
}

#[test]
fn whoever_reads_first_may_give_up() {
    let (_, sim) = sim(|_, number| if number == 0 { refused(503, &[]) } else { Fate::Served });
    let calls: Vec<_> = (0..4).map(|_| begin(&sim, get("g1"))).collect();
    // In flight, and in the pause behind it.
    sim.world.pass(5.0);
    calls[0].abort();
    sim.world.pass(20.0);
    calls[1].abort();
    sim.world.settle();
    assert!(is_ok(&calls[2]) && is_ok(&calls[3]));
    assert_eq!(sim.network.count(), 2);
}

#[test]
fn a_request_ends_when_all_have_given_up() {
    let (_, sim) = sim(|_, _| Fate::Slow(1_000.0));
    let calls: Vec<_> = (0..3).map(|_| begin(&sim, get("g1"))).collect();
    sim.world.pass(100.0);
    calls.iter().for_each(Task::abort);
    assert_eq!(sim.limits()[0].in_flight, 0);
    let failures = count(&sim, |stage| matches!(stage, Stage::Failed { kind: None, .. }));
    assert_eq!(failures, 1);
    let calling = begin(&sim, get("g1"));
    sim.world.settle();
    assert!(is_ok(&calling));
    assert_eq!(sim.network.count(), 2, "nobody joins what has ended");
    assert!(!sim.network.seen.borrow()[0].is_answered.get());
}

#[test]
fn an_error_is_everybody_s() {
    let (_, sim) = sim(|_, _| refused(403, &[]));
    let calls: Vec<_> = (0..3).map(|_| begin(&sim, get("g1"))).collect();
    sim.world.settle();
    assert!(calls.iter().all(|calling| error_of(calling).kind == ErrorKind::Permission));
    assert_eq!(sim.network.count(), 1);
}

#[test]
fn each_keeps_to_a_deadline_of_its_own() {
    let fate = |_: &Outgoing, number| if number < 2 { Fate::Silence } else { Fate::Served };
    let (_, sim) = sim_with(World::default(), fate, |client| client.random = Rc::new(|| 0.2));
    let options =
        || CallOptions { deadline_ms: Some(1_400), timeout_ms: Some(700), ..CallOptions::default() };
    let first = begin_with(&sim, get("g1"), options());
    sim.world.pass(1_000.0);
    let second = begin_with(&sim, get("g1"), options());
    sim.world.pass(402.0);
    assert_eq!(error_of(&first).kind, ErrorKind::Timeout);
    // The second try, which began at 800, fails at 1,500, and there are 900 left.
    sim.world.settle();
    assert!(is_ok(&second));
}

#[test]
fn changes_are_never_shared() {
    let (directory, sim) = sim(|_, _| Fate::Served);
    let calls: Vec<_> =
        (0..6).map(|number| begin(&sim, if number < 3 { create() } else { rename("g1") })).collect();
    sim.world.settle();
    assert!(calls.iter().all(is_ok));
    assert_eq!(directory.changes.borrow().len(), 6);
}

// Giving up

#[test]
fn a_call_that_is_given_up_sends_nothing_more() {
    type Setup = fn() -> (Rc<Directory>, Sim);
    let cases: [(&str, Setup, f64); 4] = [
        ("in flight", || sim(|_, _| Fate::Slow(500.0)), 100.0),
        ("in a pause", || sim(|_, _| refused(429, &[("retry-after", "2")])), 1_000.0),
        (
            "in the queue",
            || sim(|_, number| if number < 4 { Fate::Slow(1_000.0) } else { Fate::Served }),
            500.0,
        ),
        (
            "while a fresh token is asked for",
            || {
                let (directory, sim, _) = expired(500.0, is_fresh);
                (directory, sim)
            },
            200.0,
        ),
    ];
    for (name, setup, ms) in cases {
        let (directory, sim) = setup();
        let calls: Vec<_> = (0..6).map(|_| begin_alone(&sim, create())).collect();
        sim.world.pass(ms);
        let sent = sim.network.count();
        calls.iter().for_each(Task::abort);
        let known = &sim.limits()[0];
        assert_eq!((known.in_flight, known.queued), (0, 0), "{name}");
        sim.world.settle();
        assert_eq!(sim.network.count(), sent, "{name}");
        assert!(directory.changes.borrow().len() <= sent, "{name}");
        // And the client is as good as new.
        sim.network.latency.set((1.0, 1.0));
        let calling = begin(&sim, rename("g1"));
        sim.world.settle();
        assert_eq!(calling.take().unwrap().is_ok(), name != "in a pause", "{name}");
    }
}
