//! The Close client: what `close.js` calls, each operation by its name, so that one function serves them all.

use std::cell::Cell;
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
use crate::client::{Auth, Basic, Bearer, Call, Client, Endpoint, Observer};
use crate::close::{self, ENDPOINTS, VENDOR};
use crate::http::{BaseUrl, Error, Method, is_loopback};
use crate::json::Json;
use crate::query::{Accepts, Query};

const TIMEOUT_MS: u32 = 30_000;

/// A client of the Close API, with arguments that `close.js` has checked for their types.
#[wasm_bindgen(skip_typescript)]
pub struct CloseCore {
    client: Rc<Client>,
}

#[wasm_bindgen]
impl CloseCore {
    /// A client. `options` is JSON text of base URL, key, token, the host of a page that must not hold a key,
    /// milliseconds and headers; functions come apart.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(
        options: &str,
        access_token: Option<Function>,
        fetch: Option<Function>,
        on_event: Option<Function>,
    ) -> Result<CloseCore, JsValue> {
        let make = || {
            let options = Given::parse(options)?;
            Ok(Client {
                vendor: &VENDOR,
                base: BaseUrl::parse(options.text(0).unwrap_or(VENDOR.base_url))?,
                transport: transport::choose(fetch),
                auth: auth(&options, access_token)?,
                clock: Rc::new(PageClock),
                observer: on_event.map(|function| Rc::new(Callback(function)) as Rc<dyn Observer>),
                headers: options.headers(5)?,
                timeout_ms: options.milliseconds(4).unwrap_or(TIMEOUT_MS),
                requests: Cell::new(0),
            })
        };
        make().map(|client| Self { client: Rc::new(client) }).map_err(|error| to_js(&error))
    }

    /// Calls an operation; one that is not known by its name is a method, with a path for its only id. `given` is
    /// JSON text of milliseconds, headers, query, ids and the text of the body.
    #[wasm_bindgen(skip_typescript)]
    pub fn call(&self, name: &str, given: &str, signal: Option<AbortSignal>) -> Promise {
        let prepare = || {
            let given = Given::parse(given)?;
            let ids = given.texts(3);
            let body = given.text(4).map(str::to_owned);
            let call = match operation(name) {
                Some(endpoint) => one(endpoint, &ids, body, given.get(2))?,
                None => any(name, &ids, body, given.get(2))?,
            };
            Ok((call, given.call_options()?))
        };
        send(&self.client, prepare(), signal)
    }

    /// Lists what an operation lists; one that is not known by its name is a path. `given` is as for a call.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn list(&self, name: &str, given: &str, signal: Option<AbortSignal>) -> Result<List, JsValue> {
        let make = || {
            let given = Given::parse(given)?;
            let endpoint = operation(name);
            let accepts = endpoint.map_or(&Accepts::ANYTHING, |endpoint| endpoint.accepts);
            let query = Query::parse(given.get(2), accepts)?;
            let list = match endpoint {
                Some(endpoint) => close::List::of(endpoint, query)?,
                None => close::any_list(name, query)?,
            };
            Ok(List::new(&self.client, list, given.call_options()?, signal))
        };
        make().map_err(|error: Error| to_js(&error))
    }
}

/// The operation of a name.
fn operation(name: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.into_iter().find(|endpoint| endpoint.name == name)
}

/// A call of any path.
fn any(method: &str, path: &[&str], body: Option<String>, query: &Json) -> Result<Call, Error> {
    let method = Method::parse(method).ok_or_else(|| {
        Error::config(&["request.method: expected GET, POST, PUT or DELETE, found ", method])
    })?;
    let path = path.first().copied().unwrap_or_default();
    close::any(method, path, &Query::parse(query, &Accepts::ANYTHING)?, body)
}

/// A call of an operation.
fn one(endpoint: &'static Endpoint, ids: &[&str], body: Option<String>, query: &Json) -> Result<Call, Error> {
    let member = endpoint.body.as_ref().and_then(|body| body.member);
    let body = match (body, member) {
        (Some(value), Some(name)) => Some(["{\"", name, "\":", &value, "}"].concat()),
        (body, _) => body,
    };
    close::call(endpoint, ids, &Query::parse(query, endpoint.accepts)?, body)
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
        return Err(Error::config(&["auth.apiKey: whoever can open this page could read the key. Use \
            auth.accessToken, or set allowApiKeyInBrowser: true if everybody who can open it may have the key"]));
    }
    Ok(Rc::new(Basic::new(key, btoa)?))
}
