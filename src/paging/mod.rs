//! How lists continue. Pure state: it is told what a page said, and says where the next one is.

use crate::http::{Error, cut, decimal, fill, whole};
use crate::json::Json;
use crate::schema::{Facts, Shape, Typed};

/// How a vendor's lists continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// By a number of items to skip, with a member of the envelope that says whether more follow. An answer without
    /// that member is the whole list.
    Offset {
        /// The member's name.
        more: &'static str,
    },
    /// By the page's number, from 1.
    Numbered(&'static Totals),
    /// By a link that leads to the next page. The first page has none: it is what was asked for.
    Linked(&'static Totals),
}

/// The members of an envelope that counts. Any of them may be missing in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Has the number of all items.
    pub items: &'static str,
    /// Has the number of all pages.
    pub pages: &'static str,
    /// Has the link to the next page; the last page has none.
    pub next: &'static str,
}

impl Style {
    /// The members of the envelope that it reads, and what they must be where they are: a list whose end cannot be told
    /// must not end.
    pub fn members(self) -> Vec<(&'static str, Shape)> {
        const COUNT: Shape = Option::<i64>::SHAPE;
        match self {
            Self::Offset { more } => vec![(more, Option::<bool>::SHAPE)],
            Self::Numbered(totals) | Self::Linked(totals) => {
                vec![(totals.items, COUNT), (totals.pages, COUNT), (totals.next, Option::<String>::SHAPE)]
            }
        }
    }

    /// Reads a place in a list of this style.
    ///
    /// # Errors
    /// A `ConfigError` when it is not one that [`Position::cursor`] wrote, or of a list of another style.
    #[inline(never)]
    pub fn parse(self, cursor: &str) -> Result<Position, Error> {
        let read = || {
            let (kind, place) = cut(cursor, b':')?;
            let (kind, skip) = cut(kind, b'+').unwrap_or((kind, "0"));
            let place = match (self, kind) {
                // Any number of items can be skipped, so there is none left to leave out.
                (Self::Offset { .. }, OFFSET) if skip == "0" => Place::Offset(whole(place)?),
                (Self::Numbered(_), PAGE) => Place::Page(whole(place).filter(|&number| number > 0)?),
                (Self::Linked(_), LINK) => Place::Link((!place.is_empty()).then(|| place.to_owned())),
                _ => return None,
            };
            Some(Position { place, skip: whole(skip)? })
        };
        let position = read().filter(|position| position.cursor() == cursor);
        position
            .ok_or_else(|| Error::config("cursor `{}` is not one that a page of this list gave", &[cursor]))
    }
}

const OFFSET: &str = "offset";
const PAGE: &str = "page";
const LINK: &str = "link";

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// What is asked for.
    pub place: Place,
    /// Items at its start that are left out, because they were taken before.
    pub skip: u64,
}

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// What is behind so many items.
    Offset(u64),
    /// The page of this number, from 1.
    Page(u64),
    /// The page that a link leads to; `None` for the first.
    Link(Option<String>),
}

impl From<Place> for Position {
    fn from(place: Place) -> Self {
        Self { place, skip: 0 }
    }
}

impl Position {
    /// The place as callers keep it, to go on later.
    pub fn cursor(&self) -> String {
        let (kind, place) = match &self.place {
            Place::Offset(items) => (OFFSET, decimal(*items)),
            Place::Page(number) => (PAGE, decimal(*number)),
            Place::Link(link) => (LINK, link.clone().unwrap_or_default()),
        };
        match self.skip {
            0 => fill("{}:{}", &[kind, &place]),
            skip => fill("{}+{}:{}", &[kind, &decimal(skip), &place]),
        }
    }

    /// The place so many items further on: within the page, where the vendor can only be asked for whole ones.
    #[must_use]
    pub fn advanced(self, items: u64) -> Self {
        match self.place {
            Place::Offset(skipped) => Place::Offset(skipped.saturating_add(items)).into(),
            place => Self { place, skip: self.skip.saturating_add(items) },
        }
    }
}

/// A listing under way.
#[derive(Clone, Debug)]
pub struct Listing {
    style: Style,
    next: Option<Position>,
    pages: u64,
    items: u64,
    total: Option<u64>,
    page_count: Option<u64>,
    /// Items of a page that is not the last one.
    page_size: u64,
    /// Items before the first page, where that is known.
    before: Option<u64>,
    /// The highest of all counts.
    most: Option<u64>,
    has_drifted: bool,
}

impl Listing {
    /// A listing that starts at a place. `page_size` as far as it is known.
    pub const fn new(style: Style, start: Position, page_size: u64) -> Self {
        Self {
            style,
            next: Some(start),
            pages: 0,
            items: 0,
            total: None,
            page_count: None,
            page_size,
            before: None,
            most: None,
            has_drifted: false,
        }
    }

    /// Where the next page is; `None` behind the last one.
    pub const fn next(&self) -> Option<&Position> {
        self.next.as_ref()
    }

    /// Pages so far.
    pub const fn pages(&self) -> u64 {
        self.pages
    }

    /// Items so far.
    pub const fn items(&self) -> u64 {
        self.items
    }

    /// Items of the whole list, as the last page said.
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Pages of the whole list, as the last page said.
    pub const fn page_count(&self) -> Option<u64> {
        self.page_count
    }

    /// Items that the listing should come to, by the highest count; where the vendor counts, and it is known how many
    /// lie before its start.
    pub fn expected(&self) -> Option<u64> {
        Some(self.most?.saturating_sub(self.before?))
    }

    /// Whether the vendor's count changed on the way.
    pub const fn has_drifted(&self) -> bool {
        self.has_drifted
    }

    /// How many pages to ask for at once, of `concurrency` at most, when so many items are wanted: all of them where
    /// the vendor counts pages; else fewer at first, because the list may end with any of them.
    pub fn ahead(&self, concurrency: usize, wanted: u64) -> usize {
        let pages = usize::try_from(self.pages).unwrap_or(usize::MAX);
        let most = match self.page_count {
            Some(_) => concurrency,
            None => concurrency.min(pages.saturating_mul(2)),
        };
        let due = wanted.div_ceil(self.page_size.max(1));
        most.min(usize::try_from(due).unwrap_or(usize::MAX))
    }

    /// Where the page is that comes so many pages behind the next one, as far as one can tell.
    pub fn guess(&self, further: u64) -> Option<Position> {
        let next = self.next.as_ref()?;
        let place = match next.place {
            _ if further == 0 => return Some(next.clone()),
            Place::Offset(skipped) => {
                Place::Offset(skipped.saturating_add(further.saturating_mul(self.page_size)))
            }
            Place::Page(number)
                if self.page_count.is_none_or(|count| number.saturating_add(further) <= count) =>
            {
                Place::Page(number.saturating_add(further))
            }
            _ => return None,
        };
        Some(place.into())
    }

    /// Takes in what a page said.
    pub fn accept(&mut self, facts: &Facts) {
        let received = u64::try_from(facts.items).unwrap_or(u64::MAX);
        let Some(Position { place, skip }) = self.next.take() else { return };
        let is_first = self.pages == 0;
        let start = if is_first { Some(place.clone()) } else { None };
        self.pages += 1;
        self.items += received.saturating_sub(skip);
        let next = match (self.style, place) {
            (Style::Offset { more }, Place::Offset(skipped)) => {
                // By the items received, not by those asked for: a vendor may send fewer, and none would be lost.
                let goes_on = facts.get(more).and_then(Json::as_bool).unwrap_or(false);
                // An empty page is not the end; what is behind it begins where it would have ended.
                let step = if received > 0 { received } else { self.page_size };
                goes_on.then(|| Place::Offset(skipped.saturating_add(step)))
            }
            (Style::Numbered(totals), Place::Page(number)) => {
                self.count(facts, totals);
                // An empty page is not the end while the vendor counts more pages; a link behind the last page of
                // all, with nothing on it, leads nowhere.
                let is_linked = received > 0 && link(facts, totals).is_some();
                let goes_on = is_linked || self.page_count.is_some_and(|count| number < count);
                goes_on.then(|| Place::Page(number.saturating_add(1)))
            }
            (Style::Linked(totals), Place::Link(_)) => {
                self.count(facts, totals);
                link(facts, totals).map(|link| Place::Link(Some(link.to_owned())))
            }
            // `Style::parse` and a source's start make no place of another style.
            _ => None,
        };
        self.next = next.map(Position::from);
        if self.next.is_some() && received > 0 && is_first {
            self.page_size = received;
        }
        self.before = match start {
            Some(Place::Page(1) | Place::Link(None)) => Some(skip),
            // Only a page with others behind it tells how long those before it are.
            Some(Place::Page(number)) if self.next.is_some() => {
                Some((number - 1).saturating_mul(received).saturating_add(skip))
            }
            Some(_) => None,
            None => self.before,
        };
    }

    fn count(&mut self, facts: &Facts, totals: &Totals) {
        let number = |name| facts.get(name).and_then(Json::as_u64);
        let total = number(totals.items);
        self.has_drifted |= self.most.is_some() && total != self.total;
        self.most = self.most.max(total);
        self.total = total;
        self.page_count = number(totals.pages);
    }
}

fn link<'a>(facts: &'a Facts, totals: &Totals) -> Option<&'a str> {
    facts.get(totals.next).and_then(Json::as_str).filter(|link| !link.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTALS: Totals = Totals { items: "total", pages: "pageCount", next: "nextUri" };
    const NUMBERED: Style = Style::Numbered(&TOTALS);
    const LINKED: Style = Style::Linked(&TOTALS);
    const OFFSET: Style = Style::Offset { more: "has_more" };

    fn facts(items: usize, members: &str) -> Facts {
        let members = Json::parse(members).unwrap().into_members();
        let known = ["total", "pageCount", "nextUri", "has_more"];
        let members = members
            .into_iter()
            .map(|(name, value)| (known.into_iter().find(|known| *known == name).unwrap(), value));
        Facts { items, members: members.collect() }
    }

    /// The cursors of the pages of a listing that is answered so.
    fn walk(style: Style, start: Place, answers: &[(usize, &str)]) -> Vec<String> {
        let mut listing = Listing::new(style, start.into(), 100);
        let mut cursors = Vec::new();
        for (items, members) in answers {
            cursors.push(listing.next().unwrap().cursor());
            listing.accept(&facts(*items, members));
        }
        cursors.extend(listing.next().map(|next| next.cursor() + " is left"));
        cursors
    }

    #[test]
    fn numbered_lists_go_on_while_anything_says_so() {
        let more = r#"{"total":5,"pageCount":3,"nextUri":"/x?pageNumber=2"}"#;
        for (name, answers, cursors) in [
            (
                "both",
                vec![(2, more), (2, more), (1, r#"{"pageCount":3}"#)],
                vec!["page:1", "page:2", "page:3"],
            ),
            ("only a link", vec![(2, r#"{"nextUri":"/x"}"#), (1, "{}")], vec!["page:1", "page:2"]),
            (
                "only a count",
                vec![(2, r#"{"pageCount":2}"#), (2, r#"{"pageCount":2}"#)],
                vec!["page:1", "page:2"],
            ),
            ("an empty page within", vec![(0, more), (2, more)], vec!["page:1", "page:2", "page:3 is left"]),
            ("an empty page behind", vec![(0, r#"{"pageCount":1,"nextUri":"/x"}"#)], vec!["page:1"]),
            ("null for no link", vec![(2, r#"{"nextUri":null}"#)], vec!["page:1"]),
            ("nothing", vec![(2, "{}")], vec!["page:1"]),
        ] {
            assert_eq!(walk(NUMBERED, Place::Page(1), &answers), cursors, "{name}");
        }
    }

    #[test]
    fn links_are_followed_until_there_is_none() {
        let answers = [(2, r#"{"nextUri":"/x?q64=A%3D"}"#), (0, r#"{"nextUri":"/x?q64=B"}"#), (1, "{}")];
        assert_eq!(walk(LINKED, Place::Link(None), &answers), ["link:", "link:/x?q64=A%3D", "link:/x?q64=B"]);
    }

    #[test]
    fn totals_are_known_from_the_first_page() {
        let mut listing = Listing::new(NUMBERED, Place::Page(1).into(), 100);
        listing.accept(&facts(2, r#"{"total":5,"pageCount":3}"#));
        assert_eq!((listing.total(), listing.page_count()), (Some(5), Some(3)));
    }

    #[test]
    fn a_cursor_names_a_place_of_its_own_style_alone() {
        let places = [
            (OFFSET, Place::Offset(7)),
            (NUMBERED, Place::Page(3)),
            (LINKED, Place::Link(None)),
            (LINKED, Place::Link(Some("/x?q64=a:b+c".to_owned()))),
        ];
        for (style, place) in places {
            for skip in [0, 4] {
                let position = Position::from(place.clone()).advanced(skip);
                let cursor = position.cursor();
                for other in [OFFSET, NUMBERED, LINKED] {
                    let read = other.parse(&cursor);
                    assert_eq!(read.ok(), (other == style).then(|| position.clone()), "{cursor} {other:?}");
                }
            }
        }
        for cursor in [
            "",
            "page",
            "page:0",
            "page:-1",
            "page:x",
            "page+x:1",
            "page:007",
            "page+0:1",
            "offset:1.5",
            "offset:+5",
            "offset+3:5",
            "Page:1",
        ] {
            for style in [OFFSET, NUMBERED, LINKED] {
                assert!(style.parse(cursor).unwrap_err().message.contains("cursor"), "{cursor}");
            }
        }
    }

    #[test]
    fn a_place_within_a_page_keeps_the_page() {
        assert_eq!(Position::from(Place::Page(2)).advanced(3).advanced(4).cursor(), "page+7:2");
        let mut listing = Listing::new(NUMBERED, NUMBERED.parse("page+7:2").unwrap(), 100);
        listing.accept(&facts(10, r#"{"pageCount":3}"#));
        assert_eq!((listing.items(), listing.next().unwrap().cursor()), (3, "page:3".to_owned()));
    }
}
