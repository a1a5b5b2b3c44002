//! Whether a text is one of many.

/// Texts, all ASCII and in lower case, found without regard to case.
#[derive(Debug, Default)]
pub struct Among {
    texts: Vec<Vec<u8>>,
    /// Texts by their marks, each plus one; 0 where nothing is. Nearly all are free, so that what is not among them is found
    /// out at once.
    slots: Vec<u32>,
}

impl Among {
    /// These texts.
    pub fn new(texts: Vec<Vec<u8>>) -> Self {
        let mut slots = vec![0; (texts.len() * 16).next_power_of_two()];
        let mask = slots.len() - 1;
        for (text, number) in texts.iter().zip(1..) {
            let mut at = mark(text) & mask;
            while slots.get(at).is_some_and(|slot| *slot > 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = number;
            }
        }
        Self { texts, slots }
    }

    /// Whether a text is one of them but for its case.
    #[inline(always)]
    pub fn has(&self, text: &[u8]) -> bool {
        let Some(mask) = self.slots.len().checked_sub(1) else { return false };
        let mut at = mark(text) & mask;
        while let Some(slot @ 1..) = self.slots.get(at).copied() {
            if self.texts.get(slot as usize - 1).is_some_and(|known| known.eq_ignore_ascii_case(text)) {
                return true;
            }
            at = (at + 1) & mask;
        }
        false
    }
}

/// A number by its length, start and end, whatever its case: ids differ in their ends, addresses of mail in their starts.
#[inline(always)]
fn mark(text: &[u8]) -> usize {
    const LOWER: u64 = 0x20 * (u64::MAX / 255);
    let (start, end) = match (text.first_chunk(), text.last_chunk()) {
        (Some(start), Some(end)) => (u64::from_le_bytes(*start), u64::from_le_bytes(*end)),
        _ => (text.iter().fold(0, |all, byte| all << 8 | u64::from(byte | 0x20)), 0),
    };
    let mixed = (start | LOWER).rotate_left(29) ^ (end | LOWER) ^ text.len() as u64;
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}
