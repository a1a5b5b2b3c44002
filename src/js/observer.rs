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
        // Numbers are all of one type, and texts too: each further one is a further copy of the serializer.
        #[allow(clippy::cast_precision_loss, reason = "no body is that long")]
        let (kind, status, code, ms, bytes) = match event.stage {
            Stage::Sent => ("request", None, None, None, None),
            Stage::Answered { status, ms, bytes } => {
                ("response", Some(f64::from(status)), None, Some(ms), Some(bytes as f64))
            }
            Stage::Failed { kind, ms } => {
                ("failure", None, Some(kind.map_or("abort", |kind| kind.names().0)), Some(ms), None)
            }
        };
        let id = f64::from(event.id);
        let Event { operation, vendor, method, ref path, time, .. } = *event;
        tell(
            &self.0,
            &plain(&(kind, id, operation, vendor, method, path.as_str(), time, status, code, ms, bytes)),
        );
    }
}
