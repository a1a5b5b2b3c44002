// Tables: classes over the columns that Rust holds.

import { configError } from "./errors.js";
import { facetsOf } from "./facets.js";
import { histogramOf, unitKind } from "./histogram.js";
import { json, kinds, read, text, texts, wellFormed } from "./options.js";
import { highlightsOf, told, wordsOf } from "./words.js";

const MOST = 2 ** 32 - 1;
/** The longest that bytes are read before the page gets its turn, in milliseconds: half a frame. */
const TURN_MS = 8;

let columnsOf;
/** Takes what makes columns: of a schema, JSON text, or of a snapshot, bytes. */
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

  #ask(what, given = "", offset, count) {
    return this.#live.ask(what, given, place("offset", offset, 0), place("count", count, MOST));
  }

  get length() {
    return this.#ask("count");
  }

  rows(offset, count) {
    return JSON.parse(this.#ask("rows", "", offset, count));
  }

  ids(offset, count) {
    return JSON.parse(this.#ask("ids", "", offset, count));
  }

  highlights(offset, count) {
    return this.rows(offset, count).map((row) => highlightsOf(row, this.#words, this.#searchIn));
  }

  indexOf(id) {
    return this.#ask("place", text("id", id)) ?? -1;
  }

  facets(field, options) {
    const { limit } = read("facets", options, { limit: kinds.count });
    return facetsOf(JSON.parse(this.#ask("facets", text("field", field))), limit);
  }

  histogram(field, options) {
    const { unit } = read("histogram", options, { unit: unitKind });
    return histogramOf(JSON.parse(this.#ask("histogram", text("field", field))), unit);
  }

  toCsv(options) {
    const { bom, ...asked } = read("toCsv", options, csvKinds);
    return this.#file("text/csv", "csv", wellFormed("toCsv", asked), bom ? ["\ufeff"] : []);
  }

  toJson() {
    return this.#file("application/json", "json");
  }

  #file(type, what, options, pieces = []) {
    for (let piece = this.#ask(what, options); piece; piece = this.#ask("piece")) pieces.push(piece);
    return new Blob(pieces, { type });
  }

  free() {
    this.#look?.free();
    this.#look = null;
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

  static async fromBytes(given, schema = {}, options) {
    const { columns, signal } = read("fromBytes", options, { columns: ["a list of fields", list], signal: kinds.signal });
    const bytes = bytesOf("fromBytes", given);
    const made = columnsOf("DirectoryTable.fromBytes(…)", wellFormed("schema", schema));
    const keep = columns ? JSON.stringify(texts("columns", columns)) : "";
    try {
      let at = 0;
      let since = performance.now();
      do {
        if (signal?.aborted) throw signal.reason;
        if (performance.now() - since > TURN_MS) {
          await yielded();
          since = performance.now();
          if (signal?.aborted) throw signal.reason;
        }
        at = made.read(bytes, at, keep);
      } while (at < bytes.length);
      return new DirectoryTable(made);
    } catch (error) {
      made.free();
      throw error;
    }
  }

  static async restore(snapshot) {
    return new DirectoryTable(columnsOf("DirectoryTable.restore(…)", bytesOf("restore", snapshot)));
  }

  get #live() {
    if (!this.#columns) throw configError("this table was freed");
    return this.#columns;
  }

  get #told() {
    return this.#live.ask("tell", "");
  }

  get length() {
    return this.#told[1][0];
  }

  get version() {
    return this.#told[1][1];
  }

  get byteLength() {
    return this.#told[1][2];
  }

  get fields() {
    return this.#told[0];
  }

  get report() {
    return this.#report;
  }

  get(id) {
    const record = this.#live.ask("get", text("id", id));
    return record === undefined ? undefined : JSON.parse(record);
  }

  query(query) {
    const { collator, search = "", ...asked } = read("query", query, queryKinds);
    const words = wordsOf(text("query.search", search));
    const given = wellFormed("query", { ...asked, words: told(words) });
    return new TableView(this.#live.query(given, collator, numberOf(collator)), words, asked.searchIn);
  }

  upsert(records) {
    const [, [added, replaced]] = this.#change("upsert", records);
    return { added, replaced };
  }

  patch(records) {
    return this.#change("patch", records)[1][1];
  }

  remove(ids) {
    return this.#change("remove", texts("ids", ids));
  }

  #change(how, given) {
    if (!list(given)) throw configError(`table.${how}: expected a list`);
    return this.#live.ask(how, json(how, given));
  }

  snapshot() {
    return this.#live.ask("snapshot", "");
  }

  free() {
    this.#columns?.free();
    this.#columns = null;
  }
}

for (const { prototype } of [TableView, DirectoryTable]) {
  if (Symbol.dispose) prototype[Symbol.dispose] = prototype.free;
}
