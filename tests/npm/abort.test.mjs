// Ending a call: by its signal, at any time and with any reason, and by its time limit.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrived,
  client,
  eventually,
  failure,
  queue,
  rejection,
  requests,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
const close = client();

class Custom extends Error {}
const reasons = {
  nothing: undefined,
  "a text": "enough",
  "an empty text": "",
  "an Error": new Custom("enough"),
  "an object": { enough: true },
  null: null,
  "a number": 0,
  false: false,
};

for (const [name, reason] of Object.entries(reasons)) {
  test(`an abort rejects at once with the signal's own reason: ${name}`, async () => {
    await queue({ path: "/me/", delay_ms: 60_000 });
    const controller = new AbortController();
    const events = [];
    const call = client({ onEvent: (event) => events.push(event) }).users.me({}, { signal: controller.signal });
    call.catch(() => {});
    await arrived("/me/");
    controller.abort(reason);
    const { error, ms } = await rejection(call);
    assert.equal(error, controller.signal.reason);
    if (reason === undefined) assert.ok(error instanceof DOMException && error.name === "AbortError");
    else assert.equal(error, reason);
    assert.ok(ms < 200, `after ${ms} ms`);
    // The request ends with it.
    await eventually(async () => (await requests())[0].aborted);
    assert.deepEqual(
      events.map(({ type, code }) => [type, code]),
      [
        ["request", undefined],
        ["failure", "abort"],
      ],
    );
  });

  test(`a signal that has aborted lets nothing be sent: ${name}`, async () => {
    const signal = AbortSignal.abort(reason);
    for (const run of [
      () => close.users.me({}, { signal }),
      () => close.groups.create({ name: "x" }, {}, { signal }),
      () => close.groups.delete("g", { signal }),
      () => close.request({ method: "POST", path: "/task/", body: {} }, { signal }),
      () => close.memberships.updateMany(["m"], {}, { signal }),
    ]) {
      assert.equal((await rejection(run())).error, signal.reason);
    }
    assert.deepEqual(await requests(), []);
  });
}

test("every call takes a signal", async () => {
  const reason = new Error("enough");
  const call = { signal: AbortSignal.abort(reason) };
  for (const run of [
    () => close.users.me(undefined, call),
    () => close.users.list(undefined, call).first(),
    () => close.users.get("u", undefined, call),
    () => close.users.availability(undefined, call),
    () => close.organizations.get("o", undefined, call),
    () => close.organizations.update("o", {}, undefined, call),
    () => close.memberships.create({ email: "a@b.example", role_id: "user" }, call),
    () => close.memberships.update("m", {}, call),
    () => close.memberships.updateMany(["m"], {}, call),
    () => close.memberships.deactivate("m", call),
    () => close.memberships.pinnedViews("m", call),
    () => close.memberships.setPinnedViews("m", [], call),
    () => close.roles.list(undefined, call).all(),
    () => close.roles.get("r", undefined, call),
    () => close.roles.create({ name: "n", permissions: [] }, call),
    () => close.roles.update("r", {}, call),
    () => close.roles.delete("r", call),
    () => close.groups.list(undefined, call).pages().next(),
    () => close.groups.get("g", undefined, call),
    () => close.groups.create({ name: "n" }, undefined, call),
    () => close.groups.update("g", { name: "n" }, undefined, call),
    () => close.groups.delete("g", call),
    () => close.groups.addMember("g", "u", call),
    () => close.groups.removeMember("g", "u", call),
    () => close.list("/task/", undefined, call).all(),
    () => close.request({ method: "GET", path: "/me/" }, call),
  ]) {
    assert.equal((await rejection(run())).error, reason, run.toString());
  }
  assert.deepEqual(await requests(), []);
});

test("one signal ends many calls, and later ones", async () => {
  await queue({ path: "/user/", delay_ms: 60_000, times: 3 });
  const controller = new AbortController();
  const calls = ["a", "b", "c"].map((id) => rejection(close.users.get(id, {}, { signal: controller.signal })));
  await eventually(async () => (await requests()).length === 3);
  controller.abort("all of you");
  for (const { error } of await Promise.all(calls)) assert.equal(error, "all of you");
  assert.equal((await rejection(close.users.get("d", {}, { signal: controller.signal }))).error, "all of you");
  await eventually(async () => (await requests()).every(({ aborted }) => aborted));
});

test("an abort after the end is of no account", async () => {
  const controller = new AbortController();
  const me = await close.users.me({}, { signal: controller.signal });
  controller.abort();
  assert.match(me.id, /^user_/);
  assert.match((await close.users.me()).id, /^user_/);
});

test("a call can be aborted while its token is fetched: nothing is sent", async () => {
  const controller = new AbortController();
  let asked;
  const waiting = new Promise((resolve) => (asked = resolve));
  const slow = client({
    auth: {
      accessToken: () => {
        asked();
        return new Promise(() => {});
      },
    },
  });
  const outcome = rejection(slow.users.me({}, { signal: controller.signal }));
  await waiting;
  controller.abort("enough");
  assert.equal((await outcome).error, "enough");
  assert.deepEqual(await requests(), []);
});

test("a call can be aborted while its answer is read", async () => {
  const controller = new AbortController();
  let reading;
  const started = new Promise((resolve) => (reading = resolve));
  let ended;
  const fetch = async (_, { signal }) => {
    signal.addEventListener("abort", () => (ended = true));
    const body = new ReadableStream({ pull: () => (reading(), new Promise(() => {})) });
    return new Response(body);
  };
  const outcome = rejection(client({ fetch }).users.me({}, { signal: controller.signal }));
  await started;
  controller.abort(7);
  assert.equal((await outcome).error, 7);
  assert.equal(ended, true);
});

test("a fetch that does not heed its signal does not hold the call", async () => {
  const controller = new AbortController();
  const outcome = rejection(client({ fetch: () => new Promise(() => {}) }).users.me({}, { signal: controller.signal }));
  controller.abort("enough");
  const { error, ms } = await outcome;
  assert.equal(error, "enough");
  assert.ok(ms < 200);
});

test("AbortSignal.timeout and AbortSignal.any are signals like any other", async () => {
  await queue({ delay_ms: 60_000 });
  const signal = AbortSignal.any([AbortSignal.timeout(20), new AbortController().signal]);
  const { error } = await rejection(close.users.me({}, { signal }));
  assert.equal(error, signal.reason);
  assert.equal(error.name, "TimeoutError");
  assert.ok(error instanceof DOMException);
});

// ------------------------------------------------------------------------------------------------- time

const late = async (make, call) => {
  await queue({ path: "/me/", delay_ms: 60_000 });
  const started = performance.now();
  const error = await failure(orgdeck.TimeoutError, make().users.me({}, { ...call, maxRetries: 0 }));
  const { name, code, vendor, status, attempts, sent } = error;
  assert.deepEqual(
    { name, code, vendor, status, attempts, sent },
    { name: "TimeoutError", code: "timeout", vendor: "close", status: undefined, attempts: 1, sent: "maybe" },
  );
  assert.match(error.message, /users\.me.*30 ms/);
  const ms = performance.now() - started;
  assert.ok(ms >= 29 && ms < 2_000, `after ${ms} ms`);
  await eventually(async () => (await requests()).at(-1).aborted);
};

test("a call that takes too long is a TimeoutError, and ends the request", async () => {
  await late(() => client({ timeoutMs: 30 }));
  await late(() => close, { timeoutMs: 30 });
  // The call's own limit counts, not the client's.
  await late(() => client({ timeoutMs: 50_000 }), { timeoutMs: 30 });
  await late(() => client({ timeoutMs: 0 }), { timeoutMs: 30 });
});

test("the limit covers the reading of the answer", async () => {
  const fetch = async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
  await failure(orgdeck.TimeoutError, client({ fetch, timeoutMs: 20 }).users.me());
});

test("each page has a limit of its own", async () => {
  const page = (id) => ({ path: "/task/", body: { data: [{ id }], has_more: true }, delay_ms: 120 });
  await queue(page("a"), page("b"), page("c"), { path: "/task/", delay_ms: 60_000 });
  const events = [];
  const slow = client({ timeoutMs: 300, maxRetries: 0, onEvent: ({ type }) => events.push(type) });
  await failure(orgdeck.TimeoutError, slow.list("/task/").all({ concurrency: 1 }));
  const whole = ["request", "response", "page"];
  assert.deepEqual(events, [...whole, ...whole, ...whole, "request", "failure"]);
});

test("0 is no limit, for the client and for a call", async () => {
  for (const [options, call] of [[{ timeoutMs: 0 }], [{ timeoutMs: 1 }, { timeoutMs: 0 }]]) {
    await queue({ path: "/task/", body: { ok: true }, delay_ms: 80 });
    assert.deepEqual(await client(options).request({ method: "GET", path: "/task/" }, call), { ok: true });
  }
});

test("a fraction of a millisecond is a limit, not none", async () => {
  await queue({ delay_ms: 60_000 });
  const error = await failure(orgdeck.TimeoutError, close.users.me({}, { timeoutMs: 0.4, maxRetries: 0 }));
  // Not the client's own 30 seconds.
  assert.match(error.message, /within 1 ms/);
});

testThatNothingLeaked();
