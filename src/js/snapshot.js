// Tables as bytes, and back.
//
//     magic (8 bytes), version, checksum of what follows it, length of the schema (4 bytes each, the lowest first)
//     schema, records: JSON, each with spaces behind it up to a multiple of four bytes

import { DecodeError, configError, errorOf } from "./errors.js";

/** `\x89Orgdeck`. */
const MAGIC = [0x67724f89, 0x6b636564];
const VERSION = 2;
const HEAD = 20;
const SUM = 3;
const SPACE = 0x20;

const whole = (length) => Math.ceil(length / 4) * 4;

/** A change within four bytes always shows, any other all but always. Whoever changes bytes on purpose can make it right. */
function checksum(words) {
  let sum = words.length;
  for (let at = SUM + 1; at < words.length; at += 1) {
    sum = Math.imul(((sum << 15) | (sum >>> 17)) ^ words[at], 0x9e3779b1);
  }
  return sum >>> 0;
}

function room(length) {
  try {
    return new Uint8Array(length);
  } catch {
    throw configError("table.snapshot: there is not enough memory");
  }
}

/** A snapshot of a schema, a text, and of records, pieces of JSON. */
export function packed(schema, pieces) {
  const head = new TextEncoder().encode(schema);
  const records = HEAD + whole(head.length);
  const end = pieces.reduce((sum, { length }) => sum + length, records);
  const bytes = room(whole(end));
  bytes.fill(SPACE, HEAD, records).fill(SPACE, end);
  bytes.set(head, HEAD);
  let at = records;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  const words = new Uint32Array(bytes.buffer);
  words.set([...MAGIC, VERSION, 0, records - HEAD]);
  words[SUM] = checksum(words);
  return bytes;
}

const unusable = (message) => errorOf(DecodeError, "decode", message);

/** The schema and the bytes of the records. */
export function unpacked(given) {
  // Words lie at multiples of four.
  const bytes = given.byteOffset % 4 ? given.slice() : given;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  if (MAGIC.some((word, at) => word !== words[at])) throw unusable("it is no snapshot of a table");
  if (words[2] !== VERSION) throw unusable("it is a snapshot of another version of orgdeck");
  if (bytes.length % 4 || words[SUM] !== checksum(words)) throw unusable("the snapshot is damaged");
  const records = HEAD + words[SUM + 1];
  return [new TextDecoder().decode(bytes.subarray(HEAD, records)), bytes.subarray(records)];
}
