//! What the tests share.
#![allow(dead_code, unused_imports, reason = "each test uses some of it")]

mod json;
mod records;

pub use json::{array, value};
pub use records::{Record, Said, again, feed, fill, id, is, is_json, put, read, records, state, written};
