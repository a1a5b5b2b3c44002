use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use super::LocalFuture;

/// Time, handed in.
pub trait Clock {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> f64;
    /// Ends after so many milliseconds.
    fn sleep(&self, ms: u32) -> LocalFuture<'_, ()>;
}

/// Runs a future for at most so many milliseconds, 0 for any time. `None` when the time ran out; the future is
/// dropped then, which ends what it was doing.
pub async fn timeout<T>(clock: &dyn Clock, ms: u32, future: impl Future<Output = T>) -> Option<T> {
    if ms == 0 {
        return Some(future.await);
    }
    let mut sleep = clock.sleep(ms);
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}
