// The requests of this page, as the clients' `onEvent` tells of them.

import { oncePerFrame } from "./dom.js";

const KEPT = 500;

class RequestLog extends EventTarget {
  /** The latest ones, oldest first. */
  entries = [];
  sent = 0;
  failed = 0;

  #tell = oncePerFrame(() => this.dispatchEvent(new Event("change")));

  get running() {
    return this.entries.filter((entry) => entry.state === "running").length;
  }

  /** Makes the listener to give to a client. Each client counts its requests by itself. */
  listener() {
    const open = new Map();
    return (event) => {
      if (event.type === "request") this.#begin(open, event);
      else this.#end(open, event);
      this.#tell();
    };
  }

  #begin(open, { id, vendor, method, path, operation, time }) {
    const entry = { vendor, method, path, operation, time, state: "running", status: null, ms: null, bytes: null };
    open.set(id, entry);
    this.entries.push(entry);
    if (this.entries.length > KEPT) this.entries.shift();
    this.sent += 1;
  }

  #end(open, event) {
    const entry = open.get(event.id);
    if (!entry) return;
    open.delete(event.id);
    entry.ms = event.ms;
    if (event.type === "response") {
      entry.status = event.status;
      entry.bytes = event.bytes;
      entry.state = event.status < 400 ? "done" : "failed";
    } else {
      entry.status = event.code;
      entry.state = event.code === "abort" ? "aborted" : "failed";
    }
    if (entry.state === "failed" && this.entries.includes(entry)) this.failed += 1;
  }

  /** Forgets what is done; or all that went to one vendor, done or not. */
  clear(vendor = null) {
    const stays = (entry) => (vendor === null ? entry.state === "running" : entry.vendor !== vendor);
    this.entries = this.entries.filter(stays);
    this.sent = this.entries.length;
    this.failed = this.entries.filter((entry) => entry.state === "failed").length;
    this.#tell();
  }
}

export const requestLog = new RequestLog();
