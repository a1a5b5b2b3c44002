// The entry point for Node: tests, server-side rendering. Node's fetch cannot read file URLs.

import { readFile } from "node:fs/promises";
import init from "./index.js";

export * from "./index.js";

// Read when it is waited for, which it is once.
const wasm = {
  then: (...settle) => readFile(new URL("./orgdeck_bg.wasm", import.meta.url)).then(...settle),
};

export default (source) => init(source ?? wasm);
