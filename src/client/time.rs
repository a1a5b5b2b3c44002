use std::future::poll_fn;
use std::task::Poll;

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
pub fn timeout<'a, T>(
    clock: &'a dyn Clock,
    ms: u32,
    mut future: LocalFuture<'a, T>,
) -> impl Future<Output = Option<T>> + Unpin {
    let mut sleep = (ms > 0).then(|| clock.sleep(ms));
    poll_fn(move |context| match (future.as_mut().poll(context), &mut sleep) {
        (Poll::Ready(result), _) => Poll::Ready(Some(result)),
        (Poll::Pending, Some(sleep)) => sleep.as_mut().poll(context).map(|()| None),
        (Poll::Pending, None) => Poll::Pending,
    })
}
