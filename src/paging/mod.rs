//! How lists continue. Pure state: it is told what a page said, and says where the next one is.

use crate::http::Error;
use crate::json::Json;
use crate::schema::Facts;

/// How a vendor's lists continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// By a number of items to skip, with a member of the envelope that says whether more follow. An answer without
    /// that member is the whole list.
    Offset {
        /// The member's name.
        more: &'static str,
    },
}

impl Style {
    /// The members of the envelope that it reads.
    pub const fn members(self) -> [&'static str; 1] {
        match self {
            Self::Offset { more } => [more],
        }
    }
}

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Behind so many items.
    Offset(u64),
}

impl Position {
    /// The place as callers keep it, to go on later.
    pub fn cursor(self) -> String {
        match self {
            Self::Offset(items) => ["offset:", &items.to_string()].concat(),
        }
    }

    /// The place so many items further on.
    #[must_use]
    pub const fn advanced(self, items: u64) -> Self {
        match self {
            Self::Offset(skipped) => Self::Offset(skipped.saturating_add(items)),
        }
    }

    /// Reads a place.
    ///
    /// # Errors
    /// A `ConfigError` when it is not one that [`Position::cursor`] wrote.
    #[inline(never)]
    pub fn parse(cursor: &str) -> Result<Self, Error> {
        cursor
            .strip_prefix("offset:")
            .and_then(|items| items.parse().ok())
            .map(Self::Offset)
            .ok_or_else(|| Error::config(&["cursor `", cursor, "` is not one that a page gave"]))
    }
}

/// A listing under way.
#[derive(Clone, Debug)]
pub struct Listing {
    style: Style,
    next: Option<Position>,
    pages: u64,
    items: u64,
}

impl Listing {
    /// A listing that starts at a place.
    pub const fn new(style: Style, start: Position) -> Self {
        Self { style, next: Some(start), pages: 0, items: 0 }
    }

    /// Where the next page is; `None` behind the last one.
    pub const fn next(&self) -> Option<Position> {
        self.next
    }

    /// Pages so far.
    pub const fn pages(&self) -> u64 {
        self.pages
    }

    /// Items so far.
    pub const fn items(&self) -> u64 {
        self.items
    }

    /// Takes in what a page said.
    pub fn accept(&mut self, facts: &Facts) {
        let received = u64::try_from(facts.items).unwrap_or(u64::MAX);
        self.pages += 1;
        self.items += received;
        self.next = match (self.style, self.next) {
            (_, None) => None,
            (Style::Offset { more }, Some(Position::Offset(skipped))) => {
                // By the items received, not by those asked for: a vendor may send fewer, and none would be lost.
                let goes_on = facts.get(more).and_then(Json::as_bool).unwrap_or(false) && received > 0;
                goes_on.then(|| Position::Offset(skipped).advanced(received))
            }
        };
    }
}
