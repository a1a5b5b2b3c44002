use std::future::ready;

use super::LocalFuture;
use crate::http::{Error, fill, is_all};

/// Credentials. Asked before each request, so that a token can be renewed in time.
pub trait Auth {
    /// The value of the `authorization` header. `fresh` after a 401: the one given last was refused.
    ///
    /// # Errors
    /// An `AuthenticationError` when there is none to be had.
    fn authorization(&self, fresh: bool) -> LocalFuture<'_, Result<String, Error>>;

    /// What no error may quote besides the header's value; empty for nothing.
    fn secret(&self) -> &str {
        ""
    }

    /// Whether it may have another value after a 401.
    fn renews(&self) -> bool {
        false
    }
}

/// HTTP Basic with a key for the user name and no password. It has no `Debug`, so that the key is never printed.
pub struct Basic {
    key: String,
    value: String,
}

impl Basic {
    /// Credentials of a key. `base64` is handed in: every browser has one.
    ///
    /// # Errors
    /// A `ConfigError` when the key is empty or holds a character that no key has. The key is not quoted.
    pub fn new(key: &str, base64: impl Fn(&str) -> String) -> Result<Self, Error> {
        if key.is_empty() || !is_all(key, |byte| byte.is_ascii_graphic() && *byte != b':') {
            return Err(Error::config("auth.apiKey is empty or holds a character that no key has", &[]));
        }
        let value = fill("Basic {}", &[&base64(&fill("{}:", &[key]))]);
        Ok(Self { key: key.to_owned(), value })
    }
}

impl Auth for Basic {
    fn secret(&self) -> &str {
        &self.key
    }

    fn authorization(&self, _: bool) -> LocalFuture<'_, Result<String, Error>> {
        Box::pin(ready(Ok(self.value.clone())))
    }
}

/// A bearer token. It has no `Debug`, so that the token is never printed.
pub struct Bearer(String);

impl Bearer {
    /// Credentials of a token.
    ///
    /// # Errors
    /// A `ConfigError` when the token is empty or cannot stand in a header. The token is not quoted.
    pub fn new(token: &str) -> Result<Self, Error> {
        let value = fill("Bearer {}", &[token]);
        if token.is_empty() || !is_all(token, u8::is_ascii_graphic) {
            return Err(Error::config(
                "auth.accessToken is empty or holds a character that no token has",
                &[],
            ));
        }
        Ok(Self(value))
    }

    /// The header's value.
    pub fn into_value(self) -> String {
        self.0
    }
}

impl Auth for Bearer {
    fn authorization(&self, _: bool) -> LocalFuture<'_, Result<String, Error>> {
        Box::pin(ready(Ok(self.0.clone())))
    }
}
