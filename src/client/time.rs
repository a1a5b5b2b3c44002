use std::future::poll_fn;
use std::task::{Context, Poll};

use super::LocalFuture;

/// Time, handed in.
pub trait Clock {
    /// Milliseconds since the Unix epoch, or since any other moment.
    fn now_ms(&self) -> f64;
    /// Ends after so many milliseconds.
    fn sleep(&self, ms: u32) -> LocalFuture<'_, ()>;

    /// Milliseconds from now to a date as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`; `None` when it is none.
    /// Every browser reads dates, so what does it here is not in the WebAssembly.
    #[cfg(not(target_arch = "wasm32"))]
    fn until_ms(&self, date: &str) -> Option<f64> {
        crate::http::date_ms(date).map(|date| date - self.now_ms())
    }
    /// Milliseconds from now to a date as HTTP writes it; `None` when it is none.
    #[cfg(target_arch = "wasm32")]
    fn until_ms(&self, date: &str) -> Option<f64>;
}

/// Runs a future for at most so many milliseconds, 0 for any time. `None` when the time ran out; the future is
/// dropped then, which ends what it was doing.
pub async fn timeout<T>(clock: &dyn Clock, ms: u32, mut future: LocalFuture<'_, T>) -> Option<T> {
    let mut result = None;
    let mut is_done = |context: &mut Context<'_>| {
        future.as_mut().poll(context).map(|value| result = Some(value)).is_ready()
    };
    until(clock, ms, &mut is_done).await;
    result
}

/// One for futures of all kinds: each would weigh as much.
fn until<'a>(
    clock: &'a dyn Clock,
    ms: u32,
    is_done: &'a mut dyn FnMut(&mut Context<'_>) -> bool,
) -> LocalFuture<'a, ()> {
    let mut sleep = (ms > 0).then(|| clock.sleep(ms));
    Box::pin(poll_fn(move |context| match &mut sleep {
        _ if is_done(context) => Poll::Ready(()),
        Some(sleep) => sleep.as_mut().poll(context),
        None => Poll::Pending,
    }))
}
