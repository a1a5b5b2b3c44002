// The order of texts in a language.

/** The places of texts, a JSON array, in a collator's order, from 0 on; those that it takes for equal have the same. */
export function ranks(collator, list) {
  const texts = JSON.parse(list);
  const order = Uint32Array.from(texts.keys()).sort((a, b) => collator.compare(texts[a], texts[b]));
  const places = new Uint32Array(order.length);
  let place = 0;
  order.forEach((at, next) => {
    if (next && collator.compare(texts[order[next - 1]], texts[at]) !== 0) place += 1;
    places[at] = place;
  });
  return places;
}
