//! Calls as JavaScript callers write them: `vendor operation` or `vendor METHOD /path`, a line with ids and tabs between
//! them, one with the query, and the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::client::{Call, Vendor};
use orgdeck::http::{BaseUrl, Method};
use orgdeck::json::Json;
use orgdeck::schema::{self, check};
use orgdeck_fuzz::{Rules, conforms, depth, filled, line, operation, segments, sent, vendor};

/// Levels above which the library may refuse what the shape allows.
const DEPTH: usize = 64;

fuzz_target!(|input: &str| {
    let (what, rest) = line(input);
    let (ids, rest) = line(rest);
    let (query, body) = line(rest);
    let (name, what) = what.split_once(' ').unwrap_or_default();
    let vendor = vendor(name);
    let query = Json::parse(query).unwrap_or(Json::Null);
    let body = (!body.is_empty()).then(|| body.to_owned());
    let method = what.split_once(' ').and_then(|(method, path)| Some((Method::parse(method)?, path)));
    if let Some((method, path)) = method {
        if let Ok(call) = (vendor.any)(method, path, &query, body.clone()) {
            goes_where_it_should(vendor, &call, &path.split('/').collect::<Vec<_>>(), &query);
            assert_eq!(call.request.body, body);
            assert_eq!(call.request.method, method);
        }
        let list = (vendor.any_list)(path, &query);
        if let Ok(call) = list.and_then(|source| source.page(&source.start())) {
            goes_where_it_should(vendor, &call, &path.split('/').collect::<Vec<_>>(), &query);
        }
        return;
    }
    let endpoint = operation(vendor, what, |_| true);
    let ids: Vec<&str> = ids.split('\t').filter(|id| !id.is_empty()).collect();
    if let (Some(rule), Some(Ok(value))) = (&endpoint.body, body.as_deref().map(Json::parse)) {
        let checked =
            check(body.as_deref().unwrap(), &rule.shape, schema::Rules { strict: true, selected: None });
        let good = conforms(&value, &rule.shape, Rules { strict: true, selected: None });
        assert!(checked.is_ok() == good || depth(&value) > DEPTH, "{checked:?}");
    }
    let Ok(call) = (vendor.call)(endpoint, &ids, &query, body.clone()) else { return };
    let path = filled(endpoint.path, &ids);
    goes_where_it_should(vendor, &call, &path.iter().map(String::as_str).collect::<Vec<_>>(), &query);
    assert_eq!(call.request.method, endpoint.method);
    match endpoint.bulk {
        None => assert_eq!(call.request.body, body),
        Some(max) => {
            // Without this filter everybody would be changed.
            let sent = Json::parse(call.request.body.as_deref().unwrap()).unwrap();
            let filter = sent.get("_params").unwrap();
            let [(name, Json::Text(listed))] = filter.members() else { panic!("{filter:?}") };
            let listed: Vec<&str> = listed.split(',').collect();
            assert_eq!(name, "id__in");
            assert!((1..=max).contains(&listed.len()));
            assert!(ids.iter().all(|id| listed.contains(id)) && listed.iter().all(|id| ids.contains(id)));
        }
    }
});

/// The path is the one that was meant, and the query has nothing that was not asked for.
fn goes_where_it_should(vendor: &Vendor, call: &Call, path: &[&str], query: &Json) {
    let base = BaseUrl::parse(vendor.base_url).unwrap();
    let mut request = call.request.clone();
    let url = sent(&base, &request.target());
    let mut found = segments(&request.path);
    // Close's paths end with a slash, whether or not the caller wrote it.
    if found.len() > path.len() {
        assert_eq!(found.pop().as_deref(), Some(""));
    }
    assert_eq!(found, path);
    let asked: Vec<&str> = query.members().iter().map(|(name, _)| name.as_str()).collect();
    let filters = query.get("where").map(Json::members).unwrap_or_default();
    let pairs: Vec<(String, String)> =
        url.query_pairs().map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    for (name, _) in &pairs {
        let known = match vendor.name {
            "close" => {
                let filter = |field: &str| {
                    name.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with("__"))
                };
                matches!(&**name, "_fields" | "_order_by" | "_limit" | "_skip" | "_expand")
                    || filters.iter().any(|(field, _)| filter(field))
            }
            _ => asked.contains(&&**name),
        };
        assert!(known, "{name} was not asked for: {url}");
    }

    shown(&request.shown(vendor.plain), &segments(&request.path), &pairs, vendor.plain);

    (vendor.prepare)(&mut request, &base).unwrap();
    let prepared = sent(&base, &request.target());
    assert_eq!(prepared.path(), url.path());
    if request.method != call.request.method {
        // Too long for a URL: the same goes as a body, and says what it is.
        assert_eq!((call.request.method, request.method), (Method::Get, Method::Post));
        assert_eq!(request.headers.get("x-http-method-override"), Some("GET"));
        assert!(url.as_str().len() > 2_000 && prepared.query().is_none());
        let body = Json::parse(request.body.as_deref().unwrap()).unwrap();
        let params = body.get("_params").unwrap().members().iter();
        assert!(params.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).eq(pairs));
    } else {
        assert_eq!((prepared, &request), (url, &call.request));
    }
}

/// What events show of it tells nothing of people.
fn shown(shown: &str, path: &[String], pairs: &[(String, String)], plain: &[&str]) {
    let (head, query) = shown.split_once('?').unwrap_or((shown, ""));
    let parts = segments(head);
    assert_eq!(parts.len(), path.len(), "{shown}");
    for (part, meant) in parts.iter().zip(path) {
        assert_eq!(part, if meant.contains('@') { "***" } else { meant }, "{shown}");
    }
    let read: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    assert_eq!(read.len(), pairs.len(), "{shown}");
    for ((name, value), (meant, full)) in read.iter().zip(pairs) {
        assert_eq!(
            (name, &**value),
            (&meant.into(), if plain.contains(&&**meant) { &**full } else { "***" })
        );
    }
}
