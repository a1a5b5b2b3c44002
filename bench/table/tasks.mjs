// How long the main thread is busy at a stretch: what a page cannot answer to its user in.

/** How often to look, in milliseconds. */
const PERIOD = 4;

/** Runs something a little later, as urgent as what a user does. */
const soon = (look) =>
  globalThis.scheduler?.postTask
    ? globalThis.scheduler.postTask(look, { priority: "user-blocking", delay: PERIOD })
    : setTimeout(look, PERIOD);

/**
 * Runs something: how long it takes, and the longest time meanwhile that nothing urgent got its turn, which is the
 * longest task to within a few milliseconds.
 */
export async function longestTask(run, asked) {
  let longest = 0;
  let isOver = false;
  let before = performance.now();
  const look = () => {
    if (isOver) return;
    const now = performance.now();
    longest = Math.max(longest, now - before - PERIOD);
    before = now;
    soon(look);
  };
  soon(look);
  const started = performance.now();
  const answer = await run(asked);
  const ms = performance.now() - started;
  isOver = true;
  // What ran at last is part of it, though nothing has come behind it.
  longest = Math.max(longest, performance.now() - before);
  answer.free?.();
  return { ms, longest };
}
