//! The page that asks, and the one that says why it cannot. Without a script, and with a policy that
//! lets none in.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::authorize::{Person, Wish};

const STYLE: &str = include_str!("consent.css");

/// Asks whether an application may act for somebody, and for whom.
pub fn consent(wish: &Wish, people: &[Person]) -> Response {
    let back = &wish.back;
    let hidden = [
        ("client_id", back.client.id),
        ("redirect_uri", back.redirect_uri.as_str()),
        ("response_type", "code"),
        ("code_challenge", wish.challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("state", back.state.as_deref().unwrap_or_default()),
    ];
    let (mut form, mut choices) = (String::new(), String::new());
    for (name, value) in hidden {
        form.push_str(&format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value)));
    }
    for (at, person) in people.iter().enumerate() {
        let checked = if at == 0 { " checked" } else { "" };
        let what = if person.key == "admin" { "administrator" } else { "plain user" };
        choices.push_str(&format!(
            "<label><input type=\"radio\" name=\"person\" value=\"{}\"{checked}><span>{}\
             <small>{what}, {}</small></span></label>\n",
            person.key,
            escaped(&person.name),
            escaped(&person.email)
        ));
    }
    let name = escaped(back.client.name);
    let body = format!(
        "<h1>{name} wants to sign you in</h1>\n\
         <p>It may then read and change people, groups and roles in your name.</p>\n\
         <form method=\"post\" action=\"/oauth/authorize\">\n{form}\
         <fieldset><legend>Sign in as</legend>\n{choices}</fieldset>\n\
         <div><button name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></div>\n</form>\n\
         <small>You will be sent back to {}</small>",
        escaped(&back.redirect_uri)
    );
    // Browsers hold the redirect after a form to the policy as well, which cannot name an IPv6 address.
    let origin = if back.origin.contains('[') { "http:" } else { &back.origin };
    html(StatusCode::OK, &format!("Sign in to {name}"), &body, &format!("'self' {origin}"))
}

/// Says what is wrong, to the person, because it can be told to nobody else.
pub fn refusal(why: &str) -> Response {
    let body = format!(
        "<h1>This sign-in cannot go on</h1>\n<p>{}</p>\n\
         <small>The application that sent you here has made a mistake. You have not been signed in.</small>",
        escaped(why)
    );
    html(StatusCode::BAD_REQUEST, "This sign-in cannot go on", &body, "'none'")
}

fn html(status: StatusCode, title: &str, body: &str, form_action: &str) -> Response {
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    );
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action {form_action}; \
         base-uri 'none'; frame-ancestors 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    );
    // What is in it was parsed as an address before, so it can stand in a header.
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (status, headers, text).into_response()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
