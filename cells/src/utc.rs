//! Dates as vendors write them.

/// The digits of a text that begins as a date does, as a number such as 20260131.
#[inline(always)]
pub fn date(text: &[u8]) -> Option<u32> {
    const SHAPE: [u8; 8] = *b"0000-00-";
    // So much that any more than is allowed reaches the highest bit: of digits nine is, of others nothing.
    const ROOM: [u8; 8] = [0x76, 0x76, 0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f];
    const HIGH: u64 = (u64::MAX / 255) << 7;
    let (first, rest) = text.split_first_chunk()?;
    let digits = u64::from_le_bytes(*first) ^ u64::from_le_bytes(SHAPE);
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] = rest else { return None };
    if (digits.wrapping_add(u64::from_le_bytes(ROOM)) | digits) & HIGH != 0 {
        return None;
    }
    // Each digit times ten and what comes behind it.
    let pairs = digits * 10 + (digits >> 8);
    let at = |at: u32| (pairs >> (at * 8)) as u32 & 0xff;
    let day = u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    Some(at(0) * 1_000_000 + at(2) * 10_000 + at(5) * 100 + day)
}
