//! Points in time, from ISO 8601 or by a Java date pattern.

/// A point in time: seconds since the Unix epoch, and nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64, u32);

/// The parts of a date as they were read.
struct Parts {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanos: u32,
    /// Minutes east of UTC.
    offset: i64,
}

const FIRST: Parts = Parts { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanos: 0, offset: 0 };

impl Parts {
    fn instant(&self) -> Option<Instant> {
        let is_leap = self.year.is_multiple_of(if self.year.is_multiple_of(100) { 400 } else { 4 });
        let days = match self.month {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(is_leap),
            1..=12 => 31,
            _ => return None,
        };
        let fits = (1..=days).contains(&self.day) && self.hour < 24 && self.minute < 60 && self.second < 60;
        if !fits {
            return None;
        }
        // Years that begin in March have their leap day at the end. Four centuries more, so that none is negative: WebAssembly
        // divides by what is known in 32 bits alone, and there in a tenth of the time.
        let year = self.year + 400 - u32::from(self.month < 3);
        let month = (self.month + 9) % 12;
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + self.day;
        let minutes = i64::from(self.hour * 60 + self.minute) - self.offset;
        let days = i64::from(days) - 719_469 - 146_097;
        Some(Instant(days * 86_400 + minutes * 60 + i64::from(self.second), self.nanos))
    }
}

/// A text that is read from its start on.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let mut value = 0;
        for byte in number {
            if !byte.is_ascii_digit() {
                return None;
            }
            value = value * 10 + u32::from(byte - b'0');
        }
        self.0 = rest;
        Some(value)
    }

    fn take(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// `Z`, or hours, with what separates them from minutes, or without minutes.
    fn offset(&mut self, minutes: Option<&[u8]>) -> Option<i64> {
        if self.take(b'Z') {
            return Some(0);
        }
        let sign = match (self.take(b'-'), self.take(b'+')) {
            (true, false) => -1,
            (false, true) => 1,
            _ => return None,
        };
        let mut offset = i64::from(self.number(2).filter(|hours| *hours < 24)?) * 60;
        if let Some(separator) = minutes {
            self.0 = self.0.strip_prefix(separator)?;
            offset += i64::from(self.number(2).filter(|minutes| *minutes < 60)?);
        }
        Some(sign * offset)
    }

    /// The digits of a fraction, one to nine.
    fn nanos(&mut self) -> Option<u32> {
        let (mut nanos, mut unit) = (0, 100_000_000);
        while let Some(digit) = self.number(1) {
            if unit == 0 {
                return None;
            }
            nanos += digit * unit;
            unit /= 10;
        }
        (unit < 100_000_000).then_some(nanos)
    }
}

impl Instant {
    /// Reads `2026-01-31`, midnight UTC, or `2026-01-31T12:00:00.000+01:00`. Seconds, their fraction and the offset
    /// may be left out; it is UTC then.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Cursor(text.as_bytes());
        let mut parts = FIRST;
        parts.year = rest.number(4)?;
        parts.month = rest.take(b'-').then(|| rest.number(2))??;
        parts.day = rest.take(b'-').then(|| rest.number(2))??;
        if rest.take(b'T') {
            parts.hour = rest.number(2)?;
            parts.minute = rest.take(b':').then(|| rest.number(2))??;
            if rest.take(b':') {
                parts.second = rest.number(2)?;
                if rest.take(b'.') {
                    parts.nanos = rest.nanos()?;
                }
            }
            if !rest.0.is_empty() {
                parts.offset = rest.offset(Some(b":"))?;
            }
        }
        if rest.0.is_empty() { parts.instant() } else { None }
    }

    /// Seconds since the Unix epoch, without their fraction.
    pub const fn seconds(self) -> i64 {
        self.0
    }
}

/// Reads a date by a Java date pattern, as far as that goes by numbers. `None` when the date is not written so, and when
/// the pattern has letters that are not known here, one of them twice, or no year.
pub fn by_pattern(pattern: &str, text: &str) -> Option<Instant> {
    let (mut pattern, mut rest) = (pattern.as_bytes(), Cursor(text.as_bytes()));
    let mut parts = FIRST;
    let mut seen = Vec::new();
    while let Some((&first, behind)) = pattern.split_first() {
        if first == b'\'' {
            pattern = quoted(behind, &mut rest)?;
            continue;
        }
        if !first.is_ascii_alphabetic() {
            pattern = behind;
            rest.take(first).then_some(())?;
            continue;
        }
        let count = pattern.iter().take_while(|next| **next == first).count();
        pattern = pattern.get(count..)?;
        if seen.contains(&first) {
            return None;
        }
        seen.push(first);
        match (first, count) {
            (b'y', 4) => parts.year = rest.number(4)?,
            (b'M', 2) => parts.month = rest.number(2)?,
            (b'd', 2) => parts.day = rest.number(2)?,
            (b'H', 2) => parts.hour = rest.number(2)?,
            (b'm', 2) => parts.minute = rest.number(2)?,
            (b's', 2) => parts.second = rest.number(2)?,
            (b'S', 3) => parts.nanos = rest.number(3)? * 1_000_000,
            (b'X', 1) => parts.offset = rest.offset(None)?,
            (b'X', 2) => parts.offset = rest.offset(Some(b""))?,
            (b'X', 3) => parts.offset = rest.offset(Some(b":"))?,
            _ => return None,
        }
    }
    if rest.0.is_empty() && seen.contains(&b'y') { parts.instant() } else { None }
}

/// Reads what a pattern quotes, and gives the pattern behind it. Two quotes are one, everywhere.
fn quoted<'a>(pattern: &'a [u8], rest: &mut Cursor<'_>) -> Option<&'a [u8]> {
    if let Some((b'\'', behind)) = pattern.split_first() {
        return rest.take(b'\'').then_some(behind);
    }
    let mut pattern = pattern;
    loop {
        let (&next, behind) = pattern.split_first()?;
        pattern = behind;
        if next == b'\'' {
            match pattern.split_first() {
                Some((b'\'', behind)) => pattern = behind,
                _ => return Some(pattern),
            }
        }
        rest.take(next).then_some(())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_are_read() {
        for (text, seconds, nanos) in [
            ("1970-01-01", 0, 0),
            ("1970-01-01T00:00", 0, 0),
            ("2026-03-01T12:00:00Z", 1_772_366_400, 0),
            ("2026-03-01T12:00:00.25Z", 1_772_366_400, 250_000_000),
            ("2026-03-01T13:00:00+01:00", 1_772_366_400, 0),
            ("2026-03-01T06:30-05:30", 1_772_366_400, 0),
            ("2000-02-29", 951_782_400, 0),
            ("1969-12-31T23:59:59Z", -1, 0),
            ("0001-01-01", -62_135_596_800, 0),
        ] {
            assert_eq!(Instant::parse(text), Some(Instant(seconds, nanos)), "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-3-1",
            "2026-02-29",
            "2026-13-01",
            "2026-01-32",
            "2026-01-01T24:00",
            "2026-01-01T00:60",
            "2026-01-01T00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00+1",
            "2026-01-01T00:00+01",
            "2026-01-01 00:00",
            "2026-01-01T00:00Zx",
            "+2026-01-01",
            "2026-01-01T",
            "２０２６-01-01",
            "2026-00-01",
            "2026-01-00",
            "2026-01-01T00:00+0100",
            "2026-01-01T00:00:00.1234567890Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_are_read() {
        let noon = Instant::parse("2026-03-01T12:00:00Z");
        for (pattern, text, instant) in [
            ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "2026-03-01T12:00:00.000Z", noon),
            ("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-01T13:00:00+01:00", noon),
            ("yyyyMMddHHmmXX", "202603011300+0100", noon),
            ("yyyyMMddHHX", "2026030113+01", noon),
            ("yyyyMMddHHX", "2026030112Z", noon),
            ("dd.MM.yyyy HH 'o''clock'", "01.03.2026 12 o'clock", noon),
            ("yyyy''MM", "2026'03", Instant::parse("2026-03-01")),
            ("yyyy", "2026", Instant::parse("2026-01-01")),
            ("yyyy", "20261", None),
            ("yyyy-MM-dd", "2026-02-30", None),
            ("yyyy-MM-dd", "2026/02/03", None),
            ("yyyy'é'", "2026é", Instant::parse("2026-01-01")),
        ] {
            assert_eq!(by_pattern(pattern, text), instant, "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", ""),
            ("MM-dd", "03-01"),
            ("yy-MM-dd", "26-03-01"),
            ("yyyy EEE", "2026 Sun"),
            ("yyyy 'open", "2026 open"),
            ("YYYY", "2026"),
            ("yyyy-M", "2026-3"),
            ("yyyy yyyy", "2026 2026"),
            ("yyyyX", "2026+0230"),
            ("yyyyXX", "2026+02:30"),
            ("yyyyXXX", "2026+0230"),
        ] {
            assert_eq!(by_pattern(pattern, text), None, "{pattern}");
        }
    }

    #[test]
    fn days_follow_each_other() {
        let mut next = Instant::parse("0000-01-01").unwrap().0;
        assert_eq!(next, -719_528 * 86_400);
        for year in 0..10_000 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(instant) = Instant::parse(&format!("{year:04}-{month:02}-{day:02}")) {
                        assert_eq!(instant, Instant(next, 0));
                        next += 86_400;
                    }
                }
            }
        }
    }
}
