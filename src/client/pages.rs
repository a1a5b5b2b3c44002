use std::rc::Rc;

use super::{Call, CallOptions, Client};
use crate::http::{Error, Response};
use crate::paging::{Listing, Position, Style};

/// A list of a vendor: says what to call for the page at a place.
pub trait Source {
    /// How the list continues.
    fn style(&self) -> Style;
    /// Where it starts.
    fn start(&self) -> Position;
    /// The call for the page at a place.
    ///
    /// # Errors
    /// A `ConfigError` that names the argument that is wrong.
    fn page(&self, at: Position) -> Result<Call, Error>;
}

/// A page as it came.
#[derive(Debug)]
pub struct Fetched {
    /// The answer, checked.
    pub response: Response,
    /// How many items it has.
    pub items: usize,
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
    last: Vec<u8>,
}

impl Pages {
    /// A list from a place on.
    pub fn new(client: Rc<Client>, source: Rc<dyn Source>, options: CallOptions, start: Position) -> Self {
        let listing = Listing::new(source.style(), start);
        Self { client, source, options, listing, last: Vec::new() }
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
        let Some(at) = self.listing.next() else { return Ok(None) };
        let call = self.source.page(at)?;
        let response = self.client.fetch(&call, &self.options).await?;
        let facts = self.client.decode(&call, &response)?;
        // Without their ids, records of two pages may well look the same.
        let has_ids = call.selected.as_ref().is_none_or(|fields| fields.iter().any(|field| field == "id"));
        if has_ids && facts.items > 0 && response.body == self.last {
            return Err(self.client.undecodable(&response, "the list repeats itself"));
        }
        self.last.clone_from(&response.body);
        self.listing.accept(&facts);
        Ok(Some(Fetched { response, items: facts.items, next: self.listing.next() }))
    }
}
