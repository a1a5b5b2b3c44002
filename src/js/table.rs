//! Tables. `table.js` makes the classes of them; all that is not bytes goes over as JSON text.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;

use js_sys::Uint8Array;
use orgdeck_columns::{Collate, Csv, Insert};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::criteria::{Browser, fold};
use super::error::to_js;
use super::given::Given;
use crate::close;
use crate::genesys;
use crate::http::{Error, ErrorKind, decimal};
use crate::json::Json;
use crate::query::Criteria;
use crate::schema::{Kind, Shape, Typed};
use crate::table::{
    Collation, Filling, Folding, Known, Part, Query, Schema, Table, View, csv, listed, make_room,
};

#[wasm_bindgen(module = "/src/js/collate.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn ranks(collator: &JsValue, texts: &str) -> Result<Vec<u32>, JsValue>;
}

impl Folding for Browser {
    fn fold(&self, text: &str) -> String {
        fold(text, true)
    }
}

/// An `Intl.Collator`.
struct Collator<'a>(&'a JsValue);

impl Collate for Collator<'_> {
    fn ranks(&self, texts: &[&str]) -> Vec<u32> {
        let list = listed(texts);
        // One that throws says that all are equal.
        ranks(self.0, std::str::from_utf8(&list).unwrap_or_default()).unwrap_or_default()
    }
}

#[wasm_bindgen(module = "/src/js/snapshot.js")]
extern "C" {
    #[allow(dead_code, reason = "imported to be packed")]
    #[wasm_bindgen(js_name = packed)]
    fn _snapshot();
}

/// The models that callers can name.
const MODELS: [(&str, Shape); 7] = [
    ("close.user", close::users::User::SHAPE),
    ("close.group", close::groups::Group::SHAPE),
    ("close.role", close::roles::Role::SHAPE),
    ("close.membership", close::memberships::Membership::SHAPE),
    ("genesys.group", genesys::groups::Group::SHAPE),
    ("genesys.user", genesys::users::User::SHAPE),
    ("genesys.profile", genesys::profiles::GroupProfile::SHAPE),
];

/// A table, which its views and the listing that fills it hold as well.
pub type Shared = Rc<RefCell<Table>>;

/// Nothing but a callback of the browser's could ask while the table is at work.
pub fn borrow(table: &Shared) -> Result<RefMut<'_, Table>, JsValue> {
    table.try_borrow_mut().map_err(|_| to_js(&Error::config("the table is at work", &[])))
}

/// Records in columns: those of a table that a view of it shows. Without a query it shows all.
#[wasm_bindgen(skip_typescript)]
pub struct Columns {
    table: Shared,
    /// What the table was made of.
    schema: Rc<str>,
    filling: RefCell<Option<Filling>>,
    view: RefCell<View>,
    /// The file that is being made.
    file: RefCell<Option<Csv>>,
    collator: JsValue,
    /// What tells the collator apart from others.
    number: u32,
}

impl Columns {
    /// A table of a model, if it is one, of which these fields were selected, if not all.
    pub fn of(shape: Option<Shape>, selected: Option<&[String]>) -> Result<Self, JsValue> {
        let mut schema = Vec::new();
        if let Some(name) = shape.and_then(name_of) {
            schema.push(name);
            for field in selected.unwrap_or_default() {
                schema.push(field);
            }
        }
        Self::new(std::str::from_utf8(&listed(&schema)).unwrap_or_default())
    }

    /// The table.
    pub const fn table(&self) -> &Shared {
        &self.table
    }

    fn showing(table: Shared, schema: Rc<str>, query: Query, collator: JsValue, number: u32) -> Self {
        let view = RefCell::new(View::new(query));
        let (filling, file) = Default::default();
        Self { table, schema, filling, view, file, collator, number }
    }
}

/// What can be asked of columns, by the numbers of `table.js`.
mod asked {
    pub const UPSERT: u32 = 0;
    pub const PATCH: u32 = 1;
    pub const REMOVE: u32 = 2;
    pub const GET: u32 = 3;
    pub const FIELDS: u32 = 4;
    pub const SCHEMA: u32 = 5;
    pub const TELL: u32 = 6;
    pub const FILL: u32 = 7;
    pub const COUNT: u32 = 8;
    pub const PLACE: u32 = 9;
    pub const ROWS: u32 = 10;
    pub const IDS: u32 = 11;
    pub const FACETS: u32 = 12;
    pub const HISTOGRAM: u32 = 13;
    pub const JSON: u32 = 14;
    pub const CSV: u32 = 15;
    pub const PIECE: u32 = 16;
}

// Each function that JavaScript can call weighs half a kilobyte: there are few, and a number says what is asked of them.
#[wasm_bindgen]
impl Columns {
    /// A table without records, of a schema: JSON of the name of a model, and of the fields that were selected, if not all;
    /// or of no name, the key, and fields, each with what it must hold. Of nothing, records may be anything.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(schema: &str) -> Result<Self, JsValue> {
        let table = Table::new(schema_of(schema).map_err(|error| to_js(&error))?);
        let table = Rc::new(RefCell::new(table));
        Ok(Self::showing(table, schema.into(), Query::default(), JsValue::UNDEFINED, 0))
    }

    /// A view of the table: of what a query says, JSON of the criteria, of words as `words.js` tells them, of the fields to
    /// search in, if not all, and of those to sort by, each with its order. `collator` orders texts.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn query(&self, query: &str, collator: JsValue, number: u32) -> Result<Self, JsValue> {
        let query = query_of(query).map_err(|error| to_js(&error))?;
        Ok(Self::showing(Rc::clone(&self.table), Rc::clone(&self.schema), query, collator, number))
    }

    /// Reads a piece of a text that has so many bytes more, and says how much of it is done with: the rest comes again, with
    /// more. The records are there when all has been read.
    ///
    /// # Errors
    /// A `DecodeError`; the table is empty then.
    #[wasm_bindgen(skip_typescript)]
    pub fn read(&self, piece: &[u8], more: u32) -> Result<usize, JsValue> {
        let table = &mut *borrow(&self.table)?;
        let filling = &mut *self.filling.borrow_mut();
        let Some(taking) = filling else { return Ok(piece.len()) };
        let taken = taking.take(table, piece, more as usize, &mut |_| Ok(()));
        if more == 0 {
            *filling = None;
        }
        taken.map(|(done, _)| done).map_err(|message| to_js(&Error::new(ErrorKind::Decode, message)))
    }

    /// Does what is asked, and answers in JSON.
    ///
    /// Of the table: to upsert or patch records, which says how many were added and replaced; to remove ids, which says how
    /// many there were; to get a record, nothing if it is not there; for the fields and the schema; to tell how many records
    /// there are, the version, and the bytes of memory; to get ready for what is read next, `count` bytes, of which it keeps
    /// the fields that are given, if not all. `from` is 1 for a snapshot: its records were checked before, and may lack what
    /// was not kept.
    ///
    /// Of the view: for the count of records; the rows or ids of some of them; the place of an id; the facets or the histogram
    /// of a field. Or for bytes: the rows as JSON; the next piece of a file, nothing at its end, which begins with that of CSV.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn ask(&self, what: u32, given: &str, from: u32, count: u32) -> Result<JsValue, JsValue> {
        let table = &mut *borrow(&self.table)?;
        let answer = match what {
            asked::UPSERT => change(table, "upsert", given, Insert::Replace),
            asked::PATCH => change(table, "patch", given, Insert::Patch),
            asked::REMOVE => Ok(remove(table, given)),
            asked::GET => Ok(table.get(given).unwrap_or_default()),
            asked::FIELDS => Ok(listed(&table.fields())),
            asked::SCHEMA => Ok(self.schema.as_bytes().to_vec()),
            asked::FILL => {
                // Columns take a little more than half of what their JSON does.
                let _ = make_room(count as usize / 2);
                let insert = if from > 0 { Insert::Restored } else { Insert::New };
                self.filling.replace(Some(Filling::new(insert, texts_of(given))));
                Ok(Vec::new())
            }
            asked::TELL => Ok(numbers(&[table.len(), table.version() as usize, table.byte_len()])),
            _ => self.show(table, what, given, (from as usize, count as usize)),
        };
        let answer = answer.map_err(|error| to_js(&error))?;
        Ok(match what {
            asked::JSON | asked::CSV | asked::PIECE => Uint8Array::from(answer.as_slice()).into(),
            _ => String::from_utf8(answer).unwrap_or_default().into(),
        })
    }

    fn show(
        &self,
        table: &mut Table,
        what: u32,
        given: &str,
        (from, count): (usize, usize),
    ) -> Result<Vec<u8>, Error> {
        let collator = Collator(&self.collator);
        let collation =
            (!self.collator.is_undefined()).then_some(Collation { id: self.number, collate: &collator });
        let known = &Known { texts: &Browser, folding: &Browser, collation };
        // No borrow of the view outlives that of its table.
        let view = &mut *self.view.borrow_mut();
        match what {
            asked::COUNT => Ok(decimal(view.len(table, known)? as u64).into_bytes()),
            asked::PLACE => {
                let place = view.place(table, known, given)?;
                Ok(place.map_or("-1".to_owned(), |place| decimal(place as u64)).into_bytes())
            }
            asked::ROWS | asked::JSON => view.list(table, known, Part::Record, from, count),
            asked::IDS => view.list(table, known, Part::Id, from, count),
            asked::FACETS => view.facets(table, known, given),
            asked::HISTOGRAM => view.histogram(table, known, given),
            _ => {
                let file = &mut *self.file.borrow_mut();
                if what == asked::CSV {
                    let given = Given::parse(given)?;
                    let separator = given.text(2).unwrap_or(",");
                    let formulas = given.boolean(3).unwrap_or(false);
                    *file = Some(csv(table, &given.texts(0), &given.texts(1), separator, formulas));
                }
                let mut out = Vec::new();
                if let Some(csv) = file
                    && !view.piece(table, known, csv, &mut out)?
                {
                    *file = None;
                }
                Ok(out)
            }
        }
    }
}

fn change(table: &mut Table, what: &str, given: &str, insert: Insert) -> Result<Vec<u8>, Error> {
    let batch = table.upsert(what, given.as_bytes(), insert)?;
    Ok(numbers(&[batch.added, batch.replaced]))
}

fn remove(table: &mut Table, ids: &str) -> Vec<u8> {
    let mut removed = 0;
    for id in Json::parse(ids).unwrap_or(Json::Null).as_list().unwrap_or_default() {
        removed += usize::from(table.remove(id.as_str().unwrap_or_default()));
    }
    numbers(&[removed])
}

/// A JSON array of numbers.
fn numbers(numbers: &[usize]) -> Vec<u8> {
    let mut list = String::new();
    for number in numbers {
        list.push(if list.is_empty() { '[' } else { ',' });
        list.push_str(&decimal(*number as u64));
    }
    list.push(']');
    list.into_bytes()
}

fn schema_of(given: &str) -> Result<Schema, Error> {
    let given = texts_of(given).unwrap_or_default();
    match given.as_slice() {
        [] => Ok(Schema::any()),
        [none, key, fields @ ..] if none.is_empty() => Ok(Schema::with(key, fields)),
        [model, selected @ ..] => match MODELS.iter().find(|(name, _)| name == model) {
            Some((_, shape)) => Ok(Schema::of(*shape, selected)),
            None => Err(Error::config("schema: there is no model `{}`", &[model])),
        },
    }
}

fn query_of(given: &str) -> Result<Query, Error> {
    let given = Given::parse(given)?;
    let criteria = match given.get(0) {
        Json::Null => None,
        criteria => {
            let parsed = Criteria::parse(criteria);
            Some(parsed.map_err(|error| Error::config("query.where{}", &[&error.message]))?)
        }
    };
    let words = texts(given.get(1)).unwrap_or_default();
    let sort = texts(given.get(3)).unwrap_or_default();
    Ok(Query { criteria, words, search_in: texts(given.get(2)), sort })
}

/// A list of texts, if it is one.
fn texts(given: &Json) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for text in given.as_list()? {
        texts.push(text.as_str().unwrap_or_default().to_owned());
    }
    Some(texts)
}

/// The same, of JSON text.
pub fn texts_of(given: &str) -> Option<Vec<String>> {
    texts(&Json::parse(given).ok()?)
}

/// The name of a model.
fn name_of(shape: Shape) -> Option<&'static str> {
    let same = |known: &Shape| match (known.kind, shape.kind) {
        (Kind::Record(known), Kind::Record(record)) => std::ptr::eq(known, record),
        _ => false,
    };
    MODELS.iter().find_map(|(name, known)| same(known).then_some(*name))
}
