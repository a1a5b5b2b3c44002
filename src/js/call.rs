//! From a call of JavaScript to its promise.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::error::{plain, to_js};
use super::promise::promise;
use crate::client::{Answer, Call, CallOptions, Client};
use crate::http::{Error, Response};

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    /// The browser's own parser makes the record: it is faster and smaller than building one from here, and whole.
    #[wasm_bindgen(catch)]
    fn parse(text: &str, member: Option<&str>) -> Result<JsValue, JsValue>;
}

/// Sends a call. An argument that is wrong rejects, as everything else does. What comes is the value, and of the answer
/// the status, the headers, the vendor's name for the request, and how many requests were sent.
pub fn send(
    client: &Rc<Client>,
    call: Result<(Call, CallOptions), Error>,
    signal: Option<AbortSignal>,
) -> Promise {
    let client = Rc::clone(client);
    let sending = async move {
        let (call, options) = call.map_err(|error| to_js(&error))?;
        let run = client.begin(options);
        let response = client.perform(&call, &run).await.map_err(|error| to_js(&error))?;
        let mut texts = vec![response.headers.get(client.vendor.request_id)];
        for (name, value) in response.headers.iter() {
            texts.push(Some(name));
            texts.push(Some(value));
        }
        let numbers = [Some(f64::from(response.status)), Some(f64::from(run.requests()))];
        Ok(Array::of2(&value(&call.endpoint.answer, &response)?, &plain(&texts, &numbers)).into())
    };
    promise(Box::pin(sending), Rc::default(), signal)
}

/// What JavaScript gets of an answer that was checked.
pub fn value(answer: &Answer, response: &Response) -> Result<JsValue, JsValue> {
    match answer {
        Answer::Nothing => Ok(JsValue::UNDEFINED),
        Answer::Any if response.body.iter().all(u8::is_ascii_whitespace) => Ok(JsValue::UNDEFINED),
        Answer::One(_) | Answer::Any => parse(text_of(response), None),
        Answer::Member(_, name) | Answer::Page { items: name, .. } => parse(text_of(response), Some(name)),
    }
}

fn text_of(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap_or_default()
}
