//! The sign-in over HTTP, as an application in a page goes through it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Reply, Server, text};
use orgdeck_sandbox::Config;
use serde_json::{Value, json};

// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://127.0.0.1:5173/signed-in?from=login";

const FORM: &str = "application/x-www-form-urlencoded";

type Parameters<'a> = Vec<(&'a str, &'a str)>;

fn encoded(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

fn wish() -> Parameters<'static> {
    vec![
        ("client_id", "orgdeck-console"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "a state & more"),
        ("scope", "groups"),
        ("org", "acme"),
        ("provider", "okta"),
        ("login_hint", "ada@example.com"),
        ("prompt", "login"),
    ]
}

/// A wish with one parameter changed, or left out.
fn wish_with<'a>(name: &str, value: Option<&'a str>) -> Parameters<'a> {
    let mut parameters: Parameters = wish();
    match value {
        None => parameters.retain(|(key, _)| *key != name),
        Some(value) => {
            parameters.iter_mut().filter(|(key, _)| *key == name).for_each(|(_, old)| *old = value)
        }
    }
    parameters
}

fn ask(server: &Server, parameters: &[(&str, &str)]) -> Reply {
    server.send("GET", &format!("/oauth/authorize?{}", encoded(parameters)), &[], None).unwrap()
}

fn post(server: &Server, path: &str, parameters: &[(&str, &str)]) -> Reply {
    server.send("POST", path, &[("content-type", FORM)], Some(&encoded(parameters))).unwrap()
}

fn decide(server: &Server, wish: Parameters, person: &str, decision: &str) -> Reply {
    let parameters: Parameters =
        wish.into_iter().chain([("person", person), ("decision", decision)]).collect();
    post(server, "/oauth/authorize", &parameters)
}

/// The parameters that an answer sends people back with, and where to.
fn sent_back(reply: &Reply) -> (String, Value) {
    assert!([302, 303].contains(&reply.status), "{} {}", reply.status, reply.text);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let location = reply.header("location").unwrap();
    let (address, query) = location.split_at(location.rfind("from=login").unwrap() + 10);
    let pairs = form_urlencoded::parse(query.trim_start_matches('&').as_bytes());
    (address.to_owned(), pairs.map(|(name, value)| (name.into_owned(), json!(value))).collect())
}

fn code(server: &Server) -> String {
    text(&sent_back(&decide(server, wish(), "admin", "allow")).1["code"])
}

fn proof(code: &str) -> Parameters<'_> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", VERIFIER),
        ("client_id", "orgdeck-console"),
        ("redirect_uri", BACK),
    ]
}

fn tokens(server: &Server) -> Value {
    post(server, "/oauth/token", &proof(&code(server))).expect(200)
}

fn refresh(server: &Server, token: &Value) -> Reply {
    let parameters =
        [("grant_type", "refresh_token"), ("refresh_token", &text(token)), ("client_id", "orgdeck-console")];
    post(server, "/oauth/token", &parameters)
}

fn revoke(server: &Server, token: &str) -> Reply {
    post(server, "/oauth/revoke", &[("token", token), ("client_id", "orgdeck-console")])
}

/// What the API says to a token.
fn status_of(server: &Server, token: &Value) -> u16 {
    let bearer = format!("Bearer {}", text(token));
    server.send("GET", "/api/v2/tokens/me", &[("authorization", &bearer)], None).unwrap().status
}

// The page ---------------------------------------------------------------------------------------

#[test]
fn the_page_says_who_asks_and_lets_nothing_in() {
    let server = Server::new();
    let page = ask(&server, &wish());
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for part in ["Orgdeck console", "Ada Lindqvist", "Tomás Núñez", "Allow", "Deny", "<h1>", "lang=\"en\""]
    {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    assert!(!page.text.contains("<script"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("form-action 'self' http://127.0.0.1:5173;"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let ipv6 = ask(&server, &wish_with("redirect_uri", Some("http://[::1]:3000/")));
    assert!(ipv6.header("content-security-policy").unwrap().contains("form-action 'self' http:;"));
}

#[test]
fn what_an_application_says_cannot_become_part_of_the_page() {
    let server = Server::new();
    let evil = "\"><script>alert(1)</script>&amp;";
    let page = ask(&server, &wish_with("state", Some(evil)));
    assert_eq!(page.status, 200);
    assert!(page.text.contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"), "{}", page.text);
    let refusal = ask(&server, &wish_with("client_id", Some(evil)));
    assert_eq!(refusal.status, 400);
    assert!(!refusal.text.contains("<script"));
}

#[test]
fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let server = Server::new();
    let mut twice = wish();
    twice.push(("redirect_uri", "http://127.0.0.1/other"));
    for (parameters, why) in [
        (wish_with("client_id", None), "client_id is missing"),
        (wish_with("client_id", Some("")), "client_id is missing"),
        (wish_with("client_id", Some("someone")), "no client someone"),
        (wish_with("redirect_uri", None), "redirect_uri is missing"),
        (wish_with("redirect_uri", Some("https://example.com/")), "https://example.com/ is not registered"),
        (wish_with("redirect_uri", Some("http://127.0.0.1/#x")), "not registered"),
        (wish_with("redirect_uri", Some("javascript:alert(1)")), "not registered"),
        (twice, "redirect_uri is given more than once"),
    ] {
        for reply in [ask(&server, &parameters), decide(&server, parameters, "admin", "allow")] {
            assert_eq!(reply.status, 400, "{why}");
            assert_eq!(reply.header("location"), None);
            assert!(reply.text.contains(why), "{why} in {}", reply.text);
            assert!(reply.header("content-security-policy").unwrap().contains("default-src 'none'"));
        }
    }
}

#[test]
fn other_mistakes_are_told_to_the_application() {
    let server = Server::new();
    let mut twice = wish();
    twice.push(("scope", "users"));
    let short = CHALLENGE.trim_start_matches('E');
    for (parameters, error, why) in [
        (wish_with("response_type", None), "invalid_request", "response_type"),
        (wish_with("response_type", Some("token")), "unsupported_response_type", "response_type"),
        (wish_with("code_challenge", None), "invalid_request", "code_challenge"),
        (wish_with("code_challenge", Some(short)), "invalid_request", "code_challenge"),
        (wish_with("code_challenge_method", None), "invalid_request", "S256"),
        (wish_with("code_challenge_method", Some("plain")), "invalid_request", "S256"),
        (twice, "invalid_request", "scope"),
    ] {
        for reply in [ask(&server, &parameters), decide(&server, parameters, "admin", "allow")] {
            let (address, sent) = sent_back(&reply);
            assert_eq!(address, BACK);
            assert_eq!(sent["error"], error, "{sent}");
            assert!(text(&sent["error_description"]).contains(why), "{sent}");
            assert_eq!(sent["state"], "a state & more");
        }
    }
    let (_, sent) = sent_back(&decide(&server, wish(), "nobody", "allow"));
    assert_eq!(sent["error"], "invalid_request");
}

#[test]
fn no_is_an_answer() {
    let server = Server::new();
    for decision in ["deny", "", "ALLOW"] {
        let (address, sent) = sent_back(&decide(&server, wish(), "admin", decision));
        assert_eq!(address, BACK);
        assert_eq!(sent["error"], "access_denied");
        assert_eq!(sent["state"], "a state & more");
        assert_eq!(sent["code"], Value::Null);
    }
}

#[test]
fn yes_sends_a_code_and_the_state_back() {
    let server = Server::new();
    let (address, sent) = sent_back(&decide(&server, wish(), "user", "allow"));
    assert_eq!(address, BACK);
    assert_eq!(sent["state"], "a state & more");
    assert_eq!(text(&sent["code"]).len(), 43);
    let (_, stateless) = sent_back(&decide(&server, wish_with("state", None), "user", "allow"));
    assert_eq!(common::keys(&stateless), ["code"]);
    assert_ne!(stateless["code"], sent["code"]);
}

// Tokens -----------------------------------------------------------------------------------------

#[test]
fn a_code_gives_tokens_that_the_api_takes() {
    let server = Server::new();
    let reply = post(&server, "/oauth/token", &proof(&code(&server)));
    let tokens = reply.expect(200);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(common::keys(&tokens), ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 86_400);
    assert_eq!(status_of(&server, &tokens["access_token"]), 200);
    assert_eq!(status_of(&server, &tokens["refresh_token"]), 401);
}

#[test]
fn what_is_wrong_with_a_request_for_tokens_is_named() {
    let server = Server::new();
    let code = code(&server);
    let with = |name: &str, value: &'static str| -> Parameters {
        proof(&code).into_iter().map(|(key, old)| (key, if key == name { value } else { old })).collect()
    };
    let mut twice = proof(&code);
    twice.push(("code", "x"));
    for (parameters, status, error, why) in [
        (vec![], 400, "invalid_request", "grant_type is missing"),
        (with("grant_type", "password"), 400, "unsupported_grant_type", "password"),
        (with("code", ""), 400, "invalid_request", "code is missing"),
        (with("code_verifier", ""), 400, "invalid_request", "code_verifier is missing"),
        (with("redirect_uri", ""), 400, "invalid_request", "redirect_uri is missing"),
        (with("client_id", ""), 400, "invalid_request", "client_id is missing"),
        (twice, 400, "invalid_request", "code is given more than once"),
        (with("client_id", "someone"), 401, "invalid_client", "no client someone"),
        (with("code", "x"), 400, "invalid_grant", "no such code"),
        (with("client_id", "orgdeck-short-lived"), 400, "invalid_grant", "another client"),
        (with("redirect_uri", "http://127.0.0.1:5173/"), 400, "invalid_grant", "redirect_uri"),
        (with("code_verifier", CHALLENGE), 400, "invalid_grant", "code_verifier"),
        (vec![("grant_type", "refresh_token")], 400, "invalid_request", "refresh_token is missing"),
        (
            vec![("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", "orgdeck-console")],
            400,
            "invalid_grant",
            "no such refresh token",
        ),
    ] {
        let reply = post(&server, "/oauth/token", &parameters);
        let body = reply.expect(status);
        assert_eq!(body["error"], error, "{body}");
        assert!(text(&body["error_description"]).contains(why), "{why} in {body}");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    let json = json!({ "grant_type": "authorization_code" }).to_string();
    let reply = server.send("POST", "/oauth/token", &[("content-type", "application/json")], Some(&json));
    assert_eq!(reply.unwrap().expect(400)["error"], "invalid_request");
    assert_eq!(server.send("GET", "/oauth/token", &[], None).unwrap().status, 405);
    // None of it has used the code up.
    post(&server, "/oauth/token", &proof(&code)).expect(200);
}

#[test]
fn a_code_is_good_for_one_use() {
    let server = Server::new();
    let code = code(&server);
    let tokens = post(&server, "/oauth/token", &proof(&code)).expect(200);
    assert_eq!(post(&server, "/oauth/token", &proof(&code)).expect(400)["error"], "invalid_grant");
    assert_eq!(status_of(&server, &tokens["access_token"]), 401);
    assert_eq!(refresh(&server, &tokens["refresh_token"]).expect(400)["error"], "invalid_grant");
}

#[test]
fn refresh_tokens_change_with_each_use() {
    let server = Server::new();
    let first = tokens(&server);
    let second = refresh(&server, &first["refresh_token"]).expect(200);
    assert_ne!(first["access_token"], second["access_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(status_of(&server, &first["access_token"]), 200);
    assert_eq!(status_of(&server, &second["access_token"]), 200);
    assert_eq!(refresh(&server, &first["refresh_token"]).expect(400)["error"], "invalid_grant");
    assert_eq!(status_of(&server, &second["access_token"]), 401);
    assert_eq!(refresh(&server, &second["refresh_token"]).expect(400)["error"], "invalid_grant");
}

#[test]
fn tokens_live_as_long_as_the_application_or_the_flag_says() {
    let short = |server: &Server| {
        let asked = wish_with("client_id", Some("orgdeck-short-lived"));
        let code = text(&sent_back(&decide(server, asked, "admin", "allow")).1["code"]);
        let mut proof = proof(&code);
        proof[3].1 = "orgdeck-short-lived";
        post(server, "/oauth/token", &proof).expect(200)
    };
    assert_eq!(short(&Server::new())["expires_in"], 3);
    let server = Server::with(Config { people: 60, oauth_token_seconds: Some(1), ..Config::default() });
    assert_eq!(short(&server)["expires_in"], 1);
    let tokens = tokens(&server);
    assert_eq!(tokens["expires_in"], 1);
    std::thread::sleep(std::time::Duration::from_millis(1_050));
    assert_eq!(status_of(&server, &tokens["access_token"]), 401);
    let fresh = refresh(&server, &tokens["refresh_token"]).expect(200);
    assert_eq!(status_of(&server, &fresh["access_token"]), 200);
}

#[test]
fn tokens_can_be_given_back() {
    let server = Server::new();
    let first = tokens(&server);
    assert_eq!(revoke(&server, "unknown").status, 200);
    assert_eq!(revoke(&server, &text(&first["access_token"])).status, 200);
    assert_eq!(status_of(&server, &first["access_token"]), 401);
    let second = refresh(&server, &first["refresh_token"]).expect(200);
    assert_eq!(revoke(&server, &text(&second["refresh_token"])).status, 200);
    assert_eq!(status_of(&server, &second["access_token"]), 401);
    assert_eq!(refresh(&server, &second["refresh_token"]).expect(400)["error"], "invalid_grant");

    let missing = post(&server, "/oauth/revoke", &[("client_id", "orgdeck-console")]);
    assert_eq!(missing.expect(400)["error"], "invalid_request");
    let stranger = post(&server, "/oauth/revoke", &[("token", "x"), ("client_id", "someone")]);
    assert_eq!(stranger.expect(401)["error"], "invalid_client");
}

#[test]
fn a_reset_signs_everybody_out() {
    let server = Server::new();
    let tokens = tokens(&server);
    server.reset();
    assert_eq!(status_of(&server, &tokens["access_token"]), 401);
    assert_eq!(refresh(&server, &tokens["refresh_token"]).status, 400);
}

#[test]
fn signing_out_leads_back() {
    let server = Server::new();
    let log_out = |parameters: &[(&str, &str)]| {
        server.send("GET", &format!("/logout?{}", encoded(parameters)), &[], None).unwrap()
    };
    let reply = log_out(&[("client_id", "orgdeck-console"), ("redirect_uri", BACK)]);
    assert_eq!((reply.status, reply.header("location")), (302, Some(BACK)));
    for wrong in [
        vec![("redirect_uri", BACK)],
        vec![("client_id", "orgdeck-console")],
        vec![("client_id", "orgdeck-console"), ("redirect_uri", "https://example.com/")],
    ] {
        let reply = log_out(&wrong);
        assert_eq!((reply.status, reply.header("location")), (400, None));
    }
}

// The log ----------------------------------------------------------------------------------------

#[test]
fn the_log_shows_what_was_asked_and_no_secret() {
    let server = Server::new();
    let code = code(&server);
    let tokens = post(&server, "/oauth/token", &proof(&code)).expect(200);
    status_of(&server, &tokens["access_token"]);
    let fresh = refresh(&server, &tokens["refresh_token"]).expect(200);
    revoke(&server, &text(&fresh["refresh_token"]));
    let json = json!({ "code": code }).to_string();
    server.send("POST", "/oauth/token", &[("content-type", "application/json")], Some(&json)).unwrap();
    server.send("GET", "/logout", &[], None).unwrap();

    let log = server.log();
    let paths: Vec<_> = log.iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "/oauth/authorize",
            "/oauth/token",
            "/api/v2/tokens/me",
            "/oauth/token",
            "/oauth/revoke",
            "/oauth/token",
            "/logout"
        ]
    );
    let body = text(&log[1]["body"]);
    assert!(
        body.starts_with("grant_type=authorization_code&code=***&code_verifier=***&client_id="),
        "{body}"
    );
    assert_eq!(log[3]["body"], "grant_type=refresh_token&refresh_token=***&client_id=orgdeck-console");
    assert_eq!(log[5]["body"], "***");
    let everything = Value::from(log).to_string();
    let secrets = [&tokens, &fresh].map(|tokens| [&tokens["access_token"], &tokens["refresh_token"]]);
    for secret in secrets.iter().flatten().map(|secret| text(secret)).chain([code, VERIFIER.to_owned()]) {
        assert!(!everything.contains(&secret), "{secret} in {everything}");
    }
}

// Faults -----------------------------------------------------------------------------------------

#[test]
fn a_token_that_a_fault_has_ended_is_refreshed() {
    let server = Server::new();
    let first = tokens(&server);
    assert_eq!(server.stats()["refreshes"], 0, "the first tokens are none");
    server.faults(json!([{ "match": { "path": "/api/v2/**" }, "times": 1, "expireToken": true }]));
    for _ in 0..2 {
        assert_eq!(status_of(&server, &first["access_token"]), 401);
    }
    let second = refresh(&server, &first["refresh_token"]).expect(200);
    assert_eq!(status_of(&server, &second["access_token"]), 200);
    refresh(&server, &first["refresh_token"]).expect(400);
    assert_eq!(server.stats()["refreshes"], 1, "what is refused is none");
    server.faults(json!([]));
    // It has not only been forgotten: its family was ended by the second refresh.
    assert_eq!(status_of(&server, &first["access_token"]), 401);
}

#[test]
fn the_sign_in_can_fail_in_its_own_words() {
    let server = Server::new();
    let first = tokens(&server);
    server.faults(json!([
        { "match": { "path": "/oauth/token" }, "times": 1, "status": 503, "retryAfter": 2 },
        { "match": { "path": "/oauth/token" }, "times": 1, "reset": "before" },
        { "match": { "path": "/oauth/**" }, "times": 1, "html": 502 },
    ]));
    let refused = refresh(&server, &first["refresh_token"]);
    assert_eq!(refused.header("retry-after"), Some("2"));
    assert_eq!(refused.expect(503)["error"], "temporarily_unavailable");
    let form = encoded(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", &text(&first["refresh_token"])),
        ("client_id", "orgdeck-console"),
    ]);
    assert!(server.send("POST", "/oauth/token", &[("content-type", FORM)], Some(&form)).is_err());
    assert_eq!(refresh(&server, &first["refresh_token"]).status, 502);
    refresh(&server, &first["refresh_token"]).expect(200);
}
