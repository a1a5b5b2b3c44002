//! Counts of what the vendors were asked, and of what came of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde::Serialize;

use crate::clock;
use crate::vendor::Vendor;

/// The counts since the server was started, or since they were set to zero. Preflights and the
/// sandbox's own API are not in them.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    counts: Arc<Mutex<Counts>>,
}

/// As `GET /_sandbox/stats` shows them.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    requests: u64,
    by_vendor: ByVendor,
    by_status: BTreeMap<u16, u64>,
    too_many_requests: u64,
    most_at_once: u64,
    refreshes: u64,
    faults: u64,
    aborted: u64,
    since: String,
    /// Not a count since then, but what is under way.
    #[serde(skip)]
    at_once: u64,
}

#[derive(Clone, Debug, Default, Serialize)]
struct ByVendor {
    close: u64,
    genesys: u64,
}

impl Default for Counts {
    fn default() -> Self {
        Counts::beginning_with(0)
    }
}

impl Counts {
    fn beginning_with(at_once: u64) -> Self {
        Counts {
            requests: 0,
            by_vendor: ByVendor::default(),
            by_status: BTreeMap::new(),
            too_many_requests: 0,
            most_at_once: at_once,
            refreshes: 0,
            faults: 0,
            aborted: 0,
            since: clock::timestamp(),
            at_once,
        }
    }
}

impl Stats {
    /// A request has arrived.
    pub fn begin(&self, vendor: Vendor) {
        let mut counts = self.lock();
        counts.requests += 1;
        match vendor {
            Vendor::Close => counts.by_vendor.close += 1,
            Vendor::Genesys => counts.by_vendor.genesys += 1,
        }
        counts.at_once += 1;
        counts.most_at_once = counts.most_at_once.max(counts.at_once);
    }

    /// Its answer has begun.
    pub fn answer(&self, status: StatusCode) {
        let mut counts = self.lock();
        *counts.by_status.entry(status.as_u16()).or_default() += 1;
        if status == StatusCode::TOO_MANY_REQUESTS {
            counts.too_many_requests += 1;
        }
    }

    /// It is over.
    pub fn end(&self, aborted: bool) {
        let mut counts = self.lock();
        counts.at_once = counts.at_once.saturating_sub(1);
        if aborted {
            counts.aborted += 1;
        }
    }

    /// A fault has happened to it.
    pub fn fault(&self) {
        self.lock().faults += 1;
    }

    /// Somebody was given a token in place of an older one.
    pub fn refresh(&self) {
        self.lock().refreshes += 1;
    }

    /// Sets everything to zero. What is under way stays under way.
    pub fn clear(&self) {
        let mut counts = self.lock();
        *counts = Counts::beginning_with(counts.at_once);
    }

    /// The counts as they are now.
    pub fn now(&self) -> Counts {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
