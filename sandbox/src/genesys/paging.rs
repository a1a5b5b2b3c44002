//! Lists by `pageSize` and `pageNumber`, with links.

use serde::Serialize;

use super::Call;
use super::errors::Refusal;

/// The vendor's page size where none is asked for.
pub const DEFAULT_SIZE: i64 = 25;
/// The largest page. The vendor declares none; 500 is known to work.
pub const MAX_SIZE: i64 = 500;

/// Which part of a list was asked for. Pages are counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// How many there are on a page.
    pub size: i64,
    /// Which page it is.
    pub number: i64,
}

/// A page of a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<T> {
    entities: Vec<T>,
    page_size: i64,
    page_number: i64,
    total: i64,
    page_count: i64,
    first_uri: String,
    last_uri: String,
    self_uri: String,
    /// Like the one below not there, rather than null, where there is no such page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_uri: Option<String>,
}

impl Window {
    /// Reads both parameters.
    pub fn read(call: &Call<'_>) -> Result<Self, Refusal> {
        let number = |name| match call.params.get(name).map(|text| (text, text.parse().ok())) {
            None => Ok(None),
            Some((_, Some(number))) => Ok(Some(number)),
            Some((text, None)) => Err(Refusal::invalid_value(name, text, "whole numbers")),
        };
        Self::of(number("pageSize")?, number("pageNumber")?)
    }

    /// Checks both, and puts defaults where they were not given.
    pub fn of(size: Option<i64>, number: Option<i64>) -> Result<Self, Refusal> {
        let between = |name: &str, value: i64, most: i64| {
            let fits = (1..=most).contains(&value);
            let allowed = format!("1 to {most}");
            if fits { Ok(value) } else { Err(Refusal::invalid_value(name, &value.to_string(), &allowed)) }
        };
        Ok(Window {
            size: between("pageSize", size.unwrap_or(DEFAULT_SIZE), MAX_SIZE)?,
            number: between("pageNumber", number.unwrap_or(1), i64::from(i32::MAX))?,
        })
    }

    /// How many items come before the page.
    pub fn skip(self) -> i64 {
        self.size * (self.number - 1)
    }

    /// How many pages so many items fill.
    pub fn count(self, total: i64) -> i64 {
        total.max(0).unsigned_abs().div_ceil(self.size.unsigned_abs().max(1)).try_into().unwrap_or(i64::MAX)
    }

    /// Makes a page of the items on it. Links are relative and keep all other parameters.
    pub fn page<T>(self, call: &Call<'_>, total: i64, entities: Vec<T>) -> Listing<T> {
        let others = call.params.raw_without(&["pageSize", "pageNumber"]);
        let link = |number: i64| format!("{}?pageSize={}&pageNumber={number}{others}", call.path, self.size);
        let count = self.count(total);
        let last = count.max(1);
        Listing {
            entities,
            page_size: self.size,
            page_number: self.number,
            total,
            page_count: count,
            first_uri: link(1),
            last_uri: link(last),
            self_uri: link(self.number),
            next_uri: (self.number < count).then(|| link(self.number + 1)),
            // From beyond the end, the way back leads to the end.
            previous_uri: (self.number > 1).then(|| link((self.number - 1).min(last))),
        }
    }

    /// A list that has everything on one page, whatever was asked for.
    pub fn whole<T>(call: &Call<'_>, entities: Vec<T>) -> Listing<T> {
        let total = i64::try_from(entities.len()).unwrap_or(i64::MAX);
        Window { size: total.max(DEFAULT_SIZE), number: 1 }.page(call, total, entities)
    }
}
