// What a consumer may write about calls under way: their answers, their options, what is told of them, and how lists
// went. It is compiled, never run.

import {
  Close,
  Genesys,
  OrgdeckError,
  ServerError,
  type AllOptions,
  type Answer,
  type Call,
  type CallPromise,
  type ClientOptions,
  type CloseAuth,
  type CloseGroup,
  type CloseUser,
  type ErrorCode,
  type EventBase,
  type GenesysGroup,
  type GenesysMembersReport,
  type GenesysUser,
  type ListingReport,
  type LongCall,
  type OrgdeckEvent,
  type Page,
  type Pages,
  type Progress,
  type RateLimitState,
  type TokenFunction,
} from "orgdeck";
import type { LoginSession } from "orgdeck/login";

/** Two types that are the same, not only assignable to each other. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function type<A>(value: A): { is<B>(...same: Equal<A, B> extends true ? [] : [never]): void };

declare const close: Close;
declare const genesys: Genesys;

// --------------------------------------------------------------------------- a call, and the answer to it

async function answers() {
  const { data, response, ...others } = await close.users.me().withResponse();
  type(data.email).is<string>();
  type(response).is<Answer>();
  type(others).is<{}>();
  type(response.status).is<number>();
  type(response.headers).is<Headers>();
  type(response.requestId).is<string | null>();
  type(response.attempts).is<number>();
  // Fields narrow it all the same.
  const narrow = await close.groups.get("g", { fields: ["id", "name"] }).withResponse();
  type(narrow.data).is<Pick<CloseGroup, "id" | "name">>();
  type(narrow).is<{ data: Pick<CloseGroup, "id" | "name">; response: Answer }>();
  type((await close.groups.delete("g").withResponse()).data).is<void>();
  type((await close.memberships.updateMany(["m"], {}).withResponse()).data).is<{ count: number }>();
  type((await close.request<{ id: string }>({ method: "GET", path: "/me/" }).withResponse()).data).is<{ id: string }>();
  type((await genesys.groups.get("g").withResponse()).data).is<GenesysGroup>();
  type((await genesys.groups.individuals("g").withResponse()).data).is<GenesysUser[]>();
  type((await genesys.groups.addMembers("g", ["u"]).withResponse()).data).is<GenesysMembersReport>();
  return [...response.headers.keys()];
}

/** It is a promise like any other. */
async function promises() {
  const call: CallPromise<Pick<CloseUser, "id">> = close.users.get("u", { fields: ["id"] });
  const plain: Promise<{ id: string }> = call;
  type(await call).is<Pick<CloseUser, "id">>();
  type(call.then(({ id }) => id)).is<Promise<string>>();
  type(call.catch(() => null)).is<Promise<Pick<CloseUser, "id"> | null>>();
  const [user, group] = await Promise.all([call, genesys.groups.get("g")]);
  type(user).is<Pick<CloseUser, "id">>();
  type(group).is<GenesysGroup>();
  const settled = await Promise.allSettled([close.groups.list().all(), close.users.me({ fields: ["email"] })]);
  if (settled[1].status === "fulfilled") type(settled[1].value.email).is<string>();
  // A function that works with either.
  const named = async <T extends { id: string }>(wanted: CallPromise<T>) => (await wanted.withResponse()).data.id;
  type(await named(close.roles.get("r"))).is<string>();
  return plain;
}

// --------------------------------------------------------------------------------------------- options

const more: ClientOptions = {
  timeoutMs: 5,
  maxRetries: 0,
  maxWaitMs: 10_000,
  rateLimit: { requests: 20, perMs: 1_000 },
  onEvent: console.log,
};
new Close({ auth: { accessToken: "t" }, ...more });
new Genesys({ auth: { accessToken: "t" }, region: "us_east_1", ...more });
const call: Call = {
  signal: AbortSignal.timeout(5),
  timeoutMs: 5,
  deadlineMs: 60_000,
  maxRetries: 1,
  headers: { "x-a": "1" },
  background: true,
  share: false,
  onEvent: (event) => void event.call,
};
const long: LongCall = { ...call, onProgress: ({ done, total }) => console.log(done / total) };
close.users.me({}, call);
close.users.list({}, call);
close.request({ method: "GET", path: "/me/" }, call);
genesys.groups.search({}, call);
genesys.groups.removeMembers("g", ["u"], long);

// ---------------------------------------------------------------------------------------- token functions

// Those that know nothing of a fresh one fit as they are.
const plainToken: TokenFunction = () => "t";
const laterToken: TokenFunction = async () => "t";
const freshToken: TokenFunction = async ({ fresh }) => {
  type(fresh).is<boolean>();
  return fresh ? "new" : "old";
};
const auth: CloseAuth = { accessToken: freshToken };
declare const session: LoginSession;
for (const accessToken of [plainToken, laterToken, freshToken, session.accessToken, () => "t", async () => "t"]) {
  new Close({ auth: { accessToken } });
  new Genesys({ auth: { accessToken }, region: "us_east_1" });
}
new Close({ auth: { accessToken: ({ fresh }) => (fresh ? "new" : "old") } });
new Genesys({ auth: { accessToken: async ({ fresh }) => `${fresh}` }, baseUrl: "/genesys" });
new Close({ auth });
// Wrapped, it still hears that a fresh one is due; and it can be asked without.
new Close({ auth: { accessToken: (asked) => session.accessToken(asked) } });
type(session.accessToken()).is<Promise<string>>();

// ----------------------------------------------------------------------------------------------- events

function describe(event: OrgdeckEvent): string {
  type(event.call).is<number>();
  type(event.id).is<number>();
  type(event.operation).is<string>();
  type(event.vendor).is<string>();
  type(event.method).is<string>();
  type(event.path).is<string>();
  type(event.time).is<number>();
  const base: EventBase = event;
  switch (event.type) {
    case "request":
      return `${base.path} ${event.attempt}`;
    case "response":
      type(event.status).is<number>();
      return `${event.status} ${event.ms} ${event.bytes} ${event.attempt}`;
    case "failure":
      type(event.code).is<ErrorCode | "abort">();
      return `${event.code} ${event.ms} ${event.attempt}`;
    case "retry":
      type(event.code).is<ErrorCode>();
      type(event.status).is<number | undefined>();
      return `${event.attempt} in ${event.ms}`;
    case "wait":
      return `${event.ms} ${event.attempt}`;
    case "refresh":
      return `${event.attempt}`;
    case "page":
      type(event.total).is<number | null>();
      return `${event.pages} ${event.items}`;
    default:
      // All of them were named.
      type(event).is<never>();
      return event;
  }
}
// Those of one kind.
type Retry = Extract<OrgdeckEvent, { type: "retry" }>;
const pauses = (events: OrgdeckEvent[]) =>
  events.filter((event): event is Retry => event.type === "retry").map(({ ms }) => ms);
type(pauses([])).is<number[]>();

// ------------------------------------------------------------------------------------------------ lists

async function lists() {
  const options: AllOptions<Pick<CloseUser, "id">> = {
    limit: 500,
    concurrency: 8,
    onPage: (page) => type(page).is<Page<Pick<CloseUser, "id">>>(),
    onProgress: (progress) => type(progress).is<Progress>(),
    signal: AbortSignal.timeout(5),
  };
  const { items, report } = await close.users.list({ fields: ["id"] }).all(options);
  type(items).is<Pick<CloseUser, "id">[]>();
  type(report).is<ListingReport>();
  type(report.complete).is<boolean>();
  type(report.reason).is<"limit" | "gaps" | "error" | null>();
  type(report.total).is<number | null>();
  type(report.duplicates + report.gaps + report.requests + report.retries + report.waitedMs + report.ms).is<number>();
  type(report.pages + report.items).is<number>();
  type(report.drift).is<boolean>();
  type(report.cursor).is<string | null>();
  // What a page is of follows from the list.
  await genesys.groups.list().all({ onPage: ({ items }) => type(items).is<GenesysGroup[]>() });
  // One for lists of anything.
  const any: AllOptions = { concurrency: 1, onPage: ({ items }) => type(items).is<unknown[]>() };
  await close.groups.list().all(any);
  await close.users.list().all({
    onProgress: ({ pages, items, total, rate, leftMs, cursor }) => {
      type(pages + items + rate).is<number>();
      type(total).is<number | null>();
      type(leftMs).is<number | null>();
      type(cursor).is<string | null>();
    },
  });
}

/** A list that is gone on with where it broke. */
async function whole<T>(list: Pages<T>): Promise<T[]> {
  try {
    return (await list.all()).items;
  } catch (error) {
    if (!(error instanceof OrgdeckError) || !error.listing) throw error;
    type(error.listing.items).is<readonly unknown[]>();
    type(error.listing.report).is<ListingReport>();
    const { items, report } = error.listing;
    const rest = report.cursor === null ? [] : await whole(list.resumeFrom(report.cursor));
    return [...(items as readonly T[]), ...rest];
  }
}

// --------------------------------------------------------------------------------------------- the limits

type(close.rateLimits()).is<RateLimitState[]>();
type(genesys.rateLimits()).is<RateLimitState[]>();
const busy = ({ group, limit, remaining, resetMs, queued, inFlight }: RateLimitState) => {
  type(group).is<string>();
  type(limit).is<number | null>();
  type(remaining).is<number | null>();
  type(resetMs + queued + inFlight).is<number>();
  return queued > 0 && remaining === 0;
};

function failed(error: unknown) {
  if (error instanceof ServerError) {
    type(error.retryAfterMs).is<number | undefined>();
    type(error.attempts).is<number>();
    type(error.listing?.report.cursor).is<string | null | undefined>();
  }
}

export { answers, busy, describe, failed, lists, promises, whole };
