//! Records, packed: a table of fields is mostly pointers, which no compression makes small, and a page pays for it
//! before it can do anything.

use super::{IntegerRule, Kind, Shape, TextRule};

/// A named object.
#[derive(Debug)]
pub struct Record {
    /// Its name in TypeScript, which must not weigh on the Wasm.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// Its fields.
    pub fields: Fields,
    /// The lines of its documentation.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: &'static [&'static str],
    /// The lines of documentation of each field.
    #[cfg(not(target_arch = "wasm32"))]
    pub field_docs: &'static [&'static [&'static str]],
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

/// The fields of an object, in order: for each a byte of what it is, one of its name's length, and its name. Kinds that
/// no byte can say stand apart, in the same order.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    packed: &'static str,
    kinds: &'static [Kind],
}

const NULLABLE: u8 = 0x20;
const REQUIRED: u8 = 0x40;
/// What it is stands among the kinds.
const REFERS: u8 = 7;

const fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Any => 0,
        Kind::Boolean => 1,
        Kind::Number => 2,
        Kind::Integer(IntegerRule::Free) => 3,
        Kind::Text(TextRule::Free) => 4,
        Kind::Text(TextRule::NonEmpty) => 5,
        Kind::Text(TextRule::DateTime) => 6,
        _ => REFERS,
    }
}

impl Fields {
    /// No fields.
    pub const NONE: Self = Self { packed: "", kinds: &[] };

    /// Fields that [`pack`] and [`kinds`] have made.
    pub const fn new(packed: &'static [u8], kinds: &'static [Kind]) -> Self {
        match std::str::from_utf8(packed) {
            Ok(packed) => Self { packed, kinds },
            // Names of fields are Rust's, and what stands before them is ASCII.
            Err(_) => Self::NONE,
        }
    }

    /// The field of a name.
    pub fn get(self, name: &str) -> Option<Field> {
        { self }.find(|field| field.name == name)
    }
}

impl Iterator for Fields {
    type Item = Field;

    #[inline(never)]
    fn next(&mut self) -> Option<Field> {
        let (&what, rest) = self.packed.as_bytes().split_first()?;
        let kind = match what & !(NULLABLE | REQUIRED) {
            0 => Kind::Any,
            1 => Kind::Boolean,
            2 => Kind::Number,
            3 => Kind::Integer(IntegerRule::Free),
            4 => Kind::Text(TextRule::Free),
            5 => Kind::Text(TextRule::NonEmpty),
            6 => Kind::Text(TextRule::DateTime),
            _ => {
                let (kind, others) = self.kinds.split_first()?;
                self.kinds = others;
                *kind
            }
        };
        let start = 2;
        let end = start + usize::from(*rest.first()?);
        let name = self.packed.get(start..end)?;
        self.packed = self.packed.get(end..)?;
        let shape = Shape { kind, nullable: what & NULLABLE != 0 };
        Some(Field { name, shape, required: what & REQUIRED != 0 })
    }
}

/// How long fields are, packed.
pub const fn packed_len(fields: &[Field]) -> usize {
    let (mut len, mut rest) = (0, fields);
    while let [field, others @ ..] = rest {
        len += 2 + field.name.len();
        rest = others;
    }
    len
}

/// Packs fields.
#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "runs when this is compiled")]
pub const fn pack<const N: usize>(fields: &[Field]) -> [u8; N] {
    let mut packed = [0; N];
    let (mut at, mut rest) = (0, fields);
    while let [field, others @ ..] = rest {
        let name = field.name.as_bytes();
        packed[at] = code(field.shape.kind)
            | if field.shape.nullable { NULLABLE } else { 0 }
            | if field.required { REQUIRED } else { 0 };
        packed[at + 1] = name.len() as u8;
        at += 2;
        let mut letter = 0;
        while letter < name.len() {
            packed[at] = name[letter];
            at += 1;
            letter += 1;
        }
        rest = others;
    }
    packed
}

/// How many kinds packed fields refer to.
pub const fn kinds_len(fields: &[Field]) -> usize {
    let (mut len, mut rest) = (0, fields);
    while let [field, others @ ..] = rest {
        if code(field.shape.kind) == REFERS {
            len += 1;
        }
        rest = others;
    }
    len
}

/// The kinds that packed fields refer to, in order.
#[allow(clippy::indexing_slicing, reason = "runs when this is compiled")]
pub const fn kinds<const N: usize>(fields: &[Field]) -> [Kind; N] {
    let mut kinds = [Kind::Any; N];
    let (mut at, mut rest) = (0, fields);
    while let [field, others @ ..] = rest {
        if code(field.shape.kind) == REFERS {
            kinds[at] = field.shape.kind;
            at += 1;
        }
        rest = others;
    }
    kinds
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::{Count, DateTime, Email, NonEmpty, model};
    use super::*;

    model! {
        /// A thing.
        pub struct Thing as "Thing" {
            /// One.
            id: NonEmpty,
            /// Two.
            r#type?: Option<String>,
            /// Three.
            count?: Count,
            /// Four.
            inner?: Option<Vec<Thing2>>,
            /// Five.
            email: Option<Email>,
            /// Six.
            at?: DateTime,
            /// Seven.
            number?: f64,
            /// Eight.
            on: bool,
            /// Nine.
            whole?: Option<i64>,
        }

        /// Another.
        pub struct Thing2 as "Thing2" {}
    }

    #[test]
    fn fields_come_out_as_they_went_in() {
        let found: Vec<String> = Thing::RECORD
            .fields
            .into_iter()
            .map(|Field { name, shape, required }| {
                let kind = match shape.kind {
                    Kind::List(Shape { kind: Kind::Record(record), .. }) => {
                        format!("list of {}", record.name)
                    }
                    kind => format!("{kind:?}"),
                };
                format!("{name} {kind} {} {required}", shape.nullable)
            })
            .collect();
        assert_eq!(
            found,
            [
                "id Text(NonEmpty) false true",
                "type Text(Free) true false",
                "count Integer(From(1)) false false",
                "inner list of Thing2 true false",
                "email Text(Email) true true",
                "at Text(DateTime) false false",
                "number Number false false",
                "on Boolean false true",
                "whole Integer(Free) true false",
            ]
        );
        assert_eq!(Thing::RECORD.fields.get("on").unwrap().name, "on");
        assert!(Thing::RECORD.fields.get("of").is_none());
        assert_eq!(Thing2::RECORD.fields.into_iter().count(), 0);
        assert_eq!(Thing::RECORD.field_docs.len(), 9);
    }
}
