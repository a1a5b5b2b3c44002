// What people feel: the rows of the first screen after a filter and a sort. Each round filters by something else; who
// keeps what is known of the order has it.

import { byArquero, byArray, byOrgdeck, byTanstack, filterTanstack, objects, ofObjects } from "../engines.mjs";
import { sorted } from "../oracle.mjs";
import { FIELDS, ORDERS, byNames, keysOf, sortedByKeys } from "../orders.mjs";
import { FILTERS } from "./filter.mjs";

const filter = FILTERS["a flag and an equality"];

const caseOf = ([title, order]) => ({
  title,
  asked: filter.asked,
  expected: (records, asked) =>
    sorted(
      records.filter((user) => filter.oracle(user, asked)),
      FIELDS,
      order.oracle,
    ),
  contenders: {
    Orgdeck: byOrgdeck((asked) => ({ where: filter.where(asked), ...order.orgdeck })),
    "filter and sort of Array": byArray((users, asked) =>
      users.filter(filter.holds(asked)).sort(byNames(order.compare)),
    ),
    "filter, ranks kept": {
      async make(world) {
        const users = await world.engine(objects);
        return { users, keys: keysOf(users, order.compare) };
      },
      run({ users, keys }, asked) {
        const holds = filter.holds(asked);
        return ofObjects(sortedByKeys(users, keys.filter((_, place) => holds(users[place]))));
      },
    },
    arquero: byArquero((table, asked) =>
      table.params(asked).filter(filter.expression).orderby(...order.arquero),
    ),
    TanStack: byTanstack((table, asked) => {
      filterTanstack(table, filter.holds(asked));
      table.setSorting(order.tanstack());
    }),
  },
});

export default { name: "rows", cases: Object.entries(ORDERS).map(caseOf) };
