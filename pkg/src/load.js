// Loading the WebAssembly, once, for both entry points.
//
// Loading is single-flight, and can be tried again after a failure; whoever is too early is told what is missing. An
// instance that stopped is followed by another when `init` is called again.

import { bind } from "./orgdeck.js";
import { configError } from "./snippets/orgdeck/src/js/errors.js";
import { stop, stopped, stops } from "./snippets/orgdeck/src/js/promise.js";
import { wasmNames } from "./version.js";

let loading = null;
// What was loaded, so that it can be started again.
let loaded;
// How many instances had stopped when `loading` and when the last instance began.
let asked = 0;
let started;

/** Makes `init` from the entry point's way of finding the `.wasm` when the caller names none. */
export function initFrom(findDefault) {
  return function init(source) {
    if (asked !== stops) loading = null;
    asked = stops;
    loading ??= (async () => {
      try {
        loaded ??= known(await compile((await source) ?? (await findDefault())));
        await start(loaded);
      } catch (error) {
        loading = null;
        throw error;
      }
    })();
    return loading;
  };
}

// The bindings would call the exports of any other module.
function known(module) {
  const names = WebAssembly.Module.exports(module).map(({ name }) => name).sort().join();
  if (names !== wasmNames) throw new TypeError("init: this is not the WebAssembly of orgdeck");
  return module;
}

// Starts an instance. A panic, or a lack of memory, stops it in the middle of things. From then on nothing enters it,
// and what it had called does not come back to it: callbacks and finalizers that are left over do nothing, and whoever
// waits for a result is told by `alive`.
async function start(module) {
  const since = stops;
  const alive = () => {
    if (stops !== since) throw stopped("no");
  };
  const [imports, begin] = bind(alive);
  const leaving = (call) => (...given) => {
    const result = call(...given);
    alive();
    return result;
  };
  const entering = (call) => (...given) => {
    try {
      if (stops === since) return call(...given);
    } catch (error) {
      // No error of a call comes this way. A panic has said before what it is.
      if (stops === since) stop(String(error));
    }
    // Bindings that look for an error in a result find none.
    return [];
  };
  const each = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
  const { exports } = await WebAssembly.instantiate(module, each(imports, (from) => each(from, leaving)));
  begin(each(exports, (value) => (typeof value === "function" ? entering(value) : value)));
  started = since;
}

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
  if (started === stops) return;
  if (stops) throw stopped("no");
  throw configError(`orgdeck is not initialised: call \`await init()\` once before \`${what}\``);
}
