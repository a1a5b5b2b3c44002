// A day on which all sorts of things fail, with every kind of credentials: nothing that an application is told, and
// nothing that is printed, holds one of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import {
  API_KEY,
  client,
  entities,
  everything,
  faults,
  freshToken,
  GENESYS,
  GENESYS_TOKEN,
  genesysClient,
  loadLogin,
  shortenPauses,
  start,
  TOKEN,
} from "./helper.mjs";

const orgdeck = await start();
const { PkceLogin } = await loadLogin();
shortenPauses();

const users = await everything("/user/");
const [group] = await everything("/group/");
const [genesysGroup] = await entities("/api/v2/groups");
const hundred = Array.from({ length: 120 }, (_, at) => `id-${at}`);

/** What must not be told, and all that was. */
const secrets = new Set([API_KEY, btoa(`${API_KEY}:`)]);
const told = [];
const tell = (value) => void told.push(value);
const printed = [];
for (const name of ["log", "info", "warn", "error", "debug"]) console[name] = (...values) => printed.push(values);

/** Everything that the vendors may do wrong. */
const wrong = [
  ...[408, 500, 502, 503, 504, 400, 403, 409].map((status) => ({ status })),
  ...[{ status: 429, retryAfter: 0.01 }, { status: 503, retryAfter: 0.01 }, { html: 502 }, { html: 200 }],
  ...[
    { reset: "before" },
    { reset: "after" },
    { reset: "body" },
    { truncate: true },
    { slowBody: { bytes: 50, everyMs: 1 } },
  ],
  ...[{ items: { missing: 1 } }, { items: { duplicate: 1 } }, { delayMs: 30 }, { expireToken: true }],
].map((fault) => ({ match: { path: "/api/**" }, ...fault }));
/** At times. */
const anything = wrong.map((fault, seed) => ({ ...fault, probability: 0.05, seed }));

/** Tokens of which each is another one. */
function renewed(first) {
  let token = first;
  secrets.add(token);
  return async ({ fresh }) => {
    if (fresh) secrets.add((token = await freshToken(token)));
    return token;
  };
}

/** A session of somebody who has signed in, whose every token is noted. */
async function session() {
  const items = new Map();
  const storage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      for (const [secret] of value.matchAll(/[\w-]{30,}/g)) secrets.add(secret);
      items.set(key, value);
    },
    removeItem: (key) => items.delete(key),
  };
  const noting = async (url, init) => {
    const response = await fetch(url, init);
    const answer = await response.clone().json();
    for (const name of ["access_token", "refresh_token"]) if (answer[name]) secrets.add(answer[name]);
    return response;
  };
  const login = new PkceLogin({
    ...{ clientId: "orgdeck-console", redirectUri: "http://127.0.0.1:5173/", storage, fetch: noting, keep: "session" },
    endpoints: { authorize: `${GENESYS}/oauth/authorize`, token: `${GENESYS}/oauth/token` },
  });
  const url = new URL(await login.authorizeUrl());
  const form = new URLSearchParams([...url.searchParams, ["decision", "allow"], ["person", "admin"]]);
  const answer = await fetch(url.origin + url.pathname, { method: "POST", body: form, redirect: "manual" });
  secrets.add(new URL(answer.headers.get("location")).searchParams.get("code"));
  return login.finish(answer.headers.get("location"));
}

const ofClose = [
  (close, call) => close.users.me({}, call),
  (close, call, at) => close.users.get(users[at].id, {}, call),
  (close, call) => close.users.list({ limit: 40 }, call).all({ onProgress: tell }),
  (close, call) => close.groups.update(group.id, { name: "Renamed" }, {}, call),
  (close, call, at) => close.groups.create({ name: `Made ${at}` }, {}, call).withResponse(),
  (close, call) => close.groups.removeMember(group.id, users[0].id, call),
  (close, call) => close.request({ method: "GET", path: "/role/" }, call),
  (close, call) => close.users.get("user_nobody", {}, call),
  (close, call) => close.users.me({}, { ...call, deadlineMs: 5 }),
  (close, call) => close.users.me({}, { ...call, timeoutMs: 2 }),
  (close, call) => close.users.me({}, { ...call, signal: AbortSignal.timeout(3) }),
];
const ofGenesys = [
  (genesys, call) => genesys.groups.get(genesysGroup.id, call),
  (genesys, call) => genesys.groups.list({ pageSize: 10 }, call).all({ onPage: ({ cursor }) => tell(cursor) }),
  (genesys, call) => genesys.groups.search({ pageSize: 10 }, call).all(),
  (genesys, call) => genesys.groups.update(genesysGroup.id, { version: "latest", name: "Renamed" }, call),
  (genesys, call) => genesys.groups.removeMembers(genesysGroup.id, hundred, { ...call, onProgress: tell }),
  (genesys, call) => genesys.groups.addMembers(genesysGroup.id, hundred, {}, call),
  (genesys, call) => genesys.fieldConfig("group", call).withResponse(),
  (genesys, call) => genesys.groups.get("00000000-0000-4000-8000-000000000000", call),
  (genesys, call) => genesys.groups.get(genesysGroup.id, { ...call, timeoutMs: 2 }),
];

/** Does everything a few times, and notes what it fails with. */
async function day(make, auth, calls, rounds = 1) {
  const own = make({ auth, onEvent: tell, maxRetries: 2 });
  for (let round = 0; round < rounds; round += 1) {
    const share = round % 2 > 0;
    await Promise.all(calls.map((run, at) => run(own, { onEvent: tell, share }, at).catch(tell)));
    tell(own.rateLimits());
  }
}

const errors = () => told.filter((thing) => thing instanceof orgdeck.OrgdeckError);

test("a day on which everything fails at times", async () => {
  const { accessToken } = await session();
  secrets.add(`${TOKEN}~fixed`);
  for (const [make, auth, calls] of [
    [client, { apiKey: API_KEY }, ofClose],
    [client, { accessToken: `${TOKEN}~fixed` }, ofClose],
    [client, { accessToken: renewed(`${TOKEN}~one`) }, ofClose],
    [genesysClient, { accessToken: renewed(`${GENESYS_TOKEN}~one`) }, ofGenesys],
    [genesysClient, { accessToken }, ofGenesys],
  ]) {
    await faults(...anything);
    await day(make, auth, calls, 3);
    // And each of it once for sure.
    const own = make({ auth, onEvent: tell, maxRetries: 1 });
    for (const fault of wrong) {
      await faults(fault);
      await calls[0](own, {}).catch(tell);
    }
  }
  const kinds = new Set(errors().map(({ name }) => name));
  for (const name of ["Network", "Timeout", "NotFound", "Server", "Decode", "RateLimit", "Authentication"]) {
    assert.ok(kinds.has(`${name}Error`), `no ${name}Error among ${[...kinds]}`);
  }
  const types = new Set(told.map((thing) => thing?.type));
  for (const type of ["request", "response", "failure", "retry", "refresh", "page"]) assert.ok(types.has(type), type);
  assert.ok(told.length > 1_000, `${told.length}`);
});

test("servers, proxies and wrappers of fetch that repeat what they were sent", async () => {
  const said = (value, status, headers) => new Response(value, { status, headers });
  const token = "a-token-like-no-other";
  const before = errors().length;
  secrets.add(token).add("a-newer-token");
  const fetches = Object.values({
    "an error": async (_, { headers }) => said(JSON.stringify({ error: headers.authorization }), 400),
    "a refusal": async (_, { headers }) => {
      const [scheme, credential] = headers.authorization.split(" ");
      return said(JSON.stringify({ message: `${scheme} ${credential}`, code: credential, contextId: credential }), 401);
    },
    "a time to wait": async (_, { headers }) =>
      said(headers.authorization, 503, { "retry-after": headers.authorization }),
    "a page of a proxy": async (_, { headers }) => said(`<pre>${JSON.stringify(headers)}</pre>`, 502),
    "a success that is none": async (_, { headers }) => said(JSON.stringify(headers), 200),
    "a success that is no JSON": async (_, { headers }) => said(`authorization: ${headers.authorization}`, 200),
    "a list that is none": async (_, { headers }) =>
      said(JSON.stringify({ data: headers, entities: headers, results: headers }), 200),
  });
  for (const fetch of fetches) {
    for (const auth of [{ accessToken: token }, { accessToken: ({ fresh }) => (fresh ? "a-newer-token" : token) }]) {
      await day((options) => client({ ...options, fetch, maxRetries: 0 }), auth, ofClose);
      await day((options) => genesysClient({ ...options, fetch, maxRetries: 0 }), auth, ofGenesys);
    }
    await day((options) => client({ ...options, fetch, maxRetries: 0 }), { apiKey: API_KEY }, ofClose);
  }
  assert.ok(errors().length > before + 250, `${errors().length - before}`);
});

test("what somebody's own fetch fails with is not repeated", async () => {
  const token = "a-token-that-a-wrapper-quotes";
  const fetch = async (url, { headers }) => {
    throw new Error(`cannot send to ${url} with ${headers.authorization}`);
  };
  const own = client({ auth: { accessToken: token }, fetch, maxRetries: 0, onEvent: tell });
  const error = await own.users.me().catch((error) => error);
  assert.ok(error instanceof orgdeck.NetworkError);
  // The cause is the wrapper's own; the message and the rest are Orgdeck's.
  for (const text of [error.message, JSON.stringify(error), error.stack]) assert.ok(!text.includes(token), text);
});

test("none of it holds a secret, and nothing was printed", () => {
  assert.ok(secrets.size > 15, `${secrets.size}`);
  assert.ok(told.length > 2_000);
  const everything = told.map((thing) =>
    [
      inspect(thing, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
      JSON.stringify(thing),
      thing?.message,
      thing?.stack,
      String(thing?.cause),
    ].join("\n"),
  );
  for (const text of everything) {
    for (const secret of [...secrets, TOKEN, GENESYS_TOKEN]) assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
  assert.deepEqual(printed, []);
});
