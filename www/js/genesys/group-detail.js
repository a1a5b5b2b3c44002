// One group: what it is, who owns it, who is in it.

import { announce } from "../announce.js";
import { copyable } from "../copyable.js";
import { confirmDialog } from "../dialog.js";
import { fill, h, phone } from "../dom.js";
import { icon } from "../icons.js";
import { momentText } from "../text.js";
import { toast } from "../toast.js";
import { isAbort } from "../work.js";
import { editGroup } from "./edit-group.js";
import { stateLabel, typeLabel, visibilityLabel } from "./fields.js";
import { membersPanel } from "./members-panel.js";
import { session } from "./session.js";
import { skillRules } from "./skill-rules.js";

/** `onBack` goes to the list, `onDelete` deletes. `onChange` is told when the group was changed. */
export function groupDetail(group, { signal: screenSignal, onBack, onDelete, onChange }) {
  const { directory } = session;
  const left = new AbortController();
  const signal = AbortSignal.any([screenSignal, left.signal]);

  // ---------------------------------------------------------------------------------------- head

  const heading = h("h1", { tabindex: -1, class: "group-heading", dir: "auto" });
  const badges = h("div", { class: "group-badges" });
  const edit = h(
    "button",
    { type: "button", class: "button", "aria-label": "Edit", on: { click: change } },
    icon("pencil"),
    h("span", { class: "wide-only" }, "Edit"),
  );
  const remove = h(
    "button",
    { type: "button", class: "button plain is-danger", "aria-label": "Delete", on: { click: askToDelete } },
    icon("trash"),
    h("span", { class: "wide-only" }, "Delete"),
  );

  function drawHead() {
    const { name, type, visibility, state } = group.record;
    heading.textContent = name;
    fill(
      badges,
      h("span", { class: "badge" }, typeLabel(type)),
      h("span", { class: "badge" }, `Visible to ${visibilityLabel(visibility).toLowerCase()}`),
      h("span", { class: `badge ${state === "active" ? "good" : "quiet"}` }, stateLabel(state)),
    );
    edit.disabled = remove.disabled = group.deleting;
  }

  async function change() {
    edit.disabled = true;
    try {
      await directory.loadPersons(group.ownerIds, signal);
    } catch (error) {
      if (isAbort(error, signal)) return;
      // Owners of whom only the id is known can be shown all the same.
    }
    edit.disabled = false;
    edit.focus();
    const owning = () => `${group.record.includeOwners} ${group.ownerIds}`;
    const before = owning();
    const outcome = await editGroup(group, { signal });
    if (!outcome) return;
    changed();
    // Owners may be members by being owners.
    if (owning() !== before) panel.refresh();
    toast(outcome === "saved" ? `Group “${group.name}” saved` : `Their version of “${group.name}” is kept`);
  }

  async function askToDelete() {
    const confirmed = await confirmDialog({
      title: `Delete “${group.name}”?`,
      text: "Its members stay in the organisation. The group cannot be brought back.",
      confirm: "Delete group",
      danger: true,
    });
    if (confirmed) onDelete();
  }

  // ---------------------------------------------------------------------------------------- facts

  const facts = h("dl", { class: "facts" });
  const owners = h("ul", { class: "owner-list" });
  const rules = h("section", { class: "detail", hidden: true }, h("h2", null, "Rules by skill"));
  let rulesShown = false;

  function drawFacts() {
    const { record } = group;
    const flags = [
      record.includeOwners && "owners are members",
      record.callsEnabled && "can be called",
      record.rolesEnabled && "roles count for members",
      record.rulesVisible && "rules are visible",
    ].filter(Boolean);
    const rows = [
      ["Email", record.email ? copyable(record.email) : "—"],
      ...(record.addresses ?? []).map(({ display, address, extension, type }) => [
        type === "GROUPRING" ? "Rings at" : "Phone",
        display || address || extension,
      ]),
      ["Settings", flags.join(", ") || "—"],
      ["Changed", momentText(record.dateModified)],
      ["Version", String(record.version ?? "—")],
      ["ID", copyable(record.id, true)],
    ];
    fill(
      facts,
      rows.map(([name, value]) => [h("dt", null, name), h("dd", { dir: "auto" }, value)]),
    );
    fill(description, record.description || h("span", { class: "muted" }, "No description"));
  }

  const description = h("p", { class: "group-description", dir: "auto" });

  async function drawOwners() {
    const show = () =>
      fill(
        owners,
        group.ownerIds.map((id) => {
          const person = directory.person(id);
          return h(
            "li",
            null,
            h("bdi", null, person?.name ?? id),
            person?.title && h("span", { class: "muted" }, person.title),
          );
        }),
        group.ownerIds.length === 0 && h("li", { class: "muted" }, "Nobody owns this group"),
      );
    show();
    try {
      await directory.loadPersons(group.ownerIds, signal);
      show();
    } catch (error) {
      if (!isAbort(error, signal)) announce("The names of the owners could not be read");
    }
  }

  // Only a group that somebody is in by a rule has rules worth a request, for Genesys answers 404 without any.
  function drawRules() {
    if (rulesShown || !panel.members.complete || panel.members.counts.byRule === 0) return;
    rulesShown = true;
    rules.hidden = false;
    rules.append(skillRules(group, { signal }));
  }

  function changed() {
    drawHead();
    drawFacts();
    drawOwners();
    panel.redraw();
    onChange();
  }

  const panel = membersPanel(group, { signal, onChange: changed });
  panel.members.addEventListener("change", drawRules, { signal });
  // On a phone the facts are folded, to leave the room to the members.
  const about = h(
    "details",
    { class: "group-about", open: !phone.matches },
    h("summary", null, "About this group", icon("chevronDown")),
    h(
      "div",
      { class: "group-facts" },
      h("section", { class: "detail" }, h("h2", null, "Description"), description),
      h("section", { class: "detail" }, h("h2", null, "Owners"), owners),
      rules,
      h("section", { class: "detail" }, h("h2", null, "Details"), facts),
    ),
  );
  phone.addEventListener("change", () => (about.open = !phone.matches), { signal });

  drawHead();
  drawFacts();
  drawOwners();
  directory.addEventListener("change", drawHead, { signal });

  return {
    element: h(
      "div",
      { class: "page fixed genesys-group" },
      h(
        "header",
        { class: "page-head" },
        h(
          "button",
          {
            type: "button",
            class: "button plain icon-only",
            "aria-label": "All groups",
            title: "All groups",
            on: { click: onBack },
          },
          icon("chevronLeft"),
        ),
        h("div", { class: "group-title" }, heading, badges),
        h("div", { class: "page-actions" }, edit, remove),
      ),
      h("div", { class: "genesys-split" }, panel.element, about),
    ),
    focus: () => heading.focus(),
    leave: () => left.abort(),
  };
}
