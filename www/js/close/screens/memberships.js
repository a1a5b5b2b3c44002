// Memberships: who is invited, and role, recording and leaving for one or many at a time.

import { announce } from "../../announce.js";
import { drawWho, whoCell } from "../../avatar.js";
import { confirmDialog } from "../../dialog.js";
import { fill, h, oncePerFrame, phone } from "../../dom.js";
import { icon } from "../../icons.js";
import { listingBar } from "../../listing-bar.js";
import { done, emptyState, field, pageHead, searchBox, select } from "../../page.js";
import { fieldError, messageOf, problem } from "../../problem.js";
import { Cancelled } from "../../request-log.js";
import { byText, count, counted, matcher } from "../../text.js";
import { skeletonRows, textColumn, VirtualList } from "../../virtual-list.js";
import { waiting } from "../../waiting.js";
import { forEachOf, isAbort } from "../../work.js";
import { RECORDING, readOnlyNote, recordingLabel } from "../parts.js";
import { session } from "../session.js";

/** Close changes at most 999 memberships a request; smaller steps show progress and lose less when one fails. */
const STEP = 250;

const SORTS = {
  name: (a, b) => byText(a.name, b.name),
  role: (a, b) => byText(session.directory.roleName(a.roleId), session.directory.roleName(b.roleId)),
  recording: (a, b) => byText(recordingLabel(a.recording), recordingLabel(b.recording)),
};

export function membershipsScreen({ signal }) {
  const { directory, close } = session;
  const { memberships, roles } = directory.listings;
  const filters = { query: "", role: "", sort: "name", direction: 1 };

  const total = h("p", { class: "page-count" });
  const results = h("div", { class: "results" });

  // ---------------------------------------------------------------------------------------- inviting

  const email = h("input", {
    class: "input",
    type: "email",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "name@company.com",
    dir: "ltr",
  });
  const emailField = field("Invite by email", email, { id: "invite-email" });
  const inviteRole = select([], "");
  const roleField = field("Role", inviteRole, { id: "invite-role" });
  const inviteButton = h("button", { type: "submit", class: "button primary" }, icon("mail"), "Invite");
  const inviteResult = h("div", { class: "results" });
  const inviteWaits = waiting(signal);
  const inviteForm = h(
    "form",
    { class: "invite", novalidate: true, "aria-label": "Invite somebody", on: { submit: invite } },
    emailField.element,
    roleField.element,
    inviteButton,
  );

  // On a phone it is folded, to leave the room to the list; on a wide screen it is always open.
  const inviteBox = h(
    "details",
    { class: "invite-box", open: !phone.matches },
    h("summary", null, "Invite somebody", icon("chevronDown")),
    inviteForm,
    inviteWaits.element,
    inviteResult,
  );
  phone.addEventListener("change", () => (inviteBox.open = !phone.matches), { signal });

  async function invite(event) {
    event.preventDefault();
    const address = email.value.trim();
    fieldError(email, emailField.error, "");
    fieldError(inviteRole, roleField.error, "");
    fill(inviteResult);
    if (!/^\S+@\S+\.\S+$/.test(address)) return fieldError(email, emailField.error, "Enter an email address.");
    inviteButton.disabled = true;
    try {
      const membership = await close.memberships.create(
        { email: address, role_id: inviteRole.value },
        session.call(inviteWaits.signal),
      );
      const person = directory.takeInvited(membership, address);
      // What the answer does not carry, a name above all, somebody who has an account already has.
      if (!person.user)
        close.users.get(person.id, {}, session.call(signal)).then(
          (user) => (directory.takeUser(user), draw()),
          () => {},
        );
      email.value = "";
      draw();
      list.scrollToKey(person.id);
      fill(
        inviteResult,
        done([h("bdi", null, address), ` is a member as ${directory.roleName(membership.role_id)}`], () =>
          fill(inviteResult),
        ),
      );
      announce(`${address} invited`);
      email.focus();
    } catch (error) {
      if (isAbort(error, signal)) return;
      if (error.fields?.email) fieldError(email, emailField.error, error.fields.email);
      else if (error.fields?.role_id) fieldError(inviteRole, roleField.error, error.fields.role_id);
      else
        fill(inviteResult, problem(error, { title: `${address} was not invited`, dismiss: () => fill(inviteResult) }));
    } finally {
      inviteButton.disabled = false;
    }
  }

  // ---------------------------------------------------------------------------------------- list

  const search = searchBox("Search members", (query) => {
    filters.query = query;
    list.scrollToTop();
    draw();
  });
  const roleFilter = select([["", "Any role"]], "", {
    "aria-label": "Show role",
    on: {
      change: () => {
        filters.role = roleFilter.value;
        list.scrollToTop();
        draw();
      },
    },
  });
  const list = new VirtualList({
    label: "Active members",
    kind: "memberships-grid",
    keyOf: (person) => person.id,
    columns: [
      { key: "name", label: "Name", sort: true, make: whoCell, draw: drawWho },
      textColumn("email", "Email", (person) => person.email, { dir: "ltr" }),
      textColumn("role", "Role", (person) => directory.roleName(person.roleId), { sort: true }),
      {
        key: "recording",
        label: "Call recording",
        sort: true,
        make: () => h("span", { class: "badge" }),
        draw: drawRecording,
      },
    ],
    onSort: (key) => {
      filters.direction = filters.sort === key ? -filters.direction : 1;
      filters.sort = key;
      draw();
    },
    onSelect: drawBulk,
  });

  function drawRecording(cell, person) {
    cell.firstChild.className = `badge dot ${person.recording === "enabled" ? "is-on" : ""}`;
    cell.firstChild.textContent = recordingLabel(person.recording);
  }

  function draw() {
    const people = directory.activePeople;
    const matches = matcher(filters.query);
    const found = people.filter(
      (person) => (filters.role === "" || person.roleId === filters.role) && matches(person.searchText),
    );
    const compare = SORTS[filters.sort];
    found.sort((a, b) => filters.direction * compare(a, b) || byText(a.name, b.name));
    total.textContent = directory.membershipsLoaded ? counted(people.length, "active member", "active members") : "";
    list.setSort(filters.sort, filters.direction);
    list.setItems(found);
    list.setOverlay(
      found.length > 0
        ? null
        : memberships.isRunning
          ? skeletonRows(10, "memberships-grid")
          : directory.membershipsLoaded
            ? emptyState("search", "Nobody matches", "Try fewer words or another role.")
            : emptyState("memberships", "No members", "Nobody was loaded."),
    );
    drawBulk();
  }

  // ---------------------------------------------------------------------------------------- many at once

  const chosenText = h("span", { class: "bulk-text" });
  const bulkRole = select([], "", { "aria-label": "New role" });
  const bulkRecording = select(RECORDING, "enabled", { "aria-label": "New call recording" });
  const button = (label, act, kind = "") =>
    h("button", { type: "button", class: `button ${kind}`, on: { click: act } }, label);
  const bulkBar = h(
    "div",
    { class: "bulk", role: "region", "aria-label": "Change the selected members" },
    chosenText,
    button("Clear", () => list.clearSelection(), "plain"),
    h("span", { class: "spread" }),
    h(
      "div",
      { class: "bulk-group" },
      bulkRole,
      button("Set role", () => change("role_id", bulkRole.value)),
    ),
    h(
      "div",
      { class: "bulk-group" },
      bulkRecording,
      button("Set recording", () => change("auto_record_calls", bulkRecording.value)),
    ),
    button("Deactivate…", deactivate, "plain is-danger"),
  );

  // Selected but filtered out still counts as selected, and is said, so that nobody is changed unseen.
  const chosen = () => directory.activePeople.filter((person) => list.selected.has(person.id));

  function drawBulk() {
    const people = chosen();
    const hidden = people.length - list.selectedItems.length;
    bulkBar.classList.toggle("is-idle", people.length === 0);
    for (const control of bulkBar.querySelectorAll("button, select")) control.disabled = people.length === 0 || busy;
    chosenText.textContent =
      people.length === 0
        ? "Select members to change them"
        : `${counted(people.length, "member", "members")} selected${hidden > 0 ? ` (${count(hidden)} not shown)` : ""}`;
  }

  let busy = false;

  /**
   * Runs `work` with the bar locked, its progress shown, and a button to stop it. `work(part, stop, together)` is given
   * what shows how far it is, the signal of that button, and the signal for its calls.
   */
  async function busily(text, work) {
    const stop = new AbortController();
    const waits = waiting(AbortSignal.any([signal, stop.signal]));
    busy = true;
    drawBulk();
    const bar = h("progress", { max: 1, value: 0, "aria-label": text });
    const cancel = h("button", { type: "button", class: "button tiny", on: { click: () => stop.abort() } }, "Cancel");
    fill(results, h("div", { class: "notice" }, h("span", { class: "notice-text" }, text), waits.element, bar, cancel));
    try {
      await work((part) => (bar.value = part), stop.signal, waits.signal);
    } catch (error) {
      if (!isAbort(error, signal))
        fill(results, problem(error, { title: "It was not finished", dismiss: clearResults }));
    } finally {
      busy = false;
      waits.end();
      if (!signal.aborted) draw();
    }
  }

  async function change(name, value) {
    const people = chosen();
    const what = name === "role_id" ? `role ${directory.roleName(value)}` : `call recording “${recordingLabel(value)}”`;
    await busily(
      `Setting ${what} for ${counted(people.length, "member", "members")}…`,
      async (progress, stop, together) => {
        const failures = [];
        let changed = 0;
        let start = 0;
        for (; start < people.length && !stop.aborted; start += STEP) {
          const step = people.slice(start, start + STEP);
          try {
            const { count: number } = await close.memberships.updateMany(
              step.map((person) => person.membership.id),
              { [name]: value },
              session.call(together),
            );
            changed += number;
            for (const person of step) directory.setMembership(person, { ...person.membership, [name]: value }, true);
            if (number < step.length)
              failures.push({ people: step, error: new Error(`Close changed ${number} of these ${step.length}.`) });
          } catch (error) {
            if (signal.aborted) throw error;
            failures.push({ people: step, error: stop.aborted ? new Cancelled(true) : error });
          }
          progress((start + step.length) / people.length);
        }
        // A step that failed may have been done in part, so what is true now is read anew.
        if (failures.length > 0) {
          memberships.reset();
          await memberships.load(signal);
        }
        const rest = people.slice(start);
        if (rest.length > 0) failures.push({ people: rest, error: new Cancelled(false) });
        report(
          `${counted(changed, "member has", "members have")} ${what}`,
          changed,
          failures.map(({ people: some, error }) => [
            `${counted(some.length, "member", "members")}, from ${some[0].name}`,
            error,
          ]),
        );
        if (failures.length === 0) list.clearSelection();
      },
    );
  }

  async function deactivate() {
    const people = chosen();
    const self = people.some((person) => person.id === session.me.id);
    const one = people.length === 1;
    const confirmed = await confirmDialog({
      title: one ? `Deactivate ${people[0].name}?` : `Deactivate ${counted(people.length, "member", "members")}?`,
      text: `${one ? "This person loses" : "These people lose"} access to the organisation at once. Inviting them again brings them back.${self ? " You are among them: you would lock yourself out." : ""}`,
      confirm: one ? "Deactivate" : `Deactivate ${count(people.length)}`,
      danger: true,
    });
    if (!confirmed) return;
    await busily(`Deactivating ${counted(people.length, "member", "members")}…`, async (progress, stop, together) => {
      let settled = 0;
      const outcomes = await forEachOf(
        people,
        (person) => close.memberships.deactivate(person.membership.id, session.call(together)),
        {
          signal,
          stop,
          onSettled: ({ item, error }) => {
            settled += 1;
            progress(settled / people.length);
            if (error) return;
            directory.setMembership(item, item.membership, false);
            list.selected.delete(item.id);
          },
        },
      );
      const failed = outcomes.filter((outcome) => outcome.error);
      const gone = outcomes.length - failed.length;
      const untried = failed.filter(({ error }) => error instanceof Cancelled && !error.changes);
      const tried = failed.filter((outcome) => !untried.includes(outcome));
      report(`${counted(gone, "member", "members")} deactivated`, gone, [
        ...tried.map(({ item, error }) => [item.name, error]),
        ...(untried.length > 0
          ? [[`${counted(untried.length, "member", "members")} not tried`, untried[0].error]]
          : []),
      ]);
    });
  }

  const clearResults = () => fill(results);

  /** The summary: how many it worked for, and each failure with its reason. */
  function report(text, succeeded, failures) {
    fill(
      results,
      succeeded > 0 && done(text, clearResults),
      failures.length > 0 && [
        problem(failures[0][1], {
          title: `${counted(failures.length, "change", "changes")} failed`,
          dismiss: clearResults,
        }),
        failures.length > 1 &&
          h(
            "ul",
            { class: "failure-list", tabindex: 0, "aria-label": "Failures" },
            failures.map(([who, error]) =>
              h("li", null, h("bdi", null, who), h("span", { class: "muted" }, messageOf(error))),
            ),
          ),
      ],
    );
    announce(`${text}${failures.length > 0 ? `, ${failures.length} failed` : ""}`);
  }

  // ---------------------------------------------------------------------------------------- loading

  function drawRoles() {
    const roles = directory.roles.map((role) => [role.id, role.name]);
    const into = (control, options, value) =>
      fill(
        control,
        options.map(([id, name]) => h("option", { value: id, selected: id === value }, name)),
      );
    into(inviteRole, roles, inviteRole.value || "user");
    into(bulkRole, roles, bulkRole.value || "user");
    into(roleFilter, [["", "Any role"], ...roles], filters.role);
  }

  function load(held = true) {
    for (const part of [memberships, roles]) if (held || !part.isHeld) part.run(signal);
  }

  let rolesShown = null;

  function update() {
    list.setBusy(memberships.isRunning || roles.isRunning);
    if (directory.roles && directory.roles !== rolesShown) drawRoles();
    rolesShown = directory.roles;
    // While many are changed the list stays as it is, under the reader's selection.
    if (!busy) draw();
  }

  const common = { signal, goOn: () => load(), leave: () => list.focus() };
  const bars = [
    listingBar(memberships, {
      ...common,
      nouns: ["membership", "memberships"],
      failure: "The memberships could not be loaded",
    }),
    listingBar(roles, {
      ...common,
      nouns: ["role", "roles"],
      failure: "The names of the roles could not be loaded",
      aside: true,
    }),
  ];
  for (const part of [memberships, roles]) part.addEventListener("change", oncePerFrame(update), { signal });

  const element = h(
    "div",
    { class: "page fixed memberships-page" },
    pageHead("Memberships", total),
    readOnlyNote(),
    h(
      "div",
      { class: "page-troubles" },
      bars.map(({ trouble }) => trouble),
    ),
    inviteBox,
    h("div", { class: "toolbar", role: "search" }, search.element, roleFilter),
    bulkBar,
    results,
    h(
      "div",
      { class: "list-column" },
      list.element,
      bars.map(({ bar }) => bar),
    ),
  );
  load(false);
  if (directory.roles) drawRoles();
  draw();
  return {
    title: "Memberships",
    element,
    mayLeave() {
      if (!busy) return null;
      return {
        title: "Stop the change?",
        text: "Not all of the selected members are changed yet.",
        confirm: "Stop and leave",
      };
    },
  };
}
