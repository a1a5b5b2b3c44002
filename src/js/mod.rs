//! The JavaScript API. Exported methods take `&self`, clone what they need and return a promise, so that no borrow
//! is held while a call is under way: two calls at once, or a `free()` in between, are then no problem.

mod auth;
mod call;
mod clock;
mod core;
mod criteria;
mod error;
mod given;
mod observer;
mod pages;
mod promise;
mod started;
mod table;
mod tasks;
mod transport;

use wasm_bindgen::prelude::wasm_bindgen;

pub use core::Core;
pub use criteria::{matching, search_request};
pub use table::Columns;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    promise::reject_all_on_panic();
}
