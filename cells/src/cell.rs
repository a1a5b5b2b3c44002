//! What a field of a record holds.

use crate::wide::{same, span};

/// The kind of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The record has no such field.
    Absent,
    /// `null`
    Null,
    /// `false`
    False,
    /// `true`
    True,
    /// A number: its JSON text, so that none is changed on its way.
    Number,
    /// A string: what it says, in UTF-8.
    Text,
    /// An array or object: its JSON text.
    Nested,
}

impl Kind {
    /// All of them, by their numbers.
    pub const ALL: [Self; 7] =
        [Self::Absent, Self::Null, Self::False, Self::True, Self::Number, Self::Text, Self::Nested];

    /// The kind of a number.
    pub fn of(code: u32) -> Self {
        Self::ALL.get(code as usize).copied().unwrap_or(Self::Absent)
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Null => "null",
            Self::False | Self::True => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::Nested => "a list or an object",
        }
    }

    /// Whether it says all there is to say.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Absent | Self::Null | Self::False | Self::True)
    }
}

/// A set of kinds that a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u16);

impl Kinds {
    /// Whole numbers, but no others.
    const WHOLE: u16 = 1 << 8;
    /// Anything.
    pub const ANY: Self = Self(u16::MAX);
    /// `null`
    pub const NULL: Self = Self(1 << Kind::Null as u16);
    /// `true` and `false`
    pub const BOOLEAN: Self = Self(1 << Kind::False as u16 | 1 << Kind::True as u16);
    /// Numbers.
    pub const NUMBER: Self = Self(1 << Kind::Number as u16);
    /// Numbers without a fraction.
    pub const INTEGER: Self = Self(Self::WHOLE);
    /// Strings.
    pub const TEXT: Self = Self(1 << Kind::Text as u16);
    /// Arrays and objects.
    pub const NESTED: Self = Self(1 << Kind::Nested as u16);

    /// As a number.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set that a number stands for.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// What can tell a record from others.
    pub const ID: Self = Self::TEXT.or(Self::NUMBER);

    /// Those of both.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they are texts, numbers and null alone.
    pub const fn are_simple(self) -> bool {
        self.0 & (Self::BOOLEAN.0 | Self::NESTED.0) == 0
    }

    /// What is expected, null aside.
    pub const fn name(self) -> &'static str {
        match Self(self.0 & !Self::NULL.0) {
            Self::BOOLEAN => "a boolean",
            Self::NUMBER => "a number",
            Self::INTEGER => "a whole number",
            Self::TEXT => "a string",
            Self::ID => "a string or a number",
            Self::NESTED => "a list or an object",
            _ => "another value",
        }
    }

    /// Whether a cell is one of them.
    pub fn allows(self, cell: Cell<'_>) -> bool {
        self.0 & (1 << cell.kind as u16) != 0
            || (cell.kind == Kind::Number && self.0 & Self::WHOLE != 0 && is_whole(cell.bytes))
    }
}

/// Whether a number has no fraction but one of zeros. Nobody writes a count with an exponent.
fn is_whole(number: &[u8]) -> bool {
    let digits = number.iter().skip_while(|byte| **byte != b'.');
    !number.iter().any(|byte| matches!(byte, b'e' | b'E')) && digits.skip(1).all(|byte| *byte == b'0')
}

/// A cell.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Cell<'a> {
    /// What it is.
    pub kind: Kind,
    /// What it says; see [`Kind`]. UTF-8.
    pub bytes: &'a [u8],
}

impl PartialEq for Cell<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && same(self.bytes, other.bytes)
    }
}

impl<'a> Cell<'a> {
    /// What is not there.
    pub const ABSENT: Self = Cell { kind: Kind::Absent, bytes: &[] };

    /// A cell.
    pub const fn new(kind: Kind, bytes: &'a [u8]) -> Self {
        Self { kind, bytes }
    }

    /// Whether it is null or not there.
    pub const fn is_missing(self) -> bool {
        matches!(self.kind, Kind::Absent | Kind::Null)
    }

    /// What it says as text: a string itself, of anything else its JSON; nothing for what is missing.
    pub const fn plain(self) -> &'a [u8] {
        match self.kind {
            Kind::Absent | Kind::Null => b"",
            Kind::False => b"false",
            Kind::True => b"true",
            Kind::Number | Kind::Text | Kind::Nested => self.bytes,
        }
    }

    /// Writes it as JSON; what is not there as null.
    pub fn write(self, out: &mut Vec<u8>) {
        match self.kind {
            Kind::Text => quote(self.bytes, out),
            Kind::Absent | Kind::Null => out.extend_from_slice(b"null"),
            _ => out.extend_from_slice(self.plain()),
        }
    }
}

/// Writes a text as a JSON string.
pub fn quote(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let (end, _) = span(rest, 0);
        let (plain, special) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        let Some((&byte, behind)) = special.split_first() else { break };
        if byte < 0x20 {
            out.extend_from_slice(b"\\u00");
            out.push(b'0' + (byte >> 4));
            out.push(match byte & 15 {
                digit @ 0..10 => b'0' + digit,
                digit => b'a' + digit - 10,
            });
        } else {
            out.push(b'\\');
            out.push(byte);
        }
        rest = behind;
    }
    out.push(b'"');
}
