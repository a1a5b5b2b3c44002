// The package as it is published: what is in it, what it exports, and that importing it does nothing.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { child, load, PACKAGE } from "./helper.mjs";

const PUBLIC = [
  "AuthenticationError",
  "Close",
  "ConfigError",
  "ConflictError",
  "Criteria",
  "DecodeError",
  "DirectoryTable",
  "Genesys",
  "InternalError",
  "NetworkError",
  "NotFoundError",
  "OrgdeckError",
  "PermissionError",
  "PlanLimitError",
  "RateLimitError",
  "ServerError",
  "TimeoutError",
  "ValidationError",
  "criteria",
  "default",
  "version",
];

const files = readdirSync(PACKAGE, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile())
  .map((file) => join(file.parentPath ?? file.path, file.name).slice(PACKAGE.length + 1))
  .sort();
const read = (file) => readFileSync(join(PACKAGE, file), "utf8");
const manifest = JSON.parse(read("package.json"));

test("the public names are exported and no others", async () => {
  assert.deepEqual(Object.keys(await load()).sort(), PUBLIC);
});

test("the browser's entry point exports the same, and needs nothing of Node", async () => {
  const exported = await child(
    `return Object.keys(await import(values[0])).sort();`,
    `file://${PACKAGE}/dist/index.js`,
  );
  assert.deepEqual(exported, PUBLIC);
  const source = read("dist/index.js");
  assert.doesNotMatch(source, /["']node:|\bprocess\.|\brequire\(|\bBuffer\b/);
  // Bundlers look for these very words to copy the file.
  assert.match(source, /new URL\(\s*["']\.\/orgdeck_bg\.wasm["'],\s*import\.meta\.url\s*\)/);
});

test("signing in is an entry point of its own, without the WebAssembly, and with the same errors", async () => {
  const outcome = await child(`
    const login = await import("orgdeck/login");
    try { new login.PkceLogin({}); } catch (error) { return [Object.keys(login).sort(), error instanceof orgdeck.ConfigError]; }
  `);
  assert.deepEqual(outcome, [["PkceLogin"], true]);
  assert.doesNotMatch(read("dist/login.js"), /orgdeck_bg|["']\.\/(index|node)\.js["']/);
});

test("the version is that of package.json", async () => {
  assert.equal((await load()).version, manifest.version);
});

test("the files are those that are meant to be there", () => {
  // No sources, source maps or generated types of wasm-bindgen.
  assert.deepEqual(files, [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "dist/index.js",
    "dist/login.js",
    "dist/node.js",
    "dist/orgdeck_bg.wasm",
    "dist/shared.js",
    "index.d.ts",
    "login.d.ts",
    "models.d.ts",
    "package.json",
  ]);
  assert.match(read("LICENSE-MIT"), /Permission is hereby granted, free of charge/);
  assert.match(read("LICENSE-APACHE"), /Apache License\s+Version 2\.0/);
});

test("nothing tells of the machine it was built on, and nothing refers to a file that is not there", () => {
  for (const file of files) {
    const text = readFileSync(join(PACKAGE, file), "latin1");
    assert.ok(!text.includes(homedir() + "/"), `${file} holds ${homedir()}`);
    assert.ok(!text.includes(process.cwd()), `${file} holds ${process.cwd()}`);
    assert.doesNotMatch(text, /\.cargo\/registry|sourceMappingURL/, file);
    for (const [, name] of text.matchAll(/(?:from|import)\s*\(?["'](\.[^"']+)["']/g)) {
      assert.ok(
        files.includes(name.replace("./", file.startsWith("dist/") ? "dist/" : "").replace("models.js", "models.d.ts")),
        `${file} imports ${name}`,
      );
    }
  }
});

test("installing it brings nothing else and runs nothing", () => {
  assert.deepEqual(manifest.dependencies ?? {}, {});
  assert.deepEqual(manifest.peerDependencies ?? {}, {});
  assert.deepEqual(manifest.scripts ?? {}, {});
  assert.equal(manifest.license, "MIT OR Apache-2.0");
});

test("what can be imported of it is what package.json names", async () => {
  const outcome = await child(`
    const paths = ["login", "orgdeck_bg.wasm", "package.json", "dist/node.js", "dist/shared.js", "models.d.ts"];
    return paths.map((path) => {
      try { return import.meta.resolve("orgdeck/" + path).split("/node_modules/orgdeck/")[1]; } catch (error) { return error.code; }
    });
  `);
  const none = "ERR_PACKAGE_PATH_NOT_EXPORTED";
  assert.deepEqual(outcome, ["dist/login.js", "dist/orgdeck_bg.wasm", "package.json", none, none, none]);
});

test("importing it does nothing: no global, no request, no handle, no WebAssembly", () => {
  // Without the helper's own import, which would hide it.
  const script = `
    const before = new Set(Reflect.ownKeys(globalThis));
    const used = [];
    globalThis.fetch = () => used.push("fetch");
    for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming", "Module", "Instance"]) {
      WebAssembly[name] = function () { used.push(name); };
    }
    const listeners = () => process.eventNames().filter((name) => typeof name === "string" && !name.startsWith("SIG")).sort().join();
    const heard = listeners();
    await import("orgdeck");
    const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String);
    console.log(JSON.stringify({ used, added, listeners: listeners() === heard, handles: process.getActiveResourcesInfo().filter((name) => /Timeout|Socket|Server|Worker/.test(name)) }));
  `;
  const cwd = join(PACKAGE, "..", "..");
  // It ends by itself: nothing keeps it alive.
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd, timeout: 10_000 });
  assert.deepEqual(JSON.parse(output), { used: [], added: [], listeners: true, handles: [] });
  assert.equal(manifest.sideEffects, false);
});
