//! Identifiers in the shapes of the vendors, always the same ones for the same seed.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;

use super::setting;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How many letters one random number is good for.
const LETTERS_PER_NUMBER: usize = 10;

/// Streams below this number belong to the seed, the ones above to ids minted while running.
const FIRST_MINTED_STREAM: u64 = 1 << 32;

/// Ids that must come first count down from here: the more of them, the further in front.
const COUNTED_DOWN_FROM: u64 = 999_999_999;

/// What an id names: its prefix, and how many characters follow it.
#[derive(Clone, Copy, Debug)]
pub struct Kind(&'static str, usize);

impl Kind {
    /// A user.
    pub const USER: Kind = Kind("user_", 43);
    /// An organisation.
    pub const ORGANIZATION: Kind = Kind("orga_", 43);
    /// A membership.
    pub const MEMBERSHIP: Kind = Kind("memb_", 43);
    /// A custom role.
    pub const ROLE: Kind = Kind("role_", 43);
    /// A smart view.
    pub const SAVED_VIEW: Kind = Kind("save_", 43);
    /// A custom field.
    pub const CUSTOM_FIELD: Kind = Kind("cf_", 43);
    /// A phone number.
    pub const PHONE: Kind = Kind("phon_", 43);
    /// A lead status or a pipeline's status.
    pub const STATUS: Kind = Kind("stat_", 43);
    /// A connected mailbox.
    pub const EMAIL_ACCOUNT: Kind = Kind("emailacct_", 43);
    /// A lead.
    pub const LEAD: Kind = Kind("lead_", 43);
    /// An activity, such as a call.
    pub const ACTIVITY: Kind = Kind("acti_", 43);
    /// A group: of the vendor's newer, shorter sort.
    pub const GROUP: Kind = Kind("group_", 22);
    /// A pipeline: of the newer sort, too.
    pub const PIPELINE: Kind = Kind("pipe_", 22);
}

/// A source of random numbers of its own for each topic, so that more groups do not change people.
pub fn stream(seed: u64, topic: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(topic);
    rng
}

/// A new id from a source of random numbers.
pub fn draw(rng: &mut ChaCha8Rng, kind: Kind) -> String {
    let Kind(prefix, length) = kind;
    let mut id = String::with_capacity(prefix.len() + length);
    id.push_str(prefix);
    while id.len() < prefix.len() + length {
        // Ten letters from one number: 62^10 goes into it 21 times, so every letter is about as likely.
        let mut number: u64 = rng.random();
        for _ in 0..LETTERS_PER_NUMBER.min(prefix.len() + length - id.len()) {
            let letter = BASE62.get((number % 62) as usize).copied().unwrap_or(b'0');
            id.push(char::from(letter));
            number /= 62;
        }
    }
    id
}

/// A new id in the form of a random UUID, of version 4.
pub fn draw_uuid(rng: &mut ChaCha8Rng) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let number = rng.random::<u128>() & !VERSION & !VARIANT | 4 << 76 | 0b10 << 62;
    let digits = format!("{number:032x}");
    let parts: Vec<&str> =
        [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().filter_map(|range| digits.get(range)).collect();
    parts.join("-")
}

/// A new id for something made while the server runs. Depends on the seed and on how many ids were
/// minted before, so the same calls after a reset yield the same ids.
pub fn mint(db: &Connection, kind: Kind) -> rusqlite::Result<String> {
    Ok(draw(&mut minting(db)?, kind))
}

/// The same, in the form of a UUID.
pub fn mint_uuid(db: &Connection) -> rusqlite::Result<String> {
    Ok(draw_uuid(&mut minting(db)?))
}

/// A number below all that were counted down to before, of always the same length.
pub fn count_down(db: &Connection) -> rusqlite::Result<u64> {
    Ok(COUNTED_DOWN_FROM.saturating_sub(count(db)?))
}

/// The id of such a number, which comes before all other ids of its kind in the order of lists.
pub fn first(number: u64, kind: Kind) -> String {
    let Kind(prefix, length) = kind;
    format!("{prefix}{number:0>length$}")
}

/// The random numbers for the next id that is minted.
fn minting(db: &Connection) -> rusqlite::Result<ChaCha8Rng> {
    let seed = setting::number(db, setting::SEED)?;
    Ok(stream(seed, FIRST_MINTED_STREAM + count(db)?))
}

/// How many ids there are with the next one.
fn count(db: &Connection) -> rusqlite::Result<u64> {
    let minted = setting::number(db, setting::MINTED)? + 1;
    setting::put(db, setting::MINTED, &minted.to_string())?;
    Ok(minted)
}
