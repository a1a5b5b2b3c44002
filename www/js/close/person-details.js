// All that is known of one person, and the two things of a membership that are changed every day.

import { addressOf } from "../address.js";
import { avatar } from "../avatar.js";
import { copyable } from "../copyable.js";
import { fill, h, oncePerFrame } from "../dom.js";
import { icon } from "../icons.js";
import { listingBar } from "../listing-bar.js";
import { select } from "../page.js";
import { problem } from "../problem.js";
import { dayText, sentence } from "../text.js";
import { waiting } from "../waiting.js";
import { isAbort } from "../work.js";
import { RECORDING } from "./parts.js";
import { session } from "./session.js";

/**
 * The content of the details panel. What is read for it ends with `shown`, when somebody else is shown; a change
 * that was begun goes on until the screen is left, with `signal`. `onChange` is called when the person was changed.
 */
export function personDetails(person, { signal, shown, onChange }) {
  const { directory } = session;
  const { membership } = person;
  const roleName = h("span", null, directory.roleName(person.roleId));
  const changed = () => {
    roleName.textContent = directory.roleName(person.roleId);
    onChange();
  };
  return [
    h(
      "div",
      { class: "detail-head" },
      avatar(person, "large"),
      h(
        "div",
        { class: "detail-head-text" },
        h("span", { class: "truncate", dir: "ltr" }, person.email),
        h(
          "span",
          { class: "detail-badges" },
          membership &&
            h("span", { class: `badge ${person.active ? "good" : "quiet"}` }, person.active ? "Active" : "Former"),
          membership && h("span", { class: "badge" }, roleName),
        ),
      ),
    ),
    membership && person.active && access(person, { signal, onChange: changed }),
    section("Groups", groupsOf(person, shown)),
    section(
      "Contact",
      facts([
        ["Email", copyable(person.email)],
        ["Phone", person.phone ? copyable(person.phone) : "—"],
        ["Time zone", person.user?.last_used_timezone || "—"],
        ["Joined", dayText(person.joined)],
      ]),
    ),
    section(
      "Identifiers",
      facts([
        ["User", copyable(person.id, true)],
        ["Membership", membership?.id ? copyable(membership.id, true) : "—"],
      ]),
    ),
    rawFields("All fields of the user", person.user),
    rawFields("All fields of the membership", membership),
  ];
}

function section(title, ...content) {
  return h("section", { class: "detail" }, h("h3", null, title), content);
}

function facts(rows) {
  return h(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) => [h("dt", null, name), h("dd", { dir: "auto" }, value)]),
  );
}

// ------------------------------------------------------------------------------------------------ access

function access(person, { signal, onChange }) {
  const { directory } = session;
  const roles = (directory.roles ?? []).map((role) => [role.id, role.name]);
  if (!roles.some(([id]) => id === person.roleId)) roles.unshift([person.roleId, person.roleId]);
  return section(
    "Access",
    changer({ person, signal, onChange, id: "detail-role", label: "Role", name: "role_id", options: roles }),
    changer({
      person,
      signal,
      onChange,
      id: "detail-recording",
      label: "Call recording",
      name: "auto_record_calls",
      options: RECORDING,
    }),
  );
}

/** A select that saves at once and goes back when it was refused. */
function changer({ person, signal, onChange, id, label, name, options }) {
  const trouble = h("div");
  const why = h("div");
  const state = h("span", { class: "change-state", role: "status" });
  const control = select(options, person.membership[name], { id, on: { change: save } });

  async function save() {
    const value = control.value;
    fill(trouble);
    fill(
      state,
      h("span", { class: "spinner", "aria-hidden": "true" }),
      h("span", { class: "visually-hidden" }, "Saving"),
    );
    control.disabled = true;
    const waits = waiting(signal);
    fill(why, waits.element);
    try {
      await session.directory.updateMembership(person, { [name]: value }, waits.signal);
      fill(state, icon("check", 14), "Saved");
      onChange();
    } catch (error) {
      if (isAbort(error, signal)) return;
      fill(state);
      control.value = person.membership[name];
      fill(trouble, problem(error, { title: `The ${label.toLowerCase()} was not changed` }));
    } finally {
      control.disabled = false;
      waits.end();
    }
  }

  return h(
    "div",
    { class: "change" },
    h("div", { class: "change-row" }, h("label", { for: id }, label), state),
    control,
    why,
    trouble,
  );
}

// ------------------------------------------------------------------------------------------------ groups

/** Groups do not tell who is in them until each is read, so this is done when somebody looks, and kept. */
function groupsOf(person, signal) {
  const { directory } = session;
  const { groups, members } = directory.listings;
  const found = h("div");

  async function read() {
    await groups.run(signal);
    if (groups.isComplete) await members.run(signal);
  }

  function draw() {
    const known = (directory.groups ?? []).filter((group) => group.members?.has(person.id));
    const running = groups.isRunning || members.isRunning;
    fill(
      found,
      known.length > 0 &&
        h(
          "ul",
          { class: "tags" },
          known.map((group) =>
            h(
              "li",
              null,
              h(
                "a",
                { class: "badge", href: addressOf("close", "groups", group.id), dir: "auto" },
                h("span", null, group.name),
              ),
            ),
          ),
        ),
      known.length === 0 && members.isComplete && h("p", { class: "muted" }, "In no group"),
      running &&
        h(
          "p",
          { class: "muted working" },
          h("span", { class: "spinner", "aria-hidden": "true" }),
          "Looking through the groups…",
        ),
    );
  }

  const common = { signal, nouns: ["group", "groups"], goOn: read };
  const bars = [
    listingBar(groups, { ...common, failure: "The groups could not be read" }),
    listingBar(members, { ...common, verb: "looked through", failure: "Some groups could not be read" }),
  ];
  for (const listing of [groups, members]) listing.addEventListener("change", oncePerFrame(draw), { signal });
  read();
  draw();
  return h(
    "div",
    { class: "detail-groups" },
    found,
    bars.map(({ bar, trouble }) => [bar, trouble]),
  );
}

// ------------------------------------------------------------------------------------------------ everything

function rawFields(title, record) {
  if (!record) return null;
  return h(
    "details",
    { class: "detail raw" },
    h("summary", null, title),
    h(
      "dl",
      { class: "facts" },
      Object.entries(record).map(([name, value]) => [
        h("dt", { title: name }, sentence(name)),
        h("dd", { dir: "auto" }, plain(value)),
      ]),
    ),
  );
}

function plain(value) {
  if (value === null || value === "") return "—";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ") || "—";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
