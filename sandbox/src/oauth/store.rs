//! Codes and tokens.
//!
//! Everything descends from one consent, the grant. Whoever shows a code or a refresh token a second
//! time may have stolen it, or may have been stolen from, so the whole family ends.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::clock;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// How long a code may be on its way.
const CODE_SECONDS: u32 = 60;

/// Whose an access token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// This person's, shown by the application that they gave it to.
    Person {
        /// The row in `person`.
        id: i64,
        /// The application's id.
        client: String,
    },
    /// It was somebody's, and its time is over.
    Expired,
    /// Nobody's, or taken back.
    Nobody,
}

/// Looks up an access token; `now` is in microseconds since 1970.
pub fn person_of(db: &Connection, token: &str, now: i64) -> rusqlite::Result<Holder> {
    let found = db
        .prepare_cached(
            "SELECT g.person_id, g.client_id, t.expires
             FROM oauth_token t JOIN oauth_grant g ON g.id = t.grant_id
             WHERE t.token = ?1 AND t.kind = 'access' AND NOT g.revoked",
        )?
        .query_row([token], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))
        .optional()?;
    Ok(match found {
        None => Holder::Nobody,
        Some((.., expires)) if expires <= clock::format(now) => Holder::Expired,
        Some((id, client, _)) => Holder::Person { id, client },
    })
}

/// What a person has agreed to.
#[derive(Debug)]
pub struct Consent<'a> {
    pub client: &'a str,
    pub person: i64,
    pub redirect_uri: &'a str,
    pub challenge: &'a str,
}

/// What an application shows for its first tokens.
#[derive(Debug)]
pub struct Proof<'a> {
    pub code: &'a str,
    pub client: &'a str,
    pub redirect_uri: &'a str,
    pub verifier: &'a str,
}

/// What an application is given.
#[derive(Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// Why it is given none.
pub type Distrust = &'static str;

/// Notes a consent, and makes the code that stands for it.
pub fn agree(db: &Connection, consent: &Consent, now: i64) -> rusqlite::Result<String> {
    let code = secret(db)?;
    let expires = clock::format(now + i64::from(CODE_SECONDS) * MICROS_PER_SECOND);
    db.execute(
        "INSERT INTO oauth_grant (client_id, person_id, redirect_uri, challenge, code, code_expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![consent.client, consent.person, consent.redirect_uri, consent.challenge, code, expires],
    )?;
    Ok(code)
}

/// The first tokens of a grant, for its code.
pub fn redeem(
    db: &Connection,
    proof: &Proof,
    now: i64,
    seconds: u32,
) -> rusqlite::Result<Result<Tokens, Distrust>> {
    let found = db
        .query_row(
            "SELECT id, client_id, redirect_uri, challenge, code_expires, code_used
             FROM oauth_grant WHERE code = ?1",
            [proof.code],
            |row| {
                let texts: [String; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
                Ok((row.get(0)?, texts, row.get(5)?))
            },
        )
        .optional()?;
    let Some((grant, [client, redirect_uri, challenge, expires], used)) = found else {
        return Ok(Err("There is no such code."));
    };
    if used {
        end(db, grant)?;
        return Ok(Err("The code was used before. The tokens that were given for it are revoked."));
    }
    if expires <= clock::format(now) {
        return Ok(Err("The code has expired."));
    }
    if client != proof.client {
        return Ok(Err("The code was given to another client."));
    }
    if redirect_uri != proof.redirect_uri {
        return Ok(Err("The redirect_uri is not the one that the code was sent to."));
    }
    if challenge != challenge_of(proof.verifier) {
        return Ok(Err("The code_verifier does not fit the code_challenge."));
    }
    db.execute("UPDATE oauth_grant SET code_used = 1 WHERE id = ?1", [grant])?;
    issue(db, grant, now, seconds).map(Ok)
}

/// The next tokens of a grant, for a refresh token that has not been used.
pub fn refresh(
    db: &Connection,
    token: &str,
    client: &str,
    now: i64,
    seconds: u32,
) -> rusqlite::Result<Result<Tokens, Distrust>> {
    let found = db
        .query_row(
            "SELECT t.grant_id, t.used, g.revoked, g.client_id
             FROM oauth_token t JOIN oauth_grant g ON g.id = t.grant_id
             WHERE t.token = ?1 AND t.kind = 'refresh'",
            [token],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?)),
        )
        .optional()?;
    let Some((grant, used, revoked, owner)) = found else {
        return Ok(Err("There is no such refresh token."));
    };
    if owner != client {
        return Ok(Err("The refresh token was given to another client."));
    }
    if revoked {
        return Ok(Err("The refresh token is revoked."));
    }
    if used {
        end(db, grant)?;
        return Ok(Err("The refresh token was used before. All tokens of this sign-in are revoked."));
    }
    db.execute("UPDATE oauth_token SET used = 1 WHERE token = ?1", [token])?;
    issue(db, grant, now, seconds).map(Ok)
}

/// Takes a token back: an access token alone, a refresh token with all that came of the same consent.
/// Those of other applications are none of this one's business.
pub fn revoke(db: &Connection, token: &str, client: &str) -> rusqlite::Result<()> {
    let found = db
        .query_row(
            "SELECT t.grant_id, t.kind = 'refresh'
             FROM oauth_token t JOIN oauth_grant g ON g.id = t.grant_id
             WHERE t.token = ?1 AND g.client_id = ?2",
            [token, client],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match found {
        None => Ok(()),
        Some((grant, true)) => end(db, grant),
        Some((_, false)) => db.execute("DELETE FROM oauth_token WHERE token = ?1", [token]).map(drop),
    }
}

fn issue(db: &Connection, grant: i64, now: i64, seconds: u32) -> rusqlite::Result<Tokens> {
    let tokens = Tokens { access: secret(db)?, refresh: secret(db)? };
    let expires = clock::format(now + i64::from(seconds) * MICROS_PER_SECOND);
    let mut insert = db
        .prepare_cached("INSERT INTO oauth_token (token, grant_id, kind, expires) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![tokens.access, grant, "access", expires])?;
    insert.execute(params![tokens.refresh, grant, "refresh", None::<&str>])?;
    Ok(tokens)
}

fn end(db: &Connection, grant: i64) -> rusqlite::Result<()> {
    db.execute("UPDATE oauth_grant SET revoked = 1 WHERE id = ?1", [grant]).map(drop)
}

/// RFC 7636, method S256.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// 256 bits that nobody can guess. Not from the seed, as ids are: after a reset the tokens of before
/// must not become true again.
fn secret(db: &Connection) -> rusqlite::Result<String> {
    let bytes: [u8; 32] = db.query_row("SELECT randomblob(32)", [], |row| row.get(0))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const BACK: &str = "http://127.0.0.1/";
    const SECOND: i64 = MICROS_PER_SECOND;

    fn database() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("../db/schema.sql")).unwrap();
        db.execute("INSERT INTO person (id, email) VALUES (7, 'a@example.com')", []).unwrap();
        db
    }

    fn code(db: &Connection) -> String {
        let consent = Consent { client: "app", person: 7, redirect_uri: BACK, challenge: CHALLENGE };
        agree(db, &consent, 0).unwrap()
    }

    fn proof(code: &str) -> Proof<'_> {
        Proof { code, client: "app", redirect_uri: BACK, verifier: VERIFIER }
    }

    fn tokens(db: &Connection) -> Tokens {
        redeem(db, &proof(&code(db)), 0, 3).unwrap().unwrap()
    }

    fn holder() -> Holder {
        Holder::Person { id: 7, client: "app".to_owned() }
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        assert_eq!(challenge_of(VERIFIER), CHALLENGE);
    }

    #[test]
    fn an_access_token_is_its_persons_until_its_time_is_over() {
        let db = database();
        let tokens = tokens(&db);
        assert_eq!(person_of(&db, &tokens.access, 3 * SECOND - 1).unwrap(), holder());
        assert_eq!(person_of(&db, &tokens.access, 3 * SECOND).unwrap(), Holder::Expired);
        for other in [tokens.refresh.as_str(), "", "'"] {
            assert_eq!(person_of(&db, other, 0).unwrap(), Holder::Nobody, "{other}");
        }
    }

    #[test]
    fn a_code_is_good_for_a_minute_and_for_whom_it_was_made() {
        let db = database();
        let code = code(&db);
        for wrong in [
            Proof { code: "x", ..proof(&code) },
            Proof { client: "other", ..proof(&code) },
            Proof { redirect_uri: "http://127.0.0.1", ..proof(&code) },
            Proof { verifier: CHALLENGE, ..proof(&code) },
        ] {
            assert!(redeem(&db, &wrong, 0, 3).unwrap().is_err(), "{wrong:?}");
        }
        assert_eq!(redeem(&db, &proof(&code), 60 * SECOND, 3).unwrap().unwrap_err(), "The code has expired.");
        assert!(redeem(&db, &proof(&code), 60 * SECOND - 1, 3).unwrap().is_ok());
    }

    #[test]
    fn a_code_that_comes_again_ends_everything_that_came_of_it() {
        let db = database();
        let code = code(&db);
        let first = redeem(&db, &proof(&code), 0, 3).unwrap().unwrap();
        let second = refresh(&db, &first.refresh, "app", 0, 3).unwrap().unwrap();
        let other = tokens(&db);
        assert!(redeem(&db, &proof(&code), 0, 3).unwrap().is_err());
        for token in [&first.access, &second.access] {
            assert_eq!(person_of(&db, token, 0).unwrap(), Holder::Nobody);
        }
        assert!(refresh(&db, &second.refresh, "app", 0, 3).unwrap().is_err());
        assert_eq!(person_of(&db, &other.access, 0).unwrap(), holder());
    }

    #[test]
    fn a_refresh_token_that_comes_again_ends_its_family() {
        let db = database();
        let first = tokens(&db);
        assert!(refresh(&db, &first.refresh, "other", 0, 3).unwrap().is_err());
        assert!(refresh(&db, &first.access, "app", 0, 3).unwrap().is_err());
        let second = refresh(&db, &first.refresh, "app", 0, 3).unwrap().unwrap();
        assert_eq!(person_of(&db, &first.access, 0).unwrap(), holder());
        assert!(refresh(&db, &first.refresh, "app", 0, 3).unwrap().is_err());
        assert_eq!(person_of(&db, &second.access, 0).unwrap(), Holder::Nobody);
        assert!(refresh(&db, &second.refresh, "app", 0, 3).unwrap().is_err());
    }

    #[test]
    fn revoking_takes_one_access_token_or_a_whole_family() {
        let db = database();
        let first = tokens(&db);
        revoke(&db, &first.access, "other").unwrap();
        revoke(&db, "unknown", "app").unwrap();
        assert_eq!(person_of(&db, &first.access, 0).unwrap(), holder());
        revoke(&db, &first.access, "app").unwrap();
        assert_eq!(person_of(&db, &first.access, 0).unwrap(), Holder::Nobody);
        let second = refresh(&db, &first.refresh, "app", 0, 3).unwrap().unwrap();
        // A used one names the family as well.
        revoke(&db, &first.refresh, "app").unwrap();
        assert_eq!(person_of(&db, &second.access, 0).unwrap(), Holder::Nobody);
        assert!(refresh(&db, &second.refresh, "app", 0, 3).unwrap().is_err());
    }
}
