//! Rate limits, in the terms of each vendor, and the counts of what came of them.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::{ADMIN, GENESYS, GENESYS_USER, KEY, Reply, Server, USER};
use orgdeck_sandbox::Config;
use serde_json::{Value, json};

fn limited(text: &str) -> Server {
    Server::with(Config { people: 20, rate_limits: text.parse().unwrap(), ..Config::default() })
}

fn limit(server: &Server, limits: Value) -> Value {
    server.send("POST", "/_sandbox/limits", &[], Some(&limits.to_string())).unwrap().expect(200)
}

/// `limit`, `remaining` and `reset` of the header.
fn rate_limit(reply: &Reply) -> (u32, u32, f64) {
    let header = reply.header("ratelimit").unwrap_or_else(|| panic!("{} {}", reply.status, reply.text));
    let values: Vec<&str> = ["limit=", "remaining=", "reset="]
        .into_iter()
        .zip(header.split(", "))
        .map(|(name, part)| part.strip_prefix(name).unwrap_or_else(|| panic!("{header}")))
        .collect();
    (values[0].parse().unwrap(), values[1].parse().unwrap(), values[2].parse().unwrap())
}

#[test]
fn close_counts_down_and_then_refuses() {
    let server = limited("close=3/h");
    let mut last = 3_600.0;
    for remaining in [2, 1, 0] {
        let reply = server.get("/me/?_fields=id");
        let (limit, left, reset) = rate_limit(&reply);
        assert_eq!((reply.status, limit, left), (200, 3, remaining));
        assert!(reset <= last && reset > 3_500.0, "{reset} after {last}");
        assert_eq!(reply.header("retry-after"), None);
        last = reset;
    }
    for _ in 0..2 {
        let reply = server.get("/me/?_fields=id");
        let (limit, left, reset) = rate_limit(&reply);
        assert_eq!((reply.status, limit, left), (429, 3, 0));
        assert_eq!(reply.header("retry-after"), Some((reset.ceil() as u64).to_string().as_str()));
        let error = &reply.json()["error"];
        assert_eq!(error["message"], "API call count exceeded for this period");
        assert_eq!((&error["rate_limit"], &error["rate_limit_type"]), (&json!(3), &json!("key")));
        assert_eq!(reply.header("access-control-expose-headers"), Some("ratelimit, retry-after"));
    }
}

#[test]
fn close_counts_by_endpoint_group_and_token_and_by_organisation_thrice_as_much() {
    let server = limited("close=2/h");
    let group = server.group("Enterprise Sales");
    limit(&server, json!({ "close": "2/h" }));
    let left = |credential: &str, method: &str, path: &str| {
        let body = (method != "GET").then(|| json!({ "name": "Enterprise Sales" }));
        let reply = server.api(credential, method, path, body);
        assert_ne!(reply.status, 429, "{method} {path}");
        rate_limit(&reply).1
    };
    let one = format!("/group/{group}/");
    assert_eq!(left(ADMIN, "GET", &one), 1);
    // Another id is of the same group, and so is one that nobody has.
    assert_eq!(left(ADMIN, "GET", "/group/nobody/"), 0);
    assert_eq!(server.api(ADMIN, "GET", &one, None).status, 429);
    // Writing is another group than reading, whatever the method; and so are other paths.
    assert_eq!((left(ADMIN, "PUT", &one), left(ADMIN, "PUT", "/group/nobody/")), (1, 0));
    assert_eq!(server.api(ADMIN, "DELETE", &one, None).status, 429);
    assert_eq!(left(ADMIN, "GET", "/group/"), 1);
    assert_eq!(left(ADMIN, "GET", "/me/"), 1);
    // A POST that means GET reads.
    let headers =
        [("authorization", ADMIN), ("content-type", "application/json"), ("x-http-method-override", "GET")];
    let reply = server.send("POST", "/api/v1/me/", &headers, Some("{}")).unwrap();
    assert_eq!((reply.status, rate_limit(&reply).1), (200, 0));

    // Other tokens have counts of their own, until the organisation has had three times as many.
    assert_eq!((left(KEY, "GET", &one), left(KEY, "GET", &one)), (1, 0));
    let third = format!("{USER}~3");
    let reply = server.api(&third, "GET", &one, None);
    assert_eq!((rate_limit(&reply).0, rate_limit(&reply).1), (2, 1));
    let reply = server.api(&third, "GET", &one, None);
    // Both are at their end now; the token's own is named.
    assert_eq!((rate_limit(&reply).0, rate_limit(&reply).1), (2, 0));
    let reply = server.api(USER, "GET", &one, None);
    assert_eq!((reply.status, rate_limit(&reply).0), (429, 6));
    assert_eq!(reply.json()["error"]["rate_limit_type"], "organization");
    assert_eq!(server.api(USER, "GET", "/me/", None).status, 200, "which is of one endpoint group, too");
}

#[test]
fn genesys_counts_by_token_and_says_nothing_until_it_refuses() {
    let server = limited("genesys=3/h");
    for path in ["/groups", "/tokens/me", "/groups/nobody"] {
        let reply = server.genesys("GET", path, None);
        assert_ne!(reply.status, 429);
        assert_eq!((reply.header("ratelimit"), reply.header("retry-after")), (None, None));
    }
    let reply = server.genesys("GET", "/tokens/me", None);
    assert_eq!(reply.code(429), "too.many.requests.retry.after");
    let seconds = reply.header("retry-after").unwrap();
    assert!((3_500..=3_600).contains(&seconds.parse::<u32>().unwrap()));
    let message = format!("Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds");
    assert_eq!(reply.json()["message"], json!(message));
    assert!(reply.header("access-control-expose-headers").unwrap().contains("retry-after"));
    let another = format!("{GENESYS}~2");
    for credential in [GENESYS_USER, &another] {
        assert_eq!(server.genesys_as(credential, "GET", "/tokens/me", None).status, 200);
    }
    assert_eq!(server.get("/me/").header("ratelimit"), None, "the other vendor has no limit");

    let config = Config {
        genesys_hide_headers: true,
        rate_limits: "genesys=1/h".parse().unwrap(),
        ..Config::default()
    };
    let server = Server::with(Config { people: 20, ..config });
    server.genesys("GET", "/tokens/me", None).expect(200);
    let reply = server.genesys("GET", "/tokens/me", None);
    assert_eq!((reply.status, reply.header("access-control-expose-headers")), (429, None));
    assert!(reply.header("retry-after").is_some());
}

#[test]
fn what_is_refused_for_another_reason_is_not_counted() {
    let server = limited("close=1/h,genesys=1/h");
    for _ in 0..3 {
        assert_eq!(server.api("Bearer nobody", "GET", "/me/", None).status, 401);
        assert_eq!(server.send("GET", "/api/v1/me/", &[], None).unwrap().status, 401);
        assert_eq!(server.get("/nothing/").status, 404);
        let preflight = [("origin", "http://x"), ("authorization", ADMIN)];
        assert_eq!(server.send("OPTIONS", "/api/v1/me/", &preflight, None).unwrap().status, 204);
        assert_eq!(server.send("OPTIONS", "/api/v2/tokens/me", &preflight, None).unwrap().status, 204);
    }
    // Nor are requests that never reach the vendor.
    server.faults(json!([{ "times": 2, "status": 503 }, { "times": 1, "html": 502 }]));
    for status in [503, 503, 502, 200, 429] {
        assert_eq!(server.get("/me/").status, status);
    }
    server.genesys("GET", "/tokens/me", None).expect(200);
    // An expired token is 401 and not 429.
    server.faults(json!([{ "expireToken": true }]));
    server.genesys("GET", "/tokens/me", None).expect(401);
}

#[test]
fn limits_can_be_changed_while_running() {
    let server = limited("close=1/h");
    let show = || server.send("GET", "/_sandbox/limits", &[], None).unwrap().expect(200);
    assert_eq!(show(), json!({ "close": "1/h", "genesys": null }));
    assert_eq!((server.get("/me/").status, server.get("/me/").status), (200, 429));
    // What is not named stays, and what is counted by it, too.
    assert_eq!(limit(&server, json!({ "genesys": "1/min" })), json!({ "close": "1/h", "genesys": "1/min" }));
    assert_eq!(server.get("/me/").status, 429);
    assert_eq!(limit(&server, json!({ "close": "2/min" })), json!({ "close": "2/min", "genesys": "1/min" }));
    assert_eq!(rate_limit(&server.get("/me/")).0, 2);
    assert_eq!(limit(&server, json!({ "close": null })), json!({ "close": null, "genesys": "1/min" }));
    assert_eq!(server.get("/me/").header("ratelimit"), None);
    for bad in [
        "",
        "5",
        "[]",
        r#"{"close":5}"#,
        r#"{"close":"20"}"#,
        r#"{"acme":"1/s"}"#,
        r#"{"genesys":"5/s","close":"0/s"}"#,
    ] {
        let reply = server.send("POST", "/_sandbox/limits", &[], Some(bad)).unwrap();
        assert!(reply.expect(400)["error"].is_string(), "{bad}");
    }
    assert_eq!(show(), json!({ "close": null, "genesys": "1/min" }));
    server.reset();
    assert_eq!(show(), json!({ "close": "1/h", "genesys": null }), "a reset restores the flags");
    assert_eq!((server.get("/me/").status, server.get("/me/").status), (200, 429));
}

#[test]
fn many_at_once_get_no_more_than_there_is() {
    let server = limited("close=40/h,genesys=40/h");
    let granted = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    for reply in [server.get("/me/?_fields=id"), server.genesys("GET", "/tokens/me", None)] {
                        match reply.status {
                            200 => drop(granted.fetch_add(1, Ordering::Relaxed)),
                            status => assert_eq!(status, 429),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(granted.into_inner(), 80);
    let stats = server.stats();
    assert_eq!((&stats["byStatus"]["200"], &stats["tooManyRequests"]), (&json!(80), &json!(240)));
}

#[test]
fn whoever_waits_as_long_as_told_is_served() {
    let server = limited("close=5/s,genesys=5/s");
    let since = Instant::now();
    let (mut granted, mut refused) = (0, 0);
    while refused < 2 {
        let reply = server.get("/me/?_fields=id");
        let (limit, _, reset) = rate_limit(&reply);
        assert!(limit == 5 && reset > 0.0 && reset <= 1.0);
        match reply.status {
            200 => granted += 1,
            429 => {
                refused += 1;
                std::thread::sleep(Duration::from_secs_f64(reset));
                assert_eq!(server.get("/me/?_fields=id").status, 200);
                granted += 1;
            }
            status => panic!("{status}"),
        }
    }
    // A window begins when the one before is over, so no more of them fit in than this.
    let windows = since.elapsed().as_secs() + 1;
    assert!(granted <= 5 * windows, "{granted} in {windows} windows");
    loop {
        let reply = server.genesys("GET", "/tokens/me", None);
        if reply.status == 429 {
            assert_eq!(reply.header("retry-after"), Some("1"));
            std::thread::sleep(Duration::from_secs(1));
            assert_eq!(server.genesys("GET", "/tokens/me", None).status, 200);
            break;
        }
    }
}

// Counts -----------------------------------------------------------------------------------------

#[test]
fn the_counts_are_of_what_the_vendors_were_asked() {
    let server = Server::new();
    server.get("/me/");
    server.get("/nothing/");
    server.genesys("GET", "/groups", None);
    server.send("OPTIONS", "/api/v1/me/", &[], None).unwrap();
    server.send("GET", "/_sandbox/health", &[], None).unwrap();
    server.send("GET", "/index.html", &[], None).unwrap();
    server.faults(json!([{ "times": 1, "status": 429 }, { "times": 1, "reset": "after" }]));
    server.get("/me/");
    assert!(server.send("GET", "/api/v1/me/", &[("authorization", ADMIN)], None).is_err());
    server.renewed(ADMIN);
    let mut stats = server.stats();
    let since = stats.as_object_mut().unwrap().remove("since").unwrap();
    assert_eq!(
        stats,
        json!({
            "requests": 5, "byVendor": { "close": 4, "genesys": 1 },
            "byStatus": { "200": 2, "404": 1, "429": 1 },
            "tooManyRequests": 1, "mostAtOnce": 1, "refreshes": 1, "faults": 2, "aborted": 0,
        })
    );
    let zeroed = |stats: Value| {
        assert!(stats["since"].as_str() > since.as_str(), "{stats}");
        assert_eq!((&stats["requests"], &stats["byStatus"]), (&json!(0), &json!({})));
        for count in ["tooManyRequests", "mostAtOnce", "refreshes", "faults", "aborted"] {
            assert_eq!(stats[count], 0, "{count}");
        }
    };
    server.faults(json!([{ "status": 418 }]));
    assert_eq!(server.send("POST", "/_sandbox/stats", &[], None).unwrap().status, 204);
    zeroed(server.stats());
    assert_eq!(server.get("/me/").status, 418, "the rules stay");
    assert_eq!(server.log().len(), 6, "and so does the log");
    server.reset();
    zeroed(server.stats());
}

#[test]
fn those_under_way_together_are_counted_and_those_who_hang_up() {
    use std::io::Write;
    let server = Server::new();
    server.faults(json!([{ "delayMs": 60_000 }]));
    let wait_for = |name: &str| {
        let deadline = Instant::now() + Duration::from_secs(10);
        while server.stats()[name] != 6 {
            assert!(Instant::now() < deadline, "{}", server.stats());
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let clients: Vec<TcpStream> = (0..6)
        .map(|_| {
            let mut client = TcpStream::connect(("127.0.0.1", server.running.port())).unwrap();
            client.write_all(b"GET /api/v1/me/ HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
            client
        })
        .collect();
    wait_for("requests");
    assert_eq!((&server.stats()["mostAtOnce"], &server.stats()["aborted"]), (&json!(6), &json!(0)));
    drop(clients);
    wait_for("aborted");
    server.faults(json!([]));
    for _ in 0..10 {
        server.get("/me/?_fields=id");
    }
    let stats = server.stats();
    assert_eq!((&stats["mostAtOnce"], &stats["byStatus"]), (&json!(6), &json!({ "200": 10 })));
    server.send("POST", "/_sandbox/stats", &[], None).unwrap();
    server.get("/me/");
    assert_eq!(server.stats()["mostAtOnce"], 1);
}
