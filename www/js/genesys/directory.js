// What the console knows of the organisation, so that a screen that is opened again is there at once.

import { Listing, pagesOf } from "../listing.js";
import { folded } from "../text.js";

const PAGE_SIZE = 100;

/** Somebody, from a list of users or of members. */
export class Person {
  constructor(user) {
    this.id = user.id;
    this.email = user.email ?? "";
    this.name = user.name || this.email || this.id;
    this.title = user.title ?? "";
    this.department = user.department ?? "";
    const [first, ...rest] = this.name.split(" ");
    this.first = first;
    this.last = rest.at(-1) ?? "";
    this.searchText = folded(`${this.name} ${this.email} ${this.title} ${this.department}`);
  }
}

/** A group. Its record is replaced when it is read again; the group stays the same object. */
export class Group {
  record = null;
  searchText = "";
  /** True from the moment somebody deletes it until it is gone. */
  deleting = false;

  constructor(record) {
    this.take(record);
  }

  take(record) {
    this.record = record;
    this.searchText = folded([record.name, record.description, record.email].filter(Boolean).join(" "));
  }

  get id() {
    return this.record.id;
  }

  get name() {
    return this.record.name;
  }

  get ownerIds() {
    return (this.record.owners ?? []).map((owner) => owner.id);
  }
}

export class Directory extends EventTarget {
  /** The groups known so far, in the order they came. */
  groups = [];
  /** The search that was last put together; null until there is one. */
  search = null;
  /** The reading of groups and of people, page by page. */
  listings;

  #genesys;
  #call;
  #people = new Map();
  #skills = null;

  /** `call(signal, more)` gives the options of a call. */
  constructor(genesys, call) {
    super();
    this.#genesys = genesys;
    this.#call = call;
    this.listings = {
      groups: new Listing(
        pagesOf(
          call,
          (options) => genesys.groups.list({ pageSize: PAGE_SIZE }, options),
          (records) => {
            for (const record of records) this.takeGroup(record);
          },
        ),
      ),
      people: new Listing(
        pagesOf(
          call,
          (options) => genesys.list("/api/v2/users", { pageSize: PAGE_SIZE }, options),
          (users) => {
            for (const user of users) this.takeUser(user);
          },
        ),
      ),
    };
  }

  // ------------------------------------------------------------------------------------------ groups

  group(id) {
    return this.groups.find((group) => group.id === id) ?? null;
  }

  get records() {
    return this.groups.map((group) => group.record);
  }

  /** Takes a record in, and gives its group. */
  takeGroup(record) {
    const known = this.group(record.id);
    if (known) {
      known.take(record);
      return known;
    }
    const group = new Group(record);
    this.groups.push(group);
    return group;
  }

  /** A group that was just made. */
  takeCreated(record) {
    this.#countGroups(1);
    return this.takeGroup(record);
  }

  #countGroups(more) {
    const { groups } = this.listings;
    if (groups.total !== null) groups.expect(groups.total + more);
  }

  /** Forgets the groups, so that the next load reads them anew. What is being deleted stays known until it is gone. */
  forgetGroups() {
    this.groups = this.groups.filter((group) => group.deleting);
    this.listings.groups.reset();
  }

  async loadGroup(id, signal) {
    return this.takeGroup(await this.#genesys.groups.get(id, this.#call(signal)));
  }

  /** Deletes a group, and is done when it is gone. When `signal` aborts it is still on its way out. */
  async deleteGroup(group, signal) {
    group.deleting = true;
    this.#tell();
    try {
      await this.#genesys.groups.delete(group.id, { wait: true }, this.#call(signal));
      this.#forget(group);
    } catch (error) {
      // Nothing has told whether it came to pass: whoever looks next takes it up again.
      if (signal.aborted) throw error;
      if (error.code === "not_found") return this.#forget(group);
      group.deleting = false;
      throw error;
    } finally {
      this.#tell();
    }
  }

  #forget(group) {
    group.deleting = false;
    this.groups = this.groups.filter((each) => each !== group);
    this.#countGroups(-1);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  // ------------------------------------------------------------------------------------------ people

  /** Everybody known so far. */
  get people() {
    return [...this.#people.values()];
  }

  person(id) {
    return this.#people.get(id) ?? null;
  }

  /** Takes a user in, unless they are known better. */
  takeUser(user) {
    const known = this.#people.get(user.id);
    if (known && (known.email || !user.email)) return known;
    const person = new Person(user);
    this.#people.set(user.id, person);
    return person;
  }

  /** Reads those of `ids` who are not known by name. */
  async loadPersons(ids, signal) {
    const unknown = ids.filter((id) => !this.#people.get(id)?.email);
    for (let start = 0; start < unknown.length; start += PAGE_SIZE) {
      const query = { id: unknown.slice(start, start + PAGE_SIZE), pageSize: PAGE_SIZE, state: "any" };
      const { items } = await this.#genesys.list("/api/v2/users", query, this.#call(signal)).all();
      for (const user of items) this.takeUser(user);
    }
  }

  // ------------------------------------------------------------------------------------------ skills

  /** The names of skills and languages by their ids. */
  async loadSkills(signal) {
    if (!this.#skills) {
      const lists = ["/api/v2/routing/skills", "/api/v2/routing/languages"].map((path) =>
        this.#genesys.list(path, { pageSize: PAGE_SIZE }, this.#call(signal)).all(),
      );
      const found = await Promise.all(lists);
      this.#skills = new Map(found.flatMap(({ items }) => items.map(({ id, name }) => [id, name])));
    }
    return this.#skills;
  }
}
