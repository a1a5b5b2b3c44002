//! What a token is good for.

use serde_json::json;

use super::errors::Refusal;
use super::{Answer, Call};

/// `GET /tokens/me`: the cheapest way to find out whether a token works.
pub fn me(call: &Call<'_>) -> Result<Answer, Refusal> {
    let organization = call.db.query_row("SELECT id, name FROM genesys_organization", [], |row| {
        Ok(json!({ "id": row.get::<_, String>(0)?, "name": row.get::<_, String>(1)? }))
    })?;
    Answer::ok(&json!({
        "organization": organization,
        "homeOrganization": organization,
        "authorizedScope": ["groups", "users:readonly"],
        "OAuthClient": { "id": call.caller.client, "name": call.caller.client, "organization": organization },
    }))
}
