use crate::client::CallOptions;
use crate::http::{Error, Headers};
use crate::json::Json;

/// Arguments that `given.js` has checked for their types, in one JSON text: a text crosses into Wasm for less than
/// many values do.
pub struct Given(Json);

impl Given {
    /// Reads the text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Json::parse(text)
            .map(Self)
            .map_err(|_| Error::config("an argument is nested too deep, or no Unicode", &[]))
    }

    /// An argument; null when it was not given.
    pub fn get(&self, at: usize) -> &Json {
        self.0.as_list().and_then(|list| list.get(at)).unwrap_or(&Json::Null)
    }

    /// A text.
    pub fn text(&self, at: usize) -> Option<&str> {
        self.get(at).as_str()
    }

    /// A list of texts.
    pub fn texts(&self, at: usize) -> Vec<&str> {
        let mut texts = Vec::new();
        for item in self.get(at).as_list().unwrap_or_default() {
            texts.extend(item.as_str());
        }
        texts
    }

    /// A whole number, such as milliseconds.
    pub fn number(&self, at: usize) -> Option<u32> {
        self.get(at).as_u64().and_then(|number| u32::try_from(number).ok())
    }

    /// Headers, names and values in turn.
    pub fn headers(&self, at: usize) -> Result<Headers, Error> {
        let mut headers = Headers::new();
        for pair in self.texts(at).chunks_exact(2) {
            if let [name, value] = pair {
                headers.set(name, value)?;
            }
        }
        Ok(headers)
    }

    /// True or false.
    pub fn boolean(&self, at: usize) -> Option<bool> {
        self.get(at).as_bool()
    }

    /// The name of the operation that is called.
    pub fn name(&self) -> &str {
        self.text(9).unwrap_or_default()
    }

    /// The options of a call, as `given.js` has them in order.
    pub fn call_options(&self) -> Result<CallOptions, Error> {
        Ok(CallOptions {
            timeout_ms: self.number(0),
            deadline_ms: self.number(1),
            max_retries: self.number(2),
            headers: self.headers(3)?,
            background: self.boolean(4),
            alone: self.boolean(5) == Some(false),
            observer: None,
            progress: None,
        })
    }
}
