//! The console's files, with the headers a careful host would send.

use std::convert::Infallible;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower::Service;
use tower_http::services::ServeDir;

use crate::server::{Config, json_error};

/// Scripts only from here, WebAssembly allowed, and calls to the APIs the console may be pointed at.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self' https: http://127.0.0.1:* http://localhost:*; img-src 'self' data:; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// `--www` at `/` and `--pkg` at `/pkg/`; nothing at all without them.
pub fn router(config: &Config) -> Router {
    let mut files = Router::new();
    if let Some(pkg) = &config.pkg {
        files = files.nest_service("/pkg", folder(pkg));
    }
    files = match &config.www {
        Some(www) => files.fallback_service(folder(www)),
        None => files.fallback(missing),
    };
    files.layer(middleware::from_fn(guard))
}

async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A page that is being worked on must never come out of a cache.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn folder(
    path: &Path,
) -> impl Service<Request, Response: IntoResponse, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
    ServeDir::new(path).not_found_service(missing.into_service())
}

async fn missing() -> Response {
    json_error(StatusCode::NOT_FOUND, "There is nothing here. The APIs are under /api/v1/ and /api/v2/.")
}
