// All of them, in order: their number and the rows of the first screen. Nobody knows anything of the order before.

import { byArquero, byArray, byTanstack, ofOrgdeck, orgdeckTable } from "../engines.mjs";
import { sorted } from "../oracle.mjs";
import { FIELDS, ORDERS, byNames, keysOf, sortedByKeys } from "../orders.mjs";

/** A table that was never asked anything, in place of the one before. */
async function renew(held) {
  held.table?.free();
  held.table = await orgdeckTable(held.world);
}

const contendersOf = (order) => ({
  Orgdeck: {
    async make(world) {
      const held = { world };
      await renew(held);
      return held;
    },
    before: renew,
    run: ({ table }) => ofOrgdeck(table.query(order.orgdeck)),
  },
  "Array.toSorted": byArray((users) => users.toSorted(byNames(order.compare))),
  "ranks of distinct names": byArray((users) => sortedByKeys(users, keysOf(users, order.compare))),
  arquero: byArquero((table) => table.orderby(...order.arquero)),
  TanStack: {
    ...byTanstack((table) => table.setSorting(order.tanstack())),
    before(table) {
      table.setSorting([]);
      table.getRowModel();
    },
  },
});

export default {
  name: "sort",
  cases: Object.entries(ORDERS).map(([title, order]) => ({
    title,
    expected: (records) => sorted(records, FIELDS, order.oracle),
    contenders: contendersOf(order),
  })),
};
