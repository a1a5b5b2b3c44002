//! Columns of cells in memory. JSON is read into them without an object in between; searches, filters and orders go over
//! them as they lie.
//!
//! It is a crate of its own because it is compiled for speed, and all else for size: what goes over each cell of a hundred
//! thousand records is here, and nothing else.
//!
//! | file | what is in it |
//! |---|---|
//! | `cell`, `column` | a cell; the cells of a field: distinct values and codes, or a cell for each row |
//! | `arena` | the bytes of cells, in blocks that never move |
//! | `record` | records, read member by member into columns |
//! | `scan`, `wide` | JSON's tokens, and looking at sixteen bytes at once |
//! | `find`, `needle` | which cells have a word; finding it in bytes |
//! | `quick`, `among`, `range`, `utc`, `decimal` | rows by what they hold, as far as that is told at once |
//! | `csv` | cells as comma-separated values |
//! | `radix` | the order of numbers |

mod among;
pub mod arena;
mod cell;
mod column;
mod csv;
mod decimal;
mod error;
mod find;
mod hash;
mod needle;
mod quick;
pub mod radix;
mod range;
mod record;
pub mod scan;
mod utc;
pub mod wide;

pub use among::Among;
pub use cell::{Cell, Kind, Kinds, quote};
pub use column::{Before, Cells, Column};
pub use csv::{Lines, Style};
pub use decimal::decimal;
pub use error::TooLarge;
pub use find::Find;
pub use hash::hash;
pub use needle::Needle;
pub use quick::{Quick, having};
pub use range::Between;
pub use record::{Check, Halt, Records};
pub use utc::date;
