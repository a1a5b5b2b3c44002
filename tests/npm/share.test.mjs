// Equal reads at the same time are one request, and each caller has an answer of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

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
  sent,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();

const [group, other] = await everything("/group/");
const [genesysGroup] = await entities("/api/v2/groups");
const ME = { id: "user_a", email: "a@b.example", first_name: null, last_name: null, organizations: [] };

/** An answer that comes when it is told to. */
function held(answer) {
  let give;
  const given = new Promise((resolve) => (give = () => resolve()));
  return { answer: async () => (await given, answer), give };
}
const settled = () => sleep(5);

test("equal reads at the same time are one request", async () => {
  const [close, genesys] = [client(), genesysClient()];
  for (const run of [
    () => close.groups.get(group.id),
    () => close.users.me(),
    () => close.users.availability(),
    () => close.users.list({ limit: 5 }).first(),
    () => close.request({ method: "GET", path: "/role/", query: { limit: 2 } }),
    () => genesys.groups.get(genesysGroup.id),
    () => genesys.groups.list({ pageSize: 5 }).first(),
    () => genesys.fieldConfig("group"),
  ]) {
    const { result, requests } = await sent(() => Promise.all(Array.from({ length: 8 }, run)));
    assert.equal(requests.length, 1, `${run}`);
    for (const one of result) assert.deepEqual(one, result[0]);
    assert.equal(new Set(result).size, 8, "each has its own");
  }
});

test("reads one after the other are a request each", async () => {
  const close = client();
  const { requests } = await sent(async () => {
    await close.users.me();
    await close.users.me();
  });
  assert.equal(requests.length, 2);
});

test("what one caller changes in its answer the others do not see", async () => {
  const { close } = offline(ME);
  const [one, two] = await Promise.all([close.users.me(), close.users.me()]);
  one.organizations.push("mine");
  one.email = null;
  assert.deepEqual(two, ME);
});

test("reads that differ in anything are not equal", async () => {
  const close = client();
  for (const [run, another] of [
    [() => close.groups.get(group.id), () => close.groups.get(other.id)],
    [() => close.groups.get(group.id, { fields: ["id"] }), () => close.groups.get(group.id, { fields: ["name"] })],
    [() => close.users.me({}, { headers: { "x-a": "1" } }), () => close.users.me({}, { headers: { "x-a": "2" } })],
    [() => close.users.me({}, { timeoutMs: 5_000 }), () => close.users.me({}, { timeoutMs: 6_000 })],
    [() => close.users.me({}, { deadlineMs: 5_000 }), () => close.users.me()],
    [() => close.users.me({}, { maxRetries: 0 }), () => close.users.me()],
    [() => close.users.me({}, { background: true }), () => close.users.me()],
    // Of another client, which may be somebody else.
    [() => close.users.me(), () => client().users.me()],
  ]) {
    const { requests } = await sent(() => Promise.all([run(), another(), run()]));
    assert.equal(requests.length, 2, `${run}`);
  }
});

test("share: false sends its own request, and gives nobody its answer", async () => {
  const close = client();
  const me = (share) => close.users.me({}, { share });
  for (const [shares, requested] of [
    [[false, false, false], 3],
    [[undefined, true, false], 2],
    [[false, true, true], 2],
  ]) {
    const { requests } = await sent(() => Promise.all(shares.map(me)));
    assert.equal(requests.length, requested, `${shares}`);
  }
  const pages = () => close.users.list({ limit: 200 / 2 }, { share: false }).first();
  assert.equal((await sent(() => Promise.all([pages(), pages()]))).requests.length, 2);
});

test("changes, and what is sent as a POST, are never shared", async () => {
  const { close, calls } = offline({ id: "g", name: "n", organization_id: "o", members: [] });
  for (const run of [
    () => close.groups.update("g", { name: "n" }),
    () => close.groups.create({ name: "n" }),
    () => close.groups.delete("g"),
    () => close.request({ method: "PUT", path: "/task/a/", body: {} }),
  ]) {
    const before = calls.length;
    await Promise.all([run(), run()]);
    assert.equal(calls.length - before, 2, `${run}`);
  }
  const { genesys, calls: searches } = genesysOffline();
  await Promise.all([genesys.groups.search({}).first(), genesys.groups.search({}).first()]);
  assert.equal(searches.length, 2);
});

test("a read behind a change does not share one that was sent before it", async () => {
  const name = ["before"];
  const { answer, give } = held();
  const { close, calls } = offline(async ({ method, path }) => {
    if (method === "PUT") name.push("after");
    const seen = { id: "g", name: name.at(-1), organization_id: "o", members: [] };
    if (method === "GET" && calls.length === 1) await answer();
    return path.startsWith("/group/") ? seen : {};
  });
  const early = close.groups.get("g");
  await settled();
  await close.groups.update("g", { name: "after" });
  const late = close.groups.get("g");
  await settled();
  give();
  assert.deepEqual([(await early).name, (await late).name], ["before", "after"]);
  assert.equal(calls.length, 3);
});

test("a read that begins while a change is under way is not shared with those after it", async () => {
  const { answer, give } = held({ id: "g", name: "n", organization_id: "o", members: [] });
  const { close, calls } = offline(answer);
  const change = close.groups.update("g", { name: "n" });
  await settled();
  const during = close.groups.get("g");
  await settled();
  give();
  await change;
  await Promise.all([during, close.groups.get("g")]);
  assert.equal(calls.length, 3);
});

test("whoever gives up does not take the others along", async () => {
  for (const who of [0, 1, 2]) {
    const { answer, give } = held(ME);
    const { close, calls } = offline(answer);
    const controllers = [0, 1, 2].map(() => new AbortController());
    const reads = controllers.map(({ signal }) => close.users.me({}, { signal }));
    const outcomes = reads.map((read) => read.catch((error) => ({ error })));
    await settled();
    controllers[who].abort("enough");
    await settled();
    give();
    const results = await Promise.all(outcomes);
    results.forEach((result, at) => assert.deepEqual(result, at === who ? { error: "enough" } : ME));
    assert.equal(calls.length, 1);
    assert.equal(calls[0].signal.aborted, false);
  }
});

test("when all have given up the request ends, and the next one is another", async () => {
  await faults({ times: 1, delayMs: 60_000 });
  const close = client();
  const controllers = [new AbortController(), new AbortController()];
  const reads = controllers.map(({ signal }) => rejection(close.users.me({}, { signal })));
  await eventually(async () => (await requests()).length === 1);
  controllers[0].abort("one");
  assert.equal((await reads[0]).error, "one");
  assert.equal((await requests())[0].aborted, false);
  controllers[1].abort("two");
  assert.equal((await reads[1]).error, "two");
  await eventually(async () => (await requests())[0].aborted);
  assert.match((await close.users.me()).id, /^user_/);
  assert.equal((await requests()).length, 2);
});

test("all are told of a failure, and of what was tried again", async () => {
  const { close, calls } = offline(() => new Response('{"error":"no"}', { status: 404 }));
  const errors = await Promise.all([1, 2, 3].map(() => failure(orgdeck.NotFoundError, close.users.get("user_a"))));
  assert.equal(calls.length, 1);
  for (const { status, sent, message } of errors) assert.deepEqual([status, sent], [404, "yes"], message);

  const flaky = offline((_, number) =>
    number === 1 ? new Response("{}", { status: 503, headers: { "retry-after": "0.01" } }) : ME,
  );
  const all = Promise.all([1, 2, 3].map(() => flaky.close.users.me()));
  for (const me of await all) assert.deepEqual(me, ME);
  assert.equal(flaky.calls.length, 2);
});

test("events tell of the one request that there is", async () => {
  const events = [];
  const { answer, give } = held(ME);
  const { close } = offline(answer, { onEvent: ({ type, call, id }) => events.push([type, call, id]) });
  const reads = [close.users.me(), close.users.me()];
  await settled();
  give();
  await Promise.all(reads);
  assert.deepEqual(events, [
    ["request", 1, 1],
    ["response", 1, 1],
  ]);
});

test("two listings at the same time share their pages", async () => {
  const { result, requests } = await sent(() => {
    const close = client();
    return Promise.all([1, 2].map(() => close.users.list({ limit: 50 }).all({ concurrency: 1 })));
  });
  const [one, two] = result;
  assert.deepEqual(one.items, two.items);
  assert.ok(requests.length >= 4 && requests.length < 8, `${requests.length}`);
  assert.equal(one.report.requests + two.report.requests, requests.length);
});

testThatNothingLeaked();
