//! How an answer's body goes out: whole, in pieces, or not to its end.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use http_body::Frame;
use tokio::time::Sleep;

/// How many bytes an answer may promise beyond those that it sends.
const NEVER_SENT: usize = 64;

/// How long an answer is given before its connection is cut: what was written has to leave the machine
/// first, and a cut in the same breath would take it along.
const TIME_TO_LEAVE: Duration = Duration::from_millis(20);

/// How a body ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// As its length says.
    #[default]
    Whole,
    /// In the middle, and the connection with it.
    CutInTheMiddle,
    /// All of it is there, but its length had promised more.
    CutBeyond,
}

/// Pieces, and the time between them.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How large a piece is.
    pub bytes: usize,
    /// How long after another.
    pub every: Duration,
}

/// How a body goes out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Delivery {
    /// In pieces.
    pub pace: Option<Pace>,
    /// And how it ends.
    pub ending: Ending,
}

impl Delivery {
    /// Gives an answer this body.
    pub fn send(self, body: Bytes, mut response: Response) -> Response {
        let length = body.len() + if self.ending == Ending::CutBeyond { NEVER_SENT } else { 0 };
        let sent = match self.ending {
            Ending::CutInTheMiddle => body.slice(..body.len() / 2),
            Ending::Whole | Ending::CutBeyond => body,
        };
        if length > 0 {
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        *response.body_mut() = match (self.pace, self.ending) {
            (None, Ending::Whole) => Body::from(sent),
            (pace, ending) => Body::new(Paced::new(sent, pace, ending != Ending::Whole)),
        };
        response
    }
}

struct Paced {
    rest: Bytes,
    pace: Pace,
    cut: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    fn new(body: Bytes, pace: Option<Pace>, cut: bool) -> Self {
        let pace = pace.unwrap_or(Pace { bytes: body.len(), every: Duration::ZERO });
        let pause = (body.is_empty() && cut).then(|| Box::pin(tokio::time::sleep(TIME_TO_LEAVE)));
        Paced { rest: body, pace, cut, pause }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if self.rest.is_empty() {
            let cut = std::mem::take(&mut self.cut);
            return Poll::Ready(cut.then(|| Err(io::Error::from(io::ErrorKind::ConnectionAborted))));
        }
        let size = self.pace.bytes.min(self.rest.len());
        let piece = self.rest.split_to(size);
        let pause = match (self.rest.is_empty(), self.cut) {
            (false, _) => Some(self.pace.every),
            (true, true) => Some(TIME_TO_LEAVE),
            (true, false) => None,
        };
        self.pause = pause.map(|pause| Box::pin(tokio::time::sleep(pause)));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && !self.cut
    }
}
