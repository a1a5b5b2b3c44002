//! Sign-in: an OAuth authorization server for applications that run in a page.
//!
//! Such an application can keep no secret. It proves by PKCE (RFC 7636) that the code it was sent is
//! its own, and everything else is as OAuth 2.1 has it: no other grant, exact addresses, refresh
//! tokens that change with each use.
//!
//! - `authorize` asks the person, on a `page` of its own, and sends them back with a code.
//! - `token` gives tokens for codes and for refresh tokens, and takes them back.
//! - `store` is what they leave in the database; a dialect asks it whose a token is.

mod authorize;
mod clients;
mod form;
mod page;
mod store;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::server::Sandbox;
pub use form::without_secrets;
pub use store::{Holder, person_of};
pub use token::refusal;

/// Whether a path is one of those below.
pub fn serves(path: &str) -> bool {
    path.starts_with("/oauth/") || path == "/logout"
}

/// The sign-in, at the paths of the vendor's login host.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/oauth/authorize", get(authorize::ask).post(authorize::decide))
        .route("/oauth/token", post(token::give))
        .route("/oauth/revoke", post(token::revoke))
        .route("/logout", get(authorize::log_out))
}
