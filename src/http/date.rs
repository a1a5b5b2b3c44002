use super::find;

/// Milliseconds since the Unix epoch of a date as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`. The two forms that
/// RFC 9110, section 5.6.7, calls obsolete are not read.
pub fn date_ms(text: &str) -> Option<f64> {
    let bytes = text.trim_ascii().as_bytes();
    let number = |at: usize, length: usize| {
        let digits = bytes.get(at..at + length)?;
        digits.iter().try_fold(0_u32, |number, byte| match byte {
            b'0'..=b'9' => Some(number * 10 + u32::from(byte - b'0')),
            _ => None,
        })
    };
    let is = |at: usize, what: &str| bytes.get(at..at + what.len()) == Some(what.as_bytes());
    if bytes.len() != 29
        || !is(3, ", ")
        || !is(7, " ")
        || !is(11, " ")
        || !is(16, " ")
        || !is(25, " GMT")
        || !is(19, ":")
        || !is(22, ":")
    {
        return None;
    }
    let month =
        u32::try_from(find("JanFebMarAprMayJunJulAugSepOctNovDec", text.trim_ascii().get(8..11)?)?).ok()?;
    if month % 3 != 0 {
        return None;
    }
    let month = month / 3 + 1;
    let (day, year) = (number(5, 2)?, number(12, 4)?);
    let (hours, minutes, seconds) = (number(17, 2)?, number(20, 2)?, number(23, 2)?);
    if !(1..=31).contains(&day) || year < 1970 || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    // The first day of 1970, counted so.
    let days = days.checked_sub(719_469)?;
    Some(f64::from(days) * 86_400_000.0 + f64::from(hours * 3_600 + minutes * 60 + seconds) * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_http_writes_them() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0),
            ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_800.0),
            ("Sat, 21 Nov 2026 19:25:47 GMT", 1_795_289_147.0),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200.0),
            (" Thu, 29 Feb 2024 12:00:00 GMT ", 1_709_208_000.0),
        ] {
            assert_eq!(date_ms(text), Some(seconds * 1_000.0), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "2",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:3x GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 0994 08:49:37 GMT",
            "é, 06 Nov 1994 08:49:37 GMT12",
        ] {
            assert_eq!(date_ms(text), None, "{text}");
        }
    }
}
