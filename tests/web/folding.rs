//! Folding by what the browser knows of letters, against tables of Rust's own.

use super::*;

#[path = "../common/folding.rs"]
mod unicode;

#[wasm_bindgen(module = "/src/js/fold.js")]
extern "C" {
    // Under the library's own name for it the two would be one symbol.
    #[wasm_bindgen(js_name = fold)]
    fn fold_in_browser(texts: &str) -> String;
}

#[wasm_bindgen(inline_js = r"export const known = (character) => !/\p{Cn}/u.test(character);")]
extern "C" {
    fn known(character: &str) -> bool;
}

#[wasm_bindgen_test]
fn every_character_that_both_know_is_folded_alike() {
    let lines: Vec<String> = ('\0'..=char::MAX)
        .filter(|character| *character != '\n' && unicode_normalization::char::is_public_assigned(*character))
        .map(String::from)
        .filter(|character| known(character))
        .collect();
    assert!(lines.len() > 149_000, "{}", lines.len());
    let folded = fold_in_browser(&lines.join("\n"));
    let folded: Vec<&str> = folded.split('\n').collect();
    assert_eq!(folded.len(), lines.len());
    for (line, folded) in lines.iter().zip(folded) {
        assert_eq!(folded, unicode::fold(line), "{line:?}");
    }
}

#[wasm_bindgen_test]
fn texts_are_folded_as_their_characters_are() {
    for text in [
        "",
        "ΟΔΟΣ ΟΔΟΣ",
        "Dž İI ẞS",
        "ŁÓDŹ\n\nZoe\u{308}\u{323}\n漢字かな가",
        "ก\u{e38}\u{e48}\u{e38}",
        "A\u{5b0}\u{5bc}\u{5b0}Z",
    ] {
        assert_eq!(fold_in_browser(text), unicode::fold(text), "{text:?}");
    }
}
