// What people feel: the rows of the first screen after a filter and a sort. Each round filters by something else; who
// keeps what is known of the order has it.

import {
  arqueroTable,
  objects,
  ofArquero,
  ofObjects,
  ofOrgdeck,
  ofTanstack,
  orgdeckTable,
  tanstackTable,
} from "../engines.mjs";
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
    Orgdeck: {
      make: orgdeckTable,
      run: (table, asked) => ofOrgdeck(table.query({ where: filter.where(asked), ...order.orgdeck })),
    },
    "filter and sort of Array": {
      make: objects,
      run: (users, asked) => ofObjects(users.filter(filter.holds(asked)).sort(byNames(order.compare))),
    },
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
    arquero: {
      make: arqueroTable,
      run: (table, asked) => ofArquero(table.params(asked).filter(filter.expression).orderby(...order.arquero)),
    },
    TanStack: {
      make: tanstackTable,
      run(table, asked) {
        table.setColumnFilters([{ id: "record", value: filter.holds(asked) }]);
        table.setSorting(order.tanstack());
        return ofTanstack(table.getRowModel());
      },
    },
  },
});

export default { name: "rows", cases: Object.entries(ORDERS).map(caseOf) };
