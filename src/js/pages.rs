//! Lists, page by page. `pages.js` makes iterators of them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::call::value;
use super::error::{set, to_js};
use super::promise::promise;
use super::signal::{Flag, abortable};
use crate::client::{Answer, CallOptions, Client, Pages, Source};
use crate::close;
use crate::paging::Position;

/// A list that can be gone through any number of times. Nothing is sent until then.
#[wasm_bindgen(skip_typescript)]
pub struct List {
    client: Rc<Client>,
    source: Rc<dyn Source>,
    answer: Answer,
    options: CallOptions,
    signal: Option<AbortSignal>,
}

impl List {
    /// A list of a source.
    pub fn new(
        client: &Rc<Client>,
        source: close::List,
        options: CallOptions,
        signal: Option<AbortSignal>,
    ) -> Self {
        let answer = source.endpoint.answer;
        Self { client: Rc::clone(client), source: Rc::new(source), answer, options, signal }
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
            Some(cursor) => Position::parse(&cursor).map_err(|error| to_js(&error))?,
            None => self.source.start(),
        };
        let pages = Pages::new(Rc::clone(&self.client), Rc::clone(&self.source), self.options.clone(), start);
        let walk = Walk {
            pages: RefCell::new(Some(pages)),
            answer: self.answer,
            signal: self.signal.clone(),
            closed: Flag::default(),
        };
        Ok(Listing { walk: Rc::new(walk), start })
    }
}

/// One way through a list.
#[wasm_bindgen(skip_typescript)]
pub struct Listing {
    walk: Rc<Walk>,
    start: Position,
}

#[wasm_bindgen]
impl Listing {
    /// Where it starts.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn cursor(&self) -> String {
        self.start.cursor()
    }

    /// A cursor so many items further on.
    ///
    /// # Errors
    /// A `ConfigError` when the cursor is not one.
    #[wasm_bindgen(skip_typescript)]
    pub fn advanced(&self, cursor: &str, items: u32) -> Result<String, JsValue> {
        Position::parse(cursor).map(|at| at.advanced(items.into()).cursor()).map_err(|error| to_js(&error))
    }

    /// The next page; undefined behind the last one, or when it was closed.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(&self) -> Promise {
        let walk = Rc::clone(&self.walk);
        promise(Box::pin(async move { walk.next().await }))
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
    answer: Answer,
    signal: Option<AbortSignal>,
    closed: Flag,
}

impl Walk {
    async fn next(&self) -> Result<JsValue, JsValue> {
        let Some(mut pages) = self.pages.take() else { return Ok(JsValue::UNDEFINED) };
        let fetching = abortable(self.signal.as_ref(), Box::pin(pages.next()));
        let Some(result) = self.closed.until(Box::pin(fetching)).await else { return Ok(JsValue::UNDEFINED) };
        let Some(fetched) = result? else { return Ok(JsValue::UNDEFINED) };
        let page = Object::new();
        set(&page, "items", &value(self.answer, &fetched.response)?);
        set(&page, "hasMore", &fetched.next.is_some().into());
        set(&page, "cursor", &fetched.next.map_or(JsValue::NULL, |next| next.cursor().into()));
        if fetched.next.is_some() && !self.closed.is_raised() {
            self.pages.replace(Some(pages));
        }
        Ok(page.into())
    }
}
