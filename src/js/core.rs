//! A client of any vendor: what `client.js` calls, each operation by its name, so that one function serves them all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::auth::{TokenCallback, btoa};
use super::call::send;
use super::clock::PageClock;
use super::error::to_js;
use super::given::Given;
use super::observer::Callback;
use super::pages::List;
use super::transport;
use crate::client::{Auth, Basic, Bearer, Client, Observer, Vendor};
use crate::http::{BaseUrl, Error, Method, fill, is_loopback};
use crate::{close, genesys};

const TIMEOUT_MS: u32 = 30_000;

/// All vendors there are.
static VENDORS: [&Vendor; 2] = [&close::VENDOR, &genesys::VENDOR];

/// A client, with arguments that `client.js` has checked for their types.
#[wasm_bindgen(skip_typescript)]
pub struct Core {
    client: Rc<Client>,
}

#[wasm_bindgen]
impl Core {
    /// A client of a vendor. `options` is JSON text of base URL, key, token, the host of a page that must not hold a
    /// key, milliseconds and headers; functions come apart.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(
        vendor: &str,
        options: &str,
        access_token: Option<Function>,
        fetch: Option<Function>,
        on_event: Option<Function>,
    ) -> Result<Core, JsValue> {
        let make = || {
            let vendor = VENDORS.into_iter().find(|known| known.name == vendor);
            let vendor = vendor.ok_or_else(|| Error::config("there is no such vendor", &[]))?;
            let options = Given::parse(options)?;
            Ok(Client {
                vendor,
                base: BaseUrl::parse(options.text(0).unwrap_or(vendor.base_url))?,
                transport: transport::choose(fetch),
                auth: auth(&options, access_token)?,
                clock: Rc::new(PageClock),
                observer: on_event.map(|function| Rc::new(Callback(function)) as Rc<dyn Observer>),
                headers: options.headers(5)?,
                timeout_ms: options.milliseconds(4).unwrap_or(TIMEOUT_MS),
                requests: Cell::new(0),
                secret: RefCell::default(),
            })
        };
        make().map(|client| Self { client: Rc::new(client) }).map_err(|error| to_js(&error))
    }

    /// Calls an operation; one that is not known by its name is a method, with a path for its only id. `given` is
    /// JSON text of milliseconds, headers, query, ids and the text of the body. `progress` is told how many parts of
    /// a call are done, of how many.
    #[wasm_bindgen(skip_typescript)]
    pub fn call(
        &self,
        name: &str,
        given: &str,
        signal: Option<AbortSignal>,
        progress: Option<Function>,
    ) -> Promise {
        let vendor = self.client.vendor;
        let prepare = || {
            let given = Given::parse(given)?;
            let (ids, query) = (given.texts(3), given.get(2));
            let body = given.text(4).map(str::to_owned);
            let call = match vendor.operation(name) {
                Some(endpoint) => {
                    let member = endpoint.body.as_ref().and_then(|body| body.member);
                    let body = match (body, member) {
                        (Some(value), Some(name)) => Some(fill("{\"{}\":{}}", &[name, &value])),
                        (body, _) => body,
                    };
                    (vendor.call)(endpoint, &ids, query, body)?
                }
                None => {
                    let path = ids.first().copied().unwrap_or_default();
                    (vendor.any)(method(name)?, path, query, body)?
                }
            };
            let mut options = given.call_options()?;
            options.progress = progress.map(|function| Rc::new(tell(function)) as Rc<dyn Fn(usize, usize)>);
            Ok((call, options))
        };
        send(&self.client, prepare(), signal)
    }

    /// Lists what an operation lists; one that is not known by its name is a path. `given` is as for a call.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn list(&self, name: &str, given: &str, signal: Option<AbortSignal>) -> Result<List, JsValue> {
        let vendor = self.client.vendor;
        let make = || {
            let given = Given::parse(given)?;
            let query = given.get(2);
            let list = match vendor.operation(name) {
                Some(endpoint) => {
                    (vendor.list)(endpoint, &given.texts(3), query, given.text(4).map(str::to_owned))?
                }
                None => (vendor.any_list)(name, query)?,
            };
            Ok(List::new(&self.client, list, given.call_options()?, signal))
        };
        make().map_err(|error: Error| to_js(&error))
    }
}

fn method(name: &str) -> Result<Method, Error> {
    Method::parse(name)
        .ok_or_else(|| Error::config("request.method: expected GET, POST, PUT or DELETE, found {}", &[name]))
}

/// Tells a function of the page. What it throws is its own affair.
fn tell(function: Function) -> impl Fn(usize, usize) {
    #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
    move |done, total| {
        let _ = function.call2(&JsValue::UNDEFINED, &(done as f64).into(), &(total as f64).into());
    }
}

/// Credentials: the token of a callback, a token, or a key.
fn auth(options: &Given, callback: Option<Function>) -> Result<Rc<dyn Auth>, Error> {
    if let Some(callback) = callback {
        return Ok(Rc::new(TokenCallback(callback)));
    }
    let Some(key) = options.text(1) else {
        return Ok(Rc::new(Bearer::new(options.text(2).unwrap_or_default())?));
    };
    if options.text(3).is_some_and(|host| !host.is_empty() && !is_loopback(host)) {
        return Err(Error::config(
            "auth.apiKey: whoever can open this page could read the key. Use auth.accessToken, or set allowApiKeyInBrowser: true if everybody who can open it may have the key",
            &[],
        ));
    }
    Ok(Rc::new(Basic::new(key, btoa)?))
}
