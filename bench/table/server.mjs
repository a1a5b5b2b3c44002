// Serves the page its scripts, and the list of users to it and to Node.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { pagesOf } from "./people.mjs";
import { PAGE } from "./workloads/pages.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DUCKDB = join(HERE, "../duckdb/node_modules/@duckdb/duckdb-wasm/dist");

const TYPES = { ".js": "text/javascript; charset=utf-8", ".wasm": "application/wasm" };

/** Pages that are isolated have exact clocks. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const BLANK = '<!doctype html><link rel="icon" href="data:,"><title>Bench</title>';

/** A script with all that it imports, peers as they are published. */
async function bundle(file) {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, file)],
    bundle: true,
    format: "esm",
    target: "esnext",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return outputFiles[0].contents;
}

async function sendFile(file, response) {
  if (!(await stat(file).catch(() => null))?.isFile()) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...ISOLATED });
  createReadStream(file).pipe(response);
}

/**
 * A server over the package in the folder `pack`: its address, `list(n)` says how many users it has, `close()`. With
 * `duckdb` the page can have that too.
 */
export async function serve(pack, { duckdb = false } = {}) {
  const texts = {
    "/": ["text/html; charset=utf-8", BLANK],
    "/place.js": [TYPES[".js"], await bundle("place.mjs")],
    ...(duckdb && { "/duckdb.js": [TYPES[".js"], await bundle("../duckdb/contenders.mjs")] }),
  };
  const folders = { "/pkg/": pack, "/duckdb/": DUCKDB };
  let pages = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://any");
    const path = normalize(decodeURIComponent(pathname));
    let [type, body] = texts[path] ?? [];
    if (path === "/api/v1/user/") {
      type = "application/json";
      body = pages[Number(searchParams.get("_skip") ?? 0) / PAGE] ?? '{"has_more":false,"data":[]}';
    }
    if (body) return response.writeHead(200, { "content-type": type, ...ISOLATED }).end(body);
    const folder = Object.keys(folders).find((folder) => path.startsWith(folder));
    if (!folder) return response.writeHead(404).end();
    return sendFile(join(folders[folder], path.slice(folder.length)), response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    list(people) {
      pages = people ? Array.from(pagesOf(people, PAGE)) : [];
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
