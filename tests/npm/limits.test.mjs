// Rate limits: requests are held back before the vendor refuses them, those that run in the background first; and what
// is held back, for how long, and what is left is there for an app to show.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  client,
  entities,
  eventually,
  everything,
  failure,
  GENESYS,
  GENESYS_TOKEN,
  genesysClient,
  genesysOffline,
  limits,
  offline,
  rejection,
  start,
  stats,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();

const users = await everything("/user/");
const [group] = await entities("/api/v2/groups");

const ME = { id: "user_a", email: "a@b.example", first_name: null, last_name: null, organizations: [] };
const GROUP = { id: "g", name: "n", type: "official", rulesVisible: true, visibility: "public" };

const GROUP_TO_BE = { name: "n", type: "official", rulesVisible: true, visibility: "public" };

/** Lets somebody else decide when a promise ends. */
function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
}

/** Everything that is due by now has been done. */
const settled = () => sleep(5);

// ------------------------------------------------------------------------------------------- what is shown

test("nothing is known before the first request", () => {
  assert.deepEqual(client().rateLimits(), []);
  assert.deepEqual(genesysClient().rateLimits(), []);
});

test("what Close says of its limits is shown, for each endpoint by itself", async () => {
  await limits({ close: "20/min" });
  const close = client();
  await close.users.me();
  await close.users.get(users[0].id);
  await close.users.get(users[1].id);
  await close.request({ method: "GET", path: "/role/admin/" });
  await close.request({ method: "GET", path: "/role/user/" });
  const states = close.rateLimits();
  for (const { resetMs } of states) assert.ok(resetMs > 0 && resetMs <= 60_100, `${resetMs}`);
  assert.deepEqual(
    states.map(({ resetMs, ...state }) => state),
    [
      { group: "GET /me/", limit: 20, remaining: 19, queued: 0, inFlight: 0 },
      { group: "GET /user/{id}/", limit: 20, remaining: 18, queued: 0, inFlight: 0 },
      // Of any other path nobody knows which parts are ids.
      { group: "GET *", limit: 20, remaining: 18, queued: 0, inFlight: 0 },
    ],
  );
});

test("what is used up by others counts", async () => {
  await limits({ close: "20/min" });
  const [one, other] = [client(), client()];
  for (const { id } of users.slice(0, 3)) await other.users.get(id);
  await one.users.get(users[0].id);
  assert.deepEqual(
    one.rateLimits().map(({ limit, remaining }) => [limit, remaining]),
    [[20, 16]],
  );
});

test("a vendor that says nothing has no numbers", async () => {
  const close = client();
  await close.users.me();
  assert.deepEqual(close.rateLimits(), [
    { group: "GET /me/", limit: null, remaining: null, resetMs: 0, queued: 0, inFlight: 0 },
  ]);
});

test("Genesys has 300 a minute for a token, for all endpoints together", async () => {
  const genesys = new orgdeck.Genesys({ auth: { accessToken: GENESYS_TOKEN }, baseUrl: GENESYS });
  await genesys.groups.get(group.id);
  await genesys.fieldConfig("group");
  const [{ resetMs, ...state }, ...others] = genesys.rateLimits();
  assert.deepEqual(others, []);
  assert.deepEqual(state, { group: "", limit: 300, remaining: 298, queued: 0, inFlight: 0 });
  assert.ok(resetMs > 50_000 && resetMs <= 60_000, `${resetMs}`);
});

test("what is in flight and what waits is shown, and what is free then", async () => {
  const { open, opened } = gate();
  const { genesys } = genesysOffline(async () => (await opened, GROUP), { rateLimit: { requests: 3, perMs: 100 } });
  const calls = Array.from({ length: 5 }, (_, at) => genesys.groups.get(`g${at}`));
  await settled();
  const [{ resetMs, ...state }] = genesys.rateLimits();
  assert.deepEqual(state, { group: "", limit: 3, remaining: 0, queued: 2, inFlight: 3 });
  open();
  await Promise.all(calls);
  const [after] = genesys.rateLimits();
  assert.deepEqual([after.queued, after.inFlight], [0, 0]);
  await sleep(110);
  assert.deepEqual(genesys.rateLimits(), [{ group: "", limit: 3, remaining: 3, resetMs: 0, queued: 0, inFlight: 0 }]);
});

// ----------------------------------------------------------------------------------------- what is held back

test("a limit of one's own is kept: never more requests than it allows in its time", async () => {
  for (const make of [
    (options) => {
      const { genesys, calls } = genesysOffline(GROUP, options);
      return { run: (id) => genesys.groups.get(id), calls };
    },
    (options) => {
      const { close, calls } = offline(ME, options);
      return { run: (id) => close.users.get(id), calls };
    },
  ]) {
    const times = [];
    const rateLimit = { requests: 5, perMs: 100 };
    const { run, calls } = make({
      rateLimit,
      onEvent: ({ type }) => type === "request" && times.push(performance.now()),
    });
    await Promise.all(Array.from({ length: 17 }, (_, at) => run(`id_${at}`)));
    assert.equal(calls.length, 17);
    assert.equal(times.length, 17);
    for (let at = 5; at < 17; at += 1) {
      const ms = times[at] - times[at - 5];
      assert.ok(ms >= 99, `${at}: ${ms} ms after the fifth before`);
    }
    // In three waits, and no more.
    assert.ok(times.at(-1) - times[0] < 3_000);
  }
});

test("Close's limit is kept from its answers alone: nothing is refused", async () => {
  await limits({ close: "20/s" });
  const waits = [];
  const close = client({ onEvent: (event) => event.type === "wait" && waits.push(event) });
  const found = await Promise.all(users.slice(0, 50).map(({ id }) => close.users.get(id, { fields: ["id"] })));
  assert.deepEqual(
    found.map(({ id }) => id),
    users.slice(0, 50).map(({ id }) => id),
  );
  const { tooManyRequests, requests } = await stats();
  assert.deepEqual({ tooManyRequests, requests }, { tooManyRequests: 0, requests: 50 });
  // Whoever waits says so, once.
  assert.ok(waits.length >= 20, `${waits.length}`);
  assert.equal(new Set(waits.map(({ call }) => call)).size, waits.length);
  for (const { operation, attempt, ms } of waits) {
    assert.deepEqual([operation, attempt], ["users.get", 1]);
    assert.ok(ms > 0 && ms <= 2_100, `${ms}`);
  }
});

test("Genesys' limit is kept, which its answers do not tell: nothing is refused", async () => {
  await limits({ genesys: "20/s" });
  const genesys = genesysClient({ rateLimit: { requests: 20, perMs: 1_000 } });
  const groups = await entities("/api/v2/groups");
  await limits({ genesys: "20/s" });
  const before = (await stats()).requests;
  await Promise.all(groups.slice(0, 30).map(({ id }) => genesys.groups.get(id)));
  const { tooManyRequests, requests } = await stats();
  assert.deepEqual([tooManyRequests, requests - before], [0, 30]);
});

test("a listing and what somebody clicks on meanwhile keep one limit", async () => {
  await limits({ close: "20/s" });
  const close = client();
  const clicks = [];
  const onPage = () => clicks.push(close.users.list({ limit: 1, skip: clicks.length }).first());
  const { items, report } = await close.users.list({ limit: 10 }).all({ onPage });
  assert.deepEqual(
    (await Promise.all(clicks)).map(({ items: [{ id }] }) => id),
    users.slice(0, 20).map(({ id }) => id),
  );
  assert.deepEqual(items, users);
  assert.ok(report.waitedMs > 0);
  assert.equal((await stats()).tooManyRequests, 0);
});

test("whoever is refused all the same waits, and is answered in the end", async () => {
  // Somebody else has used up what there was.
  await limits({ genesys: "20/s" });
  const reasons = [];
  const genesys = genesysClient({ onEvent: ({ type, code }) => type === "retry" && reasons.push(code) });
  const groups = await Promise.all(Array.from({ length: 30 }, () => genesys.groups.get(group.id, { share: false })));
  for (const { id } of groups) assert.equal(id, group.id);
  const { tooManyRequests } = await stats();
  assert.ok(tooManyRequests > 0);
  assert.deepEqual(reasons, Array(tooManyRequests).fill("rate_limit"));
});

test("while nothing is known of an endpoint's limit, four go at once", async () => {
  const { open, opened } = gate();
  const { close, calls } = offline(async () => (await opened, ME));
  const all = Promise.all([
    ...Array.from({ length: 10 }, (_, at) => close.users.get(`user_${at}`)),
    close.users.me(),
    close.users.me({ fields: ["id", "email"] }),
  ]);
  await settled();
  // Each endpoint by itself.
  assert.equal(calls.length, 4 + 2);
  open();
  await all;
  // The first answers said of no limit, so there is none.
  const later = Promise.all(Array.from({ length: 10 }, (_, at) => close.users.get(`user_${at}`)));
  await settled();
  await later;
  assert.equal(calls.length, 12 + 10);
});

test("a window that is nearly used up lets through what is left, and the rest when it is over", async () => {
  const times = [];
  const headers = { ratelimit: "limit=10, remaining=2, reset=0.4" };
  const { close } = offline(() => {
    times.push(performance.now());
    return new Response(JSON.stringify(ME), { headers: times.length === 1 ? headers : {} });
  });
  await close.users.get("user_a");
  await Promise.all(["b", "c", "d", "e"].map((id) => close.users.get(id)));
  const [first, second, third, fourth, fifth] = times;
  assert.ok(third - first < 390, "what is left goes at once");
  assert.ok(fourth - first >= 400, `${fourth - first}`);
  assert.ok(fifth >= fourth && second >= first);
});

test("a 429 holds back what else would meet it, and nothing more", async () => {
  for (const [options, isShared] of [
    // Close's endpoints have limits of their own.
    [{ make: offline, name: "close" }, false],
    [{ make: genesysOffline, name: "genesys" }, true],
  ]) {
    const times = [];
    const made = options.make(({ path }, number) => {
      times.push([path.split("?")[0], performance.now()]);
      const answer = { ...ME, ...GROUP, organization_id: "o", members: [], entities: [] };
      const refused = { status: 429, headers: { "retry-after": "0.4" } };
      return number === 1 ? new Response("{}", refused) : answer;
    });
    const { groups, ...api } = made[options.name];
    const first = groups.get("a");
    await settled();
    const started = times[0][1];
    await Promise.all([first, groups.get("b"), api.users?.me() ?? api.fieldConfig("group")]);
    const after = Object.fromEntries(times.slice(1).map(([path, time]) => [path, time - started]));
    const held = Object.entries(after).filter(([, ms]) => ms >= 399);
    assert.equal(held.length, isShared ? 3 : 2, JSON.stringify(after));
    if (!isShared) assert.ok(after["/me/"] < 390, JSON.stringify(after));
  }
});

test("a request that is lost leaves its place to others", async () => {
  let isLost = true;
  const { close, calls } = offline(() => (isLost ? Promise.reject(new TypeError("lost")) : ME));
  const call = { maxRetries: 0 };
  for (let at = 0; at < 9; at += 1) await failure(orgdeck.NetworkError, close.users.get(`user_${at}`, {}, call));
  isLost = false;
  assert.deepEqual(await close.users.get("user_a"), ME);
  assert.equal(calls.length, 10);
});

// ------------------------------------------------------------------------------------------------- in which order

test("those go first that came first, and what runs in the background goes last", async () => {
  const { open, opened } = gate();
  const order = [];
  const { genesys } = genesysOffline(
    async ({ path }) => {
      order.push(path);
      if (path.endsWith("/first")) await opened;
      return { ...GROUP, entities: [] };
    },
    { rateLimit: { requests: 1, perMs: 10 } },
  );
  const calls = [genesys.groups.get("first")];
  await settled();
  for (const call of [
    // In the background unless told otherwise.
    () => genesys.list("/api/v2/listed").all(),
    () => genesys.groups.get("told", { background: true }),
    () => genesys.groups.get("clicked"),
    () => genesys.list("/api/v2/wanted", {}, { background: false }).all(),
    // Somebody looks at it now.
    () => genesys.list("/api/v2/seen").first(),
    () => genesys.groups.get("again"),
  ]) {
    calls.push(call());
    await settled();
  }
  open();
  await Promise.all(calls);
  assert.deepEqual(
    order.map((path) => path.split("/").at(-1)),
    ["first", "clicked", "wanted", "seen", "again", "listed", "told"],
  );
});

test("a listing leaves room for whoever does not want to wait behind it", async () => {
  // Of 20 requests one is kept.
  const { open, opened } = gate();
  const paths = [];
  const { genesys } = genesysOffline(
    async ({ path }) => {
      paths.push(path);
      await opened;
      return { entities: [GROUP], ...GROUP, pageCount: 1 };
    },
    { rateLimit: { requests: 20, perMs: 500 } },
  );
  const listings = Array.from({ length: 25 }, (_, at) => genesys.list(`/api/v2/list-${at}`).all());
  await settled();
  assert.equal(paths.length, 19);
  const clicked = genesys.groups.get("clicked");
  await settled();
  assert.equal(paths.at(-1), "/api/v2/groups/clicked");
  open();
  await Promise.all([...listings, clicked]);
  assert.equal(paths.length, 26);
});

// -------------------------------------------------------------------------------------------- the deadline

test("a call that would have to wait beyond its deadline rejects at once, and nothing is sent", async () => {
  const options = { rateLimit: { requests: 1, perMs: 60_000 } };
  const { genesys, calls } = genesysOffline(GROUP, options);
  const { close, calls: closeCalls } = offline(ME, options);
  await Promise.all([genesys.groups.get("g"), close.users.get("user_a")]);
  for (const run of [
    (call) => genesys.groups.get("g", call),
    (call) => genesys.groups.create(GROUP_TO_BE, call),
    (call) => genesys.list("/api/v2/x", {}, call).all(),
    (call) => close.users.get("user_b", {}, call),
  ]) {
    const events = [];
    const onEvent = ({ type }) => events.push(type);
    const { error, ms } = await rejection(run({ deadlineMs: 9_000, onEvent }));
    assert.ok(error instanceof orgdeck.TimeoutError, `${error}`);
    assert.match(error.message, /rate limit.*deadline/);
    assert.deepEqual([error.sent, error.attempts, error.status, events], ["no", 0, undefined, []]);
    assert.ok(error.retryAfterMs > 50_000 && error.retryAfterMs <= 60_000);
    assert.ok(ms < 2_000, `after ${ms} ms`);
  }
  assert.deepEqual([calls.length, closeCalls.length], [1, 1]);
});

test("a call that can wait before its deadline waits", async () => {
  const { genesys, calls } = genesysOffline(GROUP, { rateLimit: { requests: 1, perMs: 60 } });
  await genesys.groups.get("a");
  assert.equal((await genesys.groups.get("b", { deadlineMs: 5_000 })).id, "g");
  assert.equal(calls.length, 2);
});

test("a deadline that comes while a call waits ends it, and its place is free", async () => {
  const { open, opened } = gate();
  const { close, calls } = offline(async () => (await opened, ME));
  // Nobody can say how long these take.
  const before = Array.from({ length: 4 }, (_, at) => close.users.get(`user_${at}`));
  await settled();
  const error = await failure(orgdeck.TimeoutError, close.users.get("late", {}, { deadlineMs: 40 }));
  assert.deepEqual([error.sent, error.attempts], ["no", 0]);
  assert.equal(close.rateLimits()[0].queued, 0);
  open();
  await Promise.all(before);
  await eventually(async () => close.rateLimits()[0].inFlight === 0);
  assert.equal(calls.length, 4);
});

testThatNothingLeaked();
