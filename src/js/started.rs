use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Ends what has no use any more when it is dropped. A promise that nobody settles would never be forgotten.
struct End(Function);

impl Drop for End {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Waits for something that JavaScript has started: a promise that never fails, and a function that ends it.
pub async fn started(parts: Array) -> JsValue {
    let _end = End(parts.get(1).unchecked_into());
    JsFuture::from(parts.get(0).unchecked_into::<Promise>()).await.unwrap_or_default()
}
