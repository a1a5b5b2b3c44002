// Groups: the list with how many are in each, and beside it one group with its members.

import { addressOf } from "../../address.js";
import { announce } from "../../announce.js";
import { openDialog } from "../../dialog.js";
import { fill, h, oncePerFrame, phone, setAttribute } from "../../dom.js";
import { icon } from "../../icons.js";
import { listingBar } from "../../listing-bar.js";
import { emptyState, field, pageHead, searchBox } from "../../page.js";
import { fieldError } from "../../problem.js";
import { count, counted, folded, matcher } from "../../text.js";
import { toast } from "../../toast.js";
import { groupDetail } from "../group-detail.js";
import { readOnlyNote } from "../parts.js";
import { session } from "../session.js";

export function groupsScreen({ signal, id, navigate }) {
  const { directory } = session;
  const { groups: reading, memberships, roles, members } = directory.listings;
  let openId = id;
  let query = "";
  let detail = null;

  const total = h("p", { class: "page-count" });
  const list = h("ul", { class: "group-list" });
  const side = h("div", { class: "group-side" });
  const search = searchBox("Find a group", (text) => {
    query = text;
    drawList();
  });
  const newButton = h(
    "button",
    { type: "button", class: "button primary", on: { click: create } },
    icon("plus"),
    "New group",
  );
  // ---------------------------------------------------------------------------------------- list

  function drawList() {
    const { groups } = directory;
    if (!groups) {
      if (!reading.isRunning) return fill(list, h("li", null, emptyState("groups", "No groups", "None were loaded.")));
      fill(
        list,
        Array.from({ length: 8 }, (_, index) =>
          h("li", { class: "group-item", "aria-hidden": "true" }, h("span", { class: `skeleton w${index % 4}` })),
        ),
      );
      return;
    }
    total.textContent = counted(groups.length, "group", "groups");
    const matches = matcher(query);
    const found = groups.filter((group) => matches(folded(group.name)));
    fill(
      list,
      found.map((group) =>
        h(
          "li",
          null,
          h(
            "a",
            {
              class: "group-item",
              href: addressOf("close", "groups", group.id),
              "aria-current": group.id === openId ? "true" : null,
              dataset: { id: group.id },
            },
            h("span", { class: "truncate", dir: "auto" }, group.name),
            h("span", { class: "group-count" }, memberCount(group)),
          ),
        ),
      ),
      found.length === 0 &&
        h(
          "li",
          null,
          groups.length > 0
            ? emptyState("search", "No such group")
            : emptyState("groups", "No groups yet", "A group is a named set of people, for reports and shared views."),
        ),
    );
  }

  // The number stands beside the name, so a reader needs the noun that a glance does not.
  function memberCount(group) {
    if (group.members === null)
      return members.isHeld ? "—" : h("span", { class: "skeleton count-skeleton", "aria-hidden": "true" });
    return [
      count(group.members.size),
      h("span", { class: "visually-hidden" }, group.members.size === 1 ? " member" : " members"),
    ];
  }

  function drawCount(group) {
    const item = list.querySelector(`[data-id="${CSS.escape(group.id)}"] .group-count`);
    if (item) fill(item, memberCount(group));
  }

  function drawCounts() {
    for (const group of directory.groups ?? []) drawCount(group);
  }

  // ---------------------------------------------------------------------------------------- detail

  function drawDetail({ focus = false } = {}) {
    detail?.leave();
    detail = null;
    for (const link of list.querySelectorAll("a")) {
      setAttribute(link, "aria-current", link.dataset.id === openId ? "true" : null);
    }
    element.classList.toggle("has-detail", Boolean(openId));
    const group = openId && directory.group(openId);
    if (!openId) {
      fill(side, directory.groups?.length ? emptyState("groups", "Choose a group", "Its members appear here.") : null);
    } else if (group) {
      detail = groupDetail(group, {
        signal,
        onCount: () => drawCount(group),
        onRename: () => {
          directory.sortGroups();
          drawList();
        },
        onDeleted: () => {
          directory.groups = directory.groups.filter((each) => each !== group);
          navigate("groups", null, { replace: true });
          openId = null;
          drawList();
          drawDetail();
          toast(`Group “${group.name}” deleted`);
          newButton.focus();
        },
        onBack: () => navigate("groups"),
      });
      fill(side, detail.element);
      if (focus || phone.matches) detail.focus();
    } else if (directory.groups) {
      fill(
        side,
        emptyState(
          "groups",
          "There is no such group",
          "It may have been deleted.",
          h("a", { class: "button", href: addressOf("close", "groups") }, "All groups"),
        ),
      );
    }
  }

  // ---------------------------------------------------------------------------------------- creating

  async function create() {
    const input = h("input", {
      class: "input",
      type: "text",
      autocomplete: "off",
      maxlength: 200,
      dir: "auto",
      autofocus: true,
    });
    const name = field("Name", input, { id: "group-name" });
    let made = null;
    const done = await openDialog({
      title: "New group",
      body: [name.element],
      confirm: "Create group",
      failure: "The group was not created",
      run: async (dialogSignal) => {
        fieldError(input, name.error, "");
        const text = input.value.trim();
        if (!text)
          throw Object.assign(new Error("Give the group a name."), { fields: { name: "Give the group a name." } });
        made = await session.close.groups.create({ name: text }, {}, session.call(dialogSignal));
      },
      onError: (error) => {
        if (!error.fields?.name) return false;
        fieldError(input, name.error, error.fields.name);
        return true;
      },
    });
    if (!done) return;
    directory.groups.push({ id: made.id, name: made.name, members: new Set() });
    directory.sortGroups();
    drawList();
    toast(`Group “${made.name}” created`);
    openId = made.id;
    navigate("groups", made.id, { replace: true });
    drawDetail({ focus: true });
  }

  // ---------------------------------------------------------------------------------------- loading

  /** Reads whatever is missing; what the reader has stopped only when they say so. */
  async function load(held = true) {
    const parts = [reading, memberships, roles].filter((part) => held || !part.isHeld);
    await Promise.all(parts.map((part) => part.run(signal)));
    if (signal.aborted) return;
    if (!detail) drawDetail();
    // The group that is open is read by itself, and first.
    if (directory.groups && (held || !members.isHeld)) members.run(signal);
  }

  let shown = null;

  function update() {
    newButton.disabled = !directory.groups;
    if (directory.groups !== shown || !shown) drawList();
    shown = directory.groups;
  }

  const common = { signal, goOn: () => load(), leave: () => search.input.focus() };
  const bars = [
    listingBar(reading, { ...common, nouns: ["group", "groups"], failure: "The groups could not be loaded" }),
    listingBar(members, {
      ...common,
      nouns: ["group", "groups"],
      verb: "counted",
      failure: "The members of some groups could not be counted",
    }),
    listingBar(memberships, {
      ...common,
      nouns: ["membership", "memberships"],
      failure: "The names of the members could not be loaded",
      aside: true,
    }),
    listingBar(roles, {
      ...common,
      nouns: ["role", "roles"],
      failure: "The names of the roles could not be loaded",
      aside: true,
    }),
  ];
  for (const part of [reading, memberships, roles]) part.addEventListener("change", oncePerFrame(update), { signal });
  members.addEventListener("change", oncePerFrame(drawCounts), { signal });

  const element = h(
    "div",
    { class: "page fixed groups-page" },
    pageHead("Groups", total, newButton),
    readOnlyNote(),
    h(
      "div",
      { class: "page-troubles" },
      bars.map(({ trouble }) => trouble),
    ),
    h(
      "div",
      { class: "groups-split" },
      h(
        "section",
        { class: "group-index", "aria-label": "All groups" },
        h("div", { role: "search" }, search.element),
        list,
        bars.map(({ bar }) => bar),
      ),
      side,
    ),
  );

  load(false);
  drawList();
  return {
    title: "Groups",
    element,
    show(wanted) {
      openId = wanted;
      drawDetail();
      if (!wanted) announce("All groups");
    },
  };
}
