//! Rate limits: so many requests in a window of time, and not one more.
//!
//! A window begins with the first request in it and ends when its time is over, whatever came. What
//! is refused is not counted.
//!
//! - Close counts by token and endpoint group, which is a path with its ids left open, read or
//!   written; and all tokens of the organisation together, of whom it takes three times as much.
//! - Genesys counts by token.
//!
//! `GET /_sandbox/limits` answers `{"close": "20/s", "genesys": null}`. A POST of the same shape
//! changes those it names, and begins their windows anew.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::server::Sandbox;
use crate::vendor::Vendor;
use crate::{close, genesys, oauth, tokens};

/// How many times the limit of one token all tokens of an organisation have together.
const ORGANIZATION: u32 = 3;

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many.
    pub requests: u32,
    /// How long a window is.
    pub unit: Unit,
}

/// How long a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `s`.
    Second,
    /// `min`.
    Minute,
    /// `h`.
    Hour,
}

const UNITS: [(&str, Unit, u64); 3] =
    [("s", Unit::Second, 1), ("min", Unit::Minute, 60), ("h", Unit::Hour, 3_600)];

impl Unit {
    fn window(self) -> Duration {
        let seconds = UNITS.iter().find(|(_, unit, _)| *unit == self).map_or(1, |(.., seconds)| *seconds);
        Duration::from_secs(seconds)
    }
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (requests, unit) = text.split_once('/').unwrap_or((text, ""));
        let requests = requests.parse().ok().filter(|requests| *requests > 0);
        let unit = UNITS.iter().find(|(name, ..)| *name == unit);
        match (requests, unit) {
            (Some(requests), Some((_, unit, _))) => Ok(RateLimit { requests, unit: *unit }),
            _ => Err(format!("{text} is no rate: write it like 20/s, 300/min or 5000/h")),
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, unit, _)| *unit == self.unit).map_or("", |(name, ..)| name);
        write!(f, "{}/{unit}", self.requests)
    }
}

/// The limits of both vendors; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Of one token and endpoint group.
    pub close: Option<RateLimit>,
    /// Of one token.
    pub genesys: Option<RateLimit>,
}

impl FromStr for RateLimits {
    type Err = String;

    /// Reads the flag: `close=20/s,genesys=300/min`, or one of the two.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut limits = RateLimits::default();
        for one in text.split(',') {
            let (vendor, limit) = one.split_once('=').unwrap_or((one, ""));
            let place = limits.of_name(vendor.trim());
            let place = place.ok_or_else(|| format!("{vendor} is neither close nor genesys"))?;
            if place.replace(limit.trim().parse()?).is_some() {
                return Err(format!("{vendor} is limited twice"));
            }
        }
        Ok(limits)
    }
}

impl RateLimits {
    fn of_name(&mut self, vendor: &str) -> Option<&mut Option<RateLimit>> {
        match vendor {
            "close" => Some(&mut self.close),
            "genesys" => Some(&mut self.genesys),
            _ => None,
        }
    }
}

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The requests of a token to Close, of one endpoint group.
    Close(String, close::EndpointGroup),
    /// Those of everybody.
    Organization(close::EndpointGroup),
    /// The requests of a token to Genesys.
    Genesys(String),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    until: Instant,
    taken: u32,
}

/// How near a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many requests a window takes.
    pub limit: u32,
    /// How many more this one takes.
    pub remaining: u32,
    /// How long it lasts, rounded up to a millisecond: whoever waits so long is not too early.
    pub reset: Duration,
    /// How long a window is.
    pub window: Duration,
    /// Whether it is that of the whole organisation.
    pub shared: bool,
}

impl Standing {
    /// For `Retry-After`, which knows whole seconds only.
    pub fn whole_seconds(&self) -> u64 {
        self.reset.as_secs() + u64::from(self.reset.subsec_nanos() > 0)
    }
}

/// What comes of asking for one more request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was counted. Of several limits this is the one closest to being hit.
    Granted(Standing),
    /// It was not. Of several limits that are hit this is the one that lasts longest.
    Refused(Standing),
}

/// The limits, and the windows that are open.
#[derive(Debug)]
pub struct Limiter {
    state: Mutex<Limiting>,
}

#[derive(Debug)]
struct Limiting {
    limits: RateLimits,
    windows: HashMap<Key, Window>,
}

impl Limiter {
    /// No request has come yet.
    pub fn new(limits: RateLimits) -> Self {
        Limiter { state: Mutex::new(Limiting { limits, windows: HashMap::new() }) }
    }

    /// Other limits, and new windows.
    pub fn set(&self, limits: RateLimits) {
        *self.lock() = Limiting { limits, windows: HashMap::new() };
    }

    /// The limits as they are written: `{"close": "20/s", "genesys": null}`.
    pub fn show(&self) -> Value {
        let RateLimits { close, genesys } = self.lock().limits;
        let text = |limit: Option<RateLimit>| limit.map(|limit| limit.to_string());
        json!({ "close": text(close), "genesys": text(genesys) })
    }

    /// Changes those limits that are named.
    ///
    /// # Errors
    /// A sentence on what is wrong; then nothing has changed.
    pub fn change(&self, body: &[u8]) -> Result<(), String> {
        let body: Map<String, Value> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let mut state = self.lock();
        let mut limits = state.limits;
        for (vendor, limit) in &body {
            let place = limits.of_name(vendor).ok_or_else(|| format!("{vendor}: there is no such vendor"))?;
            *place = match limit {
                Value::Null => None,
                Value::String(text) => Some(text.parse().map_err(|why| format!("{vendor}: {why}"))?),
                _ => return Err(format!("{vendor}: write a rate like \"20/s\", or null")),
            };
        }
        state.limits = limits;
        state.windows.retain(|key, _| match key {
            Key::Close(..) | Key::Organization(_) => !body.contains_key("close"),
            Key::Genesys(_) => !body.contains_key("genesys"),
        });
        Ok(())
    }

    /// Counts a request to Close; `None` where there is no limit.
    pub fn close(&self, token: String, group: close::EndpointGroup, now: Instant) -> Option<Verdict> {
        let mut state = self.lock();
        let limit = state.limits.close?;
        let everybody = limit.requests.saturating_mul(ORGANIZATION);
        let wanted = [(Key::Close(token, group), limit.requests), (Key::Organization(group), everybody)];
        state.take(&wanted, limit.unit.window(), now)
    }

    /// Counts a request to Genesys; `None` where there is no limit.
    pub fn genesys(&self, token: String, now: Instant) -> Option<Verdict> {
        let mut state = self.lock();
        let limit = state.limits.genesys?;
        state.take(&[(Key::Genesys(token), limit.requests)], limit.unit.window(), now)
    }

    fn lock(&self) -> MutexGuard<'_, Limiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limiting {
    /// Takes one of each, or none of any.
    fn take(&mut self, wanted: &[(Key, u32)], window: Duration, now: Instant) -> Option<Verdict> {
        self.windows.retain(|_, open| open.until > now);
        let full = wanted.iter().map(|one| self.standing(one, window, now)).filter(|one| one.remaining == 0);
        if let Some(full) = full.max_by_key(|one| one.reset) {
            return Some(Verdict::Refused(full));
        }
        for (key, _) in wanted {
            let open = self.windows.entry(key.clone());
            open.or_insert(Window { until: now + window, taken: 0 }).taken += 1;
        }
        let closest =
            wanted.iter().map(|one| self.standing(one, window, now)).min_by_key(|one| one.remaining);
        closest.map(Verdict::Granted)
    }

    fn standing(&self, (key, limit): &(Key, u32), window: Duration, now: Instant) -> Standing {
        let open = self.windows.get(key).copied().unwrap_or(Window { until: now + window, taken: 0 });
        Standing {
            limit: *limit,
            remaining: limit.saturating_sub(open.taken),
            reset: up_to_millis(open.until.saturating_duration_since(now)),
            window,
            shared: matches!(key, Key::Organization(_)),
        }
    }
}

fn up_to_millis(time: Duration) -> Duration {
    let millis = u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
    Duration::from_millis(millis)
}

/// Refuses what is too much. Requests without a credential that holds are left to whoever refuses
/// those, and the sign-in has no limit.
pub async fn enforce(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (Some(vendor), Some(credential)) = (Vendor::of(path), tokens::credential(request.headers())) else {
        return next.run(request).await;
    };
    if oauth::serves(path) || sandbox.tokens.has_expired(request.headers()) {
        return next.run(request).await;
    }
    match vendor {
        Vendor::Close => {
            let group = close::endpoint_group(&sandbox.config, &request);
            let verdict = group.and_then(|group| sandbox.limiter.close(credential, group, Instant::now()));
            match verdict {
                None => next.run(request).await,
                Some(Verdict::Refused(standing)) => close::too_many_requests(&standing),
                Some(Verdict::Granted(standing)) => {
                    close::with_rate_limit(next.run(request).await, &standing)
                }
            }
        }
        Vendor::Genesys => match sandbox.limiter.genesys(credential, Instant::now()) {
            Some(Verdict::Refused(standing)) => {
                let wait = standing.whole_seconds().to_string();
                genesys::too_many_requests(sandbox.config.seed, &wait)
            }
            _ => next.run(request).await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);
    const SECOND: Duration = Duration::from_secs(1);

    fn limiter(limits: &str) -> Limiter {
        Limiter::new(limits.parse().unwrap())
    }

    /// What is left after a request of this token; `None` if it was refused.
    fn left(limiter: &Limiter, token: &str, now: Instant) -> Option<u32> {
        match limiter.genesys(token.to_owned(), now).unwrap() {
            Verdict::Granted(standing) => Some(standing.remaining),
            Verdict::Refused(_) => None,
        }
    }

    #[test]
    fn a_window_begins_with_its_first_request_and_ends_on_time() {
        let limiter = limiter("genesys=2/s");
        let start = Instant::now();
        assert_eq!(left(&limiter, "a", start), Some(1));
        assert_eq!(left(&limiter, "a", start + 900 * MILLI), Some(0));
        assert_eq!(left(&limiter, "a", start + SECOND - MILLI), None);
        // What was refused neither counts nor moves the end.
        assert_eq!(left(&limiter, "a", start + SECOND), Some(1));
        // The next one begins whenever somebody comes.
        assert_eq!(left(&limiter, "a", start + 2500 * MILLI), Some(1));
        assert_eq!(left(&limiter, "a", start + 3400 * MILLI), Some(0));
        assert_eq!(left(&limiter, "a", start + 3499 * MILLI), None);
        assert_eq!(left(&limiter, "a", start + 3500 * MILLI), Some(1));
        assert_eq!(left(&limiter, "b", start + 3500 * MILLI), Some(1));
    }

    #[test]
    fn no_window_takes_more_than_its_limit_at_whatever_pace() {
        let limiter = limiter("genesys=7/s");
        let start = Instant::now();
        let mut granted = Vec::new();
        let mut now = start;
        for step in 0..2_000_u32 {
            now += MILLI * (step * 7_919 % 40);
            if left(&limiter, "a", now).is_some() {
                granted.push(now);
            }
        }
        let mut at = 0;
        while at < granted.len() {
            let window = granted[at..].iter().take_while(|time| **time < granted[at] + SECOND).count();
            assert!(window <= 7, "{window}");
            at += window;
        }
        let seconds = usize::try_from((now - start).as_secs()).unwrap();
        assert!(granted.len() >= 7 * seconds * 9 / 10, "{} in {seconds} s", granted.len());
    }

    #[test]
    fn of_two_limits_the_closer_one_is_told_and_the_longer_one_waited_for() {
        let limiter = limiter("close=2/s");
        let (one, other) =
            (close::EndpointGroup::for_tests("user"), close::EndpointGroup::for_tests("group"));
        let start = Instant::now();
        let ask = |token: &str, group, at: Duration| match limiter
            .close(token.to_owned(), group, start + at)
            .unwrap()
        {
            Verdict::Granted(told) => (true, told.limit, told.remaining, told.reset.as_millis()),
            Verdict::Refused(told) => (false, told.limit, told.remaining, told.reset.as_millis()),
        };
        assert_eq!(ask("a", one, Duration::ZERO), (true, 2, 1, 1_000));
        assert_eq!(ask("a", other, Duration::ZERO), (true, 2, 1, 1_000));
        assert_eq!(ask("b", one, 300 * MILLI), (true, 2, 1, 1_000));
        assert_eq!(ask("b", one, 300 * MILLI), (true, 2, 0, 1_000));
        assert_eq!(ask("c", one, 400 * MILLI), (true, 2, 1, 1_000));
        assert_eq!(ask("c", one, 400 * MILLI), (true, 2, 0, 1_000));
        // The sixth of the organisation, and the first of the token.
        assert_eq!(ask("d", one, 500 * MILLI), (true, 6, 0, 500));
        assert_eq!(ask("d", one, 500 * MILLI), (false, 6, 0, 500));
        // Both are at their end, and the token's window is over later.
        assert_eq!(ask("c", one, 500 * MILLI), (false, 2, 0, 900));
        assert_eq!(ask("c", one, 1_000 * MILLI), (false, 2, 0, 400));
        // What was refused was not counted by the token either.
        assert_eq!(ask("d", one, 1_000 * MILLI), (true, 2, 0, 500));
    }

    #[test]
    fn what_is_told_is_never_too_short() {
        let limiter = limiter("genesys=1/s");
        let start = Instant::now();
        left(&limiter, "a", start);
        for nanos in [1, 999_999, 1_000_000, 1_000_001, 999_999_999] {
            let now = start + Duration::from_nanos(nanos);
            let Some(Verdict::Refused(told)) = limiter.genesys("a".to_owned(), now) else {
                panic!("{nanos}");
            };
            assert!(told.reset > Duration::ZERO && now + told.reset >= start + SECOND, "{nanos}");
            assert_eq!(told.reset.subsec_nanos() % 1_000_000, 0);
            assert_eq!(told.whole_seconds(), 1);
        }
    }

    #[test]
    fn rates_are_read_as_they_are_shown() {
        for text in ["20/s", "300/min", "5000/h"] {
            assert_eq!(text.parse::<RateLimit>().unwrap().to_string(), text);
        }
        for text in ["", "20", "20/", "/s", "0/s", "-1/s", "1.5/s", "20/sec", "20/s/s", "4294967296/s"] {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
        for text in ["", "20/s", "acme=1/s", "close", "close=1/s,", "close=1/s,close=2/s"] {
            assert!(text.parse::<RateLimits>().is_err(), "{text}");
        }
        let both: RateLimits = "genesys=300/min, close=20/s".parse().unwrap();
        assert_eq!(both.close, Some(RateLimit { requests: 20, unit: Unit::Second }));
        assert_eq!(both.genesys, Some(RateLimit { requests: 300, unit: Unit::Minute }));
    }
}
