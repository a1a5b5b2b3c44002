// One role at a time, for a phone: choose it, read or change its permissions.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { select } from "../page.js";
import { counted } from "../text.js";
import { permissionLabel } from "./permissions.js";
import { roleMenu } from "./role-menu.js";

export function roleColumn(roles, groups, { granted, toggle, holders, shown: role, onShow, ...actions }) {
  const chooser = select(
    roles.map((each) => [each.id, each.editable ? each.name : `${each.name} (built in)`]),
    role.id,
    { id: "role-chooser", on: { change: () => onShow(roles.find((each) => each.id === chooser.value)) } },
  );
  const before = new Set(role.permissions);

  function line(name) {
    const box = h("input", {
      type: "checkbox",
      class: "switch",
      checked: granted(role).has(name),
      disabled: !role.editable,
      on: {
        change: () => {
          toggle(role, name);
          mark();
        },
      },
    });
    const label = h("label", { class: "permission" }, h("span", null, permissionLabel(name)), box);
    const mark = () => label.classList.toggle("is-staged", granted(role).has(name) !== before.has(name));
    mark();
    return h("li", null, label);
  }

  return {
    element: h(
      "div",
      { class: "role-column" },
      h(
        "div",
        { class: "role-column-head" },
        h("label", { for: "role-chooser", class: "visually-hidden" }, "Role"),
        chooser,
        role.editable
          ? roleMenu(role, actions)
          : h("span", { class: "lock" }, icon("lock"), h("span", { class: "visually-hidden" }, "Built in")),
      ),
      h(
        "p",
        { class: "muted small" },
        `${counted(holders(role), "person", "people")} · ${role.editable ? "your own role" : "built in, cannot be changed"}`,
      ),
      groups.map(([heading, names]) =>
        h("section", { class: "permission-group" }, h("h2", null, heading), h("ul", null, names.map(line))),
      ),
    ),
    focus: () => chooser.focus(),
  };
}
