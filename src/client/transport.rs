use super::LocalFuture;
use crate::http::{Cause, Headers, Method, Response};

/// A request as it goes out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// All headers, credentials among them.
    pub headers: Headers,
    /// The body.
    pub body: Option<String>,
}

/// Why there is no whole answer.
#[derive(Debug)]
pub struct Lost {
    /// What happened, for a person.
    pub message: String,
    /// The status, when the connection was lost behind the headers.
    pub status: Option<u16>,
    /// Whether it surely never left.
    pub never_sent: bool,
    /// What the platform said.
    pub cause: Option<Cause>,
}

/// What carries requests. Dropping the future ends the request.
pub trait Transport {
    /// Sends a request and reads the whole answer, whatever its status.
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Result<Response, Lost>>;
}
