//! What holds for all operations of the Genesys dialect: who may, which page, which version, when.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use common::{GENESYS, GENESYS_USER, KEY, Server, keys, text};
use orgdeck_sandbox::{Config, Conflict, VERIFIED_DOMAINS};
use serde_json::{Value, json};

fn new_group() -> Value {
    json!({ "name": "New", "type": "official", "rulesVisible": true, "visibility": "public" })
}

fn path_of(group: &Value) -> String {
    format!("/groups/{}", text(&group["id"]))
}

/// Asks again until the answer is as wanted.
fn wait_for<T>(what: &str, ask: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

// Credentials and permissions --------------------------------------------------------------------

#[test]
fn anything_but_a_known_token_is_unauthorized() {
    let server = Server::new();
    for (credential, code) in [
        (None, "authentication.required"),
        (Some(""), "authentication.required"),
        (Some("Bearer"), "authentication.required"),
        (Some("Bearer "), "authentication.required"),
        (Some(KEY), "authentication.required"),
        (Some("sandbox-genesys-token"), "authentication.required"),
        (Some("Bearer wrong"), "bad.credentials"),
        (Some(common::ADMIN), "bad.credentials"),
    ] {
        let headers = credential.map(|credential| ("authorization", credential));
        let reply = server.send("GET", "/api/v2/groups", headers.as_slice(), None).unwrap();
        assert_eq!(reply.code(401), code, "{credential:?}");
        assert_eq!(reply.header("www-authenticate"), None);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    for credential in [GENESYS, GENESYS_USER, "BEARER sandbox-genesys-token"] {
        assert_eq!(server.genesys_as(credential, "GET", "/users/me", None).status, 200, "{credential}");
    }
    assert_eq!(server.api(GENESYS, "GET", "/me/", None).status, 401, "tokens are for one vendor");
}

#[test]
fn tokens_of_a_sign_in_are_accepted_until_they_expire() {
    let path = std::env::temp_dir().join(format!("orgdeck-sandbox-tokens-{}.db", std::process::id()));
    let db = path.to_str().unwrap().to_owned();
    let server = Server::with(Config { people: 30, db, ..Config::default() });
    let tables = rusqlite::Connection::open(&path).unwrap();
    let person = |email: &str| -> i64 {
        tables.query_row("SELECT id FROM person WHERE email = ?1", [email], |row| row.get(0)).unwrap()
    };
    let ada = person("ada.lindqvist@example.com");
    // Somebody with Close alone has nothing to sign in to here.
    let stranger: i64 = tables
        .query_row("SELECT id FROM person WHERE id NOT IN (SELECT person_id FROM genesys_user)", [], |row| {
            row.get(0)
        })
        .unwrap();
    for (id, person, token, expires) in [
        (1, ada, "fresh", "2999-01-01T00:00:00.000000+00:00"),
        (2, ada, "stale", "2020-01-01T00:00:00.000000+00:00"),
        (3, stranger, "strange", "2999-01-01T00:00:00.000000+00:00"),
    ] {
        let code = format!("code-{id}");
        tables
            .execute(
                "INSERT INTO oauth_grant (id, client_id, person_id, redirect_uri, challenge, code, code_expires)
                 VALUES (?1, 'some-client', ?2, 'http://localhost/', ?3, ?4, '')",
                rusqlite::params![id, person, "x".repeat(43), code],
            )
            .unwrap();
        tables
            .execute(
                "INSERT INTO oauth_token (token, grant_id, kind, expires) VALUES (?1, ?2, 'access', ?3)",
                rusqlite::params![token, id, expires],
            )
            .unwrap();
    }
    let me = |token: &str| server.genesys_as(&format!("Bearer {token}"), "GET", "/users/me", None);
    assert_eq!(me("fresh").expect(200)["email"], "ada.lindqvist@example.com");
    let token = server.genesys_as("Bearer fresh", "GET", "/tokens/me", None).expect(200);
    assert_eq!(token["OAuthClient"]["id"], "some-client");
    assert_eq!(me("stale").code(401), "credentials.expired");
    assert_eq!(me("strange").code(401), "bad.credentials");
    drop(server);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

#[test]
fn a_plain_person_reads_and_manages_nothing() {
    let server = Server::prompt();
    let group = server.genesys_group("Supervisors");
    let path = path_of(&group);
    let member = server.genesys_all("/users")[0]["id"].clone();
    let as_user = |method: &str, path: &str, body| server.genesys_as(GENESYS_USER, method, path, body);
    for path in [
        "/groups",
        &path,
        &format!("{path}/members"),
        &format!("{path}/individuals"),
        &format!("{path}/profile"),
        "/profiles/groups",
        "/users",
    ] {
        assert_eq!(as_user("GET", path, None).status, 200, "{path}");
    }
    for (method, path, body, permission) in [
        ("POST", "/groups".to_owned(), Some(new_group()), "directory:group:add"),
        ("POST", "/groups".to_owned(), Some(json!({})), "directory:group:add"),
        ("PUT", path.clone(), Some(json!({ "version": group["version"] })), "directory:group:edit"),
        ("DELETE", path.clone(), None, "directory:group:delete"),
        ("PUT", format!("{path}/dynamicsettings"), Some(json!({})), "directory:group:edit"),
        ("DELETE", format!("{path}/dynamicsettings"), None, "directory:group:delete"),
    ] {
        let reply = as_user(method, &path, body);
        assert_eq!(reply.code(403), "missing.any.permissions", "{method} {path}");
        assert_eq!(reply.json()["messageParams"], json!({ "permissions": permission }));
        assert!(text(&reply.json()["message"]).ends_with(permission));
    }
    let body = json!({ "memberIds": [member] });
    assert_eq!(as_user("POST", &format!("{path}/members"), Some(body.clone())).code(403), "not.authorized");
    assert_eq!(as_user("DELETE", &format!("{path}/members?ids=x"), None).code(403), "not.authorized");
    // Owners need no permission to change who is in.
    let own = path_of(&server.genesys_group("Support Tier 3"));
    assert_eq!(as_user("POST", &format!("{own}/members"), Some(body)).status, 202);
    assert_eq!(as_user("PUT", &own, Some(json!({ "version": 24 }))).status, 403);
}

#[test]
fn not_everybody_finds_every_group() {
    let server = Server::prompt();
    let me = server.genesys_as(GENESYS_USER, "GET", "/users/me", None).expect(200)["id"].clone();
    let make = |visibility: &str, owners: Value| {
        let mut group = new_group();
        group["visibility"] = json!(visibility);
        group["ownerIds"] = owners;
        group["includeOwners"] = json!(false);
        group["name"] = json!(format!("hidden {visibility}"));
        server.genesys("POST", "/groups", Some(group)).expect(200)
    };
    let finds = |group: &Value| {
        let path = path_of(group);
        let alone = server.genesys_as(GENESYS_USER, "GET", &path, None).status == 200;
        let list = format!("/groups?id={}", text(&group["id"]));
        let listed = server.genesys_as(GENESYS_USER, "GET", &list, None).expect(200)["total"] == json!(1);
        let query = json!({ "query": [{ "type": "EXACT", "fields": ["id"], "value": group["id"] }] });
        let searched = server.genesys_as(GENESYS_USER, "POST", "/groups/search", Some(query)).expect(200);
        assert_eq!((alone, alone), (listed, searched["total"] == json!(1)));
        assert_eq!(server.genesys("GET", &path, None).status, 200);
        alone
    };
    let join = |group: &Value| {
        let body = json!({ "memberIds": [me] });
        server.genesys("POST", &format!("{}/members", path_of(group)), Some(body)).expect(202);
    };
    for (visibility, stranger, owner) in
        [("public", true, true), ("owners", false, true), ("members", false, false)]
    {
        let others = make(visibility, json!([]));
        assert_eq!(finds(&others), stranger, "{visibility}");
        assert_eq!(finds(&make(visibility, json!([me]))), owner, "{visibility}");
        join(&others);
        assert!(finds(&others), "{visibility}");
    }
}

// Errors -----------------------------------------------------------------------------------------

#[test]
fn unknown_paths_are_404_and_wrong_methods_405_even_without_a_token() {
    let server = Server::new();
    for path in ["/nothing", "/groups/", "/groups/a/b", "/users/a/b", "/Groups", "/groups/a/members/b"] {
        let reply = server.send("GET", &format!("/api/v2{path}"), &[], None).unwrap();
        assert_eq!(reply.code(404), "not.found", "{path}");
    }
    for (method, path) in [
        ("DELETE", "/groups"),
        ("PATCH", "/groups/a"),
        ("POST", "/groups/a"),
        ("PUT", "/groups/search"),
        ("GET", "/groups/dynamicsettings/preview"),
        ("POST", "/users"),
    ] {
        let reply = server.send(method, &format!("/api/v2{path}"), &[], None).unwrap();
        assert_eq!(reply.code(405), "method.not.allowed", "{method} {path}");
    }
}

#[test]
fn groups_that_are_not_there_are_404() {
    let server = Server::new();
    assert_eq!(server.genesys("GET", "/groups/x", None).code(404), "general.resource.not.found");
    let error = server.genesys("GET", "/groups/x", None).json();
    assert_eq!((&error["entityId"], &error["entityName"]), (&json!("x"), &json!("group")));
    for (method, path, body) in [
        ("PUT", "/groups/x", Some(json!({}))),
        ("DELETE", "/groups/x", None),
        ("GET", "/groups/x/members", None),
        ("POST", "/groups/x/members", Some(json!({}))),
        ("DELETE", "/groups/x/members", None),
        ("GET", "/groups/x/individuals", None),
        ("GET", "/groups/x/dynamicsettings", None),
        ("PUT", "/groups/x/dynamicsettings", Some(json!({}))),
        ("DELETE", "/groups/x/dynamicsettings", None),
    ] {
        assert_eq!(server.genesys(method, path, body).code(404), "not.found", "{method} {path}");
    }
    let odd = server.genesys("GET", "/groups/a%2Fb%20c%3Fd%23%C3%A9", None);
    assert_eq!(odd.expect(404)["entityId"], "a/b c?d#é");
}

#[test]
fn bodies_must_be_json_objects_of_a_size() {
    let server = Server::new();
    let post = |content_type: &str, body: &str| {
        let headers = [("authorization", GENESYS), ("content-type", content_type)];
        server.send("POST", "/api/v2/groups", &headers, Some(body)).unwrap()
    };
    let json = "application/json";
    assert_eq!(post("text/plain", "{}").code(415), "unsupported.media.type");
    assert_eq!(post("", "{}").code(415), "unsupported.media.type");
    assert_eq!(post("application/json; charset=utf-8", "{}").code(400), "bad.request");
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(512_000));
    assert_eq!(post(json, &large).code(413), "request.entity.too.large");
    assert_eq!(post(json, &large).json()["messageParams"], json!({ "bytes": "512000" }));
    for body in ["", "{", "[]", "7", "null", "{} {}", "\u{feff}{}", &"[".repeat(400_000)] {
        assert_eq!(post(json, body).code(400), "bad.request", "{}", body.len());
    }
}

#[test]
fn a_group_needs_four_things_and_they_must_be_right() {
    let server = Server::new();
    for field in ["name", "type", "rulesVisible", "visibility"] {
        for missing in [None, Some(Value::Null)] {
            let mut body = new_group();
            match missing {
                None => drop(body.as_object_mut().unwrap().remove(field)),
                Some(null) => body[field] = null,
            }
            let reply = server.genesys("POST", "/groups", Some(body));
            assert_eq!(reply.code(400), "bad.request", "{field}");
            assert_eq!(reply.json()["details"], json!([{ "errorCode": "missing", "fieldName": field }]));
        }
    }
    let contact = |changes: Value| {
        let mut contact = json!({ "mediaType": "PHONE", "type": "GROUPRING", "address": "+15550000001" });
        for (name, value) in changes.as_object().unwrap() {
            contact[name] = value.clone();
        }
        json!([contact])
    };
    for (field, value, code, at) in [
        ("name", json!(" "), "invalid.value", "name"),
        ("name", json!(7), "bad.request", "name"),
        ("type", json!("secret"), "invalid.value", "type"),
        ("visibility", json!("ownerIds"), "invalid.value", "visibility"),
        ("visibility", json!("PUBLIC"), "invalid.value", "visibility"),
        ("rulesVisible", json!("true"), "bad.request", "rulesVisible"),
        ("rolesEnabled", json!(1), "bad.request", "rolesEnabled"),
        ("ownerIds", json!(["nobody"]), "bad.request", "ownerIds"),
        ("ownerIds", json!("nobody"), "bad.request", "ownerIds"),
        ("images", json!([{ "resolution": "x48" }]), "bad.request", "images[0].imageUri"),
        ("addresses", json!({}), "bad.request", "addresses"),
        ("addresses", json!([7]), "bad.request", "addresses[0]"),
        ("addresses", contact(json!({ "type": "HOME" })), "invalid.value", "addresses[0].type"),
        ("addresses", contact(json!({ "mediaType": "EMAIL" })), "invalid.value", "addresses[0].mediaType"),
        ("addresses", contact(json!({ "mediaType": null })), "bad.request", "addresses[0].mediaType"),
        ("addresses", contact(json!({ "address": "0049" })), "invalid.value", "addresses[0].address"),
        ("addresses", contact(json!({ "address": null })), "bad.request", "addresses[0].address"),
    ] {
        let mut body = new_group();
        body[field] = value.clone();
        let reply = server.genesys("POST", "/groups", Some(body));
        assert_eq!(reply.code(400), code, "{field} {value}");
        assert_eq!(reply.json()["details"][0]["fieldName"], at, "{value}");
    }
    let mut body = new_group();
    body["type"] = json!("secret {value}");
    let error = server.genesys("POST", "/groups", Some(body)).expect(400);
    assert_eq!(
        error["messageParams"],
        json!({ "value": "secret {value}", "field": "type", "allowed": "official, social" })
    );
    assert_eq!(
        error["message"],
        "Value [secret {value}] is not valid for field type [type]. Allowable values are: official, social"
    );
    assert_eq!(server.genesys_all("/groups").len(), 40);
}

// Versions and traps -----------------------------------------------------------------------------

#[test]
fn an_update_of_an_older_version_is_a_conflict_in_either_style() {
    for (style, status, code) in
        [(Conflict::Status409, 409, "general.conflict"), (Conflict::Status400, 400, "bad.request")]
    {
        let server = Server::with(Config { people: 10, genesys_conflict: style, ..Config::default() });
        let group = server.genesys_group("Supervisors");
        let version = group["version"].as_i64().unwrap();
        let path = path_of(&group);
        for wrong in [version - 1, version + 1, 0] {
            let reply = server.genesys("PUT", &path, Some(json!({ "version": wrong, "name": "x" })));
            assert_eq!(reply.code(status), code);
            assert!(text(&reply.json()["message"]).contains("does not match the current version"));
            let body = json!({ "memberIds": [], "version": wrong });
            assert_eq!(server.genesys("POST", &format!("{path}/members"), Some(body)).code(status), code);
        }
        assert_eq!(server.genesys("GET", &path, None).expect(200), group);
        for body in [
            Some(json!({ "name": "x" })),
            Some(json!({ "version": null })),
            Some(json!({ "version": "1" })),
            None,
        ] {
            assert_eq!(server.genesys("PUT", &path, body).code(400), "bad.request");
        }
        server.genesys("POST", &format!("{path}/members"), Some(json!({ "memberIds": [] }))).expect(202);
        for step in 0..3 {
            let reply = server.genesys("PUT", &path, Some(json!({ "version": version + step })));
            assert_eq!(reply.expect(200)["version"], json!(version + step + 1));
        }
    }
}

#[test]
fn the_traps_of_the_vendor_are_all_there() {
    let server = Server::prompt();
    let people: Vec<Value> = server.genesys_all("/users").iter().map(|user| user["id"].clone()).collect();
    let mut body = new_group();
    body["description"] = json!("Lost");
    body["ownerIds"] = json!([people[0], people[1]]);
    let group = server.genesys("POST", "/groups", Some(body)).expect(200);
    assert!(group.get("description").is_none(), "ignored when a group is made");
    let path = path_of(&group);
    let mut version = 1;
    let mut put = |changes: Value| {
        let mut body = changes;
        body["version"] = json!(version);
        version += 1;
        server.genesys("PUT", &path, Some(body)).expect(200)
    };
    assert_eq!(put(json!({ "description": "Found" }))["description"], "Found");

    let owners = |group: &Value| group["owners"].as_array().unwrap().len();
    assert_eq!(owners(&put(json!({ "ownerIds": [] }))), 2, "an empty list is no list");
    assert_eq!(owners(&put(json!({}))), 2);
    assert_eq!(owners(&put(json!({ "ownerIds": [people[2]] }))), 1);
    let cleared = put(json!({ "ownerIds": [" "] }));
    assert_eq!((owners(&cleared), &cleared["memberCount"]), (0, &json!(0)));

    let contact = json!({ "mediaType": "PHONE", "type": "GROUPRING", "address": "+15550000001" });
    let addresses = |group: &Value| group["addresses"].as_array().unwrap().len();
    assert_eq!(addresses(&put(json!({ "addresses": [contact] }))), 1);
    assert_eq!(addresses(&put(json!({ "name": "Same addresses" }))), 1);
    assert_eq!(addresses(&put(json!({ "addresses": [] }))), 0);

    assert_eq!(put(json!({ "visibility": "ownerIds" }))["visibility"], "owners");
    assert_eq!(put(json!({ "visibility": "members" }))["visibility"], "members");
    assert_eq!(put(json!({ "visibility": "owners" }))["visibility"], "owners");
    assert_eq!(put(json!({ "type": "social" }))["type"], "official", "a group's type stays");
    assert_eq!(put(json!({ "type": "nonsense" }))["type"], "official");
    assert_eq!(put(json!({ "description": null }))["description"], "Found", "null is nothing said");
    assert_eq!(put(json!({ "description": "" }))["description"], "");
    assert_eq!(put(json!({ "email": "a@example.com" }))["email"], "a@example.com");
    assert!(put(json!({ "email": "" })).get("email").is_none());
    assert_eq!(put(json!({ "state": "inactive" }))["state"], "inactive");

    assert_eq!(put(json!({ "state": "deleted" }))["state"], "deleted");
    assert!(!server.genesys_all("/groups").iter().any(|other| other["id"] == group["id"]));
    assert_eq!(server.genesys("GET", &path, None).expect(200)["state"], "deleted");
    assert_eq!(put(json!({ "state": "active" }))["state"], "active");
    assert_eq!(server.genesys_group("Same addresses")["id"], group["id"]);
}

#[test]
fn fifty_people_at_once_and_no_more() {
    let server = Server::with(Config { people: 300, genesys_lag_ms: 0, ..Config::default() });
    let people: Vec<String> = server.genesys_all("/users").iter().map(|user| text(&user["id"])).collect();
    let group = server.genesys("POST", "/groups", Some(new_group())).expect(200);
    let path = format!("{}/members", path_of(&group));
    let add = |people: &[String]| server.genesys("POST", &path, Some(json!({ "memberIds": people })));
    let remove =
        |people: &[String]| server.genesys("DELETE", &format!("{path}?ids={}", people.join(",")), None);
    let count = || server.genesys("GET", &path, None).expect(200)["total"].as_u64().unwrap();

    assert_eq!(add(&people[..51]).code(400), "bad.request");
    assert_eq!(count(), 0);
    assert_eq!(add(&people[..50]).status, 202);
    assert_eq!(count(), 50);
    assert_eq!(remove(&people[..51]).code(400), "bad.request");
    assert_eq!(remove(&people[..50]).status, 202);
    assert_eq!(count(), 0);

    let reply = add(&[people[0].clone(), "nobody".to_owned()]);
    assert_eq!(reply.code(400), "bad.request");
    assert_eq!(
        reply.json()["details"],
        json!([{ "errorCode": "not.found", "fieldName": "memberIds", "entityId": "nobody" }])
    );
    let deleted = text(&server.genesys_all("/users?state=deleted")[0]["id"]);
    assert_eq!(add(&[deleted]).code(400), "bad.request");
    assert_eq!(count(), 0, "all or nobody");
    for body in
        [json!({}), json!({ "memberIds": null }), json!({ "memberIds": "a" }), json!({ "memberIds": [1] })]
    {
        assert_eq!(server.genesys("POST", &path, Some(body)).code(400), "bad.request");
    }
    assert_eq!(server.genesys("POST", &path, None).code(400), "bad.request");
    for query in ["", "?ids=", "?ids=,", "?id=x"] {
        assert_eq!(server.genesys("DELETE", &format!("{path}{query}"), None).code(400), "bad.request");
    }
}

// Time -------------------------------------------------------------------------------------------

#[test]
fn changes_of_members_become_visible_after_a_while() {
    let lag = Duration::from_millis(400);
    let server = Server::with(Config { people: 30, genesys_lag_ms: 400, ..Config::default() });
    let group = server.genesys("POST", "/groups", Some(new_group())).expect(200);
    let path = path_of(&group);
    let members = format!("{path}/members");
    let person = server.genesys_all("/users")[0]["id"].clone();
    // Two requests, between which the change may come.
    let counts = || {
        [&members, &format!("{path}/individuals")]
            .map(|path| server.genesys("GET", path, None).expect(200)["total"].clone())
    };
    for (method, path, body, before, after) in [
        ("POST", members.clone(), Some(json!({ "memberIds": [person] })), 0, 1),
        ("DELETE", format!("{members}?ids={}", text(&person)), None, 1, 0),
    ] {
        let since = Instant::now();
        server.genesys(method, &path, body).expect(202);
        let still = counts();
        if since.elapsed() < lag {
            assert_eq!(still, [json!(before), json!(before)]);
        }
        wait_for("a change", || (counts() == [json!(after), json!(after)]).then_some(()));
        assert!(since.elapsed() >= lag, "not before its time");
    }
    // What was promised in order is done in order.
    for _ in 0..2 {
        server.genesys("POST", &members, Some(json!({ "memberIds": [person] }))).expect(202);
        server.genesys("DELETE", &format!("{members}?ids={}", text(&person)), None).expect(202);
    }
    std::thread::sleep(lag + Duration::from_millis(50));
    assert_eq!(counts(), [json!(0), json!(0)]);
}

#[test]
fn a_deleted_group_is_first_marked_and_then_gone() {
    let lag = Duration::from_millis(300);
    let server = Server::with(Config { people: 10, genesys_lag_ms: 300, ..Config::default() });
    let group = server.genesys_group("Supervisors");
    let path = path_of(&group);
    let since = Instant::now();
    assert_eq!(server.genesys("DELETE", &path, None).status, 200);
    let state = || {
        let reply = server.genesys("GET", &path, None);
        if reply.status == 404 { "gone".to_owned() } else { text(&reply.expect(200)["state"]) }
    };
    let at_first = state();
    if since.elapsed() < lag {
        assert_eq!(at_first, "active");
        assert_eq!(server.genesys("DELETE", &path, None).status, 200, "once more does no harm");
    }
    wait_for("the mark", || (state() != "active").then_some(()));
    assert!(since.elapsed() >= lag);
    let listed = server.genesys_all("/groups").iter().any(|other| other["id"] == group["id"]);
    assert!(!listed);
    wait_for("the end", || (state() == "gone").then_some(()));
    assert!(since.elapsed() >= 2 * lag);
}

#[test]
fn a_new_group_may_be_unknown_at_first() {
    let server = Server::with(Config {
        people: 10,
        genesys_lag_ms: 300,
        genesys_lag_create: true,
        ..Config::default()
    });
    let since = Instant::now();
    let group = server.genesys("POST", "/groups", Some(new_group())).expect(200);
    let status = || server.genesys("GET", &path_of(&group), None).status;
    let at_first = status();
    if since.elapsed() < Duration::from_millis(300) {
        assert_eq!(at_first, 404);
    }
    wait_for("the group", || (status() == 200).then_some(()));
    assert!(since.elapsed() >= Duration::from_millis(300));
    let prompt = Server::new();
    let group = prompt.genesys("POST", "/groups", Some(new_group())).expect(200);
    assert_eq!(prompt.genesys("GET", &path_of(&group), None).status, 200);
}

// Pages ------------------------------------------------------------------------------------------

#[test]
fn pages_have_links_that_keep_the_rest_and_end() {
    let server = Server::new();
    let page = |path: &str| server.genesys("GET", path, None).expect(200);
    let first = page("/groups?sortOrder=descending&pageSize=15&x=%C3%A9%2C&pageNumber=1");
    let link = |number: i32| {
        json!(format!("/api/v2/groups?pageSize=15&pageNumber={number}&sortOrder=descending&x=%C3%A9%2C"))
    };
    assert_eq!(
        (&first["pageSize"], &first["pageNumber"], &first["total"], &first["pageCount"]),
        (&json!(15), &json!(1), &json!(40), &json!(3))
    );
    for (name, number) in [("firstUri", 1), ("selfUri", 1), ("nextUri", 2), ("lastUri", 3)] {
        assert_eq!(first[name], link(number), "{name}");
    }
    assert!(first.get("previousUri").is_none(), "absent, not null");
    let last = page(text(&first["lastUri"]).strip_prefix("/api/v2").unwrap());
    assert_eq!(last["entities"].as_array().unwrap().len(), 10);
    assert_eq!((&last["selfUri"], &last["previousUri"]), (&link(3), &link(2)));
    assert!(last.get("nextUri").is_none());
    let beyond = page("/groups?pageSize=15&pageNumber=9");
    assert_eq!((&beyond["entities"], &beyond["total"]), (&json!([]), &json!(40)));
    assert!(text(&beyond["previousUri"]).contains("pageNumber=3") && beyond.get("nextUri").is_none());
    let none = page("/groups?id=x");
    assert_eq!((&none["total"], &none["pageCount"]), (&json!(0), &json!(0)));
    assert!(none.get("nextUri").is_none() && text(&none["lastUri"]).contains("pageNumber=1&"));
    let default = page("/groups");
    assert_eq!((&default["pageSize"], default["entities"].as_array().unwrap().len()), (&json!(25), 25));
    let unset = page("/groups?pageSize=&pageNumber=&id=&sortOrder=");
    assert_eq!(unset["entities"], default["entities"], "without a value is as if left out");
}

#[test]
fn page_sizes_and_numbers_have_limits() {
    let server = Server::new();
    let members = format!("{}/members", path_of(&server.genesys_group("All Staff")));
    for list in ["/groups", "/profiles/groups", "/users", "/routing/skills", &members] {
        for query in [
            "pageSize=0",
            "pageSize=-1",
            "pageSize=501",
            "pageSize=x",
            "pageSize=2.5",
            "pageSize=99999999999999999999",
            "pageNumber=0",
            "pageNumber=-3",
            "pageNumber=x",
            "pageNumber=9999999999",
            "sortOrder=sideways",
        ] {
            let reply = server.genesys("GET", &format!("{list}?{query}"), None);
            assert_eq!(reply.code(400), "invalid.value", "{list} {query}");
        }
        for query in ["pageSize=500", "pageNumber=2147483647", "sortOrder=ASC", "sortOrder=Descending"] {
            assert_eq!(server.genesys("GET", &format!("{list}?{query}"), None).status, 200, "{list} {query}");
        }
    }
    for body in [json!({ "pageSize": 0 }), json!({ "pageNumber": -1 }), json!({ "pageSize": 501 })] {
        assert_eq!(server.genesys("POST", "/groups/search", Some(body)).code(400), "invalid.value");
    }
}

#[test]
fn ids_may_be_repeated_or_between_commas() {
    let server = Server::new();
    let groups = server.genesys_all("/groups");
    let [a, b, c] = [2, 11, 30].map(|at: usize| text(&groups[at]["id"]));
    let wanted = json!([groups[2], groups[11], groups[30]]);
    for query in [
        format!("id={a}&id={b}&id={c}"),
        format!("id={a},{b},{c}"),
        format!("id={a}%2C{b}&id=,{c},nobody,{a}"),
    ] {
        assert_eq!(json!(server.genesys_all(&format!("/groups?{query}"))), wanted, "{query}");
    }
    let room = text(&groups[11]["chat"]["jabberId"]).replace('@', "%40");
    assert_eq!(json!(server.genesys_all(&format!("/groups?jabberId={room},z"))), json!([groups[11]]));
    assert_eq!(server.genesys_all("/groups?jabberId=z").len(), 0);
    let both = server.genesys("GET", &format!("/groups?jabberId={room}&id={a}"), None);
    assert_eq!(both.code(400), "bad.request");
}

// The rest of the server -------------------------------------------------------------------------

#[test]
fn every_answer_has_a_correlation_id_of_its_own() {
    let server = Server::new();
    let mut seen = BTreeSet::new();
    for (method, path) in
        [("GET", "/groups"), ("GET", "/groups"), ("DELETE", "/groups/x/members"), ("GET", "/no")]
    {
        let reply = server.genesys(method, path, None);
        assert!(seen.insert(reply.header("inin-correlation-id").unwrap().to_owned()));
    }
    assert_eq!(server.get("/me/").header("inin-correlation-id"), None);
}

#[test]
fn pages_of_other_origins_may_be_kept_from_reading_headers() {
    for (hidden, exposed) in [(false, Some("inin-correlation-id, retry-after")), (true, None)] {
        let server = Server::with(Config { people: 10, genesys_hide_headers: hidden, ..Config::default() });
        let reply = server.genesys("GET", "/groups", None);
        assert_eq!(reply.header("access-control-expose-headers"), exposed);
        assert!(reply.header("inin-correlation-id").is_some());
        assert_eq!(
            server.get("/me/").header("access-control-expose-headers"),
            Some("ratelimit, retry-after")
        );
        let headers = [
            ("origin", "http://elsewhere.example"),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        let preflight = server.send("OPTIONS", "/api/v2/groups/x", &headers, None).unwrap();
        assert_eq!(preflight.status, 204);
        assert!(
            preflight.header("access-control-allow-headers").unwrap().contains("authorization, content-type")
        );
        assert!(preflight.header("access-control-allow-methods").unwrap().contains("PUT, DELETE"));
    }
}

#[test]
fn the_control_api_works_for_both_vendors() {
    let server = Server::prompt();
    let message = "Rate limit exceeded the maximum. Retry the request in [7] seconds";
    server.queue(json!({ "match": { "path": "/api/v2/groups" }, "status": 429, "headers": { "retry-after": "7" },
                         "body": { "message": message, "code": "too.many.requests.retry.after", "status": 429 } }));
    assert_eq!(server.get("/group/").status, 200);
    let limited = server.genesys("GET", "/groups", None);
    assert_eq!(
        (limited.expect(429)["message"].clone(), limited.header("retry-after")),
        (json!(message), Some("7"))
    );

    let created = server.genesys("POST", "/groups", Some(new_group())).expect(200);
    let log = server.log();
    let last = log.last().unwrap();
    assert_eq!((&last["path"], &last["body"]), (&json!("/api/v2/groups"), &new_group()));
    assert_eq!(last["headers"]["authorization"], "Bearer ***");
    assert!(!json!(log).to_string().contains("sandbox-genesys-token"));

    let group = server.genesys_group("Supervisors");
    server.genesys("DELETE", &path_of(&group), None);
    server.reset();
    assert_eq!(server.genesys("GET", &path_of(&group), None).expect(200), group);
    assert_eq!(server.genesys("GET", &path_of(&created), None).status, 404);
    let again = server.genesys("POST", "/groups", Some(new_group())).expect(200);
    assert_eq!(again["id"], created["id"], "the same calls make the same ids");
}

// The seed ---------------------------------------------------------------------------------------

fn everything(config: Config) -> Value {
    let server = Server::with(config);
    let groups = server.genesys_all("/groups?pageSize=500");
    let members: Vec<Value> = groups
        .iter()
        .map(|group| {
            server.genesys("GET", &format!("{}/members?pageSize=500", path_of(group)), None).expect(200)
        })
        .collect();
    json!([groups, members, server.genesys_all("/users?state=any&pageSize=500&expand=skills,presence")])
}

#[test]
fn the_same_seed_gives_the_same_groups_and_people() {
    let config = |seed, groups, genesys_groups| Config {
        people: 90,
        seed,
        groups,
        genesys_groups,
        ..Config::default()
    };
    let first = everything(config(7, 12, 40));
    assert_eq!(first, everything(config(7, 3, 40)), "the other vendor's groups change nothing");
    assert_ne!(first, everything(config(8, 12, 40)));
    let fewer = everything(config(7, 12, 9));
    assert_eq!(fewer[2], first[2], "groups do not change people");
    assert_eq!(fewer[0].as_array().unwrap().len(), 9);
    for group in fewer[0].as_array().unwrap() {
        let same = first[0].as_array().unwrap().iter().find(|other| other["id"] == group["id"]).unwrap();
        assert_eq!(
            (&same["name"], &same["owners"], &same["version"]),
            (&group["name"], &group["owners"], &group["version"])
        );
    }
    assert_eq!(everything(config(7, 12, 0))[0], json!([]));
    let ids = |all: &Value| -> BTreeSet<String> {
        [&all[0], &all[2]]
            .iter()
            .flat_map(|list| list.as_array().unwrap())
            .map(|one| text(&one["id"]))
            .collect()
    };
    let is_uuid = |id: &String| {
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        lengths == [8, 4, 4, 4, 12] && id.as_bytes()[14] == b'4' && b"89ab".contains(&id.as_bytes()[19])
    };
    assert!(ids(&first).iter().all(is_uuid));
    assert_eq!(ids(&first).len(), 40 + first[2].as_array().unwrap().len());
}

#[test]
fn most_people_are_with_both_vendors_and_some_with_one() {
    let server = Server::with(Config { people: 1_000, max_limit: 1_000, ..Config::default() });
    let emails = |people: &[Value]| -> BTreeSet<String> {
        people.iter().map(|person| text(&person["email"])).collect()
    };
    let close = emails(&server.all("/user/", 1_000));
    let users = server.genesys_all("/users?state=any&pageSize=500");
    let genesys = emails(&users);
    assert_eq!((close.len(), genesys.len()), (1_000, users.len()), "no address twice");
    let (both, here, there) = (
        close.intersection(&genesys).count(),
        genesys.difference(&close).count(),
        close.difference(&genesys).count(),
    );
    assert!((80..=90).contains(&there) && (130..=150).contains(&here) && both > 900, "{both} {here} {there}");
    assert!(genesys.iter().all(|email| VERIFIED_DOMAINS.iter().any(|domain| email.ends_with(domain))));
    assert!(users.iter().all(|user| !text(&user["name"]).trim().is_empty()));

    // Whoever is asked into Close by the address they have here is the same person.
    let stranger = users.iter().find(|user| !close.contains(user["email"].as_str().unwrap())).unwrap();
    let body = json!({ "email": stranger["email"], "role_id": "user" });
    let membership = server.post("/membership/", body).expect(200);
    let user = server.get(&format!("/user/{}/", text(&membership["user_id"]))).expect(200);
    let name = format!("{} {}", text(&user["first_name"]), text(&user["last_name"]));
    assert_eq!(json!(name), stranger["name"]);
}

#[test]
fn a_large_organisation_is_paged_quickly() {
    let server = Server::with(Config { people: 20_000, ..Config::default() });
    let group = server.genesys_group("All Staff");
    // The owners come on top.
    let count = group["memberCount"].as_u64().unwrap() as usize;
    assert!((5_000..5_004).contains(&count));
    let since = Instant::now();
    let members = server.genesys_all(&format!("{}/members?pageSize=500", path_of(&group)));
    assert_eq!(members.len(), count);
    let last = server.genesys("GET", "/users?pageSize=500&pageNumber=40", None).expect(200);
    assert_eq!(last["entities"].as_array().unwrap().len(), 500);
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    assert_eq!(keys(&last["entities"][0]["division"]), ["id", "name", "selfUri"]);
}
