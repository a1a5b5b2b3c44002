// Rate limits for real: nothing is refused that could have been avoided, and at least nine tenths of what the limit allows
// gets through, with listings behind and interactive calls in between.
//
//   cargo xtask soak
//   ORGDECK_SANDBOX=http://127.0.0.1:8787 ORGDECK_LIMIT_MINUTES=3 node --test tests/soak/limits.test.mjs

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SANDBOX, openPage, sandbox, table } from "../faults/browser.mjs";

/** Above 0, the limits that vendors really have are kept for so long, too. */
const MINUTES = Number(process.env.ORGDECK_LIMIT_MINUTES ?? 0);
/** How much of what a limit allows is to get through. */
const WANTED = 0.9;
/** A machine that is busy with something else gets less through, never more; so the best of a few times counts. */
const TIMES = 5;

const cases = [
  {
    name: "Close, 20/s for each endpoint, as the headers say",
    vendor: "close",
    limits: { close: "20/s" },
    allowed: { requests: 20, seconds: 1 },
    seconds: 12,
    everyMs: 150,
  },
  {
    name: "Genesys, 20/s, by the client's rateLimit",
    vendor: "genesys",
    limits: { genesys: "20/s" },
    rateLimit: { requests: 20, perMs: 1_000 },
    allowed: { requests: 20, seconds: 1 },
    seconds: 6,
    everyMs: 150,
  },
];
if (MINUTES) {
  cases.push(
    {
      name: "Close, 20/s, for a minute",
      vendor: "close",
      limits: { close: "20/s" },
      allowed: { requests: 20, seconds: 1 },
      seconds: 60,
      everyMs: 150,
    },
    {
      name: `Genesys, 300/min as it documents it, for ${MINUTES} min`,
      vendor: "genesys",
      limits: { genesys: "300/min" },
      allowed: { requests: 300, seconds: 60 },
      // The last window has its time, and the next one has not begun.
      seconds: MINUTES * 60 - 1,
      everyMs: 2_000,
    },
  );
}

let chromium;
before(async () => {
  chromium = await openPage();
  await chromium.page.evaluate(() => import("/tests/soak/limits-work.mjs").then(({ run }) => (globalThis.run = run)));
});
after(() => chromium?.close());

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const rows = [];
let tokens = 0;

for (const { name, vendor, limits, rateLimit, allowed, seconds, everyMs } of cases) {
  test(name, { timeout: TIMES * (seconds + 60) * 1_000 }, async () => {
    const most = allowed.requests * Math.ceil(seconds / allowed.seconds);
    const shares = [];
    while (shares.length < TIMES && Math.max(0, ...shares) < WANTED) {
      await sandbox("reset", {});
      await sandbox("limits", limits);
      // One that nobody has used yet, so that its first window begins with the first request.
      const token = `sandbox-${vendor}-token~limits${++tokens}`;
      const order = { base: SANDBOX, vendor, token, seconds, rateLimit, everyMs };
      const { good, bad, held, waits } = await chromium.page.evaluate((order) => globalThis.run(order), order);
      const stats = await sandbox("stats");
      await sandbox("limits", { close: null, genesys: null });
      const share = good / most;
      shares.push(share);
      const sorted = waits.toSorted((a, b) => a - b);
      const wait = (part) => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(0);
      const refused = stats.tooManyRequests;
      rows.push([name, seconds, good, most, percent(share), refused, waits.length, wait(0.5), wait(0.95)]);
      assert.equal(refused, 0, "requests that were refused");
      assert.equal(bad, 0, "answers that are no success");
      assert.ok(good <= most, `${good} requests in ${seconds} s, where ${most} are allowed: the limit was not there`);
      assert.ok(held > 0, "there was more to send than the limit allows");
      assert.ok(waits.length > 0, "interactive calls got through");
    }
    const best = Math.max(...shares);
    assert.ok(best >= WANTED, `${percent(best)} of what the limit allows got through`);
  });
}

test("the page has not complained", () => {
  assert.deepEqual([...chromium.complaints, ...chromium.provoked], []);
});

after(() => {
  const head = ["limit", "seconds", "answered", "allowed", "share", "429s", "interactive calls", "median ms", "p95 ms"];
  console.log(table(head, rows));
});
