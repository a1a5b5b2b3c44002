//! Operations of Genesys that take more than one request, with a network and a clock of our own: nothing here waits.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Waker};

use common::{Bench, Outcome, answer, answering, bench, nothing, scripted, told};
use futures_executor::block_on;
use orgdeck::client::{Auth, Call, CallOptions, LocalFuture, Outgoing};
use orgdeck::genesys::VENDOR;
use orgdeck::genesys::groups::{DeleteAndWait, GroupPatch, UpdateGroup, UpdateLatest};
use orgdeck::genesys::members::{AddMembers, GroupMembersUpdate, MembersReport};
use orgdeck::http::{Error, ErrorKind, Headers, Method, Partial, Response, Sent};
use orgdeck::json::Json;
use orgdeck::schema::Maybe;

const CONFLICT: &str = r#"{"message":"The version supplied does not match the current version of the group","code":"general.conflict"}"#;

/// A group as the server has it.
fn group(version: u64, more: &str) -> String {
    format!(
        r#"{{"id":"g1","name":"A","type":"official","rulesVisible":true,"visibility":"public","version":{version}{more}}}"#
    )
}

fn found(version: u64) -> Outcome {
    answer(200, &group(version, ""))
}

fn conflict() -> Outcome {
    answer(409, CONFLICT)
}

fn call(name: &str, ids: &[&str], body: Option<&str>) -> Call {
    let endpoint = VENDOR.operation(name).unwrap();
    (VENDOR.call)(endpoint, ids, &Json::Null, body.map(str::to_owned)).unwrap()
}

fn run(bench: &Bench, call: &Call) -> Result<Response, Error> {
    block_on(bench.client.perform(call, &bench.begin()))
}

fn creation(more: &str) -> Call {
    let body = format!(r#"{{"name":"A","type":"official","rulesVisible":true,"visibility":"public"{more}}}"#);
    call("groups.create", &[], Some(&body))
}

const DESCRIBED: &str = r#","description":"What for""#;

#[test]
fn a_group_without_description_takes_one_request() {
    for more in ["", r#","description":"""#, r#","email":"a@example.com""#] {
        let bench = scripted(&VENDOR, vec![found(1)]);
        let made = run(&bench, &creation(more)).unwrap();
        assert_eq!((made.text(), bench.count()), (&*group(1, ""), 1));
    }
}

#[test]
fn a_description_follows_with_the_version_of_the_answer() {
    let bench = scripted(&VENDOR, vec![found(4), answer(200, &group(5, DESCRIBED))]);
    let made = run(&bench, &creation(DESCRIBED)).unwrap();
    assert_eq!(made.text(), group(5, DESCRIBED), "the caller sees the group as it is in the end");
    let requests = bench.requests();
    assert!(requests[0].starts_with("POST /api/v2/groups {") && requests[0].contains("What for"));
    assert_eq!(requests[1..], [r#"PUT /api/v2/groups/g1 {"description":"What for","version":4}"#]);
}

#[test]
fn a_description_that_is_there_already_is_not_told_again() {
    let bench = scripted(&VENDOR, vec![answer(200, &group(1, DESCRIBED))]);
    run(&bench, &creation(DESCRIBED)).unwrap();
    assert_eq!(bench.count(), 1);
}

#[test]
fn a_group_made_without_a_version_is_read_before_it_is_described() {
    let made = r#"{"id":"g1","name":"A","type":"official","rulesVisible":true,"visibility":"public"}"#;
    let bench = scripted(&VENDOR, vec![answer(200, made), found(3), found(4)]);
    run(&bench, &creation(DESCRIBED)).unwrap();
    assert_eq!(
        bench.requests()[1..],
        ["GET /api/v2/groups/g1", r#"PUT /api/v2/groups/g1 {"description":"What for","version":3}"#]
    );
    // Nor is it known everywhere at once.
    let bench = scripted(&VENDOR, vec![answer(200, made), answer(404, "{}"), found(3), found(4)]);
    run(&bench, &creation(DESCRIBED)).unwrap();
    assert_eq!(bench.times(), [0.0, 0.0, 300.0, 300.0]);
}

#[test]
fn a_description_that_comes_too_late_goes_to_the_latest_version() {
    for refusal in [(409, CONFLICT), (400, CONFLICT), (404, "{}")] {
        let bench = scripted(&VENDOR, vec![found(1), answer(refusal.0, refusal.1), found(9), found(10)]);
        run(&bench, &creation(DESCRIBED)).unwrap();
        assert_eq!(
            bench.requests()[2..],
            ["GET /api/v2/groups/g1", r#"PUT /api/v2/groups/g1 {"description":"What for","version":9}"#],
            "{refusal:?}"
        );
        assert_eq!(bench.times(), [0.0, 0.0, 300.0, 300.0]);
    }
}

#[test]
fn a_group_just_made_may_be_unknown_for_a_while() {
    let unknown = || answer(404, "{}");
    let bench = scripted(&VENDOR, vec![found(1), unknown(), unknown(), found(1), found(2)]);
    run(&bench, &creation(DESCRIBED)).unwrap();
    assert_eq!(bench.times(), [0.0, 0.0, 300.0, 900.0, 900.0]);
    // But not for ever.
    let bench = answering(&VENDOR, |request| match request.method {
        Method::Post => found(1),
        _ => answer(404, "{}"),
    });
    let error = run(&bench, &creation(DESCRIBED)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(bench.count() <= 5, "{:?}", bench.requests());
}

#[test]
fn a_group_whose_description_fails_was_made_all_the_same() {
    for (outcome, kind, sent) in [
        (answer(403, r#"{"message":"no"}"#), ErrorKind::Permission, Sent::Yes),
        (nothing(), ErrorKind::Network, Sent::Maybe),
        (answer(200, ""), ErrorKind::Decode, Sent::Yes),
    ] {
        let bench = scripted(&VENDOR, vec![found(1), outcome]);
        let error = run(&bench, &creation(DESCRIBED)).unwrap_err();
        assert_eq!((error.kind, error.sent, error.attempts), (kind, sent, 2));
        let made = Partial { done: vec!["g1".to_owned()], ..Partial::default() };
        assert_eq!(error.partial, Some(made));
        assert!(error.message.contains("the group `g1` was made, but without its description: "), "{error}");
        assert_eq!(error.vendor, Some("genesys"));
    }
}

#[test]
fn a_group_that_is_not_made_is_not_described() {
    for (outcome, kind) in [
        (answer(403, "{}"), ErrorKind::Permission),
        (answer(409, "{}"), ErrorKind::Conflict),
        (nothing(), ErrorKind::Network),
        (answer(200, "{}"), ErrorKind::Decode),
        (answer(200, ""), ErrorKind::Decode),
    ] {
        let bench = scripted(&VENDOR, vec![outcome]);
        let error = run(&bench, &creation(DESCRIBED)).unwrap_err();
        assert_eq!((error.kind, error.attempts, bench.count()), (kind, 1, 1), "{error}");
        assert_eq!(error.partial, None);
    }
}

#[test]
fn what_genesys_would_ignore_is_put_right() {
    let bench = scripted(&VENDOR, vec![found(2)]);
    let patch = r#"{"version":1,"ownerIds":[],"visibility":"owners","addresses":[]}"#;
    run(&bench, &call("groups.update", &["g1"], Some(patch))).unwrap();
    assert_eq!(
        bench.requests(),
        [r#"PUT /api/v2/groups/g1 {"version":1,"ownerIds":[" "],"visibility":"owners","addresses":[]}"#]
    );
    let bench = scripted(&VENDOR, vec![found(1), found(2)]);
    run(&bench, &call("groups.update+latest", &["g1"], Some(r#"{"ownerIds":[]}"#))).unwrap();
    assert_eq!(bench.requests()[1], r#"PUT /api/v2/groups/g1 {"ownerIds":[" "],"version":1}"#);
    let bench = scripted(&VENDOR, vec![found(2)]);
    run(&bench, &call("groups.update", &["g1"], Some(r#"{"version":1,"ownerIds":["u1"]}"#))).unwrap();
    assert!(bench.requests()[0].contains(r#""ownerIds":["u1"]"#), "other owners are sent as they are");
}

#[test]
fn a_new_group_is_seen_by_its_owners_in_either_spelling() {
    for given in ["owners", "ownerIds"] {
        let body = format!(r#"{{"name":"A","type":"official","rulesVisible":true,"visibility":"{given}"}}"#);
        let bench = scripted(&VENDOR, vec![found(1)]);
        run(&bench, &call("groups.create", &[], Some(&body))).unwrap();
        assert!(bench.requests()[0].contains(r#""visibility":"owners""#), "{given}");
    }
}

#[test]
fn an_update_of_a_known_version_is_tried_once() {
    let patch: GroupPatch = serde_json::from_str(r#"{"version":3,"name":"B"}"#).unwrap();
    for status in [400, 409] {
        let bench = scripted(&VENDOR, vec![answer(status, CONFLICT)]);
        let update = UpdateGroup { group_id: "g1".to_owned(), body: patch.clone() };
        let error = block_on(bench.client.send(&update)).unwrap_err();
        assert_eq!((error.kind, error.status, error.attempts), (ErrorKind::Conflict, Some(status), 1));
        assert_eq!(error.vendor_code.as_deref(), Some("general.conflict"));
    }
}

/// An update of the latest version, answered so.
fn latest(answers: Vec<Outcome>) -> (Bench, Result<i64, Error>) {
    let bench = scripted(&VENDOR, answers);
    let body: GroupPatch = serde_json::from_str(r#"{"name":"B"}"#).unwrap();
    let update = UpdateLatest { group_id: "g1".to_owned(), body };
    let group = block_on(bench.client.send(&update));
    (bench, group.map(|group| group.version.as_option().copied().flatten().unwrap()))
}

#[test]
fn the_latest_version_is_read_and_put() {
    let (bench, version) = latest(vec![found(6), found(7)]);
    assert_eq!(version.unwrap(), 7);
    assert_eq!(
        bench.requests(),
        ["GET /api/v2/groups/g1", r#"PUT /api/v2/groups/g1 {"name":"B","version":6}"#]
    );
}

#[test]
fn somebody_quicker_makes_it_start_again() {
    let (bench, version) = latest(vec![found(6), conflict(), found(7), found(8)]);
    assert_eq!(version.unwrap(), 8);
    assert_eq!(bench.requests()[3], r#"PUT /api/v2/groups/g1 {"name":"B","version":7}"#);
    let (bench, version) =
        latest(vec![found(6), conflict(), found(7), answer(400, CONFLICT), found(8), found(9)]);
    assert_eq!(version.unwrap(), 9);
    assert_eq!(bench.times(), [0.0, 0.0, 300.0, 300.0, 900.0, 900.0], "later each time");
}

#[test]
fn it_gives_up_after_the_third_conflict() {
    let (bench, version) = latest(vec![found(6), conflict(), found(7), conflict(), found(8), conflict()]);
    let error = version.unwrap_err();
    assert_eq!((error.kind, error.attempts, bench.count()), (ErrorKind::Conflict, 6, 6));
    assert_eq!(error.partial, None);
}

#[test]
fn other_failures_of_it_are_final() {
    for (answers, kind) in [
        (vec![answer(404, "{}")], ErrorKind::NotFound),
        (vec![nothing()], ErrorKind::Network),
        (vec![found(1), answer(404, "{}")], ErrorKind::NotFound),
        (vec![found(1), answer(400, r#"{"message":"bad"}"#)], ErrorKind::Validation),
        (vec![found(1), nothing()], ErrorKind::Network),
        (vec![found(1), answer(500, "")], ErrorKind::Server),
        (vec![answer(200, "{}")], ErrorKind::Decode),
        (vec![found(1), answer(200, "{}")], ErrorKind::Decode),
    ] {
        let count = answers.len();
        let (bench, version) = latest(answers);
        let error = version.unwrap_err();
        assert_eq!((error.kind, bench.count()), (kind, count), "{error}");
        assert_eq!(usize::try_from(error.attempts).unwrap(), count, "{error}");
    }
}

#[test]
fn a_group_without_a_version_cannot_be_put() {
    for version in ["", r#","version":null"#, r#","version":"5""#, r#","version":1.5"#] {
        let body = group(0, "").replace(r#","version":0"#, version);
        let (bench, result) = latest(vec![answer(200, &body)]);
        let error = result.unwrap_err();
        assert_eq!((error.kind, error.status, error.sent), (ErrorKind::Decode, Some(200), Sent::Yes));
        assert_eq!((error.attempts, bench.count()), (1, 1));
        assert!(error.message.contains("version"), "{error}");
        assert_eq!((error.vendor, error.body.as_deref()), (Some("genesys"), Some(&*body)));
    }
}

#[test]
fn a_version_is_given_back_as_it_was_written() {
    for version in ["-1", "0", "9007199254740993"] {
        let body = group(0, "").replace(r#""version":0"#, &format!(r#""version":{version}"#));
        let (bench, result) = latest(vec![answer(200, &body), answer(200, &body)]);
        result.unwrap();
        let put = bench.requests().pop().unwrap();
        assert!(put.ends_with(&format!(r#","version":{version}}}"#)), "{put}");
    }
}

#[test]
fn a_group_without_a_version_does_not_quote_the_token() {
    let body = group(0, r#","email":"SECRET""#).replace(r#","version":0"#, "");
    let (_, result) = latest(vec![answer(200, &body)]);
    let error = result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
}

/// Deletes a group and waits; the first request is the deletion, which is accepted.
fn deletion(looks: impl Fn(&Outgoing, usize) -> Outcome + 'static) -> (Bench, Result<(), Error>) {
    let count = Cell::new(0);
    let bench = answering(&VENDOR, move |request| {
        count.set(count.get() + 1);
        if count.get() == 1 { answer(204, "") } else { looks(request, count.get() - 1) }
    });
    let result = block_on(bench.client.send(&DeleteAndWait { group_id: "g1".to_owned() }));
    (bench, result)
}

#[test]
fn a_group_is_gone_when_nobody_finds_it_or_it_says_so() {
    for last in [(404, "{}".to_owned()), (410, String::new()), (200, group(3, r#","state":"deleted""#))] {
        let (bench, result) = deletion(move |_, look| match look {
            3 => answer(last.0, &last.1),
            _ => answer(200, &group(2, r#","state":"active""#)),
        });
        result.unwrap();
        let look = "GET /api/v2/groups/g1";
        assert_eq!(bench.requests(), ["DELETE /api/v2/groups/g1", look, look, look]);
        assert_eq!(bench.times(), [0.0, 250.0, 750.0, 1_750.0], "more and more seldom");
    }
}

#[test]
fn a_look_that_fails_says_nothing_about_the_deletion() {
    let (bench, result) = deletion(|_, look| match look {
        1 => answer(500, ""),
        2 => answer(429, "{}"),
        3 => nothing(),
        4 => answer(503, ""),
        5 => None,
        _ => answer(404, "{}"),
    });
    result.unwrap();
    assert_eq!(bench.count(), 7);
}

#[test]
fn a_look_that_is_forbidden_ends_it() {
    for (status, kind) in [(401, ErrorKind::Authentication), (403, ErrorKind::Permission)] {
        let (bench, result) = deletion(move |_, _| answer(status, "{}"));
        let error = result.unwrap_err();
        assert_eq!((error.kind, error.attempts, bench.count()), (kind, 2, 2));
    }
}

#[test]
fn a_deletion_that_is_refused_is_not_waited_for() {
    for (outcome, kind) in [
        (answer(403, "{}"), ErrorKind::Permission),
        (answer(404, "{}"), ErrorKind::NotFound),
        (answer(500, "{}"), ErrorKind::Server),
        (nothing(), ErrorKind::Network),
    ] {
        let bench = scripted(&VENDOR, vec![outcome]);
        let error = run(&bench, &call("groups.delete+wait", &["g1"], None)).unwrap_err();
        assert_eq!((error.kind, error.attempts, bench.count()), (kind, 1, 1));
    }
}

/// When each request of a method was sent.
fn times_of(bench: &Bench, method: &str) -> Vec<f64> {
    let requests = bench.requests();
    let all = bench.times().into_iter().zip(&requests);
    all.filter(|(_, request)| request.starts_with(method)).map(|(time, _)| time).collect()
}

#[test]
fn a_group_that_stays_is_deleted_again_and_given_up_after_a_minute() {
    let (bench, result) = deletion(|request, _| match request.method {
        Method::Delete => answer(204, ""),
        _ => answer(200, &group(2, r#","state":"active""#)),
    });
    let error = result.unwrap_err();
    assert_eq!((error.kind, error.sent), (ErrorKind::Timeout, Sent::Yes));
    assert!(error.message.contains("`g1` is still there"), "{error}");
    assert_eq!(usize::try_from(error.attempts).unwrap(), bench.count());
    let deletions = times_of(&bench, "DELETE");
    assert_eq!(deletions.len(), 4, "{deletions:?}");
    for pair in deletions.windows(2) {
        assert!((15_000.0..=17_000.0).contains(&(pair[1] - pair[0])), "{deletions:?}");
    }
    let last = *bench.times().last().unwrap();
    assert!((60_000.0..=62_000.0).contains(&last), "{last}");
    let looks = times_of(&bench, "GET");
    assert!(looks.windows(2).all(|pair| pair[1] - pair[0] <= 2_000.0), "{looks:?}");
}

#[test]
fn a_deletion_that_takes_the_second_time_is_a_deletion() {
    for second in [204, 404] {
        let deletions = Rc::new(Cell::new(0));
        let again = Rc::clone(&deletions);
        let (bench, result) = deletion(move |request, _| match (request.method, again.get()) {
            (Method::Delete, _) => {
                again.set(1);
                answer(second, "")
            }
            (_, 0) => answer(200, &group(2, "")),
            _ => answer(404, ""),
        });
        result.unwrap();
        assert_eq!(deletions.get(), 1);
        let last = bench.requests().pop().unwrap();
        assert!(last.starts_with(if second == 204 { "GET" } else { "DELETE" }), "{second}: {last}");
    }
}

#[test]
fn a_deletion_that_is_still_unknown_after_a_minute_fails_as_the_last_look_did() {
    let (bench, result) = deletion(|_, _| answer(500, "{}"));
    let error = result.unwrap_err();
    assert_eq!((error.kind, error.status), (ErrorKind::Server, Some(500)));
    assert_eq!(usize::try_from(error.attempts).unwrap(), bench.count());
    assert_eq!(times_of(&bench, "DELETE"), [0.0], "nobody has seen it active");
}

fn names(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|at| format!("u{at}")).collect()
}

fn members(ids: &[String], version: Option<u32>) -> String {
    let ids = serde_json::to_string(ids).unwrap();
    match version {
        Some(version) => format!(r#"{{"memberIds":{ids},"version":{version}}}"#),
        None => format!(r#"{{"memberIds":{ids}}}"#),
    }
}

#[test]
fn people_are_added_fifty_at_a_time_and_in_order() {
    let mut ids = names(0, 120);
    ids.insert(7, "u3".to_owned());
    ids.push("u119".to_owned());
    let bench = scripted(&VENDOR, vec![answer(202, "{}"), answer(200, ""), answer(202, "not JSON")]);
    let body = GroupMembersUpdate {
        memberIds: ids.iter().map(|id| id.as_str().into()).collect(),
        version: Maybe::Present(0),
    };
    let report: MembersReport =
        block_on(bench.client.send(&AddMembers { group_id: "g1".to_owned(), body })).unwrap();
    let path = "POST /api/v2/groups/g1/members";
    assert_eq!(
        bench.requests(),
        [
            format!("{path} {}", members(&names(0, 50), Some(0))),
            format!("{path} {}", members(&names(50, 100), None)),
            format!("{path} {}", members(&names(100, 120), None)),
        ],
        "the version is of the group before the first"
    );
    assert_eq!((report.done, report.duplicates), (names(0, 120), 2));
    let chunks: Vec<_> =
        report.chunks.into_iter().map(|chunk| (chunk.memberIds.len(), chunk.status)).collect();
    assert_eq!(chunks, [(50, 202), (50, 200), (20, 202)]);
}

#[test]
fn a_full_chunk_is_not_followed_by_an_empty_one() {
    for (count, chunks) in [(1, 1), (49, 1), (50, 1), (51, 2), (100, 2), (101, 3)] {
        let bench = answering(&VENDOR, |_| answer(202, "{}"));
        run(&bench, &call("groups.addMembers", &["g1"], Some(&members(&names(0, count), None)))).unwrap();
        assert_eq!(bench.count(), chunks, "{count}");
    }
}

#[test]
fn people_are_removed_by_a_parameter_and_without_a_body() {
    let bench = answering(&VENDOR, |_| answer(202, ""));
    let removal = call("groups.removeMembers", &["g1"], Some(&members(&names(0, 51), None)));
    let report = run(&bench, &removal).unwrap();
    let path = "DELETE /api/v2/groups/g1/members?ids=";
    assert_eq!(bench.requests(), [format!("{path}{}", names(0, 50).join(",")), format!("{path}u50")]);
    for sent in bench.fake.sent.borrow().iter() {
        assert_eq!((&sent.body, sent.headers.get("content-type")), (&None, None));
    }
    let report: MembersReport = serde_json::from_slice(&report.body).unwrap();
    assert_eq!((report.done, report.duplicates, report.chunks.len()), (names(0, 51), 0, 2));
}

#[test]
fn a_chunk_that_fails_stops_and_says_what_is_done() {
    for (name, version) in [("groups.addMembers", Some(3)), ("groups.removeMembers", None)] {
        for (at, outcome, kind, sent) in [
            (0, answer(409, "{}"), ErrorKind::Conflict, Sent::Yes),
            (1, answer(500, "{}"), ErrorKind::Server, Sent::Yes),
            (1, nothing(), ErrorKind::Network, Sent::Maybe),
            (2, None, ErrorKind::Timeout, Sent::Maybe),
        ] {
            let mut answers: Vec<Outcome> = (0..at).map(|_| answer(202, "{}")).collect();
            answers.push(outcome);
            let bench = scripted(&VENDOR, answers);
            let body = members(&names(0, 110), version);
            let error = run(&bench, &call(name, &["g1"], Some(&body))).unwrap_err();
            assert_eq!((error.kind, error.sent), (kind, sent), "{name}: {error}");
            assert_eq!(usize::try_from(error.attempts).unwrap(), at + 1);
            assert_eq!(bench.count(), at + 1, "nothing is sent behind it");
            let (from, to) = (at * 50, (at * 50 + 50).min(110));
            let partial = Partial { done: names(0, from), failed: names(from, to), rest: names(to, 110) };
            assert_eq!(error.partial, Some(partial));
        }
    }
}

#[test]
fn progress_is_told_after_each_chunk() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let progress = Rc::clone(&seen);
    let bench = scripted(&VENDOR, vec![answer(202, "{}"), answer(202, "{}"), answer(403, "{}")]);
    let sent = Rc::clone(&bench.fake);
    let options =
        told(move |done, total| progress.borrow_mut().push((done, total, sent.sent.borrow().len())));
    let body = members(&names(0, 130), None);
    let call = call("groups.addMembers", &["g1"], Some(&body));
    block_on(bench.client.perform(&call, &bench.client.begin(options))).unwrap_err();
    assert_eq!(*seen.borrow(), [(50, 130, 1), (100, 130, 2)]);
}

#[test]
fn a_change_that_is_given_up_between_two_chunks_sends_nothing_more() {
    let given_up = Rc::new(Cell::new(false));
    let flag = Rc::clone(&given_up);
    let bench = answering(&VENDOR, |_| answer(202, "{}"));
    let call = call("groups.addMembers", &["g1"], Some(&members(&names(0, 500), None)));
    let run = bench.client.begin(told(move |done, _| flag.set(done == 100)));
    let mut future = Box::pin(bench.client.perform(&call, &run));
    let mut context = Context::from_waker(Waker::noop());
    while !given_up.get() {
        assert!(future.as_mut().poll(&mut context).is_pending());
    }
    drop(future);
    assert_eq!(bench.count(), 2);
}

#[test]
fn a_change_that_is_given_up_within_a_chunk_ends_its_request() {
    let bench = scripted(&VENDOR, vec![answer(202, "{}"), None]);
    let call = call("groups.addMembers", &["g1"], Some(&members(&names(0, 500), None)));
    let options = CallOptions { timeout_ms: Some(0), ..CallOptions::default() };
    let run = bench.client.begin(options);
    let mut future = Box::pin(bench.client.perform(&call, &run));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(bench.count(), 2);
    bench.fake.dropped.set(false);
    drop(future);
    assert!(bench.fake.dropped.get(), "the transport was told to stop");
}

/// Another token for each request.
struct Renewed(Cell<u32>);

impl Auth for Renewed {
    fn authorization(&self, _: bool) -> LocalFuture<'_, Result<String, Error>> {
        self.0.set(self.0.get() + 1);
        Box::pin(std::future::ready(Ok(format!("Bearer TOKEN{}", self.0.get()))))
    }
}

#[test]
fn each_request_is_one_of_its_own() {
    let bench = bench(&VENDOR, Rc::new(Renewed(Cell::new(0))), |_| answer(202, "{}"));
    let mut headers = Headers::new();
    headers.set("X-Trace", "1").unwrap();
    let options = CallOptions { headers, ..CallOptions::default() };
    let call = call("groups.addMembers", &["g1"], Some(&members(&names(0, 60), None)));
    block_on(bench.client.perform(&call, &bench.client.begin(options))).unwrap();
    let sent = bench.fake.sent.borrow();
    let headers: Vec<_> =
        sent.iter().map(|sent| (sent.headers.get("authorization"), sent.headers.get("x-trace"))).collect();
    assert_eq!(headers, [(Some("Bearer TOKEN1"), Some("1")), (Some("Bearer TOKEN2"), Some("1"))]);
    let operations: Vec<_> = bench.log.0.borrow().iter().map(|event| (event.operation, event.id)).collect();
    assert_eq!(operations, [1, 1, 2, 2].map(|id| ("groups.addMembers", id)));
}
