use super::{Error, is_all};

/// Header fields in order. Names are compared without case and kept in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No headers.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a header, replacing one of the same name.
    ///
    /// # Errors
    /// A `ConfigError` when the name is not an HTTP token, or the value holds anything but printable ASCII,
    /// spaces and tabs: a line break in a pasted token must not become a second header.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        if name.is_empty() || !is_all(name, is_token) {
            return Err(Error::config("header name `{}` is not allowed", &[name]));
        }
        if !is_all(value, |byte| matches!(byte, b'\t' | b' '..=b'~')) {
            // The value may be a secret, so the message does not quote it.
            return Err(Error::config(
                "the value of header `{}` holds a character that headers may not hold",
                &[name],
            ));
        }
        self.put(name, value);
        Ok(())
    }

    /// Sets a header whose parts are known to be good, as those of a response are.
    pub fn put(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        let value = value.to_owned();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of a header; `name` in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All headers in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds all headers of `other`, which win over those of the same name.
    pub fn extend(&mut self, other: &Self) {
        for (name, value) in other.iter() {
            self.put(name, value);
        }
    }
}

/// RFC 9110, section 5.6.2.
const fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_never_becomes_a_second_header() {
        let mut headers = Headers::new();
        for value in ["a\r\nb: c", "a\nb", "a\0", "é"] {
            let error = headers.set("authorization", value).unwrap_err();
            assert!(error.message.contains("authorization"));
            assert!(!error.message.contains(value), "the value may be a secret");
        }
        for name in ["", "a b", "a:", "é", "a\r\n"] {
            assert!(headers.set(name, "x").is_err(), "{name:?}");
        }
        assert_eq!(headers, Headers::new());
    }

    #[test]
    fn names_are_compared_without_case() {
        let mut headers = Headers::new();
        headers.set("X-Tz-Offset", "1").unwrap();
        headers.set("x-tz-offset", "2").unwrap();
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("x-tz-offset", "2")]);
    }
}
