//! Refusals, in the shapes and words of the vendor.
//!
//! There are two shapes. Problems of the request as a whole are `{"error": "…"}`; problems of what
//! it says are `{"errors": ["…"], "field-errors": {"field": "…"}}`, with a hyphen.

use std::fmt;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::limits::Standing;
use crate::server;

const OVER_THE_LIMIT: &str = "API call count exceeded for this period";

/// An answer that is an error.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    fn plain(status: StatusCode, text: &str) -> Self {
        Refusal { status, body: json!({ "error": text }) }
    }

    /// 401, whatever is wrong with the credentials. Without `WWW-Authenticate`, at which a browser
    /// would show its own log-in window.
    pub fn unauthorized() -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    /// 403 for a caller whose role does not allow it.
    pub fn forbidden() -> Self {
        Self::forbidden_because("You do not have permission to perform this action.")
    }

    /// 403 for another reason.
    pub fn forbidden_because(text: &str) -> Self {
        Self::plain(StatusCode::FORBIDDEN, text)
    }

    /// 404 for a path nothing answers to.
    pub fn unknown_url() -> Self {
        Self::plain(
            StatusCode::NOT_FOUND,
            "The requested URL was not found on the server. If you entered the URL manually please \
             check your spelling and try again.",
        )
    }

    /// 404 for an object that is not there, or not for this caller.
    pub fn no_such(noun: &str) -> Self {
        let text = format!("Empty query: {noun} matching query does not exist.");
        Self::plain(StatusCode::NOT_FOUND, &text)
    }

    /// 405 for a path that exists, but not with this method.
    pub fn method_not_allowed() -> Self {
        Self::plain(StatusCode::METHOD_NOT_ALLOWED, "The method is not allowed for the requested URL.")
    }

    /// 400 in the older shape: the request cannot be understood.
    pub fn bad_request(text: &str) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, text)
    }

    /// 400 in the newer shape, about the whole.
    pub fn invalid(text: &str) -> Self {
        Self::validation(vec![text.into()], Map::new())
    }

    /// 400 in the newer shape, about one field.
    pub fn invalid_field(field: &str, text: impl Into<Value>) -> Self {
        Self::validation(Vec::new(), Map::from_iter([(field.to_owned(), text.into())]))
    }

    /// 400 in the newer shape.
    pub fn validation(errors: Vec<Value>, field_errors: Map<String, Value>) -> Self {
        Refusal {
            status: StatusCode::BAD_REQUEST,
            body: json!({ "errors": errors, "field-errors": field_errors }),
        }
    }

    /// 500: the sandbox itself has failed. It says how, being a tool for developers.
    pub fn internal(error: impl fmt::Display) -> Self {
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("The sandbox has failed: {error}"))
    }

    /// Whatever a status stands for, in the vendor's older shape.
    pub fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized(),
            StatusCode::FORBIDDEN => Self::forbidden(),
            StatusCode::NOT_FOUND => Self::unknown_url(),
            StatusCode::METHOD_NOT_ALLOWED => Self::method_not_allowed(),
            StatusCode::TOO_MANY_REQUESTS => Self::plain(status, OVER_THE_LIMIT),
            _ => Self::plain(status, status.canonical_reason().unwrap_or("Unknown Error")),
        }
    }

    /// 429. The vendor says that the body is not to be read; this is what it once was.
    pub fn too_many_requests(standing: &Standing) -> Self {
        let body = json!({ "error": {
            "message": OVER_THE_LIMIT,
            "rate_limit": standing.limit,
            "rate_limit_type": if standing.shared { "organization" } else { "key" },
            "rate_reset": standing.reset.as_secs_f64().to_string(),
            "rate_window": standing.window.as_secs(),
        } });
        Refusal { status: StatusCode::TOO_MANY_REQUESTS, body }
    }

    /// Whether what was sent is to blame, so that a bulk update may report how far it got.
    pub fn is_bad_request(&self) -> bool {
        self.status == StatusCode::BAD_REQUEST
    }

    /// The body, to add something to it.
    pub fn into_body(self) -> Value {
        self.body
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        server::json(self.status, &self.body)
    }
}
