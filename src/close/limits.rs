//! The limits of Close: <https://developer.close.com/api/overview/rate-limits>. Each group of endpoints has one of its own,
//! for each key and for the organization; which endpoints go together is not published.

use crate::client::{Limits, Window};
use crate::http::{Headers, milliseconds, parts};

pub(super) const LIMITS: Limits = Limits { per_endpoint: true, allowance: None, read };

/// `RateLimit: limit=100, remaining=50, reset=0.85`, the limit that is the closest. Not every answer has it.
fn read(headers: &Headers) -> Option<Window> {
    let number = |name| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
        value_of(headers, name).map(|thousandths| (thousandths / 1_000.0) as u32)
    };
    Some(Window { limit: number("limit=")?, remaining: number("remaining=")?, reset_ms: reset_ms(headers)? })
}

/// Milliseconds until the window ends.
pub(super) fn reset_ms(headers: &Headers) -> Option<f64> {
    value_of(headers, "reset=")
}

/// A thousand times a value of the header.
fn value_of(headers: &Headers, name: &str) -> Option<f64> {
    let mut parts = parts(headers.get("ratelimit")?, b',');
    parts.find_map(|part| part.trim_ascii().strip_prefix(name)).and_then(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_read_whole_or_not_at_all() {
        for (header, window) in [
            ("limit=100, remaining=50, reset=5", Some((100, 50, 5_000.0))),
            ("limit=20,remaining=0,reset=0.85", Some((20, 0, 850.0))),
            (" reset=1 , limit=1, remaining=1", Some((1, 1, 1_000.0))),
            ("limit=100, remaining=50", None),
            ("limit=, remaining=5, reset=1", None),
            ("limit=-1, remaining=5, reset=1", None),
            ("limit=1e3, remaining=5, reset=1", None),
            ("100, 50, 5", None),
            ("", None),
        ] {
            let mut headers = Headers::new();
            headers.put("ratelimit", header);
            let read = read(&headers).map(|window| (window.limit, window.remaining, window.reset_ms));
            assert_eq!(read, window, "{header}");
        }
        assert_eq!(read(&Headers::new()), None);
    }
}
