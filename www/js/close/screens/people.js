// People: everybody of the organisation, there from the first page on, searched and sorted as you type.

import { drawWho, whoCell } from "../../avatar.js";
import { fill, h, throttle } from "../../dom.js";
import { icon } from "../../icons.js";
import { listingBar } from "../../listing-bar.js";
import { emptyState, pageHead, searchBox, select } from "../../page.js";
import { SidePanel } from "../../side-panel.js";
import { byText, count, counted, dayText, matcher } from "../../text.js";
import { skeletonRows, textColumn, VirtualList } from "../../virtual-list.js";
import { personDetails } from "../person-details.js";
import { session } from "../session.js";

/** How often the list is sorted anew while pages arrive; sorting each page would keep the browser busy. */
const REFRESH_MS = 200;

const SORTS = {
  name: (a, b) => byText(a.name, b.name),
  email: (a, b) => byText(a.email, b.email),
  role: (a, b) => byText(session.directory.roleName(a.roleId), session.directory.roleName(b.roleId)),
  joined: (a, b) => (a.joined < b.joined ? -1 : a.joined > b.joined ? 1 : 0),
};

export function peopleScreen({ signal, id, navigate }) {
  const { directory } = session;
  const { users, memberships, roles } = directory.listings;
  const parts = [users, memberships, roles];
  const filters = { query: "", state: "active", role: "", sort: "name", direction: 1 };

  // ---------------------------------------------------------------------------------------- parts

  const total = h("p", { class: "page-count" });
  const refresh = h(
    "button",
    { type: "button", class: "button", on: { click: reload } },
    icon("refresh"),
    h("span", { class: "wide-only" }, "Refresh"),
  );
  refresh.setAttribute("aria-label", "Refresh");

  const search = searchBox("Search by name or email", (query) => {
    filters.query = query;
    list.scrollToTop();
    draw();
  });
  const state = select(
    [
      ["active", "Active"],
      ["former", "Former"],
      ["", "Everyone"],
    ],
    filters.state,
    {
      "aria-label": "Show",
      on: { change: () => refilter("state", state.value) },
    },
  );
  const role = select([["", "Any role"]], "", {
    "aria-label": "Role",
    on: { change: () => refilter("role", role.value) },
  });

  const list = new VirtualList({
    label: "People",
    kind: "people-grid",
    keyOf: (person) => person.id,
    columns: [
      { key: "name", label: "Name", sort: true, make: whoCell, draw: drawWho },
      textColumn("email", "Email", (person) => person.email, { sort: true, dir: "ltr" }),
      textColumn("role", "Role", (person) => (person.roleId ? directory.roleName(person.roleId) : "—"), { sort: true }),
      { key: "status", label: "Status", make: () => h("span", { class: "badge" }), draw: drawStatus },
      textColumn("phone", "Phone", (person) => person.phone, { dir: "ltr" }),
      textColumn("joined", "Joined", (person) => (person.user ? dayText(person.joined) : ""), { sort: true }),
    ],
    onSort: (key) => {
      filters.direction = filters.sort === key ? -filters.direction : 1;
      filters.sort = key;
      draw();
    },
    onOpen: (person) => open(person, { focus: true }),
    onActive: (person) => panel.isOpen && open(person),
  });

  const panel = new SidePanel({
    signal,
    onClose: () => {
      shown.abort();
      shownId = null;
      list.setOpen(null);
      navigate("people", null, { replace: true });
      list.focus();
    },
  });

  // ---------------------------------------------------------------------------------------- drawing

  function refilter(key, value) {
    filters[key] = value;
    list.scrollToTop();
    draw();
  }

  function matching() {
    const matches = matcher(filters.query);
    const { state: which, role: roleId } = filters;
    return directory.people.filter(
      (person) =>
        (which === "" || !directory.membershipsLoaded || person.active === (which === "active")) &&
        (roleId === "" || person.roleId === roleId) &&
        matches(person.searchText),
    );
  }

  function draw() {
    const found = matching();
    const compare = SORTS[filters.sort];
    found.sort((a, b) => filters.direction * compare(a, b) || byText(a.name, b.name));
    list.setSort(filters.sort, filters.direction);
    list.setItems(found);
    const all = directory.people.length;
    total.textContent =
      all === 0
        ? ""
        : found.length === all
          ? counted(all, "person", "people")
          : `${count(found.length)} of ${counted(all, "person", "people")}`;
    list.setOverlay(found.length > 0 ? null : users.isRunning ? skeletonRows(12, "people-grid") : nothing(all));
  }

  const drawSoon = throttle(() => signal.aborted || draw(), REFRESH_MS);

  function nothing(all) {
    if (all === 0) return emptyState("people", "No people", "Nobody was loaded.");
    const clear = h(
      "button",
      { type: "button", class: "button", on: { click: clearFilters } },
      "Clear search and filters",
    );
    return emptyState("search", "Nobody matches", "Try fewer words, or look among former people too.", clear);
  }

  function clearFilters() {
    Object.assign(filters, { query: "", state: "", role: "" });
    search.input.value = state.value = role.value = "";
    draw();
    search.input.focus();
  }

  let rolesShown = null;

  function drawRoleFilter() {
    rolesShown = directory.roles;
    fill(
      role,
      [["", "Any role"], ...(directory.roles ?? []).map((each) => [each.id, each.name])].map(([key, label]) =>
        h("option", { value: key, selected: key === filters.role }, label),
      ),
    );
  }

  // ---------------------------------------------------------------------------------------- loading

  /** Reads whatever is missing; what the reader has stopped only when they say so. */
  async function load(held = true) {
    await Promise.all(parts.map((part) => (held || !part.isHeld) && part.run(signal)));
    if (signal.aborted) return;
    openById(shownId);
  }

  /** One button stops all of it. */
  function stop() {
    memberships.leave();
    roles.leave();
    users.stop();
  }

  function reload() {
    directory.forgetPeople();
    roles.reset();
    load();
  }

  function update() {
    list.setBusy(parts.some((part) => part.isRunning));
    // Close does not count users, but there is one for each membership.
    if (memberships.isComplete && users.isRunning && users.total !== directory.people.length)
      users.expect(directory.people.length);
    if (directory.roles !== rolesShown) drawRoleFilter();
    drawSoon();
  }

  for (const part of parts) part.addEventListener("change", update, { signal });

  const common = { signal, goOn: () => load(), leave: () => list.focus() };
  const people = listingBar(users, {
    ...common,
    nouns: ["person", "people"],
    failure: "The list of users was not loaded to its end",
    again: reload,
    stop,
  });
  const others = [
    listingBar(memberships, {
      ...common,
      nouns: ["membership", "memberships"],
      failure: "Roles, phones and who has left could not be loaded",
      aside: true,
    }),
    listingBar(roles, {
      ...common,
      nouns: ["role", "roles"],
      failure: "The names of the roles could not be loaded",
      aside: true,
    }),
  ];

  // ---------------------------------------------------------------------------------------- details

  let shownId = id;
  let shown = new AbortController();

  function open(person, { focus = false } = {}) {
    shownId = person.id;
    list.setOpen(person.id);
    navigate("people", person.id, { replace: true });
    shown.abort();
    shown = new AbortController();
    const details = personDetails(person, {
      signal,
      shown: AbortSignal.any([signal, shown.signal]),
      onChange: () => list.redraw(),
    });
    panel.show(person.name, details, { focus });
  }

  /** Opens the person the address names, once they are known. */
  function openById(wanted) {
    const person = wanted && directory.person(wanted);
    if (!person || panel.isOpen) return;
    open(person);
    list.scrollToKey(person.id);
  }

  const element = h(
    "div",
    { class: "page fixed people-page" },
    pageHead("People", total, refresh),
    h(
      "div",
      { class: "page-troubles" },
      people.trouble,
      others.map(({ trouble }) => trouble),
    ),
    h("div", { class: "toolbar", role: "search" }, search.element, state, role),
    h(
      "div",
      { class: "split" },
      h(
        "div",
        { class: "split-list" },
        list.element,
        people.bar,
        others.map(({ bar }) => bar),
      ),
      panel.element,
    ),
  );
  drawRoleFilter();
  load(false);
  draw();

  return {
    title: "People",
    element,
    show(wanted) {
      shownId = wanted;
      const person = wanted && directory.person(wanted);
      if (person) {
        open(person);
        list.scrollToKey(person.id);
      } else {
        panel.hide();
        list.setOpen(null);
      }
    },
  };
}

function drawStatus(cell, person) {
  const badge = cell.firstChild;
  if (!person.membership) {
    badge.hidden = true;
    return;
  }
  badge.hidden = false;
  badge.className = `badge dot ${person.active ? "is-on" : ""}`;
  badge.textContent = person.active ? "Active" : "Former";
}
