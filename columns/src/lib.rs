//! JSON records as columns in memory. Bytes of JSON become cells without an object in between; searches, sorts and
//! counts go over columns; only what is shown becomes JSON again.
//!
//! It knows no vendor and no page. It is a crate of its own because it is compiled for speed, and the rest of the
//! library for size.
//!
//! | file | what is in it |
//! |---|---|
//! | `arena` | the bytes of cells, in blocks that never move |
//! | `codes` | for each row a small number, as narrow as can be |
//! | `column` | the cells of a field: distinct values and codes, or a cell for each row |
//! | `index` | rows by their ids |
//! | `store` | the columns together: rows, their order of fields, what is taken back when a page fails |
//! | `ingest` | from JSON to rows |
//! | `snapshot` | a store as bytes, and back |
//! | `scan`, `wide` | JSON's tokens, and looking at sixteen bytes at once |
//! | `search`, `needle`, `folds` | which rows have a word; finding it in bytes; folded copies of what is not ASCII |
//! | `bits` | sets of rows |
//! | `select`, `among`, `range`, `nested`, `utc` | rows by what they hold |
//! | `facets` | how often values occur |
//! | `csv` | rows as a file |
//! | `rank`, `sort`, `radix` | the order of values, of rows, of numbers |

mod among;
mod arena;
mod bits;
mod cell;
mod codes;
mod column;
mod csv;
mod error;
mod facets;
mod folds;
mod hash;
mod index;
mod ingest;
mod needle;
mod nested;
mod radix;
mod range;
mod rank;
mod scan;
mod search;
mod select;
mod snapshot;
mod sort;
mod store;
mod utc;
mod wide;

pub use among::Among;
pub use bits::Bits;
pub use cell::{Cell, Kind, Kinds, quote};
pub use column::{Cells, Column};
pub use csv::{Csv, PIECE};
pub use error::{Stop, TooLarge};
pub use folds::Folds;
pub use ingest::{Ingest, Insert, Progress};
pub use needle::Needle;
pub use nested::any_value;
pub use radix::sort as sort_words;
pub use range::Between;
pub use rank::{Collate, Ranks};
pub use select::Quick;
pub use snapshot::Damaged;
pub use sort::{Key, sorted};
pub use store::{Batch, FieldRule, KEY, Mark, Store};
pub use utc::date;
