//! What is promised now and done later.
//!
//! The vendor answers 202 to changes of members and 200 to the deletion of a group, and carries both
//! out in its own time. Here they wait in a table with the moment at which they are due, and every
//! request begins by carrying out what is due by then. So there is nothing in the background that a
//! test would have to race with.

use rusqlite::{Connection, params};
use serde_json::json;

use super::{Call, members, settle};

/// A change to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// These people join it.
    Add(&'a [i64]),
    /// These people leave it.
    Remove(&'a [i64]),
    /// Its dynamic settings have changed.
    Rule,
    /// It is marked as deleted.
    Delete,
    /// It is gone altogether.
    Vanish,
}

impl Change<'_> {
    fn kind(self) -> &'static str {
        match self {
            Change::Add(_) => "add",
            Change::Remove(_) => "remove",
            Change::Rule => "rule",
            Change::Delete => "delete",
            Change::Vanish => "vanish",
        }
    }

    fn people(self) -> String {
        match self {
            Change::Add(people) | Change::Remove(people) => json!(people).to_string(),
            Change::Rule | Change::Delete | Change::Vanish => "[]".to_owned(),
        }
    }
}

/// Promises a change, due after the lag, or after several times the lag.
pub fn promise(call: &Call<'_>, group: i64, change: Change<'_>, lags: u64) -> rusqlite::Result<()> {
    let micros = call.config.genesys_lag_ms.saturating_mul(lags).saturating_mul(1_000);
    let due = call.now.saturating_add(i64::try_from(micros).unwrap_or(i64::MAX));
    call.db
        .prepare_cached(
            "INSERT INTO genesys_change (due, group_number, kind, people) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![due, group, change.kind(), change.people()])
        .map(drop)
}

/// Whether a group is going to be deleted.
pub fn is_doomed(db: &Connection, group: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM genesys_change WHERE group_number = ?1 AND kind = 'vanish')",
    )?
    .query_row([group], |row| row.get(0))
}

/// Carries out what is due, in the order in which it was promised.
pub fn carry_out(db: &Connection, now: i64) -> rusqlite::Result<()> {
    let due: Vec<(i64, i64, String, String)> = db
        .prepare_cached(
            "SELECT number, group_number, kind, people FROM genesys_change WHERE due <= ?1 ORDER BY due, number",
        )?
        .query_map([now], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    for (number, group, kind, people) in due {
        db.execute("DELETE FROM genesys_change WHERE number = ?1", [number])?;
        match kind.as_str() {
            "add" => members::put_in(db, group, &people)?,
            "remove" => members::take_out(db, group, &people)?,
            "delete" => {
                db.execute("UPDATE genesys_group SET state = 'deleted' WHERE number = ?1", [group])?;
            }
            "vanish" => {
                db.execute("DELETE FROM genesys_group WHERE number = ?1", [group])?;
            }
            _ => settle(db, group)?,
        }
    }
    Ok(())
}
