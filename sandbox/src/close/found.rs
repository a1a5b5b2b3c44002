//! The ids of a list, found once for all of its pages.
//!
//! SQLite finds a page far behind by walking over everything before it. A list of a hundred thousand, read
//! page by page, would be walked over a thousand times.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

/// More lists than this are hardly read at the same time.
const KEPT: usize = 4;

/// The lists that were asked for last, as long as nothing changes.
#[derive(Debug, Default)]
pub struct Found {
    kept: Mutex<VecDeque<List>>,
}

/// One list: what was asked, when, and what was found.
#[derive(Debug)]
struct List {
    sql: String,
    values: Vec<Sql>,
    /// How many rows had ever been changed by then.
    changes: u64,
    ids: Arc<[String]>,
}

impl Found {
    /// The first column of a query.
    pub fn ids(&self, db: &Connection, sql: String, values: Vec<Sql>) -> rusqlite::Result<Arc<[String]>> {
        let changes = db.total_changes();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|list| list.changes == changes);
        if let Some(list) = kept.iter().find(|list| list.sql == sql && list.values == values) {
            return Ok(list.ids.clone());
        }
        let ids: Arc<[String]> = db
            .prepare_cached(&sql)?
            .query_map(params_from_iter(&values), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        kept.truncate(KEPT - 1);
        kept.push_front(List { sql, values, changes, ids: ids.clone() });
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_found_anew_after_a_change() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE list (id TEXT, kind TEXT); INSERT INTO list VALUES ('a', 'x'), ('b', 'y')",
        )
        .unwrap();
        let found = Found::default();
        let ids = |kind: &str| {
            found
                .ids(
                    &db,
                    "SELECT id FROM list WHERE kind >= ?1 ORDER BY id".to_owned(),
                    vec![kind.to_owned().into()],
                )
                .unwrap()
        };

        assert_eq!(*ids("x"), ["a", "b"]);
        assert_eq!(*ids("y"), ["b"]);
        assert!(Arc::ptr_eq(&ids("x"), &ids("x")));

        db.execute("INSERT INTO list VALUES ('0', 'x')", []).unwrap();
        assert_eq!(*ids("x"), ["0", "a", "b"]);
    }

    #[test]
    fn no_more_lists_are_kept_than_are_read_at_a_time() {
        let db = Connection::open_in_memory().unwrap();
        let found = Found::default();
        for number in 0..20 {
            found.ids(&db, "SELECT CAST(?1 AS TEXT)".to_owned(), vec![number.into()]).unwrap();
        }
        assert_eq!(found.kept.lock().unwrap().len(), KEPT);
    }
}
