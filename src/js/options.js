// What callers pass, checked for type and name here, where types are cheap; what it means is Rust's to say.

import { configError } from "./errors.js";

const is = (type) => (value) => typeof value === type;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
// Signals of other windows and polyfills are no instances of this window's class.
const isSignal = (value) => isObject(value) && typeof value.aborted === "boolean" && !!value.addEventListener;
const between = (min, max) => (value) => typeof value === "number" && value >= min && value <= max;

/** The kinds of options: what they must be, in words, and how to tell. */
export const kinds = {
  string: ["a string", is("string")],
  boolean: ["true or false", is("boolean")],
  function: ["a function", is("function")],
  object: ["an object", isObject],
  token: ["a string or a function", (value) => is("string")(value) || is("function")(value)],
  signal: ["an AbortSignal", isSignal],
  // Browsers take a longer time for none at all.
  ms: ["milliseconds from 0 to 2147483647", between(0, 2 ** 31 - 1)],
  hours: ["hours from -14 to 14", between(-14, 14)],
  any: ["a value", () => true],
  count: ["a whole number from 1", (value) => Number.isSafeInteger(value) && value > 0],
  requests: ["a whole number from 1 to 1000000", (value) => Number.isInteger(value) && between(1, 1e6)(value)],
  retries: ["a whole number from 0 to 100", (value) => Number.isInteger(value) && between(0, 100)(value)],
};

const describe = (value) =>
  value === null ? "null" : Array.isArray(value) ? "a list" : typeof value === "number" ? String(value) : typeof value;

/** The options of an object, each of its kind; undefined, and null for none at all, are as if left out. */
export function read(name, given, known) {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw configError(`${name}: expected an object, found ${describe(given)}`);
  const options = {};
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(known, key)) {
      throw configError(`${name} has no option \`${key}\`; there is \`${Object.keys(known).join("`, `")}\``);
    }
    const value = given[key];
    const [expected, fits] = known[key];
    if (value === undefined) continue;
    if (!fits(value)) throw configError(`${name}.${key}: expected ${expected}, found ${describe(value)}`);
    options[key] = value;
  }
  return options;
}

/** Headers as names and values in turn; but for those that Orgdeck sets itself. */
export function headers(name, given = {}) {
  return Object.entries(given).flatMap(([key, value]) => {
    if (/^(authorization|accept|content-type)$/i.test(key)) {
      throw configError(`${name}.headers: \`${key}\` is set by Orgdeck`);
    }
    if (typeof value !== "string") {
      throw configError(`${name}.headers.${key}: expected a string, found ${describe(value)}`);
    }
    return [key, value];
  });
}

const callKinds = {
  signal: kinds.signal,
  timeoutMs: kinds.ms,
  deadlineMs: kinds.ms,
  maxRetries: kinds.retries,
  headers: kinds.object,
  background: kinds.boolean,
  share: kinds.boolean,
  onEvent: kinds.function,
};

/** Milliseconds as Rust takes them. */
export const whole = (ms) => ms && Math.ceil(ms);

/** Tells a function of the page. What it throws is its own affair. */
export function tell(told, value) {
  try {
    told?.(value)?.catch?.(() => {});
  } catch {
    // See above.
  }
}

/** The last argument of every call: what Rust takes of it as text, its signal, who is told of its requests, and, where
 * it takes many of them, who is told how far it is. */
export function call(given, isLong) {
  const known = isLong ? { ...callKinds, onProgress: kinds.function } : callKinds;
  const { signal, onEvent, onProgress, ...rest } = read("call", given, known);
  const { timeoutMs, deadlineMs, maxRetries, background, share } = rest;
  const flat = [whole(timeoutMs), whole(deadlineMs), maxRetries, headers("call", rest.headers), background, share];
  return [flat, signal, onEvent, onProgress && ((done, total) => tell(onProgress, { done, total }))];
}

/** An argument as JSON text: dates become their ISO text, undefined members are left out. */
export function json(name, value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw configError(`${name}: ${cause.message}`);
  }
  if (text === undefined) throw configError(`${name}: expected a value, found ${describe(value)}`);
  return text;
}

/** JSON text of an argument that is sent. Half an emoji, which JSON escapes, cannot be sent as it is. */
export function wellFormed(name, value) {
  const said = json(name, value);
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(said)) throw configError(`${name}: a string is not well-formed Unicode`);
  return said;
}

/** A query, safe to be turned into JSON. */
export function query(value) {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw configError(`query: expected an object, found ${describe(value)}`);
  nothingLost("query.where", value.where);
  wellFormed("query", value);
  return value;
}

// What JSON leaves out or turns into null must not vanish from a filter: without it the filter means everybody.
function nothingLost(path, value) {
  if (typeof value === "string") text(path, value);
  const isDate = value instanceof Date;
  const isNumber = typeof value === "number" || isDate;
  const lost = typeof value === "function" || typeof value === "symbol" || (isNumber && !Number.isFinite(+value));
  if (lost) throw configError(`${path}: expected a value, found ${isDate ? String(value) : describe(value)}`);
  if (typeof value !== "object" || value === null || isDate) return;
  // What a Map and its like hold is no member of theirs.
  if (Object.prototype.toString.call(value) !== "[object Object]" && !Array.isArray(value)) {
    throw configError(`${path}: expected a value or a plain object, found ${value.constructor?.name}`);
  }
  for (const [key, inner] of Object.entries(value)) {
    text(`a name in ${path}`, key);
    if (inner === undefined) throw configError(`${path}.${key}: expected a value, found undefined`);
    nothingLost(`${path}.${key}`, inner);
  }
}

/** A text. Half an emoji cannot be sent as it is. */
export function text(name, value) {
  if (typeof value !== "string") throw configError(`${name}: expected a string, found ${describe(value)}`);
  if (/\p{Surrogate}/u.test(value)) throw configError(`${name}: the string is not well-formed Unicode`);
  return value;
}

/** A list of texts. */
export function texts(name, value) {
  if (!Array.isArray(value)) throw configError(`${name}: expected a list of strings, found ${describe(value)}`);
  // Not `map`, which leaves holes as they are.
  return Array.from(value, (item, at) => text(`${name}[${at}]`, item));
}
