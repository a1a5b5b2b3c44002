//! Lists, page by page: `vendor operation` or `vendor /path`, a line with the cursor to begin at, and a line for the body
//! of each page.
#![no_main]

use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use orgdeck::client::{Answer, Source, Vendor, decode};
use orgdeck::json::Json;
use orgdeck::paging::{Listing, Place, Position, Style, Totals};
use orgdeck::schema::Facts;
use orgdeck_fuzz::{any_ids, home, line, operation, sent, style, vendor};

fuzz_target!(|input: &str| {
    let (what, rest) = line(input);
    let (cursor, bodies) = line(rest);
    let (name, what) = what.split_once(' ').unwrap_or_default();
    let vendor = vendor(name);
    let Some(source) = source(vendor, what) else { return };
    let Answer::Page { items, .. } = source.endpoint().answer else { panic!("it is no list") };
    let list_style = source.style();
    let start = list_style.parse(cursor).unwrap_or_else(|_| source.start());
    let first = path_of(vendor, &*source, &source.start()).unwrap();
    let mut page_size = source.page_size();
    let mut listing = Listing::new(list_style, start, page_size);
    for body in bodies.lines() {
        let Some(at) = listing.next().cloned() else { break };
        let Some(path) = path_of(vendor, &*source, &at) else {
            // Only what an answer or a cursor links to can lead nowhere.
            assert!(matches!(at.place, Place::Link(Some(_))), "{at:?}");
            break;
        };
        assert_eq!(path, first, "a page is somewhere else than the list");
        let call = source.page(&at).unwrap();
        let Ok(facts) = decode(&call, body.as_bytes()) else { continue };
        let before = listing.clone();
        listing.accept(&facts);
        assert_eq!(listing.pages(), before.pages() + 1);
        assert_eq!(listing.items(), before.items() + (facts.items as u64).saturating_sub(at.skip));
        let body = Json::parse(body).unwrap();
        assert_eq!(body.get(items).and_then(Json::as_list).map(<[_]>::len), Some(facts.items));
        let next = next(list_style, &at.place, &body, facts.items as u64, page_size).map(Position::from);
        assert_eq!(listing.next(), next.as_ref());
        if listing.pages() == 1 && next.is_some() && facts.items > 0 {
            page_size = facts.items as u64;
        }
        looks_ahead(&listing, page_size);
        resumes(&at, &facts, &listing, list_style, page_size);
    }
});

fn source(vendor: &'static Vendor, what: &str) -> Option<Rc<dyn Source>> {
    if what.starts_with('/') {
        return (vendor.any_list)(what, &Json::Null).ok();
    }
    let endpoint = operation(vendor, what, |endpoint| style(endpoint).is_some());
    let body = endpoint.body.map(|_| "{}".to_owned());
    let needed = Json::Object(vec![("q64".to_owned(), Json::Text("H4sI".to_owned()))]);
    let query = if endpoint.name == "groups.searchByQ64" { needed } else { Json::Null };
    Some((vendor.list)(endpoint, &any_ids(endpoint), &query, body).unwrap())
}

/// The path that a page is at; `None` when there is none to ask for.
fn path_of(vendor: &Vendor, source: &dyn Source, at: &Position) -> Option<String> {
    let call = source.page(at).ok()?;
    Some(sent(&home(vendor), &call.request.target()).path().to_owned())
}

/// Where the next page is, from the whole of an answer.
fn next(style: Style, place: &Place, body: &Json, items: u64, page_size: u64) -> Option<Place> {
    let link = |totals: &Totals| body.get(totals.next).and_then(Json::as_str).filter(|link| !link.is_empty());
    match (style, place) {
        (Style::Offset { more }, Place::Offset(before)) => {
            let step = if items > 0 { items } else { page_size };
            (body.get(more) == Some(&Json::Boolean(true))).then(|| Place::Offset(before.saturating_add(step)))
        }
        (Style::Numbered(totals), Place::Page(number)) => {
            let pages = body.get(totals.pages).and_then(Json::as_u64).unwrap_or(0);
            let more = *number < pages || items > 0 && link(totals).is_some();
            more.then(|| Place::Page(number.saturating_add(1)))
        }
        (Style::Linked(totals), Place::Link(_)) => {
            link(totals).map(|link| Place::Link(Some(link.to_owned())))
        }
        (style, place) => panic!("{place:?} is no place of {style:?}"),
    }
}

/// What is asked for before its turn is neither asked for twice nor more than was wanted.
fn looks_ahead(listing: &Listing, page_size: u64) {
    assert!(listing.ahead(4, u64::MAX) <= 4);
    assert_eq!(listing.ahead(4, 0), 0);
    assert!(listing.ahead(4, page_size) <= 1);
    assert_eq!(listing.guess(0).as_ref(), listing.next());
    let places: Vec<Place> = (0..4).map_while(|further| listing.guess(further)).map(|at| at.place).collect();
    let is_end = |place: &Place| matches!(place, Place::Offset(u64::MAX) | Place::Page(u64::MAX));
    assert!(places.windows(2).all(|pair| pair[0] != pair[1] || is_end(&pair[0])), "{places:?}");
}

/// A listing that goes on from a cursor goes on as it would have.
fn resumes(at: &Position, facts: &Facts, listing: &Listing, style: Style, page_size: u64) {
    let mut resumed = Listing::new(style, style.parse(&at.cursor()).unwrap(), page_size);
    resumed.accept(facts);
    assert_eq!(resumed.next(), listing.next());
    let Some(next) = listing.next() else { return };
    assert_eq!(style.parse(&next.cursor()).as_ref().ok(), Some(next));
    let is_new = match next.place {
        // No list is that long; and who follows links sees when one leads back.
        Place::Offset(u64::MAX) | Place::Page(u64::MAX) | Place::Link(_) => true,
        _ => next.place != at.place,
    };
    assert!(is_new, "{next:?} is the same page");
}
