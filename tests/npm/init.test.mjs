// Loading the WebAssembly. Each case needs a module that was never loaded, so each is a process of its own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { child, PACKAGE, serve, TOKEN } from "./helper.mjs";

const WASM = join(PACKAGE, "dist", "orgdeck_bg.wasm");
const bytes = readFileSync(WASM);
const asks = `new Close({ auth: { accessToken: ${JSON.stringify(TOKEN)} }, baseUrl: BASE }).users.me({ fields: ["id"] })`;

test("a client made before init() is refused, and told what to do", async () => {
  const error = await child(`return caught(() => new Close({ auth: { accessToken: "t" } }));`);
  assert.equal(error.name, "ConfigError");
  assert.ok(error.isOrgdeck);
  assert.match(error.message, /init\(\)/);
  assert.deepEqual([error.code, error.sent, error.vendor, error.attempts], ["config", "no", null, 0]);
});

test("errors can be told apart before init()", async () => {
  assert.equal(await child(`return new Error() instanceof orgdeck.NotFoundError;`), false);
});

test("init() is single-flight and idempotent, and gives nothing", async () => {
  const outcome = await child(`
    let compiled = 0;
    for (const name of ["compile", "instantiate"]) {
      const original = WebAssembly[name];
      // Node's own fetch is partly WebAssembly too, of a smaller kind.
      WebAssembly[name] = (...given) => { compiled += given[0].byteLength > 60_000; return original(...given); };
    }
    const first = init(), second = init();
    const value = await first;
    const third = init();
    // A source of a later call is of no account: it is loaded.
    const fourth = init(new Uint8Array(4));
    await Promise.all([second, third, fourth]);
    return { same: first === second && second === third && third === fourth, compiled, nothing: value === undefined, me: await ${asks} };
  `);
  assert.deepEqual({ ...outcome, me: typeof outcome.me.id }, { same: true, compiled: 1, nothing: true, me: "string" });
});

const sources = {
  "a Buffer": `await readFile(path)`,
  "a Uint8Array": `new Uint8Array(await readFile(path))`,
  "an ArrayBuffer": `new Uint8Array(await readFile(path)).buffer`,
  "a promise of bytes": `readFile(path)`,
  "a Module": `await WebAssembly.compile(await readFile(path))`,
  "a URL": `new URL(address)`,
  "a text with a URL": `address`,
  "a Request": `new Request(address)`,
  "a Response": `await fetch(address)`,
  "a promise of a Response": `fetch(address)`,
  "a Response of a server that does not know the type": `await fetch(address + "?plain")`,
  "nothing, in null": `null`,
};

for (const [name, source] of Object.entries(sources)) {
  test(`init takes ${name}`, async (t) => {
    const server = await serve(t, (request, response) => {
      response.setHeader("content-type", request.url.includes("plain") ? "text/plain" : "application/wasm");
      response.end(bytes);
    });
    const me = await child(
      `const { readFile } = await import("node:fs/promises");
       console.warn = () => {};
       const [path, address] = values;
       await init(${source});
       return ${asks};`,
      WASM,
      `${server}/orgdeck_bg.wasm`,
    );
    assert.match(me.id, /^user_/);
  });
}

const broken = {
  "bytes that are no WebAssembly": `new Uint8Array([1, 2, 3, 4])`,
  "WebAssembly of another kind": `new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])`,
  "a promise that rejects": `Promise.reject(new Error("offline"))`,
  "an address where there is nothing": `"http://127.0.0.1:9/none.wasm"`,
};

for (const [name, source] of Object.entries(broken)) {
  test(`init can be tried again after ${name}`, async () => {
    const outcome = await child(`
      const first = init(${source}), second = init();
      const errors = await Promise.all([caught(() => first), caught(() => second)]);
      return {
        failed: errors.every((error) => error !== null),
        same: first === second,
        still: (await caught(() => new Close({ auth: { accessToken: "t" } })))?.name,
        nothing: (await init()) === undefined,
        me: typeof (await ${asks}).id,
      };
    `);
    assert.deepEqual(outcome, { failed: true, same: true, still: "ConfigError", nothing: true, me: "string" });
  });
}

test("an answer that is not found says so, and init can be tried again", async (t) => {
  const server = await serve(t, (_, response) => {
    response.statusCode = 404;
    response.end("<h1>Not found</h1>");
  });
  const outcome = await child(
    `console.warn = () => {};
     const error = await caught(() => init(values[0]));
     await init();
     return { failed: error !== null, me: typeof (await ${asks}).id };`,
    `${server}/orgdeck_bg.wasm`,
  );
  assert.deepEqual(outcome, { failed: true, me: "string" });
});
