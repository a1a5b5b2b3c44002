// What the page has told of its work, added up.

import { leaks, table } from "../faults/browser.mjs";
import { Ledger } from "./ledger.mjs";

export class Record {
  ledger = new Ledger();
  wrong = [];
  leaks = [];
  events = 0;
  /** Milliseconds from an abort to the call's end. */
  aborts = [];
  #done = new Map();
  #errors = new Map();
  #lastLogged = 0;

  /** What the page gives, and the sandbox's log: its last thousand requests. */
  add({ edits, errors, wrong, done, aborts, events, leaks: leaked }, logged) {
    edits.forEach((edit) => this.ledger.add(edit));
    for (const error of errors) this.#errors.set(error, (this.#errors.get(error) ?? 0) + 1);
    this.wrong.push(...wrong);
    this.aborts.push(...aborts);
    this.events += events;
    for (const [kind, counts] of Object.entries(done)) {
      const sums = this.#done.get(kind) ?? { ok: 0, aborted: 0, failed: 0 };
      for (const outcome in counts) sums[outcome] += counts[outcome];
      this.#done.set(kind, sums);
    }
    const fresh = logged.filter(({ id }) => id > this.#lastLogged);
    this.#lastLogged = logged.at(-1)?.id ?? this.#lastLogged;
    for (const { headers } of fresh) this.ledger.see(Number(headers["x-soak-call"]));
    this.leaks.push(...leaked, ...leaks([...errors, ...fresh.map((request) => JSON.stringify(request))]));
  }

  /** A table of all kinds of calls. */
  calls() {
    const rows = [...this.#done].map(([kind, { ok, aborted, failed }]) => [kind, ok, aborted, failed]);
    return table(["call", "ok", "aborted", "failed"], rows);
  }

  neverResolved() {
    return [...this.#done].filter(([, { ok }]) => ok === 0).map(([kind]) => kind);
  }

  summary() {
    const sum = (outcome) => [...this.#done.values()].reduce((total, counts) => total + counts[outcome], 0);
    const sorted = this.aborts.toSorted((a, b) => a - b);
    const ms = (at) => (sorted.at(at) ?? 0).toFixed(1);
    const { ok, failed, aborted } = this.ledger.edits;
    const errors = [...this.#errors].map(([name, count]) => `${count} × ${name}`);
    return [
      `calls: ${sum("ok")} resolved, ${sum("failed")} rejected, ${sum("aborted")} aborted`,
      `milliseconds from abort to rejection: median ${ms(sorted.length >> 1)}, at most ${ms(-1)}`,
      `${this.ledger.size} things made; edits: ${ok} resolved, ${failed} rejected, ${aborted} aborted`,
      `rejections: ${errors.join(", ")}`,
    ].join("\n");
  }
}
