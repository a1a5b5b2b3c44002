//! Lists, page by page. `pages.js` makes iterators of them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::call::value;
use super::error::{plain, to_js};
use super::promise::promise;
use super::started::Told;
use super::table::{Columns, borrow, texts_of};
use crate::client::{Answer, CallOptions, Client, Pages, Run, Sink, Source};
use crate::paging::Position;
use crate::table::Listed;

/// A list that can be gone through any number of times. Nothing is sent until then.
#[wasm_bindgen(skip_typescript)]
pub struct List {
    client: Rc<Client>,
    source: Rc<dyn Source>,
    options: CallOptions,
    signal: Option<AbortSignal>,
}

impl List {
    /// A list of a source.
    pub fn new(
        client: &Rc<Client>,
        source: Rc<dyn Source>,
        options: CallOptions,
        signal: Option<AbortSignal>,
    ) -> Self {
        Self { client: Rc::clone(client), source, options, signal }
    }
}

#[wasm_bindgen]
impl List {
    /// A table for its records, without any.
    ///
    /// # Errors
    /// None: a list has a schema.
    #[wasm_bindgen(skip_typescript)]
    pub fn table(&self) -> Result<Columns, JsValue> {
        let shape = match self.source.endpoint().answer {
            Answer::Page { of, .. } => Some(of),
            _ => None,
        };
        Columns::of(shape, self.source.selected().as_deref())
    }

    /// Goes through the list, from a place on, with so many pages in flight at once. It lets other calls go first, unless
    /// `is_first`, or the caller said so.
    ///
    /// # Errors
    /// A `ConfigError` when the cursor is not one.
    #[wasm_bindgen(skip_typescript)]
    pub fn open(&self, cursor: Option<String>, concurrency: u32, is_first: bool) -> Result<Listing, JsValue> {
        let start = match cursor {
            Some(cursor) => self.source.style().parse(&cursor).map_err(|error| to_js(&error))?,
            None => self.source.start(),
        };
        let mut options = self.options.clone();
        options.background.get_or_insert(!is_first);
        let run = self.client.begin(options);
        let (client, source) = (Rc::clone(&self.client), Rc::clone(&self.source));
        let cursor = start.cursor();
        let pages = Pages::new(client, source, Rc::clone(&run), start, concurrency as usize);
        let walk = Walk {
            pages: RefCell::new(Some(pages)),
            run,
            cursor,
            counted: RefCell::default(),
            source: Rc::clone(&self.source),
            signal: self.signal.clone(),
            closed: Rc::default(),
            sink: RefCell::default(),
        };
        Ok(Listing { walk: Rc::new(walk) })
    }
}

/// One way through a list.
#[wasm_bindgen(skip_typescript)]
pub struct Listing {
    walk: Rc<Walk>,
}

#[wasm_bindgen]
impl Listing {
    /// The next page; undefined behind the last one, or when it was closed. Of a page with more items than `limit`,
    /// those above it are left for another listing, which its cursor leads to.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(&self, limit: Option<u32>) -> Promise {
        let going = Rc::clone(&self.walk).next(limit.unwrap_or(u32::MAX));
        promise(Box::pin(going), Rc::clone(&self.walk.closed), self.walk.signal.clone())
    }

    /// From here on the table takes the pages: of their items it keeps these fields.
    ///
    /// # Errors
    /// A `ConfigError` when the table is at work.
    #[wasm_bindgen(skip_typescript)]
    pub fn fill(&self, table: &Columns, keep: &str) -> Result<(), JsValue> {
        borrow(table.table())?.begin_listing();
        self.walk.sink.replace(Some(Rc::new(Listed::new(table.table(), texts_of(keep)))));
        Ok(())
    }

    /// Where it starts, and how it went so far: requests, those that were further tries, milliseconds that they waited;
    /// the items that it should come to, and whether their count changed.
    #[wasm_bindgen(skip_typescript)]
    pub fn tally(&self) -> JsValue {
        let Walk { run, counted, .. } = &*self.walk;
        let (expected, has_drifted) = *counted.borrow();
        let drift = Some(f64::from(has_drifted));
        let (requests, retries) = (Some(run.requests().into()), Some(run.retries().into()));
        plain(&[Some(&self.walk.cursor)], &[requests, retries, Some(run.waited_ms()), drift, expected])
    }

    /// Ends it, and the requests in flight. What did not come with it goes from the table that it filled, if it `is_whole`.
    #[wasm_bindgen(skip_typescript)]
    pub fn close(&self, is_whole: bool) {
        self.walk.closed.tell(JsValue::UNDEFINED);
        drop(self.walk.pages.take());
        // A table that is at work still has stopped in the middle.
        if let Some(sink) = self.walk.sink.take()
            && let Ok(mut table) = sink.table().try_borrow_mut()
        {
            table.end_listing(is_whole);
        }
    }
}

struct Walk {
    /// Taken out while a page is fetched, and left out when the list has ended or failed.
    pages: RefCell<Option<Pages>>,
    run: Rc<Run>,
    cursor: String,
    counted: RefCell<(Option<f64>, bool)>,
    source: Rc<dyn Source>,
    signal: Option<AbortSignal>,
    closed: Rc<Told>,
    /// What takes the items in place of JavaScript.
    sink: RefCell<Option<Rc<Listed>>>,
}

impl Walk {
    #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
    async fn next(self: Rc<Self>, limit: u32) -> Result<JsValue, JsValue> {
        let Some(mut pages) = self.pages.take() else { return Ok(JsValue::UNDEFINED) };
        let sink = self.sink.borrow().clone();
        let taking = sink.as_deref().map(|sink| sink as &dyn Sink);
        let result = pages.fill(limit.into(), taking).await;
        let Some(fetched) = result.map_err(|error| to_js(&error))? else { return Ok(JsValue::UNDEFINED) };
        let listing = pages.listing();
        self.counted.replace((listing.expected().map(|expected| expected as f64), listing.has_drifted()));
        let count = |number: Option<u64>| number.map(|number| number as f64);
        let (items, length) = match &sink {
            Some(_) => (JsValue::UNDEFINED, u32::try_from(fetched.items).unwrap_or(u32::MAX)),
            None => {
                // Checked to be a list before, and no copy of it.
                let items: Array = value(&self.source.endpoint().answer, &fetched.response)?.unchecked_into();
                let length = items.length();
                (items.into(), length)
            }
        };
        let duplicates = sink.map_or(0, |sink| sink.duplicates());
        let skip = u32::try_from(fetched.at.skip).unwrap_or(u32::MAX);
        let end = skip.saturating_add(limit).min(length);
        let next = match end < length {
            true => Some(fetched.at.advanced(u64::from(limit))),
            false => fetched.next,
        };
        let cursor = next.as_ref().map(Position::cursor);
        let counts = [count(listing.total()), count(listing.page_count())];
        let [total, page_count] = counts;
        let numbers =
            [Some(f64::from(skip)), Some(f64::from(end)), total, page_count, Some(duplicates as f64)];
        let page = Array::of2(&items, &plain(&[cursor.as_deref()], &numbers));
        if next.is_some() && !self.closed.is_told() {
            self.pages.replace(Some(pages));
        }
        Ok(page.into())
    }
}
