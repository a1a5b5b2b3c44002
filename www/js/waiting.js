// A line beside a change that says why it takes so long: it is tried again, or waits for the rate limit.

import { announce } from "./announce.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { reasonOf } from "./reasons.js";
import { requestLog } from "./request-log.js";

/** How often a countdown is drawn. */
const TICK_MS = 250;
/** What is over sooner is not worth a word. */
const SHORT_MS = 300;

/**
 * Gives `{ signal, element, end() }`: calls that end with this signal, which ends with `parent`, are those that the
 * element speaks of. `end` is for when they are done, where `parent` outlives them.
 */
export function waiting(parent) {
  const own = new AbortController();
  const signal = AbortSignal.any([parent, own.signal]);
  const text = h("span");
  const element = h("p", { class: "waiting", hidden: true }, icon("refresh", 14), text);
  let shown = null;
  let timer = 0;

  function draw() {
    clearTimeout(timer);
    const calls = requestLog.calls.filter((entry) => entry.signal === signal);
    const line = calls.map((entry) => entry.pending).find((pending) => pending && pending.ms >= SHORT_MS) ?? null;
    element.hidden = !line;
    if (line) {
      text.textContent = reasonOf(line);
      if (line !== shown) announce(text.textContent);
      timer = setTimeout(draw, TICK_MS);
    }
    shown = line;
  }

  requestLog.addEventListener("change", draw, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    element.hidden = true;
  });
  return { signal, element, end: () => own.abort() };
}
