//! Who is calling, and what they may do.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension};

use super::errors::Refusal;
use super::roles;
use crate::db::setting;
use crate::tokens;

/// The permission that covers people, roles, groups and the organisation itself.
pub const MANAGE_ORGANIZATION: &str = "manage_organization";

const API_KEY: &str = "api_sandbox";
const ADMIN_TOKEN: &str = "sandbox-close-token";
const USER_TOKEN: &str = "sandbox-close-user-token";

/// The tokens that others can be made from.
pub const TOKENS: [&str; 2] = [ADMIN_TOKEN, USER_TOKEN];

/// What was shown at the door. All of them are public knowledge; none is worth hiding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Basic, the key as the user name and an empty password: the administrator.
    ApiKey,
    /// Bearer: the administrator, as an OAuth application.
    AdminToken,
    /// Bearer: somebody with the built-in role `user`.
    UserToken,
}

impl Credential {
    /// Reads the `Authorization` header; `None` for anything not exactly right.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let (scheme, value) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        let value = value.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            let pair = STANDARD.decode(value).ok()?;
            let (key, password) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
            return (key == API_KEY && password.is_empty()).then_some(Credential::ApiKey);
        }
        match tokens::fixed(value) {
            _ if !scheme.eq_ignore_ascii_case("bearer") => None,
            ADMIN_TOKEN => Some(Credential::AdminToken),
            USER_TOKEN => Some(Credential::UserToken),
            _ => None,
        }
    }

    fn setting(self) -> &'static str {
        match self {
            Credential::ApiKey | Credential::AdminToken => setting::CLOSE_ADMIN,
            Credential::UserToken => setting::CLOSE_MEMBER,
        }
    }
}

/// The user behind a credential. A credential acts in one organisation only.
#[derive(Debug)]
pub struct Caller {
    /// What they showed.
    pub credential: Credential,
    /// Who they are.
    pub user_id: String,
    /// Where they act.
    pub organization_id: String,
    /// Their membership there.
    pub membership_id: String,
    permissions: BTreeSet<String>,
}

impl Caller {
    /// Looks the user up; `None` once their membership was deactivated.
    pub fn find(db: &Connection, credential: Credential) -> rusqlite::Result<Option<Self>> {
        let found = db
            .prepare_cached(
                "SELECT m.user_id, m.organization_id, m.id, m.role_id
                 FROM setting s CROSS JOIN close_organization o
                 CROSS JOIN close_membership m ON m.organization_id = o.id AND m.user_id = s.value
                 WHERE s.key = ?1 AND m.active",
            )?
            .query_row([credential.setting()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?))
            })
            .optional()?;
        let Some((user_id, organization_id, membership_id, role_id)) = found else {
            return Ok(None);
        };
        let permissions = roles::permissions(db, &role_id)?.into_iter().collect();
        Ok(Some(Caller { credential, user_id, organization_id, membership_id, permissions }))
    }

    /// Whether they may manage people, roles, groups and the organisation.
    pub fn manages(&self) -> bool {
        self.permissions.contains(MANAGE_ORGANIZATION)
    }

    /// Refuses callers who may not manage.
    pub fn must_manage(&self) -> Result<(), Refusal> {
        if self.manages() { Ok(()) } else { Err(Refusal::forbidden()) }
    }
}
