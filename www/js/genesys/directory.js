// What the console knows of the organisation, so that a screen that is opened again is there at once.

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
  /** How many groups there are, as Genesys says on the first page; null until then. */
  groupsTotal = null;
  groupsComplete = false;
  /** How many people there are; null until the first page of them was read. */
  peopleTotal = null;
  peopleComplete = false;
  /** The search that was last put together; null until there is one. */
  search = null;

  #genesys;
  #life;
  #groupsCursor = null;
  #people = new Map();
  #loadingPeople = null;
  #skills = null;

  /** `life` aborts when the session ends. */
  constructor(genesys, life) {
    super();
    this.#genesys = genesys;
    this.#life = life;
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
    if (this.groupsTotal !== null) this.groupsTotal += 1;
    return this.takeGroup(record);
  }

  /** Reads groups page by page and tells of each; goes on where an aborted reading stopped. */
  async loadGroups({ signal, onPage }) {
    if (this.groupsComplete) return;
    const list = this.#genesys.groups.list({ pageSize: PAGE_SIZE }, { signal });
    const pages = (this.#groupsCursor ? list.resumeFrom(this.#groupsCursor) : list).pages();
    for await (const page of pages) {
      for (const record of page.items) this.takeGroup(record);
      this.groupsTotal = page.total;
      this.#groupsCursor = page.cursor;
      this.groupsComplete = !page.hasMore;
      onPage?.();
    }
    this.groupsComplete = true;
  }

  /** Forgets the groups, so that the next load reads them anew. What is being deleted stays known until it is gone. */
  forgetGroups() {
    this.groups = this.groups.filter((group) => group.deleting);
    this.groupsTotal = null;
    this.groupsComplete = false;
    this.#groupsCursor = null;
  }

  async loadGroup(id, signal) {
    return this.takeGroup(await this.#genesys.groups.get(id, { signal }));
  }

  /** Deletes a group, and is done when it is gone; a screen that is left does not end it. */
  async deleteGroup(group) {
    group.deleting = true;
    this.#tell();
    try {
      await this.#genesys.groups.delete(group.id, { wait: true }, { signal: this.#life });
      this.groups = this.groups.filter((each) => each !== group);
      if (this.groupsTotal !== null) this.groupsTotal -= 1;
    } finally {
      group.deleting = false;
      this.#tell();
    }
  }

  // Deleting outlives the screen it was begun on, so whichever screen is there has to be told.
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

  /** Reads everybody, once however many ask; goes on when the session does. `onPage` is told of each page. */
  async loadPeople({ signal, onPage }) {
    if (this.peopleComplete) return;
    this.#loadingPeople ??= this.#readPeople().finally(() => {
      this.#loadingPeople = null;
    });
    const told = () => signal.aborted || onPage?.();
    this.addEventListener("people", told);
    try {
      await this.#loadingPeople;
    } finally {
      this.removeEventListener("people", told);
    }
  }

  async #readPeople() {
    const list = this.#genesys.list("/api/v2/users", { pageSize: PAGE_SIZE }, { signal: this.#life });
    for await (const page of list.pages()) {
      for (const user of page.items) this.takeUser(user);
      this.peopleTotal = page.total;
      this.dispatchEvent(new Event("people"));
    }
    this.peopleComplete = true;
  }

  /** Reads those of `ids` who are not known by name. */
  async loadPersons(ids, signal) {
    const unknown = ids.filter((id) => !this.#people.get(id)?.email);
    for (let start = 0; start < unknown.length; start += PAGE_SIZE) {
      const query = { id: unknown.slice(start, start + PAGE_SIZE), pageSize: PAGE_SIZE, state: "any" };
      const { items } = await this.#genesys.list("/api/v2/users", query, { signal }).all();
      for (const user of items) this.takeUser(user);
    }
  }

  // ------------------------------------------------------------------------------------------ skills

  /** The names of skills and languages by their ids. */
  async loadSkills(signal) {
    if (!this.#skills) {
      const lists = ["/api/v2/routing/skills", "/api/v2/routing/languages"].map((path) =>
        this.#genesys.list(path, { pageSize: PAGE_SIZE }, { signal }).all(),
      );
      const found = await Promise.all(lists);
      this.#skills = new Map(found.flatMap(({ items }) => items.map(({ id, name }) => [id, name])));
    }
    return this.#skills;
  }
}
