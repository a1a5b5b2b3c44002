//! What texts are taken apart with. The standard library has a searcher of its own for each kind of pattern, and each
//! weighs as much as all of this.

/// The parts before and behind the first of a byte, which is ASCII.
#[inline(never)]
pub fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.as_bytes().iter().position(|byte| *byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The parts between all of a byte, which is ASCII: one more than there are of it.
pub const fn parts(text: &str, at: u8) -> Parts<'_> {
    Parts { rest: Some(text), at }
}

/// See [`parts`].
pub struct Parts<'a> {
    rest: Option<&'a str>,
    at: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (part, behind) = cut(rest, self.at).map_or((rest, None), |(part, behind)| (part, Some(behind)));
        self.rest = behind;
        Some(part)
    }
}

/// Whether a text has any of some bytes, which are ASCII.
#[inline(never)]
pub fn has_any(text: &str, of: &[u8]) -> bool {
    text.as_bytes().iter().any(|byte| of.iter().any(|known| known == byte))
}

/// Whether all bytes of a text pass.
#[inline(never)]
pub fn is_all(text: &str, passes: fn(&u8) -> bool) -> bool {
    text.as_bytes().iter().all(passes)
}

/// The number that decimal digits are; `None` for anything else, and for one that is too large.
#[inline(never)]
pub fn whole(text: &str) -> Option<u64> {
    let mut number = None;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = Some(number.unwrap_or(0_u64).checked_mul(10)?.checked_add(digit.into())?);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_standard_library() {
        for text in ["", "a", ",", "a,b", ",a,,é,", "a, b,"] {
            assert_eq!(cut(text, b','), text.split_once(','), "{text}");
            assert_eq!(parts(text, b',').collect::<Vec<_>>(), text.split(',').collect::<Vec<_>>(), "{text}");
            assert_eq!(has_any(text, b"b,"), text.contains(['b', ',']), "{text}");
        }
    }

    #[test]
    fn numbers_are_digits_that_fit() {
        for text in ["0", "007", "18446744073709551615", "18446744073709551616", "", "-1", "1.0", " 1", "１"]
        {
            assert_eq!(whole(text), text.parse().ok(), "{text}");
        }
        assert_eq!(whole("+1"), None);
    }
}
