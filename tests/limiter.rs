//! Rate limits, as vendors keep them, and a client that keeps within them: in worlds of their own, where a minute takes
//! no time.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::Cell;
use std::rc::Rc;

use common::{Bucket, Count, Fate, Random, Sim, Task, World, limited, respond};
use orgdeck::client::{Call, CallOptions, Client, Outgoing, Stage, Vendor};
use orgdeck::http::{Error, ErrorKind, Response, Sent};
use orgdeck::json::Json;
use orgdeck::{close, genesys};
use proptest::prelude::*;

fn group(vendor: &str) -> Response {
    respond(
        200,
        match vendor {
            "close" => r#"{"id":"g","name":"A","organization_id":"o","members":[]}"#,
            _ => {
                r#"{"id":"g","name":"A","type":"official","rulesVisible":true,"visibility":"public","version":1}"#
            }
        },
    )
}

fn get(vendor: &'static Vendor, id: usize) -> Call {
    (vendor.call)(vendor.operation("groups.get").unwrap(), &[&format!("g{id}")], &Json::Null, None).unwrap()
}

/// Close, which tells of the closest of its limits.
fn close_with(world: &World, seed: u64, buckets: &[&Rc<Bucket>]) -> Sim {
    let buckets: Vec<_> = buckets.iter().map(|bucket| Rc::clone(bucket)).collect();
    let serve =
        move |_: &_| limited(&buckets.iter().map(|bucket| &**bucket).collect::<Vec<_>>(), || group("close"));
    Sim::with(world.clone(), &close::VENDOR, seed, serve, |_, _| Fate::Served, |_: &mut Client| {})
}

/// Genesys, which says nothing of its limit until it is reached.
fn genesys_with(world: &World, seed: u64, buckets: &[&Rc<Bucket>]) -> Sim {
    let bucket = Rc::clone(buckets[0]);
    let serve = move |_: &_| match bucket.take() {
        true => group("genesys"),
        false => respond(
            429,
            r#"{"message":"Rate limit exceeded the maximum. Retry the request in [30] seconds"}"#,
        ),
    };
    Sim::with(world.clone(), &genesys::VENDOR, seed, serve, |_, _| Fate::Served, |_: &mut Client| {})
}

/// Calls for ever, so many at once.
fn work(sim: &Sim, at_once: usize, background: bool) {
    let number = Rc::new(Cell::new(0));
    for _ in 0..at_once {
        let (client, number) = (Rc::clone(&sim.client), Rc::clone(&number));
        sim.world.spawn(async move {
            loop {
                number.set(number.get() + 1);
                let options = CallOptions { background: Some(background), ..CallOptions::default() };
                let _ = client.perform(&get(client.vendor, number.get()), &client.begin(options)).await;
            }
        });
    }
}

/// Milliseconds there and back, at least and at most.
const LATENCIES: [(f64, f64); 5] = [(1.0, 1.0), (5.0, 40.0), (100.0, 200.0), (1.0, 300.0), (300.0, 300.0)];

/// Works for so many windows against a limit with nobody else there. Nothing may be refused, and nine tenths of what
/// could be used must be.
fn alone(
    with: fn(&World, u64, &[&Rc<Bucket>]) -> Sim,
    (count, limit, per_ms): (Count, usize, f64),
    windows: f64,
    crowds: &[usize],
) {
    let mut wrong = Vec::new();
    for (seed, (least, most)) in (1..).zip(LATENCIES) {
        for &at_once in crowds {
            for background in [false, true] {
                let world = World::default();
                let bucket = Rc::new(Bucket::new(&world, count, limit, per_ms));
                let sim = with(&world, seed, &[&bucket]);
                sim.network.latency.set((least, most));
                work(&sim, at_once, background);
                world.pass(windows * per_ms);
                // No more can be asked of so few than they can do with an answer each before the next.
                let possible = (at_once as f64 * per_ms * 2.0 / (least + most) / limit as f64).min(1.0);
                let used = bucket.use_of(windows) / possible;
                if bucket.refused.get() > 0 || used < 0.9 {
                    wrong.push(format!(
                        "{count:?} {least} to {most} ms, {at_once} at once, background {background}: {} refused, {used:.2} used",
                        bucket.refused.get()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn windows_that_answers_tell_of_are_filled_and_not_overrun() {
    for count in [Count::Fixed(1_000.0), Count::Fixed(370.0)] {
        alone(close_with, (count, 20, 1_000.0), 8.0, &[1, 2, 4, 8, 100]);
    }
    alone(close_with, (Count::Fixed(2_500.0), 100, 5_000.0), 4.0, &[4, 8, 200]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_window_is_filled_and_hardly_ever_overrun(
        limit in 10_usize..80,
        per_ms in 800.0..8_000.0,
        first in 0.01..1.0,
        least in 1.0..300.0,
        more in 0.0..300.0,
        at_once in 1_usize..120,
        seed: u64,
    ) {
        let (world, most) = (World::default(), f64::min(least + more, 300.0));
        let bucket = Rc::new(Bucket::new(&world, Count::Fixed(first * per_ms), limit, per_ms));
        let sim = close_with(&world, seed, &[&bucket]);
        sim.network.latency.set((least, most));
        work(&sim, at_once, false);
        world.pass(6.0 * per_ms);
        // One request of some hundred thousand is: with 10 requests in 946 ms and 237 to 300 ms there and back, say.
        prop_assert!(bucket.refused.get() * 25 <= sim.network.count(), "{}", bucket.refused.get());
        // With fewer, it is the network that keeps them waiting.
        if at_once >= limit {
            prop_assert!(bucket.use_of(6.0) >= 0.9, "{}", bucket.use_of(6.0));
        }
    }
}

#[test]
fn windows_that_begin_with_a_request_are_not_overrun() {
    // How late that is, is the network's doing.
    for (seed, (least, most)) in (1..).zip(LATENCIES) {
        let world = World::default();
        let bucket = Rc::new(Bucket::new(&world, Count::OnDemand, 20, 1_000.0));
        let sim = close_with(&world, seed, &[&bucket]);
        sim.network.latency.set((least, most));
        work(&sim, 100, false);
        world.pass(20_000.0);
        assert_eq!(bucket.refused.get(), 0, "{least} to {most} ms");
        let possible = 1_000.0 / (1_000.0 + most);
        assert!(bucket.use_of(20.0) >= 0.9 * possible, "{least} to {most} ms: {}", bucket.use_of(20.0));
    }
}

#[test]
fn several_limits_at_once_are_kept() {
    let (mut refused, mut sent) = (0, 0);
    for seed in 1..=3 {
        for (least, most) in LATENCIES {
            for at_once in [4, 8, 100] {
                let (world, random) = (World::default(), Random::new(seed));
                let first = Count::Fixed(random.between(1.0, 1_000.0));
                let short = Rc::new(Bucket::new(&world, first, 20, 1_000.0));
                let first = Count::Fixed(random.between(1.0, 10_000.0));
                let long = Rc::new(Bucket::new(&world, first, 120, 10_000.0));
                let sim = close_with(&world, seed, &[&short, &long]);
                sim.network.latency.set((least, most));
                work(&sim, at_once, false);
                world.pass(30_000.0);
                refused += short.refused.get() + long.refused.get();
                sent += sim.network.count();
                let possible = (at_once as f64 * 20_000.0 / (least + most) / 120.0).min(1.0);
                let used = long.use_of(3.0) / possible;
                assert!(used >= 0.9, "{least} to {most} ms, {at_once} at once: {used:.2} used");
            }
        }
    }
    // An answer tells of one of them, and of the others one has to guess a little.
    assert!(refused * 500 <= sent, "{refused} of {sent}");
}

#[test]
fn a_limit_that_is_only_documented_is_kept_however_it_is_counted() {
    for count in [Count::Fixed(60_000.0), Count::Fixed(17_000.0), Count::OnDemand, Count::Sliding] {
        alone(genesys_with, (count, 300, 60_000.0), 3.0, &[4, 400]);
    }
}

#[test]
fn others_with_the_same_limit_are_made_room_for() {
    for (seed, (least, most)) in (1..).zip(LATENCIES) {
        for at_once in [4, 100] {
            let world = World::default();
            let bucket = Rc::new(Bucket::new(&world, Count::Fixed(600.0), 20, 1_000.0));
            let sim = close_with(&world, seed, &[&bucket]);
            sim.network.latency.set((least, most));
            let (others, random) = (Rc::clone(&bucket), Random::new(seed));
            let (ours, clock) = (Rc::new(Cell::new(0)), world.clone());
            let theirs = Rc::clone(&ours);
            world.spawn(async move {
                loop {
                    clock.sleep(random.between(0.0, 200.0)).await;
                    let before = others.refused.get();
                    others.take();
                    // What is refused to others is not refused to us.
                    theirs.set(theirs.get() + others.refused.get() - before);
                }
            });
            work(&sim, at_once, false);
            world.pass(30_000.0);
            // Nobody knows what others are about to do, and answers tell only of what was.
            let refused = bucket.refused.get() - ours.get();
            assert!(refused * 4 <= sim.network.count(), "{least} to {most} ms, {at_once} at once: {refused}");
            let possible = (at_once as f64 * 2_000.0 / (least + most) / 20.0 + 0.5).min(1.0);
            assert!(bucket.use_of(30.0) >= 0.9 * possible, "{least} to {most} ms: {}", bucket.use_of(30.0));
        }
    }
}

/// A call under way.
type Calling = Task<Result<Response, Error>>;

fn begin(sim: &Sim, id: usize, options: CallOptions) -> Calling {
    let client = Rc::clone(&sim.client);
    sim.world.spawn(async move {
        let run = client.begin(options);
        client.perform(&get(client.vendor, id), &run).await
    })
}

fn in_background(background: bool) -> CallOptions {
    CallOptions { background: Some(background), ..CallOptions::default() }
}

fn before(deadline_ms: u32) -> CallOptions {
    CallOptions { deadline_ms: Some(deadline_ms), ..CallOptions::default() }
}

/// Close with 20 requests a second, of which 19 are used up and the last one is answered.
fn used_up() -> (World, Rc<Bucket>, Sim) {
    let world = World::default();
    let bucket = Rc::new(Bucket::new(&world, Count::Fixed(1_000.0), 20, 1_000.0));
    let sim = close_with(&world, 1, &[&bucket]);
    for id in 0..20 {
        begin(&sim, id, CallOptions::default());
    }
    world.pass(200.0);
    assert_eq!((sim.network.count(), bucket.left()), (20, 0));
    (world, bucket, sim)
}

/// When the ids that calls asked for were sent.
fn sent(sim: &Sim) -> Vec<(String, f64)> {
    let id = |request: &Outgoing| {
        let path = request.url.split('?').next().unwrap().trim_end_matches('/').to_owned();
        path.rsplit('/').next().unwrap().to_owned()
    };
    sim.network.seen.borrow().iter().map(|seen| (id(&seen.request), seen.at)).collect()
}

#[test]
fn who_waits_for_an_answer_goes_before_who_lists() {
    let (world, bucket, sim) = used_up();
    for id in 100..130 {
        begin(&sim, id, in_background(true));
    }
    for id in 200..210 {
        begin(&sim, id, in_background(false));
    }
    world.pass(1_500.0);
    let next: Vec<_> = sent(&sim).drain(20..).map(|(id, _)| id).collect();
    let due: Vec<_> = (200..210).chain(100..109).map(|id| format!("g{id}")).collect();
    assert_eq!(next, due, "in the order in which they came, and one is kept for whoever comes now");
    begin(&sim, 300, in_background(false));
    let at = world.passed();
    world.pass(100.0);
    assert_eq!(sent(&sim)[39], ("g300".to_owned(), at));
    assert_eq!(bucket.refused.get(), 0);
}

#[test]
fn a_person_hardly_waits_behind_a_listing() {
    for (seed, with) in [(1, close_with as fn(&World, u64, &[&Rc<Bucket>]) -> Sim), (2, genesys_with)] {
        let world = World::default();
        let (limit, per_ms) = if seed == 1 { (20, 1_000.0) } else { (300, 60_000.0) };
        let bucket = Rc::new(Bucket::new(&world, Count::Fixed(per_ms), limit, per_ms));
        let sim = with(&world, seed, &[&bucket]);
        work(&sim, 8, true);
        world.pass(2.0 * per_ms);
        for id in 0..20 {
            world.pass(per_ms * 1.03);
            let calling = begin(&sim, 1_000 + id, in_background(false));
            world.pass(150.0);
            assert!(calling.take().is_some_and(|result| result.is_ok()), "{id}");
        }
        assert_eq!(bucket.refused.get(), 0);
    }
}

#[test]
fn a_call_without_hope_is_refused_at_once_and_no_deadline_is_overrun() {
    let (world, bucket, sim) = used_up();
    // The window ends in 800 ms.
    let calling = begin(&sim, 50, before(700));
    world.pass(0.0);
    let error = calling.take().expect("it is refused at once").unwrap_err();
    assert_eq!((error.kind, error.sent, error.attempts), (ErrorKind::Timeout, Sent::No, 0));
    assert!((700.0..900.0).contains(&error.retry_after_ms.unwrap()), "{error:?}");
    assert!(error.message.contains("rate limit") && error.message.contains("groups.get"), "{error}");
    // There is hope for each of these, but not for all.
    let began = world.passed();
    let calls: Vec<_> = (100..150).map(|id| begin(&sim, id, before(1_000))).collect();
    world.pass(1_000.0 + 5.0);
    let results: Vec<_> = calls.iter().map(|call| call.take().expect("its deadline has come")).collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 20);
    for error in results.into_iter().filter_map(Result::err) {
        assert_eq!((error.kind, error.sent), (ErrorKind::Timeout, Sent::No), "{error}");
    }
    world.settle();
    assert_eq!(sim.network.count(), 40);
    assert!(sent(&sim).iter().all(|(_, at)| *at < began + 1_000.0));
    assert_eq!(bucket.refused.get(), 0);
}

#[test]
fn whoever_gives_up_in_the_queue_makes_room() {
    let (world, bucket, sim) = used_up();
    let calls: Vec<_> = (100..140).map(|id| begin(&sim, id, CallOptions::default())).collect();
    world.pass(100.0);
    assert_eq!(sim.limits()[0].queued, 40);
    // The first ones, and some behind, one of them just when it would be its turn.
    for call in calls.iter().take(15).chain(calls.iter().skip(30).step_by(2)) {
        call.abort();
    }
    world.pass(2_000.0);
    let done = calls.iter().filter(|call| call.take().is_some_and(|result| result.is_ok())).count();
    assert_eq!((done, sim.network.count(), bucket.refused.get()), (20, 40, 0));
    let last = sent(&sim).pop().unwrap().1;
    assert!(last < 1_100.0, "all within the next window: {last}");
}

#[test]
fn requests_that_are_lost_hold_no_place() {
    for vendor in [&close::VENDOR, &genesys::VENDOR] {
        let fates = [|| Fate::LostOnTheWay, || Fate::Silence, || Fate::NeverSent, || Fate::LostWithin];
        let is_mended = Rc::new(Cell::new(false));
        let mended = Rc::clone(&is_mended);
        let sim = Sim::with(
            World::default(),
            vendor,
            1,
            move |_| group(vendor.name),
            move |_, number| if mended.get() { Fate::Served } else { fates[number % 4]() },
            |client: &mut Client| {
                client.max_retries = 0;
                client.timeout_ms = 1_000;
            },
        );
        let calls: Vec<_> = (0..40).map(|id| begin(&sim, id, CallOptions::default())).collect();
        // Some are given up as well.
        sim.world.pass(5.0);
        calls.iter().step_by(7).for_each(Task::abort);
        sim.world.settle();
        let state = &sim.limits()[0];
        assert_eq!((state.in_flight, state.queued), (0, 0), "{state:?}");
        is_mended.set(true);
        for id in 100..110 {
            let run = sim.begin();
            sim.world.run(sim.client.perform(&get(vendor, id), &run)).unwrap();
        }
    }
}

#[test]
fn thousands_that_wait_cost_little() {
    let world = World::default();
    let bucket = Rc::new(Bucket::new(&world, Count::Sliding, 300, 60_000.0));
    let sim = genesys_with(&world, 1, &[&bucket]);
    let calls: Vec<_> = (0..5_000).map(|id| begin(&sim, id, CallOptions::default())).collect();
    world.settle();
    assert!(calls.iter().all(|call| call.take().is_some_and(|result| result.is_ok())));
    assert_eq!(bucket.refused.get(), 0);
    // Each is looked at when it begins, when it may go, when it is answered, and hardly ever in between.
    assert!(world.polls() < 15 * 5_000, "{} polls", world.polls());
}

#[test]
fn what_is_held_back_is_seen() {
    let (world, _, sim) = used_up();
    begin(&sim, 50, CallOptions::default());
    world.pass(0.0);
    let states = sim.limits();
    let state = &states[0];
    assert_eq!(
        (states.len(), state.limit, state.remaining, state.queued, state.in_flight),
        (1, Some(20), Some(0), 1, 0)
    );
    assert!((800.0..850.0).contains(&state.reset_ms), "{state:?}");
    let waits = || {
        let events = sim.log.0.borrow();
        let waits = events.iter().filter_map(|event| match event.stage {
            Stage::Wait { ms } => Some(ms),
            _ => None,
        });
        waits.collect::<Vec<_>>()
    };
    assert!(waits().len() == 1 && (800.0..850.0).contains(&waits()[0]), "{:?}", waits());
    world.settle();
    assert_eq!(waits().len(), 1, "it is told once");
}

#[test]
fn groups_of_endpoints_do_not_wait_for_each_other() {
    let (world, _, sim) = used_up();
    let call =
        (close::VENDOR.call)(close::VENDOR.operation("users.me").unwrap(), &[], &Json::Null, None).unwrap();
    let client = Rc::clone(&sim.client);
    world
        .spawn(async move { client.perform(&call, &client.begin(CallOptions::default())).await.map(|_| ()) });
    world.pass(0.0);
    assert_eq!(sim.network.count(), 21);
}
