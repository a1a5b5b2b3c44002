// The form of a group, to make one and to change one.

import { h, throttle } from "../dom.js";
import { listingBar } from "../listing-bar.js";
import { checkbox, field, select } from "../page.js";
import { PeoplePicker } from "../people-picker.js";
import { fieldError } from "../problem.js";
import { byText } from "../text.js";
import { FIELDS, STATES, TYPES, VISIBILITIES } from "./fields.js";
import { session } from "./session.js";

/** How often an open list of people is drawn anew while pages arrive. */
const REFRESH_MS = 200;

export const NEW_GROUP = {
  name: "",
  description: "",
  type: "official",
  visibility: "public",
  ownerIds: [],
  email: "",
  includeOwners: true,
  callsEnabled: true,
  rolesEnabled: true,
  rulesVisible: true,
};

const HINTS = {
  includeOwners: "Whoever owns the group is in it, too.",
  callsEnabled: "The group has a place among those that can be called.",
  rolesEnabled: "Roles given to the group hold for everybody in it.",
  rulesVisible: "Everybody sees the rules by which people belong to it.",
};

/**
 * Gives `{ body, read(), onError(error) }`. `read` gives the values or throws what is wrong with them; `onError` shows
 * an error at its field and says true, or says false. People to own it are loaded until `signal` aborts.
 */
export function groupForm(values, { signal }) {
  const { directory } = session;
  const isNew = Object.hasOwn(values, "type");

  const name = h("input", {
    class: "input",
    value: values.name,
    maxlength: 200,
    dir: "auto",
    autocomplete: "off",
    autofocus: true,
  });
  const description = h("textarea", { class: "input area", rows: 2, maxlength: 1000, dir: "auto" });
  description.value = values.description;
  const email = h("input", { class: "input", type: "email", value: values.email, autocomplete: "off", dir: "ltr" });
  const visibility = select(VISIBILITIES, values.visibility);
  const second = isNew ? select(TYPES, values.type) : select(STATES, values.state);

  const fields = {
    name: field("Name", name, { id: "group-name" }),
    description: field("Description", description, { id: "group-description" }),
    visibility: field("Visible to", visibility, { id: "group-visibility" }),
    second: field(isNew ? "Type" : "State", second, { id: isNew ? "group-type" : "group-state" }),
    email: field("Email", email, { id: "group-email" }),
  };
  const owners = new PeoplePicker({
    label: "Owners",
    placeholder: "Find people by name or email",
    gathered: "Owners",
    candidates: () => directory.people.filter((person) => person.email).sort((a, b) => byText(a.name, b.name)),
    onChange: () => {},
  });
  owners.reset(values.ownerIds.map((id) => directory.person(id) ?? directory.takeUser({ id })));
  const flags = Object.fromEntries(
    Object.keys(HINTS).map((key) => [
      key,
      checkbox(FIELDS.find((each) => each.key === key).label, HINTS[key], { checked: values[key] }),
    ]),
  );
  const { people } = directory.listings;
  const refreshSoon = throttle(() => signal.aborted || owners.refresh(), REFRESH_MS);
  people.addEventListener("change", refreshSoon, { signal });
  const { bar, trouble } = listingBar(people, {
    signal,
    nouns: ["person", "people"],
    failure: "Not everybody could be loaded",
    stopLabel: "Stop loading",
    goOn: () => people.run(signal),
    leave: () => owners.focus(),
  });
  people.run(signal);

  return {
    body: [
      fields.name.element,
      fields.description.element,
      h("div", { class: "field-row" }, fields.second.element, fields.visibility.element),
      h(
        "div",
        { class: "field" },
        h("span", { class: "label", "aria-hidden": "true" }, "Owners"),
        owners.element,
        bar,
        trouble,
      ),
      fields.email.element,
      h(
        "fieldset",
        { class: "checks" },
        h("legend", { class: "visually-hidden" }, "Settings"),
        Object.values(flags).map(({ element }) => element),
      ),
    ],
    read() {
      for (const { key, input } of [
        { key: "name", input: name },
        { key: "email", input: email },
      ])
        fieldError(input, fields[key].error, "");
      const found = {
        name: name.value.trim(),
        description: description.value.trim(),
        ...(isNew ? { type: second.value } : { state: second.value }),
        visibility: visibility.value,
        ownerIds: owners.picked.map((person) => person.id),
        email: email.value.trim(),
        ...Object.fromEntries(Object.entries(flags).map(([key, { input }]) => [key, input.checked])),
      };
      const wrong = !found.name
        ? { name: "Give the group a name." }
        : found.email && !/^\S+@\S+$/.test(found.email)
          ? { email: "Enter an email address, or none." }
          : null;
      if (wrong) throw Object.assign(new Error(Object.values(wrong)[0]), { fields: wrong });
      return found;
    },
    onError(error) {
      const [key, text] = Object.entries(error.fields ?? {})[0] ?? [];
      const input = { name, description, email }[key];
      if (!input) return false;
      fieldError(input, fields[key].error, text);
      return true;
    },
  };
}
