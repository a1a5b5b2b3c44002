//! What a view is to show.

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
    /// The fields to sort by, each with its order behind it: `ascending` or `descending`.
    pub sort: Vec<String>,
}
