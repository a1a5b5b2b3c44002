use std::rc::Rc;

use super::{Answer, Call, CallOptions, Client, Endpoint};
use crate::http::{Error, Response};
use crate::paging::{Listing, Position, Style};

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

    /// How the list continues.
    fn style(&self) -> Style {
        match self.endpoint().answer {
            Answer::Page { style, .. } => style,
            _ => Style::Offset { more: "" },
        }
    }
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
}

/// A list, fetched page by page as it is asked for.
pub struct Pages {
    client: Rc<Client>,
    source: Rc<dyn Source>,
    options: CallOptions,
    listing: Listing,
    /// The page before, to tell a server that ignores where a page is to start: it would go on for ever.
    last: Option<Response>,
}

impl Pages {
    /// A list from a place on.
    pub fn new(client: Rc<Client>, source: Rc<dyn Source>, options: CallOptions, start: Position) -> Self {
        let listing = Listing::new(source.style(), start);
        Self { client, source, options, listing, last: None }
    }

    /// How far it is.
    pub const fn listing(&self) -> &Listing {
        &self.listing
    }

    /// The next page; `None` behind the last one. After an error the same page is asked for again.
    ///
    /// # Errors
    /// Those of [`Client::fetch`] and [`Client::decode`], and a `DecodeError` when a page is the one before again.
    pub async fn next(&mut self) -> Result<Option<Fetched>, Error> {
        let Some(at) = self.listing.next().cloned() else { return Ok(None) };
        let call = self.source.page(&at).map_err(|error| match &self.last {
            // The caller asked for nothing wrong: it is where the last answer leads to.
            Some(last) => self.client.undecodable(last, "its link to the next page leads nowhere"),
            None => error,
        })?;
        let response = self.client.fetch(&call, &self.options).await?;
        let facts = self.client.decode(&call, &response)?;
        // Without their ids, records of two pages may well look the same.
        let has_ids = call.selected.as_ref().is_none_or(|fields| fields.iter().any(|field| field == "id"));
        let quotable = self.client.quotable(&response);
        let is_same = self.last.as_ref().is_some_and(|last| last.body == quotable.body);
        if has_ids && facts.items > 0 && is_same {
            return Err(self.client.undecodable(&response, "the list repeats itself"));
        }
        self.last = Some(quotable);
        self.listing.accept(&facts);
        // Empty pages look alike, so a link back to the same page is told by itself.
        if self.listing.next().is_some_and(|next| next.place == at.place) {
            return Err(self.client.undecodable(&response, "the list repeats itself"));
        }
        Ok(Some(Fetched { response, at, next: self.listing.next().cloned() }))
    }
}
