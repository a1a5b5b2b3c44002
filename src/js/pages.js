// Lists: async iterators over what Rust fetches page by page.

import { configError } from "./errors.js";
import { kinds, read, text } from "./options.js";

const done = (value) => ({ done: true, value });

// As an async generator: a `next()` waits for the one before it. Unlike one, `return()` does not: it ends the
// request in flight.
class PageIterator {
  #listing;
  #last = Promise.resolve();

  constructor(listing) {
    this.#listing = listing;
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
    if (!this.#listing) return undefined;
    try {
      const page = await this.#listing.next();
      if (!page) this.#close();
      return page;
    } catch (error) {
      // A generator that threw has ended.
      this.#close();
      throw error;
    }
  }

  async return(value) {
    this.#close();
    return done(value);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #close() {
    this.#listing?.close();
    this.#listing?.free();
    this.#listing = null;
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

  #open() {
    return this.#plan().open(this.#cursor);
  }

  #iterate(Iterator) {
    try {
      return new Iterator(this.#open());
    } catch (error) {
      return new Iterator({ next: () => Promise.reject(error), close() {}, free() {} });
    }
  }

  [Symbol.asyncIterator]() {
    return this.#iterate(ItemIterator);
  }

  pages() {
    return this.#iterate(PageIterator);
  }

  async first() {
    const pages = this.pages();
    const { value } = await pages.next();
    await pages.return();
    return value;
  }

  async all(options) {
    const known = { limit: kinds.count, onProgress: kinds.function, signal: kinds.signal };
    const { limit = Infinity, onProgress, signal } = read("all", options, known);
    const items = [];
    const started = Date.now();
    const listing = this.#open();
    let at;
    let pages = 0;
    let total = null;
    const aborted = () => listing.close(signal.reason);
    try {
      if (signal?.aborted) throw signal.reason;
      signal?.addEventListener("abort", aborted);
      while (at !== null && items.length < limit) {
        const page = await listing.next(Math.min(limit - items.length, 2 ** 32 - 1));
        if (signal?.aborted) throw signal.reason;
        pages += 1;
        total = page.total;
        for (const item of page.items) items.push(item);
        at = page.cursor;
        try {
          onProgress?.({ pages, items: items.length, total })?.catch?.(() => {});
        } catch {
          // What an observer throws is its own affair.
        }
      }
    } finally {
      signal?.removeEventListener("abort", aborted);
      listing.close();
      listing.free();
    }
    const complete = at === null;
    const report = {
      complete,
      reason: complete ? null : "limit",
      pages,
      items: items.length,
      total,
      requests: pages,
      cursor: at,
      ms: Date.now() - started,
    };
    return { items, report };
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
