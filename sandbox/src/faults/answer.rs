//! Answers in place of the real ones.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Number, Value, json};

use super::reader::Reader;
use crate::vendor::Vendor;
use crate::{clock, close, genesys, oauth, server};

/// An answer that nobody has worked for.
#[derive(Clone, Debug)]
pub struct Invention {
    status: StatusCode,
    content: Content,
    retry_after: Option<RetryAfter>,
    /// Whether the text keeps to itself how long to wait.
    silent: bool,
}

#[derive(Clone, Debug)]
enum Content {
    /// What the vendor would say.
    Vendors,
    /// What a proxy on the way would show.
    Page,
    Given {
        body: Bytes,
        /// The name of the request, where it is given as Genesys gives it.
        context: Option<String>,
    },
}

/// How `Retry-After` puts it.
#[derive(Clone, Debug)]
enum RetryAfter {
    /// As it was written.
    Seconds(Number),
    /// A moment so many seconds from then.
    Date(Number),
}

impl Invention {
    /// An answer with this body: a text as it is, anything else as JSON.
    pub fn given(status: StatusCode, body: &Value) -> Self {
        let context = body.get("contextId").and_then(Value::as_str).filter(|id| !id.is_empty());
        let context = context.map(str::to_owned);
        let body = match body {
            Value::String(text) => Bytes::from(text.clone()),
            json => Bytes::from(json.to_string()),
        };
        Invention { status, content: Content::Given { body, context }, retry_after: None, silent: false }
    }

    /// Reads what a rule says of it; `None` where the real answer is wanted.
    pub fn read(rule: &mut Reader) -> Result<Option<Self>, String> {
        let (status, page) = (rule.status("status")?, rule.status("html")?);
        let body: Option<Value> = rule.take("body")?;
        let retry_after = RetryAfter::read(rule)?;
        let silent = rule.flag("silent")?;
        let mut invention = match (status, page, &body) {
            (Some(_), Some(_), _) => return Err(rule.wrong("html", "not together with status")),
            (Some(status), None, Some(body)) => Invention::given(status, body),
            (_, _, Some(_)) => return Err(rule.wrong("body", "only with a status")),
            (Some(status), None, None) => {
                Invention { content: Content::Vendors, ..Self::given(status, &json!("")) }
            }
            (None, Some(status), None) => {
                Invention { content: Content::Page, ..Self::given(status, &json!("")) }
            }
            (None, None, None) if retry_after.is_some() => {
                return Err(rule.wrong("retryAfter", "only with status or html"));
            }
            (None, None, None) if silent => return Err(rule.wrong("silent", "only with a status")),
            (None, None, None) => return Ok(None),
        };
        if silent
            && (retry_after.is_none() || status != Some(StatusCode::TOO_MANY_REQUESTS) || body.is_some())
        {
            return Err(rule.wrong("silent", "only with status 429 and retryAfter, and without a body"));
        }
        (invention.retry_after, invention.silent) = (retry_after, silent);
        Ok(Some(invention))
    }

    /// The answer, to a request for this path.
    pub fn answer(&self, path: &str, seed: u64) -> Response {
        let vendor = Vendor::of(path);
        let mut response = match &self.content {
            Content::Page => page(self.status),
            Content::Vendors => self.in_the_vendors_words(path, seed),
            Content::Given { body, context } => {
                let mut response = Response::new(Body::from(body.clone()));
                *response.status_mut() = self.status;
                if self.status != StatusCode::NO_CONTENT {
                    let json = HeaderValue::from_static("application/json");
                    response.headers_mut().insert(header::CONTENT_TYPE, json);
                }
                match vendor {
                    Some(Vendor::Genesys) if !oauth::serves(path) => {
                        let own = || genesys::correlation_id(seed);
                        genesys::correlated(response, &context.clone().unwrap_or_else(own))
                    }
                    _ => response,
                }
            }
        };
        if let Some(value) = self.retry_after.as_ref().and_then(RetryAfter::header) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }

    fn in_the_vendors_words(&self, path: &str, seed: u64) -> Response {
        if self.status == StatusCode::NO_CONTENT {
            return self.status.into_response();
        }
        if self.status.is_success() {
            return server::json(self.status, &json!({}));
        }
        match Vendor::of(path) {
            _ if oauth::serves(path) => oauth::refusal(self.status),
            Some(Vendor::Genesys) => match &self.retry_after {
                Some(wait) if self.status == StatusCode::TOO_MANY_REQUESTS && !self.silent => {
                    genesys::too_many_requests(seed, &wait.seconds().to_string())
                }
                _ => genesys::refusal(seed, self.status),
            },
            _ => close::refusal(self.status),
        }
    }
}

impl RetryAfter {
    fn read(rule: &mut Reader) -> Result<Option<Self>, String> {
        const MEMBER: &str = "retryAfter";
        let wait = match rule.take(MEMBER)? {
            None => return Ok(None),
            Some(Value::Number(seconds)) => RetryAfter::Seconds(seconds),
            Some(Value::Object(date)) => match (date.len(), date.get("date")) {
                (1, Some(Value::Number(seconds))) => RetryAfter::Date(seconds.clone()),
                _ => return Err(rule.wrong(MEMBER, "an object has a number named date, and no more")),
            },
            Some(_) => return Err(rule.wrong(MEMBER, "seconds, or {\"date\": seconds}")),
        };
        // Dates can lie in the past, as clocks differ.
        let is_date = matches!(wait, RetryAfter::Date(_));
        match wait.seconds().as_f64() {
            Some(seconds) if seconds.abs() <= 1e9 && (is_date || seconds >= 0.0) => Ok(Some(wait)),
            _ => Err(rule.wrong(MEMBER, "that is no time to wait")),
        }
    }

    fn seconds(&self) -> &Number {
        match self {
            RetryAfter::Seconds(seconds) | RetryAfter::Date(seconds) => seconds,
        }
    }

    fn header(&self) -> Option<HeaderValue> {
        let text = match self {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(seconds) => {
                let micros = seconds.as_f64().unwrap_or(0.0) * 1e6;
                clock::http_date(clock::now().saturating_add(micros as i64))
            }
        };
        HeaderValue::try_from(text).ok()
    }
}

/// What a proxy shows when it has nothing from the server behind it.
fn page(status: StatusCode) -> Response {
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("Error"));
    let text = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(header::CONTENT_TYPE, "text/html")], text).into_response()
}
