// What the tests of the package share: the packed tarball, installed as a user would install it, and the sandbox.
//
//   ORGDECK_TARBALL=orgdeck-0.1.0.tgz ORGDECK_SANDBOX=http://127.0.0.1:8787 node --test tests/npm/*.test.mjs

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

function given(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; \`cargo xtask test package\` sets it`);
  return value;
}

export const TARBALL = resolve(given("ORGDECK_TARBALL"));
const SANDBOX = given("ORGDECK_SANDBOX");
export const BASE = `${SANDBOX}/api/v1`;
/** Genesys' paths begin with `/api/v2`. */
export const GENESYS = SANDBOX;

export const API_KEY = "api_sandbox";
export const TOKEN = "sandbox-close-token";
/** Of somebody with the role `user`, who may change next to nothing. */
export const USER_TOKEN = "sandbox-close-user-token";
export const GENESYS_TOKEN = "sandbox-genesys-token";
/** Of somebody who may change nothing but groups of their own. */
export const GENESYS_USER_TOKEN = "sandbox-genesys-user-token";

/** The regions of Genesys Cloud and their hosts, as the vendor's own SDKs have them. */
export const REGIONS = {
  us_east_1: "mypurecloud.com",
  eu_west_1: "mypurecloud.ie",
  ap_southeast_2: "mypurecloud.com.au",
  ap_northeast_1: "mypurecloud.jp",
  eu_central_1: "mypurecloud.de",
  us_west_2: "usw2.pure.cloud",
  ca_central_1: "cac1.pure.cloud",
  ap_northeast_2: "apne2.pure.cloud",
  ap_southeast_1: "apse1.pure.cloud",
  eu_west_2: "euw2.pure.cloud",
  ap_south_1: "aps1.pure.cloud",
  us_east_2: "use2.us-gov-pure.cloud",
  sa_east_1: "sae1.pure.cloud",
  me_central_1: "mec1.pure.cloud",
  ap_northeast_3: "apne3.pure.cloud",
  eu_central_2: "euc2.pure.cloud",
  mx_central_1: "mxc1.pure.cloud",
  eusc_de_east_1: "edee1.eusc-pure.cloud",
};

// Each request has a connection of its own. One that was used before may be closed by the sandbox, when rules come that
// cut connections, at the very moment at which it is used again, and more would be lost than a test has asked for. Node
// has its dispatcher once something was fetched.
await fetch("data:,");
const dispatcher = Symbol.for("undici.globalDispatcher.1");
globalThis[dispatcher] = new globalThis[dispatcher].constructor({ pipelining: 0 });

// -------------------------------------------------------------------------------------------- the package

/** A folder in which the package is installed. */
export const FOLDER = mkdtempSync(join(tmpdir(), "orgdeck-npm-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
writeFileSync(join(FOLDER, "package.json"), '{ "private": true, "type": "module" }');
execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", TARBALL], {
  cwd: FOLDER,
  stdio: "pipe",
});
export const PACKAGE = join(FOLDER, "node_modules", "orgdeck");

// A file beside it, so that the package's own `exports` decide what is loaded.
const entry = join(FOLDER, "entry.mjs");
writeFileSync(entry, 'export * from "orgdeck";\nexport { default } from "orgdeck";\n');

const loginEntry = join(FOLDER, "login.mjs");
writeFileSync(loginEntry, 'export * from "orgdeck/login";\n');

/** The package as `import` gives it; not initialised. */
export const load = () => import(pathToFileURL(entry));

/** Its entry point for signing in. */
export const loadLogin = () => import(pathToFileURL(loginEntry));

/**
 * Runs a module in a process of its own, for what can only be seen before `init()`, or in a world with a
 * `location`. The module has `orgdeck`, `init`, `Close`, `PkceLogin`, `BASE`, `caught` and `values`; what it returns comes back
 * through JSON.
 */
export async function child(body, ...values) {
  const script = `
    import * as orgdeck from "orgdeck";
    import { PkceLogin } from "orgdeck/login";
    const { default: init, Close } = orgdeck;
    const BASE = ${JSON.stringify(BASE)};
    const values = ${JSON.stringify(values)};
    // An error as JSON can carry it.
    const caught = async (run) => {
      try { await run(); } catch (error) {
        const { name, message, code, sent, vendor, attempts } = error;
        return { name, message, code, sent, vendor, attempts, stack: error.stack, isOrgdeck: error instanceof orgdeck.OrgdeckError };
      }
      return null;
    };
    const run = async () => { ${body} };
    try {
      process.stdout.write(JSON.stringify((await run()) ?? null));
    } catch (error) {
      // Alone, without the line of the source that Node would show: it is as long as the package.
      console.error(error?.stack ?? error);
      process.exitCode = 1;
    }
  `;
  const { stdout } = await new Promise((fulfil, reject) => {
    const options = { cwd: FOLDER, timeout: 20_000 };
    execFile(process.execPath, ["--input-type=module", "--eval", script], options, (error, stdout, stderr) =>
      error ? reject(new Error(`${error.message}\n${stderr}`)) : fulfil({ stdout }),
    );
  });
  told.push(stdout);
  return JSON.parse(stdout);
}

// -------------------------------------------------------------------------------------------- the clients

const orgdeck = await load();

/** The package, initialised, for all of a file's tests; before each of them the sandbox is as it was seeded. */
export async function start() {
  await orgdeck.default();
  await reset();
  beforeEach(reset);
  return orgdeck;
}

/** All that errors and events said in this process, to be searched for secrets at the end. */
const told = [];

// What a client's observer hears is searched for secrets too.
const heard = ({ onEvent, ...rest }) => ({
  onEvent: (event) => {
    told.push(event);
    return onEvent?.(event);
  },
  ...rest,
});

/** A client of the sandbox. */
export const client = (options = {}) =>
  new orgdeck.Close({ auth: { accessToken: TOKEN }, baseUrl: BASE, ...heard(options) });

/** The sandbox has no limit unless a test gives it one. By that of Genesys, 300 a minute, tests would take hours. */
export const UNLIMITED = { requests: 1_000_000, perMs: 1 };

/** The same of Genesys; with a region in place of the sandbox's address where one is given. */
export const genesysClient = (options = {}) =>
  new orgdeck.Genesys({
    auth: { accessToken: GENESYS_TOKEN },
    rateLimit: UNLIMITED,
    ...(options.region === undefined && { baseUrl: GENESYS }),
    ...heard(options),
  });

/** A fetch that goes nowhere: each call is noted, and answered with a record, or with what a function makes of it. */
function recorder(base, answer) {
  const calls = [];
  const fetch = async (url, init) => {
    const call = { url, path: decodeURI(url.slice(base.length)), ...init };
    calls.push(call);
    const given = typeof answer === "function" ? await answer(call, calls.length) : answer;
    return given instanceof Response ? given : new Response(JSON.stringify(given), { status: 200 });
  };
  return { fetch, calls };
}

/** A client whose requests go nowhere. */
export function offline(answer = { data: [], has_more: false }, options = {}) {
  const { fetch, calls } = recorder(BASE, answer);
  return { close: client({ fetch, ...options }), calls };
}

/** The same of Genesys. The answer fits lists, searches and nothing else. */
export function genesysOffline(answer = { entities: [], results: [] }, options = {}) {
  const { fetch, calls } = recorder(GENESYS, answer);
  return { genesys: genesysClient({ fetch, ...options }), calls };
}

/** The error of a promise, or of a function that throws, which must be of a class. */
export async function failure(Class, run) {
  let error;
  try {
    await (typeof run === "function" ? run() : run);
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error !== undefined, `it did not fail: ${run}`);
  told.push(error);
  assert.equal(error?.name, Class.name, inspect(error));
  assert.ok(error instanceof Class && error instanceof orgdeck.OrgdeckError && error instanceof Error);
  return error;
}

/** What a promise rejects with, whatever it is, and after how many milliseconds from now. */
export async function rejection(promise) {
  const started = performance.now();
  try {
    await promise;
  } catch (error) {
    told.push(error);
    return { error, ms: performance.now() - started };
  }
  return assert.fail("it did not reject");
}

/**
 * From now on pauses are a given part of what they are at most, where the vendor does not say how long: of 500 ms
 * before the second try, 1,000 before the third, and so on.
 */
export function shortenPauses(part = 0.01) {
  Math.random = () => part;
}

/** A `ConfigError` whose message matches, about something that was not sent. */
export async function refused(run, message) {
  const error = await failure(orgdeck.ConfigError, run);
  assert.match(error.message, message);
  const { code, vendor, attempts, sent, status } = error;
  assert.deepEqual(
    { code, vendor, attempts, sent, status },
    { code: "config", vendor: null, attempts: 0, sent: "no", status: undefined },
  );
  return error;
}

/** The last test of each file: nothing that it saw in errors and events holds a secret. */
export function testThatNothingLeaked(...more) {
  test("no error and no event holds a secret", () => {
    assert.ok(told.length > 0, "nothing was heard");
    // Not the address, which every folder and path may hold.
    const secrets = [API_KEY, btoa(`${API_KEY}:`), TOKEN, USER_TOKEN, GENESYS_TOKEN, GENESYS_USER_TOKEN, ...more];
    for (const thing of told) {
      const text = [
        inspect(thing, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
        JSON.stringify(thing),
        thing?.message,
        thing?.stack,
      ].join("\n");
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
  });
}

// -------------------------------------------------------------------------------------------- the sandbox

/** Whether the sandbox was told anything since the last reset. */
let isTold = true;

async function control(method, path, body) {
  if (method === "POST") isTold = true;
  const init = { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) };
  const response = await fetch(`${SANDBOX}/_sandbox/${path}`, init);
  assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

/** As it was seeded. Where nobody has asked it for anything, it is. */
export async function reset() {
  if (!isTold && (await stats()).requests === 0) return;
  await control("POST", "reset");
  isTold = false;
}

const isGenesys = (path) => path.startsWith("/api/v2/");

/** Queues answers in place of real ones; `path` is below `/api/v1`, or Genesys'. */
export async function queue(...answers) {
  for (const { path = "", method = null, body = "", ...rest } of answers) {
    // As text, or the sandbox would put the members into an order of its own.
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const match = { method, path: isGenesys(path) ? path : `/api/v1${path}` };
    await control("POST", "answer", { match, body: text, ...rest });
  }
}

/** Rules of what is to go wrong, in place of those before; `sandbox/src/faults/mod.rs` says what they are. */
export const faults = (...rules) => control("POST", "faults", rules);

/** Gives the vendors limits until the next reset: `{ close: "20/s", genesys: null }`. */
export const limits = (wanted) => control("POST", "limits", wanted);

/** What the sandbox has counted since the last reset. */
export const stats = async () => (await control("GET", "stats")).json();

/** Counts from nothing again. */
export const clearStats = () => control("POST", "stats");

/** A new token of the same person, as a server gives one in exchange for an older one. */
export const freshToken = async (token) => (await (await control("POST", "token", { token })).json()).accessToken;

/** The requests that the sandbox got since the last reset. */
export async function requests() {
  const { requests } = await (await control("GET", "requests?limit=1000")).json();
  return requests.map((request) => ({ ...request, path: request.path.replace(/^\/api\/v1/, "") }));
}

/** What `run` gives, and the requests that it sent. */
export async function sent(run) {
  const before = (await requests()).length;
  const result = await run();
  return { result, requests: (await requests()).slice(before) };
}

/** The sandbox itself, past the package: to know what is right. */
export async function api(method, path, body) {
  const [base, token] = isGenesys(path) ? [GENESYS, GENESYS_TOKEN] : [BASE, TOKEN];
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** All items of a list of the sandbox. */
export async function everything(path) {
  const items = [];
  for (;;) {
    const page = await api("GET", `${path}?_limit=100&_skip=${items.length}`);
    items.push(...page.data);
    if (!page.has_more) return items;
  }
}

/** All items of a list of Genesys, with a query or without. */
export async function entities(path) {
  const items = [];
  const more = path.includes("?") ? "&" : "?";
  for (let number = 1; ; number += 1) {
    const page = await api("GET", `${path}${more}pageSize=100&pageNumber=${number}`);
    items.push(...page.entities);
    if (number >= page.pageCount) return items;
  }
}

/** Waits until a check passes, and gives what it gave. */
export async function eventually(check) {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > deadline) assert.fail(`it did not come to pass: ${check}`);
    await sleep(5);
  }
}

/** Waits until the sandbox has got a request for a path. */
export const arrived = (path) =>
  eventually(async () => (await requests()).find((request) => request.path.startsWith(path)));

/** A server of a test's own, for answers that the sandbox cannot give. */
export async function serve(t, handler) {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
