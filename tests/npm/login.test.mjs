// Signing in: there and back over the sandbox's own pages, what is kept and what is not, and what can go wrong.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";

import { BASE, child, failure as failed, load, loadLogin, refused, REGIONS, requests, reset, serve } from "./helper.mjs";

const SANDBOX = new URL(BASE).origin;
const CONSOLE = "http://127.0.0.1:5173";
const BACK = `${CONSOLE}/signed-in`;
const endpoints = {
  authorize: `${SANDBOX}/oauth/authorize`,
  token: `${SANDBOX}/oauth/token`,
  revoke: `${SANDBOX}/oauth/revoke`,
};

let orgdeck, PkceLogin;
/** All that must never be told, and what was told. */
const secrets = new Set();
const told = [];

before(async () => {
  orgdeck = await load();
  ({ PkceLogin } = await loadLogin());
});

beforeEach(reset);

afterEach(() => {
  for (const name of ["location", "history", "sessionStorage"]) delete globalThis[name];
});

// ------------------------------------------------------------------------------------------- the page, played

class Memory {
  items = new Map();
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  setItem(key, value) {
    for (const [secret] of value.matchAll(/[\w-]{43}/g)) secrets.add(secret);
    this.items.set(key, value);
  }
  removeItem(key) {
    this.items.delete(key);
  }
}

/** A page at an address, which notes where it is sent; with a storage unless one is given. */
function page(href, storage = new Memory()) {
  const left = [];
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const goTo = (address) => {
    const { origin, pathname, hostname } = new URL(address);
    define("location", { href: address, origin, pathname, hostname, assign: (url) => left.push(url) });
  };
  goTo(href);
  define("history", { state: { kept: true }, replaceState: (state, _, address) => (goTo(address), left.push(state)) });
  define("sessionStorage", storage);
  return { left, goTo, storage };
}

async function failure(Class, run) {
  const error = await failed(Class, run);
  told.push(error);
  return error;
}

/** Lets time pass, for the page and not for the vendor, until a session's token is about to end. */
function wait(t, session) {
  const now = Date.now();
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Math.max(now, session.expiresAt.getTime() - 200) });
}

const options = (more) => ({
  clientId: "orgdeck-console",
  redirectUri: BACK,
  endpoints,
  storage: new Memory(),
  ...more,
});
const newLogin = (more) => new PkceLogin(options(more));

/** What the person does on the vendor's page; the address that they are sent back to. */
async function answer(address, decision = "allow", person = "admin") {
  const url = new URL(address);
  const shown = await fetch(url);
  assert.equal(shown.status, 200, await shown.text());
  const form = new URLSearchParams([...url.searchParams, ["decision", decision], ["person", person]]);
  const response = await fetch(url.origin + url.pathname, { method: "POST", body: form, redirect: "manual" });
  const back = response.headers.get("location");
  assert.ok(back, `${response.status} ${await response.text()}`);
  const code = new URL(back).searchParams.get("code");
  if (code) secrets.add(code);
  return back;
}

const signIn = async (login, start) => login.finish(await answer(await login.authorizeUrl(start)));

/** The token, which nobody may be told. */
async function tokenOf(session) {
  const token = await session.accessToken();
  secrets.add(token);
  return token;
}

/** What the API says to a token. */
const statusOf = async (token) =>
  (await fetch(`${SANDBOX}/api/v2/tokens/me`, { headers: { authorization: `Bearer ${token}` } })).status;

/** The requests for tokens that the sandbox got: what each asked by. */
const exchanges = async () =>
  (await requests())
    .filter(({ path }) => path === "/oauth/token")
    .map(({ body }) => new URLSearchParams(body).get("grant_type"));

/** A login that comes back from a vendor whose answers are the test's own. */
async function played(answers, more = {}) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, ...init, form: Object.fromEntries(new URLSearchParams(init.body)) });
    const given = answers.length > 1 ? answers.shift() : answers[0];
    const said = typeof given === "function" ? await given(init) : given;
    return said instanceof Response || typeof said !== "object" ? said : Response.json(said);
  };
  const login = newLogin({ fetch, ...more });
  const { searchParams } = new URL(await login.authorizeUrl());
  const finish = () => login.finish(`${BACK}?code=the-code-of-a-test&state=${searchParams.get("state")}`);
  secrets.add("the-code-of-a-test");
  return { login, finish, calls };
}

const outcome = ({ code, vendor, attempts, sent, status, vendorCode, retryAfterMs, body }) => {
  assert.equal(vendor, null);
  assert.equal(body, undefined);
  return { code, attempts, sent, status, vendorCode, retryAfterMs };
};
const nothing = { attempts: 0, sent: "no", status: undefined, vendorCode: undefined, retryAfterMs: undefined };

// -------------------------------------------------------------------------------------------- there and back

test("a page signs somebody in, and the API takes the token", async () => {
  const { left, goTo, storage } = page(`${CONSOLE}/people?role=admin#top`);
  const login = new PkceLogin({ clientId: "orgdeck-console", endpoints, scope: "groups" });
  assert.equal(await login.finish(), null);
  await login.start({ returnTo: "/people?role=admin#top", parameters: { prompt: "login", org: "acme & sons" } });

  assert.equal(left.length, 1);
  const { origin, pathname, searchParams } = new URL(left[0]);
  assert.equal(origin + pathname, endpoints.authorize);
  const { state, code_challenge, ...others } = Object.fromEntries(searchParams);
  assert.deepEqual(others, {
    client_id: "orgdeck-console",
    redirect_uri: `${CONSOLE}/people`,
    response_type: "code",
    code_challenge_method: "S256",
    scope: "groups",
    prompt: "login",
    org: "acme & sons",
  });
  const [kept] = [...storage.items.values()].map((text) => JSON.parse(text));
  assert.match(kept.verifier, /^[\w-]{43}$/);
  assert.match(state, /^[\w-]{43}$/);
  assert.notEqual(state, kept.verifier);
  assert.equal(code_challenge, createHash("sha256").update(kept.verifier).digest("base64url"));

  const back = await answer(left[0]);
  goTo(`${back}&tab=2#groups`);
  const session = await new PkceLogin({ clientId: "orgdeck-console", endpoints }).finish();
  // The state that the page had in its history stays, and what else is in the address.
  assert.deepEqual(left[1], { kept: true });
  assert.equal(globalThis.location.href, `${CONSOLE}/people?tab=2#groups`);
  assert.equal(storage.items.size, 0);
  assert.equal(session.returnTo, "/people?role=admin#top");
  assert.ok(Math.abs(session.expiresAt - Date.now() - 86_400_000) < 10_000);
  assert.equal(await statusOf(await tokenOf(session)), 200);
  assert.deepEqual(await exchanges(), ["authorization_code"]);
});

test("without a page, the application goes there itself", async () => {
  const login = newLogin();
  const error = await refused(() => login.start(), /authorizeUrl/);
  assert.ok(error);
  const session = await signIn(login);
  assert.equal(session.returnTo, null);
  assert.equal(await statusOf(await tokenOf(session)), 200);
  await refused(() => login.finish(), /login\.finish/);
  await refused(() => login.finish("nowhere"), /login\.finish/);
  await refused(() => newLogin({ redirectUri: undefined }).authorizeUrl(), /options\.redirectUri/);
});

test("each sign-in has a verifier and a state of its own", async () => {
  const login = newLogin();
  const seen = new Set();
  for (let at = 0; at < 20; at += 1) {
    const { searchParams } = new URL(await login.authorizeUrl());
    seen.add(searchParams.get("state")).add(searchParams.get("code_challenge"));
  }
  assert.equal(seen.size, 40);
});

test("an address that says nothing of a sign-in is none", async () => {
  const storage = new Memory();
  const login = newLogin({ storage });
  await login.authorizeUrl();
  for (const address of [BACK, `${BACK}?state=x`, `${BACK}?codes=1&errors=2`, `${BACK}#code=1`, new URL(BACK)]) {
    assert.equal(await login.finish(address), null);
  }
  assert.equal(storage.items.size, 1);
});

test("a path stands for one of the page's own origin", async () => {
  const { left } = page(`${SANDBOX}/index.html`);
  const own = { authorize: "/oauth/authorize", token: "/oauth/token", revoke: "/oauth/revoke" };
  const login = new PkceLogin({ clientId: "orgdeck-console", redirectUri: "/back", endpoints: own });
  await login.start();
  assert.equal(new URL(left[0]).searchParams.get("redirect_uri"), `${SANDBOX}/back`);
  assert.equal(await statusOf(await tokenOf(await login.finish(await answer(left[0])))), 200);
});

test("it needs no init(), and importing it does nothing", async () => {
  const made = await child(
    `const items = new Map();
     const storage = { getItem: (key) => items.get(key) ?? null, setItem: (...pair) => items.set(...pair), removeItem: (key) => items.delete(key) };
     const login = new PkceLogin({ clientId: "c", redirectUri: "https://a.example/", region: "us_east_1", storage });
     return { host: new URL(await login.authorizeUrl()).host, wrong: await caught(() => new PkceLogin({})) };`,
  );
  assert.equal(made.host, "login.mypurecloud.com");
  assert.ok(made.wrong.isOrgdeck);
});

const regions = { ...REGIONS, "mypurecloud.de": "mypurecloud.de", "new1.pure.cloud": "new1.pure.cloud" };

test("a region is one of the vendor's keys, or a host", async () => {
  for (const [region, host] of Object.entries(regions)) {
    const { origin, pathname } = new URL(await newLogin({ endpoints: undefined, region }).authorizeUrl());
    assert.equal(origin + pathname, `https://login.${host}/oauth/authorize`);
  }
  for (const region of [
    "",
    "us_east_9",
    "localhost",
    "https://mypurecloud.de",
    "mypurecloud.de/x",
    "a.b@c.d",
    "toString",
  ]) {
    await refused(() => newLogin({ endpoints: undefined, region }), /options\.region.*us_east_1.*eusc_de_east_1/);
  }
});

// ------------------------------------------------------------------------------------------- coming back wrong

test("an answer to somebody else's question is refused, and nothing is sent", async () => {
  const storage = new Memory();
  const begin = async () => {
    const login = newLogin({ storage });
    const state = new URL(await login.authorizeUrl()).searchParams.get("state");
    return { login, state };
  };
  for (const query of ["code=c", "code=c&state=", "code=c&state=other", "error=access_denied", "error=x&state=other"]) {
    const { login, state } = await begin();
    const error = await failure(orgdeck.AuthenticationError, login.finish(`${BACK}?${query}`));
    assert.deepEqual(outcome(error), { code: "authentication", ...nothing });
    assert.match(error.message, /state/);
    // It could have been guessed, so it is not good for a second try.
    assert.equal(storage.items.size, 0);
    await failure(orgdeck.AuthenticationError, login.finish(`${BACK}?code=c&state=${state}`));
  }
  // Two kinds of login do not take each other's.
  const { state } = await begin();
  const other = newLogin({ storage, clientId: "orgdeck-short-lived" });
  await failure(orgdeck.AuthenticationError, other.finish(`${BACK}?code=c&state=${state}`));
  assert.deepEqual(await requests(), []);
});

test("what is kept and is not of Orgdeck is as if nothing were kept", async () => {
  for (const text of ["", "null", "5", "{}", '{"state":null}', "[", '{"verifier":"v"}']) {
    const storage = { ...new Memory(), getItem: () => text, setItem() {}, removeItem() {} };
    const login = newLogin({ storage, keep: "session" });
    assert.equal(login.resume(), null);
    await failure(orgdeck.AuthenticationError, login.finish(`${BACK}?code=c&state=undefined`));
    await failure(orgdeck.AuthenticationError, login.finish(`${BACK}?code=c`));
  }
});

test("an address is good for once, and for whoever asks at the same time", async () => {
  const { goTo } = page(BACK);
  const login = newLogin();
  const back = await answer(await login.authorizeUrl());
  goTo(back);
  const [first, second] = await Promise.all([login.finish(), login.finish()]);
  assert.ok(first);
  assert.equal(first, second);
  assert.equal(login.resume(), first);
  assert.equal(await login.finish(), null);
  // Somebody goes back in the browser's history.
  goTo(back);
  await failure(orgdeck.AuthenticationError, login.finish());
  assert.equal(globalThis.location.href, BACK);
  assert.deepEqual(await exchanges(), ["authorization_code"]);
});

test("somebody who says no is not signed in", async () => {
  const { goTo, storage } = page(BACK);
  const login = newLogin({ storage: undefined });
  goTo(await answer(await login.authorizeUrl(), "deny"));
  const error = await failure(orgdeck.AuthenticationError, login.finish());
  assert.deepEqual(outcome(error), { code: "authentication", ...nothing, vendorCode: "access_denied" });
  assert.match(error.message, /The person said no/);
  assert.equal(globalThis.location.href, BACK);
  assert.equal(storage.items.size, 0);
  assert.deepEqual(await exchanges(), []);
});

test("other words of the vendor's page are errors of their kind", async () => {
  for (const [query, name] of [
    ["error=server_error", "ServerError"],
    ["error=temporarily_unavailable&error_description=busy", "ServerError"],
    ["error=invalid_scope&error_description=no+such+scope", "AuthenticationError"],
    ["error=&error_description=", "AuthenticationError"],
  ]) {
    const login = newLogin();
    const state = new URL(await login.authorizeUrl()).searchParams.get("state");
    const error = await failure(orgdeck[name], login.finish(`${BACK}?${query}&state=${state}`));
    const said = new URLSearchParams(query);
    assert.equal(error.vendorCode, said.get("error") || undefined);
    assert.ok(error.message.includes(said.get("error_description") || said.get("error")), error.message);
  }
});

test("the vendor's page itself refuses what is wrong with the application", async () => {
  const address = await newLogin().authorizeUrl({ parameters: { code_challenge_methods: "x" } });
  const url = new URL(address);
  url.searchParams.set("code_challenge_method", "plain");
  const response = await fetch(url, { redirect: "manual" });
  assert.match(response.headers.get("location"), /^http:\/\/127\.0\.0\.1:5173\/signed-in\?error=invalid_request&/);
});

// ----------------------------------------------------------------------------------------------- for the code

test("a code that the vendor does not know is an AuthenticationError with its words", async () => {
  const login = newLogin();
  const back = await answer(await login.authorizeUrl());
  await reset();
  const error = await failure(orgdeck.AuthenticationError, login.finish(back));
  assert.deepEqual(outcome(error), {
    ...{ code: "authentication", attempts: 1, sent: "yes", status: 400 },
    ...{ vendorCode: "invalid_grant", retryAfterMs: undefined },
  });
  assert.match(error.message, /^signing in: There is no such code/);
});

test("an answer that is no token answer is a DecodeError that quotes nothing", async () => {
  const garbage = `{"access_token":"half-of-a-secr`;
  secrets.add("half-of-a-secr");
  for (const [text, message] of [
    ["", /not JSON/],
    [garbage, /not JSON/],
    ["<h1>Welcome</h1>", /not JSON/],
    ["null", /not JSON/],
    ['"text"', /not JSON/],
    ["{}", /access_token/],
    ["[]", /access_token/],
    ['{"access_token":""}', /access_token/],
    ['{"access_token":null}', /access_token/],
    ['{"access_token":5}', /access_token/],
    ['{"access_token":"half-of-a-secret","token_type":"mac"}', /token_type/],
  ]) {
    const { login, finish } = await played([() => new Response(text)]);
    const error = await failure(orgdeck.DecodeError, finish());
    assert.deepEqual(outcome(error), {
      ...{ code: "decode", attempts: 1, sent: "yes", status: 200 },
      ...{ vendorCode: undefined, retryAfterMs: undefined },
    });
    assert.match(error.message, message);
    assert.equal(error.cause, undefined);
    assert.equal(login.resume(), null);
  }
});

test("what else can become of the request is an error of its kind", async () => {
  const json = (status, body, headers) => () => new Response(JSON.stringify(body), { status, headers });
  const lost = new TypeError("fetch failed");
  for (const [given, name, expected] of [
    [json(500, {}), "ServerError", { status: 500 }],
    [
      json(503, { error: "temporarily_unavailable" }),
      "ServerError",
      { status: 503, vendorCode: "temporarily_unavailable" },
    ],
    [() => new Response("<h1>Bad gateway</h1>", { status: 502 }), "ServerError", { status: 502 }],
    [json(429, {}, { "retry-after": "7" }), "RateLimitError", { status: 429, retryAfterMs: 7_000 }],
    [json(429, {}, { "retry-after": "Sat, 21 Nov 2026 17:00:00 GMT" }), "RateLimitError", { status: 429 }],
    [json(401, { error: "invalid_client" }), "AuthenticationError", { status: 401, vendorCode: "invalid_client" }],
    [json(400, { error: { code: 5 } }), "AuthenticationError", { status: 400 }],
    [json(404, "nothing"), "AuthenticationError", { status: 404 }],
    [() => Promise.reject(lost), "NetworkError", { sent: "maybe", cause: lost }],
    [() => undefined, "NetworkError", { sent: "maybe" }],
    [() => 5, "NetworkError", { sent: "maybe" }],
  ]) {
    const { finish, calls } = await played([given]);
    const error = await failure(orgdeck[name], finish());
    const { sent, status, vendorCode, retryAfterMs, cause } = error;
    const { cause: wanted, ...others } = expected;
    const found = { sent, status, vendorCode, retryAfterMs };
    assert.deepEqual(found, {
      sent: "yes",
      status: undefined,
      vendorCode: undefined,
      retryAfterMs: undefined,
      ...others,
    });
    if (wanted) assert.equal(cause, wanted);
    assert.equal(calls.length, 1);
  }
});

test("what the vendor quotes of our secrets is struck out", async () => {
  const { finish } = await played([
    ({ body }) => {
      const form = new URLSearchParams(body);
      const text = `code ${form.get("code")} with ${form.get("code_verifier")} is not good${".".repeat(2_000)}`;
      return Response.json({ error: "invalid_grant", error_description: text }, { status: 400 });
    },
  ]);
  const error = await failure(orgdeck.AuthenticationError, finish());
  assert.match(error.message, /code \*\*\* with \*\*\* is not good/);
  assert.ok(error.message.length < 400);
});

test("the form goes out as it should, and to nobody else", async (t) => {
  const seen = [];
  const elsewhere = await serve(t, (request, response) => {
    seen.push(request.url);
    response.end("{}");
  });
  const server = await serve(t, (_, response) => {
    response.writeHead(307, { location: `${elsewhere}/token`, "access-control-allow-origin": "*" }).end();
  });
  const { finish, calls } = await played([{ access_token: "t" }]);
  await finish();
  const [{ url, method, headers, credentials, redirect, form }] = calls;
  assert.deepEqual([url, method, credentials, redirect], [endpoints.token, "POST", "omit", "error"]);
  assert.deepEqual(headers, { accept: "application/json", "content-type": "application/x-www-form-urlencoded" });
  const { code_verifier, ...others } = form;
  assert.match(code_verifier, /^[\w-]{43}$/);
  assert.deepEqual(others, {
    grant_type: "authorization_code",
    code: "the-code-of-a-test",
    client_id: "orgdeck-console",
    redirect_uri: BACK,
  });

  const login = newLogin({ endpoints: { ...endpoints, token: `${server}/token` } });
  const back = await answer(await login.authorizeUrl());
  await failure(orgdeck.NetworkError, login.finish(back));
  assert.deepEqual(seen, []);
});

// ------------------------------------------------------------------------------------------------- renewing it

test("fifty calls that wait for a token are one request, and the next one renews again", async () => {
  const session = await signIn(newLogin({ clientId: "orgdeck-short-lived" }));
  const first = await tokenOf(session);
  assert.equal(await session.accessToken(), first);
  assert.equal(await statusOf(first), 200);
  for (const rounds of [1, 2]) {
    // It lives for three seconds, and is renewed in the last tenth.
    await sleep(session.expiresAt - Date.now() - 200);
    const tokens = new Set(await Promise.all(Array.from({ length: 50 }, () => tokenOf(session))));
    assert.equal(tokens.size, 1);
    assert.ok(!tokens.has(first));
    assert.equal(await statusOf([...tokens][0]), 200);
    assert.equal((await exchanges()).filter((grant) => grant === "refresh_token").length, rounds);
  }
});

test("a token is renewed a minute before its end, or in the last tenth of a short life", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  for (const [seconds, early] of [
    [86_400, 60],
    [600, 60],
    [300, 30],
    ["100", 10],
    [3, 0.3],
  ]) {
    const { finish, calls } = await played([
      { access_token: "one", refresh_token: "r1", expires_in: seconds, token_type: "Bearer" },
      { access_token: "two", refresh_token: "r2", expires_in: seconds },
      { access_token: "three", expires_in: seconds },
      { access_token: "four", expires_in: seconds },
    ]);
    const session = await finish();
    assert.equal(session.expiresAt.getTime(), Date.now() + seconds * 1_000);
    t.mock.timers.tick(seconds * 1_000 - early * 1_000 - 1);
    assert.equal(await session.accessToken(), "one");
    t.mock.timers.tick(1);
    assert.equal(await session.accessToken(), "two");
    assert.equal(session.expiresAt.getTime(), Date.now() + seconds * 1_000);
    for (const token of ["three", "four"]) {
      t.mock.timers.tick(seconds * 1_000);
      assert.equal(await session.accessToken(), token);
    }
    // One that the vendor does not change stays.
    assert.deepEqual(
      calls.map(({ form }) => form.refresh_token),
      [undefined, "r1", "r2", "r2"],
    );
    assert.deepEqual(calls[1].form, { grant_type: "refresh_token", refresh_token: "r1", client_id: "orgdeck-console" });
  }
});

test("a token whose end is not known is never renewed", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  for (const expires_in of [undefined, null, 0, -5, "soon", {}]) {
    const { finish, calls } = await played([{ access_token: "one", refresh_token: "r1", expires_in }]);
    const session = await finish();
    assert.equal(session.expiresAt, null);
    t.mock.timers.tick(1_000_000_000);
    assert.equal(await session.accessToken(), "one");
    assert.equal(calls.length, 1);
  }
});

test("without a refresh token the session ends with its token", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  const { login, finish, calls } = await played([{ access_token: "one", expires_in: 100 }]);
  const session = await finish();
  t.mock.timers.tick(99_999);
  assert.equal(await session.accessToken(), "one");
  t.mock.timers.tick(1);
  for (let times = 0; times < 2; times += 1) {
    const error = await failure(orgdeck.AuthenticationError, session.accessToken());
    assert.deepEqual(outcome(error), { code: "authentication", ...nothing });
    assert.match(error.message, /expired/);
  }
  assert.equal(calls.length, 1);
  assert.equal(login.resume(), null);
});

test("a renewal that fails for now is tried again by the next call", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  const fails = () => Promise.reject(new TypeError("offline"));
  const { finish, calls } = await played([
    { access_token: "one", refresh_token: "r1", expires_in: 100 },
    fails,
    fails,
    () => new Response("", { status: 503 }),
    () => Response.json({ error: "invalid_client" }, { status: 401 }),
    () => new Response("{"),
    { access_token: "two", refresh_token: "r2", expires_in: 100 },
  ]);
  const session = await finish();
  t.mock.timers.tick(95_000);
  // The one at hand is good for five seconds more.
  assert.equal(await session.accessToken(), "one");
  assert.equal(calls.length, 2);
  t.mock.timers.tick(5_000);
  for (const name of ["NetworkError", "ServerError", "AuthenticationError", "DecodeError"]) {
    const all = await Promise.all([1, 2, 3].map(() => failure(orgdeck[name], session.accessToken())));
    assert.equal(new Set(all).size, 1);
    assert.match(all[0].message, /^renewing the session: /);
  }
  assert.equal(await session.accessToken(), "two");
  assert.equal(calls.length, 7);
});

test("a session whose refresh token the vendor refuses is over", async (t) => {
  const storage = new Memory();
  const login = newLogin({ clientId: "orgdeck-short-lived", keep: "session", storage });
  const session = await signIn(login);
  await reset();
  wait(t, session);
  const errors = await Promise.all([1, 2].map(() => failure(orgdeck.AuthenticationError, session.accessToken())));
  assert.deepEqual([errors[0].status, errors[0].vendorCode, errors[0].sent], [400, "invalid_grant", "yes"]);
  const later = await failure(orgdeck.AuthenticationError, session.accessToken());
  assert.deepEqual(outcome(later), { code: "authentication", ...nothing });
  assert.match(later.message, /sign in again/);
  assert.equal((await exchanges()).length, 1);
  assert.equal(storage.items.size, 0);
  assert.equal(login.resume(), null);
  await session.signOut();
  assert.equal((await requests()).length, 1);
});

test("whoever steals a refresh token ends the session by using it", async (t) => {
  const storage = new Memory();
  const session = await signIn(newLogin({ clientId: "orgdeck-short-lived", keep: "session", storage }));
  const [{ tokens }] = [...storage.items.values()].map((text) => JSON.parse(text));
  const form = { grant_type: "refresh_token", refresh_token: tokens.refresh, client_id: "orgdeck-short-lived" };
  const stolen = await fetch(endpoints.token, { method: "POST", body: new URLSearchParams(form) });
  const { access_token } = await stolen.json();
  assert.equal(await statusOf(access_token), 200);
  wait(t, session);
  await failure(orgdeck.AuthenticationError, session.accessToken());
  assert.equal(await statusOf(access_token), 401);
});

// -------------------------------------------------------------------------------------------------- keeping it

test("a session is kept where it was asked for, and nowhere else", async (t) => {
  const storage = new Memory();
  const forgetful = newLogin({ storage });
  const first = await signIn(forgetful);
  assert.equal(storage.items.size, 0);
  assert.equal(forgetful.resume(), first);
  assert.equal(newLogin({ storage }).resume(), null);

  const login = newLogin({ storage, keep: "session", clientId: "orgdeck-short-lived" });
  assert.equal(login.resume(), null);
  const session = await signIn(login, { returnTo: "/here" });
  wait(t, session);
  const token = await tokenOf(session);

  const reloaded = newLogin({ storage, keep: "session", clientId: "orgdeck-short-lived" });
  const again = reloaded.resume();
  assert.equal(reloaded.resume(), again);
  assert.equal(again.returnTo, "/here");
  assert.deepEqual(again.expiresAt, session.expiresAt);
  assert.equal(await again.accessToken(), token);
  // What was kept is the refresh token that is good now.
  wait(t, again);
  assert.equal(await statusOf(await tokenOf(again)), 200);
  await again.signOut();
  assert.equal(storage.items.size, 0);
});

test("what has expired for good is not resumed", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  for (const [answer, isGood] of [
    [{ access_token: "one", expires_in: 100 }, false],
    [{ access_token: "one" }, true],
    [{ access_token: "one", expires_in: 100, refresh_token: "r" }, true],
  ]) {
    const storage = new Memory();
    const { finish } = await played([answer], { storage, keep: "session" });
    await finish();
    t.mock.timers.tick(100_000);
    assert.equal(newLogin({ storage, keep: "session" }).resume() !== null, isGood);
  }
});

test("an older session does not disturb the one after it", async () => {
  const storage = new Memory();
  const login = newLogin({ storage, keep: "session" });
  const first = await signIn(login);
  const second = await signIn(login);
  await first.signOut();
  assert.equal(login.resume(), second);
  assert.equal(storage.items.size, 1);
  assert.equal(await statusOf(await tokenOf(second)), 200);
});

test("a storage that is missing, forbidden or full is named", async () => {
  await refused(() => newLogin({ storage: undefined }).authorizeUrl(), /options\.storage/);
  assert.equal(newLogin({ storage: undefined, keep: "session" }).resume(), null);
  const get = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  Object.defineProperty(globalThis, "sessionStorage", { get, configurable: true });
  await refused(() => newLogin({ storage: undefined }).authorizeUrl(), /options\.storage.*insecure/);
  assert.equal(newLogin({ storage: undefined, keep: "session" }).resume(), null);

  // One that gets full in between costs the keeping, not the session.
  const storage = new Memory();
  const login = newLogin({ storage, keep: "session" });
  const back = await answer(await login.authorizeUrl());
  storage.setItem = () => {
    throw new DOMException("exceeded", "QuotaExceededError");
  };
  const session = await login.finish(back);
  assert.equal(await statusOf(await tokenOf(session)), 200);
  assert.equal(storage.items.size, 0);
});

// ------------------------------------------------------------------------------------------------- signing out

test("signing out gives the tokens back", async () => {
  const login = newLogin();
  const session = await signIn(login);
  const token = await tokenOf(session);
  await Promise.all([session.signOut(), session.signOut()]);
  assert.equal(await statusOf(token), 401);
  const error = await failure(orgdeck.AuthenticationError, session.accessToken());
  assert.deepEqual(outcome(error), { code: "authentication", ...nothing });
  assert.match(error.message, /signed out/);
  assert.equal(login.resume(), null);
  const revoked = (await requests()).filter(({ path }) => path === "/oauth/revoke");
  assert.deepEqual(
    revoked.map(({ body, status }) => [body, status]),
    [["token=***&client_id=orgdeck-console", 200]],
  );
});

test("signing out in the middle of a renewal gives the new tokens back", async (t) => {
  const session = await signIn(newLogin({ clientId: "orgdeck-short-lived" }));
  wait(t, session);
  const waiting = failure(orgdeck.AuthenticationError, session.accessToken());
  await session.signOut();
  await waiting;
  assert.deepEqual(await exchanges(), ["authorization_code", "refresh_token"]);
  const { path, status } = (await requests()).at(-1);
  assert.deepEqual([path, status], ["/oauth/revoke", 200]);
});

test("signing out forgets, even when the vendor cannot be told", async () => {
  const storage = new Memory();
  const { finish, calls } = await played(
    [{ access_token: "one", refresh_token: "r1" }, () => Promise.reject(new TypeError("offline"))],
    { storage, keep: "session" },
  );
  const session = await finish();
  assert.equal(storage.items.size, 1);
  const error = await failure(orgdeck.NetworkError, session.signOut());
  assert.match(error.message, /^signing out: /);
  assert.deepEqual(calls[1].form, { token: "r1", client_id: "orgdeck-console" });
  assert.equal(storage.items.size, 0);
  await failure(orgdeck.AuthenticationError, session.accessToken());
  await session.signOut();
  assert.equal(calls.length, 2);
});

test("where there is nothing to give tokens back to, they are forgotten", async () => {
  const { revoke, ...others } = endpoints;
  const { finish, calls } = await played([{ access_token: "one" }], { endpoints: others });
  const session = await finish();
  await session.signOut();
  assert.equal(calls.length, 1);
});

test("signing out leaves for the vendor's page, unless told to stay", async () => {
  const logout = `${SANDBOX}/logout?theme=dark`;
  for (const [options, leaves] of [
    [undefined, true],
    [{}, true],
    [{ stay: false }, true],
    [{ stay: true }, false],
  ]) {
    const { left } = page(BACK);
    const session = await signIn(newLogin({ endpoints: { ...endpoints, logout } }));
    await session.signOut(options);
    const query = new URLSearchParams({ theme: "dark", client_id: "orgdeck-console", redirect_uri: BACK });
    assert.deepEqual(left, leaves ? [`${SANDBOX}/logout?${query}`] : []);
    if (leaves) {
      const response = await fetch(left[0], { redirect: "manual" });
      assert.deepEqual([response.status, response.headers.get("location")], [302, BACK]);
    }
  }
  const session = await signIn(newLogin());
  await refused(() => session.signOut({ stay: 1 }), /signOut\.stay/);
  await refused(() => session.signOut({ leave: true }), /signOut has no option `leave`/);
});

// ----------------------------------------------------------------------------------------------------- options

test("what is wrong with the options is named at once", async () => {
  const { authorize, token } = endpoints;
  const at = (name, address) => ({ endpoints: { authorize, token, [name]: address } });
  for (const [more, message] of [
    [{ clientId: undefined }, /options\.clientId is missing/],
    [{ clientId: "" }, /options\.clientId is missing/],
    [{ clientId: 5 }, /options\.clientId/],
    [{ clientSecret: "x" }, /no option `clientSecret`/],
    [{ region: "us_east_1" }, /one of `region` and `endpoints`/],
    [{ endpoints: undefined }, /one of `region` and `endpoints`/],
    [{ endpoints: {} }, /options\.endpoints\.authorize is missing/],
    [{ endpoints: { authorize } }, /options\.endpoints\.token is missing/],
    [{ endpoints: { authorize, token, userinfo: token } }, /options\.endpoints has no option `userinfo`/],
    [at("token", "login.example.com/token"), /options\.endpoints\.token/],
    [at("token", "//login.example.com/token"), /options\.endpoints\.token/],
    [at("token", "/token"), /options\.endpoints\.token/],
    [at("token", "http://login.example.com/token"), /options\.endpoints\.token.*unencrypted/],
    [at("token", "http://127.0.0.1.example.com/"), /options\.endpoints\.token.*unencrypted/],
    [at("token", "javascript:alert(1)"), /options\.endpoints\.token/],
    [at("authorize", "https://a.example/#x"), /options\.endpoints\.authorize/],
    [at("revoke", "https://user:pass@a.example/"), /options\.endpoints\.revoke/],
    [at("logout", ""), /options\.endpoints\.logout is missing/],
    [{ redirectUri: "signed-in" }, /options\.redirectUri/],
    [{ redirectUri: "http://console.example.com/" }, /options\.redirectUri.*unencrypted/],
    [{ scope: ["a"] }, /options\.scope/],
    [{ storage: "session" }, /options\.storage: expected a Storage/],
    [{ storage: { getItem() {} } }, /options\.storage: expected a Storage/],
    [{ keep: "local" }, /options\.keep: expected "memory" or "session"/],
    [{ fetch: "fetch" }, /options\.fetch/],
  ]) {
    const error = await refused(() => newLogin(more), message);
    assert.ok(!error.message.includes("pass@"));
  }
  for (const wanted of [undefined, null, [], "x"]) await refused(() => new PkceLogin(wanted), /options/);
  for (const good of ["https://a.example/x?y=1", "http://localhost:1/", "http://a.localhost/", "http://[::1]:2/x"]) {
    newLogin(at("token", good));
  }
});

test("what is wrong with a start is named, by rejection, and nothing is kept", async () => {
  const storage = new Memory();
  const login = newLogin({ storage });
  for (const [wanted, message] of [
    [{ parameters: { state: "x" } }, /`state` is set by Orgdeck/],
    [{ parameters: { code_challenge_method: "plain" } }, /`code_challenge_method` is set/],
    [{ parameters: { prompt: 1 } }, /login\.parameters\.prompt/],
    [{ parameters: ["a"] }, /login\.parameters/],
    [{ returnTo: new URL(BACK) }, /login\.returnTo/],
    [{ scope: "x" }, /no option `scope`/],
    ["/here", /login: expected an object/],
  ]) {
    await refused(() => login.authorizeUrl(wanted), message);
  }
  const { left } = page(BACK, storage);
  await refused(() => login.start({ returnTo: 5 }), /login\.returnTo/);
  assert.deepEqual(left, []);

  // As in a page of plain http:.
  Object.defineProperty(globalThis.crypto, "subtle", { value: undefined, configurable: true });
  try {
    await refused(() => login.start(), /SubtleCrypto.*https:/);
  } finally {
    delete globalThis.crypto.subtle;
  }
  assert.deepEqual(left, []);
  assert.equal(storage.items.size, 0);
});

test("a client takes its tokens from the session", async (t) => {
  await orgdeck.default();
  const session = await signIn(newLogin({ clientId: "orgdeck-short-lived" }));
  const genesys = new orgdeck.Genesys({ baseUrl: SANDBOX, auth: { accessToken: session.accessToken } });
  assert.ok((await genesys.groups.list({ pageSize: 5 }).first()).items.length > 0);
  wait(t, session);
  await Promise.all(Array.from({ length: 10 }, () => genesys.fieldConfig("group", { share: false })));
  assert.deepEqual(await exchanges(), ["authorization_code", "refresh_token"]);
  await session.signOut();
  const before = (await requests()).length;
  const error = await failure(orgdeck.AuthenticationError, genesys.fieldConfig("group"));
  assert.match(error.message, /signed out/);
  assert.equal((await requests()).length, before);
});

test("the log has no secret either", async (t) => {
  const session = await signIn(newLogin({ clientId: "orgdeck-short-lived" }));
  wait(t, session);
  await tokenOf(session);
  await session.signOut();
  const log = JSON.stringify(await requests());
  for (const secret of secrets) {
    // The state is one that everybody may see.
    if (!log.includes(`state=${secret}`)) assert.ok(!log.includes(secret), secret);
  }
});

test("no error holds a code, a verifier or a token", () => {
  assert.ok(told.length > 40 && secrets.size > 50);
  for (const error of told) {
    const text =
      inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity }) + JSON.stringify(error);
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
});
