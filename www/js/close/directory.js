// What the console knows of the organisation, so that a screen that is opened again is there at once.
//
// Close spreads a person over two records: the user (name, email, dates) comes from a long list, the membership
// (role, phone, recording) from the organisation, which is the only place that lists them. A `Person` is both.

import { callOf, Listing, pagesOf, stepsOf } from "../listing.js";
import { folded } from "../text.js";
import { forEachOf } from "../work.js";

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

/** `items` taken into `known`, each once. */
function merged(known, items) {
  const byId = new Map([...known, ...items].map((item) => [item.id, item]));
  return [...byId.values()];
}

export class Directory {
  /** Everybody known so far, in the order they came. */
  people = [];
  /** The organisation without its memberships; null until loaded. */
  profile = null;
  /** Built-in roles first; null until the first came. */
  roles = null;
  /** Groups by name, each with `members` once it was read alone; null until the first came. */
  groups = null;
  /** The reading of all that: users page by page, memberships at once, who is in each group one after the other. */
  listings;

  #close;
  #call;
  #id;
  #byId = new Map();

  /** `call(signal, more)` gives the options of a call. */
  constructor(close, call, organizationId) {
    this.#close = close;
    this.#call = call;
    this.#id = organizationId;
    this.listings = {
      users: new Listing(
        pagesOf(
          call,
          (options) => close.users.list({}, options),
          (users) => {
            for (const user of users) this.#personFor(user.id).setUser(user);
          },
        ),
      ),
      memberships: new Listing(callOf(call, (options) => this.#readMemberships(options))),
      roles: new Listing(
        pagesOf(
          call,
          (options) => close.roles.list({}, options),
          (roles) => this.#takeRoles(roles),
        ),
      ),
      groups: new Listing(
        pagesOf(
          call,
          (options) => close.groups.list({}, options),
          (groups) => this.#takeGroups(groups),
        ),
      ),
      members: new Listing(stepsOf((how) => this.#readMembers(how))),
    };
  }

  get organizationId() {
    return this.#id;
  }

  get membershipsLoaded() {
    return this.listings.memberships.isComplete;
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

  async #readMemberships(call) {
    const fields = ["id", "memberships", "inactive_memberships"];
    const { memberships, inactive_memberships: former } = await this.#close.organizations.get(
      this.#id,
      { fields },
      call,
    );
    for (const membership of former ?? []) this.#takeMembership(membership, false);
    // After the former ones, so that somebody who left and came back counts as present.
    for (const membership of memberships ?? []) this.#takeMembership(membership, true);
    return (former?.length ?? 0) + (memberships?.length ?? 0);
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
    this.profile ??= await this.#close.organizations.get(this.#id, { fields }, this.#call(signal));
    return this.profile;
  }

  #takeRoles(roles) {
    const rank = (role) => (role.editable ? BUILT_IN_ROLES.length : BUILT_IN_ROLES.indexOf(role.id));
    const known = this.listings.roles.items > 0 ? this.roles : [];
    this.roles = merged(known, roles).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  }

  #takeGroups(groups) {
    const fresh = groups.map(({ id, name }) => this.group(id) ?? { id, name, members: null });
    this.groups = merged(this.groups ?? [], fresh);
    this.sortGroups();
  }

  sortGroups() {
    this.groups.sort((a, b) => a.name.localeCompare(b.name));
  }

  group(id) {
    return this.groups?.find((group) => group.id === id) ?? null;
  }

  /** Reads who is in a group: a set of user ids. */
  async loadMembers(group, signal, more) {
    const { name, members } = await this.#close.groups.get(group.id, {}, this.#call(signal, more));
    group.name = name ?? group.name;
    group.members = new Set((members ?? []).map((member) => member.user_id));
    return group.members;
  }

  /** Groups do not tell who is in them until each is read. Somebody who opens one goes first. */
  async #readMembers({ signal, step }) {
    const { groups } = this;
    const unread = groups.filter((group) => group.members === null);
    let done = groups.length - unread.length;
    step(done, groups.length);
    // Somebody may have opened one meanwhile.
    const read = async (group) => group.members ?? this.loadMembers(group, signal, { background: true });
    const results = await forEachOf(unread, read, {
      signal,
      onSettled: ({ error }) => error || step((done += 1), groups.length),
    });
    const failed = results.find((result) => result.error);
    if (failed) throw failed.error;
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
    this.listings.users.reset();
    this.listings.memberships.reset();
  }

  /** Changes a person's membership, at Close and here. */
  async updateMembership(person, patch, signal) {
    const answer = await this.#close.memberships.update(person.membership.id, patch, this.#call(signal));
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
