//! A development server that speaks the dialects of the vendors Orgdeck talks to, over SQLite.
//!
//! It exists so that a demo, and every test of the project, can use real HTTP against real tables
//! with real rules, without an account, without a network and without harm. It shares no code with
//! the library it is there to test: a misreading in one must not be repeated in the other.
//!
//! - [`serve`] starts it on a port and answers a [`Running`]; the binary is a thin shell around it.
//! - `server` takes a request through CORS, the log, faults, latency and limits to whoever answers.
//! - `close` is the Close dialect: one table of routes, a file a noun. Another vendor is another folder.
//! - `genesys` is that other vendor: the groups of Genesys Cloud, and the same people in them.
//! - `oauth` signs people in: the authorization server that the dialects take tokens from.
//! - `db` holds the schema, the seed and the single connection.
//! - `faults` lets go wrong what a test wants to go wrong; `limits` counts requests, `stats` does so for
//!   those who look on.
//! - `control` is the `/_sandbox/` API for tests; `www` serves the console's files.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod args;
mod clock;
mod close;
mod control;
mod cors;
mod db;
mod faults;
mod genesys;
mod limits;
mod log;
mod oauth;
mod server;
mod stats;
mod tokens;
mod vendor;
mod www;

pub use args::{Args, usage_error};
pub use close::Revision;
pub use db::seed::VERIFIED_DOMAINS;
pub use genesys::Conflict;
pub use limits::{RateLimit, RateLimits, Unit};
pub use server::{Config, Running, StartError, serve};
