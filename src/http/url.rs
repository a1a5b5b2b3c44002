use super::{Error, cut, fill, has_any, is_all, parts, whole};

/// Writes a text with everything but RFC 3986's unreserved characters encoded, so no character of it can mean anything.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(digit.into(), 16).unwrap_or_default().to_ascii_uppercase());
            }
        }
    }
}

/// A percent-encoded text as it was before; `None` when that is no text.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit =
                    || char::from(rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit()? * 16 + digit()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Where a text first has another one. The standard library's way is faster, and weighs four kilobytes.
pub fn find(text: &str, part: &str) -> Option<usize> {
    (0..=text.len())
        .find(|at| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(part.as_bytes())))
}

/// Where an API is: an absolute URL without a trailing slash, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Checks a base URL and drops its trailing slash.
    ///
    /// # Errors
    /// A `ConfigError` unless it is `https:`, or `http:` on a loopback host, with a plain host and path: credentials,
    /// a query or a fragment in it would change what every request means.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if has_any(text, b"@") {
            // Not quoted: what stands before the @ is a secret.
            return Err(Error::config("baseUrl must not hold credentials; use `auth`", &[]));
        }
        let wrong = |why: &str| Error::config("baseUrl `{}` {}", &[text, why]);
        let lower = text.to_ascii_lowercase();
        let (secure, prefix) = if lower.starts_with("https://") {
            (true, "https://")
        } else if lower.starts_with("http://") {
            (false, "http://")
        } else {
            return Err(wrong("must start with https://"));
        };
        let rest = text.get(prefix.len()..).unwrap_or_default();
        let (authority, path) = halves(rest, b"/?#\\");
        let host = host_of(authority).ok_or_else(|| wrong("has no valid host"))?;
        if !secure && !is_loopback(host) {
            return Err(wrong("would send credentials unencrypted: use https://, or a loopback host"));
        }
        if has_any(path, b"?#\\") {
            return Err(wrong("must not hold a query, a fragment or a backslash"));
        }
        let plain = |segment: &str| {
            segment != "." && segment != ".." && is_all(segment, |b| b.is_ascii_graphic() && *b != b'%')
        };
        let mut path = path;
        while let Some(shorter) = path.strip_suffix('/') {
            path = shorter;
        }
        if !parts(path, b'/').all(plain) {
            return Err(wrong("has a path that cannot be used as it is"));
        }
        Ok(Self(fill("{}{}{}", &[prefix, &authority.to_ascii_lowercase(), path])))
    }

    /// The URL, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names this computer.
    pub fn is_loopback(&self) -> bool {
        host_of(parts(&self.0, b'/').nth(2).unwrap_or_default()).is_some_and(is_loopback)
    }
}

/// The parts before and from the first of some bytes on, which are ASCII.
fn halves<'a>(text: &'a str, at: &[u8]) -> (&'a str, &'a str) {
    let end = text.as_bytes().iter().position(|byte| at.iter().any(|known| known == byte));
    end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}

/// The host of an authority of host and perhaps port, if both are well formed.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = cut(rest, b']')?;
            if !is_all(address, |b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')) {
                return None;
            }
            (authority.get(..address.len() + 2)?, port)
        }
        None => halves(authority, b":"),
    };
    let port_is_good = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| whole(digits).is_some_and(|port| port <= u16::MAX.into()));
    let host_is_good = host.starts_with('[')
        || (!is_all(host, |b| !b.is_ascii_alphanumeric())
            && is_all(host, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')));
    (port_is_good && host_is_good).then_some(host)
}

/// Whether a host is this computer, as browsers decide it for secure contexts.
pub fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let four_numbers = || {
        parts(&host, b'.').count() == 4
            && parts(&host, b'.').all(|part| whole(part).is_some_and(|byte| byte <= u8::MAX.into()))
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || (host.starts_with("127.") && four_numbers())
}

/// A path from a template such as `/group/{group_id}/member/{user_id}/`, each id encoded in its place.
///
/// # Errors
/// A `ConfigError` that names the id when it is empty, or `.` or `..`, which URL parsers take for a step in the path.
pub fn path(template: &'static str, ids: &[&str]) -> Result<String, Error> {
    let mut out = String::new();
    let mut ids = ids.iter();
    let mut rest = template;
    while let Some((before, after)) = cut(rest, b'{') {
        let (name, after) = cut(after, b'}').unwrap_or((after, ""));
        let id = ids.next().copied().unwrap_or_default();
        out.push_str(before);
        segment(name, id, &mut out)?;
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The names of the ids in a path's template, in order.
pub fn names(template: &'static str) -> impl Iterator<Item = &'static str> {
    parts(template, b'{').skip(1).filter_map(|part| parts(part, b'}').next())
}

fn segment(name: &str, id: &str, out: &mut String) -> Result<(), Error> {
    match id {
        "" => Err(Error::config("{} is empty", &[name])),
        "." | ".." => Err(Error::config("{} `{}` is not an id", &[name, id])),
        id => {
            encode(id, out);
            Ok(())
        }
    }
}

/// A path that a caller wrote, for endpoints that Orgdeck has no operation for.
///
/// # Errors
/// A `ConfigError` unless it is a path and nothing else: it starts with one slash, and holds no query, fragment,
/// backslash, percent sign, or empty, `.` or `..` segment. Other characters that URLs reserve are encoded.
pub fn raw_path(text: &str) -> Result<String, Error> {
    let wrong = |why: &str| Error::config("path `{}` {}", &[text, why]);
    let inner = text.strip_prefix('/').ok_or_else(|| wrong("must start with a slash"))?;
    if has_any(text, b"?#\\%") || text.chars().any(char::is_control) {
        return Err(wrong("must not hold ? # \\ % or control characters; give the query apart"));
    }
    let mut out = String::new();
    for part in parts(inner.strip_suffix('/').unwrap_or(inner), b'/') {
        if matches!(part, "" | "." | "..") {
            return Err(wrong("has an empty, `.` or `..` segment"));
        }
        out.push('/');
        encode(part, &mut out);
    }
    if inner.ends_with('/') {
        out.push('/');
    }
    Ok(out)
}

/// Texts with a separator between them. One copy of the loop: the standard library makes one for each kind of string.
#[inline(never)]
pub fn join(texts: &[String], separator: &str) -> String {
    join_parts(texts.iter().map(String::as_str), separator)
}

/// As [`join`], of parts of texts.
pub fn join_parts<'a>(parts: impl Iterator<Item = &'a str>, separator: &str) -> String {
    let mut out = String::new();
    let mut between = "";
    for part in parts {
        out.push_str(between);
        out.push_str(part);
        between = separator;
    }
    out
}

/// What stands for what may tell of people.
pub(super) const MASKED: &str = "***";

/// A query parameter's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One text.
    One(String),
    /// Several, joined by commas that are not encoded, where those of an item are.
    List(Vec<String>),
}

/// Query parameters in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(Vec<(String, Value)>);

impl Params {
    /// No parameters.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a parameter of one value.
    pub fn push(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), Value::One(value)));
    }

    /// Sets a parameter to one value, in the place of one of the same name.
    pub fn set(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = Value::One(value),
            None => self.push(name, value),
        }
    }

    /// The first of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Adds a parameter of several values.
    ///
    /// # Errors
    /// A `ConfigError` that names the parameter when the list is empty, or an item is empty or holds a comma: joined
    /// by commas, such a list would be read as another one.
    pub fn push_list(&mut self, name: &str, items: Vec<String>) -> Result<(), Error> {
        for item in &items {
            if has_any(item, b",") {
                return Err(Error::config(
                    "`{}` in the list of `{}` holds a comma, which separates the items",
                    &[item, name],
                ));
            }
        }
        self.push_joined(name, items)
    }

    /// As [`Params::push_list`], but commas of items are encoded: for vendors that tell them apart.
    ///
    /// # Errors
    /// A `ConfigError` that names the parameter when the list or an item is empty.
    pub fn push_joined(&mut self, name: &str, items: Vec<String>) -> Result<(), Error> {
        if items.is_empty() {
            return Err(Error::config("the list of `{}` is empty", &[name]));
        }
        if items.iter().any(String::is_empty) {
            return Err(Error::config("the list of `{}` holds an empty value", &[name]));
        }
        self.0.push((name.to_owned(), Value::List(items)));
        Ok(())
    }

    /// All parameters in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The query string, without its question mark.
    pub fn encode(&self) -> String {
        self.written(None)
    }

    /// The same for others to see: the values of all but the `plain` parameters are masked.
    pub fn shown(&self, plain: &[&str]) -> String {
        self.written(Some(plain))
    }

    fn written(&self, plain: Option<&[&str]>) -> String {
        let mut out = String::new();
        for (name, value) in self.iter() {
            if !out.is_empty() {
                out.push('&');
            }
            encode(name, &mut out);
            out.push('=');
            if plain.is_some_and(|plain| !plain.contains(&name)) {
                out.push_str(MASKED);
                continue;
            }
            match value {
                Value::One(text) => encode(text, &mut out),
                Value::List(items) => {
                    for (at, item) in items.iter().enumerate() {
                        if at > 0 {
                            out.push(',');
                        }
                        encode(item, &mut out);
                    }
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_https_or_loopback() {
        for (text, kept) in [
            ("https://api.close.com/api/v1", "https://api.close.com/api/v1"),
            ("https://api.close.com/api/v1/", "https://api.close.com/api/v1"),
            ("HTTPS://API.Close.com", "https://api.close.com"),
            ("http://127.0.0.1:8787/api/v1", "http://127.0.0.1:8787/api/v1"),
            ("http://localhost", "http://localhost"),
            ("http://console.localhost:3000/x", "http://console.localhost:3000/x"),
            ("http://[::1]:80/x", "http://[::1]:80/x"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().as_str(), kept);
        }
        for text in [
            "",
            "api.close.com",
            "ftp://x",
            "http://api.close.com",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "https://",
            "https:///x",
            "https://user:secret@api.close.com",
            "https://user:sec/ret@api.close.com",
            "https://a b/",
            "https://a/b?c",
            "https://a/b#c",
            "https://a\\b",
            "https://a/../b",
            "https://a/%2e%2e/b",
            "https://a:99999",
            "https://[::1",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(error.message.contains("baseUrl"), "{text}");
            assert!(!error.message.contains("secret"), "{text}");
        }
    }

    #[test]
    fn an_id_that_is_no_segment_is_refused_by_name() {
        for (id, word) in [("", "empty"), (".", "not an id"), ("..", "not an id")] {
            let error = path("/group/{group_id}/member/{user_id}/", &["group_x", id]).unwrap_err();
            assert!(error.message.contains("user_id") && error.message.contains(word), "{error}");
        }
    }

    #[test]
    fn written_paths_stay_paths() {
        assert_eq!(raw_path("/task/").unwrap(), "/task/");
        assert_eq!(raw_path("/lead/a b;c/").unwrap(), "/lead/a%20b%3Bc/");
        for text in
            ["task/", "", "/", "//evil.example/", "/a/../b/", "/a//b/", "/a?b", "/a#b", "/a%2e/", "/a\\b"]
        {
            assert!(raw_path(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_that_would_be_read_as_another_is_refused() {
        let mut params = Params::new();
        for items in [vec![], vec!["a,b"], vec!["a", ""]] {
            let items = items.into_iter().map(str::to_owned).collect();
            assert!(params.push_list("user_id__in", items).unwrap_err().message.contains("user_id__in"));
        }
        assert!(params.is_empty());
    }
}
