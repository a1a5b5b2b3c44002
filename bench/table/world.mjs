// What all contenders of a run share.

import { bytesOf } from "./people.mjs";

/** The memories of all WebAssembly that begins from now on. */
export function watchMemories() {
  const memories = [];
  const { instantiate, instantiateStreaming } = WebAssembly;
  const watched = (begin) => async (...given) => {
    const made = await begin(...given);
    const { exports } = made.instance ?? made;
    memories.push(...Object.values(exports).filter((each) => each instanceof WebAssembly.Memory));
    return made;
  };
  WebAssembly.instantiate = watched(instantiate);
  WebAssembly.instantiateStreaming = watched(instantiateStreaming);
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

/**
 * `count` people as bytes, and what there is to ask them with: `orgdeck`, the package; `base`, a server that lists them
 * page by page; `heap()`, bytes that JavaScript's data takes; `wasm()`, those of the WebAssembly.
 */
export function makeWorld({ orgdeck, count, base, heap, wasm }) {
  const engines = new Map();
  const bytes = bytesOf(count);
  return {
    orgdeck,
    count,
    base,
    bytes,
    ids: Array.from(new TextDecoder().decode(bytes).matchAll(/"id":"(user_\w+)"/g), ([, id]) => id),
    /**
     * Collects garbage: `"minor"` what is young, as is due between runs; `"major"` all of it, which slows down for a while
     * whatever comes behind it, and makes V8 forget what it has compiled.
     */
    collect: (type) => globalThis.gc?.({ type }),
    /** What `make` makes of this world, the same each time. */
    engine(make) {
      if (!engines.has(make)) engines.set(make, make(this));
      return engines.get(make);
    },
    memory: async () => ({ heap: await heap(), wasm: wasm() }),
  };
}
