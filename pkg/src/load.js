// Loading the WebAssembly, once, for both entry points.
//
// The generated bindings fail with a TypeError deep inside when they are used before they are loaded, and
// remember nothing of a load that failed. Here loading is single-flight, can be tried again after a failure, and
// whoever is too early is told what is missing.

import load, { ConfigError } from "./orgdeck.js";
import { wasmNames } from "./version.js";

let loading = null;
let loaded = false;

/** Makes `init` from the entry point's way of finding the `.wasm` when the caller names none. */
export function initFrom(findDefault) {
  return function init(source) {
    loading ??= (async () => {
      try {
        const module = await compile((await source) ?? (await findDefault()));
        // The bindings would keep the exports of any other module for good.
        if (namesOf(module) !== wasmNames) throw new TypeError("init: this is not the WebAssembly of orgdeck");
        await load({ module_or_path: module });
        loaded = true;
      } catch (error) {
        loading = null;
        throw error;
      }
    })();
    return loading;
  };
}

const namesOf = (module) => WebAssembly.Module.exports(module).map(({ name }) => name).sort().join();

async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return WebAssembly.compile(source);
  const response = typeof source.arrayBuffer === "function" && "ok" in source ? source : await fetch(source);
  if (!response.ok) throw new TypeError(`init: ${response.url} answered with ${response.status}`);
  const isWasm = response.headers.get("content-type")?.startsWith("application/wasm");
  return isWasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Throws unless the WebAssembly is there. */
export function requireInit(what) {
  if (!loaded) throw configError(`orgdeck is not initialised: call \`await init()\` once before \`${what}\``);
}

export function configError(message) {
  return new ConfigError(message, { code: "config", vendor: null, attempts: 0, sent: "no" });
}
