//! Numbers as vendors write them.

/// What a decimal number of few digits is worth: digits, and more of them behind a point. They and the power of ten are
/// exact, so that their quotient is as near as can be; of any other text nothing is said.
pub fn decimal(text: &[u8]) -> Option<f64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.len() > 15 {
        return None;
    }
    let (mut whole, mut scale) = (0_u64, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                whole = whole * 10 + u64::from(byte - b'0');
                scale = scale.map(|scale: u64| scale * 10);
            }
            b'.' if scale.is_none() => scale = Some(1),
            _ => return None,
        }
    }
    if !(digits.first()?.is_ascii_digit() && digits.last()?.is_ascii_digit()) {
        return None;
    }
    let value = whole as f64 / scale.unwrap_or(1) as f64;
    Some(if digits.len() < text.len() { -value } else { value })
}
