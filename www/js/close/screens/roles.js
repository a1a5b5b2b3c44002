// Roles as a picture: roles across, permissions down, filled where granted. Changes are gathered and saved together.

import { announce } from "../../announce.js";
import { confirmDialog, openDialog } from "../../dialog.js";
import { fill, h, oncePerFrame, phone } from "../../dom.js";
import { icon } from "../../icons.js";
import { listingBar } from "../../listing-bar.js";
import { emptyState, field, pageHead, select } from "../../page.js";
import { fieldError, problem } from "../../problem.js";
import { counted } from "../../text.js";
import { toast } from "../../toast.js";
import { waiting } from "../../waiting.js";
import { forEachOf, isAbort } from "../../work.js";
import { readOnlyNote } from "../parts.js";
import { permissionGroups } from "../permissions.js";
import { roleColumn } from "../role-column.js";
import { roleMatrix } from "../role-matrix.js";
import { session } from "../session.js";

export function rolesScreen({ signal }) {
  const { directory, close } = session;
  const { memberships, roles: reading } = directory.listings;
  /** For each role with staged changes, the permissions it would have. */
  const staged = new Map();
  let roleShown = null;
  let view = null;

  const total = h("p", { class: "page-count" });
  const troubles = h("div", { class: "trouble" });
  const body = h("div", { class: "roles-body" });
  const waits = waiting(signal);
  const bar = h("div", { class: "save-bar", role: "region", "aria-label": "Unsaved changes", hidden: true });
  const newButton = h(
    "button",
    { type: "button", class: "button primary", on: { click: create } },
    icon("plus"),
    "New role",
  );

  // ---------------------------------------------------------------------------------------- staging

  const granted = (role) => staged.get(role.id) ?? new Set(role.permissions);

  function changesOf(role) {
    const now = staged.get(role.id);
    if (!now) return [];
    const before = new Set(role.permissions);
    return [...now].filter((name) => !before.has(name)).concat([...before].filter((name) => !now.has(name)));
  }

  function toggle(role, permission) {
    const set = new Set(granted(role));
    if (!set.delete(permission)) set.add(permission);
    staged.set(role.id, set);
    if (changesOf(role).length === 0) staged.delete(role.id);
    drawBar();
    return set.has(permission);
  }

  const changedRoles = () => directory.roles.filter((role) => staged.has(role.id));
  const changeCount = () => changedRoles().reduce((sum, role) => sum + changesOf(role).length, 0);

  function drawBar() {
    const changes = changeCount();
    bar.hidden = changes === 0;
    if (changes === 0) return;
    const clears = changedRoles().filter(losesVisibility);
    fill(
      bar,
      h(
        "p",
        { class: "save-text", role: "status" },
        h("strong", null, counted(changes, "unsaved change", "unsaved changes")),
        ` in ${changedRoles()
          .map((role) => role.name)
          .join(", ")}`,
        clears.length > 0 &&
          h("span", { class: "muted" }, " · “View all leads” also clears the role’s rule of visible leads"),
      ),
      waits.element,
      h("button", { type: "button", class: "button", on: { click: discard } }, "Discard"),
      h("button", { type: "button", class: "button primary", on: { click: save } }, "Save changes"),
    );
  }

  function discard() {
    staged.clear();
    fill(troubles);
    drawBar();
    draw();
    announce("Changes discarded");
  }

  // Close refuses “view all leads” beside a rule about which leads are visible.
  function losesVisibility(role) {
    const ruled = role.visibility_user_lcf_behavior || role.visibility_user_lcf_ids?.length > 0;
    return Boolean(ruled) && granted(role).has("view_all_leads");
  }

  async function save() {
    const roles = changedRoles();
    fill(troubles);
    for (const button of bar.querySelectorAll("button")) button.disabled = true;
    try {
      const results = await forEachOf(
        roles,
        async (role) => {
          const patch = { permissions: [...granted(role)] };
          if (losesVisibility(role))
            Object.assign(patch, { visibility_user_lcf_ids: null, visibility_user_lcf_behavior: null });
          Object.assign(role, await close.roles.update(role.id, patch, session.call(waits.signal)));
          staged.delete(role.id);
        },
        { atOnce: 2, signal },
      );
      const failed = results.filter((result) => result.error);
      for (const { item, error } of failed)
        troubles.append(problem(error, { title: `“${item.name}” was not changed` }));
      const saved = roles.length - failed.length;
      if (saved > 0) toast(`${counted(saved, "role", "roles")} saved`);
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
      return;
    }
    drawBar();
    draw();
  }

  // ---------------------------------------------------------------------------------------- drawing

  const controls = { granted, toggle, rename, remove, copy: create, holders: (role) => directory.holders(role.id) };

  function draw() {
    const { roles } = directory;
    if (!roles) {
      fill(body, reading.isRunning ? skeleton() : emptyState("roles", "No roles", "None were loaded."));
      return;
    }
    const custom = roles.filter((role) => role.editable).length;
    total.textContent = `${counted(roles.length, "role", "roles")}, ${custom} of your own`;
    const groups = permissionGroups(roles);
    roleShown = roles.find((role) => role.id === roleShown?.id) ?? roles.find((role) => role.editable) ?? roles[0];
    const place = view?.place?.();
    view = phone.matches
      ? roleColumn(roles, groups, {
          ...controls,
          shown: roleShown,
          onShow: (role) => {
            roleShown = role;
            draw();
            view.focus();
          },
        })
      : roleMatrix(roles, groups, controls);
    fill(body, view.element);
    if (place) view.restore?.(place);
  }

  function skeleton() {
    return h(
      "div",
      { class: "matrix-skeleton", "aria-hidden": "true" },
      Array.from({ length: 16 }, (_, row) =>
        h(
          "div",
          null,
          h("span", { class: `skeleton w${row % 4}` }),
          Array.from({ length: 7 }, () => h("span", { class: "skeleton cell" })),
        ),
      ),
    );
  }

  // ---------------------------------------------------------------------------------------- roles

  function nameField(value) {
    const input = h("input", {
      class: "input",
      value,
      autocomplete: "off",
      dir: "auto",
      maxlength: 200,
      autofocus: true,
    });
    const parts = field("Name", input, { id: "role-name" });
    return {
      input,
      element: parts.element,
      read() {
        fieldError(input, parts.error, "");
        const name = input.value.trim();
        if (!name)
          throw Object.assign(new Error("Give the role a name."), { fields: { name: "Give the role a name." } });
        return name;
      },
      onError(error) {
        if (!error.fields?.name) return false;
        fieldError(input, parts.error, error.fields.name);
        return true;
      },
    };
  }

  async function create(source) {
    const from = directory.roles.includes(source)
      ? source
      : (directory.roles.find((role) => role.id === "user") ?? directory.roles[0]);
    const name = nameField(from === source ? `${source.name} copy` : "");
    const copied = select(
      directory.roles.map((role) => [
        role.id,
        `${role.name} (${counted(role.permissions.length, "permission", "permissions")})`,
      ]),
      from.id,
    );
    let made = null;
    const done = await openDialog({
      title: "New role",
      body: [name.element, field("Start with the permissions of", copied, { id: "role-source" }).element],
      confirm: "Create role",
      failure: "The role was not created",
      run: async (dialogSignal) => {
        const { permissions } = directory.roles.find((role) => role.id === copied.value);
        const wanted = { name: name.read(), permissions: [...permissions] };
        made = await close.roles.create(wanted, session.call(dialogSignal));
      },
      onError: name.onError,
    });
    if (!done) return;
    directory.roles.push(made);
    roleShown = made;
    draw();
    view.show?.(made);
    toast(`Role “${made.name}” created`);
  }

  async function rename(role) {
    const name = nameField(role.name);
    const done = await openDialog({
      title: `Rename “${role.name}”`,
      body: [name.element],
      confirm: "Rename",
      failure: "The role was not renamed",
      run: async (dialogSignal) => {
        const { name: saved } = await close.roles.update(role.id, { name: name.read() }, session.call(dialogSignal));
        role.name = saved;
      },
      onError: name.onError,
    });
    if (!done) return;
    draw();
    drawBar();
    toast(`Renamed to “${role.name}”`);
  }

  async function remove(role) {
    const holders = directory.holders(role.id);
    const done = await confirmDialog({
      title: `Delete the role “${role.name}”?`,
      text:
        holders > 0
          ? `${counted(holders, "person holds", "people hold")} it. Give them another role first, under Memberships; until then Close refuses to delete it.`
          : "Nobody holds it. It cannot be brought back.",
      confirm: "Delete role",
      danger: true,
      failure: "The role was not deleted",
      run: (dialogSignal) => close.roles.delete(role.id, session.call(dialogSignal)),
    });
    if (!done) return;
    directory.roles = directory.roles.filter((each) => each !== role);
    staged.delete(role.id);
    drawBar();
    draw();
    toast(`Role “${role.name}” deleted`);
    newButton.focus();
  }

  // ---------------------------------------------------------------------------------------- loading

  function load(held = true) {
    for (const part of [reading, memberships]) if (held || !part.isHeld) part.run(signal);
  }

  let shown = "";

  // The picture is there without the counts of holders; they come when they come.
  function update() {
    newButton.disabled = !directory.roles;
    const state = `${directory.roles?.length} ${reading.isRunning} ${directory.membershipsLoaded}`;
    if (state !== shown) draw();
    shown = state;
  }

  const common = { signal, goOn: () => load(), leave: () => newButton.focus() };
  const bars = [
    listingBar(reading, { ...common, nouns: ["role", "roles"], failure: "The roles could not be loaded" }),
    listingBar(memberships, {
      ...common,
      nouns: ["membership", "memberships"],
      failure: "Who holds which role could not be loaded",
      aside: true,
    }),
  ];
  for (const part of [reading, memberships]) part.addEventListener("change", oncePerFrame(update), { signal });

  phone.addEventListener("change", draw, { signal });
  load(false);
  update();

  return {
    title: "Roles",
    element: h(
      "div",
      { class: "page fixed roles-page" },
      pageHead("Roles", total, newButton),
      readOnlyNote(),
      h(
        "div",
        { class: "page-troubles" },
        bars.map(({ trouble }) => trouble),
        troubles,
      ),
      body,
      bars.map((each) => each.bar),
      bar,
    ),
    mayLeave() {
      const changes = directory.roles ? changeCount() : 0;
      if (changes === 0) return null;
      return {
        title: "Discard unsaved changes?",
        text: `${counted(changes, "change", "changes")} to roles ${changes === 1 ? "is" : "are"} not saved yet.`,
      };
    },
  };
}
