// What becomes of the package when its WebAssembly stops in the middle of things, which takes a build that can be made
// to. Nothing that is left over may fail unheard: Node's test runner fails a test for that.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { eventually, PACKAGE } from "./helper.mjs";
import { buildPanicking } from "./panic.mjs";

const DIST = buildPanicking();
const orgdeck = await import(pathToFileURL(join(DIST, "node.js")));
const { default: init, Close, criteria, Genesys, InternalError } = orgdeck;
// Each instance has its own.
const testPanic = (how) => orgdeck.testPanic(how);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

const TOKEN = "panic-secret-token";

// ------------------------------------------------------------------------------------------ what is watched

/** Each instance there was: how often it was entered, and how often it called out. */
const instances = [];
let compilations = 0;

const watch = (object, seen, what) =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const counted = (...given) => {
        seen[what] += 1;
        return value(...given);
      };
      return [name, typeof value === "function" ? counted : value];
    }),
  );

const { instantiate, compile } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const seen = { entered: 0, called: 0 };
  const watched = Object.entries(imports).map(([name, functions]) => [name, watch(functions, seen, "called")]);
  const { exports } = await instantiate(module, Object.fromEntries(watched));
  instances.push(seen);
  return { exports: watch(exports, seen, "entered") };
};
WebAssembly.compile = (...given) => {
  compilations += 1;
  return compile(...given);
};

const running = () => instances.at(-1);

// ---------------------------------------------------------------------------------------------- the vendors

const ITEMS = Array.from({ length: 25 }, (_, at) => ({ id: `item_${at}` }));

/** A fetch that answers, or has its callers wait until `release()`. */
function network() {
  const waiting = [];
  const net = { asked: [], isSilent: false };
  net.fetch = (address) => {
    net.asked.push(new URL(address).pathname);
    const { searchParams: asked } = new URL(address);
    const [skip, limit] = [Number(asked.get("_skip")), Number(asked.get("_limit") ?? 10)];
    const page = { data: ITEMS.slice(skip, skip + limit), has_more: skip + limit < ITEMS.length };
    const answer = () => new Response(JSON.stringify({ id: "user_a", ...page }));
    return net.isSilent ? new Promise((resolve) => waiting.push(() => resolve(answer()))) : Promise.resolve(answer());
  };
  net.release = () => {
    net.isSilent = false;
    for (const answer of waiting.splice(0)) answer();
  };
  return net;
}

const closeOf = (net) => new Close({ auth: { accessToken: TOKEN }, baseUrl: "https://close.test", fetch: net.fetch });
const genesysOf = (net) => new Genesys({ auth: { accessToken: TOKEN }, region: "eu_west_1", fetch: net.fetch });
const me = (close, call) => close.users.me({ fields: ["id"] }, call);
const anyGroup = (genesys) => genesys.request({ method: "GET", path: "/api/v2/groups/a" });
const tasks = (close) => close.list("/task/", { limit: 10 });

/** Holds back what timers would call, until the test ends. */
function holdTimers(t) {
  const held = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (ring) => held.push(ring);
  t.after(() => {
    globalThis.setTimeout = setTimeout;
  });
  return held;
}

// ------------------------------------------------------------------------------------------------ the error

function isInternal(error, sent) {
  assert.ok(error instanceof InternalError, inspect(error));
  const { name, code, vendor, attempts, status } = error;
  assert.deepEqual(
    { name, code, vendor, attempts, status, sent: error.sent },
    { name: "InternalError", code: "internal", vendor: null, attempts: 0, status: undefined, sent },
  );
  assert.match(error.message, /defect.*init\(\)/);
  assert.ok(!inspect(error, { showHidden: true, depth: Infinity }).includes(TOKEN));
  return true;
}

const rejects = (sent, promise) => assert.rejects(promise, (error) => isInternal(error, sent));
const throws = (run) => assert.throws(run, (error) => isInternal(error, "no"));

/** Stops what runs. How does not matter to most. */
const stop = () => assert.rejects(async () => testPanic("now"), InternalError);

// Each test begins with one that runs.
beforeEach(() => init());

// ---------------------------------------------------------------------------------------------------- tests

const ways = {
  "a panic in a call under way": ["call", "maybe", /promise\.rs: on purpose/],
  "a panic at once": ["now", "no", /promise\.rs: on purpose/],
  "a trap without a panic": ["trap", "no", /unreachable/],
};

for (const [name, [how, sent, message]] of Object.entries(ways)) {
  test(`after ${name}, what is in flight rejects, what comes later fails at once, and init() recovers`, async (t) => {
    const net = network();
    const [close, genesys] = [closeOf(net), genesysOf(net)];
    const consumed = tasks(close);
    assert.equal((await consumed.all()).items.length, 25);
    const unconsumed = tasks(close);
    const halfway = tasks(close)[Symbol.asyncIterator]();
    assert.equal((await halfway.next()).value.id, "item_0");

    net.isSilent = true;
    net.asked = [];
    const controller = new AbortController();
    const timers = holdTimers(t);
    const inFlight = [
      me(close),
      me(close, { signal: controller.signal }),
      anyGroup(genesys),
      tasks(close).all(),
      tasks(close).first(),
      tasks(close).pages().next(),
      tasks(close)[Symbol.asyncIterator]().next(),
    ];
    const told = inFlight.map((promise) => rejects("maybe", promise));
    await eventually(() => new Set(net.asked).size === 3);
    const failed = { error: undefined };
    await assert.rejects(
      async () => testPanic(how),
      (error) => {
        failed.error = error;
        return isInternal(error, sent);
      },
    );
    assert.match(failed.error.message, message);
    await Promise.all(told);

    const stopped = { ...running() };
    const started = instances.length;
    net.asked = [];
    net.isSilent = false;
    const calls = [
      () => me(close),
      () => close.groups.delete("group_a"),
      () => close.request({ method: "GET", path: "/me/" }),
      () => anyGroup(genesys),
      () => genesys.groups.addMembers("a", ["b"]),
      () => consumed.all(),
      () => consumed.first(),
      () => consumed.resumeFrom("offset:10").all(),
      () => unconsumed.pages().next(),
      () => unconsumed[Symbol.asyncIterator]().next(),
    ];
    for (const call of calls) {
      // A rejection, not an exception.
      const promise = call();
      await rejects("no", promise);
    }
    const madeWhileStopped = tasks(close);
    await rejects("no", madeWhileStopped.all());
    throws(() => closeOf(net));
    throws(() => genesysOf(net));
    throws(() => Genesys.searchRequest({ query: [] }));
    throws(() => criteria.all().matches({}));
    // Nothing of it is sent when the answers, timeouts and aborts come for which nobody waits any more.
    net.release();
    controller.abort();
    assert.ok(timers.length > 0);
    for (const ring of timers) ring();
    await sleep(10);
    assert.deepEqual(net.asked, []);
    assert.deepEqual(running(), stopped);

    const [compiled, fetched] = [compilations, globalThis.fetch];
    globalThis.fetch = () => assert.fail("the network was used");
    try {
      const first = init();
      assert.equal(init(), first);
      assert.equal(await first, undefined);
      assert.equal(init(), first);
    } finally {
      globalThis.fetch = fetched;
    }
    assert.equal(compilations, compiled);
    assert.equal(instances.length, started + 1);

    assert.equal((await me(close)).id, "user_a");
    assert.equal((await anyGroup(genesys)).id, "user_a");
    for (const list of [consumed, unconsumed, madeWhileStopped, tasks(close)]) {
      assert.deepEqual((await list.all()).items, ITEMS);
    }
    assert.deepEqual((await consumed.resumeFrom("offset:20").all()).items, ITEMS.slice(20));
    assert.equal((await me(closeOf(net))).id, "user_a");
    assert.ok(criteria.all().matches({}));
    assert.equal(typeof Genesys.searchRequest({ query: [{ type: "EXACT", fields: ["name"], value: "a" }] }), "object");
  });
}

test("what was half-way when it stopped does not go on in the next instance, and can be resumed there", async () => {
  const net = network();
  const close = closeOf(net);
  const pages = tasks(close).pages();
  const { value } = await pages.next();
  const items = tasks(close)[Symbol.asyncIterator]();
  await items.next();
  const onPage = () => (net.isSilent = true);
  const broken = tasks(close).all({ concurrency: 1, onPage }).catch((error) => error);
  await eventually(() => net.isSilent);
  await stop();
  const error = await broken;
  isInternal(error, "maybe");
  net.release();
  await init();
  net.asked = [];
  await rejects("no", pages.next());
  // A generator that threw has ended.
  assert.deepEqual(await pages.next(), { done: true, value: undefined });
  assert.deepEqual(net.asked, []);
  // A list that broke off has said how far it came.
  const { listing } = error;
  assert.deepEqual(listing.items, ITEMS.slice(0, 10));
  assert.deepEqual([listing.report.complete, listing.report.reason], [false, "error"]);
  for (const { cursor } of [value, listing.report]) {
    assert.deepEqual((await tasks(close).resumeFrom(cursor).all()).items, ITEMS.slice(10));
  }
  // What it has already, an iterator may still give; then it is told.
  await rejects(
    "no",
    (async () => {
      for (let at = 0; at < ITEMS.length; at += 1) await items.next();
    })(),
  );
});

test("giving back what belonged to a stopped instance does nothing, before init() and after", async () => {
  const net = network();
  for (const isRestarted of [false, true]) {
    await init();
    const [close, other] = [closeOf(net), closeOf(net)];
    const list = tasks(close);
    const [items, pages] = [list[Symbol.asyncIterator](), list.pages()];
    await items.next();
    await pages.next();
    await stop();
    const dead = running();
    const entered = dead.entered;
    if (isRestarted) await init();
    const before = { ...running() };
    assert.deepEqual(await items.return(), { done: true, value: undefined });
    assert.deepEqual(await pages.return(), { done: true, value: undefined });
    list.free();
    close.free();
    close.free();
    if (Symbol.dispose) other[Symbol.dispose]();
    assert.equal(dead.entered, entered);
    assert.deepEqual(running(), before);
    await init();
    for (const freed of [close, other]) {
      await assert.rejects(me(freed), { name: "ConfigError", message: /freed/ });
    }
  }
});

test("finalizers of a stopped instance reach neither it nor the next one", async () => {
  const net = network();
  let finalized = 0;
  const registry = new FinalizationRegistry(() => (finalized += 1));
  const COUNT = 50;
  const litter = async () => {
    for (let at = 0; at < COUNT; at += 1) {
      const close = closeOf(net);
      await me(close);
      registry.register(close);
    }
  };
  const swept = (wanted) =>
    eventually(() => {
      collectGarbage();
      return finalized >= wanted;
    });

  // Those of one that runs do reach it, or this would show nothing.
  await litter();
  const { entered } = running();
  await swept(COUNT);
  await eventually(() => running().entered >= entered + COUNT);

  await litter();
  // As long as something of it is left, its finalizers are.
  const left = tasks(closeOf(net)).pages();
  await left.next();
  await stop();
  const dead = running();
  await init();
  const before = [{ ...dead }, { ...running() }];
  await swept(2 * COUNT);
  await sleep(20);
  assert.deepEqual([dead, running()], before);
  await rejects("no", left.next());
});

test("a call that a callback stopped it under does not go on", async () => {
  const seen = [];
  const fetch = () => {
    seen.push({ ...running() });
    try {
      testPanic("now");
    } catch (error) {
      isInternal(error, "no");
      seen.push({ ...running() });
    }
    return Promise.resolve(new Response('{"id":"user_a"}'));
  };
  await rejects("maybe", me(closeOf({ fetch })));
  await sleep(10);
  const [before, after] = seen;
  assert.ok(after.entered > before.entered, "it has panicked");
  // Neither did the WebAssembly that called the callback call anything else, nor was it called.
  assert.deepEqual(running(), after);
});

test("who hears of it may call init() there and then", async () => {
  const net = network();
  const close = closeOf(net);
  net.isSilent = true;
  const recovered = me(close).catch(async (error) => {
    isInternal(error, "maybe");
    net.isSilent = false;
    await rejects("no", me(close));
    await init();
    return me(close);
  });
  await stop();
  assert.equal((await recovered).id, "user_a");
});

test("it may stop any number of times", async () => {
  const net = network();
  const close = closeOf(net);
  const list = tasks(close);
  for (let round = 0; round < 100; round += 1) {
    await stop();
    await rejects("no", me(close));
    await init();
    assert.equal((await me(close)).id, "user_a");
    assert.equal((await list.first()).items.length, 10);
  }
});

test("what is released cannot be made to stop", () => {
  const wasm = (dist) => readFileSync(join(dist, "orgdeck_bg.wasm"));
  const scripts = (dist) =>
    readdirSync(dist)
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(join(dist, name), "utf8"))
      .join("\n");
  const exported = (dist) => WebAssembly.Module.exports(new WebAssembly.Module(wasm(dist))).length;
  const released = join(PACKAGE, "dist");
  for (const [dist, has] of [[released, false], [DIST, true]]) {
    assert.equal(scripts(dist).includes("testPanic"), has);
    assert.equal(wasm(dist).includes("on purpose"), has);
  }
  assert.equal(exported(released), exported(DIST) - 1);
});
