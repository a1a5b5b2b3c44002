// A short word in the corner that something worked. What went wrong is shown where it happened, not here.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const box = document.getElementById("toasts");
const STAYS_MS = 5000;

/** Shows `text`, and takes it away again unless the pointer rests on it. */
export function toast(text) {
  const element = h("div", { class: "toast" }, icon("check"), h("span", { class: "toast-text" }, text));
  const leave = () => element.remove();
  let timer = setTimeout(leave, STAYS_MS);
  element.addEventListener("pointerenter", () => clearTimeout(timer));
  element.addEventListener("pointerleave", () => {
    timer = setTimeout(leave, STAYS_MS / 2);
  });
  while (box.childElementCount >= 3) box.firstElementChild.remove();
  box.append(element);
}
