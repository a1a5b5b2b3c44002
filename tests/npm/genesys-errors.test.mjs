// What a Genesys call fails with: the class of each status, what ErrorBody says, and answers that are none of Genesys'.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import {
  entities,
  failure,
  GENESYS_TOKEN,
  GENESYS_USER_TOKEN,
  genesysClient,
  genesysOffline,
  queue,
  requests,
  serve,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
/** A client that tries nothing again, and was never told to wait. */
const once = () => genesysClient({ maxRetries: 0 });
const genesys = once();

const GROUPS = "/api/v2/groups";
const groups = await entities(GROUPS);
const NOBODY = "00000000-0000-4000-8000-000000000000";

/** Answers the next call of an operation. */
const answer = (status, body, headers = {}) => queue({ path: GROUPS, status, body, headers });
const fail = (Class) => failure(orgdeck[Class], once().groups.get("g1"));

// Statuses, and what Genesys declares for each; the contract, 1.6.
const statuses = [
  [400, "bad.request", "ValidationError", "validation"],
  [400, "invalid.value", "ValidationError", "validation"],
  [401, "authentication.required", "AuthenticationError", "authentication"],
  [401, "bad.credentials", "AuthenticationError", "authentication"],
  [403, "missing.any.permissions", "PermissionError", "permission"],
  [403, "not.authorized", "PermissionError", "permission"],
  [404, "general.resource.not.found", "NotFoundError", "not_found"],
  [408, "client.timeout", "TimeoutError", "timeout"],
  [409, "general.conflict", "ConflictError", "conflict"],
  [413, "request.entity.too.large", "ValidationError", "validation"],
  [415, "unsupported.media.type", "ValidationError", "validation"],
  [429, "too.many.requests", "RateLimitError", "rate_limit"],
  [500, "internal.server.error", "ServerError", "server"],
  [503, "service.unavailable", "ServerError", "server"],
  [504, "request.timeout", "ServerError", "server"],
];

for (const [status, vendorCode, name, code] of statuses) {
  test(`${status} ${vendorCode} is a ${name}`, async () => {
    const body = { message: "Thou shalt not.", code: vendorCode, status };
    await answer(status, body);
    const error = await fail(name);
    assert.deepEqual(
      { ...error },
      {
        ...{ code, vendor: "genesys", attempts: 1, sent: "yes" },
        ...{ status, body: JSON.stringify(body), vendorCode, requestId: error.requestId },
      },
    );
    assert.match(error.requestId, /^[\da-f-]{36}$/);
    assert.match(error.message, new RegExp(`^groups\\.get failed with ${status}: Thou shalt not\\.$`));
    assert.equal((await requests()).length, 1);
  });
}

test("the sandbox's own refusals are of the class that they mean", async () => {
  const poor = genesysClient({ auth: { accessToken: GENESYS_USER_TOKEN } });
  const [group] = groups;
  for (const [Class, vendorCode, run] of [
    ["NotFoundError", "general.resource.not.found", () => genesys.groups.get(NOBODY)],
    ["NotFoundError", "not.found", () => genesys.groups.individuals(NOBODY)],
    ["NotFoundError", "not.found", () => genesys.request({ method: "GET", path: "/api/v2/nothing" })],
    ["PermissionError", "missing.any.permissions", () => poor.groups.delete(group.id)],
    [
      "PermissionError",
      "missing.any.permissions",
      () => poor.groups.update(group.id, { version: group.version, name: "n" }),
    ],
    [
      "AuthenticationError",
      "bad.credentials",
      () => genesysClient({ auth: { accessToken: "stale" } }).groups.get(group.id),
    ],
    ["ConflictError", "general.conflict", () => genesys.groups.update(group.id, { version: 999, name: "n" })],
    [
      ...["ValidationError", "invalid.value"],
      () => genesys.groups.create({ name: "n", type: "secret", rulesVisible: true, visibility: "public" }),
    ],
    ["ValidationError", "bad.request", () => genesys.groups.addMembers(group.id, [NOBODY])],
    ["ValidationError", "bad.entity.type", () => genesys.fieldConfig("house")],
    [
      ...["ValidationError", "request.entity.too.large"],
      () =>
        genesys.groups.search({ query: [{ type: "EXACT", fields: ["name"], value: "x".repeat(3_000_000) }] }).first(),
    ],
  ]) {
    const error = await failure(orgdeck[Class], run);
    assert.deepEqual([error.vendor, error.vendorCode, error.sent], ["genesys", vendorCode, "yes"]);
    // Each answer has a correlation id, and the body repeats it.
    assert.match(error.requestId, /^[\da-f-]{36}$/);
    assert.equal(JSON.parse(error.body).contextId, error.requestId);
  }
});

test("fields that are refused are named, with the vendor's word for what is wrong", async () => {
  const create = genesys.groups.create({ name: "n", type: "secret", rulesVisible: true, visibility: "public" });
  const error = await failure(orgdeck.ValidationError, create);
  assert.deepEqual(error.fields, { type: "invalid.value" });
  assert.match(error.message, /secret/);
});

// ------------------------------------------------------------------------------------------------ ErrorBody

const bodies = [
  ["the least that there is", { message: "Invalid.", code: "bad.request", status: 400 }, /: Invalid\.$/, "bad.request"],
  ["no message", { code: "bad.request" }, /: bad\.request$/, "bad.request"],
  ["a template alone", { message: "", messageWithParams: "Value {x}" }, /: Value \{x\}$/],
  [
    "inner errors",
    { message: "Two.", errors: [{ message: "One." }, { message: "Other." }, {}] },
    /: Two\.; One\.; Other\.$/,
  ],
  ["an OAuth error", { error: "invalid_grant", error_description: "It is over." }, /: It is over\.$/, "invalid_grant"],
  ["an OAuth error without a description", { error: "invalid_client" }, /: invalid_client$/, "invalid_client"],
  ["an empty code", { message: "No.", code: "" }, /: No\.$/],
  ["other types", { message: 5, code: {}, errors: "no", details: {}, contextId: 7 }, /400/],
  ["a list", [], /400/],
  ["a text", '"text"', /400/],
  ["null", "null", /400/],
  ["nothing", "", /400/],
  ["a proxy's page", "<html><h1>502 Bad Gateway</h1></html>", /400.*not JSON/],
  ["a body that was cut", '{"message": "cut', /400.*not JSON/],
];

for (const [name, body, message, vendorCode] of bodies) {
  test(`ErrorBody: ${name}`, async () => {
    await answer(400, body);
    const error = await fail("ValidationError");
    assert.match(error.message, message);
    assert.equal(error.vendorCode, vendorCode);
    assert.equal("vendorCode" in error, vendorCode !== undefined);
    assert.equal(error.body, typeof body === "string" ? body : JSON.stringify(body));
  });
}

test("HTML from a proxy is an error of its status, also where success was expected", async () => {
  const html = "<!doctype html><title>Sign in</title>";
  await answer(502, html, { "content-type": "text/html" });
  await fail("ServerError");
  await answer(200, html, { "content-type": "text/html" });
  const error = await fail("DecodeError");
  assert.deepEqual([error.status, error.body, error.sent], [200, html, "yes"]);
});

test("details name the fields", async () => {
  const detail = (fieldName, errorCode) => ({ fieldName, errorCode });
  await answer(400, {
    message: "No.",
    details: [detail("name", "too.long"), detail("__proto__", "odd"), { errorCode: "x" }],
  });
  const error = await fail("ValidationError");
  assert.deepEqual(Object.entries(error.fields), [
    ["name", "too.long"],
    ["__proto__", "odd"],
  ]);
});

// --------------------------------------------------------------------------------------- the request's name

test("the request is named by the header, else by the body", async () => {
  for (const [headers, body, requestId] of [
    [{ "inin-correlation-id": "in-header" }, { contextId: "in-body" }, "in-header"],
    [{ "ININ-Correlation-Id": "in-header" }, {}, "in-header"],
    [{ "ININ-Correlation-Id": "in-header" }, "<html>", "in-header"],
    // As browsers see it, which hide the header.
    [{}, { contextId: "in-body" }, "in-body"],
    [{}, { contextId: "" }, undefined],
    [{}, { contextId: null }, undefined],
    [{}, {}, undefined],
  ]) {
    const { genesys } = genesysOffline(
      () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status: 500, headers }),
      { maxRetries: 0 },
    );
    const error = await failure(orgdeck.ServerError, genesys.groups.get("g"));
    assert.equal(error.requestId, requestId, JSON.stringify([headers, body]));
    assert.equal("requestId" in error, requestId !== undefined);
  }
});

// -------------------------------------------------------------------------------------------- rate limits

test("the time to wait is in the header, or else in the message", async () => {
  const message = (text) => ({ message: text, code: "too.many.requests" });
  const newer = message("Rate limit exceeded the maximum. Retry the request in [12] seconds");
  const older = message("Rate limit exceeded the maximum [300] requests within [60] seconds");
  for (const [status, headers, body, ms] of [
    [429, { "retry-after": "3" }, newer, 3_000],
    [429, { "Retry-After": "3" }, {}, 3_000],
    [429, {}, newer, 12_000],
    [429, {}, older, 60_000],
    [429, { "retry-after": "soon" }, newer, 12_000],
    [429, { "retry-after": "0" }, newer, 0],
    [503, { "retry-after": "120" }, {}, 120_000],
    [429, {}, message("Rate limit exceeded. Retry in [%s] seconds"), undefined],
    [429, {}, message("Slow down"), undefined],
    [429, {}, "", undefined],
    [400, { "retry-after": "3" }, newer, undefined],
  ]) {
    const { genesys } = genesysOffline(
      () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers }),
      { maxRetries: 0 },
    );
    const Class = { 400: "ValidationError", 429: "RateLimitError", 503: "ServerError" }[status];
    const error = await failure(orgdeck[Class], genesys.groups.get("g"));
    assert.equal(error.retryAfterMs, ms, JSON.stringify([status, headers, body]));
    assert.equal("retryAfterMs" in error, ms !== undefined);
  }
});

// -------------------------------------------------------------------------------------------- conflicts

test("a 400 is a conflict when it says that the version is another one, and else is not", async () => {
  for (const [status, message, Class] of [
    [400, "The version supplied does not match the current version of the user", "ConflictError"],
    [400, "name does not match the pattern", "ValidationError"],
    [409, "Resource conflict - Unexpected version was provided", "ConflictError"],
    [404, "it does not match the current version", "NotFoundError"],
  ]) {
    await answer(status, { message });
    assert.equal((await fail(Class)).status, status);
  }
});

// ------------------------------------------------------------------------------------- answers of another shape

test("a record without what it must have is a DecodeError that names it", async () => {
  const whole = { id: "g", name: "n", type: "official", rulesVisible: true, visibility: "public" };
  for (const name of Object.keys(whole)) {
    await answer(200, { ...whole, [name]: undefined });
    assert.match((await fail("DecodeError")).message, new RegExp(name));
  }
  await answer(200, { ...whole, rulesVisible: "yes" });
  assert.match((await fail("DecodeError")).message, /rulesVisible/);
  await answer(200, { ...whole, owners: [{ id: "u" }, { name: "x" }] });
  assert.match((await fail("DecodeError")).message, /owners\[1\]\.id/);
});

test("what is unknown passes: fields, words, nulls", async () => {
  const odd = {
    ...{ id: "g", name: "n", type: "cosmic", rulesVisible: true, visibility: "sideways", state: "asleep" },
    ...{
      owners: null,
      addresses: [{ type: "GROUPFAX", mediaType: "FAX", address: null }],
      chat: { a: [1] },
      memberCount: null,
    },
  };
  await answer(200, odd);
  assert.deepEqual(await genesys.groups.get("g1"), odd);
});

test("whatever answers a change that gives nothing is nothing", async () => {
  for (const [status, body] of [
    [200, ""],
    [202, {}],
    [204, undefined],
    [200, "OK"],
  ]) {
    const { genesys } = genesysOffline(
      () => new Response(body && (typeof body === "string" ? body : JSON.stringify(body)), { status }),
    );
    assert.equal(await genesys.groups.delete("g"), undefined);
    assert.equal(await genesys.groups.dynamicSettings.delete("g"), undefined);
    const { chunks } = await genesys.groups.addMembers("g", ["u"]);
    assert.deepEqual(chunks, [{ memberIds: ["u"], status }]);
  }
});

// -------------------------------------------------------------------------------- no answer, and no secrets

test("a connection that is dropped is a NetworkError, and a change may have been made", async () => {
  await queue({ path: GROUPS, drop: true });
  const error = await failure(
    orgdeck.NetworkError,
    genesys.groups.create({ name: "n", type: "official", rulesVisible: true, visibility: "public" }),
  );
  assert.deepEqual([error.vendor, error.sent, error.status, error.attempts], ["genesys", "maybe", undefined, 1]);
});

test("a call that takes too long is a TimeoutError", async () => {
  await queue({ path: GROUPS, delay_ms: 60_000 });
  const error = await failure(orgdeck.TimeoutError, genesys.groups.get("g1", { timeoutMs: 30 }));
  assert.deepEqual([error.vendor, error.sent, error.code], ["genesys", "maybe", "timeout"]);
});

test("events name the operation and its path, and no credentials", async (t) => {
  const baseUrl = await serve(t, (_, response) => {
    response.statusCode = 400;
    response.end(JSON.stringify({ message: "No.", code: "bad.request" }));
  });
  const events = [];
  const own = genesysClient({ baseUrl, onEvent: (event) => events.push(event) });
  await failure(orgdeck.ValidationError, own.groups.get("g"));
  await failure(orgdeck.ValidationError, own.groups.addMembers("g", ["u"]));
  assert.deepEqual(
    events.map(({ type, operation, vendor, method, path }) => [type, operation, vendor, method, path]),
    [
      ["request", "groups.get", "genesys", "GET", "/api/v2/groups/g"],
      ["response", "groups.get", "genesys", "GET", "/api/v2/groups/g"],
      ["request", "groups.addMembers", "genesys", "POST", "/api/v2/groups/g/members"],
      ["response", "groups.addMembers", "genesys", "POST", "/api/v2/groups/g/members"],
    ],
  );
});

const repeating = ({ headers }, status) => {
  const said = headers.authorization;
  const token = said.replace("Bearer ", "");
  const body = {
    ...{ message: `Bad token ${token}`, code: token, contextId: token, messageWithParams: said },
    ...{ details: [{ fieldName: token, errorCode: token }], errors: [{ message: said }], [token]: token },
  };
  return new Response(JSON.stringify(body), { status });
};

for (const status of [200, 400, 401, 409, 500]) {
  test(`a server that repeats the credentials in a ${status} cannot make an error tell them`, async () => {
    const { genesys } = genesysOffline((call) => repeating(call, status), { maxRetries: 0 });
    const calls = [() => genesys.groups.get("g"), () => genesys.groups.search({}).all()];
    if (status >= 400) calls.push(() => genesys.groups.addMembers("g", ["u"]));
    for (const call of calls) {
      const error = await call().then(
        () => assert.fail("it did not fail"),
        (error) => error,
      );
      assert.equal(error.status, status);
      const text = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
      assert.ok(!`${text}${JSON.stringify(error)}${error.message}`.includes(GENESYS_TOKEN), text);
      // What is told is the rest.
      assert.match(error.body, /Bad token/);
    }
  });
}

test("a token function that fails is an AuthenticationError, and nothing is sent", async () => {
  const cause = new Error("signed out");
  for (const accessToken of [
    () => Promise.reject(cause),
    () => {
      throw cause;
    },
  ]) {
    const { genesys, calls } = genesysOffline({}, { auth: { accessToken } });
    for (const run of [() => genesys.groups.get("g"), () => genesys.groups.search({}).all()]) {
      const error = await failure(orgdeck.AuthenticationError, run);
      assert.deepEqual([error.vendor, error.sent, error.cause], ["genesys", "no", cause]);
    }
    assert.deepEqual(calls, []);
  }
});

testThatNothingLeaked();
