//! Parameters, in a query string or a form. Both are written alike.

use std::collections::HashMap;

use form_urlencoded::Serializer;

/// What nobody may read in the log.
const SECRETS: [&str; 5] = ["code", "code_verifier", "refresh_token", "token", "client_secret"];
const HIDDEN: &str = "***";

/// Parameters by name.
#[derive(Debug, Default)]
pub struct Form {
    values: HashMap<String, String>,
    repeated: Option<String>,
}

impl Form {
    /// Reads `a=1&b=2`. A parameter without a value is as if left out.
    pub fn parse(text: &[u8]) -> Self {
        let mut form = Form::default();
        for (name, value) in form_urlencoded::parse(text).filter(|(_, value)| !value.is_empty()) {
            if form.values.insert(name.to_string(), value.into_owned()).is_some() {
                form.repeated = Some(name.into_owned());
            }
        }
        form
    }

    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A parameter that was given twice, which none may be: two readers could take it differently.
    pub fn repeated(&self) -> Option<&str> {
        self.repeated.as_deref()
    }
}

/// A form as the log may show it. What has no plain name was not meant as a form, and is a secret too.
pub fn without_secrets(body: &[u8]) -> String {
    let mut shown = Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(body) {
        match name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            true if SECRETS.contains(&name.as_ref()) => shown.append_pair(&name, HIDDEN),
            true => shown.append_pair(&name, &value),
            false => shown.append_key_only(HIDDEN),
        };
    }
    shown.finish()
}
