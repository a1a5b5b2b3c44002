// What callers pass, checked for type and name here, where types are cheap; what it means is Rust's to say.

import { configError } from "./errors.js";

const is = (type) => (value) => typeof value === type;
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
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

/** What a value is, in words. */
export const describe = (value) =>
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
