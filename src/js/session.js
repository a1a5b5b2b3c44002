// The session of somebody who has signed in: it gives access tokens, and renews them in time.

import { askForTokens, post, problem } from "./grant.js";
import { kinds, read } from "./options.js";

export class LoginSession {
  #login;
  #tokens;
  #over = null;
  #renewing = null;

  /** `login` knows the client and its endpoints, keeps the tokens that it is told of, and leaves the page. */
  constructor(login, tokens, returnTo) {
    this.#login = login;
    this.#tokens = tokens;
    this.returnTo = returnTo;
    // A client is given it on its own.
    this.accessToken = (asked) => this.#current(asked?.fresh);
  }

  get expiresAt() {
    const { endsAt } = this.#tokens;
    return endsAt === null ? null : new Date(endsAt);
  }

  async signOut(wanted) {
    const { stay } = read("signOut", wanted, { stay: kinds.boolean });
    if (this.#over) return;
    this.#end("signed out");
    // What is under way brings the tokens to give back.
    await this.#renewing?.catch(() => {});
    const { fetch, clientId, endpoints, leave } = this.#login;
    const token = this.#tokens.refresh ?? this.#tokens.access;
    try {
      if (endpoints.revoke) await post(fetch, endpoints.revoke, "signing out", { token, client_id: clientId });
    } finally {
      if (!stay) leave();
    }
  }

  async #current(isRefused) {
    const { renewAt } = this.#tokens;
    const isDue = isRefused || (renewAt !== null && Date.now() >= renewAt);
    if (!this.#over && isDue) await this.#renew(isRefused);
    if (this.#over) throw problem("AuthenticationError", this.#over);
    return this.#tokens.access;
  }

  async #renew(isRefused) {
    // A token that was refused has ended, whatever was said of it.
    const hasEnded = () => isRefused || Date.now() >= this.#tokens.endsAt;
    if (!this.#tokens.refresh) {
      if (hasEnded()) this.#end("the session has expired, and the server gave nothing to renew it with");
      return;
    }
    this.#renewing ??= this.#exchange().finally(() => (this.#renewing = null));
    try {
      await this.#renewing;
    } catch (error) {
      // The token at hand is still good for a while, and the next call tries again.
      if (this.#over || hasEnded()) throw error;
    }
  }

  async #exchange() {
    const { fetch, clientId, endpoints, keep } = this.#login;
    const form = { grant_type: "refresh_token", refresh_token: this.#tokens.refresh, client_id: clientId };
    try {
      this.#tokens = await askForTokens(fetch, endpoints.token, "renewing the session", form);
    } catch (error) {
      // The server's last word. Anything else may pass.
      if (error.vendorCode === "invalid_grant") this.#end("the session has ended");
      throw error;
    }
    if (!this.#over) keep(this.#tokens);
  }

  #end(why) {
    this.#over ??= `${why}: sign in again`;
    this.#login.keep(null);
  }
}
