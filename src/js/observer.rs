use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::plain;
use crate::client::{Event, Observer, Stage};

/// A function of the page that is told about requests.
pub struct Callback(pub Function);

#[wasm_bindgen(module = "/src/js/events.js")]
extern "C" {
    fn tell(observer: &Function, parts: &JsValue);
}

impl Observer for Callback {
    fn notice(&self, event: &Event) {
        let (kind, status, code, ms, bytes) = match event.stage {
            Stage::Sent => ("request", None, None, None, None),
            Stage::Answered { status, ms, bytes } => ("response", Some(status), None, Some(ms), Some(bytes)),
            Stage::Failed { kind, ms } => {
                ("failure", None, Some(kind.map_or("abort", |kind| kind.names().0)), Some(ms), None)
            }
        };
        let Event { id, operation, vendor, method, path, time, .. } = event;
        tell(&self.0, &plain(&(kind, id, operation, vendor, method, path, time, status, code, ms, bytes)));
    }
}
