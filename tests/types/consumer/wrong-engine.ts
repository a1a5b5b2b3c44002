// What a consumer must not be able to write about calls under way. Each line below a `wrong:` is an error of that
// number, and no other line is one.

import {
  Close,
  Genesys,
  OrgdeckError,
  type AllOptions,
  type Answer,
  type CloseUser,
  type ListingReport,
  type OrgdeckEvent,
  type Pages,
  type Progress,
  type RateLimitState,
  type TokenFunction,
} from "orgdeck";

declare const close: Close;
declare const genesys: Genesys;
declare const answer: Answer;
declare const error: OrgdeckError;
declare const event: OrgdeckEvent;
declare const report: ListingReport;
declare const progress: Progress;
declare const state: RateLimitState;
declare const users: Pages<Pick<CloseUser, "id">>;
declare const call: ReturnType<typeof close.users.me>;
const auth = { accessToken: "t" };

// The answer.
// wrong: TS2339 the status of a call that is not awaited
call.withResponse().response;
// wrong: TS2339 the record where its answer is, too
call.withResponse().then(({ id }) => id);
// wrong: TS2339 a field that was not selected, in spite of the answer
close.users.get("u", { fields: ["id"] }).withResponse().then(({ data }) => data.email);
// wrong: TS2554 options of the answer
call.withResponse({ headers: true });
// wrong: TS2339 an answer of what a promise was made into
call.then((me) => me).withResponse();
// wrong: TS2339 an answer of a list
users.withResponse();
// wrong: TS2339 an answer of all of a list
users.all().withResponse();
// wrong: TS2345 a name that may be missing
Promise.resolve<string>("").then((text) => text.includes(answer.requestId));
// wrong: TS2339 headers read like a record
answer.headers.ratelimit;
// wrong: TS2339 a body, which the record is
answer.body;

// Options.
// wrong: TS2322 tries in words
new Close({ auth, maxRetries: "3" });
// wrong: TS2353 a member of the limit that there is not
new Close({ auth, rateLimit: { requests: 5, perMin: 1 } });
// wrong: TS2741 a limit without its time
new Close({ auth, rateLimit: { requests: 5 } });
// wrong: TS2322 a limit in words
new Genesys({ auth, region: "us_east_1", rateLimit: "300/min" });
// wrong: TS2353 a deadline for all calls
new Close({ auth, deadlineMs: 5 });
// wrong: TS2353 the longest wait, for one call
close.users.me({}, { maxWaitMs: 5 });
// wrong: TS2322 a deadline that is a date
close.users.me({}, { deadlineMs: new Date() });
// wrong: TS2322 a share in words
close.users.me({}, { share: "no" });
// wrong: TS2322 the background in words
genesys.groups.list({}, { background: "yes" });
// wrong: TS2353 how far it is, of a call that takes one request
close.users.me({}, { onProgress: () => {} });
// wrong: TS2353 pages at once, of a call
close.users.list({}, { concurrency: 5 });
// wrong: TS2322 an observer that is a list
close.users.me({}, { onEvent: [] });
// wrong: TS2322 an observer of something else
close.users.me({}, { onEvent: (told: string) => told });

// Token functions.
// wrong: TS2322 a token that is none
const none: TokenFunction = () => undefined;
// wrong: TS2322 a function that wants more than it is told
const wants: TokenFunction = (asked: { user: string }) => asked.user;
// wrong: TS2339 something that it is not told
const more: TokenFunction = ({ expired }) => `${expired}`;
// wrong: TS2322 a function of two
const two: TokenFunction = (asked: { fresh: boolean }, scope: string) => scope;

// Events.
// wrong: TS2339 the status of any event
event.status;
// wrong: TS2339 the body of an answer
if (event.type === "response") event.body;
// wrong: TS2339 the try of a page
if (event.type === "page") event.attempt;
// wrong: TS2339 a reason where there is none
if (event.type === "wait") event.code;
// wrong: TS2367 a kind that there is not
if (event.type === "redirect") throw event;
// wrong: TS2367 a reason that there is not
if (event.type === "failure" && event.code === "aborted") throw event;
// wrong: TS2367 a retry after an abort
if (event.type === "retry" && event.code === "abort") throw event;
// wrong: TS18048 a status that may be missing
if (event.type === "retry") event.status.toFixed();
// wrong: TS18047 a count that may be missing
if (event.type === "page") event.total.toFixed();

// Lists.
// wrong: TS2353 an option of all() that there is not
users.all({ pageSize: 5 });
// wrong: TS2322 pages at once in words
users.all({ concurrency: "all" });
// wrong: TS2559 a time limit where a signal is due
users.all(AbortSignal.timeout(5));
// wrong: TS2339 a field that was not selected, of a page
users.all({ onPage: ({ items }) => items[0]!.email });
// wrong: TS2322 the pages of another list
const others: AllOptions<{ name: string }> = { onPage: (page: { items: number[] }) => void page };
// wrong: TS2367 a reason that there is not
if (report.reason === "aborted") throw report;
// wrong: TS2345 a cursor that may be missing
users.resumeFrom(report.cursor);
// wrong: TS18047 a count that may be missing, of a report
report.total.toFixed();
// wrong: TS18047 a time that may be missing
progress.leftMs.toFixed();
// wrong: TS2339 a member of a report that there is not
report.missing;
// wrong: TS18048 the listing of any error
error.listing.report;
// wrong: TS2540 assigning to the listing of an error
error.listing = { items: [], report };
// wrong: TS18046 items of an error taken for records
for (const item of error.listing!.items) item.id;

// The limits.
// wrong: TS18047 a number that may be missing
state.remaining.toFixed();
// wrong: TS2339 a limit in other words
state.requests;
// wrong: TS2554 the limits of one group
close.rateLimits("GET /me/");

export { more, none, others, two, wants };
