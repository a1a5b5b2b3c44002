use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{IntegerRule, Kind, Shape, TextRule};

/// A type that a field of a model may have.
pub trait Typed {
    /// What its JSON must be.
    const SHAPE: Shape;
}

macro_rules! typed {
    ($($type:ty => $kind:expr),* $(,)?) => {
        $(impl Typed for $type {
            const SHAPE: Shape = Shape { kind: $kind, nullable: false };
        })*
    };
}

typed! {
    String => Kind::Text(TextRule::Free),
    bool => Kind::Boolean,
    i64 => Kind::Integer(IntegerRule::Free),
    Count => Kind::Integer(IntegerRule::From(1)),
    f64 => Kind::Number,
    Value => Kind::Any,
    NonEmpty => Kind::Text(TextRule::NonEmpty),
    Email => Kind::Text(TextRule::Email),
    DateTime => Kind::Text(TextRule::DateTime),
}

impl<T: Typed> Typed for Option<T> {
    const SHAPE: Shape = Shape { kind: T::SHAPE.kind, nullable: true };
}

/// Records that hold their own kind do so in a box: a constant cannot hold itself either.
impl<T: Typed> Typed for Box<T> {
    const SHAPE: Shape = Shape { kind: Kind::Boxed(|| T::SHAPE.kind), nullable: false };
}

impl<T: Typed> Typed for Vec<T> {
    const SHAPE: Shape = Shape { kind: Kind::List(&T::SHAPE), nullable: false };
}

macro_rules! text {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {
        $($(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        })*
    };
}

text! {
    /// Text of at least one character.
    NonEmpty,
    /// An email address.
    Email,
    /// A date and time, kept as the vendor wrote it: Close also writes them without an offset, and of the year 1.
    DateTime,
}

/// A number of things, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Count(pub u32);

/// A field that may be absent, which is something else than null: in a patch, an absent field stays as it is, and
/// null clears it. `Maybe<Option<T>>` has all three states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Maybe<T> {
    /// Not there.
    #[default]
    Absent,
    /// There.
    Present(T),
}

impl<T> Maybe<T> {
    /// Whether it is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if there.
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Present(value) => Some(value),
        }
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Present(value)
    }
}

impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // `model!` leaves absent fields out, so only a value that stands alone is ever null here.
        self.as_option().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Present)
    }
}

/// A field's name on the wire: Rust's `r#type` is `type`.
pub const fn wire_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Declares models. Each gives a Rust struct with serde, a [`Record`](super::Record), and through it a TypeScript
/// type. A field written `name?: T` may be absent, and is a [`Maybe<T>`] in Rust.
macro_rules! model {
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident as $ts:literal {
            $( $(#[doc = $fdoc:literal])* $field:ident $(?: $maybe:ty)? $(: $type:ty)? ),* $(,)?
        }
    )*) => {
        $(
            $(#[doc = $doc])*
            #[allow(non_snake_case, reason = "the vendor's own names")]
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
            pub struct $name {
                $(
                    $(#[doc = $fdoc])*
                    $(
                        #[serde(default, skip_serializing_if = "crate::schema::Maybe::is_absent")]
                        pub $field: crate::schema::Maybe<$maybe>,
                    )?
                    $( pub $field: $type, )?
                )*
            }

            impl $name {
                /// Its schema.
                pub const RECORD: &'static crate::schema::Record = {
                    const FIELDS: &[crate::schema::Field] = &[$( crate::schema::Field {
                        name: crate::schema::wire_name(stringify!($field)),
                        $( shape: <$maybe as crate::schema::Typed>::SHAPE, required: false, )?
                        $( shape: <$type as crate::schema::Typed>::SHAPE, required: true, )?
                    } ),*];
                    const PACKED: [u8; crate::schema::packed_len(FIELDS)] = crate::schema::pack(FIELDS);
                    const KINDS: [crate::schema::Kind; crate::schema::kinds_len(FIELDS)] =
                        crate::schema::kinds(FIELDS);
                    &crate::schema::Record {
                        #[cfg(not(target_arch = "wasm32"))]
                        name: $ts,
                        fields: crate::schema::Fields::new(&PACKED, &KINDS),
                        #[cfg(not(target_arch = "wasm32"))]
                        docs: &[$($doc),*],
                        #[cfg(not(target_arch = "wasm32"))]
                        field_docs: &[$(&[$($fdoc),*]),*],
                    }
                };
            }

            impl crate::schema::Typed for $name {
                const SHAPE: crate::schema::Shape =
                    crate::schema::Shape { kind: crate::schema::Kind::Record(Self::RECORD), nullable: false };
            }
        )*
    };
}

/// Declares sets of strings that the vendor may add to: a value that is not known is kept in `Other`. Of a set that is
/// `growing`, such values may also be sent.
macro_rules! open_enum {
    (@values [$($value:literal)*]) => { $crate::schema::Values::Known(concat!($($value, "|"),*)) };
    (@values [$($value:literal)*] growing) => { $crate::schema::Values::Any };
    ($(
        $(#[doc = $doc:literal])*
        pub enum $name:ident as $ts:literal $($growing:ident)? { $( $(#[doc = $vdoc:literal])* $variant:ident = $value:literal ),* $(,)? }
    )*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            pub enum $name {
                $( $(#[doc = $vdoc])* $variant, )*
                /// A value that was not known when this was written.
                Other(String),
            }

            impl $name {
                /// The value on the wire.
                pub fn as_str(&self) -> &str {
                    match self {
                        $( Self::$variant => $value, )*
                        Self::Other(value) => value,
                    }
                }
            }

            impl From<&str> for $name {
                fn from(value: &str) -> Self {
                    match value {
                        $( $value => Self::$variant, )*
                        other => Self::Other(other.to_owned()),
                    }
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let value = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                    Ok(Self::from(&*value))
                }
            }

            impl crate::schema::Typed for $name {
                const SHAPE: crate::schema::Shape = crate::schema::Shape {
                    kind: crate::schema::Kind::Enum(&crate::schema::Enum {
                        #[cfg(not(target_arch = "wasm32"))]
                        name: $ts,
                        values: $crate::schema::open_enum!(@values [$($value)*] $($growing)?),
                        #[cfg(not(target_arch = "wasm32"))]
                        known: &[$($value),*],
                        #[cfg(not(target_arch = "wasm32"))]
                        docs: &[$($doc),*],
                    }),
                    nullable: false,
                };
            }
        )*
    };
}

pub(crate) use {model, open_enum};
