// Search criteria: a tree of plain objects, and what can be done with it.

import { json, matching, wellFormed } from "./orgdeck.js";
import { requireInit } from "./load.js";
import { configError } from "./snippets/orgdeck/src/js/errors.js";

const treeOf = (given) => (given instanceof Criteria ? given.toJSON() : given);

// What is combined in the same way lies side by side, so that a chain of any length stays flat.
function combined(word, parts) {
  const trees = parts.map(treeOf);
  return new Criteria({ [word]: trees.flatMap((tree) => (Array.isArray(tree?.[word]) ? tree[word] : [tree])) });
}

export class Criteria {
  #tree;

  constructor(tree) {
    if (typeof tree !== "object" || tree === null || Array.isArray(tree)) {
      throw configError("criteria: expected an object such as { exact: \"active\", fields: \"state\" }");
    }
    this.#tree = treeOf(tree);
  }

  and(...others) {
    return combined("and", [this, ...others]);
  }

  or(...others) {
    return combined("or", [this, ...others]);
  }

  not() {
    return criteria.not(this);
  }

  matches(record) {
    return this.filter([record]).length > 0;
  }

  filter(records) {
    requireInit("criteria.filter(…)");
    if (!Array.isArray(records)) throw configError("criteria.filter: expected a list of records");
    const places = matching(wellFormed("criteria", this.#tree), json("records", records));
    return places.map((place) => records[place]);
  }

  toJSON() {
    return this.#tree;
  }
}

// What is left out is null, so that the error names it.
const test = (word) => (fields, wanted) => new Criteria({ [word]: wanted ?? null, fields: fields ?? null });

export const criteria = Object.freeze({
  all: () => new Criteria({ all: true }),
  and: (...parts) => combined("and", parts),
  or: (...parts) => combined("or", parts),
  not: (part) => new Criteria({ not: treeOf(part) }),
  exact: test("exact"),
  startsWith: test("startsWith"),
  contains: test("contains"),
  term: test("term"),
  regex: test("regex"),
  range: test("range"),
  required: (fields) => new Criteria({ required: fields ?? null }),
});
