// What the console knows of the organisation, so that a screen that is opened again is there at once.
//
// Close spreads a person over two records: the user (name, email, dates) comes from a long list, the membership
// (role, phone, recording) from the organisation, which is the only place that lists them. A `Person` is both. Users
// stay in a table, which makes a record of one only when it is asked for.

import { callOf, Listing, pagesOf, stepsOf, tableOf } from "../listing.js";
import { folded } from "../text.js";
import { forEachOf } from "../work.js";
import { PeopleTable } from "./people-table.js";

export class Person {
  user = null;
  membership = null;
  active = false;
  first = "";
  last = "";
  email = "";
  name = "";

  #searchText = null;

  constructor(id) {
    this.id = id;
  }

  get roleId() {
    return this.membership?.role_id ?? "";
  }

  get phone() {
    return this.membership?.user_phone_formatted ?? this.membership?.user_phone ?? "";
  }

  get searchText() {
    return (this.#searchText ??= folded(`${this.name} ${this.email}`));
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
    this.#searchText = null;
  }
}

export const BUILT_IN_ROLES = ["admin", "superuser", "user", "restricteduser"];

/** `items` taken into `known`, each once. */
function merged(known, items) {
  const byId = new Map([...known, ...items].map((item) => [item.id, item]));
  return [...byId.values()];
}

export class Directory {
  /** Everybody who is or was a member, as far as known. */
  people = [];
  /** Everybody with a user, for the screen that searches and sorts them. */
  table;
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
  /** The names of roles that the table was last told. */
  #namesTold = "";

  /** `call(signal, more)` gives the options of a call; `place` tells whose organisation of that id it is. */
  constructor(close, call, organizationId, place) {
    this.#close = close;
    this.#call = call;
    this.#id = organizationId;
    this.table = new PeopleTable(`close ${place} ${organizationId}`, (id) => this.#standingOf(id));
    this.listings = {
      users: new Listing(
        tableOf(
          call,
          (options) => close.users.list({}, options),
          () => this.table.open(),
          () => (this.knowsMemberships ? this.table.tellNew() : this.table.changed()),
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
    this.listings.users.addEventListener("change", () => {
      const { isComplete } = this.listings.users;
      if (this.table.isWhole !== isComplete) this.table.isWhole = isComplete;
    });
  }

  get organizationId() {
    return this.#id;
  }

  get membershipsLoaded() {
    return this.listings.memberships.isComplete;
  }

  /** Whether anything was ever told of memberships. Those that are read anew are known meanwhile. */
  get knowsMemberships() {
    return this.#byId.size > 0;
  }

  person(id) {
    return this.#byId.get(id) ?? this.withUser(id);
  }

  /** The same, with all that is known of the user. */
  withUser(id) {
    const user = this.table.user(id);
    const person = this.#byId.get(id) ?? (user && new Person(id));
    if (user) person.setUser(user);
    return person ?? null;
  }

  /** What the table is told of somebody. */
  #standingOf(id) {
    const { name, roleId, phone, active } = this.#byId.get(id) ?? {};
    const role = roleId && this.roleName(roleId);
    return { name, role_id: roleId, role, phone, status: active ? "active" : "former" };
  }

  /** Tells the table the names of roles, when there are others than before. */
  tellRoles() {
    const names = JSON.stringify(this.roles?.map(({ id, name }) => [id, name]));
    if (names === this.#namesTold) return;
    this.#namesTold = names;
    if (this.knowsMemberships) this.table.tellAll();
  }

  get activePeople() {
    return this.people.filter((person) => person.active);
  }

  #personFor(id, known) {
    let person = this.#byId.get(id);
    if (!person) {
      // What is on the screen stays the same person.
      person = known?.get(id) ?? new Person(id);
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
    const known = this.#byId;
    this.#byId = new Map();
    this.people = [];
    for (const membership of former ?? []) this.#takeMembership(membership, false, known);
    // After the former ones, so that somebody who left and came back counts as present.
    for (const membership of memberships ?? []) this.#takeMembership(membership, true, known);
    this.table.tellAll();
    return this.people.length;
  }

  #takeMembership(membership, active, known) {
    const id = membership.user_id ?? membership.user?.id;
    if (id) this.#personFor(id, known).setMembership(membership, active);
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

  /** Has the next load read users and memberships anew. What is known stays until then. */
  readAgain() {
    this.listings.users.reset();
    this.listings.memberships.reset();
  }

  /** Changes a person's membership, at Close and here. */
  async updateMembership(person, patch, signal) {
    const answer = await this.#close.memberships.update(person.membership.id, patch, this.#call(signal));
    const changed = { ...person.membership, ...patch, ...only(answer, Object.keys(patch)) };
    this.setMembership(person, changed, person.active);
  }

  /** Takes over what has become of a membership. */
  setMembership(person, membership, active) {
    person.setMembership(membership, active);
    this.table.tell([person.id]);
  }

  /** Takes in a user who was read by itself. */
  takeUser(user) {
    this.#byId.get(user.id)?.setUser(user);
    this.table.put(user);
  }

  /** Takes over a membership that was just created. Someone new appears; someone who had left is back. */
  takeInvited(membership, email) {
    const person = this.#personFor(membership.user_id);
    this.setMembership(person, { user_email: email, ...person.membership, ...membership }, true);
    return person;
  }
}

function only(record, keys) {
  return Object.fromEntries(keys.filter((key) => key in record).map((key) => [key, record[key]]));
}
