use std::cell::Cell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::LocalFuture;

/// A future that several wait for: whoever is woken drives it on. It ends when the last one lets go of it.
pub struct Shared<T> {
    /// Taken out while it is driven, and left out when it has ended.
    future: Cell<Option<LocalFuture<'static, T>>>,
    done: Cell<Option<T>>,
    waiting: Waiting,
}

impl<T: Clone> Shared<T> {
    /// Shares a future.
    pub fn new(future: LocalFuture<'static, T>) -> Rc<Self> {
        Rc::new(Self { future: Cell::new(Some(future)), done: Cell::default(), waiting: Waiting::default() })
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<T> {
        if let Some(mut future) = self.future.take() {
            match future.as_mut().poll(context) {
                Poll::Pending => self.future.set(Some(future)),
                Poll::Ready(value) => {
                    self.done.set(Some(value));
                    self.waiting.wake();
                }
            }
        }
        let Some(value) = self.done.take() else {
            self.waiting.add(context.waker());
            return Poll::Pending;
        };
        self.done.set(Some(value.clone()));
        Poll::Ready(value)
    }
}

/// Waits for a shared future.
pub fn wait<T: Clone>(shared: Rc<Shared<T>>) -> impl Future<Output = T> + Unpin {
    let leave = Leave(shared);
    std::future::poll_fn(move |context| leave.0.poll(context))
}

#[derive(Default)]
struct Waiting(Cell<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut waiting = self.0.take();
        if !waiting.iter().any(|known| known.will_wake(waker)) {
            waiting.push(waker.clone());
        }
        self.0.set(waiting);
    }

    fn wake(&self) {
        self.0.take().iter().for_each(Waker::wake_by_ref);
    }
}

/// The future wakes who drove it last, so when one goes the others have to look for themselves.
struct Leave<T>(Rc<Shared<T>>);

impl<T> Drop for Leave<T> {
    fn drop(&mut self) {
        self.0.waiting.wake();
    }
}
