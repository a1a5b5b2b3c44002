// What holds the records: all are made of the same bytes, and each answers in its own way. `world.engine` makes one of a
// kind once, for all that use it.

import { storeReactivityBindings } from "@tanstack/table-core/store-reactivity-bindings";
import * as tanstack from "@tanstack/table-core";
import * as arquero from "arquero";

/** How many rows a screen shows. */
export const SCREEN = 50;

/** Plain objects, as everybody reads an answer. */
export const objects = ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)).data;

export const arqueroOf = (users) => arquero.from(users);

const features = tanstack.tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  columnFilteringFeature: tanstack.columnFilteringFeature,
  filteredRowModel: tanstack.createFilteredRowModel(),
  rowSortingFeature: tanstack.rowSortingFeature,
  sortedRowModel: tanstack.createSortedRowModel(),
  columnFacetingFeature: tanstack.columnFacetingFeature,
  facetedRowModel: tanstack.createFacetedRowModel(),
  facetedUniqueValues: tanstack.createFacetedUniqueValues(),
});

/** Compares texts of a column; `compareTexts` is put in before a sort. */
const byText = (compareTexts) => (a, b, column) => compareTexts(a.getValue(column), b.getValue(column));

/** By code units, which is what JavaScript compares by. */
export const byUnits = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** As people order names. */
export const collator = new Intl.Collator("en");

// A name that is null is undefined here, because that is what TanStack can put last.
const nameColumns = (suffix, compareTexts) =>
  ["last_name", "first_name"].map((field) => ({
    id: `${field}${suffix}`,
    accessorFn: (record) => record[field] ?? undefined,
    sortFn: byText(compareTexts),
    sortUndefined: "last",
  }));

const columns = [
  // One condition on the whole record is the fastest filter there is: it runs once a row.
  { id: "record", accessorFn: (record) => record, filterFn: (row, column, holds) => holds(row.original) },
  { accessorKey: "role_id" },
  { accessorKey: "last_used_timezone" },
  ...nameColumns("", byUnits),
  ...nameColumns("_collated", collator.compare),
];

/** A table whose rows are there, with nothing asked of it yet. */
export function tanstackOf(users) {
  const table = tanstack.constructTable({ features, columns, data: users, getRowId: ({ id }) => id });
  table.getRowModel();
  return table;
}

export const arqueroTable = async (world) => arqueroOf(await world.engine(objects));

export const tanstackTable = async (world) => tanstackOf(await world.engine(objects));

export const orgdeckTable = ({ orgdeck, bytes }) => orgdeck.DirectoryTable.fromBytes(bytes, "close.user");

/** Changes a table and back, so that nothing that it has found or worked out still holds. */
export function touch(table) {
  const view = table.query();
  const [user] = view.rows(0, 1);
  view.free();
  const changed = { ...user, last_name: "Changed", first_name: "Changed", email: "changed@example.com" };
  for (const record of [changed, user]) {
    const { version } = table;
    table.upsert([record]);
    // What is as it was changes nothing, and whoever asks would have the answer from before.
    if (table.version === version) throw new Error("the table has not changed");
  }
}

// Answers: how many, the rows of the first screen, and for checks all ids. Whatever an engine puts off is done by then.

export const ofObjects = (found) => ({
  length: found.length,
  rows: found.slice(0, SCREEN),
  ids: () => found.map(({ id }) => id),
});

export const ofArquero = (found) => ({
  length: found.numRows(),
  rows: found.objects({ limit: SCREEN }),
  ids: () => found.array("id"),
});

export const ofTanstack = ({ rows }) => ({
  length: rows.length,
  rows: rows.slice(0, SCREEN).map(({ original }) => original),
  ids: () => rows.map(({ id }) => id),
});

export const ofOrgdeck = (view) => ({
  length: view.length,
  rows: view.rows(0, SCREEN),
  ids: () => view.ids(),
  free: () => view.free(),
});

// Contenders that differ only in what they do: a query, or a way to find.

export const byOrgdeck = (query) => ({
  make: orgdeckTable,
  run: (table, asked) => ofOrgdeck(table.query(query(asked))),
});

export const byArray = (find) => ({ make: objects, run: (users, asked) => ofObjects(find(users, asked)) });

export const byArquero = (find) => ({ make: arqueroTable, run: (table, asked) => ofArquero(find(table, asked)) });

export const byTanstack = (set) => ({
  make: tanstackTable,
  run(table, asked) {
    set(table, asked);
    return ofTanstack(table.getRowModel());
  },
});

/** Has TanStack keep the records for which a condition holds. */
export const filterTanstack = (table, holds) => table.setColumnFilters([{ id: "record", value: holds }]);
