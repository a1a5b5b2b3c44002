//! Why bytes do not become rows.

use orgdeck_cells::TooLarge;
use orgdeck_cells::scan::Malformed;

/// Why bytes do not become rows. Offsets are from the start of the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It is not JSON here.
    Malformed {
        /// Offset in bytes.
        at: usize,
    },
    /// It ends where more is due.
    Truncated {
        /// Offset in bytes.
        at: usize,
    },
    /// It is no list of objects.
    NoRecords {
        /// Offset in bytes.
        at: usize,
    },
    /// A field holds something else than it must.
    Field {
        /// Offset in bytes of the value; of the record, when the field is missing.
        at: usize,
        /// The record's id, if it was read by then.
        id: Option<String>,
        /// The field's name.
        field: String,
        /// What is wrong with it, such as "expected a string, found null".
        message: String,
    },
    /// An id that another record has.
    Duplicate {
        /// Offset in bytes of the record.
        at: usize,
        /// The id.
        id: String,
    },
    /// There are more fields than a table can number.
    Fields {
        /// Offset in bytes.
        at: usize,
    },
    /// The table is too large for the memory.
    TooLarge,
}

impl From<TooLarge> for Stop {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl From<Malformed> for Stop {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed { at: malformed.0 }
    }
}

impl Stop {
    /// The same, of a text that begins so many bytes before.
    #[must_use]
    pub(crate) fn behind(mut self, base: usize) -> Self {
        match &mut self {
            Self::Malformed { at }
            | Self::Truncated { at }
            | Self::NoRecords { at }
            | Self::Field { at, .. }
            | Self::Duplicate { at, .. }
            | Self::Fields { at } => *at += base,
            Self::TooLarge => {}
        }
        self
    }
}
