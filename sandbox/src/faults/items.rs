//! Pages that lie: an item that comes twice, or not at all.

use axum::body::Bytes;
use serde_json::Value;

/// Where the vendors' lists have their items.
const LISTS: [&str; 3] = ["data", "entities", "results"];

/// How many items of a page come twice, or not at all. The data stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// The first ones come again at the end.
    Duplicate(usize),
    /// The first ones are left out.
    Missing(usize),
}

impl Items {
    /// The page as it is to be; what is no page stays as it is.
    pub fn of(self, page: Bytes) -> Bytes {
        let Ok(mut answer) = serde_json::from_slice::<Value>(&page) else {
            return page;
        };
        let list = LISTS.iter().find(|name| answer.get(name).is_some_and(Value::is_array));
        let Some(Value::Array(items)) = list.and_then(|name| answer.get_mut(name)) else {
            return page;
        };
        match self {
            Items::Duplicate(count) => items.extend_from_within(..count.min(items.len())),
            Items::Missing(count) => drop(items.drain(..count.min(items.len()))),
        }
        Bytes::from(answer.to_string())
    }
}
