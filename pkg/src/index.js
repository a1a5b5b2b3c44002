// The entry point for browsers and bundlers.

import { initFrom } from "./load.js";

export * from "./public.js";
// Written out, so that bundlers see it and copy the file.
export default initFrom(() => new URL("./orgdeck_bg.wasm", import.meta.url));
