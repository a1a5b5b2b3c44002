// The search as it is put together: a tree of groups and conditions, and the criteria it stands for.

import { Criteria, Genesys } from "../orgdeck.js";
import { STATES, TYPES, VISIBILITIES } from "./fields.js";

/** How many groups a search brings at a time. */
export const PAGE_SIZE = 25;

/** Fields that can be searched. `kind` says what their values are; a choice has its `options`. */
export const FIELDS = {
  any: { label: "Any text", kind: "text", names: ["name", "description", "email"] },
  name: { label: "Name", kind: "text" },
  description: { label: "Description", kind: "text" },
  email: { label: "Email", kind: "text" },
  type: { label: "Type", kind: "choice", options: TYPES },
  visibility: { label: "Visible to", kind: "choice", options: VISIBILITIES },
  state: { label: "State", kind: "choice", options: STATES },
  memberCount: { label: "Members", kind: "number" },
  version: { label: "Version", kind: "number" },
  dateModified: { label: "Modified", kind: "date" },
  "owners.id": { label: "Owner’s ID", kind: "text" },
  "addresses.address": { label: "Phone number", kind: "text" },
};

/** Tests, and the kinds of fields that each is offered for. */
export const TESTS = {
  contains: { label: "contains", kinds: ["text"] },
  startsWith: { label: "starts with", kinds: ["text"] },
  range: { label: "is between", kinds: ["number", "date"] },
  exact: { label: "is", kinds: ["text", "choice", "number"] },
  term: { label: "has the word", kinds: ["text"] },
  regex: { label: "matches pattern", kinds: ["text"] },
  required: { label: "is filled in", kinds: ["text", "choice", "number", "date"] },
};

export const MODES = {
  and: "All of these",
  or: "Any of these",
  none: "None of these",
};

export const testsOf = (field) => Object.keys(TESTS).filter((test) => TESTS[test].kinds.includes(FIELDS[field].kind));

/** A condition that is still to be filled in. `touched` is set once the reader has done something about its value. */
export const newCondition = () => ({ field: "name", test: "contains", value: "", to: "", touched: false });

export const newGroup = (mode = "or") => ({ mode, parts: [newCondition()] });

export const isGroup = (node) => Object.hasOwn(node, "parts");

/** Sets the field of a condition, and what of the rest does not fit it. */
export function setField(condition, field) {
  const { kind } = FIELDS[condition.field];
  condition.field = field;
  const tests = testsOf(field);
  if (!tests.includes(condition.test)) condition.test = tests[0];
  if (FIELDS[field].kind === kind && kind !== "choice") return;
  Object.assign(condition, { value: FIELDS[field].options?.[0][0] ?? "", to: "", touched: false });
}

/**
 * The criteria of `node`. `paths` is told where each condition stands, as errors name it; those in `without` are left
 * out, but keep their place.
 */
function criteriaOf(node, path, paths, without) {
  if (isGroup(node)) {
    const list = (word, at) => ({
      [word]: node.parts.map((part, index) => criteriaOf(part, `${at}.${word}[${index}]`, paths, without)),
    });
    return node.mode === "none" ? { not: list("or", `${path}.not`) } : list(node.mode, path);
  }
  paths.set(path, node);
  if (without.has(node)) return { all: true };
  const fields = FIELDS[node.field].names ?? node.field;
  if (node.test === "required") return { required: fields };
  if (node.test !== "range") return { [node.test]: node.value, fields };
  const range = {};
  if (node.value !== "") range.from = node.value;
  // A day that is named as the end belongs to the range, to its last moment.
  if (node.to !== "") range.to = FIELDS[node.field].kind === "date" ? `${node.to}T23:59:59.999Z` : node.to;
  return { range, fields };
}

const searchOf = (where) => ({ where, sortBy: "name", sortOrder: "ASC", pageSize: PAGE_SIZE });

/**
 * What a tree stands for: the `search` to give to the client, the `request` it sends, the `criteria` to apply here;
 * and for each condition that is wrong the words for it in `errors`, in which case the rest is null.
 */
export function understand(tree) {
  const errors = new Map();
  for (;;) {
    const paths = new Map();
    const where = criteriaOf(tree, "where", paths, errors);
    try {
      const search = searchOf(where);
      const request = Genesys.searchRequest(search);
      const criteria = new Criteria(where);
      // Patterns are only read where they are applied.
      criteria.filter([]);
      if (errors.size > 0) return { errors, search: null, request: null, criteria: null };
      return { errors, search, request, criteria };
    } catch (error) {
      const node = conditionAt(error, paths);
      if (!node || errors.has(node)) throw error;
      errors.set(node, error);
    }
  }
}

/** The condition that an error is about, by the path it names: `groups.search: where.and[1].exact: …`. */
function conditionAt(error, paths) {
  const place = placeOf(error);
  return [...paths].find(([at]) => place === at || place.startsWith(`${at}.`))?.[1];
}

// A search names its criteria `where`; by themselves they are `criteria`.
const PATH = /\b(?:where|criteria)((?:\.\w+|\[\d+\])*)(?::|$)/;

/** Where an error is in the tree: `where.and[1].exact`. */
export function placeOf(error) {
  const path = PATH.exec(error.message)?.[1];
  return path ? `where${path}` : "";
}

/** The words of an error, without the path, which the reader sees by where it stands. */
export const wordsOf = (error) =>
  error.message.replace(/^.*?\b(?:where|criteria)[\w.[\]]*: /, "").replace(/^./, (letter) => letter.toUpperCase());
