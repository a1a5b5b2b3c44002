// What the table is to reach, for 100,000 people in Chromium, and what it does reach.

import { OURS, find, measured, megabytes, milliseconds, nameOf, written } from "./report.mjs";

const [PLACE, PEOPLE] = ["Chromium", 100_000];

const times = (value) => `${value.toFixed(2)} ×`;

/** How many times as long as Orgdeck the best of some others takes. */
const timesFaster = (wanted, workload, title, peers, measure) => ({
  wanted: `${wanted} × faster than ${peers.length > 1 ? "the best JavaScript" : peers[0]}`,
  reach(results) {
    const found = find(results, { place: PLACE, people: PEOPLE, workload, title });
    const best = Math.min(...peers.map((peer) => measured(found, peer, measure)));
    const ratio = best / measured(found, OURS, measure);
    return found && { reached: times(ratio), isReached: ratio >= wanted };
  },
});

const atMost = (wanted, workload, title, measure) => ({
  wanted: `at most ${wanted} ms`,
  reach(results) {
    const ms = measured(find(results, { place: PLACE, people: PEOPLE, workload, title }), OURS, measure);
    return ms !== undefined && { reached: milliseconds(ms), isReached: ms <= wanted };
  },
});

const SORTS = ["Array.toSorted", "ranks of distinct names", "arquero", "TanStack"];

const FIGURES = {
  "bytes to a table": timesFaster(4, "load", "one answer", ["TextDecoder, JSON.parse"]),
  "longest task while pages load": atMost(50, "pages", undefined, "longest"),
  "search as you type, 95 of 100": timesFaster(3, "search", undefined, ["uFuzzy"], "p95"),
  "what search finds": {
    wanted: "all",
    reach(results) {
      const found = find(results, { place: PLACE, people: PEOPLE, workload: "search" });
      const recall = found?.contenders.find(({ name }) => name === OURS)?.notes.recall;
      return recall !== undefined && { reached: `${recall * 100} %`, isReached: recall === 1 };
    },
  },
  "sort by code point": timesFaster(2, "sort", "by code point", SORTS),
  "sort by locale": timesFaster(3, "sort", "by locale", SORTS),
  "filter by a flag and an equality": timesFaster(5, "filter", "a flag and an equality", ["Array.filter"]),
  "filter by nested conditions": timesFaster(5, "filter", "and, or and not, nested", ["Array.filter"]),
  "filter by 500 ids": timesFaster(5, "filter", "500 ids", ["Array.filter"]),
  "50 rows by code point": atMost(4, "rows", "by code point"),
  "50 rows by locale": atMost(4, "rows", "by locale"),
  CSV: timesFaster(3, "csv", "8 columns", ["by hand", "papaparse"]),
  memory: {
    wanted: "at most 0.6 × that of objects",
    reach(results) {
      const found = find(results, { place: PLACE, people: PEOPLE, workload: "memory" });
      if (!found) return undefined;
      const [ours, objects] = [OURS, "JSON.parse"].map((name) => measured(found, name, "bytes"));
      return { reached: `${times(ours / objects)}, ${megabytes(ours)}`, isReached: ours <= 0.6 * objects };
    },
  },
};

/** Rows: what, how much it is to be, how much it is, and whether that will do. Only of what was measured. */
export function figures(results) {
  return Object.entries(FIGURES).flatMap(([title, { wanted, reach }]) => {
    const found = reach(results);
    return found ? [[title, wanted, found.reached, found.isReached ? "reached" : "not reached"]] : [];
  });
}

/** What is shown of a case; the first of these that it measures. */
const SHOWN = ["p95", "ms", "bytes"];

/** How Orgdeck grows with its people: the head of a table, and rows of what each case takes by each number of them. */
export function growth(results) {
  const sizes = [...new Set(results.map(({ people }) => people))].sort((a, b) => a - b);
  const linear = sizes.at(-1) / sizes[0];
  const rowOf = (place, workload, title) => {
    const found = sizes.map((people) => find(results, { place, people, workload, title }));
    const measure = SHOWN.find((measure) => measured(found[0], OURS, measure) !== undefined);
    const values = found.map((each) => measured(each, OURS, measure));
    const ratio = values.at(-1) / values[0];
    const shown = values.map((value) => (value === undefined ? "" : written(value, measure)));
    return [place, nameOf(workload, title, measure), ...shown, Number.isNaN(ratio) ? "" : `${ratio.toFixed(1)} ×`];
  };
  const fewest = linear > 1 ? results.filter(({ people, cases }) => people === sizes[0] && cases) : [];
  return {
    head: ["", "", ...sizes.map((people) => people.toLocaleString("en")), `linear is ${linear} ×`],
    rows: fewest.flatMap(({ place, workload, cases }) => cases.map(({ title }) => rowOf(place, workload, title))),
  };
}
