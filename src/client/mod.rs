//! The engine that sends. It knows no vendor: what differs, a vendor declares in its [`Vendor`] and its endpoints.
//! It has no I/O, clock or timer of its own: they are handed in, so everything here is tested without waiting.

mod any_path;
mod auth;
mod endpoint;
mod engine;
mod hooks;
mod operation;
mod pages;
mod steps;
mod time;
mod transport;
mod vendor;

use std::future::Future;
use std::pin::Pin;

pub use any_path::AnyPath;
pub use auth::{Auth, Basic, Bearer};
pub use endpoint::{Answer, Asks, Body, Call, Check, Endpoint, Operation, Repeat};
pub use engine::{CallOptions, Client, decode};
pub use hooks::{Event, Observer, Stage};
pub(crate) use operation::operation;
pub use operation::{to_json, to_text};
pub use pages::{Fetched, Pages, Source};
pub use steps::{Flow, Step, Steps};
pub use time::{Clock, timeout};
pub use transport::{Lost, Outgoing, Transport};
pub use vendor::{Make, MakeAnyList, Vendor, check_body};

/// A future that stays on its thread, as everything in a page does.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
