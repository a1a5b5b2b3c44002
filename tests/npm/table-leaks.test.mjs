// Whatever is done with tables a hundred times takes no more memory than the first times: what ends well, what fails in the
// middle, and what is given up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { people } from "../../bench/table/people.mjs";
import { watchMemories } from "../../bench/table/world.mjs";
import { BASE, TOKEN, start } from "./helper.mjs";

const wasmBytes = watchMemories();
const { Close, DirectoryTable } = await start();

const ROUNDS = 100;
/** Rounds after which there is all the memory that a round needs. */
const SETTLED = 20;
/** What JavaScript may hold more from there on, for code that V8 compiles: 30 KB a round, of a thousand or more. */
const COMPILED = 2_400_000;
/** What the WebAssembly may where rounds differ: in another order things leave gaps, of a block of cells and its pages. */
const GAPS = 16 * 65_536;

/** People who are there, and as many who come in their place. */
const COUNT = 2000;
const users = Array.from(people(2 * COUNT));
const [present, others] = [users.slice(0, COUNT), users.slice(COUNT)];

const encoder = new TextEncoder();
const encoded = (records) => encoder.encode(JSON.stringify(records));
const idsOf = (records) => records.map(({ id }) => id);
const load = (records) => DirectoryTable.fromBytes(encoded(records), "close.user");

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

/** Collects garbage, and has finalizers give back what is theirs. What the first time leaves behind the others find. */
async function collect() {
  for (let times = 0; times < 3; times += 1) {
    gc();
    await turn();
  }
}

/** A signal that says so once it was looked at so often: in the middle, however quick the machine is. */
function abortedLater(looks) {
  const signal = AbortSignal.abort();
  let left = looks;
  return Object.defineProperty(signal, "aborted", { get: () => --left < 0 });
}

/** What is held once all else is collected. */
async function memory() {
  await collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { wasm: wasmBytes(), javascript: heapUsed + arrayBuffers };
}

/** Whatever rounds hand in and are given, to see whether something still has it. */
let watched = [];
function watch(thing) {
  watched.push(new WeakRef(thing));
  return thing;
}

/** Has a hundred rounds, and none of them leave anything. */
async function leaveNothing(round, gaps = 0) {
  watched = [];
  let settled;
  for (let number = 1; number <= ROUNDS; number += 1) {
    await round(number);
    if (number === SETTLED) settled = await memory();
  }
  const { wasm, javascript } = await memory();
  assert.ok(watched.length >= ROUNDS);
  assert.equal(watched.filter((each) => each.deref()).length, 0, "things that something still has");
  assert.ok(wasm <= settled.wasm + gaps, `${wasm} bytes of WebAssembly, not ${settled.wasm}`);
  const more = javascript - settled.javascript;
  assert.ok(more < COMPILED, `JavaScript holds ${more} bytes more`);
}

const free = (thing) => thing.free();

/** Asks a table all that it can be asked, and has its views end in some way. */
function ask(table, end = free) {
  const collator = watch(new Intl.Collator("de"));
  const sort = [{ field: "last_name" }, { field: "email", order: "descending" }];
  const where = { exact: true, fields: "is_active" };
  for (const query of [{ search: "a", sort, collator }, { search: "an -anna", where, sort }]) {
    const view = watch(table.query(query));
    assert.ok(view.length > 0);
    view.ids();
    view.rows(0, 50);
    view.highlights(0, 50);
    view.facets("role_id");
    view.histogram("date_created");
    watch(view.toCsv());
    watch(view.toJson());
    end(view);
  }
}

// In the order of the memory that they need, the least first: otherwise they would leak into what the one before left free.

test("listings that are given up", async () => {
  const close = new Close({ baseUrl: BASE, auth: { accessToken: TOKEN } });
  const refreshed = await close.users.list().table();
  const giveUp = async (into) => {
    const controller = watch(new AbortController());
    let table;
    const onProgress = (progress) => {
      ({ table } = progress);
      if (progress.pages === 3) controller.abort();
    };
    const list = watch(close.users.list({ limit: 10 }));
    await assert.rejects(list.table({ into, signal: controller.signal, onProgress }), { name: "AbortError" });
    return table;
  };
  await leaveNothing(async () => {
    const table = watch(await giveUp());
    assert.equal(table.length, 30);
    table.free();
    await giveUp(refreshed);
  });
  refreshed.free();
});

test("loads that fail in the middle", async () => {
  const whole = encoded(present);
  const spoilt = (change) => encoded(present.with(-1, { ...present.at(-1), ...change }));
  const kept = await load(present);
  const snapshot = kept.snapshot();
  kept.free();
  snapshot[snapshot.length >> 1] ^= 1;
  const wrong = [whole.subarray(0, -1), spoilt({ email: 5 }), spoilt({ id: present[0].id })];
  await leaveNothing(async () => {
    for (const bytes of wrong) {
      await assert.rejects(DirectoryTable.fromBytes(watch(bytes.slice()), "close.user"), { name: "DecodeError" });
    }
    const signal = watch(abortedLater(2));
    await assert.rejects(DirectoryTable.fromBytes(whole, "close.user", { signal }), { name: "AbortError" });
    await assert.rejects(DirectoryTable.restore(watch(snapshot.slice())), { name: "DecodeError" });
  });
});

test("changes, those that are refused too", async () => {
  const table = await load(present);
  const part = 200;
  const sizes = [];
  await leaveNothing((round) => {
    const from = (round * part) % COUNT;
    const [leaving, coming] = [present, others].map((people) => people.slice(from, from + part));
    assert.deepEqual(table.upsert(coming), { added: part, replaced: 0 });
    assert.throws(() => table.upsert([...leaving, { ...leaving[0], id: "wrong", email: 5 }]), { name: "ConfigError" });
    assert.equal(table.remove(idsOf(leaving)), part);
    ask(table);
    table.upsert(leaving);
    table.patch(leaving.map(({ id }) => ({ id, last_name: `Name ${round}` })));
    table.remove(idsOf(coming));
    assert.equal(table.length, COUNT);
    sizes.push(table.byteLength);
  }, GAPS);
  const [early, late] = [sizes.slice(0, SETTLED), sizes.slice(SETTLED)].map((some) => Math.max(...some));
  assert.ok(late <= early, `the table takes ${late} bytes, not ${early}`);
  table.free();
});

/** Loads a table, makes another one of its snapshot, and asks both. */
async function use(end) {
  const bytes = watch(encoded(present));
  const table = watch(await DirectoryTable.fromBytes(bytes, "close.user"));
  const restored = watch(await DirectoryTable.restore(watch(table.snapshot())));
  for (const each of [table, restored]) {
    assert.equal(each.length, COUNT);
    ask(each, end);
    end(each);
  }
}

test("tables that are loaded, asked and freed", () => leaveNothing(() => use(free)));

test("tables that nobody frees", () =>
  leaveNothing(async () => {
    await use(() => {});
    await collect();
  }, GAPS));
