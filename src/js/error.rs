use js_sys::{Array, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::http::{Cause, Error, Partial};

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

/// Names modules that others import, so that they are packed, and lets out what `public.js` exports.
macro_rules! pack {
    ($($path:literal $function:ident => $class:ident $name:literal),* $(,)?) => {
        $(
            #[wasm_bindgen(module = $path)]
            extern "C" {
                #[allow(dead_code, reason = "imported to be packed and exported again")]
                #[wasm_bindgen(js_name = $class, reexport = $name, skip_typescript)]
                fn $function();
            }
        )*
    };
}

pack! {
    "/src/js/close.js" _close => CloseApi "CloseApi",
    "/src/js/genesys.js" _genesys => GenesysApi "GenesysApi",
    "/src/js/options.js" _json => json "json",
    "/src/js/options.js" _well_formed => wellFormed "wellFormed",
}

/// As `pack!`, for what nobody outside needs.
macro_rules! hide {
    ($($path:literal $function:ident => $name:ident),* $(,)?) => {
        $(
            #[wasm_bindgen(module = $path)]
            extern "C" {
                #[allow(dead_code, reason = "imported to be packed")]
                #[wasm_bindgen(js_name = $name)]
                fn $function();
            }
        )*
    };
}

hide! {
    "/src/js/client.js" _client => ApiClient,
    "/src/js/grant.js" _grant => post,
    "/src/js/login.js" _login => PkceLogin,
    "/src/js/pages.js" _pages => Pages,
    "/src/js/regions.js" _regions => hostOf,
    "/src/js/session.js" _session => LoginSession,
}

/// The JavaScript error.
pub fn to_js(error: &Error) -> JsValue {
    let (code, name) = error.kind.names();
    let text = |text: Option<&str>| text.map_or(JsValue::UNDEFINED, JsValue::from_str);
    let parts = Array::new();
    parts.push(&code.into());
    parts.push(&text(error.vendor));
    parts.push(&error.attempts.into());
    parts.push(&error.sent.as_str().into());
    parts.push(&error.status.into());
    parts.push(&text(error.request_id.as_deref()));
    parts.push(&error.retry_after_ms.into());
    parts.push(&text(error.body.as_deref()));
    let fields = Array::new();
    for (name, text) in &error.fields {
        fields.push(&strings(&[name, text]));
    }
    parts.push(&fields);
    parts.push(&text(error.vendor_code.as_deref()));
    if let Some(Partial { done, failed, rest }) = &error.partial {
        for ids in [done, failed, rest] {
            parts.push(&strings(&ids.iter().collect::<Vec<_>>()));
        }
    }
    let cause = error.cause.as_ref().and_then(|cause| cause.0.downcast_ref().cloned());
    make_error(name, &error.message, &parts, &cause.unwrap_or(JsValue::UNDEFINED))
}

#[inline(never)]
fn strings(texts: &[&String]) -> Array {
    let array = Array::new();
    for text in texts {
        array.push(&text.as_str().into());
    }
    array
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
