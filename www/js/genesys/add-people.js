// Adding any number of people to a group at once: everybody to choose from, or a list that is pasted.

import { drawWho, whoCell } from "../avatar.js";
import { openDialog } from "../dialog.js";
import { fill, h, throttle } from "../dom.js";
import { icon } from "../icons.js";
import { listingBar } from "../listing-bar.js";
import { emptyState, searchBox } from "../page.js";
import { messageOf, problem } from "../problem.js";
import { Cancelled } from "../request-log.js";
import { byText, count, counted, matcher } from "../text.js";
import { skeletonRows, textColumn, VirtualList } from "../virtual-list.js";
import { partialProblem } from "./partial.js";
import { session } from "./session.js";

const REFRESH_MS = 200;

/** Lets the reader choose people and adds them to `group`. Gives the ids of those whom Genesys has accepted. */
export async function addPeople(group, members, { signal }) {
  const { directory, genesys } = session;
  const { people } = directory.listings;
  const closed = new AbortController();
  const together = AbortSignal.any([signal, closed.signal]);
  const added = new Set();
  let query = "";
  let candidates = [];
  let hasFailed = false;
  let busy = false;

  // ---------------------------------------------------------------------------------------- choosing

  const total = h("p", { class: "muted small", role: "status" });
  const trouble = h("div", { class: "results" });
  const search = searchBox("Name, email, title or department", (text) => {
    query = text;
    list.scrollToTop();
    draw();
  });
  search.input.setAttribute("autofocus", "");
  const list = new VirtualList({
    label: "People to choose from",
    kind: "pick-grid",
    keyOf: (person) => person.id,
    columns: [
      { key: "name", label: "Name", make: whoCell, draw: drawWho },
      textColumn("email", "Email", (person) => person.email, { dir: "ltr" }),
      textColumn("department", "Department", (person) => person.department),
    ],
    onSelect: drawChosen,
  });

  function draw() {
    const matches = matcher(query);
    const found = candidates.filter((person) => matches(person.searchText));
    list.setItems(found);
    list.setOverlay(
      found.length > 0
        ? null
        : people.isRunning
          ? skeletonRows(6, "pick-grid")
          : emptyState(
              "search",
              candidates.length > 0 || !people.isComplete ? "Nobody matches" : "Everybody is in this group already",
            ),
    );
    drawChosen();
    const able = `${count(found.length)} of ${counted(candidates.length, "person", "people")} who can be added`;
    total.textContent = people.isComplete ? able : `${able} so far`;
  }

  function gather() {
    candidates = directory.people
      .filter((person) => person.email && !members.has(person.id) && !added.has(person.id))
      .sort((a, b) => byText(a.name, b.name));
    draw();
    drawPasted();
  }

  const gatherSoon = throttle(() => together.aborted || gather(), REFRESH_MS);

  people.addEventListener("change", gatherSoon, { signal: together });
  const { bar: loadBar, trouble: loadTrouble } = listingBar(people, {
    signal: together,
    nouns: ["person", "people"],
    failure: "Not everybody could be loaded",
    stopLabel: "Stop loading",
    goOn: () => people.run(together),
    leave: () => search.input.focus(),
  });

  // ---------------------------------------------------------------------------------------- pasting

  const paste = h("textarea", {
    id: "paste",
    class: "input area mono",
    rows: 3,
    spellcheck: "false",
    placeholder: "ada@example.com, 243de2f2-59cd-…",
    "aria-describedby": "paste-result",
    on: { input: drawPasted },
  });
  const pasteResult = h("p", { id: "paste-result", class: "hint" });
  const pasteButton = h("button", { type: "button", class: "button", disabled: true, on: { click: choosePasted } });

  /** What the pasted words stand for. */
  function readPasted() {
    const words = [...new Set(paste.value.split(/[\s,;<>"]+/).filter((word) => /[@-]/.test(word)))];
    const byWord = new Map(
      directory.people.flatMap((person) => [
        [person.id, person],
        [person.email.toLowerCase(), person],
      ]),
    );
    const found = new Set();
    const unknown = [];
    let inside = 0;
    for (const word of words) {
      const person = byWord.get(word.toLowerCase());
      if (!person) unknown.push(word);
      else if (members.has(person.id)) inside += 1;
      else found.add(person);
    }
    return { found: [...found], unknown, inside };
  }

  function drawPasted() {
    const { found, unknown, inside } = readPasted();
    const parts = [
      `${counted(found.length, "person", "people")} found${people.isComplete ? "" : " so far"}`,
      inside > 0 && `${count(inside)} already in the group`,
      unknown.length > 0 &&
        `${count(unknown.length)} unknown: ${unknown.slice(0, 3).join(", ")}${unknown.length > 3 ? ", …" : ""}`,
    ].filter(Boolean);
    pasteResult.textContent = paste.value.trim() ? parts.join(" · ") : "";
    pasteButton.textContent = found.length > 1 ? `Select these ${count(found.length)}` : "Select";
    pasteButton.disabled = found.length === 0;
  }

  function choosePasted() {
    for (const person of readPasted().found) list.selected.add(person.id);
    paste.value = "";
    drawPasted();
    list.redraw();
    drawChosen();
    pasteBox.open = false;
    list.focus();
  }

  const pasteBox = h(
    "details",
    { class: "paste-box" },
    h("summary", null, "Paste emails or ids", icon("chevronDown")),
    h(
      "div",
      { class: "paste" },
      h("label", { for: "paste", class: "visually-hidden" }, "Emails or ids, in any order"),
      paste,
      pasteResult,
      pasteButton,
    ),
  );

  const head = h("div", { class: "add-people-head", role: "search" }, search.element, total);

  // ---------------------------------------------------------------------------------------- adding

  const confirm = h("span");
  const chosenText = h("span", { class: "bulk-text" });
  const clearButton = h(
    "button",
    { type: "button", class: "button plain tiny", on: { click: () => list.clearSelection() } },
    "Clear",
  );
  const chosenBar = h("div", { class: "chosen-bar" }, chosenText, clearButton);
  const bar = h("progress", { "aria-label": "People added", max: 1, value: 0 });
  const progressText = h("span", { class: "notice-text", role: "status" });
  const progress = h("div", { class: "notice", hidden: true }, progressText, bar);

  const chosen = () => candidates.filter((person) => list.selected.has(person.id));

  function drawChosen() {
    const number = chosen().length;
    const hidden = number - list.selectedItems.length;
    chosenText.textContent =
      number === 0
        ? "Nobody selected yet"
        : `${counted(number, "person", "people")} selected${hidden > 0 ? ` (${count(hidden)} not shown)` : ""}`;
    chosenBar.classList.toggle("is-idle", number === 0);
    clearButton.hidden = number === 0 || busy;
    confirm.textContent = hasFailed
      ? `Go on with the other ${count(number)}`
      : number > 0
        ? `Add ${counted(number, "person", "people")}`
        : "Add";
  }

  /** While people are added, who is chosen stays as it is. */
  function setBusy(value) {
    busy = value;
    progress.hidden = !busy;
    for (const part of [head, list.element, pasteBox]) part.inert = busy;
    drawChosen();
  }

  async function run(dialogSignal) {
    const ids = chosen().map((person) => person.id);
    if (ids.length === 0) throw new Error("Select somebody first.");
    fill(trouble);
    pasteBox.open = false;
    setBusy(true);
    bar.max = ids.length;
    const show = (number) => {
      bar.value = number;
      progressText.textContent = `${count(number)} of ${counted(ids.length, "person", "people")} added`;
    };
    show(0);
    try {
      await genesys.groups.addMembers(
        group.id,
        ids,
        {},
        session.call(dialogSignal, {
          onProgress: ({ done }) => {
            show(done);
            for (const id of ids.slice(0, done)) added.add(id);
          },
        }),
      );
      for (const id of ids) added.add(id);
    } finally {
      setBusy(false);
    }
  }

  function onError(error) {
    if (error instanceof Cancelled) {
      for (const id of added) list.selected.delete(id);
      hasFailed = true;
      gather();
      fill(trouble, problem(error, { title: `Stopped after ${counted(added.size, "person", "people")}` }));
      return true;
    }
    if (!error.partial) {
      fill(trouble, error.code ? problem(error, { title: "Nobody was added" }) : notYet(error));
      return true;
    }
    const { done, failed, rest } = error.partial;
    for (const id of done) added.add(id);
    // Who is done is not offered again, and who is not stays selected: going on takes one press.
    list.selected.clear();
    for (const id of [...failed, ...rest]) list.selected.add(id);
    hasFailed = true;
    gather();
    fill(
      trouble,
      partialProblem(error, {
        title: `Stopped after ${count(done.length)} of ${counted(done.length + failed.length + rest.length, "person", "people")}`,
        nameOf: (id) => directory.person(id)?.name ?? id,
      }),
    );
    trouble.scrollIntoView({ block: "nearest" });
    return true;
  }

  const notYet = (error) =>
    h(
      "p",
      { class: "notice warn", role: "alert" },
      icon("warning"),
      h("span", { class: "notice-text" }, messageOf(error)),
    );

  people.run(together);
  gather();
  await openDialog({
    title: `Add people to “${group.name}”`,
    kind: "roomy tall",
    body: [
      head,
      loadTrouble,
      h("div", { class: "list-column" }, list.element, loadBar),
      pasteBox,
      chosenBar,
      progress,
      trouble,
    ],
    confirm,
    run,
    onError,
  });
  closed.abort();
  return [...added];
}
