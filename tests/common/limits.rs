use std::cell::{Cell, RefCell};

use orgdeck::http::{Headers, Response};

use super::directory::respond;
use super::world::World;

/// How a server counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Count {
    /// In windows, the first of which ends so many milliseconds after the world began.
    Fixed(f64),
    /// In windows that begin with the first request after the last one ended.
    OnDemand,
    /// In the time before each request.
    Sliding,
}

/// A limit as a server keeps it: so many requests in so many milliseconds.
pub struct Bucket {
    world: World,
    count: Count,
    pub limit: usize,
    pub per_ms: f64,
    /// When requests of the window were let through.
    hits: RefCell<Vec<f64>>,
    ends: Cell<f64>,
    /// When any were, and how many were refused.
    pub served: RefCell<Vec<f64>>,
    pub refused: Cell<usize>,
}

impl Bucket {
    pub fn new(world: &World, count: Count, limit: usize, per_ms: f64) -> Self {
        let ends = if let Count::Fixed(first) = count { first } else { 0.0 };
        Self {
            world: world.clone(),
            count,
            limit,
            per_ms,
            hits: RefCell::default(),
            ends: Cell::new(ends),
            served: RefCell::default(),
            refused: Cell::default(),
        }
    }

    /// Whether a request is let through. It counts only if it is.
    pub fn take(&self) -> bool {
        let (now, mut hits) = (self.world.passed(), self.hits.borrow_mut());
        match self.count {
            Count::Fixed(_) => {
                while now >= self.ends.get() {
                    hits.clear();
                    self.ends.set(self.ends.get() + self.per_ms);
                }
            }
            Count::OnDemand if now >= self.ends.get() => {
                hits.clear();
                self.ends.set(now + self.per_ms);
            }
            Count::OnDemand => {}
            Count::Sliding => hits.retain(|&hit| hit + self.per_ms > now),
        }
        let is_free = hits.len() < self.limit;
        if is_free {
            hits.push(now);
            self.served.borrow_mut().push(now);
        } else {
            self.refused.set(self.refused.get() + 1);
        }
        is_free
    }

    /// Milliseconds until there is more.
    pub fn reset_ms(&self) -> f64 {
        let now = self.world.passed();
        match self.count {
            Count::Sliding => self.hits.borrow().first().map_or(0.0, |hit| hit + self.per_ms - now),
            _ => self.ends.get() - now,
        }
    }

    pub fn left(&self) -> usize {
        self.limit - self.hits.borrow().len()
    }

    /// Requests that were let through from the second of so many windows on, as a share of those that could have been.
    pub fn use_of(&self, windows: f64) -> f64 {
        let served = self.served.borrow();
        let counted = served.iter().filter(|&&at| at >= self.per_ms && at < windows * self.per_ms);
        counted.count() as f64 / (self.limit as f64 * (windows - 1.0))
    }

    /// What Close says of it.
    pub fn header(&self) -> String {
        format!("limit={}, remaining={}, reset={:.2}", self.limit, self.left(), self.reset_ms() / 1_000.0)
    }
}

/// The answer of Close to a request: refused by any of its limits, or served, with the limit that is the closest.
pub fn limited(buckets: &[&Bucket], served: impl FnOnce() -> Response) -> Response {
    let is_free = buckets.iter().all(|bucket| bucket.take());
    let share = |bucket: &Bucket| bucket.left() as f64 / bucket.limit as f64;
    let closest = buckets.iter().min_by(|one, other| share(one).total_cmp(&share(other))).unwrap();
    let mut response = if is_free { served() } else { respond(429, "{}") };
    let mut headers = Headers::new();
    headers.put("ratelimit", &closest.header());
    if !is_free {
        headers.put("retry-after", &format!("{:.0}", (closest.reset_ms() / 1_000.0).ceil()));
    }
    response.headers = headers;
    response
}
