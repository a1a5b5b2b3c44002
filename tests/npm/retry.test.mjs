// What is tried again, when, and how often: against faults of the sandbox, whose log and data say what came of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  api,
  client,
  entities,
  everything,
  failure,
  faults,
  genesysClient,
  genesysOffline,
  offline,
  rejection,
  requests,
  sent,
  shortenPauses,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
shortenPauses();

const GROUPS = "/api/v2/groups";
const NEW = { name: "Once", type: "official", rulesVisible: true, visibility: "public" };
/** A group of Close that nothing hangs on. */
const group = (await everything("/group/")).find(({ name }) => name !== "Enterprise Sales");
/** One of Genesys with dynamic settings. */
const dynamic = await (async () => {
  for (const { id } of await entities(GROUPS)) {
    const found = await api("GET", `${GROUPS}/${id}/dynamicsettings`).catch(() => null);
    if (found) return { id, query: found.query };
  }
  return assert.fail("no group has dynamic settings");
})();

// One call of each kind: what it is sent as, and what the data says once it has been done.
const calls = {
  close: {
    GET: { run: (close) => close.groups.get(group.id) },
    PUT: {
      run: (close) => close.groups.update(group.id, { name: "Renamed" }),
      isDone: async () => (await everything("/group/")).filter(({ name }) => name === "Renamed").length === 1,
    },
    POST: {
      run: (close) => close.groups.create({ name: "Once" }),
      count: async () => (await everything("/group/")).filter(({ name }) => name === "Once").length,
    },
    DELETE: {
      run: (close) => close.groups.delete(group.id),
      isDone: async () => !(await everything("/group/")).some(({ id }) => id === group.id),
    },
  },
  genesys: {
    GET: { run: (genesys) => genesys.groups.get(dynamic.id) },
    PUT: { run: (genesys) => genesys.groups.dynamicSettings.set(dynamic.id, dynamic.query) },
    POST: {
      run: (genesys) => genesys.groups.create(NEW),
      count: async () => (await entities(GROUPS)).filter(({ name }) => name === "Once").length,
    },
    DELETE: {
      run: (genesys) => genesys.groups.dynamicSettings.delete(dynamic.id),
      isDone: async () => (await api("GET", `${GROUPS}/${dynamic.id}/dynamicsettings`).catch(() => null)) === null,
    },
  },
};
const makers = { close: client, genesys: genesysClient };

// Faults that pass. Of a call that makes something new: the class that it fails with, whether it was sent, and how many
// there are then; or null, when it is tried again, too.
const passing = {
  408: [{ status: 408 }, "TimeoutError", "yes", 0],
  500: [{ status: 500 }, "ServerError", "yes", 0],
  "502, as a proxy shows it": [{ html: 502 }, "ServerError", "yes", 0],
  503: [{ status: 503 }, "ServerError", "yes", 0],
  "503 with a time": [{ status: 503, retryAfter: 0.01 }, null],
  504: [{ status: 504 }, "ServerError", "yes", 0],
  "429 with a time": [{ status: 429, retryAfter: 0.01 }, null],
  "a connection cut before": [{ reset: "before" }, "NetworkError", "maybe", 0],
  "a connection cut when it was done": [{ reset: "after" }, "NetworkError", "maybe", 1],
  "a connection cut in the answer": [{ reset: "body" }, "NetworkError", "yes", 1],
};

for (const [vendor, methods] of Object.entries(calls)) {
  for (const [name, [fault, Class, sentIs, made]] of Object.entries(passing)) {
    test(`${vendor}: ${name} is tried again, but for what makes something new`, async () => {
      for (const [method, { run, isDone, count }] of Object.entries(methods)) {
        await faults({ match: { method, path: "/api/**" }, times: 1, ...fault });
        const { result, requests } = await sent(() =>
          run(makers[vendor]()).then(
            () => null,
            (error) => error,
          ),
        );
        const label = JSON.stringify(requests.map(({ method, status }) => [method, status]));
        if (method === "POST" && Class !== null) {
          assert.ok(result instanceof orgdeck[Class], `${label} ${result}`);
          assert.deepEqual([result.sent, result.attempts, requests.length], [sentIs, 1, 1], label);
        } else {
          assert.equal(result, null, label);
          assert.equal(requests.length, 2, label);
        }
        assert.ok(!isDone || (await isDone()), label);
        // Never twice, and not at all where the fault came before.
        if (count) assert.equal(await count(), Class === null ? 1 : made, label);
      }
    });
  }
}

test("a slow answer is an answer", async () => {
  await faults({ slowBody: { bytes: 100, everyMs: 1 } });
  const { result, requests } = await sent(() => client().users.me());
  assert.match(result.id, /^user_/);
  assert.equal(requests.length, 1);
});

test("what is final is not tried again", async () => {
  for (const [fault, Class] of [
    [{ status: 400 }, "ValidationError"],
    [{ status: 402 }, "PlanLimitError"],
    [{ status: 403 }, "PermissionError"],
    [{ status: 404 }, "NotFoundError"],
    [{ status: 409 }, "ConflictError"],
    [{ status: 501 }, "ServerError"],
    [{ html: 200 }, "DecodeError"],
    [{ truncate: true }, "DecodeError"],
  ]) {
    for (const [vendor, { GET }] of Object.entries(calls)) {
      await faults({ match: { path: "/api/**" }, ...fault });
      const { result: error, requests } = await sent(() => failure(orgdeck[Class], GET.run(makers[vendor]())));
      assert.deepEqual([requests.length, error.attempts, error.sent], [1, 1, "yes"], JSON.stringify(fault));
    }
  }
});

// ------------------------------------------------------------------------------------------- what is repeated

test("reads that are sent as a POST are tried again, and so are changes that twice are as once", async () => {
  const [{ id: membership }] = (await api("GET", "/me/")).memberships;
  const ids = Array.from({ length: 60 }, (_, at) => `user_${at}_${"x".repeat(40)}`);
  const [{ id }] = await entities(GROUPS);
  for (const [run, ...expected] of [
    // Too long for an address.
    [
      () =>
        client()
          .list("/user/", { where: { id: { in: ids } } })
          .first(),
      "POST",
      "/user/",
    ],
    [() => client().memberships.updateMany([membership], { auto_record_calls: "enabled" }), "PUT", "/membership/"],
    [
      () =>
        client()
          .groups.addMember(group.id, group.members?.[0]?.id ?? "user_nobody")
          .catch(() => {}),
      "POST",
      null,
    ],
    [
      () =>
        genesysClient()
          .groups.search({ where: { all: true } })
          .first(),
      "POST",
      `${GROUPS}/search`,
    ],
    [() => genesysClient().groups.dynamicSettings.preview(dynamic.query), "POST", `${GROUPS}/dynamicsettings/preview`],
    [
      () =>
        genesysClient()
          .groups.removeMembers(id, ["nobody"])
          .catch(() => {}),
      "DELETE",
      null,
    ],
  ]) {
    await faults({ times: 1, status: 500 });
    const { requests } = await sent(run);
    const [method, path] = expected;
    assert.deepEqual([requests.length, requests[0].status], [2, 500], `${method} ${requests[0].path}`);
    for (const request of requests) assert.equal(request.method, method);
    if (path) assert.equal(requests[1].path, path);
    // The same once more.
    assert.deepEqual(requests[1].body, requests[0].body);
  }
});

test("calls of any path are tried again by their method", async () => {
  for (const [method, requested] of [
    ["GET", 2],
    ["PUT", 2],
    ["DELETE", 2],
    ["POST", 1],
  ]) {
    const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
    for (const { client, calls } of [
      { ...offline((_, number) => (number === 1 ? new Response("{}", { status: 500 }) : {})) },
      { ...genesysOffline((_, number) => (number === 1 ? new Response("{}", { status: 500 }) : {})) },
    ].map(({ close, genesys, calls }) => ({ client: close ?? genesys, calls }))) {
      const path = client instanceof orgdeck.Close ? "/task/" : "/api/v2/x";
      await client.request({ method, path, ...body }).catch((error) => assert.equal(error.status, 500));
      assert.equal(calls.length, requested, method);
    }
  }
});

test("people are added to a group of Genesys once, whatever becomes of the answer", async () => {
  const [{ id }] = await entities(GROUPS);
  await faults({ match: { method: "POST", path: `${GROUPS}/*/members` }, reset: "after" });
  const users = (await entities("/api/v2/users")).slice(0, 3).map(({ id }) => id);
  const { result: error, requests } = await sent(() =>
    failure(orgdeck.NetworkError, genesysClient().groups.addMembers(id, users)),
  );
  assert.equal(requests.length, 1);
  assert.deepEqual([error.sent, error.partial], ["maybe", { done: [], failed: users, rest: [] }]);
});

test("what was surely not sent is tried again, also when it makes something new", async () => {
  const refused = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }));
  const answer = { id: "g", name: "n", organization_id: "o" };
  const { close, calls } = offline((_, number) => (number < 3 ? refused() : answer));
  assert.equal((await close.groups.create({ name: "n" })).id, "g");
  assert.equal(calls.length, 3);

  // Nor is anything sent by a page that is offline.
  const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  const away = offline((_, number) => {
    if (number === 1) return Promise.reject(new TypeError("Failed to fetch"));
    return answer;
  });
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
  try {
    assert.equal((await away.close.groups.create({ name: "n" })).id, "g");
    assert.equal(away.calls.length, 2);
  } finally {
    if (navigator) Object.defineProperty(globalThis, "navigator", navigator);
    else delete globalThis.navigator;
  }

  const never = offline(refused);
  const error = await failure(orgdeck.NetworkError, never.close.groups.create({ name: "n" }));
  assert.deepEqual([error.sent, error.attempts, never.calls.length], ["no", 4, 4]);
  // What may have been sent before stays so.
  const mixed = offline((_, number) => (number === 1 ? new Response("{}", { status: 500 }) : refused()));
  assert.equal((await failure(orgdeck.NetworkError, mixed.close.users.me())).sent, "yes");
});

test("a deletion whose answer was lost has been done when there is nothing left to delete", async () => {
  for (const [vendor, { DELETE }] of Object.entries(calls)) {
    await faults({ match: { method: "DELETE" }, times: 1, reset: "after" });
    const { result, requests } = await sent(() => DELETE.run(makers[vendor]()));
    assert.equal(result, undefined);
    assert.deepEqual(
      requests.map(({ method, status }) => [method, status]),
      [
        ["DELETE", null],
        ["DELETE", 404],
      ],
    );
  }
  await faults({ match: { method: "DELETE" }, times: 1, reset: "after" });
  assert.equal(await client().request({ method: "DELETE", path: "/group/group_none/" }), undefined);
});

test("a deletion of what was never there is a NotFoundError", async () => {
  for (const before of [[], [{ times: 1, status: 429, retryAfter: 0.01 }]]) {
    await faults(...before);
    const { requests } = await sent(() => failure(orgdeck.NotFoundError, client().groups.delete("group_none")));
    // One that was refused was not carried out.
    assert.equal(requests.length, 1 + before.length);
  }
});

// ----------------------------------------------------------------------------------------------------- when

/** The pause that a call makes before its second try, as its event tells. It is given up there. */
async function pauseAfter(fault, run, options) {
  await faults({ match: { path: "/api/**" }, ...fault });
  const controller = new AbortController();
  let pause;
  const onEvent = (event) => {
    if (event.type !== "retry") return;
    pause = event;
    controller.abort("seen");
  };
  const { error } = await rejection(run({ ...options, onEvent }, { signal: controller.signal }));
  assert.equal(error, "seen");
  return pause;
}
const ofClose = (options, call) => client(options).users.me({}, call);
const ofGenesys = (options, call) => genesysClient(options).groups.get(dynamic.id, call);

test("the vendor's time to wait is kept, however it is written", async () => {
  const said = (text) => ({ status: 429, body: { message: text, code: "too.many.requests" } });
  for (const [run, fault, ms] of [
    [ofClose, { status: 429, retryAfter: 2 }, 2_000],
    [ofClose, { status: 503, retryAfter: 1.5 }, 1_500],
    [ofClose, { status: 429, retryAfter: 0 }, 0],
    [ofClose, { status: 429, retryAfter: 1, headers: { RateLimit: "limit=100, remaining=0, reset=0.85" } }, 850],
    [ofClose, { status: 429, headers: { RateLimit: "limit=100, remaining=0, reset=12.5" } }, 12_500],
    [ofClose, { html: 503, retryAfter: 4 }, 4_000],
    [ofGenesys, { status: 429, retryAfter: 7 }, 7_000],
    [ofGenesys, { status: 429, retryAfter: 7, silent: true }, 7_000],
    [ofGenesys, { status: 503, retryAfter: 3 }, 3_000],
    // In the text alone, as pages see it whom the header is kept from.
    [ofGenesys, said("Rate limit exceeded the maximum. Retry the request in [12] seconds"), 12_000],
    [ofGenesys, said("Rate limit exceeded the maximum [300] requests within [45] seconds"), 45_000],
  ]) {
    const pause = await pauseAfter(fault, run);
    const { attempt, code, status } = pause;
    assert.equal(pause.ms, ms, JSON.stringify(fault));
    const expected = fault.status === 429 ? "rate_limit" : "server";
    assert.deepEqual({ attempt, code, status }, { attempt: 2, code: expected, status: fault.status ?? fault.html });
  }
});

test("a date to wait for is one of the computer's clock", async () => {
  for (const run of [ofClose, ofGenesys]) {
    // Dates have whole seconds; the sandbox rounds up.
    const { ms } = await pauseAfter({ status: 503, retryAfter: { date: 30 } }, run);
    assert.ok(ms > 25_000 && ms <= 31_000, `${ms}`);
    assert.equal((await pauseAfter({ status: 503, retryAfter: { date: -30 } }, run)).ms, 0);
  }
  // The clock that counts milliseconds for pages may have stood still for as long as the computer slept.
  const { now } = Date;
  Date.now = () => now() + 3_600_000;
  try {
    const headers = { "retry-after": new Date(Date.now() + 30_000).toUTCString() };
    const fetch = async () => new Response("{}", { status: 429, headers });
    const { ms } = await pauseAfter({ status: 503 }, (options, call) => ofClose({ ...options, fetch }, call));
    assert.ok(ms > 25_000 && ms <= 30_000, `${ms}`);
  } finally {
    Date.now = now;
  }
});

test("without a time the pause grows, and is random so that clients do not come back together", async () => {
  for (const run of [ofClose, ofGenesys]) {
    for (const fault of [{ status: 500, retryAfter: 9 }, { status: 503 }, { html: 502 }, { reset: "before" }]) {
      for (const part of [0, 0.5, 0.99]) {
        shortenPauses(part);
        assert.equal((await pauseAfter(fault, run)).ms, 500 * part);
      }
    }
    // Too many requests are not made more: there is a floor where no time is said, or it may not be read.
    shortenPauses(0);
    assert.equal((await pauseAfter({ status: 429 }, run)).ms, 1_000);
    shortenPauses();
  }
  await faults({ status: 500 });
  const pauses = [];
  const onEvent = ({ type, ms }) => type === "retry" && pauses.push(ms);
  await failure(orgdeck.ServerError, client({ onEvent, maxRetries: 4 }).users.me());
  assert.deepEqual(pauses, [5, 10, 20, 40]);
});

test("nobody is waited for longer than maxWaitMs, a minute unless it is given", async () => {
  for (const run of [ofClose, ofGenesys]) {
    assert.equal((await pauseAfter({ status: 429, retryAfter: 3600 }, run)).ms, 60_000);
    assert.equal((await pauseAfter({ status: 429, retryAfter: 3600 }, run, { maxWaitMs: 1_234.5 })).ms, 1_235);
    assert.equal((await pauseAfter({ status: 503, retryAfter: { date: 99 } }, run, { maxWaitMs: 70 })).ms, 70);
    assert.equal((await pauseAfter({ status: 429, retryAfter: 2 }, run, { maxWaitMs: 5_000 })).ms, 2_000);
  }
});

test("a wait is waited, and not beyond", async () => {
  await faults({ times: 1, status: 503, retryAfter: 0.15 });
  const started = performance.now();
  await client().users.me();
  const ms = performance.now() - started;
  assert.ok(ms >= 149 && ms < 3_000, `after ${ms} ms`);
});

// ------------------------------------------------------------------------------------------------ how often

test("a call is tried four times, and the error says so", async () => {
  for (const [fault, Class, sentIs] of [
    [{ status: 503 }, "ServerError", "yes"],
    [{ status: 429, retryAfter: 0.01 }, "RateLimitError", "yes"],
    [{ reset: "before" }, "NetworkError", "maybe"],
  ]) {
    for (const [vendor, { GET }] of Object.entries(calls)) {
      await faults({ match: { path: "/api/**" }, ...fault });
      const { result: error, requests } = await sent(() => failure(orgdeck[Class], GET.run(makers[vendor]())));
      assert.deepEqual([requests.length, error.attempts, error.sent], [4, 4, sentIs], JSON.stringify(fault));
    }
  }
});

test("maxRetries is the client's, or the call's own", async () => {
  await faults({ match: { path: "/api/**" }, status: 500 });
  for (const [options, call, requested] of [
    [{ maxRetries: 0 }, undefined, 1],
    [{ maxRetries: 1 }, undefined, 2],
    [{ maxRetries: 5 }, { maxRetries: 0 }, 1],
    [{ maxRetries: 0 }, { maxRetries: 2 }, 3],
    [{}, { maxRetries: 6 }, 7],
    [{ maxRetries: undefined }, { maxRetries: undefined }, 4],
  ]) {
    const { result: error, requests } = await sent(() =>
      failure(orgdeck.ServerError, client(options).users.me({}, call)),
    );
    assert.deepEqual([requests.length, error.attempts], [requested, requested]);
    const listing = await sent(() => failure(orgdeck.ServerError, client(options).users.list({}, call).all()));
    assert.deepEqual([listing.requests.length, listing.result.attempts], [requested, requested]);
  }
});

test("each try has a time limit of its own", async () => {
  await faults({ times: 2, delayMs: 60_000 });
  const started = performance.now();
  const { requests } = await sent(() => client({ timeoutMs: 500 }).users.me({}, { timeoutMs: 150 }));
  assert.ok(performance.now() - started >= 299);
  assert.deepEqual(
    requests.map(({ status }) => status),
    [null, null, 200],
  );
});

// -------------------------------------------------------------------------------------------- the deadline

test("a pause that would end behind the deadline is not begun", async () => {
  for (const run of [ofClose, ofGenesys]) {
    await faults({ match: { path: "/api/**" }, status: 429, retryAfter: 30 });
    const { result: error, requests } = await sent(() =>
      failure(orgdeck.RateLimitError, run({}, { deadlineMs: 20_000 })),
    );
    assert.deepEqual([requests.length, error.retryAfterMs], [1, 30_000]);
  }
});

test("a request in flight is given up at the deadline", async () => {
  await faults({ delayMs: 60_000 });
  const started = performance.now();
  for (const run of [
    (call) => client().users.me({}, call),
    (call) => client().groups.create({ name: "x" }, {}, call),
    (call) => client().users.list({}, call).all(),
    (call) => genesysClient().groups.update(dynamic.id, { version: "latest", name: "x" }, call),
  ]) {
    const { result: error, requests } = await sent(() => failure(orgdeck.TimeoutError, run({ deadlineMs: 50 })));
    assert.match(error.message, /deadline/);
    assert.deepEqual([error.attempts, error.sent, error.status, requests.length], [1, "maybe", undefined, 1]);
  }
  const ms = performance.now() - started;
  assert.ok(ms >= 4 * 49 && ms < 8_000, `after ${ms} ms`);
});

test("a deadline of 0 is none", async () => {
  await faults({ times: 1, delayMs: 30 });
  assert.match((await client().users.me({}, { deadlineMs: 0 })).id, /^user_/);
});

// ---------------------------------------------------------------------------------------------- the budget

test("a server that is down is left alone soon, however many calls there are", async () => {
  shortenPauses(0);
  const GOOD = { id: "g", name: "n", organization_id: "o", members: [] };
  let isDown = true;
  const answer = ({ path }) => (isDown || path.includes("broken") ? new Response("{}", { status: 500 }) : GOOD);
  const { close, calls } = offline(answer);
  const results = await Promise.all(
    Array.from({ length: 60 }, (_, at) => rejection(close.groups.get(`group_${at}`, {}, { maxRetries: 5 }))),
  );
  // 100 tries more than there are calls.
  assert.equal(calls.length, 60 + 100);
  const cut = results.filter(({ error }) => /not tried again, because too much has failed lately/.test(error.message));
  assert.ok(cut.length >= 40, `${cut.length}`);
  const tries = results.reduce((sum, { error }) => sum + error.attempts, 0);
  assert.equal(tries, calls.length);

  // The vendor's own times are always kept.
  const before = calls.length;
  const asked = offline((_, number) =>
    number === 1 ? new Response("{}", { status: 503, headers: { "retry-after": "0" } }) : GOOD,
  );
  await asked.close.groups.get("g");
  assert.equal(asked.calls.length, 2);
  assert.equal(calls.length, before);

  // Whatever succeeds gives a little back.
  isDown = false;
  for (let at = 0; at < 5; at += 1) await close.groups.get("group_good");
  const healed = calls.length;
  await failure(orgdeck.ServerError, close.groups.get("broken"));
  assert.equal(calls.length - healed, 2);
  shortenPauses();
});

testThatNothingLeaked();
