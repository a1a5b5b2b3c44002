//! The columns together: rows, the order of their fields, and what is taken back when a page fails.

use crate::bits::Bits;
use crate::index::Index;
use crate::ingest::Insert;
use orgdeck_cells::TooLarge;
use orgdeck_cells::{Before, Column};
use orgdeck_cells::{Cell, Kind, Kinds, quote};

/// Fields that a table can have.
pub(crate) const MAX_FIELDS: usize = 4096;

/// Orders of fields that are kept: so many that they are told apart by a byte.
pub(crate) const MAX_ORDERS: usize = 256;

/// What a field must hold.
#[derive(Clone, Debug)]
pub struct FieldRule {
    /// Its name.
    pub name: String,
    /// What it may hold.
    pub allowed: Kinds,
    /// Whether each record must have it.
    pub required: bool,
}

/// Records as columns. Rows keep their places until [`Store::pack`].
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) columns: Vec<Column>,
    /// The names of the columns as JSON writes them in front of a value.
    pub(crate) labels: Vec<Vec<u8>>,
    pub(crate) rules: Vec<FieldRule>,
    /// The fields of rows in their order, each order once. The first stands for that of the columns, as which those count
    /// that come when there are too many: then the fields are all that are there.
    pub(crate) orders: Vec<Box<[u16]>>,
    /// For each row which order it has.
    pub(crate) order_of: Vec<u8>,
    pub(crate) rows: usize,
    pub(crate) live: Bits,
    pub(crate) index: Index,
    /// Rows that took another's place, or that are gone, since all was packed.
    waste: usize,
    /// Rows that came since a listing began, while one goes on.
    seen: Option<Bits>,
    /// Rows that replace others when the batch under way is done: the new one and the old.
    pub(crate) replacing: Vec<(usize, usize)>,
}

/// How far a store was when a batch began.
#[derive(Debug)]
pub struct Mark {
    rows: usize,
    columns: Vec<Before>,
    orders: usize,
    seen: Option<Bits>,
}

/// What a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Records that were not there.
    pub added: usize,
    /// Records that were, and have come again.
    pub replaced: usize,
    /// Whether anything is otherwise than before.
    pub changed: bool,
}

/// The place of the column that tells records apart.
pub const KEY: usize = 0;

impl Store {
    /// No records yet. `key` is the field that tells them apart.
    pub fn new(key: &str, rules: Vec<FieldRule>) -> Self {
        let mut store = Self {
            columns: Vec::new(),
            labels: Vec::new(),
            rules,
            orders: vec![Box::default()],
            order_of: Vec::new(),
            rows: 0,
            live: Bits::default(),
            index: Index::default(),
            waste: 0,
            seen: None,
            replacing: Vec::new(),
        };
        store.add_column(key);
        store
    }

    /// Its columns, those of the key first and the others in the order that they came.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What fields must hold.
    pub fn rules(&self) -> &[FieldRule] {
        &self.rules
    }

    /// The column of a field.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name() == name)
    }

    /// The column that tells records apart.
    pub fn key(&self) -> Option<&Column> {
        self.columns.first()
    }

    pub(crate) fn add_column(&mut self, name: &str) -> Option<usize> {
        if self.columns.len() >= MAX_FIELDS {
            return None;
        }
        let rule = self.rules.iter().find(|rule| rule.name == name);
        self.columns.push(Column::new(name, rule.map_or(Kinds::ANY, |rule| rule.allowed)));
        let mut label = Vec::new();
        quote(name.as_bytes(), &mut label);
        label.push(b':');
        self.labels.push(label);
        Some(self.columns.len() - 1)
    }

    /// Rows, those included that are gone. Sets of rows are as long.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The rows that are not gone.
    pub const fn live(&self) -> &Bits {
        &self.live
    }

    /// The row of an id.
    pub fn find(&self, id: &[u8]) -> Option<usize> {
        let key = self.key()?;
        let find = |kind| self.index.find(key, Cell::new(kind, id));
        find(Kind::Text).or_else(|| find(Kind::Number))
    }

    /// A row's id.
    pub fn id(&self, row: usize) -> &[u8] {
        self.key().map_or(&[], |key| key.get(row).bytes)
    }

    /// Writes a row as the record it came from.
    pub fn write(&self, row: usize, out: &mut Vec<u8>) {
        let mut separator = b'{';
        let mut member = |column: usize| {
            let (Some(label), Some(column)) = (self.labels.get(column), self.columns.get(column)) else {
                return;
            };
            let cell = column.get(row);
            if cell.kind != Kind::Absent {
                out.push(separator);
                separator = b',';
                out.extend_from_slice(label);
                cell.write(out);
            }
        };
        match self.fields(row) {
            [] => (0..self.columns.len()).for_each(&mut member),
            fields => fields.iter().for_each(|column| member(usize::from(*column))),
        }
        if separator == b'{' {
            out.push(b'{');
        }
        out.push(b'}');
    }

    /// The fields of a row in their order; none when that is the order of the columns.
    fn fields(&self, row: usize) -> &[u16] {
        let order = self.order_of.get(row).copied().unwrap_or(0);
        self.orders.get(usize::from(order)).map_or(&[], |order| order)
    }

    /// Begins a batch of records, which is then committed or taken back.
    pub fn begin(&self) -> Mark {
        Mark {
            rows: self.rows,
            columns: self.columns.iter().map(Column::before).collect(),
            orders: self.orders.len(),
            seen: self.seen.clone(),
        }
    }

    /// Takes a batch back.
    pub fn roll_back(&mut self, mark: &Mark) {
        let rows = std::mem::replace(&mut self.rows, mark.rows);
        let Self { columns, index, .. } = self;
        if let Some(key) = columns.first() {
            let replacing = &self.replacing;
            // A row that was to replace another is not in the index.
            for row in
                (mark.rows..rows).filter(|row| replacing.binary_search_by_key(row, |pair| pair.0).is_err())
            {
                index.remove(key, row);
            }
        }
        self.forget_columns(mark);
        self.orders.truncate(mark.orders);
        self.order_of.truncate(mark.rows);
        self.seen.clone_from(&mark.seen);
        self.replacing.clear();
        // A batch that was too large would leave no room for a smaller one.
        self.shrink();
    }

    fn forget_columns(&mut self, mark: &Mark) {
        self.columns.truncate(mark.columns.len());
        self.labels.truncate(mark.columns.len());
        for (column, before) in self.columns.iter_mut().zip(&mark.columns) {
            column.restore(before);
        }
    }

    /// Makes a batch's records count.
    ///
    /// # Errors
    /// When there is no memory left; then the batch is to be taken back.
    pub fn commit(&mut self, mark: &Mark, insert: Insert) -> Result<Batch, TooLarge> {
        let replaced = self.replacing.len();
        let added = self.rows - mark.rows - replaced;
        let mut changed = added > 0;
        if replaced > 0 {
            // Whatever needs memory comes first.
            for column in &mut self.columns {
                column.reach(self.rows)?;
            }
            changed |= self.replace(insert);
            if changed || self.columns.len() > mark.columns.len() {
                // Of each two rows the cells of one are not needed any more.
                self.waste += replaced;
                self.close_gaps();
            } else {
                // Nothing is new: what was read is not needed.
                self.rows = mark.rows;
                self.forget_columns(mark);
                self.order_of.truncate(mark.rows);
                self.replacing.clear();
            }
        }
        self.columns.iter_mut().for_each(Column::settle);
        self.live.resize(self.rows, true);
        if let Some(seen) = &mut self.seen {
            seen.resize(self.rows, true);
        }
        Ok(Batch { added, replaced, changed })
    }

    fn is_same(&self, a: usize, b: usize) -> bool {
        self.order_of.get(a) == self.order_of.get(b)
            && self.columns.iter().all(|column| column.get(a) == column.get(b))
    }

    /// Gives old rows the cells of those that replace them; whether any are other cells.
    fn replace(&mut self, insert: Insert) -> bool {
        let mut changed = false;
        for at in 0..self.replacing.len() {
            let Some(&(new, old)) = self.replacing.get(at) else { break };
            if insert == Insert::Patch {
                self.complete(new, old);
            }
            if !self.is_same(new, old) {
                self.copy(old, new);
                changed = true;
            }
        }
        changed
    }

    /// Gives a row the fields that only the other has.
    fn complete(&mut self, new: usize, old: usize) {
        let mut all = self.fields(old).to_vec();
        for field in self.fields(new) {
            if !all.contains(field) {
                all.push(*field);
            }
        }
        // What has no order of its own has that of the columns.
        let has_orders = !self.fields(old).is_empty() && !self.fields(new).is_empty();
        let order = if has_orders { self.order(&all, 0) } else { 0 };
        for column in &mut self.columns {
            if column.get(new).kind == Kind::Absent {
                column.copy(new, old);
            }
        }
        self.set_order(new, order);
    }

    fn set_order(&mut self, row: usize, order: u8) {
        if let Some(known) = self.order_of.get_mut(row) {
            *known = order;
        }
    }

    fn copy(&mut self, to: usize, from: usize) {
        for column in &mut self.columns {
            column.copy(to, from);
        }
        self.set_order(to, self.order_of.get(from).copied().unwrap_or(0));
    }

    /// Lets the rows behind those that took another's place move up.
    fn close_gaps(&mut self) {
        let replacing = std::mem::take(&mut self.replacing);
        let mut gap = 0;
        let first = replacing.first().map_or(self.rows, |first| first.0);
        let mut to = first;
        for from in first..self.rows {
            if replacing.get(gap).is_some_and(|pair| pair.0 == from) {
                gap += 1;
                continue;
            }
            self.copy(to, from);
            if let Some(key) = self.columns.first() {
                self.index.renumber(key, from, to);
            }
            to += 1;
        }
        self.rows = to;
        for column in &mut self.columns {
            column.truncate(to);
        }
        self.order_of.truncate(to);
    }

    /// Removes a row; whether it was there.
    pub fn remove(&mut self, row: usize) -> bool {
        if !self.live.get(row) {
            return false;
        }
        if let Some(key) = self.columns.first() {
            self.index.remove(key, row);
        }
        self.live.set(row, false);
        self.waste += 1;
        true
    }

    /// From here on [`Store::unlisted`] knows which rows come.
    pub fn begin_listing(&mut self) {
        self.seen = Some(Bits::new(self.rows, false));
    }

    /// Whether a row has come since the listing began.
    pub(crate) fn is_seen(&self, row: usize) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.get(row))
    }

    pub(crate) fn see(&mut self, row: usize) {
        if let Some(seen) = &mut self.seen {
            seen.set(row, true);
        }
    }

    #[inline(never)]
    pub(crate) fn live_rows(&self) -> Vec<usize> {
        (0..self.rows).filter(|row| self.live.get(*row)).collect()
    }

    /// Ends the listing, and gives the rows that have not come.
    pub fn unlisted(&mut self) -> Vec<usize> {
        let mut rows = self.live_rows();
        match self.seen.take() {
            Some(seen) => rows.retain(|row| !seen.get(*row)),
            None => rows.clear(),
        }
        rows
    }

    /// Whether so much of the memory is of rows that are gone that all should be packed.
    pub const fn is_wasteful(&self) -> bool {
        self.waste > 1024 && self.waste > self.rows / 4
    }

    /// Packs the rows anew, without those that are gone. Rows get other numbers.
    ///
    /// # Errors
    /// When there is no memory for it; then all is as it was.
    pub fn pack(&mut self) -> Result<(), TooLarge> {
        let rows = self.live_rows();
        let mut columns = Vec::new();
        for column in &self.columns {
            let mut packed = column.of_rows(&rows, Some(Vec::new()))?;
            packed.shrink();
            columns.push(packed);
        }
        let mut order_of = Vec::new();
        order_of.try_reserve_exact(rows.len()).map_err(|_| TooLarge)?;
        for row in &rows {
            order_of.push(self.order_of.get(*row).copied().unwrap_or(0));
        }
        let Some(index) = columns.first().map(|key| Index::of(key, rows.len())).transpose()?.flatten() else {
            return Ok(());
        };
        if let Some(seen) = &mut self.seen {
            *seen = Bits::from_fn(rows.len(), |at| rows.get(at).is_some_and(|row| seen.get(*row)));
        }
        self.columns = columns;
        self.order_of = order_of;
        self.begin_anew(index, rows.len());
        Ok(())
    }

    /// Has so many rows, none of which is gone.
    pub(crate) fn begin_anew(&mut self, index: Index, rows: usize) {
        self.index = index;
        self.rows = rows;
        self.live = Bits::new(rows, true);
        self.waste = 0;
    }

    /// Makes room for so many rows at once: what lists leave behind as they grow is lost to the page.
    pub fn expect(&mut self, rows: usize) {
        for column in &mut self.columns {
            if self.live.is_empty() {
                // Of a first batch that is taken back nothing is left to hold in codes.
                column.settle();
            }
            column.expect(rows);
        }
        let _ = self.order_of.try_reserve_exact(rows.saturating_sub(self.order_of.len()));
        if let Some(key) = self.columns.first() {
            let _ = self.index.expect(key, rows);
        }
    }

    /// Gives back the room that is left.
    pub fn shrink(&mut self) {
        for column in &mut self.columns {
            column.shrink();
        }
        self.order_of.shrink_to_fit();
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        self.columns.iter().map(Column::byte_len).sum::<usize>()
            + self.index.byte_len()
            + self.live.byte_len()
            + self.order_of.capacity()
    }

    /// The order of fields that a row has: the one that is known, or a new one.
    pub(crate) fn order(&mut self, fields: &[u16], recent: u8) -> u8 {
        if recent > 0 && self.orders.get(usize::from(recent)).is_some_and(|order| **order == *fields) {
            return recent;
        }
        // The first stands for too many.
        if let Some(known) = self.orders.iter().skip(1).position(|order| **order == *fields) {
            return known as u8 + 1;
        }
        if self.orders.len() >= MAX_ORDERS {
            return 0;
        }
        self.orders.push(fields.into());
        (self.orders.len() - 1) as u8
    }
}
