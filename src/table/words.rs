//! What records are searched for.

use orgdeck_columns::{Column, Needle};

/// A word, or several in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What to look for, folded; never nothing.
    pub text: String,
    /// The place of the column to look in; without it, in all that are searched.
    pub field: Option<usize>,
    /// Whether it must not be there.
    pub is_excluded: bool,
}

/// The words of what was typed, as the browser takes it apart, four texts a word: what to look for, the name of a field, a
/// minus if it is excluded, and what to look for when there is no such field. A field of which it is not known yet what to
/// look for in it asks for nothing.
pub fn words(typed: &[String], columns: &[Column]) -> Vec<Word> {
    let mut words = Vec::new();
    for [text, name, minus, whole] in typed.as_chunks::<4>().0 {
        let field = field(name, columns);
        let text = if field.is_some() { text } else { whole };
        if !text.is_empty() {
            words.push(Word { text: text.clone(), field, is_excluded: !minus.is_empty() });
        }
    }
    words
}

/// The field of a name: as it is written or, failing that, whatever its case and what joins its words.
fn field(name: &str, columns: &[Column]) -> Option<usize> {
    let mut alike = None;
    for (place, column) in columns.iter().enumerate().rev() {
        if column.name() == name {
            return Some(place);
        }
        if is_alike(column.name().as_bytes(), name.as_bytes()) {
            alike = Some(place);
        }
    }
    alike
}

fn is_alike(mut one: &[u8], mut other: &[u8]) -> bool {
    let mut has_letters = false;
    loop {
        match (one, other) {
            ([b'_' | b'.', rest @ ..], _) => one = rest,
            (_, [b'_' | b'.', rest @ ..]) => other = rest,
            ([a, rest @ ..], [b, others @ ..]) if a.eq_ignore_ascii_case(b) => {
                (one, other) = (rest, others);
                has_letters = true;
            }
            _ => return has_letters && one.is_empty() && other.is_empty(),
        }
    }
}

/// Whether the records that words are true of are all among those that others are true of.
pub fn narrow(words: &[Word], others: &[Word]) -> bool {
    others.iter().all(|other| words.iter().any(|word| word.narrows(other)))
}

impl Word {
    /// What has a word has its parts; what has not got a part has not got the word.
    fn narrows(&self, other: &Self) -> bool {
        let (whole, part) = if self.is_excluded { (other, self) } else { (self, other) };
        whole.is_excluded == part.is_excluded
            && whole.field == part.field
            && Needle::new(&part.text).is_some_and(|part| part.is_in(whole.text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::folding::tests::table;
    use super::*;

    const RECORD: &str =
        r#"[{"id":"a","role":"x","first_name":"x","Größe":1,"custom.cf_x":1,"FirstName":2,"urn":3}]"#;

    #[test]
    fn a_field_is_one_of_the_table() {
        let store = table(RECORD);
        for (name, expected) in [
            ("role", "role"),
            ("ROLE", "role"),
            ("FIRST_name", "first_name"),
            ("firstname", "first_name"),
            ("FirstName", "FirstName"),
            ("CustomCfX", "custom.cf_x"),
            ("custom.cf_x", "custom.cf_x"),
            ("Größe", "Größe"),
            ("rol", ""),
            ("roles", ""),
            ("_", ""),
            ("", ""),
        ] {
            let typed = ["x", name, "", "whole"].map(str::to_owned);
            let word = Word {
                text: if expected.is_empty() { "whole" } else { "x" }.to_owned(),
                field: store.columns().iter().position(|column| column.name() == expected),
                is_excluded: false,
            };
            assert_eq!(words(&typed, store.columns()), [word], "{name}");
        }
    }

    #[test]
    fn what_says_nothing_yet_asks_for_nothing() {
        let store = table(RECORD);
        let typed =
            ["", "role", "-", "role:", "", "nobody", "-", "nobody:", "b", "", "-", "b"].map(str::to_owned);
        let word = |text: &str| Word { text: text.to_owned(), field: None, is_excluded: true };
        assert_eq!(words(&typed, store.columns()), [word("nobody:"), word("b")]);
    }

    #[test]
    fn more_letters_narrow_and_less_of_what_is_excluded() {
        // A word as it is typed, with a digit for its field.
        let word = |typed: &str| {
            let text = typed.trim_start_matches('-');
            let (field, text) =
                text.split_once(':').map_or((None, text), |(field, text)| (field.parse().ok(), text));
            Word { text: text.to_owned(), field, is_excluded: typed.starts_with('-') }
        };
        let words = |typed: &str| typed.split_whitespace().map(word).collect::<Vec<_>>();
        for (typed, before, narrows) in [
            ("ann", "", true),
            ("", "ann", false),
            ("anna", "ann", true),
            ("hanna", "ann", true),
            ("ann", "anna", false),
            ("ann", "ann", true),
            ("ann b", "ann", true),
            ("b ann", "an b", true),
            ("ann", "ann b", false),
            ("1:ann", "ann", false),
            ("1:anna", "1:ann", true),
            ("2:anna", "1:ann", false),
            ("-ann", "-anna", true),
            ("-anna", "-ann", false),
            ("-ann", "ann", false),
            ("ann", "-ann", false),
            ("ann", "b -c", false),
            ("ann -c", "an -c", true),
            ("ann", "an -c", false),
        ] {
            assert_eq!(narrow(&words(typed), &words(before)), narrows, "{typed} after {before}");
        }
    }
}
