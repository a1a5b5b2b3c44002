// What goes wrong, and what is to come of it.
//
// A case is a fault, a call that it happens to, and what is right then: `outcome` ("ok" unless said), `sent` of an error,
// `requests` that reach the vendor (two numbers where it is a matter of timing), how many times a change is `done`, for
// how many milliseconds it `waits` at least between two tries, how many fresh tokens are asked for. `close` and `genesys`
// say what differs, null that there is no such case. Faults happen once unless `times` says otherwise; `rule` is what
// the sandbox's `POST /_sandbox/faults` takes.

const ALWAYS = { times: undefined };

const get = (wanted) => ({ call: "get", ...wanted });
const put = (wanted) => ({ call: "put", ...wanted });
const post = (wanted) => ({ call: "post", ...wanted });
const remove = (wanted) => ({ call: "delete", ...wanted });
const update = (wanted) => ({ call: "update", close: null, ...wanted });
/** The fault happens to the second page of four, unless `page` is another. */
const list = (wanted) => ({ call: "list", page: 2, ...wanted });

/** Made at the second try, and once. */
const again = { requests: 2, done: 1 };
/** A list that is complete: Close does not count, so up to three pages behind the end are asked for. */
const whole = { close: { requests: [5, 8] }, genesys: { requests: 5 }, report: { complete: true, retries: 1, duplicates: 0 } };
/** A list that is read page after page, so that the records' coming and going hits the same page each time. */
const inTurn = { listing: { concurrency: 1 }, requests: 4 };

export const FAULTS = [
  {
    fault: "503 with Retry-After in seconds",
    rule: { status: 503, retryAfter: 1 },
    cases: [get({ requests: 2, waits: 1_000 }), post({ ...again, waits: 1_000 }), list({ ...whole, waits: 1_000 })],
  },
  {
    // A date has whole seconds, and is rounded up.
    fault: "503 with Retry-After as a date",
    rule: { status: 503, retryAfter: { date: 1 } },
    cases: [get({ requests: 2, waits: 900 })],
  },
  {
    fault: "503 with Retry-After beyond the deadline",
    rule: { status: 503, retryAfter: 30 },
    cases: [get({ options: { deadlineMs: 10_000 }, outcome: "ServerError", sent: "yes", requests: 1, within: 10_000 })],
  },
  {
    fault: "503",
    rule: { status: 503 },
    cases: [get({ requests: 2 }), post({ outcome: "ServerError", sent: "yes", requests: 1, done: 0 })],
  },
  {
    fault: "500",
    rule: { status: 500 },
    cases: [put(again), remove(again), post({ outcome: "ServerError", sent: "yes", requests: 1, done: 0 })],
  },
  {
    fault: "429 with Retry-After",
    rule: { status: 429, retryAfter: 1 },
    cases: [get({ requests: 2, waits: 1_000 }), post({ ...again, waits: 1_000 })],
  },
  {
    fault: "429",
    rule: { status: 429 },
    cases: [get({ requests: 2, waits: 1_000 }), post({ outcome: "RateLimitError", sent: "yes", requests: 1, done: 0 })],
  },
  {
    // Genesys says the seconds in the body, too.
    fault: "429 with hidden headers",
    rule: { status: 429, retryAfter: 2, hideHeaders: true },
    cases: [get({ requests: 2, waits: 1_000, genesys: { waits: 2_000 } })],
  },
  {
    fault: "429 with hidden headers and a silent body",
    rule: { status: 429, retryAfter: 2, hideHeaders: true, silent: true },
    cases: [get({ requests: 2, waits: 1_000, close: null })],
  },
  {
    fault: "an error that quotes the token",
    cases: [
      get({
        outcome: "ValidationError",
        sent: "yes",
        requests: 1,
        close: { rule: { times: 1, status: 400, body: { error: "not sandbox-close-token" } } },
        genesys: { rule: { times: 1, status: 400, body: { message: "not Bearer sandbox-genesys-token" } } },
      }),
    ],
  },
  {
    fault: "a short delay",
    rule: { delayMs: 400 },
    cases: [get({ requests: 1 }), post({ requests: 1, done: 1 })],
  },
  {
    // A slow machine may need a third try.
    fault: "a delay beyond the timeout",
    rule: { delayMs: 60_000 },
    options: { timeoutMs: 1_500 },
    cases: [get({ requests: [2, 4] }), post({ outcome: "TimeoutError", sent: "maybe", requests: 1, done: 0 })],
  },
  {
    fault: "a body a few bytes at a time",
    rule: { slowBody: { bytes: 3, everyMs: 1 } },
    cases: [get({ requests: 1 }), post({ requests: 1, done: 1 })],
  },
  {
    fault: "a body too slow for the timeout",
    rule: { slowBody: { bytes: 1, everyMs: 500 } },
    options: { timeoutMs: 1_500 },
    cases: [get({ requests: [2, 4] })],
  },
  {
    // The one time that a page knows that nothing was sent.
    fault: "no network for a moment",
    offlineMs: 300,
    options: { maxRetries: 100 },
    cases: [get({ requests: 1 }), post({ requests: 1, done: 1 })],
  },
  {
    fault: "no network",
    offlineMs: Infinity,
    options: { maxRetries: 2 },
    cases: [post({ outcome: "NetworkError", sent: "no", requests: 0, done: 0 })],
  },
  {
    fault: "connection cut before the request is carried out",
    rule: { reset: "before" },
    cases: [
      get({ requests: 2 }),
      put(again),
      remove(again),
      post({ outcome: "NetworkError", sent: "maybe", requests: 1, done: 0 }),
      list(whole),
    ],
  },
  {
    fault: "connection cut for good",
    rule: { reset: "before", ...ALWAYS },
    cases: [
      get({ outcome: "NetworkError", sent: "maybe", requests: 4 }),
      post({ outcome: "NetworkError", sent: "maybe", requests: 1, done: 0 }),
    ],
  },
  {
    fault: "connection cut after the request was carried out",
    rule: { reset: "after" },
    cases: [
      put(again),
      remove(again),
      update({ outcome: "NetworkError", sent: "maybe", requests: 2, done: 1 }),
      post({ outcome: "NetworkError", sent: "maybe", requests: 1, done: 1 }),
    ],
  },
  {
    fault: "connection cut in the middle of the body",
    rule: { reset: "body" },
    cases: [
      get({ requests: 2 }),
      remove(again),
      post({ outcome: "NetworkError", sent: "yes", requests: 1, done: 1 }),
      list(whole),
    ],
  },
  {
    fault: "truncated JSON",
    rule: { truncate: true },
    cases: [
      get({ outcome: "DecodeError", sent: "yes", requests: 1 }),
      post({ outcome: "DecodeError", sent: "yes", requests: 1, done: 1 }),
      list({ resume: true, broke: "DecodeError", report: { complete: true }, requests: [4, 12] }),
    ],
  },
  {
    fault: "HTML of a proxy with 200",
    rule: { html: 200 },
    cases: [
      get({ outcome: "DecodeError", sent: "yes", requests: 1 }),
      post({ outcome: "DecodeError", sent: "yes", requests: 1, done: 0 }),
    ],
  },
  {
    fault: "HTML of a proxy with 502",
    rule: { html: 502 },
    cases: [
      get({ requests: 2 }),
      put(again),
      post({ outcome: "ServerError", sent: "yes", requests: 1, done: 0 }),
      list(whole),
    ],
  },
  {
    fault: "a page that is refused",
    rule: { status: 403 },
    cases: [list({ page: 3, resume: true, broke: "PermissionError", report: { complete: true }, requests: [4, 12] })],
  },
  {
    // Close goes on behind the items that came, and so skips one.
    fault: "an item twice on a page",
    rule: { items: { duplicate: 1 } },
    cases: [
      list({
        ...inTurn,
        close: { report: { complete: false, reason: "gaps", duplicates: 1, gaps: 1 }, without: 1 },
        genesys: { report: { complete: true, duplicates: 1 } },
      }),
    ],
  },
  {
    fault: "an item missing on a page",
    rule: { items: { missing: 1 } },
    cases: [
      list({
        ...inTurn,
        close: { report: { complete: false, reason: "gaps", duplicates: 1, gaps: 1 }, requests: 5 },
        genesys: { report: { complete: false, reason: "gaps", duplicates: 0, gaps: 1 } },
        without: 1,
      }),
    ],
  },
  {
    fault: "a record inserted while paging",
    rule: { records: { insert: 1 } },
    cases: [
      list({
        ...inTurn,
        requests: 5,
        report: { complete: false, reason: "gaps", duplicates: 1, gaps: 1, drift: true },
      }),
    ],
  },
  {
    // Close does not count its users: of one that slips by nothing can be seen.
    fault: "a record removed while paging",
    rule: { records: { remove: 1 } },
    cases: [
      list({
        ...inTurn,
        close: { report: { complete: true, duplicates: 0, gaps: 0, drift: false } },
        genesys: { report: { complete: false, reason: "gaps", duplicates: 0, gaps: 1, drift: true } },
        without: 1,
      }),
    ],
  },
  {
    fault: "an expired token",
    rule: { expireToken: true },
    cases: [
      get({ requests: 2, refreshes: 1 }),
      post({ ...again, refreshes: 1 }),
      list({ close: { requests: [5, 12] }, genesys: { requests: [5, 8] }, report: { complete: true }, refreshes: 1 }),
    ],
  },
  {
    fault: "an expired token that 50 calls have",
    rule: { expireToken: true },
    cases: [get({ times: 50, requests: [51, 100], refreshes: 1 })],
  },
  {
    fault: "a token that expires again and again",
    rule: { expireToken: true, ...ALWAYS },
    cases: [get({ outcome: "AuthenticationError", sent: "yes", requests: 2, refreshes: 1 })],
  },
  {
    fault: "an expired token that nobody renews",
    rule: { expireToken: true },
    fixed: true,
    cases: [get({ outcome: "AuthenticationError", sent: "yes", requests: 1, refreshes: 0 })],
  },
];

/** Every case, with all that it takes, for each vendor. */
export const CASES = FAULTS.flatMap(({ fault, rule, cases, ...shared }) =>
  cases.flatMap((each) =>
    ["close", "genesys"]
      .filter((vendor) => each[vendor] !== null)
      .map((vendor) => {
        const { close, genesys, ...wanted } = each;
        return { fault, vendor, rule: rule && { times: 1, ...rule }, outcome: "ok", ...shared, ...wanted, ...each[vendor] };
      }),
  ),
);
