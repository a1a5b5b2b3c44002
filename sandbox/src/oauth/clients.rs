//! The applications that are registered, and where each may have people sent.

use axum::http::Uri;

/// An application. How long its tokens live is a setting of each, as with the vendor.
#[derive(Debug)]
pub struct Client {
    pub id: &'static str,
    pub name: &'static str,
    token_seconds: u32,
}

const CLIENTS: [Client; 2] = [
    Client { id: "orgdeck-console", name: "Orgdeck console", token_seconds: 86_400 },
    Client { id: "orgdeck-short-lived", name: "Orgdeck console, forgetful", token_seconds: 3 },
];

impl Client {
    /// The application of an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        CLIENTS.iter().find(|client| client.id == id)
    }

    /// How long its access tokens live; `--oauth-token-seconds` counts for all applications.
    pub fn token_seconds(&self, asked_for: Option<u32>) -> u32 {
        asked_for.unwrap_or(self.token_seconds)
    }
}

/// The origin of an address that people may be sent to: any on this computer, and no other.
pub fn registered_origin(redirect_uri: &str) -> Option<String> {
    // A fragment would swallow the code, and is lost in parsing.
    if redirect_uri.contains('#') {
        return None;
    }
    let uri: Uri = redirect_uri.parse().ok()?;
    let authority = uri.authority()?.as_str();
    let is_loopback = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let is_plain = uri.scheme_str() == Some("http") && !authority.contains('@');
    (is_loopback && is_plain).then(|| format!("http://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_registered() {
        for (good, origin) in [
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://127.0.0.1:8787/", "http://127.0.0.1:8787"),
            ("http://localhost:5173/callback?from=login", "http://localhost:5173"),
            ("http://localhost?/;", "http://localhost"),
            ("http://[::1]:3000/a", "http://[::1]:3000"),
        ] {
            assert_eq!(registered_origin(good).as_deref(), Some(origin), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "127.0.0.1:8787",
            "https://127.0.0.1/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1@example.com/",
            "http://example.com@127.0.0.1/",
            "http://127.0.0.1/#here",
            "http://127.0.0.2/",
            "http://127.0.0.1/a b",
            "http://127.0.0.1\r\nx-evil: 1",
            "javascript:alert(1)",
        ] {
            assert_eq!(registered_origin(bad), None, "{bad}");
        }
    }
}
