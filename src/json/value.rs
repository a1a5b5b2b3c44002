use super::reader::{Halt, Malformed, Reader, Token};
use crate::http::whole;

/// Levels of a value: nested search criteria take four a step, and a stack must hold them all.
const MAX_DEPTH: u32 = 512;

/// A JSON value, its members in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as it was written: no number is ever changed on its way.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// Where it stops being JSON, or is nested more than 512 levels deep.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut reader = Reader::new(text);
        let value = Self::read(&mut reader, MAX_DEPTH).and_then(|value| reader.end().map(|()| value));
        value.map_err(|Halt| reader.malformed())
    }

    /// Reads the next value.
    pub(crate) fn read(reader: &mut Reader<'_>, depth: u32) -> Result<Self, Halt> {
        let depth = depth.checked_sub(1).ok_or(Halt)?;
        Ok(match reader.peek()? {
            Token::Null => {
                reader.skip()?;
                Self::Null
            }
            Token::Boolean => Self::Boolean(reader.boolean()?),
            Token::Number => Self::Number(reader.number()?.to_owned()),
            Token::Text => Self::Text(reader.text()?.decode().into_owned()),
            Token::List => {
                reader.enter()?;
                let mut items = Vec::new();
                while reader.item(items.is_empty())? {
                    items.push(Self::read(reader, depth)?);
                }
                Self::List(items)
            }
            Token::Object => {
                reader.enter()?;
                let mut members = Vec::new();
                while let Some(name) = reader.key(members.is_empty())? {
                    members.push((name.decode().into_owned(), Self::read(reader, depth)?));
                }
                Self::Object(members)
            }
        })
    }

    /// A member of an object; of two with one name the last, as in JavaScript.
    #[inline(never)]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rfind(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A member that is a string.
    #[inline(never)]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::as_str)
    }

    /// The items of a member that is an array; none of anything else.
    #[inline(never)]
    pub fn items(&self, name: &str) -> &[Self] {
        self.get(name).and_then(Self::as_list).unwrap_or_default()
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Self)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// The members of an object, taken out.
    pub fn into_members(self) -> Vec<(String, Self)> {
        if let Self::Object(members) = self { members } else { Vec::new() }
    }

    /// The items of an array.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// A string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A boolean.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Boolean(value) = self { Some(*value) } else { None }
    }

    /// A number without sign and fraction.
    pub fn as_u64(&self) -> Option<u64> {
        if let Self::Number(number) = self { whole(number) } else { None }
    }

    /// A string, number or boolean as a parameter has it, without quotes.
    pub fn to_parameter(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            Self::Boolean(value) => Some(if *value { "true" } else { "false" }.to_owned()),
            _ => None,
        }
    }

    /// The value as JSON text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        let separate = |at: usize, out: &mut String| {
            if at > 0 {
                out.push(',');
            }
        };
        match self {
            Self::Null => out.push_str("null"),
            Self::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(number),
            Self::Text(text) => quote(text, out),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    separate(at, out);
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    separate(at, out);
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Writes a member of an object, its value being JSON text, behind what there is of the object.
#[inline(never)]
pub fn put_member(name: &str, value: &str, out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
    quote(name, out);
    out.push(':');
    out.push_str(value);
}

/// Writes a text as JSON, quotes included.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                out.push('\\');
                out.push(char);
            }
            '\0'..='\x1f' => {
                out.push_str(if char < '\x10' { "\\u000" } else { "\\u001" });
                out.push(char::from_digit(u32::from(char) & 15, 16).unwrap_or('0'));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

// Natively only: what it is compared with does not build for Wasm.
#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn same(ours: &Json, theirs: &Value) -> bool {
        match (ours, theirs) {
            (Json::Null, Value::Null) => true,
            (Json::Boolean(ours), Value::Bool(theirs)) => ours == theirs,
            // serde_json rounds the last digit of some floats otherwise than Rust does. The smallest have few.
            (Json::Number(ours), Value::Number(theirs)) => {
                let (ours, theirs) = (ours.parse::<f64>().unwrap(), theirs.as_f64().unwrap());
                (ours - theirs).abs() <= (theirs.abs() * 1e-15).max(f64::from_bits(1))
            }
            (Json::Text(ours), Value::String(theirs)) => ours == theirs,
            (Json::List(ours), Value::Array(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
            }
            (ours @ Json::Object(_), Value::Object(theirs)) => {
                theirs.iter().all(|(name, theirs)| ours.get(name).is_some_and(|ours| same(ours, theirs)))
            }
            _ => false,
        }
    }

    /// Both take a text, and for the same, or both refuse it.
    fn agree(text: &str) {
        let skipped = {
            let mut reader = Reader::new(text);
            reader.skip().and_then(|()| reader.end())
        };
        match (Json::parse(text), serde_json::from_str::<Value>(text)) {
            (Ok(ours), Ok(theirs)) => {
                assert!(same(&ours, &theirs), "{text}: {ours:?}");
                assert_eq!(Json::parse(&ours.to_text()), Ok(ours), "{text}");
                assert_eq!(skipped, Ok(()), "{text}");
            }
            (Err(_), Err(_)) => assert!(skipped.is_err(), "{text}"),
            // serde_json refuses what a float cannot hold, and half surrogates; both are JSON.
            (Ok(_), Err(error)) if error.to_string().contains("out of range") => {}
            (Ok(_), Err(error))
                if error.to_string().contains("surrogate") || error.to_string().contains("hex escape") => {}
            (ours, theirs) => panic!("{text}: {ours:?}, {theirs:?}"),
        }
    }

    #[test]
    fn edges_are_read_as_serde_json_reads_them() {
        for text in [
            "",
            " ",
            "null",
            "nul",
            "nulll",
            "true",
            "tru",
            "false",
            "0",
            "-0",
            "01",
            "-",
            "1.",
            ".1",
            "1.5e+10",
            "1e",
            "1e400",
            "123456789012345678901234567890",
            "\"",
            "\"\\",
            "\"\\u12",
            "\"\\x\"",
            "\"a\tb\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "[",
            "[]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{}",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\":1,\"a\":2}",
            "[[],{},[{}]]",
            "{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":[]}",
            "[1]]",
            "{}{}",
            "\u{feff}1",
            "[\"é\\n\\/\"]",
            "[1}",
            "{\"a\":1]",
            "\"\u{7f}\"",
        ] {
            agree(text);
        }
    }

    #[test]
    fn half_a_surrogate_pair_becomes_a_replacement_character() {
        for (text, said) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ude00a""#, "\u{fffd}a"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ud83dx""#, "\u{fffd}x"),
        ] {
            assert_eq!(Json::parse(text).unwrap().as_str(), Some(said), "{text}");
        }
    }

    #[test]
    fn depth_exhausts_no_stack() {
        let deep = ["[".repeat(200_000), "]".repeat(200_000)].concat();
        assert_eq!(Reader::new(&deep).skip(), Ok(()));
        assert!(Json::parse(&deep).is_err());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((".*", inner), 0..6).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn valid_texts_are_read_as_serde_json_reads_them(value in json()) {
            agree(&value.to_string());
            agree(&serde_json::to_string_pretty(&value).unwrap());
        }

        #[test]
        fn damaged_texts_are_refused_as_serde_json_refuses_them(
            value in json(), at in any::<prop::sample::Index>(), byte in "[\\[\\]{}:,\"\\\\0-9a-z. \n]",
        ) {
            let text = value.to_string();
            let at = at.index(text.len() + 1);
            if let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) {
                agree(before);
                agree(&[before, &byte, after].concat());
            }
        }

        #[test]
        fn any_text_ends(text in "[\\[\\]{}:,\"\\\\0-9a-z.eE+ -]{0,40}") {
            agree(&text);
        }
    }
}
