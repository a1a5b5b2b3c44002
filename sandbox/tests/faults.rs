//! Faults on demand: which requests they happen to, and what happens then.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use common::{ADMIN, GENESYS, GENESYS_USER, KEY, Reply, Server, USER, text};
use orgdeck_sandbox::Config;
use serde_json::{Value, json};

/// A request that both vendors answer with 200, and how to make it.
const BOTH: [(&str, &str); 2] = [("/api/v1/me/", ADMIN), ("/api/v2/tokens/me", GENESYS)];

fn get(server: &Server, path: &str, credential: &str) -> Reply {
    server.send("GET", path, &[("authorization", credential)], None).unwrap()
}

fn statuses(server: &Server, path: &str, count: usize) -> Vec<u16> {
    (0..count).map(|_| server.get(path).status).collect()
}

// Which requests ---------------------------------------------------------------------------------

#[test]
fn rules_are_shown_as_they_were_written_and_counted() {
    let server = Server::new();
    let rules = server.faults(json!([
        { "match": { "method": "GET", "path": "/api/v1/group/*" }, "after": 1, "times": 2, "status": 503 },
        { "status": 500, "probability": 0.5, "seed": 7 },
    ]));
    let ids: Vec<u64> = rules.iter().map(|rule| rule["id"].as_u64().unwrap()).collect();
    assert_eq!(
        json!(rules),
        json!([
            { "id": ids[0], "match": { "method": "GET", "path": "/api/v1/group/*" }, "after": 1, "times": 2,
              "status": 503, "seen": 0, "hits": 0 },
            { "id": ids[1], "match": {}, "after": 0, "status": 500, "probability": 0.5, "seed": 7,
              "seen": 0, "hits": 0 },
        ])
    );
    server.faults(json!([{ "match": { "path": "/api/v1/me/" }, "status": 503 }]));
    server.get("/me/");
    server.get("/role/");
    assert_eq!(server.fault_counts(), [(1, 1)]);
    let next = server.faults(json!([{ "status": 503 }]));
    assert!(next[0]["id"].as_u64().unwrap() > ids[1], "ids are not given twice");
    assert_eq!(server.fault_counts(), [(0, 0)]);
    assert!(server.faults(json!([])).is_empty());
    assert_eq!(server.get("/me/").status, 200);
    server.faults(json!([{ "status": 503 }]));
    server.reset();
    assert!(server.fault_counts().is_empty());
    assert_eq!(server.get("/me/").status, 200);
}

#[test]
fn a_rule_leaves_some_alone_and_fires_as_often_as_it_says() {
    let server = Server::new();
    server.faults(json!([{ "after": 2, "times": 3, "status": 503 }]));
    assert_eq!(statuses(&server, "/me/", 7), [200, 200, 503, 503, 503, 200, 200]);
    assert_eq!(server.fault_counts(), [(7, 3)]);
    server.faults(json!([{ "after": 1, "status": 503 }]));
    assert_eq!(statuses(&server, "/me/", 4), [200, 503, 503, 503]);
}

#[test]
fn the_first_rule_that_fits_and_fires_wins() {
    let server = Server::new();
    server.faults(json!([
        { "match": { "path": "/api/v1/role/" }, "status": 500 },
        { "times": 1, "status": 502 },
        { "after": 1, "status": 504 },
    ]));
    assert_eq!(server.get("/role/").status, 500);
    assert_eq!(statuses(&server, "/me/", 3), [502, 200, 504]);
    // The last rule was not asked about what others have taken.
    assert_eq!(server.fault_counts(), [(1, 1), (3, 1), (2, 1)]);
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let server = Server::new();
    let drawn = |rules: Value| {
        server.faults(rules);
        statuses(&server, "/nothing/", 200)
    };
    let with = |seed: u64| json!([{ "status": 503, "probability": 0.3, "seed": seed }]);
    let first = drawn(with(7));
    assert_eq!(first, drawn(with(7)));
    assert_ne!(first, drawn(with(8)));
    let hits = first.iter().filter(|status| **status == 503).count();
    assert!((30..=90).contains(&hits), "{hits} of 200");
    // Rules without a seed are independent of each other, and the same for the same list.
    let two = json!([{ "status": 503, "probability": 0.3 }, { "status": 500, "probability": 0.3 }]);
    let both = drawn(two.clone());
    assert_eq!(both, drawn(two));
    let second = both.iter().filter(|status| **status == 500).count();
    assert!((15..=75).contains(&second), "{second} of 200");
    let always = drawn(json!([{ "status": 503, "probability": 1 }]));
    assert!(always.iter().all(|status| *status == 503));
}

#[test]
fn rules_match_by_method_path_and_parameter() {
    let server = Server::new();
    let group = server.group("Enterprise Sales");
    let one = format!("/group/{group}/");
    server.faults(json!([
        { "match": { "method": "put" }, "status": 501 },
        { "match": { "path": "/api/v1/group/*" }, "status": 502 },
        { "match": { "path": "/api/v1/group/", "query": "_skip=100" }, "status": 503 },
        { "match": { "path": "/api/v1/user/", "query": "_fields=id%2Cemail" }, "status": 504 },
        { "match": { "path": "/**", "query": "_order_by" }, "status": 505 },
    ]));
    for (path, status) in [
        (one.as_str(), 502),
        ("/group/", 200),
        ("/group/?_skip=100", 503),
        ("/group/?_skip=100&_limit=5", 503),
        ("/group/?_skip=1000", 200),
        ("/user/?_fields=id,email", 504),
        ("/user/?_fields=id", 200),
        ("/user/?_order_by=last_name,first_name", 505),
        ("/me/?_order_by", 505),
        ("/me/", 200),
    ] {
        assert_eq!(server.get(path).status, status, "{path}");
    }
    assert_eq!(server.put(&one, json!({ "name": "New" })).status, 501);
    assert_eq!(server.genesys("PUT", "/groups/x", Some(json!({}))).status, 501);
}

#[test]
fn only_what_vendors_are_asked_can_match() {
    let folder = std::env::temp_dir().join(format!("orgdeck-sandbox-faults-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "page").unwrap();
    let server = Server::with(Config { people: 2, www: Some(folder.clone()), ..Config::default() });
    server.faults(json!([{ "match": { "path": "/**" }, "status": 503 }, { "status": 503 }]));
    assert_eq!(server.send("GET", "/index.html", &[], None).unwrap().text, "page");
    assert_eq!(server.send("GET", "/_sandbox/health", &[], None).unwrap().status, 200);
    let preflight = server.send("OPTIONS", "/api/v1/me/", &[("origin", "http://x")], None).unwrap();
    assert_eq!(preflight.status, 204);
    assert_eq!(server.fault_counts(), [(0, 0), (0, 0)]);
    for path in ["/api/v1/me/", "/api/v2/groups", "/api/nothing", "/oauth/token", "/logout"] {
        assert_eq!(server.send("GET", path, &[], None).unwrap().status, 503, "{path}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn queued_answers_come_before_rules() {
    let server = Server::new();
    let rules = server.faults(json!([{ "status": 503 }]));
    server.queue(json!({ "status": 418 }));
    assert_eq!(statuses(&server, "/me/", 2), [418, 503]);
    let log = server.log();
    assert!(log[0]["fault"].is_u64() && log[0]["fault"] != rules[0]["id"]);
    assert_eq!(log[1]["fault"], rules[0]["id"]);
    server.faults(json!([]));
    server.get("/me/");
    assert_eq!(server.log()[2]["fault"], json!(null));
}

#[test]
fn bad_rules_are_refused_with_their_place_and_member() {
    let server = Server::new();
    server.faults(json!([{ "status": 503 }]));
    for (rule, words) in [
        (json!(5), "rules[1] must be an object"),
        (json!({ "statsu": 503 }), "rules[1].statsu: "),
        (json!({ "status": 199 }), "rules[1].status: "),
        (json!({ "status": 600 }), "rules[1].status: "),
        (json!({ "status": "503" }), "rules[1].status: "),
        (json!({}), "no fault"),
        (json!({ "match": {}, "after": 1, "times": 1 }), "no fault"),
        (json!({ "status": 503, "match": 5 }), "rules[1].match must be an object"),
        (json!({ "status": 503, "match": { "url": "/" } }), "rules[1].match.url: "),
        (json!({ "status": 503, "match": { "method": 5 } }), "rules[1].match.method: "),
        (json!({ "status": 503, "match": { "path": "api/v1" } }), "rules[1].match.path: "),
        (json!({ "status": 503, "match": { "path": "/api?x=1" } }), "rules[1].match.path: "),
        (json!({ "status": 503, "match": { "query": "a=1&b=2" } }), "rules[1].match.query: "),
        (json!({ "status": 503, "match": { "query": "" } }), "rules[1].match.query: "),
        (json!({ "status": 503, "after": -1 }), "rules[1].after: "),
        (json!({ "status": 503, "times": 0 }), "rules[1].times: "),
        (json!({ "status": 503, "probability": 0 }), "rules[1].probability: "),
        (json!({ "status": 503, "probability": 1.5 }), "rules[1].probability: "),
        (json!({ "status": 503, "seed": 7 }), "rules[1].seed: "),
        (json!({ "status": 503, "html": 502 }), "rules[1].html: "),
        (json!({ "body": "x" }), "rules[1].body: "),
        (json!({ "html": 502, "body": "x" }), "rules[1].body: "),
        (json!({ "status": 503, "headers": { "bad name": "x" } }), "rules[1].headers.bad name: "),
        (json!({ "status": 503, "headers": { "x": "a\nb" } }), "rules[1].headers.x: "),
        (json!({ "retryAfter": 1 }), "rules[1].retryAfter: "),
        (json!({ "status": 503, "retryAfter": -1 }), "rules[1].retryAfter: "),
        (json!({ "status": 503, "retryAfter": "1" }), "rules[1].retryAfter: "),
        (json!({ "status": 503, "retryAfter": { "in": 1 } }), "rules[1].retryAfter: "),
        (json!({ "status": 503, "retryAfter": 1, "silent": true }), "rules[1].silent: "),
        (json!({ "status": 429, "silent": true }), "rules[1].silent: "),
        (json!({ "silent": true }), "rules[1].silent: "),
        (json!({ "delayMs": 3_600_001 }), "rules[1].delayMs: "),
        (json!({ "slowBody": { "bytes": 0, "everyMs": 1 } }), "rules[1].slowBody.bytes: "),
        (json!({ "slowBody": { "bytes": 1 } }), "rules[1].slowBody.everyMs: "),
        (json!({ "slowBody": { "bytes": 1, "everyMs": 1, "x": 1 } }), "rules[1].slowBody.x: "),
        (json!({ "reset": "later" }), "rules[1].reset: "),
        (json!({ "reset": "body", "truncate": true }), "rules[1].truncate: "),
        (json!({ "reset": "after", "status": 503 }), "rules[1].reset: "),
        (json!({ "reset": "body", "html": 502 }), "rules[1].reset: "),
        (json!({ "reset": "after", "items": { "missing": 1 } }), "rules[1].reset: "),
        (json!({ "reset": "before", "records": { "insert": 1 } }), "rules[1].reset: "),
        (json!({ "reset": "before", "hideHeaders": true }), "rules[1].reset: "),
        (json!({ "items": {} }), "rules[1].items: "),
        (json!({ "items": { "missing": 0 } }), "rules[1].items.missing: "),
        (json!({ "items": { "missing": 1, "duplicate": 1 } }), "rules[1].items: "),
        (json!({ "items": { "twice": 1 } }), "rules[1].items.twice: "),
        (json!({ "items": { "missing": 1 }, "status": 200 }), "rules[1].items: "),
        (json!({ "records": { "insert": 1, "remove": 1 } }), "rules[1].records: "),
        (json!({ "records": { "insert": 1 }, "status": 200 }), "rules[1].records: "),
        (json!({ "expireToken": true, "status": 401 }), "rules[1].expireToken: "),
        (json!({ "expireToken": true, "reset": "after" }), "rules[1].expireToken: "),
        (json!({ "expireToken": 1 }), "rules[1].expireToken: "),
    ] {
        let list = json!([{ "status": 500 }, rule]).to_string();
        let reply = server.send("POST", "/_sandbox/faults", &[], Some(&list)).unwrap();
        let why = text(&reply.expect(400)["error"]);
        assert!(why.contains(words), "{rule}: {why}");
    }
    for list in ["", "{", "{}", "5"] {
        assert_eq!(server.send("POST", "/_sandbox/faults", &[], Some(list)).unwrap().status, 400, "{list}");
    }
    assert_eq!(server.get("/me/").status, 503, "the rules of before are still there");
    assert_eq!(server.send("DELETE", "/_sandbox/faults", &[], None).unwrap().status, 405);
}

// Answers in place of the real ones --------------------------------------------------------------

#[test]
fn without_a_body_each_vendor_says_it_in_its_own_way() {
    let server = Server::new();
    for (status, code) in [
        (400, "bad.request"),
        (401, "bad.credentials"),
        (403, "not.authorized"),
        (404, "not.found"),
        (408, "client.timeout"),
        (409, "general.conflict"),
        (413, "request.entity.too.large"),
        (429, "too.many.requests"),
        (500, "internal.server.error"),
        (502, "bad.gateway"),
        (503, "service.unavailable"),
        (504, "request.timeout"),
        (599, "internal.server.error"),
    ] {
        server.faults(json!([{ "status": status }]));
        let body = server.get("/me/").expect(status);
        assert!(body["error"].is_string() && body.as_object().unwrap().len() == 1, "{body}");
        assert_eq!(server.genesys("GET", "/groups", None).code(status), code);
        let sign_in = server.send("POST", "/oauth/token", &[], Some("x")).unwrap().expect(status);
        assert!(sign_in["error"].is_string() && sign_in["error_description"].is_string(), "{sign_in}");
    }
    server.faults(json!([{ "status": 202 }]));
    assert_eq!(server.get("/me/").expect(202), json!({}));
    server.faults(json!([{ "status": 204 }]));
    assert_eq!((server.get("/me/").status, server.get("/me/").text.as_str()), (204, ""));
}

#[test]
fn what_is_answered_in_its_place_is_not_carried_out() {
    let server = Server::prompt();
    server.faults(json!([{ "match": { "method": "POST" }, "status": 201, "body": { "id": "x" } }]));
    assert_eq!(server.post("/group/", json!({ "name": "Never" })).expect(201), json!({ "id": "x" }));
    let group = json!({ "name": "Never", "type": "official", "rulesVisible": true, "visibility": "public" });
    server.genesys("POST", "/groups", Some(group)).expect(201);
    assert!(!server.all("/group/", 100).iter().any(|group| group["name"] == "Never"));
    assert!(!server.genesys_all("/groups?pageSize=500").iter().any(|group| group["name"] == "Never"));
}

#[test]
fn a_body_and_headers_are_given_as_they_are() {
    let server = Server::new();
    server.faults(
        json!([{ "status": 503, "body": "<busy>", "headers": { "content-type": "text/plain", "x-n": 5 } }]),
    );
    let reply = server.get("/me/");
    assert_eq!((reply.status, reply.text.as_str()), (503, "<busy>"));
    assert_eq!((reply.header("content-type"), reply.header("x-n")), (Some("text/plain"), Some("5")));
    server.faults(json!([{ "status": 400, "body": { "contextId": "c0ffee" } }]));
    let reply = server.genesys("GET", "/groups", None);
    assert_eq!(reply.header("inin-correlation-id"), Some("c0ffee"));
    assert_eq!(server.get("/me/").header("inin-correlation-id"), None);
    // Also a queued answer of Genesys has the id that its body names, or else one of its own.
    server.faults(json!([]));
    server.queue(json!({ "status": 500, "body": { "contextId": "c0ffee" } }));
    assert_eq!(server.genesys("GET", "/groups", None).header("inin-correlation-id"), Some("c0ffee"));
    server.queue(json!({ "times": 2, "body": {} }));
    let ids: Vec<String> = (0..2)
        .map(|_| server.genesys("GET", "/groups", None).header("inin-correlation-id").unwrap().to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
    // Headers alone are put on the real answer.
    server.faults(json!([{ "headers": { "ratelimit": "limit=x" } }]));
    let reply = server.get("/me/?_fields=id");
    assert_eq!((reply.status, reply.header("ratelimit")), (200, Some("limit=x")));
}

#[test]
fn retry_after_is_seconds_or_a_date_or_not_there() {
    let server = Server::new();
    for (wait, header) in [(json!(2), "2"), (json!(0.5), "0.5"), (json!(0), "0")] {
        server.faults(json!([{ "status": 429, "retryAfter": wait }]));
        let close = server.get("/me/");
        assert_eq!((close.status, close.header("retry-after")), (429, Some(header)));
        let genesys = server.genesys("GET", "/groups", None);
        assert_eq!(genesys.header("retry-after"), Some(header));
        assert_eq!(genesys.code(429), "too.many.requests.retry.after");
        let message = format!("Rate limit exceeded the maximum. Retry the request in [{header}] seconds");
        assert_eq!(genesys.json()["message"], json!(message));
    }
    server.faults(json!([{ "status": 429, "retryAfter": 7, "silent": true }]));
    let silent = server.genesys("GET", "/groups", None);
    assert_eq!((silent.code(429).as_str(), silent.header("retry-after")), ("too.many.requests", Some("7")));
    assert_eq!(silent.json()["message"], "Rate limit exceeded the maximum.");
    server.faults(json!([{ "status": 503, "retryAfter": 7 }]));
    assert_eq!(server.genesys("GET", "/groups", None).code(503), "service.unavailable");
    server.faults(json!([{ "status": 429 }]));
    for (path, credential) in BOTH {
        assert_eq!(get(&server, path, credential).header("retry-after"), None);
    }
    server.faults(json!([{ "html": 503, "retryAfter": 1 }]));
    assert_eq!(server.get("/me/").header("retry-after"), Some("1"));
}

#[test]
fn a_date_to_retry_after_is_not_before_its_time() {
    let server = Server::new();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    server.faults(json!([{ "status": 503, "retryAfter": { "date": 100 } }]));
    let before = now();
    let date = server.get("/me/").header("retry-after").unwrap().to_owned();
    let after = now();
    let [_, day, month, year, time, "GMT"] = date.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{date}");
    };
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = months.find(month).unwrap() / 3 + 1;
    let moment = format!("{year}-{month:02}-{day} {time}");
    let db = rusqlite::Connection::open_in_memory().unwrap();
    let seconds: i64 = db.query_row("SELECT unixepoch(?1)", [moment], |row| row.get(0)).unwrap();
    let seconds = u64::try_from(seconds).unwrap();
    assert!((before + 100..=after + 101).contains(&seconds), "{date}");
    server.faults(json!([{ "status": 503, "retryAfter": { "date": -100 } }]));
    assert_ne!(server.get("/me/").header("retry-after"), Some(date.as_str()));
}

#[test]
fn a_proxy_answers_with_a_page() {
    let server = Server::new();
    for status in [502, 200] {
        server.faults(json!([{ "html": status }]));
        for (path, credential) in BOTH {
            let reply = get(&server, path, credential);
            assert_eq!((reply.status, reply.header("content-type")), (status, Some("text/html")));
            assert!(reply.text.starts_with("<html>") && reply.text.contains(&status.to_string()));
        }
    }
    assert!(server.post("/group/", json!({ "name": "Never" })).text.starts_with("<html>"));
    server.faults(json!([]));
    assert!(!server.all("/group/", 100).iter().any(|group| group["name"] == "Never"));
}

#[test]
fn hidden_headers_are_sent_and_not_exposed() {
    let server = Server::new();
    for rule in
        [json!({ "hideHeaders": true }), json!({ "hideHeaders": true, "status": 429, "retryAfter": 3 })]
    {
        server.faults(json!([]));
        for (path, credential) in BOTH {
            assert!(get(&server, path, credential).header("access-control-expose-headers").is_some());
        }
        server.faults(json!([rule]));
        for (path, credential) in BOTH {
            let reply = get(&server, path, credential);
            assert_eq!(reply.header("access-control-expose-headers"), None);
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
            assert_eq!(reply.header("retry-after"), rule.get("retryAfter").map(|_| "3"));
        }
    }
}

// Time and bytes ---------------------------------------------------------------------------------

#[test]
fn answers_can_be_held_back() {
    let server = Server::new();
    for (rule, status) in [(json!({ "delayMs": 120 }), 200), (json!({ "delayMs": 120, "status": 503 }), 503)]
    {
        server.faults(json!([rule]));
        for (path, credential) in BOTH {
            let since = Instant::now();
            assert_eq!(get(&server, path, credential).status, status);
            assert!(since.elapsed() >= Duration::from_millis(120));
        }
    }
}

#[test]
fn bodies_can_come_slowly_and_are_the_same() {
    let server = Server::new();
    for (path, credential) in BOTH {
        server.faults(json!([]));
        let (whole, id) = (get(&server, path, credential), "inin-correlation-id");
        server.faults(json!([{ "slowBody": { "bytes": 100, "everyMs": 15 } }]));
        let since = Instant::now();
        let slow = get(&server, path, credential);
        let pauses = u32::try_from(whole.text.len().div_ceil(100) - 1).unwrap();
        assert!(pauses > 1 && since.elapsed() >= pauses * Duration::from_millis(15));
        assert_eq!(slow.text, whole.text);
        assert_eq!(slow.header("content-length"), whole.header("content-length"));
        assert_eq!(slow.header(id).is_some(), whole.header(id).is_some());
    }
}

#[test]
fn a_slow_body_is_sent_piece_by_piece() {
    let server = Server::new();
    server.faults(json!([{ "status": 500, "body": "slow", "slowBody": { "bytes": 1, "everyMs": 60_000 } }]));
    let mut client = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    client.write_all(b"GET /api/v1/me/ HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\ns") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        text.extend(byte);
    }
    // The next letter is a minute away.
    client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(client.read(&mut [0]).is_err());
}

#[test]
fn the_log_tells_when_the_client_hung_up_in_the_middle_of_an_answer() {
    let server = Server::new();
    server.faults(json!([{ "slowBody": { "bytes": 1, "everyMs": 50 } }]));
    let mut client = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    client.write_all(b"GET /api/v1/me/ HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    client.read_exact(&mut first).unwrap();
    assert_eq!((&server.log()[0]["status"], &server.log()[0]["aborted"]), (&json!(401), &json!(false)));
    drop(client);
    let deadline = Instant::now() + Duration::from_secs(10);
    while server.log()[0]["aborted"] != json!(true) {
        assert!(Instant::now() < deadline, "{:?}", server.log());
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(server.stats()["aborted"], 1);
}

#[test]
fn a_truncated_body_has_the_length_of_what_is_left() {
    let server = Server::new();
    for (path, credential) in BOTH {
        server.faults(json!([]));
        let whole = get(&server, path, credential).text;
        server.faults(json!([{ "truncate": true }]));
        let half = get(&server, path, credential);
        assert_eq!((half.status, half.text.as_str()), (200, whole.split_at(whole.len() / 2).0));
        assert_eq!(half.header("content-length"), Some((whole.len() / 2).to_string().as_str()));
        assert!(serde_json::from_str::<Value>(&half.text).is_err());
    }
    server.faults(json!([{ "truncate": true, "status": 400 }]));
    assert!(serde_json::from_str::<Value>(&server.get("/me/").text).is_err());
}

// Cuts -------------------------------------------------------------------------------------------

/// Tries to make a group with each vendor; the errors are those of the connection.
fn make_groups(server: &Server, name: &str) -> [bool; 2] {
    let close = json!({ "name": name }).to_string();
    let genesys = json!({ "name": name, "type": "official", "rulesVisible": true, "visibility": "public" });
    [("/api/v1/group/", ADMIN, close), ("/api/v2/groups", GENESYS, genesys.to_string())].map(
        |(path, credential, body)| {
            let headers = [("authorization", credential), ("content-type", "application/json")];
            server.send("POST", path, &headers, Some(&body)).is_ok()
        },
    )
}

/// How many groups of this name there are with each vendor.
fn count_groups(server: &Server, name: &str) -> [usize; 2] {
    [server.all("/group/", 100), server.genesys_all("/groups?pageSize=500")]
        .map(|groups| groups.iter().filter(|group| group["name"] == name).count())
}

#[test]
fn a_cut_before_leaves_nothing_done_and_one_after_hides_what_was_done() {
    let server = Server::prompt();
    for (reset, done) in [("before", 0), ("after", 1), ("body", 1)] {
        let rules = server.faults(json!([{ "match": { "method": "POST" }, "reset": reset }]));
        assert_eq!(make_groups(&server, reset), [false, false], "{reset}");
        let log = server.log();
        for entry in &log[log.len() - 2..] {
            assert_eq!(entry["fault"], rules[0]["id"]);
            assert!(entry["ms"].is_u64() && entry["aborted"] == json!(false), "{entry}");
            // The head of an answer that broke off had gone out, and its status with it.
            assert_eq!(entry["status"].is_null(), reset != "body", "{entry}");
        }
        assert_eq!(count_groups(&server, reset), [done, done], "{reset}");
    }
    assert_eq!(server.stats()["aborted"], 0, "it was not the client who hung up");
}

#[test]
fn a_body_is_cut_in_the_middle_of_what_its_length_promises() {
    let server = Server::new();
    for (path, credential) in BOTH {
        server.faults(json!([]));
        let whole = get(&server, path, credential);
        server.faults(json!([{ "reset": "body" }]));
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: {credential}\r\n\r\n");
        let raw = server.raw(&request);
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
        let length = whole.header("content-length").unwrap();
        assert!(head.contains(&format!("content-length: {length}\r\n")), "{head}");
        assert_eq!(body, whole.text.split_at(whole.text.len() / 2).0);
        // In pieces, too.
        server.faults(json!([{ "reset": "body", "slowBody": { "bytes": 64, "everyMs": 1 } }]));
        assert!(server.raw(&request).ends_with(body));
    }
    // An answer without a body is cut altogether.
    server.faults(json!([]));
    let group = server.group("Enterprise Sales");
    server.faults(json!([{ "reset": "body" }]));
    let request = format!(
        "DELETE /api/v1/group/{group}/member/x/ HTTP/1.1\r\nhost: x\r\nauthorization: {ADMIN}\r\n\r\n"
    );
    assert_eq!(server.raw(&request), "");
}

#[test]
fn before_a_cut_no_connection_is_left_that_was_used_before() {
    let server = Server::new();
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: {ADMIN}\r\n\r\n");
    let mut used = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    let mut idle = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    for client in [&mut used, &mut idle] {
        client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    }
    used.write_all(request("/api/v1/nothing").as_bytes()).unwrap();
    let mut head = [0; 12];
    used.read_exact(&mut head).unwrap();
    assert_eq!(server.get("/me/").header("connection"), None);

    server.faults(json!([{ "match": { "path": "/api/v1/role/" }, "times": 1, "reset": "after" }]));
    // Both read to the end, where otherwise they would wait for the next answer.
    for client in [&mut used, &mut idle] {
        client.read_to_end(&mut Vec::new()).unwrap();
    }
    assert_eq!(server.get("/me/").header("connection"), Some("close"));
    assert_eq!(server.raw(&request("/api/v1/role/")), "");
    assert_eq!(server.get("/me/").header("connection"), None, "the rule is used up");
    for harmless in [json!({ "status": 503 }), json!({ "delayMs": 1 }), json!({ "truncate": true })] {
        server.faults(json!([harmless]));
        assert_eq!(server.get("/me/").header("connection"), None);
    }
}

// Pages that lie ---------------------------------------------------------------------------------

#[test]
fn items_of_a_page_come_twice_or_not_at_all() {
    let server = Server::new();
    let search = json!({ "pageSize": 4 });
    let pages = |server: &Server| -> Vec<Vec<Value>> {
        let items = |answer: Value, name: &str| answer[name].as_array().unwrap().clone();
        vec![
            items(server.get("/user/?_limit=4").expect(200), "data"),
            items(server.genesys("GET", "/groups?pageSize=4", None).expect(200), "entities"),
            items(server.genesys("POST", "/groups/search", Some(search.clone())).expect(200), "results"),
        ]
    };
    let whole = pages(&server);
    assert!(whole.iter().all(|page| page.len() == 4));
    server.faults(json!([{ "items": { "duplicate": 1 } }]));
    for (page, whole) in pages(&server).iter().zip(&whole) {
        assert_eq!((page.len(), &page[..4], &page[4]), (5, &whole[..], &whole[0]));
    }
    server.faults(json!([{ "items": { "missing": 1 } }]));
    for (page, whole) in pages(&server).iter().zip(&whole) {
        assert_eq!(page[..], whole[1..]);
    }
    server.faults(json!([{ "items": { "missing": 9 } }]));
    assert!(pages(&server).iter().all(Vec::is_empty));
    let me = server.get("/me/?_fields=id").expect(200);
    server.faults(json!([]));
    assert_eq!(pages(&server), whole, "the data stays as it is");
    assert_eq!(server.get("/me/?_fields=id").expect(200), me, "what is no page stays as it is");
}

/// A list, and how to read it from an offset on: what identifies its items.
struct Listed {
    path: String,
    genesys: bool,
}

impl Listed {
    fn close(path: &str) -> Self {
        Listed { path: path.to_owned(), genesys: false }
    }

    fn genesys(path: &str) -> Self {
        Listed { path: path.to_owned(), genesys: true }
    }

    /// The ids on a page of three.
    fn page(&self, server: &Server, number: usize) -> Vec<String> {
        let (answer, name) = match self.genesys {
            true => {
                let path = format!("{}?pageSize=3&pageNumber={number}", self.path);
                (server.genesys("GET", &path, None).expect(200), "entities")
            }
            false => {
                let path = format!("{}?_limit=3&_skip={}&_fields=id", self.path, (number - 1) * 3);
                (server.get(&path).expect(200), "data")
            }
        };
        answer[name].as_array().unwrap().iter().map(|item| text(&item["id"])).collect()
    }

    fn rule(&self, records: Value) -> Value {
        let prefix = if self.genesys { "/api/v2" } else { "/api/v1" };
        let query = if self.genesys { "pageNumber=2" } else { "_skip=3" };
        let matching = json!({ "path": format!("{prefix}{}", self.path), "query": query });
        json!([{ "match": matching, "times": 1, "records": records }])
    }
}

fn lists(server: &Server) -> Vec<Listed> {
    let staff = text(&server.genesys_group("All Staff")["id"]);
    vec![
        Listed::close("/user/"),
        Listed::close("/role/"),
        Listed::close("/group/"),
        Listed::genesys("/groups"),
        Listed::genesys("/profiles/groups"),
        Listed::genesys(&format!("/groups/{staff}/members")),
    ]
}

#[test]
fn records_inserted_while_paging_shift_what_follows() {
    for at in 0..6 {
        let server = Server::prompt();
        let list = &lists(&server)[at];
        let (first, second) = (list.page(&server, 1), list.page(&server, 2));
        server.faults(list.rule(json!({ "insert": 1 })));
        assert_eq!(list.page(&server, 1), first, "{}", list.path);
        // The page is as if the last item of the page before had been pushed into it.
        let shifted = [&first[2..], &second[..2]].concat();
        assert_eq!(list.page(&server, 2), shifted, "{}", list.path);
        assert_eq!(list.page(&server, 2), shifted, "once is once");
        assert_ne!(list.page(&server, 1), first);
        assert_eq!(server.fault_counts(), [(2, 1)], "the first page does not match");
        // Two more go before the first.
        server.faults(list.rule(json!({ "insert": 2 })));
        list.page(&server, 2);
        let mut new = [list.page(&server, 1), list.page(&server, 2)].concat();
        new.retain(|id| !first.contains(id) && !second.contains(id));
        assert_eq!(new.len(), 3, "{}: {new:?}", list.path);
        server.reset();
        assert_eq!(list.page(&server, 1), first, "a reset restores the seed");
    }
}

#[test]
fn records_removed_while_paging_shift_what_follows() {
    for at in 0..6 {
        let server = Server::prompt();
        let list = &lists(&server)[at];
        let (second, third) = (list.page(&server, 2), list.page(&server, 3));
        server.faults(list.rule(json!({ "remove": 1 })));
        // An item slips through between the pages.
        let shifted = [&second[1..], &third[..1]].concat();
        assert_eq!(list.page(&server, 2), shifted, "{}", list.path);
        assert_eq!(server.get("/me/").status, 200, "the caller is still there");
    }
}

#[test]
fn searches_shift_as_lists_do_and_other_requests_do_not_match() {
    let server = Server::prompt();
    let search = || {
        let answer = server.genesys("POST", "/groups/search", Some(json!({ "pageSize": 2 }))).expect(200);
        (answer["total"].as_i64().unwrap(), text(&answer["results"][0]["name"]))
    };
    let (total, first) = search();
    server.faults(json!([{ "times": 1, "records": { "insert": 1 } }]));
    server.get("/me/");
    server.genesys("GET", "/groups/x", None);
    server.post("/group/", json!({ "name": "New" })).expect(201);
    assert_eq!(server.fault_counts(), [(0, 0)]);
    assert_ne!(search(), (total, first.clone()));
    assert_eq!(search().0, total + 1);
    server.faults(json!([{ "times": 1, "records": { "remove": 1 } }]));
    assert_eq!(search(), (total, first));
    // Items are of the answer, records of the data: they go together.
    server.faults(json!([{ "records": { "insert": 1 }, "items": { "missing": 1 }, "delayMs": 1 }]));
    assert_eq!(search().0, total + 1);
}

#[test]
fn what_is_removed_leaves_nothing_dangling() {
    let folder = std::env::temp_dir().join(format!("orgdeck-sandbox-records-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("records.db").to_str().unwrap().to_owned();
    let server = Server::with(Config { people: 60, db: path.clone(), ..Config::default() });
    // The groups go last: by then their members are not needed any more.
    for list in lists(&server).into_iter().rev() {
        for records in [json!({ "insert": 3 }), json!({ "remove": 8 })] {
            server.faults(list.rule(records));
            list.page(&server, 2);
        }
    }
    assert_eq!(server.get("/me/").status, 200);
    assert_eq!(server.api(USER, "GET", "/me/", None).status, 200);
    drop(server);
    let db = rusqlite::Connection::open(path).unwrap();
    let broken: i64 =
        db.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!(broken, 0);
    std::fs::remove_dir_all(folder).unwrap();
}

// Tokens -----------------------------------------------------------------------------------------

#[test]
fn an_expired_token_stays_so_and_others_do_not_notice() {
    let server = Server::new();
    for (path, credential, other) in [
        ("/api/v1/me/", ADMIN.to_owned(), USER),
        ("/api/v1/me/", server.renewed(ADMIN), ADMIN),
        ("/api/v1/me/", KEY.to_owned(), ADMIN),
        ("/api/v2/tokens/me", GENESYS.to_owned(), GENESYS_USER),
        ("/api/v2/tokens/me", server.renewed(GENESYS), GENESYS),
    ] {
        let status = |credential: &str| get(&server, path, credential).status;
        server.faults(json!([{ "after": 1, "times": 1, "expireToken": true }]));
        assert_eq!([status(&credential), status(&credential), status(&credential)], [200, 401, 401]);
        assert_eq!(status(other), 200, "{credential}");
        let lower = credential.replacen('B', "b", 1);
        let refused = get(&server, path, &lower);
        match path.starts_with("/api/v2") {
            true => assert_eq!(refused.code(401), "credentials.expired"),
            false => assert_eq!(refused.expect(401), json!({ "error": "Unauthorized" })),
        }
        if let Some(token) = credential.strip_prefix("Bearer ") {
            let renewed = server.renewed(&credential);
            assert_eq!(status(&renewed), 200, "{token}");
        }
        server.faults(json!([]));
        assert_eq!(status(&credential), 200);
        server.faults(json!([{ "times": 1, "expireToken": true }]));
        assert_eq!(status(&credential), 401);
        server.reset();
        assert_eq!(status(&credential), 200);
    }
}

#[test]
fn a_request_with_an_expired_token_changes_nothing() {
    let server = Server::new();
    server.faults(json!([{ "match": { "method": "POST" }, "expireToken": true }]));
    server.post("/group/", json!({ "name": "Never" })).expect(401);
    server.faults(json!([]));
    assert!(!server.all("/group/", 100).iter().any(|group| group["name"] == "Never"));
}

#[test]
fn a_token_with_a_mark_is_another_one_of_the_same_user() {
    let server = Server::new();
    for (path, credential) in
        BOTH.into_iter().chain([("/api/v1/me/", USER), ("/api/v2/tokens/me", GENESYS_USER)])
    {
        let own = get(&server, path, credential).text;
        for token in [format!("{credential}~2"), format!("{credential}~"), format!("{credential}~a~b")] {
            let reply = get(&server, path, &token);
            assert_eq!((reply.status, &reply.text), (200, &own), "{token}");
        }
        let (first, second) = (server.renewed(credential), server.renewed(&format!("{credential}~9")));
        assert!(first.starts_with(&format!("{credential}~")) && first != second);
        assert_eq!(get(&server, path, &second).text, own);
        assert_eq!(get(&server, path, &format!("{credential}2")).status, 401);
    }
    for body in ["", "{}", r#"{"token":5}"#, r#"{"token":"unknown"}"#, r#"{"token":"api_sandbox"}"#] {
        let reply = server.send("POST", "/_sandbox/token", &[], Some(body)).unwrap();
        assert!(reply.expect(400)["error"].is_string(), "{body}");
    }
    assert_eq!(server.send("GET", "/_sandbox/token", &[], None).unwrap().status, 405);
}
