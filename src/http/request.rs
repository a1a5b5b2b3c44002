use super::url::MASKED;
use super::{BaseUrl, Headers, Method, Params, fill, find, has_any, parts};

/// A request before it is sent. The base URL, credentials and the client's own headers are added by the client.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path under the base URL, encoded, with a leading slash.
    pub path: String,
    /// The query.
    pub params: Params,
    /// The headers.
    pub headers: Headers,
    /// The body: JSON text.
    pub body: Option<String>,
}

impl Request {
    /// A request without query, headers and body.
    pub const fn new(method: Method, path: String) -> Self {
        Self { method, path, params: Params::new(), headers: Headers::new(), body: None }
    }

    /// Path and query as they stand in the request line.
    pub fn target(&self) -> String {
        with_query(self.path.clone(), &self.params.encode())
    }

    /// Path and query for others to see: parts of the path that are addresses of people, and the values of parameters
    /// but for the `plain` ones, are masked.
    pub fn shown(&self, plain: &[&str]) -> String {
        let mut shown = String::new();
        for part in parts(&self.path, b'/').skip(1) {
            shown.push('/');
            let is_address = has_any(part, b"@") || find(part, "%40").is_some();
            shown.push_str(if is_address { MASKED } else { part });
        }
        with_query(shown, &self.params.shown(plain))
    }

    /// The whole URL.
    pub fn url(&self, base: &BaseUrl) -> String {
        fill("{}{}", &[base.as_str(), &self.target()])
    }
}

fn with_query(mut path: String, query: &str) -> String {
    if !query.is_empty() {
        path.push('?');
        path.push_str(query);
    }
    path
}

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers that may be read: a browser hides those that the server does not expose by CORS.
    pub headers: Headers,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body as text, as far as it is UTF-8.
    pub fn text(&self) -> &str {
        let valid = match std::str::from_utf8(&self.body) {
            Ok(text) => return text,
            Err(error) => error.valid_up_to(),
        };
        self.body.get(..valid).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
    }
}
