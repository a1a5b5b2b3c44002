//! What a view is to show.

use crate::http::Error;
use crate::json::Json;
use crate::query::Criteria;

/// What a view is to show.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Criteria that records must meet.
    pub criteria: Option<Criteria>,
    /// What was typed, as the browser takes it apart: four texts a word, as `table/words.rs` reads them.
    pub words: Vec<String>,
    /// The fields in which words are looked for that name none; all texts without them.
    pub search_in: Option<Vec<String>>,
    /// The fields to sort by, and whether from the greatest down.
    pub sort: Vec<(String, bool)>,
}

impl Query {
    /// A query as callers write it.
    ///
    /// # Errors
    /// A `ConfigError` that names what is wrong with it.
    pub fn parse(given: &Json) -> Result<Self, Error> {
        let mut query = Self::default();
        for (name, value) in given.members() {
            match (name.as_str(), value) {
                ("where", criteria) => {
                    let parsed = Criteria::parse(criteria);
                    let named = |error: Error| Error::config("query.where{}", &[&error.message]);
                    query.criteria = Some(parsed.map_err(named)?);
                }
                ("words", Json::List(words)) => query.words = texts(words),
                ("searchIn", Json::List(fields)) => query.search_in = Some(texts(fields)),
                ("sort", Json::List(keys)) => {
                    for key in keys {
                        query.sort.push(sort_key(key)?);
                    }
                }
                _ => return Err(Error::config("query.{} is not what it should be", &[name])),
            }
        }
        Ok(query)
    }
}

fn texts(list: &[Json]) -> Vec<String> {
    let mut texts = Vec::new();
    for text in list {
        texts.push(text.as_str().unwrap_or_default().to_owned());
    }
    texts
}

fn sort_key(key: &Json) -> Result<(String, bool), Error> {
    let order = key.get("order").map(Json::as_str);
    let descends = match order {
        None | Some(Some("ascending")) => false,
        Some(Some("descending")) => true,
        Some(_) => return Err(Error::config("query.sort: an order is ascending or descending", &[])),
    };
    match key.get("field").and_then(Json::as_str) {
        Some(field) => Ok((field.to_owned(), descends)),
        None => Err(Error::config("query.sort: a key has a field", &[])),
    }
}
