// The two orders that people are sorted by, last name and then first name, as each engine takes them. What is null comes
// last.

import * as arquero from "arquero";

import { byUnits, collator } from "./engines.mjs";
import { byCodePoint } from "./oracle.mjs";

export const FIELDS = ["last_name", "first_name"];

// arquero reads the source of these functions, so they can use nothing from around them. It would put null first.
const ARQUERO_KEYS = [(user) => user.last_name ?? "\uffff", (user) => user.first_name ?? "\uffff"];

const sort = FIELDS.map((field) => ({ field }));
const tanstack = (suffix) => FIELDS.map((field) => ({ id: `${field}${suffix}`, desc: false }));

/** `compare` is for JavaScript, the others for engines; `oracle` says what is right. */
export const ORDERS = {
  "by code point": {
    compare: byUnits,
    orgdeck: { sort },
    arquero: ARQUERO_KEYS,
    tanstack: () => tanstack(""),
    oracle: byCodePoint,
  },
  "by locale": {
    compare: collator.compare,
    orgdeck: { sort, collator },
    arquero: ARQUERO_KEYS.map((key) => arquero.collate(key, collator.compare)),
    tanstack: () => tanstack("_collated"),
    oracle: new Intl.Collator("en").compare,
  },
};

/** Compares two users by their names. */
export const byNames = (compare) => (a, b) => {
  for (const field of FIELDS) {
    const [left, right] = [a[field], b[field]];
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    const order = compare(left, right);
    if (order !== 0) return order;
  }
  return 0;
};

/** The rank of each value that a field has, null the last one. */
function ranksOf(users, field, compare) {
  const values = [...new Set(users.map((user) => user[field]))].filter((value) => value !== null).sort(compare);
  const ranks = new Map();
  let rank = 0;
  values.forEach((value, index) => {
    if (index > 0 && compare(values[index - 1], value) !== 0) rank += 1;
    ranks.set(value, rank);
  });
  return ranks.set(null, rank + 1);
}

/**
 * What somebody writes who has seen a profile: only distinct names are compared, and numbers are sorted, one for last name,
 * first name and place together. The place gives the user back, and keeps the order of equals.
 */
export function keysOf(users, compare) {
  const [last, first] = FIELDS.map((field) => ranksOf(users, field, compare));
  const count = users.length;
  return Float64Array.from(
    users,
    (user, place) => (last.get(user.last_name) * (first.size + 1) + first.get(user.first_name)) * count + place,
  );
}

export const sortedByKeys = (users, keys) => Array.from(keys.toSorted(), (key) => users[key % users.length]);
