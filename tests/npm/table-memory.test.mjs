// What happens when a page has no more memory to give: the WebAssembly may grow up to a point, as in a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { bytesOf } from "../../bench/table/people.mjs";
import { failure, load, offline, PACKAGE, rejection } from "./helper.mjs";

const PAGE = 65_536;
/** So much memory is there. */
const PAGES = 512;
const MEMORY = 5;

/** The WebAssembly, whose memory ends at so many pages. */
function capped(wasm, pages) {
  const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]);
  let at = 8;
  const read = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const start = at;
    const section = wasm[at++];
    const length = read();
    const end = at + length;
    if (section === MEMORY) {
      const [memories, flags, least] = [read(), read(), read()];
      assert.deepEqual([memories, flags], [1, 0], "one memory without an end");
      const content = [1, 1, ...number(least), ...number(pages)];
      return Buffer.concat([wasm.subarray(0, start), Buffer.from([MEMORY, content.length, ...content]), wasm.subarray(end)]);
    }
    at = end;
  }
}

const orgdeck = await load();
await orgdeck.default(capped(readFileSync(join(PACKAGE, "dist", "orgdeck_bg.wasm")), PAGES));
const { ConfigError, DecodeError, DirectoryTable } = orgdeck;

const tooLarge = /the table is larger than the memory of the page/;
const users = JSON.parse(new TextDecoder().decode(bytesOf(100_000))).data;

/** Whether a table finds, sorts and gives back what is in it. */
function works(table, records) {
  const { length } = records;
  assert.equal(table.length, length);
  assert.deepEqual(table.query().rows(length - 10), records.slice(-10));
  assert.deepEqual(table.query({ search: records[length - 1].email }).ids(), [records[length - 1].id]);
}

test("bytes that do not fit are an error, and what comes behind them works", async () => {
  const large = bytesOf(100_000);
  assert.ok(large.length > PAGES * PAGE);
  for (let times = 0; times < 3; times += 1) {
    const { error } = await rejection(DirectoryTable.fromBytes(large, "close.user"));
    assert.ok(error instanceof DecodeError);
    assert.match(error.message, tooLarge);
    const table = await DirectoryTable.fromBytes(bytesOf(1000), "close.user");
    works(table, users.slice(0, 1000));
    table.free();
  }
});

test("a list that does not fit keeps what did", async () => {
  const SIZE = 500;
  const page = (number) => ({ data: users.slice((number - 1) * SIZE, number * SIZE), has_more: true });
  const { close } = offline((_, number) => page(number));
  const { error } = await rejection(close.users.list().table({ concurrency: 1 }));
  assert.ok(error instanceof DecodeError);
  assert.match(error.message, tooLarge);
  const { table, report } = error.listing;
  assert.ok(table.length >= SIZE && table.length % SIZE === 0, `${table.length}`);
  assert.equal(report.items, table.length);
  works(table, users.slice(0, table.length));
  table.free();
});

test("records that do not fit leave a table as it was", async () => {
  const SIZE = 500;
  const table = await DirectoryTable.fromBytes(bytesOf(SIZE), "close.user");
  const add = () => table.upsert(users.slice(table.length, table.length + SIZE));
  const error = await failure(ConfigError, () => {
    while (table.length < users.length) add();
  });
  assert.match(error.message, tooLarge);
  const { length } = table;
  assert.ok(length % SIZE === 0, `${length}`);
  works(table, users.slice(0, length));
  // Those that are there can be changed, and seen in another order.
  assert.equal(table.patch([{ id: users[0].id, first_name: "Zoë" }]), 1);
  const view = table.query({ search: "zoe", sort: [{ field: "email", order: "descending" }] });
  assert.ok(view.ids().includes(users[0].id));
  view.free();
  table.free();
});
