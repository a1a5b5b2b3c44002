//! A hash of bytes, for tables that never leave this memory. Nobody gains by making values that collide: whoever could
//! send them could as well send more of them.

use crate::wide::short;

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of some bytes, with a seed such as their kind.
#[inline(never)]
pub fn hash(seed: u8, bytes: &[u8]) -> u32 {
    let mut state = u64::from(seed) << 32 | bytes.len() as u64;
    let mut other = FACTOR;
    let mix =
        |state: u64, word: [u8; 8]| (state.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    let Some(last) = bytes.last_chunk::<8>() else {
        return finish((state.rotate_left(23) ^ short(bytes)).wrapping_mul(FACTOR));
    };
    // Two at once: each of the products takes its time, and they need not wait for each other.
    let (pairs, rest) = bytes.as_chunks::<16>();
    for pair in pairs {
        if let (Some(first), Some(second)) = (pair.first_chunk::<8>(), pair.last_chunk::<8>()) {
            state = mix(state, *first);
            other = mix(other, *second);
        }
    }
    if let Some(first) = rest.first_chunk::<8>() {
        other = mix(other, *first);
    }
    finish(mix(state, *last) ^ other.rotate_left(32))
}

#[inline]
fn finish(state: u64) -> u32 {
    ((state ^ state >> 29).wrapping_mul(FACTOR) >> 32) as u32
}
