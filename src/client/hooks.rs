use crate::http::ErrorKind;

/// What an observer is told. It never holds credentials or bodies.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Numbers the requests of a client, from 1.
    pub id: u32,
    /// The operation, such as `groups.get`.
    pub operation: &'static str,
    /// The vendor.
    pub vendor: &'static str,
    /// The method.
    pub method: &'static str,
    /// Path and query under the base URL.
    pub path: String,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
    /// What happened.
    pub stage: Stage,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// It is sent.
    Sent,
    /// It was answered.
    Answered {
        /// The status.
        status: u16,
        /// Milliseconds since it was sent.
        ms: f64,
        /// Length of the body.
        bytes: usize,
    },
    /// It was not answered.
    Failed {
        /// Why; `None` when the caller gave it up.
        kind: Option<ErrorKind>,
        /// Milliseconds since it was sent.
        ms: f64,
    },
}

/// Who is told about requests.
pub trait Observer {
    /// Takes in an event.
    fn notice(&self, event: &Event);
}
