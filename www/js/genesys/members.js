// Who is in a group, and by what: added one by one, as an owner, or brought by a rule. Genesys lists everybody in one
// place and those who were added in another; what is left over came by a rule.
//
// Changes are accepted at once and carried out later. Until the list of those who were added shows them, they are
// pending here, and the list is read again.

/** How long it is looked for a change to show, and how often. */
const PATIENCE_MS = 30_000;
const LOOK_FIRST_MS = 250;
const LOOK_MOST_MS = 2_000;

export class Members extends EventTarget {
  /** True once the list was read to its end. */
  complete = false;
  /** How many there are, as Genesys says on the first page; null until then. */
  total = null;
  /** Ids that wait to be visible: `true` for those who join, `false` for those who leave. */
  pending = new Map();

  #group;
  #genesys;
  #directory;
  #signal;
  #members = new Set();
  #individuals = new Set();
  #byRule = new Set();
  #watching = null;

  constructor(group, { genesys, directory, signal }) {
    super();
    this.#group = group;
    this.#genesys = genesys;
    this.#directory = directory;
    this.#signal = signal;
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

  /** Reads them; what was known stays in sight until it is replaced. */
  async load() {
    const signal = this.#signal;
    const reading = this.#genesys.groups.individuals(this.#group.id, { signal });
    // Waited for below; until then a failure of its own must not count as unhandled.
    reading.catch(() => {});
    const first = !this.complete;
    const found = new Set();
    for await (const page of this.#genesys.groups.members(this.#group.id, { pageSize: 100 }, { signal }).pages()) {
      for (const user of page.items) found.add(this.#directory.takeUser(user).id);
      this.total = page.total;
      if (first) {
        this.#members = found;
        this.#tell();
      }
    }
    this.#members = found;
    const joining = new Set([...this.pending].filter(([, joins]) => joins).map(([id]) => id));
    this.#takeIndividuals(await reading);
    // Told from both lists while they belong together: somebody who was just taken out, or is just coming in, is in
    // one and not in the other for a moment.
    const named = (id) => this.#individuals.has(id) || this.isOwner(id) || joining.has(id);
    this.#byRule = new Set([...found].filter((id) => !named(id)));
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
        this.#takeIndividuals(await this.#genesys.groups.individuals(this.#group.id, { signal: this.#signal }));
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
