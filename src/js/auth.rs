use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::error;
use super::started::{Callback, Started};
use crate::client::{Auth, Bearer, LocalFuture};
use crate::http::{Error, ErrorKind};

#[wasm_bindgen]
extern "C" {
    /// Base64 of a text of ASCII characters.
    pub fn btoa(text: &str) -> String;
}

#[wasm_bindgen(module = "/src/js/token.js")]
extern "C" {
    fn ask(give: &Function, fresh: bool, done: &Callback) -> Function;
}

/// A function of the page that gives tokens, asked before each request; after a 401 for a fresh one.
pub struct TokenCallback(pub Function);

impl Auth for TokenCallback {
    fn renews(&self) -> bool {
        true
    }

    fn authorization(&self, fresh: bool) -> LocalFuture<'_, Result<String, Error>> {
        Started::new(|done| ask(&self.0, fresh, done)).map(read)
    }
}

/// The header's value of what a page's function gave, as `token.js` tells of it.
fn read(given: JsValue) -> Result<String, Error> {
    let parts: Array = given.unchecked_into();
    let failed = |why: &str| Error::new(ErrorKind::Authentication, why.to_owned());
    match parts.get(0).as_string() {
        Some(token) => Bearer::new(&token).map(Bearer::into_value).map_err(|wrong| failed(&wrong.message)),
        None => {
            let why = parts.get(1).as_string().unwrap_or_default();
            Err(failed(&why).with_cause(error::cause(parts.get(2))))
        }
    }
}
