use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use super::{Call, Client, LocalFuture, Run};
use crate::http::{Error, ErrorKind, Response};

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

/// A call that takes no more than its one request.
pub struct Once(Option<Call>);

impl Once {
    /// The steps of a call.
    pub fn new(call: Call) -> Self {
        Self(Some(call))
    }
}

impl Steps for Once {
    fn next(&mut self, last: Option<Result<Response, Error>>, _: f64) -> Result<Step, Error> {
        match (self.0.take(), last) {
            (Some(call), _) => Ok(Step::Send(call)),
            (None, Some(result)) => result.map(Step::Done),
            (None, None) => Err(out_of_step()),
        }
    }
}

/// Cannot happen: what goes through the steps tells of every request that it sends.
pub fn out_of_step() -> Error {
    Error::new(ErrorKind::Internal, "a step was taken out of order".to_owned())
}

/// Makes the steps of a call.
pub type Flow = fn(Call) -> Result<Box<dyn Steps>, Error>;

/// Goes through the steps of an operation.
pub(super) async fn walk(
    client: &Rc<Client>,
    operation: &'static str,
    steps: Result<Box<dyn Steps>, Error>,
    run: &Rc<Run>,
) -> Result<Response, Error> {
    let mut steps = steps?;
    let mut last = None;
    let clock = &client.clock;
    // Why they cannot go on. They are told first, and say how far they came.
    let mut over = None;
    loop {
        let next = steps.next(last.take(), clock.now_ms()).map_err(|mut error| {
            error.attempts = run.requests();
            error
        });
        let sleep = match (next?, over.take()) {
            (Step::Done(response), _) => return Ok(response),
            (_, Some(over)) => return Err(over),
            (Step::Send(call), None) => {
                let answer = client.in_time(operation, run, client.fetch(&call, run)).await;
                last = Some(answer.and_then(|response| {
                    client.decode(&call, &response).map_err(|mut error| {
                        run.complete(&mut error);
                        error
                    })?;
                    Ok(response)
                }));
                continue;
            }
            (Step::Pause(ms), None) if run.left_ms(clock.now_ms()).is_some_and(|left| left <= ms) => {
                // It would come to nothing.
                let late = client.too_late(operation, run);
                over = Some(late.clone());
                last = Some(Err(late));
                continue;
            }
            (Step::Pause(ms), None) => Some(clock.sleep(ms)),
            (Step::Tell(done, total), None) => {
                let Some(progress) = &run.options.progress else { continue };
                progress(done, total);
                // Whoever was told may have given the call up.
                None
            }
        };
        rest(sleep).await;
    }
}

/// Ends after a sleep. Without one it gives way once, so that whoever drives a future can drop it.
fn rest(mut sleep: Option<LocalFuture<'_, ()>>) -> impl Future<Output = ()> {
    let mut is_first = true;
    poll_fn(move |context| match &mut sleep {
        Some(sleep) => sleep.as_mut().poll(context),
        None if std::mem::take(&mut is_first) => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
        None => Poll::Ready(()),
    })
}
