//! `/oauth/authorize`: the person is asked, and sent back with a code or with the reason why not.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use form_urlencoded::Serializer;
use rusqlite::Connection;

use super::clients::{self, Client};
use super::form::Form;
use super::page;
use super::store::{self, Consent};
use crate::clock;
use crate::control::on_database;
use crate::db::setting;
use crate::server::Sandbox;

/// The people that one can sign in as, and where their accounts are noted.
const PEOPLE: [(&str, &str); 2] = [("admin", setting::CLOSE_ADMIN), ("user", setting::CLOSE_MEMBER)];

/// Somebody that one can sign in as.
pub struct Person {
    pub key: &'static str,
    pub row: i64,
    pub name: String,
    pub email: String,
}

/// Where an answer goes, once it is certain that it may.
pub struct Return {
    pub client: &'static Client,
    pub redirect_uri: String,
    pub origin: String,
    pub state: Option<String>,
}

/// What an application asks for.
pub struct Wish {
    pub back: Return,
    pub challenge: String,
}

/// Why it is refused. What is wrong with the address itself is told to the person: nobody may be sent
/// to an address that is not the application's (RFC 6749, 4.1.2.1).
enum Refusal {
    Here(String),
    There(Return, &'static str, String),
}

/// Shows the page that asks.
pub async fn ask(State(sandbox): State<Arc<Sandbox>>, RawQuery(query): RawQuery) -> Response {
    let wish = match read(&Form::parse(query.unwrap_or_default().as_bytes())) {
        Ok(wish) => wish,
        Err(refusal) => return refusal.into_response(),
    };
    match on_database(&sandbox, |sandbox| sandbox.db.transact(people)).await {
        Ok(people) => page::consent(&wish, &people),
        Err(response) => response,
    }
}

/// Takes the answer of that page, which repeats what was asked for.
pub async fn decide(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let wish = match read(&form) {
        Ok(wish) => wish,
        Err(refusal) => return refusal.into_response(),
    };
    if form.get("decision") != Some("allow") {
        return wish.back.error("access_denied", "The person said no.");
    }
    let chosen = form.get("person").unwrap_or_default().to_owned();
    let outcome = on_database(&sandbox, move |sandbox| {
        sandbox.db.transact(|db| {
            let Some(person) = people(db)?.into_iter().find(|person| person.key == chosen) else {
                return Ok((wish.back, None));
            };
            let consent = Consent {
                client: wish.back.client.id,
                person: person.row,
                redirect_uri: &wish.back.redirect_uri,
                challenge: &wish.challenge,
            };
            let code = store::agree(db, &consent, clock::now())?;
            Ok::<_, rusqlite::Error>((wish.back, Some(code)))
        })
    });
    match outcome.await {
        Ok((back, Some(code))) => back.send(&[("code", &code)]),
        Ok((back, None)) => back.error("invalid_request", "person must be admin or user."),
        Err(response) => response,
    }
}

/// `/logout`: the vendor's login host remembers who is signed in; the sandbox asks each time anew, so
/// there is nothing to forget.
pub async fn log_out(RawQuery(query): RawQuery) -> Response {
    let form = Form::parse(query.unwrap_or_default().as_bytes());
    match back(&form) {
        Ok(back) => redirect(StatusCode::FOUND, &back.redirect_uri),
        Err(why) => page::refusal(&why),
    }
}

fn read(form: &Form) -> Result<Wish, Refusal> {
    let back = back(form).map_err(Refusal::Here)?;
    if let Some(name) = form.repeated() {
        let text = format!("{name} is given more than once.");
        return Err(Refusal::There(back, "invalid_request", text));
    }
    let wrong = match form.get("response_type") {
        None => Some(("invalid_request", "response_type is missing.")),
        Some("code") => None,
        Some(_) => Some(("unsupported_response_type", "response_type must be code.")),
    };
    let wrong = wrong.or_else(|| match form.get("code_challenge_method") {
        Some("S256") => None,
        _ => Some(("invalid_request", "code_challenge_method must be S256.")),
    });
    let challenge = form.get("code_challenge").unwrap_or_default();
    let wrong = wrong.or_else(|| match is_challenge(challenge) {
        true => None,
        false => Some(("invalid_request", "code_challenge must be 43 characters of base64url.")),
    });
    match wrong {
        Some((error, text)) => Err(Refusal::There(back, error, text.to_owned())),
        None => Ok(Wish { back, challenge: challenge.to_owned() }),
    }
}

/// Who asks, and where the answer goes; or what to tell the person.
fn back(form: &Form) -> Result<Return, String> {
    if let Some(name @ ("client_id" | "redirect_uri")) = form.repeated() {
        return Err(format!("{name} is given more than once."));
    }
    let id = form.get("client_id").ok_or("client_id is missing.")?;
    let client = Client::find(id).ok_or_else(|| format!("There is no client {id}."))?;
    let redirect_uri = form.get("redirect_uri").ok_or("redirect_uri is missing.")?;
    let origin = clients::registered_origin(redirect_uri)
        .ok_or_else(|| format!("The redirect_uri {redirect_uri} is not registered for {id}."))?;
    let state = form.get("state").map(str::to_owned);
    Ok(Return { client, redirect_uri: redirect_uri.to_owned(), origin, state })
}

fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn people(db: &Connection) -> rusqlite::Result<Vec<Person>> {
    PEOPLE
        .iter()
        .map(|(key, account)| {
            db.query_row(
                "SELECT p.id, p.first_name || ' ' || p.last_name, p.email
                 FROM setting s JOIN close_user u ON u.id = s.value JOIN person p ON p.id = u.person_id
                 WHERE s.key = ?1",
                [account],
                |row| Ok(Person { key, row: row.get(0)?, name: row.get(1)?, email: row.get(2)? }),
            )
        })
        .collect()
}

impl Return {
    fn error(&self, error: &str, description: &str) -> Response {
        self.send(&[("error", error), ("error_description", description)])
    }

    /// Back to the application, with its `state` as it was.
    fn send(&self, parameters: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        let mut query = Serializer::new(String::new());
        query.extend_pairs(parameters.iter().copied().chain(state));
        let mark = if self.redirect_uri.contains('?') { '&' } else { '?' };
        // 303, so that no browser sends the form on.
        redirect(StatusCode::SEE_OTHER, &format!("{}{mark}{}", self.redirect_uri, query.finish()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Here(why) => page::refusal(&why),
            Refusal::There(back, error, description) => back.error(error, &description),
        }
    }
}

fn redirect(status: StatusCode, target: &str) -> Response {
    match HeaderValue::try_from(target) {
        Ok(target) => {
            let headers =
                [(header::LOCATION, target), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (status, headers).into_response()
        }
        Err(_) => page::refusal("The redirect_uri cannot stand in a header."),
    }
}
