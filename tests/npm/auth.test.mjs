// Credentials: where they go, where they must not go, and that nobody is told.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  API_KEY,
  BASE,
  child,
  client,
  failure,
  offline,
  refused,
  requests,
  start,
  testThatNothingLeaked,
  TOKEN,
} from "./helper.mjs";

const SECRET = "tok_en-of~the+caller/=";
const orgdeck = await start();
const close = client();

const authorization = async (auth) => {
  const { close, calls } = offline({ data: [] }, { auth });
  await close.list("/task/").first();
  return calls[0].headers.authorization;
};

test("an API key goes by HTTP Basic, with an empty password", async () => {
  assert.equal(await authorization({ apiKey: "yourapikey" }), "Basic eW91cmFwaWtleTo=");
  await client({ auth: { apiKey: API_KEY } }).users.me();
  assert.equal((await requests())[0].headers.authorization, "Basic ***");
});

test("an error of Orgdeck's own that a token function fails with stays as it is", async () => {
  const offlineNow = new orgdeck.NetworkError("no way out", { code: "network", sent: "maybe" });
  const { close, calls } = offline({}, { auth: { accessToken: () => Promise.reject(offlineNow) } });
  assert.equal(await close.users.me().then(assert.fail, (error) => error), offlineNow);
  assert.equal(calls.length, 0);
});

test("an access token goes by Bearer, from a text or a function", async () => {
  assert.equal(await authorization({ accessToken: SECRET }), `Bearer ${SECRET}`);
  assert.equal(await authorization({ accessToken: () => SECRET }), `Bearer ${SECRET}`);
  assert.equal(await authorization({ accessToken: async () => SECRET }), `Bearer ${SECRET}`);
  // A promise of another kind.
  assert.equal(
    await authorization({ accessToken: () => ({ then: (resolve) => resolve(SECRET) }) }),
    `Bearer ${SECRET}`,
  );
});

test("a function is asked before each request, each page too", async () => {
  let asked = 0;
  const answer = {
    get data() {
      return [{ id: `task_${asked}` }];
    },
    has_more: true,
  };
  const { close, calls } = offline(answer, { auth: { accessToken: () => `token-${(asked += 1)}` } });
  assert.equal(asked, 0);
  await close.list("/task/").all({ limit: 2 });
  await close.request({ method: "DELETE", path: "/task/" });
  assert.deepEqual(
    calls.map(({ headers }) => headers.authorization),
    ["Bearer token-1", "Bearer token-2", "Bearer token-3"],
  );
});

test("a function is asked for nothing when nothing will be sent", async () => {
  let asked = 0;
  const { close } = offline({}, { auth: { accessToken: () => ((asked += 1), SECRET) } });
  await refused(() => close.users.get(""), /id/);
  await assert.rejects(close.users.me({}, { signal: AbortSignal.abort("no") }), (error) => error === "no");
  assert.equal(asked, 0);
});

test("a function that fails is an AuthenticationError with its cause, and nothing is sent", async () => {
  const thrown = new Error("signed out");
  for (const [accessToken, cause, message] of [
    [
      () => {
        throw thrown;
      },
      thrown,
      /signed out/,
    ],
    [
      async () => {
        throw thrown;
      },
      thrown,
      /signed out/,
    ],
    [() => Promise.reject("gone"), "gone", /gone/],
    [
      () => {
        throw { status: 401 };
      },
      { status: 401 },
      /auth\.accessToken/,
    ],
    [
      () => {
        throw null;
      },
      null,
      /auth\.accessToken/,
    ],
    [() => undefined, undefined, /no string/],
    [async () => null, undefined, /no string/],
    [() => 5, undefined, /no string/],
    [() => ({ token: SECRET }), undefined, /no string/],
    [() => new String(SECRET), undefined, /no string/],
    [() => "", undefined, /empty/],
    [() => `${SECRET}\r\nx-evil: 1`, undefined, /character/],
    [() => "é", undefined, /character/],
  ]) {
    const { close, calls } = offline({ data: [] }, { auth: { accessToken } });
    for (const run of [() => close.users.me(), () => close.users.list().first()]) {
      const error = await failure(orgdeck.AuthenticationError, run);
      const { code, vendor, attempts, sent, status } = error;
      assert.deepEqual(
        { code, vendor, attempts, sent, status },
        { code: "authentication", vendor: "close", attempts: 0, sent: "no", status: undefined },
      );
      assert.match(error.message, message);
      if (typeof cause === "object" && cause && !(cause instanceof Error)) assert.deepEqual(error.cause, cause);
      else assert.equal(error.cause, cause);
    }
    assert.deepEqual(calls, []);
  }
});

test("a function may itself call the client", async () => {
  const inner = client();
  const outer = client({ auth: { accessToken: async () => (await inner.users.me(), TOKEN) } });
  assert.match((await outer.users.me()).id, /^user_/);
});

test("credentials that cannot stand in a header are refused and not quoted", async () => {
  for (const [auth, message] of [
    [{ apiKey: "" }, /auth\.apiKey/],
    [{ apiKey: `${SECRET}:x` }, /auth\.apiKey/],
    [{ apiKey: `${SECRET}\n` }, /auth\.apiKey/],
    [{ apiKey: `${SECRET}é` }, /auth\.apiKey/],
    [{ accessToken: "" }, /auth\.accessToken/],
    [{ accessToken: ` ${SECRET}` }, /auth\.accessToken/],
    [{ accessToken: `${SECRET}\r\nx-evil: 1` }, /auth\.accessToken/],
    [{ accessToken: "\ud800" }, /./],
  ]) {
    const error = await refused(() => client({ auth }), message);
    assert.ok(!error.message.includes(SECRET));
  }
});

test("exactly one kind of credentials is given", async () => {
  for (const [options, message] of [
    [{}, /auth/],
    [undefined, /auth/],
    [null, /auth/],
    [{ auth: {} }, /auth: give one of/],
    [{ auth: { apiKey: SECRET, accessToken: SECRET } }, /auth: give one of/],
    [{ auth: { apiKey: undefined } }, /auth: give one of/],
    [{ auth: SECRET }, /options\.auth/],
    [{ auth: null }, /options\.auth/],
    [{ auth: { apiKey: 5 } }, /auth\.apiKey/],
    [{ auth: { accessToken: 5 } }, /auth\.accessToken/],
    [{ auth: { accessToken: Promise.resolve(SECRET) } }, /auth\.accessToken/],
    [{ auth: { key: SECRET } }, /auth has no option `key`.*`apiKey`/],
  ]) {
    await refused(() => new orgdeck.Close(options), message);
  }
});

test("two clients keep their credentials apart", async () => {
  const [one, two] = [offline({}, { auth: { accessToken: "one" } }), offline({}, { auth: { apiKey: "two" } })];
  const ask = ({ close }, path = "/me/") => close.request({ method: "GET", path });
  await Promise.all([ask(one), ask(two), ask(one, "/task/")]);
  assert.deepEqual(
    one.calls.map(({ headers }) => headers.authorization),
    ["Bearer one", "Bearer one"],
  );
  assert.deepEqual(
    two.calls.map(({ headers }) => headers.authorization),
    [`Basic ${btoa("two:")}`],
  );
});

// -------------------------------------------------------------------------------------------- in a page

/** Makes a client in a page, and asks who it is where that is possible. */
const inPage = (location, options, ask = false) =>
  child(
    `const [location, options, ask] = values;
     await init();
     if (location) globalThis.location = location;
     let me;
     const error = await caught(async () => {
       const close = new Close(options);
       if (ask) me = await close.users.me({ fields: ["id"] });
     });
     return { error, me };`,
    location,
    options,
    ask,
  );
const page = (origin) => ({ origin, hostname: new URL(origin).hostname });

test("an API key in a page that others can open is refused unless it is allowed", async () => {
  for (const origin of [
    "https://admin.example.com",
    "https://127.0.0.1.example.com",
    "http://192.168.0.7",
    "https://localhost.example.com",
  ]) {
    const { error } = await inPage(page(origin), { auth: { apiKey: SECRET }, baseUrl: BASE });
    assert.equal(error.name, "ConfigError", origin);
    assert.match(error.message, /allowApiKeyInBrowser/);
    assert.ok(!JSON.stringify(error).includes(SECRET));
  }
  const allowed = { auth: { apiKey: API_KEY }, baseUrl: BASE, allowApiKeyInBrowser: true };
  assert.match((await inPage(page("https://admin.example.com"), allowed, true)).me.id, /^user_/);
  const notAllowed = { ...allowed, allowApiKeyInBrowser: false };
  assert.equal((await inPage(page("https://admin.example.com"), notAllowed)).error?.name, "ConfigError");
  const token = { auth: { accessToken: TOKEN }, baseUrl: BASE };
  assert.match((await inPage(page("https://admin.example.com"), token, true)).me.id, /^user_/);
});

test("an API key in a page on this computer, or in a program, is the owner's own affair", async () => {
  const options = { auth: { apiKey: API_KEY }, baseUrl: BASE };
  for (const location of [
    page("http://localhost:5173"),
    page("http://127.0.0.1:8080"),
    page("http://[::1]:8080"),
    page("http://admin.localhost"),
    null,
  ]) {
    assert.match((await inPage(location, options, true)).me?.id ?? "", /^user_/, location?.hostname);
  }
});

test("a base URL that begins with a slash is the page's own", async () => {
  const options = { auth: { accessToken: TOKEN }, baseUrl: "/api/v1" };
  assert.match((await inPage(page(new URL(BASE).origin), options, true)).me.id, /^user_/);
  // Not where there is no page, over an open line, or to another host.
  assert.equal((await inPage(null, options)).error.name, "ConfigError");
  assert.equal((await inPage(page("http://admin.example.com"), options)).error.name, "ConfigError");
  assert.equal(
    (await inPage(page("https://admin.example.com"), { ...options, baseUrl: "//evil.example/v1" })).error.name,
    "ConfigError",
  );
});

test("base URLs that would give credentials away, or cannot be used, are refused and named", async () => {
  for (const baseUrl of [
    "http://api.close.com/api/v1",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
    "ftp://api.close.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "api.close.com",
    "//api.close.com",
    "/api/v1",
    "",
    "https://",
    "https://api.close.com/api/v1?x=1",
    "https://api.close.com/#x",
    "https://api.close.com\\@evil.example",
    "https://api.close.com/../x",
    "https://api.close.com/%2e%2e/x",
    "https://api close.com",
    "https://api.close.com:99999",
  ]) {
    await refused(() => client({ baseUrl }), /baseUrl/);
  }
  for (const baseUrl of [
    `https://user:${SECRET}@api.close.com`,
    `https://${SECRET}@api.close.com/api/v1`,
    `http://x:${SECRET}@127.0.0.1`,
  ]) {
    const error = await refused(() => client({ baseUrl }), /baseUrl must not hold credentials/);
    assert.ok(!error.message.includes(SECRET));
  }
  for (const baseUrl of [5, null, new URL(BASE), {}]) await refused(() => client({ baseUrl }), /options\.baseUrl/);
});

test("base URLs that are good", async () => {
  for (const [baseUrl, start] of [
    [undefined, "https://api.close.com/api/v1/"],
    ["https://proxy.example.com/close", "https://proxy.example.com/close/"],
    ["https://proxy.example.com/close///", "https://proxy.example.com/close/"],
    ["HTTPS://Proxy.Example.com:8443", "https://proxy.example.com:8443/"],
    ["http://localhost:5173/api", "http://localhost:5173/api/"],
    ["http://[::1]:5173", "http://[::1]:5173/"],
  ]) {
    const { close, calls } = offline({ id: "x" }, { baseUrl });
    await close.request({ method: "GET", path: "/me/" });
    assert.equal(calls[0].url, `${start}me/`);
  }
});

testThatNothingLeaked(SECRET);
