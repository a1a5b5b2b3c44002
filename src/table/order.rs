//! The order of rows.

use std::rc::Rc;

use orgdeck_columns::{Bits, Collate, Column, Key, Ranks, Store, sorted};

use super::place_for;
use crate::http::Error;
use crate::query::Texts;

/// An order of texts that is not that of code points.
#[derive(Clone, Copy)]
pub struct Collation<'a> {
    /// What tells it apart from others.
    pub id: u32,
    /// What knows it.
    pub collate: &'a dyn Collate,
}

/// Ranks of columns that are kept. The next sort by one of them, or the other way round, only walks.
#[derive(Debug, Default)]
pub struct Orders {
    /// Those that were used last come last.
    known: Vec<Known>,
    version: u32,
}

#[derive(Debug)]
struct Known {
    column: usize,
    collation: Option<u32>,
    ranks: Rc<Ranks>,
}

/// Ranks that are kept: as many as a person sorts by in turns. Of a hundred thousand different values they take 400 KB.
const KEPT: usize = 4;

impl Orders {
    /// Rows of a version of a table by their keys: fields, each with its order behind it. What is missing comes last; rows
    /// that are equal in all keys keep the table's order.
    ///
    /// # Errors
    /// A `ConfigError` when there is no such field.
    pub fn sorted(
        &mut self,
        store: &Store,
        version: u32,
        rows: &Bits,
        sort: &[String],
        collation: Option<Collation<'_>>,
        texts: &dyn Texts,
    ) -> Result<Vec<u32>, Error> {
        let mut ranked = Vec::new();
        for [name, order] in sort.as_chunks().0 {
            // A field that no record has yet says nothing about their order.
            let column = place_for(store, "query.sort", name)?.unwrap_or(usize::MAX);
            if let Some((column, ranks)) = self.ranks(store, version, column, collation, texts) {
                ranked.push((column, ranks, order == "descending"));
            }
        }
        let mut keys = Vec::new();
        for (column, ranks, descends) in &ranked {
            keys.push(Key { column, ranks, descends: *descends });
        }
        Ok(sorted(rows, &keys))
    }

    /// A column, and the ranks of its values.
    pub fn ranks<'a>(
        &mut self,
        store: &'a Store,
        version: u32,
        column: usize,
        collation: Option<Collation<'_>>,
        texts: &dyn Texts,
    ) -> Option<(&'a Column, Rc<Ranks>)> {
        if self.version != version {
            self.known.clear();
            self.version = version;
        }
        let values = store.columns().get(column)?;
        let id = collation.map(|collation| collation.id);
        let known = self.known.iter().position(|known| known.column == column && known.collation == id);
        let known = match known {
            Some(at) => self.known.remove(at),
            None => {
                let number = |text: &str| texts.number(text).unwrap_or_default();
                let ranks = Ranks::new(values, &number, collation.map(|collation| collation.collate));
                Known { column, collation: id, ranks: Rc::new(ranks) }
            }
        };
        let ranks = Rc::clone(&known.ranks);
        if self.known.len() >= KEPT {
            self.known.remove(0);
        }
        self.known.push(known);
        Some((values, ranks))
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        self.known.iter().map(|known| known.ranks.byte_len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use orgdeck_columns::{Ingest, Insert};

    use super::*;
    use crate::query::Program;

    struct NoTexts;

    impl Texts for NoTexts {
        fn compile(&self, _: &str) -> Result<Program, String> {
            Err(String::new())
        }
    }

    /// The order of texts from their last letter on; counts how often it was asked.
    #[derive(Default)]
    struct Backwards(Cell<usize>);

    impl Collate for Backwards {
        fn ranks(&self, texts: &[&str]) -> Vec<u32> {
            self.0.set(self.0.get() + 1);
            let key = |text: &str| text.chars().rev().collect::<String>();
            let less = |text: &str| texts.iter().filter(|other| key(other) < key(text)).count();
            texts.iter().map(|text| less(text) as u32).collect()
        }
    }

    fn add(store: &mut Store, records: &str) {
        let mark = store.begin();
        let mut ingest = Ingest::new(Insert::Replace, None, &[]);
        ingest.feed(store, records.as_bytes(), true, &mut |_, _| Ok(())).unwrap();
        store.commit(&mark, Insert::Replace).unwrap();
    }

    #[test]
    fn ranks_are_kept_as_long_as_they_are_right() {
        let mut store = Store::new("id", Vec::new());
        let records = r#"[{"id":"1","a":"bz","n":1e2},{"id":"2","a":"cx","n":20},{"id":"3","n":3},{"id":"4","a":"ay","n":20}]"#;
        add(&mut store, records);
        let mut orders = Orders::default();
        let backwards = Backwards::default();
        let other = Some(Collation { id: 7, collate: &backwards });
        let mut sort = |store: &Store, version, keys: &[(&str, &str)], collation| {
            let keys: Vec<String> =
                keys.iter().flat_map(|(field, order)| [*field, *order]).map(str::to_owned).collect();
            orders.sorted(store, version, store.live(), &keys, collation, &NoTexts).unwrap()
        };
        let (up, down) = ("ascending", "descending");
        assert_eq!(sort(&store, 0, &[], None), [0, 1, 2, 3]);
        assert_eq!(sort(&store, 0, &[("a", up)], None), [3, 0, 1, 2]);
        assert_eq!(sort(&store, 0, &[("a", down)], None), [1, 0, 3, 2]);
        assert_eq!(sort(&store, 0, &[("a", up)], other), [1, 3, 0, 2]);
        assert_eq!(sort(&store, 0, &[("a", down)], other), [0, 3, 1, 2]);
        assert_eq!(backwards.0.get(), 1);
        assert_eq!(sort(&store, 0, &[("n", up), ("a", down)], None), [2, 1, 3, 0]);
        assert_eq!(sort(&store, 0, &[("n", down)], None), [0, 1, 3, 2]);
        add(&mut store, r#"[{"id":"3","a":"zz","n":3},{"id":"5","a":"\u0000","n":5}]"#);
        assert_eq!(sort(&store, 1, &[("a", down)], None), [2, 1, 0, 3, 4]);
        assert_eq!(sort(&store, 1, &[("a", down)], other), [2, 0, 3, 1, 4]);
        assert_eq!(backwards.0.get(), 2);
        let unknown = ["z", up].map(str::to_owned);
        let error = orders.sorted(&store, 1, store.live(), &unknown, None, &NoTexts).unwrap_err();
        assert_eq!(error.message, "query.sort: there is no field `z`");
    }

    #[test]
    fn few_ranks_are_kept() {
        let mut store = Store::new("id", Vec::new());
        add(&mut store, r#"[{"id":"1","a":1,"b":2,"c":3,"d":4,"e":5,"f":6}]"#);
        let mut orders = Orders::default();
        for column in 0..7 {
            orders.ranks(&store, 0, column, None, &NoTexts);
        }
        assert_eq!(orders.known.iter().map(|known| known.column).collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert_eq!(orders.byte_len(), 16);
    }
}
