// What the console's tests stand on: one browser, a fresh page and fresh data for each test, the sandbox's API as an
// independent witness, and the rule that no page may complain.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { launch } from "../common/chromium.mjs";

/** Where the sandbox serves the console; `cargo xtask test` sets it. */
export const BASE = process.env.ORGDECK_CONSOLE?.replace(/\/$/, "");
if (!BASE) throw new Error("ORGDECK_CONSOLE must be the address of an orgdeck-sandbox that serves www/ and pkg/");

/** A name that is not loopback, which the browser takes to this computer all the same. */
export const ELSEWHERE = "console.test";

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

let browser;
before(async () => {
  browser = await launch(`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`);
});
after(() => browser?.close());

/** Calls the sandbox past the console, to know what is really there. */
export const api = (method, path, body) => call("sandbox-close-token", method, `/api/v1${path}`, body);

/** The same for its other vendor. */
export const genesysApi = (method, path, body) => call("sandbox-genesys-token", method, `/api/v2${path}`, body);

async function call(token, method, path, body) {
  const response = await fetch(`${BASE}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Everything a list holds. */
export async function all(path) {
  const items = [];
  for (;;) {
    const page = await api("GET", `${path}?_skip=${items.length}&_limit=100`);
    items.push(...page.data);
    if (!page.has_more) return items;
  }
}

/** Everything a list of Genesys Cloud holds. */
export async function allEntities(path) {
  const items = [];
  for (let number = 1; ; number += 1) {
    const page = await genesysApi("GET", `${path}?pageSize=200&pageNumber=${number}`);
    items.push(...page.entities);
    if (!page.nextUri) return items;
  }
}

/** The requests that the sandbox has got, those of `method` and a path that begins like this. */
export async function requestsTo(method, path) {
  const { requests } = await sandbox("GET", "requests");
  return requests.filter((request) => request.method === method && request.path.startsWith(path));
}

export async function organization() {
  const { organizations } = await api("GET", "/me/");
  return api("GET", `/organization/${organizations[0].id}/`);
}

/** Asks the sandbox itself: `/_sandbox/{name}`. */
export async function sandbox(method, name, body) {
  const response = await fetch(`${BASE}/_sandbox/${name}`, { method, body: body && JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${name}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/**
 * Has the sandbox answer the next request that fits with something else. Of the errors of a server, 501 is one that
 * no client tries again.
 */
export const queueAnswer = (rule) => sandbox("POST", "answer", rule);

/** Has the sandbox go wrong by these rules, until they are replaced. */
export const faults = (...rules) => sandbox("POST", "faults", rules);

/** Longer than any test: what a rule delays by this much is held until the client ends it. */
export const FOR_EVER = 600_000;

/**
 * One test on fresh data and a fresh page. It fails when the page logs an error, throws, or breaks its content
 * security policy. Answers with an error status are logged by Chromium itself: those a test provokes it names in
 * `statuses`.
 */
export function scenario(name, options, body) {
  test(name, { timeout: 120_000 }, async () => {
    const {
      viewport = WIDE,
      colorScheme = "light",
      as = "administrator",
      vendor = "",
      statuses = [],
      origin = BASE,
      touch = false,
    } = options;
    const response = await fetch(`${BASE}/_sandbox/reset`, { method: "POST" });
    assert.equal(response.status, 204);
    const context = await browser.newContext({ viewport, colorScheme, hasTouch: touch, isMobile: touch });
    const complaints = [];
    try {
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
        });
        // What is announced is there for a moment only, until something else is.
        window.announced = [];
        document.addEventListener("DOMContentLoaded", () => {
          const live = document.getElementById("live");
          const note = () => live.textContent && window.announced.push(live.textContent);
          // Pages that people sign in on are another's, and have none.
          if (live) new MutationObserver(note).observe(live, { childList: true });
        });
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on("pageerror", (error) => complaints.push(error.stack ?? String(error)));
      page.on("console", (message) => {
        if (message.type() !== "error" && message.type() !== "warning") return;
        const status = /status of (\d+)/.exec(message.text())?.[1];
        if (status && statuses.includes(Number(status))) return;
        if (options.offline && /net::ERR_/.test(message.text())) return;
        complaints.push(message.text());
      });
      await page.goto(`${origin}/${vendor && `#/${vendor}`}`);
      if (as) await connect(page, as);
      await body(page);
    } finally {
      await context.close();
    }
    assert.deepEqual(complaints, [], "the page complained");
  });
}

export async function connect(page, as = "administrator") {
  await page.getByRole("button", { name: as }).click();
  await page.locator(".sidebar").waitFor();
}

/** Goes to a screen by the navigation, and waits until it is there. */
export async function open(page, screen) {
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: screen }).click();
  await page.getByRole("heading", { level: 1, name: screen }).waitFor();
}

/** Waits until the list of a screen is loaded. */
export async function loaded(page) {
  await page.locator('[role="grid"]:not([aria-busy]) .grid-body [role="row"]').first().waitFor();
}

/** The rows of a list that are in the document. */
export const rows = (page) => page.locator('.grid-body [role="row"]');

/** How many rows a list has, drawn or not. */
export async function rowCount(page) {
  return Number(await page.getByRole("grid").getAttribute("aria-rowcount")) - 1;
}

/** Waits until `read()` gives `expected`. */
export async function eventually(read, expected, message) {
  const end = Date.now() + 10_000;
  let actual;
  do {
    actual = await read();
    try {
      assert.deepEqual(actual, expected);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  } while (Date.now() < end);
  assert.deepEqual(actual, expected, message);
}

/** Nothing that axe-core knows is wrong with the page as it is. */
export async function accessible(page, where) {
  // A colour that is still fading is neither the one nor the other.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((each) => each.effect.getTiming().iterations !== Infinity);
    return Promise.allSettled(ending.map((each) => each.finished));
  });
  // All rules, but no list of what passed, and no second page to put it together: three times as fast.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"], preload: false });
  const { violations } = await axe.analyze();
  assert.deepEqual(
    violations.map(
      (violation) => `${where}: ${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
    ),
    [],
  );
}

/** What somebody who listens has been told since the page was opened. */
export const announced = (page) => page.evaluate(() => window.announced);

/** Waits until somebody who listens has been told this. */
export async function hears(page, words) {
  const told = (text) => (words instanceof RegExp ? words.test(text) : text.includes(words));
  await eventually(async () => (await announced(page)).some(told), true, `somebody hears ${words}`);
}

/** The element with the focus, by its accessible name or text. */
export function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element.labels?.[0]?.textContent;
    return element.getAttribute("aria-label") ?? label ?? element.textContent.trim();
  });
}
