// DuckDB in a worker of the page, as its documentation has it: what it can do of the workloads. Other orders than by code
// point need an extension, which is loaded from the network.

import * as duckdb from "@duckdb/duckdb-wasm";

import { SCREEN } from "../table/engines.mjs";
import { FIELDS as NAMES } from "../table/orders.mjs";
import { FIELDS as FACETS } from "../table/workloads/facets.mjs";
import { FIELDS as SEARCHED } from "../table/workloads/search.mjs";

const FILES = new URL("/duckdb/", location.href);

/** The array of an answer: DuckDB knows nothing of what is around it. */
const arrayOf = (bytes) => bytes.slice(bytes.indexOf("[".charCodeAt(0)), bytes.lastIndexOf("]".charCodeAt(0)) + 1);

let starting;

async function start() {
  const worker = new Worker(new URL("duckdb-browser-eh.worker.js", FILES));
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await database.instantiate(new URL("duckdb-eh.wasm", FILES).href);
  return { database, connection: await database.connect() };
}

/** One database for all; the users go into a table of their own. */
async function load({ bytes }, name) {
  const { database, connection } = await (starting ??= start());
  await database.registerFileBuffer(`${name}.json`, arrayOf(bytes));
  await connection.insertJSONFromPath(`${name}.json`, { name });
  await database.dropFile(`${name}.json`);
  return connection;
}

const users = (world) => load(world, "users");

const text = (value) => `'${String(value).replaceAll("'", "''")}'`;

const plain = (value) => (value?.toArray ? Array.from(value) : value);

const recordOf = (row) => Object.fromEntries(Object.entries(row.toJSON()).map(([name, value]) => [name, plain(value)]));

/** How many, and the first screen, of a table; `rest` says which of its rows. */
async function ask(connection, rest, { table = "users", columns = "*" } = {}) {
  const where = rest.split(" ORDER BY ")[0];
  const { length } = (await connection.query(`SELECT count(*) AS length FROM ${table} ${where}`)).get(0);
  const rows = await connection.query(`SELECT ${columns} FROM ${table} ${rest} LIMIT ${SCREEN}`);
  return {
    length: Number(length),
    rows: rows.toArray().map(recordOf),
    ids: async () => (await connection.query(`SELECT id FROM ${table} ${rest}`)).toArray().map(({ id }) => id),
  };
}

const FILTERS = {
  "a flag and an equality": ({ zone }) => `WHERE is_active AND last_used_timezone = ${text(zone)}`,
  "a range of dates": ({ from, to }) => `WHERE date_created BETWEEN ${text(from)} AND ${text(to)}`,
  "500 ids": ({ ids }) => `WHERE id IN (${ids.map(text)})`,
  "and, or and not, nested": ({ since }) =>
    "WHERE is_active AND (role_id IN ('admin', 'superuser') OR starts_with(last_used_timezone, 'America/'))" +
    ` AND NOT ends_with(email, '@example.org') AND date_updated >= ${text(since)}`,
};

const byNames = ` ORDER BY ${NAMES.map((name) => `${name} NULLS LAST`)}, rowid`;

async function countOf(connection, field, rest) {
  const query = `SELECT ${field} AS value, count(*) AS count FROM users ${rest} GROUP BY 1 ORDER BY 2 DESC`;
  return (await connection.query(query)).toArray().map(({ value, count }) => [value, Number(count)]);
}

const wordsOf = (typed) => {
  const words = typed.split(" ").filter(Boolean);
  return words.map((word) => `text LIKE strip_accents(lower(${text(`%${word}%`)}))`).join(" AND ");
};

/** The folded text of each user is kept beside the others. */
async function searchable(world) {
  const connection = await world.engine(users);
  const all = SEARCHED.map((field) => `coalesce(${field}, '')`).join(" || ' ' || ");
  await connection.query(`CREATE TABLE searchable AS SELECT *, strip_accents(lower(${all})) AS text FROM users`);
  const found = { table: "searchable", columns: "* EXCLUDE (text)" };
  const search = (typed) => ask(connection, `WHERE ${wordsOf(typed)}`, found);
  await search("a");
  return { search };
}

const filters = Object.entries(FILTERS).map(([title, where]) => [
  title,
  { make: users, run: (connection, asked) => ask(connection, where(asked)) },
]);

/** For each workload and case what DuckDB does. */
export const contenders = {
  load: {
    "one answer": {
      async run(world) {
        const connection = await load(world, "loaded");
        const { length, last } = (await connection.query("SELECT count(*) AS length, last(id) AS last FROM loaded")).get(0);
        return { length: Number(length), last, free: () => connection.query("DROP TABLE loaded") };
      },
    },
  },
  filter: Object.fromEntries(filters),
  sort: { "by code point": { make: users, run: (connection) => ask(connection, byNames) } },
  rows: {
    "by code point": {
      make: users,
      run: (connection, asked) => ask(connection, FILTERS["a flag and an equality"](asked) + byNames),
    },
  },
  search: { "86 keystrokes": { make: searchable, run: ({ search }, typed) => search(typed) } },
  facets: {
    "two fields": {
      make: users,
      run: (connection, asked) =>
        Promise.all(FACETS.map((field) => countOf(connection, field, FILTERS["a range of dates"](asked)))),
    },
  },
};
