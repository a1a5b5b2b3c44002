// Who is in a group, and by what: added one by one, as an owner, or brought by a rule. Genesys lists everybody in one
// place and those who were added in another; what is left over came by a rule.
//
// Changes are accepted at once and carried out later. Until the list of those who were added shows them, they are
// pending here, and the list is read again.

import { Listing, pagesOf } from "../listing.js";

/** How long it is looked for a change to show, and how often. */
const PATIENCE_MS = 30_000;
const LOOK_FIRST_MS = 250;
const LOOK_MOST_MS = 2_000;

export class Members extends EventTarget {
  /** True once both lists were read to their ends. */
  complete = false;
  /** The reading of everybody in the group. */
  listing;
  /** Ids that wait to be visible: `true` for those who join, `false` for those who leave. */
  pending = new Map();

  #group;
  #genesys;
  #call;
  #directory;
  #signal;
  /** Those found so far by a reading under way. */
  #found = new Set();
  #members = new Set();
  #individuals = new Set();
  #byRule = new Set();
  #watching = null;

  constructor(group, { genesys, call, directory, signal }) {
    super();
    this.#group = group;
    this.#genesys = genesys;
    this.#call = call;
    this.#directory = directory;
    this.#signal = signal;
    const readPages = pagesOf(
      call,
      (options) => genesys.groups.members(group.id, { pageSize: 100 }, options),
      (users) => this.#takeMembers(users),
    );
    this.listing = new Listing(async (how) => {
      if (how.cursor === null) this.#found = new Set();
      const reading = this.#readIndividuals(how.signal);
      // Waited for below; until then a failure of its own must not count as unhandled.
      reading.catch(() => {});
      const report = await readPages(how);
      this.#take(await reading);
      return report;
    });
  }

  /** Everybody in the group, and those on their way in. */
  get people() {
    const ids = new Set(this.#members);
    for (const [id, joins] of this.pending) if (joins) ids.add(id);
    return [...ids].map((id) => this.#directory.person(id) ?? this.#directory.takeUser({ id }));
  }

  /** True for those who were added one by one: only they can be taken out. */
  isIndividual(id) {
    return this.#individuals.has(id);
  }

  isOwner(id) {
    return this.#group.ownerIds.includes(id);
  }

  /** True for those who are here neither by name nor as owners. */
  isByRule(id) {
    return this.#byRule.has(id);
  }

  has(id) {
    return this.#individuals.has(id) || this.pending.get(id) === true;
  }

  /** How many are here by what. */
  get counts() {
    const people = [...this.#members];
    return {
      all: people.length,
      individuals: people.filter((id) => this.isIndividual(id)).length,
      owners: people.filter((id) => this.isOwner(id)).length,
      byRule: people.filter((id) => this.isByRule(id)).length,
    };
  }

  /** Reads them, or goes on; what was known stays in sight until it is replaced. */
  load() {
    if (this.listing.isComplete) this.listing.reset();
    return this.listing.run(this.#signal);
  }

  #takeMembers(users) {
    for (const user of users) this.#found.add(this.#directory.takeUser(user).id);
    if (this.complete) return;
    this.#members = this.#found;
    this.#tell();
  }

  #readIndividuals(signal) {
    return this.#genesys.groups.individuals(this.#group.id, this.#call(signal));
  }

  #take(individuals) {
    this.#members = this.#found;
    const joining = new Set([...this.pending].filter(([, joins]) => joins).map(([id]) => id));
    this.#takeIndividuals(individuals);
    // Told from both lists while they belong together: somebody who was just taken out, or is just coming in, is in
    // one and not in the other for a moment.
    const named = (id) => this.#individuals.has(id) || this.isOwner(id) || joining.has(id);
    this.#byRule = new Set([...this.#found].filter((id) => !named(id)));
    this.complete = true;
    this.#tell();
  }

  #takeIndividuals(users) {
    for (const user of users) this.#directory.takeUser(user);
    this.#individuals = new Set(users.map((user) => user.id));
    for (const [id, joins] of this.pending) if (this.#individuals.has(id) === joins) this.pending.delete(id);
  }

  /** Takes note of what Genesys has accepted, and looks until it shows. */
  expect(ids, joins) {
    for (const id of ids) if (this.#individuals.has(id) !== joins) this.pending.set(id, joins);
    this.#tell();
    this.#watching ??= this.#watch().finally(() => {
      this.#watching = null;
    });
    return this.#watching;
  }

  async #watch() {
    const end = Date.now() + PATIENCE_MS;
    let pause = LOOK_FIRST_MS;
    do {
      while (this.pending.size > 0 && Date.now() < end) {
        await wait(pause, this.#signal);
        pause = Math.min(pause * 1.6, LOOK_MOST_MS);
        const before = this.pending.size;
        this.#takeIndividuals(await this.#readIndividuals(this.#signal));
        if (this.pending.size < before) this.#tell();
      }
      // The rest of the group has changed with it: who is left, how many, which version.
      await Promise.all([this.load(), this.#directory.loadGroup(this.#group.id, this.#signal)]);
    } while (this.pending.size > 0 && Date.now() < end);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
