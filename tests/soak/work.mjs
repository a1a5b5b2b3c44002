// The page's side of the soak: mixed work on both vendors, as an admin console does it for hours. Every call is told of
// from its beginning to its end, every edit is written down with what became of it, and nothing else is kept.

import { client, dump, renewed } from "../faults/page.mjs";
import { Close } from "/pkg/dist/index.js";

/** Longer than any call may take. */
const DEADLINE_MS = 30_000;
/** How many of all calls are aborted. */
const ABORTED = 0.15;
/** How many of what was made is deleted again. */
const DELETED = 0.85;
/** What a call may reject with while every tenth request goes wrong. */
const EXPECTED = ["network", "timeout", "server", "rate_limit", "decode", "authentication"];

let world;
let clients;
let random;
let isPaused = true;
/** How many are at work. */
let busy = 0;
let lastCall = 0;
let lastKey = 0;
let lastReason = 0;
const pending = new Map();

/** What Node takes away every now and then. */
const fresh = () => ({ edits: [], errors: [], wrong: [], done: {}, aborts: [], events: 0, leaks: [] });
let notes = fresh();

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const below = (count) => Math.floor(random() * count);
const oneOf = (items) => items[below(items.length)];
const wrong = (text) => notes.wrong.push(text);
const scan = (text) => {
  if (world.secrets.some((secret) => text.includes(secret))) notes.leaks.push(text);
};

function onEvent(event) {
  notes.events += 1;
  scan(JSON.stringify(event));
}

/** Lives as long as the page, as the signal of a screen that nobody leaves. */
const page = new AbortController();

/**
 * Makes a call, and aborts some. `outcome` is "ok", "aborted" or "failed"; a call that was aborted rejects with the
 * reason of its abort, whatever that is, and with nothing else. Its requests carry its `number`, and `sent` says how many
 * Orgdeck has made.
 */
async function make(kind, start, aborted = ABORTED) {
  const number = ++lastCall;
  let sent = 0;
  const count = ({ type }) => (sent += type === "request" ? 1 : 0);
  const willAbort = random() < aborted;
  const controller = willAbort ? new AbortController() : page;
  const reason = oneOf([{ aborted: ++lastReason }, `aborted ${lastReason}`, new Error(`aborted ${lastReason}`)]);
  let since;
  const abort = () => {
    since = performance.now();
    controller.abort(reason);
  };
  const timer = willAbort && setTimeout(abort, below(150));
  const told = (outcome, rest) => {
    notes.done[kind] ??= { ok: 0, aborted: 0, failed: 0 };
    notes.done[kind][outcome] += 1;
    return { outcome, number, sent, ...rest };
  };
  pending.set(number, kind);
  try {
    const headers = { "x-soak-call": String(number) };
    const value = await start({ signal: controller.signal, deadlineMs: DEADLINE_MS, headers, onEvent: count });
    if (controller.signal.aborted) wrong(`${kind} resolved after its abort`);
    return told("ok", { value });
  } catch (error) {
    if (controller.signal.aborted) {
      if (error !== reason) wrong(`${kind} rejected with ${dump(error)}, not with the reason of its abort`);
      notes.aborts.push(performance.now() - since);
      return told("aborted");
    }
    const text = dump(error);
    scan(text);
    notes.errors.push(`${kind}: ${error?.name}`);
    return told("failed", { error, text });
  } finally {
    clearTimeout(timer);
    pending.delete(number);
  }
}

/** The same, for calls that must not be refused. */
async function call(kind, start, aborted) {
  const result = await make(kind, start, aborted);
  if (result.outcome === "failed" && !EXPECTED.includes(result.error?.code)) wrong(`${kind}: ${result.text}`);
  return result;
}

function check(kind, items, report, expected) {
  const ids = items.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) wrong(`${kind}: an item came twice`);
  if (expected && report.complete && ids.length !== expected) wrong(`${kind}: complete with ${ids.length} of ${expected}`);
  if (report.items !== ids.length) wrong(`${kind}: ${ids.length} items, ${report.items} in the report`);
}

/** `aborted` says how many of them are aborted. */
const reads = {
  async "close users.list"({ close }, aborted) {
    const query = { fields: ["id", "email", "first_name"], limit: oneOf([20, 50, 100]) };
    const concurrency = 1 + below(8);
    const list = ({ signal, ...options }) => close.users.list(query, options).all({ signal, concurrency });
    const { value } = await call("close users.list", list, aborted);
    if (value) check("close users.list", value.items, value.report, world.users.length);
  },
  async "close users, left early"({ close }) {
    const wanted = below(120);
    await call("close users, left early", async (options) => {
      let seen = 0;
      for await (const user of close.users.list({ limit: 25 }, options)) if (user.id && ++seen > wanted) break;
    });
  },
  async "close users.get"({ close }) {
    const id = oneOf(world.users);
    const { value } = await call("close users.get", (options) => close.users.get(id, {}, options));
    if (value && value.id !== id) wrong("close users.get gave another user");
  },
  async "close users.get, twice at once"({ close }) {
    const id = oneOf(world.users);
    const { value } = await call("close users.get, twice at once", async (options) => {
      const both = await Promise.allSettled([close.users.get(id, {}, options), close.users.get(id, {}, options)]);
      return both.map(({ value, reason }) => {
        if (!value) throw reason;
        return value.id;
      });
    });
    if (value && value.some((found) => found !== id)) wrong("equal reads gave another user");
  },
  async "close by key, freed"() {
    const own = new Close({ baseUrl: `${world.base}/api/v1`, auth: { apiKey: world.apiKey }, onEvent });
    await call("close by key, freed", (options) => own.users.me({}, options));
    own.free();
  },
  async "genesys groups.list"({ genesys }, aborted) {
    const query = { pageSize: oneOf([10, 25, 50]) };
    const list = ({ signal, ...options }) => genesys.groups.list(query, options).all({ signal });
    const { value } = await call("genesys groups.list", list, aborted);
    if (value) check("genesys groups.list", value.items, value.report);
  },
  async "genesys groups.members"({ genesys }, aborted) {
    const { id, members } = world.staff;
    const list = ({ signal, ...options }) => genesys.groups.members(id, { pageSize: 25 }, options).all({ signal });
    const { value } = await call("genesys groups.members", list, aborted);
    if (value) check("genesys groups.members", value.items, value.report, members);
  },
  async "genesys groups.search"({ genesys }, aborted) {
    const where = { contains: oneOf(["sup", "team", "a"]), fields: "name" };
    const list = ({ signal, ...options }) => genesys.groups.search({ where, pageSize: 10 }, options).all({ signal });
    const { value } = await call("genesys groups.search", list, aborted);
    if (value) check("genesys groups.search", value.items, value.report);
  },
  async "genesys groups.get"({ genesys }) {
    const { value } = await call("genesys groups.get", (options) => genesys.groups.get(world.staff.id, options));
    if (value && value.id !== world.staff.id) wrong("genesys groups.get gave another group");
  },
};

/** What can be made, changed and deleted; each has a name that nothing else ever has. */
const nouns = {
  role: {
    create: ({ close }, name, options) => close.roles.create({ name, permissions: [] }, options),
    rename: ({ close }, { id }, name, options) => close.roles.update(id, { name }, options),
    remove: ({ close }, { id }, options) => close.roles.delete(id, options),
  },
  group: {
    create: ({ close }, name, options) => close.groups.create({ name }, {}, options),
    rename: ({ close }, { id }, name, options) => close.groups.update(id, { name }, {}, options),
    remove: ({ close }, { id }, options) => close.groups.delete(id, options),
    people: () => world.active,
    add: ({ close }, { id }, [person], options) => close.groups.addMember(id, person, options),
    drop: ({ close }, { id }, [person], options) => close.groups.removeMember(id, person, options),
    atOnce: 1,
  },
  genesysGroup: {
    create: ({ genesys }, name, options) =>
      genesys.groups.create({ name, type: "official", rulesVisible: true, visibility: "public" }, options),
    rename: ({ genesys }, { id }, name, options) => genesys.groups.update(id, { version: "latest", name }, options),
    remove: ({ genesys }, { id }, options) => genesys.groups.delete(id, {}, options),
    people: () => world.people,
    add: ({ genesys }, { id }, people, options) => genesys.groups.addMembers(id, people, {}, options),
    drop: ({ genesys }, { id }, people, options) => genesys.groups.removeMembers(id, people, options),
    atOnce: 60,
  },
};

/** One thing from its making to its end. After an edit that may or may not have been made there is no other. */
async function live(noun) {
  const { create, rename, remove, people, add, drop, atOnce } = nouns[noun];
  const key = `soak-${world.seed}-${++lastKey}`;
  const note = (edit, { outcome, number, sent }) => notes.edits.push({ noun, key, outcome, number, sent, ...edit });
  const made = await call(`${noun} create`, (options) => create(clients, key, options));
  note({ edit: "create", name: key, id: made.value?.id }, made);
  if (made.outcome !== "ok") return;
  const thing = { id: made.value.id };
  let isSure = true;
  const goesOn = () => isSure && !isPaused;
  for (let round = below(3); round > 0 && goesOn(); round -= 1) {
    const name = `${key}.${round}`;
    const renamed = await call(`${noun} rename`, (options) => rename(clients, thing, name, options));
    const { value } = renamed;
    if (value && value.name !== name) wrong(`${noun} rename: the answer has ${value.name}, not ${name}`);
    note({ edit: "rename", name }, renamed);
    isSure = renamed.outcome === "ok";
  }
  for (let round = people ? below(3) : 0; round > 0 && goesOn(); round -= 1) {
    const some = Array.from({ length: 1 + below(atOnce) }, () => oneOf(people()));
    const chosen = [...new Set(some)];
    const added = await call(`${noun} add`, (options) => add(clients, thing, chosen, options));
    note({ edit: "add", people: chosen }, added);
    isSure = added.outcome === "ok";
    if (!goesOn() || random() < 0.5) continue;
    const gone = chosen.slice(0, Math.ceil(chosen.length / 2));
    const dropped = await call(`${noun} drop`, (options) => drop(clients, thing, gone, options));
    note({ edit: "drop", people: gone }, dropped);
    isSure = dropped.outcome === "ok";
  }
  if (random() > DELETED) return;
  for (let tries = 0; tries < 5 && !isPaused; tries += 1) {
    const removed = await make(`${noun} delete`, (options) => remove(clients, thing, options));
    const { outcome, error, text } = removed;
    // One that was deleted by a try whose answer was lost is no longer there.
    const isGone = error?.code === "not_found" && tries > 0;
    if (outcome === "failed" && !isGone && !EXPECTED.includes(error?.code)) wrong(`${noun} delete: ${text}`);
    note({ edit: "delete" }, isGone ? { ...removed, outcome: "ok" } : removed);
    if (outcome === "ok" || isGone) return;
  }
}

async function work() {
  for (;;) {
    while (isPaused) await sleep(20);
    busy += 1;
    await (random() < 0.65 ? oneOf(Object.values(reads))(clients) : live(oneOf(Object.keys(nouns))));
    busy -= 1;
    await sleep(below(150));
  }
}

/** Begins, with so many things going on at once; all of them with the most memory that they ever take. */
export async function begin(given) {
  world = given;
  random = numbers(world.seed);
  const make = (vendor, options) => client(world.base, vendor, renewed(world.base, vendor), { onEvent, ...options });
  clients = { close: make("close"), genesys: make("genesys") };
  for (const read of Object.values(reads)) {
    await Promise.all(Array.from({ length: world.workers }, () => read(clients, 0)));
  }
  isPaused = false;
  for (let worker = 0; worker < world.workers; worker += 1) {
    work().catch((error) => wrong(`the work itself failed: ${dump(error)}`));
  }
}

/** What happened since it was asked last. */
export function take() {
  const taken = notes;
  notes = fresh();
  return taken;
}

/** Begins nothing new, and waits for what is under way: the calls that are left when there is no patience left. */
export async function pause(patienceMs) {
  isPaused = true;
  const end = performance.now() + patienceMs;
  while (busy && performance.now() < end) await sleep(20);
  const limits = Object.values(clients).flatMap((each) => each.rateLimits());
  const held = limits.reduce((sum, { queued, inFlight }) => sum + queued + inFlight, 0);
  return { busy, pending: [...pending.values()], held };
}

export function resume() {
  isPaused = false;
}
