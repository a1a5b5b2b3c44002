use super::cut;

/// A text with each `{}` of a template replaced by the next part. Messages are many: as templates they weigh a third
/// less than as lists of fragments, and the standard library's formatting is kept out.
// Inlined, so that whoever has one part or two hands them over as they are, and makes no list of them in memory.
#[inline(always)]
pub fn fill(template: &str, parts: &[&str]) -> String {
    match parts {
        [one] => fill_one(template, one),
        [one, two] => fill_two(template, one, two),
        parts => fill_all(template, parts),
    }
}

#[inline(never)]
fn fill_one(template: &str, one: &str) -> String {
    fill_all(template, &[one])
}

#[inline(never)]
fn fill_two(template: &str, one: &str, two: &str) -> String {
    fill_all(template, &[one, two])
}

#[inline(never)]
fn fill_all(template: &str, parts: &[&str]) -> String {
    let mut out = String::new();
    let mut parts = parts.iter();
    let mut rest = template;
    while let Some((before, after)) = cut(rest, b'{') {
        out.push_str(before);
        // What braces hold otherwise is text.
        match cut(after, b'}') {
            Some(("", after)) => {
                out.push_str(parts.next().copied().unwrap_or_default());
                rest = after;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A number in decimal digits. One for all kinds of numbers: the standard library makes one for each.
#[inline(never)]
pub fn decimal(number: u64) -> String {
    let mut out = String::new();
    digits(number, &mut out);
    out
}

fn digits(number: u64, out: &mut String) {
    if number > 9 {
        digits(number / 10, out);
    }
    out.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or_default()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_order_and_are_never_templates() {
        for number in [0, 7, 10, 65_535, u64::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
        for (template, parts, text) in [
            ("no parts", vec![], "no parts"),
            ("`{}` is not `{}`", vec!["a", "b"], "`a` is not `b`"),
            ("{}{}", vec!["{}", "x"], "{}x"),
            ("write { all: {} } or {", vec!["true"], "write { all: true } or {"),
            ("{}", vec![], ""),
            ("{", vec!["x"], "{"),
        ] {
            assert_eq!(fill(template, &parts), text);
        }
    }
}
