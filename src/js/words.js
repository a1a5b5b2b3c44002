// What somebody types to search, and where it is in the texts that are shown.

import { fold } from "./fold.js";

/** A word or a phrase, each with what stands before it. A quote that is not closed yet goes to the end. */
const WORD = /(-?)(?:"([^"]*)"?|([^\s:"]+):"([^"]*)"?|(\S+))/g;

/**
 * The words of a search, folded. Those with a colon may be meant for a field: then `field` is its name as it was typed, and
 * `whole` is the word when there is no such field.
 */
export function wordsOf(typed) {
  const words = [];
  for (const [, minus, phrase, name, quoted, plain] of typed.matchAll(WORD)) {
    const colon = name ? -1 : (plain?.indexOf(":") ?? -1);
    const field = name ?? (colon > 0 ? plain.slice(0, colon) : "");
    const whole = fold(phrase ?? (name ? `${name}:"${quoted}"` : plain));
    const text = field ? fold(quoted ?? plain.slice(colon + 1)) : whole;
    // Of a minus alone it is not known yet what it takes away.
    if (whole && plain !== "-") words.push({ text, field, isExcluded: minus === "-", whole });
  }
  return words;
}

/** The same as a list of texts, four a word. */
export const told = (words) =>
  words.flatMap(({ text, field, isExcluded, whole }) => [text, field, isExcluded ? "-" : "", whole]);

const letters = (name) => name.replace(/[._]/g, "").toLowerCase();

/** The field of a record that a name stands for: as it is or, failing that, whatever its case and what joins its words. */
function fieldOf(record, name) {
  if (!name || Object.hasOwn(record, name)) return name;
  return letters(name) && Object.keys(record).find((field) => letters(field) === letters(name));
}

/** Where in a record's texts the words are that are looked for: by field, from where on and up to where. */
export function highlightsOf(record, words, searchIn) {
  const found = {};
  const wanted = words.filter(({ isExcluded }) => !isExcluded);
  const meant = wanted.map(({ text, field, whole }) => {
    const known = fieldOf(record, field);
    return known ? [text, known] : [whole, null];
  });
  for (const [field, value] of Object.entries(record)) {
    if (typeof value !== "string") continue;
    const isSearched = !searchIn || searchIn.includes(field);
    const texts = meant.filter(([text, known]) => text && (known ? known === field : isSearched)).map(([text]) => text);
    const ranges = rangesOf(value, texts);
    if (ranges.length > 0) found[field] = ranges;
  }
  return found;
}

/** Where texts are in one, merged. A character counts as a whole, with the marks behind it that are not looked for. */
function rangesOf(value, texts) {
  const folded = fold(value);
  const there = texts.filter((text) => folded.includes(text));
  if (there.length === 0) return [];
  // For each unit of what is folded the part of the value that it comes from.
  const parts = [];
  let at = 0;
  for (const character of value) {
    const text = fold(character);
    const end = at + character.length;
    if (text) {
      const part = [at, end];
      for (let unit = 0; unit < text.length; unit += 1) parts.push(part);
    } else if (parts.length > 0) {
      parts.at(-1)[1] = end;
    }
    at = end;
  }
  const hits = new Set();
  for (const text of there) {
    for (let from = folded.indexOf(text); from >= 0; from = folded.indexOf(text, from + 1)) {
      for (let unit = from; unit < from + text.length; unit += 1) hits.add(parts[unit]);
    }
  }
  const ranges = [];
  for (const [start, end] of parts.filter((part) => hits.has(part))) {
    const last = ranges.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else ranges.push([start, end]);
  }
  return ranges;
}
