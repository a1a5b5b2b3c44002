// How often each value of a field occurs among those that a filter leaves. Each round filters by other dates.

import { arqueroTable, filterTanstack, objects, orgdeckTable, tanstackTable } from "../engines.mjs";
import { counted } from "../oracle.mjs";
import { FILTERS } from "./filter.mjs";

export const FIELDS = ["role_id", "last_used_timezone"];

const filter = FILTERS["a range of dates"];

const fromPairs = (pairs) => Object.fromEntries(Array.from(pairs, ([value, count]) => [JSON.stringify(value), count]));

const countsOf = (users, field) => {
  const counts = new Map();
  for (const { [field]: value } of users) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** Where counts are shown, the most frequent come first. */
const byCount = (pairs) => Array.from(pairs).sort(([, a], [, b]) => b - a);

export default {
  name: "facets",
  cases: [
    {
      title: "two fields",
      asked: filter.asked,
      expected(records, asked) {
        const left = records.filter((user) => filter.oracle(user, asked));
        return FIELDS.map((field) => counted(left, field));
      },
      /** Throws unless the counts are right, and the most frequent first. */
      check(answer, expected) {
        const isSorted = (pairs) => pairs.every(([, count], index) => index === 0 || pairs[index - 1][1] >= count);
        if (!answer.every(isSorted)) throw new Error("the most frequent is not the first");
        const [given, wanted] = [answer.map(fromPairs), expected].map((all) =>
          JSON.stringify(all.map((counts) => Object.entries(counts).sort())),
        );
        if (given !== wanted) throw new Error(`counts ${given}, not ${wanted}`);
      },
      contenders: {
        Orgdeck: {
          make: orgdeckTable,
          run(table, asked) {
            const view = table.query({ where: filter.where(asked) });
            const answer = FIELDS.map((field) => view.facets(field).map(({ value, count }) => [value, count]));
            view.free();
            return answer;
          },
        },
        "Array.filter, Map": {
          make: objects,
          run(users, asked) {
            const left = users.filter(filter.holds(asked));
            return FIELDS.map((field) => byCount(countsOf(left, field)));
          },
        },
        arquero: {
          make: arqueroTable,
          run(table, asked) {
            const left = table.params(asked).filter(filter.expression);
            const counts = FIELDS.map((field) => left.groupby(field).count().objects());
            return counts.map((rows, at) => byCount(rows.map((row) => [row[FIELDS[at]], row.count])));
          },
        },
        TanStack: {
          make: tanstackTable,
          run(table, asked) {
            filterTanstack(table, filter.holds(asked));
            return FIELDS.map((field) => byCount(table.getColumn(field).getFacetedUniqueValues()));
          },
        },
      },
    },
  ],
};
