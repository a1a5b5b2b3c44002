//! What only a browser shows: the JavaScript API over the browser's own fetch, against a running sandbox.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "lists of arguments look alike")]

#[path = "web/criteria.rs"]
mod criteria;
#[path = "web/folding.rs"]
mod folding;
#[path = "web/genesys.rs"]
mod genesys;

use std::cell::RefCell;
use std::collections::BTreeSet;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use orgdeck::close::ENDPOINTS;
use orgdeck::js::Core;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/src/js/close.js")]
extern "C" {
    type CloseApi;
    #[wasm_bindgen(constructor, catch)]
    fn new(make_core: &JsValue, options: &JsValue) -> Result<CloseApi, JsValue>;
}

#[wasm_bindgen(module = "/src/js/genesys.js")]
extern "C" {
    type GenesysApi;
    #[wasm_bindgen(constructor, catch)]
    fn new(make_core: &JsValue, options: &JsValue) -> Result<GenesysApi, JsValue>;
}

#[wasm_bindgen(inline_js = r#"
    export const get = async (url) => (await fetch(url)).text();
    export const post = async (url, body) => { await fetch(url, { method: "POST", body }); };
    export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    export const wrap = (calls) => (url, init) => { calls.push(url); return fetch(url, init); };
    export const forAwait = async (pages, take) => {
        const items = [];
        for await (const item of pages) { items.push(item); if (items.length === take) break; }
        return items;
    };
"#)]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn get(url: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn post(url: &str, body: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn sleep(ms: u32) -> Result<JsValue, JsValue>;
    fn wrap(calls: &Array) -> Function;
    #[wasm_bindgen(js_name = forAwait, catch)]
    async fn for_await(pages: &JsValue, take: u32) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    type AbortController;
    #[wasm_bindgen(constructor)]
    fn new() -> AbortController;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController, reason: &JsValue);
}

thread_local! {
    /// The operations that the tests have called, behind their vendor's name.
    static CALLED: RefCell<BTreeSet<String>> = RefCell::default();
}

/// The sandbox's address: the test runner serves it.
async fn sandbox() -> String {
    get("/sandbox.txt").await.unwrap().as_string().unwrap().trim().to_owned()
}

async fn reset() -> String {
    let sandbox = sandbox().await;
    post(&format!("{sandbox}/_sandbox/reset"), "").await.unwrap();
    sandbox
}

/// Makes the sandbox answer the next fitting request in this way.
async fn answer(sandbox: &str, answer: &str) {
    post(&format!("{sandbox}/_sandbox/answer"), answer).await.unwrap();
}

async fn last_request(sandbox: &str) -> JsValue {
    let log = get(&format!("{sandbox}/_sandbox/requests?limit=1")).await.unwrap();
    let requests = of(&json(&log.as_string().unwrap()), "requests");
    Some(Array::from(&requests).get(0)).filter(JsValue::is_object).unwrap_or_else(|| Object::new().into())
}

fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap()
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn of(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn word(value: &JsValue, name: &str) -> String {
    of(value, name).as_string().unwrap_or_default()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

/// What makes the WebAssembly's client, as the package's own code does.
fn make_core() -> JsValue {
    type Make = dyn Fn(String, Array) -> Result<JsValue, JsValue>;
    let make = Closure::<Make>::new(|options: String, functions: Array| {
        Core::new(&options, &functions).map(JsValue::from)
    });
    make.into_js_value()
}

/// A client of Close with these options; base URL and token are added.
fn client(sandbox: &str, options: JsValue) -> JsValue {
    set(&options, "baseUrl", &format!("{sandbox}/api/v1").into());
    if of(&options, "auth").is_undefined() {
        set(&options, "auth", &json(r#"{"accessToken":"sandbox-close-token"}"#));
    }
    CloseApi::new(&make_core(), &options).unwrap().into()
}

async fn admin() -> (String, JsValue) {
    let sandbox = reset().await;
    let close = client(&sandbox, Object::new().into());
    (sandbox, close)
}

/// Calls `noun.method`, and remembers that it did.
fn invoke(client: &JsValue, operation: &str, arguments: &[JsValue]) -> JsValue {
    let vendor = if of(client, "users").is_undefined() { "genesys" } else { "close" };
    CALLED.with_borrow_mut(|called| called.insert(format!("{vendor} {operation}")));
    let (nouns, method) = operation.rsplit_once('.').unwrap_or(("", operation));
    let noun =
        nouns.split('.').filter(|noun| !noun.is_empty()).fold(client.clone(), |noun, name| of(&noun, name));
    let method: Function = of(&noun, method).unchecked_into();
    method.apply(&noun, &arguments.iter().collect()).expect("nothing throws synchronously")
}

/// The operations of a vendor that were called.
fn called(vendor: &str) -> BTreeSet<String> {
    let of_vendor = |name: &String| name.strip_prefix(vendor).map(|name| name.trim().to_owned());
    CALLED.with_borrow(|called| called.iter().filter_map(of_vendor).collect())
}

async fn call(close: &JsValue, operation: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::from(invoke(close, operation, arguments))).await
}

fn method(object: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    let method: Function = of(object, name).unchecked_into();
    method.apply(object, &arguments.iter().collect()).unwrap()
}

async fn settled(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::from(promise)).await
}

async fn all(pages: &JsValue, options: &str) -> JsValue {
    settled(method(pages, "all", &[json(options)])).await.unwrap()
}

fn length(list: &JsValue) -> u32 {
    Array::from(list).length()
}

#[wasm_bindgen_test]
async fn every_operation_once_for_real() {
    let (_, close) = admin().await;
    let undefined = JsValue::UNDEFINED;

    let me = call(&close, "users.me", &[]).await.unwrap();
    assert_eq!(word(&me, "email"), "ada.lindqvist@example.com");
    let organization = Array::from(&of(&me, "organizations")).get(0);
    let orga = of(&organization, "id");
    let users = of(&all(&invoke(&close, "users.list", &[]), "{}").await, "items");
    assert_eq!(length(&users), 200);
    let user = of(&Array::from(&users).get(5), "id");
    let got = call(&close, "users.get", &[user.clone(), json(r#"{"fields":["id"]}"#)]).await.unwrap();
    assert_eq!(text(&got), format!(r#"{{"id":{}}}"#, text(&user)), "only what was asked for");
    let availability = call(&close, "users.availability", &[]).await.unwrap();
    assert!(length(&availability) > 100 && Array::from(&availability).get(0).is_object());

    let whole = call(&close, "organizations.get", &[orga.clone()]).await.unwrap();
    let memberships = Array::from(&of(&whole, "memberships"));
    assert!(memberships.length() > 100);
    let renamed = call(
        &close,
        "organizations.update",
        &[orga, json(r#"{"name":"Ünïted"}"#), json(r#"{"fields":["name"]}"#)],
    )
    .await;
    assert_eq!(text(&renamed.unwrap()), r#"{"name":"Ünïted"}"#);

    let invited =
        call(&close, "memberships.create", &[json(r#"{"email":"new@example.com","role_id":"user"}"#)])
            .await
            .unwrap();
    let member = of(&invited, "id");
    let patched =
        call(&close, "memberships.update", &[member.clone(), json(r#"{"auto_record_calls":"enabled"}"#)])
            .await;
    assert_eq!(word(&patched.unwrap(), "auto_record_calls"), "enabled");
    let both = Array::of2(&member, &of(&memberships.get(3), "id"));
    let count =
        call(&close, "memberships.updateMany", &[both.into(), json(r#"{"track_email_opens":false}"#)]).await;
    assert_eq!(text(&count.unwrap()), r#"{"count":2}"#);
    let mine = of(&Array::from(&of(&me, "memberships")).get(0), "id");
    let pinned = Array::from(&call(&close, "memberships.pinnedViews", &[mine.clone()]).await.unwrap());
    assert!(pinned.length() > 1);
    pinned.reverse();
    let turned = call(&close, "memberships.setPinnedViews", &[mine, pinned.clone().into()]).await.unwrap();
    assert_eq!(text(&turned), text(&pinned));
    assert!(call(&close, "memberships.deactivate", &[member]).await.unwrap().is_undefined());

    assert!(length(&of(&all(&invoke(&close, "roles.list", &[]), "{}").await, "items")) >= 9);
    let role = call(&close, "roles.create", &[json(r#"{"name":"Tester","permissions":["calling"]}"#)])
        .await
        .unwrap();
    let role = of(&role, "id");
    let changed =
        call(&close, "roles.update", &[role.clone(), json(r#"{"permissions":["calling","export"]}"#)]).await;
    assert_eq!(length(&of(&changed.unwrap(), "permissions")), 2);
    let built_in = call(&close, "roles.get", &["admin".into()]).await.unwrap();
    assert_eq!(word(&built_in, "date_created"), "0001-01-01T00:00:00", "passes through unharmed");
    assert!(call(&close, "roles.delete", &[role]).await.unwrap().is_undefined());

    let groups = of(&all(&invoke(&close, "groups.list", &[]), "{}").await, "items");
    assert_eq!(length(&groups), 12);
    let group = call(&close, "groups.create", &[json(r#"{"name":"Night shift"}"#)]).await.unwrap();
    assert_eq!(text(&of(&group, "members")), "[]");
    let group = of(&group, "id");
    let added = call(&close, "groups.addMember", &[group.clone(), user.clone()]).await.unwrap();
    assert_eq!(text(&of(&added, "user_id")), text(&user));
    let with_member = call(&close, "groups.get", &[group.clone(), undefined.clone()]).await.unwrap();
    assert_eq!(length(&of(&with_member, "members")), 1);
    assert!(call(&close, "groups.removeMember", &[group.clone(), user]).await.unwrap().is_undefined());
    let renamed =
        call(&close, "groups.update", &[group.clone(), json(r#"{"name":"Day shift"}"#)]).await.unwrap();
    assert_eq!((word(&renamed, "name"), length(&of(&renamed, "members"))), ("Day shift".to_owned(), 0));
    assert!(call(&close, "groups.delete", &[group.clone()]).await.unwrap().is_undefined());
    let gone = call(&close, "groups.get", &[group]).await.unwrap_err();
    assert_eq!(word(&gone, "name"), "NotFoundError");

    let all: BTreeSet<String> = ENDPOINTS.iter().map(|endpoint| endpoint.name.to_owned()).collect();
    assert_eq!(called("close"), all, "each of the 24 was called");
}

#[wasm_bindgen_test]
async fn any_other_endpoint_can_be_called_and_listed() {
    let (sandbox, close) = admin().await;
    let request = json(r#"{"method":"GET","path":"/me","query":{"fields":["email"]}}"#);
    let me = settled(method(&close, "request", &[request])).await.unwrap();
    assert_eq!(text(&me), r#"{"email":"ada.lindqvist@example.com"}"#);
    let list = method(&close, "list", &["/user/".into(), json(r#"{"limit":70,"fields":["id"]}"#)]);
    let items = of(&all(&list, "{}").await, "items");
    assert_eq!(length(&items), 200);
    // The same list by their ids, whose URL is longer than servers take.
    let ids: Vec<String> = Array::from(&items).iter().map(|item| text(&of(&item, "id"))).take(60).collect();
    let query = format!(r#"{{"where":{{"id":{{"in":[{}]}}}},"fields":["id"]}}"#, ids.join(","));
    let some = of(&all(&method(&close, "list", &["/user/".into(), json(&query)]), "{}").await, "items");
    assert_eq!(length(&some), 60);
    let logged = last_request(&sandbox).await;
    assert_eq!(word(&logged, "method"), "POST");
    assert_eq!(word(&of(&logged, "headers"), "x-http-method-override"), "GET");
}

#[wasm_bindgen_test]
async fn a_loop_over_a_list_can_be_left() {
    let (sandbox, close) = admin().await;
    let pages = invoke(&close, "users.list", &[json(r#"{"limit":50}"#)]);
    assert_eq!(length(&for_await(&pages, 0).await.unwrap()), 200);
    assert_eq!(length(&for_await(&pages, 60).await.unwrap()), 60);
    assert!(word(&last_request(&sandbox).await, "path").contains("_skip=50"), "no page was fetched ahead");
    let first = settled(method(&pages, "first", &[])).await.unwrap();
    assert_eq!((length(&of(&first, "items")), of(&first, "hasMore").as_bool()), (50, Some(true)));
    let rest = method(&pages, "resumeFrom", &[of(&first, "cursor")]);
    assert_eq!(length(&for_await(&rest, 0).await.unwrap()), 150);
}

#[wasm_bindgen_test]
async fn leaving_an_iteration_ends_the_request_in_flight() {
    let (sandbox, close) = admin().await;
    answer(&sandbox, r#"{"match":{"path":"/api/v1/user/"},"delay_ms":20000,"body":"{}"}"#).await;
    let pages = invoke(&close, "users.list", &[]);
    let iterator = method(&pages, "pages", &[]);
    let next = method(&iterator, "next", &[]);
    while word(&last_request(&sandbox).await, "path") != "/api/v1/user/" {
        sleep(5).await.unwrap();
    }
    settled(method(&iterator, "return", &[])).await.unwrap();
    assert_eq!(of(&settled(next).await.unwrap(), "done").as_bool(), Some(true));
    while of(&last_request(&sandbox).await, "aborted").as_bool() != Some(true) {
        sleep(5).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_signal_s_own_reason() {
    let (sandbox, close) = admin().await;
    let reasons = [
        JsValue::UNDEFINED,
        "user left".into(),
        js_sys::Error::new("gone").into(),
        Object::new().into(),
        JsValue::NULL,
    ];
    for reason in reasons {
        answer(&sandbox, r#"{"match":{"path":"/api/v1/me/"},"delay_ms":20000,"body":"{}"}"#).await;
        let controller = AbortController::new();
        let options = Object::new();
        set(&options, "signal", &controller.signal());
        let under_way = invoke(&close, "users.me", &[JsValue::UNDEFINED, options.clone().into()]);
        while word(&last_request(&sandbox).await, "path") != "/api/v1/me/" {
            sleep(5).await.unwrap();
        }
        let before = js_sys::Date::now();
        controller.abort(&reason);
        let rejected = settled(under_way).await.unwrap_err();
        assert!(js_sys::Date::now() - before < 200.0);
        assert!(Object::is(&rejected, &of(&controller.signal(), "reason")), "{rejected:?}");
        // Aborted before: nothing is sent.
        let before = text(&of(&last_request(&sandbox).await, "id"));
        let rejected = call(&close, "roles.get", &["admin".into(), JsValue::UNDEFINED, options.into()])
            .await
            .unwrap_err();
        assert!(Object::is(&rejected, &of(&controller.signal(), "reason")));
        assert_eq!(text(&of(&last_request(&sandbox).await, "id")), before);
    }
}

#[wasm_bindgen_test]
async fn a_time_out_is_an_error_of_its_own() {
    let (sandbox, close) = admin().await;
    answer(&sandbox, r#"{"match":{"path":"/api/v1/me/"},"delay_ms":20000,"body":"{}"}"#).await;
    let error = call(&close, "users.me", &[JsValue::UNDEFINED, json(r#"{"timeoutMs":50,"maxRetries":0}"#)])
        .await
        .unwrap_err();
    assert_eq!((word(&error, "name"), word(&error, "sent")), ("TimeoutError".to_owned(), "maybe".to_owned()));
}

#[wasm_bindgen_test]
async fn each_failure_is_an_error_of_its_class() {
    let (sandbox, close) = admin().await;
    for (canned, class, status) in [
        (
            r#""status":400,"body":"{\"errors\":[],\"field-errors\":{\"name\":\"bad\"}}""#,
            "ValidationError",
            400,
        ),
        (r#""status":401,"body":"{\"error\":\"Unauthorized\"}""#, "AuthenticationError", 401),
        (r#""status":402,"body":"{}""#, "PlanLimitError", 402),
        (r#""status":403,"body":"{\"error\":\"no\"}""#, "PermissionError", 403),
        (r#""status":404,"body":"""#, "NotFoundError", 404),
        (r#""status":409,"body":"{}""#, "ConflictError", 409),
        (
            r#""status":429,"headers":{"RateLimit":"limit=1, remaining=0, reset=0.85"},"body":"{}""#,
            "RateLimitError",
            429,
        ),
        (r#""status":502,"body":"<html>""#, "ServerError", 502),
        (r#""status":200,"body":"""#, "DecodeError", 200),
        (r#""status":200,"body":"<html>""#, "DecodeError", 200),
        (r#""status":200,"body":"{\"id\":1}""#, "DecodeError", 200),
        (r#""status":200,"body":"{\"id\":\"a\"","truncate":true"#, "NetworkError", 200),
        // A browser asks again by itself when a connection that it used before is gone.
        (r#""drop":true,"times":9"#, "NetworkError", 0),
    ] {
        answer(&sandbox, &format!(r#"{{"match":{{"path":"/api/v1/me/"}},{canned}}}"#)).await;
        let once = [JsValue::UNDEFINED, json(r#"{"maxRetries":0}"#)];
        let error = call(&close, "users.me", &once).await.unwrap_err();
        assert_eq!(word(&error, "name"), class, "{canned}: {}", word(&error, "message"));
        assert!(error.is_instance_of::<js_sys::Error>() && !word(&error, "stack").is_empty());
        assert_eq!(of(&error, "status").as_f64().unwrap_or(0.0), f64::from(status), "{canned}");
        assert!(!text(&error).contains("sandbox-close-token"));
        match class {
            "ValidationError" => assert_eq!(text(&of(&error, "fields")), r#"{"name":"bad"}"#),
            "RateLimitError" => assert_eq!(of(&error, "retryAfterMs").as_f64(), Some(850.0)),
            "NetworkError" => assert!(of(&error, "cause").is_instance_of::<js_sys::Error>()),
            _ => {}
        }
    }
    let config = call(&close, "users.get", &["".into()]).await.unwrap_err();
    assert_eq!((word(&config, "name"), word(&config, "sent")), ("ConfigError".to_owned(), "no".to_owned()));
}

#[wasm_bindgen_test]
async fn what_a_person_may_not_do_is_a_permission_error() {
    let sandbox = reset().await;
    let options = json(r#"{"auth":{"accessToken":"sandbox-close-user-token"}}"#);
    let close = client(&sandbox, options);
    let error = call(&close, "groups.create", &[json(r#"{"name":"x"}"#)]).await.unwrap_err();
    assert_eq!(word(&error, "name"), "PermissionError");
}

#[wasm_bindgen_test]
async fn a_key_goes_by_basic_authentication() {
    let sandbox = reset().await;
    let close = client(&sandbox, json(r#"{"auth":{"apiKey":"api_sandbox"}}"#));
    assert!(call(&close, "users.me", &[]).await.is_ok());
    let logged = last_request(&sandbox).await;
    assert_eq!(word(&of(&logged, "headers"), "authorization"), "Basic ***");
}

#[wasm_bindgen_test]
async fn a_token_is_asked_for_before_each_request() {
    let sandbox = reset().await;
    let (options, asked) = (Object::new(), Array::new());
    let auth = Object::new();
    let token = Function::new_with_args("", "this.push(1); return Promise.resolve('sandbox-close-token')")
        .bind0(&asked);
    set(&auth, "accessToken", &token);
    set(&options, "auth", &auth);
    let close = client(&sandbox, options.into());
    call(&close, "users.me", &[]).await.unwrap();
    call(&close, "users.me", &[]).await.unwrap();
    assert_eq!(asked.length(), 2);
}

#[wasm_bindgen_test]
async fn a_fetch_of_the_page_s_own_is_called_with_url_and_init() {
    let sandbox = reset().await;
    let (options, calls) = (Object::new(), Array::new());
    set(&options, "fetch", &wrap(&calls));
    let close = client(&sandbox, options.into());
    call(&close, "users.me", &[]).await.unwrap();
    assert_eq!(calls.get(0).as_string().unwrap(), format!("{sandbox}/api/v1/me/"));
}

#[wasm_bindgen_test]
async fn two_calls_at_once_do_not_get_in_each_other_s_way() {
    let (_, close) = admin().await;
    let promises: Array = (0..20).map(|_| invoke(&close, "users.me", &[])).collect();
    let results = JsFuture::from(Promise::all(&promises)).await.unwrap();
    assert_eq!(length(&results), 20);
}

#[wasm_bindgen_test]
async fn a_freed_client_lets_calls_under_way_end() {
    let (_, close) = admin().await;
    let under_way = invoke(&close, "users.me", &[]);
    method(&close, "free", &[]);
    method(&close, "free", &[]);
    assert!(settled(under_way).await.is_ok());
    let error = call(&close, "users.me", &[]).await.unwrap_err();
    assert_eq!(word(&error, "name"), "ConfigError");
    assert!(word(&error, "message").contains("freed"));
}
