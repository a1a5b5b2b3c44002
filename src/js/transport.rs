use std::future::ready;
use std::rc::Rc;

use gloo_net::http::RequestBuilder;
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Request;

use super::error;
use super::given::Given;
use super::started::{Callback, Started};
use crate::client::{LocalFuture, Lost, Outgoing, Transport};
use crate::http::{Headers, Method, Response};

#[wasm_bindgen(module = "/src/js/fetch.js")]
extern "C" {
    fn exchange(
        fetch: Option<&Function>,
        request: &Request,
        url: &str,
        body: Option<&str>,
        done: &Callback,
    ) -> Function;
}

/// A `fetch` of the page's; none for the browser's own.
struct Fetch(Option<Function>);

impl Transport for Fetch {
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Result<Response, Lost>> {
        let Some(made) = make(&request) else {
            let message = "the request could not be made".to_owned();
            return Box::pin(ready(Err(Lost { message, status: None, never_sent: true, cause: None })));
        };
        let Outgoing { url, body, .. } = &request;
        let answer = Started::new(|done| exchange(self.0.as_ref(), &made, url, body.as_deref(), done));
        answer.map(|answer| read(&answer.unchecked_into()))
    }
}

/// A request, made by gloo-net. It panics on headers that are not well formed, and is never shown one: they are checked.
fn make(request: &Outgoing) -> Option<Request> {
    let mut builder = RequestBuilder::new(&request.url).method(match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Delete => gloo_net::http::Method::DELETE,
    });
    for (name, value) in request.headers.iter() {
        builder = builder.header(name, value);
    }
    let made = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    Some(made.ok()?.into())
}

/// An answer, as `fetch.js` tells of it.
fn read(parts: &Array) -> Result<Response, Lost> {
    let told = Given::parse(&parts.get(0).as_string().unwrap_or_default()).ok();
    let told = told.as_ref();
    let status = told.and_then(|told| told.number(0)).and_then(|status| u16::try_from(status).ok());
    let body = parts.get(1);
    if let (Some(status), Some(told)) = (status, told)
        && let Some(pairs) = told.get(1).as_list()
    {
        let mut headers = Headers::new();
        for pair in pairs.as_chunks::<2>().0 {
            let [name, value] = pair.each_ref().map(|text| text.as_str().unwrap_or_default());
            headers.put(name, value);
        }
        let body = body.unchecked_into::<Uint8Array>().to_vec();
        return Ok(Response { status, headers, body });
    }
    Err(Lost {
        message: told.and_then(|told| told.text(3)).unwrap_or_default().to_owned(),
        status,
        never_sent: told.and_then(|told| told.boolean(2)) == Some(true),
        cause: error::cause(body),
    })
}

/// What sends by the `fetch` that is given, or else by the browser's own.
pub fn choose(given: Option<Function>) -> Rc<dyn Transport> {
    Rc::new(Fetch(given))
}
