// Options and what they do: headers, time zone, a fetch of one's own. And that every wrong one is named.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BASE, client, failure, offline, refused, requests, start, testThatNothingLeaked, TOKEN } from "./helper.mjs";

const orgdeck = await start();
const close = client();

const ME = { id: "user_a", email: "a@b.example", first_name: null, last_name: null, organizations: [] };

test("options of the client that are unknown or wrong are named", async () => {
  const auth = { accessToken: TOKEN };
  for (const [options, message] of [
    [{ token: "x" }, /options has no option `token`.*`auth`.*`baseUrl`/],
    [{ timeout: 5 }, /`timeout`/],
    [{ fetch: {} }, /options\.fetch: expected a function/],
    [{ timeoutMs: "5" }, /options\.timeoutMs/],
    [{ timeoutMs: -1 }, /options\.timeoutMs/],
    [{ timeoutMs: NaN }, /options\.timeoutMs/],
    [{ timeoutMs: Infinity }, /options\.timeoutMs/],
    // Browsers take a longer time for none.
    [{ timeoutMs: 2 ** 31 }, /options\.timeoutMs/],
    [{ maxRetries: -1 }, /options\.maxRetries: .*0 to 100/],
    [{ maxRetries: 101 }, /options\.maxRetries/],
    [{ maxRetries: 1.5 }, /options\.maxRetries/],
    [{ maxRetries: "3" }, /options\.maxRetries/],
    [{ maxRetries: Infinity }, /options\.maxRetries/],
    [{ maxRetries: null }, /options\.maxRetries/],
    [{ maxWaitMs: -1 }, /options\.maxWaitMs/],
    [{ maxWaitMs: "5" }, /options\.maxWaitMs/],
    [{ maxWaitMs: NaN }, /options\.maxWaitMs/],
    [{ maxWaitMs: 2 ** 31 }, /options\.maxWaitMs/],
    [{ rateLimit: 5 }, /options\.rateLimit/],
    [{ rateLimit: null }, /options\.rateLimit/],
    [{ rateLimit: [5, 1_000] }, /options\.rateLimit/],
    [{ rateLimit: {} }, /rateLimit: .*`requests` and `perMs`/],
    [{ rateLimit: { requests: 5 } }, /rateLimit: .*`perMs`/],
    [{ rateLimit: { perMs: 5 } }, /rateLimit: .*`requests`/],
    [{ rateLimit: { requests: 0, perMs: 5 } }, /rateLimit\.requests/],
    [{ rateLimit: { requests: 1.5, perMs: 5 } }, /rateLimit\.requests/],
    [{ rateLimit: { requests: "5", perMs: 5 } }, /rateLimit\.requests/],
    [{ rateLimit: { requests: 2 ** 40, perMs: 5 } }, /rateLimit\.requests/],
    [{ rateLimit: { requests: 5, perMs: 0 } }, /rateLimit/],
    [{ rateLimit: { requests: 5, perMs: -1 } }, /rateLimit\.perMs/],
    [{ rateLimit: { requests: 5, perMs: 2 ** 31 } }, /rateLimit\.perMs/],
    [{ rateLimit: { requests: 5, perSecond: 1 } }, /rateLimit has no option `perSecond`.*`perMs`/],
    [{ deadlineMs: 5 }, /options has no option `deadlineMs`/],
    [{ tzOffsetHours: "1" }, /options\.tzOffsetHours/],
    [{ tzOffsetHours: 15 }, /options\.tzOffsetHours/],
    [{ tzOffsetHours: NaN }, /options\.tzOffsetHours/],
    [{ headers: [["a", "b"]] }, /options\.headers/],
    [{ headers: "a: b" }, /options\.headers/],
    [{ headers: null }, /options\.headers/],
    [{ onEvent: "log" }, /options\.onEvent/],
    [{ allowApiKeyInBrowser: "yes" }, /options\.allowApiKeyInBrowser/],
    [{ allowApiKeyInBrowser: 1 }, /options\.allowApiKeyInBrowser/],
  ]) {
    await refused(() => new orgdeck.Close({ auth, ...options }), message);
  }
  for (const options of ["https://api.close.com", 5, [], () => {}])
    await refused(() => new orgdeck.Close(options), /options/);
});

test("an option that is undefined is as if left out", async () => {
  const { close } = offline(ME, {
    timeoutMs: undefined,
    maxRetries: undefined,
    maxWaitMs: undefined,
    rateLimit: undefined,
    tzOffsetHours: undefined,
    headers: undefined,
    allowApiKeyInBrowser: undefined,
  });
  assert.deepEqual(
    await close.users.me(undefined, { signal: undefined, timeoutMs: undefined, headers: undefined }),
    ME,
  );
  const none = {
    deadlineMs: undefined,
    maxRetries: undefined,
    background: undefined,
    share: undefined,
    onEvent: undefined,
  };
  assert.deepEqual(await close.users.me(undefined, none), ME);
  assert.deepEqual(await close.users.me({ fields: undefined }, null), ME);
});

test("options of a call, a query and a request that are unknown or wrong are named", async () => {
  for (const [run, message] of [
    [() => close.users.me({}, { timeout: 5 }), /call has no option `timeout`.*`signal`.*`timeoutMs`/],
    [() => close.users.me({}, { timeoutMs: "5" }), /call\.timeoutMs/],
    [() => close.users.me({}, { timeoutMs: -1 }), /call\.timeoutMs/],
    [() => close.users.me({}, { timeoutMs: 2 ** 31 }), /call\.timeoutMs/],
    [() => close.users.me({}, { deadlineMs: "5" }), /call\.deadlineMs/],
    [() => close.users.me({}, { deadlineMs: -1 }), /call\.deadlineMs/],
    [() => close.users.me({}, { deadlineMs: NaN }), /call\.deadlineMs/],
    [() => close.users.me({}, { deadlineMs: Infinity }), /call\.deadlineMs/],
    [() => close.users.me({}, { deadlineMs: 2 ** 31 }), /call\.deadlineMs/],
    [() => close.users.me({}, { maxRetries: -1 }), /call\.maxRetries: .*0 to 100/],
    [() => close.users.me({}, { maxRetries: 0.5 }), /call\.maxRetries/],
    [() => close.users.me({}, { maxRetries: "3" }), /call\.maxRetries/],
    [() => close.users.me({}, { background: 1 }), /call\.background: expected true or false/],
    [() => close.users.me({}, { background: null }), /call\.background/],
    [() => close.users.me({}, { share: "no" }), /call\.share: expected true or false/],
    [() => close.users.me({}, { onEvent: {} }), /call\.onEvent: expected a function/],
    [() => close.users.me({}, { onProgress() {} }), /call has no option `onProgress`/],
    [() => close.users.me({}, { maxWaitMs: 5 }), /call has no option `maxWaitMs`/],
    [() => close.users.list({}, { deadlineMs: -1 }).all(), /call\.deadlineMs/],
    [() => close.users.list({}, { share: 1 }).first(), /call\.share/],
    [() => close.users.list({}, { concurrency: 4 }).all(), /call has no option `concurrency`/],
    [() => close.groups.delete("g", { maxRetries: 101 }), /call\.maxRetries/],
    [() => close.request({ method: "GET", path: "/me/" }, { background: "yes" }), /call\.background/],
    [() => close.users.me({}, { signal: {} }), /call\.signal/],
    [() => close.users.me({}, { signal: new AbortController() }), /call\.signal/],
    [() => close.users.me({}, { headers: 5 }), /call\.headers/],
    [() => close.users.me({}, 5), /call/],
    [() => close.users.me({}, []), /call/],
    [() => close.users.me({ feilds: ["id"] }), /`feilds`/],
    [() => close.users.me("id"), /query/],
    [() => close.users.me(["id"]), /query/],
    [() => close.list("/task/", { filter: {} }).first(), /`filter`/],
    [() => close.request({ method: "GET", url: "/me/" }), /request has no option `url`.*`path`/],
    [() => close.request(), /request\.path|request\.method/],
    [() => close.request("/me/"), /request/],
    [() => close.request({ path: "/me/" }), /request\.method/],
    [() => close.request({ method: "GET" }), /request\.path/],
    [() => close.request({ method: "PATCH", path: "/me/" }), /PATCH/],
    [() => close.request({ method: "get", path: "/me/" }), /request\.method/],
    // The name of an operation is no method.
    [() => close.request({ method: "users.me", path: "/me/" }), /request\.method/],
    [() => close.request({ method: "GET", path: "/me/", body: {} }), /body/],
    [() => close.request({ method: "DELETE", path: "/me/", body: {} }), /body/],
    [() => close.request({ method: "POST", path: "/task/", body: () => {} }), /request\.body/],
    [() => close.request({ method: "POST", path: "/task/", body: 1n }), /request\.body/],
    [
      () => {
        const body = {};
        body.body = body;
        return close.request({ method: "POST", path: "/task/", body });
      },
      /request\.body/,
    ],
    [() => close.request({ method: "GET", path: "/me/", query: "a=b" }), /request\.query/],
  ]) {
    await refused(run, message);
  }
  assert.deepEqual(await requests(), []);
});

test("a path cannot reach another host or leave the API", async () => {
  for (const path of [
    "me/",
    "",
    "/",
    "//evil.example/",
    "https://evil.example/",
    "/../me/",
    "/a/../b/",
    "/a//b/",
    "/a/./b/",
    "/me/?a=b",
    "/me/#a",
    "/a%2fb/",
    "/a\\b/",
    "/a\nb/",
    5,
    null,
    undefined,
    "/\ud800/",
  ]) {
    await refused(() => close.request({ method: "GET", path }), /path/);
    await refused(() => close.list(path).first(), /path/);
  }
  assert.deepEqual(await requests(), []);
  const { close: other, calls } = offline({});
  await other.request({ method: "GET", path: "/lead/a b;c@d:é/" });
  assert.equal(calls[0].url, `${BASE}/lead/a%20b%3Bc%40d%3A%C3%A9/`);
});

// ----------------------------------------------------------------------------------------------- headers

test("headers of the client and of the call arrive, and the call's win", async () => {
  const own = client({ headers: { "X-One": "1", "x-two": "2" } });
  await own.users.me({}, { headers: { "x-TWO": "two", "x-three": "3" } });
  await own.users.list().first();
  const [me, users] = await requests();
  assert.deepEqual([me.headers["x-one"], me.headers["x-two"], me.headers["x-three"]], ["1", "two", "3"]);
  assert.deepEqual([users.headers["x-one"], users.headers["x-two"], users.headers["x-three"]], ["1", "2", undefined]);
});

test("the hours from UTC go in x-tz-offset", async () => {
  for (const [tzOffsetHours, text] of [
    [-4, "-4"],
    [5.5, "5.5"],
    [0, "0"],
    [5.75, "5.75"],
    [14, "14"],
    [undefined, undefined],
  ]) {
    const { close, calls } = offline(ME, { tzOffsetHours });
    await close.users.me();
    assert.equal(calls[0].headers["x-tz-offset"], text);
  }
});

test("headers that could be another header, or that Orgdeck sets itself, are refused, and values not quoted", async () => {
  for (const [headers, message] of [
    [{ "x-a": "1\r\nx-evil: secret-value" }, /x-a/],
    [{ "x-a": "1\nsecret-value" }, /x-a/],
    [{ "x-a": "\0secret-value" }, /x-a/],
    [{ "x-a": "é secret-value" }, /x-a/],
    [{ "x-a\r\nx-evil": "1" }, /header name/],
    [{ "x a": "1" }, /header name/],
    [{ "": "1" }, /header name/],
    [{ é: "1" }, /header name/],
    [{ "x-a": 1 }, /headers\.x-a/],
    [{ "x-a": undefined }, /headers\.x-a/],
    [{ "x-a": ["1"] }, /headers\.x-a/],
    [{ authorization: "Bearer secret-value" }, /`authorization` is set by Orgdeck/],
    [{ Authorization: "Bearer secret-value" }, /`Authorization`/],
    [{ "Content-Type": "text/plain" }, /`Content-Type`/],
    [{ Accept: "text/plain" }, /`Accept`/],
  ]) {
    const errors = [
      await refused(() => client({ headers }), message),
      await refused(() => close.users.me({}, { headers }), message),
    ];
    errors.push(await refused(() => close.users.list({}, { headers }).first(), message));
    for (const error of errors) assert.ok(!error.message.includes("secret-value"));
  }
  assert.deepEqual(await requests(), []);
});

// ------------------------------------------------------------------------------------------------- fetch

test("a fetch of one's own is called as (url, init), with what every fetch understands", async () => {
  const seen = [];
  const fetch = async function (...given) {
    seen.push({ given, self: this });
    return new Response(JSON.stringify(given[1].method === "GET" ? ME : { id: "g", name: "n", organization_id: "o" }));
  };
  const own = client({ fetch, headers: { "x-one": "1" } });
  await own.users.me({ fields: ["id", "email"] });
  await own.groups.create({ name: "é" });
  const [[url, init], [createUrl, create]] = seen.map(({ given }) => given);
  assert.equal(seen[0].given.length, 2);
  assert.equal(url, `${BASE}/me/?_fields=id,email`);
  assert.deepEqual(Object.keys(init).sort(), ["headers", "method", "signal"]);
  assert.equal(init.method, "GET");
  assert.equal(Object.getPrototypeOf(init.headers), Object.prototype);
  assert.deepEqual(init.headers, { accept: "application/json", authorization: `Bearer ${TOKEN}`, "x-one": "1" });
  assert.ok(init.signal instanceof AbortSignal);
  assert.equal(createUrl, `${BASE}/group/?_fields=id,name,organization_id,members`);
  assert.deepEqual(
    [create.method, create.body, create.headers["content-type"]],
    ["POST", '{"name":"é"}', "application/json"],
  );
});

test("a global fetch that was replaced is used, and each client keeps the one it began with", async () => {
  const original = globalThis.fetch;
  let used = 0;
  globalThis.fetch = async () => ((used += 1), { status: 200, json: async () => ME });
  let replaced;
  try {
    replaced = client();
    assert.deepEqual(await replaced.users.me(), ME);
  } finally {
    globalThis.fetch = original;
  }
  assert.equal(used, 1);
  assert.equal((await requests()).length, 0);
  assert.match((await client().users.me()).email, /@example/);
});

test("where there is no fetch, one must be given", async () => {
  const original = globalThis.fetch;
  delete globalThis.fetch;
  try {
    await refused(() => client(), /options\.fetch/);
    assert.deepEqual(await offline(ME).close.users.me(), ME);
  } finally {
    globalThis.fetch = original;
  }
});

test("the answers of mocks are read, whatever they are made of", async () => {
  const text = JSON.stringify(ME);
  const bytes = new TextEncoder().encode(text);
  for (const body of [
    { json: async () => ME },
    { json: () => ME },
    { text: async () => text },
    { text: () => text },
    { arrayBuffer: async () => bytes.buffer },
    { arrayBuffer: async () => bytes },
  ]) {
    const { close } = offline();
    const own = client({ fetch: async () => ({ status: 200, ...body }) });
    assert.deepEqual(await own.users.me(), ME, Object.entries(body).join());
    close.free();
  }
  const nothing = client({ fetch: () => ({ status: 204 }) });
  assert.equal(await nothing.groups.delete("group_a"), undefined);
});

test("the headers of mocks are read from a Headers, a Map and a plain object", async () => {
  for (const headers of [
    new Headers({ "Retry-After": "2" }),
    new Map([["Retry-After", "2"]]),
    { "Retry-After": "2" },
    Object.assign(Object.create(null), { "retry-after": "2" }),
  ]) {
    const own = client({ fetch: async () => ({ status: 429, headers, text: async () => "{}" }), maxRetries: 0 });
    assert.equal((await failure(orgdeck.RateLimitError, own.users.me())).retryAfterMs, 2_000);
  }
});

test("a fetch that fails, with whatever, is a NetworkError with that as its cause", async () => {
  for (const thrown of [
    new TypeError("Failed to fetch"),
    "a text",
    { code: "ENOTFOUND" },
    7,
    null,
    undefined,
    Symbol("x"),
  ]) {
    for (const fetch of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const error = await failure(orgdeck.NetworkError, client({ fetch, maxRetries: 0 }).users.me());
      assert.equal(error.cause, thrown);
      assert.deepEqual([error.vendor, error.attempts, error.sent, error.status], ["close", 1, "maybe", undefined]);
      assert.match(error.message, /users\.me/);
    }
  }
});

test("a fetch that gives no answer is a NetworkError", async () => {
  for (const answer of [undefined, null, "text", {}, { ok: true }, { status: "200" }, { status: NaN }]) {
    const error = await failure(orgdeck.NetworkError, client({ fetch: async () => answer, maxRetries: 0 }).users.me());
    assert.ok(error.cause instanceof TypeError);
  }
});

test("an answer whose body cannot be read is a NetworkError with its status", async () => {
  const thrown = new Error("body used already");
  for (const answer of [
    { status: 200, arrayBuffer: () => Promise.reject(thrown) },
    {
      status: 200,
      text: () => {
        throw thrown;
      },
    },
    {
      status: 200,
      get headers() {
        throw thrown;
      },
    },
  ]) {
    const error = await failure(orgdeck.NetworkError, client({ fetch: async () => answer, maxRetries: 0 }).users.me());
    assert.deepEqual([error.cause, error.status, error.sent], [thrown, 200, "yes"]);
  }
});

testThatNothingLeaked("secret-value");
