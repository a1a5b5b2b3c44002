// The requests of this page, as the client's `onEvent` tells of them.

import { oncePerFrame } from "./dom.js";

const KEPT = 500;

class RequestLog extends EventTarget {
  /** The latest ones, oldest first. */
  entries = [];
  sent = 0;
  running = 0;
  failed = 0;

  #open = new Map();
  #tell = oncePerFrame(() => this.dispatchEvent(new Event("change")));

  /** The listener to give to a client. */
  listener = (event) => {
    if (event.type === "request") {
      const { id, method, path, operation, time } = event;
      const entry = { id, method, path, operation, time, state: "running", status: null, ms: null, bytes: null };
      this.#open.set(id, entry);
      this.entries.push(entry);
      if (this.entries.length > KEPT) this.entries.shift();
      this.sent += 1;
      this.running += 1;
    } else {
      const entry = this.#open.get(event.id);
      if (!entry) return;
      this.#open.delete(event.id);
      this.running -= 1;
      entry.ms = event.ms;
      if (event.type === "response") {
        entry.status = event.status;
        entry.bytes = event.bytes;
        entry.state = event.status < 400 ? "done" : "failed";
      } else {
        entry.status = entry.status ?? event.code;
        entry.state = event.code === "abort" ? "aborted" : "failed";
      }
      if (entry.state === "failed") this.failed += 1;
    }
    this.#tell();
  };

  clear() {
    this.entries = this.entries.filter((entry) => entry.state === "running");
    this.sent = this.running;
    this.failed = 0;
    this.#tell();
  }
}

export const requestLog = new RequestLog();
