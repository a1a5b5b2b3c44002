//! JSON, read where it lies. Our own, because a page loads it: `serde_json` with its `Value` and its errors is half
//! of what the whole package may weigh, and a table is filled from the very text that is checked. A property test
//! holds it to `serde_json`, text for text.

mod reader;
mod value;

pub use reader::{Malformed, Reader, Text, Token};
pub use value::Json;
