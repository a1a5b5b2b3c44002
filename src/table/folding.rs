//! Texts without case and accents.

/// What is known of letters, handed in: every browser knows it, and its tables weigh more than all else here.
pub trait Folding {
    /// A text as it is compared with what somebody types: letters without accents and in lower case. Each character is
    ///
    /// 1. taken apart (NFKD), without the marks of the blocks for combining diacritics; signs that are letters of a
    ///    script, such as vowels of Indic ones and the voicing of kana, stay,
    /// 2. in lower case, with `σ` for `ς`,
    /// 3. for letters that Unicode does not take apart, what people type for them, such as `l` for `ł`, `ss` for `ß`,
    ///    `ae` for `æ`; and `'` and `-` for the apostrophes and hyphens of typographers,
    ///
    /// whatever stands beside it, so that the folded text is its folded characters one after the other.
    fn fold(&self, text: &str) -> String;
}

/// A folded text, without a call out where none is needed.
pub(super) fn folded(text: &str, folding: &dyn Folding) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { folding.fold(text) }
}

#[cfg(test)]
#[path = "../../tests/common/folding.rs"]
mod unicode;

/// What there is to test with.
#[cfg(test)]
pub(super) mod tests {
    use orgdeck_columns::{Ingest, Insert, Store};

    use super::*;

    /// Folds by Rust's own tables.
    pub struct Unicode;

    impl Folding for Unicode {
        fn fold(&self, text: &str) -> String {
            unicode::fold(text)
        }
    }

    /// Adds records to a table, or replaces them.
    pub fn add(store: &mut Store, records: &str) {
        let mark = store.begin();
        let mut ingest = Ingest::new(Insert::Replace, None, &[]);
        ingest.feed(store, records.as_bytes(), true, &mut |_, _| Ok(())).unwrap();
        store.commit(&mark, Insert::Replace).unwrap();
    }

    /// A table of records.
    pub fn table(records: &str) -> Store {
        let mut store = Store::new("id", Vec::new());
        add(&mut store, records);
        store
    }

    #[test]
    fn texts_are_folded_character_by_character() {
        for (text, expected) in [
            ("Zoë ÅNGSTRÖM", "zoe angstrom"),
            ("Łukasz Đorđe Øre Æsir Œuvre", "lukasz dorde ore aesir oeuvre"),
            ("İstanbul ısı Straße STRAẞE", "istanbul isi strasse strasse"),
            ("Þór Ðurað ħ ŋ ŧ ĸ", "thor durad h n t k"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("e\u{301}\u{323}", "e"),
            ("ﬁ ① Ｋ", "fi 1 k"),
            ("O’Brien Anne‑Marie", "o'brien anne-marie"),
            ("Йод Ёлка", "иод елка"),
            ("हिन्दी", "हिन्दी"),
            ("が", "か\u{3099}"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
        ] {
            assert_eq!(Unicode.fold(text), expected, "{text}");
            assert_eq!(folded(text, &Unicode), expected, "{text}");
        }
    }

    #[test]
    fn what_is_folded_is_folded_to_itself() {
        for character in '\0'..=char::MAX {
            let folded = Unicode.fold(&character.to_string());
            assert_eq!(Unicode.fold(&folded), folded, "{character:?}");
            assert!(character == '\n' || !folded.contains('\n'), "{character:?}");
        }
    }
}
