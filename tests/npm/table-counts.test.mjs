// What a table counts: how often values occur, and how many dates lie in each of a row of equal times.

import assert from "node:assert/strict";
import { test } from "node:test";

import { start } from "./helper.mjs";

const { DirectoryTable } = await start();

async function asked(values, ask) {
  const records = values.map((value, id) => (value === undefined ? { id } : { id, value }));
  const table = await DirectoryTable.fromBytes(new TextEncoder().encode(JSON.stringify(records)), {});
  try {
    return ask(table.query());
  } finally {
    table.free();
  }
}

const facets = (values, options) =>
  asked(values, (view) => view.facets("value", options).map(({ value, count }) => [value, count]));
const histogram = (values, unit) => asked(values, (view) => view.histogram("value", { unit }));

/** The first and last of a histogram's bins, how many there are, and what it did not count. */
function shape({ unit, bins, missing, outside }) {
  return [unit, bins.at(0)?.start, bins.at(-1)?.start, bins.length, missing, outside];
}

test("the most frequent value comes first, and of those as frequent the one that is first in order", async () => {
  const values = ["b", "a", 10, 9, "b", true, null, false, undefined, "B", "", 9.0, "é"];
  assert.deepEqual(await facets(values), [
    [9, 2],
    ["b", 2],
    [null, 2],
    [false, 1],
    [true, 1],
    [10, 1],
    ["", 1],
    ["B", 1],
    ["a", 1],
    ["é", 1],
  ]);
  assert.deepEqual(await facets(values, { limit: 1 }), [[9, 2]]);
  assert.deepEqual(await facets([undefined, "x"], { limit: 9 }), [["x", 1], [null, 1]]);
});

test("a list counts by its items, each once a record, and an object as its JSON", async () => {
  const values = [["a", "b", "a", ["a", "c"]], "a", [], [null], { x: ["a"] }, [{ x: ["a"] }, 1], ["a", "b", "a", ["a", "c"]]];
  assert.deepEqual(await facets(values), [["a", 3], ["b", 2], ["c", 2], ['{"x":["a"]}', 2], [1, 1], [null, 1]]);
});

test("values that nearly each record has to itself are counted as well", async () => {
  const values = Array.from({ length: 6000 }, (_, at) => (at % 3 ? `somebody ${at}` : at % 2 ? "same" : ["same", at]));
  const found = await facets(values);
  assert.deepEqual(found[0], ["same", 2000]);
  assert.equal(found.length, 5001);
  assert.equal(found.reduce((all, [, count]) => all + count, 0), 7000);
});

test("bins follow each other without a gap, in UTC, and weeks begin on Monday", async () => {
  const dates = ["2025-12-31T23:59:59.9Z", "2026-01-01", "2026-02-28T22:00:00-03:00", null, 5, "soon", "2026-01-31T23:00:00+00:00"];
  assert.deepEqual(await histogram(dates, "month"), {
    unit: "month",
    bins: [
      { start: "2025-12-01", count: 1 },
      { start: "2026-01-01", count: 2 },
      { start: "2026-02-01", count: 0 },
      { start: "2026-03-01", count: 1 },
    ],
    missing: 3,
    outside: 0,
  });
  assert.deepEqual((await histogram(dates, "year")).bins.map(({ count }) => count), [1, 3]);
  const weeks = await histogram(dates);
  assert.deepEqual(shape(weeks), ["week", "2025-12-29", "2026-02-23", 9, 3, 0]);
  for (const { start } of weeks.bins) assert.equal(new Date(start).getUTCDay(), 1, start);
  assert.deepEqual(shape(await histogram(["1969-12-28", "1969-12-29"], "week")), ["week", "1969-12-22", "1969-12-29", 2, 0, 0]);
  assert.deepEqual(await histogram([null]), { unit: "day", bins: [], missing: 1, outside: 0 });
});

test("the unit makes a readable number of bins", async () => {
  for (const [last, unit] of [
    ["2020-01-01", "day"],
    ["2020-02-20", "day"],
    ["2020-03-20", "week"],
    ["2021-01-20", "week"],
    ["2021-06-01", "month"],
    ["2027-06-01", "month"],
    ["2028-06-01", "year"],
    ["2199-06-01", "year"],
  ]) {
    const found = await histogram(["2020-01-01", last]);
    assert.deepEqual([found.unit, found.outside], [unit, 0], last);
  }
});

test("a wild date makes no bins", async () => {
  const dates = ["0001-01-01T00:00:00", "2026-01-01", "9999-12-31", "2026-01-03", "0001-01-01"];
  for (const unit of [undefined, "day"]) {
    assert.deepEqual(shape(await histogram(dates, unit)), ["day", "2026-01-01", "2026-01-03", 3, 0, 3]);
  }
  assert.deepEqual(shape(await histogram(dates.slice(0, 2))), ["day", "2026-01-01", "2026-01-01", 1, 0, 1]);
  // Dates that are spread over centuries all count, in bins that are as many as can be.
  const spread = Array.from({ length: 99 }, (_, at) => `${String((at + 1) * 90).padStart(4, "0")}-01-01`);
  assert.deepEqual(shape(await histogram(spread, "day")), ["year", "0090-01-01", "8910-01-01", 8821, 0, 0]);
});
