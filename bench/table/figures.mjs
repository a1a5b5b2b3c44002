// What the table is to reach, for 100,000 people in Chromium, and what it does reach.

import { OURS, find, measured, megabytes, milliseconds } from "./report.mjs";

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

const GROWING = {
  load: ["one answer", "ms"],
  pages: [undefined, "ms"],
  memory: [undefined, "bytes"],
  search: [undefined, "p95"],
  sort: ["by locale", "ms"],
  filter: ["and, or and not, nested", "ms"],
  csv: [undefined, "ms"],
};

/** Rows: what, and how many times as much the most people take as the fewest, where linear is how many more there are. */
export function growth(results) {
  const sizes = [...new Set(results.map(({ people }) => people))].sort((a, b) => a - b);
  const [fewest, most] = [sizes[0], sizes.at(-1)];
  if (fewest === most) return [];
  const places = [...new Set(results.map(({ place }) => place))];
  return places.flatMap((place) =>
    Object.entries(GROWING).flatMap(([workload, [title, measure]]) => {
      const of = (people) => measured(find(results, { place, people, workload, title }), OURS, measure);
      const ratio = of(most) / of(fewest);
      return Number.isFinite(ratio) ? [[place, workload, `${ratio.toFixed(1)} ×`, `linear is ${most / fewest} ×`]] : [];
    }),
  );
}
