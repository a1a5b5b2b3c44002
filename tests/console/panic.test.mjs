// What becomes of a page when the package's WebAssembly stops in the middle of things, which takes a build that can be
// made to. The rest of it is in `tests/npm/panic.test.mjs`.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/panic.test.mjs

import assert from "node:assert/strict";
import { basename, join } from "node:path";

import { buildPanicking } from "../npm/panic.mjs";
import { BASE, eventually, scenario } from "./driver.mjs";

const DIST = buildPanicking();
const PAGE = `${BASE}/panicking/`;

for (const how of ["call", "now", "trap"]) {
  // A page that hears of an error that nobody caught has failed this.
  scenario(`a page goes on after its WebAssembly stopped (${how})`, { as: "" }, async (page) => {
    const loaded = [];
    await page.route(`${PAGE}**`, (route) => {
      const name = basename(new URL(route.request().url()).pathname);
      if (!name.includes(".")) {
        return route.fulfill({ contentType: "text/html", body: '<!doctype html><link rel="icon" href="data:,">' });
      }
      loaded.push(name);
      const contentType = name.endsWith(".wasm") ? "application/wasm" : "text/javascript";
      return route.fulfill({ path: join(DIST, name), contentType });
    });
    const held = [];
    let isHolding = true;
    await page.route(`${BASE}/api/v1/me/**`, (route) => (isHolding ? held.push(route) : route.continue()));
    await page.goto(PAGE);

    await page.evaluate(async (base) => {
      const orgdeck = await import("/panicking/index.js");
      await orgdeck.default();
      const close = new orgdeck.Close({ auth: { accessToken: "sandbox-close-token" }, baseUrl: `${base}/api/v1` });
      const list = close.users.list({ limit: 20 });
      const caught = async (run) => {
        try {
          return await run();
        } catch ({ name, code, sent }) {
          return [name, code, sent];
        }
      };
      const begun = [caught(() => close.users.me()), caught(() => close.users.me({ fields: ["email"] }))];
      Object.assign(window, { orgdeck, close, list, caught, begun, people: (await list.all()).items.length });
    }, BASE);
    await eventually(() => held.length, 2);

    const outcome = await page.evaluate(
      async (how) => ({
        stopped: await caught(() => orgdeck.testPanic(how)),
        begun: await Promise.all(begun),
        later: await Promise.all([caught(() => close.users.me()), caught(() => list.first())]),
        made: await caught(() => new orgdeck.Close({ auth: { accessToken: "t" } })),
      }),
      how,
    );
    const internal = (sent) => ["InternalError", "internal", sent];
    assert.deepEqual(outcome, {
      stopped: internal(how === "call" ? "maybe" : "no"),
      begun: [internal("maybe"), internal("maybe")],
      later: [internal("no"), internal("no")],
      made: internal("no"),
    });

    const load = [...loaded];
    isHolding = false;
    const recovered = await page.evaluate(async () => {
      await orgdeck.default();
      return { id: (await close.users.me()).id, isWhole: (await list.all()).items.length === people && people > 20 };
    });
    assert.match(recovered.id, /^user_/);
    assert.ok(recovered.isWhole);
    assert.deepEqual(loaded, load, "nothing was loaded again");
    // The answers that nobody waits for any more come to nothing.
    await Promise.all(held.map((route) => route.continue()));
    assert.match(await page.evaluate(async () => (await close.users.me()).id), /^user_/);
  });
}
