//! Lists by `_skip` and `_limit`.

use serde::Serialize;

use super::errors::Refusal;
use super::params::Params;

/// The vendor's page size where none is asked for.
const DEFAULT_LIMIT: i64 = 100;

/// Which part of a list was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// How many to leave out.
    pub skip: i64,
    limit: i64,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    data: Vec<T>,
    has_more: bool,
}

impl Window {
    /// Reads both parameters.
    ///
    /// # Errors
    /// In the words of the vendor's older framework.
    pub fn read(params: &Params, max_limit: u32) -> Result<Self, Refusal> {
        let max_limit = i64::from(max_limit);
        let skip = number(params, "_skip")?.unwrap_or(0);
        let limit = number(params, "_limit")?.unwrap_or(DEFAULT_LIMIT.min(max_limit));
        if limit > max_limit {
            return Err(Refusal::bad_request(&format!(
                "The limit you set is larger than the maximum limit for this resource (max_limit = {max_limit})."
            )));
        }
        Ok(Window { skip, limit })
    }

    /// How many rows to fetch: one more than shown, to learn whether there are more.
    pub fn fetch(self) -> i64 {
        self.limit + 1
    }

    /// The same of what is all at hand.
    pub fn of<T>(self, all: &[T]) -> &[T] {
        let at = |place: i64| usize::try_from(place).unwrap_or(usize::MAX).min(all.len());
        let start = at(self.skip);
        all.get(start..at(self.skip.saturating_add(self.fetch()))).unwrap_or_default()
    }

    /// Makes a page of the rows that were fetched.
    pub fn page<T>(self, mut rows: Vec<T>) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Page { data: rows, has_more }
    }
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn try_map<U, E>(self, change: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let data = self.data.into_iter().map(change).collect::<Result<_, _>>()?;
        Ok(Page { data, has_more: self.has_more })
    }
}

fn number(params: &Params, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    match text.trim().parse::<i64>() {
        Ok(number) if number >= 0 => Ok(Some(number)),
        Ok(_) => Err(Refusal::bad_request(&format!(
            "{name} must be a non-negative integer (got \"{text}\" instead)."
        ))),
        Err(_) => Err(Refusal::bad_request(&format!("{name} must be an integer (got \"{text}\" instead)."))),
    }
}
