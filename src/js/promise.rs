use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use crate::client::LocalFuture;
use crate::http::fill;

/// A call under way, as JavaScript will see it end.
pub type Running = LocalFuture<'static, Result<JsValue, JsValue>>;

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    type Deferred;
    fn deferred() -> Deferred;
    #[wasm_bindgen(method, getter)]
    fn promise(this: &Deferred) -> Promise;
    fn settle(call: &Deferred, is_good: bool, value: &JsValue);
    fn stop(reason: &str);
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

/// A panic stops the future it happens in, so its promise would hang for ever, and leaves the rest of the memory in the
/// middle of things: all calls that are under way are rejected, and later ones too.
pub fn reject_all_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or("", |location| location.file());
        stop(&fill("{}: {}", &[place, info.payload_as_str().unwrap_or_default()]));
    }));
}

/// Fails as a defect would, for the test of what becomes of the package then: while a call is under way, at once, or
/// at once and without a panic, as when there is no memory left.
///
/// # Panics
/// Always.
#[cfg(feature = "test-panic")]
#[wasm_bindgen(js_name = testPanic, skip_typescript)]
#[allow(clippy::panic, reason = "it is what this is for")]
pub fn test_panic(how: &str) -> Promise {
    match how {
        "call" => promise(Box::pin(async { panic!("on purpose") })),
        "now" => panic!("on purpose"),
        _ => core::arch::wasm32::unreachable(),
    }
}
