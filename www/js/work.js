// Many calls at a time, work in slices, and telling an abort from a failure.

import { Cancelled } from "./request-log.js";

/** True when `error` only says that the work is not wanted any more. */
export function isAbort(error, signal) {
  return Boolean(signal?.aborted) || error?.name === "AbortError";
}

/**
 * Runs `task` over `items`, `atOnce` of them at a time, and goes on past failures.
 * Gives one `{ item, error }` for each item in the order they were given; `error` is null where it worked.
 * When `signal` aborts it ends, and rejects. When `stop` aborts, whatever is not done yet counts as cancelled.
 */
export async function forEachOf(items, task, { atOnce = 4, signal, stop, onSettled } = {}) {
  const results = new Array(items.length);
  let next = 0;
  async function worker() {
    while (next < items.length) {
      signal?.throwIfAborted();
      const index = next;
      next += 1;
      const item = items[index];
      try {
        if (stop?.aborted) throw new Cancelled(false);
        await task(item);
        results[index] = { item, error: null };
      } catch (error) {
        if (signal?.aborted || (isAbort(error) && !stop?.aborted)) throw error;
        results[index] = { item, error: isAbort(error) ? new Cancelled(true) : error };
      }
      onSettled?.(results[index]);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** Gives way, so that the page can be drawn and used before work goes on. */
export const giveWay = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
