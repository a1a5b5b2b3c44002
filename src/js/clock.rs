use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;

use super::started::{Callback, Started};
use crate::client::{Clock, LocalFuture};

#[wasm_bindgen(module = "/src/js/clock.js")]
extern "C" {
    fn now() -> f64;
    fn sleep(ms: u32, done: &Callback) -> Function;
    #[wasm_bindgen(js_name = untilMs)]
    fn until_ms(date: &str) -> f64;
}

/// The page's clock.
pub struct PageClock;

impl Clock for PageClock {
    fn now_ms(&self) -> f64 {
        now()
    }

    fn until_ms(&self, date: &str) -> Option<f64> {
        Some(until_ms(date)).filter(|ms| !ms.is_nan())
    }

    fn sleep(&self, ms: u32) -> LocalFuture<'_, ()> {
        Box::pin(async move {
            Started::new(|done| sleep(ms, done)).await;
        })
    }
}
