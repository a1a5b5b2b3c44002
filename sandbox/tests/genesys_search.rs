//! Search over HTTP: what is found, in which order, and the links between its pages. What each test
//! of a field means is tested where it is written.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use common::{Reply, Server, keys, text};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

fn search(server: &Server, body: Value) -> Reply {
    server.genesys("POST", "/groups/search", Some(body))
}

fn names(answer: &Value) -> Vec<String> {
    answer["results"].as_array().unwrap().iter().map(|group| text(&group["name"])).collect()
}

fn found(server: &Server, query: Value) -> Vec<String> {
    names(&search(server, json!({ "query": query, "pageSize": 500 })).expect(200))
}

fn packed(request: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(request.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn by_q64(server: &Server, q64: &str) -> Reply {
    let q64 = utf8_percent_encode(q64, NON_ALPHANUMERIC);
    server.genesys("GET", &format!("/groups/search?q64={q64}"), None)
}

#[test]
fn a_search_without_criteria_finds_every_group() {
    let server = Server::new();
    let answer = search(&server, json!({})).expect(200);
    assert_eq!(
        keys(&answer),
        ["currentPage", "nextPage", "pageCount", "pageNumber", "pageSize", "results", "total", "types"]
    );
    assert_eq!(
        (&answer["total"], &answer["pageSize"], &answer["pageNumber"], &answer["pageCount"]),
        (&json!(40), &json!(25), &json!(1), &json!(2))
    );
    assert_eq!(answer["types"], json!(["groups"]));
    assert_eq!(answer["results"], json!(server.genesys_all("/groups")[..25]), "groups as they are listed");
    for query in [json!([]), Value::Null, json!([{ "type": "MATCH_ALL" }])] {
        assert_eq!(found(&server, query).len(), 40);
    }
}

#[test]
fn criteria_of_every_type_find_what_they_should() {
    let server = Server::new();
    for (query, expected) in [
        (json!([{ "type": "EXACT", "fields": ["name"], "value": "all staff" }]), vec!["All Staff"]),
        (
            json!([{ "type": "EXACT", "fields": ["name"], "values": ["Trainers", "no", "VIP Desk"] }]),
            vec!["Trainers", "VIP Desk"],
        ),
        (json!([{ "type": "STARTS_WITH", "fields": ["name"], "value": "ΑΘΉΝΑ" }]), vec!["Αθήνα Support"]),
        (json!([{ "type": "CONTAINS", "fields": ["name", "description"], "value": "über" }]), vec![]),
        (
            json!([{ "type": "CONTAINS", "fields": ["name", "description"], "value": "service à" }]),
            vec!["Équipe Québec"],
        ),
        (
            json!([{ "type": "TERM", "fields": ["name"], "value": "tier" }]),
            vec!["Support Tier 1", "Support Tier 2", "Support Tier 3"],
        ),
        (
            json!([{ "type": "TERMS", "fields": ["name"], "values": ["APAC", "2026"] }]),
            vec!["Escalations (APAC)", "Partners_2026"],
        ),
        (
            json!([{ "type": "REGEX", "fields": ["name"], "value": "support tier [12]" }]),
            vec!["Support Tier 1", "Support Tier 2"],
        ),
        (
            json!([{ "type": "EXACT", "fields": ["dateModified"], "startValue": "2026-05-21" }]),
            vec!["VIP Desk"],
        ),
        (
            json!([{ "type": "EXACT", "fields": ["version"], "startValue": "38" }]),
            vec!["Outbound Sales", "Trainers", "Weekend Shift"],
        ),
        (json!([{ "type": "EXACT", "fields": ["memberCount"], "value": "0" }]), vec!["Reserve"]),
        (
            json!([
                { "type": "TERM", "fields": ["name"], "value": "tier" },
                { "type": "CONTAINS", "fields": ["name"], "value": "2", "operator": "NOT" },
                { "type": "CONTAINS", "fields": ["description"], "value": "minute", "operator": "OR" },
                { "group": [{ "type": "TERM", "fields": ["description"], "value": "code" }], "operator": "OR" },
            ]),
            vec!["Support Tier 1", "Support Tier 3"],
        ),
    ] {
        assert_eq!(found(&server, query.clone()), expected, "{query}");
    }
    let described = found(&server, json!([{ "type": "REQUIRED_FIELDS", "fields": ["description", "name"] }]));
    let groups = server.genesys_all("/groups");
    assert_eq!(
        described.len(),
        groups
            .iter()
            .filter(|group| group["description"].as_str().is_some_and(|text| !text.is_empty()))
            .count()
    );
    let owner = groups[0]["owners"][0]["id"].clone();
    let owned = found(&server, json!([{ "type": "EXACT", "fields": ["owners.id"], "value": owner }]));
    assert!(owned.contains(&text(&groups[0]["name"])) && owned.len() < 40);
}

#[test]
fn criteria_that_make_no_sense_name_their_path() {
    let server = Server::new();
    let inner = json!({ "type": "EXACT", "fields": ["name"], "operator": "OR" });
    let query = json!([{ "type": "MATCH_ALL", "group": [inner] }]);
    let error = search(&server, json!({ "query": query })).expect(400);
    assert_eq!(error["details"][0]["fieldName"], "query[0].group[0].value");
    for (body, code) in [
        (json!({ "query": {} }), "bad.request"),
        (json!({ "query": [{ "type": "LIKE" }] }), "invalid.value"),
        (
            json!({ "query": [{ "type": "EXACT", "fields": ["a"], "startValue": "x", "dateFormat": "yyyy" }] }),
            "invalid.date",
        ),
        (json!({ "sortOrder": "UP" }), "invalid.value"),
        (json!({ "sort": [{ "sortBy": 1 }] }), "bad.request"),
        (json!({ "pageSize": "25" }), "bad.request"),
    ] {
        assert_eq!(search(&server, body.clone()).code(400), code, "{body}");
    }
    assert_eq!(server.genesys("POST", "/groups/search", None).code(400), "bad.request");
}

/// A test for a name, so many groups deep; every group turns the meaning around.
fn nested(depth: usize, name: &str) -> String {
    let test = format!(r#"{{"type":"EXACT","fields":["name"],"value":"{name}"}}"#);
    let opening = r#"{"operator":"NOT","group":["#;
    format!(r#"{{"query":[{}{test}{}]}}"#, opening.repeat(depth - 1), "]}".repeat(depth - 1))
}

#[test]
fn criteria_may_be_nested_hundreds_deep() {
    let server = Server::new();
    let headers = [("authorization", common::GENESYS), ("content-type", "application/json")];
    let post = |body: &str| server.send("POST", "/api/v2/groups/search", &headers, Some(body)).unwrap();
    for (depth, total) in [(1, 1), (2, 39), (300, 39), (301, 1), (512, 39)] {
        let reply = post(&nested(depth, "All Staff"));
        let answer =
            if reply.status == 200 { parsed(&reply.text) } else { panic!("{depth}: {}", reply.text) };
        assert_eq!(answer["total"], json!(total), "{depth}");
        let link = text(&answer["currentPage"]);
        let again = server.send("GET", &link, &headers[..1], None).unwrap();
        assert_eq!(parsed(&again.text)["total"], json!(total), "{depth} by link");
    }
    for depth in [513, 5_000, 15_000] {
        assert_eq!(post(&nested(depth, "All Staff")).code(400), "bad.request", "{depth}");
    }
    assert_eq!(server.log().len(), 13);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn results_are_sorted_as_asked_and_by_name_otherwise() {
    let server = Server::new();
    let sorted = |body: Value, field: &str| -> Vec<Value> {
        let mut body = body;
        body["pageSize"] = json!(500);
        let answer = search(&server, body).expect(200);
        answer["results"].as_array().unwrap().iter().map(|group| group[field].clone()).collect()
    };
    let by_name: Vec<Value> =
        server.genesys_all("/groups").iter().map(|group| group["name"].clone()).collect();
    assert_eq!(sorted(json!({}), "name"), by_name);
    assert_eq!(sorted(json!({ "sortOrder": "SCORE" }), "name"), by_name);
    assert_eq!(sorted(json!({ "sortOrder": "SCORE", "sortBy": "version" }), "name"), by_name);
    let numbers =
        |body: Value| -> Vec<i64> { sorted(body, "version").iter().map(|n| n.as_i64().unwrap()).collect() };
    assert!(numbers(json!({ "sortBy": "version" })).is_sorted());
    assert!(numbers(json!({ "sortBy": "version", "sortOrder": "DESC" })).is_sorted_by(|a, b| a >= b));
    let keys = json!([{ "sortBy": "type", "sortOrder": "DESC" }, { "sortBy": "memberCount" }]);
    let two = json!({ "sort": keys, "sortBy": "name" });
    let types: Vec<String> = sorted(two.clone(), "type").iter().map(text).collect();
    assert!(types.is_sorted_by(|a, b| a >= b));
    let counts: Vec<i64> = sorted(two, "memberCount").iter().map(|n| n.as_i64().unwrap()).collect();
    let officials = types.iter().position(|kind| kind == "official").unwrap();
    assert!(counts[..officials].is_sorted() && counts[officials..].is_sorted());
    for order in ["ASC", "DESC"] {
        let emails = sorted(json!({ "sortBy": "email", "sortOrder": order }), "email");
        let missing = emails.iter().position(Value::is_null).unwrap();
        assert!(missing > 0 && emails[missing..].iter().all(Value::is_null), "what is missing comes last");
    }
    let downwards: Vec<String> = sorted(json!({ "sortOrder": "DESC" }), "name").iter().map(text).collect();
    assert_eq!(downwards.last().map(String::as_str), Some("All Staff"));
}

#[test]
fn pages_are_linked_both_ways_and_keep_the_search() {
    let server = Server::new();
    let request = json!({ "query": [{ "type": "CONTAINS", "fields": ["name"], "value": "s" }], "pageSize": 6,
                          "sortBy": "version", "sortOrder": "DESC" });
    let first = search(&server, request.clone()).expect(200);
    let total = first["total"].as_u64().unwrap() as usize;
    assert!(first.get("previousPage").is_none());
    let mut all = names(&first);
    let mut page = first.clone();
    while let Some(next) = page.get("nextPage") {
        let next = text(next);
        let before = page;
        page = server.genesys("GET", next.strip_prefix("/api/v2").unwrap(), None).expect(200);
        assert_eq!(page["currentPage"], json!(next));
        assert_eq!(page["previousPage"], before["currentPage"]);
        all.extend(names(&page));
    }
    assert_eq!((all.len(), &page["pageNumber"]), (total, &page["pageCount"]));
    let mut whole = request.clone();
    whole["pageSize"] = json!(500);
    assert_eq!(all, names(&search(&server, whole).expect(200)));

    let link = text(&first["nextPage"]);
    let q64 = link.strip_prefix("/api/v2/groups/search?q64=").unwrap();
    assert!(q64.starts_with("H4sI"), "gzip: {q64}");
    let q64 = percent_decode_str(q64).decode_utf8().unwrap();
    let mut unpacked = String::new();
    GzDecoder::new(URL_SAFE.decode(q64.as_bytes()).unwrap().as_slice())
        .read_to_string(&mut unpacked)
        .unwrap();
    let mut expected = request;
    expected["pageNumber"] = json!(2);
    expected["types"] = json!(["groups"]);
    assert_eq!(parsed(&unpacked), expected);
}

#[test]
fn a_q64_is_read_in_every_spelling_and_garbage_is_not() {
    let server = Server::new();
    let request = concat!(
        r#"{"types":["groups"],"query":[{"type":"CONTAINS","fields":["name"],"#,
        r#""value":"Läufer*>?~"}],"searchType":"QUERY_THEN_FETCH"}"#
    );
    // Some wording whose bytes make use of the letters that the alphabets differ in.
    let bytes = (0..1_000)
        .map(|filler| {
            packed(&request.replace("*>?~", &"x".repeat(filler % 7)).replace("QUERY", &format!("Q{filler}")))
        })
        .find(|bytes| {
            let text = STANDARD.encode(bytes);
            text.contains('+') && text.contains('/') && text.ends_with('=')
        })
        .unwrap();
    let spellings = [
        URL_SAFE.encode(&bytes),
        URL_SAFE_NO_PAD.encode(&bytes),
        STANDARD.encode(&bytes),
        STANDARD_NO_PAD.encode(&bytes),
    ];
    let answers: Vec<Value> = spellings.iter().map(|q64| by_q64(&server, q64).expect(200)).collect();
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    let bare = server.genesys("GET", &format!("/groups/search?q64={}", STANDARD.encode(&bytes)), None);
    assert_eq!(bare.expect(200), answers[0], "a plus that nobody encoded");

    let bomb = packed(&format!(r#"{{"query":[{}]}}"#, r#"{"type":"MATCH_ALL"},"#.repeat(30_000)));
    assert_eq!(by_q64(&server, &URL_SAFE.encode(bomb)).code(413), "request.entity.too.large");
    for garbage in [
        "x",
        "!!!!",
        "H4sI",
        &URL_SAFE.encode("{}"),
        &URL_SAFE.encode(packed("[]")),
        &URL_SAFE.encode(packed("{")),
        &URL_SAFE.encode(&bytes[..bytes.len() - 4]),
        &URL_SAFE.encode(packed(&"[".repeat(100_000))),
    ] {
        assert_eq!(by_q64(&server, garbage).code(400), "bad.request", "{garbage}");
    }
    for missing in ["/groups/search", "/groups/search?q64="] {
        assert_eq!(server.genesys("GET", missing, None).code(400), "bad.request");
    }
}

#[test]
fn owners_are_shown_whole_when_asked() {
    let server = Server::new();
    let first = search(&server, json!({ "pageSize": 5 })).expect(200);
    let link = text(&first["currentPage"]);
    let path = format!("{}&expand=owners,images", link.strip_prefix("/api/v2").unwrap());
    let expanded = server.genesys("GET", &path, None).expect(200);
    assert!(text(&expanded["nextPage"]).ends_with("&expand=owners,images"));
    let groups = first["results"].as_array().unwrap().iter().zip(expanded["results"].as_array().unwrap());
    let mut owners = 0;
    for (plain, whole) in groups {
        for (reference, user) in
            plain["owners"].as_array().unwrap().iter().zip(whole["owners"].as_array().unwrap())
        {
            assert_eq!(keys(reference), ["id", "selfUri"]);
            assert_eq!(user["id"], reference["id"]);
            assert!(user["email"].is_string());
            owners += 1;
        }
    }
    assert!(owners > 3);
}
