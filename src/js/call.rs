//! From a call of JavaScript to its promise.

use std::rc::Rc;

use js_sys::{JSON, Promise, Reflect};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::promise::promise;
use super::signal::abortable;
use crate::client::{Answer, Call, CallOptions, Client};
use crate::http::{Error, Response};

/// Sends a call. An argument that is wrong rejects, as everything else does.
pub fn send(
    client: &Rc<Client>,
    call: Result<(Call, CallOptions), Error>,
    signal: Option<AbortSignal>,
) -> Promise {
    let client = Rc::clone(client);
    promise(Box::pin(async move {
        let sending = async {
            let (call, options) = call?;
            let response = client.perform(&call, options).await?;
            Ok((call.endpoint.answer, response))
        };
        let (answer, response) = abortable(signal.as_ref(), Box::pin(sending)).await?;
        value(answer, &response)
    }))
}

/// What JavaScript gets of an answer that was checked.
pub fn value(answer: Answer, response: &Response) -> Result<JsValue, JsValue> {
    match answer {
        Answer::Nothing => Ok(JsValue::UNDEFINED),
        Answer::Any if response.body.iter().all(u8::is_ascii_whitespace) => Ok(JsValue::UNDEFINED),
        Answer::One(_) | Answer::Any => parse(response),
        Answer::Member(_, name) | Answer::Page { items: name, .. } => {
            Reflect::get(&parse(response)?, &name.into())
        }
    }
}

/// The browser's own parser makes the record: it is faster and smaller than building one from here, and whole.
fn parse(response: &Response) -> Result<JsValue, JsValue> {
    JSON::parse(std::str::from_utf8(&response.body).unwrap_or_default())
}
