// Faults of the sandbox, to see what the console makes of them.

import { askSandbox, isSandbox } from "./sandbox.js";

const match = { path: "/api/**" };

/** What can be switched on: rules for the sandbox's faults, or its rate limits. */
export const MODES = {
  bumpy: {
    label: "Bumpy network",
    hint: "One request in ten is refused (503, 429), lost, slow or cut off.",
    faults: [
      { match, probability: 0.03, seed: 1, status: 503 },
      { match, probability: 0.02, seed: 2, status: 429, retryAfter: 2 },
      { match, probability: 0.01, seed: 3, reset: "before" },
      { match, probability: 0.01, seed: 4, reset: "after" },
      { match, probability: 0.02, seed: 5, slowBody: { bytes: 2_000, everyMs: 60 } },
      { match, probability: 0.01, seed: 6, truncate: true },
    ],
  },
  limits: {
    label: "Rate limits",
    hint: "Close allows 20 requests a second, Genesys Cloud 300 a minute.",
    limits: { close: "20/s", genesys: "300/min" },
  },
  tokens: {
    label: "Expired tokens",
    hint: "The token runs out after 10 requests, and then about every 40.",
    // Each rule fires once, and never twice in a row: a fresh token that is refused at once would be no expiry.
    faults: Array.from({ length: 50 }, (_, index) => ({ match, after: 10 + 40 * index, times: 1, expireToken: true })),
  },
};

class Chaos extends EventTarget {
  /** True where there is a sandbox to ask. */
  available = false;
  /** The names of the modes that are on. */
  on = new Set();
  /** Why the last change was not made. */
  error = null;

  #last = Promise.resolve();

  /** Looks whether there is a sandbox, and what is on there. */
  async look() {
    if (!(await isSandbox())) return;
    try {
      const [{ rules }, limits] = await Promise.all([askSandbox("GET", "faults"), askSandbox("GET", "limits")]);
      if (rules.some((rule) => rule.expireToken)) this.on.add("tokens");
      if (rules.some((rule) => !rule.expireToken)) this.on.add("bumpy");
      if (limits.close || limits.genesys) this.on.add("limits");
      this.available = true;
      this.#tell();
    } catch {
      // A sandbox that has no faults to offer.
    }
  }

  /** Switches modes on and off: `{ bumpy: true }`. */
  set(wanted) {
    const change = async () => {
      const on = new Set(this.on);
      for (const [name, isOn] of Object.entries(wanted)) on[isOn ? "add" : "delete"](name);
      const faults = ["tokens", "bumpy"].flatMap((name) => (on.has(name) ? MODES[name].faults : []));
      const limits = on.has("limits") ? MODES.limits.limits : { close: null, genesys: null };
      try {
        await askSandbox("POST", "faults", faults);
        await askSandbox("POST", "limits", limits);
        this.on = on;
        this.error = null;
      } catch (error) {
        this.error = error;
      }
      this.#tell();
    };
    // One after the other, so that the last one holds.
    this.#last = this.#last.then(change);
    return this.#last;
  }

  /** Switches everything off. */
  end() {
    return this.set(Object.fromEntries(Object.keys(MODES).map((name) => [name, false])));
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

export const chaos = new Chaos();
