//! Cross-origin rules: any page may use the sandbox, which has nothing to hide.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::genesys;
use crate::server::Sandbox;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE, OPTIONS");
const EXPOSED: HeaderValue = HeaderValue::from_static("ratelimit, retry-after");
const EXPOSED_BY_GENESYS: HeaderValue = HeaderValue::from_static("inin-correlation-id, retry-after");
const TEN_MINUTES: HeaderValue = HeaderValue::from_static("600");
const HEADERS: &str = "authorization, content-type, x-tz-offset, x-http-method-override";

/// Marks an answer whose headers pages may not read.
#[derive(Clone, Copy, Debug)]
pub struct Hidden;

/// Answers preflights, before anybody asks for credentials, and marks every other answer as readable.
pub async fn allow(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    // Nobody knows whether the second vendor lets pages read its headers.
    let exposed = match request.uri().path().starts_with(genesys::PREFIX) {
        false => Some(EXPOSED),
        true => (!sandbox.config.genesys_hide_headers).then_some(EXPOSED_BY_GENESYS),
    };
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let exposed = exposed.filter(|_| response.extensions().get::<Hidden>().is_none());
    let headers = response.headers_mut();
    put(headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    put(headers, header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    put(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers(asked.as_ref()));
    if let Some(exposed) = exposed {
        put(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    put(headers, header::ACCESS_CONTROL_MAX_AGE, TEN_MINUTES);
    response
}

/// A queued answer may bring such headers of its own, to see what a client makes of them.
fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

/// The usual headers, and whatever the page asks for: callers may add headers of their own.
fn allowed_headers(asked: Option<&HeaderValue>) -> HeaderValue {
    let mut names: Vec<String> = HEADERS.split(", ").map(str::to_owned).collect();
    for name in asked.and_then(|value| value.to_str().ok()).unwrap_or_default().split(',') {
        let name = name.trim().to_ascii_lowercase();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    HeaderValue::try_from(names.join(", ")).unwrap_or(HeaderValue::from_static(HEADERS))
}
