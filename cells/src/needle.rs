//! Finding a word in bytes, thirty-two places at a time. By hand: `memchr` has no search without regard to case, and to
//! make a folded copy of every cell for it would take as much memory as the cells.

/// A text to look for, folded: without accents and in lower case.
#[derive(Clone, Debug)]
pub struct Needle {
    bytes: Vec<u8>,
    /// The first eight bytes, those of them that there are; where they are letters; and which there are.
    head: u64,
    letters: u64,
    kept: u64,
    ends: Ends,
}

/// The first byte and the last, and the bit that they may have or not.
#[derive(Clone, Copy, Debug)]
struct Ends {
    first: u8,
    first_case: u8,
    last: u8,
    last_case: u8,
}

/// The bit that small letters have and great ones have not.
const fn case(byte: u8) -> u8 {
    if byte.is_ascii_lowercase() { 0x20 } else { 0 }
}

impl Needle {
    /// Something to look for; nothing can be found of no text.
    pub fn new(folded: &str) -> Option<Self> {
        let bytes = folded.as_bytes();
        let (first, last) = (*bytes.first()?, *bytes.last()?);
        let (mut head, mut letters, mut kept) = (0, 0, 0);
        for (at, byte) in bytes.iter().take(8).enumerate() {
            head |= u64::from(*byte) << (8 * at);
            letters |= u64::from(case(*byte)) << (8 * at);
            kept |= 0xff << (8 * at);
        }
        let ends = Ends { first, first_case: case(first), last, last_case: case(last) };
        Some(Self { bytes: bytes.to_vec(), head, letters, kept, ends })
    }

    /// Whether it is in some bytes.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let mut at = 0;
        while at < bytes.len() {
            if self.places_at_end(bytes, at) != 0 {
                return true;
            }
            at += CHUNK;
        }
        false
    }

    /// The place before which it must begin so as to end by another one.
    #[inline(always)]
    pub const fn until(&self, end: usize) -> usize {
        (end + 1).saturating_sub(self.bytes.len())
    }

    /// The first place in some bytes, from one on and before another, where it begins; the other one when it does nowhere.
    /// It is found faster where there are bytes behind them.
    #[inline(always)]
    pub fn find(&self, bytes: &[u8], from: usize, until: usize) -> usize {
        let mut at = from;
        while at < until {
            let mut places = match (chunk(bytes, at), chunk(bytes, at + self.bytes.len() - 1)) {
                (Some(first), Some(last)) => candidates(first, last, self.ends),
                _ => self.places_at_end(bytes, at),
            };
            while places != 0 {
                let place = at + places.trailing_zeros() as usize;
                // Its first byte and its last one may be all there is.
                if self.bytes.len() <= 2 || self.is_at(bytes, place) {
                    return place.min(until);
                }
                places &= places - 1;
            }
            at += CHUNK;
        }
        until
    }

    /// Of [`CHUNK`] places in some bytes, a bit each, those where it is, when there are not enough bytes for a quick look.
    #[inline(never)]
    fn places_at_end(&self, bytes: &[u8], at: usize) -> u32 {
        let mut places = 0;
        for place in 0..CHUNK {
            places |= u32::from(self.is_at(bytes, at + place)) << place;
        }
        places
    }

    /// Whether it is at a place.
    #[inline(always)]
    fn is_at(&self, bytes: &[u8], place: usize) -> bool {
        let bytes = bytes.get(place..).unwrap_or_default();
        match bytes.first_chunk() {
            Some(head) if u64::from_le_bytes(*head) & self.kept | self.letters != self.head => false,
            Some(_) if self.bytes.len() <= 8 => true,
            _ => {
                let bytes = bytes.get(..self.bytes.len()).unwrap_or_default();
                bytes.eq_ignore_ascii_case(&self.bytes)
            }
        }
    }
}

/// Places that are looked at together. Most texts are not longer, and a loop that ends as expected is a quick one.
const CHUNK: usize = 32;

#[inline(always)]
fn chunk(bytes: &[u8], at: usize) -> Option<&[u8; CHUNK]> {
    bytes.get(at..).and_then(<[u8]>::first_chunk)
}

/// Of so many places, a bit each, those that may be the first byte's, given the bytes there and those at the last one's.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
fn candidates(first: &[u8; CHUNK], last: &[u8; CHUNK], ends: Ends) -> u32 {
    let mut places = 0;
    for (at, (first, last)) in first.iter().zip(last).enumerate() {
        let both = first | ends.first_case == ends.first && last | ends.last_case == ends.last;
        places |= u32::from(both) << at;
    }
    places
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
fn candidates(first: &[u8; CHUNK], last: &[u8; CHUNK], ends: Ends) -> u32 {
    match (first.as_chunks().0, last.as_chunks().0) {
        ([first, others @ ..], [last, lasts @ ..]) => {
            let mut places = sixteen(first, last, ends);
            if let ([first], [last]) = (others, lasts) {
                places |= sixteen(first, last, ends) << 16;
            }
            places
        }
        _ => 0,
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
fn sixteen(first: &[u8; 16], last: &[u8; 16], ends: Ends) -> u32 {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, v128_and, v128_or};

    let first = v128_or(crate::wide::load(first), u8x16_splat(ends.first_case));
    let last = v128_or(crate::wide::load(last), u8x16_splat(ends.last_case));
    let (first, last) = (u8x16_eq(first, u8x16_splat(ends.first)), u8x16_eq(last, u8x16_splat(ends.last)));
    u8x16_bitmask(v128_and(first, last)).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_within(needle: &Needle, text: &str, from: usize, end: usize) -> bool {
        let until = needle.until(end);
        needle.find(text.as_bytes(), from, until) < until
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn a_needle_is_found_where_it_is_in_the_lower_case(
            text in "[aAbB@`\\[{é]{0,90}",
            word in "[ab@`\\[{é]{1,4}|[ab]{5,20}",
            from in 0..60_usize,
            end in 0..150_usize,
        ) {
            let lower = text.to_ascii_lowercase();
            let end = end.min(text.len());
            let expected = lower.as_bytes().get(from..end).is_some_and(|part| {
                part.windows(word.len()).any(|part| part == word.as_bytes())
            });
            let needle = Needle::new(&word).unwrap();
            prop_assert_eq!(is_within(&needle, &text, from, end), expected);
            prop_assert_eq!(needle.is_in(text.as_bytes()), lower.contains(&word));
        }
    }

    #[test]
    fn needles_are_compared_to_their_ends() {
        let digits = "0123456789".repeat(5);
        for behind in ["", "tail", &"tail".repeat(20)] {
            let text = ["x".repeat(40), digits.clone(), behind.to_owned()].concat();
            for length in [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 50] {
                let (word, shorter) = (digits.get(..length).unwrap(), digits.get(..length - 1).unwrap());
                let is_found = |word: &str, end: usize| {
                    let needle = Needle::new(word).unwrap();
                    [is_within(&needle, &text, 0, end), needle.is_in(&text.as_bytes()[..end])]
                };
                assert_eq!(is_found(word, text.len()), [true; 2], "{length}");
                // What comes twice within the digits comes once within so many of them.
                assert_eq!(is_found(word, 40 + length - 1), [false; 2], "{length}");
                assert_eq!(is_found(&[shorter, "?"].concat(), text.len()), [false; 2], "{length}");
            }
        }
    }

    #[test]
    fn no_text_is_no_needle() {
        assert!(Needle::new("").is_none());
    }
}
