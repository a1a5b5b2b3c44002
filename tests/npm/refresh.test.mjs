// A token that the vendor refuses: a fresh one is asked for once, however many calls are waiting.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  API_KEY,
  client,
  entities,
  everything,
  failure,
  faults,
  freshToken,
  GENESYS,
  GENESYS_TOKEN,
  genesysClient,
  genesysOffline,
  loadLogin,
  offline,
  rejection,
  requests,
  start,
  stats,
  testThatNothingLeaked,
  TOKEN,
  USER_TOKEN,
} from "./helper.mjs";

const orgdeck = await start();
const { PkceLogin } = await loadLogin();

const GROUPS = "/api/v2/groups";
const users = await everything("/user/");
const groups = await entities(GROUPS);
const NEW = { name: "Once", type: "official", rulesVisible: true, visibility: "public" };

/** Tokens of the same people that the tests' own look into the sandbox does not need. */
const MINE = `${TOKEN}~mine`;
const GENESYS_MINE = `${GENESYS_TOKEN}~mine`;

/** A token function as an application may have it: it keeps a token, and renews it when it is told to. */
function tokens(token) {
  const asked = [];
  const accessToken = async ({ fresh }) => {
    asked.push(fresh);
    if (fresh) token = await freshToken(token);
    return token;
  };
  return { accessToken, refreshes: () => asked.filter(Boolean).length, asked };
}

const expired = (more = {}) => faults({ match: { path: "/api/**" }, times: 1, expireToken: true, ...more });

// What fifty calls are, and what each has to give.
const fifty = {
  close: {
    token: MINE,
    make: client,
    run: (close) => users.slice(0, 50).map(({ id }) => close.users.get(id)),
    expected: users.slice(0, 50),
  },
  genesys: {
    token: GENESYS_MINE,
    make: genesysClient,
    run: (genesys) =>
      Array.from({ length: 50 }, (_, at) => genesys.groups.get(groups[at % groups.length].id, { share: false })),
    expected: Array.from({ length: 50 }, (_, at) => groups[at % groups.length]),
  },
};

for (const [vendor, { token, make, run, expected }] of Object.entries(fifty)) {
  test(`${vendor}: fifty calls at once that meet an expired token are one refresh, and all are answered`, async () => {
    await expired();
    const { accessToken, refreshes } = tokens(token);
    const refreshed = [];
    const onEvent = (event) => event.type === "refresh" && refreshed.push(event);
    const found = await Promise.all(run(make({ auth: { accessToken }, onEvent })));
    const ids = (items) => items.map(({ id }) => id);
    assert.deepEqual(ids(found), ids(expected));
    assert.equal(refreshes(), 1);
    assert.equal(refreshed.length, 1);
    assert.equal((await stats()).refreshes, 1);
    const statuses = (await requests()).map(({ status }) => status);
    const refused = statuses.filter((status) => status === 401).length;
    assert.ok(refused >= 1 && refused <= 50);
    assert.equal(statuses.length, 50 + refused);
  });
}

test("fifty calls fail with what the refresh fails with, which is asked for once", async () => {
  const cause = new Error("signed out");
  const refuse = () => new Response("{}", { status: 401 });
  for (const [vendor, make, run] of [
    ["close", offline, ({ close }, at) => close.users.get(`user_${at}`)],
    ["genesys", genesysOffline, ({ genesys }, at) => genesys.groups.get(`group-${at}`)],
  ]) {
    let asked = 0;
    const accessToken = async ({ fresh }) => {
      if (!fresh) return "old";
      asked += 1;
      // Until all of them wait for it.
      await sleep(30);
      throw cause;
    };
    const own = make(refuse, { auth: { accessToken } });
    const results = await Promise.all(Array.from({ length: 50 }, (_, at) => rejection(run(own, at))));
    for (const { error } of results) {
      assert.ok(error instanceof orgdeck.AuthenticationError, `${error}`);
      assert.deepEqual([error.vendor, error.cause], [vendor, cause]);
    }
    assert.equal(asked, 1);
    // Those that had not been sent yet were not.
    assert.equal(own.calls.length, vendor === "close" ? 4 : 50);
  }
});

test("a token function that knows nothing of `fresh` is asked again all the same", async () => {
  let token = MINE;
  const given = [];
  // Somebody else renews it meanwhile.
  const onEvent = ({ type }) => type === "refresh" && (token = `${TOKEN}~other`);
  const close = client({ auth: { accessToken: () => (given.push(token), token) }, onEvent });
  await expired();
  assert.match((await close.users.me()).id, /^user_/);
  assert.deepEqual(given, [MINE, `${TOKEN}~other`]);
});

test("a token is asked for before each request, and a fresh one after a 401 alone", async () => {
  const { accessToken, asked } = tokens(MINE);
  const close = client({ auth: { accessToken } });
  await close.users.me();
  await close.users.list({ limit: 100 }).all({ concurrency: 1 });
  assert.deepEqual(asked, [false, false, false]);
  await expired({ after: 1 });
  await close.users.me();
  await close.users.me();
  assert.deepEqual(asked, [false, false, false, false, false, true]);
  // The next one that expires is refreshed, too.
  await expired();
  await close.users.me();
  assert.deepEqual(asked.slice(6), [false, true]);
});

test("a call that needed a fresh token still has all its tries", async () => {
  const { accessToken } = tokens(MINE);
  await faults(
    { match: { path: "/api/**" }, times: 1, expireToken: true },
    { match: { path: "/api/**" }, times: 3, status: 503, retryAfter: 0.01 },
  );
  const close = client({ auth: { accessToken } });
  const { response } = await close.users.me().withResponse();
  assert.deepEqual([response.status, response.attempts], [200, 5]);
});

test("a second 401 is an AuthenticationError", async () => {
  for (const [make, token, run] of [
    [client, MINE, (close) => close.users.me()],
    [client, MINE, (close) => close.users.list().all()],
    [client, MINE, (close) => close.groups.create({ name: "x" })],
    [genesysClient, GENESYS_MINE, (genesys) => genesys.groups.get(groups[0].id)],
    [genesysClient, GENESYS_MINE, (genesys) => genesys.groups.search({}).all()],
  ]) {
    await faults({ match: { path: "/api/**" }, expireToken: true });
    const { accessToken, asked } = tokens(token);
    const before = (await requests()).length;
    const error = await failure(orgdeck.AuthenticationError, run(make({ auth: { accessToken } })));
    assert.deepEqual([error.status, error.attempts, error.sent], [401, 2, "yes"]);
    assert.deepEqual(asked, [false, true]);
    assert.equal((await requests()).length - before, 2);
  }
});

test("what cannot be renewed is not tried again", async () => {
  await faults({ match: { path: "/api/**" }, expireToken: true });
  for (const auth of [{ apiKey: API_KEY }, { accessToken: MINE }]) {
    const before = (await requests()).length;
    const error = await failure(orgdeck.AuthenticationError, client({ auth }).users.me());
    assert.deepEqual([error.status, error.attempts, (await requests()).length - before], [401, 1, 1]);
  }
});

test("a 403 is nobody's token", async () => {
  const { accessToken, asked } = tokens(USER_TOKEN);
  const close = client({ auth: { accessToken } });
  await failure(orgdeck.PermissionError, close.groups.create({ name: "x" }));
  assert.deepEqual(asked, [false]);
});

test("what makes something new is repeated with a fresh token, for it was refused before", async () => {
  const close = tokens(MINE);
  await faults({ match: { method: "POST" }, times: 1, expireToken: true });
  await client({ auth: { accessToken: close.accessToken } }).groups.create({ name: "Once" });
  assert.equal((await everything("/group/")).filter(({ name }) => name === "Once").length, 1);

  const genesys = tokens(GENESYS_MINE);
  await faults({ match: { method: "POST" }, times: 1, expireToken: true });
  await genesysClient({ auth: { accessToken: genesys.accessToken } }).groups.create(NEW);
  assert.equal((await entities(GROUPS)).filter(({ name }) => name === "Once").length, 1);
  assert.deepEqual([close.refreshes(), genesys.refreshes()], [1, 1]);
});

test("a list goes on with a fresh token where it was", async () => {
  const { accessToken, refreshes } = tokens(MINE);
  await expired({ after: 3 });
  const { items, report } = await client({ auth: { accessToken } }).users.list({ limit: 20 }).all();
  assert.deepEqual(items, users);
  assert.deepEqual([refreshes(), report.complete], [1, true]);
});

test("a call that comes while the token is refreshed waits for the new one", async () => {
  let give;
  const given = new Promise((resolve) => (give = resolve));
  const sent = [];
  const { close } = offline(
    ({ headers }) => {
      sent.push(headers.authorization);
      return headers.authorization === "Bearer new" ? { id: "x" } : new Response("{}", { status: 401 });
    },
    { auth: { accessToken: ({ fresh }) => (fresh ? given : "old") } },
  );
  const get = (path) => close.request({ method: "GET", path });
  const first = get("/one/");
  await sleep(5);
  const others = [get("/two/"), get("/three/")];
  await sleep(5);
  assert.deepEqual(sent, ["Bearer old"]);
  give("new");
  await Promise.all([first, ...others]);
  // The token function still has the old one: those two asked it before.
  assert.deepEqual(sent.slice(0, 4), ["Bearer old", "Bearer new", "Bearer new", "Bearer new"]);
});

test("whoever gives up does not take the refresh along", async () => {
  let give;
  let asked = 0;
  const { genesys, calls } = genesysOffline(
    ({ headers }) => (headers.authorization === "Bearer new" ? { groups: [] } : new Response("{}", { status: 401 })),
    {
      auth: {
        accessToken: ({ fresh }) => {
          if (!fresh) return "old";
          asked += 1;
          return new Promise((resolve) => (give = resolve));
        },
      },
    },
  );
  const get = (path, call) => genesys.request({ method: "GET", path }, call);
  const controller = new AbortController();
  const first = rejection(get("/api/v2/one", { signal: controller.signal }));
  await sleep(5);
  const second = get("/api/v2/two");
  await sleep(5);
  controller.abort("enough");
  assert.equal((await first).error, "enough");
  give("new");
  assert.deepEqual(await second, { groups: [] });
  assert.equal(asked, 1);
  assert.ok(calls.length <= 3);
});

test("a refresh that hangs ends at the deadline, and by a signal", async () => {
  const answer = () => new Response("{}", { status: 401 });
  const hangs = { auth: { accessToken: ({ fresh }) => (fresh ? new Promise(() => {}) : "old") } };
  const { close } = offline(answer, hangs);
  const error = await failure(orgdeck.TimeoutError, close.users.me({}, { deadlineMs: 40 }));
  assert.deepEqual([error.sent, error.attempts], ["yes", 1]);
  const controller = new AbortController();
  setTimeout(() => controller.abort("enough"), 10);
  const aborted = offline(answer, hangs).close.users.me({}, { signal: controller.signal });
  assert.equal((await rejection(aborted)).error, "enough");
});

test("what a fresh token must be is checked, and nothing of it told", async () => {
  for (const [fresh, message] of [
    [undefined, /no string/],
    ["", /empty/],
    ["bad token\r\nx-evil: 1", /character/],
  ]) {
    const auth = { accessToken: (asked) => (asked.fresh ? fresh : "old") };
    const { close, calls } = offline(() => new Response("{}", { status: 401 }), { auth });
    const error = await failure(orgdeck.AuthenticationError, close.users.me());
    assert.match(error.message, message);
    assert.ok(!error.message.includes("bad token"));
    assert.deepEqual([error.sent, error.attempts, calls.length], ["yes", 1, 1]);
  }
});

// ------------------------------------------------------------------------------------------- a LoginSession

/** Somebody who has signed in with the sandbox. */
async function signIn() {
  const back = "http://127.0.0.1:5173/signed-in";
  const items = new Map();
  const storage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
  const endpoints = { authorize: `${GENESYS}/oauth/authorize`, token: `${GENESYS}/oauth/token` };
  const login = new PkceLogin({ clientId: "orgdeck-console", redirectUri: back, endpoints, storage });
  const url = new URL(await login.authorizeUrl());
  const form = new URLSearchParams([...url.searchParams, ["decision", "allow"], ["person", "admin"]]);
  const answer = await fetch(url.origin + url.pathname, { method: "POST", body: form, redirect: "manual" });
  return login.finish(answer.headers.get("location"));
}

const exchanges = async () =>
  (await requests())
    .filter(({ path }) => path === "/oauth/token")
    .map(({ body }) => new URLSearchParams(body).get("grant_type"));

test("a session is renewed once for fifty calls that meet an expired token", async () => {
  const session = await signIn();
  const { accessToken } = session;
  const before = await accessToken();
  await expired();
  const { run } = fifty.genesys;
  const found = await Promise.all(run(genesysClient({ auth: { accessToken } })));
  assert.equal(found.length, 50);
  assert.deepEqual(await exchanges(), ["authorization_code", "refresh_token"]);
  assert.equal((await stats()).refreshes, 1);
  assert.notEqual(await accessToken(), before);
});

test("two clients that share a session renew it once", async () => {
  const session = await signIn();
  // Both have been refused before one of them renews it.
  let waiting = 0;
  let meet;
  const met = new Promise((resolve) => (meet = resolve));
  const accessToken = async (asked) => {
    if (asked.fresh && (waiting += 1) === 2) meet();
    if (asked.fresh) await met;
    return session.accessToken(asked);
  };
  await faults(
    { match: { path: "/api/**" }, times: 1, expireToken: true },
    { match: { path: "/api/**" }, delayMs: 50 },
  );
  const clients = [genesysClient({ auth: { accessToken } }), genesysClient({ auth: { accessToken } })];
  await Promise.all(clients.flatMap((own) => fifty.genesys.run(own).slice(0, 20)));
  assert.equal(waiting, 2);
  assert.deepEqual(await exchanges(), ["authorization_code", "refresh_token"]);
});

test("a session that cannot be renewed any more says so to every call", async () => {
  const { accessToken } = await signIn();
  await faults(
    { match: { path: "/api/**" }, times: 1, expireToken: true },
    { match: { path: "/oauth/token" }, status: 400, body: { error: "invalid_grant", error_description: "revoked" } },
    // So that none of them comes before the one that expires it.
    { match: { path: "/api/**" }, delayMs: 50 },
  );
  const { run } = fifty.genesys;
  const results = await Promise.all(run(genesysClient({ auth: { accessToken } })).map(rejection));
  for (const { error } of results) {
    assert.ok(error instanceof orgdeck.AuthenticationError, `${error}`);
    assert.match(error.message, /revoked|sign in again/);
  }
  assert.deepEqual(await exchanges(), ["authorization_code", "refresh_token"]);
});

testThatNothingLeaked();
