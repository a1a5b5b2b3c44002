use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

use crate::client::LocalFuture;

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    fn invoke(run: &Function);
}

/// The one kind of function that JavaScript calls back.
pub type Callback = Closure<dyn FnMut(JsValue)>;

/// What somebody is told, once. One task waits for it.
#[derive(Default)]
pub struct Told {
    value: Cell<Option<JsValue>>,
    waker: Cell<Option<Waker>>,
}

impl Told {
    /// Tells it.
    pub fn tell(&self, value: JsValue) {
        self.value.set(Some(value));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Whether it was told.
    pub fn is_told(&self) -> bool {
        let value = self.value.take();
        let is_told = value.is_some();
        self.value.set(value);
        is_told
    }

    /// Wakes a task when it is told.
    pub fn wake(&self, waker: &Waker) {
        self.waker.set(Some(waker.clone()));
    }
}

/// What JavaScript has started and calls back for, once. Dropping it ends it: what nobody ends would never be forgotten.
pub struct Started {
    told: Rc<Told>,
    end: Function,
    _callback: Callback,
}

impl Started {
    /// Starts it. JavaScript gives what ends it, and does not call back then.
    pub fn new(start: impl FnOnce(&Callback) -> Function) -> Self {
        Self::telling(&Rc::default(), start)
    }

    /// The same, which tells somebody else.
    pub fn telling(told: &Rc<Told>, start: impl FnOnce(&Callback) -> Function) -> Self {
        let callback = calling(Rc::clone(told));
        Self { told: Rc::clone(told), end: start(&callback), _callback: callback }
    }
}

impl Started {
    /// What comes of it.
    pub fn map<'a, T>(mut self, read: impl Fn(JsValue) -> T + 'a) -> LocalFuture<'a, T> {
        Box::pin(poll_fn(move |context| Pin::new(&mut self).poll(context).map(&read)))
    }
}

fn calling(told: Rc<Told>) -> Callback {
    Callback::new(move |value| told.tell(value))
}

impl Future for Started {
    type Output = JsValue;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JsValue> {
        let value = self.told.value.take();
        if value.is_none() {
            self.told.wake(context.waker());
        }
        value.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        invoke(&self.end);
    }
}
