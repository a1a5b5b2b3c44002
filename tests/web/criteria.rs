//! Search criteria by what the browser knows of texts.

use super::*;

fn matches(criteria: &str, name: &str) -> bool {
    let record = Object::new();
    set(&record, "name", &name.into());
    let found = orgdeck::js::matching(criteria, &text(&Array::of1(&record).into())).unwrap();
    found.length() == 1
}

/// A test of the name for one text.
fn test(word: &str, wanted: &str) -> String {
    format!(r#"{{"{word}":{},"fields":"name"}}"#, text(&wanted.into()))
}

#[wasm_bindgen_test]
fn letters_are_folded_one_by_one() {
    for (wanted, value, holds) in [
        ("CAFÉ", "café", true),
        ("ΟΔΟΣ", "οδοσ", true),
        // Of a whole text, the lower case of a sigma depends on what stands beside it.
        ("ΟΔΟΣ", "οδος", false),
        ("ΟΔΟΣ", "ΟΔΟΣ", true),
        ("İ", "i̇", true),
        ("i", "İ", false),
        ("ſ", "s", false),
        ("ſ", "ſ", true),
        ("ẞ", "ß", true),
        ("STRASSE", "straße", false),
        ("😀", "😀", true),
        ("e\u{301}", "é", false),
        ("𐐀", "𐐨", true),
    ] {
        assert_eq!(matches(&test("exact", wanted), value), holds, "{wanted} {value}");
    }
    assert!(matches(&test("startsWith", "ΟΔΟΣ"), "ΟΔΟΣ ΑΒ"));
    assert!(matches(&test("contains", "Σ"), "ΟΔΟΣ"));
    assert!(!matches(&test("contains", "ς"), "ΟΔΟΣ"));
    assert!(matches(&test("contains", "😀"), "a😀b"));
}

#[wasm_bindgen_test]
fn words_are_found_before_they_are_folded() {
    for (wanted, value, holds) in [
        ("İSTANBUL", "İstanbul 1", true),
        ("stanbul", "İstanbul 1", false),
        ("ΟΔΟΣ", "η ΟΔΟΣ 5", true),
        ("5", "η ΟΔΟΣ 5", true),
        ("Ⅻ", "Σ-Ⅻ", true),
        ("a", "a😀b", true),
        ("a😀b", "a😀b", true),
        ("😀", "a 😀 b", false),
        ("b", "a_b", true),
        ("café", "Le Café.", true),
        ("cafe", "Le Cafe\u{301}.", true),
        ("北京", "北京 支持", true),
        ("京", "北京 支持", false),
    ] {
        assert_eq!(matches(&test("term", wanted), value), holds, "{wanted} {value}");
    }
}

#[wasm_bindgen_test]
fn regular_expressions_are_the_browser_s_and_match_whole_texts() {
    for (pattern, value, holds) in [
        ("caf.*", "CAFÉ au lait", true),
        ("afé", "café", false),
        ("a|b", "ab", false),
        ("x|a.", "ab", true),
        (".", "😀", true),
        (r"\p{Lu}\d+", "É12", true),
        ("(?<n>a)\\k<n>", "aa", true),
        // An escape that the mode for Unicode does not know.
        (r"a\-b", "A-B", true),
        ("a.b", "a\nb", false),
    ] {
        assert_eq!(matches(&test("regex", pattern), value), holds, "{pattern} {value}");
    }
    for pattern in ["(", "a)(?:b", "[", "*"] {
        let tree = format!(r#"{{"and":[{{"all":true}},{}]}}"#, test("regex", pattern));
        let error = orgdeck::js::matching(&tree, "[]").unwrap_err();
        assert_eq!(word(&error, "name"), "ConfigError");
        assert!(
            word(&error, "message").starts_with("criteria.and[1].regex: `"),
            "{}",
            word(&error, "message")
        );
    }
}

#[wasm_bindgen_test]
fn numbers_and_dates_lie_in_ranges() {
    for (range, value, holds) in [
        (r#"{"from":9}"#, "10", true),
        (r#"{"from":"1e1","to":"10.0"}"#, "10", true),
        (r#"{"from":"0x1"}"#, "1", true),
        (r#"{"from":"2026-01-01","to":"2026-02-01"}"#, "2026-01-31T23:30:00.5+05:30", true),
        (r#"{"from":"2026-01-01","to":"2026-02-01"}"#, "2026-01-31T23:30:00.5-05:30", false),
        (r#"{"to":"31.01.2026","format":"dd.MM.yyyy"}"#, "2026-01-31T00:00Z", true),
        (r#"{"to":"31.01.2026","format":"dd.MM.yyyy"}"#, "2026-01-31T00:00:00.001Z", false),
        (r#"{"from":"b"}"#, "Éa", true),
    ] {
        let tree = format!(r#"{{"range":{range},"fields":"name"}}"#);
        assert_eq!(matches(&tree, value), holds, "{range} {value}");
    }
}

#[wasm_bindgen_test]
fn a_hundred_levels_fit_on_a_page_s_stack() {
    for (levels, is_good) in [(100, true), (120, true), (121, false), (10_000, false)] {
        let tree = ["{\"not\":".repeat(levels - 1), test("exact", "a"), "}".repeat(levels - 1)].concat();
        let found = orgdeck::js::matching(&tree, r#"[{"name":"A"},{"name":"b"}]"#);
        let sent = orgdeck::js::search_request(&format!(r#"{{"where":{tree}}}"#));
        assert_eq!((found.is_ok(), sent.is_ok()), (is_good, is_good), "{levels}");
        if let Ok(found) = found {
            let place = if (levels - 1) % 2 == 0 { "[0]" } else { "[1]" };
            assert_eq!(text(&found.into()), place, "{levels}");
        }
    }
}
