//! The server around the dialect: origins, files, the log, faults, the seed and the file it is kept in.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::{ADMIN, KEY, Server, text};
use orgdeck_sandbox::{Config, serve};
use serde_json::{Value, json};

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("orgdeck-sandbox-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

// Origins and files ------------------------------------------------------------------------------

#[test]
fn preflights_need_no_credentials_and_allow_what_is_asked() {
    let server = Server::new();
    let headers = [
        ("origin", "http://console.example"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "Authorization, X-Trace-Id"),
    ];
    for path in ["/api/v1/group/x/", "/api/v1/nothing", "/_sandbox/reset"] {
        let reply = server.send("OPTIONS", path, &headers, None).unwrap();
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-methods"), Some("GET, POST, PUT, DELETE, OPTIONS"));
        assert_eq!(
            reply.header("access-control-allow-headers"),
            Some("authorization, content-type, x-tz-offset, x-http-method-override, x-trace-id")
        );
        assert_eq!(reply.header("access-control-max-age"), Some("600"));
    }
    assert!(server.log().is_empty(), "preflights are not the caller's requests");
}

#[test]
fn every_answer_may_be_read_from_anywhere() {
    let server = Server::new();
    for (path, status) in [("/api/v1/me/", 401), ("/api/v1/x/", 404), ("/_sandbox/health", 200), ("/x", 404)]
    {
        let reply = server.send("GET", path, &[("origin", "http://console.example")], None).unwrap();
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-expose-headers"), Some("ratelimit, retry-after"));
    }
}

#[test]
fn the_console_is_served_with_careful_headers() {
    let folder = Folder::new("www");
    folder.file("index.html", "<!doctype html><title>Console</title>");
    folder.file("app.wasm", "\0asm");
    folder.file("app.js", "export {}");
    let server = Server::with(Config {
        people: 2,
        www: Some(folder.0.clone()),
        pkg: Some(folder.0.clone()),
        ..Config::default()
    });
    for (path, kind) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/pkg/app.wasm", "application/wasm"),
        ("/pkg/app.js", "text/javascript"),
    ] {
        let reply = server.send("GET", path, &[], None).unwrap();
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.header("content-type").unwrap().starts_with(kind), "{path}: {:?}", reply.headers);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval'")
                && policy.contains("frame-ancestors 'none'")
        );
    }
    for path in ["/missing.html", "/pkg/missing.js", "/%2e%2e/%2e%2e/etc/passwd"] {
        assert_eq!(server.send("GET", path, &[], None).unwrap().status, 404, "{path}");
    }
    assert_eq!(server.get("/me/").header("content-security-policy"), None);
}

// The control API --------------------------------------------------------------------------------

#[test]
fn health_tells_what_is_running() {
    let server = Server::r1();
    let reply = server.send("GET", "/_sandbox/health", &[], None).unwrap();
    assert_eq!(reply.expect(200), json!({ "ok": true, "people": 60, "revision": "r1" }));
    assert_eq!(server.send("POST", "/_sandbox/health", &[], Some("")).unwrap().status, 405);
    assert_eq!(server.send("GET", "/_sandbox/unknown", &[], None).unwrap().status, 404);
}

#[test]
fn the_log_shows_requests_without_secrets() {
    let server = Server::new();
    server.get("/user/?_limit=1&_skip=2");
    server.api(ADMIN, "POST", "/group/", Some(json!({ "name": "Log" })));
    server.send("GET", "/api/v1/me/", &[("x-tz-offset", "-2.5"), ("cookie", "secret")], None).unwrap();
    server.send("POST", "/api/v1/group/", &[("authorization", "odd-secret")], Some("no json")).unwrap();
    server.send("GET", "/_sandbox/health", &[], None).unwrap();

    let log = server.log();
    let seen: Vec<Value> =
        log.iter().map(|e| json!([e["method"], e["path"], e["status"], e["body"]])).collect();
    assert_eq!(
        json!(seen),
        json!([
            ["GET", "/api/v1/user/?_limit=1&_skip=2", 200, null],
            ["POST", "/api/v1/group/", 201, { "name": "Log" }],
            ["GET", "/api/v1/me/", 401, null],
            ["POST", "/api/v1/group/", 401, "no json"],
        ])
    );
    let headers = |at: usize, name: &str| log[at]["headers"][name].clone();
    assert_eq!(headers(0, "authorization"), "Basic ***");
    assert_eq!(headers(1, "authorization"), "Bearer ***");
    assert_eq!((headers(2, "x-tz-offset"), headers(2, "cookie")), (json!("-2.5"), json!("***")));
    assert_eq!(headers(3, "authorization"), "***");
    let whole = json!(log).to_string();
    assert!(!whole.contains("sandbox-close-token") && !whole.contains("YXBp") && !whole.contains("secret"));
    let ids: Vec<u64> = log.iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
    assert!(ids.is_sorted());
    assert!(log.iter().all(|entry| entry["ms"].is_u64() && entry["aborted"] == json!(false)));

    let last = server.send("GET", "/_sandbox/requests?limit=2", &[], None).unwrap().expect(200);
    assert_eq!(last["requests"], json!(log[2..]));
    assert_eq!(server.send("GET", "/_sandbox/requests?limit=x", &[], None).unwrap().status, 400);
}

#[test]
fn the_log_keeps_a_thousand_and_no_more() {
    let server = Server::with(Config { people: 2, ..Config::default() });
    for number in 0..1_005 {
        server.send("GET", &format!("/api/v1/{number}"), &[], None).unwrap();
    }
    let log = server.log();
    assert_eq!(
        (log.len(), &log[0]["path"], &log[999]["path"]),
        (1_000, &json!("/api/v1/5"), &json!("/api/v1/1004"))
    );
}

#[test]
fn the_log_tells_when_the_client_hung_up() {
    let server = Server::with(Config { people: 2, latency_ms: 60_000, ..Config::default() });
    let mut client = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    client.write_all(b"GET /api/v1/me/ HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let wait_for = |what: &dyn Fn(&Value) -> bool| {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !server.log().first().is_some_and(what) {
            assert!(Instant::now() < deadline, "{:?}", server.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    wait_for(&|entry| entry["status"].is_null() && entry["aborted"] == json!(false));
    drop(client);
    wait_for(&|entry| entry["status"].is_null() && entry["aborted"] == json!(true));
}

#[test]
fn latency_holds_answers_back() {
    let server = Server::with(Config { people: 2, latency_ms: 120, ..Config::default() });
    let since = Instant::now();
    server.get("/me/").expect(200);
    assert!(since.elapsed() >= Duration::from_millis(120));
}

#[test]
fn reset_restores_the_seed_and_forgets_the_rest() {
    let server = Server::new();
    let everything = |server: &Server| {
        json!([
            server.organization(),
            server.all("/user/", 100),
            server.all("/role/", 100),
            server.all("/group/", 100)
        ])
    };
    let before = everything(&server);
    let change = |server: &Server| -> Vec<Value> {
        let created =
            [
                server.post("/group/", json!({ "name": "New" })).expect(201)["id"].clone(),
                server.post("/role/", json!({ "name": "New", "permissions": [] })).expect(201)["id"].clone(),
                server
                    .post("/membership/", json!({ "email": "n@example.com", "role_id": "user" }))
                    .expect(200)["id"]
                    .clone(),
            ];
        assert_eq!(created.iter().map(text).collect::<BTreeSet<_>>().len(), 3);
        created.to_vec()
    };
    let created = change(&server);
    assert_ne!(everything(&server), before);
    server.queue(json!({ "status": 500, "times": 1_000 }));
    server.reset();
    assert!(server.log().is_empty());
    assert_eq!(everything(&server), before);
    assert_eq!(change(&server), created, "the same calls make the same ids");
}

// Queued answers ---------------------------------------------------------------------------------

#[test]
fn a_queued_answer_is_given_as_often_as_it_says_and_where_it_fits() {
    let server = Server::new();
    server.queue(json!({ "match": { "method": "GET", "path": "/api/v1/user/" }, "times": 2, "status": 502,
                         "headers": { "content-type": "text/html", "x-extra": "1" }, "body": "<h1>Bad Gateway</h1>" }));
    assert_eq!(server.get("/me/").status, 200);
    assert_eq!(server.post("/user/", json!({})).status, 405);
    for path in ["/user/", "/user/?_limit=1"] {
        let reply = server.get(path);
        assert_eq!((reply.status, reply.text.as_str()), (502, "<h1>Bad Gateway</h1>"));
        assert_eq!(reply.header("content-type"), Some("text/html"));
        assert_eq!(reply.header("x-extra"), Some("1"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    assert_eq!(server.get("/user/").status, 200);
    assert_eq!(server.log().last().unwrap()["status"], 200);
}

#[test]
fn queued_answers_may_be_empty_json_or_slow() {
    let server = Server::new();
    server.queue(json!({}));
    let empty = server.get("/me/");
    assert_eq!((empty.status, empty.text.as_str()), (200, ""));
    server.queue(json!({ "body": { "id": 1 }, "headers": { "retry-after": "3" }, "status": 429 }));
    let limited = server.get("/me/");
    assert_eq!((limited.expect(429), limited.header("retry-after")), (json!({ "id": 1 }), Some("3")));
    server.queue(json!({ "delay_ms": 150 }));
    let since = Instant::now();
    server.get("/me/");
    assert!(since.elapsed() >= Duration::from_millis(150));
}

#[test]
fn a_truncated_answer_ends_before_its_length() {
    let server = Server::new();
    server.queue(json!({ "truncate": true, "body": "{\"id\":\"user_" }));
    let mut client = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    client.write_all(b"GET /api/v1/me/ HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut raw = String::new();
    client.read_to_string(&mut raw).unwrap();
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains("content-length: 76"), "{head}");
    assert_eq!(body, "{\"id\":\"user_");

    server.queue(json!({ "truncate": true, "body": "{" }));
    assert!(server.send("GET", "/api/v1/me/", &[("authorization", KEY)], None).is_err());
    assert_eq!(server.get("/me/").status, 200);
}

#[test]
fn a_dropped_connection_has_no_answer_at_all() {
    let server = Server::new();
    server.queue(json!({ "drop": true, "match": { "path": "/api/v1/group/" } }));
    let body = Some("{\"name\":\"Never\"}");
    let headers = [("authorization", KEY), ("content-type", "application/json")];
    assert!(server.send("POST", "/api/v1/group/", &headers, body).is_err());
    let entry = &server.log()[0];
    assert!(entry["status"].is_null() && entry["ms"].is_u64() && entry["aborted"] == json!(false), "{entry}");
    assert!(!server.all("/group/", 100).iter().any(|group| group["name"] == "Never"));
}

#[test]
fn orders_that_make_no_sense_are_refused() {
    let server = Server::new();
    for order in [
        "",
        "{",
        "[]",
        r#"{"status":99}"#,
        r#"{"status":700}"#,
        r#"{"times":0}"#,
        r#"{"unknown":1}"#,
        r#"{"match":{"url":"/"}}"#,
        r#"{"headers":{"bad name":"x"}}"#,
        "{\"headers\":{\"x\":\"a\\nb\"}}",
    ] {
        let reply = server.send("POST", "/_sandbox/answer", &[], Some(order)).unwrap();
        assert!(reply.expect(400)["error"].is_string(), "{order}");
    }
    assert_eq!(server.get("/me/").status, 200);
}

#[test]
fn chunked_bodies_are_refused_as_the_vendor_does() {
    let server = Server::new();
    let mut client = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
    let request = format!(
        "POST /api/v1/group/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: {KEY}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
    );
    client.write_all(request.as_bytes()).unwrap();
    let mut raw = String::new();
    client.read_to_string(&mut raw).unwrap();
    assert!(raw.starts_with("HTTP/1.1 400") && raw.contains("Chunked Transfer-Encoding"), "{raw}");
}

// The seed and the file --------------------------------------------------------------------------

fn people(config: Config) -> Vec<Value> {
    Server::with(config).all("/user/", 100)
}

#[test]
fn the_same_seed_gives_the_same_people_and_another_seed_others() {
    let config = |seed, groups| Config { people: 150, seed, groups, ..Config::default() };
    let first = people(config(7, 12));
    assert_eq!(first, people(config(7, 12)));
    assert_eq!(first, people(config(7, 3)), "groups do not change people");
    assert_ne!(first, people(config(8, 12)));
    let fewer = people(Config { people: 20, ..config(7, 12) });
    assert!(fewer.iter().all(|user| first.contains(user)), "more people begin with the same ones");
}

#[test]
fn the_seed_is_as_awkward_as_the_world() {
    let server = Server::with(Config { people: 2_000, max_limit: 500, ..Config::default() });
    let users = server.all("/user/", 500);
    let emails: BTreeSet<String> = users.iter().map(|user| text(&user["email"])).collect();
    assert_eq!(emails.len(), 2_000, "no address twice");
    assert!(emails.iter().all(|email| email.is_ascii() && *email == email.to_lowercase()));
    let names = ["first_name", "last_name"]
        .iter()
        .flat_map(|field| users.iter().filter_map(move |user| user[*field].as_str()));
    let letters: BTreeSet<char> = names.flat_map(str::chars).collect();
    let missing: Vec<char> =
        "łßøçéñİıШЇΠς王さ김خעश".chars().filter(|letter| !letters.contains(letter)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let without_name = users.iter().filter(|user| user["first_name"].is_null()).count();
    let empty_name = users.iter().filter(|user| user["first_name"] == "").count();
    assert!(
        (20..=80).contains(&without_name) && (5..=50).contains(&empty_name),
        "{without_name} {empty_name}"
    );
    let former = users.iter().filter(|user| user["organizations"] == json!([])).count();
    assert!((100..=220).contains(&former), "{former}");
    let zones: BTreeSet<&str> = users.iter().filter_map(|user| user["last_used_timezone"].as_str()).collect();
    assert!(zones.len() > 20);
    let groups = server.all("/group/", 100);
    let memberships: usize = groups
        .iter()
        .map(|group| {
            server.get(&format!("/group/{}/", text(&group["id"]))).expect(200)["members"]
                .as_array()
                .unwrap()
                .len()
        })
        .sum();
    assert!(memberships > 2_000, "groups overlap: {memberships}");
    let custom = server.memberships().iter().filter(|m| text(&m["role_id"]).starts_with("role_")).count();
    assert!(custom > 200, "{custom}");
}

#[test]
fn the_seed_breaks_no_rule_of_the_tables() {
    let folder = Folder::new("seed");
    let path = folder.0.join("seed.db").to_str().unwrap().to_owned();
    Server::with(Config { people: 500, db: path.clone(), ..Config::default() }).running.shutdown();
    let db = rusqlite::Connection::open(path).unwrap();
    let broken: i64 =
        db.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!((broken, sound.as_str()), (0, "ok"));
}

#[test]
fn a_file_outlives_the_server_and_keeps_its_own_people() {
    let folder = Folder::new("file");
    let db = folder.0.join("directory.db").to_str().unwrap().to_owned();
    let config = Config { people: 30, db: db.clone(), ..Config::default() };
    let server = Server::with(config.clone());
    assert!(server.running.notes().is_empty());
    let group = server.post("/group/", json!({ "name": "Lasting" })).expect(201);
    let users = server.all("/user/", 100);
    drop(server);

    let server = Server::with(Config { people: 99, seed: 5, ..config.clone() });
    assert_eq!(server.running.notes().len(), 1);
    assert!(server.running.notes()[0].contains("30 people"));
    assert_eq!(server.get(&format!("/group/{}/", text(&group["id"]))).expect(200), group);
    assert_eq!(server.all("/user/", 100), users);
    let next = server.post("/group/", json!({ "name": "Next" })).expect(201);
    assert_ne!(next["id"], group["id"]);
    server.reset();
    assert_eq!(server.all("/user/", 100), users, "reset restores what the file was filled with");
    assert_eq!(server.get(&format!("/group/{}/", text(&group["id"]))).status, 404);
}

#[test]
fn files_that_are_not_ours_are_left_alone() {
    let folder = Folder::new("foreign");
    let junk = folder.file("junk.db", &"this is no database ".repeat(100));
    let foreign = folder.0.join("foreign.db").to_str().unwrap().to_owned();
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let missing = folder.0.join("no/such/folder.db").to_str().unwrap().to_owned();
    for db in [junk, foreign, missing, folder.0.to_str().unwrap().to_owned()] {
        let error = serve(Config { db: db.clone(), ..Config::default() }).unwrap_err().to_string();
        assert!(error.contains(&db) && !error.contains('\n'), "{error}");
    }
}
