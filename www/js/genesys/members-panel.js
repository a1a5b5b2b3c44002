// The members of a group as a list: found, told apart, added and taken out.

import { announce } from "../announce.js";
import { drawWho, whoCell } from "../avatar.js";
import { fill, h, throttle } from "../dom.js";
import { icon } from "../icons.js";
import { done, emptyState, searchBox, select, working } from "../page.js";
import { problem } from "../problem.js";
import { byText, count, counted, matcher } from "../text.js";
import { skeletonRows, VirtualList } from "../virtual-list.js";
import { isAbort } from "../work.js";
import { addPeople } from "./add-people.js";
import { Members } from "./members.js";
import { partialProblem } from "./partial.js";
import { session } from "./session.js";

/** How often the list is sorted anew while pages arrive. */
const REFRESH_MS = 200;

/** `onChange` is told when the group's own record was read again. */
export function membersPanel(group, { signal, onChange }) {
  const { directory, genesys } = session;
  const members = new Members(group, { genesys, directory, signal });
  let query = "";
  let loading = false;

  // ---------------------------------------------------------------------------------------- parts

  const summary = h("p", { class: "members-summary muted" });
  const results = h("div", { class: "results" });
  const progress = h("progress", { class: "load-bar", "aria-label": "Members loaded", hidden: true });
  const search = searchBox("Find in this group", (text) => {
    query = text;
    list.scrollToTop();
    draw();
  });
  const by = select(
    [
      ["", "Everybody"],
      ["individual", "Added by name"],
      ["owner", "Owners"],
      ["rule", "By rule"],
    ],
    "",
    {
      "aria-label": "Show",
      on: {
        change: () => {
          list.scrollToTop();
          draw();
        },
      },
    },
  );
  const addButton = h(
    "button",
    { type: "button", class: "button primary", on: { click: add } },
    icon("plus"),
    "Add people",
  );
  const removeButton = h(
    "button",
    { type: "button", class: "button", on: { click: () => takeOut(list.selectedItems) } },
    icon("close"),
    h("span"),
  );
  const list = new VirtualList({
    label: "Members",
    kind: "genesys-members-grid",
    keyOf: (person) => person.id,
    columns: [
      { key: "name", label: "Name", make: whoCell, draw: drawWho },
      {
        key: "email",
        label: "Email",
        make: () => h("span", { class: "truncate", dir: "ltr" }),
        draw: (cell, person) => {
          cell.firstChild.textContent = person.email;
        },
      },
      { key: "by", label: "Here as", make: () => h("span", { class: "badges" }), draw: drawBadges },
    ],
    onSelect: drawSelection,
    onDelete: (person) => takeOut([person]),
  });

  // ---------------------------------------------------------------------------------------- drawing

  function badgesOf(person) {
    const pending = members.pending.get(person.id);
    return [
      members.isIndividual(person.id) && ["Added", ""],
      members.isOwner(person.id) && ["Owner", "accent"],
      members.isByRule(person.id) && ["By rule", "quiet"],
      pending === true && ["Joining…", "warn"],
      pending === false && ["Leaving…", "warn"],
    ].filter(Boolean);
  }

  function drawBadges(cell, person) {
    fill(
      cell.firstChild,
      badgesOf(person).map(([text, kind]) => h("span", { class: `badge ${kind}` }, text)),
    );
  }

  function draw() {
    const people = members.people;
    const matches = matcher(query);
    const belongs = {
      "": () => true,
      individual: (person) => members.isIndividual(person.id),
      owner: (person) => members.isOwner(person.id),
      rule: (person) => members.isByRule(person.id),
    }[by.value];
    const found = people.filter((person) => belongs(person) && matches(person.searchText));
    found.sort((a, b) => byText(a.name, b.name));
    list.setItems(found);
    list.setOverlay(
      found.length > 0
        ? null
        : !members.complete && loading
          ? skeletonRows(8, "genesys-members-grid")
          : people.length > 0
            ? emptyState("search", "Nobody matches")
            : emptyState("people", "Nobody in this group yet", "“Add people” finds them by name, or takes a list."),
    );
    drawSummary();
    drawSelection();
  }

  function drawSummary() {
    const { all, individuals, owners, byRule } = members.counts;
    const waiting = members.pending.size;
    progress.hidden = !loading || members.complete;
    if (members.total) {
      progress.max = members.total;
      progress.value = all;
    }
    fill(
      summary,
      members.complete
        ? [
            h("strong", null, counted(all, "member", "members")),
            ` · ${count(individuals)} added by name · ${count(owners)} as owners · ${count(byRule)} by rule`,
          ]
        : members.total === null
          ? "Loading…"
          : `${count(all)} of ${counted(members.total, "member", "members")} loaded`,
      waiting > 0 && [
        " · ",
        h(
          "span",
          { class: "badge warn" },
          h("span", { class: "spinner", "aria-hidden": "true" }),
          `${count(waiting)} pending`,
        ),
      ],
    );
  }

  function drawSelection() {
    const number = list.selected.size;
    removeButton.lastChild.textContent = number > 0 ? `Remove ${counted(number, "person", "people")}` : "Remove";
    removeButton.disabled = number === 0;
  }

  const drawSoon = throttle(() => signal.aborted || draw(), REFRESH_MS);
  members.addEventListener("change", drawSoon, { signal });

  // ---------------------------------------------------------------------------------------- changing

  /** Waits until what was accepted shows; a failure of that is told, for the change itself has worked. */
  async function follow(ids, joins) {
    try {
      await members.expect(ids, joins);
      onChange();
      if (members.pending.size > 0) {
        fill(
          results,
          h(
            "p",
            { class: "notice warn" },
            icon("warning"),
            h("span", { class: "notice-text" }, "Genesys has accepted the change but does not show it yet."),
            h("button", { type: "button", class: "button tiny", on: { click: () => follow([], joins) } }, "Look again"),
          ),
        );
      }
    } catch (error) {
      if (!isAbort(error, signal))
        results.append(
          problem(error, { title: "The members could not be read again", retry: () => follow([], joins) }),
        );
    }
  }

  async function add() {
    fill(results);
    const added = await addPeople(group, members, { signal });
    if (added.length === 0) return;
    fill(
      results,
      done(
        `${counted(added.length, "person", "people")} added`,
        clear,
        undoButton(() => removeAll(added)),
      ),
    );
    announce(`${counted(added.length, "person", "people")} added`);
    follow(added, true);
  }

  function takeOut(people) {
    const ids = people.map((person) => person.id).filter((id) => members.isIndividual(id));
    const others = people.length - ids.length;
    const rest =
      others > 0 &&
      `${counted(others, "person is", "people are")} here as an owner or by a rule, and cannot be removed by name.`;
    if (ids.length === 0) {
      fill(
        results,
        rest &&
          h("p", { class: "notice warn", role: "alert" }, icon("warning"), h("span", { class: "notice-text" }, rest)),
      );
      return;
    }
    removeAll(ids, rest);
  }

  async function removeAll(ids, rest) {
    const bar = h("progress", { max: ids.length, value: 0, "aria-label": "People removed" });
    fill(results, working(`Removing ${counted(ids.length, "person", "people")}…`, bar));
    let removed = [];
    let failed = null;
    try {
      const onProgress = ({ done: part }) => (bar.value = part);
      ({ done: removed } = await genesys.groups.removeMembers(group.id, ids, { signal, onProgress }));
    } catch (error) {
      if (isAbort(error, signal)) return;
      removed = error.partial?.done ?? [];
      failed = error;
    }
    for (const id of removed) list.selected.delete(id);
    const text = `${counted(removed.length, "person", "people")} removed`;
    fill(
      results,
      removed.length > 0 &&
        done(
          rest ? `${text}. ${rest}` : text,
          clear,
          undoButton(() => putBack(removed)),
        ),
      failed &&
        partialProblem(failed, {
          title: `${counted(ids.length - removed.length, "person was", "people were")} not removed`,
          nameOf: (id) => directory.person(id)?.name ?? id,
          dismiss: clear,
        }),
    );
    announce(failed ? `${text}, ${ids.length - removed.length} not` : text);
    if (removed.length > 0) follow(removed, false);
  }

  async function putBack(ids) {
    fill(results, working(`Adding ${counted(ids.length, "person", "people")}…`));
    try {
      const { done: added } = await genesys.groups.addMembers(group.id, ids, {}, { signal });
      fill(results, done(`${counted(added.length, "person", "people")} added again`, clear));
      follow(added, true);
    } catch (error) {
      if (isAbort(error, signal)) return;
      fill(results, problem(error, { title: "They were not added again", dismiss: clear }));
      if (error.partial) follow(error.partial.done, true);
    }
  }

  const clear = () => fill(results);

  function undoButton(undo) {
    return h("button", { type: "button", class: "button tiny", on: { click: undo } }, icon("undo", 14), "Undo");
  }

  // ---------------------------------------------------------------------------------------- loading

  async function load() {
    loading = true;
    fill(results);
    list.setBusy(true);
    draw();
    try {
      await members.load();
    } catch (error) {
      if (isAbort(error, signal)) return;
      fill(results, problem(error, { title: "The members could not be loaded", retry: load }));
    }
    loading = false;
    list.setBusy(false);
    draw();
  }

  load();
  return {
    members,
    element: h(
      "section",
      { class: "members-panel", "aria-label": "Members" },
      h(
        "div",
        { class: "toolbar compact" },
        search.element,
        by,
        h("span", { class: "spread" }),
        removeButton,
        addButton,
      ),
      summary,
      results,
      h("div", { class: "list-frame" }, progress, list.element),
    ),
    redraw: draw,
    /** Reads the members again, after what brings them in was changed. */
    refresh: () => follow([], true),
  };
}
