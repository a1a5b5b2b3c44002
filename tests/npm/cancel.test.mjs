// Giving a call up, wherever it is: in flight, in the queue, in the pause before another try. It rejects at once, with
// the signal's own reason, and nothing more is sent. And the two limits of time, which end a call in the same places.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

import {
  client,
  entities,
  eventually,
  everything,
  failure,
  faults,
  genesysClient,
  genesysOffline,
  offline,
  rejection,
  requests,
  shortenPauses,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
shortenPauses();

const [group] = await everything("/group/");
const genesysGroups = await entities("/api/v2/groups");
const genesysGroup = genesysGroups[0].id;
const hundred = Array.from({ length: 120 }, (_, at) => `id-${at}`);
const ME = { id: "user_a", email: "a@b.example", first_name: null, last_name: null, organizations: [] };

const both = (options) => ({ close: client(options), genesys: genesysClient(options) });

// A call of each kind, with the options that it is given.
const calls = {
  "a read": ({ close }, call) => close.users.me({}, call),
  "a change": ({ close }, call) => close.groups.update(group.id, { name: "Changed" }, {}, call),
  "a creation": ({ close }, call) => close.groups.create({ name: "Made" }, {}, call),
  "a deletion": ({ close }, call) => close.groups.delete(group.id, call),
  "a call of any path": ({ close }, call) => close.request({ method: "GET", path: "/me/" }, call),
  "a list as a whole": ({ close }, call) => close.users.list({ limit: 10 }, call).all(),
  "a list item by item": async ({ close }, call) => {
    for await (const _ of close.users.list({ limit: 10 }, call)) assert.fail("no item can come");
  },
  "a list page by page": ({ close }, call) => close.users.list({}, call).pages().next(),
  "the first page of a list": ({ close }, call) => close.users.list({}, call).first(),
  "all({ signal })": ({ close }, { signal, ...call }) => close.users.list({}, call).all({ signal }),
  "a read of Genesys": ({ genesys }, call) => genesys.groups.get(genesysGroup, call),
  "a change in two steps": ({ genesys }, call) =>
    genesys.groups.update(genesysGroup, { version: "latest", name: "Changed" }, call),
  "a deletion that waits": ({ genesys }, call) => genesys.groups.delete(genesysGroup, { wait: true }, call),
  "people by the hundred": ({ genesys }, call) => genesys.groups.removeMembers(genesysGroup, hundred, call),
  "a search": ({ genesys }, call) => genesys.groups.search({}, call).all(),
};

/** Aborts, and looks whether a promise has rejected before anything else could happen: no timer, no answer. */
async function giveUp(promise, controller, reason = { why: "enough" }) {
  let outcome;
  promise.then(
    (value) => (outcome = { value }),
    (error) => (outcome = { error }),
  );
  await turn();
  assert.equal(outcome, undefined, "it had ended before");
  const started = performance.now();
  controller.abort(reason);
  await turn();
  const ms = performance.now() - started;
  assert.ok(outcome && "error" in outcome, "it has not rejected");
  assert.equal(outcome.error, controller.signal.reason);
  assert.equal(outcome.error, reason);
  assert.ok(ms < 1_000, `after ${ms} ms`);
}

for (const [name, run] of Object.entries(calls)) {
  test(`${name} is given up in flight`, async () => {
    await faults({ match: { path: "/api/**" }, delayMs: 60_000 });
    const controller = new AbortController();
    const promise = run(both(), { signal: controller.signal });
    await eventually(async () => (await requests()).length === 1);
    await giveUp(promise, controller);
    // The vendor sees it go.
    await eventually(async () => (await requests())[0].aborted);
    assert.equal((await requests()).length, 1);
  });

  test(`${name} is given up while its answer is read`, async () => {
    await faults({
      match: { path: "/api/**" },
      status: 200,
      body: "x".repeat(100),
      slowBody: { bytes: 1, everyMs: 500 },
    });
    const controller = new AbortController();
    const promise = run(both(), { signal: controller.signal });
    await eventually(async () => (await requests())[0]?.status);
    await giveUp(promise, controller);
    await eventually(async () => (await requests())[0].aborted);
    assert.equal((await requests()).length, 1);
  });

  test(`${name} is given up in the queue`, async () => {
    let sent = 0;
    const fetch = () => ((sent += 1), new Promise(() => {}));
    const clients = both({ fetch, rateLimit: { requests: 1, perMs: 60_000 } });
    const queued = () =>
      [clients.close, clients.genesys].flatMap((own) => own.rateLimits().map(({ queued }) => queued));
    const [first, second] = [new AbortController(), new AbortController()];
    const one = run(clients, { signal: first.signal, share: false });
    await turn();
    const other = run(clients, { signal: second.signal, share: false });
    await turn();
    assert.deepEqual([sent, queued()], [1, [1]]);
    await giveUp(other, second);
    assert.deepEqual([sent, queued()], [1, [0]]);
    // What is in flight goes on, until it is given up, too.
    await giveUp(one, first);
    assert.equal(sent, 1);
  });

  test(`${name} is given up in the pause before another try`, async () => {
    await faults({ match: { path: "/api/**" }, status: 503, retryAfter: 50 });
    const controller = new AbortController();
    let begun;
    const pause = new Promise((resolve) => (begun = resolve));
    const promise = run(both(), { signal: controller.signal, onEvent: ({ type }) => type === "retry" && begun() });
    await pause;
    // A timer that was left behind would keep this process for a minute.
    await giveUp(promise, controller);
    assert.equal((await requests()).length, 1);
  });
}

test("the signal's own reason it is, whatever that is, in the queue and in a pause", async () => {
  const reasons = [undefined, new Error("enough"), "enough", "", null, 0, false, { enough: true }];
  for (const reason of reasons) {
    const waiting = new AbortController();
    const { genesys } = genesysOffline(() => new Promise(() => {}), { rateLimit: { requests: 1, perMs: 60_000 } });
    const first = new AbortController();
    const inFlight = rejection(genesys.groups.get("a", { signal: first.signal }));
    const inQueue = rejection(genesys.groups.get("b", { signal: waiting.signal }));
    const refused = () => new Response("{}", { status: 503, headers: { "retry-after": "50" } });
    const pausing = new AbortController();
    const inPause = rejection(offline(refused).close.users.me({}, { signal: pausing.signal }));
    await sleep(2);
    for (const [controller, outcome] of [
      [waiting, inQueue],
      [pausing, inPause],
      [first, inFlight],
    ]) {
      controller.abort(reason);
      const { error } = await outcome;
      assert.equal(error, controller.signal.reason);
      if (reason === undefined) assert.equal(error.name, "AbortError");
      else assert.equal(error, reason);
    }
  }
});

test("nothing is sent after an abort, however near the next try was", async () => {
  for (const headers of [{ "retry-after": "0" }, { "retry-after": "0.001" }, {}]) {
    shortenPauses(0);
    const { close, calls } = offline(() => new Response("{}", { status: 503, headers }));
    const controller = new AbortController();
    // As an application may that is told of the pause.
    const onEvent = ({ type }) => type === "retry" && controller.abort("enough");
    assert.equal((await rejection(close.users.me({}, { signal: controller.signal, onEvent }))).error, "enough");
    await sleep(5);
    assert.equal(calls.length, 1, JSON.stringify(headers));
    shortenPauses();
  }
});

test("a list that is given up ends all its requests, those that were sent ahead, too", async () => {
  for (const [make, path] of [
    [(call) => client().users.list({ limit: 10 }, call), "/user/"],
    [(call) => genesysClient().groups.list({ pageSize: 5 }, call), "/api/v2/groups"],
  ]) {
    for (const isItsOwn of [true, false]) {
      // Of the pages behind the first none comes.
      const match = { path: path.startsWith("/api") ? path : `/api/v1${path}` };
      await faults({ match, after: 3, delayMs: 60_000 });
      const controller = new AbortController();
      const { signal } = controller;
      const before = (await requests()).length;
      const promise = make(isItsOwn ? { signal } : {}).all({ concurrency: 6, ...(isItsOwn ? {} : { signal }) });
      const mine = async () => (await requests()).slice(before);
      await eventually(async () => (await mine()).filter(({ status }) => status === null).length >= 3);
      await giveUp(promise, controller);
      await eventually(async () => (await mine()).every(({ status, aborted }) => status !== null || aborted));
      const { length } = await mine();
      await sleep(20);
      assert.equal((await mine()).length, length);
    }
  }
});

test("an iterator that is left ends the request that was on its way", async () => {
  await faults({ match: { path: "/api/v1/user/" }, after: 1, delayMs: 60_000 });
  const iterator = client().users.list({ limit: 10 }).pages();
  await iterator.next();
  const next = iterator.next();
  await eventually(async () => (await requests()).length === 2);
  await iterator.return();
  assert.deepEqual(await next, { done: true, value: undefined });
  await eventually(async () => (await requests())[1].aborted);
});

test("a place in the queue that was given up is free for others", async () => {
  const { genesys, calls } = genesysOffline(
    { id: "g", name: "n", type: "official", rulesVisible: true, visibility: "public" },
    {
      rateLimit: { requests: 1, perMs: 30 },
    },
  );
  await genesys.groups.get("first");
  const controllers = Array.from({ length: 20 }, () => new AbortController());
  const given = controllers.map(({ signal }, at) => rejection(genesys.groups.get(`given-${at}`, { signal })));
  const last = genesys.groups.get("last");
  for (const controller of controllers) controller.abort("enough");
  for (const outcome of given) assert.equal((await outcome).error, "enough");
  await last;
  assert.deepEqual(
    calls.map(({ path }) => path.split("/").at(-1)),
    ["first", "last"],
  );
});

test("a call leaves no listener behind on its signal, however it ends", async () => {
  const watched = () => {
    const { signal } = new AbortController();
    let listening = 0;
    const proxy = new Proxy(signal, {
      get(target, key) {
        const value = Reflect.get(target, key, target);
        if (key === "addEventListener") return (...given) => ((listening += 1), value.apply(target, given));
        if (key === "removeEventListener") return (...given) => ((listening -= 1), value.apply(target, given));
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return { signal: proxy, left: () => listening };
  };
  for (const answer of [ME, () => new Response("{}", { status: 500 }), () => new Response("{}", { status: 404 })]) {
    const { signal, left } = watched();
    await offline(answer)
      .close.users.me({}, { signal })
      .catch(() => {});
    assert.equal(left(), 0);
  }
  const { signal, left } = watched();
  await offline({ data: [], has_more: false }).close.users.list({}, { signal }).all();
  assert.equal(left(), 0);
});

// ------------------------------------------------------------------------------------------ limits of time

test("the deadline ends a call in the queue, in a pause and in flight", async () => {
  await faults({ match: { path: "/api/v1/me/" }, delayMs: 60_000 });
  const close = client();
  const inFlight = await failure(orgdeck.TimeoutError, close.users.me({}, { deadlineMs: 30 }));
  assert.deepEqual([inFlight.sent, inFlight.attempts], ["maybe", 1]);
  await eventually(async () => (await requests())[0].aborted);

  // Two pauses that end before it, and a third that would not: nobody waits for what cannot be.
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    return new Response("{}", { status: 503, headers: { "retry-after": sent < 3 ? "0.02" : "50" } });
  };
  const started = performance.now();
  const paused = await failure(
    orgdeck.ServerError,
    client({ fetch }).users.me({}, { deadlineMs: 40_000, maxRetries: 100 }),
  );
  assert.ok(performance.now() - started <= 20_000);
  assert.deepEqual([paused.status, paused.attempts, sent], [503, 3, 3]);
});

test("the deadline of a list is that of all its pages", async () => {
  await faults({ match: { path: "/api/v1/user/" }, delayMs: 30 });
  const pages = client().users.list({ limit: 2 }, { deadlineMs: 500 });
  const error = await failure(orgdeck.TimeoutError, pages.all({ concurrency: 1 }));
  assert.match(error.message, /users\.list.*deadline/);
  const { items, report } = error.listing;
  assert.ok(items.length > 0 && items.length <= 34, `${items.length}`);
  assert.deepEqual([report.complete, report.reason, report.items], [false, "error", items.length]);
  // Each way through it has one of its own.
  assert.equal((await pages.first()).items.length, 2);
});

test("a call of many requests has one deadline, and says how far it got", async () => {
  const { genesys, calls } = genesysOffline((_, number) =>
    number === 1 ? new Response("{}", { status: 202 }) : new Promise(() => {}),
  );
  const error = await failure(orgdeck.TimeoutError, genesys.groups.removeMembers("g", hundred, { deadlineMs: 50 }));
  assert.deepEqual([error.attempts, error.sent, calls.length], [2, "maybe", 2]);
  const [done, failed, rest] = [hundred.slice(0, 50), hundred.slice(50, 100), hundred.slice(100)];
  assert.deepEqual(error.partial, { done, failed, rest });
});

testThatNothingLeaked();
