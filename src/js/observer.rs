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
        #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
        let count = |number: u64| Some(number as f64);
        #[allow(clippy::cast_precision_loss, reason = "no body is that long")]
        let (kind, code, numbers) = match event.stage {
            Stage::Sent => ("request", "", [None; 3]),
            Stage::Answered { status, ms, bytes } => {
                ("response", "", [Some(f64::from(status)), Some(ms), Some(bytes as f64)])
            }
            Stage::Failed { kind, ms } => {
                ("failure", kind.map_or("abort", |kind| kind.names().0), [None, Some(ms), None])
            }
            Stage::Retry { kind, status, ms } => {
                ("retry", kind.names().0, [status.map(f64::from), Some(ms), None])
            }
            Stage::Wait { ms } => ("wait", "", [None, Some(ms), None]),
            Stage::Refresh => ("refresh", "", [None; 3]),
            Stage::Page { pages, items, total } => {
                ("page", "", [count(pages), count(items), total.and_then(count)])
            }
        };
        let Event { operation, vendor, method, ref path, .. } = *event;
        let [first, second, third] = numbers;
        let number = |number: u32| Some(f64::from(number));
        let (call, id, attempt) = (number(event.call), number(event.id), number(event.attempt));
        let texts = [Some(kind), Some(operation), Some(vendor), Some(method), Some(path), Some(code)];
        tell(&self.0, &plain(&texts, &[call, id, attempt, first, second, third]));
    }
}
