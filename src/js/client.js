// What the clients of all vendors have in common: each method names an operation of the WebAssembly and passes its
// arguments on. `pkg/index.d.ts` says what they are.

import { configError, InternalError } from "./errors.js";
import { replacedFetch } from "./fetch.js";
import { call, headers, query, text, texts, wellFormed, whole } from "./given.js";
import { kinds, read } from "./options.js";
import { Pages } from "./pages.js";
import { stops } from "./promise.js";

/** Marks a method that gives a list. */
export const pages = (words) => ({ pages: words });

const optionKinds = {
  auth: kinds.object,
  baseUrl: kinds.string,
  fetch: kinds.function,
  timeoutMs: kinds.ms,
  maxRetries: kinds.retries,
  maxWaitMs: kinds.ms,
  rateLimit: kinds.object,
  headers: kinds.object,
  onEvent: kinds.function,
};

// The arguments of a method, as the WebAssembly takes them: one JSON text, a signal and a function. `words` are those
// before the options of the call: `query`, one that is sent (=), a list of ids (*), or else an id.
function prepare(operation, words, values, isLong) {
  const ids = [];
  let body, asked;
  const names = words.split(" ");
  names.forEach((name, at) => {
    const value = values[at];
    const label = (/^[A-Z]/.test(operation) ? "request." : `${operation.split("+")[0]}: `) + name.replace(/^\W/, "");
    if (name === "query") asked = query(value);
    else if (name.startsWith("=")) body = wellFormed(label, value);
    else if (name.startsWith("*")) ids.push(...texts(label, value));
    else ids.push(text(label, value));
  });
  const [flat, ...others] = call(values[names.length], isLong);
  return [JSON.stringify([...flat, asked, ids, body, operation]), others];
}

/** A promise of the first part of what `start()` comes to; the others tell of the answer. Whatever is thrown rejects. */
export function calling(start) {
  const answer = (async () => start())();
  const data = answer.then(([value]) => value);
  const withResponse = async () => {
    // Whoever asks for both is told of a failure once.
    data.catch(() => {});
    const [value, [[requestId = null, ...texts], [status, attempts]]] = await answer;
    const headers = new Headers();
    while (texts.length) headers.append(texts.shift(), texts.shift());
    return { data: value, response: { status, headers, requestId, attempts } };
  };
  return Object.defineProperty(data, "withResponse", { value: withResponse });
}

// Its slash tells a path from the name of an operation.
function anyPath(name, path) {
  if (!text(name, path).startsWith("/")) throw configError(`${name} \`${path}\` must start with a slash`);
  return path;
}

/** What the methods of a client call: the WebAssembly's client, until it is freed. One of an instance that stopped is
 * made anew. */
class Engine {
  #make;
  #core;
  #since;

  constructor(make) {
    this.#make = make;
    this.#core = this.#live;
  }

  get #live() {
    if (!this.#make) throw configError("this client was freed");
    if (this.#since !== stops) {
      this.#core = this.#make();
      this.#since = stops;
    }
    return this.#core;
  }

  call(operation, words, values, isLong) {
    return this.#live.call(...prepare(operation, words, values, isLong));
  }

  /** A list; `plan()` gives its operation, words and values. They count as they are now; what is wrong with them is
   * told to whoever consumes the list. */
  pages(plan) {
    let given, list, since;
    const live = () => {
      if (since !== stops) {
        list = this.#live.list(...given);
        since = stops;
      }
      return list;
    };
    try {
      given = prepare(...plan());
      live();
    } catch (error) {
      // What has stopped may run again when the list is consumed.
      if (!(error instanceof InternalError)) {
        return new Pages(() => {
          throw error;
        });
      }
    }
    return new Pages(live);
  }

  rateLimits() {
    return this.#live.rateLimits().map(([[group], [limit, remaining, resetMs, queued, inFlight]]) => ({
      group,
      limit: limit ?? null,
      remaining: remaining ?? null,
      resetMs,
      queued,
      inFlight,
    }));
  }

  free() {
    this.#core?.free();
    this.#core = this.#make = null;
  }
}

export class ApiClient {
  #engine;

  /**
   * `makeCore` makes the WebAssembly's client of a vendor. `extra` are the kinds of the vendor's own options, of which
   * `adapt` makes a base URL, headers, and whether a key may be held in any page. `nouns` are the methods: words for
   * their arguments, or functions of the engine.
   */
  constructor(makeCore, vendor, wanted, extra, adapt, nouns) {
    const options = read("options", wanted, { ...optionKinds, ...extra });
    const { apiKey, accessToken } = read("auth", options.auth, { apiKey: kinds.string, accessToken: kinds.token });
    const { baseUrl = options.baseUrl, own = [], allowApiKey } = adapt(options, apiKey);
    if ((apiKey === undefined) === (accessToken === undefined)) {
      throw configError("auth: give one of { apiKey } and { accessToken }");
    }
    if (!options.fetch && typeof globalThis.fetch !== "function") {
      throw configError("options.fetch: there is no global fetch here, so one must be given");
    }
    const limit = read("rateLimit", options.rateLimit, { requests: kinds.requests, perMs: kinds.ms });
    if (options.rateLimit && !(limit.requests && limit.perMs)) {
      throw configError("rateLimit: give both `requests` and `perMs`, neither of them 0");
    }
    const { location } = globalThis;
    const isRelative = /^\/(?!\/)/.test(baseUrl) && location?.origin;
    const isFunction = typeof accessToken === "function";
    const flat = [
      isRelative ? location.origin + baseUrl : baseUrl,
      apiKey,
      isFunction ? undefined : accessToken,
      // Nobody but its owner reads a key in a program, or in a page on the owner's computer.
      allowApiKey ? undefined : location?.hostname,
      whole(options.timeoutMs),
      [...headers("options", options.headers), ...own],
      options.maxRetries,
      whole(options.maxWaitMs),
      limit.requests,
      whole(limit.perMs),
      vendor,
    ];
    const callback = isFunction ? accessToken : undefined;
    this.#engine = new Engine(() =>
      makeCore(JSON.stringify(flat), [callback, options.fetch ?? replacedFetch(), options.onEvent]),
    );
    for (const [name, value] of Object.entries(bind(this.#engine, nouns, ""))) {
      Object.defineProperty(this, name, { value, enumerable: true });
    }
  }

  list(path, ...rest) {
    return this.#engine.pages(() => [anyPath("path", path), "query", rest]);
  }

  request(wanted, last) {
    return calling(() => this.#request(wanted, last));
  }

  #request(wanted, last) {
    const { method, path, query: asked, body } = read("request", wanted, {
      method: kinds.string,
      path: kinds.string,
      query: kinds.object,
      body: kinds.any,
    });
    const verb = text("request.method", method);
    if (!/^(GET|POST|PUT|DELETE)$/.test(verb)) {
      // Nor is the name of an operation one, which the WebAssembly would call.
      throw configError(`request.method: expected GET, POST, PUT or DELETE, found ${verb}`);
    }
    const words = body === undefined ? "id query" : "id query =body";
    const values = [anyPath("request.path", path), asked, ...(body === undefined ? [] : [body]), last];
    return this.#engine.call(verb, words, values);
  }

  rateLimits() {
    return this.#engine.rateLimits();
  }

  /** Gives the memory back. Calls under way still end. */
  free() {
    this.#engine.free();
  }
}

// Functions of plain objects, so that they can be passed around on their own.
function bind(engine, nouns, prefix) {
  const bound = {};
  for (const [name, how] of Object.entries(nouns)) {
    const operation = prefix + name;
    if (typeof how === "function") bound[name] = how(engine);
    else if (how.pages !== undefined) bound[name] = (...values) => engine.pages(() => [operation, how.pages, values]);
    else if (typeof how !== "string") bound[name] = bind(engine, how, `${operation}.`);
    else bound[name] = (...values) => calling(() => engine.call(operation, how, values));
  }
  return Object.freeze(bound);
}

if (Symbol.dispose) ApiClient.prototype[Symbol.dispose] = ApiClient.prototype.free;
