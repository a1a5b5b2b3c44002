// Signing in from a page alone: OAuth 2 with an authorization code and PKCE (RFC 6749, RFC 7636). A page can keep no
// secret: what it proves by is made for one sign-in, and leaves the tab's storage when the person comes back.

import { configError } from "./errors.js";
import { askForTokens, problem, refusal } from "./grant.js";
import { kinds, read } from "./options.js";
import { hostOf } from "./regions.js";
import { LoginSession } from "./session.js";

const optionKinds = {
  clientId: kinds.string,
  redirectUri: kinds.string,
  region: kinds.string,
  endpoints: kinds.object,
  scope: kinds.string,
  storage: ["a Storage", (value) => ["getItem", "setItem", "removeItem"].every((name) => value?.[name])],
  keep: ['"memory" or "session"', (value) => value === "memory" || value === "session"],
  fetch: kinds.function,
};
const endpointKinds = { authorize: kinds.string, token: kinds.string, revoke: kinds.string, logout: kinds.string };

// What Orgdeck says itself when it sends somebody to sign in, and what the answer adds to the address.
const own = /^(client_id|redirect_uri|response_type|state|scope|code_challenge|code_challenge_method)$/;
const added = ["code", "state", "error", "error_description", "error_uri", "iss", "session_state"];

function parsed(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

// A path is one of the page's own origin.
const absolute = (text) => (/^\/(?!\/)/.test(text) ? (globalThis.location?.origin ?? "") + text : text);

function address(name, text) {
  const url = parsed(absolute(text));
  if (!url || url.hash || url.username || url.password) {
    throw configError(`${name}: expected an address without credentials or fragment`);
  }
  const isLoopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) {
    throw configError(`${name}: \`${url.origin}\` would get secrets unencrypted: use https://, or a loopback host`);
  }
  return url.href;
}

function endpointsOf({ region, endpoints }) {
  if ((region === undefined) === (endpoints === undefined)) {
    throw configError("options: give one of `region` and `endpoints`");
  }
  if (region !== undefined) {
    const host = `https://login.${hostOf(region)}`;
    return { authorize: `${host}/oauth/authorize`, token: `${host}/oauth/token`, logout: `${host}/logout` };
  }
  const given = read("options.endpoints", endpoints, endpointKinds);
  for (const name of new Set(["authorize", "token", ...Object.keys(given)])) {
    if (!given[name]) throw configError(`options.endpoints.${name} is missing`);
    given[name] = address(`options.endpoints.${name}`, given[name]);
  }
  return given;
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (char) => ({ "+": "-", "/": "_" })[char] ?? "");

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function challengeOf(verifier) {
  const { subtle } = crypto;
  if (!subtle)
    throw configError("signing in needs SubtleCrypto, which browsers give only to https: and loopback pages");
  return base64url(await subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
}

export class PkceLogin {
  #options;
  #endpoints;
  #finishing = null;
  #session = null;

  constructor(wanted) {
    const options = read("options", wanted, optionKinds);
    if (!options.clientId) throw configError("options.clientId is missing");
    if (!options.fetch && typeof globalThis.fetch !== "function") {
      throw configError("options.fetch: there is no global fetch here, so one must be given");
    }
    if (options.redirectUri !== undefined) {
      address("options.redirectUri", options.redirectUri);
      // Servers compare its text, so it stays as it was written.
      options.redirectUri = absolute(options.redirectUri);
    }
    this.#endpoints = endpointsOf(options);
    this.#options = options;
  }

  async start(wanted) {
    const { location } = globalThis;
    if (!location?.assign) throw configError("login.start: there is no page to leave here; use login.authorizeUrl");
    location.assign(await this.authorizeUrl(wanted));
  }

  /** Remembers that somebody goes to sign in, and gives the address. */
  async authorizeUrl(wanted) {
    const { returnTo, parameters = {} } = read("login", wanted, { returnTo: kinds.string, parameters: kinds.object });
    const { location } = globalThis;
    const { clientId, scope, redirectUri = location && location.origin + location.pathname } = this.#options;
    if (!redirectUri) throw configError("options.redirectUri is missing, and there is no page here to come back to");
    const url = new URL(this.#endpoints.authorize);
    for (const [name, value] of Object.entries(parameters)) {
      if (own.test(name)) throw configError(`login.parameters: \`${name}\` is set by Orgdeck`);
      if (typeof value !== "string") throw configError(`login.parameters.${name}: expected a string`);
      url.searchParams.set(name, value);
    }
    const [state, verifier] = [random(), random()];
    const asked = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      code_challenge: await challengeOf(verifier),
      code_challenge_method: "S256",
      state,
    };
    if (scope) asked.scope = scope;
    for (const name in asked) url.searchParams.set(name, asked[name]);
    this.#save("started", { state, verifier, redirectUri, returnTo });
    return url.href;
  }

  finish(url) {
    // Frameworks run what a page begins with twice, and the second time the address is clean.
    return (this.#finishing ??= this.#finish(url).finally(() => (this.#finishing = null)));
  }

  async #finish(given) {
    const { location, history } = globalThis;
    const url = parsed(given ?? location?.href, location?.href);
    if (!url) throw configError("login.finish: expected the address that the person came back to");
    const said = Object.fromEntries(url.searchParams);
    if (said.code === undefined && said.error === undefined) return null;
    const started = this.#saved("started");
    this.#save("started", null);
    if (url.href === location?.href) {
      for (const name of added) url.searchParams.delete(name);
      history?.replaceState(history.state, "", url.href);
    }
    if (!started?.state || said.state !== started.state) {
      const why = "its `state` is not the one that was sent";
      throw problem("AuthenticationError", `the sign-in was begun elsewhere, or finished before: ${why}`);
    }
    if (said.error !== undefined) throw refusal("the sign-in was refused", said);
    const { verifier, redirectUri, returnTo = null } = started;
    const tokens = await askForTokens(this.#fetch, this.#endpoints.token, "signing in", {
      grant_type: "authorization_code",
      code: said.code,
      code_verifier: verifier,
      client_id: this.#options.clientId,
      redirect_uri: redirectUri,
    });
    const session = this.#open({ tokens, redirectUri, returnTo });
    this.#keep({ tokens, redirectUri, returnTo });
    return session;
  }

  resume() {
    if (this.#session || this.#options.keep !== "session") return this.#session;
    try {
      const kept = this.#saved("session");
      const { access, refresh, endsAt } = kept.tokens;
      return access && (refresh || endsAt === null || Date.now() < endsAt) ? this.#open(kept) : null;
    } catch {
      // There is no storage, or nothing of ours in it.
      return null;
    }
  }

  #open({ tokens, redirectUri, returnTo }) {
    const session = new LoginSession(
      {
        fetch: this.#fetch,
        clientId: this.#options.clientId,
        endpoints: this.#endpoints,
        keep: (tokens) => {
          // What becomes of an older session is nothing to a newer one.
          if (this.#session === session) this.#keep(tokens && { tokens, redirectUri, returnTo });
          if (this.#session === session && !tokens) this.#session = null;
        },
        leave: () => {
          const url = parsed(this.#endpoints.logout);
          url?.searchParams.set("client_id", this.#options.clientId);
          url?.searchParams.set("redirect_uri", redirectUri);
          if (url) globalThis.location?.assign(url.href);
        },
      },
      tokens,
      returnTo,
    );
    return (this.#session = session);
  }

  // A session that cannot be kept goes on in memory, but no older one may be left behind.
  #keep(kept) {
    if (this.#options.keep !== "session") return;
    for (const value of [kept, null]) {
      try {
        return this.#save("session", value);
      } catch {
        // The next best.
      }
    }
  }

  get #fetch() {
    return this.#options.fetch ?? globalThis.fetch;
  }

  #key(name) {
    return `orgdeck:${name}:${this.#options.clientId}@${this.#endpoints.authorize}`;
  }

  #save(name, value) {
    this.#use((storage) =>
      value ? storage.setItem(this.#key(name), JSON.stringify(value)) : storage.removeItem(this.#key(name)),
    );
  }

  #saved(name) {
    const text = this.#use((storage) => storage.getItem(this.#key(name)));
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  #use(run) {
    try {
      return run(this.#options.storage ?? globalThis.sessionStorage);
    } catch (cause) {
      throw configError(`options.storage: sessionStorage cannot be used here, so give another (${cause.message})`);
    }
  }
}
