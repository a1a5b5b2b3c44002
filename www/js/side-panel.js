// Details beside a list on a wide screen, a sheet over it on a phone.

import { fill, h, phone, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

export class SidePanel {
  /** Goes into the layout, beside the list. On a phone it stays empty. */
  element = h("div", { class: "side" });

  #titleId = uniqueId("side");
  #sheet = h("dialog", { class: "sheet", "aria-labelledby": this.#titleId });
  #aside = h("section", { class: "side-panel", "aria-labelledby": this.#titleId, hidden: true });
  #title = h("h2", { id: this.#titleId, class: "side-title", tabindex: -1 });
  #body = h("div", { class: "side-body" });
  #inner;
  #onClose;

  /** `onClose` is called when the reader closes the panel. */
  constructor({ onClose, signal }) {
    this.#onClose = onClose;
    this.#inner = h(
      "div",
      { class: "side-inner" },
      h(
        "div",
        { class: "side-head" },
        this.#title,
        h(
          "button",
          {
            type: "button",
            class: "button plain icon-only",
            "aria-label": "Close details",
            on: { click: () => this.close() },
          },
          icon("close"),
        ),
      ),
      this.#body,
    );
    this.element.append(this.#aside, this.#sheet);
    this.#aside.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.#sheet.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.#sheet.addEventListener("pointerdown", (event) => {
      if (event.target === this.#sheet) this.close();
    });
    phone.addEventListener("change", () => this.isOpen && this.#place(), { signal });
  }

  get isOpen() {
    return this.#inner.isConnected;
  }

  /** Shows `children` under `title`; with `focus` the reader is taken there. */
  show(title, children, { focus = false } = {}) {
    this.#title.textContent = title;
    fill(this.#body, children);
    this.#body.scrollTop = 0;
    if (!this.isOpen) this.#place();
    if (focus || this.#sheet.open) this.#title.focus();
  }

  #place() {
    if (phone.matches) {
      this.#aside.hidden = true;
      fill(this.#sheet, this.#inner);
      if (!this.#sheet.open) this.#sheet.showModal();
    } else {
      if (this.#sheet.open) this.#sheet.close();
      fill(this.#aside, this.#inner);
      this.#aside.hidden = false;
    }
  }

  /** Closes it, and tells `onClose`. */
  close() {
    if (!this.isOpen) return;
    this.hide();
    this.#onClose();
  }

  /** Closes it without a word. */
  hide() {
    this.#inner.remove();
    this.#aside.hidden = true;
    if (this.#sheet.open) this.#sheet.close();
  }
}
