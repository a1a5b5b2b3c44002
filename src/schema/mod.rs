//! Models, declared once: the Rust struct, what an answer is checked against, and the TypeScript type all come from
//! one `model!` declaration.

mod check;
mod model;
#[cfg(not(target_arch = "wasm32"))]
mod typescript;

pub use check::{Facts, Mismatch, Rules, check, check_list};
pub use model::{DateTime, Email, Maybe, NonEmpty, Typed};
pub(crate) use model::{model, open_enum, wire_name};
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
    Integer,
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
    /// Its name in TypeScript.
    pub name: &'static str,
    /// The known values.
    pub values: &'static [&'static str],
    /// The lines of its documentation, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: &'static [&'static str],
}

/// A named object.
#[derive(Debug)]
pub struct Record {
    /// Its name in TypeScript.
    pub name: &'static str,
    /// Its fields, in order.
    pub fields: &'static [Field],
    /// The lines of its documentation, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: &'static [&'static str],
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// The lines of its documentation, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: &'static [&'static str],
}

impl Record {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
