use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::http::{Cause, Error};

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = makeError)]
    fn make_error(name: &str, message: &str, details: &JsValue, cause: &JsValue) -> JsValue;
}

/// The classes leave through the generated module; see `errors.js`.
macro_rules! reexport {
    ($($function:ident => $class:ident $name:literal),* $(,)?) => {
        #[wasm_bindgen(module = "/src/js/errors.js")]
        extern "C" {
            // Only functions can be re-exported without a type of their own. These are never called.
            $(
                #[allow(dead_code, reason = "imported to be exported again")]
                #[wasm_bindgen(js_name = $class, reexport = $name, skip_typescript)]
                fn $function();
            )*
        }
    };
}

reexport! {
    _orgdeck => OrgdeckError "OrgdeckError",
    _config => ConfigError "ConfigError",
    _network => NetworkError "NetworkError",
    _timeout => TimeoutError "TimeoutError",
    _authentication => AuthenticationError "AuthenticationError",
    _plan_limit => PlanLimitError "PlanLimitError",
    _permission => PermissionError "PermissionError",
    _not_found => NotFoundError "NotFoundError",
    _conflict => ConflictError "ConflictError",
    _validation => ValidationError "ValidationError",
    _rate_limit => RateLimitError "RateLimitError",
    _server => ServerError "ServerError",
    _decode => DecodeError "DecodeError",
    _internal => InternalError "InternalError",
}

#[wasm_bindgen(module = "/src/js/close.js")]
extern "C" {
    #[allow(dead_code, reason = "imported to be exported again")]
    #[wasm_bindgen(js_name = CloseApi, reexport = "CloseApi", skip_typescript)]
    fn _close_api();
}

// What the modules above import; named here so that they are packed.
#[wasm_bindgen(module = "/src/js/options.js")]
extern "C" {
    #[allow(dead_code, reason = "see above")]
    #[wasm_bindgen(js_name = read)]
    fn _read();
}
#[wasm_bindgen(module = "/src/js/pages.js")]
extern "C" {
    #[allow(dead_code, reason = "see above")]
    #[wasm_bindgen(js_name = Pages)]
    fn _pages();
}

/// The JavaScript error.
pub fn to_js(error: &Error) -> JsValue {
    let (code, name) = error.kind.names();
    let details = plain(&(
        code,
        error.vendor,
        f64::from(error.attempts),
        error.sent.as_str(),
        error.status.map(f64::from),
        error.request_id.as_deref(),
        error.retry_after_ms,
        error.body.as_deref(),
        &error.fields,
    ));
    let cause = error.cause.as_ref().and_then(|cause| cause.0.downcast_ref().cloned());
    make_error(name, &error.message, &details, &cause.unwrap_or(JsValue::UNDEFINED))
}

/// Keeps a JavaScript value as the cause of an error.
pub fn cause(value: JsValue) -> Option<Cause> {
    Some(Cause(std::rc::Rc::new(value)))
}

/// What a thrown value says, if it is an error; else its own text.
pub fn message_of(thrown: &JsValue) -> String {
    Reflect::get(thrown, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "no reason given".to_owned())
}

/// A JavaScript array of a Rust tuple. The names of its parts are given in JavaScript, where they weigh less.
pub fn plain(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property of an object of our own, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
