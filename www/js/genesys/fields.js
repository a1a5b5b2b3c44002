// The fields of a group that can be changed: what they are called, what they may be, and how they are shown.

import { session } from "./session.js";

export const TYPES = [
  ["official", "Official"],
  ["social", "Social"],
];

export const VISIBILITIES = [
  ["public", "Everybody"],
  ["owners", "Owners and members"],
  ["members", "Members only"],
];

export const STATES = [
  ["active", "Active"],
  ["inactive", "Inactive"],
];

const labelOf = (options, value) => options.find(([key]) => key === value)?.[1] ?? (value || "—");
export const typeLabel = (value) => labelOf(TYPES, value);
export const visibilityLabel = (value) => labelOf(VISIBILITIES, value === "ownerIds" ? "owners" : value);
export const stateLabel = (value) => labelOf([...STATES, ["deleted", "Deleted"]], value);

const plain = (value) => value || "—";
const flag = (value) => (value ? "Yes" : "No");
const people = (ids) => ids.map((id) => session.directory.person(id)?.name ?? id).join(", ") || "Nobody";

/** In the order of the form. `show` gives the words for a value. */
export const FIELDS = [
  { key: "name", label: "Name", show: plain },
  { key: "description", label: "Description", show: plain },
  { key: "visibility", label: "Visible to", show: visibilityLabel },
  { key: "state", label: "State", show: stateLabel },
  { key: "ownerIds", label: "Owners", show: people },
  { key: "email", label: "Email", show: plain },
  { key: "includeOwners", label: "Owners are members", show: flag },
  { key: "callsEnabled", label: "Can be called", show: flag },
  { key: "rolesEnabled", label: "Roles count for members", show: flag },
  { key: "rulesVisible", label: "Rules are visible", show: flag },
];

/** The values of a record, as the form and a patch have them. */
export function valuesOf(record) {
  return {
    name: record.name,
    description: record.description ?? "",
    visibility: record.visibility === "ownerIds" ? "owners" : record.visibility,
    state: record.state ?? "active",
    ownerIds: (record.owners ?? []).map((owner) => owner.id),
    email: record.email ?? "",
    includeOwners: record.includeOwners ?? false,
    callsEnabled: record.callsEnabled ?? false,
    rolesEnabled: record.rolesEnabled ?? false,
    rulesVisible: record.rulesVisible ?? false,
  };
}

/** Whether two values of a field are the same. The order of owners means nothing. */
export function isSame(a, b) {
  if (!Array.isArray(a)) return a === b;
  return a.length === b.length && a.every((each) => b.includes(each));
}

/** What is different in `now`, as a patch. */
export function changes(before, now) {
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => !isSame(value, before[key])));
}
