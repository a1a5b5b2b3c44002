// Loading the WebAssembly, once, for both entry points.
//
// The generated bindings fail with a TypeError deep inside when they are used before they are loaded, and
// remember nothing of a load that failed. Here loading is single-flight, can be tried again after a failure, and
// whoever is too early is told what is missing.

import load, { ConfigError } from "./orgdeck.js";

let loading = null;
let loaded = false;

/** Makes `init` from the entry point's way of finding the `.wasm` when the caller names none. */
export function initFrom(findDefault) {
  return function init(source) {
    loading ??= (async () => {
      try {
        await load({ module_or_path: (await source) ?? (await findDefault()) });
        loaded = true;
      } catch (error) {
        loading = null;
        throw error;
      }
    })();
    return loading;
  };
}

/** Throws unless the WebAssembly is there. */
export function requireInit(name) {
  if (!loaded) throw configError(`orgdeck is not initialised: call \`await init()\` once before \`new ${name}(…)\``);
}

export function configError(message) {
  return new ConfigError(message, { code: "config", vendor: null, attempts: 0, sent: "no" });
}
