//! Base URLs, paths and parameters, held to the `url` crate: a line with a base, one with a path that a caller wrote, one
//! with an operation and its ids, with tabs between them, and one for each parameter, its name and its values with tabs
//! between them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::http::{BaseUrl, Method, Params, Request, decode, find, path, raw_path};
use orgdeck_fuzz::{filled, home, line, operation, segments, sent, vendor};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

fuzz_target!(|input: &str| {
    let (base, rest) = line(input);
    let (written, rest) = line(rest);
    let (ids, rest) = line(rest);
    let base = base_of(base).unwrap_or_else(|| home(vendor("close")));
    written_path(&base, written);
    path_of_ids(&base, ids);
    parameters(&base, rest);
    assert_eq!(decode(written), decoded(written));
    assert_eq!(find(rest, ids), rest.find(ids));
});

fn base_of(text: &str) -> Option<BaseUrl> {
    let base = match BaseUrl::parse(text) {
        Ok(base) => base,
        Err(error) => {
            // What stands before an @ may be a secret.
            assert_eq!(error.message.contains(text), !text.contains('@'), "{}", error.message);
            return None;
        }
    };
    assert!(!base.as_str().ends_with('/'));
    assert_eq!(BaseUrl::parse(base.as_str()).as_ref().ok(), Some(&base));
    // Some hosts look well formed and are not: browsers refuse them before they send.
    let url = Url::parse(base.as_str()).ok()?;
    assert_eq!(Url::parse(text).map(|given| given.origin()), Ok(url.origin()), "{base:?} is another host");
    assert_eq!((url.username(), url.password(), url.query(), url.fragment()), ("", None, None, None));
    let local = match url.host().unwrap() {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    assert!(local || !base.is_loopback(), "{url} is not this computer");
    assert!(local || url.scheme() == "https", "{url} is not encrypted");
    Some(base)
}

fn written_path(base: &BaseUrl, text: &str) {
    let parts: Vec<&str> = text.split('/').collect();
    let last = parts.len() - 1;
    let is_path = text.starts_with('/')
        && !text.contains(['?', '#', '\\', '%'])
        && !text.contains(char::is_control)
        && text.len() > 1
        // In front of the first slash and behind the last one nothing is due.
        && parts.iter().enumerate().skip(1).all(|(at, part)| !part.is_empty() || at == last)
        && !parts.contains(&".")
        && !parts.contains(&"..");
    match raw_path(text) {
        Ok(path) => {
            assert!(is_path, "{text:?} is taken for a path");
            sent(base, &path);
            assert_eq!(segments(&path), parts);
        }
        Err(error) => assert!(!is_path && error.message.contains(text), "{text:?} is refused"),
    }
}

fn path_of_ids(base: &BaseUrl, line: &str) {
    let mut parts = line.split('\t');
    let (name, what) = parts.next().unwrap().split_once(' ').unwrap_or_default();
    let template = operation(vendor(name), what, |_| true).path;
    let wanted = template.matches('{').count();
    let mut ids: Vec<&str> = parts.take(wanted).collect();
    ids.resize(wanted, "");
    match path(template, &ids) {
        Ok(path) => {
            sent(base, &path);
            assert_eq!(segments(&path), filled(template, &ids));
        }
        Err(_) => assert!(ids.iter().any(|id| matches!(*id, "" | "." | "..")), "{ids:?} are refused"),
    }
}

fn parameters(base: &BaseUrl, lines: &str) {
    let mut request = Request::new(Method::Get, "/path/".to_owned());
    let mut expected: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines.lines() {
        let mut parts = line.split('\t').map(str::to_owned);
        let (name, values): (_, Vec<String>) = (parts.next().unwrap(), parts.collect());
        if let [value] = &*values {
            request.params.push(&name, value.clone());
        } else {
            let has = |which: fn(&String) -> bool| values.iter().any(which);
            let unclear = values.is_empty() || has(String::is_empty);
            let list = Params::new().push_list(&name, values.clone());
            assert_eq!(list.is_err(), unclear || has(|value| value.contains(',')), "{values:?}");
            let joined = request.params.push_joined(&name, values.clone());
            assert_eq!(joined.is_err(), unclear, "{values:?}");
            if unclear {
                continue;
            }
        }
        expected.push((name, values));
    }
    as_expected(&sent(base, &request.target()), &expected);
    if let Some((name, _)) = expected.last().cloned() {
        request.params.set(&name, lines.to_owned());
        let known = expected.iter().position(|(known, _)| *known == name).unwrap();
        expected[known].1 = vec![lines.to_owned()];
        as_expected(&sent(base, &request.target()), &expected);
    }
}

/// Every parameter arrives as it was meant, and no other.
fn as_expected(url: &Url, expected: &[(String, Vec<String>)]) {
    let pairs: Vec<&str> = url.query().map(|query| query.split('&').collect()).unwrap_or_default();
    assert_eq!(pairs.len(), expected.len(), "{url}");
    for (pair, (name, values)) in pairs.iter().zip(expected) {
        let (found, items) = pair.split_once('=').unwrap();
        assert_eq!(decoded(found).as_ref(), Some(name));
        let items: Vec<String> = items.split(',').map(|item| decoded(item).unwrap()).collect();
        assert_eq!(items, *values, "{url}");
    }
    let read = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned()));
    assert!(read.eq(expected.iter().map(|(name, values)| (name.clone(), values.join(",")))), "{url}");
}

fn decoded(text: &str) -> Option<String> {
    // A percent sign that begins nothing is one to that crate, and a mistake to Orgdeck.
    let good = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.split('%').skip(1).all(good).then(|| percent_decode_str(text).decode_utf8().ok())?.map(Into::into)
}
