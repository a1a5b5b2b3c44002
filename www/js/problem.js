// Errors, shown where they happened: what went wrong, what to do, and the facts for whoever is asked for help.

import { h, setAttribute } from "./dom.js";
import { icon } from "./icons.js";
import { OrgdeckError } from "./orgdeck.js";
import { Cancelled } from "./request-log.js";
import { counted } from "./text.js";

const ADVICE = {
  config: "Nothing was sent. Correct the value and try again.",
  network: "Check the connection and the base URL; the server may be down or may not allow this page (CORS).",
  timeout: "The server took too long. It may be busy: try again.",
  authentication: "The credentials were not accepted or have run out. Sign out and connect again.",
  plan_limit: "The organisation’s plan does not include this.",
  permission: "Your role does not allow this. Ask an administrator, or connect with another token.",
  not_found: "It may have been removed by somebody else. Refresh to see what is there now.",
  conflict: "Somebody changed it first. Refresh and try again.",
  validation: "{vendor} refused the change. Correct it and try again.",
  rate_limit: "Too many requests in a short time. Wait a moment and try again.",
  server: "{vendor} had a problem of its own. Try again in a moment.",
  decode: "The answer was not what {vendor} promises. Is the base URL right?",
  internal: "This is a defect in Orgdeck. Reload the page, and please report it.",
};

const NAMES = { close: "Close", genesys: "Genesys Cloud" };

/** What to do about `error`, in a sentence or two. */
export function adviceFor(error) {
  if (error instanceof Cancelled) return error.changes ? "It may have been done all the same: refresh to see." : "";
  if (!(error instanceof OrgdeckError))
    return "This is a defect in the console. Reload the page, and please report it.";
  const advice = (ADVICE[error.code] ?? "").replace("{vendor}", NAMES[error.vendor] ?? "The server");
  return error.sent === "maybe"
    ? `${advice} The change may have been made all the same: refresh before you repeat it.`
    : advice;
}

// The package's messages begin with the operation and the status. A reader wants what the vendor says first; the
// rest stands among the facts.
const PREFIX = /^(\S+) failed with \d+: /;

/** The message for people, with the refused fields where the vendor names them and the message does not. */
export function messageOf(error) {
  const message = error?.message?.replace(PREFIX, "") || "Something went wrong.";
  const missing = Object.entries(error?.fields ?? {}).filter(([, text]) => !message.includes(text));
  return [message, ...missing.map(([field, text]) => `${field}: ${text}`)].join(" · ");
}

/** The facts: `ValidationError · HTTP 400 · groups.create · request abc`. */
export function factsOf(error) {
  const facts = [error?.name ?? "Error"];
  if (error?.status) facts.push(`HTTP ${error.status}`);
  const operation = PREFIX.exec(error?.message ?? "")?.[1];
  if (operation) facts.push(operation);
  if (error?.vendorCode) facts.push(error.vendorCode);
  if (error?.requestId) facts.push(`request ${error.requestId}`);
  if (error?.attempts > 1) facts.push(counted(error.attempts, "request", "requests"));
  return facts.join(" · ");
}

/**
 * A box that shows `error`. `title` says what did not work: “The group was not created”; `advice` what to do, where
 * that is clearer than what the error itself tells; `came` what there is all the same.
 */
export function problem(
  error,
  { title, advice = adviceFor(error), came, retry, retryLabel = "Try again", dismiss } = {},
) {
  return h(
    "div",
    { class: "problem", role: "alert" },
    icon("warning"),
    h(
      "div",
      { class: "problem-body" },
      title && h("p", { class: "problem-title" }, title),
      h("p", { dir: "auto" }, messageOf(error)),
      advice && h("p", { class: "problem-advice" }, advice),
      came && h("p", { class: "problem-advice" }, came),
      h("p", { class: "problem-facts" }, factsOf(error)),
      retry &&
        h(
          "div",
          { class: "problem-actions" },
          h("button", { type: "button", class: "button tiny", on: { click: retry } }, retryLabel),
        ),
    ),
    dismiss &&
      h(
        "button",
        { type: "button", class: "button plain tiny icon-only", "aria-label": "Dismiss", on: { click: dismiss } },
        icon("close", 14),
      ),
  );
}

/** Shows `text` under `input` and marks it, or takes both away for an empty text. `note` is its `.field-error`. */
export function fieldError(input, note, text) {
  note.textContent = text;
  setAttribute(input, "aria-invalid", text ? "true" : null);
  if (text) input.focus();
}
