// What the browser knows of texts, for search criteria.

import { fold as plain } from "./fold.js";

/** A regular expression for a whole text, without regard to case; what is wrong with it, if it is none. */
export function whole(pattern) {
  let why;
  // Escapes that other dialects allow are errors in the mode for Unicode.
  for (const flags of ["iu", "i"]) {
    try {
      // On its own first, so that no parenthesis of it closes ours.
      new RegExp(pattern, flags);
      return new RegExp(`^(?:${pattern})$`, flags);
    } catch (error) {
      why = error.message;
    }
  }
  return why;
}

/** Each character by its own lower case: a whole text's would depend on what stands beside it. */
function lower(text) {
  return /[^\0-\x7f]/.test(text) ? Array.from(text, (character) => character.toLowerCase()).join("") : text.toLowerCase();
}

/** A text without case; for what people type to search, without accents as well. */
export const fold = (text, isTyped) => (isTyped ? plain : lower)(text);

/** The number that a text is; NaN for any other. */
export function number(text) {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** Whether one of the words of a text is this one, folded. */
export function hasWord(text, folded) {
  return text.split(/[^\p{Alphabetic}\p{N}]/u).some((word) => lower(word) === folded);
}
