use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::fill;

/// What kind of error it is: one per class of the JavaScript API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// An argument or option is wrong; nothing was sent.
    Config,
    /// No answer: the connection could not be made or was lost.
    Network,
    /// No answer in time.
    Timeout,
    /// 401, or the token callback failed.
    Authentication,
    /// 402
    PlanLimit,
    /// 403
    Permission,
    /// 404
    NotFound,
    /// 409
    Conflict,
    /// 400 and its like
    Validation,
    /// 429
    RateLimit,
    /// 5xx
    Server,
    /// The answer is not what the vendor promises.
    Decode,
    /// A defect in Orgdeck.
    Internal,
}

impl ErrorKind {
    /// The `code` of the JavaScript error, and its class name.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Config => ("config", "ConfigError"),
            Self::Network => ("network", "NetworkError"),
            Self::Timeout => ("timeout", "TimeoutError"),
            Self::Authentication => ("authentication", "AuthenticationError"),
            Self::PlanLimit => ("plan_limit", "PlanLimitError"),
            Self::Permission => ("permission", "PermissionError"),
            Self::NotFound => ("not_found", "NotFoundError"),
            Self::Conflict => ("conflict", "ConflictError"),
            Self::Validation => ("validation", "ValidationError"),
            Self::RateLimit => ("rate_limit", "RateLimitError"),
            Self::Server => ("server", "ServerError"),
            Self::Decode => ("decode", "DecodeError"),
            Self::Internal => ("internal", "InternalError"),
        }
    }

    /// The kind of an unsuccessful status.
    pub const fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Authentication,
            402 => Self::PlanLimit,
            403 => Self::Permission,
            404 | 410 => Self::NotFound,
            408 => Self::Timeout,
            409 | 412 => Self::Conflict,
            429 => Self::RateLimit,
            400..=499 => Self::Validation,
            // 1xx and 3xx do not reach us from a browser; a server that sends one all the same is broken.
            _ => Self::Server,
        }
    }
}

/// Whether a request reached the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Surely not: nothing was changed.
    No,
    /// Unknown: a change may have been made.
    Maybe,
    /// Surely: it was answered.
    Yes,
}

impl Sent {
    /// The word of the JavaScript API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
            Self::Yes => "yes",
        }
    }
}

/// What a transport or token callback failed with, kept as it was.
#[derive(Clone)]
pub struct Cause(pub Rc<dyn Any>);

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause")
    }
}

/// What every call fails with. Boxed, because nearly every function returns one and nearly none does.
#[derive(Clone, Debug)]
pub struct Error(Box<Details>);

/// What an [`Error`] says; its fields are read and set through the error itself.
#[derive(Clone, Debug)]
pub struct Details {
    /// The kind.
    pub kind: ErrorKind,
    /// What is wrong, for a person.
    pub message: String,
    /// Whose API, for errors that come of a call.
    pub vendor: Option<&'static str>,
    /// The status, if there was an answer.
    pub status: Option<u16>,
    /// The vendor's name for the request.
    pub request_id: Option<String>,
    /// Milliseconds that the vendor asks to wait before trying again.
    pub retry_after_ms: Option<f64>,
    /// Requests sent.
    pub attempts: u32,
    /// Whether the request reached the vendor.
    pub sent: Sent,
    /// The vendor's own word for what is wrong.
    pub vendor_code: Option<String>,
    /// For each refused field what is wrong with it.
    pub fields: Vec<(String, String)>,
    /// The first part of the answer's text.
    pub body: Option<String>,
    /// What lies behind it.
    pub cause: Option<Cause>,
    /// How far a change of many got, for calls that need several requests.
    pub partial: Option<Partial>,
}

/// How far a change of many got before it failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partial {
    /// The ids that are done.
    pub done: Vec<String>,
    /// The ids of the request that failed: whether they are done, `sent` says.
    pub failed: Vec<String>,
    /// The ids that were not sent.
    pub rest: Vec<String>,
}

impl Deref for Error {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

/// Characters of an answer that an error keeps: enough to recognise a proxy's page, not enough to flood a log.
const BODY_CHARS: usize = 2_000;

impl Error {
    /// An error of a kind, about nothing that was sent.
    pub fn new(kind: ErrorKind, message: String) -> Self {
        Self(Box::new(Details {
            kind,
            message,
            vendor: None,
            status: None,
            request_id: None,
            retry_after_ms: None,
            attempts: 0,
            sent: Sent::No,
            vendor_code: None,
            fields: Vec::new(),
            body: None,
            cause: None,
            partial: None,
        }))
    }

    /// An argument or option is wrong; the message as for [`fill`].
    #[inline(always)]
    pub fn config(template: &str, parts: &[&str]) -> Self {
        match parts {
            [one] => Self::config_one(template, one),
            [one, two] => Self::config_two(template, one, two),
            parts => Self::config_all(template, parts),
        }
    }

    #[cold]
    #[inline(never)]
    fn config_one(template: &str, one: &str) -> Self {
        Self::new(ErrorKind::Config, fill(template, &[one]))
    }

    #[cold]
    #[inline(never)]
    fn config_two(template: &str, one: &str, two: &str) -> Self {
        Self::new(ErrorKind::Config, fill(template, &[one, two]))
    }

    #[cold]
    #[inline(never)]
    fn config_all(template: &str, parts: &[&str]) -> Self {
        Self::new(ErrorKind::Config, fill(template, parts))
    }

    /// Keeps the first part of an answer.
    #[must_use]
    pub fn with_body(mut self, text: &str) -> Self {
        self.body = Some(start_of(text, BODY_CHARS).to_owned());
        self
    }

    /// Keeps what lies behind it.
    #[must_use]
    pub fn with_cause(mut self, cause: Option<Cause>) -> Self {
        self.cause = cause;
        self
    }
}

/// The first characters of a text.
pub fn start_of(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
