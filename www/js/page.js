// The parts that every screen begins with.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** A screen's head: its name, a line about it, and what can be done. */
export function pageHead(title, note, ...actions) {
  return h(
    "header",
    { class: "page-head" },
    h("div", { class: "page-title" }, h("h1", { tabindex: -1 }, title), note),
    h("div", { class: "page-actions" }, actions),
  );
}

/** A line under the head that says beforehand what will be refused. */
export function lockedNote(text) {
  return h("p", { class: "notice warn page-note" }, icon("lock"), h("span", { class: "notice-text" }, text));
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

/** A checkbox with its label, and a line about what it does. */
export function checkbox(label, hint, attributes = {}) {
  const input = h("input", { type: "checkbox", ...attributes });
  const text = h("span", null, label, hint && h("span", { class: "hint" }, hint));
  return { element: h("label", { class: "check" }, input, text), input };
}

/** A line that says something is under way. */
export function working(text, ...rest) {
  return h(
    "div",
    { class: "notice" },
    h("span", { class: "spinner", "aria-hidden": "true" }),
    h("span", { class: "notice-text" }, text),
    rest,
  );
}

/** A line that says something worked, with what can be done about it and a button to put it away. */
export function done(text, dismiss, ...actions) {
  return h(
    "div",
    { class: "notice good" },
    icon("check"),
    h("span", { class: "notice-text" }, text),
    actions,
    h(
      "button",
      { type: "button", class: "button plain tiny icon-only", "aria-label": "Dismiss", on: { click: dismiss } },
      icon("close", 14),
    ),
  );
}

/** What stands where there is nothing to show. */
export function emptyState(name, title, text, action) {
  return h("div", { class: "empty" }, icon(name, 24), h("strong", null, title), text && h("p", null, text), action);
}
