// What somebody types to search a table: which records it finds, and where it is highlighted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { start } from "./helper.mjs";

const { DirectoryTable } = await start();

const bytes = (records) => new TextEncoder().encode(JSON.stringify(records));

async function asked(records, ask) {
  const table = await DirectoryTable.fromBytes(bytes(records), {});
  try {
    return await ask(table);
  } finally {
    table.free();
  }
}

/** What a question finds, in ids. */
function found(table, query) {
  const view = table.query(query);
  const ids = view.ids();
  assert.equal(view.length, ids.length);
  view.free();
  return ids.join("");
}

const PEOPLE = [
  { id: "1", name: "Łukasz Dąbrowski", role: "admin", age: 12, tags: ["Größe", "new york"], "custom.cf_x": "one" },
  { id: "2", name: "Anna-Marie O’Brien", role: "Restricted Admin", is_active: true, boss: { name: "Łukasz" } },
  { id: "3", name: "İlayda ANNA Groß", role: null, note: "10:30 role: x" },
  { id: "4", name: "new", role: "user", first_name: "York" },
];

// What is typed, and the ids that it finds.
const typed = {
  "": "1234",
  "  \t\u3000": "1234",
  anna: "23",
  ANNA: "23",
  lukasz: "1",
  "dabr luk": "1",
  "łUKA": "1",
  ilayda: "3",
  gross: "3",
  groß: "3",
  "o'brien": "2",
  "anna-m": "2",
  zzz: "",
  // Several words in any order, in any fields; phrases.
  "york new": "4",
  '"new york"': "",
  'tags:"new york"': "1",
  '"anna gr': "3",
  '"marie o"': "2",
  '"o marie"': "",
  '"Marie O"b': "2",
  // Excluded.
  "-anna": "14",
  "a -admin": "3",
  '-"restricted admin"': "134",
  "--a": "1234",
  "--m": "134",
  // In one field, whatever it holds.
  "role:admin": "12",
  'role:"restricted a': "2",
  "-role:admin": "34",
  "role:admin -name:anna": "1",
  "age:1": "1",
  "is_active:tru": "2",
  "tags:grosse": "1",
  "boss:ukasz": "2",
  "ROLE:user": "4",
  "FirstName:york": "4",
  "customcfx:one": "1",
  // A colon that is none of a field.
  "10:30": "3",
  "10:3": "3",
  "nobody:x": "",
  ":": "3",
  // Somebody is typing.
  "role:": "1234",
  "-role:": "1234",
  "-": "1234",
  "- anna": "23",
  '"': "1234",
  '-"': "1234",
  'role:"': "1234",
  "\u0301": "1234",
};

test("words, phrases, fields and what is excluded", () =>
  asked(PEOPLE, (table) => {
    for (const [search, expected] of Object.entries(typed)) {
      assert.equal(found(table, { search }), expected, search);
    }
  }));

test("a search is typed letter by letter and taken back", () =>
  asked(PEOPLE, (table) => {
    const phrase = 'łuk -xx "ski';
    const keys = Array.from(phrase, (_, at) => phrase.slice(0, at + 1));
    for (const search of [...keys, ...keys.toReversed()]) {
      assert.equal(found(table, { search }), search === "ł" ? "13" : "1", search);
    }
  }));

test("words without a field are looked for in the fields that are searched", () =>
  asked(PEOPLE, (table) => {
    assert.equal(found(table, { search: "new", searchIn: ["name"] }), "4");
    assert.equal(found(table, { search: "york", searchIn: ["name", "role"] }), "");
    assert.equal(found(table, { search: "york", searchIn: ["name", "first_name"] }), "4");
    assert.equal(found(table, { search: "role:admin anna", searchIn: ["name"] }), "2");
    assert.equal(found(table, { search: "admin", searchIn: [] }), "");
  }));

test("a field that comes later is a field from then on", () =>
  asked([{ id: "1", name: "team:x" }], (table) => {
    const view = table.query({ search: "team:x" });
    assert.deepEqual(view.ids(), ["1"]);
    table.upsert([{ id: "2", name: "b", team: "x" }]);
    assert.deepEqual(view.ids(), ["2"]);
  }));

test("what changes is found as it is now", () =>
  asked(PEOPLE, (table) => {
    const view = table.query({ search: "søren" });
    assert.equal(view.length, 0);
    table.upsert([{ id: "5", name: "Søren" }]);
    assert.deepEqual(view.ids(), ["5"]);
    table.upsert([{ id: "5", name: "Ann" }, { id: "1", name: "SØREN" }]);
    assert.deepEqual(view.ids(), ["1"]);
    table.remove(["1"]);
    assert.equal(view.length, 0);
  }));

/** A text with what is highlighted in brackets. */
const shown = (text, ranges = []) =>
  ranges.reduceRight((rest, [start, end]) => `${rest.slice(0, start)}[${rest.slice(start, end)}]${rest.slice(end)}`, text);

test("highlights are where the text is as it is written", async () => {
  for (const [search, text, expected] of [
    ["an", "Anna Banana", "[An]na B[anan]a"],
    ["ban nan", "Anna Banana", "Anna [Banan]a"],
    ["a n", "Anna Banana", "[Anna] B[anana]"],
    ["ss", "Straße", "Stra[ß]e"],
    ["s", "Straße", "[S]tra[ß]e"],
    ["se", "Straße", "Stra[ße]"],
    ["fi", "ﬃx", "[ﬃ]x"],
    ["zoe", "Zoe\u0308 Zoë", "[Zoe\u0308] [Zoë]"],
    ["e", "Zoe\u0308\u0323x", "Zo[e\u0308\u0323]x"],
    ["x", "Zoe\u0308x", "Zoe\u0308[x]"],
    ["ex", "Zoe\u0308x", "Zo[e\u0308x]"],
    ["a", "\u0308ab", "\u0308[a]b"],
    ["lodz", "😀 Łódź 😀", "😀 [Łódź] 😀"],
    ["😀", "a😀b", "a[😀]b"],
    ["b", "ｱ㌔b", "ｱ㌔[b]"],
    ["ロ", "㌔b", "[㌔]b"],
    ['"a b"', "A b a  b", "[A b] a  b"],
    ["-x b", "a b", "a [b]"],
  ]) {
    await asked([{ id: "1", text }], (table) => {
      const [{ text: ranges }] = table.query({ search, searchIn: ["text"] }).highlights();
      assert.equal(shown(text, ranges), expected, search);
    });
  }
});

test("highlights are in the fields that are searched", () =>
  asked([{ id: "ab", name: "AB ab", role: "ab", age: 12, tags: ["ab"] }, { id: "x", name: "12" }], (table) => {
    const lights = (search, searchIn) => table.query({ search, searchIn }).highlights(0, 1);
    const name = [
      [0, 2],
      [3, 5],
    ];
    assert.deepEqual(lights("ab"), [{ id: [[0, 2]], name, role: [[0, 2]] }]);
    assert.deepEqual(lights("ab", ["name", "tags"]), [{ name }]);
    assert.deepEqual(lights("ROLE:a", ["name"]), [{ role: [[0, 1]] }]);
    assert.deepEqual(lights("age:1 tags:a"), [{}]);
    assert.deepEqual(lights("-zz"), [{}]);
    assert.deepEqual(lights("12"), [{ name: [[0, 2]] }]);
    assert.deepEqual(lights("nobody"), []);
    assert.deepEqual(lights(""), [{}]);
  }));

test("a search that is no text is refused", () =>
  asked(PEOPLE, (table) => {
    for (const search of [5, null, ["a"], "\ud800"]) {
      assert.throws(() => table.query({ search }).length, { name: "ConfigError", message: /search/ }, String(search));
    }
  }));
