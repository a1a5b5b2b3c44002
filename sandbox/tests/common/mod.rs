//! What all tests share: a server of their own each, and a client that talks to it over real HTTP.

// Each test file is compiled with its own copy of this one, and none of them uses all of it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{Read, Write};
use std::net::TcpStream;

use orgdeck_sandbox::{Config, Revision, Running, serve};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// The API key, as a browser would send it.
pub const KEY: &str = "Basic YXBpX3NhbmRib3g6";
/// The administrator's token.
pub const ADMIN: &str = "Bearer sandbox-close-token";
/// The token of somebody who may not manage anything.
pub const USER: &str = "Bearer sandbox-close-user-token";

/// The administrator's token for Genesys Cloud.
pub const GENESYS: &str = "Bearer sandbox-genesys-token";
/// The token there of somebody who may not manage anything.
pub const GENESYS_USER: &str = "Bearer sandbox-genesys-user-token";

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {:?}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The answer's JSON, after a look at its status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// What is said to be wrong with a field.
    pub fn field_error(&self, field: &str) -> Value {
        let body = self.expect(400);
        assert_eq!(body["errors"], json!([]), "{body}");
        body["field-errors"][field].clone()
    }

    /// The code of Genesys' error, after a look at all the rest of it.
    pub fn code(&self, status: u16) -> String {
        let body = self.expect(status);
        assert_eq!(body["status"], json!(status), "{body}");
        assert_eq!(body["contextId"].as_str(), self.header("inin-correlation-id"), "{body}");
        assert!(body["message"].is_string() && body["messageWithParams"].is_string(), "{body}");
        assert!(body["messageParams"].is_object() && body["details"].is_array(), "{body}");
        assert_eq!(body["errors"], json!([]));
        text(&body["code"])
    }
}

/// A server that ends with the test.
pub struct Server {
    pub running: Running,
    agent: Agent,
}

impl Server {
    pub fn new() -> Self {
        Self::with(Config { people: 60, ..Config::default() })
    }

    pub fn r1() -> Self {
        Self::with(Config { people: 60, close_revision: Revision::R1, ..Config::default() })
    }

    pub fn with(config: Config) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(std::time::Duration::from_secs(30)))
            .build()
            .new_agent();
        Server { running: serve(config).unwrap(), agent }
    }

    /// One on which Genesys keeps its promises at once.
    pub fn prompt() -> Self {
        Self::with(Config { people: 60, genesys_lag_ms: 0, ..Config::default() })
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url())
    }

    /// Any request; the error is that of the connection.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        Ok(Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().with_config().limit(1 << 30).read_to_string()?,
        })
    }

    /// A request to the API, with JSON where there is a body.
    pub fn api(&self, credential: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let path = format!("/api/v1{path}");
        let body = body.map(|body| body.to_string());
        let headers = [("authorization", credential), ("content-type", "application/json")];
        let headers = if body.is_some() { &headers[..] } else { &headers[..1] };
        self.send(method, &path, headers, body.as_deref()).unwrap()
    }

    pub fn get(&self, path: &str) -> Reply {
        self.api(KEY, "GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.api(KEY, "POST", path, Some(body))
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.api(KEY, "PUT", path, Some(body))
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.api(KEY, "DELETE", path, None)
    }

    /// A request to Genesys' API by its administrator.
    pub fn genesys(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.genesys_as(GENESYS, method, path, body)
    }

    /// A request to Genesys' API. The content type is always there, as the vendor's own client sends it.
    pub fn genesys_as(&self, credential: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let headers = [("authorization", credential), ("content-type", "application/json")];
        let body = body.map(|body| body.to_string());
        self.send(method, &format!("/api/v2{path}"), &headers, body.as_deref()).unwrap()
    }

    /// All entities of one of Genesys' lists, along its links.
    pub fn genesys_all(&self, path: &str) -> Vec<Value> {
        let mut entities = Vec::new();
        let mut next = format!("/api/v2{path}");
        loop {
            let path = next.strip_prefix("/api/v2").expect("a relative link");
            let page = self.genesys("GET", path, None).expect(200);
            entities.extend(page["entities"].as_array().unwrap().iter().cloned());
            match page.get("nextUri") {
                Some(uri) => next = text(uri),
                None => return entities,
            }
        }
    }

    /// The group in Genesys that has this name.
    pub fn genesys_group(&self, name: &str) -> Value {
        let groups = self.genesys_all("/groups?pageSize=500");
        groups.into_iter().find(|group| group["name"] == name).unwrap_or_else(|| panic!("{name}"))
    }

    /// Queues an answer in place of a real one.
    pub fn queue(&self, order: Value) {
        let reply = self.send("POST", "/_sandbox/answer", &[], Some(&order.to_string())).unwrap();
        assert_eq!(reply.status, 204, "{}", reply.text);
    }

    /// Puts these rules of faults in the place of others; the answer has them with their ids.
    pub fn faults(&self, rules: Value) -> Vec<Value> {
        let reply = self.send("POST", "/_sandbox/faults", &[], Some(&rules.to_string())).unwrap();
        reply.expect(200)["rules"].as_array().unwrap().clone()
    }

    /// How many requests each rule has seen, and of how many it hits.
    pub fn fault_counts(&self) -> Vec<(u64, u64)> {
        let reply = self.send("GET", "/_sandbox/faults", &[], None).unwrap().expect(200);
        let count = |rule: &Value, name: &str| rule[name].as_u64().unwrap();
        let rules = reply["rules"].as_array().unwrap();
        rules.iter().map(|rule| (count(rule, "seen"), count(rule, "hits"))).collect()
    }

    pub fn stats(&self) -> Value {
        self.send("GET", "/_sandbox/stats", &[], None).unwrap().expect(200)
    }

    /// Another token of the same user, as `Authorization` has it.
    pub fn renewed(&self, credential: &str) -> String {
        let token = credential.strip_prefix("Bearer ").unwrap();
        let body = json!({ "token": token }).to_string();
        let reply = self.send("POST", "/_sandbox/token", &[], Some(&body)).unwrap();
        format!("Bearer {}", text(&reply.expect(200)["accessToken"]))
    }

    /// What one connection brings, from the status line to its end.
    pub fn raw(&self, request: &str) -> String {
        let mut client = TcpStream::connect(("127.0.0.1", self.running.port())).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        // A cut may come as an end or as a reset; what came before it counts.
        let _ = client.read_to_end(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    pub fn log(&self) -> Vec<Value> {
        let reply = self.send("GET", "/_sandbox/requests", &[], None).unwrap();
        reply.expect(200)["requests"].as_array().unwrap().clone()
    }

    pub fn reset(&self) {
        assert_eq!(self.send("POST", "/_sandbox/reset", &[], None).unwrap().status, 204);
    }

    pub fn organization_id(&self) -> String {
        text(&self.get("/me/").expect(200)["organizations"][0]["id"])
    }

    pub fn organization(&self) -> Value {
        self.get(&format!("/organization/{}/", self.organization_id())).expect(200)
    }

    /// Active memberships, as the organisation shows them.
    pub fn memberships(&self) -> Vec<Value> {
        self.organization()["memberships"].as_array().unwrap().clone()
    }

    /// The membership of whoever has this credential.
    pub fn membership_of(&self, credential: &str) -> Value {
        self.api(credential, "GET", "/me/", None).expect(200)["memberships"][0].clone()
    }

    /// Somebody with the built-in role `user` who is not the caller with that role.
    pub fn some_user(&self) -> Value {
        let caller = self.membership_of(USER)["id"].clone();
        let members = self.memberships();
        members.into_iter().find(|m| m["role_id"] == "user" && m["id"] != caller).unwrap()
    }

    /// All items of a list, page by page.
    pub fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut items = Vec::new();
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{mark}_limit={limit}&_skip={}", items.len())).expect(200);
            let data = page["data"].as_array().unwrap();
            assert!(data.len() <= limit);
            items.extend(data.iter().cloned());
            if page["has_more"] == json!(false) {
                return items;
            }
            assert_eq!(data.len(), limit, "a page that is not the last is full");
        }
    }

    /// The group's id of this name.
    pub fn group(&self, name: &str) -> String {
        let groups = self.all("/group/", 100);
        text(&groups.iter().find(|group| group["name"] == name).unwrap()["id"])
    }

    /// The custom role's id of this name.
    pub fn role(&self, name: &str) -> String {
        let roles = self.all("/role/", 100);
        text(&roles.iter().find(|role| role["name"] == name).unwrap()["id"])
    }
}

/// A JSON string's text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string")).to_owned()
}

/// The names of an object's fields, sorted.
pub fn keys(value: &Value) -> Vec<String> {
    let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}
