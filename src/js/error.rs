use js_sys::Array;
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
    "/src/js/given.js" _json => json "json",
    "/src/js/given.js" _well_formed => wellFormed "wellFormed",
    "/src/js/table.js" _provide_columns => provideColumns "provideColumns",
    "/src/js/table.js" _table => DirectoryTable "DirectoryTable",
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
    "/src/js/facets.js" _facets => facetsOf,
    "/src/js/fold.js" _fold => fold,
    "/src/js/grant.js" _grant => post,
    "/src/js/histogram.js" _histogram => histogramOf,
    "/src/js/login.js" _login => PkceLogin,
    "/src/js/options.js" _options => read,
    "/src/js/pages.js" _pages => Pages,
    "/src/js/regions.js" _regions => hostOf,
    "/src/js/session.js" _session => LoginSession,
    "/src/js/words.js" _words => wordsOf,
}

/// The JavaScript error. Lists follow each other among the texts, their lengths are among the numbers.
#[allow(clippy::cast_precision_loss, reason = "no list is that long")]
pub fn to_js(error: &Error) -> JsValue {
    let (code, name) = error.kind.names();
    let mut texts = vec![
        Some(code),
        error.vendor,
        Some(error.sent.as_str()),
        error.request_id.as_deref(),
        error.body.as_deref(),
        error.vendor_code.as_deref(),
    ];
    let mut numbers =
        vec![Some(f64::from(error.attempts)), error.status.map(f64::from), error.retry_after_ms];
    for (name, text) in &error.fields {
        texts.push(Some(name));
        texts.push(Some(text));
    }
    numbers.push(Some(error.fields.len() as f64));
    if let Some(Partial { done, failed, rest }) = &error.partial {
        for ids in [done, failed, rest] {
            for id in ids {
                texts.push(Some(id));
            }
            numbers.push(Some(ids.len() as f64));
        }
    }
    let cause = error.cause.as_ref().and_then(|cause| cause.0.downcast_ref().cloned());
    make_error(name, &error.message, &plain(&texts, &numbers), &cause.unwrap_or(JsValue::UNDEFINED))
}

/// Keeps a JavaScript value, unless it is undefined, as the cause of an error.
pub fn cause(value: JsValue) -> Option<Cause> {
    if value.is_undefined() { None } else { Some(Cause(std::rc::Rc::new(value))) }
}

/// Texts and numbers as JavaScript has them. What each of them is is said in JavaScript, where names weigh less.
#[inline(never)]
pub fn plain(texts: &[Option<&str>], numbers: &[Option<f64>]) -> JsValue {
    let texts = serde_wasm_bindgen::to_value(texts).unwrap_or_default();
    let numbers = serde_wasm_bindgen::to_value(numbers).unwrap_or_default();
    Array::of2(&texts, &numbers).into()
}
