//! The few facts a database keeps about itself.

use rusqlite::{Connection, OptionalExtension, params};

/// The seed the data was made from.
pub const SEED: &str = "seed";
/// How many people were asked for.
pub const PEOPLE: &str = "people";
/// How many groups were asked for.
pub const GROUPS: &str = "groups";
/// How many Genesys groups were asked for.
pub const GENESYS_GROUPS: &str = "genesys_groups";
/// How many ids were minted since the seed.
pub const MINTED: &str = "minted";
/// The Close user behind the API key and the admin's token.
pub const CLOSE_ADMIN: &str = "close_admin";
/// The Close user behind the token without rights.
pub const CLOSE_MEMBER: &str = "close_member";
/// The person behind the Genesys admin's token.
pub const GENESYS_ADMIN: &str = "genesys_admin";
/// The person behind the Genesys token without rights.
pub const GENESYS_MEMBER: &str = "genesys_member";

/// Reads a fact, if it is there.
pub fn get(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

/// Reads a fact that is a number; 0 when it is missing or none.
pub fn number(db: &Connection, key: &str) -> rusqlite::Result<u64> {
    Ok(get(db, key)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Writes a fact.
pub fn put(db: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO setting (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![key, value])
    .map(drop)
}
