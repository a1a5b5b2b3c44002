// What a consumer may write. It is compiled, never run.

import init, {
  AuthenticationError,
  Close,
  ConfigError,
  NotFoundError,
  OrgdeckError,
  RateLimitError,
  version,
  type AllOptions,
  type Call,
  type CallPromise,
  type CloseAvailability,
  type CloseGroup,
  type CloseGroupMember,
  type CloseMe,
  type CloseMembership,
  type CloseMembershipPatch,
  type CloseOptions,
  type CloseOrganization,
  type CloseOrganizationPatch,
  type ClosePermission,
  type CloseRecording,
  type CloseRole,
  type CloseRolePatch,
  type CloseUser,
  type ErrorCode,
  type ListingReport,
  type OrgdeckEvent,
  type Page,
  type Pages,
  type Progress,
} from "orgdeck";

/** Two types that are the same, not only assignable to each other. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function type<A>(value: A): { is<B>(...same: Equal<A, B> extends true ? [] : [never]): void };

// ------------------------------------------------------------------------------------------------ loading

type<Promise<void>>(init()).is<Promise<void>>();
init(new URL("https://example.com/orgdeck_bg.wasm"));
init("/orgdeck_bg.wasm");
init(new Request("/orgdeck_bg.wasm"));
init(fetch("/orgdeck_bg.wasm"));
fetch("/orgdeck_bg.wasm").then((response) => init(response));
init(new Uint8Array(8));
init(new ArrayBuffer(8));
declare const compiled: WebAssembly.Module;
init(compiled);
type(version).is<string>();

// ---------------------------------------------------------------------------------------------- a client

new Close({ auth: { apiKey: "api_x" } });
new Close({ auth: { accessToken: "t" } });
new Close({ auth: { accessToken: () => "t" } });
new Close({ auth: { accessToken: async () => "t" } });
const options: CloseOptions = {
  auth: { accessToken: "t" },
  baseUrl: "/close",
  fetch: (url, init) => {
    type(url).is<string>();
    type(init).is<RequestInit>();
    return fetch(url, init);
  },
  timeoutMs: 0,
  tzOffsetHours: -4.5,
  headers: { "x-a": "1" },
  onEvent: (event) => console.log(event.path),
  allowApiKeyInBrowser: true,
};
const close = new Close(options);
// The platform's own fits as it is.
new Close({ auth: { apiKey: "k" }, fetch });
new Close({ auth: { apiKey: "k" }, fetch: globalThis.fetch });

// Disposable, in the compiler's own sense.
const disposable: Disposable = close;
const call: Call = { signal: new AbortController().signal, timeoutMs: 5, headers: {} };

// --------------------------------------------------------------------------- fields narrow what comes back

type(close.users.me()).is<CallPromise<Pick<CloseMe, keyof CloseMe>>>();
type(close.users.me({ fields: ["id", "email"] }, call)).is<CallPromise<Pick<CloseMe, "id" | "email">>>();
type(close.users.get("u", { fields: ["first_name"] })).is<CallPromise<Pick<CloseUser, "first_name">>>();
type(close.users.list()).is<Pages<Pick<CloseUser, keyof CloseUser>>>();
type(close.users.list({ fields: ["id"], limit: 5, skip: 5, orderBy: "last_name,first_name" })).is<
  Pages<Pick<CloseUser, "id">>
>();
type(close.users.availability({ where: { organization_id: "orga_a" } })).is<CallPromise<CloseAvailability[]>>();
type(close.users.availability({ where: { organization_id: { eq: "orga_a" } } }, call)).is<
  CallPromise<CloseAvailability[]>
>();
type(close.organizations.get("o", { fields: ["memberships"], expand: ["memberships__user"] })).is<
  CallPromise<Pick<CloseOrganization, "memberships">>
>();
type(close.organizations.update("o", { name: "n" }, { fields: ["id", "name"] })).is<
  CallPromise<Pick<CloseOrganization, "id" | "name">>
>();
type(close.organizations.update("o", { name: "n" })).is<
  CallPromise<Pick<CloseOrganization, keyof CloseOrganization>>
>();
type(close.roles.get("admin", { fields: ["permissions"] })).is<CallPromise<Pick<CloseRole, "permissions">>>();
type(close.roles.list({ fields: ["id", "name"] })).is<Pages<Pick<CloseRole, "id" | "name">>>();
type(close.groups.get("g", { fields: ["id", "name"] })).is<CallPromise<Pick<CloseGroup, "id" | "name">>>();
type(close.groups.get("g")).is<CallPromise<Pick<CloseGroup, keyof CloseGroup>>>();
type(close.groups.create({ name: "n" }, { fields: ["id"] })).is<CallPromise<Pick<CloseGroup, "id">>>();
type(close.groups.update("g", { name: "n" }, { fields: ["members"] })).is<CallPromise<Pick<CloseGroup, "members">>>();
// A list of groups has no members, also when nothing is selected.
type(close.groups.list()).is<Pages<Pick<CloseGroup, "id" | "name" | "organization_id">>>();
type(close.groups.list({ fields: ["name"] })).is<Pages<Pick<CloseGroup, "name">>>();

// A list of fields that was made before.
const chosen = ["id", "email"] as const;
type(close.users.get("u", { fields: chosen })).is<CallPromise<Pick<CloseUser, "id" | "email">>>();
declare const some: (keyof CloseUser)[];
type(close.users.get("u", { fields: some })).is<CallPromise<Pick<CloseUser, keyof CloseUser>>>();

async function records() {
  const me = await close.users.me();
  type(me.organizations[0]!.lead_statuses?.[0]?.label).is<string | undefined>();
  type(me.first_name).is<string | null>();
  const user = await close.users.get("u");
  type(user.organizations).is<string[] | undefined>();
  const whole: CloseUser = user;
  const role: CloseRole = await close.roles.get("admin");
  type(role.visibility_user_lcf_ids).is<string[] | null | undefined>();
  const group = await close.groups.get("g");
  type(group.members).is<CloseGroupMember[] | null | undefined>();
  return [whole, role];
}

// ------------------------------------------------------------------------------------------------- lists

async function lists() {
  for await (const user of close.users.list({ fields: ["id", "email"] })) {
    type(user).is<Pick<CloseUser, "id" | "email">>();
  }
  for await (const page of close.groups.list().pages()) {
    type(page).is<Page<Pick<CloseGroup, "id" | "name" | "organization_id">>>();
    type(page.cursor).is<string | null>();
    type(page.hasMore).is<boolean>();
  }
  const first = await close.roles.list().first();
  type(first.items[0]!.permissions).is<ClosePermission[]>();
  const all: AllOptions = {
    limit: 5,
    onProgress: (progress: Progress) => console.log(progress.items),
    signal: AbortSignal.timeout(5),
  };
  const { items, report } = await close.users.list().all(all);
  type(items).is<Pick<CloseUser, keyof CloseUser>[]>();
  type(report).is<ListingReport>();
  type(report.reason).is<"limit" | "gaps" | "error" | null>();
  if (report.cursor !== null)
    type(close.users.list().resumeFrom(report.cursor)).is<Pages<Pick<CloseUser, keyof CloseUser>>>();
  const iterator = close.users.list()[Symbol.asyncIterator]();
  const result = await iterator.next();
  if (!result.done) type(result.value).is<Pick<CloseUser, keyof CloseUser>>();
  await iterator.return?.();

  interface Task {
    id: string;
  }
  for await (const task of close.list<Task>("/task/", {
    where: { assigned_to: { in: ["user_a", "group_x"] }, date: { gte: new Date(), lt: "2027" } },
    orderBy: ["date", "-id"],
  })) {
    type(task).is<Task>();
  }
  for await (const anything of close.list("/task/")) type(anything).is<unknown>();
}

// ---------------------------------------------------------------------------------------------- patches

// Absent, null and a value are three things.
const patch: CloseMembershipPatch = { default_caller_id: null, hangup_recording_url: "https://example.com/a.mp3" };
type(close.memberships.update("m", patch)).is<CallPromise<CloseMembership>>();
type(close.memberships.update("m", {})).is<CallPromise<CloseMembership>>();
type(close.memberships.updateMany(["m"] as readonly string[], { role_id: "user" }, call)).is<
  CallPromise<{ count: number }>
>();
type(close.memberships.create({ email: "a@b.example", role_id: "user" })).is<CallPromise<CloseMembership>>();
type(close.memberships.deactivate("m")).is<CallPromise<void>>();
type(close.memberships.pinnedViews("m")).is<CallPromise<string[]>>();
type(close.memberships.setPinnedViews("m", [], call)).is<CallPromise<string[]>>();
const role: CloseRolePatch = {
  visibility_user_lcf_ids: null,
  visibility_user_lcf_behavior: null,
  permissions: ["calling", "one_that_came_later"],
};
type(close.roles.update("r", role)).is<CallPromise<CloseRole>>();
type(close.roles.create({ name: "n", permissions: [] })).is<CallPromise<CloseRole>>();
type(close.roles.delete("r")).is<CallPromise<void>>();
type(close.groups.delete("g")).is<CallPromise<void>>();
type(close.groups.addMember("g", "u")).is<CallPromise<CloseGroupMember>>();
type(close.groups.removeMember("g", "u", call)).is<CallPromise<void>>();
const organization: CloseOrganizationPatch = { lead_statuses: [{ id: "stat_a" }], require_unsubscribe_link: true };
close.organizations.update("o", organization, { expand: ["inactive_memberships__user"] }, call);

// Values that Close may add one day are kept, and the known ones are offered.
const recording: CloseRecording = "something new";
const known: CloseRecording = "enabled";
const permission: ClosePermission = "fly";

// ------------------------------------------------------------------------------------- any other endpoint

type(
  close.request<{ id: string }>({ method: "POST", path: "/task/", body: { text: "t" }, query: { fields: ["id"] } }),
).is<CallPromise<{ id: string }>>();
type(close.request({ method: "GET", path: "/me/" }, call)).is<CallPromise<unknown>>();

// ------------------------------------------------------------------------------------------------ errors

async function errors() {
  try {
    await close.users.me();
  } catch (error) {
    if (error instanceof RateLimitError) type(error.retryAfterMs).is<number | undefined>();
    if (error instanceof NotFoundError || error instanceof AuthenticationError)
      type(error.status).is<number | undefined>();
    if (error instanceof ConfigError) type(error.sent).is<"no" | "maybe" | "yes">();
    if (error instanceof OrgdeckError) {
      const plain: Error = error;
      type(error.code).is<ErrorCode>();
      type(error.fields).is<Readonly<Record<string, string>> | undefined>();
      type(error.vendor).is<string | null>();
      type(error.cause).is<unknown>();
      switch (error.code) {
        case "rate_limit":
        case "plan_limit":
          return plain;
        default:
          return error.attempts;
      }
    }
  }
  return null;
}

// ------------------------------------------------------------------------------------------------ events

function observe(event: OrgdeckEvent) {
  type(event.path).is<string>();
  if (event.type === "response") return event.status + event.bytes + event.ms;
  if (event.type === "failure") type(event.code).is<ErrorCode | "abort">();
  return event.time;
}

// ------------------------------------------------------------------- objects and methods passed around

const { list, get } = close.users;
type(list({ fields: ["id"] })).is<Pages<Pick<CloseUser, "id">>>();
type(get("u", { fields: ["id"] })).is<CallPromise<Pick<CloseUser, "id">>>();
const iterable: AsyncIterable<{ id: string }> = close.roles.list();
class Derived extends Close {}
new Derived(options).free();

export { disposable, errors, iterable, known, lists, observe, permission, recording, records };

// ----------------------------------------------------------------------------------------------- sign-in

import { PkceLogin, type LoginEndpoints, type LoginOptions, type LoginSession, type LoginStart } from "orgdeck/login";

const login = new PkceLogin({ clientId: "c", region: "eu_central_1" });
new PkceLogin({ clientId: "c", region: "login.example.com", redirectUri: "/", scope: "a b", keep: "session" });
const endpoints: LoginEndpoints = { authorize: "/a", token: "/t", revoke: "/r", logout: "/l" };
const loginOptions: LoginOptions = { clientId: "c", endpoints, storage: localStorage, keep: "memory", fetch };
new PkceLogin({ ...loginOptions, fetch: (url, init) => fetch(url, { ...init, keepalive: true }) });
const anyStorage = new Map<string, string>();
new PkceLogin({
  clientId: "c",
  endpoints: { authorize: "/a", token: "/t" },
  storage: {
    getItem: (key) => anyStorage.get(key) ?? null,
    setItem: (key, value) => void anyStorage.set(key, value),
    removeItem: (key) => void anyStorage.delete(key),
  },
});
const start: LoginStart = { returnTo: "/people", parameters: { prompt: "login" } };

async function signIn(): Promise<LoginSession> {
  const session = (await login.finish()) ?? (await login.finish(new URL("https://a.example/"))) ?? login.resume();
  type(session).is<LoginSession | null>();
  if (!session) {
    type(await login.authorizeUrl(start)).is<string>();
    type(await login.start()).is<void>();
    throw new Error("left");
  }
  const { accessToken } = session;
  new Close({ auth: { accessToken } });
  type(await accessToken()).is<string>();
  type(session.expiresAt).is<Date | null>();
  type(session.returnTo).is<string | null>();
  await session.signOut();
  await session.signOut({ stay: true });
  return session;
}

export { signIn };
