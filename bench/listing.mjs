// A full listing of 100 pages: pages at once against page after page, and against the vendor's own SDK.
//
//   cargo xtask bench listing
//
// Fails when the ways differ in any item, or in their order. In the browser the sandbox is of another origin, as a vendor
// is: each page has a preflight, which the sandbox answers without its latency.

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { SANDBOX, openPage } from "../tests/faults/browser.mjs";
import { HEAD, ROUNDS, compare, inTurns, median, table } from "./harness.mjs";
import * as here from "./listing-contenders.mjs";

/** How many times faster than page after page it is to be. */
const WANTED = 3;
/** Pages of the list, and items of each. */
const [PAGES, SIZE] = [100, 100];

const require = createRequire(new URL("../tests/sdk/package.json", import.meta.url));
const SDK = "tests/sdk/node_modules/purecloud-platform-client-v2/dist/web-cjs/purecloud-platform-client-v2.min.js";
const PACKAGE = process.env.ORGDECK_PACKAGE ?? "pkg";

async function inChromium() {
  const { page, complaints, close } = await openPage();
  await page.addScriptTag({ url: `/${SDK}` });
  await page.evaluate(async (base) => {
    const orgdeck = await import("/pkg/dist/index.js");
    await orgdeck.default();
    const { time } = await import("/bench/listing-contenders.mjs");
    // The SDK's file defines a `require` that knows it by this name.
    const world = { orgdeck, base, sdk: globalThis.require("platformClient") };
    globalThis.time = (vendor, name) => time(world, vendor, name);
  }, SANDBOX);
  const time = (vendor, name) => page.evaluate(([vendor, name]) => globalThis.time(vendor, name), [vendor, name]);
  return {
    time,
    async close() {
      await close();
      if (complaints.length) throw new Error(`the page complained:\n${complaints.join("\n")}`);
    },
  };
}

async function inNode() {
  // The SDK reads settings from the home folder, which must not count here.
  const home = mkdtempSync(join(tmpdir(), "orgdeck-bench-"));
  process.env.HOME = process.env.USERPROFILE = home;
  const orgdeck = await import(pathToFileURL(join(PACKAGE, "dist/node.js")));
  await orgdeck.default();
  const world = { orgdeck, base: SANDBOX, sdk: require("purecloud-platform-client-v2") };
  return {
    time: (vendor, name) => here.time(world, vendor, name),
    close: async () => rmSync(home, { recursive: true, force: true }),
  };
}

const rows = [];
const verdicts = [];
for (const [place, open] of Object.entries({ Chromium: inChromium, Node: inNode })) {
  const { time, close } = await open();
  for (const vendor of ["close", "genesys"]) {
    const names = Object.keys(here.contenders).filter((name) => vendor === "genesys" || !name.includes("SDK"));
    const times = await inTurns(names, async (name) => {
      const { ms, items } = await time(vendor, name);
      if (items !== PAGES * SIZE) throw new Error(`${vendor} has ${items} items, not ${PAGES} pages of ${SIZE}`);
      return ms;
    });
    rows.push(...compare(times).map((row) => [place, vendor, ...row]));
    const [first, second] = [...times.values()].map(median);
    const ratio = second / first;
    const verdict = ratio >= WANTED ? `reaches ${WANTED}` : `does not reach ${WANTED}`;
    verdicts.push(`${place}, ${vendor}: ${ratio.toFixed(2)} times faster than page after page, which ${verdict}`);
  }
  await close();
}
console.log(`\n${PAGES} pages of ${SIZE}, all ways equal item for item; medians of ${ROUNDS} rounds\n`);
console.log(table(["", "", ...HEAD], rows));
console.log(`\n${verdicts.join("\n")}`);
