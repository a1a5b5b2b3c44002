//! The engine that sends. It knows no vendor: what differs, a vendor declares in its [`Vendor`] and its endpoints.
//! It has no I/O, clock or timer of its own: they are handed in, so everything here is tested without waiting.

mod auth;
mod endpoint;
mod engine;
mod hooks;
mod pages;
mod time;
mod transport;

use std::future::Future;
use std::pin::Pin;

pub use auth::{Auth, Basic, Bearer};
pub use endpoint::{Answer, Body, Call, Check, Endpoint, Operation, Repeat};
pub use engine::{CallOptions, Client, Vendor, decode};
pub use hooks::{Event, Observer, Stage};
pub use pages::{Fetched, Pages, Source};
pub use time::{Clock, timeout};
pub use transport::{Lost, Outgoing, Transport};

/// A future that stays on its thread, as everything in a page does.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
