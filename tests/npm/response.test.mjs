// `withResponse()`: what a call gives, together with the answer that it came from.

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
  limits,
  offline,
  refused,
  requests,
  sent,
  start,
  testThatNothingLeaked,
  TOKEN,
} from "./helper.mjs";

const orgdeck = await start();
const [close, genesys] = [client(), genesysClient()];

const me = await api("GET", "/me/");
const [group] = await everything("/group/");
const GROUPS = "/api/v2/groups";
const [genesysGroup] = await entities(GROUPS);
const ME = { id: "user_a", email: "a@b.example", first_name: null, last_name: null, organizations: [] };

test("the answer comes along: status, headers, the request's name and how many were sent", async () => {
  await limits({ close: "20/s" });
  const { data, response, ...others } = await close.users.me().withResponse();
  assert.deepEqual(data, me);
  assert.deepEqual(others, {});
  const { headers, ...rest } = response;
  assert.deepEqual(rest, { status: 200, requestId: null, attempts: 1 });
  assert.ok(headers instanceof Headers);
  assert.match(headers.get("content-type"), /^application\/json/);
  assert.match(headers.get("RateLimit"), /^limit=20, remaining=19, reset=/);
});

test("Genesys names each request", async () => {
  const { data, response } = await genesys.groups.get(genesysGroup.id).withResponse();
  assert.equal(data.id, genesysGroup.id);
  assert.match(response.requestId, /^[\da-f-]{36}$/);
  assert.equal(response.headers.get("inin-correlation-id"), response.requestId);
});

const NEW = { name: "Made", type: "official", rulesVisible: true, visibility: "public" };
const membership = me.memberships[0].id;
const kinds = {
  "users.get": [() => close.users.get(me.id), 200, ({ id }) => id === me.id],
  "users.availability": [() => close.users.availability(), 200, Array.isArray],
  "groups.create": [() => close.groups.create({ name: "Made" }), 201, ({ name }) => name === "Made"],
  "groups.update": [() => close.groups.update(group.id, { name: "Other" }), 200, ({ name }) => name === "Other"],
  "groups.addMember": [() => close.groups.addMember(group.id, me.id), 201, (member) => typeof member === "object"],
  "groups.removeMember": [
    () => close.groups.removeMember(group.id, me.id),
    undefined,
    (nothing) => nothing === undefined,
  ],
  "memberships.updateMany": [
    () => close.memberships.updateMany([membership], { auto_record_calls: "enabled" }),
    ...[200, ({ count }) => count === 1],
  ],
  "memberships.pinnedViews": [() => close.memberships.pinnedViews(membership), 200, Array.isArray],
  request: [() => close.request({ method: "GET", path: "/me/" }), 200, ({ id }) => id === me.id],
  "Genesys: groups.create": [() => genesys.groups.create(NEW), 200, ({ name }) => name === "Made"],
  "Genesys: fieldConfig": [() => genesys.fieldConfig("group"), 200, (config) => typeof config === "object"],
  "Genesys: groups.removeMembers": [
    () => genesys.groups.removeMembers(genesysGroup.id, [me.id]),
    ...[202, ({ done }) => done.length === 1],
  ],
};

for (const [name, [run, status, check]] of Object.entries(kinds)) {
  test(`${name} gives the same with its answer and without`, async () => {
    const { data, response } = await run().withResponse();
    assert.ok(check(data), JSON.stringify(data));
    if (status) assert.equal(response.status, status);
    assert.ok(response.status >= 200 && response.status < 300);
    assert.equal(response.attempts, 1);
  });
}

test("what it gives is a promise like any other", async () => {
  const promise = close.users.me();
  assert.ok(promise instanceof Promise);
  assert.deepEqual(Object.keys(promise), []);
  assert.equal(promise.then(() => {}).withResponse, undefined);
  assert.equal((await promise).id, me.id);
  // Asked later, and more than once: it is one request, and nobody shares anything that can be changed.
  const [one, two] = await Promise.all([promise.withResponse(), promise.withResponse()]);
  assert.equal(one.data, await promise);
  assert.notEqual(one.response.headers, two.response.headers);
  one.response.headers.delete("content-type");
  assert.ok(two.response.headers.has("content-type"));
  assert.equal((await requests()).length, 1);
});

test("the tries are counted, and it is the last answer that comes along", async () => {
  await faults({ times: 2, status: 503, retryAfter: 0.01, headers: { "x-try": "early" } });
  const { response } = await close.users.me().withResponse();
  assert.deepEqual([response.status, response.attempts, response.headers.get("x-try")], [200, 3, null]);

  const accessToken = ({ fresh }) => (fresh ? `${TOKEN}~new` : `${TOKEN}~old`);
  await faults({ times: 1, expireToken: true });
  const renewed = await client({ auth: { accessToken } }).users.me().withResponse();
  assert.deepEqual([renewed.response.status, renewed.response.attempts], [200, 2]);
});

test("of a call that takes several requests it is the last answer, and all are counted", async () => {
  const update = genesys.groups.update(genesysGroup.id, { version: "latest", name: "Changed" });
  const { result, requests } = await sent(() => update.withResponse());
  assert.equal(result.data.name, "Changed");
  assert.deepEqual([result.response.status, result.response.attempts], [200, 2]);
  assert.ok(requests.length <= 2);

  const { genesys: own } = genesysOffline(
    (_, number) => new Response("{}", { status: 202, headers: { "x-at": `${number}` } }),
  );
  const many = Array.from({ length: 120 }, (_, at) => `id-${at}`);
  const { data, response } = await own.groups.removeMembers("g", many).withResponse();
  assert.equal(data.done.length, 120);
  assert.deepEqual([response.status, response.headers.get("x-at"), response.attempts], [202, "3", 3]);
});

test("a deletion that an earlier try had done counts its tries, too", async () => {
  await faults({ match: { method: "DELETE" }, times: 1, reset: "after" });
  const { data, response } = await close.groups.removeMember(group.id, me.id).withResponse();
  assert.deepEqual([data, response.attempts], [undefined, 2]);
});

test("of reads that share a request, all have its answer, and one has sent it", async () => {
  const all = await Promise.all([1, 2, 3].map(() => close.users.me().withResponse()));
  for (const { data, response } of all) {
    assert.deepEqual(data, me);
    assert.equal(response.status, 200);
  }
  assert.equal(
    all.reduce((sum, { response }) => sum + response.attempts, 0),
    1,
  );
  assert.equal((await requests()).length, 1);
});

test("headers of any fetch are read, by any name", async () => {
  for (const headers of [
    new Headers({ "X-One": "1", "x-two": "2" }),
    { "X-One": "1", "x-two": "2" },
    new Map([
      ["X-One", "1"],
      ["x-two", "2"],
    ]),
  ]) {
    const own = client({ fetch: async () => ({ status: 200, headers, json: async () => ME }) });
    const { response } = await own.users.me().withResponse();
    assert.deepEqual([response.headers.get("x-one"), response.headers.get("X-TWO")], ["1", "2"]);
  }
  const bare = client({ fetch: async () => ({ status: 200, json: async () => ME }) });
  assert.deepEqual([...(await bare.users.me().withResponse()).response.headers], []);
});

// A rejection that nobody handles ends a test here, so these hold that there is none.
test("it fails with the call's own error, and whoever asks for the answer need not handle the call", async () => {
  const { close } = offline(() => new Response("{}", { status: 404 }));
  const error = await failure(orgdeck.NotFoundError, () => close.users.me().withResponse());
  assert.equal(error.status, 404);
  const promise = close.users.me();
  const [one, two] = await Promise.all([promise, promise.withResponse()].map((of) => of.catch((error) => error)));
  assert.equal(one, two);
  await refused(() => close.users.get("").withResponse(), /id/);
  await refused(() => close.request({ method: "GET" }).withResponse(), /request\.path/);
  const reason = new Error("enough");
  await assert.rejects(
    () => close.users.me({}, { signal: AbortSignal.abort(reason) }).withResponse(),
    (error) => error === reason,
  );
});

test("a call of a client that was freed rejects, with its answer and without", async () => {
  const { close } = offline(ME);
  close.free();
  await refused(() => close.users.me(), /freed/);
  await refused(() => close.users.me().withResponse(), /freed/);
});

test("lists have pages, and no answer of their own", () => {
  assert.equal(close.users.list().withResponse, undefined);
  assert.equal(genesys.groups.search({}).withResponse, undefined);
});

testThatNothingLeaked();
