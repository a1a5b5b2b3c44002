//! What happens to a request that a rule has fired at.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::HangUp;
use super::answer::Invention;
use super::body::{Delivery, Ending, Pace};
use super::items::Items;
use super::reader::Reader;
use super::records::{List, Shift};
use crate::control::on_database;
use crate::cors;
use crate::server::Sandbox;

/// Nobody waits longer.
const MOST_MS: u64 = 3_600_000;

/// What happens to a request.
#[derive(Clone, Debug)]
pub struct Fault {
    /// How long nothing happens.
    pub delay: Duration,
    /// What comes of it then.
    pub outcome: Outcome,
    /// More headers for the answer.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// How the answer goes out.
    pub delivery: Delivery,
    /// Whether its body is only half of what it was.
    truncate: bool,
    /// Whether pages may not read its headers.
    hide_headers: bool,
}

/// What comes of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is not carried out, and not answered.
    Nothing,
    /// It is not carried out, and answered.
    Invented(Invention),
    /// It is carried out.
    Real(Real),
}

/// What is different about carrying a request out.
#[derive(Clone, Debug, Default)]
pub struct Real {
    expires_token: bool,
    shift: Option<Shift>,
    items: Option<Items>,
    /// Whether its answer is lost.
    unanswered: bool,
}

impl Fault {
    /// A fault of nothing but its outcome.
    pub fn of(outcome: Outcome) -> Self {
        Fault {
            delay: Duration::ZERO,
            outcome,
            headers: Vec::new(),
            delivery: Delivery::default(),
            truncate: false,
            hide_headers: false,
        }
    }

    /// Reads what a rule says of it.
    ///
    /// # Errors
    /// A sentence that names the member; also for members that are unknown or make no sense together.
    pub fn read(rule: &mut Reader) -> Result<Self, String> {
        let invention = Invention::read(rule)?;
        let delay = rule.delay("delayMs")?;
        let headers = rule.headers("headers")?;
        let hide_headers = rule.flag("hideHeaders")?;
        let truncate = rule.flag("truncate")?;
        let pace = pace(rule)?;
        let items = rule.one_count(
            "items",
            [("duplicate", Items::Duplicate as fn(usize) -> Items), ("missing", Items::Missing)],
        )?;
        let shift = rule.one_count(
            "records",
            [("insert", Shift::Insert as fn(usize) -> Shift), ("remove", Shift::Remove)],
        )?;
        let expires_token = rule.flag("expireToken")?;
        let reset: Option<String> = rule.take("reset")?;
        let reset = reset.as_deref();
        rule.finish()?;

        let answered = invention.is_some();
        let altered = hide_headers || truncate || !headers.is_empty() || pace.is_some() || items.is_some();
        let carried_out = items.is_some() || shift.is_some() || expires_token;
        let nonsense = match reset {
            Some("before" | "after" | "body") if answered => Some(("reset", "only of real answers")),
            Some("before" | "after") if altered => Some(("reset", "nothing is left of the answer to alter")),
            Some("before") if carried_out => Some(("reset", "nothing is carried out")),
            Some("body") if truncate => Some(("truncate", "not together with reset")),
            Some("before" | "after" | "body") | None => None,
            Some(_) => Some(("reset", "before, after or body")),
        };
        let nonsense = match nonsense {
            None if answered && items.is_some() => Some(("items", "only of real answers")),
            None if answered && shift.is_some() => Some(("records", "only with a real answer")),
            None if answered && expires_token => Some(("expireToken", "the answer is its own")),
            None if expires_token && (shift.is_some() || items.is_some() || reset == Some("after")) => {
                Some(("expireToken", "the request is refused, so there is nothing else to it"))
            }
            nonsense => nonsense,
        };
        if let Some((member, why)) = nonsense {
            return Err(rule.wrong(member, why));
        }
        if !(answered || altered || carried_out || reset.is_some() || delay > Duration::ZERO) {
            return Err(rule.wrong("status", "the rule has no fault: neither this nor any other"));
        }

        let outcome = match (invention, reset) {
            (Some(invention), _) => Outcome::Invented(invention),
            (None, Some("before")) => Outcome::Nothing,
            (None, _) => Outcome::Real(Real {
                expires_token,
                shift: shift.map(|(shift, count)| shift(count)),
                items: items.map(|(items, count)| items(count)),
                unanswered: reset == Some("after"),
            }),
        };
        let ending = if reset == Some("body") { Ending::CutInTheMiddle } else { Ending::Whole };
        Ok(Fault { delay, outcome, headers, delivery: Delivery { pace, ending }, truncate, hide_headers })
    }

    /// Whether there is anything for it to do to such a request.
    pub fn concerns(&self, request: &Parts) -> bool {
        match &self.outcome {
            Outcome::Real(Real { shift: Some(_), .. }) => List::of(request).is_some(),
            _ => true,
        }
    }

    /// Whether a request may be left without an answer.
    pub fn may_cut(&self) -> bool {
        let lost = matches!(&self.outcome, Outcome::Nothing | Outcome::Real(Real { unanswered: true, .. }));
        lost || self.delivery.ending == Ending::CutInTheMiddle
    }

    /// Lets it happen.
    pub async fn carry_out(&self, sandbox: &Arc<Sandbox>, request: Request, next: Next) -> Response {
        tokio::time::sleep(self.delay).await;
        let mut response = match &self.outcome {
            Outcome::Nothing => return hung_up(),
            Outcome::Invented(invention) => invention.answer(request.uri().path(), sandbox.config.seed),
            Outcome::Real(real) => match real.answer(sandbox, request, next).await {
                Some(response) => response,
                None => return hung_up(),
            },
        };
        for (name, value) in &self.headers {
            response.headers_mut().insert(name, value.clone());
        }
        if self.hide_headers {
            response.extensions_mut().insert(cors::Hidden);
        }
        self.deliver(response).await
    }

    async fn deliver(&self, mut response: Response) -> Response {
        let body = std::mem::take(response.body_mut());
        let Ok(mut body) = axum::body::to_bytes(body, usize::MAX).await else {
            return hung_up();
        };
        if let Outcome::Real(Real { items: Some(items), .. }) = &self.outcome {
            body = items.of(body);
        }
        if self.truncate {
            body.truncate(body.len() / 2);
        }
        // What has no body cannot be cut in the middle of it, and is cut all the same.
        if body.is_empty() && self.delivery.ending == Ending::CutInTheMiddle {
            return hung_up();
        }
        self.delivery.send(body, response)
    }
}

impl Real {
    async fn answer(&self, sandbox: &Arc<Sandbox>, request: Request, next: Next) -> Option<Response> {
        if self.expires_token {
            sandbox.tokens.expire(request.headers());
        }
        let (parts, body) = request.into_parts();
        if let Some(shift) = self.shift
            && let Some(list) = List::of(&parts)
        {
            let work = move |sandbox: &Sandbox| sandbox.db.transact(|db| shift.apply(db, &list));
            if let Err(failure) = on_database(sandbox, work).await {
                return Some(failure);
            }
        }
        let response = next.run(Request::from_parts(parts, body)).await;
        (!self.unanswered).then_some(response)
    }
}

/// The answer that there is none.
fn hung_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

fn pace(rule: &mut Reader) -> Result<Option<Pace>, String> {
    let Some(mut slow) = rule.below("slowBody")? else {
        return Ok(None);
    };
    let bytes = slow.number("bytes", 1..=1 << 30)?.ok_or_else(|| slow.wrong("bytes", "is missing"))?;
    let every = slow.number("everyMs", 0..=MOST_MS)?.ok_or_else(|| slow.wrong("everyMs", "is missing"))?;
    slow.finish()?;
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    Ok(Some(Pace { bytes, every: Duration::from_millis(every) }))
}

impl Reader {
    /// A time in milliseconds.
    pub fn delay(&mut self, name: &str) -> Result<Duration, String> {
        Ok(Duration::from_millis(self.number(name, 0..=MOST_MS)?.unwrap_or(0)))
    }
}
