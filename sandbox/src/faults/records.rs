//! Records that come and go while somebody reads page after page, so that offsets shift as in life.
//!
//! | list | what is inserted comes first because of | what is removed |
//! |---|---|---|
//! | Close users | its id | memberships, but not the two callers' |
//! | Close roles | its id; of the built-in roles, `admin` and `restricteduser` are before it all the same | roles that are not built in; whoever has one becomes a `user` |
//! | Close groups | its id | groups, from smart views too |
//! | Genesys groups, their profiles and searches | its name | groups, at once and for good |
//! | Genesys members of a group | the name of a new person | owners and whom a rule has brought, too |

use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use rusqlite::{Connection, OptionalExtension, params};

use crate::clock;
use crate::db::ids::{self, Kind};
use crate::genesys::members;

/// What a request lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    CloseUsers,
    CloseRoles,
    CloseGroups,
    GenesysGroups,
    /// Of the group with this id.
    GenesysMembers(String),
}

/// How many records come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    Insert(usize),
    Remove(usize),
}

impl List {
    /// The list that is asked for, if it is one of those that can be shifted.
    pub fn of(request: &Parts) -> Option<Self> {
        let path = request.uri.path();
        match (request.method.as_str(), path) {
            ("GET", "/api/v1/user/") => Some(List::CloseUsers),
            ("GET", "/api/v1/role/") => Some(List::CloseRoles),
            ("GET", "/api/v1/group/") => Some(List::CloseGroups),
            ("GET", "/api/v2/groups" | "/api/v2/profiles/groups") => Some(List::GenesysGroups),
            ("GET" | "POST", "/api/v2/groups/search") => Some(List::GenesysGroups),
            ("GET", _) => {
                let id = path.strip_prefix("/api/v2/groups/")?.strip_suffix("/members")?;
                let id = percent_decode_str(id).decode_utf8_lossy();
                Some(List::GenesysMembers(id.into_owned()))
            }
            _ => None,
        }
    }
}

impl Shift {
    /// Inserts or removes records at the front of a list.
    pub fn apply(self, db: &Connection, list: &List) -> rusqlite::Result<()> {
        match self {
            Shift::Insert(count) => (0..count).try_for_each(|_| insert(db, list)),
            Shift::Remove(count) => remove(db, list, i64::try_from(count).unwrap_or(i64::MAX)),
        }
    }
}

fn insert(db: &Connection, list: &List) -> rusqlite::Result<()> {
    let number = ids::count_down(db)?;
    // Before letters and digits, and before whatever was inserted earlier.
    let name = format!("! Inserted {number}");
    let now = clock::timestamp();
    match list {
        List::CloseUsers => {
            let (user, membership) = (ids::first(number, Kind::USER), ids::first(number, Kind::MEMBERSHIP));
            let person = insert_person(db, number)?;
            db.execute(
                "INSERT INTO close_user (id, person_id, date_created, date_updated) VALUES (?1, ?2, ?3, ?3)",
                params![user, person, now],
            )?;
            db.execute(
                "INSERT INTO close_membership (id, organization_id, user_id, role_id)
                 SELECT ?1, id, ?2, 'user' FROM close_organization",
                [membership, user],
            )?;
        }
        List::CloseRoles => {
            db.execute(
                "INSERT INTO close_role (id, organization_id, name, editable, date_created, date_updated)
                 SELECT ?1, id, ?2, 1, ?3, ?3 FROM close_organization",
                [ids::first(number, Kind::ROLE), name, now],
            )?;
        }
        List::CloseGroups => {
            db.execute(
                "INSERT INTO close_group (id, organization_id, name) SELECT ?1, id, ?2 FROM close_organization",
                [ids::first(number, Kind::GROUP), name],
            )?;
        }
        List::GenesysGroups => {
            db.execute(
                "INSERT INTO genesys_group (id, name, type, rules_visible, visibility, date_modified)
                 VALUES (?1, ?2, 'official', 1, 'public', ?3)",
                params![ids::mint_uuid(db)?, name, clock::now()],
            )?;
        }
        List::GenesysMembers(group) => {
            let Some(group) = number_of(db, group)? else {
                return Ok(());
            };
            let person = insert_person(db, number)?;
            db.execute(
                "INSERT INTO genesys_user (person_id, id, name, state, role, language, presence, routing_status,
                                           status_since, out_of_office, version)
                 VALUES (?1, ?2, ?3, 'active', 'employee', 'en-US', 'AVAILABLE', 'OFF_QUEUE', ?4, 0, 1)",
                params![person, ids::mint_uuid(db)?, name, clock::now()],
            )?;
            members::put_in(db, group, &format!("[{person}]"))?;
        }
    }
    Ok(())
}

/// Somebody whom nobody has heard of before.
fn insert_person(db: &Connection, number: u64) -> rusqlite::Result<i64> {
    db.execute(
        "INSERT INTO person (email, first_name, last_name) VALUES (?1, '! Inserted', ?2)",
        [format!("inserted-{number}@example.com"), number.to_string()],
    )?;
    Ok(db.last_insert_rowid())
}

fn number_of(db: &Connection, group: &str) -> rusqlite::Result<Option<i64>> {
    db.query_row("SELECT number FROM genesys_group WHERE id = ?1", [group], |row| row.get(0)).optional()
}

fn remove(db: &Connection, list: &List, count: i64) -> rusqlite::Result<()> {
    match list {
        List::CloseUsers => {
            let users = first_ids(
                db,
                "SELECT user_id FROM close_membership
                 WHERE user_id NOT IN (SELECT value FROM setting WHERE key IN ('close_admin', 'close_member'))
                 ORDER BY user_id LIMIT ?1",
                count,
            )?;
            for user in users {
                db.execute("DELETE FROM close_group_member WHERE user_id = ?1", [&user])?;
                db.execute("DELETE FROM close_membership WHERE user_id = ?1", [&user])?;
            }
        }
        List::CloseRoles => {
            let roles =
                first_ids(db, "SELECT id FROM close_role WHERE editable ORDER BY id LIMIT ?1", count)?;
            for role in roles {
                db.execute("UPDATE close_membership SET role_id = 'user' WHERE role_id = ?1", [&role])?;
                db.execute("DELETE FROM close_role WHERE id = ?1", [&role])?;
            }
        }
        List::CloseGroups => {
            for group in first_ids(db, "SELECT id FROM close_group ORDER BY id LIMIT ?1", count)? {
                db.execute("DELETE FROM close_saved_view_group WHERE group_id = ?1", [&group])?;
                db.execute("DELETE FROM close_group WHERE id = ?1", [&group])?;
            }
        }
        List::GenesysGroups => {
            db.execute(
                "DELETE FROM genesys_group WHERE number IN (
                     SELECT number FROM genesys_group WHERE state <> 'deleted' ORDER BY name, id LIMIT ?1)",
                [count],
            )?;
        }
        List::GenesysMembers(group) => {
            let Some(group) = number_of(db, group)? else {
                return Ok(());
            };
            let people: Vec<i64> = db
                .prepare(&format!(
                    "SELECT u.person_id FROM ({}) who JOIN genesys_user u ON u.person_id = who.person_id
                     ORDER BY u.name, u.id LIMIT ?2",
                    members::of("?1")
                ))?
                .query_map([group, count], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for person in people {
                for table in ["genesys_group_owner", "genesys_group_member", "genesys_dynamic_member"] {
                    let sql = format!("DELETE FROM {table} WHERE group_number = ?1 AND person_id = ?2");
                    db.execute(&sql, [group, person])?;
                }
            }
            members::recount(db, group)?;
        }
    }
    Ok(())
}

fn first_ids(db: &Connection, sql: &str, count: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare(sql)?.query_map([count], |row| row.get(0))?.collect()
}
