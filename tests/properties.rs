//! What holds whatever a server does: calls and listings end in time, nothing is sent behind their end, nothing that must
//! not be done twice is, and a listing is the same however many of its pages are fetched at once.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use common::{Directory, Fate, Random, Sim, World, respond};
use orgdeck::client::{Call, CallOptions, Client, Outgoing, Pages, Source, Vendor};
use orgdeck::http::{Error, ErrorKind, Headers, Method, Response, Sent};
use orgdeck::json::Json;
use orgdeck::paging::Position;
use orgdeck::{close, genesys};
use proptest::prelude::*;
use url::Url;

fn call(vendor: &'static Vendor, name: &str, ids: &[&str], body: Option<&str>) -> Call {
    (vendor.call)(vendor.operation(name).unwrap(), ids, &Json::Null, body.map(str::to_owned)).unwrap()
}

fn list(vendor: &'static Vendor, name: &str, asked: &str, body: Option<&str>) -> Rc<dyn Source> {
    let asked = Json::parse(asked).unwrap();
    (vendor.list)(vendor.operation(name).unwrap(), &[], &asked, body.map(str::to_owned)).unwrap()
}

const NEW_IN_CLOSE: &str = r#"{"name":"B"}"#;
const NEW_IN_GENESYS: &str = r#"{"name":"B","type":"official","rulesVisible":true,"visibility":"public"}"#;

/// What a caller may do.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Call(&'static str),
    /// So many pages at once.
    List(&'static str, usize),
}

fn doing() -> impl Strategy<Value = Doing> {
    let calls = ["GET", "PUT", "POST", "DELETE", "members", "latest", "wait"];
    prop_oneof![
        prop::sample::select(calls.to_vec()).prop_map(Doing::Call),
        (prop::sample::select(vec!["groups", "search"]), 1_usize..=8)
            .prop_map(|(name, most)| Doing::List(name, most)),
    ]
}

fn call_of(vendor: &'static Vendor, name: &str) -> Call {
    let is_close = vendor.name == "close";
    let members =
        serde_json::json!({"memberIds": (0..120).map(|at| format!("u{at}")).collect::<Vec<_>>()}).to_string();
    match name {
        "PUT" if is_close => call(vendor, "groups.update", &["g1"], Some(NEW_IN_CLOSE)),
        "PUT" => call(vendor, "groups.dynamicSettings.set", &["g1"], Some(r#"{"skillConditions":[]}"#)),
        "POST" if is_close => call(vendor, "groups.create", &[], Some(NEW_IN_CLOSE)),
        "POST" => {
            call(vendor, "groups.create", &[], Some(&NEW_IN_GENESYS.replace('}', r#","description":"x"}"#)))
        }
        "DELETE" => call(vendor, "groups.delete", &["g1"], None),
        "members" if !is_close => call(vendor, "groups.addMembers", &["g1"], Some(&members)),
        "latest" if !is_close => call(vendor, "groups.update+latest", &["g1"], Some(NEW_IN_CLOSE)),
        "wait" if !is_close => call(vendor, "groups.delete+wait", &["g1"], None),
        _ => call(vendor, "groups.get", &["g1"], None),
    }
}

fn source_of(vendor: &'static Vendor, name: &str) -> Rc<dyn Source> {
    match name {
        "search" if vendor.name == "genesys" => {
            list(vendor, "groups.search", "null", Some(r#"{"query":[]}"#))
        }
        _ => list(vendor, "groups.list", "null", None),
    }
}

/// Does it to the end, and says how it went.
async fn go(client: Rc<Client>, doing: Doing, options: CallOptions) -> Result<(), Error> {
    // An error that is shared tells of the requests of whoever sent them.
    let is_own = options.alone;
    let run = client.begin(options);
    let result = match doing {
        Doing::Call(name) => client.perform(&call_of(client.vendor, name), &run).await.map(|_| ()),
        Doing::List(name, concurrency) => {
            let source = source_of(client.vendor, name);
            let start = source.start();
            let mut pages = Pages::new(Rc::clone(&client), source, Rc::clone(&run), start, concurrency);
            loop {
                match pages.next(u64::MAX).await {
                    Ok(Some(_)) => {}
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            }
        }
    };
    if let Err(error) = &result {
        // While one page fails, others may still be asked for.
        let is_list = matches!(doing, Doing::List(..));
        let is_so = error.attempts == run.requests() || (is_list && error.attempts <= run.requests());
        assert!(is_so || !is_own, "{error}: {} of {}", error.attempts, run.requests());
    }
    result
}

/// Something a server does.
#[derive(Clone, Debug)]
enum Act {
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8>, ms: u32 },
    Lose(u8),
}

const BODIES: &[&str] = &[
    "",
    " ",
    "null",
    "{}",
    "<html>",
    r#"{"id":"g1","name":"A","organization_id":"o","type":"official","rulesVisible":true,"visibility":"public","version":3}"#,
    r#"{"id":"g1","na"#,
    r#"{"data":[],"has_more":true}"#,
    r#"{"data":[{"id":"a","name":"A","organization_id":"o"}],"has_more":true}"#,
    r#"{"data":[{"id":"b","name":"A","organization_id":"o"}],"has_more":false}"#,
    r#"{"entities":[],"total":9,"pageCount":9}"#,
    r#"{"entities":[],"nextUri":"/x"}"#,
    r#"{"entities":[{"id":"c","name":"A","type":"official","rulesVisible":true,"visibility":"public"}],"total":3,"pageCount":2}"#,
    r#"{"results":[],"nextPage":"/x?q64=AAAA"}"#,
    r#"{"results":[],"nextPage":"/x?q64=BBBB"}"#,
    r#"{"results":[],"nextPage":"!"}"#,
    r#"{"results":[],"total":-5,"pageCount":1e300}"#,
    r#"{"message":"does not match the current version"}"#,
    r#"{"message":"Retry the request in [7] seconds"}"#,
    r#"{"message":"[99999999999999999999] seconds","details":[{}],"errors":[{"message":null}]}"#,
    r#"{"error":{"error":{"message":[[["x"]]]}},"field-errors":{"a":{"errors":{"0":"x"}}}}"#,
];

fn act() -> impl Strategy<Value = Act> {
    let waits = [
        "0",
        "1",
        "2.5",
        "60",
        "3600",
        "99999999999",
        "-1",
        "1e9",
        "soon",
        "",
        "Fri, 15 Jan 2027 08:00:05 GMT",
        "Fri, 15 Jan 2027 07:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ];
    let limits = [
        "limit=20, remaining=0, reset=0.85",
        "limit=20, remaining=19, reset=1",
        "limit=0, remaining=0, reset=0",
        "limit=1, remaining=9, reset=99999999",
        "limit=4294967295, remaining=0, reset=5",
        "limit=x",
        "reset=1",
    ];
    let header = prop_oneof![
        prop::sample::select(waits.to_vec()).prop_map(|value| ("retry-after", value.to_owned())),
        prop::sample::select(limits.to_vec()).prop_map(|value| ("ratelimit", value.to_owned())),
        "[ -~]{0,12}".prop_map(|value| ("ratelimit", value)),
        "[ -~]{0,12}".prop_map(|value| ("inin-correlation-id", value)),
    ];
    let status = prop_oneof![
        4 => prop::sample::select(vec![200_u16, 200, 200, 201, 204]),
        4 => prop::sample::select(vec![401_u16, 404, 408, 409, 429, 500, 502, 503, 504]),
        1 => 100_u16..=599,
    ];
    let body = prop_oneof![
        6 => prop::sample::select(BODIES.to_vec()).prop_map(|body| body.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ];
    let ms = prop_oneof![4 => 0_u32..300, 1 => 0_u32..40_000];
    prop_oneof![
        6 => (status, prop::collection::vec(header, 0..3), body, ms)
            .prop_map(|(status, headers, body, ms)| Act::Answer { status, headers, body, ms }),
        1 => (0_u8..5).prop_map(Act::Lose),
    ]
}

fn fate(act: &Act) -> Fate {
    match act {
        Act::Lose(0) => Fate::NeverSent,
        Act::Lose(1) => Fate::LostOnTheWay,
        Act::Lose(2) => Fate::LostBehind,
        Act::Lose(3) => Fate::LostWithin,
        Act::Lose(_) => Fate::Silence,
        // The server does it, and takes its time.
        Act::Answer { ms, .. } => Fate::Slow((*ms).into()),
    }
}

/// A client of a server that does these things in turn, over and over.
fn acting(vendor: &'static Vendor, seed: u64, acts: Vec<Act>) -> Sim {
    let acts = Rc::new(acts);
    let (played, number) = (Rc::clone(&acts), Cell::new(0));
    let serve = move |_: &Outgoing| {
        number.set(number.get() + 1);
        match &played[(number.get() - 1) % played.len()] {
            Act::Answer { status, headers, body, .. } => {
                let mut all = Headers::new();
                headers.iter().for_each(|(name, value)| all.put(name, value));
                Response { status: *status, headers: all, body: body.clone() }
            }
            Act::Lose(_) => respond(200, "{}"),
        }
    };
    let sim = Sim::with(
        World::default(),
        vendor,
        seed,
        serve,
        move |_, number| fate(&acts[number % acts.len()]),
        |_| {},
    );
    sim.network.latency.set((1.0, 300.0));
    sim
}

/// A vendor, which shows itself in few words.
#[derive(Clone, Copy)]
struct Of(&'static Vendor);

impl std::fmt::Debug for Of {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name)
    }
}

fn vendor() -> impl Strategy<Value = Of> {
    prop::sample::select(vec![Of(&close::VENDOR), Of(&genesys::VENDOR)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn everything_ends_by_its_deadline_and_leaves_nothing_behind(
        Of(vendor) in vendor(),
        doing in doing(),
        acts in prop::collection::vec(act(), 1..8),
        deadline in 1_u32..60_000,
        retries in 0_u32..8,
        at_once in 1_usize..6,
        seed: u64,
    ) {
        let sim = acting(vendor, seed, acts);
        let options = CallOptions {
            deadline_ms: Some(deadline), max_retries: Some(retries), alone: true, ..CallOptions::default()
        };
        let tasks: Vec<_> = (0..at_once)
            .map(|_| sim.world.spawn(go(Rc::clone(&sim.client), doing, options.clone())))
            .collect();
        // A clock of a page wakes no earlier than it was told to.
        sim.world.pass(f64::from(deadline) + 2.0);
        prop_assert!(tasks.iter().all(|task| task.take().is_some()), "not all have ended");
        let count = sim.network.count();
        sim.world.settle();
        prop_assert_eq!(sim.network.count(), count, "something was sent behind its end");
        for known in sim.limits() {
            prop_assert_eq!((known.in_flight, known.queued), (0, 0));
        }
    }

    #[test]
    fn calls_without_a_deadline_end_too(
        Of(vendor) in vendor(),
        name in prop::sample::select(vec!["GET", "PUT", "POST", "DELETE"]),
        acts in prop::collection::vec(act(), 1..8),
        retries in 0_u32..8,
        seed: u64,
    ) {
        let sim = acting(vendor, seed, acts);
        let options = CallOptions { max_retries: Some(retries), ..CallOptions::default() };
        let task = sim.world.spawn(go(Rc::clone(&sim.client), Doing::Call(name), options));
        sim.world.settle();
        prop_assert!(task.take().is_some(), "it hangs");
        // A flow has a few steps; each request takes 30 s at most, and each pause a minute, as does the limiter's.
        let most = f64::from(retries + 1) * 8.0 * 150_000.0;
        prop_assert!(sim.world.passed() <= most, "{}", sim.world.passed());
    }

    #[test]
    fn nothing_is_sent_for_who_gave_up(
        Of(vendor) in vendor(),
        doing in doing(),
        acts in prop::collection::vec(act(), 1..8),
        at_once in 1_usize..6,
        after in 0_u32..20_000,
        seed: u64,
    ) {
        let sim = acting(vendor, seed, acts);
        let tasks: Vec<_> = (0..at_once)
            .map(|_| sim.world.spawn(go(Rc::clone(&sim.client), doing, CallOptions::default())))
            .collect();
        sim.world.pass(after.into());
        tasks.iter().for_each(common::Task::abort);
        let count = sim.network.count();
        for known in sim.limits() {
            prop_assert_eq!((known.in_flight, known.queued), (0, 0));
        }
        sim.world.settle();
        prop_assert_eq!(sim.network.count(), count);
    }
}

// Nothing twice

/// What a server, or somebody before it, may do with something that must not be done twice. It is carried out unless it is
/// said that it was not.
fn fate_of_change(number: u8) -> Fate {
    let said = |status, headers: &[(&str, &str)]| {
        let mut all = Headers::new();
        headers.iter().for_each(|(name, value)| all.put(name, value));
        Response { headers: all, ..respond(status, "{}") }
    };
    let turned = |response: Response| Fate::Turned(Box::new(move |_| response));
    match number {
        0 => Fate::NeverSent,
        1 => Fate::LostOnTheWay,
        2 => Fate::LostBehind,
        3 => Fate::LostWithin,
        4 => Fate::Silence,
        5 => Fate::Slow(45_000.0),
        6 => Fate::Refused(said(429, &[("retry-after", "1")])),
        7 => Fate::Refused(said(503, &[("retry-after", "Fri, 15 Jan 2027 08:00:03 GMT")])),
        8 => Fate::Refused(said(429, &[("ratelimit", "limit=20, remaining=0, reset=0.4")])),
        9 => turned(said(503, &[("ratelimit", "limit=20, remaining=3, reset=0.4")])),
        10 => turned(said(500, &[("retry-after", "1")])),
        11 => turned(said(504, &[])),
        12 => turned(said(408, &[("retry-after", "1")])),
        13 => turned(said(429, &[])),
        14 => turned(said(503, &[])),
        15 => turned(said(200, &[])),
        16 => turned(respond(502, "<html>")),
        _ => Fate::Served,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_must_not_be_done_twice_is_not(
        Of(vendor) in vendor(),
        any_path: bool,
        fates in prop::collection::vec(0_u8..20, 1..6),
        retries in 0_u32..8,
        seed: u64,
    ) {
        let directory = Rc::new(Directory::new(vendor.name, 3, 3));
        let served = Rc::clone(&directory);
        let fate = move |_: &Outgoing, number: usize| fate_of_change(fates[number % fates.len()]);
        let sim = Sim::with(World::default(), vendor, seed, move |request| served.serve(request), fate, |_| {});
        let body = if vendor.name == "close" { NEW_IN_CLOSE } else { NEW_IN_GENESYS };
        let path = if vendor.name == "close" { "/group/" } else { "/api/v2/groups" };
        let create = match any_path {
            true => (vendor.any)(Method::Post, path, &Json::Null, Some(body.to_owned())).unwrap(),
            false => call(vendor, "groups.create", &[], Some(body)),
        };
        let run = sim.client.begin(CallOptions { max_retries: Some(retries), ..CallOptions::default() });
        let result = sim.world.run(sim.client.perform(&create, &run));
        sim.world.settle();
        let made = directory.changes.borrow().len();
        prop_assert!(made <= 1, "it was made {} times", made);
        match result {
            Ok(_) => prop_assert_eq!(made, 1),
            Err(error) => prop_assert!(error.sent != Sent::No || made == 0, "{:?}", error),
        }
    }

    #[test]
    fn of_many_parts_none_is_done_twice_and_the_report_is_true(
        fates in prop::collection::vec(0_u8..30, 1..8),
        people in 1_usize..170,
        seed: u64,
    ) {
        let added = Rc::new(RefCell::new(Vec::<String>::new()));
        let adding = Rc::clone(&added);
        let serve = move |request: &Outgoing| {
            let body: serde_json::Value = serde_json::from_str(request.body.as_ref().unwrap()).unwrap();
            let ids = body["memberIds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned());
            adding.borrow_mut().extend(ids);
            respond(202, "{}")
        };
        let fate = move |_: &Outgoing, number: usize| fate_of_change(fates[number % fates.len()]);
        let sim = Sim::with(World::default(), &genesys::VENDOR, seed, serve, fate, |_| {});
        let ids: Vec<_> = (0..people).map(|at| format!("u{at}")).collect();
        let body = serde_json::json!({ "memberIds": ids }).to_string();
        let change = call(&genesys::VENDOR, "groups.addMembers", &["g1"], Some(&body));
        let result = sim.world.run(sim.client.perform(&change, &sim.begin()));
        sim.world.settle();
        let added = added.borrow();
        let distinct: BTreeSet<_> = added.iter().collect();
        prop_assert_eq!(distinct.len(), added.len(), "somebody was added twice");
        match result {
            Ok(_) => prop_assert_eq!(&*added, &ids),
            Err(error) => {
                let partial = error.partial.clone().unwrap();
                prop_assert_eq!([&*partial.done, &partial.failed, &partial.rest].concat(), ids);
                prop_assert!(added.starts_with(&partial.done));
                prop_assert!(!partial.rest.iter().any(|id| distinct.contains(id)));
                prop_assert!(error.sent != Sent::No || added.is_empty());
            }
        }
    }
}

// Listings

/// A list as a server keeps it, and how it gives it away.
#[derive(Clone, Debug)]
enum Kept {
    /// By offset. Of what is asked for, so many items come at most, as long as there are any; in turn, over and over.
    Offset { total: usize, limit: usize, most: Vec<usize> },
    /// By offset, with pages in between on which everything is hidden.
    Hidden { pages: Vec<bool>, limit: usize },
    /// By number, with so many items on each page, and counts or links.
    Numbered { pages: Vec<usize>, counts: bool },
    /// By link.
    Linked { pages: Vec<usize>, counts: bool },
}

fn kept() -> impl Strategy<Value = Kept> {
    let pages = || {
        prop_oneof![
            // Full ones, and a last one.
            (1_usize..9, 0_usize..12, 0_usize..9).prop_map(|(size, full, last)| {
                let mut pages = vec![size; full];
                pages.push(last.min(size));
                pages
            }),
            prop::collection::vec(0_usize..6, 1..12),
        ]
    };
    prop_oneof![
        (0_usize..70, 1_usize..20, prop_oneof![Just(vec![100]), prop::collection::vec(1_usize..20, 1..4)])
            .prop_map(|(total, limit, most)| Kept::Offset { total, limit, most }),
        (prop::collection::vec(any::<bool>(), 1..12), 1_usize..6)
            .prop_map(|(pages, limit)| Kept::Hidden { pages, limit }),
        (pages(), any::<bool>()).prop_map(|(pages, counts)| Kept::Numbered { pages, counts }),
        (pages(), any::<bool>()).prop_map(|(pages, counts)| Kept::Linked { pages, counts }),
    ]
}

impl Kept {
    fn vendor(&self) -> &'static Vendor {
        match self {
            Self::Offset { .. } | Self::Hidden { .. } => &close::VENDOR,
            Self::Numbered { .. } | Self::Linked { .. } => &genesys::VENDOR,
        }
    }

    fn source(&self) -> Rc<dyn Source> {
        match self {
            Self::Offset { limit, .. } | Self::Hidden { limit, .. } => {
                list(self.vendor(), "groups.list", &format!(r#"{{"limit":{limit}}}"#), None)
            }
            Self::Numbered { .. } => list(self.vendor(), "groups.list", "null", None),
            Self::Linked { .. } => source_of(self.vendor(), "search"),
        }
    }

    /// All its items, in order.
    fn ids(&self) -> Vec<String> {
        let name = |at| format!("i{at}");
        match self {
            Self::Offset { total, .. } => (0..*total).map(name).collect(),
            Self::Hidden { pages, limit } => {
                (0..pages.len() * limit).filter(|at| pages[at / limit]).map(name).collect()
            }
            Self::Numbered { pages, .. } | Self::Linked { pages, .. } => {
                (0..pages.iter().sum()).map(name).collect()
            }
        }
    }

    /// Whether somebody may be told of items that are not there: pages are as long as the first one, as far as is known.
    fn answer(&self, request: &Outgoing, number: usize) -> Response {
        let url = Url::parse(&request.url).unwrap();
        let asked = |wanted: &str| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(name, value)| (name == wanted).then(|| value.parse::<usize>().unwrap()))
        };
        let item = |at: usize| {
            format!(
                r#"{{"id":"i{at}","name":"A","organization_id":"o","type":"official","rulesVisible":true,"visibility":"public"}}"#
            )
        };
        let items = |from: usize, to: usize| (from..to).map(item).collect::<Vec<_>>().join(",");
        match self {
            Self::Offset { total, limit, most } => {
                let from = asked("_skip").unwrap_or(0).min(*total);
                let to = (*total).min(from + most[number % most.len()].min(*limit));
                respond(200, format!(r#"{{"data":[{}],"has_more":{}}}"#, items(from, to), to < *total))
            }
            Self::Hidden { pages, limit } => {
                let total = pages.len() * limit;
                let from = asked("_skip").unwrap_or(0).min(total);
                let to = total.min(from + limit);
                let is_shown = |at: &usize| pages[at / limit];
                let shown: Vec<_> = (from..to).filter(is_shown).map(item).collect();
                respond(200, format!(r#"{{"data":[{}],"has_more":{}}}"#, shown.join(","), to < total))
            }
            Self::Numbered { pages, counts } | Self::Linked { pages, counts } => {
                let is_linked = matches!(self, Self::Linked { .. });
                let page = asked(if is_linked { "q64" } else { "pageNumber" }).unwrap_or(1);
                let from: usize = pages.iter().take(page - 1).sum();
                let to = from + pages.get(page - 1).copied().unwrap_or(0);
                let mut more = String::new();
                if *counts {
                    more +=
                        &format!(r#","total":{},"pageCount":{}"#, pages.iter().sum::<usize>(), pages.len());
                }
                if page < pages.len() {
                    let link = if is_linked { "nextPage" } else { "nextUri" };
                    more += &format!(r#","{link}":"/x?q64={}""#, page + 1);
                }
                let member = if is_linked { "results" } else { "entities" };
                respond(200, format!(r#"{{"{member}":[{}]{more}}}"#, items(from, to)))
            }
        }
    }

    /// Whether it has an empty page that says no more than that there is another. Of lists by number such a page is the end.
    fn is_cut_short(&self) -> bool {
        matches!(self, Self::Numbered { pages, counts: false } if pages.iter().rev().skip(1).any(|&items| items == 0))
    }

    /// A client of it.
    fn sim(&self, seed: u64, trouble: usize) -> Sim {
        let (kept, number) = (self.clone(), Cell::new(0));
        let serve = move |request: &Outgoing| {
            number.set(number.get() + 1);
            kept.answer(request, number.get() - 1)
        };
        // Each request has to be made some times more.
        let tried = RefCell::new(HashMap::<_, usize>::new());
        let fate = move |request: &Outgoing, number: usize| {
            let mut tried = tried.borrow_mut();
            let times = tried.entry(request.url.clone()).or_default();
            *times += 1;
            match number % 2 {
                _ if *times > trouble => Fate::Served,
                0 => Fate::LostBehind,
                _ => Fate::Refused(respond(503, "{}")),
            }
        };
        let sim = Sim::with(World::default(), self.vendor(), seed, serve, fate, |_| {});
        sim.network.latency.set((1.0, 300.0));
        sim
    }
}

/// A page as a caller sees it: where the next one is, and its items that were not taken before.
type Page = (Option<Position>, Vec<String>);

/// Goes on until there is nothing more, or something is wrong.
fn walk(
    sim: &Sim,
    source: &Rc<dyn Source>,
    start: Position,
    concurrency: usize,
) -> (Vec<Page>, Result<(), Error>) {
    let run = sim.begin();
    let mut pages = Pages::new(Rc::clone(&sim.client), Rc::clone(source), run, start, concurrency);
    let mut all = Vec::new();
    let result = sim.world.run(async {
        while let Some(page) = pages.next(u64::MAX).await? {
            let body: serde_json::Value = serde_json::from_slice(&page.response.body).unwrap();
            let items =
                ["data", "entities", "results"].into_iter().find_map(|name| body[name].as_array()).unwrap();
            let skip = usize::try_from(page.at.skip).unwrap();
            let ids = items.iter().skip(skip).map(|item| item["id"].as_str().unwrap().to_owned());
            all.push((page.next, ids.collect()));
        }
        Ok(())
    });
    drop(pages);
    sim.world.settle();
    (all, result)
}

fn items(pages: &[Page]) -> Vec<String> {
    pages.iter().flat_map(|(_, items)| items.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_list_is_the_same_however_many_pages_come_at_once(kept in kept(), concurrency in 1_usize..=8, seed: u64) {
        let source = kept.source();
        let one = kept.sim(seed, 0);
        let (alone, result) = walk(&one, &source, source.start(), 1);
        result.unwrap();
        if !kept.is_cut_short() {
            prop_assert_eq!(items(&alone), kept.ids());
        }
        prop_assert_eq!(one.network.count(), alone.len(), "page after page, none is in vain");
        let many = kept.sim(seed, 0);
        let (together, result) = walk(&many, &source, source.start(), concurrency);
        result.unwrap();
        // Where the vendor sends as much as it likes, a page asked for before is another one than behind.
        if !matches!(&kept, Kept::Offset { most, .. } if most.len() > 1) {
            prop_assert_eq!(&together, &alone);
        }
        prop_assert_eq!(items(&together), items(&alone));
        let wasted = many.network.count() - together.len();
        prop_assert!(wasted < concurrency, "{} of {} in vain", wasted, many.network.count());
        prop_assert!(many.network.most.get() <= concurrency);
    }

    #[test]
    fn trouble_that_passes_changes_nothing(kept in kept(), concurrency in 1_usize..=8, trouble in 1_usize..=3, seed: u64) {
        let source = kept.source();
        let sim = kept.sim(seed, trouble);
        let (pages, result) = walk(&sim, &source, source.start(), concurrency);
        // Of too much trouble a client has enough.
        let is_enough = |error: &Error| error.message.contains("too much has failed lately");
        prop_assume!(!result.as_ref().is_err_and(is_enough));
        result.unwrap();
        if !kept.is_cut_short() {
            prop_assert_eq!(items(&pages), kept.ids());
        }
    }

    #[test]
    fn a_list_goes_on_from_any_item_and_from_where_it_broke(
        kept in kept(),
        concurrency in 1_usize..=8,
        broken in prop::option::of(0_usize..12),
        stop in 0_usize..8,
        taken in 0_usize..8,
        seed: u64,
    ) {
        let source = kept.source();
        let calm = kept.sim(seed, 0);
        // A list whose page says how to go on from its middle, or which breaks on the way.
        let (number, answering) = (Cell::new(0), kept.clone());
        let serve = move |request: &Outgoing| {
            number.set(number.get() + 1);
            answering.answer(request, number.get() - 1)
        };
        let fate = move |_: &Outgoing, number: usize| match broken {
            Some(from) if number >= from => Fate::Refused(respond(403, "{}")),
            _ => Fate::Served,
        };
        let sim = Sim::with(World::default(), kept.vendor(), seed, serve, fate, |_| {});
        let mut pages = Pages::new(Rc::clone(&sim.client), Rc::clone(&source), sim.begin(), source.start(), concurrency);
        let mut got = Vec::new();
        let mut rest = Some(source.start());
        for page_number in 0..=stop {
            let Ok(page) = sim.world.run(pages.next(u64::MAX)) else {
                // Where it broke.
                prop_assert_eq!(pages.listing().next(), rest.as_ref());
                break;
            };
            let Some(page) = page else { break };
            let body: serde_json::Value = serde_json::from_slice(&page.response.body).unwrap();
            let items = ["data", "entities", "results"].into_iter().find_map(|name| body[name].as_array()).unwrap();
            let mut ids: Vec<_> = items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
            rest = page.next.clone();
            if page_number == stop && taken < ids.len() {
                ids.truncate(taken);
                rest = Some(page.at.advanced(taken as u64));
            }
            got.extend(ids);
        }
        if let Some(rest) = rest {
            let at = source.style().parse(&rest.cursor()).unwrap();
            prop_assert_eq!(&at, &rest);
            let (more, result) = walk(&calm, &source, at, concurrency);
            result.unwrap();
            got.extend(items(&more));
        }
        // An offset within a hidden page's neighbour leads to other windows, which hide other things.
        let is_shifted = matches!(kept, Kept::Hidden { .. }) && taken > 0;
        if !kept.is_cut_short() && !is_shifted {
            prop_assert_eq!(got, kept.ids());
        }
    }

    #[test]
    fn no_more_is_fetched_than_is_wanted(kept in kept(), concurrency in 1_usize..=8, wanted in 1_u64..60, seed: u64) {
        let source = kept.source();
        let sim = kept.sim(seed, 0);
        let mut pages = Pages::new(Rc::clone(&sim.client), Rc::clone(&source), sim.begin(), source.start(), concurrency);
        let (mut got, mut count) = (0, 0);
        while got < wanted {
            let Some(page) = sim.world.run(pages.next(wanted - got)).unwrap() else { break };
            let before = got;
            got = pages.listing().items();
            count += 1;
            prop_assert!(got >= before && page.at.skip == 0);
        }
        drop(pages);
        let wasted = sim.network.count() - count;
        prop_assert!(wasted < concurrency);
        // Where all pages are as long as the first one, it is known how many it takes.
        let is_even = match &kept {
            Kept::Offset { most, .. } => most.len() == 1,
            Kept::Numbered { pages, .. } => {
                let (last, others) = pages.split_last().unwrap();
                others.iter().all(|items| *items == pages[0]) && *last <= pages[0]
            }
            _ => false,
        };
        if is_even && got >= wanted {
            prop_assert_eq!(wasted, 0);
        }
    }
}

// Circles

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn links_that_go_round_in_a_circle_end_in_an_error(
        links in prop::collection::vec(0_usize..12, 1..10),
        is_empty in prop::collection::vec(any::<bool>(), 10),
        is_new: bool,
        concurrency in 1_usize..=8,
    ) {
        // Each page leads to any other, or, beyond them, nowhere.
        let (pages, count) = (links.clone(), Cell::new(0));
        let serve = move |request: &Outgoing| {
            let url = Url::parse(&request.url).unwrap();
            let page = url.query_pairs().find_map(|(name, value)| (name == "q64").then(|| value.parse::<usize>().unwrap()));
            let at = page.unwrap_or(0);
            count.set(count.get() + 1);
            // Even when it has something new to say each time.
            let id = if is_new { format!("n{}", count.get()) } else { format!("i{at}") };
            let item = format!(r#"{{"id":"{id}","name":"A","type":"official","rulesVisible":true,"visibility":"public"}}"#);
            let item = if is_empty[at] { String::new() } else { item };
            let link = match pages.get(at) {
                Some(&next) if next < pages.len() => format!(r#","nextPage":"/x?q64={next}""#),
                _ => String::new(),
            };
            respond(200, format!(r#"{{"results":[{item}]{link}}}"#))
        };
        let source = source_of(&genesys::VENDOR, "search");
        let sim = Sim::new(&genesys::VENDOR, serve, |_, _| Fate::Served);
        let (got, result) = walk(&sim, &source, source.start(), concurrency);
        // Where the links lead to.
        let (mut seen, mut at) = (BTreeSet::new(), Some(0));
        while let Some(page) = at.filter(|page| seen.insert(*page)) {
            at = links.get(page).copied().filter(|&next| next < links.len());
        }
        prop_assert!(sim.network.count() <= links.len() + 1, "{} requests", sim.network.count());
        match at {
            None => {
                prop_assert!(result.is_ok(), "{:?}", result);
                prop_assert_eq!(got.len(), seen.len());
            }
            Some(_) => {
                let error = result.unwrap_err();
                prop_assert_eq!((error.kind, error.status), (ErrorKind::Decode, Some(200)));
                prop_assert!(error.message.contains("repeats itself"), "{}", error);
            }
        }
    }

    #[test]
    fn a_server_that_ignores_where_a_page_starts_is_found_out(
        Of(vendor) in vendor(),
        size in 1_usize..5,
        cycle in 1_usize..4,
        concurrency in 1_usize..=8,
    ) {
        let number = Cell::new(0);
        let serve = move |_: &Outgoing| {
            // The same few pages over and over.
            let from = number.get() % cycle * size;
            number.set(number.get() + 1);
            let items: Vec<_> = (from..from + size)
                .map(|at| format!(r#"{{"id":"i{at}","name":"A","organization_id":"o","type":"official","rulesVisible":true,"visibility":"public"}}"#))
                .collect();
            let items = items.join(",");
            respond(200, format!(r#"{{"data":[{items}],"has_more":true,"entities":[{items}],"nextUri":"/x"}}"#))
        };
        let source = source_of(vendor, "groups");
        let sim = Sim::new(vendor, serve, |_, _| Fate::Served);
        let run = sim.client.begin(CallOptions { deadline_ms: Some(400), ..CallOptions::default() });
        let start = source.start();
        let mut pages = Pages::new(Rc::clone(&sim.client), source, run, start, concurrency);
        let result = sim.world.run(async {
            while pages.next(u64::MAX).await?.is_some() {}
            Ok::<_, Error>(())
        });
        let error = result.unwrap_err();
        if cycle == 1 {
            prop_assert_eq!(error.kind, ErrorKind::Decode);
            prop_assert!(sim.network.count() <= 1 + 2 * concurrency);
        }
    }
}

// Lists that change

/// Something that happens to a list before a page of it is made.
#[derive(Clone, Debug)]
enum Edit {
    None,
    Insert(usize),
    Remove(usize),
}

fn edit(removes: bool) -> impl Strategy<Value = Edit> {
    let most = if removes { 3 } else { 2 };
    (0..most, 0_usize..40).prop_map(|(kind, at)| match kind {
        0 => Edit::None,
        1 => Edit::Insert(at),
        _ => Edit::Remove(at),
    })
}

struct Changed {
    sim: Sim,
    directory: Rc<Directory>,
    totals: Rc<RefCell<Vec<u64>>>,
}

fn changing(vendor: &'static Vendor, total: usize, size: usize, edits: Vec<Edit>) -> Changed {
    let directory = Rc::new(Directory::new(vendor.name, total, size));
    let totals = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&totals);
    let random = Random::new(3);
    *directory.before_page.borrow_mut() = Box::new(move |groups, pages| {
        match edits.get(pages) {
            Some(Edit::Insert(at)) => {
                groups.insert((*at).min(groups.len()), format!("n{pages}-{}", random.unit()))
            }
            Some(Edit::Remove(at)) if !groups.is_empty() => drop(groups.remove(at % groups.len())),
            _ => {}
        }
        told.borrow_mut().push(groups.len() as u64);
    });
    let served = Rc::clone(&directory);
    let sim = Sim::new(vendor, move |request| served.serve(request), |_, _| Fate::Served);
    Changed { sim, directory, totals }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_count_that_changes_is_drift_and_the_highest_is_expected(
        total in 0_usize..40,
        size in 1_usize..8,
        edits in prop::collection::vec(edit(true), 0..12),
    ) {
        let changed = changing(&genesys::VENDOR, total, size, edits);
        let source = source_of(&genesys::VENDOR, "groups");
        let mut pages = Pages::new(Rc::clone(&changed.sim.client), Rc::clone(&source), changed.sim.begin(), source.start(), 1);
        let result = changed.sim.world.run(async {
            while pages.next(u64::MAX).await?.is_some() {}
            Ok::<_, Error>(())
        });
        let (listing, totals) = (pages.listing(), changed.totals.borrow());
        // Removals may well bring the page before again.
        if result.is_ok() {
            prop_assert_eq!(listing.expected(), totals.iter().max().copied());
            prop_assert_eq!(listing.has_drifted(), totals.windows(2).any(|pair| pair[0] != pair[1]));
            prop_assert_eq!(listing.total(), totals.last().copied());
        }
    }

    #[test]
    fn what_is_added_on_the_way_makes_nothing_else_vanish(
        Of(vendor) in vendor(),
        total in 0_usize..40,
        size in 1_usize..8,
        edits in prop::collection::vec(edit(false), 0..12),
        concurrency in 1_usize..=8,
    ) {
        // A page that is all pushed onto the next one would look like a server that repeats itself.
        prop_assume!(size > 1);
        let changed = changing(vendor, total, size, edits);
        let source = source_of(vendor, "groups");
        let (got, result) = walk(&changed.sim, &source, source.start(), concurrency);
        result.unwrap();
        let got: BTreeSet<_> = items(&got).into_iter().collect();
        let is_lost = |number: &usize| !got.contains(&format!("g{number}"));
        prop_assert_eq!((1..=total).find(is_lost), None);
        prop_assert!(got.len() <= changed.directory.groups.borrow().len());
    }

    #[test]
    fn a_list_that_stays_as_it_is_is_complete_and_says_so(
        total in 0_usize..40,
        size in 1_usize..8,
        start in 1_usize..4,
        concurrency in 1_usize..=8,
    ) {
        let changed = changing(&genesys::VENDOR, total, size, Vec::new());
        let source = list(&genesys::VENDOR, "groups.list", &format!(r#"{{"pageNumber":{start}}}"#), None);
        let mut pages = Pages::new(Rc::clone(&changed.sim.client), Rc::clone(&source), changed.sim.begin(), source.start(), concurrency);
        changed.sim.world.run(async { while pages.next(u64::MAX).await.unwrap().is_some() {} });
        let listing = pages.listing();
        prop_assert!(!listing.has_drifted());
        prop_assert_eq!(listing.items() as usize, total.saturating_sub((start - 1) * size));
        // From the last page on it cannot be known how long those before it are.
        if start == 1 || start * size < total {
            prop_assert_eq!(listing.expected(), Some(listing.items()));
        }
    }
}
