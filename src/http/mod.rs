//! The vocabulary of HTTP: methods, URLs, headers, requests, responses and errors. No I/O.

mod cut;
#[cfg(not(target_arch = "wasm32"))]
mod date;
mod error;
mod fill;
mod headers;
mod method;
mod request;
mod seconds;
mod url;

pub use cut::{Parts, cut, has_any, is_all, parts, whole};
#[cfg(not(target_arch = "wasm32"))]
pub use date::date_ms;
pub use error::{Cause, Details, Error, ErrorKind, Partial, Sent, start_of};
pub use fill::{decimal, fill};
pub use headers::Headers;
pub use method::Method;
pub use request::{Request, Response};
pub use seconds::milliseconds;
pub use url::{BaseUrl, Params, Value, decode, find, is_loopback, join, join_parts, names, path, raw_path};
