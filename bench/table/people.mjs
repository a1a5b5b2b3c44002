// The people of the bench: users as `GET /user/` of Close gives them, in its order of fields, with two that a console has
// from their memberships, `role_id` and `is_active`. The same number of people are the same people everywhere, and fewer
// are the first ones of more.

import { CULTURES, DOMAINS, SHARES, ZONES } from "./names.mjs";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEX = "0123456789abcdef";
const ROLES = ["user", "user", "user", "restricteduser", "restricteduser", "superuser", "admin", "role_2KHvUzUaGQ8bwAxRyS2Vck"];
const [FROM, TO] = [Date.UTC(2016, 0, 1), Date.UTC(2026, 0, 1)];

/** Mulberry32: small, and the same everywhere. */
function chance(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(next() * bound);
  const of = (list) => list[below(list.length)];
  /** Earlier ones more often, as names are spread. */
  const mostlyEarly = (list) => list[Math.floor(next() ** 2 * list.length)];
  const text = (alphabet, length) => Array.from({ length }, () => of(alphabet)).join("");
  return { next, below, of, mostlyEarly, text };
}

const PICKS = SHARES.flatMap((share, culture) => Array(share).fill(CULTURES[culture]));

function surname(random, { surnames, stems, endings }) {
  return random.next() < 0.4 ? random.mostlyEarly(surnames) : random.of(stems) + random.of(endings);
}

function nameOf(random) {
  const culture = random.of(PICKS);
  let first = random.mostlyEarly(culture.given);
  let last = surname(random, culture);
  const rare = random.next();
  if (rare < 0.18) last += `-${surname(random, random.of(PICKS))}`;
  else if (rare < 0.26) first += ` ${random.of("ABCDEFGHIJKLMNOPRSTVW")}.`;
  else if (rare < 0.32) first += `-${random.of(culture.given)}`;
  else if (rare < 0.33) last += ", PhD";
  else if (rare < 0.333) first += ' "Bo"';
  else if (rare < 0.3335) first = `=${first}`;
  return [first, last];
}

const PLAIN = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", ı: "i" };

/** What is left of a name in an address of ASCII. */
const spelled = (name) =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[ßøłđðþæı]/g, (letter) => PLAIN[letter])
    .replace(/[^a-z]/g, "");

function emailOf(random, first, last, index) {
  const domain = random.mostlyEarly(DOMAINS);
  const [given, family] = [spelled(first), spelled(last)];
  const kind = random.next();
  if (!given || !family || kind < 0.2) return `u${index}@${domain}`;
  if (kind < 0.5) return `${given[0]}${family}${index % 997}@${domain}`;
  return `${given}.${family}${index % 997}@${domain}`;
}

const date = (time, micros) => `${new Date(time).toISOString().slice(0, -1)}${String(micros).padStart(3, "0")}+00:00`;

/** So many people, one after the other. */
export function* people(count) {
  const random = chance(1);
  const id = (prefix) => `${prefix}_${random.text(BASE62, 43)}`;
  const organizations = Array.from({ length: 3 }, () => id("orga"));
  for (let index = 0; index < count; index += 1) {
    const [first, last] = nameOf(random);
    const isNew = random.next() < 0.01;
    const created = FROM + random.next() * (TO - FROM);
    const updated = created + random.next() ** 3 * (TO - created);
    const dateCreated = date(created, random.below(1000));
    yield {
      id: id("user"),
      email: emailOf(random, first, last, index),
      first_name: isNew ? null : first,
      last_name: isNew ? null : last,
      image: `https://secure.gravatar.com/avatar/${random.text(HEX, 32)}?s=200&d=mm`,
      organizations: random.next() < 0.1 ? organizations.slice(0, 2) : [random.mostlyEarly(organizations)],
      date_created: dateCreated,
      date_updated: date(updated, random.below(1000)),
      last_used_timezone: isNew ? null : random.mostlyEarly(ZONES),
      email_verified_at: isNew ? null : dateCreated,
      google_profile_image_url:
        random.next() < 0.2 ? `https://lh3.googleusercontent.com/a/${random.text(BASE62, 40)}` : null,
      role_id: random.of(ROLES),
      is_active: !isNew && random.next() < 0.85,
    };
  }
}

const PIECE = 1000;

/** Pages of the list, as bytes of JSON. */
export function* pagesOf(count, size = PIECE) {
  const encoder = new TextEncoder();
  const source = people(count);
  for (let from = 0; from < count; from += size) {
    const data = Array.from({ length: Math.min(size, count - from) }, () => source.next().value);
    yield encoder.encode(JSON.stringify({ has_more: from + size < count, data }));
  }
}

/** All of them in one page, as bytes of JSON. */
export function bytesOf(count) {
  const [open, close] = ['{"has_more":false,"data":[', "]}"].map((text) => new TextEncoder().encode(text));
  const inside = [];
  for (const page of pagesOf(count)) {
    const start = page.indexOf("[".charCodeAt(0)) + 1;
    inside.push(page.subarray(start, page.length - close.length));
  }
  const commas = Math.max(0, inside.length - 1);
  const length = inside.reduce((sum, { length }) => sum + length, open.length + commas + close.length);
  const bytes = new Uint8Array(length);
  let at = 0;
  const put = (piece) => {
    bytes.set(piece, at);
    at += piece.length;
  };
  put(open);
  inside.forEach((piece, index) => {
    if (index > 0) bytes[at++] = ",".charCodeAt(0);
    put(piece);
  });
  put(close);
  return bytes;
}
