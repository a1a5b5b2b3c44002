// The entry point for Node: tests, server-side rendering. Node's fetch cannot read file URLs.

import { readFile } from "node:fs/promises";
import { initFrom } from "./load.js";

export * from "./public.js";
export default initFrom(() => readFile(new URL("./orgdeck_bg.wasm", import.meta.url)));
