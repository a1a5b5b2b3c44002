use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::LocalFuture;

/// A future that several wait for: whoever is woken drives it on. It ends when the last one lets go of it.
pub struct Shared<T> {
    future: RefCell<LocalFuture<'static, T>>,
    done: RefCell<Option<T>>,
    waiting: Waiting,
}

impl<T: Clone> Shared<T> {
    /// Shares a future.
    pub fn new(future: LocalFuture<'static, T>) -> Rc<Self> {
        Rc::new(Self { future: RefCell::new(future), done: RefCell::default(), waiting: Waiting::default() })
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<T> {
        let mut done = self.done.borrow_mut();
        if done.is_none() {
            let Ok(Poll::Ready(value)) =
                self.future.try_borrow_mut().map(|mut future| future.as_mut().poll(context))
            else {
                self.waiting.add(context.waker());
                return Poll::Pending;
            };
            *done = Some(value);
            self.waiting.wake();
        }
        done.clone().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Waits for a shared future.
pub fn wait<T: Clone>(shared: Rc<Shared<T>>) -> impl Future<Output = T> + Unpin {
    let leave = Leave(shared);
    std::future::poll_fn(move |context| leave.0.poll(context))
}

#[derive(Default)]
struct Waiting(RefCell<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut waiting = self.0.borrow_mut();
        if !waiting.iter().any(|known| known.will_wake(waker)) {
            waiting.push(waker.clone());
        }
    }

    fn wake(&self) {
        let waiting = std::mem::take(&mut *self.0.borrow_mut());
        waiting.iter().for_each(Waker::wake_by_ref);
    }
}

/// The future wakes who drove it last, so when one goes the others have to look for themselves.
struct Leave<T>(Rc<Shared<T>>);

impl<T> Drop for Leave<T> {
    fn drop(&mut self) {
        self.0.waiting.wake();
    }
}
