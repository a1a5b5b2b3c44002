// What the answers are to be, worked out one record after the other with no thought of speed. It shares no code with any
// contender.

/** Letters that Unicode does not take apart, and what people type for them. */
const LETTERS = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ı: "i", ħ: "h" };

/** A text without case and accents. */
export const fold = (text) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßøłđðþæœıħ]/g, (letter) => LETTERS[letter]);

/** A search for the records in which every word is found, somewhere in one of the fields. */
export function searching(records, fields) {
  const folded = records.map((record) => [record, fields.map((field) => fold(record[field] ?? ""))]);
  return (typed) => {
    const words = fold(typed).split(" ").filter(Boolean);
    const has = ([, texts]) => words.every((word) => texts.some((text) => text.includes(word)));
    return folded.filter(has).map(([record]) => record);
  };
}

/** Records by several fields, with a way to compare their texts; what is null comes last. */
export function sorted(records, fields, compare) {
  return records.toSorted((a, b) => {
    for (const field of fields) {
      const [left, right] = [a[field], b[field]];
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1;
        continue;
      }
      const order = compare(left, right);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** By the numbers that Unicode gives characters. */
export function byCodePoint(a, b) {
  for (let at = 0; ; at += 1) {
    const [left, right] = [a.codePointAt(at) ?? -1, b.codePointAt(at) ?? -1];
    if (left !== right || left < 0) return left - right;
  }
}

/** How often each value of a field occurs, by its JSON. */
export function counted(records, field) {
  const counts = {};
  for (const record of records) {
    const value = JSON.stringify(record[field]);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}
