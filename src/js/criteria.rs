//! Search criteria: evaluated over records of the page, and shown as a vendor is sent them.

use js_sys::{Array, RegExp};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::error::to_js;
use crate::genesys::search;
use crate::http::Error;
use crate::json::Json;
use crate::query::{Criteria, Matcher, Program, Texts};

#[wasm_bindgen(module = "/src/js/texts.js")]
extern "C" {
    fn whole(pattern: &str) -> JsValue;
    pub fn fold(text: &str, is_typed: bool) -> String;
    fn number(text: &str) -> f64;
    #[wasm_bindgen(js_name = hasWord)]
    fn has_word(text: &str, folded: &str) -> bool;
}

/// What the browser knows of texts.
pub struct Browser;

impl Texts for Browser {
    fn compile(&self, pattern: &str) -> Result<Program, String> {
        let program = whole(pattern);
        if let Some(why) = program.as_string() {
            return Err(why);
        }
        let program: RegExp = program.unchecked_into();
        Ok(Box::new(move |text| program.test(text)))
    }

    fn fold(&self, text: &str) -> String {
        fold(text, false)
    }

    fn number(&self, text: &str) -> Option<f64> {
        Some(number(text)).filter(|number| !number.is_nan())
    }

    fn has_word(&self, text: &str, folded: &str) -> bool {
        has_word(text, folded)
    }
}

/// Which records criteria hold for, by their places. Both are JSON text, the records a list.
///
/// # Errors
/// A `ConfigError`.
#[wasm_bindgen(skip_typescript)]
pub fn matching(criteria: &str, records: &str) -> Result<Array, JsValue> {
    let find = || {
        let named = |error: Error| Error::config("criteria{}", &[&error.message]);
        let criteria = Criteria::parse(&parse(criteria)?).map_err(named)?;
        let matcher = Matcher::new(&criteria, &Browser).map_err(named)?;
        let records = parse(records)?;
        let places = Array::new();
        for (place, record) in (0_u32..).zip(records.as_list().unwrap_or_default()) {
            if matcher.matches(record) {
                places.push(&place.into());
            }
        }
        Ok(places)
    };
    find().map_err(|error: Error| to_js(&error))
}

/// A search of Genesys as it is sent, from JSON text to JSON text.
///
/// # Errors
/// A `ConfigError`.
#[wasm_bindgen(js_name = searchRequest, skip_typescript)]
pub fn search_request(request: &str) -> Result<String, JsValue> {
    search::request(request).map_err(|error| to_js(&error))
}

fn parse(text: &str) -> Result<Json, Error> {
    Json::parse(text).map_err(|_| Error::config("an argument is nested too deep, or no Unicode", &[]))
}
