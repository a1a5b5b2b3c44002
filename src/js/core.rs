//! A client of any vendor: what `client.js` calls, each operation by its name, so that one function serves them all.

use std::rc::Rc;

use js_sys::{Array, Function, Math, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::auth::{TokenCallback, btoa};
use super::call::send;
use super::clock::PageClock;
use super::error::{plain, to_js};
use super::given::Given;
use super::observer::Callback;
use super::pages::List;
use super::transport;
use crate::client::{Allowance, Auth, Basic, Bearer, CallOptions, Client, Limiter, Observer, State, Vendor};
use crate::http::{BaseUrl, Error, Method, fill, is_loopback};
use crate::{close, genesys};

#[wasm_bindgen(module = "/src/js/promise.js")]
extern "C" {
    #[wasm_bindgen(js_name = invoke)]
    fn advance(tell: &Function, done: usize, total: usize);
}

const TIMEOUT_MS: u32 = 30_000;
const MAX_RETRIES: u32 = 3;
const MAX_WAIT_MS: u32 = 60_000;

/// All vendors there are.
static VENDORS: [&Vendor; 2] = [&close::VENDOR, &genesys::VENDOR];

/// A client, with arguments that `client.js` has checked for their types.
#[wasm_bindgen(skip_typescript)]
pub struct Core {
    client: Rc<Client>,
}

#[wasm_bindgen]
impl Core {
    /// A client. `options` is JSON text of base URL, key, token, the host of a page that must not hold a key,
    /// milliseconds, headers, retries, milliseconds to wait, the requests and milliseconds of a rate limit, and the vendor.
    /// Functions come apart: of tokens, fetch, and an observer.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(options: &str, functions: &Array) -> Result<Core, JsValue> {
        let make = || {
            let options = Given::parse(options)?;
            let vendor = VENDORS.into_iter().find(|known| Some(known.name) == options.text(10));
            let vendor = vendor.ok_or_else(|| Error::config("there is no such vendor", &[]))?;
            Ok(Client {
                vendor,
                base: BaseUrl::parse(options.text(0).unwrap_or(vendor.base_url))?,
                transport: transport::choose(function(functions, 1)),
                auth: auth(&options, function(functions, 0))?,
                clock: Rc::new(PageClock),
                random: Rc::new(Math::random),
                observer: observer(functions, 2),
                headers: options.headers(5)?,
                timeout_ms: options.number(4).unwrap_or(TIMEOUT_MS),
                max_retries: options.number(6).unwrap_or(MAX_RETRIES),
                max_wait_ms: match options.number(7) {
                    Some(0) => u32::MAX,
                    given => given.unwrap_or(MAX_WAIT_MS),
                },
                limiter: Limiter::new(allowance(&options).or(vendor.limits.allowance)),
                state: State::default(),
            })
        };
        make().map(|client| Self { client: Rc::new(client) }).map_err(|error| to_js(&error))
    }

    /// Calls an operation; one that is not known by its name is a method, with a path for its only id. `given` is
    /// JSON text of the call's options, query, ids, the text of the body, and the name. `others` are a signal, an observer,
    /// and who is told how many parts of a call are done, of how many.
    #[wasm_bindgen(skip_typescript)]
    pub fn call(&self, given: &str, others: &Array) -> Promise {
        let vendor = self.client.vendor;
        let prepare = || {
            let given = Given::parse(given)?;
            let (name, ids, query) = (given.name(), given.texts(7), given.get(6));
            let body = given.text(8).map(str::to_owned);
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
            let mut options = call_options(&given, others)?;
            options.progress =
                function(others, 2).map(|function| Rc::new(tell(function)) as Rc<dyn Fn(usize, usize)>);
            Ok((call, options))
        };
        send(&self.client, prepare(), signal(others))
    }

    /// Lists what an operation lists; one that is not known by its name is a path. `given` is as for a call.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn list(&self, given: &str, others: &Array) -> Result<List, JsValue> {
        let vendor = self.client.vendor;
        let make = || {
            let given = Given::parse(given)?;
            let (name, query) = (given.name(), given.get(6));
            let list = match vendor.operation(name) {
                Some(endpoint) => {
                    (vendor.list)(endpoint, &given.texts(7), query, given.text(8).map(str::to_owned))?
                }
                None => (vendor.any_list)(name, query)?,
            };
            Ok(List::new(&self.client, list, call_options(&given, others)?, signal(others)))
        };
        make().map_err(|error: Error| to_js(&error))
    }

    /// What is known of the vendor's limits: of each the group, and numbers in the order of `client.js`.
    #[wasm_bindgen(js_name = rateLimits, skip_typescript)]
    #[allow(clippy::cast_precision_loss, reason = "no queue is that long")]
    pub fn rate_limits(&self) -> Array {
        let states = Array::new();
        self.client.limiter.states(self.client.clock.now_ms(), &mut |state| {
            let numbers = [
                state.limit.map(f64::from),
                state.remaining.map(f64::from),
                Some(state.reset_ms),
                Some(state.queued as f64),
                Some(f64::from(state.in_flight)),
            ];
            states.push(&plain(&[Some(state.group)], &numbers));
        });
        states
    }
}

/// A function, which JavaScript has checked to be one.
fn function(functions: &Array, at: u32) -> Option<Function> {
    let function = functions.get(at);
    if function.is_undefined() { None } else { Some(function.unchecked_into()) }
}

/// A signal, which only has to look like one.
fn signal(others: &Array) -> Option<AbortSignal> {
    function(others, 0).map(JsCast::unchecked_into)
}

fn observer(functions: &Array, at: u32) -> Option<Rc<dyn Observer>> {
    function(functions, at).map(|function| Rc::new(Callback(function)) as Rc<dyn Observer>)
}

fn call_options(given: &Given, others: &Array) -> Result<CallOptions, Error> {
    Ok(CallOptions { observer: observer(others, 1), ..given.call_options()? })
}

fn allowance(options: &Given) -> Option<Allowance> {
    Some(Allowance { requests: options.number(8)?, per_ms: options.number(9)?.into() })
}

fn method(name: &str) -> Result<Method, Error> {
    Method::parse(name)
        .ok_or_else(|| Error::config("request.method: expected GET, POST, PUT or DELETE, found {}", &[name]))
}

/// Tells a function of the page, which keeps to itself what goes wrong with it.
fn tell(function: Function) -> impl Fn(usize, usize) {
    move |done, total| advance(&function, done, total)
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
