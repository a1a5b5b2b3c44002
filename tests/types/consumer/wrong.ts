// What a consumer must not be able to write. Each line below a `wrong:` is an error of that number, and no other
// line is one.

import init, { Close, OrgdeckError, type CallPromise, type CloseGroup, type ListingReport, type Page } from "orgdeck";

declare const close: Close;
declare const report: ListingReport;
declare const page: Page<string>;
const groups = await close.groups.list().first();
const listed = groups.items[0]!;
declare const error: OrgdeckError;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function type<A>(value: A): { is<B>(...same: Equal<A, B> extends true ? [] : [never]): void };

// The check of types in good.ts sees a difference.
// wrong: TS2554 a narrower result taken for the whole record
type(close.groups.get("g", { fields: ["id"] })).is<CallPromise<CloseGroup>>();

// wrong: TS2322 a field that is none
close.groups.get("g", { fields: ["id", "nmae"] });
// wrong: TS2322 a field that is none, of the caller
close.users.me({ fields: ["role"] });
// wrong: TS2322 a field that is none, in a list of users
close.users.list({ fields: ["memberships"] });
// wrong: TS2820 a field that is none, of a role
close.roles.get("r", { fields: ["Name"] });
// wrong: TS2322 members in a list of groups
close.groups.list({ fields: ["id", "members"] });
// wrong: TS2339 a field that was not selected
close.groups.get("g", { fields: ["id"] }).then((group) => group.name);
// wrong: TS2339 members of a group in a list
listed.members;
// wrong: TS2322 fields in a text
close.users.me({ fields: "id" });

// wrong: TS2561 an option of the client that there is not
new Close({ auth: { apiKey: "k" }, timeout: 5 });
// wrong: TS2322 an option of another type
new Close({ auth: { apiKey: "k" }, timeoutMs: "5" });
// wrong: TS2741 no credentials
new Close({});
// wrong: TS2554 no options
new Close();
// wrong: TS2322 empty credentials
new Close({ auth: {} });
// wrong: TS2322 both kinds of credentials
new Close({ auth: { apiKey: "k", accessToken: "t" } });
// wrong: TS2322 a token that is a number
new Close({ auth: { accessToken: () => 5 } });
// wrong: TS2345 init with nothing where there should be something (TypeScript's own type of a Module takes all else)
init(null);

// wrong: TS2561 an option of a call that there is not
close.users.me({}, { timeout: 5 });
// wrong: TS2740 a controller taken for its signal
close.users.me({}, { signal: new AbortController() });
// wrong: TS2561 a query member that there is not
close.users.me({ feilds: ["id"] });
// wrong: TS2353 a page size for a single record
close.users.get("u", { limit: 5 });
// wrong: TS2353 an order where Close has none
close.roles.list({ orderBy: "name" });
// wrong: TS2353 a filter where Close has none
close.users.list({ where: { email: "a" } });
// wrong: TS2322 an order that Close does not offer
close.users.list({ orderBy: "email" });
// wrong: TS2353 a filter on a field that availability does not have
close.users.availability({ where: { user_id: "u" } });
// wrong: TS2322 an expansion that there is not
close.organizations.get("o", { expand: ["user"] });
// wrong: TS2353 a comparison that there is not
close.list("/task/", { where: { id: { like: "a" } } });
// wrong: TS2322 a list without a comparison
close.list("/task/", { where: { id: ["a"] } });
// wrong: TS2353 an option of all() that there is not
close.users.list().all({ max: 5 });
// wrong: TS2345 a cursor that may be null
close.users.list().resumeFrom(page.cursor);

// wrong: TS2353 a patch of something that cannot be changed
close.memberships.update("m", { user_id: "u" });
// wrong: TS2322 null where a value must be
close.memberships.update("m", { role_id: null });
// wrong: TS2322 null for a group's name
close.groups.update("g", { name: null });
// wrong: TS2322 null for a role's permissions
close.roles.update("r", { permissions: null });
// wrong: TS2741 a membership without a role
close.memberships.create({ email: "a@b.example" });
// wrong: TS2353 a group made with members
close.groups.create({ name: "n", members: [] });
// wrong: TS2345 a single id for a bulk update
close.memberships.updateMany("m", {});
// wrong: TS2345 an id that is a number
close.users.get(5);
// wrong: TS2554 an id that is missing
close.users.get();
// wrong: TS2345 an id that may be missing
close.users.get(report.cursor);
// wrong: TS2322 a method that there is not
close.request({ method: "PATCH", path: "/me/" });
// wrong: TS2741 a request without a path
close.request({ method: "GET" });

// wrong: TS2540 assigning to a noun
close.users = close.users;
// wrong: TS2540 assigning to what an error says
error.status = 200;
// wrong: TS2345 a promise of a list, which is none until it is consumed
Promise.resolve(close.users.list()).then((users: { length: number }) => users.length);
// wrong: TS2339 an operation that Close does not have
close.users.create({ email: "a@b.example" });
// wrong: TS2339 the WebAssembly's own objects
close.core;
// wrong: TS2339 a name that is not public
import("orgdeck").then(({ CloseCore }) => CloseCore);

// Sign-in.
import { PkceLogin, type LoginSession } from "orgdeck/login";

declare const login: PkceLogin;
declare const session: LoginSession;

// wrong: TS2345 a login of nobody
new PkceLogin({ region: "us_east_1" });
// wrong: TS2345 a login nowhere
new PkceLogin({ clientId: "c" });
// wrong: TS2345 a login at two places
new PkceLogin({ clientId: "c", region: "us_east_1", endpoints: { authorize: "/a", token: "/t" } });
// wrong: TS2741 endpoints without one for tokens
new PkceLogin({ clientId: "c", endpoints: { authorize: "/a" } });
// wrong: TS2353 a secret, which no page can keep
new PkceLogin({ clientId: "c", region: "us_east_1", clientSecret: "s" });
// wrong: TS2322 a place to keep it that there is not
new PkceLogin({ clientId: "c", region: "us_east_1", keep: "local" });
// wrong: TS2322 a parameter that is no text
login.start({ parameters: { prompt: 1 } });
// wrong: TS18047 a session before it is there
login.finish().then((found) => found.accessToken);
// wrong: TS1360 a token taken for a text
session.accessToken.length satisfies string;
// wrong: TS2693 a session that is made without signing in
new LoginSession();
// wrong: TS2540 assigning to what a session says
session.returnTo = "/";
