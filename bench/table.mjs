// The directory table against what else people do with an answer, and against packages that search, sort and filter.
//
//   cargo xtask bench table
//
// All contenders get the same bytes, and all answers are checked before anything is timed but the very first load. Each
// workload begins in a browser, or a process of Node, of its own, and garbage is collected before each run. A run ends
// when the number of users found and the rows of the first screen are there, so nobody can put work off. No run can be
// answered from one before: each round asks for something else, or changes the table first.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { table as markdown } from "../tests/common/markdown.mjs";
import { chart } from "./table/chart.mjs";
import { figures, growth } from "./table/figures.mjs";
import { inChromium } from "./table/in-chromium.mjs";
import { inNode } from "./table/in-node.mjs";
import { HEAD, tables } from "./table/report.mjs";
import { serve } from "./table/server.mjs";
import { WORKLOADS } from "./table/workloads.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    people: { type: "string", default: "10000,100000,500000" },
    only: { type: "string", default: [...WORKLOADS.keys()].join() },
    places: { type: "string", default: "Chromium,Node" },
    /** Seconds that a contender may take in a case before it runs no more. */
    patience: { type: "string", default: "40" },
    /** In Chromium alone. */
    duckdb: { type: "boolean", default: false },
    bless: { type: "boolean", default: false },
  },
});

const PLACES = { Chromium: inChromium, Node: inNode };
const PACKAGE = resolve(process.env.ORGDECK_PACKAGE ?? "pkg");
const ROUNDS = Number(options.rounds);
const list = (text) => text.split(",").filter(Boolean);

for (const name of list(options.only)) {
  if (!WORKLOADS.has(name)) throw new Error(`there is no workload “${name}”: ${[...WORKLOADS.keys()].join(", ")}`);
}

if (options.duckdb && !existsSync("bench/duckdb/node_modules")) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--prefix", "bench/duckdb"], { stdio: "inherit" });
}
const server = await serve(PACKAGE, options);
const results = [];
for (const place of list(options.places)) {
  for (const people of list(options.people).map(Number)) {
    for (const workload of list(options.only)) {
      const started = performance.now();
      process.stderr.write(`  ${place}, ${people} people: ${workload}`);
      server.list(workload === "pages" ? people : 0);
      const { base } = server;
      const patience = Number(options.patience) * 1000;
      const job = { workload, count: people, rounds: ROUNDS, patience, base, duckdb: options.duckdb };
      const { cases, error } = await PLACES[place](job, { base, pack: PACKAGE });
      process.stderr.write(`, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
      if (error) console.error(error);
      results.push({ place, people, workload, cases, error });
    }
  }
}
server.close();

for (const [title, rows] of tables(results, ROUNDS)) console.log(`\n${title}\n\n${markdown(HEAD, rows)}`);
const grown = growth(results);
if (grown.rows.length) console.log(`\nGrowth of Orgdeck\n\n${markdown(grown.head, grown.rows)}`);
const reached = figures(results);
if (reached.length) console.log(`\n${markdown(["100,000 people, Chromium", "wanted", "is", ""], reached)}`);

const folder = options.bless ? { json: "bench/results", svg: "docs" } : { json: "target/bench", svg: "target/bench" };
const machine = { processor: cpus()[0]?.model, processors: cpus().length, node: process.version };
const first = results.find(({ place, people }) => place === "Chromium" && people === 100_000) ?? results[0];
for (const [file, text] of [
  [join(folder.json, "table.json"), `${JSON.stringify({ machine, rounds: ROUNDS, results, reached }, null, 1)}\n`],
  [join(folder.svg, "bench-table.svg"), chart(results, first)],
]) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`\nwritten: ${file}`);
}
if (results.some(({ error }) => error)) process.exitCode = 1;
