// The parts that every screen begins with.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { session } from "./session.js";

/** A screen's head: its name, a line about it, and what can be done. */
export function pageHead(title, note, ...actions) {
  return h(
    "header",
    { class: "page-head" },
    h("div", { class: "page-title" }, h("h1", { tabindex: -1 }, title), note),
    h("div", { class: "page-actions" }, actions),
  );
}

/** Says beforehand that changes will be refused, to people whose role does not allow them. */
export function readOnlyNote() {
  if (session.mayManage) return null;
  return h(
    "p",
    { class: "notice warn page-note" },
    icon("lock"),
    h(
      "span",
      { class: "notice-text" },
      "Your role does not include managing the organisation, so Close refuses changes made here.",
    ),
  );
}

/** `<select>` with `[value, label]` options. */
export function select(options, value, attributes = {}) {
  return h(
    "select",
    { class: "select", ...attributes },
    options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)),
  );
}

/** A field: label, control, an optional hint and a place for its error. Gives `{ element, error }`. */
export function field(label, control, { hint, id }) {
  control.id = id;
  const error = h("p", { class: "field-error", id: `${id}-error` });
  const hinted = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  control.setAttribute("aria-describedby", hinted ? `${id}-hint ${id}-error` : `${id}-error`);
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), control, hinted, error), error };
}

export function searchBox(label, onInput) {
  const input = h("input", {
    class: "input",
    type: "search",
    placeholder: label,
    "aria-label": label,
    autocomplete: "off",
    spellcheck: "false",
    on: { input: () => onInput(input.value) },
  });
  return { element: h("div", { class: "search" }, icon("search"), input), input };
}

/** What stands where there is nothing to show. */
export function emptyState(name, title, text, action) {
  return h("div", { class: "empty" }, icon(name, 24), h("strong", null, title), text && h("p", null, text), action);
}

export const RECORDING = [
  ["unset", "Not set"],
  ["enabled", "Recorded"],
  ["disabled", "Not recorded"],
];

export const recordingLabel = (value) => RECORDING.find(([key]) => key === value)?.[1] ?? (value || "—");
