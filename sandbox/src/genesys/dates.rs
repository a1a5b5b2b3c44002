//! Dates in search criteria: ISO 8601, and the patterns of Java that the vendor lets callers give.
//!
//! `docs/criteria.md` says what is a date and what is none. The sandbox's own clock reads a little
//! more than that, so it is not used here.

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const MAX_FRACTION_DIGITS: usize = 9;

/// An instant, in nanoseconds since 1970.
pub type Instant = i128;

/// The parts of a date as they are read. What is not read is its smallest.
#[derive(Clone, Copy, Debug)]
struct Parts {
    year: Option<i64>,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
    offset_minutes: i64,
}

impl Parts {
    const NOTHING: Parts =
        Parts { year: None, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanos: 0, offset_minutes: 0 };

    /// The instant, if there is one: not on the 30th of February, and not without a year.
    fn instant(self) -> Option<Instant> {
        let year = self.year?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return None,
        };
        let on_a_clock = self.hour < 24 && self.minute < 60 && self.second < 60;
        if !(1..=days).contains(&self.day) || !on_a_clock {
            return None;
        }
        let midnight = crate::clock::midnight(year, self.month, self.day) / 1_000_000;
        let minutes = self.hour * 60 + self.minute - self.offset_minutes;
        let seconds = midnight + minutes * 60 + self.second;
        Some(i128::from(seconds) * NANOS_PER_SECOND + i128::from(self.nanos))
    }
}

/// What has not been read yet.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    /// Exactly this text.
    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// `Z`, or a sign with hours and, if wanted, minutes after a separator. In minutes.
    fn offset(&mut self, minutes_after: Option<&str>) -> Option<i64> {
        if self.literal("Z").is_some() {
            return Some(0);
        }
        let sign = if self.literal("-").is_some() { -1 } else { self.literal("+").map(|()| 1)? };
        let hours = self.digits(2).filter(|hours| *hours < 24)?;
        let minutes = match minutes_after {
            Some(separator) => {
                self.literal(separator)?;
                self.digits(2).filter(|minutes| *minutes < 60)?
            }
            None => 0,
        };
        Some(sign * (hours * 60 + minutes))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// Reads `2026-01-31`, `2026-01-31T12:00` and all forms between that and
/// `2026-01-31T12:00:00.000+00:00`. UTC where no offset is given.
pub fn iso(text: &str) -> Option<Instant> {
    let mut rest = Rest(text);
    let mut parts = Parts { year: Some(rest.digits(4)?), ..Parts::NOTHING };
    rest.literal("-")?;
    parts.month = rest.digits(2)?;
    rest.literal("-")?;
    parts.day = rest.digits(2)?;
    if rest.literal("T").is_some() {
        parts.hour = rest.digits(2)?;
        rest.literal(":")?;
        parts.minute = rest.digits(2)?;
        if rest.literal(":").is_some() {
            parts.second = rest.digits(2)?;
            if rest.literal(".").is_some() {
                parts.nanos = fraction(&mut rest)?;
            }
        }
        if rest.end().is_none() {
            parts.offset_minutes = rest.offset(Some(":"))?;
        }
    }
    rest.end()?;
    parts.instant()
}

/// Up to nine digits after the point, as nanoseconds.
fn fraction(rest: &mut Rest<'_>) -> Option<i64> {
    let count = rest.0.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=MAX_FRACTION_DIGITS).contains(&count) {
        return None;
    }
    let digits = rest.digits(count)?;
    let missing = u32::try_from(MAX_FRACTION_DIGITS - count).ok()?;
    Some(digits * 10_i64.pow(missing))
}

/// A Java date pattern, as far as the page has it.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A run of one letter, such as `yyyy`.
    Part(char, usize),
    /// Anything else, to be met as it is.
    Text(String),
}

const PARTS: [(char, usize); 10] =
    [('y', 4), ('M', 2), ('d', 2), ('H', 2), ('m', 2), ('s', 2), ('S', 3), ('X', 1), ('X', 2), ('X', 3)];

impl Pattern {
    /// Reads a pattern; `None` for one with other parts, one part twice, an open quote, or no year.
    pub fn read(pattern: &str) -> Option<Self> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = pattern.chars().peekable();
        while let Some(c) = rest.next() {
            let piece = match c {
                '\'' => Piece::Text(quoted(&mut rest)?),
                c if c.is_ascii_alphabetic() => {
                    let mut length = 1;
                    while rest.next_if_eq(&c).is_some() {
                        length += 1;
                    }
                    let twice = |piece: &Piece| matches!(piece, Piece::Part(letter, _) if *letter == c);
                    if !PARTS.contains(&(c, length)) || pieces.iter().any(twice) {
                        return None;
                    }
                    Piece::Part(c, length)
                }
                c => Piece::Text(c.into()),
            };
            pieces.push(piece);
        }
        pieces.contains(&Piece::Part('y', 4)).then_some(Pattern(pieces))
    }

    /// The instant that a text of this pattern names.
    pub fn instant(&self, text: &str) -> Option<Instant> {
        let mut rest = Rest(text);
        let mut parts = Parts::NOTHING;
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => rest.literal(text)?,
                Piece::Part('y', count) => parts.year = Some(rest.digits(*count)?),
                Piece::Part('M', count) => parts.month = rest.digits(*count)?,
                Piece::Part('d', count) => parts.day = rest.digits(*count)?,
                Piece::Part('H', count) => parts.hour = rest.digits(*count)?,
                Piece::Part('m', count) => parts.minute = rest.digits(*count)?,
                Piece::Part('s', count) => parts.second = rest.digits(*count)?,
                Piece::Part('S', count) => parts.nanos = rest.digits(*count)? * 1_000_000,
                Piece::Part(_, 1) => parts.offset_minutes = rest.offset(None)?,
                Piece::Part(_, 2) => parts.offset_minutes = rest.offset(Some(""))?,
                Piece::Part(..) => parts.offset_minutes = rest.offset(Some(":"))?,
            }
        }
        rest.end()?;
        parts.instant()
    }
}

/// The text up to the closing quote. Two quotes are one, inside of quotes and outside.
fn quoted(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    if rest.next_if_eq(&'\'').is_some() {
        return Some("'".to_owned());
    }
    let mut text = String::new();
    loop {
        match rest.next()? {
            '\'' if rest.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => return Some(text),
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Instant = NANOS_PER_SECOND;

    #[test]
    fn iso_dates_are_read_and_others_are_not() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("1970-01-01T00:01", 60),
            ("1970-01-01T00:00:01", 1),
            ("1970-01-01T00:01Z", 60),
            ("1970-01-01T02:00:00+02:00", 0),
            ("1969-12-31T21:30:00.000-02:30", 0),
            ("2000-02-29T00:00:00Z", 951_782_400),
        ] {
            assert_eq!(iso(text), Some(seconds * SECOND), "{text}");
        }
        assert_eq!(iso("1970-01-01T00:00:00.25Z"), Some(SECOND / 4));
        assert_eq!(iso("1970-01-01T00:00:00.000000001"), Some(1));
        for text in [
            "",
            "1970",
            "1970-1-1",
            "1970-01-01T",
            "1970-01-01 00:00",
            "1970-01-01T00",
            "1970-01-01T00:00z",
            "1970-01-01t00:00",
            "1970-01-01T24:00",
            "1970-01-01T00:60",
            "1970-01-01T00:00:60",
            "1970-01-01T00:00:00.",
            "1970-01-01T00:00:00.0000000001",
            "1970-01-01T00:00+0200",
            "1970-01-01T00:00+02",
            "1970-01-01T00:00+24:00",
            "1970-01-01Z",
            "1900-02-29",
            "1970-13-01",
            "1970-00-01",
            " 1970-01-01",
            "1970-01-01 ",
            "+1970-01-01",
            "1970-01-01T00:00.5",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_are_read_and_others_are_not() {
        for (pattern, text, iso_text) in [
            ("yyyy", "2026", "2026-01-01"),
            ("dd.MM.yyyy", "31.01.2026", "2026-01-31"),
            ("yyyyMMddHHmmss", "20260131120001", "2026-01-31T12:00:01"),
            ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "2026-01-31T12:00:01.250-02", "2026-01-31T14:00:01.25Z"),
            ("yyyy-MM-dd HH:mmXX", "2026-01-31 12:00+0530", "2026-01-31T06:30"),
            ("yyyy-MM-dd HH:mmXXX", "2026-01-31 12:00+05:30", "2026-01-31T06:30"),
            ("yyyy-MM-ddXXX", "2026-01-31Z", "2026-01-31"),
            ("'o''clock' HH ''yyyy''", "o'clock 07 '2026'", "2026-01-01T07:00"),
            ("日yyyy", "日2026", "2026-01-01"),
        ] {
            let read = Pattern::read(pattern).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(read.instant(text), iso(iso_text), "{pattern} {text}");
            assert!(read.instant(&format!("{text} ")).is_none(), "{pattern}");
        }
        for pattern in
            ["", "MM", "yy", "yyyyy", "yyyy-M", "yyyy EEE", "yyyy 'open", "yyyy yyyy", "yyyy X XX", "yyyyT"]
        {
            assert!(Pattern::read(pattern).is_none(), "{pattern}");
        }
        let pattern = Pattern::read("yyyy-MM-dd").unwrap();
        for text in ["2026-02-30", "26-01-01", "2026-1-01", "2026-01-01T00:00", "2026/01/01"] {
            assert!(pattern.instant(text).is_none(), "{text}");
        }
    }
}
