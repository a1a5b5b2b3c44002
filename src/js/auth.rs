use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::error;
use crate::client::{Auth, Bearer, LocalFuture};
use crate::http::{Error, ErrorKind, fill};

#[wasm_bindgen]
extern "C" {
    /// Base64 of a text of ASCII characters.
    pub fn btoa(text: &str) -> String;
}

/// A function of the page that gives tokens, asked before each request.
pub struct TokenCallback(pub Function);

impl Auth for TokenCallback {
    fn authorization(&self) -> LocalFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let failed = |thrown: JsValue| {
                let message = fill("auth.accessToken failed: {}", &[&error::message_of(&thrown)]);
                Error::new(ErrorKind::Authentication, message).with_cause(error::cause(thrown))
            };
            let given = self.0.call0(&JsValue::UNDEFINED).map_err(failed)?;
            let token = JsFuture::from(Promise::resolve(&given)).await.map_err(failed)?;
            let token = token.as_string().ok_or_else(|| {
                Error::new(
                    ErrorKind::Authentication,
                    "auth.accessToken gave something that is no string".to_owned(),
                )
            })?;
            let bearer = Bearer::new(&token)
                .map_err(|wrong| Error::new(ErrorKind::Authentication, wrong.message.clone()))?;
            Ok(bearer.into_value())
        })
    }
}
