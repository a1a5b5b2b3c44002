// Arguments of the clients and tables as Rust takes them. Apart from `options.js`, because signing in needs none of it.

import { configError } from "./errors.js";
import { describe, isObject, kinds, read } from "./options.js";

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
