// How often values occur.

const kinds = ["boolean", "number", "string", "object"];
const order = (a, b) => kinds.indexOf(typeof a) - kinds.indexOf(typeof b) || (a < b ? -1 : Number(a > b));

/** An object is the text that its JSON is. */
const plain = (value) => (value && typeof value === "object" ? JSON.stringify(value) : value);

/**
 * Values, the most frequent first, those as frequent in their order, in which they come, in pairs with how often they occur.
 * A list counts by its items, each once, and an object as a text: these have to be put in order.
 */
export function facetsOf(pairs, limit) {
  const counts = new Map();
  let mixed = false;
  const add = (value, count) => counts.set(value, (counts.get(value) ?? 0) + count);
  for (const [value, count] of pairs) {
    mixed ||= value !== null && typeof value === "object";
    if (Array.isArray(value)) new Set(value.flat(Infinity).map(plain)).forEach((item) => add(item, count));
    else add(plain(value), count);
  }
  const facets = Array.from(counts, ([value, count]) => ({ value, count }));
  return facets.sort((a, b) => b.count - a.count || (mixed ? order(a.value, b.value) : 0)).slice(0, limit);
}
