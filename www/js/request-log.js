// The calls of this page and the requests they took, as the clients' events tell of them.

import { oncePerFrame } from "./dom.js";

/** How many calls are kept. */
const KEPT = 500;

/** What ends a call that the reader cancels by itself: no failure, but not what its screen asked for either. */
export class Cancelled extends Error {
  name = "Cancelled";

  /** `changes` says whether it would have changed something. */
  constructor(changes) {
    super("You cancelled it.");
    this.changes = changes;
  }
}

/** One request, or what lies between two: `retry`, `wait`, `refresh`. */
class Line {
  /** A request is `running`, `done`, `failed` or `aborted`; what lies between two is `pending` until it is `over`. */
  state;
  /** The status, or the code of the error. */
  status = null;
  ms = null;
  bytes = null;

  constructor(type, event) {
    this.type = type;
    this.id = event.id;
    this.method = event.method;
    this.path = event.path;
    this.attempt = event.attempt;
    this.time = event.time;
    this.state = type === "request" ? "running" : "pending";
    this.waitFor(event);
  }

  /** Takes in how long it is waited, and for what. */
  waitFor({ ms = 0, code = null, status = null, time }) {
    if (this.type === "request") return;
    this.ms = ms;
    this.code = code;
    this.status = status;
    this.until = time + ms;
  }
}

/** One call of a client: a request and its tries, or all the pages of a list. */
class CallEntry {
  lines = [];
  /** Pages and items so far, of a list. */
  page = null;
  /** What the call was given to end with, to tell whose it is. */
  signal = null;
  /** Ends the call; null where it was not made to be cancelled. */
  cancel = null;
  /** True when it was ended while it was under way. */
  aborted = false;
  /** Counts its changes, for whoever draws it. */
  version = 0;

  constructor({ vendor, operation, time }) {
    this.vendor = vendor;
    this.operation = operation;
    this.time = time;
  }

  get requests() {
    return this.lines.filter((line) => line.type === "request");
  }

  /** What it waits for: a retry, the rate limit, a token. Null while a request is on its way, and at the end. */
  get pending() {
    if (this.lines.some((line) => line.state === "running")) return null;
    return this.lines.findLast((line) => line.state === "pending") ?? null;
  }

  /** `running`, `waiting`, or how its last request went. */
  get state() {
    if (this.lines.some((line) => line.state === "running")) return "running";
    if (this.pending) return "waiting";
    return this.aborted ? "aborted" : (this.last?.state ?? "aborted");
  }

  /** The request that says how it went. Pages beyond the end of a list, asked for in vain, the client ends itself. */
  get last() {
    const { requests } = this;
    return requests.findLast((line) => line.state !== "aborted") ?? requests.at(-1) ?? null;
  }

  /** Milliseconds from its first request to its last answer; null before any. */
  get ms() {
    const ends = this.requests.filter((line) => line.ms !== null).map((line) => line.time + line.ms);
    return ends.length > 0 ? Math.max(...ends) - this.requests[0].time : null;
  }

  get bytes() {
    return this.requests.reduce((sum, line) => sum + (line.bytes ?? 0), 0);
  }

  get isOpen() {
    return this.state === "running" || this.state === "waiting";
  }
}

/** The calls of one client. Each client numbers its calls and requests by itself. */
class ClientLog {
  #log;
  #calls = new Map();

  constructor(log) {
    this.#log = log;
  }

  /** For the client's `onEvent`. */
  onEvent = (event) => {
    const entry = this.#entry(event);
    this.#take(entry, event);
    this.#log.changed(entry);
  };

  /**
   * The options of a call that ends with `signal`, and which the reader can cancel in the panel. `more` are others of
   * its options; its `onEvent` is also told what the log has of the call.
   */
  options(signal, { onEvent, ...more } = {}) {
    const own = new AbortController();
    const cancel = () => own.abort(new Cancelled(entry.lines.at(-1).method !== "GET"));
    let entry = null;
    const together = AbortSignal.any([signal, own.signal].filter(Boolean));
    // Before the client listens, so that what is under way still is when it is marked as ended.
    together.addEventListener("abort", () => entry && this.#ended(entry), { once: true });
    const told = (event) => {
      entry ??= this.#entry(event);
      entry.cancel = cancel;
      entry.signal = signal;
      onEvent?.(event, entry);
    };
    return { ...more, signal: together, onEvent: told };
  }

  #entry(event) {
    let entry = this.#calls.get(event.call);
    if (!entry) {
      entry = new CallEntry(event);
      this.#calls.set(event.call, entry);
      this.#log.add(entry);
      this.#forgetOne();
    }
    return entry;
  }

  // A page is open for days: what the log does not keep is not kept here either.
  #forgetOne() {
    if (this.#calls.size <= KEPT) return;
    for (const [number, entry] of this.#calls) {
      if (entry.isOpen) continue;
      this.#calls.delete(number);
      return;
    }
  }

  // What waits when a call is aborted has no request that could fail, so nobody else tells of it.
  #ended(entry) {
    if (!entry.isOpen) return;
    entry.aborted = true;
    for (const line of entry.lines) if (line.state === "pending") line.state = "over";
    this.#log.changed(entry);
  }

  #take(entry, event) {
    switch (event.type) {
      case "request":
        return this.#request(entry, event);
      case "response":
        return this.#settle(entry, event, event.status < 400 ? "done" : "failed", event.status);
      case "failure":
        return this.#settle(entry, event, event.code === "abort" ? "aborted" : "failed", event.code);
      case "retry":
        this.#log.retried += 1;
        return entry.lines.push(new Line("retry", event));
      case "wait":
        return this.#wait(entry, event);
      case "refresh":
        return entry.lines.push(new Line("refresh", event));
      case "page":
        entry.page = { pages: event.pages, items: event.items, total: event.total };
    }
  }

  #request(entry, event) {
    // Of several pages at once each waits for itself, so what waited is known by its path.
    for (const line of entry.lines) if (line.state === "pending" && line.path === event.path) line.state = "over";
    entry.lines.push(new Line("request", event));
    this.#log.sent += 1;
  }

  #settle(entry, { id, ms, bytes = null }, state, status) {
    const line = entry.lines.findLast((each) => each.type === "request" && each.id === id && each.state === "running");
    if (line) Object.assign(line, { state, status, ms, bytes });
  }

  #wait(entry, event) {
    const { path } = event;
    const waiting = entry.lines.find((line) => line.type === "wait" && line.state === "pending" && line.path === path);
    if (waiting) waiting.waitFor(event);
    else entry.lines.push(new Line("wait", event));
  }
}

class RequestLog extends EventTarget {
  /** The latest calls, oldest first. */
  calls = [];
  /** Requests sent, and how many of them were tried again. */
  sent = 0;
  retried = 0;

  #tell = oncePerFrame(() => this.dispatchEvent(new Event("change")));

  /** Calls under way. */
  get open() {
    return this.calls.filter((entry) => entry.isOpen).length;
  }

  /** Calls that failed. One that was tried again and worked did not. */
  get failed() {
    return this.calls.filter((entry) => entry.state === "failed").length;
  }

  /** Makes the log of a new client. */
  client() {
    return new ClientLog(this);
  }

  add(entry) {
    this.calls.push(entry);
    if (this.calls.length > KEPT) this.calls.shift();
  }

  changed(entry) {
    entry.version += 1;
    this.#tell();
  }

  /** Forgets what is done; or all that went to one vendor, done or not. */
  clear(vendor = null) {
    const stays = (entry) => (vendor === null ? entry.isOpen : entry.vendor !== vendor);
    this.calls = this.calls.filter(stays);
    const lines = this.calls.flatMap((entry) => entry.lines);
    this.sent = lines.filter((line) => line.type === "request").length;
    this.retried = lines.filter((line) => line.type === "retry").length;
    this.#tell();
  }
}

export const requestLog = new RequestLog();
