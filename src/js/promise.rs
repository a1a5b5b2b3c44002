use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use super::error::to_js;
use crate::client::LocalFuture;
use crate::http::{Error, ErrorKind, fill};

/// A call under way, as JavaScript will see it end.
pub type Running = LocalFuture<'static, Result<JsValue, JsValue>>;

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    type Deferred;
    fn deferred() -> Deferred;
    #[wasm_bindgen(method, getter)]
    fn promise(this: &Deferred) -> Promise;
    fn settle(call: &Deferred, is_good: bool, value: &JsValue);
    #[wasm_bindgen(js_name = rejectAll)]
    fn reject_all(error: &JsValue);
}

/// A promise of what a future gives.
pub fn promise(future: Running) -> Promise {
    let call = deferred();
    let promise = call.promise();
    spawn_local(async move {
        let result = future.await;
        let is_good = result.is_ok();
        settle(&call, is_good, &result.unwrap_or_else(|error| error));
    });
    promise
}

/// A panic stops the future it happens in, so its promise would hang for ever. Nobody knows which one that is:
/// all that are under way are rejected.
pub fn reject_all_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or("", |location| location.file());
        let message = fill("Orgdeck stopped in {}: {}", &[place, info.payload_as_str().unwrap_or_default()]);
        reject_all(&to_js(&Error::new(ErrorKind::Internal, message)));
    }));
}
