//! Whether a call that failed is tried again, and when. See <https://developer.close.com/api/overview/rate-limits> and
//! <https://developer.genesys.cloud/platform/api/rate-limits>.

use std::cell::Cell;

use super::Repeat;
use crate::http::{Error, ErrorKind, Sent};

/// Milliseconds of the first pause at most; each further one is twice as long.
const FIRST_PAUSE_MS: f64 = 500.0;
/// Milliseconds of any pause at most, unless the vendor says how long.
const LONGEST_PAUSE_MS: f64 = 20_000.0;
/// Milliseconds after a 429 at least that does not say how long, or says it in a header that a page may not read.
const FLOOR_MS: f64 = 1_000.0;

/// A pause before the next try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pause {
    /// Milliseconds.
    pub ms: f64,
    /// Whether the vendor said so.
    pub is_asked: bool,
}

/// The pause before the next try of a call that has failed `failed` times; `None` when it must not be tried again.
/// `random` is from 0 to 1.
pub fn pause(error: &Error, repeat: Repeat, failed: u32, max_wait_ms: f64, random: f64) -> Option<Pause> {
    let is_refused = matches!(error.status, Some(429 | 503));
    // A rate limit that would hold it back for too long is no answer that was lost.
    let is_hopeless = error.status.is_none() && error.retry_after_ms.is_some();
    let is_lost = matches!(error.kind, ErrorKind::Network | ErrorKind::Timeout) && !is_hopeless;
    let is_passing = is_lost || is_refused || matches!(error.status, Some(500 | 502 | 504));
    let asked = error.retry_after_ms.filter(|_| is_refused);
    // What makes something new would make it twice, unless it was surely not made.
    let is_harmless = repeat != Repeat::Once || error.sent == Sent::No || asked.is_some();
    if !is_passing || !is_harmless {
        return None;
    }
    if let Some(asked) = asked {
        return Some(Pause { ms: asked.min(max_wait_ms), is_asked: true });
    }
    let doubled = (1..failed.min(16)).fold(FIRST_PAUSE_MS, |ms, _| ms * 2.0);
    let floor = if error.status == Some(429) { FLOOR_MS } else { 0.0 };
    // Anything up to it, so that clients that failed together do not come back together.
    Some(Pause { ms: floor + random * doubled.min(LONGEST_PAUSE_MS), is_asked: false })
}

/// Tries that were not told when to come back, and failures to be answered in time, use up a client's budget; each
/// success gives a little back. A server that is down is so left alone soon, however many calls there are.
#[derive(Debug, Default)]
pub struct Budget(Cell<u32>);

const BUDGET: u32 = 500;
const COST: u32 = 5;
const COST_OF_TIMEOUT: u32 = 10;

impl Budget {
    /// Whether there is enough left for another try.
    pub fn spend(&self, kind: ErrorKind) -> bool {
        let spent = self.0.get() + if kind == ErrorKind::Timeout { COST_OF_TIMEOUT } else { COST };
        let is_enough = spent <= BUDGET;
        if is_enough {
            self.0.set(spent);
        }
        is_enough
    }

    /// A success.
    pub fn refund(&self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

/// Milliseconds for which the vendor wants no request like the one that failed so; `None` when it does not mind.
pub fn hold_ms(error: &Error, max_wait_ms: f64) -> Option<f64> {
    match error.status {
        Some(429) => Some(error.retry_after_ms.unwrap_or(FLOOR_MS).min(max_wait_ms)),
        _ => None,
    }
}
