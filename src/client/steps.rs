use std::rc::Rc;
use std::task::Poll;

use super::{Call, CallOptions, Client};
use crate::http::{Error, Response};

/// A call that takes more than its one request, as pure state: it is told how a step went and says the next one.
pub trait Steps {
    /// The next step. `last` is how the last request went, checked against what its endpoint promises; `None` at the
    /// start and after a pause. `now` is in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// What the whole call fails with.
    fn next(&mut self, last: Option<Result<Response, Error>>, now: f64) -> Result<Step, Error>;
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this.
    Send(Call),
    /// Wait so many milliseconds.
    Pause(u32),
    /// Tell the caller how many parts are done, of how many.
    Tell(usize, usize),
    /// It is done, with this answer.
    Done(Response),
}

/// Makes the steps of a call.
pub type Flow = fn(Call) -> Result<Box<dyn Steps>, Error>;

/// Goes through the steps.
pub(super) async fn walk(
    client: &Rc<Client>,
    mut steps: Box<dyn Steps>,
    options: &CallOptions,
) -> Result<Response, Error> {
    let mut last = None;
    let mut sent = 0;
    loop {
        let next = steps.next(last.take(), client.clock.now_ms()).map_err(|mut error| {
            error.attempts = sent;
            error
        });
        match next? {
            Step::Send(call) => {
                sent += 1;
                last = Some(client.checked(&call, options).await);
            }
            Step::Pause(ms) => client.clock.sleep(ms).await,
            Step::Tell(done, total) => {
                if let Some(progress) = &options.progress {
                    progress(done, total);
                    // Whoever was told may have given the call up.
                    pause().await;
                }
            }
            Step::Done(response) => return Ok(response),
        }
    }
}

/// Gives way once, so that whoever drives a future can drop it.
async fn pause() {
    let mut is_first = true;
    std::future::poll_fn(|context| {
        if !std::mem::take(&mut is_first) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
