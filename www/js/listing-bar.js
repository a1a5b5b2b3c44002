// How far a list is, under it: a bar, how fast, how long yet, and a button to stop it or to go on. Nothing above it
// moves when it comes and goes.

import { announce } from "./announce.js";
import { fill, h, oncePerFrame } from "./dom.js";
import { icon } from "./icons.js";
import { problem } from "./problem.js";
import { reasonOf } from "./reasons.js";
import { count, counted, durationText } from "./text.js";

/** What is there sooner needs no bar, which would only flicker; nor what goes along with another one that has one. */
const SHOWN_AFTER_MS = 150;
const ASIDE_AFTER_MS = 2_000;
/** How often somebody who listens is told how far it is. */
const TOLD_EVERY_MS = 10_000;
/** How often a countdown is drawn. */
const TICK_MS = 250;

/**
 * Shows `listing`. Gives `{ bar, trouble }`: the strip to put under the list, and the place for its error.
 *
 * @param {Listing} listing
 * @param {object} options
 * @param {AbortSignal} options.signal Ends it.
 * @param {[string, string]} options.nouns What is listed: `["person", "people"]`.
 * @param {string} options.failure The title of an error: “The list of users was not loaded to its end”.
 * @param {() => void} options.goOn Reads on.
 * @param {() => void} [options.again] Reads all of it anew.
 * @param {() => void} [options.leave] Takes the focus when the strip goes while it has it.
 * @param {string} [options.verb] What was done with them: “loaded” unless given.
 * @param {() => void} [options.stop] What Cancel does.
 * @param {string} [options.stopLabel] What that button is called where there is another Cancel.
 * @param {boolean} [options.aside] It goes along with another one, so its own bar is only for when it takes long.
 * @param {boolean} [options.quiet] Nothing is said of a good end, because something else does.
 */
export function listingBar(listing, options) {
  const { signal, nouns, failure, goOn, again, leave, verb = "loaded", stop = () => listing.stop(), aside } = options;
  const quiet = options.quiet ?? aside;
  const [one, many] = nouns;
  const name = `${many.charAt(0).toUpperCase()}${many.slice(1)} ${verb}`;
  const progress = h("progress", { class: "listing-progress", "aria-label": name });
  const text = h("span", { class: "listing-text" });
  const button = (label, act, attributes) =>
    h("button", { type: "button", class: "button tiny", on: { click: act }, ...attributes }, label);
  const cancel = button(options.stopLabel ?? "Cancel", () => stop());
  const more = button("Go on", () => goOn());
  const anew = button("Read again", () => again());
  const dismiss = button(icon("close", 14), putAway, {
    class: "button plain tiny icon-only",
    "aria-label": "Dismiss",
  });
  const bar = h(
    "div",
    { class: "listing-bar", role: "group", "aria-label": name, hidden: true },
    progress,
    text,
    cancel,
    more,
    anew,
    dismiss,
  );
  const trouble = h("div", { class: "listing-trouble" });
  let state = "idle";
  let timer = 0;
  let toldAt = 0;

  function putAway() {
    bar.hidden = true;
    leave?.();
  }

  function place() {
    const of = listing.total === null || listing.total < listing.items ? "" : ` of ${count(listing.total)}`;
    return `${count(listing.items)}${of}`;
  }

  function stoppedText() {
    return listing.items > 0 || listing.total > 0 ? `Stopped at ${place()} ${many}` : `Stopped before any ${many} came`;
  }

  const how = verb === "loaded" ? "" : ` ${verb}`;

  function soFar() {
    const { items, total, rate, leftMs, call } = listing;
    const pending = call?.pending;
    return [
      items === 0 && total === null ? "Loading…" : `${place()} ${many}${how}`,
      pending ? reasonOf(pending) : rate > 0 && `${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))}/s`,
      !pending && leftMs !== null && `${durationText(Math.max(leftMs, 1_000))} left`,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  /** What there is to say of a list that has come to its end. */
  function remarks() {
    const { duplicates, gaps, retries, waitedMs } = listing.sums;
    return [
      gaps > 0 && `${counted(gaps, one, many)} may be missing, because some came or went meanwhile`,
      duplicates > 0 && `${count(duplicates)} came twice and ${duplicates === 1 ? "is" : "are"} shown once`,
      retries > 0 && `${counted(retries, "request was", "requests were")} tried again`,
      waitedMs >= 100 && `${durationText(waitedMs)} waited in all`,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  function drawProgress() {
    const { items, total } = listing;
    if (total > 0 && total >= items) {
      progress.max = total;
      progress.value = items;
    } else {
      progress.removeAttribute("value");
    }
    text.textContent = soFar();
    if (Date.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = Date.now();
    if (!bar.hidden) announce(`${place()} ${many}`);
  }

  function tick() {
    if (signal.aborted || !listing.isRunning) return;
    bar.hidden = false;
    drawProgress();
    timer = setTimeout(tick, TICK_MS);
  }

  function draw() {
    if (signal.aborted) return;
    if (listing.state === state) {
      if (listing.isRunning) drawProgress();
      return;
    }
    const before = state;
    state = listing.state;
    clearTimeout(timer);
    const focused = bar.contains(document.activeElement);
    const running = state === "running";
    const stopped = state === "stopped";
    const noted = state === "ended" && before === "running" ? remarks() : "";
    fill(trouble);
    if (running) {
      toldAt = Date.now();
      drawProgress();
      timer = setTimeout(tick, before === "stopped" ? 0 : aside ? ASIDE_AFTER_MS : SHOWN_AFTER_MS);
    } else {
      bar.hidden = !stopped && !noted;
      text.textContent = stopped ? stoppedText() : noted;
    }
    if (state === "failed") fill(trouble, failed());
    progress.hidden = cancel.hidden = !running;
    more.hidden = !stopped;
    dismiss.hidden = !noted;
    anew.hidden = !noted || !again || listing.sums.gaps === 0;
    bar.classList.toggle("is-note", Boolean(noted));
    // The button that had the focus may be gone.
    if (focused) (bar.hidden ? trouble.querySelector("button") : running ? cancel : stopped ? more : dismiss)?.focus();
    if (focused && bar.hidden && state !== "failed") leave?.();
    if (stopped) announce(text.textContent);
    const ended = state === "ended" && before === "running";
    if (ended && (noted || !quiet)) announce(`${counted(listing.items, one, many)} ${verb}. ${noted}`.trim());
  }

  function failed() {
    const { items, error } = listing;
    if (items === 0) return problem(error, { title: failure, retry: goOn });
    const came = `${place()} ${many} came before, and ${items === 1 ? "stays" : "stay"}.`;
    return problem(error, { title: failure, came, retry: goOn, retryLabel: "Go on" });
  }

  listing.addEventListener("change", oncePerFrame(draw), { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  draw();
  return { bar, trouble };
}
