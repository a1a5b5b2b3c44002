//! What a search's answer gives to go on with: a link, or a bare `q64`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::client::Call;
use orgdeck::genesys::VENDOR;
use orgdeck::http::{Error, Method};
use orgdeck::json::Json;
use orgdeck::paging::Place;
use orgdeck_fuzz::{home, sent};
use url::Url;

const PATH: &str = "/api/v2/groups/search";

fuzz_target!(|text: &str| {
    let followed = followed(text);
    let given = given(text);
    assert_eq!(followed, given, "a link is read in two ways");
    let Some(value) = given else {
        // What begins like the parameter is taken for it.
        assert!(!is_q64(text) || text.starts_with("q64="), "{text:?} is refused");
        return;
    };
    assert!(is_q64(&value), "{value:?}");
    let url = sent(&home(&VENDOR), &format!("{PATH}?q64={}", encoded(&value)));
    assert_eq!(url.query_pairs().collect::<Vec<_>>(), [("q64".into(), value.as_str().into())]);

    // It is the same however often it is read, and whatever stands around it.
    if !value.starts_with("q64=") {
        assert_eq!(self::given(&value).as_ref(), Some(&value));
    }
    for link in [
        format!("{PATH}?q64={}", encoded(&value)),
        format!("{PATH}?q64={value}&pageSize=25"),
        format!("https://another.example{PATH}?expand=owners&q64={}#top", encoded(&value)),
    ] {
        assert_eq!(self::followed(&link).as_ref(), Some(&value), "{link}");
    }
    if let Some(theirs) = theirs(text) {
        assert_eq!(value, theirs, "{text:?}");
    }
});

fn is_q64(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte))
}

fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// As a caller gives it.
fn given(text: &str) -> Option<String> {
    let query = Json::Object(vec![("q64".to_owned(), Json::Text(text.to_owned()))]);
    let operation = VENDOR.operation("groups.searchByQ64").unwrap();
    let source = (VENDOR.list)(operation, &[], &query, None).ok()?;
    Some(value_of(&source.page(&source.start()).unwrap()))
}

/// As the page before gave it.
fn followed(text: &str) -> Option<String> {
    let operation = VENDOR.operation("groups.search").unwrap();
    let source = (VENDOR.list)(operation, &[], &Json::Null, Some("{}".to_owned())).unwrap();
    let call: Result<Call, Error> = source.page(&Place::Link(Some(text.to_owned())).into());
    call.ok().map(|call| value_of(&call))
}

fn value_of(call: &Call) -> String {
    assert_eq!((call.request.method, call.request.body.as_deref()), (Method::Get, None));
    let url = sent(&home(&VENDOR), &call.request.target());
    assert_eq!(url.path(), PATH);
    let pairs: Vec<_> = url.query_pairs().collect();
    assert!(matches!(&pairs[..], [(name, _)] if name == "q64"), "{url}");
    pairs[0].1.clone().into_owned()
}

/// The parameter as browsers read it, of what is surely a link. Plus signs stay what they are: base64 has them.
fn theirs(text: &str) -> Option<String> {
    let is_link =
        text.starts_with(['/', 'h']) && text.contains('?') && text.bytes().all(|b| b.is_ascii_graphic());
    let url = Url::parse(VENDOR.base_url).unwrap().join(text).ok().filter(|_| is_link)?;
    let query = url.query()?.replace('+', "%2B");
    let first = query.split('&').find(|pair| pair.starts_with("q64="))?;
    url::form_urlencoded::parse(first.as_bytes()).next().map(|(_, value)| value.into_owned())
}
