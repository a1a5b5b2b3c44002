// What the console knows of the organisation, so that a screen that is opened again is there at once.
//
// Close spreads a person over two records: the user (name, email, dates) comes from a long list, the membership
// (role, phone, recording) from the organisation, which is the only place that lists them. A `Person` is both.

import { folded } from "../text.js";

export class Person {
  user = null;
  membership = null;
  active = false;
  first = "";
  last = "";
  email = "";
  name = "";
  searchText = "";

  constructor(id) {
    this.id = id;
  }

  get roleId() {
    return this.membership?.role_id ?? "";
  }

  get phone() {
    return this.membership?.user_phone_formatted ?? this.membership?.user_phone ?? "";
  }

  get recording() {
    return this.membership?.auto_record_calls ?? "";
  }

  get joined() {
    return this.user?.date_created ?? "";
  }

  setUser(user) {
    this.user = user;
    this.#derive();
  }

  setMembership(membership, active) {
    this.membership = membership;
    this.active = active;
    this.#derive();
  }

  #derive() {
    const { user, membership } = this;
    this.first = user?.first_name ?? membership?.user_first_name ?? "";
    this.last = user?.last_name ?? membership?.user_last_name ?? "";
    this.email = user?.email ?? membership?.user_email ?? "";
    this.name = `${this.first} ${this.last}`.trim() || membership?.user_full_name || this.email || this.id;
    this.searchText = folded(`${this.name} ${this.email}`);
  }
}

export const BUILT_IN_ROLES = ["admin", "superuser", "user", "restricteduser"];

export class Directory {
  /** Everybody known so far, in the order they came. */
  people = [];
  /** True when the list of users was read to its end. */
  peopleComplete = false;
  usersLoaded = 0;
  membershipsLoaded = false;
  /** The organisation without its memberships; null until loaded. */
  profile = null;
  /** Built-in roles first; null until loaded. */
  roles = null;
  /** Groups by name, each with `members` once it was read alone; null until loaded. */
  groups = null;

  #close;
  #id;
  #byId = new Map();
  #cursor = null;

  constructor(close, organizationId) {
    this.#close = close;
    this.#id = organizationId;
  }

  get organizationId() {
    return this.#id;
  }

  person(id) {
    return this.#byId.get(id) ?? null;
  }

  get activePeople() {
    return this.people.filter((person) => person.active);
  }

  #personFor(id) {
    let person = this.#byId.get(id);
    if (!person) {
      person = new Person(id);
      this.#byId.set(id, person);
      this.people.push(person);
    }
    return person;
  }

  /** Reads users page by page and tells of each; goes on where an aborted reading stopped. */
  async loadUsers({ signal, onPage }) {
    const list = this.#close.users.list({}, { signal });
    const pages = (this.#cursor ? list.resumeFrom(this.#cursor) : list).pages();
    for await (const page of pages) {
      for (const user of page.items) this.#personFor(user.id).setUser(user);
      this.usersLoaded += page.items.length;
      this.#cursor = page.cursor;
      this.peopleComplete = !page.hasMore;
      onPage();
    }
    this.peopleComplete = true;
  }

  /** Reads the memberships, past and present, unless they are known. */
  async loadMemberships(signal) {
    if (this.membershipsLoaded) return;
    const fields = ["id", "memberships", "inactive_memberships"];
    const { memberships, inactive_memberships: former } = await this.#close.organizations.get(
      this.#id,
      { fields },
      { signal },
    );
    for (const membership of former ?? []) this.#takeMembership(membership, false);
    // After the former ones, so that somebody who left and came back counts as present.
    for (const membership of memberships ?? []) this.#takeMembership(membership, true);
    this.membershipsLoaded = true;
  }

  #takeMembership(membership, active) {
    const id = membership.user_id ?? membership.user?.id;
    if (id) this.#personFor(id).setMembership(membership, active);
  }

  async loadProfile(signal) {
    const fields = [
      "id",
      "name",
      "plan_type",
      "currency",
      "currency_symbol",
      "date_created",
      "date_updated",
      "created_by",
      "updated_by",
      "lead_statuses",
      "pipelines",
    ];
    this.profile ??= await this.#close.organizations.get(this.#id, { fields }, { signal });
    return this.profile;
  }

  async loadRoles(signal) {
    if (!this.roles) {
      const { items } = await this.#close.roles.list({}, { signal }).all();
      const rank = (role) => (role.editable ? BUILT_IN_ROLES.length : BUILT_IN_ROLES.indexOf(role.id));
      this.roles = items.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    }
    return this.roles;
  }

  async loadGroups(signal) {
    if (!this.groups) {
      const { items } = await this.#close.groups.list({}, { signal }).all();
      this.groups = items.map(({ id, name }) => ({ id, name, members: null }));
      this.sortGroups();
    }
    return this.groups;
  }

  sortGroups() {
    this.groups.sort((a, b) => a.name.localeCompare(b.name));
  }

  group(id) {
    return this.groups?.find((group) => group.id === id) ?? null;
  }

  /** Reads who is in a group: a set of user ids. */
  async loadMembers(group, signal) {
    const { name, members } = await this.#close.groups.get(group.id, {}, { signal });
    group.name = name ?? group.name;
    group.members = new Set((members ?? []).map((member) => member.user_id));
    return group.members;
  }

  roleName(id) {
    return this.roles?.find((role) => role.id === id)?.name ?? id;
  }

  /** How many active members hold the role. */
  holders(roleId) {
    return this.people.reduce((sum, person) => sum + (person.active && person.roleId === roleId ? 1 : 0), 0);
  }

  /** Forgets people and memberships, so that the next load reads them anew. */
  forgetPeople() {
    this.people = [];
    this.#byId.clear();
    this.peopleComplete = false;
    this.usersLoaded = 0;
    this.membershipsLoaded = false;
    this.#cursor = null;
  }

  /** Changes a person's membership, at Close and here. */
  async updateMembership(person, patch, signal) {
    const answer = await this.#close.memberships.update(person.membership.id, patch, { signal });
    person.setMembership({ ...person.membership, ...patch, ...only(answer, Object.keys(patch)) }, person.active);
  }

  /** Takes over a membership that was just created. Someone new appears; someone who had left is back. */
  takeInvited(membership, email) {
    const person = this.#personFor(membership.user_id);
    person.setMembership({ user_email: email, ...person.membership, ...membership }, true);
    return person;
  }
}

function only(record, keys) {
  return Object.fromEntries(keys.filter((key) => key in record).map((key) => [key, record[key]]));
}
