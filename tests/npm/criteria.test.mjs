// Search criteria: as builders, as plain objects and as the vendor's; evaluated in the page; and what is wrong with
// them. `docs/criteria.md` says what each means.

import assert from "node:assert/strict";
import { test } from "node:test";

import { genesysClient, genesysOffline, refused, requests, start, testThatNothingLeaked } from "./helper.mjs";

const { Criteria, criteria, Genesys } = await start();
const { all, and, contains, exact, not, or, range, regex, required, startsWith, term } = criteria;
const genesys = genesysClient();

const A = { exact: "x", fields: "a" };
const B = { term: ["x", "y"], fields: ["b", "c"] };
const C = { contains: "z", fields: "c" };
const wireA = { type: "EXACT", fields: ["a"], value: "x" };
const wireB = { type: "TERMS", fields: ["b", "c"], values: ["x", "y"] };
const ALL = { type: "MATCH_ALL" };
const marked = (operator, ...list) => list.map((criterion) => ({ ...criterion, operator }));

// A builder, the plain objects that it makes, and what the vendor is sent.
const forms = {
  all: [() => all(), { all: true }, [ALL]],
  exact: [() => exact("a", "x"), A, [wireA]],
  "exact, several": [
    () => exact(["a", "b"], ["x", 5, false]),
    { exact: ["x", 5, false], fields: ["a", "b"] },
    [{ type: "EXACT", fields: ["a", "b"], values: ["x", "5", "false"] }],
  ],
  "exact, one in a list": [
    () => exact(["a"], [0]),
    { exact: [0], fields: ["a"] },
    [{ type: "EXACT", fields: ["a"], value: "0" }],
  ],
  startsWith: [
    () => startsWith("a", "x"),
    { startsWith: "x", fields: "a" },
    [{ type: "STARTS_WITH", fields: ["a"], value: "x" }],
  ],
  contains: [() => contains("c", "z"), C, [{ type: "CONTAINS", fields: ["c"], value: "z" }]],
  term: [() => term("a", "x"), { term: "x", fields: "a" }, [{ type: "TERM", fields: ["a"], value: "x" }]],
  "term, several": [() => term(["b", "c"], ["x", "y"]), B, [wireB]],
  regex: [() => regex("a", "x.*"), { regex: "x.*", fields: "a" }, [{ type: "REGEX", fields: ["a"], value: "x.*" }]],
  required: [() => required(["a", "b"]), { required: ["a", "b"] }, [{ type: "REQUIRED_FIELDS", fields: ["a", "b"] }]],
  range: [
    () => range("v", { from: 0, to: 2.5 }),
    { range: { from: 0, to: 2.5 }, fields: "v" },
    [{ type: "EXACT", fields: ["v"], startValue: "0", endValue: "2.5" }],
  ],
  "range with a format": [
    () => range("d", { to: "31.12.2026", format: "dd.MM.yyyy" }),
    { range: { to: "31.12.2026", format: "dd.MM.yyyy" }, fields: "d" },
    [{ type: "EXACT", fields: ["d"], endValue: "31.12.2026", dateFormat: "dd.MM.yyyy" }],
  ],
  and: [() => and(A, term(["b", "c"], ["x", "y"])), { and: [A, B] }, marked("AND", wireA, wireB)],
  or: [() => or(exact("a", "x"), B), { or: [A, B] }, marked("OR", wireA, wireB)],
  not: [() => not(A), { not: A }, [...marked("AND", ALL), ...marked("NOT", wireA)]],
  "and, as a method": [() => exact("a", "x").and(B), { and: [A, B] }, marked("AND", wireA, wireB)],
  "or, as a method": [() => exact("a", "x").or(B), { or: [A, B] }, marked("OR", wireA, wireB)],
  "not, as a method": [() => exact("a", "x").not(), { not: A }, [...marked("AND", ALL), ...marked("NOT", wireA)]],
  "and with a not": [
    () => and(A, not(B)),
    { and: [A, { not: B }] },
    [...marked("AND", wireA), ...marked("NOT", wireB)],
  ],
  "nots alone": [
    () => and(not(A), not(B)),
    { and: [{ not: A }, { not: B }] },
    [...marked("AND", ALL), ...marked("NOT", wireA, wireB)],
  ],
  "or within and": [
    () => and(A, or(A, B)),
    { and: [A, { or: [A, B] }] },
    marked("AND", wireA, { ...ALL, group: marked("OR", wireA, wireB) }),
  ],
  "and of nothing": [() => and(), { and: [] }, [ALL]],
  "or of nothing": [() => or(), { or: [] }, [...marked("AND", ALL), ...marked("NOT", ALL)]],
  "what is combined alike lies side by side": [
    () =>
      exact("a", "x")
        .and(B)
        .and(C, and(A, or(B))),
    { and: [A, B, C, A, { or: [B] }] },
    marked("AND", wireA, wireB, { type: "CONTAINS", fields: ["c"], value: "z" }, wireA, {
      ...ALL,
      group: marked("OR", wireB),
    }),
  ],
};

for (const [name, [build, plain, wire]] of Object.entries(forms)) {
  test(`${name}: builder, plain objects and the vendor's criteria`, async () => {
    const built = build();
    assert.ok(built instanceof Criteria);
    assert.deepEqual(built.toJSON(), plain);
    assert.deepEqual(JSON.parse(JSON.stringify({ built })), { built: plain });
    for (const where of [built, plain, new Criteria(plain), new Criteria(built)]) {
      // As it is shown, and as it is sent.
      assert.deepEqual(Genesys.searchRequest({ where, pageSize: 5 }), { query: wire, pageSize: 5 });
      const { genesys, calls } = genesysOffline();
      await genesys.groups.search({ where, pageSize: 5 }).first();
      assert.deepEqual(JSON.parse(calls[0].body), { query: wire, pageSize: 5 });
    }
  });
}

test("a Date is its ISO 8601 text", () => {
  const from = new Date("2026-01-31T12:00:00Z");
  assert.deepEqual(
    Genesys.searchRequest({ where: range("d", { from }) }).query[0].startValue,
    "2026-01-31T12:00:00.000Z",
  );
  assert.ok(range("d", { from }).matches({ d: "2026-01-31T13:00:00+01:00" }));
});

test("criteria of the vendor's own pass as they are", () => {
  const request = { query: [{ ...ALL, operator: "NOT", group: [] }], sortBy: "name" };
  assert.deepEqual(Genesys.searchRequest(request), request);
  assert.deepEqual(Genesys.searchRequest({}), {});
});

test("builders change nothing that they were given", () => {
  const one = exact("a", "x");
  const both = one.and(B);
  both.and(C);
  both.or(C);
  one.not();
  assert.deepEqual([one.toJSON(), both.toJSON()], [A, { and: [A, B] }]);
});

// ---------------------------------------------------------------------------------------- meaning, in the page

const RECORD = {
  ...{
    id: "g-1",
    name: "Café Ångström 7",
    description: "",
    email: null,
    memberCount: 12,
    version: 3.5,
    rulesVisible: false,
  },
  owners: [{ id: "a-1" }, { id: "B-2", tags: [["x"], "y"] }],
  ...{
    dateModified: "2026-03-01T12:00:00.5Z",
    title: "ΟΔΟΣ İstanbul",
    thai: "ทีมกรุงเทพ",
    hindi: "हिन्दी टीम",
    chat: { jabberId: "r@x.example" },
  },
};

const meanings = [
  [exact("name", "CAFÉ ångström 7"), true],
  [exact("name", "café"), false],
  [exact("name", "Cafe Ångström 7"), false],
  [exact("memberCount", 12), true],
  [exact("memberCount", "12"), true],
  [exact("memberCount", "12.0"), false],
  [exact("version", 3.5), true],
  [exact("rulesVisible", false), true],
  [exact("rulesVisible", "FALSE"), true],
  [exact("email", "null"), false],
  [exact("owners.id", "b-2"), true],
  [exact("owners.tags", "x"), true],
  [exact("owners", "a-1"), false],
  [exact("owners.0.id", "a-1"), false],
  [exact("chat.jabberId", "R@X.example"), true],
  [exact("missing", "x"), false],
  [exact(["missing", "id"], ["y", "g-1"]), true],
  // Folded each character by itself.
  [exact("title", "οδοσ i̇stanbul"), true],
  [exact("title", "οδος i̇stanbul"), false],
  [startsWith("name", "CAF"), true],
  [startsWith("name", "ång"), false],
  [startsWith("memberCount", 1), true],
  [contains("name", "ÅNG"), true],
  [contains("name", "ang"), false],
  [contains("thai", "กรุง"), true],
  [term("name", "ångström"), true],
  [term("name", "ångs"), false],
  [term("name", "Café Ångström 7"), true],
  [term("name", "Ångström 7"), false],
  [term("name", 7), true],
  [term("chat.jabberId", "example"), true],
  [term("hindi", "टीम"), true],
  [term("hindi", "हिन्दी"), false],
  [term("title", "i̇stanbul"), true],
  [regex("name", "CAF.*7"), true],
  [regex("name", "caf"), false],
  [regex("name", "caf|.*7"), true],
  [regex("memberCount", "\\d{2}"), true],
  [regex(["id", "name"], ["x", "g-[0-9]"]), true],
  [regex("thai", "\\p{L}+.*"), true],
  // An escape that only the older dialect allows.
  [regex("id", "g\\-1"), true],
  [required("name"), true],
  [required(["name", "memberCount", "rulesVisible", "owners.tags"]), true],
  [required(["name", "description"]), false],
  [required("email"), false],
  [required("owners"), false],
  [range("memberCount", { from: 9, to: 100 }), true],
  [range("memberCount", { from: 12, to: 12 }), true],
  [range("memberCount", { from: "1.2e1", to: "12.0" }), true],
  [range("memberCount", { from: 13 }), false],
  [range("memberCount", { from: "9x" }), false],
  [range("dateModified", { from: "2026-03-01" }), true],
  [range("dateModified", { to: "2026-03-01" }), false],
  [range("dateModified", { from: "2026-03-01T13:00+01:00", to: "2026-03-01T12:00:00.500" }), true],
  [range("dateModified", { from: "01.03.2026", to: "02.03.2026", format: "dd.MM.yyyy" }), true],
  [range("dateModified", { from: "01.03.2026 13", format: "dd.MM.yyyy HH" }), false],
  [range("dateModified", { from: "2026", to: "2026", format: "yyyy" }), false],
  [range("dateModified", { from: "2026-03-01T14:00+0200", format: "yyyy-MM-dd'T'HH:mmXX" }), true],
  [range("name", { from: "1900", format: "yyyy" }), false],
  [range("name", { from: "b", to: "D" }), true],
  [range("owners.id", { from: "B", to: "B-3" }), true],
  [all(), true],
  [and(), true],
  [or(), false],
  [not(all()), false],
  [and(exact("id", "g-1"), not(exact("memberCount", 13))), true],
  [or(exact("id", "x"), and(contains("name", "é"), exact("rulesVisible", true))), false],
  [not(not(required("name"))), true],
];

for (const [tree, expected] of meanings) {
  test(`${JSON.stringify(tree)} ${expected ? "holds" : "does not hold"}`, () => {
    assert.equal(tree.matches(RECORD), expected);
    assert.equal(tree.not().matches(RECORD), !expected);
    assert.equal(tree.filter([{}, RECORD]).includes(RECORD), expected);
    assert.equal(new Criteria(tree.toJSON()).matches(RECORD), expected);
  });
}

test("filter() gives the records themselves, in order", () => {
  const records = [{ a: "x", n: 1 }, { a: "y" }, { a: "X", n: 3 }, {}, { a: ["q", "x"] }];
  const found = exact("a", "x").filter(records);
  assert.deepEqual(found.length, 3);
  for (const [at, place] of [0, 2, 4].entries()) assert.equal(found[at], records[place]);
  assert.deepEqual(exact("a", "x").filter([]), []);
  assert.deepEqual(all().filter(Object.freeze(records)), records);
});

test("ten thousand records are filtered in one go", () => {
  const records = Array.from({ length: 10_000 }, (_, at) => ({ id: `${at}`, name: `Gruppe ${at}`, n: at }));
  const found = and(contains("name", "GRUPPE 9"), range("n", { from: 900, to: 9_500 }), not(term("name", 999))).filter(
    records,
  );
  assert.equal(found.length, 100 - 1 + 501);
});

// ------------------------------------------------------------------------------------------- what is wrong

// A tree that is wrong, and where, in words that follow `where` or `criteria`.
const wrong = [
  [{}, /: the criteria are empty/],
  [[], /expected criteria, which are an object|expected an object/],
  [{ fields: "name" }, /: the criteria are empty/],
  [{ exakt: "x", fields: "a" }, /: there are no criteria named `exakt`; there is .*`exact`/],
  [{ exact: "x" }, /\.fields: expected the name of a field/],
  [{ exact: "x", fields: [] }, /\.fields: the list is empty/],
  [{ exact: "x", fields: 5 }, /\.fields: expected the name of a field.*number/],
  [{ exact: "x", fields: ["a", ""] }, /\.fields\[1\]/],
  [{ exact: "", fields: "a" }, /\.exact: .*not empty/],
  [{ exact: [], fields: "a" }, /\.exact: the list is empty/],
  [{ exact: ["x", ""], fields: "a" }, /\.exact\[1\]/],
  [{ exact: null, fields: "a" }, /\.exact: .*null/],
  [{ exact: NaN, fields: "a" }, /\.exact/],
  [{ exact: { x: 1 }, fields: "a" }, /\.exact: .*object/],
  [{ exact: "x", contains: "y", fields: "a" }, /: `exact` and `contains` in one/],
  [{ all: false }, /\.all: expected true/],
  [{ all: true, fields: "a" }, /\.fields: `all` takes no fields/],
  [{ and: A }, /\.and: expected a list/],
  [{ or: [A, null] }, /\.or\[1\]: .*null/],
  [{ and: [A, undefined] }, /\.and\[1\]/],
  [{ not: [A] }, /\.not: .*list/],
  [{ not: undefined }, /the criteria are empty/],
  [{ and: [{ all: true }, { not: { or: [A, B, { term: {} }] } }] }, /\.and\[1\]\.not\.or\[2\]\.term/],
  [{ required: [] }, /\.required: the list is empty/],
  [{ required: "a", fields: "b" }, /\.fields: `required` takes no fields/],
  [{ range: "x", fields: "a" }, /\.range: expected an object/],
  [{ range: {}, fields: "a" }, /\.range: expected `from`, `to` or both/],
  [{ range: { format: "yyyy" }, fields: "a" }, /\.range: expected `from`, `to` or both/],
  [{ range: { from: "" }, fields: "a" }, /\.range\.from/],
  [{ range: { from: null }, fields: "a" }, /\.range\.from/],
  [{ range: { from: new Date(NaN) }, fields: "a" }, /\.range\.from/],
  [{ range: { form: 1 }, fields: "a" }, /\.range\.form: a range has `from`, `to` and `format`/],
  [{ range: { from: [1] }, fields: "a" }, /\.range\.from/],
];

for (const [tree, message] of wrong) {
  test(`what is wrong with ${JSON.stringify(tree)} is named by its path`, async () => {
    const about = (name) => new RegExp(`${name}.*${message.source}`);
    await refused(() => genesys.groups.search({ where: tree }).first(), about("where"));
    await refused(() => Genesys.searchRequest({ where: tree }), about("where"));
    await refused(() => new Criteria(tree).matches({}), about("criteria"));
    assert.deepEqual(await requests(), []);
  });
}

test("what no vendor could read is refused in the page, by its path", async () => {
  for (const [test, path, message] of [
    [{ regex: "(", fields: "a" }, "regex", /`\(`/],
    [{ regex: ["a", "b)|(c"], fields: "a" }, "regex", /`b\)\|\(c`/],
    [{ range: { from: "2026", format: "yy" }, fields: "a" }, "range", /`yy`/],
    [{ range: { from: "2026", format: "MM" }, fields: "a" }, "range", /`MM`/],
    [{ range: { from: "x", format: "yyyy" }, fields: "a" }, "range", /`x`.*`yyyy`/],
    [{ range: { to: "31.02.2026", format: "dd.MM.yyyy" }, fields: "a" }, "range", /`31\.02\.2026`/],
  ]) {
    const error = await refused(() => and(A, not(test)).matches({}), message);
    assert.match(error.message, new RegExp(`criteria\\.and\\[1\\]\\.not\\.${path}`));
  }
});

test("builders that lack something are named where they are used", async () => {
  await refused(() => exact().matches({}), /criteria\.(exact|fields)/);
  await refused(() => exact("a").matches({}), /criteria\.exact/);
  await refused(() => required().matches({}), /criteria\.required/);
  await refused(() => range("a").matches({}), /criteria\.range/);
  await refused(() => and(A, undefined).matches({}), /criteria\.and\[1\]/);
  await refused(() => not().matches({}), /criteria/);
  for (const given of [undefined, null, "x", 5, []])
    await refused(() => new Criteria(given), /criteria: expected an object/);
});

test("records that are none are refused, or hold nothing", async () => {
  for (const records of [undefined, null, {}, "x"]) await refused(() => all().filter(records), /list of records/);
  for (const record of [null, undefined, 5, "x", []]) assert.equal(exact("a", "x").matches(record), false);
  const circular = {};
  circular.self = circular;
  await refused(() => all().matches(circular), /records/);
});

// --------------------------------------------------------------------------------------------------- depth

const nested = (levels, wrap, inner) => {
  for (let level = 0; level < levels; level += 1) inner = wrap(inner, level);
  return inner;
};
const deep = {
  not: (inner) => ({ not: inner }),
  and: (inner) => ({ and: [inner, { all: true }] }),
  or: (inner) => ({ or: [{ not: { all: true } }, inner] }),
  "and and or": (inner, level) => (level % 2 ? { and: [{ all: true }, inner] } : { or: [inner] }),
  "built and and or": (inner, level) => (level % 2 ? new Criteria(inner).and(all()) : or(inner)),
};

for (const [name, wrap] of Object.entries(deep)) {
  test(`${name}, a hundred deep: found, sent and evaluated with the same meaning`, async () => {
    const where = nested(100, wrap, { exact: "active", fields: "state" });
    const { items } = await genesys.groups.search({ where, pageSize: 100 }).all();
    const everybody = (await genesys.groups.search({ pageSize: 100 }).all()).items;
    const expected = everybody.filter(({ state }) => state === "active");
    assert.ok(expected.length > 0 && expected.length < everybody.length);
    assert.deepEqual(items, expected);
    assert.deepEqual(new Criteria(where).filter(everybody), expected);
  });

  test(`${name}, a thousand or a hundred thousand deep: a ConfigError, and the library lives on`, async () => {
    for (const levels of [1_000, 100_000]) {
      const where = nested(levels, wrap, { exact: "active", fields: "state" });
      await refused(() => genesys.groups.search({ where }).first(), /nested|call stack/i);
      await refused(() => new Criteria(where).matches({}), /nested|call stack/i);
      assert.deepEqual(await requests(), []);
    }
    assert.ok(exact("a", "x").matches({ a: "x" }));
    assert.ok((await genesys.groups.search({}).first()).total > 0);
  });
}

test("a chain of a thousand and() or or() stays flat", async () => {
  const records = [{ state: "active" }, { state: "deleted" }];
  for (const word of ["and", "or"]) {
    let chain = exact("state", "active");
    for (let link = 1; link < 1_000; link += 1) {
      chain = chain[word](word === "and" ? not(exact("name", `n${link}`)) : exact("name", `n${link}`));
    }
    assert.equal(chain.toJSON()[word].length, 1_000);
    assert.deepEqual(chain.filter(records), [records[0]]);
    const { items } = await genesys.groups.search({ where: chain, pageSize: 100 }).all();
    assert.ok(items.length > 0 && items.every(({ state }) => state === "active"));
  }
});

test("records nested without end are no danger", async () => {
  const record = nested(100_000, (inner) => [inner], "x");
  await refused(() => exact("a", "x").matches({ a: record }), /nested|call stack/i);
  assert.equal(exact("a", "x").matches({ a: nested(90, (inner) => [inner], "x") }), true);
});

testThatNothingLeaked();
