// Who is connected to Close. Credentials live in the client alone and go with it; only the two public tokens of
// the sandbox survive a reload, in sessionStorage.

import { Close, init } from "../orgdeck.js";
import { requestLog } from "../request-log.js";
import { sandboxToken } from "../sandbox.js";
import { Directory } from "./directory.js";

const SANDBOX_KEY = "orgdeck.sandbox";

export const SANDBOX = {
  admin: { label: "administrator", token: "sandbox-close-token" },
  user: { label: "ordinary user", token: "sandbox-close-user-token" },
};

class Session {
  close = null;
  me = null;
  directory = null;
  /** What is filled in to connect by. Gone once connected. */
  form = {};

  #log = null;

  get connected() {
    return this.close !== null;
  }

  get client() {
    return this.close;
  }

  /** The options of a call that ends with `signal`, and that the reader can cancel; `more` are others of its options. */
  call(signal, more) {
    return this.#log.options(signal, more);
  }

  /** Whether Close will let this person change people, roles and groups. */
  get mayManage() {
    return this.ownMembership?.permissions_granted?.includes("manage_organization") ?? false;
  }

  /** Who is connected, for the frame. */
  get account() {
    const { id, first_name: first, last_name: last, email, organizations } = this.me;
    // The screen of the organisation may have renamed it since.
    const place = this.directory.profile?.name ?? organizations?.[0]?.name ?? "";
    return { id, first: first ?? "", last: last ?? "", email: email ?? "", place };
  }

  get ownMembership() {
    return this.me?.memberships?.[0] ?? null;
  }

  /** Proves the credentials by asking who they belong to, and keeps the client only when that works. */
  async connect(options, signal) {
    await init();
    const log = requestLog.client();
    const close = new Close({ ...options, onEvent: log.onEvent });
    try {
      const me = await close.users.me({}, log.options(signal, { maxRetries: 1 }));
      const organizationId = me.organizations?.[0]?.id ?? me.memberships?.[0]?.organization_id;
      if (!organizationId) throw new Error("These credentials belong to no organisation.");
      this.close = close;
      this.#log = log;
      this.me = me;
      const place = options.baseUrl ?? "close.com";
      this.directory = new Directory(close, (...how) => log.options(...how), organizationId, place);
      this.form = {};
    } catch (error) {
      close.free();
      throw error;
    }
  }

  async connectSandbox(who, signal) {
    const baseUrl = `${location.origin}/api/v1`;
    await this.connect({ auth: { accessToken: sandboxToken(SANDBOX[who].token) }, baseUrl }, signal);
    sessionStorage.setItem(SANDBOX_KEY, who);
  }

  /** Connects to the sandbox again after a reload; false when there is nothing to go back to. */
  async restore() {
    const who = sessionStorage.getItem(SANDBOX_KEY);
    if (!Object.hasOwn(SANDBOX, who ?? "")) return false;
    try {
      await this.connectSandbox(who);
      return true;
    } catch {
      sessionStorage.removeItem(SANDBOX_KEY);
      return false;
    }
  }

  disconnect() {
    const { table } = this.directory;
    sessionStorage.removeItem(SANDBOX_KEY);
    // The client is not freed here: an aborted call of the screen just left may still be on its way out.
    this.close = null;
    this.me = null;
    this.directory = null;
    requestLog.clear("close");
    return table.close();
  }
}

export const session = new Session();
