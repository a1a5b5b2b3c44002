/// <reference lib="esnext.disposable" />
/// <reference lib="dom" />

// The public types of orgdeck. The records come from `models.d.ts`, which is generated from the Rust
// declarations; the classes below are written by hand because field selection narrows result types with
// generics, which generated bindings cannot say. A test holds the members here to those of the running classes.

import type {
  CloseAvailability,
  CloseGroup,
  CloseGroupCreate,
  CloseGroupMember,
  CloseGroupUpdate,
  CloseMe,
  CloseMembership,
  CloseMembershipCreate,
  CloseMembershipPatch,
  CloseOrganization,
  CloseOrganizationPatch,
  CloseRole,
  CloseRoleCreate,
  CloseRolePatch,
  CloseUser,
  GenesysDynamicGroupDefinition,
  GenesysDynamicGroupQuery,
  GenesysDynamicGroupQueryPreview,
  GenesysFieldConfig,
  GenesysFieldConfigType,
  GenesysGroup,
  GenesysGroupCreate,
  GenesysGroupPatch,
  GenesysGroupProfile,
  GenesysGroupSearchRequest,
  GenesysGroupsQuery,
  GenesysMembersQuery,
  GenesysMembersReport,
  GenesysProfileQuery,
  GenesysProfilesQuery,
  GenesysUser,
} from "./models.js";

export type * from "./models.js";

/** The version of this package, equal to the one in its package.json. */
export const version: string;

/** What `init` can load the WebAssembly from. */
export type WasmSource = URL | string | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;

/**
 * Loads and compiles the WebAssembly. Await it once before the first `new Close(…)` or `new Genesys(…)`.
 *
 * Calling it again is free: every call gives the same promise. When it fails it rejects with the platform's own error
 * (a `TypeError`, a `CompileError`), and can be called again. When Orgdeck has stopped because of a defect, which every
 * call says by an `InternalError`, the next call of `init` starts it again, without loading anything: clients and lists
 * that were made before work again, iterations under way do not.
 *
 * @param source Where the `.wasm` is. Without it: next to this package's own files, which bundlers that
 *   understand `new URL(…, import.meta.url)` copy for you; in Node it is read from disk.
 */
export default function init(source?: WasmSource): Promise<void>;

// ---------------------------------------------------------------------------------------------- options

/**
 * Gives an access token; asked before each request, so it is to keep the token at hand. After a 401 it is asked once,
 * however many calls are waiting, with `fresh: true`: the token that it gave last was refused, and a new one is due. A
 * `LoginSession` does all that.
 */
export type TokenFunction = (asked: { fresh: boolean }) => string | Promise<string>;

/** How a client proves who it is. Exactly one of the two. */
export type CloseAuth =
  | {
      /**
       * An API key, sent by HTTP Basic. It gives whoever holds it everything its owner may do, so in a page
       * that is not served from this computer it also needs `allowApiKeyInBrowser: true`.
       */
      apiKey: string;
      accessToken?: never;
    }
  | {
      /** An OAuth access token, or a function that gives one. */
      accessToken: string | TokenFunction;
      apiKey?: never;
    };

/** Options of every client. An option that is not listed is a `ConfigError`. */
export interface ClientOptions {
  /** Used in place of the browser's `fetch`; called as `(url: string, init: RequestInit)`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How long one request may take, in milliseconds, 30,000 unless given; 0 is no limit. */
  timeoutMs?: number;
  /**
   * How often a call is tried again, 3 unless given. Lost connections, 408, 429, 500, 502, 503 and 504 are, where a
   * second time does no harm; a call that makes something new only when it was surely not carried out.
   */
  maxRetries?: number;
  /** The longest that a try waits when the vendor asks to, in milliseconds, 60,000 unless given; 0 is no limit. */
  maxWaitMs?: number;
  /**
   * The vendor's limit, where it does not say it with its answers. Unless given, 300 a minute for Genesys, whose
   * documentation has that for each token, and none for Close, which says it.
   */
  rateLimit?: { requests: number; perMs: number };
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Told about requests, and about what lies between them. What it throws is ignored. */
  onEvent?: (event: OrgdeckEvent) => void;
}

/** Options of `new Close(…)`. */
export interface CloseOptions extends ClientOptions {
  auth: CloseAuth;
  /**
   * Where the API is; `https://api.close.com/api/v1` unless given. For a proxy of your own it may be a path of the
   * page's own origin, such as `/close-proxy`. Plain `http:` is accepted for loopback hosts only.
   */
  baseUrl?: string;
  /** Hours east of UTC that date filters are read in, as Close's `x-tz-offset`: `-4`, `5.5`. */
  tzOffsetHours?: number;
  /** Says that you know that anybody who can open the page can read the key. */
  allowApiKeyInBrowser?: boolean;
}

/** The 18 regions of Genesys Cloud, by the keys of the vendor's own SDKs. */
export type GenesysRegion =
  | "us_east_1"
  | "us_east_2"
  | "us_west_2"
  | "ca_central_1"
  | "mx_central_1"
  | "sa_east_1"
  | "eu_west_1"
  | "eu_west_2"
  | "eu_central_1"
  | "eu_central_2"
  | "eusc_de_east_1"
  | "me_central_1"
  | "ap_south_1"
  | "ap_southeast_1"
  | "ap_southeast_2"
  | "ap_northeast_1"
  | "ap_northeast_2"
  | "ap_northeast_3";

/** Options of `new Genesys(…)`, with exactly one of `region` and `baseUrl`. */
export type GenesysOptions = ClientOptions & {
  /** An OAuth access token, or a function that gives one, as a `LoginSession` has it. */
  auth: { accessToken: string | TokenFunction };
} & (
    | {
        /** The region that the organization is in, or its host, such as `"mypurecloud.com"`. */
        region: GenesysRegion | (string & {});
        baseUrl?: never;
      }
    | {
        /** Where the API is, without `/api/v2`; as for Close. */
        baseUrl: string;
        region?: never;
      }
  );

/** The last argument of every call. */
export interface Call {
  /** Aborts the call, which then rejects with the signal's own reason. */
  signal?: AbortSignal;
  /** As in the client's options, for this call alone. */
  timeoutMs?: number;
  /**
   * How long all of it may take, in milliseconds: requests, waiting and trying again; of a list, until its end. No wait
   * goes beyond it: a call that would have to wait longer rejects at once. 0, or none, is no limit.
   */
  deadlineMs?: number;
  /** As in the client's options, for this call alone. */
  maxRetries?: number;
  /** Added to the client's headers, for this call alone. */
  headers?: Record<string, string>;
  /**
   * Lets other calls go first when a rate limit makes requests wait. Lists do so, but for `first`, unless this is `false`.
   */
  background?: boolean;
  /** Told about this call's requests, as `onEvent` of the client is. */
  onEvent?: (event: OrgdeckEvent) => void;
  /**
   * With `false` a read sends a request of its own. Otherwise it shares the answer of an equal one that is in flight.
   */
  share?: boolean;
}

/** A call under way: a promise of its result, which also tells of the answer that the result came from. */
export interface CallPromise<T> extends Promise<T> {
  /** The result, and the answer: the last one, of calls that take several requests. */
  withResponse(): Promise<{ data: T; response: Answer }>;
}

/** An answer of a vendor. */
export interface Answer {
  status: number;
  /** Those that the vendor lets pages read. */
  headers: Headers;
  /** The vendor's name for the request, where there is one and it may be read; else null. */
  requestId: string | null;
  /** How many requests were sent; 0 when the call shared the answer of another. */
  attempts: number;
}

/** The last argument of calls that take many requests. */
export interface LongCall extends Call {
  /** Told how many ids are done, of how many, after each request. What it throws is ignored. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** What every event says. */
export interface EventBase {
  /** Numbers the calls of a client, from 1. The pages of one listing are one call. */
  call: number;
  /** Numbers the requests of a client, from 1; of events between requests, that of the call's last one, or 0. */
  id: number;
  /** The method of this API, such as `groups.get`. */
  operation: string;
  vendor: string;
  /** Of the request. */
  method: string;
  /** Path and query. Values that may tell of people, those of filters and searches, are `***`. */
  path: string;
  /** Milliseconds since the Unix epoch. */
  time: number;
}

/** What `onEvent` is told. Credentials, bodies and personal data are never part of it. */
export type OrgdeckEvent =
  /** A request is sent. */
  | (EventBase & { type: "request"; attempt: number })
  /** It was answered, with whatever status. */
  | (EventBase & { type: "response"; attempt: number; status: number; ms: number; bytes: number })
  /** It was not answered. */
  | (EventBase & {
      type: "failure";
      attempt: number;
      /** The `code` of the error, or `"abort"`. */
      code: ErrorCode | "abort";
      ms: number;
    })
  /** It is tried again after `ms` milliseconds. */
  | (EventBase & {
      type: "retry";
      /** The number of the try that comes. */
      attempt: number;
      /** Why: the `code` of the error. */
      code: ErrorCode;
      /** The status, if there was an answer. */
      status?: number;
      ms: number;
    })
  /** A request waits for the rate limit, about `ms` milliseconds. */
  | (EventBase & { type: "wait"; attempt: number; ms: number })
  /** A fresh token is asked for, after a 401. */
  | (EventBase & { type: "refresh"; attempt: number })
  /** A page of a list has come. */
  | (EventBase & {
      type: "page";
      /** Pages and items so far. */
      pages: number;
      items: number;
      /** Items of the whole list, as the vendor counts them; null where it does not. */
      total: number | null;
    });

/** What a client knows of one of the vendor's limits. */
export interface RateLimitState {
  /** Which requests count together: all with one token (`""`), or those to one endpoint (`"GET /user/"`; `"GET *"` is those to paths that Orgdeck has no method for). */
  group: string;
  /** Requests that a window allows; null where the vendor said nothing. */
  limit: number | null;
  /** How many are left of them; null where the vendor said nothing. */
  remaining: number | null;
  /** Milliseconds until there is more; 0 when nothing holds requests back. */
  resetMs: number;
  /** Requests that wait. */
  queued: number;
  /** Requests in flight. */
  inFlight: number;
}

// ------------------------------------------------------------------------------------------------ query

/** A value to compare with. A `Date` is sent as its ISO 8601 text. */
export type FilterValue = string | number | boolean | Date;

/** The conditions on one field, all of which must hold. */
export interface Condition {
  eq?: FilterValue | null;
  /** One of these. Users and groups may be mixed: `user_id: { in: ["user_a", "group_x"] }`. */
  in?: readonly FilterValue[];
  lt?: FilterValue;
  lte?: FilterValue;
  gt?: FilterValue;
  gte?: FilterValue;
}

/** A filter: for each field a value it must equal, or a `Condition`. */
export type Where<Field extends string = string> = { readonly [F in Field]?: FilterValue | null | Condition };

/** A query that selects fields. */
export interface FieldsQuery<K> {
  /** The fields to return. The result type narrows to them. A name that is not a field is refused. */
  fields?: readonly K[];
}

/** A query of a list. */
export interface ListQuery<K> extends FieldsQuery<K> {
  /** Items a request, 1 to 100; 100 unless given. It does not limit the list: `all({ limit })` does. */
  limit?: number;
  /** Items to leave out at the start. */
  skip?: number;
}

/** A query of `users.list`. */
export interface UsersQuery<K> extends ListQuery<K> {
  /** The two orders Close offers. */
  orderBy?: "last_name,first_name" | "first_name,last_name";
}

/** A query of the organization calls. */
export interface OrganizationQuery<K> extends FieldsQuery<K> {
  /** Replaces the flat `user_*` fields of memberships by a nested `user`. */
  expand?: readonly ("memberships__user" | "inactive_memberships__user")[];
}

/** A query of any other Close endpoint. */
export interface AnyQuery {
  fields?: readonly string[];
  where?: Where;
  /** One field or several in turn; a leading `-` is descending. */
  orderBy?: string | readonly string[];
  limit?: number;
  skip?: number;
  expand?: readonly string[];
}

// ------------------------------------------------------------------------------------------------ pages

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** True while more pages follow. */
  hasMore: boolean;
  /** Give it to `resumeFrom` to go on behind this page; null after the last one. */
  cursor: string | null;
  /** Items of the whole list, where the vendor counts them; else null. */
  total: number | null;
  /** Pages of the whole list, where the vendor counts them; else null. */
  pageCount: number | null;
}

/** How a listing went. */
export interface ListingReport {
  /** True when the end of the list was reached and nothing seems to be missing. */
  complete: boolean;
  /**
   * Why it is not complete; null when it is. `"limit"`: it stopped at the limit. `"gaps"`: items may be missing, see
   * `gaps`. `"error"`: it broke, see the error that the report came with.
   */
  reason: "limit" | "gaps" | "error" | null;
  pages: number;
  /** Items, each once. */
  items: number;
  /** Items of the whole list, as the vendor last counted them; null where it does not. */
  total: number | null;
  /** Items that came again, and were dropped. */
  duplicates: number;
  /**
   * Items that may be missing because records came or went while the list was read: those counted but not seen; where
   * the vendor does not count, one for each duplicate, which something unseen pushed onto the next page. A record that
   * goes from a list which is not counted leaves no trace.
   */
  gaps: number;
  /** Whether the vendor's count changed, or an item came again: records came or went while the list was read. */
  drift: boolean;
  /** Requests sent, those that were tried again included. */
  requests: number;
  /** How many of them were tried again. */
  retries: number;
  /** Milliseconds that requests waited for the rate limit or to be tried again, those of several at once added up. */
  waitedMs: number;
  /** Where to go on with `resumeFrom`; null at the end of the list. */
  cursor: string | null;
  /** Milliseconds from the first request to the last answer. */
  ms: number;
}

/** How far a listing is. */
export interface Progress {
  pages: number;
  items: number;
  /** Items of the whole list, as the vendor counts them; null where it does not. */
  total: number | null;
  /** Items a second, so far. */
  rate: number;
  /** About how many milliseconds are left; null where the vendor does not count. */
  leftMs: number | null;
  /** Where `resumeFrom` would go on; null at the end of the list. */
  cursor: string | null;
}

/** Options of `Pages.all`. */
export interface AllOptions<T = unknown> {
  /** Stops after so many items. */
  limit?: number;
  /**
   * Pages in flight at once, 4 unless given. Where the vendor does not count, at most one less of them are asked for
   * in vain at the end. Searches go page after page: only a page says where the next one is.
   */
  concurrency?: number;
  /** Given each page as it comes, in order, without the items that came before. What it throws is ignored. */
  onPage?: (page: Page<T>) => void;
  /** Called after each page. What it throws is ignored. */
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/**
 * A list of any length, fetched page by page. Nothing is sent until it is consumed, and each consumer starts anew.
 *
 * ```js
 * for await (const user of close.users.list()) console.log(user.email);
 * ```
 * Leaving the loop, or the iterator's `return()`, ends the request in flight.
 */
export interface Pages<T> extends AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncIterableIterator<T>;
  /** The list page by page. */
  pages(): AsyncIterableIterator<Page<T>>;
  /** The first page alone. */
  first(): Promise<Page<T>>;
  /**
   * All of it, each item once, and a report that says whether it is complete. When a page fails, the error's `listing`
   * has the items so far and the place to go on from.
   */
  all(options?: AllOptions<T>): Promise<{ items: T[]; report: ListingReport }>;
  /**
   * All of it in a table, which is filled straight from the answers: no record becomes an object before it is asked for.
   * When a page fails, the error's `listing` has the table so far, and the place to go on from with `into`.
   */
  table(options?: TableOptions<T>): Promise<DirectoryTable<T>>;
  /** The same list, going on where `cursor` is: behind the page that it came with, or where a listing stopped. */
  resumeFrom(cursor: string): Pages<T>;
  free(): void;
  [Symbol.dispose](): void;
}

// ------------------------------------------------------------------------------------------------ table

/** The records of the two vendors that a table can check as it reads them. */
export interface TableModels {
  "close.user": CloseUser;
  "close.group": CloseGroup;
  "close.role": CloseRole;
  "close.membership": CloseMembership;
  "genesys.group": GenesysGroup;
  "genesys.user": GenesysUser;
  "genesys.profile": GenesysGroupProfile;
}

/** What a field must hold, unless it is null or missing. */
export type FieldKind = "text" | "number" | "boolean" | "json";

/** What the records of a table are: one of the vendors' models, or the fields that matter. */
export type TableSchema =
  | keyof TableModels
  | {
      /** The field that tells records apart, a string or number in each of them; `id` unless given. */
      key?: string;
      /** What some of the fields must hold. Others may hold anything. */
      fields?: { readonly [field: string]: FieldKind };
    };

/** The records that a schema stands for. */
export type RecordOf<S> = S extends keyof TableModels ? TableModels[S] : Record<string, unknown>;

/** Options of `Pages.table`. */
export interface TableOptions<T> {
  /** Keeps these fields alone; the key is always kept. All unless given. */
  columns?: readonly (keyof T & string)[];
  /**
   * A table to bring up to date instead of making one: records are added and replaced, and when the listing is complete
   * those that are no longer listed are removed. It can be used meanwhile.
   */
  into?: DirectoryTable<T>;
  /** As in `all`. */
  limit?: number;
  concurrency?: number;
  /** Called after each page, with the table so far, which can be used already. What it throws is ignored. */
  onProgress?: (progress: Progress & { table: DirectoryTable<T> }) => void;
  signal?: AbortSignal;
}

/** A key to sort by. */
export interface SortKey<T = any> {
  /** A field. */
  field: keyof T & string;
  /** `"ascending"` unless given. What is null or missing comes last either way. */
  order?: "ascending" | "descending";
}

/** What a view shows. */
export interface TableQuery<T = any> {
  /** The same criteria that searches of a vendor take. */
  where?: Criteria | CriteriaObject;
  /**
   * What somebody types: words, all of which must be found, anywhere, in any order, without regard to case and accents.
   * `role:admin` looks in one field, `"two words"` for a phrase, `-inactive` for what must not be found, and
   * `-status:inactive` and `name:"two words"` work as well.
   */
  search?: string;
  /** Where words without a field are looked for: all fields that hold text, unless given. */
  searchIn?: readonly (keyof T & string)[];
  /** Keys, the first one first. Records that are equal in all of them keep the table's order. */
  sort?: readonly SortKey<T>[];
  /** Orders texts as people of a language do; by code point without it. */
  collator?: Intl.Collator;
}

/** A part of a text, from its first character to behind its last, as `slice` takes them. */
export type TextRange = [start: number, end: number];

/** How often a value occurs. */
export interface Facet {
  /** Null stands for null and for what is missing. */
  value: string | number | boolean | null;
  count: number;
}

/** How many dates lie in each of a row of equal times. */
export interface Histogram {
  unit: "day" | "week" | "month" | "year";
  /** One after the other, empty ones included. `start` is a date in UTC such as `"2026-01-01"`; weeks begin on Monday. */
  bins: { start: string; count: number }[];
  /** Records without a date. */
  missing: number;
  /** Records whose date is centuries away from the others, such as 0001-01-01, for which no bins are made. */
  outside: number;
}

/** Options of `toCsv`. */
export interface CsvOptions<T = any> {
  /** The columns, in order; all fields unless given. */
  columns?: readonly (keyof T & string)[];
  /** The first line: `true`, the fields' names, unless given; or names of your own; or none. */
  header?: boolean | readonly string[];
  /** Begins with the mark by which Excel knows UTF-8. */
  bom?: boolean;
  /** What separates cells, `,` unless given. */
  separator?: "," | ";" | "\t";
  /**
   * Texts that a spreadsheet would run as a formula get a `'` in front, unless this is `true`.
   */
  formulas?: boolean;
}

/**
 * Some of a table's records in some order. It costs little, is worked out when it is asked, and follows the table: after
 * a change the next question is answered anew.
 */
export interface TableView<T> {
  /** How many records. */
  readonly length: number;
  /** Records as the vendor gave them: all, or `count` from `offset` on. */
  rows(offset?: number, count?: number): T[];
  /** Their ids. */
  ids(offset?: number, count?: number): string[];
  /** Where the search was found in them: for each record, and each field that has any, the parts to highlight. */
  highlights(offset?: number, count?: number): { readonly [field: string]: TextRange[] | undefined }[];
  /** The place of a record in the view; -1 if it is not there. */
  indexOf(id: string): number;
  /** The values of a field, the most frequent first, those as frequent by value. Lists count by their items. */
  facets(field: keyof T & string, options?: { limit?: number }): Facet[];
  /** How many records have a date of a field in each time; of a unit that gives a readable number of bins, unless given. */
  histogram(field: keyof T & string, options?: { unit?: Histogram["unit"] }): Histogram;
  /** A file of comma-separated values by RFC 4180. Lists and objects are JSON. */
  toCsv(options?: CsvOptions<T>): Blob;
  /** A file with the records, a JSON array. */
  toJson(): Blob;
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * Records in the memory of the WebAssembly, as columns: searched, sorted and counted there, so that JavaScript only sees
 * the rows on the screen. Made by `pages.table()`, from bytes, or from a snapshot; gives all memory back with `free()`.
 *
 * Its methods answer at once and throw an `OrgdeckError` when an argument is wrong.
 */
export class DirectoryTable<T = Record<string, unknown>> {
  private constructor();
  /**
   * A table of the records of a JSON text: an array of objects, or a vendor's page (`data`, `entities`, `results`).
   * The bytes are read piece by piece, so that the page stays responsive, and not kept.
   *
   * @throws {DecodeError} when it is not JSON, a field is not what the schema says, or an id is missing or comes twice;
   * the message has the offset in bytes and the id.
   */
  static fromBytes<const S extends TableSchema = {}>(
    bytes: BufferSource,
    schema?: S,
    options?: { columns?: readonly (keyof RecordOf<S> & string)[]; signal?: AbortSignal },
  ): Promise<DirectoryTable<RecordOf<S>>>;
  /**
   * A table from a snapshot.
   *
   * @throws {DecodeError} when it is damaged, or of another version.
   */
  static restore<T = Record<string, unknown>>(snapshot: BufferSource): Promise<DirectoryTable<T>>;
  /** How many records. */
  readonly length: number;
  /** Goes up with every change. */
  readonly version: number;
  /** The fields that any record has or had, in the order that they came. */
  readonly fields: string[];
  /** Bytes of memory that it takes. */
  readonly byteLength: number;
  /** How the listing went that it was last filled by; null without one. */
  readonly report: ListingReport | null;
  /** A record; undefined if it is not there. */
  get(id: string): T | undefined;
  /** Some or all of it. */
  query(query?: TableQuery<T>): TableView<T>;
  /** Adds records, and replaces those whose ids it has. Either all of them, or, when one is refused, none. */
  upsert(records: readonly T[]): { added: number; replaced: number };
  /** Sets some fields of records that are there, by their ids; others stay. Says how many records there were. */
  patch(records: readonly Partial<T>[]): number;
  /** Removes records; says how many there were. */
  remove(ids: readonly string[]): number;
  /** All of it as bytes, for `restore`. */
  snapshot(): Uint8Array<ArrayBuffer>;
  free(): void;
  [Symbol.dispose](): void;
}

// ------------------------------------------------------------------------------------------------ Close

/** A client of the Close API, for the organization that its credentials belong to. */
export class Close {
  /** @throws {ConfigError} when an option is wrong; it names the option. */
  constructor(options: CloseOptions);
  readonly users: CloseUsers;
  readonly organizations: CloseOrganizations;
  readonly memberships: CloseMemberships;
  readonly roles: CloseRoles;
  readonly groups: CloseGroups;
  /** Any other list: `close.list("/task/", { where: { assigned_to: "user_a" } })`. The path ends with a slash. */
  list<T = unknown>(path: string, query?: AnyQuery, call?: Call): Pages<T>;
  /** Any other call. The path is relative to the base URL and ends with a slash. */
  request<T = unknown>(
    request: { method: "GET" | "POST" | "PUT" | "DELETE"; path: string; query?: AnyQuery; body?: unknown },
    call?: Call,
  ): CallPromise<T>;
  /** What is known of the vendor's limits by now. */
  rateLimits(): RateLimitState[];
  free(): void;
  [Symbol.dispose](): void;
}

/** Users: people of the organization. They come and go through memberships. */
export interface CloseUsers {
  /** The person whose credentials these are, with organizations and memberships. `GET /me/` */
  me<K extends keyof CloseMe = keyof CloseMe>(query?: FieldsQuery<K>, call?: Call): CallPromise<Pick<CloseMe, K>>;
  /** All users, former members included. `GET /user/` */
  list<K extends keyof CloseUser = keyof CloseUser>(query?: UsersQuery<K>, call?: Call): Pages<Pick<CloseUser, K>>;
  /** One user. `GET /user/{id}/` */
  get<K extends keyof CloseUser = keyof CloseUser>(
    id: string,
    query?: FieldsQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseUser, K>>;
  /** Who is online and who is in a call. `GET /user/availability/` */
  availability(
    query?: { where?: Where<"organization_id"> },
    call?: Call,
  ): CallPromise<CloseAvailability[]>;
}

/** The organization, which also holds the only list of memberships. */
export interface CloseOrganizations {
  /** One organization. `GET /organization/{id}/` */
  get<K extends keyof CloseOrganization = keyof CloseOrganization>(
    id: string,
    query?: OrganizationQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseOrganization, K>>;
  /** Changes what the patch names and nothing else. `PUT /organization/{id}/` */
  update<K extends keyof CloseOrganization = keyof CloseOrganization>(
    id: string,
    patch: CloseOrganizationPatch,
    query?: OrganizationQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseOrganization, K>>;
}

/** Memberships: a user's place and role in the organization. `organizations.get` lists them. */
export interface CloseMemberships {
  /** Makes sure that this email has an active membership. `POST /membership/` */
  create(membership: CloseMembershipCreate, call?: Call): CallPromise<CloseMembership>;
  /** Changes what the patch names and nothing else. `PUT /membership/{id}/` */
  update(id: string, patch: CloseMembershipPatch, call?: Call): CallPromise<CloseMembership>;
  /** The same change for up to 999 memberships; an empty list is refused. `PUT /membership/` */
  updateMany(ids: readonly string[], patch: CloseMembershipPatch, call?: Call): CallPromise<{ count: number }>;
  /** Ends the membership; the user becomes a former member. `DELETE /membership/{id}/` */
  deactivate(id: string, call?: Call): CallPromise<void>;
  /** The ids of the smart views the member pinned, in order. `GET /membership/{id}/pinned_views/` */
  pinnedViews(id: string, call?: Call): CallPromise<string[]>;
  /** Replaces the whole list of pinned views. `PUT /membership/{id}/pinned_views/` */
  setPinnedViews(id: string, savedViewIds: readonly string[], call?: Call): CallPromise<string[]>;
}

/** Roles: named sets of permissions. Each member has one. */
export interface CloseRoles {
  /** All roles, built-in ones included. `GET /role/` */
  list<K extends keyof CloseRole = keyof CloseRole>(query?: ListQuery<K>, call?: Call): Pages<Pick<CloseRole, K>>;
  /** One role. `GET /role/{id}/` */
  get<K extends keyof CloseRole = keyof CloseRole>(
    id: string,
    query?: FieldsQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseRole, K>>;
  /** `POST /role/` */
  create(role: CloseRoleCreate, call?: Call): CallPromise<CloseRole>;
  /** Changes what the patch names; `permissions` is replaced as a whole. `PUT /role/{id}/` */
  update(id: string, patch: CloseRolePatch, call?: Call): CallPromise<CloseRole>;
  /** Deletes a custom role that nobody holds. `DELETE /role/{id}/` */
  delete(id: string, call?: Call): CallPromise<void>;
}

/** Groups: named collections of users. */
export interface CloseGroups {
  /** All groups. Close does not give members in a list: `get` does. `GET /group/` */
  list<K extends Exclude<keyof CloseGroup, "members"> = Exclude<keyof CloseGroup, "members">>(
    query?: ListQuery<K>,
    call?: Call,
  ): Pages<Pick<CloseGroup, K>>;
  /** One group with its members. `GET /group/{id}/` */
  get<K extends keyof CloseGroup = keyof CloseGroup>(
    id: string,
    query?: FieldsQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseGroup, K>>;
  /** Makes an empty group; its name must be free. `POST /group/` */
  create<K extends keyof CloseGroup = keyof CloseGroup>(
    group: CloseGroupCreate,
    query?: FieldsQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseGroup, K>>;
  /** Renames a group. `PUT /group/{id}/` */
  update<K extends keyof CloseGroup = keyof CloseGroup>(
    id: string,
    patch: CloseGroupUpdate,
    query?: FieldsQuery<K>,
    call?: Call,
  ): CallPromise<Pick<CloseGroup, K>>;
  /** Deletes a group; its members stay in the organization. `DELETE /group/{id}/` */
  delete(id: string, call?: Call): CallPromise<void>;
  /** Adding a member again changes nothing. `POST /group/{group_id}/member/` */
  addMember(groupId: string, userId: string, call?: Call): CallPromise<CloseGroupMember>;
  /** Removing somebody who is not a member changes nothing. `DELETE /group/{group_id}/member/{user_id}/` */
  removeMember(groupId: string, userId: string, call?: Call): CallPromise<void>;
}

// ---------------------------------------------------------------------------------------------- Genesys

/** A client of Genesys Cloud, for the organization that its token belongs to. */
export class Genesys {
  /** @throws {ConfigError} when an option is wrong; it names the option. */
  constructor(options: GenesysOptions);
  /** A search as it is sent: `where` is turned into the vendor's own criteria. @throws {ConfigError} */
  static searchRequest(request: GenesysSearch): GenesysGroupSearchRequest;
  readonly groups: GenesysGroups;
  readonly profiles: GenesysProfiles;
  /** Which fields the profiles of people or groups have. Deprecated by Genesys. `GET /api/v2/fieldconfig` */
  fieldConfig(type: GenesysFieldConfigType, call?: Call): CallPromise<GenesysFieldConfig>;
  /** Any other list that answers with `entities`: `genesys.list("/api/v2/users", { pageSize: 100 })`. */
  list<T = unknown>(path: string, query?: QueryParameters, call?: Call): Pages<T>;
  /** Any other call. The path begins with `/api/v2/`. */
  request<T = unknown>(
    request: { method: "GET" | "POST" | "PUT" | "DELETE"; path: string; query?: QueryParameters; body?: unknown },
    call?: Call,
  ): CallPromise<T>;
  /** What is known of the vendor's limits by now. */
  rateLimits(): RateLimitState[];
  free(): void;
  [Symbol.dispose](): void;
}

/** Parameters of any Genesys endpoint. Lists are joined by commas. */
export interface QueryParameters {
  readonly [name: string]: string | number | boolean | readonly (string | number | boolean)[];
}

/** A search: criteria of Orgdeck's under `where`, or the vendor's own under `query`. */
export interface GenesysSearch extends GenesysGroupSearchRequest {
  where?: Criteria | CriteriaObject;
}

/** A change of a group. What is left out stays. */
export interface GenesysGroupUpdate extends Omit<GenesysGroupPatch, "version"> {
  /**
   * The version that was read: if somebody has changed the group since, it is a `ConflictError`. `"latest"` changes
   * whatever version there is: it is read first, and when somebody is quicker, again, three times at most.
   */
  version: number | "latest";
}

/** Groups. */
export interface GenesysGroups {
  /** All groups. `GET /api/v2/groups` */
  list(query?: GenesysGroupsQuery, call?: Call): Pages<GenesysGroup>;
  /** One group. `GET /api/v2/groups/{groupId}` */
  get(groupId: string, call?: Call): CallPromise<GenesysGroup>;
  /**
   * Makes a group. Genesys ignores its `description` then, so Orgdeck tells it in a second request; when that one
   * fails, the error's `partial.done` has the id of the group that was made. `POST /api/v2/groups`
   */
  create(group: GenesysGroupCreate, call?: Call): CallPromise<GenesysGroup>;
  /** Changes what the patch names. `PUT /api/v2/groups/{groupId}` */
  update(groupId: string, patch: GenesysGroupUpdate, call?: Call): CallPromise<GenesysGroup>;
  /**
   * Deletes a group. Genesys answers at once and carries it out later: with `wait` the promise resolves when the group
   * is gone, or rejects with a `TimeoutError` after a minute. `DELETE /api/v2/groups/{groupId}`
   */
  delete(groupId: string, options?: { wait?: boolean }, call?: Call): CallPromise<void>;
  /** Searches for groups; the index may be some seconds behind. `POST /api/v2/groups/search` */
  search(request: GenesysSearch, call?: Call): Pages<GenesysGroup>;
  /**
   * A search that was made before, by the `q64` of one of its links, or by the link itself.
   * `GET /api/v2/groups/search`
   */
  searchByQ64(
    q64: string,
    options?: {
      /** Fields that are left empty unless they are asked for, such as `owners`. */
      expand?: readonly string[];
    },
    call?: Call,
  ): Pages<GenesysGroup>;
  /** Everybody in a group, owners and those that rules bring included. `GET /api/v2/groups/{groupId}/members` */
  members(groupId: string, query?: GenesysMembersQuery, call?: Call): Pages<GenesysUser>;
  /** Those who were added one by one, all at once. `GET /api/v2/groups/{groupId}/individuals` */
  individuals(groupId: string, call?: Call): CallPromise<GenesysUser[]>;
  /**
   * Adds any number of people, 50 a request, one request after the other. When one fails, the error's `partial` says
   * who was added. The change becomes visible a little later. `POST /api/v2/groups/{groupId}/members`
   */
  addMembers(
    groupId: string,
    memberIds: readonly string[],
    options?: {
      /** The group's version that was read; it counts for the first request. */
      version?: number;
    },
    call?: LongCall,
  ): CallPromise<GenesysMembersReport>;
  /** Removes any number of people, as `addMembers` adds them. `DELETE /api/v2/groups/{groupId}/members` */
  removeMembers(groupId: string, memberIds: readonly string[], call?: LongCall): CallPromise<GenesysMembersReport>;
  /** A group's profile. Deprecated by Genesys. `GET /api/v2/groups/{groupId}/profile` */
  profile(groupId: string, query?: GenesysProfileQuery, call?: Call): CallPromise<GenesysGroupProfile>;
  /** Groups whose members follow from their skills: a preview feature of Genesys. */
  readonly dynamicSettings: GenesysDynamicSettings;
}

/** Groups whose members follow from their skills. */
export interface GenesysDynamicSettings {
  /** `GET /api/v2/groups/{groupId}/dynamicsettings` */
  get(groupId: string, call?: Call): CallPromise<GenesysDynamicGroupDefinition>;
  /** `PUT /api/v2/groups/{groupId}/dynamicsettings` */
  set(groupId: string, query: GenesysDynamicGroupQuery, call?: Call): CallPromise<void>;
  /** `DELETE /api/v2/groups/{groupId}/dynamicsettings` */
  delete(groupId: string, call?: Call): CallPromise<void>;
  /** How many people a query would bring. `POST /api/v2/groups/dynamicsettings/preview` */
  preview(query: GenesysDynamicGroupQuery, call?: Call): CallPromise<GenesysDynamicGroupQueryPreview>;
}

/** Profiles. Deprecated by Genesys. */
export interface GenesysProfiles {
  /** The profiles of all groups. `GET /api/v2/profiles/groups` */
  groups(query?: GenesysProfilesQuery, call?: Call): Pages<GenesysGroupProfile>;
}

// --------------------------------------------------------------------------------------------- criteria

/** What a field is compared with: one value, or several of which any will do. A `Date` is its ISO 8601 text. */
export type Wanted = string | number | boolean | Date | readonly (string | number | boolean | Date)[];

/** The name of a field, or several of which any will do. Dots lead into objects: `"owners.id"`. */
export type FieldNames = string | readonly string[];

/** A range, both ends included; one of them may be missing. */
export interface Range {
  from?: string | number | Date;
  to?: string | number | Date;
  /** How both ends are written, a Java date pattern such as `dd.MM.yyyy`. */
  format?: string;
}

/** Search criteria as plain objects. `docs/criteria.md` of the repository says what each means. */
export type CriteriaObject =
  | { all: true }
  | { and: readonly (CriteriaObject | Criteria)[] }
  | { or: readonly (CriteriaObject | Criteria)[] }
  | { not: CriteriaObject | Criteria }
  | { exact: Wanted; fields: FieldNames }
  | { startsWith: Wanted; fields: FieldNames }
  | { contains: Wanted; fields: FieldNames }
  | { term: Wanted; fields: FieldNames }
  | { regex: string | readonly string[]; fields: FieldNames }
  | { required: FieldNames }
  | { range: Range; fields: FieldNames };

/**
 * Search criteria, to send to a vendor or to apply to records at hand, with the same meaning.
 *
 * ```js
 * const support = criteria.contains("name", "sup").and(criteria.exact("state", "deleted").not());
 * const found = await genesys.groups.search({ where: support }).all();
 * const here = support.filter(groups);
 * ```
 */
export class Criteria {
  /** Criteria of plain objects. What is wrong in them is told where they are used. */
  constructor(criteria: CriteriaObject | Criteria);
  and(...others: (CriteriaObject | Criteria)[]): Criteria;
  or(...others: (CriteriaObject | Criteria)[]): Criteria;
  not(): Criteria;
  /** Whether they hold for a record. Needs `init()`. @throws {ConfigError} naming the path of what is wrong. */
  matches(record: object): boolean;
  /** The records they hold for. Needs `init()`. @throws {ConfigError} naming the path of what is wrong. */
  filter<T extends object>(records: readonly T[]): T[];
  /** The plain objects. */
  toJSON(): CriteriaObject;
}

/** Makes criteria. Texts are compared without regard to case. */
export const criteria: {
  /** Holds for every record. */
  all(): Criteria;
  and(...parts: (CriteriaObject | Criteria)[]): Criteria;
  or(...parts: (CriteriaObject | Criteria)[]): Criteria;
  not(part: CriteriaObject | Criteria): Criteria;
  /** A field is one of these. */
  exact(fields: FieldNames, wanted: Wanted): Criteria;
  /** A field starts with one of these. */
  startsWith(fields: FieldNames, wanted: Wanted): Criteria;
  /** A field contains one of these. */
  contains(fields: FieldNames, wanted: Wanted): Criteria;
  /** A field is one of these, or has it among its words. */
  term(fields: FieldNames, wanted: Wanted): Criteria;
  /** A regular expression matches the whole of a field. */
  regex(fields: FieldNames, pattern: string | readonly string[]): Criteria;
  /** A field lies between two values. */
  range(fields: FieldNames, range: Range): Criteria;
  /** All these fields are filled in. */
  required(fields: FieldNames): Criteria;
};

// ----------------------------------------------------------------------------------------------- errors

/** A word for each kind of error, fit for `switch`. */
export type ErrorCode =
  | "config"
  | "network"
  | "timeout"
  | "authentication"
  | "plan_limit"
  | "permission"
  | "not_found"
  | "conflict"
  | "validation"
  | "rate_limit"
  | "server"
  | "decode"
  | "internal";

/** What every call rejects with, but for an abort, which rejects with the signal's own reason. */
export class OrgdeckError extends Error {
  readonly code: ErrorCode;
  /** Whose API: `"close"` or `"genesys"`. Null for errors of Orgdeck itself. */
  readonly vendor: string | null;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** The vendor's name for the request, to quote to their support. */
  readonly requestId?: string;
  /** How long the vendor asks to wait before trying again. */
  readonly retryAfterMs?: number;
  /** How many requests were sent. */
  readonly attempts: number;
  /** Whether the request reached the vendor: after `"maybe"` a change may have been made. */
  readonly sent: "no" | "maybe" | "yes";
  /** The vendor's own word for what is wrong, such as `general.conflict`; Close has none. */
  readonly vendorCode?: string;
  /**
   * How far a change of many got before it failed: ids that are done, those of the request that failed (whether they
   * are done, `sent` says), and those that were not sent.
   */
  readonly partial?: { readonly done: readonly string[]; readonly failed: readonly string[]; readonly rest: readonly string[] };
  /** For each refused field what is wrong with it. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The answer's text, at most its first 2,000 characters. */
  readonly body?: string;
  /** Of a listing that broke: the items that came before, if `all` was called, and how it went so far. */
  readonly listing?: { readonly items: readonly unknown[]; readonly report: ListingReport };
}
/** An argument or option is wrong. Nothing was sent. */
export class ConfigError extends OrgdeckError {}
/** No answer: the connection could not be made or was lost. */
export class NetworkError extends OrgdeckError {}
/** No answer in time. */
export class TimeoutError extends OrgdeckError {}
/** 401: the credentials are wrong or have run out, or the token callback failed. */
export class AuthenticationError extends OrgdeckError {}
/** 402: the organization's plan does not include this. */
export class PlanLimitError extends OrgdeckError {}
/** 403: the person may not do this. */
export class PermissionError extends OrgdeckError {}
/** 404: there is no such thing. */
export class NotFoundError extends OrgdeckError {}
/** 409, or Genesys' 400 for another version: somebody else changed it first. */
export class ConflictError extends OrgdeckError {}
/** 400 and its like: the vendor refuses what was sent; `fields` says which part. */
export class ValidationError extends OrgdeckError {}
/** 429: too many requests. */
export class RateLimitError extends OrgdeckError {}
/** 5xx: the vendor failed. */
export class ServerError extends OrgdeckError {}
/** The answer is not what the vendor promises; `body` has its first part. */
export class DecodeError extends OrgdeckError {}
/** A defect in Orgdeck. Please report it. */
export class InternalError extends OrgdeckError {}
