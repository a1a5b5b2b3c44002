//! The `/_sandbox/` API: what no vendor has, and every test needs.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::json;

use crate::log::Entry;
use crate::server::{Sandbox, json, json_error, read_body};

/// Everything below this path is the sandbox talking about itself.
pub const PREFIX: &str = "/_sandbox/";

/// The control API.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/_sandbox/{*name}", any(answer))
}

async fn answer(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let name = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let expected = match name.trim_end_matches('/') {
        "health" | "requests" => Method::GET,
        "reset" | "answer" => Method::POST,
        _ => return json_error(StatusCode::NOT_FOUND, "The sandbox has no such endpoint."),
    };
    if parts.method != expected {
        return json_error(StatusCode::METHOD_NOT_ALLOWED, &format!("Use {expected}."));
    }
    match name.trim_end_matches('/') {
        "health" => health(&sandbox).await,
        "requests" => requests(&sandbox, parts.uri.query().unwrap_or_default()),
        "reset" => reset(&sandbox).await,
        _ => queue_answer(&sandbox, body).await,
    }
}

async fn health(sandbox: &Arc<Sandbox>) -> Response {
    let people = on_database(sandbox, |sandbox| {
        sandbox
            .db
            .transact(|db| db.query_row("SELECT count(*) FROM close_user", [], |row| row.get::<_, i64>(0)))
    });
    match people.await {
        Ok(people) => {
            let revision = sandbox.config.close_revision.to_string();
            json(StatusCode::OK, &json!({ "ok": true, "people": people, "revision": revision }))
        }
        Err(refusal) => refusal,
    }
}

fn requests(sandbox: &Sandbox, query: &str) -> Response {
    let limit = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "limit");
    let limit = match limit.map(|(_, value)| value.parse::<usize>()) {
        None => usize::MAX,
        Some(Ok(limit)) => limit,
        Some(Err(_)) => return json_error(StatusCode::BAD_REQUEST, "limit must be a whole number."),
    };
    let requests: Vec<Entry> = sandbox.log.latest(limit);
    json(StatusCode::OK, &json!({ "requests": requests }))
}

async fn reset(sandbox: &Arc<Sandbox>) -> Response {
    match on_database(sandbox, |sandbox| sandbox.db.reset()).await {
        Ok(()) => {
            sandbox.faults.clear();
            sandbox.log.clear();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(refusal) => refusal,
    }
}

async fn queue_answer(sandbox: &Sandbox, body: Body) -> Response {
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    match sandbox.faults.queue(&body) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => json_error(StatusCode::BAD_REQUEST, &why),
    }
}

/// SQLite blocks, so it works on a thread that may.
pub async fn on_database<T: Send + 'static>(
    sandbox: &Arc<Sandbox>,
    work: impl FnOnce(&Sandbox) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, Response> {
    let sandbox = sandbox.clone();
    let failed = |why: String| json_error(StatusCode::INTERNAL_SERVER_ERROR, &why);
    match tokio::task::spawn_blocking(move || work(&sandbox)).await {
        Ok(outcome) => outcome.map_err(|error| failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}
