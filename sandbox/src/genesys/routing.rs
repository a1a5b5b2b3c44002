//! Skills and languages: what dynamic settings are made of.

use rusqlite::params;
use serde_json::{Value, json};

use super::errors::Refusal;
use super::paging::Window;
use super::{Answer, Call};

/// `GET /routing/skills`.
pub fn skills(call: &Call<'_>) -> Result<Answer, Refusal> {
    list(call, "routing")
}

/// `GET /routing/languages`.
pub fn languages(call: &Call<'_>) -> Result<Answer, Refusal> {
    list(call, "language")
}

fn list(call: &Call<'_>, kind: &str) -> Result<Answer, Refusal> {
    let window = Window::read(call)?;
    let total = call
        .db
        .prepare_cached("SELECT count(*) FROM genesys_skill WHERE kind = ?1")?
        .query_row([kind], |row| row.get(0))?;
    let order = if call.params.descending()? { "name DESC" } else { "name" };
    let sql =
        format!("SELECT id, name FROM genesys_skill WHERE kind = ?1 ORDER BY {order} LIMIT ?2 OFFSET ?3");
    let skills: Vec<Value> = call
        .db
        .prepare_cached(&sql)?
        .query_map(params![kind, window.size, window.skip()], |row| {
            let (id, name): (String, String) = (row.get(0)?, row.get(1)?);
            let uri = format!("{}/{id}", call.path);
            Ok(json!({ "id": id, "name": name, "state": "active", "selfUri": uri }))
        })?
        .collect::<Result<_, _>>()?;
    Answer::ok(&window.page(call, total, skills))
}
