// The members of a group as a list: found, told apart, added and taken out.

import { announce } from "../announce.js";
import { drawWho, whoCell } from "../avatar.js";
import { fill, h, throttle } from "../dom.js";
import { icon } from "../icons.js";
import { listingBar } from "../listing-bar.js";
import { done, emptyState, searchBox, select, working } from "../page.js";
import { problem } from "../problem.js";
import { Cancelled } from "../request-log.js";
import { byText, count, counted, matcher } from "../text.js";
import { skeletonRows, VirtualList } from "../virtual-list.js";
import { waiting } from "../waiting.js";
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
  const members = new Members(group, { genesys, call: (...how) => session.call(...how), directory, signal });
  const { listing } = members;
  let query = "";

  // ---------------------------------------------------------------------------------------- parts

  const summary = h("p", { class: "members-summary muted" });
  const results = h("div", { class: "results" });
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
        : !members.complete && listing.isRunning
          ? skeletonRows(8, "genesys-members-grid")
          : people.length > 0
            ? emptyState("search", "Nobody matches")
            : members.complete
              ? emptyState("people", "Nobody in this group yet", "“Add people” finds them by name, or takes a list.")
              : emptyState("people", "No members", "None were loaded."),
    );
    list.setBusy(!members.complete && listing.isRunning);
    drawSummary();
    drawSelection();
  }

  function drawSummary() {
    const { all, individuals, owners, byRule } = members.counts;
    const waiting = members.pending.size;
    fill(
      summary,
      members.complete
        ? [
            h("strong", null, counted(all, "member", "members")),
            ` · ${count(individuals)} added by name · ${count(owners)} as owners · ${count(byRule)} by rule`,
          ]
        : listing.isRunning
          ? "Loading…"
          : `${counted(all, "member", "members")} so far`,
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
  listing.addEventListener("change", drawSoon, { signal });

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

  /** Shows how far a change of many is, and a button to stop it. Gives the options of its call; `end` is for its end. */
  function following(doing, ids) {
    const text = `${doing} ${counted(ids.length, "person", "people")}…`;
    const stop = new AbortController();
    const waits = waiting(AbortSignal.any([signal, stop.signal]));
    const bar = h("progress", { max: ids.length, value: 0, "aria-label": text });
    const cancel = h("button", { type: "button", class: "button tiny", on: { click: () => stop.abort() } }, "Cancel");
    fill(results, working(text, waits.element, bar, cancel));
    let done = [];
    const onProgress = (progress) => {
      bar.value = progress.done;
      done = ids.slice(0, progress.done);
    };
    return {
      call: session.call(waits.signal, { onProgress }),
      end: waits.end,
      /** What an error means: how far it got, or null when the screen was left. */
      outcome(error) {
        if (signal.aborted) return null;
        if (!stop.signal.aborted && !(error instanceof Cancelled)) return { done: error.partial?.done ?? [], error };
        const rest = ids.slice(done.length);
        return { done, error: Object.assign(new Cancelled(true), { partial: { done, failed: rest, rest: [] } }) };
      },
    };
  }

  async function removeAll(ids, rest) {
    const { call, outcome, end } = following("Removing", ids);
    let removed = [];
    let failed = null;
    try {
      ({ done: removed } = await genesys.groups.removeMembers(group.id, ids, call));
    } catch (error) {
      const so = outcome(error);
      if (!so) return;
      ({ done: removed, error: failed } = so);
    } finally {
      end();
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
          nameOf,
          dismiss: clear,
        }),
    );
    announce(failed ? `${text}, ${ids.length - removed.length} not` : text);
    if (removed.length > 0 || failed instanceof Cancelled) follow(removed, false);
  }

  async function putBack(ids) {
    const { call, outcome, end } = following("Adding", ids);
    try {
      const { done: added } = await genesys.groups.addMembers(group.id, ids, {}, call);
      fill(results, done(`${counted(added.length, "person", "people")} added again`, clear));
      follow(added, true);
    } catch (error) {
      const so = outcome(error);
      if (!so) return;
      const title = `${counted(ids.length - so.done.length, "person was", "people were")} not added again`;
      fill(results, partialProblem(so.error, { title, nameOf, dismiss: clear }));
      follow(so.done, true);
    } finally {
      end();
    }
  }

  const nameOf = (id) => directory.person(id)?.name ?? id;

  const clear = () => fill(results);

  function undoButton(undo) {
    return h("button", { type: "button", class: "button tiny", on: { click: undo } }, icon("undo", 14), "Undo");
  }

  // ---------------------------------------------------------------------------------------- loading

  const { bar, trouble } = listingBar(listing, {
    signal,
    nouns: ["member", "members"],
    failure: "The members could not be loaded",
    goOn: () => members.load(),
    again: () => members.load(),
    leave: () => list.focus(),
  });

  members.load();
  draw();
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
      trouble,
      results,
      h("div", { class: "list-frame" }, list.element, bar),
    ),
    redraw: draw,
    /** Reads the members again, after what brings them in was changed. */
    refresh: () => follow([], true),
  };
}
