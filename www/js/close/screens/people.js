// People: everybody of the organisation, there from the first page on, searched, sorted and counted as you type.

import { drawWho, whoCell } from "../../avatar.js";
import { fill, h, throttle } from "../../dom.js";
import { download } from "../../download.js";
import { icon } from "../../icons.js";
import { listingBar } from "../../listing-bar.js";
import { emptyState, pageHead, searchBox, select } from "../../page.js";
import { SidePanel } from "../../side-panel.js";
import { collator, count, counted, dayText, momentText } from "../../text.js";
import { timeChart } from "../../time-chart.js";
import { skeletonRows, textColumn, VirtualList } from "../../virtual-list.js";
import { personDetails } from "../person-details.js";
import { session } from "../session.js";

/** How often all is drawn anew while pages arrive; sorting at each page would keep the browser busy. */
const REFRESH_MS = 200;

const NAME = ["name", "first_name", "last_name"];
const SORTS = { name: NAME, email: ["email", ...NAME], role: ["role", ...NAME], joined: ["date_created", ...NAME] };

const STATES = [
  ["active", "Active"],
  ["former", "Former"],
  ["", "Everyone"],
];

/** The columns of the file. */
const FILE = {
  name: "Name",
  email: "Email",
  role: "Role",
  status: "Status",
  phone: "Phone",
  date_created: "Joined",
  id: "Id",
};

export function peopleScreen({ signal, id, navigate }) {
  const { directory } = session;
  const { users, memberships, roles } = directory.listings;
  const parts = [users, memberships, roles];
  const filters = { query: "", state: "active", role: "", sort: "name", direction: 1 };
  /** What is shown, and the same without one of the filters, to count what it could be set to. */
  let views = null;

  // ---------------------------------------------------------------------------------------- parts

  const total = h("span");
  const age = h("span", { role: "status" });
  const action = (label, name, act) => {
    const words = h("span", { class: "wide-only" }, label);
    return h("button", { type: "button", class: "button", "aria-label": label, on: { click: act } }, icon(name), words);
  };
  const refresh = action("Refresh", "refresh", reload);
  const save = action("Export CSV", "download", saveFile);

  const search = searchBox("Search by name or email", (query) => refilter("query", query));
  search.input.title = "Also by a field: role:admin, -status:former, phone:555";
  const state = select(STATES, filters.state, {
    "aria-label": "Show",
    on: { change: () => refilter("state", state.value) },
  });
  const role = select([["", "Any role"]], "", {
    "aria-label": "Role",
    on: { change: () => refilter("role", role.value) },
  });
  const chart = timeChart("Joined", ["person", "people"]);

  const list = new VirtualList({
    label: "People",
    kind: "people-grid",
    keyOf: (person) => person.id,
    columns: [
      { key: "name", label: "Name", sort: true, make: whoCell, draw: drawWho },
      textColumn("email", "Email", (person) => person.email, { sort: true, dir: "ltr" }),
      textColumn("role", "Role", (person) => person.role || "—", { sort: true }),
      { key: "status", label: "Status", make: () => h("span", { class: "badge" }), draw: drawStatus },
      textColumn("phone", "Phone", (person) => person.phone, { dir: "ltr" }),
      textColumn("joined", "Joined", (person) => dayText(person.joined), { sort: true }),
    ],
    onSort: (key) => {
      filters.direction = filters.sort === key ? -filters.direction : 1;
      filters.sort = key;
      ask();
    },
    onOpen: ({ id }) => open(id, { focus: true }),
    onActive: ({ id }) => panel.isOpen && open(id),
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

  // ---------------------------------------------------------------------------------------- asking

  function refilter(key, value) {
    filters[key] = value;
    list.scrollToTop();
    ask();
  }

  /** Has the table look for what is wanted now, and shows it. */
  function ask() {
    const { table } = directory.table;
    if (!table) return;
    const { query, state, role, sort, direction } = filters;
    const order = direction > 0 ? "ascending" : "descending";
    // Who has left is known only once memberships are; until then everybody may be active.
    const former = { exact: "former", fields: "status" };
    const byState = { active: { not: former }, former }[state];
    const byRole = role && { exact: role, fields: "role_id" };
    const view = (...conditions) =>
      table.query({
        search: query,
        searchIn: [...NAME, "email"],
        where: { and: conditions.filter(Boolean) },
        sort: SORTS[sort].map((field, at) => ({ field, order: at === 0 || sort === "name" ? order : "ascending" })),
        // Dates are in order as they are written.
        collator: sort === "joined" ? undefined : collator,
      });
    forget();
    views = { shown: view(byState, byRole), anyState: view(byRole), anyRole: view(byState) };
    draw();
  }

  function forget() {
    for (const view of Object.values(views ?? {})) view.free();
    views = null;
  }

  // ---------------------------------------------------------------------------------------- drawing

  function draw() {
    if (!views) return;
    const { shown } = views;
    const found = shown.length;
    const all = directory.table.length;
    list.setSort(filters.sort, filters.direction);
    list.setSource({
      length: found,
      slice: (first, last) => peopleOf(shown, first, last, filters.query !== ""),
      indexOf: (key) => shown.indexOf(key),
    });
    list.setOverlay(found > 0 ? null : users.isRunning ? skeletonRows(12, "people-grid") : nothing(all));
    const people = counted(all, "person", "people");
    total.textContent = all === 0 ? "" : found === all ? people : `${count(found)} of ${people}`;
    save.disabled = found === 0;
    chart.draw(shown.histogram("date_created"));
    drawCounts();
  }

  const drawSoon = throttle(() => signal.aborted || draw(), REFRESH_MS);

  /** How many each filter would leave. */
  function drawCounts() {
    const numbers = (view, field) => new Map(view.facets(field).map(({ value, count }) => [value, count]));
    const label = (control, names, counts) => {
      for (const [at, [key, name]] of names.entries()) {
        const number = key === "" ? null : (counts.get(key) ?? 0);
        control.options[at].textContent = number === null ? name : `${name} (${count(number)})`;
      }
    };
    if (!directory.knowsMemberships && directory.table.readAt === null) return;
    label(state, STATES, numbers(views.anyState, "status"));
    label(role, rolesShown, numbers(views.anyRole, "role_id"));
  }

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
    ask();
    search.input.focus();
  }

  let rolesKnown;
  let rolesShown = [];

  function drawRoles() {
    rolesKnown = directory.roles;
    rolesShown = [["", "Any role"], ...(directory.roles ?? []).map((each) => [each.id, each.name])];
    fill(
      role,
      rolesShown.map(([key, label]) => h("option", { value: key, selected: key === filters.role }, label)),
    );
    directory.tellRoles();
  }

  /** Says of people from an earlier visit how old that is. */
  function drawAge() {
    const { readAt } = directory.table;
    age.textContent =
      readAt === null
        ? ""
        : ` · as of ${momentText(readAt)}${parts.some((part) => part.isRunning) ? ", refreshing…" : ""}`;
  }

  function saveFile() {
    const options = { columns: Object.keys(FILE), header: Object.values(FILE), bom: true };
    download(views.shown.toCsv(options), "people.csv");
  }

  // ---------------------------------------------------------------------------------------- loading

  /** Reads whatever is missing; what the reader has stopped only when they say so. */
  async function load(held = true) {
    // Whoever reads into it is told why it cannot be opened.
    await directory.table.open().catch(() => {});
    if (signal.aborted) return;
    if (!views) ask();
    openById(shownId);
    const run = (part) => (held || !part.isHeld) && part.run(signal);
    const others = Promise.all([run(memberships), run(roles)]);
    // A user that is read takes the place of the one from an earlier visit, whose role would be lost.
    if (directory.table.readAt !== null && !directory.knowsMemberships) await others;
    if (directory.table.readAt === null || directory.knowsMemberships) await run(users);
    await others;
    if (!signal.aborted) openById(shownId);
  }

  /** One button stops all of it. */
  function stop() {
    memberships.leave();
    roles.leave();
    users.stop();
  }

  function reload() {
    directory.readAgain();
    roles.reset();
    load();
  }

  function update() {
    list.setBusy(parts.some((part) => part.isRunning));
    // Close does not count users, but there is one for each membership.
    if (memberships.isComplete && users.isRunning && users.total !== directory.people.length)
      users.expect(directory.people.length);
    if (directory.roles !== rolesKnown) drawRoles();
    if (panel.isOpen && !person.membership && directory.person(shownId)?.membership) open(shownId);
    drawAge();
    drawSoon();
  }

  for (const part of parts) part.addEventListener("change", update, { signal });
  directory.table.addEventListener("change", drawSoon, { signal });
  signal.addEventListener("abort", () => {
    list.setItems([]);
    forget();
  });

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
  let person = null;

  function open(key, { focus = false } = {}) {
    person = directory.withUser(key);
    shownId = key;
    list.setOpen(key);
    navigate("people", key, { replace: true });
    shown.abort();
    shown = new AbortController();
    const details = personDetails(person, {
      signal,
      shown: AbortSignal.any([signal, shown.signal]),
      onChange: draw,
    });
    panel.show(person.name, details, { focus });
  }

  /** Opens the person the address names, once they are known. */
  function openById(wanted) {
    if (!wanted || panel.isOpen || !directory.person(wanted)) return;
    open(wanted);
    list.scrollToKey(wanted);
  }

  const element = h(
    "div",
    { class: "page fixed people-page" },
    pageHead("People", h("p", { class: "page-count truncate" }, total, age), save, refresh),
    h(
      "div",
      { class: "page-troubles" },
      people.trouble,
      others.map(({ trouble }) => trouble),
    ),
    h("div", { class: "toolbar", role: "search" }, search.element, state, role),
    chart.element,
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
  drawRoles();
  list.setOverlay(skeletonRows(12, "people-grid"));
  if (directory.table.table) ask();
  load(false);

  return {
    title: "People",
    element,
    show(wanted) {
      shownId = wanted;
      if (wanted && directory.person(wanted)) {
        open(wanted);
        list.scrollToKey(wanted);
      } else {
        panel.hide();
        list.setOpen(null);
      }
    },
  };
}

/** The people at some places of a view. */
function peopleOf(view, first, last, isSearched) {
  const records = view.rows(first, last - first);
  const marks = isSearched ? view.highlights(first, last - first) : [];
  return records.map((record, at) => {
    const { id, email = "", role, status, phone = "", date_created: joined } = record;
    const names = { first: record.first_name ?? "", last: record.last_name ?? "" };
    const name = record.name || `${names.first} ${names.last}`.trim() || email || id;
    return { id, ...names, name, email, role, status, phone, joined, marks: marks[at] };
  });
}

function drawStatus(cell, { status }) {
  const badge = cell.firstChild;
  badge.hidden = !status;
  badge.className = `badge dot ${status === "active" ? "is-on" : ""}`;
  badge.textContent = status === "active" ? "Active" : "Former";
}
