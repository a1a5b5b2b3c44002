// What can be done with a custom role, behind one button.

import { h, uniqueId } from "../dom.js";
import { icon } from "../icons.js";

export function roleMenu(role, { rename, copy, remove }) {
  const id = uniqueId("menu");
  const entry = (name, label, act, danger) =>
    h(
      "button",
      {
        type: "button",
        class: `menu-item ${danger ? "is-danger" : ""}`,
        role: "menuitem",
        tabindex: -1,
        on: {
          click: () => {
            menu.hidePopover();
            act(role);
          },
        },
      },
      icon(name),
      label,
    );
  const menu = h(
    "div",
    { id, class: "menu", role: "menu", popover: "auto", "aria-label": `Actions for ${role.name}` },
    entry("pencil", "Rename…", rename),
    entry("copy", "Copy to a new role…", copy),
    entry("trash", "Delete…", remove, true),
  );
  const button = h(
    "button",
    {
      type: "button",
      class: "button plain tiny icon-only",
      popovertarget: id,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": `Actions for ${role.name}`,
    },
    icon("more"),
  );
  // A popover lies in the top layer, so it is placed by the button's rectangle and not cut off by the table.
  menu.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const box = button.getBoundingClientRect();
    menu.style.top = `${Math.min(box.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
    menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.firstElementChild.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const entries = [...menu.children];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to === undefined) {
      if (event.key === "Tab") menu.hidePopover();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    entries.at(to % entries.length).focus();
  });
  return h("span", { class: "menu-box" }, button, menu);
}
