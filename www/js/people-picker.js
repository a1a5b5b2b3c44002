// A combobox that finds people by name or email and gathers several of them, as the ARIA practices describe it:
// the focus stays in the input, `aria-activedescendant` names the option, chosen people become chips.

import { avatar } from "./avatar.js";
import { announce } from "./announce.js";
import { fill, h, setAttribute, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { counted, matcher } from "./text.js";

const SHOWN = 50;

export class PeoplePicker {
  element;
  /** The people picked so far, in order. */
  picked = [];

  #candidates;
  #onChange;
  #input;
  #list;
  #chips;
  #options = [];
  #active = -1;
  #id = uniqueId("picker");

  /** `candidates()` gives the people to choose from; `onChange` is called when `picked` did; `gathered` names them. */
  constructor({ label, placeholder, candidates, onChange, gathered = "People to add" }) {
    this.#candidates = candidates;
    this.#onChange = onChange;
    this.#chips = h("ul", { class: "chips", "aria-label": gathered });
    this.#input = h("input", {
      id: this.#id,
      class: "input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      placeholder,
      "aria-expanded": "false",
      "aria-controls": `${this.#id}-list`,
      "aria-autocomplete": "list",
      on: {
        input: () => this.#open(),
        focus: () => this.#input.value && this.#open(),
        click: () => this.#open(),
        blur: () => this.#close(),
        keydown: (event) => this.#onKey(event),
      },
    });
    this.#list = h("ul", {
      id: `${this.#id}-list`,
      class: "options",
      role: "listbox",
      "aria-label": label,
      hidden: true,
    });
    // Taking the press keeps the focus in the input, so that the list does not close before the click arrives.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.element = h(
      "div",
      { class: "picker" },
      h("label", { for: this.#id, class: "visually-hidden" }, label),
      h("div", { class: "search" }, icon("search"), this.#input),
      this.#list,
      this.#chips,
    );
  }

  focus() {
    this.#input.focus();
  }

  /** Shows who has become known since the list was opened, unless somebody is choosing from it. */
  refresh() {
    if (!this.#list.hidden && this.#active <= 0) this.#open();
  }

  /** Starts over, keeping `people` picked. */
  reset(people = []) {
    this.picked = people;
    this.#input.value = "";
    this.#drawChips();
    this.#close();
  }

  #open() {
    const matches = matcher(this.#input.value);
    const taken = new Set(this.picked);
    const found = this.#candidates().filter((person) => !taken.has(person) && matches(person.searchText));
    this.#options = found.slice(0, SHOWN);
    this.#active = this.#options.length > 0 && this.#input.value ? 0 : -1;
    fill(
      this.#list,
      this.#options.map((person, index) =>
        h(
          "li",
          {
            id: `${this.#id}-${index}`,
            class: "option",
            role: "option",
            "aria-selected": "false",
            on: { click: () => this.#pick(person) },
          },
          avatar(person, "small"),
          h("span", { class: "option-name truncate", dir: "auto" }, person.name),
          h("span", { class: "option-email truncate", dir: "ltr" }, person.email),
        ),
      ),
      found.length === 0 &&
        h(
          "li",
          { class: "option is-note", role: "option", "aria-disabled": "true", "aria-selected": "false" },
          "Nobody found",
        ),
      found.length > SHOWN &&
        h(
          "li",
          { class: "option is-note", role: "option", "aria-disabled": "true", "aria-selected": "false" },
          `${counted(found.length - SHOWN, "more person", "more people")}: keep typing`,
        ),
    );
    this.#list.hidden = false;
    this.#list.scrollTop = 0;
    this.#input.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #close() {
    this.#list.hidden = true;
    this.#active = -1;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #mark() {
    [...this.#list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.#active));
      if (index === this.#active) option.scrollIntoView({ block: "nearest" });
    });
    setAttribute(this.#input, "aria-activedescendant", this.#active < 0 ? null : `${this.#id}-${this.#active}`);
  }

  #onKey(event) {
    const open = !this.#list.hidden;
    const length = this.#options.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) this.#open();
      else if (length > 0) this.#active = (this.#active + (event.key === "ArrowDown" ? 1 : -1) + length) % length;
      this.#mark();
    } else if (event.key === "Enter" && open && this.#active >= 0) {
      this.#pick(this.#options[this.#active]);
    } else if (event.key === "Escape" && open) {
      this.#close();
    } else if (event.key === "Backspace" && this.#input.value === "" && this.picked.length > 0) {
      this.#drop(this.picked.at(-1));
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #pick(person) {
    this.picked = [...this.picked, person];
    this.#input.value = "";
    this.#close();
    this.#drawChips();
    announce(`${person.name} picked, ${this.picked.length} in all`);
    this.#onChange();
  }

  #drop(person) {
    this.picked = this.picked.filter((each) => each !== person);
    this.#drawChips();
    announce(`${person.name} taken out`);
    this.#onChange();
  }

  #drawChips() {
    this.#chips.hidden = this.picked.length === 0;
    fill(
      this.#chips,
      this.picked.map((person) =>
        h(
          "li",
          { class: "chip" },
          avatar(person, "small"),
          h("span", { class: "truncate", dir: "auto" }, person.name),
          h(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": `Take out ${person.name}`,
              on: {
                click: () => {
                  this.#drop(person);
                  this.focus();
                },
              },
            },
            icon("close", 12),
          ),
        ),
      ),
    );
  }
}
