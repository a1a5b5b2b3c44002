// What goes over the wire to Genesys: for each operation the request of the vendor's own SDK for the same arguments,
// and where Orgdeck differs on purpose.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GENESYS, GENESYS_TOKEN, genesysOffline, refused, start, testThatNothingLeaked } from "./helper.mjs";

await start();

// What fits most operations.
const ANSWER = {
  ...{ id: "g", name: "n", type: "official", rulesVisible: true, visibility: "public", version: 1 },
  ...{ entities: [], results: [], total: 0, pageCount: 0 },
  ...{ group: { id: "g" }, query: { skillConditions: [] }, userCount: 3 },
};
const answer = ({ method, path }) => {
  if (path.includes("fieldconfig")) return { id: "g", version: "1", sections: [] };
  return method === "DELETE" || /PUT.*dynamic/.test(method + path) ? new Response(null, { status: 200 }) : ANSWER;
};

/** The requests that something sends. */
async function wire(run) {
  const { genesys, calls } = genesysOffline(answer);
  await run(genesys);
  return calls;
}

/** A request line as what it means: how its parts are encoded is free, and in what order its parameters come. */
function meaning(line) {
  const [method, target] = line.split(" ");
  const { pathname, searchParams, hash } = new URL(target, GENESYS);
  const query = [...searchParams].sort(([one], [other]) => (one < other ? -1 : 1));
  return { method, path: pathname.split("/").map(decodeURIComponent), query, hash };
}

const meaningOf = ({ method, url }) => {
  assert.ok(url.startsWith(`${GENESYS}/api/v2/`), url);
  return meaning(`${method} ${url}`);
};

const GROUP = { name: "Süd & Co", type: "official", rulesVisible: false, visibility: "owners", ownerIds: ["u1"] };
const PATCH = { version: 4, name: "n", rulesVisible: false, addresses: [], visibility: "ownerIds", state: "inactive" };
const SEARCH = {
  query: [
    { type: "EXACT", fields: ["name"], value: 'é"\\\u2028' },
    { type: "MATCH_ALL", operator: "NOT", group: [{ type: "TERMS", fields: ["a", "b"], values: ["x", "y"] }] },
    { type: "EXACT", fields: ["d"], startValue: "1", endValue: "2", dateFormat: "yyyy", operator: "OR" },
  ],
  ...{ sortOrder: "DESC", sortBy: "name", sort: [{ sortBy: "x", sortOrder: "ASC" }], pageSize: 7, pageNumber: 2 },
};

// As recorded from the vendor's SDK for JavaScript, version 262: the contract, section 4.
const recorded = {
  "getGroups()": [(genesys) => genesys.groups.list().first(), "GET /api/v2/groups"],
  "getGroups(opts)": [
    ({ groups }) =>
      groups.list({ pageSize: 100, pageNumber: 2, id: ["a1", "b2 c", "d,e"], sortOrder: "descending" }).first(),
    "GET /api/v2/groups?pageSize=100&pageNumber=2&id=a1,b2+c,d,e&sortOrder=descending",
  ],
  "getGroups({ jabberId })": [
    ({ groups }) => groups.list({ jabberId: ["x@conference.y.com", "z"] }).first(),
    "GET /api/v2/groups?jabberId=x%40conference.y.com,z",
  ],
  "getGroup(groupId)": [({ groups }) => groups.get("a/b c?d#é"), "GET /api/v2/groups/a%2Fb%20c%3Fd%23%C3%A9"],
  "postGroups(body)": [({ groups }) => groups.create(GROUP), "POST /api/v2/groups", GROUP],
  "putGroup(groupId, { body })": [({ groups }) => groups.update("g 1", PATCH), "PUT /api/v2/groups/g%201", PATCH],
  "deleteGroup(groupId)": [({ groups }) => groups.delete("g1"), "DELETE /api/v2/groups/g1"],
  "getGroupMembers(groupId, opts)": [
    ({ groups }) =>
      groups
        .members("g1", { pageSize: 50, pageNumber: 1, sortOrder: "ascending", expand: ["presence", "routingStatus"] })
        .first(),
    "GET /api/v2/groups/g1/members?pageSize=50&pageNumber=1&sortOrder=ascending&expand=presence,routingStatus",
  ],
  "postGroupMembers(groupId, body)": [
    ({ groups }) => groups.addMembers("g1", ["u1", "u2"], { version: 4 }),
    "POST /api/v2/groups/g1/members",
    { memberIds: ["u1", "u2"], version: 4 },
  ],
  "deleteGroupMembers(groupId, ids)": [
    ({ groups }) => groups.removeMembers("g1", ["u1", "u2"]),
    "DELETE /api/v2/groups/g1/members?ids=u1,u2",
  ],
  "getGroupIndividuals(groupId)": [({ groups }) => groups.individuals("g1"), "GET /api/v2/groups/g1/individuals"],
  "getGroupProfile(groupId, { fields })": [
    ({ groups }) => groups.profile("g1", { fields: ["name", "description"] }),
    "GET /api/v2/groups/g1/profile?fields=name,description",
  ],
  "getProfilesGroups(opts)": [
    ({ profiles }) => profiles.groups({ pageSize: 25, pageNumber: 1, id: ["a", "b"], sortOrder: "ascending" }).first(),
    "GET /api/v2/profiles/groups?pageSize=25&pageNumber=1&id=a,b&sortOrder=ascending",
  ],
  "getFieldconfig(type)": [(genesys) => genesys.fieldConfig("group"), "GET /api/v2/fieldconfig?type=group"],
  "postGroupsSearch(body)": [({ groups }) => groups.search(SEARCH).first(), "POST /api/v2/groups/search", SEARCH],
  "getGroupsSearch(q64, { expand })": [
    ({ groups }) => groups.searchByQ64("eyJwYWdl+/==", { expand: ["owners", "images"] }).first(),
    "GET /api/v2/groups/search?q64=eyJwYWdl%2B%2F%3D%3D&expand=owners,images",
  ],
};

// What the SDK has no name for, or not in the recording: by the vendor's own definitions.
const RULE = {
  skillConditions: [
    {
      routingSkillConditions: [{ routingSkill: "s1", comparator: "GreaterThan", proficiency: 0 }],
      ...{ languageSkillConditions: [], operation: "And" },
    },
  ],
};
const further = {
  "dynamicSettings.get": [({ groups }) => groups.dynamicSettings.get("g1"), "GET /api/v2/groups/g1/dynamicsettings"],
  "dynamicSettings.set": [
    ({ groups }) => groups.dynamicSettings.set("g1", RULE),
    "PUT /api/v2/groups/g1/dynamicsettings",
    RULE,
  ],
  "dynamicSettings.delete": [
    ({ groups }) => groups.dynamicSettings.delete("g1"),
    "DELETE /api/v2/groups/g1/dynamicsettings",
  ],
  "dynamicSettings.preview": [
    ({ groups }) => groups.dynamicSettings.preview(RULE),
    "POST /api/v2/groups/dynamicsettings/preview",
    RULE,
  ],
  "list, with zeros and false": [
    (genesys) =>
      genesys
        .list("/api/v2/users", { pageSize: 0, pageNumber: 0, full: false, id: ["a", 0, false], q: "é&=+" })
        .first(),
    "GET /api/v2/users?pageSize=0&pageNumber=0&full=false&id=a,0,false&q=%C3%A9%26%3D%2B",
  ],
  "request, with zeros and false": [
    (genesys) =>
      genesys.request({ method: "GET", path: "/api/v2/users/u1", query: { version: 0, force: false, id: [0, false] } }),
    "GET /api/v2/users/u1?version=0&force=false&id=0,false",
  ],
  "request, with a body": [
    (genesys) => genesys.request({ method: "POST", path: "/api/v2/greetings", body: { a: 0, b: false, c: null } }),
    "POST /api/v2/greetings",
    { a: 0, b: false, c: null },
  ],
  "request, with a body that is false": [
    (genesys) => genesys.request({ method: "PUT", path: "/api/v2/x", body: false }),
    "PUT /api/v2/x",
    false,
  ],
};

for (const [name, [run, line, body]] of Object.entries({ ...recorded, ...further })) {
  test(`${name}: ${line.slice(0, 60)}`, async () => {
    const calls = await wire(run);
    assert.equal(calls.length, 1);
    const [call] = calls;
    assert.deepEqual(meaningOf(call), meaning(line));
    // As text, so that neither an order nor a number is written in another way.
    assert.equal(call.body, body === undefined ? undefined : JSON.stringify(body));
    const { "content-type": type, ...rest } = call.headers;
    assert.equal(type, body === undefined ? undefined : "application/json");
    assert.deepEqual(rest, { accept: "application/json", authorization: `Bearer ${GENESYS_TOKEN}` });
  });
}

test("the recording covers all 14 operations of the vendor's documentation", () => {
  const names = new Set(Object.keys(recorded).map((name) => name.split("(")[0]));
  assert.equal(names.size, 14);
});

// ------------------------------------------------------------------------- where Orgdeck differs on purpose

/** Refuses, and sends nothing. */
async function refusedUnsent(run, message) {
  const { genesys, calls } = genesysOffline(answer);
  await refused(() => run(genesys), message);
  assert.deepEqual(calls, []);
}

const lists = {
  "groups.list": (genesys, query) => genesys.groups.list(query),
  "groups.members": (genesys, query) => genesys.groups.members("g1", query),
  "profiles.groups": (genesys, query) => genesys.profiles.groups(query),
  "groups.search": (genesys, query) => genesys.groups.search(query),
};

for (const [name, list] of Object.entries(lists)) {
  test(`${name}: what the SDK sends as \`pageSize=0\` or \`pageSize=\` is refused`, async () => {
    for (const member of ["pageSize", "pageNumber"]) {
      for (const value of [0, -1, 1.5, null, NaN, Infinity, "25", [25], true, 2 ** 53, -(2 ** 31)]) {
        await refusedUnsent((genesys) => list(genesys, { [member]: value }).first(), new RegExp(`${name}.*${member}`));
      }
    }
  });
}

test("empty lists, which the SDK sends as `id=`, are refused", async () => {
  for (const [list, member] of [
    ["groups.list", "id"],
    ["groups.list", "jabberId"],
    ["profiles.groups", "id"],
    ["profiles.groups", "jabberId"],
    ["groups.members", "expand"],
  ]) {
    for (const value of [[], [""], ["a", ""], null, "a", [5], [null]]) {
      await refusedUnsent((genesys) => lists[list](genesys, { [member]: value }).first(), new RegExp(member));
    }
  }
  for (const expand of [[], [""], null, "owners"]) {
    await refusedUnsent(({ groups }) => groups.searchByQ64("H4sI", { expand }).first(), /expand/);
  }
  for (const fields of [[], [""], null, "name"]) {
    await refusedUnsent(({ groups }) => groups.profile("g1", { fields }), /fields/);
  }
  for (const id of [[], [""]]) {
    await refusedUnsent((genesys) => genesys.list("/api/v2/users", { id }).first(), /id/);
    await refusedUnsent((genesys) => genesys.request({ method: "GET", path: "/api/v2/users", query: { id } }), /id/);
  }
});

test("an update of nothing, which the SDK sends without a body, is not offered", async () => {
  for (const patch of [undefined, null, {}, [], "n", 5]) {
    await refusedUnsent(({ groups }) => groups.update("g1", patch), /groups\.update/);
  }
});

test("what is undefined counts as left out", async () => {
  const [call] = await wire(({ groups }) => groups.list({ pageSize: undefined, id: undefined }).first());
  assert.equal(call.url, `${GENESYS}/api/v2/groups`);
  const [put] = await wire(({ groups }) => groups.update("g1", { version: 4, name: undefined }));
  assert.equal(put.body, '{"version":4}');
});

test("commas within an id are told from those between ids, for servers that look", async () => {
  const [call] = await wire(({ groups }) => groups.list({ id: ["a,b", "c"] }).first());
  assert.match(call.url, /\?id=a%2Cb,c$/);
});

test("no id changes the path's shape", async () => {
  for (const id of ["a/b", "../x", "...", "a?b", "a#b", "a%2Fb", "%2e%2e", "a\\b", "é ", "a;b", "\n", "a:b@c"]) {
    const [{ url }] = await wire(({ groups }) => groups.individuals(id));
    const parts = new URL(url).pathname.split("/");
    assert.deepEqual([...parts.slice(0, 4), ...parts.slice(5)], ["", "api", "v2", "groups", "individuals"]);
    assert.equal(decodeURIComponent(parts[4]), id);
  }
  // What every URL's reader takes for a step.
  for (const id of ["", ".", ".."]) await refusedUnsent(({ groups }) => groups.individuals(id), /groupId/);
});

testThatNothingLeaked();
