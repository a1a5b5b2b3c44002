//! Tokens beyond the fixed ones, and tokens whose time a fault has ended.
//!
//! A fixed token followed by `~` and anything is a further token of the same user: `sandbox-close-token~2`.
//! Each has a rate limit of its own, and can expire on its own.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};

use crate::{close, genesys};

/// What follows is what tells one token of a user from another.
const MARK: char = '~';

/// Whose token it is: the fixed one that it was made from.
pub fn fixed(token: &str) -> &str {
    token.split_once(MARK).map_or(token, |(fixed, _)| fixed)
}

/// The credential of a request, the same text however its scheme was written.
pub fn credential(headers: &HeaderMap) -> Option<String> {
    let (scheme, value) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some(format!("{} {}", scheme.to_ascii_lowercase(), value.trim()))
}

/// Which tokens were made, and which are over.
#[derive(Debug, Default)]
pub struct Tokens {
    made: AtomicU64,
    expired: Mutex<HashSet<String>>,
}

impl Tokens {
    /// A new token of the same user, never given before; `None` where there is no such user.
    pub fn renew(&self, token: &str) -> Option<String> {
        let fixed = fixed(token);
        let known = close::TOKENS.contains(&fixed) || genesys::TOKENS.contains(&fixed);
        known.then(|| format!("{fixed}{MARK}{}", self.made.fetch_add(1, Ordering::Relaxed) + 1))
    }

    /// Ends the credential of a request, if it has one.
    pub fn expire(&self, headers: &HeaderMap) {
        self.lock().extend(credential(headers));
    }

    /// Whether the credential of a request was ended.
    pub fn has_expired(&self, headers: &HeaderMap) -> bool {
        credential(headers).is_some_and(|credential| self.lock().contains(&credential))
    }

    /// Makes all of them good again.
    pub fn revive(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.expired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
