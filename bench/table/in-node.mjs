// Workloads in Node: in a process of its own each, which nothing has filled before.

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { work } from "./place.mjs";

const FILE = fileURLToPath(import.meta.url);

/** Half a million people as objects of every kind need more than what Node takes unless it is told. */
const OPTIONS = ["--expose-gc", "--max-old-space-size=12000"];

/** Does a workload, and gives what was measured. */
export async function inNode(job, { pack }) {
  const child = fork(FILE, [pack], { execArgv: OPTIONS, env: { ...process.env, NODE_ENV: "production" } });
  child.send(job);
  const ended = once(child, "exit").then(([code, signal]) => [{ error: `Node ended with ${code ?? signal}` }]);
  const [result] = await Promise.race([once(child, "message"), ended]);
  return result;
}

function heap() {
  // What the first leaves behind the others find.
  for (let turn = 0; turn < 3; turn += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

if (process.argv[1] === FILE) {
  const load = () => import(pathToFileURL(join(process.argv[2], "dist/node.js")));
  process.once("message", async (job) => {
    const result = await work(job, { load, heap }).then(
      (cases) => ({ cases }),
      (error) => ({ error: error.stack }),
    );
    process.send(result, () => process.exit());
  });
}
