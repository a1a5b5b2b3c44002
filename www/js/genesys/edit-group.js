// Changing a group, and what happens when somebody else has changed it meanwhile: both versions are shown field by
// field, and the reader chooses.

import { openDialog } from "../dialog.js";
import { fill, h, uniqueId } from "../dom.js";
import { icon } from "../icons.js";
import { ConflictError } from "../orgdeck.js";
import { changes, FIELDS, isSame, valuesOf } from "./fields.js";
import { groupForm } from "./group-form.js";
import { session } from "./session.js";

/**
 * Lets the reader change `group`. Gives what became of it: "saved", "theirs" when somebody else's change was kept, or
 * "" when nothing was done.
 */
export async function editGroup(group, { signal }) {
  const { directory, genesys } = session;
  let base = group.record;
  let mine = valuesOf(base);
  /** What stands against each other: the record `theirs`, and my `patch`. */
  let conflict = null;

  /** One round of the form: "saved", "conflict", or "". */
  async function showForm() {
    const closed = new AbortController();
    const form = groupForm(mine, { signal: AbortSignal.any([signal, closed.signal]) });
    let outcome = "";
    await openDialog({
      title: `Edit “${group.name}”`,
      body: form.body,
      kind: "roomy",
      confirm: "Save",
      failure: "The group was not changed",
      run: async (dialogSignal) => {
        mine = form.read();
        const patch = changes(valuesOf(base), mine);
        if (Object.keys(patch).length === 0) return;
        try {
          group.take(
            await genesys.groups.update(group.id, { ...patch, version: base.version }, session.call(dialogSignal)),
          );
          outcome = "saved";
        } catch (error) {
          if (!(error instanceof ConflictError)) throw error;
          const theirs = await genesys.groups.get(group.id, session.call(dialogSignal));
          await directory.loadPersons(ownersOf(theirs), dialogSignal);
          const now = valuesOf(theirs);
          if (Object.keys(patch).every((key) => isSame(patch[key], now[key]))) {
            group.take(theirs);
            outcome = "saved";
          } else {
            conflict = { theirs, patch };
            outcome = "conflict";
          }
        }
      },
      onError: form.onError,
    });
    closed.abort();
    return outcome;
  }

  // ---------------------------------------------------------------------------------------- conflict

  /** Both versions side by side: "saved", "theirs", or "" to go back to the form. */
  async function showConflict() {
    let outcome = "";
    const box = h("div", { class: "conflict" });
    const confirm = h("span");
    let chosen = drawConflict(box, confirm);
    await openDialog({
      title: "Somebody else has changed this group",
      body: [box],
      kind: "roomy",
      cancel: "Back to editing",
      alternative: {
        label: "Keep theirs",
        choose: () => {
          group.take(conflict.theirs);
          outcome = "theirs";
        },
      },
      confirm,
      failure: "The group was not changed",
      run: async (dialogSignal) => {
        const { theirs } = conflict;
        const patch = changes(valuesOf(theirs), chosen());
        try {
          if (Object.keys(patch).length > 0) {
            const version = theirs.version;
            group.take(await genesys.groups.update(group.id, { ...patch, version }, session.call(dialogSignal)));
            outcome = "saved";
          } else {
            group.take(theirs);
            outcome = "theirs";
          }
        } catch (error) {
          if (error instanceof ConflictError) {
            // And once more: the choice is between what is there now and mine.
            conflict.theirs = await genesys.groups.get(group.id, session.call(dialogSignal));
            await directory.loadPersons(ownersOf(conflict.theirs), dialogSignal);
            chosen = drawConflict(box, confirm);
          }
          throw error;
        }
      },
    });
    // What was filled in stays, and now stands on what somebody else has made of it.
    mine = { ...valuesOf(conflict.theirs), ...conflict.patch };
    base = conflict.theirs;
    return outcome;
  }

  /** Draws the choice into `box`, and gives what reads it: the values to save. */
  function drawConflict(box, confirm) {
    const { theirs, patch } = conflict;
    const [before, now] = [valuesOf(base), valuesOf(theirs)];
    const rows = FIELDS.filter(({ key }) => Object.hasOwn(patch, key) && !isSame(patch[key], now[key]));
    const others = FIELDS.filter(({ key }) => !Object.hasOwn(patch, key) && !isSame(before[key], now[key]));
    const takesMine = new Map(rows.map(({ key }) => [key, true]));
    const label = () => {
      confirm.textContent = [...takesMine.values()].every(Boolean) ? "Overwrite with mine" : "Save this choice";
    };
    fill(
      box,
      h("p", { class: "muted" }, "It was saved by somebody else while you were editing. Choose what shall hold."),
      rows.map((field) =>
        choice(field, now[field.key], patch[field.key], (isMine) => {
          takesMine.set(field.key, isMine);
          label();
        }),
      ),
      others.length > 0 &&
        h(
          "p",
          { class: "notice" },
          icon("info"),
          h(
            "span",
            { class: "notice-text" },
            "They have changed this too, and it stays: ",
            others.map(({ key, label: name, show }, index) => [
              index > 0 && "; ",
              `${name.toLowerCase()} “`,
              h("bdi", null, show(now[key])),
              "”",
            ]),
          ),
        ),
    );
    label();
    return () => ({
      ...now,
      ...Object.fromEntries(rows.filter(({ key }) => takesMine.get(key)).map(({ key }) => [key, patch[key]])),
    });
  }

  for (;;) {
    const outcome = await showForm();
    if (outcome !== "conflict") return outcome;
    const choice = await showConflict();
    if (choice || signal.aborted) return choice;
    // Back to the form, with what was filled in and on top of what is there now.
  }
}

const ownersOf = (record) => (record.owners ?? []).map((owner) => owner.id);

/** One field: their value and mine, of which one is taken. */
function choice({ key, label, show }, theirs, mine, onChoose) {
  const name = uniqueId(`conflict-${key}`);
  const option = (title, value, isMine) =>
    h(
      "label",
      { class: "side-choice" },
      h("input", { type: "radio", name, checked: isMine, on: { change: () => onChoose(isMine) } }),
      h(
        "span",
        { class: "side-choice-text" },
        h("span", { class: "side-choice-title" }, title),
        h("span", { class: "side-choice-value", dir: "auto" }, show(value)),
      ),
    );
  return h(
    "fieldset",
    { class: "conflict-field" },
    h("legend", null, label),
    h("div", { class: "sides" }, option("Theirs, now saved", theirs, false), option("Mine", mine, true)),
  );
}
