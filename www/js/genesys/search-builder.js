// The search, put together by hand: groups of conditions, one in another, as deep as one likes.
//
// The tree is drawn anew when its shape changes, and the focus is put where the reader goes on; typing a value changes
// nothing but the value.

import { announce } from "../announce.js";
import { fill, h, setAttribute, uniqueId } from "../dom.js";
import { icon } from "../icons.js";
import { select } from "../page.js";
import {
  FIELDS,
  isGroup,
  MODES,
  newCondition,
  newGroup,
  placeOf,
  setField,
  TESTS,
  testsOf,
  wordsOf,
} from "./search-tree.js";

/** `onChange` is called when the tree is another. Gives `{ element, showErrors(errors), redraw() }`. */
export function searchBuilder(tree, { onChange }) {
  const element = h("div", { class: "builder" });
  /** For each condition, what shows its error. */
  let shown = new Map();

  function draw() {
    shown = new Map();
    fill(element, drawGroup(tree, null, ""));
    onChange();
  }

  const button = (label, symbol, act, attributes = {}) =>
    h("button", { type: "button", class: "button tiny", on: { click: act }, ...attributes }, icon(symbol, 14), label);

  function removeButton(what, act) {
    return h(
      "button",
      {
        type: "button",
        class: "button plain tiny icon-only",
        "aria-label": `Remove ${what}`,
        title: "Remove",
        on: { click: act },
      },
      icon("close", 14),
    );
  }

  // ---------------------------------------------------------------------------------------- groups

  /** `number` is where it stands, as readers hear it: “2.1” is the first part of the second. */
  function drawGroup(group, parent, number) {
    const mode = select(Object.entries(MODES), group.mode, {
      "aria-label": parent ? `Group ${number}: how many must hold` : "How many must hold",
      on: {
        change: () => {
          group.mode = mode.value;
          draw();
          boxOf(group).querySelector("select").focus();
        },
      },
    });
    const add = (part, what) => {
      group.parts.push(part);
      draw();
      boxOf(part).querySelector("select").focus();
      announce(`${what} added`);
    };
    const box = h(
      "div",
      {
        class: `rule-group is-${group.mode}`,
        role: "group",
        "aria-label": parent ? `Group ${number}: ${MODES[group.mode].toLowerCase()}` : "Conditions",
      },
      h("div", { class: "rule-mode" }, mode, parent && removeButton(`group ${number}`, () => remove(parent, group))),
      h(
        "div",
        { class: "rule-parts" },
        group.parts.map((part, index) => {
          const at = parent ? `${number}.${index + 1}` : String(index + 1);
          return isGroup(part) ? drawGroup(part, group, at) : drawCondition(part, group, at);
        }),
        group.parts.length === 0 &&
          h(
            "p",
            { class: "muted small rule-empty" },
            group.mode === "or" ? "Any of nothing: no group matches." : "No condition: every group matches.",
          ),
      ),
      h(
        "div",
        { class: "rule-add" },
        button("Condition", "plus", () => add(newCondition(), "Condition"), {
          "aria-label": parent ? `Add condition to group ${number}` : "Add condition",
        }),
        button("Group", "plus", () => add(newGroup(group.mode === "or" ? "and" : "or"), "Group"), {
          "aria-label": parent ? `Add group to group ${number}` : "Add group",
        }),
      ),
    );
    box.node = group;
    return box;
  }

  const boxOf = (node) => [...element.querySelectorAll(".rule-group, .condition")].find((box) => box.node === node);

  function remove(parent, part) {
    const index = parent.parts.indexOf(part);
    parent.parts.splice(index, 1);
    draw();
    // On to what has moved up, or what stands before, or where something can be added.
    const next = parent.parts[index] ?? parent.parts[index - 1];
    if (next) boxOf(next).querySelector("select").focus();
    else boxOf(parent).querySelector(":scope > .rule-add button").focus();
    announce("Removed");
  }

  // ---------------------------------------------------------------------------------------- conditions

  function drawCondition(condition, parent, number) {
    const errorId = uniqueId("condition-error");
    const error = h("p", { class: "field-error", id: errorId });
    const values = h("div", { class: "condition-values" });
    const field = select(
      Object.entries(FIELDS).map(([key, { label }]) => [key, label]),
      condition.field,
      {
        "aria-label": `Condition ${number}: field`,
        on: {
          change: () => {
            setField(condition, field.value);
            drawTests();
            drawValues();
            onChange();
          },
        },
      },
    );
    const test = select([], "", {
      "aria-label": `Condition ${number}: test`,
      on: {
        change: () => {
          condition.test = test.value;
          drawValues();
          onChange();
        },
      },
    });

    function drawTests() {
      fill(
        test,
        testsOf(condition.field).map((key) =>
          h("option", { value: key, selected: key === condition.test }, TESTS[key].label),
        ),
      );
    }

    function input(name, label, attributes = {}) {
      const control = h("input", {
        class: `input ${condition.test === "regex" ? "mono" : ""}`,
        value: condition[name],
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": `Condition ${number}: ${label}`,
        "aria-describedby": errorId,
        ...attributes,
        on: {
          input: () => {
            condition[name] = control.value;
            condition.touched = true;
            onChange();
          },
          blur: () => {
            if (condition.touched) return;
            condition.touched = true;
            onChange();
          },
        },
      });
      return control;
    }

    function drawValues() {
      const { kind, options } = FIELDS[condition.field];
      const type = { text: "text", number: "number", date: "date" }[kind];
      const { test: chosen } = condition;
      fill(
        values,
        chosen === "required"
          ? null
          : chosen === "range"
            ? [input("value", "from", { type }), h("span", { class: "muted" }, "and"), input("to", "to", { type })]
            : options
              ? choice(options)
              : input("value", "value", { type, dir: "auto", placeholder: chosen === "regex" ? "support.*" : null }),
      );
      values.hidden = chosen === "required";
    }

    function choice(options) {
      if (!options.some(([key]) => key === condition.value)) condition.value = options[0][0];
      const control = select(options, condition.value, {
        "aria-label": `Condition ${number}: value`,
        on: {
          change: () => {
            condition.value = control.value;
            onChange();
          },
        },
      });
      return control;
    }

    drawTests();
    drawValues();
    const box = h(
      "div",
      { class: "condition", role: "group", "aria-label": `Condition ${number}` },
      h(
        "div",
        { class: "condition-row" },
        field,
        test,
        values,
        removeButton(`condition ${number}`, () => remove(parent, condition)),
      ),
      error,
    );
    box.node = condition;
    shown.set(condition, { error, values });
    return box;
  }

  // ---------------------------------------------------------------------------------------- errors

  /** Shows each error at its condition. One that nobody has filled in yet is incomplete, not wrong. */
  function showErrors(errors) {
    for (const [condition, { error, values }] of shown) {
      const wrong = errors.get(condition);
      const tell = wrong && condition.touched;
      fill(error, tell && [wordsOf(wrong), placeOf(wrong) && h("code", { class: "error-place" }, placeOf(wrong))]);
      for (const control of values.querySelectorAll("input")) {
        setAttribute(control, "aria-invalid", tell ? "true" : null);
      }
    }
  }

  draw();
  return { element, showErrors, redraw: draw };
}
