// The panel that shows each call with the requests it took, as they are sent. It draws at most once a frame, and only
// while it is open.
//
// A call is one line. What went wrong on its way stands below it at once; the rest of its requests can be unfolded.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { causeOf, reasonOf } from "./reasons.js";
import { requestLog } from "./request-log.js";
import { count, counted, durationText } from "./text.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const OPEN_KEY = "orgdeck.requests-open";
/** How often countdowns are drawn. */
const TICK_MS = 250;
const NAMES = { close: "Close", genesys: "Genesys" };
const COLUMNS = [
  ["Sent", "request-time"],
  ["Method", "request-method"],
  ["Path", "request-path"],
  ["Operation", "request-operation"],
  ["Vendor", "request-vendor"],
  ["Status", "request-status"],
  ["Time", "request-ms"],
  ["Size", "request-bytes"],
  ["Cancel", "request-cancel"],
];
const KINDS = { running: "quiet", waiting: "warn", done: "good", failed: "bad", aborted: "quiet" };

function size(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  const tenths = (unit) => count(Math.round((bytes / unit) * 10) / 10);
  return bytes < 1_000_000 ? `${tenths(1_000)} kB` : `${tenths(1_000_000)} MB`;
}

const milliseconds = (ms) => `${count(Math.round(ms))} ms`;

function statusWords(state, line) {
  if (state === "waiting") return line.type === "wait" ? "waiting" : line.type === "refresh" ? "new token" : "retrying";
  return { running: "sending", aborted: "cancelled" }[state] ?? String(line?.status ?? "");
}

/** The words of a line that is no request, while it is waited and after. */
function betweenWords(line) {
  if (line.state === "pending") return reasonOf(line);
  if (line.type === "refresh") return "The token was refused, a fresh one was fetched";
  const waited = durationText(line.ms);
  return line.type === "wait" ? `Waited ${waited} for the rate limit` : `${causeOf(line)}, again after ${waited}`;
}

/** The lines of one call. */
class CallRows {
  body = h("tbody");

  #entry;
  #version = -1;
  #unfolded = false;
  #cells;
  #path = h("span", { class: "truncate", dir: "ltr" });
  #more = h("button", { type: "button", class: "button plain tiny fold", on: { click: () => this.#fold() } });
  #cancel = h(
    "button",
    { type: "button", class: "button tiny", on: { click: () => this.#entry.cancel() } },
    h("span", { class: "wide-only" }, "Cancel"),
    h("span", { class: "phone-only" }, icon("close", 14)),
  );
  #head;
  #lines = new Map();

  constructor(entry) {
    this.#entry = entry;
    this.#cells = COLUMNS.map(([, name]) => h("td", { class: name }));
    this.#head = h("tr", null, this.#cells);
    const [time, , path, operation, vendor, , , , cancel] = this.#cells;
    time.textContent = clock.format(entry.time);
    path.append(h("span", { class: "path-box" }, this.#path, this.#more));
    operation.textContent = entry.operation;
    vendor.textContent = NAMES[entry.vendor] ?? entry.vendor;
    this.#cancel.setAttribute("aria-label", `Cancel ${entry.operation}`);
    cancel.append(this.#cancel);
    this.body.append(this.#head);
  }

  #fold() {
    this.#unfolded = !this.#unfolded;
    this.draw(true);
  }

  /** Draws what has changed. */
  draw(anyway = false) {
    const entry = this.#entry;
    if (entry.version === this.#version && !anyway) return;
    this.#version = entry.version;
    const { state, requests, lines, page } = entry;
    const last = entry.last ?? lines.at(-1);
    const [, method, , , , status, ms, bytes] = this.#cells;
    this.#head.className = `request is-${state}`;
    fill(method, methodMark(last));
    this.#path.textContent = page && requests.length > 1 ? last.path.split("?")[0] : last.path;
    this.#path.title = last.path;
    this.#drawMore(requests, page);
    fill(status, h("span", { class: `badge ${KINDS[state]}` }, statusWords(state, entry.pending ?? last)));
    ms.textContent = entry.ms === null ? "…" : milliseconds(entry.ms);
    bytes.textContent = entry.bytes === 0 ? "" : size(entry.bytes);
    this.#cancel.hidden = !entry.isOpen || !entry.cancel;
    this.#drawLines();
  }

  #drawMore(requests, page) {
    const { length } = requests;
    const parts = [
      page && counted(page.pages, "page", "pages"),
      page &&
        (page.total === null ? `${count(page.items)} items` : `${count(page.items)} of ${count(page.total)} items`),
      (!page || page.pages !== length) && counted(length, "request", "requests"),
    ].filter(Boolean);
    this.#more.hidden = requests.length < 2;
    fill(this.#more, parts.join(", "), icon("chevronDown", 12));
    this.#more.setAttribute("aria-expanded", String(this.#unfolded));
    this.#more.setAttribute("aria-label", `${this.#entry.operation}: ${parts.join(", ")}`);
  }

  #drawLines() {
    const { lines } = this.#entry;
    const amiss = ({ type, state }) =>
      state === "failed" || state === "pending" || type === "retry" || type === "refresh";
    const isPlain = lines.length === 1 && lines[0].type === "request";
    const wanted = isPlain ? [] : this.#unfolded ? lines : lines.filter(amiss);
    // Pages that are read at once are told apart: the tries of each stand together.
    const paths = [...new Set(wanted.map(({ path }) => path))];
    const shown = paths.flatMap((path) => wanted.filter((line) => line.path === path));
    const kept = new Set(shown);
    for (const [line, row] of this.#lines) {
      if (kept.has(line)) continue;
      row.remove();
      this.#lines.delete(line);
    }
    let before = this.#head;
    for (const line of shown) {
      let row = this.#lines.get(line);
      if (!row) this.#lines.set(line, (row = h("tr")));
      if (before.nextSibling !== row) before.after(row);
      before = row;
      if (line.type === "request") drawRequest(row, line);
      else drawBetween(row, line);
    }
  }

  /** Counts down. */
  tick() {
    for (const [line, row] of this.#lines) if (line.state === "pending") drawBetween(row, line);
  }
}

const methodMark = ({ method }) => h("span", { class: `method ${method.toLowerCase()}` }, method);

function drawRequest(row, line) {
  const key = `${line.state} ${line.status}`;
  if (row.dataset.key === key) return;
  row.dataset.key = key;
  row.className = `request-line is-${line.state}`;
  fill(
    row,
    h("td", { class: "request-time" }, clock.format(line.time)),
    h("td", { class: "request-method" }, methodMark(line)),
    h(
      "td",
      { class: "request-path" },
      h(
        "span",
        { class: "path-box" },
        h("span", { class: "truncate", dir: "ltr", title: line.path }, line.path),
        line.attempt > 1 && h("span", { class: "try" }, `try ${line.attempt}`),
      ),
    ),
    h("td", { class: "request-operation" }),
    h("td", { class: "request-vendor" }),
    h(
      "td",
      { class: "request-status" },
      h("span", { class: `badge ${KINDS[line.state]}` }, statusWords(line.state, line)),
    ),
    h("td", { class: "request-ms" }, line.ms === null ? "…" : milliseconds(line.ms)),
    h("td", { class: "request-bytes" }, line.bytes === null ? "" : size(line.bytes)),
    h("td", { class: "request-cancel" }),
  );
}

function drawBetween(row, line) {
  const words = betweenWords(line);
  if (row.dataset.key === words) return;
  row.dataset.key = words;
  row.className = `request-between is-${line.state}`;
  if (!row.firstChild) {
    row.append(
      h("td", { class: "request-time" }, clock.format(line.time)),
      h("td", { class: "request-method" }, icon({ retry: "refresh", wait: "gauge", refresh: "key" }[line.type], 13)),
      h("td", { class: "between-words", colspan: COLUMNS.length - 2 }),
    );
  }
  row.lastChild.textContent = words;
}

/** Makes the panel and the button that opens it. `tools` is a place in its head. */
export function requestsPanel() {
  const badge = h("span", { class: "nav-count" });
  const toggle = h(
    "button",
    { type: "button", class: "nav-link requests-toggle", "aria-expanded": "false", "aria-controls": "requests" },
    icon("requests"),
    h("span", { class: "nav-label" }, "Requests"),
    badge,
  );
  const summary = h("p", { class: "requests-summary" });
  const tools = h("div", { class: "requests-tools" });
  const table = h(
    "table",
    { class: "requests-table" },
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        COLUMNS.map(([label, name]) =>
          h(
            "th",
            { scope: "col", class: name },
            name === "request-cancel" ? h("span", { class: "visually-hidden" }, label) : label,
          ),
        ),
      ),
    ),
  );
  const scroll = h(
    "div",
    { class: "requests-scroll", tabindex: 0, role: "region", "aria-label": "Requests sent" },
    table,
    h("p", { class: "requests-empty muted" }, "No requests yet. Whatever this page sends appears here."),
  );
  const panel = h(
    "section",
    { id: "requests", class: "requests", "aria-label": "Requests", hidden: true },
    h(
      "div",
      { class: "requests-head" },
      h("h2", { tabindex: -1 }, "Requests"),
      summary,
      h("span", { class: "spread" }),
      tools,
      h("button", { type: "button", class: "button plain tiny", on: { click: () => requestLog.clear() } }, "Clear"),
      h(
        "button",
        {
          type: "button",
          class: "button plain tiny icon-only",
          "aria-label": "Close requests",
          on: { click: () => setOpen(false) },
        },
        icon("close"),
      ),
    ),
    scroll,
  );

  // The lines of a call are made once and then only changed.
  const rows = new Map();
  let timer = 0;

  function draw() {
    const { calls, sent, retried, open, failed } = requestLog;
    badge.textContent = sent ? count(sent) : "";
    badge.classList.toggle("is-running", open > 0);
    badge.classList.toggle("is-failed", failed > 0);
    toggle.setAttribute("aria-label", `Requests: ${sent} sent, ${failed} failed`);
    if (panel.hidden) return;
    fill(
      summary,
      `${count(sent)} sent`,
      open > 0 && ` · ${count(open)} running`,
      retried > 0 && ` · ${count(retried)} tried again`,
      failed > 0 && h("span", { class: "failed" }, ` · ${count(failed)} failed`),
    );
    const atEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 40;
    const kept = new Set(calls);
    for (const [entry, made] of rows) {
      if (kept.has(entry)) continue;
      made.body.remove();
      rows.delete(entry);
    }
    for (const entry of calls) {
      let made = rows.get(entry);
      if (!made) {
        made = new CallRows(entry);
        rows.set(entry, made);
        table.append(made.body);
      }
      made.draw();
    }
    scroll.classList.toggle("is-empty", calls.length === 0);
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
    tickSoon();
  }

  function tickSoon() {
    clearTimeout(timer);
    const waits = requestLog.calls.some(({ lines }) => lines.some(({ state }) => state === "pending"));
    if (waits && !panel.hidden) timer = setTimeout(tick, TICK_MS);
  }

  function tick() {
    for (const made of rows.values()) made.tick();
    tickSoon();
  }

  function setOpen(open, focus = true) {
    panel.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    sessionStorage.setItem(OPEN_KEY, open ? "1" : "");
    draw();
    scroll.scrollTop = scroll.scrollHeight;
    if (focus) (open ? panel.querySelector("h2") : toggle).focus();
  }

  toggle.addEventListener("click", () => setOpen(panel.hidden));
  panel.addEventListener("keydown", (event) => {
    // It first closes what is open over the panel.
    if (event.key === "Escape" && !panel.querySelector(":popover-open")) setOpen(false);
  });
  requestLog.addEventListener("change", draw);
  setOpen(sessionStorage.getItem(OPEN_KEY) === "1", false);
  return { toggle, panel, tools };
}
