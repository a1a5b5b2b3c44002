// How much memory a page holds.

/** Finds the memories of all WebAssembly that the page begins from now on. */
export function watchWebAssembly(page) {
  return page.evaluate(() => {
    globalThis.memories = [];
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate(...given);
      const { exports } = made.instance ?? made;
      globalThis.memories.push(...Object.values(exports).filter((each) => each instanceof WebAssembly.Memory));
      return made;
    };
  });
}

/** Kinds of a heap snapshot's nodes that are no data: code, which V8 goes on compiling for minutes, and Chromium's own. */
const NO_DATA = ["code", "native", "synthetic"];

/**
 * Bytes that are left when all is quiet and nothing is left to collect: data of JavaScript, code that V8 has compiled,
 * and the memory of the WebAssembly.
 */
export async function memoryOf(page) {
  const session = await page.context().newCDPSession(page);
  for (let turn = 0; turn < 3; turn += 1) await session.send("HeapProfiler.collectGarbage");
  const chunks = [];
  const add = ({ chunk }) => chunks.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", add);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  const { snapshot, nodes } = JSON.parse(chunks.join(""));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const bytes = {};
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = types[0][nodes[node + fields.indexOf("type")]];
    bytes[type] = (bytes[type] ?? 0) + nodes[node + fields.indexOf("self_size")];
  }
  const kinds = Object.keys(bytes).filter((type) => !NO_DATA.includes(type));
  const data = kinds.reduce((sum, type) => sum + bytes[type], 0);
  const wasm = await page.evaluate(() => globalThis.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
  return { data, code: bytes.code, wasm, total: data + wasm };
}
