// The page's side: makes a call with a client of its own and says how it went, in a form that can be carried out of the page.

import init, { Close, Genesys } from "/pkg/dist/index.js";
import { calls } from "./calls.mjs";

await init();

const TOKENS = { close: "sandbox-close-token", genesys: "sandbox-genesys-token" };

async function fresh(base, token) {
  const response = await fetch(`${base}/_sandbox/token`, { method: "POST", body: JSON.stringify({ token }) });
  return (await response.json()).accessToken;
}

/** An access token that is renewed when it was refused. */
export function renewed(base, vendor) {
  let token = TOKENS[vendor];
  return async (asked) => (token = asked.fresh ? await fresh(base, token) : token);
}

export function client(base, vendor, accessToken, options) {
  const auth = { accessToken };
  return vendor === "close"
    ? new Close({ baseUrl: `${base}/api/v1`, auth, ...options })
    : new Genesys({ baseUrl: base, auth, rateLimit: { requests: 1_000_000, perMs: 1_000 }, ...options });
}

/** All that an error says, to look for secrets in. */
export function dump(error) {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).filter((name) => name !== "cause");
  const said = own.map((name) => [name, error[name]]);
  return JSON.stringify([String(error), error.name, said]) + (error.cause ? dump(error.cause) : "");
}

/**
 * Makes a call. `fixed` is for a token that nobody renews, `times` for as many such calls at once, `resume` for a list that
 * goes on where it broke.
 */
export async function run({ base, vendor, call: name, given, options, fixed, times = 1, resume, listing }) {
  const events = [];
  const token = fixed ? TOKENS[vendor] : renewed(base, vendor);
  const api = client(base, vendor, token, { onEvent: (event) => events.push(event) });
  // Each for itself: equal reads at the same time would share one request.
  const make = () => calls[vendor][name].run(api, given, { ...options, share: times === 1 });
  const started = performance.now();
  const outcome = { name: "ok", said: [] };
  try {
    if (name === "list") {
      const pages = make();
      const { items, report } = await pages.all(listing).catch((error) => {
        if (!resume || !error.listing) throw error;
        outcome.broke = { name: error.name, report: error.listing.report };
        const { items } = error.listing;
        return pages.resumeFrom(error.listing.report.cursor).all(listing).then((rest) => ({
          items: [...items, ...rest.items],
          report: rest.report,
        }));
      });
      outcome.value = { ids: items.map(({ id }) => id), report };
    } else {
      const values = await Promise.all(Array.from({ length: times }, make));
      outcome.value = { id: values[0]?.id };
    }
  } catch (error) {
    const { name, sent: reached, attempts } = error;
    Object.assign(outcome, { name, reached, attempts, said: [dump(error)] });
  }
  outcome.ms = performance.now() - started;
  outcome.events = events.map((event) => JSON.stringify(event));
  outcome.sent = events.filter(({ type }) => type === "request").length;
  outcome.waits = waits(events);
  outcome.left = api.rateLimits().reduce((sum, { queued, inFlight }) => sum + queued + inFlight, 0);
  api.free();
  return outcome;
}

/** Milliseconds between each retry's announcement and its request. */
function waits(events) {
  return events
    .filter(({ type }) => type === "retry")
    .map((retry) => {
      const isNext = ({ type, path, time, attempt }) =>
        type === "request" && path === retry.path && time >= retry.time && attempt === retry.attempt;
      const next = events.find(isNext);
      return next ? next.time - retry.time : null;
    });
}
