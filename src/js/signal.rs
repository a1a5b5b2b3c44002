use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::error::to_js;
use crate::http::Error;

/// A flag that futures can wait for.
#[derive(Clone, Default)]
pub struct Flag(Rc<RefCell<(bool, Vec<Waker>)>>);

impl Flag {
    /// Raises it, for good.
    pub fn raise(&self) {
        let wakers = {
            let mut state = self.0.borrow_mut();
            state.0 = true;
            std::mem::take(&mut state.1)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether it was raised.
    pub fn is_raised(&self) -> bool {
        self.0.borrow().0
    }

    /// Runs a future until the flag is raised: `None` then, and the future is dropped, which ends what it was doing.
    pub async fn until<T>(&self, mut future: Pin<Box<dyn Future<Output = T> + '_>>) -> Option<T> {
        std::future::poll_fn(|context: &mut Context<'_>| {
            if self.is_raised() {
                return Poll::Ready(None);
            }
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                return Poll::Ready(Some(value));
            }
            self.0.borrow_mut().1.push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// An `AbortSignal` listened to; the listener goes with it.
struct Listener {
    signal: AbortSignal,
    flag: Flag,
    listener: Closure<dyn FnMut()>,
}

impl Listener {
    fn new(signal: AbortSignal) -> Self {
        let flag = Flag::default();
        let raised = flag.clone();
        let listener = Closure::<dyn FnMut()>::new(move || raised.raise());
        let _ = signal.add_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
        Self { signal, flag, listener }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ =
            self.signal.remove_event_listener_with_callback("abort", self.listener.as_ref().unchecked_ref());
    }
}

/// Runs a future until it ends or the signal aborts, which rejects with the signal's own reason. A signal that has
/// aborted before lets nothing start.
pub async fn abortable<T>(
    signal: Option<&AbortSignal>,
    future: Pin<Box<dyn Future<Output = Result<T, Error>> + '_>>,
) -> Result<T, JsValue> {
    let Some(signal) = signal else { return future.await.map_err(|error| to_js(&error)) };
    if signal.aborted() {
        return Err(signal.reason());
    }
    let listener = Listener::new(signal.clone());
    match listener.flag.until(future).await {
        Some(result) => result.map_err(|error| to_js(&error)),
        None => Err(signal.reason()),
    }
}
