// From the bytes of an answer to something that can be asked.

import { arqueroOf, objects, orgdeckTable, tanstackOf } from "../engines.mjs";
import { longestTask } from "../tasks.mjs";

const LAST = -1;

export default {
  name: "load",
  cases: [
    {
      title: "one answer",
      expected: (records) => ({ length: records.length, last: records.at(LAST).id }),
      check(answer, expected) {
        const [given, wanted] = [answer, expected].map(({ length, last }) => `${length} users, the last one ${last}`);
        if (given !== wanted) throw new Error(`${given}, not ${wanted}`);
      },
      cold: true,
      heavy: true,
      time: longestTask,
      contenders: {
        Orgdeck: {
          async run(world) {
            const table = await orgdeckTable(world);
            return {
              length: table.length,
              get last() {
                return table.query().rows(table.length - 1, 1)[0].id;
              },
              free: () => table.free(),
            };
          },
        },
        "TextDecoder, JSON.parse": {
          run(world) {
            const users = objects(world);
            return { length: users.length, last: users.at(LAST).id };
          },
        },
        "JSON.parse, arquero": {
          run(world) {
            const table = arqueroOf(objects(world));
            return { length: table.numRows(), last: table.get("id", table.numRows() - 1) };
          },
        },
        "JSON.parse, TanStack": {
          run(world) {
            const { rows } = tanstackOf(objects(world)).getRowModel();
            return { length: rows.length, last: rows.at(LAST).id };
          },
        },
      },
    },
  ],
};
