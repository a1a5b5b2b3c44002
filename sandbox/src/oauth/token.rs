//! `/oauth/token` and `/oauth/revoke`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::clients::Client;
use super::form::Form;
use super::store::{self, Proof};
use crate::clock;
use crate::control::on_database;
use crate::server::{self, Sandbox};

/// A refusal as RFC 6749, 5.2 has it.
struct Refusal {
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Refusal { error, description: description.into() }
    }
}

/// What an application shows for tokens.
enum Claim {
    Code { code: String, redirect_uri: String, verifier: String },
    RefreshToken(String),
}

/// Gives tokens.
pub async fn give(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Bytes) -> Response {
    match given(&sandbox, &headers, &body).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn given(sandbox: &Arc<Sandbox>, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
    let form = read(headers, body)?;
    let claim = claim(&form)?;
    let client = client(&form)?;
    let seconds = client.token_seconds(sandbox.config.oauth_token_seconds);
    let renews = matches!(claim, Claim::RefreshToken(_));
    let outcome = on_database(sandbox, move |sandbox| {
        let now = clock::now();
        sandbox.db.transact(|db| match &claim {
            Claim::Code { code, redirect_uri, verifier } => {
                store::redeem(db, &Proof { code, client: client.id, redirect_uri, verifier }, now, seconds)
            }
            Claim::RefreshToken(token) => store::refresh(db, token, client.id, now, seconds),
        })
    });
    let tokens = match outcome.await {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(why)) => return Err(Refusal::new("invalid_grant", why)),
        Err(response) => return Ok(response),
    };
    if renews {
        sandbox.stats.refresh();
    }
    let body = json!({
        "access_token": tokens.access,
        "token_type": "bearer",
        "expires_in": seconds,
        "refresh_token": tokens.refresh,
    });
    Ok(unstored(server::json(StatusCode::OK, &body)))
}

/// Takes a token back. One that is not known is as good as revoked (RFC 7009, 2.2).
pub async fn revoke(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Bytes) -> Response {
    let revoked = async {
        let form = read(&headers, &body)?;
        let token = required(&form, "token")?;
        let client = client(&form)?;
        let work = move |sandbox: &Sandbox| sandbox.db.transact(|db| store::revoke(db, &token, client.id));
        Ok::<_, Refusal>(on_database(&sandbox, work).await)
    };
    match revoked.await {
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(response)) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// What is said instead of an answer, at this status.
pub fn refusal(status: StatusCode) -> Response {
    let error = match status {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "temporarily_unavailable",
        _ if status.is_server_error() => "server_error",
        _ => "invalid_request",
    };
    let description = status.canonical_reason().unwrap_or("Unknown Error");
    unstored(server::json(status, &json!({ "error": error, "error_description": description })))
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<Form, Refusal> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let text = "The content type must be application/x-www-form-urlencoded.";
        return Err(Refusal::new("invalid_request", text));
    }
    let form = Form::parse(body);
    match form.repeated() {
        Some(name) => Err(Refusal::new("invalid_request", format!("{name} is given more than once."))),
        None => Ok(form),
    }
}

fn claim(form: &Form) -> Result<Claim, Refusal> {
    match required(form, "grant_type")?.as_str() {
        "authorization_code" => {
            let code = required(form, "code")?;
            let redirect_uri = required(form, "redirect_uri")?;
            let verifier = required(form, "code_verifier")?;
            Ok(Claim::Code { code, redirect_uri, verifier })
        }
        "refresh_token" => required(form, "refresh_token").map(Claim::RefreshToken),
        other => {
            let text = format!("grant_type must be authorization_code or refresh_token, not {other}.");
            Err(Refusal::new("unsupported_grant_type", text))
        }
    }
}

fn client(form: &Form) -> Result<&'static Client, Refusal> {
    let id = required(form, "client_id")?;
    Client::find(&id).ok_or_else(|| Refusal::new("invalid_client", format!("There is no client {id}.")))
}

fn required(form: &Form, name: &str) -> Result<String, Refusal> {
    form.get(name)
        .map(str::to_owned)
        .ok_or_else(|| Refusal::new("invalid_request", format!("{name} is missing.")))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({ "error": self.error, "error_description": self.description });
        unstored(server::json(status, &body))
    }
}

fn unstored(response: Response) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], response).into_response()
}
