// Who is connected to Genesys Cloud. Tokens live in the client or the login alone; what survives a reload is which of
// the sandbox's two public tokens was used, and the tokens of a sign-in that was asked to stay.

import { addressOf } from "../address.js";
import { Genesys, init, PkceLogin } from "../orgdeck.js";
import { requestLog } from "../request-log.js";
import { sandboxToken } from "../sandbox.js";
import { Directory } from "./directory.js";

const SANDBOX_KEY = "orgdeck.genesys-sandbox";
const SIGN_IN_KEY = "orgdeck.genesys-sign-in";

const SANDBOX = {
  admin: "sandbox-genesys-token",
  user: "sandbox-genesys-user-token",
};

/** A place is a region, `{ region }`, or a server of one's own, `{ baseUrl }`. */
function loginFor({ clientId, place, stay }) {
  const keep = stay ? "session" : "memory";
  if (place.region) return new PkceLogin({ clientId, keep, region: place.region });
  const { origin } = new URL(place.baseUrl, location.href);
  const endpoints = {
    authorize: `${origin}/oauth/authorize`,
    token: `${origin}/oauth/token`,
    revoke: `${origin}/oauth/revoke`,
    logout: `${origin}/logout`,
  };
  return new PkceLogin({ clientId, keep, endpoints });
}

class Session {
  genesys = null;
  me = null;
  directory = null;
  /** What is filled in to connect by. Gone once connected. */
  form = {};
  /** Why the last sign-in came to nothing. */
  problem = null;

  #login = null;
  #place = null;
  #log = null;

  get connected() {
    return this.genesys !== null;
  }

  get client() {
    return this.genesys;
  }

  /** The options of a call that ends with `signal`, and that the reader can cancel; `more` are others of its options. */
  call(signal, more) {
    return this.#log.options(signal, more);
  }

  /** Whether Genesys will let this person change groups; true when it does not say. */
  get mayManage() {
    const permissions = this.me?.authorization?.permissions;
    return !Array.isArray(permissions) || permissions.includes("directory:group:edit");
  }

  /** Who is connected, for the frame. */
  get account() {
    const { id, name, email } = this.me;
    const [first, ...rest] = (name ?? "").split(" ");
    const { region, baseUrl } = this.#place;
    const place = region ?? new URL(baseUrl, location.href).host;
    return { id, first, last: rest.join(" "), email: email ?? "", place };
  }

  /** Proves the token by asking who it belongs to, and keeps the client only when that works. */
  async connect(accessToken, place, signal) {
    await init();
    const log = requestLog.client();
    const genesys = new Genesys({ ...place, auth: { accessToken }, onEvent: log.onEvent });
    try {
      const query = { expand: ["authorization"] };
      this.me = await genesys.request(
        { method: "GET", path: "/api/v2/users/me", query },
        log.options(signal, { maxRetries: 1 }),
      );
    } catch (error) {
      genesys.free();
      throw error;
    }
    this.#place = place;
    this.#log = log;
    this.genesys = genesys;
    this.directory = new Directory(genesys, (...how) => log.options(...how));
    this.form = {};
    this.problem = null;
  }

  async connectSandbox(who, signal) {
    await this.connect(sandboxToken(SANDBOX[who]), { baseUrl: location.origin }, signal);
    sessionStorage.setItem(SANDBOX_KEY, who);
  }

  /** Leaves the page to sign in; `restore` takes it from there. */
  async signIn(wanted, returnTo) {
    const login = loginFor(wanted);
    sessionStorage.setItem(SIGN_IN_KEY, JSON.stringify(wanted));
    await login.start({ returnTo });
  }

  /** Comes back from signing in, or to what survives a reload. */
  async restore() {
    try {
      if (await this.#restoreSignIn()) return;
      const who = sessionStorage.getItem(SANDBOX_KEY);
      if (Object.hasOwn(SANDBOX, who ?? "")) await this.connectSandbox(who);
    } catch {
      sessionStorage.removeItem(SANDBOX_KEY);
    }
  }

  async #restoreSignIn() {
    const kept = JSON.parse(sessionStorage.getItem(SIGN_IN_KEY) ?? "null");
    const isBack = ["code", "error"].some((name) => new URLSearchParams(location.search).has(name));
    if (!kept && !isBack) return false;
    const { clientId = "unknown", place = { baseUrl: location.origin }, stay = false } = kept ?? {};
    if (kept) this.form = formOf(kept);
    try {
      const login = loginFor({ clientId, place, stay });
      const found = (await login.finish()) ?? login.resume();
      if (!found) return false;
      await this.connect(found.accessToken, place);
      this.#login = found;
      if (isBack) history.replaceState(null, "", ownAddress(found.returnTo));
      return true;
    } catch (error) {
      this.problem = error;
      if (isBack) history.replaceState(null, "", addressOf("genesys", "connect"));
      return false;
    }
  }

  /** Forgets who was connected. Somebody who had signed in leaves the page, to end that at the vendor's as well. */
  async disconnect() {
    const login = this.#login;
    sessionStorage.removeItem(SANDBOX_KEY);
    sessionStorage.removeItem(SIGN_IN_KEY);
    // The client is not freed here: an aborted call of the screen just left may still be on its way out.
    this.genesys = this.me = this.directory = this.#login = null;
    requestLog.clear("genesys");
    try {
      await login?.signOut();
    } catch {
      // The server could not be told; the tokens are forgotten here all the same.
    }
  }
}

// Only an address of this console, whatever came back.
const ownAddress = (returnTo) => (returnTo?.startsWith("#/genesys") ? returnTo : addressOf("genesys"));

/** What the form to connect by shows of a sign-in that was begun. */
function formOf({ clientId, stay, fields }) {
  return { way: "sign-in", clientId, stay, ...fields };
}

export const session = new Session();
