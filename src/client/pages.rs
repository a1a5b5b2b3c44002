use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::hooks::Teller;
use super::{Answer, Call, Client, Endpoint, LocalFuture, Run, Stage};
use crate::http::{Error, Response};
use crate::paging::{Listing, Position, Style};
use crate::schema::Facts;

/// A list of a vendor: says what to call for the page at a place.
pub trait Source {
    /// What is called.
    fn endpoint(&self) -> &'static Endpoint;
    /// Where it starts.
    fn start(&self) -> Position;
    /// The call for the page at a place.
    ///
    /// # Errors
    /// A `ConfigError` that names the argument that is wrong.
    fn page(&self, at: &Position) -> Result<Call, Error>;
    /// Items that a page has unless it is the last, as far as that is known before the first one comes.
    fn page_size(&self) -> u64 {
        100
    }

    /// The fields of the items that are asked for; all without them.
    fn selected(&self) -> Option<Vec<String>> {
        self.page(&self.start()).ok()?.selected.take()
    }

    /// How the list continues.
    fn style(&self) -> Style {
        match self.endpoint().answer {
            Answer::Page { style, .. } => style,
            _ => Style::Offset { more: "" },
        }
    }
}

/// What takes the items of pages in the caller's place, straight from the answer.
pub trait Sink {
    /// Takes a page's items, and tells of the page. `skip` of its items come first that were taken before, and of the
    /// others no more than `wanted` are.
    ///
    /// # Errors
    /// What is wrong with the answer, for a person; nothing of it was taken then.
    fn take(&self, call: &Call, body: &[u8], skip: u64, wanted: u64) -> Result<Facts, String>;
}

/// A page as it came.
#[derive(Debug)]
pub struct Fetched {
    /// The answer, checked.
    pub response: Response,
    /// Where it is: so many of its items come first that were taken before.
    pub at: Position,
    /// Where the next page is; `None` for the last one.
    pub next: Option<Position>,
    /// Items on it.
    pub items: usize,
}

type Outcome = Result<Response, Error>;

/// A page that was asked for before its turn.
struct Ahead {
    at: Position,
    call: Call,
    work: LocalFuture<'static, Outcome>,
    outcome: Option<Outcome>,
}

/// A list, fetched page by page as it is asked for.
pub struct Pages {
    client: Rc<Client>,
    source: Rc<dyn Source>,
    run: Rc<Run>,
    listing: Listing,
    /// Pages in flight at once.
    concurrency: usize,
    ahead: Vec<Ahead>,
    /// Whether pages were where they were thought to be, so far.
    is_steady: bool,
    /// The page before, to tell a server that ignores where a page is to start: it would go on for ever.
    last: Option<Response>,
    /// The places that pages led to, to tell a circle.
    places: Vec<Position>,
    /// Pages with nothing on them, one after the other.
    empty: u32,
}

/// Pages with nothing on them, one after the other, behind which nobody believes any more that there is something.
const MAX_EMPTY: u32 = 100;

impl Pages {
    /// A list from a place on, with so many pages in flight at once.
    pub fn new(
        client: Rc<Client>,
        source: Rc<dyn Source>,
        run: Rc<Run>,
        start: Position,
        concurrency: usize,
    ) -> Self {
        let listing = Listing::new(source.style(), start, source.page_size());
        Self {
            client,
            source,
            run,
            listing,
            concurrency,
            ahead: Vec::new(),
            is_steady: true,
            last: None,
            places: Vec::new(),
            empty: 0,
        }
    }

    /// How far it is.
    pub const fn listing(&self) -> &Listing {
        &self.listing
    }

    /// The next page; `None` behind the last one. After an error the same page is asked for again. `wanted` items are
    /// wanted yet, this page's included: pages behind them are not asked for.
    ///
    /// # Errors
    /// Those of [`Client::fetch`] and [`Client::decode`]; a `DecodeError` when a page is the one before again, leads to
    /// where the list was before, or is one of too many with nothing on them; a `TimeoutError` when the deadline has
    /// come.
    pub async fn next(&mut self, wanted: u64) -> Result<Option<Fetched>, Error> {
        self.fill(wanted, None).await
    }

    /// The next page, as [`Pages::next`] gives it, whose items the sink takes.
    ///
    /// # Errors
    /// Those of [`Pages::next`], and what the sink says.
    pub async fn fill(&mut self, wanted: u64, sink: Option<&dyn Sink>) -> Result<Option<Fetched>, Error> {
        let Some(at) = self.listing.next().cloned() else { return Ok(None) };
        let client = Rc::clone(&self.client);
        let run = Rc::clone(&self.run);
        let name = self.source.endpoint().name;
        self.ask(&at, wanted)?;
        let arrival = Box::pin(poll_fn(|context| poll(&mut self.ahead, context)));
        let response = client.in_time(name, &run, arrival).await.inspect_err(|_| {
            // Whoever goes on asks for this page again, and the others come behind it.
            self.ahead.clear();
        })?;
        let call = self.ahead.remove(0).call;
        let fetched = self.accept(&call, response, at, wanted, sink).map_err(|mut error| {
            run.complete(&mut error);
            error
        })?;
        let (pages, items, total) = (self.listing.pages(), self.listing.items(), self.listing.total());
        Teller::new(&client, &run, name, &call.request).tell(Stage::Page { pages, items, total });
        Ok(Some(fetched))
    }

    /// Asks for the page at a place, and for those behind it meanwhile.
    fn ask(&mut self, at: &Position, wanted: u64) -> Result<(), Error> {
        if self.ahead.first().is_some_and(|first| first.at.place != at.place) {
            // The vendor gave fewer items than it was asked for. What was asked for lies elsewhere.
            self.ahead.clear();
            self.is_steady = false;
        }
        let most = if self.is_steady { self.listing.ahead(self.concurrency, wanted) } else { 1 };
        while self.ahead.len() < most.max(1) {
            let Some(at) = self.listing.guess(self.ahead.len() as u64) else { break };
            let call = self.source.page(&at).map_err(|error| match &self.last {
                // The caller asked for nothing wrong: it is where the last answer leads to.
                Some(last) => self.client.undecodable(last, "its link to the next page leads nowhere"),
                None => error,
            })?;
            let work = self.client.fetch(&call, &self.run);
            self.ahead.push(Ahead { at, call, work, outcome: None });
        }
        Ok(())
    }

    fn accept(
        &mut self,
        call: &Call,
        response: Response,
        at: Position,
        wanted: u64,
        sink: Option<&dyn Sink>,
    ) -> Result<Fetched, Error> {
        let facts = match sink {
            Some(sink) => sink
                .take(call, &response.body, at.skip, wanted)
                .map_err(|message| self.client.undecodable(&response, &message))?,
            None => self.client.decode(call, &response)?,
        };
        // Without their ids, records of two pages may well look the same.
        let has_ids = call.selected.as_ref().is_none_or(|fields| fields.iter().any(|field| field == "id"));
        let is_same = self.last.as_ref().is_some_and(|last| last.body == response.body);
        self.empty = if facts.items > 0 { 0 } else { self.empty + 1 };
        let mut is_circle = has_ids && facts.items > 0 && is_same;
        self.last = Some(response.clone());
        if !is_circle {
            self.listing.accept(&facts);
            self.places.push(at.clone());
            // Empty pages look alike, so a link back to a page that was is told by itself.
            is_circle = self
                .listing
                .next()
                .is_some_and(|next| self.places.iter().any(|known| known.place == next.place));
        }
        if is_circle {
            return Err(self.client.undecodable(&response, "the list repeats itself"));
        }
        let next = self.listing.next().cloned();
        if next.is_some() && self.empty >= MAX_EMPTY {
            return Err(self
                .client
                .undecodable(&response, "the list goes on and on with nothing on its pages"));
        }
        Ok(Fetched { response, at, next, items: facts.items })
    }
}

/// Drives all pages, until the first has come.
fn poll(ahead: &mut [Ahead], context: &mut Context<'_>) -> Poll<Outcome> {
    for page in ahead.iter_mut().filter(|page| page.outcome.is_none()) {
        if let Poll::Ready(outcome) = Pin::new(&mut page.work).poll(context) {
            page.outcome = Some(outcome);
        }
    }
    match ahead.first_mut().and_then(|first| first.outcome.take()) {
        Some(outcome) => Poll::Ready(outcome),
        None => Poll::Pending,
    }
}
