// What the benches that print one table have in common.

import { table } from "../tests/common/markdown.mjs";
import { inTurns as turns, median } from "./turns.mjs";

/** Rounds to run; the first one more is for warming up. */
export const ROUNDS = Number(process.env.ORGDECK_ROUNDS ?? 3);

export const inTurns = (names, run) => turns(names, run, { rounds: ROUNDS });

/** Rows of a table: each contender's median, its range, and how many times as long it takes as the first one. */
export function compare(times) {
  const [first] = times.values();
  return [...times].map(([name, all]) => [
    name,
    median(all).toFixed(0),
    `${Math.min(...all).toFixed(0)}–${Math.max(...all).toFixed(0)}`,
    (median(all) / median(first)).toFixed(2),
  ]);
}

export const HEAD = ["", "median ms", "range", "× the first"];

export { median, table };
