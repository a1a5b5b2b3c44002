// Contenders that take turns, in a page as in Node. What a machine does meanwhile hits all of them, so only ratios within
// one run mean anything.

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * Has each contender run once a round, another one first each time, and once before that to warm up, in round 0. Answers
 * with what `run(name, round)` gave, for each of them.
 *
 * A contender that has taken more than `patience` milliseconds runs no more. If that was to warm up, it counts.
 */
export async function inTurns(names, run, { rounds, patience = Infinity, warmUp = true }) {
  const results = new Map(names.map((name) => [name, []]));
  const spent = new Map(names.map((name) => [name, 0]));
  for (let round = warmUp ? 0 : 1; round <= rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      if (spent.get(name) > patience) continue;
      const started = performance.now();
      const result = await run(name, round);
      spent.set(name, spent.get(name) + performance.now() - started);
      if (round > 0 || spent.get(name) > patience) results.get(name).push(result);
    }
  }
  return results;
}
