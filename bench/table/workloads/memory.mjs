// What is kept once everybody is there and all else is collected: the data of JavaScript, and what the memory of the
// WebAssembly has grown by, which is never given back, so it has the most that was ever needed.

import { arqueroOf, objects, orgdeckTable, tanstackOf } from "../engines.mjs";

/** Each says what it keeps, and how many users that are. */
const contenders = {
  async Orgdeck(world) {
    const table = await orgdeckTable(world);
    return { kept: table, length: table.length, columns: table.byteLength };
  },
  "JSON.parse"(world) {
    const users = objects(world);
    return { kept: users, length: users.length };
  },
  arquero(world) {
    const table = arqueroOf(objects(world));
    return { kept: table, length: table.numRows() };
  },
  TanStack(world) {
    const table = tanstackOf(objects(world));
    return { kept: table, length: table.getRowModel().rows.length };
  },
};

export default {
  name: "memory",
  cases: [
    {
      title: "after loading",
      // The memory of the WebAssembly grows with the first table, and not with the second.
      once: true,
      async time(run, _, world) {
        const before = await world.memory();
        const { kept, length, columns } = await run();
        const after = await world.memory();
        if (length !== world.count) throw new Error(`${length} users, not ${world.count}`);
        const bytes = after.heap + after.wasm - before.heap - before.wasm;
        // Asked of it last, so that it is still there when memory is measured.
        kept.free?.();
        return columns === undefined ? { bytes } : { bytes, columns };
      },
      contenders: Object.fromEntries(Object.entries(contenders).map(([name, run]) => [name, { run }])),
    },
  ],
};
