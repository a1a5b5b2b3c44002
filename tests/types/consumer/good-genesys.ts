// What a consumer may write against Genesys and with criteria. It is compiled, never run.

import {
  ConflictError,
  Criteria,
  criteria,
  Genesys,
  OrgdeckError,
  type Call,
  type CallPromise,
  type CriteriaObject,
  type FieldNames,
  type GenesysDynamicGroupDefinition,
  type GenesysDynamicGroupQuery,
  type GenesysDynamicGroupQueryPreview,
  type GenesysFieldConfig,
  type GenesysGroup,
  type GenesysGroupCreate,
  type GenesysGroupProfile,
  type GenesysGroupSearchRequest,
  type GenesysGroupUpdate,
  type GenesysGroupType,
  type GenesysMembersReport,
  type GenesysOptions,
  type GenesysRegion,
  type GenesysSearch,
  type GenesysState,
  type GenesysUser,
  type GenesysUserExpand,
  type GenesysVisibility,
  type LongCall,
  type Page,
  type Pages,
  type QueryParameters,
  type Range,
  type Wanted,
} from "orgdeck";

/** Two types that are the same, not only assignable to each other. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function type<A>(value: A): { is<B>(...same: Equal<A, B> extends true ? [] : [never]): void };

// ---------------------------------------------------------------------------------------------- a client

new Genesys({ auth: { accessToken: "t" }, region: "us_east_1" });
new Genesys({ auth: { accessToken: "t" }, region: "mypurecloud.de" });
new Genesys({ auth: { accessToken: async () => "t" }, baseUrl: "/genesys" });
const region: GenesysRegion = "eusc_de_east_1";
const options: GenesysOptions = {
  auth: { accessToken: () => "t" },
  region,
  fetch: (url, init) => {
    type(url).is<string>();
    return fetch(url, init);
  },
  timeoutMs: 5,
  headers: { "x-a": "1" },
  onEvent: (event) => console.log(event.vendor),
};
const genesys = new Genesys(options);
const disposable: Disposable = genesys;
const call: Call = { signal: new AbortController().signal, timeoutMs: 5, headers: {} };
const long: LongCall = { ...call, onProgress: ({ done, total }) => type(done + total).is<number>() };

// ------------------------------------------------------------------------------------------------- lists

type(genesys.groups.list()).is<Pages<GenesysGroup>>();
type(genesys.groups.list({ pageSize: 5, pageNumber: 2, id: ["a"], sortOrder: "descending" }, call)).is<
  Pages<GenesysGroup>
>();
type(genesys.groups.members("g", { expand: ["presence", "lasttokenissued", "one_that_came_later"] })).is<
  Pages<GenesysUser>
>();
type(genesys.profiles.groups({ jabberId: ["a@b"] })).is<Pages<GenesysGroupProfile>>();
type(genesys.groups.search({ where: { all: true } }, call)).is<Pages<GenesysGroup>>();
type(genesys.groups.searchByQ64("H4sI")).is<Pages<GenesysGroup>>();
type(genesys.groups.searchByQ64("H4sI", { expand: ["owners"] }, call)).is<Pages<GenesysGroup>>();
type(genesys.list<{ id: string }>("/api/v2/users", { pageSize: 0, full: false, id: ["a", 1, true] })).is<
  Pages<{ id: string }>
>();
type(genesys.list("/api/v2/users")).is<Pages<unknown>>();

async function lists() {
  for await (const group of genesys.groups.list()) type(group).is<GenesysGroup>();
  for await (const page of genesys.groups.members("g").pages()) {
    type(page).is<Page<GenesysUser>>();
    type(page.total).is<number | null>();
    type(page.pageCount).is<number | null>();
  }
  const { items, report } = await genesys.groups
    .search({})
    .all({ onProgress: ({ total }) => type(total).is<number | null>() });
  type(items).is<GenesysGroup[]>();
  type(report.total).is<number | null>();
}

// ----------------------------------------------------------------------------------------------- records

type(genesys.groups.get("g", call)).is<CallPromise<GenesysGroup>>();
type(genesys.groups.individuals("g")).is<CallPromise<GenesysUser[]>>();
type(genesys.groups.delete("g")).is<CallPromise<void>>();
type(genesys.groups.delete("g", { wait: true }, call)).is<CallPromise<void>>();
type(genesys.groups.profile("g", { fields: ["name"] })).is<CallPromise<GenesysGroupProfile>>();
type(genesys.fieldConfig("group")).is<CallPromise<GenesysFieldConfig>>();
type(genesys.groups.addMembers("g", ["u"] as readonly string[], { version: 5 }, long)).is<
  CallPromise<GenesysMembersReport>
>();
type(genesys.groups.removeMembers("g", ["u"], long)).is<CallPromise<GenesysMembersReport>>();
type(genesys.request<{ id: string }>({ method: "PUT", path: "/api/v2/x", query: { a: false }, body: [1] }, call)).is<
  CallPromise<{ id: string }>
>();

async function records() {
  const group = await genesys.groups.get("g");
  type(group.id).is<string>();
  type(group.rulesVisible).is<boolean>();
  type(group.version).is<number | null | undefined>();
  type(group.state).is<GenesysState | null | undefined>();
  type(group.owners?.[0]?.manager?.name).is<string | null | undefined>();
  const { sections, version } = await genesys.fieldConfig("person");
  type(version).is<string | null | undefined>();
  type(sections?.[0]?.fieldList?.[0]?.key).is<string | null | undefined>();
  const { done, duplicates, chunks } = await genesys.groups.removeMembers("g", ["u"]);
  type(done).is<string[]>();
  type(duplicates).is<number>();
  type(chunks[0]!.status).is<number>();
}

// ----------------------------------------------------------------------------------------------- changes

const group: GenesysGroupCreate = {
  name: "n",
  type: "official",
  rulesVisible: false,
  visibility: "owners",
  description: "d",
  ownerIds: [],
  addresses: [{ type: "GROUPRING", mediaType: "PHONE", address: "+1" }],
};
type(genesys.groups.create(group)).is<CallPromise<GenesysGroup>>();
type(genesys.groups.update("g", { version: 3, name: "n" }, call)).is<CallPromise<GenesysGroup>>();
type(genesys.groups.update("g", { version: "latest", ownerIds: [] })).is<CallPromise<GenesysGroup>>();
const update: GenesysGroupUpdate = { version: "latest", visibility: "ownerIds", state: "inactive", addresses: [] };

// Words that Genesys may add one day are kept, and the known ones are offered.
const newType: GenesysGroupType = "cosmic";
const newVisibility: GenesysVisibility = "sideways";
const newState: GenesysState = "asleep";
const newExpand: GenesysUserExpand = "shoeSize";
const knownType: Extract<GenesysGroupType, "official" | "social"> = "social";

// ---------------------------------------------------------------------------------------- dynamic settings

const rule: GenesysDynamicGroupQuery = {
  skillConditions: [
    {
      routingSkillConditions: [{ routingSkill: "s", comparator: "GreaterThan", proficiency: 3, childConditions: [] }],
      languageSkillConditions: [{ languageSkill: "l", comparator: "EqualTo", proficiency: 0 }],
      operation: "And",
    },
  ],
};
type(genesys.groups.dynamicSettings.get("g")).is<CallPromise<GenesysDynamicGroupDefinition>>();
type(genesys.groups.dynamicSettings.set("g", rule, call)).is<CallPromise<void>>();
type(genesys.groups.dynamicSettings.delete("g")).is<CallPromise<void>>();
type(genesys.groups.dynamicSettings.preview(rule)).is<CallPromise<GenesysDynamicGroupQueryPreview>>();

// ---------------------------------------------------------------------------------------------- criteria

const { all, and, contains, exact, not, or, range: between, regex, required, startsWith, term } = criteria;
type(contains("name", "sup").and(exact("state", "deleted").not())).is<Criteria>();
type(and(all(), or(), not(required(["a", "b"])))).is<Criteria>();
type(exact(["a", "b"] as const, ["x", 5, true, new Date()] as const)).is<Criteria>();
type(startsWith("a", 5).or({ term: "x", fields: "a" }, regex("a", ["x", "y"]))).is<Criteria>();
type(between("v", { from: 1, to: "2", format: "yyyy" })).is<Criteria>();
type(between("d", { from: new Date() })).is<Criteria>();
type(term("owners.id", "x").toJSON()).is<CriteriaObject>();
const plain: CriteriaObject = {
  and: [
    { contains: "x", fields: "name" },
    { not: { or: [exact("a", "x"), { range: { to: 5 }, fields: ["v"] }] } },
    { required: "name" },
  ],
};
const built = new Criteria(plain);
const again = new Criteria(built);
const found: GenesysGroup[] = built.filter([] as readonly GenesysGroup[]);
type(built.filter([{ a: 1 }])).is<{ a: number }[]>();
type(built.matches({ name: "x" })).is<boolean>();
const search: GenesysSearch = { where: built, pageSize: 5, sortBy: "name", sortOrder: "DESC" };
genesys.groups.search(search);
genesys.groups.search({ where: plain });
genesys.groups.search({
  query: [{ type: "MATCH_ALL", group: [{ type: "EXACT", fields: ["a"], value: "x", operator: "OR" }] }],
});
type(Genesys.searchRequest(search)).is<GenesysGroupSearchRequest>();
const wanted: Wanted = ["x", 5, false];
const names: FieldNames = ["a", "b"] as const;
const bounds: Range = { to: 5 };
const parameters: QueryParameters = { a: 0, b: false, c: ["x"] };

// ------------------------------------------------------------------------------------------------ errors

async function errors() {
  try {
    await genesys.groups.update("g", update);
  } catch (error) {
    if (error instanceof ConflictError) type(error.status).is<number | undefined>();
    if (error instanceof OrgdeckError) {
      type(error.vendorCode).is<string | undefined>();
      type(error.requestId).is<string | undefined>();
      type(error.partial?.done).is<readonly string[] | undefined>();
      type(error.partial?.failed).is<readonly string[] | undefined>();
      type(error.partial?.rest).is<readonly string[] | undefined>();
    }
  }
}

// ------------------------------------------------------------------- objects and methods passed around

const { addMembers, dynamicSettings } = genesys.groups;
type(addMembers("g", [])).is<CallPromise<GenesysMembersReport>>();
type(dynamicSettings.get("g")).is<CallPromise<GenesysDynamicGroupDefinition>>();
class Derived extends Genesys {}
new Derived(options).free();

export {
  again,
  bounds,
  disposable,
  errors,
  found,
  knownType,
  lists,
  names,
  newExpand,
  newState,
  newType,
  newVisibility,
};
export { parameters, records, wanted };
