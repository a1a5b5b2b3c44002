//! Dates as the vendors write them, without a calendar library.
//!
//! Inside the sandbox an instant is a number of microseconds since 1970 in UTC; on the wire and in
//! the tables it is text of one fixed width, so that text order is time order.

use std::time::{SystemTime, UNIX_EPOCH};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_HOUR: i64 = 3_600 * MICROS_PER_SECOND;
const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;

/// The present moment, in microseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_micros()).ok())
        .unwrap_or(0)
}

/// The present moment as it is stored and sent: `2026-05-08T12:00:00.000000+00:00`.
pub fn timestamp() -> String {
    format(now())
}

/// An instant with microseconds and offset.
pub fn format(micros: i64) -> String {
    format!("{}+00:00", format_naive(micros))
}

/// An instant in UTC as Genesys Cloud writes it: with milliseconds, or without when there are none.
pub fn format_short(micros: i64) -> String {
    let text = format_naive(micros);
    let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
    match fraction.get(..3) {
        None | Some("000") => format!("{seconds}Z"),
        Some(millis) => format!("{seconds}.{millis}Z"),
    }
}

/// An instant with microseconds and *without* an offset, the form of pipelines.
pub fn format_naive(micros: i64) -> String {
    let (year, month, day) = civil_from_days(micros.div_euclid(MICROS_PER_DAY));
    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, fraction) = (of_day / MICROS_PER_SECOND, of_day % MICROS_PER_SECOND);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{fraction:06}")
}

/// An instant as HTTP headers have it: `Fri, 08 May 2026 12:00:01 GMT`. Rounded up to a second: whoever
/// waits until then is not too early.
pub fn http_date(micros: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let micros = micros.saturating_add(MICROS_PER_SECOND - 1);
    let days = micros.div_euclid(MICROS_PER_DAY);
    let (year, month, day) = civil_from_days(days);
    let name = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default()
    };
    let seconds = micros.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND;
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        // The first of January 1970 was a Thursday.
        name(&DAYS, days.rem_euclid(7)),
        name(&MONTHS, month - 1),
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Midnight UTC of a calendar day, in microseconds since 1970.
pub fn midnight(year: i64, month: i64, day: i64) -> i64 {
    days_from_civil(year, month, day) * MICROS_PER_DAY
}

/// Reads an ISO date or datetime. What carries no offset of its own is read in the zone that lies
/// `offset_hours` east of UTC; a date alone is the midnight at which that day begins.
pub fn parse(text: &str, offset_hours: f64) -> Option<i64> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-').map(digits);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let start = midnight(year, month, day);
    if civil_from_days(start.div_euclid(MICROS_PER_DAY)) != (year, month, day) {
        return None; // the 30th of February
    }
    let local_offset = (offset_hours * MICROS_PER_HOUR as f64) as i64;
    let Some(time) = time else {
        return Some(start - local_offset);
    };
    let (clock, offset) = split_offset(time)?;
    let mut parts = clock.split(':');
    let (hours, minutes) = (digits(parts.next()?)?, digits(parts.next()?)?);
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (digits(seconds)?, 0),
            Some((whole, fraction)) => (digits(whole)?, micros_of_fraction(fraction)?),
        },
    };
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let of_day = ((hours * 60 + minutes) * 60 + seconds) * MICROS_PER_SECOND + fraction;
    Some(start + of_day - offset.unwrap_or(local_offset))
}

/// Separates `12:00:00` from its `Z`, `+02:00` or `-0230`; the offset in microseconds.
fn split_offset(time: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(0)));
    }
    // A blank is a plus that somebody forgot to encode in a query string.
    let Some(at) = time.find(['+', '-', ' ']) else {
        return Some((time, None));
    };
    let (clock, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let offset: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = offset.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes)? };
    let micros = digits(hours)? * MICROS_PER_HOUR + minutes * 60 * MICROS_PER_SECOND;
    Some((clock, Some(sign * micros)))
}

fn micros_of_fraction(text: &str) -> Option<i64> {
    let known: String = text.chars().chain("000000".chars()).take(6).collect();
    digits(text).and_then(|_| digits(&known))
}

fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

// The two functions below are Howard Hinnant's: the year starts in March, so that the leap day
// comes last, and four hundred years are one era of always the same length.

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_what_it_parses() {
        for text in [
            "1970-01-01T00:00:00.000000+00:00",
            "2000-02-29T23:59:59.999999+00:00",
            "2026-12-31T12:30:15.000001+00:00",
        ] {
            assert_eq!(parse(text, 5.5).map(format).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_short_form_has_milliseconds_only_where_there_are_some() {
        let noon = midnight(2026, 5, 8) + 12 * MICROS_PER_HOUR;
        assert_eq!(format_short(noon + 999), "2026-05-08T12:00:00Z");
        assert_eq!(format_short(noon + 70_999), "2026-05-08T12:00:00.070Z");
    }

    #[test]
    fn http_dates_are_those_of_the_standard() {
        // RFC 9110, 5.6.7.
        let moment = midnight(1994, 11, 6) + ((8 * 60 + 49) * 60 + 37) * MICROS_PER_SECOND;
        assert_eq!(http_date(moment), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(moment - 1), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(moment + 1), "Sun, 06 Nov 1994 08:49:38 GMT");
    }

    #[test]
    fn a_bare_date_begins_at_the_callers_midnight() {
        assert_eq!(
            parse("2026-03-01", -4.0).map(format).as_deref(),
            Some("2026-03-01T04:00:00.000000+00:00")
        );
        assert_eq!(
            parse("2026-03-01T00:00:00", 2.5).map(format).as_deref(),
            Some("2026-02-28T21:30:00.000000+00:00")
        );
    }

    #[test]
    fn own_offsets_win_over_the_callers() {
        assert_eq!(
            parse("2026-03-01T10:00:00.5+02:00", -4.0).map(format).as_deref(),
            Some("2026-03-01T08:00:00.500000+00:00")
        );
        assert_eq!(parse("2026-03-01T10:00Z", 9.0), Some(midnight(2026, 3, 1) + 10 * MICROS_PER_HOUR));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "x",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "2026-01-01T25:00",
            "2026-01-01T1:2:3:4",
            "2026-01-01T10:00:00.x",
        ] {
            assert_eq!(parse(text, 0.0), None, "{text}");
        }
    }
}
