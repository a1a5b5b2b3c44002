// Tables as users of the package see them: filled from lists and bytes, kept up to date, given back. What queries find is
// held to plain JavaScript over the same records.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  client,
  entities,
  everything,
  faults,
  genesysClient,
  offline,
  rejection,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
const { DirectoryTable, criteria } = orgdeck;
const [close, genesys] = [client(), genesysClient()];

const users = await everything("/user/");
const groups = await entities("/api/v2/groups");

const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const tableOf = (records, schema) => DirectoryTable.fromBytes(bytes(records), schema);
const ids = (items) => items.map(({ id }) => id);
const textOf = async (blob) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(await blob.arrayBuffer());
const failure = async (promise) => (await rejection(promise)).error;
const thrown = (call) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.fail("it did not throw");
};

test("a list of either vendor fills a table with the vendor's records, whole and in order", async () => {
  for (const [list, expected] of [
    [close.users.list({ limit: 7 }), users],
    [genesys.groups.list({ pageSize: 9 }), groups],
    [close.list("/user/"), users],
  ]) {
    const table = await list.table();
    assert.deepEqual(table.query().rows(), expected);
    assert.equal(table.length, expected.length);
    assert.equal(table.report.complete, true);
    assert.equal(table.report.items, expected.length);
    assert.deepEqual(table.get(expected[3].id), expected[3]);
    assert.equal(table.get("nobody"), undefined);
    table.free();
  }
});

test("it can be used while it is filled, and the progress says how far it is", async () => {
  const seen = [];
  const table = await close.users.list({ limit: 10 }).table({
    concurrency: 2,
    onProgress({ table: sofar, items, pages }) {
      assert.equal(sofar.length, items);
      assert.deepEqual(sofar.query().rows(0, 1), users.slice(0, 1));
      seen.push(pages);
    },
  });
  assert.deepEqual(seen, Array.from({ length: Math.ceil(users.length / 10) }, (_, at) => at + 1));
  assert.ok(table instanceof DirectoryTable);
});

test("columns and limit keep less", async () => {
  const table = await close.users.list({ limit: 10 }).table({ columns: ["email"], limit: 25 });
  assert.deepEqual(table.query().rows(), users.slice(0, 25).map(({ id, email }) => ({ id, email })));
  assert.deepEqual(table.fields, ["id", "email"]);
  assert.deepEqual([table.report.complete, table.report.reason], [false, "limit"]);
  const rest = await close.users.list({ limit: 10 }).resumeFrom(table.report.cursor).table({ columns: ["email"], into: table });
  assert.equal(rest, table);
  assert.deepEqual(ids(table.query().rows()), ids(users), "what came before the cursor stays");
});

test("a list that breaks keeps what came, and goes on from there", async () => {
  await faults({ match: { path: "/api/v1/user/", query: "_skip=30" }, status: 400 });
  const error = await failure(close.users.list({ limit: 10 }).table({ concurrency: 1 }));
  assert.equal(error.name, "ValidationError");
  const { table, report, items } = error.listing;
  assert.deepEqual(items, []);
  assert.equal(table.length, 30);
  assert.equal(report.reason, "error");
  await faults();
  await close.users.list({ limit: 10 }).resumeFrom(report.cursor).table({ into: table });
  assert.deepEqual(table.query().rows(), users);
});

test("a page with something wrong on it, or around it, leaves the table as it was", async () => {
  const page = (data, has_more) => ({ data, has_more });
  const good = users.slice(0, 3);
  const withUser = (wrong) => page([users[3], wrong], false);
  for (const [wrong, message] of [
    [
      withUser({ ...users[4], email: 5 }),
      /^the answer cannot be used: user_\w+: email: expected a string, found a number \(byte \d+\)$/,
    ],
    [withUser({ ...users[4], organizations: [5] }), /: organizations: .*found a number/],
    [withUser({ ...users[4], id: undefined }), /: id: it is missing/],
    [page([users[3]], "yes"), /: has_more: expected .*, found a string/],
  ]) {
    const answers = [page(good, true), wrong];
    const { close: broken } = offline(() => answers.shift());
    const error = await failure(broken.users.list({ limit: 3 }).table({ concurrency: 1 }));
    assert.equal(error.name, "DecodeError");
    assert.match(error.message, message);
    assert.deepEqual(error.listing.table.query().rows(), good);
  }
});

test("a listing into a table refreshes it: what is new comes, what is gone goes, what is the same stays", async () => {
  const table = await close.users.list().table();
  const [gone, changed] = [{ ...users[0], id: "user_gone" }, { ...users[1], first_name: "Changed" }];
  table.upsert([gone, changed]);
  table.remove([users[2].id]);
  assert.equal(table.length, users.length);
  await close.users.list().table({ into: table });
  assert.deepEqual(new Set(ids(table.query().rows())), new Set(ids(users)));
  assert.deepEqual(table.get(users[1].id), users[1]);
  const { version } = table;
  await close.users.list().table({ into: table });
  assert.equal(table.version, version, "nothing has changed");
  const kept = table.length;
  await close.users.list({ limit: 10 }).table({ into: table, limit: 10 });
  assert.equal(table.length, kept, "a listing that stopped before its end removes nobody");
});

test("what is changed while a listing fills the table counts as listed only when it is", async () => {
  const table = await close.users.list().table();
  let hasChanged = false;
  await close.users.list({ limit: 10 }).table({
    into: table,
    onProgress: () => {
      if (!hasChanged) table.patch(users.map(({ id }) => ({ id, first_name: "Changed" })));
      hasChanged = true;
    },
  });
  const { complete, duplicates, items } = table.report;
  assert.deepEqual([complete, duplicates, items], [true, 0, users.length]);
  const changed = table.query({ where: criteria.exact("first_name", "Changed") }).ids();
  assert.ok(changed.length <= 40, "what was listed behind the change is as it is listed");
  assert.deepEqual(table.get(users.at(-1).id), users.at(-1));
});

test("an aborted listing rejects with the signal's reason", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const error = await failure(
    close.users.list({ limit: 5 }).table({ signal: controller.signal, onProgress: () => controller.abort(reason) }),
  );
  assert.equal(error, reason);
  assert.equal(await failure(close.users.list().table({ signal: AbortSignal.abort(reason) })), reason);
});

test("bytes of an array or of a vendor's page become records, whatever they hold", async () => {
  const records = [
    { id: "a", text: "é\u0000\"\\\n😀", none: null, yes: true, no: false, list: [1, [2, { x: "y" }]], object: { a: {} } },
    { text: "", id: "b", extra: 1e21, negative: -0.5 },
    { id: "c", "a key with \"quotes\"": 1, __proto__: undefined },
    { id: "long", text: "x".repeat(1_000_000) },
  ];
  for (const given of [records, { has_more: false, data: records }, { entities: records, total: 4 }, { results: records }]) {
    const table = await tableOf(given);
    assert.deepEqual(table.query().rows(), JSON.parse(JSON.stringify(records)));
    table.free();
  }
  const spaced = await tableOf(JSON.stringify(records, null, 3));
  assert.deepEqual(spaced.query().rows(), JSON.parse(JSON.stringify(records)));
  const exact = '{"id":"n","big":12345678901234567890,"e":1e400,"f":1.0,"z":-0}';
  const numbers = await tableOf(`[${exact}]`);
  assert.equal(await textOf(numbers.query().toJson()), `[${exact}]`, "no number is changed");
  assert.equal((await tableOf("[]")).length, 0);
  const buffer = bytes(records).buffer;
  assert.equal((await DirectoryTable.fromBytes(buffer)).length, 4);
  assert.equal((await DirectoryTable.fromBytes(new DataView(buffer))).length, 4);
});

test("what is wrong with bytes is said, with the place and the id", async () => {
  for (const [text, schema, message] of [
    ['[{"id":"a"},{"id":"b"]', {}, "it is not JSON (byte 21)"],
    ['[{"id":"a"},', {}, "the JSON ends too soon (byte 12)"],
    ["", {}, "the JSON ends too soon (byte 0)"],
    ['[{"id":"a"}] x', {}, "it is not JSON (byte 13)"],
    ['[{"id":"a"},7]', {}, "expected a list of records (byte 12)"],
    ['{"groups":[{"id":"a"}]}', {}, "expected a list of records (byte 22)"],
    ['[{"id":"a","x":"\\ud800"}]', {}, "it is not JSON (byte 22)"],
    ['[{"id":"a"},{"id":"a"}]', {}, "two records have one id (byte 12): `a`"],
    ['[{"id":"a"},{"name":"x"}]', {}, "the record: id: it is missing (byte 12)"],
    ['[{"id":null}]', {}, "the record: id: expected a string or a number, found null (byte 1)"],
    ['[{"n":1,"id":"a"}]', { key: "n", fields: { id: "number" } }, "1: id: expected a number, found a string (byte 13)"],
    ['[{"id":"a"}]', "close.user", /^a: \w+: it is missing \(byte 1\)$/],
  ]) {
    const error = await failure(tableOf(text, schema));
    assert.equal(error.name, "DecodeError", text);
    if (typeof message === "string") assert.equal(error.message, message, text);
    else assert.match(error.message, message);
  }
  for (const [given, schema, message] of [
    ["text", {}, "fromBytes: expected bytes, an ArrayBuffer or a view of one"],
    [bytes([]), "close.nothing", "schema: there is no model `close.nothing`"],
    [bytes([]), { keys: "id" }, "schema has no option `keys`; there is `key`, `fields`"],
    [bytes([]), { fields: { a: "string" } }, "schema.fields.a: expected text, number, boolean or json"],
  ]) {
    const error = await failure(DirectoryTable.fromBytes(given, schema));
    assert.deepEqual([error.name, error.message], ["ConfigError", message]);
  }
  const reason = new Error("enough");
  assert.equal(await failure(DirectoryTable.fromBytes(bytes([]), {}, { signal: AbortSignal.abort(reason) })), reason);
  assert.throws(() => new DirectoryTable(), /a DirectoryTable comes from/);
});

test("records are added, replaced, patched and removed, all of them or none", async () => {
  const table = await tableOf([{ id: "a", n: 1 }, { id: "b", n: 2, x: [1] }]);
  const view = table.query({ sort: [{ field: "n" }] });
  assert.deepEqual(view.ids(), ["a", "b"]);
  assert.deepEqual(table.upsert([{ id: "c", n: 0 }, { id: "a", n: 9 }]), { added: 1, replaced: 1 });
  assert.deepEqual(view.ids(), ["c", "b", "a"], "a view follows its table");
  assert.deepEqual(table.get("a"), { id: "a", n: 9 });
  assert.equal(table.patch([{ id: "b", n: 5, y: null }, { id: "nobody", n: 1 }]), 1);
  assert.deepEqual(table.get("b"), { id: "b", n: 5, x: [1], y: null });
  const { version } = table;
  const error = thrown(() => table.upsert([{ id: "d" }, { n: 1 }]));
  assert.deepEqual([error.name, error.message], ["ConfigError", "table.upsert: the record: id: it is missing (byte 12)"]);
  assert.equal(table.get("d"), undefined);
  assert.equal(table.version, version);
  assert.equal(table.remove(["c", "nobody", "c"]), 1);
  assert.deepEqual(view.ids(), ["b", "a"]);
  assert.deepEqual(table.upsert([{ id: "c", n: 7 }]), { added: 1, replaced: 0 });
  assert.deepEqual(view.ids(), ["b", "c", "a"]);
  assert.match(thrown(() => table.upsert({ id: "x" })).message, /^table.upsert: expected a list$/);
  assert.match(thrown(() => table.remove("x")).message, /^ids: expected a list of strings/);
});

// Everything below is asked of these, and of plain JavaScript.
const people = Array.from({ length: 5_000 }, (_, at) => ({
  id: `user_${at}`,
  first_name: ["Łukasz", "Anna", "José", "Zoë", null, "Straße", "İlker", "Ανδρέας"][at % 8],
  last_name: `${["Novák", "Smith", "O'Brien", "Müller", "de la Cruz"][(at * 7) % 5]}${at % 13}`,
  email: at % 11 ? `person.${at}@example${at % 3}.com` : undefined,
  is_active: at % 4 !== 0,
  age: (at * 7919) % 90,
  role: ["user", "admin", "superuser"][at % 3],
  date_created: `20${10 + (at % 15)}-0${1 + (at % 9)}-11T08:30:00.${String(at).padStart(6, "0")}+00:00`,
  tags: at % 2 ? ["a", `t${at % 5}`] : [],
}));
const directory = await tableOf(people);
const kept = JSON.parse(JSON.stringify(people));
const folded = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[łıßς]/g, (letter) => ({ ł: "l", ı: "i", ß: "ss", ς: "σ" })[letter]);
const textsOf = (record) => Object.values(record).filter((value) => typeof value === "string").map(folded);

test("searches find what is typed, whatever its case and accents", () => {
  for (const [search, has] of [
    ["lukasz", (texts) => texts.some((text) => text.includes("lukasz"))],
    ["NOVAK1 Łuk", (texts) => ["novak1", "luk"].every((word) => texts.some((text) => text.includes(word)))],
    ["strasse", (texts) => texts.some((text) => text.includes("strasse"))],
    ["ilker", (texts) => texts.some((text) => text.includes("ilker"))],
    ["ανδρεας", (texts) => texts.some((text) => text.includes("ανδρεασ"))],
    ['"la cruz"', (texts) => texts.some((text) => text.includes("la cruz"))],
    ["anna -smith", (texts) => texts.some((text) => text.includes("anna")) && !texts.some((text) => text.includes("smith"))],
    ["role:admin", (_, record) => record.role === "admin"],
    ["is_active:true -role:user", (_, { is_active, role }) => is_active && !role.includes("user")],
    ["tags:t3", (_, { tags }) => tags.some((tag) => tag.includes("t3"))],
    ["e", (texts) => texts.some((text) => text.includes("e"))],
    ["nothing like this", () => false],
    ["", () => true],
  ]) {
    const expected = kept.filter((record) => has(textsOf(record), record));
    assert.deepEqual(directory.query({ search }).ids(), ids(expected), search);
  }
  const inNames = directory.query({ search: "user", searchIn: ["first_name", "last_name"] });
  assert.equal(inNames.length, 0);
});

test("typing letter by letter, and back, finds the same as asking at once", async () => {
  const typed = "müller1 jose -zoe role:super";
  const other = await tableOf(people);
  const lengths = [...typed].map((_, at) => at + 1);
  for (const length of [...lengths, ...lengths.toReversed()]) {
    const search = typed.slice(0, length);
    const fresh = await tableOf(people);
    assert.deepEqual(directory.query({ search }).ids(), fresh.query({ search }).ids(), search);
    fresh.free();
  }
  other.free();
});

test("what was found is highlighted in the texts as they are", () => {
  const view = directory.query({ search: "strasse uller -nobody", searchIn: ["first_name", "last_name"] });
  const rows = view.rows(0, 20);
  const parts = view.highlights(0, 20);
  assert.equal(parts.length, 20);
  parts.forEach((found, at) => {
    const said = Object.entries(found).map(([field, ranges]) => [field, ranges.map((range) => rows[at][field].slice(...range))]);
    assert.deepEqual(Object.fromEntries(said), { first_name: ["Straße"], last_name: ["üller"] });
  });
});

test("sorting is by several keys, either way, missing last, and stable", () => {
  const byCode = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const by = (field, sign, compare = byCode) => (a, b) => {
    const [x, y] = [a[field] ?? null, b[field] ?? null];
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * compare(x, y);
  };
  const collator = new Intl.Collator("de", { numeric: true });
  for (const [sort, order, given] of [
    [[{ field: "last_name" }, { field: "age", order: "descending" }], [by("last_name", 1), by("age", -1)]],
    [[{ field: "first_name", order: "descending" }], [by("first_name", -1)]],
    [[{ field: "email", order: "descending" }], [by("email", -1)]],
    [[{ field: "is_active" }, { field: "date_created", order: "descending" }], [by("is_active", 1), by("date_created", -1)]],
    [[{ field: "last_name" }, { field: "first_name" }], [by("last_name", 1, collator.compare), by("first_name", 1, collator.compare)], { collator }],
  ]) {
    const expected = kept.toSorted((a, b) => order.reduce((found, compare) => found || compare(a, b), 0));
    const view = directory.query({ sort, ...given });
    assert.deepEqual(view.ids(), ids(expected), JSON.stringify(sort));
    assert.deepEqual(view.rows(1_000, 7), expected.slice(1_000, 1_007));
    assert.equal(view.indexOf(expected[4_321].id), 4_321);
    assert.equal(view.indexOf("nobody"), -1);
  }
});

test("criteria mean in a table what they mean over records", () => {
  const { and, or, not, exact, startsWith, contains, term, regex, range, required } = criteria;
  for (const where of [
    criteria.all(),
    and(exact("is_active", true), exact("role", ["admin", "superuser"])),
    or(startsWith("last_name", "sm"), not(contains("email", "example1"))),
    and(range("age", { from: 20, to: 40 }), range("date_created", { from: "2015-01-01", to: "2020-05-11T08:30:00Z" })),
    not(required(["email", "first_name"])),
    or(term("last_name", "cruz3"), regex("last_name", "O'.*7"), exact("tags", "t4")),
    exact("id", Array.from({ length: 500 }, (_, at) => `USER_${at * 3}`)),
    not(not(exact("first_name", "łukasz"))),
  ]) {
    assert.deepEqual(directory.query({ where }).ids(), ids(where.filter(kept)), JSON.stringify(where).slice(0, 200));
  }
  const view = directory.query({ where: exact("role", "admin"), search: "anna", sort: [{ field: "age" }] });
  const expected = kept.filter(({ role, first_name }) => role === "admin" && first_name === "Anna");
  assert.deepEqual(view.ids(), ids(expected.toSorted((a, b) => a.age - b.age)));
});

test("facets count the values of a view", () => {
  const where = criteria.range("age", { from: 30 });
  const view = directory.query({ where });
  const records = where.filter(kept);
  for (const field of ["role", "first_name", "is_active", "age", "email"]) {
    const counts = new Map();
    for (const record of records) counts.set(record[field] ?? null, (counts.get(record[field] ?? null) ?? 0) + 1);
    const facets = view.facets(field);
    assert.deepEqual(new Map(facets.map(({ value, count }) => [value, count])), counts, field);
    assert.deepEqual(facets.map(({ count }) => count), [...counts.values()].toSorted((a, b) => b - a));
    assert.deepEqual(view.facets(field, { limit: 2 }), facets.slice(0, 2));
  }
  const tags = Object.fromEntries(view.facets("tags").map(({ value, count }) => [value, count]));
  assert.equal(tags.a, records.filter((record) => record.tags.includes("a")).length);
});

test("a histogram counts dates by their time", () => {
  const { unit, bins, missing } = directory.query().histogram("date_created", { unit: "year" });
  assert.equal(unit, "year");
  assert.equal(missing, 0);
  assert.deepEqual(bins.map(({ start }) => start), Array.from({ length: 15 }, (_, at) => `${2010 + at}-01-01`));
  bins.forEach(({ start, count }) => {
    assert.equal(count, kept.filter(({ date_created }) => date_created.startsWith(start.slice(0, 4))).length);
  });
  const months = directory.query().histogram("date_created", { unit: "month" }).bins;
  assert.equal(months.reduce((sum, { count }) => sum + count, 0), kept.length);
});

test("files are what spreadsheets and programs read", async () => {
  const table = await tableOf([
    { id: "1", name: 'a "quoted", one', formula: "=1+1", number: -5, list: [1, "x"] },
    { id: "2", name: "line\r\nbreak", formula: "@x", number: 1.5, flag: true },
    { id: "3", name: null },
  ]);
  const columns = ["id", "name", "formula", "number", "list", "flag"];
  const view = table.query();
  assert.equal(
    await textOf(view.toCsv({ columns })),
    [
      "id,name,formula,number,list,flag",
      `1,"a ""quoted"", one","'=1+1",-5,"[1,""x""]",`,
      `2,"line\r\nbreak","'@x",1.5,,true`,
      "3,,,,,",
      "",
    ].join("\r\n"),
  );
  assert.ok((await textOf(view.toCsv({ columns: ["id"], bom: true, header: ["Number;x"], separator: ";" }))).startsWith('\ufeff"Number;x"\r\n1\r\n'));
  assert.equal(await textOf(view.toCsv({ columns: ["formula"], header: false, formulas: true })), '=1+1\r\n@x\r\n""\r\n');
  assert.deepEqual(JSON.parse(await textOf(directory.query().toJson())), kept);
  assert.equal(view.toCsv().type, "text/csv");
  assert.equal(await textOf(table.query({ search: "nobody" }).toJson()), "[]");
});

test("a snapshot is all of it, and a damaged one is said to be", async () => {
  directory.upsert([]);
  const snapshot = directory.snapshot();
  const restored = await DirectoryTable.restore(snapshot);
  assert.deepEqual(restored.query().rows(), kept);
  assert.deepEqual(restored.fields, directory.fields);
  restored.upsert([{ id: "new" }]);
  assert.equal(restored.get("new").id, "new");
  for (const [damage, message] of [
    [(copy) => (copy[copy.length >> 1] ^= 1), "the snapshot is damaged"],
    [(copy) => (copy[0] ^= 1), "it is no snapshot of a table"],
  ]) {
    const copy = snapshot.slice();
    damage(copy);
    const error = await failure(DirectoryTable.restore(copy));
    assert.deepEqual([error.name, error.message], ["DecodeError", message]);
  }
  assert.equal((await failure(DirectoryTable.restore(snapshot.subarray(0, 1_000)))).name, "DecodeError");
  assert.equal((await failure(DirectoryTable.restore(new Uint8Array()))).name, "DecodeError");
  assert.equal((await failure(DirectoryTable.restore("x"))).name, "ConfigError");
  const checked = await close.users.list().table();
  const again = await DirectoryTable.restore(checked.snapshot());
  assert.match(thrown(() => again.upsert([{ ...users[0], email: 1 }])).message, /email: expected a string/, "the schema comes along");
});

test("a snapshot loses nothing", async () => {
  const restored = (table) => DirectoryTable.restore(table.snapshot());
  const written = '[{"n":1,"big":12345678901234567890,"f":1.0,"é":"\\u0000\\"😀","x":[1, 2]},\n{"é":null,"n":2}]';
  const own = await restored(await tableOf(written, { key: "n", fields: { f: "number" } }));
  assert.equal(await textOf(own.query().toJson()), written);
  assert.match(thrown(() => own.upsert([{ n: 3, f: "1" }])).message, /f: expected a number/);
  const empty = await restored(await tableOf([], { key: "n" }));
  assert.deepEqual([empty.length, empty.upsert([{ n: 1 }]).added], [0, 1]);
  for (const count of [99, 100, 101, 1_000]) {
    const table = await tableOf(people.slice(0, count));
    table.remove([people[5].id]);
    assert.equal(table.length, count - 1);
    assert.deepEqual((await restored(table)).query().rows(), table.query().rows());
  }
  // Of models records may have been kept in part, now or before.
  const table = await close.users.list({ fields: ["id", "email"] }).table();
  const again = await restored(table);
  await close.users.list({ fields: ["id", "email"] }).table({ into: again });
  assert.deepEqual(again.query().rows(), table.query().rows());
  assert.match(thrown(() => again.upsert([{ id: "new" }])).message, /email: it is missing/);
  const other = await restored(await close.list("/user/", { fields: ["first_name", "id"] }).table());
  assert.deepEqual(other.get(users[0].id), { id: users[0].id, first_name: users[0].first_name });
  const part = await close.users.list().table({ columns: ["email"] });
  part.upsert(users.slice(0, 2));
  assert.deepEqual((await restored(part)).query().rows(), part.query().rows());
  let sofar;
  await close.users.list({ limit: 10 }).table({ onProgress: ({ table: filling, pages }) => {
    if (pages === 2) sofar = filling.snapshot();
  } });
  assert.deepEqual((await DirectoryTable.restore(sofar)).query().rows(), users.slice(0, 20));
});

test("bytes that are no snapshot are refused, whatever they say of themselves", async () => {
  const bytes = (await tableOf([{ id: "a", text: "long enough to be cut" }])).snapshot();
  const message = async (change) => {
    const copy = bytes.slice();
    const { name, message } = await failure(DirectoryTable.restore(change(copy) ?? copy));
    assert.equal(name, "DecodeError");
    return message;
  };
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  assert.equal((await DirectoryTable.restore(shifted.subarray(1))).length, 1);
  assert.equal(await message((copy) => void (copy[8] += 1)), "it is a snapshot of another version of orgdeck");
  for (let at = 12; at < bytes.length; at += 1) {
    assert.equal(await message((copy) => void (copy[at] ^= 1)), "the snapshot is damaged");
    if (at > 15) assert.equal(await message((copy) => copy.subarray(0, at)), "the snapshot is damaged");
  }
  // Somebody who knows the way it is made can make any bytes one, but no records of what is none.
  const { buffer } = bytes;
  const words = new Uint32Array(buffer);
  bytes.set([0x5d, 0x5d], bytes.indexOf(0x7b) - 1);
  let sum = words.length;
  for (const word of words.subarray(4)) sum = Math.imul(((sum << 15) | (sum >>> 17)) ^ word, 0x9e3779b1);
  words[3] = sum;
  assert.match(await message(() => {}), /^it is not JSON/);
});

test("arguments that are wrong are named", () => {
  for (const [call, message] of [
    [() => directory.query({ sort: [{ field: "nme" }] }).rows(0, 1), "query.sort: there is no field `nme`"],
    [() => directory.query({ sort: [{ field: "age", order: "up" }] }), "query.sort: an order is ascending or descending"],
    [() => directory.query({ sort: ["age"] }), "query.sort: a key has a field"],
    [() => directory.query({ where: { exact: "x" } }), /^query\.where/],
    [() => directory.query({ searchIn: ["nme"], search: "x" }).length, "query.searchIn: there is no field `nme`"],
    [() => directory.query({ find: "x" }), /^query has no option `find`/],
    [() => directory.query().rows(-1), "offset: expected a whole number from 0"],
    [() => directory.query().facets("nme"), "facets: there is no field `nme`"],
    [() => directory.query().histogram("date_created", { unit: "hour" }), /unit/],
    [() => directory.get(5), "id: expected a string, found 5"],
  ]) {
    const error = thrown(call);
    assert.equal(error.name, "ConfigError");
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
  }
});

test("what was freed says so, and gives all memory back", async () => {
  const table = await tableOf(people);
  const view = table.query();
  table.free();
  assert.equal(view.length, people.length, "a view keeps what it shows");
  view.free();
  view.free();
  assert.match(thrown(() => table.length).message, /this table was freed/);
  assert.match(thrown(() => view.length).message, /this view was freed/);
});

testThatNothingLeaked();
