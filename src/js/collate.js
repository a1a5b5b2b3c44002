// The order of texts in a language.

/**
 * The places of texts in a collator's order, from 0 on; those that it takes for equal have the same. The texts come
 * joined, each with its end.
 */
export function ranks(collator, joined, ends) {
  const { compare } = collator;
  const texts = Array.from(ends, (end, at) => joined.slice(at ? ends[at - 1] : 0, end));
  const order = Uint32Array.from(texts.keys()).sort((a, b) => compare(texts[a], texts[b]));
  const places = new Uint32Array(order.length);
  let place = 0;
  order.forEach((at, next) => {
    if (next && compare(texts[order[next - 1]], texts[at]) !== 0) place += 1;
    places[at] = place;
  });
  return places;
}
