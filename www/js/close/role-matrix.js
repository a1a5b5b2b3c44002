// All roles at once, as a table of squares. Each is a checkbox; one is in the tab order, the arrow keys move among them.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { count, counted } from "../text.js";
import { permissionLabel } from "./permissions.js";
import { roleMenu } from "./role-menu.js";

export function roleMatrix(roles, groups, { granted, toggle, holders, ...actions }) {
  const squares = [];
  const tallies = new Map();
  const columns = roles.map(() => h("col"));

  const head = h(
    "tr",
    null,
    h("td", { class: "matrix-corner" }, h("span", { class: "small muted" }, "Permission")),
    roles.map((role) => {
      const tally = h("span", { class: "role-tally" });
      tallies.set(role, tally);
      drawTally(role);
      return h(
        "th",
        { scope: "col", class: role.editable ? "" : "is-locked" },
        h(
          "div",
          { class: "role-head" },
          h("span", { class: "role-name", dir: "auto", title: role.name }, role.name),
          h("span", { class: "role-holders" }, counted(holders(role), "person", "people")),
          h(
            "span",
            { class: "role-foot" },
            tally,
            role.editable
              ? roleMenu(role, actions)
              : h(
                  "span",
                  { class: "lock", title: "Built in: cannot be changed" },
                  icon("lock", 13),
                  h("span", { class: "visually-hidden" }, "built in"),
                ),
          ),
        ),
      );
    }),
  );

  function drawTally(role) {
    const all = groups.reduce((sum, [, names]) => sum + names.length, 0);
    const tally = tallies.get(role);
    tally.textContent = `${count(granted(role).size)}/${all}`;
    tally.title = `${granted(role).size} of ${all} permissions`;
  }

  function square(role, name, row, column) {
    const button = h("button", {
      type: "button",
      class: "square",
      role: "checkbox",
      tabindex: row === 0 && column === 0 ? 0 : -1,
      "aria-label": `${permissionLabel(name)}, ${role.name}`,
      "aria-readonly": role.editable ? null : "true",
      on: {
        click: () => {
          if (!role.editable) return;
          toggle(role, name);
          draw();
          drawTally(role);
        },
        focus: () => settle(button),
      },
    });
    const before = new Set(role.permissions).has(name);
    function draw() {
      const on = granted(role).has(name);
      button.setAttribute("aria-checked", String(on));
      button.classList.toggle("is-staged", on !== before);
    }
    draw();
    squares[row] ??= [];
    squares[row][column] = button;
    return h("td", { class: role.editable ? "" : "is-locked" }, button);
  }

  let settled = null;
  function settle(button) {
    if (settled) settled.tabIndex = -1;
    button.tabIndex = 0;
    settled = button;
  }

  let row = -1;
  const bodies = groups.map(([heading, names]) =>
    h(
      "tbody",
      null,
      h(
        "tr",
        { class: "matrix-group" },
        h("th", { scope: "rowgroup", colspan: roles.length + 1 }, h("span", null, heading)),
      ),
      names.map((name) => {
        row += 1;
        const at = row;
        return h(
          "tr",
          { class: "matrix-row" },
          h("th", { scope: "row", title: name }, permissionLabel(name)),
          roles.map((role, column) => square(role, name, at, column)),
        );
      }),
    ),
  );
  settled = squares[0]?.[0] ?? null;

  function onKey(event) {
    if (!event.target.classList.contains("square")) return;
    const at = squares.findIndex((line) => line.includes(event.target));
    const across = squares[at].indexOf(event.target);
    const last = roles.length - 1;
    const to = {
      ArrowRight: [at, Math.min(across + 1, last)],
      ArrowLeft: [at, Math.max(across - 1, 0)],
      ArrowDown: [Math.min(at + 1, squares.length - 1), across],
      ArrowUp: [Math.max(at - 1, 0), across],
      Home: event.ctrlKey ? [0, 0] : [at, 0],
      End: event.ctrlKey ? [squares.length - 1, last] : [at, last],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    squares[to[0]][to[1]].focus();
  }

  // The column under the pointer is tinted through <col>, so that no cell has to be touched.
  let hot = null;
  function onOver(event) {
    const cell = event.target.closest("td, th");
    const column = cell?.cellIndex > 0 ? columns[cell.cellIndex - 1] : null;
    if (column === hot) return;
    hot?.classList.remove("is-hot");
    column?.classList.add("is-hot");
    hot = column;
  }

  const element = h(
    "div",
    { class: "matrix-scroll", role: "region", "aria-label": "Roles and permissions", tabindex: 0 },
    h(
      "table",
      { class: "matrix", on: { keydown: onKey, pointerover: onOver, pointerleave: onOver } },
      h(
        "caption",
        { class: "visually-hidden" },
        "Which role grants which permission. Move with the arrow keys, change with Space.",
      ),
      h("colgroup", null, h("col", { class: "matrix-labels" }), columns),
      h("thead", null, head),
      bodies,
    ),
  );

  return {
    element,
    /** Where the reader is, to be given to `restore` of the picture that takes this one's place. */
    place() {
      const at = squares.findIndex((line) => line.includes(settled));
      const focused = settled === document.activeElement;
      return {
        at,
        across: squares[at]?.indexOf(settled) ?? 0,
        focused,
        top: element.scrollTop,
        left: element.scrollLeft,
      };
    },
    restore({ at, across, focused, top, left }) {
      element.scrollTo(left, top);
      const button = squares[at]?.[across];
      if (!button) return;
      settle(button);
      if (focused) button.focus({ preventScroll: true });
    },
    /** Brings a role's column into sight. */
    show(role) {
      const column = roles.indexOf(role);
      squares[0]?.[column]?.scrollIntoView({ inline: "nearest", block: "nearest" });
    },
  };
}
