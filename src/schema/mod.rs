//! Models, declared once: the Rust struct, what an answer is checked against, and the TypeScript type all come from
//! one `model!` declaration.

mod check;
mod model;
mod record;
#[cfg(not(target_arch = "wasm32"))]
mod typescript;

pub use check::{Facts, Mismatch, Rules, check, check_list};
pub use model::{Count, DateTime, Email, Maybe, NonEmpty, Typed};
pub(crate) use model::{model, open_enum, wire_name};
pub use record::{Field, Fields, Record, kinds, kinds_len, pack, packed_len};
#[cfg(not(target_arch = "wasm32"))]
pub use typescript::Typescript;

/// What a JSON value must be.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its kind, when it is not null.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
}

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A string.
    Text(TextRule),
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer(IntegerRule),
    /// A number.
    Number,
    /// Anything.
    Any,
    /// A string of a set. Answers may hold others too, since vendors add to their sets.
    Enum(&'static Enum),
    /// An array, each item of one shape.
    List(&'static Shape),
    /// An object.
    Record(&'static Record),
    /// What the function says: for records that hold their own kind.
    Boxed(fn() -> Self),
}

/// What a whole number that Orgdeck sends must be. Answers may hold any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerRule {
    /// Any.
    Free,
    /// This or more.
    From(u8),
    /// From the one to the other, both included.
    Between(u8, u8),
}

/// What a string that Orgdeck sends must be. Answers may hold any string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRule {
    /// Any.
    Free,
    /// At least one character.
    NonEmpty,
    /// With text on both sides of an `@`; the vendor knows the rest.
    Email,
    /// A date and time as the vendor writes it: ISO 8601, perhaps without an offset, perhaps of the year 1.
    DateTime,
}

/// A named set of strings.
#[derive(Debug)]
pub struct Enum {
    /// Its name in TypeScript, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// The values that may be sent.
    pub values: Values,
    /// The known values, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub known: &'static [&'static str],
    /// The lines of its documentation, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: &'static [&'static str],
}

/// Which values of a set may be sent.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// These alone, each with a bar behind it: a list of texts is mostly pointers.
    Known(&'static str),
    /// Others too, because the vendor adds to them more often than Orgdeck is released.
    Any,
}
