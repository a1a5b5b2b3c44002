//! The database: opening it, filling it, and the one door through which everything else uses it.

pub mod ids;
mod names;
pub mod seed;
mod seed_genesys;
pub mod setting;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

const SCHEMA: &str = include_str!("schema.sql");
const INDEXES: &str = include_str!("indexes.sql");

/// Marks a file as ours: the letters `OrgD`.
const APPLICATION_ID: i32 = 0x4f72_6744;

/// Raised whenever `schema.sql` changes, so that an old file is refused rather than misread.
const SCHEMA_VERSION: i32 = 2;

/// What a database is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many people, at least two: the two callers.
    pub people: u32,
    /// How many groups in Close.
    pub groups: u32,
    /// How many groups in Genesys Cloud.
    pub genesys_groups: u32,
    /// Where the random numbers start.
    pub seed: u64,
}

/// Why a database could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The file is a database, but not one of ours, or of another version.
    Foreign(&'static str),
    /// SQLite refused.
    Sqlite(rusqlite::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Foreign(why) => f.write_str(why),
            OpenError::Sqlite(error) => write!(f, "{error}"),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        OpenError::Sqlite(error)
    }
}

/// The one connection, behind a lock.
///
/// A development server has one user. One connection makes every request see every earlier one,
/// works the same in memory and in a file, and needs no thought about who may write.
#[derive(Debug)]
pub struct Database {
    connection: Mutex<Connection>,
}

impl Database {
    /// Opens a file, or `:memory:`, and fills it if it is new.
    ///
    /// The second value is the plan the data was really made from: a file that was filled before
    /// keeps what it holds, whatever is asked for now.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or is somebody else's.
    pub fn open(path: &str, plan: Plan) -> Result<(Self, Plan), OpenError> {
        let mut connection = match path {
            ":memory:" => Connection::open_in_memory()?,
            path => Connection::open(path)?,
        };
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(128);
        // Ids are long and random, so every insert climbs a tree: larger pages make it less tall.
        connection.pragma_update(None, "page_size", 16_384)?;
        // The bundled SQLite enforces them from the start; see `build`.
        connection.pragma_update(None, "foreign_keys", false)?;

        let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
        let version: i32 = connection.pragma_query_value(None, "user_version", |r| r.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        match (application, version, tables) {
            (APPLICATION_ID, SCHEMA_VERSION, _) => {}
            (APPLICATION_ID, ..) => {
                return Err(OpenError::Foreign("it was written by another version of the sandbox"));
            }
            (0, 0, 0) => {
                if path != ":memory:" {
                    connection.pragma_update(None, "journal_mode", "wal")?;
                }
                build(&mut connection, plan)?;
            }
            _ => return Err(OpenError::Foreign("it is a database of another program")),
        }
        // Enough for a file that is written ahead: a crash of the machine may cost the last change only.
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let plan = stored_plan(&connection)?;
        Ok((Database { connection: Mutex::new(connection) }, plan))
    }

    /// Runs one piece of work in a transaction: kept if it succeeds, undone if it fails.
    ///
    /// # Errors
    /// Whatever the work answers, or what SQLite says to beginning and committing.
    pub fn transact<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// Throws everything away and restores the seed the data was first made from.
    ///
    /// # Errors
    /// When SQLite fails; then nothing has changed.
    pub fn reset(&self) -> rusqlite::Result<()> {
        let mut connection = self.lock();
        let plan = stored_plan(&connection)?;
        // See `build`; and the switch does nothing inside of a transaction.
        connection.pragma_update(None, "foreign_keys", false)?;
        let rebuilt = build(&mut connection, plan);
        connection.pragma_update(None, "foreign_keys", true)?;
        rebuilt
    }

    /// A panic while the lock was held cannot have left half a change behind: the transaction was
    /// rolled back when it was dropped. So a poisoned lock is as good as any other.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// Makes everything anew. Foreign keys are not enforced meanwhile: what is torn down has an order
/// they would care about, and what is built up is known to be right (a test checks that it is).
fn build(connection: &mut Connection, plan: Plan) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    let tables: Vec<String> = transaction
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        transaction.execute_batch(&format!("DROP TABLE \"{table}\""))?;
    }
    transaction.execute_batch(SCHEMA)?;
    seed::fill(&transaction, plan)?;
    transaction.execute_batch(INDEXES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

fn stored_plan(db: &Connection) -> rusqlite::Result<Plan> {
    let number = |key| setting::number(db, key);
    Ok(Plan {
        people: u32::try_from(number(setting::PEOPLE)?).unwrap_or(u32::MAX),
        groups: u32::try_from(number(setting::GROUPS)?).unwrap_or(u32::MAX),
        genesys_groups: u32::try_from(number(setting::GENESYS_GROUPS)?).unwrap_or(u32::MAX),
        seed: number(setting::SEED)?,
    })
}
