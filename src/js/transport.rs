use std::rc::Rc;

use gloo_net::http::RequestBuilder;
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

use super::error;
use crate::client::{LocalFuture, Lost, Outgoing, Transport};
use crate::http::{Headers, Method, Response};

/// Ends a request when it is dropped before its answer was read.
struct Abort(Option<AbortController>);

impl Abort {
    fn new() -> Self {
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<web_sys::AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }

    fn done(mut self) {
        self.0 = None;
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// The browser's own `fetch`, through gloo-net. It panics on abort reasons that are no errors, on answers that are no
/// `Response` and on headers that are not well formed, and is never shown one: the signal is ours, the fetch is the
/// browser's, the headers are checked.
struct Gloo;

impl Transport for Gloo {
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Result<Response, Lost>> {
        Box::pin(async move {
            let abort = Abort::new();
            let signal = abort.signal();
            let mut builder = RequestBuilder::new(&request.url)
                .method(match request.method {
                    Method::Get => gloo_net::http::Method::GET,
                    Method::Post => gloo_net::http::Method::POST,
                    Method::Put => gloo_net::http::Method::PUT,
                    Method::Delete => gloo_net::http::Method::DELETE,
                })
                .abort_signal(signal.as_ref());
            for (name, value) in request.headers.iter() {
                builder = builder.header(name, value);
            }
            let built = match request.body {
                Some(body) => builder.body(body),
                None => builder.build(),
            };
            let answer = built.map_err(lost_by_gloo)?.send().await.map_err(lost_by_gloo)?;
            let answer: web_sys::Response = answer.into();
            read(answer.into(), abort).await
        })
    }
}

fn lost_by_gloo(error: gloo_net::Error) -> Lost {
    match error {
        gloo_net::Error::JsError(error) => {
            let thrown = js_sys::Error::new(&error.message);
            thrown.set_name(&error.name);
            Lost { message: error.message, status: None, cause: error::cause(thrown.into()) }
        }
        _ => Lost { message: "the request could not be made".to_owned(), status: None, cause: None },
    }
}

fn lost(status: Option<u16>, thrown: JsValue) -> Lost {
    Lost { message: error::message_of(&thrown), status, cause: error::cause(thrown) }
}

/// Reads an answer to its end.
async fn read(answer: JsValue, abort: Abort) -> Result<Response, Lost> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    let status =
        Reflect::get(&answer, &"status".into()).ok().and_then(|status| status.as_f64()).unwrap_or(0.0) as u16;
    let mut headers = Headers::new();
    for pair in headers_of(&answer).map_err(|thrown| lost(Some(status), thrown))? {
        let pair: Array = pair.unchecked_into();
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            headers.put(&name, &value);
        }
    }
    let body = body_of(&answer).await.map_err(|thrown| lost(Some(status), thrown))?;
    abort.done();
    Ok(Response { status, headers, body: body.unchecked_into::<Uint8Array>().to_vec() })
}

#[wasm_bindgen(module = "/src/js/fetch.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn exchange(
        fetch: &Function,
        url: &str,
        method: &str,
        headers: &Array,
        body: Option<String>,
        signal: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = bodyOf, catch)]
    async fn body_of(response: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = headersOf, catch)]
    fn headers_of(response: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(js_name = hasNativeFetch)]
    fn has_native_fetch() -> bool;
}

/// A `fetch` that the page hands in, or one that replaced the browser's; see `fetch.js`.
struct Injected(Function);

impl Transport for Injected {
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Result<Response, Lost>> {
        Box::pin(async move {
            let abort = Abort::new();
            let signal = abort.signal().map_or(JsValue::UNDEFINED, JsValue::from);
            let headers =
                request.headers.iter().map(|(name, value)| Array::of2(&name.into(), &value.into())).collect();
            let method = request.method.as_str();
            let answer = exchange(&self.0, &request.url, method, &headers, request.body, &signal).await;
            read(answer.map_err(|thrown| lost(None, thrown))?, abort).await
        })
    }
}

/// gloo-net only where the browser's own `fetch` is: one that a library or a test put in its place may answer with
/// anything.
pub fn choose(given: Option<Function>) -> Rc<dyn Transport> {
    let global = || Reflect::get(&js_sys::global(), &"fetch".into()).ok()?.dyn_into().ok();
    match given {
        Some(given) => Rc::new(Injected(given)),
        None if has_native_fetch() => Rc::new(Gloo),
        None => global().map_or_else(|| Rc::new(Gloo) as Rc<dyn Transport>, |fetch| Rc::new(Injected(fetch))),
    }
}
