// What a consumer must not be able to write against Genesys and with criteria. Each line below a `wrong:` is an error
// of that number, and no other line is one.

import {
  Criteria,
  criteria,
  Genesys,
  OrgdeckError,
  type CallPromise,
  type CriteriaObject,
  type GenesysGroup,
  type GenesysGroupCreate,
  type GenesysGroupUpdate,
} from "orgdeck";

declare const genesys: Genesys;
declare const error: OrgdeckError;
declare const failed: OrgdeckError;
declare const group: GenesysGroup;
const auth = { accessToken: "t" };
const made = { name: "n", type: "official", rulesVisible: true, visibility: "public" };
const changed = { version: 1 };
const condition = { routingSkill: "s", comparator: "EqualTo", proficiency: 1 };

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function type<A>(value: A): { is<B>(...same: Equal<A, B> extends true ? [] : [never]): void };

// The check of types in good-genesys.ts sees a difference.
// wrong: TS2554 a record taken for another
type(genesys.groups.get("g")).is<CallPromise<string>>();

// Options.
// wrong: TS2345 neither a region nor a base URL
new Genesys({ auth });
// wrong: TS2345 a region and a base URL
new Genesys({ auth, region: "us_east_1", baseUrl: "https://a.example" });
// wrong: TS2322 a region that is no text
new Genesys({ auth, region: 5 });
// wrong: TS2353 an API key
new Genesys({ auth: { apiKey: "k" }, region: "us_east_1" });
// wrong: TS2345 no credentials
new Genesys({ region: "us_east_1" });
// wrong: TS2353 an option of Close
new Genesys({ auth, region: "us_east_1", tzOffsetHours: 1 });
// wrong: TS2353 the other option of Close
new Genesys({ auth, region: "us_east_1", allowApiKeyInBrowser: true });

// Making a group.
// wrong: TS2353 an id
export const withId: GenesysGroupCreate = { ...made, id: "g" };
// wrong: TS2353 a version
export const withVersion: GenesysGroupCreate = { ...made, version: 1 };
// wrong: TS2353 a state
export const withState: GenesysGroupCreate = { ...made, state: "active" };
// wrong: TS2353 what is counted
export const withCount: GenesysGroupCreate = { ...made, memberCount: 1 };
// wrong: TS2353 when it was changed
export const withDate: GenesysGroupCreate = { ...made, dateModified: "2026-01-01" };
// wrong: TS2353 a path
export const withPath: GenesysGroupCreate = { ...made, selfUri: "/x" };
// wrong: TS2561 owners in place of their ids
export const withOwners: GenesysGroupCreate = { ...made, owners: [] };
// wrong: TS2322 null for a text
export const withNull: GenesysGroupCreate = { ...made, description: null };
// wrong: TS2353 what is shown of a telephone
export const withDisplay: GenesysGroupCreate = { ...made, addresses: [{ type: "a", mediaType: "b", display: "c" }] };
// wrong: TS2741 a group without a name
genesys.groups.create({ type: "official", rulesVisible: true, visibility: "public" });
// wrong: TS2741 a group without a visibility
genesys.groups.create({ name: "n", type: "official", rulesVisible: true });
// wrong: TS2322 a type that is no text
genesys.groups.create({ ...made, type: 5 });

// Changing a group.
// wrong: TS2741 a change without a version
genesys.groups.update("g", { name: "n" });
// wrong: TS2322 another word for a version
genesys.groups.update("g", { version: "newest" });
// wrong: TS2353 the type, which is for good
export const changedType: GenesysGroupUpdate = { ...changed, type: "social" };
// wrong: TS2353 the id
export const changedId: GenesysGroupUpdate = { ...changed, id: "g" };
// wrong: TS2353 what is counted
export const changedCount: GenesysGroupUpdate = { ...changed, memberCount: 1 };
// wrong: TS2353 when it was changed
export const changedDate: GenesysGroupUpdate = { ...changed, dateModified: "2026-01-01" };
// wrong: TS2353 the path
export const changedPath: GenesysGroupUpdate = { ...changed, selfUri: "/x" };
// wrong: TS2322 null where a value must be
export const changedToNull: GenesysGroupUpdate = { ...changed, name: null };
// wrong: TS2554 no change
genesys.groups.update("g");
// wrong: TS2322 a version that may not be there
genesys.groups.addMembers("g", [], { version: group.version ?? null });
// wrong: TS2322 the latest version of members
genesys.groups.addMembers("g", [], { version: "latest" });
// wrong: TS2345 one id for many
genesys.groups.removeMembers("g", "u");
// wrong: TS2353 progress where there is one request
genesys.groups.get("g", { onProgress() {} });
// wrong: TS2353 the call's options in place of those of a deletion
genesys.groups.delete("g", { signal: new AbortController().signal });

// Lists.
// wrong: TS2353 a query member that there is not
genesys.groups.list({ limit: 5 });
// wrong: TS2353 an expansion where there is none
genesys.groups.list({ expand: ["owners"] });
// wrong: TS2322 ids in a text
genesys.groups.list({ id: "a,b" });
// wrong: TS2322 a page size in a text
genesys.groups.members("g", { pageSize: "5" });
// wrong: TS2322 an expansion that is no text
genesys.groups.members("g", { expand: [5] });
// wrong: TS2345 a search without a request
genesys.groups.searchByQ64({ q64: "H4sI" });
// wrong: TS2554 nothing to search for
genesys.groups.search();
// wrong: TS2339 members of a list that there are not
genesys.groups.list().length;
// wrong: TS2353 a parameter that is an object
genesys.list("/api/v2/x", { a: { b: 1 } });
// wrong: TS2322 a method that there is not
genesys.request({ method: "PATCH", path: "/api/v2/x" });

// Dynamic settings.
// wrong: TS2739 conditions that are not whole
genesys.groups.dynamicSettings.set("g", { skillConditions: [{ routingSkillConditions: [condition] }] });
// wrong: TS2339 an operation that there is not
genesys.groups.dynamicSettings.update("g");

// Criteria.
// wrong: TS2353 a name of criteria that there is not
export const misspelt: CriteriaObject = { exakt: "x", fields: "a" };
// wrong: TS2322 a test without fields
export const fieldless: CriteriaObject = { exact: "x" };
// wrong: TS2322 a field that is no text
export const numbered: CriteriaObject = { exact: "x", fields: 5 };
// wrong: TS2322 null for a value
export const valueless: CriteriaObject = { exact: null, fields: "a" };
// wrong: TS2322 everything, not
export const nothing: CriteriaObject = { all: false };
// wrong: TS2353 one tree where there is a list
export const listless: CriteriaObject = { and: { all: true } };
// wrong: TS2353 a range with another word
export const ranged: CriteriaObject = { range: { min: 1 }, fields: "a" };
// wrong: TS2345 criteria of nothing
new Criteria("name");
// wrong: TS2554 a builder without a value
criteria.exact("name");
// wrong: TS2345 a field that is no text, of a builder
criteria.contains(5, "x");
// wrong: TS2345 an expression of the language's own
criteria.regex("name", /x/);
// wrong: TS2353 a range with another word, of a builder
criteria.range("v", { min: 1 });
// wrong: TS2339 a builder that there is not
criteria.endsWith("name", "x");
// wrong: TS2345 a record that is none
criteria.all().matches("x");
// wrong: TS2353 one record for many
criteria.all().filter({ name: "x" });
// wrong: TS2322 a tree within a search that is none
genesys.groups.search({ where: "name" });
// wrong: TS2741 a criterion of the vendor's without a type
genesys.groups.search({ query: [{ fields: ["a"], value: "x" }] });
// wrong: TS2322 a number where the vendor wants a text
genesys.groups.search({ query: [{ type: "EXACT", fields: ["a"], value: 5 }] });

// Errors, nouns.
// wrong: TS2540 assigning to what an error says
error.partial = { done: [], failed: [], rest: [] };
// wrong: TS18048 what is done, where nothing may be
failed.partial.done;
// wrong: TS2540 assigning to a noun
genesys.groups = genesys.groups;
// wrong: TS2339 an operation of Close
genesys.users;
