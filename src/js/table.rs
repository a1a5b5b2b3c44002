//! Tables. `table.js` makes the classes of them; all that is not bytes goes over as JSON text.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;

use js_sys::Uint8Array;
use orgdeck_columns::{Collate, Insert};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::criteria::Browser;
use super::error::{plain, to_js};
use crate::close;
use crate::genesys;
use crate::http::{Error, ErrorKind};
use crate::json::Json;
use crate::schema::{Kind, Shape, Typed};
use crate::table::{
    Collation, File, Filling, Folding, Known, Part, Query, Schema, Table, View, file, make_room,
};

#[wasm_bindgen(module = "/src/js/fold.js")]
extern "C" {
    fn fold(texts: &str) -> String;
}

#[wasm_bindgen(module = "/src/js/collate.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn ranks(collator: &JsValue, joined: &str, ends: &[u32]) -> Result<Vec<u32>, JsValue>;
}

impl Folding for Browser {
    fn fold(&self, text: &str) -> String {
        fold(text)
    }
}

/// An `Intl.Collator`.
struct Collator<'a>(&'a JsValue);

impl Collate for Collator<'_> {
    fn ranks(&self, texts: &[&str]) -> Vec<u32> {
        let mut ends = Vec::new();
        let mut end = 0;
        for text in texts {
            end += text.chars().map(|character| character.len_utf16() as u32).sum::<u32>();
            ends.push(end);
        }
        // One that throws says that all are equal.
        ranks(self.0, &texts.concat(), &ends).unwrap_or_default()
    }
}

/// The models that callers can name.
const MODELS: [(&str, Shape); 6] = [
    ("close.user", close::users::User::SHAPE),
    ("close.group", close::groups::Group::SHAPE),
    ("close.role", close::roles::Role::SHAPE),
    ("close.membership", close::memberships::Membership::SHAPE),
    ("genesys.group", genesys::groups::Group::SHAPE),
    ("genesys.user", genesys::users::User::SHAPE),
];

/// A table, which its views and the listing that fills it hold as well.
pub type Shared = Rc<RefCell<Table>>;

/// Nothing but a callback of the browser's could ask while the table is at work.
pub fn borrow(table: &Shared) -> Result<RefMut<'_, Table>, JsValue> {
    table.try_borrow_mut().map_err(|_| to_js(&Error::config("the table is at work", &[])))
}

fn parse(text: &str) -> Result<Json, JsValue> {
    Json::parse(text).map_err(|_| to_js(&Error::config("an argument is nested too deep, or no Unicode", &[])))
}

fn undecodable(message: String) -> JsValue {
    to_js(&Error::new(ErrorKind::Decode, message))
}

fn text(bytes: Vec<u8>) -> JsValue {
    String::from_utf8(bytes).unwrap_or_default().into()
}

/// Records in columns.
#[wasm_bindgen(skip_typescript)]
pub struct Columns {
    table: Shared,
    filling: RefCell<Option<Filling>>,
}

impl Columns {
    /// A table without records.
    pub fn of(schema: Schema) -> Self {
        Self { table: Rc::new(RefCell::new(Table::new(schema))), filling: RefCell::default() }
    }

    /// The table.
    pub const fn table(&self) -> &Shared {
        &self.table
    }
}

// Each function that JavaScript can call weighs half a kilobyte: there are few, and a word says what is asked of them.
#[wasm_bindgen]
impl Columns {
    /// A table without records, of a schema: JSON of the name of a model, or of what makes one. Or one of a snapshot.
    ///
    /// # Errors
    /// A `ConfigError` for a schema, a `DecodeError` for a snapshot.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(given: JsValue) -> Result<Self, JsValue> {
        let model = |name: &str| MODELS.iter().find(|(known, _)| *known == name);
        let of_model = |name: &str| model(name).map(|(_, shape)| Schema::of(*shape, None));
        if let Some(bytes) = given.dyn_ref::<Uint8Array>() {
            let schema = |name: &str| of_model(name).unwrap_or_else(Schema::any);
            let bytes = bytes.to_vec();
            make_room(bytes.len());
            let table = Table::restore(&bytes, schema).map_err(undecodable)?;
            return Ok(Self { table: Rc::new(RefCell::new(table)), filling: RefCell::default() });
        }
        let given = parse(&given.as_string().unwrap_or_default())?;
        let schema = match given.as_str() {
            None => Schema::parse(&given),
            Some(name) => {
                of_model(name).ok_or_else(|| Error::config("schema: there is no model `{}`", &[name]))
            }
        };
        Ok(Self::of(schema.map_err(|error| to_js(&error))?))
    }

    /// Reads bytes from a place on, as many as take no time, and gives where to go on. The records are there when all has
    /// been read. `keep` are the fields to keep.
    ///
    /// # Errors
    /// A `DecodeError`; the table is empty then.
    #[wasm_bindgen(skip_typescript)]
    pub fn read(&self, bytes: &Uint8Array, from: u32, keep: &str) -> Result<u32, JsValue> {
        let table = &mut *borrow(&self.table)?;
        if from == 0 {
            // Columns take a little more than half of what their JSON does.
            make_room(bytes.length() as usize / 2);
        }
        let mut filling =
            self.filling.take().unwrap_or_else(|| Filling::new(table, Insert::New, fields(keep)));
        let mut step = || {
            let room = filling.room()?;
            let end = bytes.length().min(from.saturating_add(u32::try_from(room.len()).unwrap_or(u32::MAX)));
            let count = (end - from) as usize;
            bytes.subarray(from, end).copy_to(room.get_mut(..count).unwrap_or_default());
            let is_last = end == bytes.length();
            filling.take(table, count, is_last)?;
            if is_last {
                filling.commit(table)?;
            }
            Ok(end)
        };
        match step() {
            Ok(end) => {
                if end < bytes.length() {
                    self.filling.replace(Some(filling));
                }
                Ok(end)
            }
            Err(message) => {
                filling.roll_back(table);
                Err(undecodable(message))
            }
        }
    }

    /// What is asked: to `upsert` or `patch` records or to `remove` ids, which says how many were added and replaced, or
    /// removed; to `get` a record, JSON or undefined; for a `snapshot`, bytes; or to `tell` the fields, and how many records,
    /// the version, and the bytes of memory.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn ask(&self, what: &str, given: &str) -> Result<JsValue, JsValue> {
        let mut table = borrow(&self.table)?;
        let insert = match what {
            "upsert" => Insert::Replace,
            "patch" => Insert::Patch,
            "remove" => {
                let ids = parse(given)?;
                let mut removed = 0;
                for id in ids.as_list().unwrap_or_default() {
                    removed += table.remove(id.as_str().into_iter());
                }
                return Ok((removed as f64).into());
            }
            "get" => return Ok(table.get(given).map_or(JsValue::UNDEFINED, text)),
            "snapshot" => {
                let name = table.schema().shape.and_then(name_of).unwrap_or_default();
                let bytes = table.snapshot(name).map_err(|error| to_js(&error))?;
                return Ok(Uint8Array::from(bytes.as_slice()).into());
            }
            _ => {
                let mut names = Vec::new();
                for column in table.store().columns() {
                    names.push(Some(column.name()));
                }
                let numbers = [table.len() as f64, f64::from(table.version()), table.byte_len() as f64];
                return Ok(plain(&names, &numbers.map(Some)));
            }
        };
        let batch = table.upsert(what, given.as_bytes(), insert).map_err(|error| to_js(&error))?;
        Ok(plain(&[], &[Some(batch.added as f64), Some(batch.replaced as f64)]))
    }

    /// A view of what a query says. `collator` orders texts, and `number` is one for each.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn query(&self, query: &str, collator: JsValue, number: u32) -> Result<Look, JsValue> {
        let query = Query::parse(&parse(query)?).map_err(|error| to_js(&error))?;
        let view = RefCell::new(View::new(query));
        Ok(Look { table: Rc::clone(&self.table), view, collator, number, file: RefCell::default() })
    }
}

/// The fields to keep, a JSON array; all of no text.
pub fn fields(keep: &str) -> Option<Vec<String>> {
    let given = Json::parse(keep).ok()?;
    let mut fields = Vec::new();
    for field in given.as_list()? {
        fields.push(field.as_str()?.to_owned());
    }
    Some(fields)
}

/// The name of a model.
fn name_of(shape: Shape) -> Option<&'static str> {
    let same = |known: &Shape| match (known.kind, shape.kind) {
        (Kind::Record(known), Kind::Record(record)) => std::ptr::eq(known, record),
        _ => false,
    };
    MODELS.iter().find_map(|(name, known)| same(known).then_some(*name))
}

/// A view of a table.
#[wasm_bindgen(skip_typescript)]
pub struct Look {
    table: Shared,
    view: RefCell<View>,
    collator: JsValue,
    number: u32,
    /// The file that is being made.
    file: RefCell<Option<File>>,
}

#[wasm_bindgen]
impl Look {
    /// What is asked: the `count` of records; the `rows` or `ids` of some of them, JSON arrays; the `place` of
    /// an id; the `facets` or the `histogram` of a field, JSON; or the next `piece` of a file, bytes, undefined at its end,
    /// which begins with `csv`, given its options, or with `json`.
    ///
    /// # Errors
    /// A `ConfigError`.
    #[wasm_bindgen(skip_typescript)]
    pub fn ask(&self, what: &str, given: &str, from: u32, count: u32) -> Result<JsValue, JsValue> {
        let table = &mut *borrow(&self.table)?;
        let collator = Collator(&self.collator);
        let collation =
            (!self.collator.is_undefined()).then_some(Collation { id: self.number, collate: &collator });
        let known = Known { texts: &Browser, folding: &Browser, collation };
        self.answer(table, known, what, given, (from as usize, count as usize)).map_err(|error| to_js(&error))
    }

    fn answer(
        &self,
        table: &mut Table,
        known: Known<'_>,
        what: &str,
        given: &str,
        (from, count): (usize, usize),
    ) -> Result<JsValue, Error> {
        // No borrow of the view outlives that of its table.
        let view = &mut *self.view.borrow_mut();
        let number = |count: usize| JsValue::from(count as f64);
        let part = match what {
            "rows" => Part::Record,
            "ids" => Part::Id,
            "count" => return Ok(number(view.len(table, known)?)),
            "place" => return Ok(view.place(table, known, given)?.map_or(JsValue::UNDEFINED, number)),
            "facets" => return Ok(text(view.facets(table, known, given)?)),
            "histogram" => return Ok(text(view.histogram(table, known, given)?)),
            _ => {
                let file = match what {
                    "json" => Some(file(table, None)?),
                    "csv" => Some(file(table, Some(&Json::parse(given).unwrap_or(Json::Null)))?),
                    _ => self.file.take(),
                };
                let Some(mut file) = file else { return Ok(JsValue::UNDEFINED) };
                let (piece, has_more) = view.piece(table, known, &mut file)?;
                if has_more {
                    self.file.replace(Some(file));
                }
                return Ok(Uint8Array::from(piece.as_slice()).into());
            }
        };
        view.list(table, known, part, from, count).map(text)
    }
}
