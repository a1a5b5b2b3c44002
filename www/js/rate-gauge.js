// How much of the vendor's rate limits is left, as the client knows it.

import { fill, h, throttle, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { opens } from "./popover.js";
import { requestLog } from "./request-log.js";
import { count, durationText } from "./text.js";

/** How often it is drawn while something moves. */
const TICK_MS = 250;
const UNKNOWN = "No limit known";

const isKnown = ({ limit, remaining }) => limit !== null && remaining !== null;
const left = (state) => (isKnown(state) ? state.remaining / state.limit : Infinity);
/** Where requests wait comes first, then where the least is left. */
const byTightness = (a, b) => b.queued - a.queued || left(a) - left(b);
const moves = ({ resetMs, queued, inFlight }) => resetMs > 0 || queued > 0 || inFlight > 0;

function meter(state) {
  const { limit, remaining } = state;
  return isKnown(state)
    ? h("meter", {
        class: remaining === 0 ? "is-out" : "",
        min: 0,
        max: limit,
        value: remaining,
        low: limit * 0.25,
        high: limit * 0.5,
        optimum: limit,
      })
    : h("span", { class: "meter-none" });
}

function words(state) {
  const { limit, remaining, resetMs, queued, inFlight } = state;
  return [
    isKnown(state) ? `${count(remaining)} of ${count(limit)} left` : UNKNOWN,
    resetMs > 0 && `more in ${durationText(resetMs)}`,
    queued > 0 && `${count(queued)} waiting`,
    inFlight > 0 && `${count(inFlight)} in flight`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Makes the gauge: `{ element, watch(client) }`. */
export function rateGauge() {
  let client = null;
  let timer = 0;
  const titleId = uniqueId("gauge");
  const value = h("span", { class: "tool-value" });
  const level = h("span", { class: "tool-meter", "aria-hidden": "true" });
  const button = h(
    "button",
    { type: "button", class: "nav-link tool gauge", "aria-haspopup": "dialog" },
    icon("gauge"),
    h("span", { class: "nav-label" }, "Rate limit"),
    value,
    level,
  );
  const list = h("ul", { class: "gauge-list" });
  const box = h(
    "div",
    { class: "popover gauge-box", popover: "auto", role: "dialog", "aria-labelledby": titleId },
    h("h2", { id: titleId, tabindex: -1 }, "Rate limits"),
    h("p", { class: "hint" }, "Requests wait here before the vendor would refuse them; what you press goes first."),
    list,
  );

  /** The same in a few letters, the most important first. */
  function short(state) {
    const { limit, remaining, resetMs, queued } = state;
    const more = queued > 0 ? `${count(queued)} waiting` : resetMs > 0 && durationText(resetMs);
    if (!isKnown(state)) return queued > 0 ? more : "Not known";
    return [`${count(remaining)}/${count(limit)}`, more && h("span", { class: "tool-more" }, ` · ${more}`)];
  }

  function draw() {
    clearTimeout(timer);
    if (!client) return;
    const states = [...client.rateLimits()].sort(byTightness);
    const tightest = states[0] ?? { limit: null, remaining: null, resetMs: 0, queued: 0, inFlight: 0 };
    fill(value, short(tightest));
    button.setAttribute("aria-label", `Rate limit: ${words(tightest)}`);
    button.classList.toggle(
      "is-waiting",
      states.some(({ queued }) => queued > 0),
    );
    fill(level, meter(tightest));
    if (box.matches(":popover-open")) {
      fill(
        list,
        states.map((state) => {
          const name = state.group || "All requests";
          const shown = meter(state);
          if (isKnown(state)) shown.setAttribute("aria-label", name);
          return h(
            "li",
            null,
            h("span", { class: "gauge-name" }, name),
            shown,
            h("span", { class: "hint" }, words(state)),
          );
        }),
        states.length === 0 && h("li", { class: "hint" }, `${UNKNOWN}.`),
      );
    }
    if (states.some(moves)) timer = setTimeout(draw, TICK_MS);
  }

  opens(button, box);
  box.addEventListener("toggle", draw);
  requestLog.addEventListener("change", throttle(draw, TICK_MS));

  return {
    element: [button, box],
    /** Shows what this client knows. */
    watch(watched) {
      client = watched;
      draw();
    },
  };
}
