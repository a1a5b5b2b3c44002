// A page in headless Chromium, of another origin than the sandbox, as a console is of another origin than its vendor:
// there are preflights, and headers that the page may not read. Faults, soak and benches stand on it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { launch } from "../common/chromium.mjs";

export { table } from "../common/markdown.mjs";

/** Where the sandbox is; `cargo xtask` sets it. */
export const SANDBOX = process.env.ORGDECK_SANDBOX?.replace(/\/$/, "");
assert.ok(SANDBOX, "ORGDECK_SANDBOX must be the address of an orgdeck-sandbox");

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The package under test, built. */
const PACKAGE = process.env.ORGDECK_PACKAGE ?? join(ROOT, "pkg");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

const BLANK = '<!doctype html><link rel="icon" href="data:,"><title>Orgdeck</title>';

/** Serves `/pkg/` and what the tests themselves have; `/` is a page with nothing on it. */
async function serve() {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://any").pathname));
    if (path === "/") return response.writeHead(200, { "content-type": TYPES[".html"] }).end(BLANK);
    const file = path.startsWith("/pkg/") ? join(PACKAGE, path.slice(5)) : join(ROOT, path);
    const isServed = /^\/(pkg|tests|bench)\//.test(path) && (await stat(file).catch(() => null))?.isFile();
    if (!isServed) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Chromium itself writes these for answers that are errors and connections that break: whoever breaks them knows. */
const LOADING = /^Failed to load resource: (the server responded with a status of \d+|net::ERR_)/;

/**
 * A blank page. `complaints` gets whatever it logs, throws or leaves unhandled, `provoked` what Chromium says of
 * requests that went wrong. `close()` ends it, and the browser with it.
 */
export async function openPage() {
  const server = await serve();
  const browser = await launch();
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  const provoked = [];
  page.on("pageerror", (error) => complaints.push(error.stack ?? String(error)));
  page.on("crash", () => complaints.push("the page crashed"));
  page.on("console", (message) => {
    const text = message.text();
    (LOADING.test(text) ? provoked : complaints).push(`${message.type()}: ${text} ${message.location().url}`);
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const close = async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  };
  return { page, complaints, provoked, close };
}

/** The sandbox's own API. With a body it is a POST. */
export async function sandbox(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${SANDBOX}/_sandbox/${path}`, init);
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

const VENDORS = {
  close: { token: "sandbox-close-token", prefix: "/api/v1" },
  genesys: { token: "sandbox-genesys-token", prefix: "/api/v2" },
};

/** What a vendor really has, asked for past Orgdeck, by a token that no page uses. */
export async function ask(vendor, path) {
  const { token, prefix } = VENDORS[vendor];
  const headers = { authorization: `Bearer ${token}~witness` };
  const response = await fetch(`${SANDBOX}${prefix}${path}`, { headers });
  const text = await response.text();
  if (response.status === 404) return null;
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** All of a list that a vendor really has. */
export async function askAll(vendor, path) {
  const items = [];
  for (let number = 1; ; number += 1) {
    if (vendor === "close") {
      const page = await ask(vendor, `${path}?_skip=${items.length}&_limit=100`);
      items.push(...page.data);
      if (!page.has_more) return items;
    } else {
      const page = await ask(vendor, `${path}?pageSize=500&pageNumber=${number}`);
      items.push(...page.entities);
      if (!page.nextUri) return items;
    }
  }
}

/** The sandbox's credentials, however they may be written. Nothing that a page or a log says may have one. */
export const SECRETS = ["api_sandbox", btoa("api_sandbox:"), ...Object.values(VENDORS).map(({ token }) => token)];

/** The pieces of text that have a secret in them. */
export function leaks(texts) {
  return texts.filter((text) => SECRETS.some((secret) => text.includes(secret)));
}
