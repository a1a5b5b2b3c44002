// A grid of any length of which only the rows in sight are in the document.
//
// Rows have one height, so where a row is, is arithmetic: no measuring, no jumping. The focus stays on the grid and
// `aria-activedescendant` names the active row; a row that had the focus itself would lose it when scrolled away.

import { fill, h, oncePerFrame, setAttribute, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { drawMarked } from "./marks.js";
import { counted } from "./text.js";

/** Rows drawn beyond what is in sight, so that a fast scroll does not show gaps. */
const BEYOND = 6;

export class VirtualList {
  /** Goes into the layout; it takes the height it is given. */
  element;
  /** The keys of the selected rows, when rows can be selected. */
  selected = new Set();

  #source = listed([]);
  /** The items drawn last, and the index of the first of them. */
  #drawn = { first: 0, items: [] };
  #options;
  #grid;
  #body;
  #overlay = h("div", { class: "grid-overlay" });
  #headers = new Map();
  #selectAll = null;
  #rows = new Map();
  #spare = [];
  #rowHeight = 44;
  #activeKey = null;
  #anchorKey = null;
  #openKey = null;
  #id = uniqueId("grid");
  #draw = oncePerFrame(() => this.#drawRows({ scrolled: true }));

  /**
   * @param {object} options
   * @param {string} options.label What the grid lists.
   * @param {string} options.kind A class: the stylesheet gives it `--columns`, and `--row-height`.
   * @param {{key: string, label: string, sort?: boolean, make?: () => Node, draw: (cell: HTMLElement, item: object) => void}[]} options.columns
   * @param {(item: object) => string} options.keyOf
   * @param {(column: string) => void} [options.onSort]
   * @param {(item: object) => void} [options.onOpen] Enter or a click on a row.
   * @param {(item: object) => void} [options.onActive] The active row was moved by keyboard.
   * @param {() => void} [options.onSelect] Rows can be selected, and the selection changed.
   * @param {(item: object) => void} [options.onDelete] The Delete key on a row.
   */
  constructor(options) {
    this.#options = options;
    this.#body = h("div", { class: "grid-body", role: "rowgroup" });
    this.#grid = h(
      "div",
      {
        class: `grid ${options.kind}`,
        role: "grid",
        tabindex: 0,
        "aria-label": options.label,
        "aria-rowcount": 1,
        "aria-colcount": options.columns.length + (options.onSelect ? 1 : 0),
        "aria-multiselectable": options.onSelect ? "true" : null,
        on: { keydown: (event) => this.#onKey(event) },
      },
      h("div", { class: "grid-head", role: "rowgroup" }, this.#makeHead()),
      this.#body,
    );
    this.#grid.addEventListener("scroll", this.#draw, { passive: true });
    this.#body.addEventListener("click", (event) => this.#onClick(event));
    this.element = h("div", { class: "grid-box" }, this.#grid, this.#overlay);
    new ResizeObserver(() => this.#measure()).observe(this.#grid);
  }

  #makeHead() {
    const { columns, onSort, onSelect } = this.#options;
    const row = h("div", { class: "grid-row", role: "row", "aria-rowindex": 1 });
    if (onSelect) {
      this.#selectAll = h("input", {
        type: "checkbox",
        "aria-label": "Select all shown",
        on: { change: () => this.#toggleAll() },
      });
      row.append(h("div", { class: "grid-cell cell-check", role: "columnheader" }, this.#selectAll));
    }
    for (const column of columns) {
      const cell = h("div", { class: `grid-cell cell-${column.key}`, role: "columnheader" });
      if (column.sort) {
        const button = h(
          "button",
          { type: "button", class: "sort", on: { click: () => onSort(column.key) } },
          column.label,
          h("span", { class: "sort-mark" }, icon("arrowUp", 12)),
        );
        cell.append(button);
      } else {
        cell.append(h("span", { class: column.quiet ? "visually-hidden" : "" }, column.label));
      }
      this.#headers.set(column.key, cell);
      row.append(cell);
    }
    return row;
  }

  get activeItem() {
    return this.#itemAt(this.#indexOf(this.#activeKey));
  }

  get selectedItems() {
    return this.#all.filter((item) => this.selected.has(this.#options.keyOf(item)));
  }

  get #all() {
    return this.#source.slice(0, this.#source.length);
  }

  /** Shows `items`; the place scrolled to and the active row stay. */
  setItems(items) {
    this.setSource(listed(items, this.#options.keyOf));
  }

  /**
   * The same for items that are made when they come into sight.
   *
   * @param {{length: number, slice: (first: number, last: number) => object[], indexOf: (key: string) => number}} source
   */
  setSource(source) {
    this.#source = source;
    this.#grid.setAttribute("aria-rowcount", String(source.length + 1));
    this.#body.hidden = source.length === 0;
    this.#body.style.height = `${source.length * this.#rowHeight}px`;
    this.#drawRows();
    this.#showSelection();
  }

  #indexOf(key) {
    return key === null ? -1 : this.#source.indexOf(key);
  }

  #itemAt(index) {
    if (!(index >= 0 && index < this.#source.length)) return null;
    const { first, items } = this.#drawn;
    return items[index - first] ?? this.#source.slice(index, index + 1)[0];
  }

  /** Draws the rows in sight again, after their items changed. */
  redraw() {
    this.#drawRows();
    this.#showSelection();
  }

  /** What stands under the header when there are no rows; null for nothing. */
  setOverlay(node) {
    fill(this.#overlay, node);
  }

  setBusy(busy) {
    setAttribute(this.#grid, "aria-busy", busy ? "true" : null);
  }

  setSort(column, direction) {
    for (const [key, cell] of this.#headers) {
      setAttribute(cell, "aria-sort", key === column ? (direction > 0 ? "ascending" : "descending") : null);
    }
  }

  /** Marks the row whose details are open elsewhere. */
  setOpen(key) {
    this.#openKey = key;
    if (key) this.#activeKey = key;
    this.#drawRows();
  }

  scrollToKey(key) {
    const index = this.#indexOf(key);
    if (index >= 0) this.#reveal(index);
  }

  scrollToTop() {
    this.#grid.scrollTop = 0;
  }

  focus() {
    this.#grid.focus();
  }

  clearSelection() {
    this.selected.clear();
    this.#selectionChanged();
  }

  // ------------------------------------------------------------------------------------------ drawing

  #measure() {
    const height = Number.parseFloat(getComputedStyle(this.#grid).getPropertyValue("--row-height"));
    if (height > 0 && height !== this.#rowHeight) {
      const top = this.#grid.scrollTop / this.#rowHeight;
      this.#rowHeight = height;
      this.#body.style.height = `${this.#source.length * height}px`;
      this.#grid.scrollTop = top * height;
    }
    this.#drawRows();
  }

  /** Those that only moved are as they were. */
  #drawRows({ scrolled = false } = {}) {
    const { scrollTop, clientHeight } = this.#grid;
    const first = Math.max(0, Math.floor(scrollTop / this.#rowHeight) - BEYOND);
    const last = Math.min(this.#source.length, Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + BEYOND);
    this.#drawn = { first, items: this.#source.slice(first, Math.max(first, last)) };
    for (const [index, row] of this.#rows) {
      if (index < first || index >= last) {
        this.#rows.delete(index);
        this.#spare.push(row);
      }
    }
    for (let index = first; index < last; index += 1) if (!scrolled || !this.#rows.has(index)) this.#drawRow(index);
    for (const row of this.#spare) row.element.remove();
    this.#spare.length = Math.min(this.#spare.length, 20);
    const active = this.#indexOf(this.#activeKey);
    setAttribute(this.#grid, "aria-activedescendant", this.#rows.has(active) ? `${this.#id}-${active}` : null);
  }

  #drawRow(index) {
    const { columns, keyOf, onSelect } = this.#options;
    const item = this.#itemAt(index);
    const key = keyOf(item);
    let row = this.#rows.get(index);
    if (!row) {
      row = this.#spare.pop() ?? this.#makeRow();
      this.#rows.set(index, row);
      row.element.id = `${this.#id}-${index}`;
      row.element.setAttribute("aria-rowindex", String(index + 2));
      row.index = index;
    }
    row.element.style.transform = `translateY(${index * this.#rowHeight}px)`;
    if (!row.element.isConnected) this.#body.append(row.element);
    row.element.classList.toggle("is-active", key === this.#activeKey);
    row.element.classList.toggle("is-open", key === this.#openKey);
    if (onSelect) {
      row.element.setAttribute("aria-selected", String(this.selected.has(key)));
    } else {
      setAttribute(row.element, "aria-selected", key === this.#openKey ? "true" : "false");
    }
    columns.forEach((column, at) => column.draw(row.cells[at], item));
  }

  #makeRow() {
    const { columns, onSelect } = this.#options;
    const element = h("div", { class: "grid-row", role: "row" });
    const row = { element, cells: [], index: -1 };
    if (onSelect) {
      element.append(
        h(
          "div",
          { class: "grid-cell cell-check", role: "gridcell" },
          h("span", { class: "tick", "aria-hidden": "true" }, icon("check", 12)),
        ),
      );
    }
    for (const column of columns) {
      const cell = h("div", { class: `grid-cell cell-${column.key}`, role: "gridcell" }, column.make?.());
      row.cells.push(cell);
      element.append(cell);
    }
    element.row = row;
    return row;
  }

  // ------------------------------------------------------------------------------------------ moving

  #reveal(index) {
    const head = this.#grid.firstElementChild.offsetHeight;
    const top = index * this.#rowHeight;
    const room = this.#grid.clientHeight - head - this.#rowHeight;
    if (top < this.#grid.scrollTop) this.#grid.scrollTop = top;
    else if (top > this.#grid.scrollTop + room) this.#grid.scrollTop = top - room;
    this.#drawRows();
  }

  #moveTo(index) {
    const { keyOf, onActive } = this.#options;
    const to = Math.max(0, Math.min(this.#source.length - 1, index));
    const item = this.#itemAt(to);
    if (!item) return;
    this.#activeKey = keyOf(item);
    this.#reveal(to);
    onActive?.(item);
  }

  #onKey(event) {
    if (event.target !== this.#grid) return;
    const { onOpen, onSelect, onDelete, keyOf } = this.#options;
    const current = this.#indexOf(this.#activeKey);
    const page = Math.max(1, Math.floor(this.#grid.clientHeight / this.#rowHeight) - 2);
    const moves = {
      ArrowDown: current + 1,
      ArrowUp: current < 0 ? 0 : current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: this.#source.length - 1,
    };
    const item = this.activeItem;
    if (event.key in moves) {
      this.#moveTo(moves[event.key]);
      if (event.shiftKey && onSelect && this.activeItem) {
        if (item) this.selected.add(keyOf(item));
        this.selected.add(this.#activeKey);
        this.#selectionChanged();
      }
    } else if (event.key === "Enter" && item) {
      if (onSelect && !onOpen) this.#toggle(item);
      else onOpen?.(item);
    } else if (event.key === " " && item && onSelect) {
      this.#toggle(item);
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey) && onSelect) {
      for (const each of this.#all) this.selected.add(keyOf(each));
      this.#selectionChanged();
    } else if (event.key === "Delete" && item && onDelete) {
      onDelete(item);
    } else if (event.key === "Escape" && onSelect && this.selected.size > 0) {
      this.clearSelection();
    } else {
      return;
    }
    event.preventDefault();
  }

  #onClick(event) {
    const index = event.target.closest(".grid-row")?.row?.index;
    const item = this.#itemAt(index);
    if (!item || event.target.closest("button, a")) return;
    const { keyOf, onOpen, onSelect } = this.#options;
    this.#activeKey = keyOf(item);
    if (onSelect) {
      if (event.shiftKey && this.#indexOf(this.#anchorKey) >= 0) this.#selectTo(index);
      else this.#toggle(item);
    } else {
      onOpen?.(item);
      this.#drawRows();
    }
  }

  // ------------------------------------------------------------------------------------------ selecting

  #toggle(item) {
    const key = this.#options.keyOf(item);
    this.#anchorKey = key;
    if (!this.selected.delete(key)) this.selected.add(key);
    this.#selectionChanged();
  }

  #selectTo(index) {
    const from = this.#indexOf(this.#anchorKey);
    const between = this.#source.slice(Math.min(from, index), Math.max(from, index) + 1);
    for (const item of between) this.selected.add(this.#options.keyOf(item));
    this.#selectionChanged();
  }

  #toggleAll() {
    const { keyOf } = this.#options;
    const items = this.#all;
    const all = items.every((item) => this.selected.has(keyOf(item)));
    for (const item of items) {
      if (all) this.selected.delete(keyOf(item));
      else this.selected.add(keyOf(item));
    }
    this.#selectionChanged();
  }

  #selectionChanged() {
    this.redraw();
    this.#options.onSelect?.();
  }

  #showSelection() {
    if (!this.#selectAll) return;
    const { length } = this.#source;
    const chosen = this.selectedItems.length;
    this.#selectAll.checked = chosen > 0 && chosen === length;
    this.#selectAll.indeterminate = chosen > 0 && chosen < length;
    this.#selectAll.disabled = length === 0;
    this.#selectAll.setAttribute("aria-label", `Select all ${counted(length, "row", "rows")} shown`);
  }
}

/** Items that are all at hand, as a source. */
function listed(items, keyOf) {
  const indexes = new Map(items.map((item, index) => [keyOf(item), index]));
  return {
    length: items.length,
    slice: (first, last) => items.slice(first, last),
    indexOf: (key) => indexes.get(key) ?? -1,
  };
}

/** A column that shows one text; `item.marks`, where there are any, has the parts of it to highlight. */
export function textColumn(key, label, textOf, { sort = false, dir = null } = {}) {
  return {
    key,
    label,
    sort,
    make: () => h("span", { class: "truncate", dir }),
    draw: (cell, item) => drawMarked(cell.firstChild, textOf(item), item.marks?.[key]),
  };
}

/** Grey rows that hold the place of rows on their way. */
export function skeletonRows(number, kind) {
  return h(
    "div",
    { class: `grid-skeleton ${kind}`, "aria-hidden": "true" },
    Array.from({ length: number }, (_, index) =>
      h(
        "div",
        { class: "grid-row" },
        h("span", { class: "skeleton round" }),
        h("span", { class: `skeleton w${(index * 7) % 4}` }),
        h("span", { class: `skeleton w${(index * 5 + 2) % 4}` }),
      ),
    ),
  );
}
