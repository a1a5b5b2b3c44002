/// Milliseconds of a number of seconds such as `2` or `0.85`; of more than 49 days those of 49 days. Whole numbers do:
/// parsing floats costs 8 KB of Wasm.
pub fn milliseconds(text: &str) -> Option<f64> {
    let (mut ms, mut unit, mut found) = (0_u32, None, false);
    for byte in text.trim_ascii().bytes() {
        let digit = match (byte, unit) {
            (b'0'..=b'9', _) => u32::from(byte - b'0'),
            (b'.', None) => {
                unit = Some(1_000);
                continue;
            }
            _ => return None,
        };
        ms = match unit {
            None => ms.saturating_mul(10).saturating_add(digit * 1_000),
            Some(thousandths) => ms.saturating_add(digit * (thousandths / 10)),
        };
        unit = unit.map(|unit| unit / 10);
        found = true;
    }
    found.then(|| f64::from(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_digits_with_perhaps_a_point() {
        for (text, ms) in [
            ("2", Some(2_000.0)),
            (" 0.85 ", Some(850.0)),
            (".5", Some(500.0)),
            ("5.", Some(5_000.0)),
            ("0.0999", Some(99.0)),
            ("4294967.295", Some(f64::from(u32::MAX))),
            ("99999999999.9", Some(f64::from(u32::MAX))),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("-1", None),
            ("1e3", None),
        ] {
            assert_eq!(milliseconds(text), ms, "{text}");
        }
    }
}
