//! JSON, read where it lies. Our own, because a page loads it and `serde_json` with its `Value`, its
//! errors and its floats weighs too much: ARCHITECTURE.md has the figures. A property test
//! holds it to `serde_json`, text for text.

mod reader;
mod value;

pub use reader::{Halt, Malformed, Reader, Text, Token};
pub use value::{Json, put_member, quote};
