// One group: its name, who is in it, adding and removing.

import { announce } from "../announce.js";
import { drawWho, whoCell } from "../avatar.js";
import { confirmDialog } from "../dialog.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { done, emptyState, searchBox, working } from "../page.js";
import { PeoplePicker } from "../people-picker.js";
import { fieldError, messageOf, problem } from "../problem.js";
import { byText, counted, matcher } from "../text.js";
import { skeletonRows, textColumn, VirtualList } from "../virtual-list.js";
import { waiting } from "../waiting.js";
import { forEachOf, isAbort } from "../work.js";
import { Person } from "./directory.js";
import { session } from "./session.js";

export function groupDetail(group, { signal: screenSignal, onCount, onRename, onDeleted, onBack }) {
  const { directory, close } = session;
  const left = new AbortController();
  const signal = AbortSignal.any([screenSignal, left.signal]);
  let query = "";

  // ---------------------------------------------------------------------------------------- name

  const heading = h("h2", { class: "group-name truncate", tabindex: -1, dir: "auto" }, group.name);
  const size = h("p", { class: "muted small" });
  const nameBox = h("div", { class: "group-name-box" });
  const renaming = waiting(signal);
  const nameProblem = h("p", { class: "field-error", id: "rename-error" });

  function showName({ focus = false } = {}) {
    heading.textContent = group.name;
    nameProblem.textContent = "";
    const rename = h(
      "button",
      {
        type: "button",
        class: "button plain tiny icon-only",
        "aria-label": "Rename group",
        title: "Rename",
        on: { click: editName },
      },
      icon("pencil", 14),
    );
    fill(nameBox, heading, rename);
    if (focus) rename.focus();
  }

  function editName() {
    const input = h("input", {
      class: "input",
      value: group.name,
      "aria-label": "Group name",
      "aria-describedby": "rename-error",
      dir: "auto",
      maxlength: 200,
    });
    const save = h("button", { type: "submit", class: "button primary" }, "Save");
    const form = h(
      "form",
      { class: "rename" },
      input,
      save,
      h("button", { type: "button", class: "button", on: { click: () => showName({ focus: true }) } }, "Cancel"),
    );
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") showName({ focus: true });
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const name = input.value.trim();
      if (name === group.name) return showName({ focus: true });
      if (!name) return fieldError(input, nameProblem, "Give the group a name.");
      fieldError(input, nameProblem, "");
      save.disabled = true;
      try {
        const answer = await close.groups.update(group.id, { name }, {}, session.call(renaming.signal));
        group.name = answer.name ?? name;
        showName({ focus: true });
        onRename();
        announce(`Renamed to ${group.name}`);
      } catch (error) {
        if (!isAbort(error, signal)) fieldError(input, nameProblem, error.fields?.name ?? messageOf(error));
      } finally {
        save.disabled = false;
      }
    });
    fill(nameBox, form, renaming.element);
    input.focus();
    input.select();
  }

  // ---------------------------------------------------------------------------------------- deleting

  const remove = h(
    "button",
    { type: "button", class: "button plain is-danger", on: { click: deleteGroup } },
    icon("trash"),
    "Delete",
  );

  async function deleteGroup() {
    const deleted = await confirmDialog({
      title: `Delete “${group.name}”?`,
      text: "Its members stay in the organisation. Reports and smart views that use the group keep it from being deleted.",
      confirm: "Delete group",
      danger: true,
      failure: "The group was not deleted",
      run: (dialogSignal) => close.groups.delete(group.id, session.call(dialogSignal)),
    });
    if (deleted) onDeleted();
  }

  // ---------------------------------------------------------------------------------------- adding

  const addResults = h("div", { class: "results" });
  const picker = new PeoplePicker({
    label: "Add people to the group",
    placeholder: "Add people by name or email",
    candidates: () =>
      directory.activePeople.filter((person) => !group.members?.has(person.id)).sort((a, b) => byText(a.name, b.name)),
    onChange: drawAdd,
  });
  const addButton = h("button", { type: "button", class: "button primary", on: { click: add } });

  function drawAdd() {
    const number = picker.picked.length;
    addButton.textContent = number > 1 ? `Add ${counted(number, "person", "people")}` : "Add";
    addButton.disabled = number === 0;
  }

  async function add() {
    const people = picker.picked;
    addButton.disabled = true;
    try {
      const results = await changeEach("Adding", people, (person, call) =>
        close.groups.addMember(group.id, person.id, call),
      );
      const added = results.filter((result) => !result.error).map((result) => result.item);
      const failed = results.filter((result) => result.error);
      for (const person of added) group.members.add(person.id);
      picker.reset(failed.map((result) => result.item));
      membersChanged();
      fill(
        addResults,
        outcome(added, failed, "added", "not added", added.length > 0 && undoButton(() => takeOut(added))),
      );
      announce(summary(added, failed, "added"));
      picker.focus();
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    } finally {
      drawAdd();
    }
  }

  // ---------------------------------------------------------------------------------------- members

  const search = searchBox("Find in this group", (text) => {
    query = text;
    list.scrollToTop();
    drawMembers();
  });
  const removeButton = h(
    "button",
    { type: "button", class: "button", on: { click: () => takeOut(list.selectedItems) } },
    icon("close"),
    h("span"),
  );
  const list = new VirtualList({
    label: "Members",
    kind: "members-grid",
    keyOf: (person) => person.id,
    columns: [
      { key: "name", label: "Name", make: whoCell, draw: drawWho },
      textColumn("email", "Email", (person) => person.email, { dir: "ltr" }),
      textColumn("role", "Role", (person) => (person.active ? directory.roleName(person.roleId) : "Former member")),
      { key: "remove", label: "Remove", quiet: true, make: removeCell, draw: drawRemove },
    ],
    onSelect: drawSelection,
    onDelete: (person) => takeOut([person]),
  });

  function removeCell() {
    return h(
      "button",
      { type: "button", class: "button plain tiny icon-only row-action", tabindex: -1 },
      icon("close", 14),
    );
  }

  function drawRemove(cell, person) {
    const button = cell.firstChild;
    button.setAttribute("aria-label", `Remove ${person.name}`);
    button.title = "Remove from the group";
    button.onclick = () => {
      takeOut([person]);
      list.focus();
    };
  }

  function drawSelection() {
    const number = list.selected.size;
    removeButton.lastChild.textContent = number > 0 ? `Remove ${counted(number, "person", "people")}` : "Remove";
    removeButton.disabled = number === 0;
  }

  // Somebody of whom only the id is known can still be seen, and removed.
  const strangers = new Map();
  function personOf(id) {
    const known = directory.person(id);
    if (known) return known;
    if (!strangers.has(id)) strangers.set(id, Object.assign(new Person(id), { name: id }));
    return strangers.get(id);
  }

  function drawMembers() {
    const people = [...group.members].map(personOf);
    const matches = matcher(query);
    const found = people.filter((person) => matches(person.searchText)).sort((a, b) => byText(a.name, b.name));
    size.textContent = counted(group.members.size, "member", "members");
    list.setItems(found);
    list.setOverlay(
      found.length > 0
        ? null
        : people.length > 0
          ? emptyState("search", "Nobody matches")
          : emptyState("people", "Nobody in this group yet", "Find people in the field above and add them."),
    );
    search.input.disabled = people.length === 0;
  }

  function membersChanged() {
    for (const key of list.selected) if (!group.members.has(key)) list.selected.delete(key);
    drawMembers();
    drawSelection();
    onCount();
  }

  async function takeOut(people) {
    if (people.length === 0) return;
    try {
      const results = await changeEach("Removing", people, (person, call) =>
        close.groups.removeMember(group.id, person.id, call),
      );
      const removed = results.filter((result) => !result.error).map((result) => result.item);
      const failed = results.filter((result) => result.error);
      for (const person of removed) group.members.delete(person.id);
      membersChanged();
      fill(
        addResults,
        outcome(removed, failed, "removed", "not removed", removed.length > 0 && undoButton(() => putBack(removed))),
      );
      announce(summary(removed, failed, "removed"));
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  async function putBack(people) {
    picker.reset(people);
    await add();
  }

  /** Does `task` for each of `people`, with a bar that shows how far it is and a button to stop it. */
  async function changeEach(doing, people, task) {
    const text = `${doing} ${counted(people.length, "person", "people")}…`;
    const stop = new AbortController();
    const waits = waiting(AbortSignal.any([signal, stop.signal]));
    const bar = h("progress", { max: people.length, value: 0, "aria-label": text });
    const cancel = h("button", { type: "button", class: "button tiny", on: { click: () => stop.abort() } }, "Cancel");
    fill(addResults, working(text, waits.element, bar, cancel));
    try {
      return await forEachOf(people, (person) => task(person, session.call(waits.signal)), {
        signal,
        stop: stop.signal,
        onSettled: () => (bar.value += 1),
      });
    } finally {
      waits.end();
    }
  }

  function undoButton(undo) {
    return h("button", { type: "button", class: "button tiny", on: { click: undo } }, icon("undo", 14), "Undo");
  }

  /** What became of each person: one line for those it worked for, one for each that it did not. */
  function outcome(succeeded, failed, verb, notVerb, undo) {
    return [
      succeeded.length > 0 && done([names(succeeded), ` ${verb}`], () => fill(addResults), undo),
      failed.length === 1 &&
        problem(failed[0].error, { title: `${failed[0].item.name} was ${notVerb}`, dismiss: () => fill(addResults) }),
      failed.length > 1 &&
        h(
          "div",
          { class: "result-list" },
          problem(failed[0].error, {
            title: `${counted(failed.length, "person was", "people were")} ${notVerb}`,
            dismiss: () => fill(addResults),
          }),
          h(
            "ul",
            null,
            failed.map(({ item, error }) =>
              h("li", null, h("bdi", null, item.name), h("span", { class: "muted" }, messageOf(error))),
            ),
          ),
        ),
    ];
  }

  function names(people) {
    const shown = people.slice(0, 3).map((person, index) => [index > 0 && ", ", h("bdi", null, person.name)]);
    return people.length > 3 ? [shown, ` and ${counted(people.length - 3, "other", "others")}`] : shown;
  }

  const summary = (succeeded, failed, verb) =>
    `${counted(succeeded.length, "person", "people")} ${verb}${failed.length > 0 ? `, ${failed.length} failed` : ""}`;

  // ---------------------------------------------------------------------------------------- loading

  const body = h("div", { class: "group-body" });

  async function load() {
    if (group.members) {
      drawMembers();
    } else {
      size.textContent = "Loading…";
      list.setOverlay(skeletonRows(6, "members-grid"));
    }
    try {
      await directory.loadMembers(group, signal);
      showNameIfChanged();
      membersChanged();
    } catch (error) {
      if (!isAbort(error, signal))
        fill(body, problem(error, { title: "The members could not be loaded", retry: reload }));
    }
  }

  function reload() {
    fillBody();
    load();
  }

  function showNameIfChanged() {
    if (heading.isConnected && heading.textContent !== group.name) showName();
  }

  function fillBody() {
    fill(
      body,
      h("div", { class: "add-row" }, picker.element, addButton),
      addResults,
      h("div", { class: "toolbar compact" }, search.element, h("span", { class: "spread" }), removeButton),
      list.element,
    );
  }

  showName();
  fillBody();
  drawAdd();
  drawSelection();
  picker.reset();
  load();

  return {
    element: h(
      "section",
      { class: "group-detail", "aria-label": "Group" },
      h(
        "div",
        { class: "group-head" },
        h(
          "button",
          {
            type: "button",
            class: "button plain icon-only phone-only",
            "aria-label": "All groups",
            on: { click: onBack },
          },
          icon("chevronLeft"),
        ),
        h("div", { class: "group-title" }, nameBox, nameProblem, size),
        remove,
      ),
      body,
    ),
    focus: () => heading.focus(),
    leave: () => left.abort(),
  };
}
