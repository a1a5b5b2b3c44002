//! The JavaScript API. Exported methods take `&self`, clone what they need and return a promise, so that no borrow
//! is held while a call is under way: two calls at once, or a `free()` in between, are then no problem.

mod auth;
mod call;
mod clock;
mod close;
mod error;
mod given;
mod observer;
mod pages;
mod promise;
mod signal;
mod transport;

use wasm_bindgen::prelude::wasm_bindgen;

pub use close::CloseCore;

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    promise::reject_all_on_panic();
}
