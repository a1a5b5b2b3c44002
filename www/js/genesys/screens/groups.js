// Groups: all of them as a list, there from the first page on; and in its place one group, when it is opened.

import { announce } from "../../announce.js";
import { openDialog } from "../../dialog.js";
import { fill, h, throttle } from "../../dom.js";
import { icon } from "../../icons.js";
import { listingBar } from "../../listing-bar.js";
import { emptyState, lockedNote, pageHead, searchBox, select } from "../../page.js";
import { problem } from "../../problem.js";
import { byText, count, counted, dayText, matcher } from "../../text.js";
import { toast } from "../../toast.js";
import { skeletonRows, textColumn, VirtualList } from "../../virtual-list.js";
import { isAbort } from "../../work.js";
import { stateLabel, typeLabel, TYPES, visibilityLabel } from "../fields.js";
import { groupDetail } from "../group-detail.js";
import { groupForm, NEW_GROUP } from "../group-form.js";
import { session } from "../session.js";

/** How often the list is sorted anew while pages arrive. */
const REFRESH_MS = 200;

export function groupsScreen({ signal, id, navigate }) {
  const { directory, genesys } = session;
  const reading = directory.listings.groups;
  const filters = { query: "", type: "", direction: 1 };
  let detail = null;
  let openId = null;

  // ---------------------------------------------------------------------------------------- parts

  const total = h("p", { class: "page-count" });
  const troubles = h("div", { class: "trouble" });
  const refresh = h(
    "button",
    { type: "button", class: "button", "aria-label": "Refresh", on: { click: reload } },
    icon("refresh"),
    h("span", { class: "wide-only" }, "Refresh"),
  );
  const newButton = h(
    "button",
    { type: "button", class: "button primary", on: { click: create } },
    icon("plus"),
    "New group",
  );
  const search = searchBox("Find a group", (text) => {
    filters.query = text;
    list.scrollToTop();
    draw();
  });
  const type = select([["", "Any type"], ...TYPES], "", {
    "aria-label": "Type",
    on: {
      change: () => {
        filters.type = type.value;
        list.scrollToTop();
        draw();
      },
    },
  });
  const list = new VirtualList({
    label: "Groups",
    kind: "groups-grid",
    keyOf: (group) => group.id,
    columns: [
      { key: "name", label: "Name", sort: true, make: nameCell, draw: drawName },
      textColumn("type", "Type", (group) => typeLabel(group.record.type)),
      textColumn("visibility", "Visible to", (group) => visibilityLabel(group.record.visibility)),
      { key: "state", label: "State", make: () => h("span", { class: "badge" }), draw: drawState },
      textColumn("members", "Members", (group) => count(group.record.memberCount ?? 0)),
      textColumn("owners", "Owners", (group) => count(group.ownerIds.length)),
      textColumn("modified", "Modified", (group) => dayText(group.record.dateModified)),
    ],
    onSort: () => {
      filters.direction = -filters.direction;
      draw();
    },
    onOpen: (group) => group.deleting || navigate("groups", group.id),
  });

  function nameCell() {
    return h(
      "span",
      { class: "group-cell" },
      h("span", { class: "group-cell-name truncate", dir: "auto" }),
      h("span", { class: "group-cell-more truncate", dir: "auto" }),
    );
  }

  function drawName(cell, { record }) {
    const [name, more] = cell.firstChild.children;
    name.textContent = record.name;
    more.textContent = record.description ?? "";
  }

  function drawState(cell, { deleting, record: { state } }) {
    const badge = cell.firstChild;
    if (deleting) {
      badge.className = "badge warn";
      fill(badge, h("span", { class: "spinner", "aria-hidden": "true" }), "Deleting…");
    } else {
      badge.className = `badge dot ${state === "active" ? "is-on" : ""}`;
      badge.textContent = stateLabel(state);
    }
  }

  // ---------------------------------------------------------------------------------------- drawing

  function draw() {
    const { groups } = directory;
    const matches = matcher(filters.query);
    const found = groups.filter(
      (group) => (filters.type === "" || group.record.type === filters.type) && matches(group.searchText),
    );
    found.sort((a, b) => filters.direction * byText(a.name, b.name));
    list.setSort("name", filters.direction);
    list.setItems(found);
    const whole = reading.total ?? groups.length;
    total.textContent =
      reading.total === null && groups.length === 0
        ? ""
        : filters.query || filters.type
          ? `${count(found.length)} of ${counted(whole, "group", "groups")}`
          : counted(whole, "group", "groups");
    list.setOverlay(found.length > 0 ? null : reading.isRunning ? skeletonRows(12, "groups-grid") : nothing());
    list.setBusy(reading.isRunning);
  }

  const drawSoon = throttle(() => signal.aborted || draw(), REFRESH_MS);

  function nothing() {
    if (directory.groups.length === 0) {
      if (!reading.isComplete) return emptyState("groups", "No groups", "None were loaded.");
      return emptyState("groups", "No groups yet", "A group is a set of people, by name or by rule.");
    }
    const clear = h("button", { type: "button", class: "button", on: { click: clearFilters } }, "Clear the filter");
    return emptyState("search", "No such group", "Search looks further than names.", clear);
  }

  function clearFilters() {
    Object.assign(filters, { query: "", type: "" });
    search.input.value = type.value = "";
    draw();
    search.input.focus();
  }

  // ---------------------------------------------------------------------------------------- loading

  const load = () => reading.run(signal);

  function reload() {
    directory.forgetGroups();
    load();
  }

  const { bar, trouble } = listingBar(reading, {
    signal,
    nouns: ["group", "groups"],
    failure: "The list of groups was not loaded to its end",
    goOn: load,
    again: reload,
    leave: () => list.focus(),
  });
  reading.addEventListener("change", drawSoon, { signal });

  // ---------------------------------------------------------------------------------------- creating, deleting

  async function create() {
    const closed = new AbortController();
    const form = groupForm(NEW_GROUP, { signal: AbortSignal.any([signal, closed.signal]) });
    let made = null;
    let unfinished = null;
    const confirmed = await openDialog({
      title: "New group",
      kind: "roomy",
      body: form.body,
      confirm: "Create group",
      failure: "The group was not created",
      run: async (dialogSignal) => {
        const values = Object.entries(form.read()).filter(([, value]) => value !== "" && value.length !== 0);
        try {
          made = await genesys.groups.create(Object.fromEntries(values), session.call(dialogSignal));
        } catch (error) {
          const [madeId] = error.partial?.done ?? [];
          if (!madeId) throw error;
          made = await genesys.groups.get(madeId, session.call(dialogSignal));
          unfinished = error;
        }
      },
      onError: form.onError,
    });
    closed.abort();
    if (!confirmed) return;
    const group = directory.takeCreated(made);
    draw();
    if (unfinished) {
      const title = `“${group.name}” was created, but without its description`;
      fill(troubles, problem(unfinished, { title, dismiss: () => fill(troubles) }));
    } else {
      toast(`Group “${group.name}” created`);
    }
    navigate("groups", group.id);
  }

  async function remove(group) {
    const work = directory.deleteGroup(group, signal);
    announce(`Deleting ${group.name}`);
    try {
      await work;
      toast(`Group “${group.name}” deleted`);
    } catch (error) {
      if (isAbort(error, signal)) return;
      troubles.append(problem(error, { title: `“${group.name}” was not deleted`, dismiss: () => fill(troubles) }));
    }
  }

  directory.addEventListener("change", () => draw(), { signal });

  // ---------------------------------------------------------------------------------------- one group

  const index = h(
    "div",
    { class: "page fixed genesys-groups" },
    pageHead("Groups", total, refresh, newButton),
    session.mayManage ? null : lockedNote("You may not change groups, so Genesys refuses changes made here."),
    h("div", { class: "page-troubles" }, trouble, troubles),
    h("div", { class: "toolbar", role: "search" }, search.element, type),
    h("div", { class: "split" }, h("div", { class: "split-list" }, list.element, bar)),
  );
  const element = h("div", { class: "groups-screen" }, index);

  let opening = new AbortController();

  /** Shows the group with this id, or the list for none. */
  async function open(wanted, { focus = false } = {}) {
    opening.abort();
    opening = new AbortController();
    const together = AbortSignal.any([signal, opening.signal]);
    detail?.leave();
    detail = null;
    const before = openId;
    openId = wanted;
    if (!wanted) {
      index.hidden = false;
      fill(element, index);
      list.redraw();
      if (before) {
        list.setOpen(before);
        list.scrollToKey(before);
        list.setOpen(null);
        list.focus();
      }
      return;
    }
    let group = directory.group(wanted);
    if (!group) {
      fill(
        element,
        h(
          "div",
          { class: "page" },
          h("h1", { tabindex: -1, class: "visually-hidden" }, "Group"),
          h("p", { class: "boot" }, "Loading the group…"),
        ),
      );
      try {
        group = await directory.loadGroup(wanted, together);
      } catch (error) {
        if (!isAbort(error, together)) fill(element, missing(error));
        return;
      }
      if (together.aborted) return;
    }
    detail = groupDetail(group, {
      signal,
      onBack: () => navigate("groups"),
      onDelete: () => {
        navigate("groups");
        remove(group);
      },
      onChange: draw,
    });
    fill(element, detail.element);
    if (focus) detail.focus();
  }

  function missing(error) {
    return h(
      "div",
      { class: "page" },
      h("h1", { tabindex: -1 }, "Group"),
      problem(error, { title: "The group could not be loaded", retry: () => open(openId) }),
      h("p", null, h("a", { class: "button", href: "#/genesys/groups" }, "All groups")),
    );
  }

  draw();
  open(id);
  if (!reading.isHeld) load();
  // What was being deleted when this screen was left is still to go.
  for (const group of directory.groups.filter((each) => each.deleting)) remove(group);

  return {
    title: "Groups",
    element,
    show(wanted) {
      if (wanted === openId) return;
      open(wanted, { focus: true });
      announce(wanted ? (directory.group(wanted)?.name ?? "Group") : "All groups");
    },
  };
}
