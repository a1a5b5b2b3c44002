/// Milliseconds of a number of seconds such as `2` or `0.85`. Whole numbers do: parsing floats costs 8 KB of Wasm.
pub fn milliseconds(text: &str) -> Option<f64> {
    let (mut ms, mut unit) = (0_u32, None);
    for byte in text.trim().bytes() {
        let digit = match (byte, unit) {
            (b'0'..=b'9', _) => u32::from(byte - b'0'),
            (b'.', None) => {
                unit = Some(1_000);
                continue;
            }
            _ => return None,
        };
        ms = match unit {
            None => ms.checked_mul(10)?.checked_add(digit.checked_mul(1_000)?)?,
            Some(thousandths) => ms.checked_add(digit * (thousandths / 10))?,
        };
        unit = unit.map(|unit| unit / 10);
    }
    if text.trim().is_empty() { None } else { Some(f64::from(ms)) }
}
