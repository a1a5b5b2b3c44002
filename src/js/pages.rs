//! Lists, page by page. `pages.js` makes iterators of them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::call::value;
use super::error::{set, to_js};
use super::promise::promise;
use super::signal::{Flag, abortable};
use crate::client::{CallOptions, Client, Pages, Source};

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
    /// Goes through the list, from a place on.
    ///
    /// # Errors
    /// A `ConfigError` when the cursor is not one.
    #[wasm_bindgen(skip_typescript)]
    pub fn open(&self, cursor: Option<String>) -> Result<Listing, JsValue> {
        let start = match cursor {
            Some(cursor) => self.source.style().parse(&cursor).map_err(|error| to_js(&error))?,
            None => self.source.start(),
        };
        let pages =
            Pages::new(Rc::clone(&self.client), Rc::clone(&self.source), self.options.clone(), start.clone());
        let walk = Walk {
            pages: RefCell::new(Some(pages)),
            source: Rc::clone(&self.source),
            signal: self.signal.clone(),
            closed: Flag::default(),
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
        let walk = Rc::clone(&self.walk);
        promise(Box::pin(async move { walk.next(limit.unwrap_or(u32::MAX)).await }))
    }

    /// Ends it, and the request in flight.
    #[wasm_bindgen(skip_typescript)]
    pub fn close(&self) {
        self.walk.closed.raise();
        drop(self.walk.pages.take());
    }
}

struct Walk {
    /// Taken out while a page is fetched, and left out when the list has ended or failed.
    pages: RefCell<Option<Pages>>,
    source: Rc<dyn Source>,
    signal: Option<AbortSignal>,
    closed: Flag,
}

impl Walk {
    #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
    async fn next(&self, limit: u32) -> Result<JsValue, JsValue> {
        let Some(mut pages) = self.pages.take() else { return Ok(JsValue::UNDEFINED) };
        let fetching = abortable(self.signal.as_ref(), Box::pin(pages.next()));
        let Some(result) = self.closed.until(Box::pin(fetching)).await else { return Ok(JsValue::UNDEFINED) };
        let Some(fetched) = result? else { return Ok(JsValue::UNDEFINED) };
        let listing = pages.listing();
        let count = |number: Option<u64>| number.map_or(JsValue::NULL, |number| (number as f64).into());
        // Checked to be a list before, and no copy of it.
        let mut items: Array = value(self.source.endpoint().answer, &fetched.response)?.unchecked_into();
        let length = items.length();
        let skip = u32::try_from(fetched.at.skip).unwrap_or(u32::MAX);
        let end = skip.saturating_add(limit).min(length);
        let next = match end < length {
            true => Some(fetched.at.advanced(u64::from(limit))),
            false => fetched.next,
        };
        if skip > 0 || end < length {
            items = items.slice(skip, end);
        }
        let page = Object::new();
        set(&page, "items", &items);
        set(&page, "hasMore", &next.is_some().into());
        set(&page, "cursor", &next.as_ref().map_or(JsValue::NULL, |next| next.cursor().into()));
        set(&page, "total", &count(listing.total()));
        set(&page, "pageCount", &count(listing.page_count()));
        if next.is_some() && !self.closed.is_raised() {
            self.pages.replace(Some(pages));
        }
        Ok(page.into())
    }
}
