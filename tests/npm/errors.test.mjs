// What a call fails with: the class of each status, what the error says, and what happens to answers that are none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { api, client, failure, queue, requests, serve, start, testThatNothingLeaked, USER_TOKEN } from "./helper.mjs";

const orgdeck = await start();
/** A client that tries nothing again, and was never told to wait. */
const once = (options) => client({ maxRetries: 0, ...options });
const close = once();

/** What an error says, but for its message. */
const facts = ({ name, code, vendor, status, attempts, sent, fields, body }) => ({
  name,
  code,
  vendor,
  status,
  attempts,
  sent,
  fields,
  body,
});
const answered = (name, code, status, body, fields) => ({
  name,
  code,
  vendor: "close",
  status,
  attempts: 1,
  sent: "yes",
  fields,
  body,
});

test("each class is an Error with a name of its own", () => {
  const names = Object.keys(orgdeck).filter((name) => name.endsWith("Error"));
  assert.equal(names.length, 14);
  for (const name of names) {
    const Class = orgdeck[name];
    // Also when it went through a minifier.
    assert.equal(Class.name, name);
    assert.equal(Class.prototype.name, name);
    assert.ok(Class.prototype instanceof Error);
    if (name !== "OrgdeckError") assert.equal(Object.getPrototypeOf(Class), orgdeck.OrgdeckError);
  }
});

const statuses = [
  [400, "ValidationError", "validation"],
  [401, "AuthenticationError", "authentication"],
  [402, "PlanLimitError", "plan_limit"],
  [403, "PermissionError", "permission"],
  [404, "NotFoundError", "not_found"],
  [405, "ValidationError", "validation"],
  [409, "ConflictError", "conflict"],
  [415, "ValidationError", "validation"],
  [422, "ValidationError", "validation"],
  [429, "RateLimitError", "rate_limit"],
  [500, "ServerError", "server"],
  [502, "ServerError", "server"],
  [503, "ServerError", "server"],
  [504, "ServerError", "server"],
];

for (const [status, name, code] of statuses) {
  test(`${status} is a ${name}`, async () => {
    const body = { error: "Thou shalt not." };
    await queue({ status, body });
    const error = await failure(orgdeck[name], once().users.get("user_a"));
    assert.deepEqual(facts(error), answered(name, code, status, JSON.stringify(body)));
    assert.match(error.message, new RegExp(`users\\.get.*${status}.*Thou shalt not\\.`));
    assert.match(error.stack, new RegExp(`^${name}: `));
    for (const absent of ["requestId", "retryAfterMs", "fields", "cause"]) assert.ok(!(absent in error), absent);
    assert.equal((await requests()).length, 1);
  });
}

test("the sandbox's own refusals are of the class that they mean", async () => {
  const me = await api("GET", "/me/");
  const [group, other] = (await api("GET", "/group/")).data;
  const poor = client({ auth: { accessToken: USER_TOKEN } });
  await failure(orgdeck.NotFoundError, close.users.get("user_nobody"));
  await failure(orgdeck.NotFoundError, close.request({ method: "GET", path: "/no/such/thing/" }));
  await failure(orgdeck.PermissionError, poor.groups.delete(group.id));
  await failure(orgdeck.PermissionError, poor.organizations.update(me.organizations[0].id, { name: "Mine" }));
  await failure(orgdeck.AuthenticationError, client({ auth: { accessToken: "stale" } }).users.me());
  const taken = await failure(orgdeck.ValidationError, close.groups.update(group.id, { name: other.name }));
  assert.deepEqual(Object.keys(taken.fields), ["name"]);
  const domain = await failure(
    orgdeck.ValidationError,
    close.memberships.create({ email: "x@elsewhere.example", role_id: "user" }),
  );
  assert.equal(domain.status, 400);
  await failure(orgdeck.ValidationError, close.roles.delete("admin"));
});

// The shapes that were seen; see the contract, 5.6.
const bodies = [
  [401, { error: "Unauthorized" }, /: Unauthorized$/, undefined],
  [
    404,
    { error: "Empty query: Lead matching query does not exist." },
    /: Empty query: Lead matching query does not exist\.$/,
    undefined,
  ],
  [
    400,
    { errors: [], "field-errors": { lead: "Object does not exist." } },
    /lead: Object does not exist\./,
    { lead: "Object does not exist." },
  ],
  [400, { errors: ["First.", "Second."], "field-errors": {} }, /: First\.; Second\.$/, undefined],
  [400, { errors: ["No."], "field-errors": { a: "x", b: "y" } }, /: No\.$/, { a: "x", b: "y" }],
  [
    400,
    { "field-errors": { _limit: "Input should be less than or equal to 200" } },
    /_limit: Input should be/,
    { _limit: "Input should be less than or equal to 200" },
  ],
  [404, { errors: ["Lead not found"] }, /: Lead not found$/, undefined],
  [
    400,
    {
      errors: [],
      "field-errors": { statuses: { errors: { 0: { "field-errors": { label: "This field is required." } } } } },
    },
    /This field is required\./,
    { "statuses.0.label": "This field is required." },
  ],
  [400, { "field-errors": { email: ["Bad.", "Worse."] } }, /email: Bad\.; Worse\./, { email: "Bad.; Worse." }],
  [400, { errors: ["Not a valid choice."], count: 3 }, /Not a valid choice\..*3 /, undefined],
  [
    429,
    { message: "API call count exceeded for this period", rate_reset: "0.595956" },
    /API call count exceeded/,
    undefined,
  ],
  [429, { error: { message: "Slow down", rate_limit: 320 } }, /Slow down/, undefined],
  [403, { error: null }, /403/, undefined],
  [400, "[]", /400/, undefined],
  [400, '"text"', /400/, undefined],
  [400, "null", /400/, undefined],
  // A name that objects have anyway is a field like any other.
  [
    400,
    '{"field-errors":{"__proto__":"odd","constructor":"odder"}}',
    /odd/,
    JSON.parse('{"__proto__":"odd","constructor":"odder"}'),
  ],
  [504, "", /504/, undefined],
  [502, "<html><h1>502 Bad Gateway</h1></html>", /502.*not JSON/, undefined],
  [400, '{"error": "cut', /400.*not JSON/, undefined],
];

for (const [status, body, message, fields] of bodies) {
  test(`${status} with ${typeof body === "string" ? body || "nothing" : JSON.stringify(body)}`, async () => {
    await queue({ status, body });
    const error = await failure(orgdeck[statuses.find(([known]) => known === status)[1]], once().users.me());
    assert.match(error.message, message);
    assert.deepEqual(
      error.fields === undefined ? undefined : Object.entries(error.fields),
      fields && Object.entries(fields),
    );
    assert.equal(error.body, typeof body === "string" ? body : JSON.stringify(body));
  });
}

test("an error keeps the first 2,000 characters of an answer, whole ones", async () => {
  await queue({ status: 502, body: "é😀".repeat(3_000) });
  const error = await failure(orgdeck.ServerError, close.users.me());
  assert.equal([...error.body].length, 2_000);
  assert.ok(error.body.isWellFormed?.() ?? !/\p{Surrogate}/u.test(error.body));
  assert.ok(error.message.length < 300);
});

test("the time to wait is read with its decimals, from the more precise header", async () => {
  for (const [status, headers, ms] of [
    [429, { ratelimit: "limit=100, remaining=0, reset=0.85", "retry-after": "1" }, 850],
    [429, { RateLimit: "limit=100, remaining=50, reset=5" }, 5_000],
    [429, { "retry-after": "2" }, 2_000],
    [503, { "retry-after": "120" }, 120_000],
    [429, { ratelimit: "limit=100" }, undefined],
    [429, { ratelimit: "nonsense", "retry-after": "3" }, 3_000],
    [429, { "retry-after": "soon" }, undefined],
    [429, {}, undefined],
  ]) {
    await queue({ status, headers, body: {} });
    const error = await failure(status === 429 ? orgdeck.RateLimitError : orgdeck.ServerError, once().users.me());
    assert.equal(error.retryAfterMs, ms, JSON.stringify(headers));
    assert.equal("retryAfterMs" in error, ms !== undefined);
  }
});

// ---------------------------------------------------------------------------- successes that are not usable

const html = { "content-type": "text/html" };
const unusable = {
  "an empty answer": [{ body: "" }, /empty/],
  "only space": [{ body: " \n" }, /empty/],
  204: [{ status: 204 }, /empty/],
  "a web page": [{ headers: html, body: "<!doctype html><title>Sign in</title>" }, /not JSON/],
  "JSON that ends too soon": [{ body: '{"id":"user_a","email":"a@b' }, /too soon/],
  "JSON and something more": [{ body: '{"id":"user_a","email":"a","first_name":"","last_name":""}]' }, /not JSON/],
  "a list": [{ body: [] }, /object.*list/],
  null: [{ body: "null" }, /null/],
  "a field of another type": [
    { body: { id: "user_a", email: 7, first_name: null, last_name: null } },
    /email: expected a string, found a number/,
  ],
  "a field that is missing": [{ body: { id: "user_a", first_name: null, last_name: null } }, /email.*missing/],
  "something odd, deep inside": [
    {
      body: {
        id: "user_a",
        email: "a",
        first_name: null,
        last_name: null,
        organizations: ["orga_a", { id: "orga_b" }],
      },
    },
    /organizations\[1\]/,
  ],
};

for (const [name, [answer, message]] of Object.entries(unusable)) {
  test(`200 with ${name} is a DecodeError`, async () => {
    await queue(answer);
    const error = await failure(orgdeck.DecodeError, close.users.get("user_a"));
    const body = typeof answer.body === "string" ? answer.body : answer.body ? JSON.stringify(answer.body) : "";
    assert.deepEqual(facts(error), answered("DecodeError", "decode", answer.status ?? 200, body));
    assert.match(error.message, message);
  });
}

test("the answers of lists are checked too, and the place is named", async () => {
  const user = { id: "user_a", email: "a", first_name: null, last_name: null };
  for (const [body, message] of [
    [{ data: [user, { ...user, email: null }], has_more: false }, /data\[1\]\.email/],
    [{ data: [user, "user_b"], has_more: false }, /data\[1\]/],
    [{ data: { 0: user }, has_more: false }, /data: expected a list/],
    [{ has_more: false }, /data.*missing/],
    [[user], /object.*list/],
    ["", /empty/],
    ['{"data":[', /too soon/],
  ]) {
    await queue({ body });
    const error = await failure(orgdeck.DecodeError, close.users.list().all());
    assert.match(error.message, message);
    assert.deepEqual([error.status, error.sent], [200, "yes"]);
  }
  await queue({ body: { saved_view_ids: null } }, { body: { count: "3" } }, { body: {} });
  assert.match((await failure(orgdeck.DecodeError, close.memberships.pinnedViews("memb_a"))).message, /saved_view_ids/);
  assert.match((await failure(orgdeck.DecodeError, close.memberships.updateMany(["memb_a"], {}))).message, /count/);
  assert.match((await failure(orgdeck.DecodeError, close.users.availability())).message, /data/);
});

test("what is nested without end neither hangs nor breaks the library", async () => {
  const deep = (brackets) => `{"id":"user_a","email":"a","first_name":null,"last_name":null,"x":${brackets}}`;
  await queue(
    { body: deep("[".repeat(100_000) + "]".repeat(100_000)) },
    { body: deep("[".repeat(100_000)).slice(0, -1) },
    { status: 400, body: deep("[".repeat(100_000)) },
  );
  assert.equal((await close.users.get("user_a")).id, "user_a");
  assert.match((await failure(orgdeck.DecodeError, close.users.get("user_a"))).message, /too soon/);
  await failure(orgdeck.ValidationError, close.users.get("user_a"));
  assert.match((await close.users.me()).id, /^user_/);
});

test("deleting succeeds with an empty object, an empty answer and none", async () => {
  await queue({ body: {} }, { body: "" }, { status: 204 }, { body: "OK" });
  for (const run of [
    () => close.roles.delete("r"),
    () => close.memberships.deactivate("m"),
    () => close.groups.delete("g"),
    () => close.groups.removeMember("g", "u"),
  ]) {
    assert.equal(await run(), undefined);
  }
});

test("a page in the place of an answer has deleted nothing", async () => {
  for (const body of ["<!doctype html><title>Sign in</title>", "\n <html>"]) {
    await queue({ body, headers: html });
    const error = await failure(orgdeck.DecodeError, close.groups.delete("g"));
    assert.deepEqual([error.status, error.sent, error.body], [200, "yes", body]);
  }
});

test("bytes that are no UTF-8 are a DecodeError, not another text", async (t) => {
  const baseUrl = await serve(t, (_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(Buffer.concat([Buffer.from('{"id":"user_'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]));
  });
  const error = await failure(orgdeck.DecodeError, client({ baseUrl }).users.me());
  assert.match(error.message, /UTF-8/);
  assert.equal(error.status, 200);
});

test("half an emoji and unknown values pass", async () => {
  await queue({
    body: '{"id":"role_a","name":"cut \\ud83d","editable":true,"permissions":["fly"],"visibility_user_lcf_behavior":"sideways"}',
  });
  const role = await close.roles.get("role_a");
  assert.deepEqual(
    [role.name, role.permissions, role.visibility_user_lcf_behavior],
    ["cut \ud83d", ["fly"], "sideways"],
  );
});

// ---------------------------------------------------------------------------------------------- no answer

test("a connection that is dropped is a NetworkError, and the request may have arrived", async () => {
  await queue({ drop: true });
  const error = await failure(orgdeck.NetworkError, close.groups.create({ name: "x" }));
  assert.deepEqual(facts(error), {
    name: "NetworkError",
    code: "network",
    vendor: "close",
    status: undefined,
    attempts: 1,
    sent: "maybe",
    fields: undefined,
    body: undefined,
  });
  assert.ok(error.cause instanceof Error);
  assert.match(error.message, /groups\.create/);
});

test("a connection that is lost in the answer's middle says that there was one", async () => {
  await queue({ truncate: true, body: { data: [] } });
  const error = await failure(orgdeck.NetworkError, close.users.list().first());
  assert.deepEqual([error.status, error.attempts, error.sent], [200, 1, "yes"]);
  assert.ok(error.cause !== undefined);
});

test("nobody at the address is a NetworkError", async () => {
  // Port 9 is one that fetch itself refuses; a closed one has to be found.
  const { createServer } = await import("node:net");
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  const nobody = once({ baseUrl: `http://127.0.0.1:${port}` });
  // There was no connection, which Node tells.
  for (const run of [() => nobody.users.me(), () => nobody.groups.create({ name: "x" })]) {
    const error = await failure(orgdeck.NetworkError, run);
    assert.deepEqual([error.status, error.sent, error.attempts], [undefined, "no", 1]);
  }
});

testThatNothingLeaked();
