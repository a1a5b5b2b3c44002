// Lists: async iterators over what Rust fetches page by page.

import { OrgdeckError, configError } from "./errors.js";
import { tell, text, texts } from "./given.js";
import { kinds, read } from "./options.js";
import { DirectoryTable, filled, filling } from "./table.js";

const done = (value) => ({ done: true, value });

const allKinds = {
  limit: kinds.count,
  concurrency: ["a whole number from 1 to 32", (value) => Number.isInteger(value) && value > 0 && value <= 32],
  onPage: kinds.function,
  onProgress: kinds.function,
  signal: kinds.signal,
};

const { onPage: _, ...tableKinds } = {
  ...allKinds,
  columns: ["a list of fields", Array.isArray],
  into: ["a DirectoryTable", (value) => value instanceof DirectoryTable],
};

const MOST = 2 ** 32 - 1;

// One way through a list, each item once, and how it goes.
class Walk {
  #listing;
  #ids = new Set();
  #started = performance.now();
  #pages = 0;
  #items = 0;
  #duplicates = 0;
  #total = null;
  #counts = [0, 0, 0];

  constructor(listing) {
    this.#listing = listing;
    [[this.cursor]] = listing.tally();
  }

  /** The next page, without what came before; undefined behind the last one. */
  async next(limit, had = { items: [] }) {
    try {
      const parts = this.#listing && (await this.#listing.next(limit));
      return parts && this.#page(parts);
    } catch (error) {
      // What came is not lost. An abort's reason is not ours to add to.
      if (error instanceof OrgdeckError) error.listing = { ...had, report: this.report("error") };
      throw error;
    }
  }

  /** From here on a table takes the items. */
  fill(columns, keep) {
    this.#listing.fill(columns, keep);
  }

  #page([all, [[cursor = null], [from, to, total = null, pageCount = null, dropped]]]) {
    const items = all?.slice(from, to).filter((item) => {
      const id = item?.id;
      const { size } = this.#ids;
      return typeof id !== "string" || this.#ids.add(id).size > size;
    });
    const count = items ? items.length : to - from - dropped;
    this.#items += count;
    this.#duplicates += to - from - count;
    this.#pages += 1;
    this.#total = total;
    this.cursor = cursor;
    return { items, hasMore: cursor !== null, cursor, total, pageCount };
  }

  get items() {
    return this.#items;
  }

  #tally() {
    try {
      [, this.#counts] = this.#listing.tally();
    } catch {
      // Orgdeck stopped: what was counted before it did.
    }
    return this.#counts;
  }

  #ms() {
    return performance.now() - this.#started;
  }

  progress() {
    const items = this.#items;
    const total = this.#total;
    const [, , , , expected = total] = this.#tally();
    const rate = (items * 1000) / Math.max(this.#ms(), 1);
    const leftMs = expected === null || !rate ? null : Math.round((Math.max(expected - items, 0) * 1000) / rate);
    return { pages: this.#pages, items, total, rate, leftMs, cursor: this.cursor };
  }

  report(reason) {
    const { cursor } = this;
    const duplicates = this.#duplicates;
    const [requests, retries, waitedMs, hasDrifted, expected] = this.#tally();
    // Where nothing is counted, only what came in leaves a trace: it pushed something else onto the next page.
    const missing = expected === undefined ? duplicates : Math.max(expected - this.#items, 0);
    const gaps = cursor === null ? missing : 0;
    return {
      complete: reason === null && !gaps,
      reason: reason ?? (gaps ? "gaps" : null),
      pages: this.#pages,
      items: this.#items,
      total: this.#total,
      duplicates,
      gaps,
      drift: !!hasDrifted || duplicates > 0,
      requests,
      retries,
      waitedMs,
      cursor,
      ms: this.#ms(),
    };
  }

  /** Ends it, and the requests in flight. */
  abort() {
    this.#listing?.close(false);
  }

  /** The same for good; whether what did not come is to go from the table that was filled. */
  close(isWhole = false) {
    this.#listing?.close(isWhole);
    this.#listing?.free();
    this.#listing = null;
  }
}

// What could not begin.
class Ended {
  #error;

  constructor(error) {
    this.#error = error;
  }

  async next() {
    if (this.#error) throw this.#error;
  }

  close() {
    this.#error = null;
  }
}

// As an async generator: a `next()` waits for the one before it. Unlike one, `return()` does not: it ends the
// request in flight.
class PageIterator {
  #walk;
  #last = Promise.resolve();

  constructor(walk) {
    this.#walk = walk;
  }

  next() {
    const step = () => this.step();
    return (this.#last = this.#last.then(step, step));
  }

  async step() {
    const page = await this.fetch();
    return page ? { done: false, value: page } : done();
  }

  async fetch() {
    try {
      const page = await this.#walk.next();
      if (!page) this.#walk.close();
      return page;
    } catch (error) {
      // A generator that threw has ended.
      this.#walk.close();
      throw error;
    }
  }

  async return(value) {
    this.#walk.close();
    return done(value);
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

class ItemIterator extends PageIterator {
  #items = [];
  #at = 0;

  async step() {
    // A page may be empty and not the last.
    while (this.#at >= this.#items.length) {
      const page = await this.fetch();
      if (!page) return done();
      this.#items = page.items;
      this.#at = 0;
    }
    return { done: false, value: this.#items[this.#at++] };
  }

  async return(value) {
    this.#items = [];
    return super.return(value);
  }
}

export class Pages {
  #plan;
  #cursor;

  /** `plan()` gives what Rust made of the arguments, or throws: whoever consumes the list is told. */
  constructor(plan, cursor) {
    this.#plan = plan;
    this.#cursor = cursor;
  }

  #open(concurrency, isFirst) {
    return new Walk(this.#plan().open(this.#cursor, concurrency, isFirst));
  }

  #iterate(Iterator, isFirst = false) {
    try {
      // One page after the other: whoever leaves the loop has asked for none in vain.
      return new Iterator(this.#open(1, isFirst));
    } catch (error) {
      return new Iterator(new Ended(error));
    }
  }

  [Symbol.asyncIterator]() {
    return this.#iterate(ItemIterator);
  }

  pages() {
    return this.#iterate(PageIterator);
  }

  async first() {
    const pages = this.#iterate(PageIterator, true);
    const { value } = await pages.next();
    await pages.return();
    return value;
  }

  async all(options) {
    const { limit = Infinity, concurrency = 4, onPage, onProgress, signal } = read("all", options, allKinds);
    const walk = this.#open(concurrency, false);
    const items = [];
    const aborted = () => walk.abort();
    try {
      if (signal?.aborted) throw signal.reason;
      signal?.addEventListener("abort", aborted);
      while (walk.cursor !== null && items.length < limit) {
        const page = await walk.next(Math.min(limit - items.length, MOST), { items });
        if (signal?.aborted) throw signal.reason;
        for (const item of page.items) items.push(item);
        tell(onPage, page);
        tell(onProgress, walk.progress());
      }
      return { items, report: walk.report(walk.cursor === null ? null : "limit") };
    } finally {
      signal?.removeEventListener("abort", aborted);
      walk.close();
    }
  }

  async table(options) {
    const { columns, concurrency = 4, into, limit = Infinity, onProgress, signal } = read("table", options, tableKinds);
    const keep = columns ? JSON.stringify(texts("table.columns", columns)) : "";
    if (signal?.aborted) throw signal.reason;
    const walk = this.#open(concurrency, false);
    const table = into ?? new DirectoryTable(this.#plan().table());
    const aborted = () => walk.abort();
    let isWhole = false;
    try {
      signal?.addEventListener("abort", aborted);
      filling(table, (live) => walk.fill(live, keep));
      while (walk.cursor !== null && walk.items < limit) {
        await walk.next(Math.min(limit - walk.items, MOST), { items: [], table });
        if (signal?.aborted) throw signal.reason;
        tell(onProgress, { ...walk.progress(), table });
      }
      const report = walk.report(walk.cursor === null ? null : "limit");
      isWhole = report.complete && this.#cursor === undefined;
      filled(table, report);
      return table;
    } finally {
      signal?.removeEventListener("abort", aborted);
      walk.close(isWhole);
    }
  }

  resumeFrom(cursor) {
    const plan = this.#plan;
    return new Pages(() => {
      text("cursor", cursor);
      return plan();
    }, cursor);
  }

  /** Gives the memory back. Iterations under way go on. */
  free() {
    this.#plan = () => {
      throw configError("this list was freed");
    };
  }
}

if (Symbol.dispose) Pages.prototype[Symbol.dispose] = Pages.prototype.free;
