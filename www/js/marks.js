// A text with the parts highlighted that were searched for.

import { fill, h } from "./dom.js";

/** Shows `text` in `element`; each `[start, end]` of `ranges`, in order, is marked. */
export function drawMarked(element, text, ranges) {
  if (!ranges?.length) {
    element.textContent = text;
    return;
  }
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(at, start), h("mark", null, text.slice(start, end)));
    at = end;
  }
  fill(element, parts, text.slice(at));
}
