//! Who is calling, and what they may do.

use axum::http::{HeaderMap, header};
use rusqlite::{Connection, OptionalExtension};

use super::errors::Refusal;
use crate::db::setting;
use crate::oauth::{self, Holder};
use crate::tokens;

const ADMIN_TOKEN: &str = "sandbox-genesys-token";
const USER_TOKEN: &str = "sandbox-genesys-user-token";

/// The tokens that others can be made from.
pub const TOKENS: [&str; 2] = [ADMIN_TOKEN, USER_TOKEN];

/// The application that the two fixed tokens belong to.
const FIXED_CLIENT: &str = "sandbox";

/// To make a group.
pub const ADD: &str = "directory:group:add";
/// To change a group, and to find all of them.
pub const EDIT: &str = "directory:group:edit";
/// To delete a group, or its dynamic settings.
pub const DELETE: &str = "directory:group:delete";
/// To see dynamic settings.
pub const VIEW: &str = "directory:group:view";

/// What a role may do.
pub fn permissions(role: &str) -> &'static [&'static str] {
    match role {
        "admin" => &[ADD, DELETE, EDIT, VIEW],
        "supervisor" => &[ADD, VIEW],
        _ => &[VIEW],
    }
}

/// The user behind a token.
#[derive(Debug)]
pub struct Caller {
    /// Who they are.
    pub person: i64,
    /// The application that shows the token.
    pub client: String,
    permissions: &'static [&'static str],
}

impl Caller {
    /// Reads the `Authorization` header and looks the user up.
    ///
    /// # Errors
    /// 401, in three ways; also for somebody who has no active account here, though in Close they may.
    pub fn find(db: &Connection, headers: &HeaderMap, now: i64) -> Result<Self, Refusal> {
        let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = match header.and_then(|value| value.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(Refusal::no_token()),
        };
        let fixed = |key| {
            setting::number(db, key).map(|id| (i64::try_from(id).unwrap_or(0), FIXED_CLIENT.to_owned()))
        };
        let (person, client) = match tokens::fixed(token) {
            "" => return Err(Refusal::no_token()),
            ADMIN_TOKEN => fixed(setting::GENESYS_ADMIN)?,
            USER_TOKEN => fixed(setting::GENESYS_MEMBER)?,
            _ => match oauth::person_of(db, token, now)? {
                Holder::Person { id, client } => (id, client),
                Holder::Expired => return Err(Refusal::expired_token()),
                Holder::Nobody => return Err(Refusal::bad_token()),
            },
        };
        let role: Option<String> = db
            .prepare_cached("SELECT role FROM genesys_user WHERE person_id = ?1 AND state = 'active'")?
            .query_row([person], |row| row.get(0))
            .optional()?;
        let role = role.ok_or_else(Refusal::bad_token)?;
        Ok(Caller { person, client, permissions: permissions(&role) })
    }

    /// Whether they have a permission.
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.contains(&permission)
    }

    /// Refuses callers who do not have a permission.
    pub fn must(&self, permission: &str) -> Result<(), Refusal> {
        if self.may(permission) { Ok(()) } else { Err(Refusal::missing_permission(permission)) }
    }
}
