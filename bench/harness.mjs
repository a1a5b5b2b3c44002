// What benches have in common: contenders that take turns, and medians side by side. What a machine does meanwhile
// hits all of them, so only ratios within one run mean anything.

import { table } from "../tests/faults/browser.mjs";

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Rounds to run; the first one more is for warming up. */
export const ROUNDS = Number(process.env.ORGDECK_ROUNDS ?? 3);

/**
 * Has each contender run once a round, another one first each time. `run(name)` gives milliseconds. Answers with the
 * times of each.
 */
export async function inTurns(names, run) {
  const times = new Map(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      const ms = await run(name);
      if (round > 0) times.get(name).push(ms);
    }
  }
  return times;
}

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

export { table };
