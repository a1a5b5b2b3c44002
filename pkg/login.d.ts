/// <reference lib="dom" />

// The types of orgdeck/login: signing in, apart from the clients, so that a page that only signs people in loads no
// WebAssembly. Its errors are the classes of the package's main entry point.

/** Where somebody signs in, and where tokens come from. A path is one of the page's own origin. */
export interface LoginEndpoints {
  /** The page that asks the person. */
  authorize: string;
  token: string;
  /** Where tokens are given back (RFC 7009); without it signing out forgets them only. */
  revoke?: string;
  /** The page that ends the person's session with the vendor, called with `client_id` and `redirect_uri`. */
  logout?: string;
}

/** Options of `new PkceLogin(…)`. An option that is not listed is a `ConfigError`. */
export type LoginOptions = {
  /** The application's id, as the vendor registered it: one for public clients, without a secret. */
  clientId: string;
  /**
   * Where the person comes back to, as it is registered; a path is one of the page's own origin. Unless given, the
   * address of the page that starts the sign-in, without query and fragment.
   */
  redirectUri?: string;
  /** What the application asks leave for. Genesys Cloud goes by the client's own setting and needs none. */
  scope?: string;
  /** What outlives the way to the vendor and back: `sessionStorage` unless given. */
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /**
   * `"memory"`, unless given: the tokens are gone when the page is reloaded. `"session"`: they are kept in `storage`,
   * where every script of the page's origin can read them; `resume()` finds them. A tab that is duplicated takes them
   * along, and the vendor may end both sessions when both renew the same one.
   */
  keep?: "memory" | "session";
  /** Used in place of the browser's `fetch`; called as `(url: string, init: RequestInit)`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
} & (
  | {
      /** A region of Genesys Cloud by its key, such as `"us_east_1"`, or its host, such as `"mypurecloud.com"`. */
      region: string;
      endpoints?: never;
    }
  | {
      /** Any other server of this kind. */
      endpoints: LoginEndpoints;
      region?: never;
    }
);

/** How one sign-in is started. */
export interface LoginStart {
  /** Where to go on afterwards: comes back as `session.returnTo`. */
  returnTo?: string;
  /** Added to the address, such as `org` and `provider`, `login_hint`, `prompt`. */
  parameters?: Record<string, string>;
}

/**
 * Signs people in from the page alone, by OAuth 2 with an authorization code and PKCE. It needs no `init()`.
 *
 * ```js
 * import { PkceLogin } from "orgdeck/login";
 *
 * const login = new PkceLogin({ clientId: "…", region: "eu_central_1" });
 * const session = (await login.finish()) ?? login.resume();
 * if (!session) await login.start();   // leaves the page
 * ```
 */
export class PkceLogin {
  /** @throws {ConfigError} when an option is wrong; it names the option. */
  constructor(options: LoginOptions);
  /** Leaves the page, for the one where the person signs in. */
  start(options?: LoginStart): Promise<void>;
  /** The address that `start` goes to, for applications that go there themselves. */
  authorizeUrl(options?: LoginStart): Promise<string>;
  /**
   * The session of somebody who has come back, or null when the address says nothing of a sign-in. It takes what the
   * vendor added off the address bar, and can be done once.
   *
   * @param url The address that the person came back to: that of the page unless given.
   */
  finish(url?: string | URL): Promise<LoginSession | null>;
  /** The session that there is, or that `keep: "session"` has kept; or null. */
  resume(): LoginSession | null;
}

/** The session of somebody who has signed in. */
export interface LoginSession {
  /**
   * The access token, for `auth: { accessToken: session.accessToken }`. Shortly before it expires it is renewed, once
   * for any number of calls that wait. When that fails for good, or after `signOut`, it is an `AuthenticationError`
   * each time: the person has to sign in again.
   */
  readonly accessToken: (asked?: { fresh: boolean }) => Promise<string>;
  /** When the access token expires; null where the vendor does not say. It is renewed before. */
  readonly expiresAt: Date | null;
  /** What `start` was given; null without it. */
  readonly returnTo: string | null;
  /**
   * Forgets the tokens, gives them back where there is a `revoke` endpoint, and leaves for the `logout` page where
   * there is one, unless told to `stay`.
   */
  signOut(options?: { stay?: boolean }): Promise<void>;
}
