//! JSON's tokens. What is read strictly, every JSON parser takes.

use std::ops::Range;

use crate::cell::{Cell, Kind};
use crate::wide::span;

/// Where bytes stop being JSON. At their end it may be that more of them are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub usize);

/// How much is taken of what JSON allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What every parser takes: surrogates in pairs alone, and no more than 10,000 levels.
    Common,
    /// All of it.
    All,
}

/// A string.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Where it begins, behind its quote.
    pub start: usize,
    /// Where its closing quote is.
    pub end: usize,
    /// Whether any of it is escaped.
    pub has_escapes: bool,
    /// Whether there is more in it than ASCII, as it stands.
    pub is_wide: bool,
}

/// What comes behind spaces.
#[inline(always)]
pub fn space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Behind a word such as `true`.
#[inline]
pub fn word(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, Malformed> {
    if bytes.get(at..).is_some_and(|rest| rest.starts_with(word)) {
        return Ok(at + word.len());
    }
    let same = bytes.iter().skip(at).zip(word).take_while(|(found, due)| found == due).count();
    Err(Malformed(at + same))
}

/// Behind a number.
#[inline]
pub fn number(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    at = if bytes.get(at) == Some(&b'0') { at + 1 } else { digits(bytes, at)? };
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = digits(bytes, at + 1 + usize::from(signed))?;
    }
    Ok(at)
}

#[inline]
fn digits(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut at = start;
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    if at > start { Ok(at) } else { Err(Malformed(at)) }
}

/// A string whose quote is at `at`.
#[inline(never)]
pub fn text(bytes: &[u8], at: usize, taken: Taken) -> Result<Text, Malformed> {
    let start = at + 1;
    let (mut end, mut is_wide) = span(bytes, start);
    let mut has_escapes = false;
    while let Some(b'\\') = bytes.get(end) {
        has_escapes = true;
        end = escape(bytes, end, taken)?;
        let (next, wide) = span(bytes, end);
        end = next;
        is_wide |= wide;
    }
    if bytes.get(end) != Some(&b'"') {
        return Err(Malformed(end));
    }
    if is_wide {
        let content = bytes.get(start..end).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(content) {
            return Err(Malformed(start + error.valid_up_to()));
        }
    }
    Ok(Text { start, end, has_escapes, is_wide })
}

/// Behind an escape whose backslash is at `at`. A surrogate pair is one, and half of a pair commonly none.
#[cold]
fn escape(bytes: &[u8], at: usize, taken: Taken) -> Result<usize, Malformed> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let behind = at + 6;
            match hex(bytes, at + 2)? {
                _ if taken == Taken::All => Ok(behind),
                0xd800..0xdc00 => {
                    word(bytes, behind, b"\\u")?;
                    match hex(bytes, behind + 2)? {
                        0xdc00..0xe000 => Ok(behind + 6),
                        _ => Err(Malformed(at)),
                    }
                }
                0xdc00..0xe000 => Err(Malformed(at)),
                _ => Ok(behind),
            }
        }
        _ => Err(Malformed(at + 1)),
    }
}

fn hex(bytes: &[u8], at: usize) -> Result<u32, Malformed> {
    let mut code = 0;
    for place in at..at + 4 {
        let digit = bytes.get(place).and_then(|byte| char::from(*byte).to_digit(16));
        code = code << 4 | digit.ok_or(Malformed(place))?;
    }
    Ok(code)
}

/// What the inside of a string says. It was read by [`text`], so its escapes are whole. Half of a surrogate pair, which
/// JSON allows and Unicode does not, becomes a replacement character.
#[cold]
pub fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let escaped = raw.get(at).copied().unwrap_or(b'\\');
        at += 1;
        let mut code = match escaped {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => 0x0a,
            b'r' => 0x0d,
            b't' => 0x09,
            b'u' => {
                at += 4;
                hex(raw, at - 4).unwrap_or(0xfffd)
            }
            itself => itself.into(),
        };
        if let 0xd800..0xdc00 = code
            && let Ok(behind) = word(raw, at, b"\\u")
            && let Ok(low @ 0xdc00..0xe000) = hex(raw, behind)
        {
            at += 6;
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Levels that every JSON parser in use takes.
const MAX_DEPTH: usize = 10_000;

/// Behind a value of any kind, however deep.
pub fn skip(bytes: &[u8], start: usize, taken: Taken) -> Result<usize, Malformed> {
    // What is open: a stack of our own, since a deep text must not exhaust the program's.
    let mut open: Vec<u8> = Vec::new();
    let max_depth = if taken == Taken::All { usize::MAX } else { MAX_DEPTH };
    let mut at = space(bytes, start);
    loop {
        at = match bytes.get(at) {
            Some(b'"') => text(bytes, at, taken)?.end + 1,
            Some(b'-' | b'0'..=b'9') => number(bytes, at)?,
            Some(b't') => word(bytes, at, b"true")?,
            Some(b'f') => word(bytes, at, b"false")?,
            Some(b'n') => word(bytes, at, b"null")?,
            Some(b'[') => {
                let next = space(bytes, at + 1);
                if bytes.get(next) == Some(&b']') {
                    next + 1
                } else {
                    open.push(b']');
                    at = next;
                    if open.len() > max_depth {
                        return Err(Malformed(at));
                    }
                    continue;
                }
            }
            Some(b'{') => {
                let next = space(bytes, at + 1);
                if bytes.get(next) == Some(&b'}') {
                    next + 1
                } else {
                    open.push(b'}');
                    at = key(bytes, next, taken)?.1;
                    if open.len() > max_depth {
                        return Err(Malformed(at));
                    }
                    continue;
                }
            }
            _ => return Err(Malformed(at)),
        };
        // A value has ended, and perhaps what it was in.
        loop {
            let Some(close) = open.last().copied() else { return Ok(at) };
            at = space(bytes, at);
            match bytes.get(at) {
                Some(b',') => {
                    at = space(bytes, at + 1);
                    if close == b'}' {
                        at = key(bytes, at, taken)?.1;
                    }
                    break;
                }
                Some(byte) if *byte == close => {
                    open.pop();
                    at += 1;
                }
                _ => return Err(Malformed(at)),
            }
        }
    }
}

/// The value that begins at `at`, and where it ends. A string that has to be decoded is, into `scratch`. Whether a string
/// is all ASCII is said besides.
#[inline(never)]
pub fn cell<'a>(
    bytes: &'a [u8],
    at: usize,
    scratch: &'a mut Vec<u8>,
) -> Result<(Cell<'a>, usize, bool), Malformed> {
    let (kind, end) = match bytes.get(at) {
        Some(b'"') => {
            let string = text(bytes, at, Taken::Common)?;
            let content = said(bytes, string, scratch);
            let is_wide = if string.has_escapes { !content.is_ascii() } else { string.is_wide };
            return Ok((Cell::new(Kind::Text, content), string.end + 1, is_wide));
        }
        Some(b'n') => (Kind::Null, word(bytes, at, b"null")?),
        Some(b't') => (Kind::True, word(bytes, at, b"true")?),
        Some(b'f') => (Kind::False, word(bytes, at, b"false")?),
        Some(b'[' | b'{') => (Kind::Nested, skip(bytes, at, Taken::Common)?),
        _ => (Kind::Number, number(bytes, at)?),
    };
    let content = if kind.is_whole() { &[] } else { bytes.get(at..end).unwrap_or_default() };
    Ok((Cell::new(kind, content), end, false))
}

/// The name of a member, and where its value begins.
pub fn key(bytes: &[u8], at: usize, taken: Taken) -> Result<(Text, usize), Malformed> {
    if bytes.get(at) != Some(&b'"') {
        return Err(Malformed(at));
    }
    let name = text(bytes, at, taken)?;
    let colon = space(bytes, name.end + 1);
    if bytes.get(colon) != Some(&b':') {
        return Err(Malformed(colon));
    }
    Ok((name, space(bytes, colon + 1)))
}

/// What a string says, decoded into `scratch` if it has to be.
pub fn said<'a>(bytes: &'a [u8], text: Text, scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let raw = bytes.get(inside(text)).unwrap_or_default();
    if !text.has_escapes {
        return raw;
    }
    scratch.clear();
    unescape(raw, scratch);
    scratch
}

/// The inside of a string.
pub fn inside(text: Text) -> Range<usize> {
    text.start..text.end
}
