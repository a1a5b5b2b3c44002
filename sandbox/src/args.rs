//! The command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Parser;

use crate::close::Revision;
use crate::genesys::Conflict;
use crate::limits::RateLimits;
use crate::server::Config;

/// A local server that speaks the dialects of Close CRM and Genesys Cloud over SQLite, for
/// development and tests.
///
/// Credentials for Close: Basic `api_sandbox` (empty password) and Bearer `sandbox-close-token` are an
/// administrator, Bearer `sandbox-close-user-token` is a plain user. For Genesys Cloud: Bearer
/// `sandbox-genesys-token` and Bearer `sandbox-genesys-user-token` are the same two. None of them is a
/// secret.
#[derive(Debug, Parser)]
#[command(name = "orgdeck-sandbox", version)]
pub struct Args {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8787)]
    port: u16,

    /// Address to listen on; anything but loopback lets other machines in
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,

    /// How many people a new database is filled with
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    people: u32,

    /// How many groups a new database is filled with
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    groups: u32,

    /// Where the random numbers of the data start: the same seed gives the same data
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Database file, or `:memory:`; a file that was filled before keeps its data
    #[arg(long, default_value = ":memory:", value_name = "FILE")]
    db: String,

    /// Milliseconds every API answer is held back
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency_ms: u64,

    /// Which of the vendor's revisions to follow: r1 (before 2026-07-16) or r2 (after)
    #[arg(long, value_enum, default_value_t = Revision::R2)]
    close_revision: Revision,

    /// Answer groups asked for without `_fields` with nothing but their `id`
    #[arg(long)]
    strict_fields: bool,

    /// Largest `_limit` a list accepts
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    max_limit: u32,

    /// Seconds the access tokens of a sign-in live, in place of each application's own setting
    #[arg(long, value_name = "N")]
    oauth_token_seconds: Option<u32>,

    /// How many Genesys groups a new database is filled with
    #[arg(long, default_value_t = 40, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    genesys_groups: u32,

    /// Milliseconds until Genesys carries out what it has accepted: changes of members, deletions
    #[arg(long, default_value_t = 150, value_name = "MS", value_parser = clap::value_parser!(u64).range(0..=3_600_000))]
    genesys_lag_ms: u64,

    /// Let a new Genesys group be unknown for as long, too
    #[arg(long)]
    genesys_lag_create: bool,

    /// Status that Genesys answers to an update of an older version
    #[arg(long, value_enum, default_value_t = Conflict::Status409)]
    genesys_conflict: Conflict,

    /// Do not let pages of other origins read Retry-After and ININ-Correlation-Id of Genesys' answers
    #[arg(long)]
    genesys_hide_headers: bool,

    /// How many requests the vendors take: by token, and at Close by endpoint; the units are s, min and h
    #[arg(long, value_name = "close=20/s,genesys=300/min")]
    rate_limit: Option<RateLimits>,

    /// Folder served at `/`
    #[arg(long, value_name = "DIR")]
    www: Option<PathBuf>,

    /// Folder served at `/pkg/`
    #[arg(long, value_name = "DIR")]
    pkg: Option<PathBuf>,
}

impl Args {
    /// What the server needs to know of it.
    pub fn into_config(self) -> Config {
        Config {
            port: self.port,
            bind: self.bind,
            people: self.people,
            groups: self.groups,
            seed: self.seed,
            db: self.db,
            latency_ms: self.latency_ms,
            close_revision: self.close_revision,
            strict_fields: self.strict_fields,
            max_limit: self.max_limit,
            oauth_token_seconds: self.oauth_token_seconds,
            genesys_groups: self.genesys_groups,
            genesys_lag_ms: self.genesys_lag_ms,
            genesys_lag_create: self.genesys_lag_create,
            genesys_conflict: self.genesys_conflict,
            genesys_hide_headers: self.genesys_hide_headers,
            rate_limits: self.rate_limit.unwrap_or_default(),
            www: self.www,
            pkg: self.pkg,
        }
    }
}

/// A complaint about the command line, in one line.
///
/// The parser's own message goes over several; what comes before the first blank line is the
/// complaint, the rest is advice.
pub fn usage_error(error: &clap::Error) -> String {
    let text = error.to_string();
    let complaint: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let complaint = complaint.join(" ");
    let complaint = complaint.strip_prefix("error: ").unwrap_or(&complaint);
    format!("{complaint} (see --help)")
}
