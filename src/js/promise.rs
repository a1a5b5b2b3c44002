use std::rc::Rc;
use std::task::{Context, Poll};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::started::{Callback, Started, Told};
use super::tasks::spawn;
use crate::client::LocalFuture;
use crate::http::fill;

/// A call under way, as JavaScript will see it end.
pub type Running = LocalFuture<'static, Result<JsValue, JsValue>>;

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    type Deferred;
    fn deferred() -> Deferred;
    #[wasm_bindgen(method, getter)]
    fn promise(this: &Deferred) -> Promise;
    fn settle(call: &Deferred, is_good: bool, value: &JsValue);
    fn stop(reason: &str);
    fn listen(signal: &AbortSignal, done: &Callback) -> Function;
}

/// A future with its promise, and what stops it before its end.
pub struct Task {
    future: Running,
    call: Deferred,
    stop: Rc<Told>,
    abort: Option<(AbortSignal, Started)>,
}

impl Task {
    /// Takes a step. What was stopped takes none: not even its first, if the signal had aborted before.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<JsValue, JsValue>> {
        if self.stop.is_told() {
            return Poll::Ready(match &self.abort {
                Some((signal, _)) if signal.aborted() => Err(signal.reason()),
                _ => Ok(JsValue::UNDEFINED),
            });
        }
        let result = self.future.as_mut().poll(context);
        if result.is_pending() {
            self.stop.wake(context.waker());
        }
        result
    }

    /// Settles its promise. What its future was doing ends before.
    pub fn settle(self, result: Result<JsValue, JsValue>) {
        let Self { future, call, .. } = self;
        drop(future);
        let is_good = result.is_ok();
        settle(&call, is_good, &result.unwrap_or_else(|error| error));
    }
}

/// A promise of what a future gives. It rejects with the signal's own reason when that aborts, and comes to nothing
/// when it is told to stop.
pub fn promise(future: Running, stop: Rc<Told>, signal: Option<AbortSignal>) -> Promise {
    let call = deferred();
    let promise = call.promise();
    let abort = signal.map(|signal| {
        if signal.aborted() {
            stop.tell(JsValue::UNDEFINED);
        }
        let listener = Started::telling(&stop, |done| listen(&signal, done));
        (signal, listener)
    });
    spawn(Task { future, call, stop, abort });
    promise
}

/// A panic stops the future it happens in, so its promise would hang for ever, and leaves the rest of the memory in the
/// middle of things: all calls that are under way are rejected, and later ones too.
pub fn reject_all_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or("", |location| location.file());
        stop(&fill("{}: {}", &[place, info.payload_as_str().unwrap_or_default()]));
    }));
}

/// Fails as a defect would, for the test of what becomes of the package then: while a call is under way, at once, or
/// at once and without a panic, as when there is no memory left.
///
/// # Panics
/// Always.
#[cfg(feature = "test-panic")]
#[wasm_bindgen(js_name = testPanic, skip_typescript)]
#[allow(clippy::panic, reason = "it is what this is for")]
pub fn test_panic(how: &str) -> Promise {
    match how {
        "call" => promise(Box::pin(async { panic!("on purpose") }), Rc::default(), None),
        "now" => panic!("on purpose"),
        _ => core::arch::wasm32::unreachable(),
    }
}
