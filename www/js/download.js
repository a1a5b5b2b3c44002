// Files that the page makes.

import { h } from "./dom.js";

/** How long a browser may take to begin with a file before its bytes are let go. */
const KEPT_MS = 60_000;

/** Has the browser save `blob` under `name`. */
export function download(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
