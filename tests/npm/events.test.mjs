// What an application is told while calls are under way: every kind of event, whose it is, and that it tells nothing of
// people and credentials.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";

import {
  client,
  entities,
  everything,
  failure,
  faults,
  genesysClient,
  genesysOffline,
  limits,
  offline,
  queue,
  refused,
  rejection,
  shortenPauses,
  start,
  testThatNothingLeaked,
  TOKEN,
} from "./helper.mjs";

const orgdeck = await start();
shortenPauses();

const GROUPS = "/api/v2/groups";
const users = await everything("/user/");
const [group] = await entities(GROUPS);
const ME = { id: "user_a", email: "a@b.example", first_name: null, last_name: null, organizations: [] };

/** A client, and all that it tells. */
function watched(options, make = client) {
  const events = [];
  return { own: make({ ...options, onEvent: (event) => events.push(event) }), events };
}

/** Events without what is different each time, which is checked to be what it should. */
function timeless(events) {
  let last = 0;
  return events.map(({ time, ms, bytes, ...rest }) => {
    assert.ok(time >= last && Math.abs(time - Date.now()) < 10_000, `${time}`);
    last = time;
    if (ms !== undefined) assert.ok(ms >= 0 && ms < 5_000, `${ms}`);
    const measured = [ms === undefined ? [] : ["ms"], bytes === undefined ? [] : ["bytes"]].flat();
    return { ...rest, measured: measured.join() };
  });
}

test("each request is told of as it is sent and as it ends, however it ends", async () => {
  const { own, events } = watched({ maxRetries: 0 });
  await own.users.me({ fields: ["id"] });
  await queue({ status: 404, body: { error: "no" } }, { drop: true }, { body: "<p>" });
  await failure(orgdeck.NotFoundError, own.groups.delete("group_a"));
  await failure(orgdeck.NetworkError, own.groups.update("group a", { name: "secret-name" }));
  await failure(orgdeck.DecodeError, own.users.me());
  await queue({ delay_ms: 60_000 });
  await failure(orgdeck.TimeoutError, own.users.me({}, { timeoutMs: 20 }));
  await queue({ delay_ms: 60_000 });
  const controller = new AbortController();
  const aborted = rejection(own.users.me({}, { signal: controller.signal }));
  await sleep(5);
  controller.abort();
  await aborted;
  const of = (number, operation, method, path) => ({
    call: number,
    id: number,
    operation,
    vendor: "close",
    method,
    path,
  });
  const me = of(1, "users.me", "GET", "/me/?_fields=id");
  const gone = of(2, "groups.delete", "DELETE", "/group/group_a/");
  const lost = of(3, "groups.update", "PUT", "/group/group%20a/?_fields=id,name,organization_id,members");
  const odd = of(4, "users.me", "GET", "/me/");
  const late = of(5, "users.me", "GET", "/me/");
  const given = of(6, "users.me", "GET", "/me/");
  const request = { type: "request", attempt: 1, measured: "" };
  const response = { type: "response", attempt: 1, measured: "ms,bytes" };
  const ended = { type: "failure", attempt: 1, measured: "ms" };
  assert.deepEqual(timeless(events), [
    { ...request, ...me },
    { ...response, ...me, status: 200 },
    { ...request, ...gone },
    { ...response, ...gone, status: 404 },
    { ...request, ...lost },
    { ...ended, ...lost, code: "network" },
    { ...request, ...odd },
    { ...response, ...odd, status: 200 },
    { ...request, ...late },
    { ...ended, ...late, code: "timeout" },
    { ...request, ...given },
    { ...ended, ...given, code: "abort" },
  ]);
  assert.equal(events[3].bytes, '{"error":"no"}'.length);
  assert.ok(events[9].ms >= 19);
});

test("a try that follows is told of with its reason and its pause, and numbered", async () => {
  for (const [make, vendor, run, operation, path] of [
    [client, "close", (own) => own.users.me(), "users.me", "/me/"],
    [genesysClient, "genesys", (own) => own.groups.get(group.id), "groups.get", `${GROUPS}/${group.id}`],
  ]) {
    await faults(
      { match: { path: "/api/**" }, times: 1, status: 503, retryAfter: 0.02 },
      { match: { path: "/api/**" }, times: 1, status: 500 },
      { match: { path: "/api/**" }, times: 1, reset: "before" },
    );
    const { own, events } = watched({}, make);
    await run(own);
    const common = { call: 1, operation, vendor, method: "GET", path };
    const request = (number) => ({ ...common, type: "request", id: number, attempt: number, measured: "" });
    const response = (number, status) => ({
      ...{ ...common, type: "response", id: number, attempt: number, status },
      measured: "ms,bytes",
    });
    // The number of the try that comes, and the request that it comes after.
    const retry = (number, code, status) => ({
      ...{ ...common, type: "retry", id: number, attempt: number + 1, code },
      ...(status && { status }),
      measured: "ms",
    });
    assert.deepEqual(timeless(events), [
      ...[request(1), response(1, 503), retry(1, "server", 503)],
      ...[request(2), response(2, 500), retry(2, "server", 500)],
      ...[
        request(3),
        { ...common, type: "failure", id: 3, attempt: 3, code: "network", measured: "ms" },
        retry(3, "network"),
      ],
      ...[request(4), response(4, 200)],
    ]);
    assert.deepEqual(
      events.filter(({ type }) => type === "retry").map(({ ms }) => ms),
      [20, 10, 20],
    );
  }
});

test("a refresh is told of by the call that needed it", async () => {
  await faults({ match: { path: "/api/**" }, times: 1, expireToken: true });
  const accessToken = ({ fresh }) => (fresh ? `${TOKEN}~new` : `${TOKEN}~old`);
  const { own, events } = watched({ auth: { accessToken } });
  await own.users.me();
  assert.deepEqual(
    events.map(({ type, call, id, attempt, status }) => [type, call, id, attempt, status]),
    [
      ["request", 1, 1, 1, undefined],
      ["response", 1, 1, 1, 401],
      ["refresh", 1, 1, 2, undefined],
      ["request", 1, 2, 2, undefined],
      ["response", 1, 2, 2, 200],
    ],
  );
  const [, , refresh] = timeless(events);
  assert.deepEqual(refresh, {
    ...{ type: "refresh", call: 1, id: 1, attempt: 2 },
    ...{ operation: "users.me", vendor: "close", method: "GET", path: "/me/", measured: "" },
  });
});

test("a wait for the rate limit is told of before it, with about how long it takes", async () => {
  const rateLimit = { requests: 1, perMs: 50 };
  const answer = { id: "g", name: "n", type: "official", rulesVisible: true, visibility: "public" };
  const events = [];
  const { genesys } = genesysOffline(answer, { rateLimit, onEvent: (event) => events.push(event) });
  await genesys.groups.get("a");
  await genesys.groups.get("b");
  assert.deepEqual(
    events.map(({ type, call, id }) => [type, call, id]),
    [
      ["request", 1, 1],
      ["response", 1, 1],
      // Nothing was sent for it yet.
      ["wait", 2, 0],
      ["request", 2, 2],
      ["response", 2, 2],
    ],
  );
  const [, , wait, request] = events;
  const { ms, time, ...rest } = wait;
  assert.ok(ms > 0 && ms <= 60);
  assert.ok(request.time - time >= ms - 3);
  assert.deepEqual(rest, {
    ...{ type: "wait", call: 2, id: 0, attempt: 1 },
    ...{ operation: "groups.get", vendor: "genesys", method: "GET", path: `${GROUPS}/b` },
  });
});

test("pages of a list are told of in order, with how far it is; all of it is one call", async () => {
  for (const [make, list, operation, method, counts] of [
    [
      client,
      (own) => own.users.list({ limit: 80 }),
      "users.list",
      "GET",
      [
        [1, 80, null],
        [2, 160, null],
        [3, 200, null],
      ],
    ],
    [
      genesysClient,
      (own) => own.groups.list({ pageSize: 15 }),
      ...["groups.list", "GET"],
      [
        [1, 15, 40],
        [2, 30, 40],
        [3, 40, 40],
      ],
    ],
    [
      genesysClient,
      (own) => own.groups.search({ pageSize: 25 }),
      ...["groups.search", "POST"],
      [
        [1, 25, 40],
        [2, 40, 40],
      ],
    ],
  ]) {
    const { own, events } = watched({}, make);
    await list(own).all();
    const told = events.filter(({ type }) => type === "page");
    assert.deepEqual(
      told.map(({ pages, items, total }) => [pages, items, total]),
      counts,
    );
    assert.equal(told[0].operation, operation);
    assert.equal(told[0].method, method);
    assert.deepEqual(Object.keys(told[0]).sort(), [
      ...["call", "id", "items", "method", "operation", "pages"],
      ...["path", "time", "total", "type", "vendor"],
    ]);
    assert.deepEqual([...new Set(events.map(({ call }) => call))], [1]);
    // The call's last request by then; others may have been sent ahead.
    told.forEach(({ id }) =>
      assert.ok(
        events.some((event) => event.type === "request" && event.id === id),
        `${id}`,
      ),
    );
    await list(own).first();
    assert.equal(events.at(-1).call, 2);
  }
});

test("the requests of a call that takes several are numbered, and each has its own name", async () => {
  const { own, events } = watched({}, genesysClient);
  await own.groups.update(group.id, { version: "latest", name: "Changed" });
  assert.deepEqual(
    events.map(({ type, call, id, operation, method }) => [type, call, id, operation, method]),
    [
      ["request", 1, 1, "groups.get", "GET"],
      ["response", 1, 1, "groups.get", "GET"],
      ["request", 1, 2, "groups.update", "PUT"],
      ["response", 1, 2, "groups.update", "PUT"],
    ],
  );
});

// --------------------------------------------------------------------------------------------- who is told

test("a call's own observer hears of that call alone, and so does the client's", async () => {
  const { own, events } = watched();
  const mine = [];
  await Promise.all([
    own.users.me({}, { onEvent: (event) => mine.push(event), share: false }),
    own.users.get(users[0].id),
  ]);
  await own.users.list({ limit: 100 }, { onEvent: (event) => mine.push(event) }).all({ concurrency: 1 });
  assert.deepEqual(
    mine.map(({ type, operation }) => `${operation} ${type}`),
    [
      ...["users.me request", "users.me response"],
      ...Array(2).fill(["users.list request", "users.list response", "users.list page"]).flat(),
    ],
  );
  for (const event of mine) {
    const same = events.find(({ call, id, type }) => call === event.call && id === event.id && type === event.type);
    assert.notEqual(event, same);
    // Told one after the other.
    assert.deepEqual({ ...event, time: 0 }, { ...same, time: 0 });
  }
  assert.equal(events.length, mine.length + 2);
});

test("nothing is told of what is not sent", async () => {
  const { own, events } = watched();
  await refused(() => own.users.get(""), /id/);
  await assert.rejects(own.users.me({}, { signal: AbortSignal.abort() }));
  assert.deepEqual(events, []);
});

test("an observer that throws, rejects, or changes what it is given, breaks nothing", async () => {
  let heard = 0;
  for (const ends of [
    () => {
      throw new Error("not your affair");
    },
    () => Promise.reject(new Error("nor mine")),
  ]) {
    const onEvent = (event) => {
      heard += 1;
      for (const key of Object.keys(event)) event[key] = null;
      return ends();
    };
    const own = client({ onEvent });
    assert.match((await own.users.me({}, { onEvent })).id, /^user_/);
    assert.equal((await own.users.list({ limit: 90 }).all({ concurrency: 1 })).items.length, 200);
    await failure(orgdeck.NotFoundError, own.users.get("user_nobody"));
  }
  // Both observers of the first call; three of each page; two of the last.
  assert.equal(heard, 2 * (4 + 9 + 2));
});

test("an observer may call the client, and give a call up", async () => {
  const inner = [];
  const { close } = offline(ME, {
    onEvent: ({ type, operation }) => {
      if (type === "response" && operation === "users.me") inner.push(close.users.get("user_b"));
      if (type === "request") close.rateLimits();
    },
  });
  await close.users.me();
  assert.deepEqual(await Promise.all(inner), [ME]);
  const controller = new AbortController();
  const onEvent = ({ type }) => type === "response" && controller.abort("seen");
  const { close: other, calls } = offline({ data: [{ id: "a" }], has_more: true });
  const pages = other.list("/task/", {}, { signal: controller.signal, onEvent });
  assert.equal((await rejection(pages.all())).error, "seen");
  assert.equal(calls.length, 1);
});

// ---------------------------------------------------------------------------------------------- what is told

test("nothing of people is told: no address, no name, no filter, no body", async () => {
  const people = ["ada.lovelace@example.com", "Lovelace", "4711-0815"];
  const [email, name, number] = people;
  const seen = [];
  const onEvent = (event) => seen.push(event);
  const { close } = offline({ data: [] }, { onEvent });
  const { genesys } = genesysOffline(() => ({ entities: [], results: [] }), { onEvent });
  const run = async (call) => {
    const before = seen.length;
    await call().catch(() => {});
    return seen[before]?.path;
  };
  assert.equal(
    await run(() =>
      close.list("/user/", { where: { email, last_name: { in: [name, number] } }, limit: 5, fields: ["id"] }).all(),
    ),
    "/user/?_fields=id&email=***&last_name__in=***&_limit=5",
  );
  assert.equal(await run(() => close.request({ method: "GET", path: `/lead/${email}/` })), "/lead/***/");
  assert.equal(await run(() => close.users.get(email)), "/user/***/");
  assert.equal(await run(() => close.groups.addMember("group_a", email)), "/group/group_a/member/");
  assert.equal(await run(() => close.groups.removeMember("group_a", email)), "/group/group_a/member/***/");
  assert.equal(
    await run(() => close.users.list({ orderBy: "last_name,first_name", skip: 7, limit: 3 }).all()),
    "/user/?_order_by=last_name,first_name&_limit=3&_skip=7",
  );
  await run(() => close.memberships.create({ email, role_id: "user" }));
  await run(() => close.groups.create({ name }));
  // Too long for an address of the web.
  await run(() => close.list("/user/", { where: { last_name: { in: Array(200).fill(`${name}-${number}`) } } }).all());
  assert.equal(
    await run(() => genesys.list("/api/v2/users", { name, pageSize: 5, pageNumber: 2, expand: ["presence"] }).all()),
    "/api/v2/users?name=***&pageSize=5&pageNumber=2&expand=presence",
  );
  assert.equal(
    await run(() => genesys.groups.list({ id: [number], sortOrder: "asc" }).all()),
    `${GROUPS}?id=***&sortOrder=asc`,
  );
  assert.equal(await run(() => genesys.groups.removeMembers("g", [number, name])), `${GROUPS}/g/members?ids=***`);
  assert.equal(await run(() => genesys.groups.searchByQ64(btoa(name)).all()), `${GROUPS}/search?q64=***`);
  await run(() => genesys.groups.search({ where: { exact: name, fields: "name" } }).all());
  await run(() => genesys.groups.addMembers("g", [number]));
  await run(() => genesys.request({ method: "POST", path: "/api/v2/x", query: { q: name }, body: { email } }));
  assert.ok(seen.length >= 30);
  const text = inspect(seen, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity });
  for (const secret of [...people, encodeURIComponent(email), btoa(name), encodeURIComponent(btoa(name))]) {
    assert.ok(!text.includes(secret), secret);
  }
});

test("an observer is told nothing by a vendor's answer, only of it", async () => {
  const { own, events } = watched({ maxRetries: 0 });
  await limits({ close: "20/s" });
  const text = "said by the vendor alone";
  await queue({ status: 500, headers: { "x-said": text }, body: { error: text } });
  await failure(orgdeck.ServerError, own.users.me());
  assert.ok(!inspect(events, { depth: Infinity }).includes(text));
});

testThatNothingLeaked("secret-name");
