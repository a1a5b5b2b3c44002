//! Records as columns: rows, batches of them that count or are taken back, and what goes over rows and columns together.
//! The columns themselves are in `orgdeck-cells`.
//!
//! It knows no vendor and no page.
//!
//! | file | what is in it |
//! |---|---|
//! | `store` | the columns together: rows, their order of fields, what is taken back when a page fails |
//! | `ingest` | from JSON to rows |
//! | `stop` | why bytes do not become rows |
//! | `index`, `bits` | rows by their ids; sets of rows |
//! | `search`, `folds` | which rows have a word; folded copies of what is not ASCII |
//! | `select`, `nested` | rows by what they hold; the values inside of lists and objects |
//! | `facets` | how often values occur |
//! | `csv` | rows as a file |
//! | `rank`, `sort` | the order of values, and of rows |

mod bits;
mod csv;
mod facets;
mod folds;
mod index;
mod ingest;
mod nested;
mod rank;
mod search;
mod select;
mod sort;
mod stop;
mod store;

pub use bits::Bits;
pub use csv::Csv;
pub use facets::count;
pub use folds::Folds;
pub use ingest::{Ingest, Insert, Progress};
pub use orgdeck_cells::radix::sort as sort_words;
pub use orgdeck_cells::scan;
pub use orgdeck_cells::{
    Among, Between, Cell, Cells, Column, Kind, Kinds, Needle, Quick, TooLarge, date, quote,
};
pub use rank::{Collate, Ranks};
pub use search::search;
pub use select::select;
pub use sort::{Key, sorted};
pub use stop::Stop;
pub use store::{Batch, FieldRule, KEY, Mark, Store};
