use std::rc::Rc;

use gloo_net::http::Headers as PageHeaders;
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error;
use super::given::Given;
use super::started::{Callback, Started};
use crate::client::{LocalFuture, Lost, Outgoing, Transport};
use crate::http::{Headers, Response};

#[wasm_bindgen(module = "/src/js/fetch.js")]
extern "C" {
    fn exchange(
        fetch: Option<&Function>,
        method: &str,
        url: &str,
        headers: web_sys::Headers,
        body: Option<&str>,
        done: &Callback,
    ) -> Function;
}

/// A `fetch` of the page's; none for the browser's own.
struct Fetch(Option<Function>);

impl Transport for Fetch {
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Result<Response, Lost>> {
        let Outgoing { method, url, headers, body } = &request;
        // It panics on headers that are not well formed, and is never shown one: they are checked.
        let all = PageHeaders::new();
        for (name, value) in headers.iter() {
            all.set(name, value);
        }
        let (fetch, all, body) = (self.0.as_ref(), all.into_raw(), body.as_deref());
        let answer = Started::new(|done| exchange(fetch, method.as_str(), url, all, body, done));
        answer.map(|answer| read(&answer.unchecked_into()))
    }
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
