//! From a call of JavaScript to its promise.

use std::rc::Rc;

use js_sys::{Array, JSON, Promise, Reflect};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::error::plain;
use super::promise::promise;
use super::signal::abortable;
use crate::client::{Answer, Call, CallOptions, Client};
use crate::http::{Error, Response};

/// Sends a call. An argument that is wrong rejects, as everything else does. What comes is the value, and of the answer
/// the status, the headers, the vendor's name for the request, and how many requests were sent.
pub fn send(
    client: &Rc<Client>,
    call: Result<(Call, CallOptions), Error>,
    signal: Option<AbortSignal>,
) -> Promise {
    let client = Rc::clone(client);
    promise(Box::pin(async move {
        let sending = async {
            let (call, options) = call?;
            let run = client.begin(options);
            let response = client.perform(&call, &run).await?;
            Ok((call.endpoint.answer, response, run))
        };
        let (answer, response, run) = abortable(signal.as_ref(), Box::pin(sending)).await?;
        let mut texts = vec![response.headers.get(client.vendor.request_id)];
        for (name, value) in response.headers.iter() {
            texts.push(Some(name));
            texts.push(Some(value));
        }
        let numbers = [Some(f64::from(response.status)), Some(f64::from(run.requests()))];
        Ok(Array::of2(&value(answer, &response)?, &plain(&texts, &numbers)).into())
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
