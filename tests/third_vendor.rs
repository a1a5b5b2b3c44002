//! A third vendor, an imaginary one, made of nothing but what the crate lets out: the rooms above a vendor's folder
//! know none of its words.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::rc::Rc;

use common::{Outcome, answer, headed, scripted};
use futures_executor::block_on;
use orgdeck::client::{
    Answer, Asks, Call, Endpoint, Limits, Operation, Pages, Repeat, Source, Vendor, Window, check_body,
};
use orgdeck::http::{self, Error, ErrorKind, Method, Request, Response, decimal};
use orgdeck::json::Json;
use orgdeck::paging::{Place, Position, Style, Totals};
use orgdeck::query::{Accepts, Names, Query, Selectable};
use orgdeck::schema::{
    Enum, Field, Fields, Kind, Record, Shape, TextRule, Values, kinds, kinds_len, pack, packed_len,
};

const fn shape(kind: Kind) -> Shape {
    Shape { kind, nullable: false }
}

static RANK: Enum =
    Enum { name: "AcmeRank", values: Values::Known("boss|staff|"), known: &["boss", "staff"], docs: &[] };

const FIELDS: &[Field] = &[
    Field { name: "uid", shape: shape(Kind::Text(TextRule::Free)), required: true },
    Field { name: "rank", shape: shape(Kind::Enum(&RANK)), required: true },
    Field {
        name: "nick",
        shape: Shape { kind: Kind::Text(TextRule::Free), nullable: true },
        required: false,
    },
];

static PERSON: Record = Record {
    name: "AcmePerson",
    fields: Fields::new(&pack::<{ packed_len(FIELDS) }>(FIELDS), &kinds::<{ kinds_len(FIELDS) }>(FIELDS)),
    docs: &[],
    field_docs: &[&[], &[], &[]],
};

const ENVELOPE_FIELDS: &[Field] =
    &[Field { name: "person", shape: shape(Kind::Record(&PERSON)), required: true }];

static ENVELOPE: Record = Record {
    name: "AcmeEnvelope",
    fields: Fields::new(
        &pack::<{ packed_len(ENVELOPE_FIELDS) }>(ENVELOPE_FIELDS),
        &kinds::<{ kinds_len(ENVELOPE_FIELDS) }>(ENVELOPE_FIELDS),
    ),
    docs: &[],
    field_docs: &[&[]],
};

static ACCEPTS: Accepts = Accepts {
    fields: Selectable::No,
    filters: Names::Of(&["rank"]),
    orders: Names::Of(&[]),
    expand: Names::Of(&[]),
    max_limit: Some(200),
};

static GET: Endpoint = Endpoint {
    name: "people.get",
    variant: "",
    method: Method::Get,
    path: "/people/{uid}",
    asks: Asks::Query(&Accepts::NOTHING),
    body: None,
    bulk: None,
    answer: Answer::Member(shape(Kind::Record(&ENVELOPE)), "person"),
    repeat: Repeat::Safe,
    flow: None,
};

static LIST: Endpoint = Endpoint {
    name: "people.list",
    path: "/people",
    asks: Asks::Query(&ACCEPTS),
    answer: Answer::Page {
        items: "people",
        of: shape(Kind::Record(&PERSON)),
        style: Style::Numbered(&Totals { items: "head_count", pages: "sheets", next: "more" }),
    },
    ..GET
};

static ACME: Vendor = Vendor {
    name: "acme",
    base_url: "https://api.acme.example/v3",
    endpoints: &[&GET, &LIST],
    call,
    list,
    any: |_, _, _, _| Err(Error::config("acme has no other paths", &[])),
    any_list: |_, _| Err(Error::config("acme has no other lists", &[])),
    prepare: |request, _| request.headers.set("x-acme-dialect", "3"),
    read_error,
    request_id: "x-acme-trace",
    limits: Limits {
        per_endpoint: true,
        allowance: None,
        read: |headers| {
            let left = headers.get("x-acme-left")?.parse().ok()?;
            Some(Window { limit: 2, remaining: left, reset_ms: 5_000.0 })
        },
    },
    plain: &["sheet"],
};

fn call(
    endpoint: &'static Endpoint,
    ids: &[&str],
    query: &Json,
    body: Option<String>,
) -> Result<Call, Error> {
    check_body(endpoint, body.as_deref())?;
    let Asks::Query(accepts) = endpoint.asks else {
        return Err(Error::config("{} has no parameters", &[endpoint.name]));
    };
    let query = Query::parse(query, accepts)?;
    let mut request = Request::new(endpoint.method, http::path(endpoint.path, ids)?);
    for condition in query.filter.0 {
        let values = condition.values.iter().map(|value| value.text()).collect();
        request.params.push_joined(&condition.field, values)?;
    }
    if let Some(limit) = query.limit {
        request.params.push("per_sheet", decimal(limit.into()));
    }
    request.body = body;
    Ok(Call::new(endpoint, request))
}

struct People(Call);

impl Source for People {
    fn endpoint(&self) -> &'static Endpoint {
        self.0.endpoint
    }

    fn start(&self) -> Position {
        Place::Page(1).into()
    }

    fn page(&self, at: &Position) -> Result<Call, Error> {
        let mut call = self.0.clone();
        if let Place::Page(number) = at.place {
            call.request.params.set("sheet", decimal(number));
        }
        Ok(call)
    }
}

fn list(
    endpoint: &'static Endpoint,
    ids: &[&str],
    query: &Json,
    body: Option<String>,
) -> Result<Rc<dyn Source>, Error> {
    Ok(Rc::new(People(call(endpoint, ids, query, body)?)))
}

fn read_error(response: &Response, error: &mut Error) {
    if let Ok(body) = Json::parse(response.text()) {
        error.message = body.get("why").and_then(Json::as_str).unwrap_or_default().to_owned();
        // It says 200-like things with 418.
        if body.get("moved").is_some() {
            error.kind = ErrorKind::NotFound;
        }
    }
}

/// For callers in Rust.
struct GetPerson(&'static str);

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Person {
    uid: String,
    rank: String,
}

impl Operation for GetPerson {
    type Answer = Person;

    fn call(&self) -> Result<Call, Error> {
        call(&GET, &[self.0], &Json::Null, None)
    }
}

fn person(body: &str) -> (Vec<String>, Result<Person, Error>) {
    let bench = scripted(&ACME, vec![answer(200, body)]);
    let person = block_on(bench.client.send(&GetPerson("p 1/2")));
    assert_eq!(bench.fake.sent.borrow()[0].headers.get("x-acme-dialect"), Some("3"));
    (bench.requests(), person)
}

#[test]
fn it_is_called() {
    let (requests, found) = person(r#"{"person":{"uid":"p1","rank":"newcomer","more":1}}"#);
    assert_eq!(requests, ["GET /people/p%201%2F2"]);
    assert_eq!(found.unwrap(), Person { uid: "p1".to_owned(), rank: "newcomer".to_owned() });
    let error = person(r#"{"person":{"uid":"p1","rank":7}}"#).1.unwrap_err();
    assert_eq!((error.kind, error.vendor), (ErrorKind::Decode, Some("acme")));
    assert!(error.message.contains("person.rank: expected a string, found a number"), "{error}");
    let error = block_on(scripted(&ACME, vec![]).client.send(&GetPerson(".."))).unwrap_err();
    assert!(error.message.contains("uid `..`"), "{error}");
}

#[test]
fn its_errors_are_its_own() {
    let body = r#"{"why":"SECRET has left","moved":true}"#;
    let bench = scripted(&ACME, vec![headed(418, &[("x-acme-trace", "t-1")], body)]);
    let error = block_on(bench.client.send(&GetPerson("p1"))).unwrap_err();
    assert_eq!((error.kind, error.status, error.vendor), (ErrorKind::NotFound, Some(418), Some("acme")));
    assert_eq!(error.message, "people.get failed with 418: ****** has left");
    assert_eq!(error.request_id.as_deref(), Some("t-1"));
}

fn sheet(ids: &[&str], more: &str) -> Outcome {
    let people: Vec<_> =
        ids.iter().map(|id| format!(r#"{{"uid":"{id}","rank":"staff","nick":null}}"#)).collect();
    answer(200, &format!(r#"{{"people":[{}]{more}}}"#, people.join(",")))
}

#[test]
fn it_is_listed() {
    let counted = r#","head_count":3,"sheets":2"#;
    let bench = scripted(&ACME, vec![sheet(&["a", "b"], counted), sheet(&["c"], counted)]);
    let asked = Json::parse(r#"{"where":{"rank":{"in":["staff","b,c"]}},"limit":2}"#).unwrap();
    let source = (ACME.list)(ACME.operation("people.list").unwrap(), &[], &asked, None).unwrap();
    let start = source.start();
    let run = bench.begin();
    let mut pages = Pages::new(Rc::clone(&bench.client), Rc::clone(&source), run, start, 1);
    let first = block_on(pages.next(u64::MAX)).unwrap().unwrap();
    assert_eq!((pages.listing().total(), pages.listing().page_count()), (Some(3), Some(2)));
    let cursor = first.next.unwrap().cursor();
    assert_eq!(source.style().parse(&cursor).unwrap(), Place::Page(2).into());
    assert!(block_on(pages.next(u64::MAX)).unwrap().is_some());
    assert!(block_on(pages.next(u64::MAX)).unwrap().is_none());
    assert_eq!(pages.listing().items(), 3);
    assert_eq!(
        bench.requests(),
        [1, 2].map(|number| format!("GET /people?rank=staff,b%2Cc&per_sheet=2&sheet={number}"))
    );
    for (asked, word) in [(r#"{"where":{"nick":"x"}}"#, "nick"), (r#"{"limit":201}"#, "at most 200")] {
        let error = (ACME.list)(&LIST, &[], &Json::parse(asked).unwrap(), None).err().unwrap();
        assert!(error.message.contains(word), "{error}");
    }
}

#[test]
fn its_limits_are_its_own() {
    let bench = scripted(
        &ACME,
        vec![headed(200, &[("x-acme-left", "1")], r#"{"person":{"uid":"p1","rank":"boss"}}"#)],
    );
    block_on(bench.client.send(&GetPerson("p1"))).unwrap();
    let states = common::limits(&bench.client);
    assert_eq!((states.len(), states[0].limit, states[0].remaining), (1, Some(2), Some(1)));
    assert!((5_000.0..5_100.0).contains(&states[0].reset_ms), "{states:?}");
}
