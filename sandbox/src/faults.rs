//! Answers queued by a test, to be given instead of the real ones.
//!
//! The rest of the server knows two things about this file: [`Faults::take`] says whether a request
//! is to go wrong, and [`Fault::answer`] makes it so. Richer rules can grow behind these two.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body::Frame;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::time::Sleep;

/// How many bytes a truncated answer promises beyond those it sends.
const NEVER_SENT: usize = 64;

/// How long a truncated answer is given before its connection is cut.
const TIME_TO_LEAVE: Duration = Duration::from_millis(20);

/// Marks an answer that must not be sent at all: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub struct HangUp;

/// Which requests a rule is for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Match {
    method: Option<String>,
    path: String,
}

/// A rule as a test writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(rename = "match", default)]
    applies_to: Match,
    #[serde(default = "once")]
    times: u32,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    truncate: bool,
    #[serde(default)]
    drop: bool,
}

fn once() -> u32 {
    1
}

fn ok() -> u16 {
    200
}

/// What happens to a request instead of its real answer.
#[derive(Clone, Debug)]
pub struct Fault {
    delay: Duration,
    ending: Ending,
}

#[derive(Clone, Debug)]
enum Ending {
    HangUp,
    Answer { status: StatusCode, headers: Vec<(HeaderName, HeaderValue)>, body: Bytes, truncated: bool },
}

#[derive(Debug)]
struct Rule {
    applies_to: Match,
    left: u32,
    fault: Fault,
}

/// The queue. The oldest rule that fits a request wins, until it is used up.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<VecDeque<Rule>>,
}

impl Faults {
    /// Queues a rule.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn queue(&self, order: &[u8]) -> Result<(), String> {
        let order: Map<String, Value> = serde_json::from_slice(order).map_err(|error| error.to_string())?;
        let order: Order = serde_json::from_value(order.into()).map_err(|error| error.to_string())?;
        if order.times == 0 {
            return Err("times must be at least 1".to_owned());
        }
        let rule = Rule {
            left: order.times,
            fault: Fault { delay: Duration::from_millis(order.delay_ms), ending: ending(&order)? },
            applies_to: order.applies_to,
        };
        self.lock().push_back(rule);
        Ok(())
    }

    /// What is to happen to this request, if anything. Uses up one turn of the rule.
    pub fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut rules = self.lock();
        let at = rules.iter().position(|rule| rule.applies_to.fits(method, path))?;
        let rule = rules.get_mut(at)?;
        rule.left -= 1;
        let fault = rule.fault.clone();
        if rule.left == 0 {
            rules.remove(at);
        }
        Some(fault)
    }

    /// Forgets all rules.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Match {
    fn fits(&self, method: &str, path: &str) -> bool {
        let any_method = |wanted: &str| wanted.eq_ignore_ascii_case(method);
        self.method.as_deref().is_none_or(any_method) && path.starts_with(&self.path)
    }
}

fn ending(order: &Order) -> Result<Ending, String> {
    if order.drop {
        return Ok(Ending::HangUp);
    }
    let status = match order.status {
        // Anything below is an interim answer, which would leave the client waiting.
        200..=599 => StatusCode::from_u16(order.status).map_err(|error| error.to_string())?,
        other => return Err(format!("status {other} is not between 200 and 599")),
    };
    let mut headers = Vec::new();
    for (name, value) in &order.headers {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let name = HeaderName::try_from(name).map_err(|error| format!("header {name}: {error}"))?;
        let value = HeaderValue::try_from(value).map_err(|error| format!("header {name}: {error}"))?;
        headers.push((name, value));
    }
    let body = match &order.body {
        Value::Null => Bytes::new(),
        Value::String(text) => Bytes::from(text.clone()),
        json => Bytes::from(json.to_string()),
    };
    Ok(Ending::Answer { status, headers, body, truncated: order.truncate })
}

impl Fault {
    /// Waits as long as it should, then answers as it should.
    pub async fn answer(self) -> Response {
        tokio::time::sleep(self.delay).await;
        let (status, headers, body, truncated) = match self.ending {
            Ending::HangUp => {
                let mut response = Response::new(Body::empty());
                response.extensions_mut().insert(HangUp);
                return response;
            }
            Ending::Answer { status, headers, body, truncated } => (status, headers, body, truncated),
        };
        let promised = body.len() + NEVER_SENT;
        let mut response = match truncated {
            true => Response::new(Body::new(BrokenOff::after(body))),
            false => Response::new(Body::from(body)),
        };
        *response.status_mut() = status;
        if status != StatusCode::NO_CONTENT {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if truncated {
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
        }
        for (name, value) in headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// A body that ends before what its length promised, so that the connection has to be cut.
struct BrokenOff {
    piece: Option<Bytes>,
    /// What was written has to leave the machine first; a cut in the same breath would take it along.
    pause: Pin<Box<Sleep>>,
}

impl BrokenOff {
    fn after(piece: Bytes) -> Self {
        BrokenOff { piece: Some(piece), pause: Box::pin(tokio::time::sleep(TIME_TO_LEAVE)) }
    }
}

impl HttpBody for BrokenOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.piece.take() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            None => self
                .pause
                .as_mut()
                .poll(context)
                .map(|()| Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted)))),
        }
    }
}
