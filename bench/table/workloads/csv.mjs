// Eight columns of everybody as a file, with what a spreadsheet would run as a formula defused.

import Papa from "papaparse";

import { objects, orgdeckTable, touch } from "../engines.mjs";

const COLUMNS = [
  "id",
  "email",
  "first_name",
  "last_name",
  "role_id",
  "is_active",
  "date_created",
  "last_used_timezone",
];

const FORMULA = /^[=+\-@\t\r]/;

const cell = (value) => {
  if (value === null) return "";
  let text = String(value);
  if (typeof value === "string" && FORMULA.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const byHand = (users) => {
  let text = COLUMNS.join(",");
  for (const user of users) {
    text += "\r\n";
    for (let at = 0; at < COLUMNS.length; at += 1) text += (at > 0 ? "," : "") + cell(user[COLUMNS[at]]);
  }
  return text;
};

const file = (text) => new Blob([text], { type: "text/csv" });

export default {
  name: "csv",
  cases: [
    {
      title: "8 columns",
      expected(records) {
        const isFormula = (value) => typeof value === "string" && /^[=+\-@]/.test(value);
        const text = (value) => (value === null ? "" : isFormula(value) ? `'${value}` : String(value));
        return [COLUMNS, ...records.map((user) => COLUMNS.map((column) => text(user[column])))];
      },
      /** Throws unless the cells are the right ones, however they are quoted. */
      async check(blob, expected) {
        const { data } = Papa.parse(await blob.text(), { skipEmptyLines: true });
        if (data.length !== expected.length) throw new Error(`${data.length} lines, not ${expected.length}`);
        data.forEach((cells, line) => {
          const [given, wanted] = [cells, expected[line]].map((each) => JSON.stringify(each));
          if (given !== wanted) throw new Error(`line ${line + 1} is ${given}, not ${wanted}`);
        });
      },
      contenders: {
        Orgdeck: {
          make: orgdeckTable,
          before: touch,
          run(table) {
            const view = table.query();
            const blob = view.toCsv({ columns: COLUMNS });
            view.free();
            return blob;
          },
        },
        "by hand": { make: objects, run: (users) => file(byHand(users)) },
        papaparse: {
          make: objects,
          run: (users) => file(Papa.unparse(users, { columns: COLUMNS, escapeFormulae: true })),
        },
      },
    },
  ],
};
