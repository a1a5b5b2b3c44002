//! Sixteen bytes at a time, where WebAssembly can; eight at a time elsewhere, for the native tests. By hand, because what
//! is looked for ends most often within the first thirty bytes, where a call into a crate costs more than the search.

/// Where the plain part of a string ends: the first quote, backslash or control character from `from` on, or the end; and
/// whether there is anything but ASCII before it.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline]
pub fn span(bytes: &[u8], from: usize) -> (usize, bool) {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let rest = bytes.get(from..).unwrap_or_default();
    let (words, _) = rest.as_chunks::<8>();
    let (mut at, mut wide) = (from, false);
    for word in words {
        let word = u64::from_le_bytes(*word);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let quote = zero(word ^ (ONES * b'"' as u64));
        let slash = zero(word ^ (ONES * b'\\' as u64));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        if (quote | slash | control) & HIGH != 0 {
            break;
        }
        wide |= word & HIGH != 0;
        at += 8;
    }
    tail(bytes, at, wide)
}

/// The same, byte by byte.
#[inline(always)]
fn tail(bytes: &[u8], from: usize, mut wide: bool) -> (usize, bool) {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        wide |= byte >= 0x80;
        at += 1;
    }
    (at, wide)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128, v128_load, v128_or};

    /// Sixteen bytes.
    #[inline(always)]
    pub fn load(bytes: &[u8; 16]) -> v128 {
        // SAFETY: the reference is to sixteen bytes that can be read, and loads need not be aligned.
        unsafe { v128_load(bytes.as_ptr().cast()) }
    }

    /// See the other one.
    #[inline(always)]
    pub fn span(bytes: &[u8], from: usize) -> (usize, bool) {
        let rest = bytes.get(from..).unwrap_or_default();
        let (blocks, _) = rest.as_chunks::<16>();
        let (mut at, mut wide) = (from, 0);
        for block in blocks {
            let block = load(block);
            let special = v128_or(
                v128_or(u8x16_eq(block, u8x16_splat(b'"')), u8x16_eq(block, u8x16_splat(b'\\'))),
                u8x16_lt(block, u8x16_splat(0x20)),
            );
            let (special, high) = (u8x16_bitmask(special), u8x16_bitmask(block));
            if special != 0 {
                let before = special.trailing_zeros();
                wide |= high & ((1 << before) - 1);
                return (at + before as usize, wide != 0);
            }
            wide |= high;
            at += 16;
        }
        super::tail(bytes, at, wide != 0)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd::{load, span};

/// Whether two texts are the same. Comparing slices calls a function that, in WebAssembly, goes byte by byte.
#[inline(never)]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let eight = |bytes: [u8; 8]| u64::from_le_bytes(bytes);
    if let (Some(last), Some(other)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        // The last eight overlap with those before them.
        let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
        let mut differs = eight(*last) ^ eight(*other);
        for (word, other) in words {
            if differs != 0 {
                return false;
            }
            differs = eight(*word) ^ eight(*other);
        }
        return differs == 0;
    }
    short(a) == short(b)
}

/// Up to seven bytes as a number, different for any that are different and as many.
#[inline(always)]
pub fn short(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    match bytes {
        [a] => (*a).into(),
        [a, b] => u64::from(*a) << 8 | u64::from(*b),
        [a, b, c] => u64::from(*a) << 16 | u64::from(*b) << 8 | u64::from(*c),
        _ => 0,
    }
}

/// Whether a text begins with another one.
#[inline(always)]
pub fn starts_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|begin| same(begin, start))
}

/// Copies a text over another one that is as long. A copy of any length is a call out of WebAssembly, which takes longer
/// than most texts.
#[inline(always)]
pub fn copy(to: &mut [u8], from: &[u8]) {
    if from.len() > 256 || to.len() != from.len() {
        if to.len() == from.len() {
            to.copy_from_slice(from);
        }
    } else if let Some(last) = from.last_chunk::<16>() {
        for (to, from) in to.as_chunks_mut::<16>().0.iter_mut().zip(from.as_chunks::<16>().0) {
            *to = *from;
        }
        if let Some(to) = to.last_chunk_mut::<16>() {
            *to = *last;
        }
    } else if let (Some(first), Some(last)) = (from.first_chunk::<8>(), from.last_chunk::<8>()) {
        if let Some(to) = to.first_chunk_mut::<8>() {
            *to = *first;
        }
        if let Some(to) = to.last_chunk_mut::<8>() {
            *to = *last;
        }
    } else if let (Some(first), Some(last)) = (from.first_chunk::<4>(), from.last_chunk::<4>()) {
        if let Some(to) = to.first_chunk_mut::<4>() {
            *to = *first;
        }
        if let Some(to) = to.last_chunk_mut::<4>() {
            *to = *last;
        }
    } else {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_end_where_they_do_byte_by_byte() {
        for special in [b'"', b'\\', b'\n', 0, 0x1f, 0x7f, 0x80, 0xff, b' ', b'!', b'#', b'[', b']'] {
            for length in 0..40 {
                for at in 0..length {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = special;
                    for from in 0..=length {
                        assert_eq!(span(&bytes, from), tail(&bytes, from, false), "{special} {at} {from}");
                    }
                }
            }
        }
    }

    #[test]
    fn texts_are_the_same_when_they_are() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).collect();
            assert!(same(&text, &text.clone()));
            assert!(starts_with(&[&text[..], b"more"].concat(), &text));
            let mut copied = vec![0xff; text.len()];
            copy(&mut copied, &text);
            assert_eq!(copied, text);
            for at in 0..text.len() {
                let mut other = text.clone();
                other[at] ^= 0x20;
                assert!(!same(&text, &other), "{length} {at}");
                assert!(!same(&text, &text[..at]));
            }
        }
        for length in [255, 256, 257, 1000] {
            let text: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut copied = vec![0; text.len()];
            copy(&mut copied, &text);
            assert_eq!(copied, text);
        }
    }
}
