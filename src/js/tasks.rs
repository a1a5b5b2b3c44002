//! Runs futures, a step each time that they are woken. wasm-bindgen-futures does the same; that this knows but one kind
//! of future, and leaves the queue to the page, is 1 KB gzip.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::promise::Task;
use super::started::Callback;

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    fn run(step: JsValue);
    fn soon(task: usize);
}

/// Where a task is kept.
#[derive(Default)]
enum Place {
    #[default]
    Free,
    /// It takes a step, which may begin others.
    Busy,
    Waiting(Box<Task>, Arc<Sleeper>),
}

thread_local! {
    // Never dropped, as the page's memory is not: what is to be dropped has to be looked after.
    static PLACES: ManuallyDrop<RefCell<Vec<Place>>> = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

fn with_places<T: Default>(f: impl FnOnce(&mut Vec<Place>) -> T) -> T {
    PLACES.try_with(|places| f(&mut places.borrow_mut())).unwrap_or_default()
}

/// Tells JavaScript what to call for a task that is woken.
fn begin() {
    let step: Callback = Callback::new(|task: JsValue| {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it was one when it left"
        )]
        step(task.as_f64().unwrap_or_default() as usize);
    });
    run(step.into_js_value());
}

/// Runs a task to its end.
pub fn spawn(task: Task) {
    let number = with_places(|places| {
        let free = places.iter().position(|place| matches!(place, Place::Free));
        free.unwrap_or_else(|| {
            if places.is_empty() {
                begin();
            }
            places.push(Place::Free);
            places.len() - 1
        })
    });
    let sleeper = Arc::new(Sleeper { number, is_woken: AtomicBool::new(false) });
    put(number, Place::Waiting(Box::new(task), Arc::clone(&sleeper)));
    sleeper.wake();
}

/// Puts something into a place, and gives what was there.
fn put(number: usize, new: Place) -> Place {
    with_places(|places| match places.get_mut(number) {
        Some(place) => std::mem::replace(place, new),
        None => new,
    })
}

fn step(number: usize) {
    // Who wakes a task that has ended may find another one in its place, which then takes a step for nothing.
    let Place::Waiting(mut task, sleeper) = put(number, Place::Busy) else { return };
    sleeper.is_woken.store(false, Ordering::Relaxed);
    let waker = Waker::from(Arc::clone(&sleeper));
    match task.poll(&mut Context::from_waker(&waker)) {
        Poll::Pending => drop(put(number, Place::Waiting(task, sleeper))),
        Poll::Ready(result) => {
            put(number, Place::Free);
            task.settle(result);
        }
    }
}

/// What wakes a task, once until its next step.
struct Sleeper {
    number: usize,
    is_woken: AtomicBool,
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        if !self.is_woken.swap(true, Ordering::Relaxed) {
            soon(self.number);
        }
    }
}
