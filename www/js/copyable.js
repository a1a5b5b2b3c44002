// A text with a button beside it that copies it.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

export function copyable(text, mono = false) {
  const button = h(
    "button",
    {
      type: "button",
      class: "button plain tiny icon-only copy",
      "aria-label": `Copy ${text}`,
      title: "Copy",
      on: {
        click: async () => {
          try {
            await navigator.clipboard.writeText(text);
            toast("Copied");
          } catch {
            toast("The browser does not allow copying here");
          }
        },
      },
    },
    icon("copy", 14),
  );
  return h(
    "span",
    { class: "copyable" },
    h("span", { class: `truncate ${mono ? "mono" : ""}`, dir: "ltr", title: text }, text),
    button,
  );
}
