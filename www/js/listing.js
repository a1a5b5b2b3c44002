// Long reading that tells how far it is, can be stopped, and goes on where it stopped: the pages of a list, or one
// thing after the other.

import { Cancelled } from "./request-log.js";

/** What the reports of a list's runs add up to. */
const NOTHING_AMISS = { duplicates: 0, gaps: 0, retries: 0, waitedMs: 0 };

export class Listing extends EventTarget {
  /**
   * `idle`; `running`; `stopped` by the reader; `failed`, with `error`; `ended`. A reading that was only left, with its
   * screen, is idle again.
   */
  state = "idle";
  items = 0;
  /** How many there are, where that is known. */
  total = null;
  error = null;
  /** What the log has of the reading under way. */
  call = null;
  sums = NOTHING_AMISS;

  #read;
  #cursor = null;
  #run = null;
  /** When the reading under way began, and with how many. */
  #since = { time: 0, items: 0 };

  /**
   * `read(how)` reads on from `how.cursor`, where `how.items` were read before, and resolves at the end with a
   * `ListingReport`, or with nothing; `how.tell` takes what has changed of `{ items, total, cursor, call }`.
   */
  constructor(read) {
    super();
    this.#read = read;
  }

  /** Items a second by now: a reading that hangs gets slower. */
  get rate() {
    const { time, items } = this.#since;
    return ((this.items - items) / Math.max(performance.now() - time, 1)) * 1_000;
  }

  /** About how long it takes yet; null where nobody knows. */
  get leftMs() {
    const left = (this.total ?? 0) - this.items;
    return left > 0 && this.rate > 0 ? (left / this.rate) * 1_000 : null;
  }

  get isRunning() {
    return this.state === "running";
  }

  get isComplete() {
    return this.state === "ended";
  }

  /** True when it is the reader who says that it goes on. */
  get isHeld() {
    return this.state === "stopped" || this.state === "failed";
  }

  /**
   * Reads on until the end, `limit` items, a stop, or an error, which is told and does not reject. When `signal`
   * aborts it ends without a word. Whoever runs it last has it.
   */
  run(signal, { limit } = {}) {
    if (this.isComplete || signal.aborted) return Promise.resolve();
    if (this.#run?.owner === signal) return this.#run.ended;
    this.leave();
    const run = { owner: signal, work: new AbortController(), isStopped: false, ended: null };
    this.#run = run;
    run.ended = this.#runTo(run, limit);
    return run.ended;
  }

  async #runTo(run, limit) {
    const signal = AbortSignal.any([run.owner, run.work.signal]);
    const tell = ({ cursor, ...rest }) => {
      if (signal.aborted) return;
      if (cursor !== undefined) this.#cursor = cursor;
      this.#tell(rest);
    };
    // Without a place to go on from it begins anew, whatever came before.
    const items = this.#cursor === null ? 0 : this.items;
    this.#since = { time: performance.now(), items };
    this.#tell({ state: "running", error: null, items });
    const end = (changes) => {
      if (this.#run !== run) return;
      this.#run = null;
      this.#tell(changes);
    };
    try {
      const report = await this.#read({ signal, cursor: this.#cursor, items, limit, tell });
      signal.throwIfAborted();
      this.#add(report);
      end({ state: report?.cursor ? "idle" : "ended" });
    } catch (error) {
      if (this.#run === run) this.#add(error?.listing?.report);
      const stopped = run.isStopped || error instanceof Cancelled;
      if (signal.aborted && !stopped) end({ state: "idle" });
      else if (stopped) end({ state: "stopped" });
      else end({ state: "failed", error });
    }
  }

  /** The same for those who need all of it: rejects when the end was not reached. */
  async load(signal) {
    await this.run(signal);
    signal.throwIfAborted();
    if (this.error) throw this.error;
    if (!this.isComplete) throw new Cancelled(false);
  }

  /** Ends the reading under way, for the reader has had enough; what came stays. */
  stop() {
    if (!this.#run) return;
    this.#run.isStopped = true;
    this.#run.work.abort();
  }

  /** Ends the reading under way without a word, to go on some other time. */
  leave() {
    this.#run?.work.abort();
  }

  /** Forgets how far it was. */
  reset() {
    this.leave();
    this.#run = null;
    this.#cursor = null;
    this.sums = NOTHING_AMISS;
    this.#tell({ state: "idle", items: 0, total: null, error: null });
  }

  /** Takes note of a total that is known by other ways. */
  expect(total) {
    this.#tell({ total });
  }

  #add(report) {
    if (!report) return;
    this.sums = Object.fromEntries(Object.entries(this.sums).map(([name, value]) => [name, value + report[name]]));
  }

  #tell(changes) {
    Object.assign(this, changes);
    this.dispatchEvent(new Event("change"));
  }
}

/** Does `work`. The list goes on whatever happens there, so nobody else would say so. */
function told(work) {
  try {
    work();
  } catch (error) {
    reportError(error);
  }
}

/**
 * The pages of a list: `open(call)` opens it, `take(items)` is given those of each page, in order. `options(signal,
 * more)` makes the options of a call, as a session's `call` does.
 */
export function pagesOf(options, open, take, more) {
  return async ({ signal, cursor, items: before, limit, tell }) => {
    const list = open(options(signal, { ...more, onEvent: (_, call) => tell({ call }) }));
    const onPage = (page) => {
      if (signal.aborted) return;
      told(() => take(page.items));
      tell({ cursor: page.cursor, ...(page.total === null ? {} : { total: page.total }) });
    };
    const onProgress = ({ items }) => tell({ items: before + items });
    const { report } = await (cursor ? list.resumeFrom(cursor) : list).all({ limit, signal, onPage, onProgress });
    // A limit may lie within a page.
    tell({ cursor: report.cursor });
    return report;
  };
}

/**
 * The same straight into a table: `into()` gives it, and `taken()` is called when a page is in it.
 */
export function tableOf(options, open, into, taken) {
  return async ({ signal, cursor, items: before, tell }) => {
    const table = await into();
    signal.throwIfAborted();
    const list = open(options(signal, { onEvent: (_, call) => tell({ call }) }));
    const onProgress = ({ items, cursor: next }) => {
      if (signal.aborted) return;
      told(taken);
      tell({ items: before + items, cursor: next });
    };
    await (cursor ? list.resumeFrom(cursor) : list).table({ into: table, signal, onProgress });
    return table.report;
  };
}

/** One call that brings all of it at once: `work(call)` makes it, and gives how many there are. */
export function callOf(options, work) {
  return async ({ signal, tell }) =>
    tell({ items: await work(options(signal, { onEvent: (_, call) => tell({ call }) })) });
}

/** One thing after the other: `work({ signal, step })` calls `step(done, of)` each time. */
export function stepsOf(work) {
  return ({ signal, tell }) => work({ signal, step: (items, total) => tell({ items, total }) });
}
