// Workloads in headless Chromium: in a browser of its own each, which nothing has filled before.

import { launch } from "../../tests/common/chromium.mjs";

/** What the data of JavaScript takes once all else is collected. */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  // What the first leaves behind the others find.
  for (let turn = 0; turn < 3; turn += 1) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

/** Does a workload, and gives what was measured. */
export async function inChromium(job, { base }) {
  const browser = await launch("--js-flags=--expose-gc");
  try {
    const page = await browser.newPage();
    const crashed = new Promise((resolve) => page.on("crash", () => resolve({ error: "the page crashed" })));
    await page.exposeFunction("heap", () => heapOf(page));
    await page.goto(base);
    const done = page.evaluate(async (job) => {
      const { work } = await import("/place.js");
      const { contenders } = job.duckdb ? await import("/duckdb.js") : { contenders: {} };
      const more = (workload, title) => {
        const duckdb = contenders[workload]?.[title];
        return duckdb ? { DuckDB: duckdb } : {};
      };
      return work(job, { load: () => import("/pkg/dist/index.js"), heap: globalThis.heap, more });
    }, job);
    const result = done.then(
      (cases) => ({ cases }),
      (error) => ({ error: error.stack }),
    );
    return await Promise.race([result, crashed]);
  } finally {
    await browser.close();
  }
}
