// Tables: classes over the columns that Rust holds.

import { configError } from "./errors.js";
import { facetsOf } from "./facets.js";
import { json, text, texts, wellFormed } from "./given.js";
import { histogramOf, unitKind } from "./histogram.js";
import { kinds, read } from "./options.js";
import { packed, unpacked } from "./snapshot.js";
import { highlightsOf, told, wordsOf } from "./words.js";

const MOST = 2 ** 32 - 1;
/** The longest that bytes are read before the page gets its turn, in milliseconds: half a frame. */
const TURN_MS = 8;
/** Bytes that are read at once: as many as a processor has at hand. */
const PIECE = 2 ** 18;
/** Records that are written at once. */
const BATCH = 100;
const COMMA = 0x2c;

// What can be asked of columns, by the numbers of `table.rs`.
const UPSERT = 0;
const PATCH = 1;
const REMOVE = 2;
const GET = 3;
const FIELDS = 4;
const SCHEMA = 5;
const TELL = 6;
const FILL = 7;
const COUNT = 8;
const PLACE = 9;
const ROWS = 10;
const IDS = 11;
const FACETS = 12;
const HISTOGRAM = 13;
const JSON_ROWS = 14;
const CSV = 15;
const PIECE_OF_CSV = 16;

let columnsOf;
/** Takes what makes columns of a schema, JSON text. */
export function provideColumns(make) {
  columnsOf = make;
}

const yielded = () =>
  globalThis.scheduler?.yield?.() ?? new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));

const bytesOf = (name, given) => {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  throw configError(`${name}: expected bytes, an ArrayBuffer or a view of one`);
};

const place = (name, value, otherwise) => {
  if (value === undefined) return otherwise;
  if (Number.isInteger(value) && value >= 0) return Math.min(value, MOST);
  throw configError(`${name}: expected a whole number from 0`);
};

const list = (value) => Array.isArray(value);
const queryKinds = {
  where: kinds.object,
  search: kinds.string,
  searchIn: ["a list of fields", list],
  sort: ["a list of keys", list],
  collator: ["an Intl.Collator", (value) => typeof value?.compare === "function"],
};

/** Fields to sort by, each with its order. */
const sortKeys = (keys) =>
  keys.flatMap((key) => {
    const { field, order = "ascending" } = Object(key);
    if (typeof field !== "string") throw configError("query.sort: a key has a field");
    if (!/^(a|de)scending$/.test(order)) throw configError("query.sort: an order is ascending or descending");
    return [field, order];
  });

const schemaKinds = { key: kinds.string, fields: kinds.object };
const fieldKinds = ["text", "number", "boolean", "json"];

/** A schema as a list of texts: the name of a model, or none, the key, and the fields, each with what it must hold. */
function schemaTexts(schema) {
  if (typeof schema === "string") return [schema];
  const { key = "id", fields = {} } = read("schema", schema, schemaKinds);
  for (const [field, kind] of Object.entries(fields)) {
    if (!fieldKinds.includes(kind)) throw configError(`schema.fields.${field}: expected text, number, boolean or json`);
  }
  return ["", key, ...Object.entries(fields).flat()];
}

const csvKinds = {
  columns: ["a list of fields", list],
  header: ["true, false or a list of names", (value) => list(value) || typeof value === "boolean"],
  bom: kinds.boolean,
  separator: ["`,`, `;` or a tab", (value) => [",", ";", "\t"].includes(value)],
  formulas: kinds.boolean,
};

// Orders that were worked out are known again by the number of their collator.
const collators = new WeakMap();
let numbered = 0;
function numberOf(collator) {
  if (!collator) return 0;
  if (!collators.has(collator)) collators.set(collator, (numbered += 1));
  return collators.get(collator);
}

/** The records of a view, pieces of a JSON array. */
function recordsOf(look) {
  const pieces = [];
  const count = JSON.parse(look.ask(COUNT, "", 0, 0));
  let at = 0;
  do {
    const batch = look.ask(JSON_ROWS, "", at, BATCH);
    // One array of all: a comma takes the place of the brackets between two.
    if (at > 0) batch[0] = COMMA;
    at += BATCH;
    pieces.push(at < count ? batch.subarray(0, -1) : batch);
  } while (at < count);
  return pieces;
}

export class TableView {
  #look;
  #words;
  #searchIn;

  constructor(look, words, searchIn) {
    this.#look = look;
    this.#words = words;
    this.#searchIn = searchIn;
  }

  get #live() {
    if (!this.#look) throw configError("this view was freed");
    return this.#look;
  }

  #tell(what, given = "", offset, count) {
    return JSON.parse(this.#live.ask(what, given, place("offset", offset, 0), place("count", count, MOST)));
  }

  get length() {
    return this.#tell(COUNT);
  }

  rows(offset, count) {
    return this.#tell(ROWS, "", offset, count);
  }

  ids(offset, count) {
    return this.#tell(IDS, "", offset, count);
  }

  highlights(offset, count) {
    return this.rows(offset, count).map((row) => highlightsOf(row, this.#words, this.#searchIn));
  }

  indexOf(id) {
    return this.#tell(PLACE, text("id", id));
  }

  facets(field, options) {
    const { limit } = read("facets", options, { limit: kinds.count });
    return facetsOf(this.#tell(FACETS, text("field", field)), limit);
  }

  histogram(field, options) {
    const { unit } = read("histogram", options, { unit: unitKind });
    return histogramOf(this.#tell(HISTOGRAM, text("field", field)), unit);
  }

  toCsv(options) {
    const { columns = this.#tell(FIELDS), header = true, bom, separator, formulas } = read("toCsv", options, csvKinds);
    const names = list(header) ? header : columns;
    if (names.length !== columns.length) throw configError("toCsv.header: expected a name for each column");
    const given = wellFormed("toCsv", [
      texts("toCsv.columns", columns),
      header ? texts("toCsv.header", names) : [],
      separator,
      formulas,
    ]);
    const pieces = bom ? ["\ufeff"] : [];
    for (let what = CSV, piece; (piece = this.#live.ask(what, given, 0, 0)).length; what = PIECE_OF_CSV) {
      pieces.push(piece);
    }
    return new Blob(pieces, { type: "text/csv" });
  }

  toJson() {
    return new Blob(recordsOf(this.#live), { type: "application/json" });
  }

  free() {
    this.#look?.free();
    this.#look = null;
  }
}

/** Columns with the records of bytes. Those of a snapshot may lack what the schema requires: not all of them was kept. */
async function filledFrom(columns, bytes, isSnapshot, keep = "", signal) {
  try {
    let [at, end, size] = [0, 0, PIECE];
    let since = performance.now();
    columns.ask(FILL, keep, isSnapshot, bytes.length);
    do {
      if (signal?.aborted) throw signal.reason;
      if (performance.now() - since > TURN_MS) {
        await yielded();
        since = performance.now();
        if (signal?.aborted) throw signal.reason;
      }
      end = Math.min(at + size, bytes.length);
      const done = columns.read(bytes.subarray(at, end), bytes.length - end);
      // A record that is longer than all that fits: twice as much.
      if (done === 0) size *= 2;
      at += done;
    } while (end < bytes.length);
    return columns;
  } catch (error) {
    columns.free();
    throw error;
  }
}

/** Gives what fills a table its columns. */
export let filling;
/** Takes how the listing went that a table was filled by. */
export let filled;

export class DirectoryTable {
  #columns;
  #report = null;

  static {
    filling = (table, fill) => fill(table.#live);
    filled = (table, report) => {
      table.#report = report;
    };
  }

  constructor(columns) {
    if (typeof columns?.query !== "function") {
      throw configError("a DirectoryTable comes from pages.table(), DirectoryTable.fromBytes or DirectoryTable.restore");
    }
    this.#columns = columns;
  }

  static async fromBytes(bytes, schema = {}, options) {
    const { columns, signal } = read("fromBytes", options, { columns: ["a list of fields", list], signal: kinds.signal });
    const given = bytesOf("fromBytes", bytes);
    const made = columnsOf("DirectoryTable.fromBytes(…)", wellFormed("schema", schemaTexts(schema)));
    const keep = columns ? JSON.stringify(texts("columns", columns)) : "";
    return new DirectoryTable(await filledFrom(made, given, false, keep, signal));
  }

  static async restore(snapshot) {
    const [schema, records] = unpacked(bytesOf("restore", snapshot));
    return new DirectoryTable(await filledFrom(columnsOf("DirectoryTable.restore(…)", schema), records, true));
  }

  get #live() {
    if (!this.#columns) throw configError("this table was freed");
    return this.#columns;
  }

  #tell(what, given = "") {
    return JSON.parse(this.#live.ask(what, given, 0, 0));
  }

  get length() {
    return this.#tell(TELL)[0];
  }

  get version() {
    return this.#tell(TELL)[1];
  }

  get byteLength() {
    return this.#tell(TELL)[2];
  }

  get fields() {
    return this.#tell(FIELDS);
  }

  get report() {
    return this.#report;
  }

  get(id) {
    const record = this.#live.ask(GET, text("id", id), 0, 0);
    return record ? JSON.parse(record) : undefined;
  }

  query(query) {
    const { where = null, search = "", searchIn, sort = [], collator } = read("query", query, queryKinds);
    const words = wordsOf(text("query.search", search));
    const given = [where, told(words), searchIn && texts("query.searchIn", searchIn), sortKeys(sort)];
    return new TableView(this.#live.query(wellFormed("query", given), collator, numberOf(collator)), words, searchIn);
  }

  upsert(records) {
    const [added, replaced] = this.#change(UPSERT, "upsert", records);
    return { added, replaced };
  }

  patch(records) {
    return this.#change(PATCH, "patch", records)[1];
  }

  remove(ids) {
    return this.#tell(REMOVE, JSON.stringify(texts("ids", ids)))[0];
  }

  #change(what, how, given) {
    if (!list(given)) throw configError(`table.${how}: expected a list`);
    return this.#tell(what, json(how, given));
  }

  snapshot() {
    const look = this.#live.query("[]", undefined, 0);
    try {
      return packed(look.ask(SCHEMA, "", 0, 0), recordsOf(look));
    } finally {
      look.free();
    }
  }

  free() {
    this.#columns?.free();
    this.#columns = null;
  }
}

for (const { prototype } of [TableView, DirectoryTable]) {
  if (Symbol.dispose) prototype[Symbol.dispose] = prototype.free;
}
