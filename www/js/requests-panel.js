// The panel that shows each request as it is sent. It draws at most once a frame, and only while it is open.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { requestLog } from "./request-log.js";
import { count } from "./text.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const OPEN_KEY = "orgdeck.requests-open";
const NAMES = { close: "Close", genesys: "Genesys" };
const COLUMNS = [
  ["Sent", "request-time"],
  ["Method", ""],
  ["Path", "request-path"],
  ["Operation", "request-operation"],
  ["Vendor", "request-vendor"],
  ["Status", ""],
  ["Time", "request-ms"],
  ["Size", "request-bytes"],
];

function statusBadge(entry) {
  const kinds = { running: "quiet", done: "good", failed: "bad", aborted: "quiet" };
  const words = { running: "sending", aborted: "cancelled" };
  return h("span", { class: `badge ${kinds[entry.state]}` }, words[entry.state] ?? String(entry.status));
}

function line(entry) {
  return h(
    "tr",
    { class: `request is-${entry.state}` },
    h("td", { class: "request-time" }, clock.format(entry.time)),
    h("td", null, h("span", { class: `method ${entry.method.toLowerCase()}` }, entry.method)),
    h("td", { class: "request-path", dir: "ltr", title: entry.path }, entry.path),
    h("td", { class: "request-operation" }, entry.operation),
    h("td", { class: "request-vendor" }, NAMES[entry.vendor] ?? entry.vendor),
    h("td", null, statusBadge(entry)),
    h("td", { class: "request-ms" }, entry.ms === null ? "…" : `${count(Math.round(entry.ms))} ms`),
    h("td", { class: "request-bytes" }, entry.bytes === null ? "" : size(entry.bytes)),
  );
}

function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : `${count(Math.round(bytes / 100) / 10)} kB`;
}

/** Makes the panel and the button that opens it. */
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
  const rows = h("tbody");
  const scroll = h(
    "div",
    { class: "requests-scroll", tabindex: 0, role: "region", "aria-label": "Requests sent" },
    h(
      "table",
      { class: "requests-table" },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          COLUMNS.map(([label, name]) => h("th", { scope: "col", class: name }, label)),
        ),
      ),
      rows,
    ),
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

  // Lines are made once and then only changed when their entry was.
  const lines = new Map();

  function draw() {
    const { entries, sent, running, failed } = requestLog;
    badge.textContent = sent ? count(sent) : "";
    badge.classList.toggle("is-running", running > 0);
    badge.classList.toggle("is-failed", failed > 0);
    toggle.setAttribute("aria-label", `Requests: ${sent} sent, ${failed} failed`);
    if (panel.hidden) return;
    fill(
      summary,
      `${count(sent)} sent`,
      running > 0 && ` · ${count(running)} running`,
      failed > 0 && h("span", { class: "failed" }, ` · ${count(failed)} failed`),
    );
    const atEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 40;
    const kept = new Set(entries);
    for (const [entry, made] of lines) {
      if (!kept.has(entry)) {
        made.element.remove();
        lines.delete(entry);
      }
    }
    for (const entry of entries) {
      const made = lines.get(entry);
      if (made?.state === entry.state) continue;
      const element = line(entry);
      if (made) made.element.replaceWith(element);
      else rows.append(element);
      lines.set(entry, { element, state: entry.state });
    }
    scroll.classList.toggle("is-empty", entries.length === 0);
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
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
    if (event.key === "Escape") setOpen(false);
  });
  requestLog.addEventListener("change", draw);
  setOpen(sessionStorage.getItem(OPEN_KEY) === "1", false);
  return { toggle, panel };
}
