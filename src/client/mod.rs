//! The engine that sends. It knows no vendor: what differs, a vendor declares in its [`Vendor`] and its endpoints.
//! It has no I/O, clock or timer of its own: they are handed in, so everything here is tested without waiting.

mod any_path;
mod auth;
mod endpoint;
mod engine;
mod hooks;
mod limiter;
mod operation;
mod pages;
mod retry;
mod run;
mod shared;
mod steps;
mod time;
mod transport;
mod vendor;

use std::future::Future;
use std::pin::Pin;

pub use any_path::AnyPath;
pub use auth::{Auth, Basic, Bearer};
pub use endpoint::{Answer, Asks, Body, Call, Check, Endpoint, Operation, Repeat};
pub use engine::{Client, State, decode};
pub use hooks::{Event, Observer, Stage};
pub use limiter::{Allowance, Group, LimitState, Limiter, Permit, Window};
pub(crate) use operation::operation;
pub use operation::{to_json, to_text};
pub use pages::{Fetched, Pages, Sink, Source};
pub use retry::{Budget, Pause, hold_ms, pause};
pub use run::{CallOptions, Run};
pub use steps::{Flow, Once, Step, Steps, out_of_step};
pub use time::{Clock, timeout};
pub use transport::{Lost, Outgoing, Transport};
pub use vendor::{Limits, Make, MakeAnyList, Vendor, check_body};

/// A future that stays on its thread, as everything in a page does.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
