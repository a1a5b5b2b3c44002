//! The `/_sandbox/` API: what no vendor has, and every test needs.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};

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
    let name = name.trim_end_matches('/');
    let methods: &[Method] = match name {
        "health" | "requests" => &[Method::GET],
        "reset" | "answer" | "token" => &[Method::POST],
        "faults" | "limits" | "stats" => &[Method::GET, Method::POST],
        _ => return json_error(StatusCode::NOT_FOUND, "The sandbox has no such endpoint."),
    };
    if !methods.contains(&parts.method) {
        let methods: Vec<&str> = methods.iter().map(Method::as_str).collect();
        return json_error(StatusCode::METHOD_NOT_ALLOWED, &format!("Use {}.", methods.join(" or ")));
    }
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let writes = parts.method == Method::POST;
    match name {
        "health" => health(&sandbox).await,
        "requests" => requests(&sandbox, parts.uri.query().unwrap_or_default()),
        "reset" => reset(&sandbox).await,
        "answer" => {
            let queued = sandbox.faults.queue(&body);
            settle(&sandbox).await;
            done(queued, || StatusCode::NO_CONTENT.into_response())
        }
        "token" => token(&sandbox, &body),
        "faults" if writes => {
            let replaced = sandbox.faults.replace(&body).map(|()| sandbox.tokens.revive());
            settle(&sandbox).await;
            done(replaced, || shown(&sandbox.faults.show()))
        }
        "faults" => shown(&sandbox.faults.show()),
        "limits" if writes => done(sandbox.limiter.change(&body), || shown(&sandbox.limiter.show())),
        "limits" => shown(&sandbox.limiter.show()),
        "stats" if writes => {
            sandbox.stats.clear();
            StatusCode::NO_CONTENT.into_response()
        }
        _ => shown(&json!(sandbox.stats.now())),
    }
}

/// Connections that are closed before a fault may cut one should be so by the next request.
async fn settle(sandbox: &Sandbox) {
    if sandbox.faults.may_cut() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn shown(body: &Value) -> Response {
    json(StatusCode::OK, body)
}

/// 400 for what was refused, with the reason.
fn done(outcome: Result<(), String>, answer: impl FnOnce() -> Response) -> Response {
    match outcome {
        Ok(()) => answer(),
        Err(why) => json_error(StatusCode::BAD_REQUEST, &why),
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
            sandbox.tokens.revive();
            sandbox.limiter.set(sandbox.config.rate_limits);
            sandbox.stats.clear();
            sandbox.log.clear();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(refusal) => refusal,
    }
}

/// `{"token": "sandbox-close-token"}` is answered by `{"accessToken": "sandbox-close-token~7"}`: a new
/// token of the same user, as if by a refresh.
fn token(sandbox: &Sandbox, body: &[u8]) -> Response {
    let token = serde_json::from_slice(body).ok().and_then(|body: Value| {
        let token = body.get("token")?.as_str()?;
        sandbox.tokens.renew(token)
    });
    match token {
        Some(token) => {
            sandbox.stats.refresh();
            shown(&json!({ "accessToken": token }))
        }
        None => {
            json_error(StatusCode::BAD_REQUEST, "token must be one of the fixed tokens, or made from one.")
        }
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
