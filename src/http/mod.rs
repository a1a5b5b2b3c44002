//! The vocabulary of HTTP: methods, URLs, headers, requests, responses and errors. No I/O.

mod error;
mod headers;
mod method;
mod request;
mod url;

pub use error::{Cause, Details, Error, ErrorKind, Sent, start_of};
pub use headers::Headers;
pub use method::Method;
pub use request::{Request, Response};
pub use url::{BaseUrl, Params, Value, is_loopback, join, names, path, raw_path};
