//! Folding by tables of Rust's own, which `src/js/fold.js` is held to.

use unicode_normalization::UnicodeNormalization;

/// A text without case and accents: `src/table/folding.rs` says what becomes of a character.
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    for character in text.chars() {
        for part in std::iter::once(character).nfkd().filter(|part| !is_mark(*part)) {
            for small in part.to_lowercase() {
                match typed(small) {
                    Some(typed) => folded.push_str(typed),
                    None => folded.push(small),
                }
            }
        }
    }
    folded
}

fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

fn typed(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ⱥ' => "a",
        'æ' => "ae",
        'ƀ' | 'ɓ' => "b",
        'ƈ' | 'ȼ' => "c",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'ə' | 'ɛ' | 'ɇ' | 'ǝ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' | 'ɣ' => "g",
        'ħ' => "h",
        'ı' | 'ɨ' => "i",
        'ɉ' => "j",
        'ĸ' | 'ƙ' => "k",
        'ł' | 'ƚ' => "l",
        'ŋ' | 'ɲ' => "n",
        'ø' | 'ɔ' | 'ɵ' => "o",
        'œ' => "oe",
        'ƥ' => "p",
        'ɍ' => "r",
        'ß' => "ss",
        'ŧ' | 'ƭ' | 'ʈ' | 'ⱦ' => "t",
        'þ' => "th",
        'ʉ' | 'ʊ' => "u",
        'ʋ' => "v",
        'ɏ' | 'ƴ' => "y",
        'ƶ' | 'ʒ' => "z",
        'ς' => "σ",
        '‘' | '’' | 'ʻ' | 'ʼ' => "'",
        '‐' | '–' => "-",
        _ => return None,
    })
}
