// The workloads of `cargo xtask bench table` with few people: all contenders give the right answers. Nothing is timed.
//
//   node --test tests/bench/*.test.mjs

import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { verify } from "../../bench/table/measure.mjs";
import { serve } from "../../bench/table/server.mjs";
import { WORKLOADS } from "../../bench/table/workloads.mjs";
import { makeWorld } from "../../bench/table/world.mjs";

const PACKAGE = resolve(process.env.ORGDECK_PACKAGE ?? "pkg");
const PEOPLE = 2000;

let orgdeck;
let server;

before(async () => {
  orgdeck = await import(pathToFileURL(join(PACKAGE, "dist/node.js")));
  await orgdeck.default();
  server = await serve(PACKAGE);
  server.list(PEOPLE);
});

after(() => server.close());

for (const [name, workload] of WORKLOADS) {
  test(name, () => verify(workload, makeWorld({ orgdeck, count: PEOPLE, base: server.base, heap: () => 0, wasm: () => 0 })));
}
