//! Search: which records have what somebody types.

use orgdeck_columns::{
    Bits, Cell, Cells, Folds, Kind, Kinds, Needle, Quick, Store, TooLarge, search, select,
};

use super::folding::{Folding, folded};
use super::words::{Word, narrow};

/// Searches that are remembered: so many that one letter more is looked for among few, and that whoever takes back what was
/// typed finds it again.
const REMEMBERED: usize = 16;

/// Finds records, and remembers what it needs for the next letter.
#[derive(Debug, Default)]
pub struct Searches {
    /// The version and the fields that what was found is of.
    version: u32,
    fields: Option<Vec<usize>>,
    /// What was found, the last one last.
    found: Vec<Found>,
    /// For each column, those included that were not searched.
    folds: Vec<Folds>,
}

#[derive(Debug)]
struct Found {
    words: Vec<Word>,
    rows: Bits,
}

impl Searches {
    /// The rows that have all the words, and none that are excluded. Those that name no field are looked for in the texts
    /// of `fields`, places of columns, or in all; those that do in whatever their field holds: lists and objects say what is written
    /// in JSON, and lists their items. `version` is another one after each change of the table.
    ///
    /// # Errors
    /// When there is no memory left.
    pub fn find<'a>(
        &'a mut self,
        store: &'a Store,
        words: Vec<Word>,
        fields: Option<Vec<usize>>,
        version: u32,
        folding: &dyn Folding,
    ) -> Result<&'a Bits, TooLarge> {
        if self.version != version || self.fields != fields {
            self.version = version;
            self.fields = fields;
            self.found.clear();
        }
        let known = self.found.iter().rposition(|found| narrow(&words, &found.words));
        let (mut rows, done) = match known.and_then(|place| self.found.get(place)) {
            Some(found) => (found.rows.clone(), found.words.as_slice()),
            None => (store.live().clone(), [].as_slice()),
        };
        let mut is_new = false;
        for word in &words {
            if done.contains(word) {
                continue;
            }
            is_new = true;
            let hits = rows_of(&mut self.folds, store, word, self.fields.as_deref(), &rows, folding)?;
            if word.is_excluded {
                rows.and_not(&hits);
            } else {
                rows = hits;
            }
        }
        match known {
            Some(same) if !is_new => drop(self.found.remove(same)),
            _ if self.found.len() >= REMEMBERED => drop(self.found.remove(0)),
            _ => {}
        }
        self.found.push(Found { words, rows });
        Ok(self.found.last().map_or(store.live(), |found| &found.rows))
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        let mut bytes = 0;
        for folds in &self.folds {
            bytes += folds.byte_len();
        }
        for found in &self.found {
            bytes += found.rows.byte_len();
        }
        bytes
    }
}

/// Of some rows those that have a word, excluded or not.
fn rows_of(
    folds: &mut Vec<Folds>,
    store: &Store,
    word: &Word,
    fields: Option<&[usize]>,
    among: &Bits,
    folding: &dyn Folding,
) -> Result<Bits, TooLarge> {
    let mut hits = Bits::new(among.len(), false);
    let mut rest = among.clone();
    let Some(needle) = Needle::new(&word.text) else { return Ok(rest) };
    let kinds = if word.field.is_some() { Kinds::ANY } else { Kinds::TEXT };
    let is_searched = |place| fields.is_none_or(|fields| fields.contains(&place));
    folds.resize_with(store.columns().len(), Folds::default);
    // First where it takes the least: what is found there need not be looked for in the others.
    for is_first in [true, false] {
        for ((place, column), folds) in store.columns().iter().enumerate().zip(&mut *folds) {
            let is_meant = match word.field {
                Some(field) => field == place,
                None => is_searched(place) && column.allowed().allows(Cell::new(Kind::Text, &[])),
            };
            if !is_meant || matches!(column.cells(), Cells::Coded { .. }) != is_first {
                continue;
            }
            folds.update(column, &mut |texts| folding.fold(texts))?;
            let found = search(column, &needle, folds, kinds, &rest);
            rest.and_not(&found);
            hits.or(&found);
            if word.field.is_none() {
                continue;
            }
            // Lists have been looked through as they are written, but not folded.
            let mut lists = rest.clone();
            for row in rest.iter() {
                lists.set(row, column.get(row).kind == Kind::Nested);
            }
            if lists.count() > 0 {
                let test = &mut |text: &str| needle.is_in(folded(text, folding).as_bytes());
                hits.or(&select(column, &lists, None, &Quick::Nothing, test));
            }
        }
    }
    Ok(hits)
}

// Natively only: what it is compared with does not build for Wasm.
#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::folding::tests::{Unicode, add, table};
    use super::*;
    use crate::json::Json;

    /// Whether a value says a word to somebody who names its field, and to somebody who names none.
    fn says(value: Option<&Json>, word: &str) -> (bool, bool) {
        let has = |text: &str| Unicode.fold(text).contains(word);
        let in_json = |value: &Json| value.to_text().to_ascii_lowercase().contains(word);
        match value {
            None | Some(Json::Null) => (false, false),
            Some(Json::Text(text)) => (has(text), has(text)),
            Some(list @ Json::List(items)) => {
                let in_item = |item| !matches!(item, &Json::Object(_)) && says(Some(item), word).0;
                (in_json(list) || items.iter().any(in_item), false)
            }
            Some(other) => (in_json(other), false),
        }
    }

    /// The same, one record after the other.
    fn expected(store: &Store, words: &[Word], fields: &[usize]) -> Vec<usize> {
        let holds = |row: &usize| {
            let mut record = Vec::new();
            store.write(*row, &mut record);
            let record = Json::parse(str::from_utf8(&record).unwrap()).unwrap();
            words.iter().all(|word| {
                let says = |field: usize| says(record.get(store.columns()[field].name()), &word.text);
                let has = match word.field {
                    Some(field) => says(field).0,
                    None => fields.iter().any(|field| says(*field).1),
                };
                has != word.is_excluded
            })
        };
        store.live().iter().filter(holds).collect()
    }

    fn value() -> impl Strategy<Value = String> {
        let text = || "[abcéÉßs 1ł]{0,8}".prop_map(|text| format!("\"{text}\""));
        let simple = || {
            prop_oneof![
                8 => text(),
                1 => Just("null".to_owned()),
                1 => Just("true".to_owned()),
                1 => Just("false".to_owned()),
                1 => (0..200_u32).prop_map(|number| number.to_string()),
            ]
        };
        let escaped = Just(r#""\u00e9\n\"a""#.to_owned());
        prop_oneof![
            8 => simple(),
            1 => prop::collection::vec(simple(), 0..3).prop_map(|items| format!("[{}]", items.join(","))),
            1 => simple().prop_map(|value| format!(r#"{{"a":{value},"b":["ab"]}}"#)),
            1 => escaped,
        ]
    }

    fn record() -> impl Strategy<Value = String> {
        (0..150_u32, prop::collection::vec(("[abc]", value()), 0..4)).prop_map(|(id, mut members)| {
            members.sort();
            members.dedup_by(|a, b| a.0 == b.0);
            let members = members.iter().map(|(name, value)| format!(",\"{name}\":{value}"));
            format!("{{\"id\":\"é{id}\"{}}}", members.collect::<String>())
        })
    }

    /// A batch of records without the same id twice.
    fn batch(records: &[String]) -> String {
        let mut last: Vec<&String> = Vec::new();
        let id = |record: &String| record.split('"').nth(3).unwrap().to_owned();
        for record in records {
            last.retain(|known| id(known) != id(record));
            last.push(record);
        }
        format!("[{}]", last.into_iter().cloned().collect::<Vec<_>>().join(","))
    }

    fn many(from: usize) -> String {
        let record = |row: usize| format!(r#"{{"id":"m{row}","a":"Ab é{row}","b":{row},"c":["{row}"]}}"#);
        format!("[{}]", (from..from + 4500).map(record).collect::<Vec<_>>().join(","))
    }

    fn word(text: &str, field: Option<usize>, is_excluded: bool) -> Word {
        Word { text: Unicode.fold(text), field, is_excluded }
    }

    /// The words after each key, and as the letters are taken back again.
    fn typed() -> impl Strategy<Value = Vec<Vec<Word>>> {
        let text = "[abcés1]{1,3}|[ab] [bc]|é1|tru|[{\"]";
        let one = (text, prop::option::weighted(0.3, 0..4_usize), prop::bool::weighted(0.2));
        prop::collection::vec(one, 1..4).prop_map(|words| {
            let mut typed = vec![Vec::new()];
            for (text, field, is_excluded) in words {
                let before = typed.last().unwrap().clone();
                for (end, letter) in text.char_indices() {
                    let text = text.get(..end + letter.len_utf8()).unwrap();
                    typed.push([before.as_slice(), &[word(text, field, is_excluded)]].concat());
                }
            }
            let back: Vec<_> = typed.iter().rev().cloned().collect();
            [typed, back].concat()
        })
    }

    #[derive(Clone, Debug)]
    enum Step {
        Add(Vec<String>),
        Remove(u32),
        Type(Vec<Vec<Word>>),
        /// Rows get other places.
        Pack,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            2 => prop::collection::vec(record(), 1..40).prop_map(Step::Add),
            1 => (0..150_u32).prop_map(Step::Remove),
            4 => typed().prop_map(Step::Type),
            1 => Just(Step::Pack),
        ]
    }

    fn check(steps: &[Step], fields: &[usize], start: &str) {
        let mut store = table(start);
        let (mut searches, mut version) = (Searches::default(), 0);
        for step in steps {
            version += 1;
            match step {
                Step::Add(records) => add(&mut store, &batch(records)),
                Step::Remove(id) => {
                    store.find(format!("é{id}").as_bytes()).map(|row| store.remove(row));
                }
                Step::Pack => store.pack().unwrap(),
                Step::Type(typed) => {
                    for words in typed {
                        let found = searches
                            .find(&store, words.clone(), Some(fields.to_vec()), version, &Unicode)
                            .unwrap();
                        let rows: Vec<usize> = found.iter().collect();
                        assert_eq!(found.len(), store.rows());
                        assert_eq!(rows, expected(&store, words, fields), "{words:?}");
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn what_is_found_is_what_is_there(
            steps in prop::collection::vec(step(), 1..12),
            fields in prop::sample::subsequence(vec![0, 1, 2, 3], 1..4),
        ) {
            check(&steps, &fields, r#"[{"id":"first","a":"é","b":"ab","c":null}]"#);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2))]

        /// Columns whose rows have a cell each.
        #[test]
        fn large_tables_are_searched_as_small_ones(step in prop::collection::vec(record(), 1..40)) {
            let typed = vec![
                vec![word("a", None, false)],
                vec![word("ab", None, false), word("é1", None, false)],
                vec![word("é12", None, false)],
                vec![word("1", Some(2), true), word("é", None, false)],
                vec![word("12", Some(3), false)],
                vec![word("12", Some(3), false), word("a", None, true)],
                vec![word("44", Some(2), false)],
            ];
            let steps = [Step::Type(typed.clone()), Step::Add(step), Step::Type(typed)];
            check(&steps, &[1, 2, 3], &many(0));
        }
    }

    #[test]
    fn typing_on_asks_for_the_rows_that_are_left_and_typing_back_for_none() {
        let mut searches = Searches::default();
        let store = table(&many(0));
        let mut find = |typed: &str| {
            searches.find(&store, vec![word(typed, None, false)], Some(vec![1]), 7, &Unicode).unwrap().count()
        };
        let typed: Vec<usize> = ["é", "é1", "é12", "é123"].map(&mut find).to_vec();
        assert_eq!(typed, [4500, 1111, 111, 11]);
        for (back, count) in ["é12", "é1", "é"].iter().zip([111, 1111, 4500]) {
            assert_eq!(find(back), count);
        }
        let memory = searches.found.iter().map(|found| found.words[0].text.as_str()).collect::<Vec<_>>();
        assert_eq!(memory, ["e123", "e12", "e1", "e"]);
        assert!(searches.byte_len() > 4 * 4500 / 8);
    }
}
