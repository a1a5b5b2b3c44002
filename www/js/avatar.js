// A round badge with initials. It says nothing that the name beside it does not, so readers skip it.

import { h } from "./dom.js";
import { drawMarked } from "./marks.js";
import { hueOf, initials } from "./text.js";

/** Shows `person` in an avatar made before, so that rows can be used again. */
export function fillAvatar(element, person) {
  element.textContent = initials(person.first, person.last, person.email);
  element.style.setProperty("--hue", String(hueOf(person.id)));
}

export function avatar(person, size = "") {
  const element = h("span", { class: `avatar ${size}`, "aria-hidden": "true" });
  fillAvatar(element, person);
  return element;
}

/** A cell for a person: avatar, name, and the email that a phone shows under it. */
export function whoCell() {
  return h(
    "span",
    { class: "who" },
    h("span", { class: "avatar", "aria-hidden": "true" }),
    h(
      "span",
      { class: "who-text" },
      h("span", { class: "who-name truncate", dir: "auto" }),
      h("span", { class: "who-more truncate", dir: "ltr" }),
    ),
  );
}

/** Draws it; `person.marks`, where there are any, has the parts of name and email to highlight. */
export function drawWho(cell, person) {
  const [picture, text] = cell.firstChild.children;
  fillAvatar(picture, person);
  drawMarked(text.children[0], person.name, person.marks?.name);
  drawMarked(text.children[1], person.email, person.marks?.email);
}
