//! The engine with a transport and a clock of our own: nothing here waits.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::Cell;
use std::rc::Rc;

use common::{Bench, Outcome, answer, lost};
use futures_executor::block_on;
use orgdeck::client::{
    Asks, Auth, Basic, Bearer, CallOptions, Endpoint, LocalFuture, Operation, Outgoing, Pages, Source, Stage,
};
use orgdeck::close::groups::{DeleteGroup, GetGroup};
use orgdeck::close::users::ListAvailability;
use orgdeck::close::{self, ENDPOINTS, List, VENDOR};
use orgdeck::http::{Error, ErrorKind, Headers, Sent};
use orgdeck::json::Json;
use orgdeck::paging::{Position, Style};
use orgdeck::query::Query;
use proptest::prelude::*;

fn bench(auth: Rc<dyn Auth>, answer: impl Fn(&Outgoing) -> Outcome + 'static) -> Bench {
    common::bench(&VENDOR, auth, answer)
}

fn answering(status: u16, body: &'static str) -> Bench {
    common::answering(&VENDOR, move |_| answer(status, body))
}

fn answering_with(body: String) -> Bench {
    common::answering(&VENDOR, move |_| answer(200, &body))
}

fn group() -> GetGroup {
    GetGroup { id: "group_1".to_owned(), query: Query::default() }
}

fn query(endpoint: &Endpoint, asked: &str) -> Query {
    let Asks::Query(accepts) = endpoint.asks else { panic!("{} asks for parameters", endpoint.name) };
    Query::parse(&Json::parse(asked).unwrap(), accepts).unwrap()
}

const GROUP: &str =
    r#"{"id":"group_1","name":"Sales","organization_id":"orga_1","members":[{"user_id":"user_1"}],"new":1}"#;

#[test]
fn a_record_comes_back_typed() {
    let bench = answering(200, GROUP);
    let group = block_on(bench.client.send(&group())).unwrap();
    assert_eq!((&*group.name, group.members.as_option().unwrap().as_ref().unwrap().len()), ("Sales", 1));
    let sent = bench.fake.sent.borrow();
    assert_eq!(
        sent[0].url,
        "https://api.close.com/api/v1/group/group_1/?_fields=id,name,organization_id,members"
    );
    assert_eq!(sent[0].headers.get("authorization"), Some("Bearer SECRET"));
    assert_eq!(sent[0].headers.get("content-type"), None, "a GET has no body to speak of");
}

#[test]
fn a_member_of_an_answer_comes_back_alone() {
    let bench =
        answering(200, r#"{"data":[{"user_id":"user_1","availability":[{"type":"web","status":"away"}]}]}"#);
    let availability = block_on(bench.client.send(&ListAvailability { query: Query::default() })).unwrap();
    assert_eq!(availability[0].availability[0].status.as_str(), "away", "values that are not known are kept");
}

#[test]
fn nothing_is_every_success_of_an_operation_without_an_answer() {
    for (status, body) in [(204, ""), (200, "{}"), (200, ""), (200, "not JSON")] {
        let delete = DeleteGroup { id: "group_1".to_owned(), query: Query::default() };
        block_on(answering(status, body).client.send(&delete)).unwrap();
    }
}

#[test]
fn an_answer_that_cannot_be_used_says_why() {
    for (body, word) in [
        ("", "empty"),
        ("  ", "empty"),
        ("<html>", "not JSON"),
        (r#"{"id":"group_1","#, "ends too soon"),
        ("[]", "expected an object, found a list"),
        (
            r#"{"id":"group_1","name":7,"organization_id":"orga_1"}"#,
            "name: expected a string, found a number",
        ),
        (r#"{"id":"group_1","organization_id":"orga_1"}"#, "name: it is missing"),
    ] {
        let error = block_on(answering(200, body).client.send(&group())).unwrap_err();
        assert_eq!((error.kind, error.status, error.sent), (ErrorKind::Decode, Some(200), Sent::Yes));
        assert!(error.message.contains(word), "{body}: {error}");
        assert_eq!(error.body.as_deref(), Some(body));
    }
}

#[test]
fn only_selected_fields_are_due() {
    let query = query(GetGroup::ENDPOINT, r#"{"fields":["id"]}"#);
    let narrow = GetGroup { query, ..group() }.call().unwrap();
    let bench = answering(200, r#"{"id":"group_1"}"#);
    let answer = block_on(bench.client.fetch(&narrow, &bench.begin())).unwrap();
    bench.client.decode(&narrow, &answer).unwrap();
    let whole = group().call().unwrap();
    assert!(bench.client.decode(&whole, &answer).is_err());
}

#[test]
fn each_status_is_its_kind_of_error() {
    for (status, kind) in [
        (400, ErrorKind::Validation),
        (401, ErrorKind::Authentication),
        (402, ErrorKind::PlanLimit),
        (403, ErrorKind::Permission),
        (404, ErrorKind::NotFound),
        (405, ErrorKind::Validation),
        (408, ErrorKind::Timeout),
        (409, ErrorKind::Conflict),
        (415, ErrorKind::Validation),
        (429, ErrorKind::RateLimit),
        (500, ErrorKind::Server),
        (504, ErrorKind::Server),
        (302, ErrorKind::Server),
    ] {
        let bench = answering(status, r#"{"error":"so it is"}"#);
        let error = block_on(bench.client.send(&group())).unwrap_err();
        assert_eq!(
            (error.kind, error.status, error.sent, error.attempts),
            (kind, Some(status), Sent::Yes, 1)
        );
        assert_eq!(error.message, format!("groups.get failed with {status}: so it is"));
        assert_eq!(error.vendor, Some("close"));
    }
}

#[test]
fn a_lost_connection_may_have_arrived() {
    for (status, sent) in [(None, Sent::Maybe), (Some(200), Sent::Yes)] {
        let bench = bench(Rc::new(Bearer::new("SECRET").unwrap()), move |_| Some(Err(lost(status))));
        let error = block_on(bench.client.send(&group())).unwrap_err();
        assert_eq!((error.kind, error.sent, error.status), (ErrorKind::Network, sent, status));
    }
}

#[test]
fn a_time_out_ends_the_request() {
    let bench = bench(Rc::new(Bearer::new("SECRET").unwrap()), |_| None);
    let error = block_on(bench.client.send(&group())).unwrap_err();
    assert_eq!((error.kind, error.sent), (ErrorKind::Timeout, Sent::Maybe));
    assert!(error.message.contains("30000 ms"));
    assert!(bench.fake.dropped.get(), "the transport was told to stop");
    let stages: Vec<_> = bench.log.0.borrow().iter().map(|event| event.stage).collect();
    assert_eq!(stages, [Stage::Sent, Stage::Failed { kind: Some(ErrorKind::Timeout), ms: 30_000.0 }]);
}

#[test]
fn a_call_that_is_dropped_says_so() {
    let bench = bench(Rc::new(Bearer::new("SECRET").unwrap()), |_| None);
    let call = group().call().unwrap();
    let options = CallOptions { timeout_ms: Some(0), ..CallOptions::default() };
    {
        let run = bench.client.begin(options);
        let mut future = Box::pin(bench.client.fetch(&call, &run));
        let waker = std::task::Waker::noop();
        assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    }
    assert!(bench.fake.dropped.get());
    assert!(matches!(bench.log.0.borrow().last().unwrap().stage, Stage::Failed { kind: None, .. }));
}

#[test]
fn events_tell_of_each_request_and_of_no_secret() {
    let bench = answering(200, GROUP);
    block_on(bench.client.send(&group())).unwrap();
    let events = bench.log.0.borrow();
    assert_eq!(events.len(), 2);
    assert!(
        events.iter().all(|event| event.id == 1 && event.operation == "groups.get" && event.method == "GET")
    );
    assert!(matches!(events[1].stage, Stage::Answered { status: 200, bytes, .. } if bytes == GROUP.len()));
    assert!(!format!("{events:?}").contains("SECRET"));
}

#[test]
fn headers_of_a_call_win_over_those_of_the_client() {
    let fake = answering(200, GROUP);
    let mut headers = Headers::new();
    headers.set("X-Tz-Offset", "2").unwrap();
    let options = CallOptions { headers, ..CallOptions::default() };
    block_on(fake.client.fetch(&group().call().unwrap(), &fake.client.begin(options))).unwrap();
    assert_eq!(fake.fake.sent.borrow()[0].headers.get("x-tz-offset"), Some("2"));
}

#[test]
fn credentials_are_checked_and_never_quoted() {
    let base64 =
        |text: &str| if text == "yourapikey:" { "eW91cmFwaWtleTo=".to_owned() } else { text.to_owned() };
    let value = block_on(Basic::new("yourapikey", base64).unwrap().authorization(false)).unwrap();
    assert_eq!(value, "Basic eW91cmFwaWtleTo=");
    for key in ["", "SECRET:", "SECRET\n", "SECRÉT"] {
        assert!(!Basic::new(key, base64).err().unwrap().message.contains("SEC"));
    }
    for token in ["", "SECRET\r\nx: y", "SEC RET", "SECRÉT"] {
        assert!(!Bearer::new(token).err().unwrap().message.contains("SEC"));
    }
}

#[test]
fn a_secret_that_a_server_sends_back_is_masked() {
    let bench = answering(403, r#"{"error":"Bearer SECRET may not; not even SECRETSECRET"}"#);
    let error = block_on(bench.client.send(&group())).unwrap_err();
    assert!(!error.message.contains("SECRET") && !error.body.as_deref().unwrap().contains("SECRET"));
    assert!(error.message.ends_with("Bearer ****** may not; not even ************"), "{error}");
}

#[test]
fn pages_that_look_the_same_without_ids_are_no_repetition() {
    let bench = answering(200, r#"{"data":[{"first_name":null}],"has_more":true}"#);
    let nameless = list(r#"{"fields":["first_name"]}"#);
    let start = nameless.start();
    let mut pages = pages(&bench, nameless, start);
    assert!(block_on(pages.next(u64::MAX)).unwrap().is_some());
    assert!(block_on(pages.next(u64::MAX)).unwrap().is_some());
}

/// No credentials to be had.
struct None_;

impl Auth for None_ {
    fn authorization(&self, _: bool) -> LocalFuture<'_, Result<String, Error>> {
        Box::pin(async { Err(Error::new(ErrorKind::Authentication, "no token".to_owned())) })
    }
}

#[test]
fn without_credentials_nothing_is_sent() {
    let bench = bench(Rc::new(None_), |_| answer(200, GROUP));
    let error = block_on(bench.client.send(&group())).unwrap_err();
    assert_eq!((error.kind, error.sent, error.vendor), (ErrorKind::Authentication, Sent::No, Some("close")));
    assert!(bench.fake.sent.borrow().is_empty());
}

const STYLE: Style = Style::Offset { more: "has_more" };

fn list(asked: &str) -> List {
    let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.name == "users.list").unwrap();
    List::of(endpoint, query(endpoint, asked)).unwrap()
}

/// A server with so many users, that gives at most `page` of them at a time whatever is asked for.
fn users(total: u64, page: u64) -> Bench {
    bench(Rc::new(Bearer::new("SECRET").unwrap()), move |request| {
        let url = url::Url::parse(&request.url).unwrap();
        let asked = |name: &str| {
            url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.parse::<u64>().unwrap())
        };
        let skip = asked("_skip").unwrap_or(0);
        let end = total.min(skip + page.min(asked("_limit").unwrap_or(100)));
        let data: Vec<_> = (skip..end)
            .map(|at| {
                format!(
                    r#"{{"id":"user_{at}","email":"{at}@example.com","first_name":null,"last_name":null}}"#
                )
            })
            .collect();
        answer(200, &format!(r#"{{"has_more":{},"data":[{}]}}"#, end < total, data.join(",")))
    })
}

fn ids(body: &[u8]) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap();
    value["data"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect()
}

fn pages(bench: &Bench, list: List, start: Position) -> Pages {
    let run = bench.begin();
    Pages::new(Rc::clone(&bench.client), Rc::new(list), run, start, 1)
}

fn walk(bench: &Bench, list: List, start: Position, most: usize) -> (Vec<String>, Option<String>) {
    let mut pages = pages(bench, list, start);
    let (mut all, mut cursor) = (Vec::new(), None);
    for _ in 0..most {
        let Some(page) = block_on(pages.next(u64::MAX)).unwrap() else { return (all, None) };
        all.extend(ids(&page.response.body));
        cursor = page.next.map(|next| next.cursor());
    }
    (all, cursor)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_item_comes_once_and_in_order(total in 0_u64..60, page in 1_u64..30, limit in 1_u32..30, skip in 0_u64..70) {
        let bench = users(total, page);
        let list = list(&format!(r#"{{"limit":{limit},"skip":{skip}}}"#));
        let start = list.start();
        let (all, cursor) = walk(&bench, list, start, usize::MAX);
        let due: Vec<_> = (skip..total).map(|at| format!("user_{at}")).collect();
        prop_assert_eq!(&all, &due);
        prop_assert_eq!(cursor, None);
        let a_page = page.min(limit.into());
        let expected = due.len().div_ceil(usize::try_from(a_page).unwrap()).max(1);
        prop_assert_eq!(bench.fake.sent.borrow().len(), expected, "and no page is asked for twice");
    }

    #[test]
    fn a_listing_goes_on_from_any_cursor(total in 1_u64..60, page in 1_u64..10, stop in 1_usize..10) {
        let bench = users(total, page);
        let start = list("{}").start();
        let (mut all, cursor) = walk(&bench, list("{}"), start, stop);
        if let Some(cursor) = cursor {
            let at = STYLE.parse(&cursor).unwrap();
            all.extend(walk(&bench, list("{}"), at, usize::MAX).0);
        }
        prop_assert_eq!(all, (0..total).map(|at| format!("user_{at}")).collect::<Vec<_>>());
    }

    #[test]
    fn a_cursor_is_one_that_a_page_gave(text in "(offset:)?[-0-9a-z:]{0,22}") {
        if let Ok(at) = STYLE.parse(&text) {
            prop_assert_eq!(STYLE.parse(&at.cursor()).unwrap(), at);
        }
    }
}

const USER: &str = r#"{"id":"a","email":"b","first_name":"","last_name":""}"#;

#[test]
fn a_list_without_has_more_is_whole() {
    let bench = answering_with(format!(r#"{{"data":[{USER}]}}"#));
    assert_eq!(walk(&bench, list("{}"), list("{}").start(), usize::MAX).0, ["a"]);
    assert_eq!(bench.count(), 1);
}

#[test]
fn an_empty_page_is_not_the_end_while_more_is_promised() {
    let empty = || answer(200, r#"{"data":[],"has_more":true}"#);
    let last = answer(200, &format!(r#"{{"data":[{USER}],"has_more":false}}"#));
    let bench = common::scripted(&VENDOR, vec![empty(), empty(), last]);
    assert_eq!(walk(&bench, list(r#"{"limit":10}"#), list("{}").start(), usize::MAX).0, ["a"]);
    let asked: Vec<_> = bench.requests().iter().map(|request| request.contains("_skip=10")).collect();
    assert_eq!(
        asked,
        [false, true, false],
        "what lies behind an empty page begins where it would have ended"
    );
    assert!(bench.requests()[2].contains("_skip=20"));
}

#[test]
fn a_list_with_nothing_on_its_pages_comes_to_an_end() {
    let bench = answering_with(r#"{"data":[],"has_more":true}"#.to_owned());
    let mut pages = pages(&bench, list("{}"), list("{}").start());
    let error = loop {
        match block_on(pages.next(u64::MAX)) {
            Ok(page) => assert!(page.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind, bench.count()), (ErrorKind::Decode, 100));
    assert!(error.message.contains("nothing on its pages"), "{error}");
}

#[test]
fn a_list_that_repeats_itself_is_an_error_and_no_endless_loop() {
    // A server that ignores `_skip`.
    let bench = answering_with(format!(r#"{{"data":[{USER}],"has_more":true}}"#));
    let start = list("{}").start();
    let mut pages = pages(&bench, list("{}"), start);
    block_on(pages.next(u64::MAX)).unwrap().unwrap();
    let error = block_on(pages.next(u64::MAX)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert!(error.message.contains("repeats"), "{error}");
}

#[test]
fn after_an_error_the_same_page_is_asked_for_again() {
    let failed = Cell::new(false);
    let bench = bench(Rc::new(Bearer::new("SECRET").unwrap()), move |_| {
        if failed.replace(true) {
            answer(200, r#"{"data":[],"has_more":false}"#)
        } else {
            answer(502, "<html>")
        }
    });
    let start = list("{}").start();
    let mut pages = pages(&bench, list("{}"), start);
    assert_eq!(block_on(pages.next(u64::MAX)).unwrap_err().kind, ErrorKind::Server);
    assert!(block_on(pages.next(u64::MAX)).unwrap().is_some());
    let sent = bench.fake.sent.borrow();
    assert_eq!(sent[0].url, sent[1].url);
}

#[test]
fn all_operations_are_named_once() {
    let mut names: Vec<_> = close::ENDPOINTS.iter().map(|endpoint| endpoint.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 24);
}
