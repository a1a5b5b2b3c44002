// Words and numbers as people read them, and as they are searched.

const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ħ: "h", ŧ: "t" };
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

/** Without case and accents, so that “Łukasz Müller” is found by “lukasz muller”. */
export function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(SPECIAL, (letter) => LETTERS[letter]);
}

/** A test for the search box: every word of `query` must occur somewhere in the folded text. */
export function matcher(query) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}

/** Orders texts the way a reader expects. */
export const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
export const byText = collator.compare;

const whole = new Intl.NumberFormat("en-GB");

/** `3,000` */
export const count = (number) => whole.format(number);

/** `1 person`, `3,000 people` */
export const counted = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

/** `0.4 s`, `12 s`, `3 min`: rounded up, so that nothing is promised too early. */
export function durationText(ms) {
  if (ms < 1_000) return `${Math.max(1, Math.ceil(ms / 100)) / 10} s`;
  return ms <= 90_000 ? `${Math.ceil(ms / 1_000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

const day = new Intl.DateTimeFormat("en-GB", { year: "numeric", month: "short", day: "numeric" });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

// Close stamps its built-in roles with the year 1, which means that nobody made them; that is not a date to show.
function dateOf(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) || date.getFullYear() < 1970 ? null : date;
}

/** `12 Mar 2024`, or an em dash when there is no date. */
export function dayText(text) {
  const date = text ? dateOf(text) : null;
  return date ? day.format(date) : "—";
}

/** The same with the time of day. */
export function momentText(text) {
  const date = text ? dateOf(text) : null;
  return date ? moment.format(date) : "—";
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstLetter(text) {
  for (const { segment } of graphemes.segment(text)) if (/\p{L}|\p{N}/u.test(segment)) return segment.toUpperCase();
  return "";
}

/** The letters for an avatar: two of a Latin, Greek or Cyrillic name, one of any other. */
export function initials(first, last, fallback) {
  const letters = [first, last].map(firstLetter).filter(Boolean);
  if (letters.length === 0) return firstLetter(fallback) || "?";
  if (!/^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u.test(letters[0])) return letters[0];
  return letters.join("");
}

/** A hue that an id always gets again. */
export function hueOf(id) {
  let hash = 2166136261;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 16777619);
  return (hash >>> 0) % 360;
}

/** `manage_team_smart_views` → `Manage team smart views`, for names this console does not know. */
export function sentence(name) {
  const text = name.replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
