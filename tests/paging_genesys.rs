//! Lists of Genesys, page by page, with a network of our own; and that no error quotes the token.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::Cell;
use std::rc::Rc;

use common::{Bench, Outcome, answer, answering, headed, scripted};
use futures_executor::block_on;
use orgdeck::client::{Auth, Fetched, LocalFuture, Pages, Source};
use orgdeck::genesys::VENDOR;
use orgdeck::genesys::groups::GetGroup;
use orgdeck::http::{Error, ErrorKind, Sent};
use orgdeck::json::Json;
use orgdeck::paging::Position;
use proptest::prelude::*;
use url::Url;

fn list(name: &str, ids: &[&str], asked: &str, body: Option<&str>) -> Rc<dyn Source> {
    let endpoint = VENDOR.operation(name).unwrap();
    (VENDOR.list)(endpoint, ids, &Json::parse(asked).unwrap(), body.map(str::to_owned)).unwrap()
}

fn groups() -> Rc<dyn Source> {
    list("groups.list", &[], "null", None)
}

fn search() -> Rc<dyn Source> {
    list("groups.search", &[], "null", Some(r#"{"where":{"exact":"A","fields":"name"}}"#))
}

fn pages(bench: &Bench, source: &Rc<dyn Source>, start: Position) -> Pages {
    let run = bench.begin();
    Pages::new(Rc::clone(&bench.client), Rc::clone(source), run, start, 1)
}

/// Groups of these numbers.
fn items(from: u64, to: u64) -> String {
    let items = (from..to).map(|at| {
        format!(r#"{{"id":"g{at}","name":"A","type":"official","rulesVisible":true,"visibility":"public"}}"#)
    });
    items.collect::<Vec<_>>().join(",")
}

/// A page of a list, and what its envelope says beside the items.
fn page(from: u64, to: u64, more: &str) -> Outcome {
    answer(200, &format!(r#"{{"entities":[{}],"pageSize":2{more}}}"#, items(from, to)))
}

/// A page of a search.
fn results(from: u64, to: u64, more: &str) -> Outcome {
    answer(200, &format!(r#"{{"types":["groups"],"results":[{}]{more}}}"#, items(from, to)))
}

/// The ids of a page that were not taken before.
fn ids(page: &Fetched, member: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_slice(&page.response.body).unwrap();
    let items = value[member].as_array().unwrap().iter();
    let skip = usize::try_from(page.at.skip).unwrap();
    items.skip(skip).map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// All the ids of a list.
fn walk(bench: &Bench, source: &Rc<dyn Source>, start: Position) -> Result<Vec<String>, Error> {
    let member = if source.endpoint().name.contains("search") { "results" } else { "entities" };
    let mut pages = pages(bench, source, start);
    let mut all = Vec::new();
    while let Some(page) = block_on(pages.next(u64::MAX))? {
        all.extend(ids(&page, member));
    }
    Ok(all)
}

fn due(from: u64, to: u64) -> Vec<String> {
    (from..to).map(|at| format!("g{at}")).collect()
}

#[test]
fn every_envelope_leads_to_the_end() {
    let next = |number: u64| format!(r#","nextUri":"/api/v2/groups?pageSize=2&pageNumber={number}""#);
    let counted = r#","total":5,"pageCount":3"#;
    for (name, answers, count) in [
        (
            "counts and links",
            vec![
                page(0, 2, &(counted.to_owned() + &next(2))),
                page(2, 4, &(counted.to_owned() + &next(3))),
                page(4, 5, counted),
            ],
            5,
        ),
        ("counts alone", vec![page(0, 2, counted), page(2, 4, counted), page(4, 5, counted)], 5),
        ("links alone", vec![page(0, 2, &next(2)), page(2, 4, &next(3)), page(4, 5, "")], 5),
        (
            "an empty page in the middle",
            vec![page(0, 2, counted), page(0, 0, counted), page(2, 4, counted)],
            4,
        ),
        ("an empty page in front", vec![page(0, 0, counted), page(0, 1, counted), page(1, 2, counted)], 2),
        (
            "more pages on the way",
            vec![page(0, 2, r#","pageCount":1,"nextUri":"/x""#), page(2, 4, r#","pageCount":2"#)],
            4,
        ),
        ("fewer pages on the way", vec![page(0, 2, r#","pageCount":9"#), page(2, 4, r#","pageCount":2"#)], 4),
        ("a link to nothing", vec![page(0, 2, &next(2)), page(0, 0, &next(3))], 2),
        ("nothing at all", vec![page(0, 0, "")], 0),
        ("null for no link", vec![page(0, 2, r#","nextUri":null,"total":null,"pageCount":null"#)], 2),
    ] {
        let requests: Vec<String> = (1..=answers.len())
            .map(|number| match number {
                1 => "GET /api/v2/groups".to_owned(),
                number => format!("GET /api/v2/groups?pageNumber={number}"),
            })
            .collect();
        let bench = scripted(&VENDOR, answers);
        assert_eq!(walk(&bench, &groups(), groups().start()).unwrap(), due(0, count), "{name}");
        assert_eq!(bench.requests(), requests, "{name}: the links' own words count for nothing");
    }
}

#[test]
fn totals_are_known_from_the_first_page() {
    let bench = scripted(&VENDOR, vec![page(0, 2, r#","total":5,"pageCount":3"#)]);
    let mut pages = pages(&bench, &groups(), groups().start());
    assert_eq!((pages.listing().total(), pages.listing().page_count()), (None, None));
    block_on(pages.next(u64::MAX)).unwrap().unwrap();
    assert_eq!((pages.listing().total(), pages.listing().page_count()), (Some(5), Some(3)));
    let bench = scripted(&VENDOR, vec![results(0, 2, r#","total":7,"pageCount":4"#)]);
    let mut pages = self::pages(&bench, &search(), search().start());
    block_on(pages.next(u64::MAX)).unwrap().unwrap();
    assert_eq!((pages.listing().total(), pages.listing().page_count()), (Some(7), Some(4)));
}

#[test]
fn a_query_goes_with_every_page() {
    let members = list("groups.members", &["g/1"], r#"{"expand":["presence"],"pageNumber":2}"#, None);
    let user = r#"{"entities":[{"id":"u1"}],"pageCount":3}"#;
    let bench = scripted(&VENDOR, vec![answer(200, user), answer(200, r#"{"entities":[],"pageCount":3}"#)]);
    assert_eq!(walk(&bench, &members, members.start()).unwrap(), ["u1"]);
    assert_eq!(
        bench.requests(),
        [2, 3].map(|number| format!("GET /api/v2/groups/g%2F1/members?expand=presence&pageNumber={number}"))
    );
}

#[test]
fn links_of_a_search_are_followed_and_only_their_q64_is_taken() {
    let bench = scripted(
        &VENDOR,
        vec![
            results(0, 2, r#","nextPage":"/api/v2/groups/search?q64=H4sI%2BA%3D%3D""#),
            results(2, 4, r#","nextPage":"https://evil.example/a/../b?x=1&q64=BBBB&expand=owners#f""#),
            results(4, 4, r#","nextPage":"//evil.example/?q64=CCCC""#),
            results(4, 5, r#","nextPage":"DDDD""#),
            results(5, 6, r#","nextPage":null"#),
        ],
    );
    assert_eq!(walk(&bench, &search(), search().start()).unwrap(), due(0, 6));
    assert_eq!(
        bench.requests(),
        [
            r#"POST /api/v2/groups/search {"query":[{"type":"EXACT","fields":["name"],"value":"A"}]}"#,
            "GET /api/v2/groups/search?q64=H4sI%2BA%3D%3D",
            "GET /api/v2/groups/search?q64=BBBB",
            "GET /api/v2/groups/search?q64=CCCC",
            "GET /api/v2/groups/search?q64=DDDD",
        ]
    );
    let sent = bench.fake.sent.borrow();
    assert!(sent.iter().all(|sent| Url::parse(&sent.url).unwrap().host_str() == Some("api.mypurecloud.com")));
}

#[test]
fn a_search_that_was_made_before_keeps_what_it_expands() {
    let source = list("groups.searchByQ64", &[], r#"{"q64":"AAAA","expand":["owners"]}"#, None);
    let next = r#","nextPage":"/api/v2/groups/search?q64=BBBB""#;
    let bench = scripted(&VENDOR, vec![results(0, 1, next), results(1, 2, "")]);
    assert_eq!(walk(&bench, &source, source.start()).unwrap(), due(0, 2));
    assert_eq!(
        bench.requests(),
        ["AAAA", "BBBB"].map(|q64| format!("GET /api/v2/groups/search?q64={q64}&expand=owners"))
    );
}

#[test]
fn a_link_back_to_its_own_page_ends_the_list_with_an_error() {
    let bench = answering(&VENDOR, |_| results(0, 0, r#","nextPage":"/api/v2/groups/search?q64=AAAA""#));
    let source = search();
    let mut pages = pages(&bench, &source, source.start());
    block_on(pages.next(u64::MAX)).unwrap();
    let error = block_on(pages.next(u64::MAX)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert!(error.message.contains("repeats itself"), "{error}");
    assert_eq!(bench.requests().len(), 2);
}

#[test]
fn a_link_without_a_q64_is_an_answer_that_cannot_be_used() {
    for link in ["/api/v2/groups/search?pageNumber=2", "/api/v2/groups/search?q64=", "ä", "{}", "?q64=%FF"] {
        let next = format!(r#","nextPage":{}"#, common::json(link));
        let bench = scripted(&VENDOR, vec![results(0, 2, &next)]);
        let mut pages = pages(&bench, &search(), search().start());
        assert!(block_on(pages.next(u64::MAX)).unwrap().is_some(), "the first page is whole");
        let error = block_on(pages.next(u64::MAX)).unwrap_err();
        assert_eq!((error.kind, error.vendor), (ErrorKind::Decode, Some("genesys")), "{link}: {error}");
        assert_eq!((error.sent, error.attempts, bench.count()), (Sent::Yes, 1, 1));
        assert!(error.message.contains("link to the next page"), "{error}");
        assert!(error.status == Some(200) && error.body.is_some(), "the page that has it: {error:?}");
    }
    // As a cursor it is the caller's own.
    let start = search().style().parse("link:garbage!").unwrap();
    let error = walk(&scripted(&VENDOR, vec![]), &search(), start).unwrap_err();
    assert_eq!((error.kind, error.sent), (ErrorKind::Config, Sent::No));
    assert!(error.message.contains("q64"), "{error}");
}

#[test]
fn a_list_that_repeats_itself_is_an_error_and_no_endless_loop() {
    // Servers that ignore the page's number, and the q64.
    for (source, body) in [
        (groups(), format!(r#"{{"entities":[{}],"pageCount":9}}"#, items(0, 2))),
        (search(), format!(r#"{{"results":[{}],"nextPage":"/x?q64=AAAA"}}"#, items(0, 2))),
    ] {
        let bench = answering(&VENDOR, move |_| answer(200, &body));
        let error = walk(&bench, &source, source.start()).unwrap_err();
        assert_eq!((error.kind, bench.count()), (ErrorKind::Decode, 2));
        assert!(error.message.contains("repeats"), "{error}");
    }
}

#[test]
fn after_an_error_the_same_page_is_asked_for_again() {
    let counted = r#","pageCount":2"#;
    let bench = scripted(&VENDOR, vec![page(0, 2, counted), answer(503, "{}"), page(2, 3, counted)]);
    let mut pages = pages(&bench, &groups(), groups().start());
    block_on(pages.next(u64::MAX)).unwrap().unwrap();
    assert_eq!(block_on(pages.next(u64::MAX)).unwrap_err().kind, ErrorKind::Server);
    assert_eq!(ids(&block_on(pages.next(u64::MAX)).unwrap().unwrap(), "entities"), due(2, 3));
    assert_eq!(bench.requests()[1], bench.requests()[2]);
}

#[test]
fn a_page_that_cannot_be_used_says_where() {
    for (body, word) in [
        (r#"{"entities":[{"id":"g1"}]}"#, "entities[0].name"),
        (r#"{"results":[]}"#, "entities"),
        (r#"{"entities":null}"#, "entities"),
        ("", "empty"),
    ] {
        let error =
            walk(&scripted(&VENDOR, vec![answer(200, body)]), &groups(), groups().start()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Decode);
        assert!(error.message.contains(word), "{body}: {error}");
    }
}

/// A server with so many groups, `size` a page. Searches continue by links.
fn server(total: u64, size: u64, counts: bool, links: bool) -> Bench {
    answering(&VENDOR, move |request| {
        let url = Url::parse(&request.url).unwrap();
        let asked = |wanted: &str| {
            url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        let is_search = url.path().ends_with("/search");
        // What a q64 says here is the page's number.
        let number = if is_search { asked("q64") } else { asked("pageNumber") };
        let number = number.map_or(1, |number| number.parse::<u64>().unwrap());
        let (from, to) = ((number - 1) * size, total.min(number * size));
        let is_last = to >= total;
        let mut more = String::new();
        if counts {
            more += &format!(r#","total":{total},"pageCount":{}"#, total.div_ceil(size));
        }
        match (is_search, is_last) {
            (true, false) => more += &format!(r#","nextPage":"/api/v2/groups/search?q64={}""#, number + 1),
            (false, false) if links => more += r#","nextUri":"/api/v2/elsewhere?pageNumber=77""#,
            _ => {}
        }
        if is_search { results(from, to, &more) } else { page(from, to, &more) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_item_comes_once_and_in_order(total in 0_u64..40, size in 1_u64..12, counts: bool, searched: bool) {
        // One of both a list must say.
        let bench = server(total, size, counts, true);
        let source = if searched { search() } else { groups() };
        prop_assert_eq!(walk(&bench, &source, source.start()).unwrap(), due(0, total));
        prop_assert_eq!(bench.count() as u64, total.div_ceil(size).max(1), "and no page is asked for twice");
    }

    #[test]
    fn a_listing_goes_on_from_any_cursor_and_any_item(total in 1_u64..40, size in 1_u64..12, stop in 1_u64..6, taken in 0_u64..12, searched: bool) {
        let bench = server(total, size, true, false);
        let source = if searched { search() } else { groups() };
        let member = if searched { "results" } else { "entities" };
        let mut pages = pages(&bench, &source, source.start());
        let mut all = Vec::new();
        // Some pages, and of the last of them some items.
        let mut rest = None;
        for number in 1..=stop {
            let Some(page) = block_on(pages.next(u64::MAX)).unwrap() else { break };
            let mut items = ids(&page, member);
            rest = page.next.clone();
            if number == stop && (taken as usize) < items.len() {
                items.truncate(taken as usize);
                rest = Some(page.at.advanced(taken));
            }
            all.extend(items);
        }
        if let Some(rest) = rest {
            let cursor = rest.cursor();
            let at = source.style().parse(&cursor).unwrap();
            prop_assert_eq!(&at, &rest, "{}", cursor);
            all.extend(walk(&bench, &source, at).unwrap());
        }
        prop_assert_eq!(all, due(0, total));
    }

    #[test]
    fn a_cursor_is_one_that_a_page_gave(text in "(page|link|offset)?(\\+[0-9]{0,3})?:?[-0-9a-z:/?=%]{0,22}") {
        for source in [groups(), search()] {
            if let Ok(at) = source.style().parse(&text) {
                prop_assert_eq!(&source.style().parse(&at.cursor()).unwrap(), &at);
                // It leads nowhere but to this list.
                if let Ok(call) = source.page(&at) {
                    prop_assert!(call.request.path == "/api/v2/groups" || call.request.path == "/api/v2/groups/search");
                }
            }
        }
    }
}

#[test]
fn a_page_that_was_read_in_part_is_read_on_in_its_middle() {
    let bench = server(10, 4, true, false);
    let at = groups().style().parse("page+3:2").unwrap();
    assert_eq!(walk(&bench, &groups(), at).unwrap(), due(7, 10));
    assert_eq!(bench.requests()[0], "GET /api/v2/groups?pageNumber=2");
    let mut pages = pages(&bench, &groups(), groups().style().parse("page+1:1").unwrap());
    block_on(pages.next(u64::MAX)).unwrap().unwrap();
    assert_eq!(pages.listing().items(), 3, "those taken before are not counted again");
}

fn get(outcome: Outcome) -> Error {
    let bench = scripted(&VENDOR, vec![outcome]);
    block_on(bench.client.send(&GetGroup { group_id: "g1".to_owned() })).unwrap_err()
}

#[test]
fn an_error_is_read_whole() {
    let body = r#"{"message":"The version supplied does not match the current version of the user","code":"general.conflict","status":400,"contextId":"c-1","details":[{"fieldName":"version","errorCode":"old"}]}"#;
    let error = get(answer(400, body));
    assert_eq!((error.kind, error.status, error.sent), (ErrorKind::Conflict, Some(400), Sent::Yes));
    assert!(error.message.starts_with("groups.get failed with 400: The version supplied does not match"));
    assert_eq!(
        (error.request_id.as_deref(), error.vendor_code.as_deref()),
        (Some("c-1"), Some("general.conflict"))
    );
    assert_eq!(error.fields, [("version".to_owned(), "old".to_owned())]);
    assert_eq!(error.body.as_deref(), Some(body));
    let error = get(headed(409, &[("inin-correlation-id", "c-2")], body));
    assert_eq!((error.kind, error.request_id.as_deref()), (ErrorKind::Conflict, Some("c-2")));
    assert_eq!(get(answer(400, r#"{"message":"no"}"#)).kind, ErrorKind::Validation);
    let slow = r#"{"message":"Rate limit exceeded the maximum. Retry the request in [12] seconds"}"#;
    assert_eq!(get(answer(429, slow)).retry_after_ms, Some(12_000.0));
    assert_eq!(get(headed(429, &[("retry-after", "3")], slow)).retry_after_ms, Some(3_000.0));
    assert_eq!(get(answer(503, "")).message, "groups.get failed with 503: no reason given");
}

#[test]
fn no_error_quotes_the_token() {
    let long = format!("{}SECRET", "x".repeat(1_998));
    for (status, body) in [
        (
            401,
            r#"{"message":"SECRET is no token","code":"SECRET","contextId":"SECRET","details":[{"fieldName":"SECRET","errorCode":"SECRET"}]}"#,
        ),
        (400, r#"{"errors":[{"message":"SECRETSECRET"}]}"#),
        (500, "<html>SECRET"),
        (500, &long),
        (200, "SECRET"),
        (200, r#"{"id":"SECRET"}"#),
        (200, r#"{"id":"g1","name":5,"SECRET":"Bearer SECRET"}"#),
        (200, &long),
    ] {
        let error = get(answer(status, body));
        assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
        assert!(!format!("{error:?}").contains("SECR"), "nor a part of it: {error:?}");
    }
    // Nor do those of lists.
    for body in [r#"{"entities":[{"id":"SECRET"}]}"#, r#"{"SECRET":1}"#] {
        let error =
            walk(&scripted(&VENDOR, vec![answer(200, body)]), &groups(), groups().start()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Decode);
        assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
    }
}

#[test]
fn a_search_s_link_with_the_token_is_not_quoted() {
    let bench = scripted(&VENDOR, vec![results(0, 1, r#","nextPage":"/x?token=SECRET!""#)]);
    let error = walk(&bench, &search(), search().start()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
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
fn each_answer_is_masked_by_the_token_of_its_own_request() {
    let number = Cell::new(0);
    let bench = common::bench(&VENDOR, Rc::new(Renewed(Cell::new(0))), move |_| {
        number.set(number.get() + 1);
        let body = format!(r#"{{"message":"TOKEN{}"}}"#, number.get());
        answer(if number.get() == 1 { 200 } else { 500 }, &body)
    });
    for _ in 0..2 {
        let error = block_on(bench.client.send(&GetGroup { group_id: "g1".to_owned() })).unwrap_err();
        assert!(!format!("{error:?}").contains("TOKEN"), "{error:?}");
    }
}

#[test]
fn a_page_is_masked_by_its_own_token_although_others_came_behind_it() {
    let number = Cell::new(0);
    let bench = common::bench(&VENDOR, Rc::new(Renewed(Cell::new(0))), move |_| {
        number.set(number.get() + 1);
        match number.get() {
            1 => results(0, 1, r#","nextPage":"/x?token=TOKEN1!""#),
            _ => results(1, 2, ""),
        }
    });
    let mut listed = pages(&bench, &search(), search().start());
    block_on(listed.next(u64::MAX)).unwrap().unwrap();
    walk(&bench, &search(), search().start()).unwrap();
    let error = block_on(listed.next(u64::MAX)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert!(!format!("{error:?}").contains("TOKEN1"), "{error:?}");
}
