// The Close client as its users see it: each method names an operation of the WebAssembly and passes its arguments
// on. `pkg/index.d.ts` says what they are.

import { configError } from "./errors.js";
import { call, headers, json, kinds, query, read, text, texts } from "./options.js";
import { Pages } from "./pages.js";

// The arguments of each method before the options of the call: `query`, one that is sent (=), a list of ids (*),
// or else an id. The methods named `list` take a query and give pages. The rest is the WebAssembly's to know.
const nouns = {
  users: { me: "query", list: "query", get: "id query", availability: "query" },
  organizations: { get: "id query", update: "id =patch query" },
  memberships: {
    create: "=membership",
    update: "id =patch",
    updateMany: "*ids =patch",
    deactivate: "id",
    pinnedViews: "id",
    setPinnedViews: "id =savedViewIds",
  },
  roles: { list: "query", get: "id query", create: "=role", update: "id =patch", delete: "id" },
  groups: {
    list: "query",
    get: "id query",
    create: "=group query",
    update: "id =patch query",
    delete: "id",
    addMember: "groupId =userId",
    removeMember: "groupId userId",
  },
};

// The WebAssembly takes the arguments of a call as a signal and one JSON text.
function given(last, asked, ids, body) {
  const [signal, ms, extra] = call(last);
  return [JSON.stringify([ms, extra, query(asked), ids, body]), signal];
}

function prepare(operation, names, values) {
  const ids = [];
  let body, asked;
  names.forEach((name, at) => {
    const value = values[at];
    const label = `${operation}: ${name.replace(/^\W/, "")}`;
    if (name === "query") asked = value;
    else if (name.startsWith("=")) body = json(label, value);
    else if (name.startsWith("*")) ids.push(...texts(label, value));
    else ids.push(text(label, value));
  });
  return given(values[names.length], asked, ids, body);
}

// Its slash tells a path from the name of an operation.
function anyPath(name, path) {
  if (!text(name, path).startsWith("/")) throw configError(`${name} \`${path}\` must start with a slash`);
  return path;
}

export class CloseApi {
  #core;

  /** `makeCore` makes the WebAssembly's client. */
  constructor(makeCore, wanted) {
    const options = read("options", wanted, {
      auth: kinds.object,
      baseUrl: kinds.string,
      fetch: kinds.function,
      timeoutMs: kinds.ms,
      tzOffsetHours: kinds.hours,
      headers: kinds.object,
      onEvent: kinds.function,
      allowApiKeyInBrowser: kinds.boolean,
    });
    const { apiKey, accessToken } = read("auth", options.auth, { apiKey: kinds.string, accessToken: kinds.token });
    if ((apiKey === undefined) === (accessToken === undefined)) {
      throw configError("auth: give one of { apiKey } and { accessToken }");
    }
    if (!options.fetch && typeof globalThis.fetch !== "function") {
      throw configError("options.fetch: there is no global fetch here, so one must be given");
    }
    const { location } = globalThis;
    const isRelative = /^\/(?!\/)/.test(options.baseUrl) && location?.origin;
    const extra = headers("options", options.headers);
    if (options.tzOffsetHours !== undefined) extra.push("x-tz-offset", String(options.tzOffsetHours));
    const isFunction = typeof accessToken === "function";
    const flat = [
      isRelative ? location.origin + options.baseUrl : options.baseUrl,
      apiKey,
      isFunction ? undefined : accessToken,
      // Nobody but its owner reads a key in a program, or in a page on the owner's computer.
      options.allowApiKeyInBrowser ? undefined : location?.hostname,
      options.timeoutMs && Math.ceil(options.timeoutMs),
      extra,
    ];
    this.#core = makeCore(JSON.stringify(flat), isFunction ? accessToken : undefined, options.fetch, options.onEvent);
    for (const [noun, methods] of Object.entries(nouns)) {
      // Functions of plain objects, so that they can be passed around on their own.
      const bound = {};
      for (const [method, words] of Object.entries(methods)) {
        const operation = `${noun}.${method}`;
        const names = words.split(" ");
        bound[method] =
          method === "list"
            ? (asked, last) => this.#pages((core) => core.list(operation, ...given(last, asked)))
            : // Async, so that what is wrong with the arguments rejects.
              async (...values) => this.#live().call(operation, ...prepare(operation, names, values));
      }
      Object.defineProperty(this, noun, { value: Object.freeze(bound), enumerable: true });
    }
  }

  list(path, asked, last) {
    return this.#pages((core) => core.list(anyPath("path", path), ...given(last, asked)));
  }

  async request(wanted, last) {
    const { method, path, query: asked, body } = read("request", wanted, {
      method: kinds.string,
      path: kinds.string,
      query: kinds.object,
      body: kinds.any,
    });
    const sent = body === undefined ? undefined : json("request.body", body);
    const verb = text("request.method", method);
    if (!/^(GET|POST|PUT|DELETE)$/.test(verb)) {
      // Nor is the name of an operation one, which the WebAssembly would call.
      throw configError(`request.method: expected GET, POST, PUT or DELETE, found ${verb}`);
    }
    return this.#live().call(verb, ...given(last, asked, [anyPath("request.path", path)], sent));
  }

  /** Gives the memory back. Calls under way still end. */
  free() {
    this.#core?.free();
    this.#core = null;
  }

  // The arguments count as they are now; what is wrong with them is told to whoever consumes the list.
  #pages(plan) {
    try {
      const list = plan(this.#live());
      return new Pages(() => list);
    } catch (error) {
      return new Pages(() => {
        throw error;
      });
    }
  }

  #live() {
    if (this.#core) return this.#core;
    throw configError("this client was freed");
  }
}

if (Symbol.dispose) CloseApi.prototype[Symbol.dispose] = CloseApi.prototype.free;
