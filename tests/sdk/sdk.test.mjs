// The vendor's own SDK against the sandbox: all of its calls on groups, and what comes of them. A client that others
// wrote takes nothing for granted that only we believe.
//
//   npm ci --prefix tests/sdk && ORGDECK_SANDBOX=http://127.0.0.1:8787 node --test tests/sdk/*.test.mjs

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

const SANDBOX = process.env.ORGDECK_SANDBOX;
assert.ok(SANDBOX, "ORGDECK_SANDBOX is not set; `cargo xtask test sdk` sets it");
const { protocol, hostname, port } = new URL(SANDBOX);

// It reads settings from the home folder, which must not count here.
const home = mkdtempSync(join(tmpdir(), "orgdeck-sdk-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));
process.env.HOME = process.env.USERPROFILE = home;
const { default: sdk } = await import("purecloud-platform-client-v2");

const client = new sdk.ApiClientClass();
client.setGateway({ protocol: protocol.slice(0, -1), host: hostname, port: Number(port) });
client.setAccessToken("sandbox-genesys-token");
const groups = new sdk.GroupsApi(client);

/** The calls on groups that Orgdeck has too. */
const CALLS = [
  "deleteGroup",
  "deleteGroupDynamicsettings",
  "deleteGroupMembers",
  "getFieldconfig",
  "getGroup",
  "getGroupDynamicsettings",
  "getGroupIndividuals",
  "getGroupMembers",
  "getGroupProfile",
  "getGroups",
  "getGroupsSearch",
  "getProfilesGroups",
  "postGroupMembers",
  "postGroups",
  "postGroupsDynamicsettingsPreview",
  "postGroupsSearch",
  "putGroup",
  "putGroupDynamicsettings",
];
const used = new Set();
for (const name of CALLS) {
  const call = groups[name].bind(groups);
  groups[name] = (...given) => (used.add(name), call(...given));
}

const sandbox = (path, init) => fetch(`${SANDBOX}/_sandbox/${path}`, init);

/** Tells the sandbox what is to be different. */
async function tell(path, body) {
  const headers = { "content-type": "application/json" };
  const response = await sandbox(path, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(response.status, 200, await response.text());
}

/** The last request that the sandbox got. */
const last = async () => (await (await sandbox("requests?limit=1")).json()).requests[0];

async function eventually(check) {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const found = await check();
    if (found) return found;
    assert.ok(Date.now() < deadline, `it did not come to pass: ${check}`);
    await sleep(20);
  }
}

/** What a call rejects with: a plain error body. */
async function rejection(run) {
  let body;
  await assert.rejects(run, (thrown) => ((body = thrown), true));
  assert.ok(!(body instanceof Error), `${body}`);
  for (const name of ["message", "code", "status", "contextId", "details", "errors"]) assert.ok(name in body, name);
  return body;
}

const names = (listing) => listing.entities.map(({ name }) => name);
const ids = (listing) => listing.entities.map(({ id }) => id);
const newGroup = (more) =>
  groups.postGroups({ name: "Night shift", type: "official", rulesVisible: true, visibility: "public", ...more });

let people;

before(async () => {
  const users = new sdk.UsersApi(client);
  people = ids(await users.getUsers({ pageSize: 100 }));
  assert.equal(people.length, 100);
});

beforeEach(async () => {
  assert.equal((await sandbox("reset", { method: "POST" })).status, 204);
});

// ---------------------------------------------------------------------------------------------- reading

test("getGroups: pages, in either order, to the end", async () => {
  const first = await groups.getGroups();
  assert.deepEqual([first.pageSize, first.pageNumber, first.entities.length], [25, 1, 25]);
  assert.equal((await last()).path, "/api/v2/groups");
  assert.equal(first.pageCount, Math.ceil(first.total / 25));
  assert.equal(first.previousUri, undefined);
  assert.equal(first.nextUri, "/api/v2/groups?pageSize=25&pageNumber=2");

  const seen = [];
  for (let pageNumber = 1, count = 1; pageNumber <= count; pageNumber += 1) {
    const page = await groups.getGroups({ pageSize: 7, pageNumber, sortOrder: "descending" });
    count = page.pageCount;
    seen.push(...names(page));
    assert.equal("nextUri" in page, pageNumber < count);
  }
  assert.equal(seen.length, first.total);
  const all = names(await groups.getGroups({ pageSize: 500, sortOrder: "ascending" }));
  assert.deepEqual(all, seen.toReversed());
});

test("getGroups: some of them, by ids and by chat rooms", async () => {
  const page = await groups.getGroups({ pageSize: 5 });
  const wanted = ids(page).slice(1, 4);
  assert.deepEqual(ids(await groups.getGroups({ id: wanted })), wanted);
  assert.ok((await last()).path.endsWith(`?id=${wanted.join(",")}`));
  const rooms = page.entities.slice(1, 3).map(({ chat }) => chat.jabberId);
  assert.deepEqual(ids(await groups.getGroups({ jabberId: rooms })), wanted.slice(0, 2));
  const body = await rejection(() => groups.getGroups({ id: wanted, jabberId: rooms }));
  assert.deepEqual([body.status, body.code], [400, "bad.request"]);
  assert.equal((await rejection(() => groups.getGroups({ pageSize: 0 }))).code, "invalid.value");
});

test("getGroup: one that is in the list, and one that is not", async () => {
  const { entities } = await groups.getGroups({ pageSize: 1 });
  assert.deepEqual(await groups.getGroup(entities[0].id), entities[0]);
  for (const id of ["00000000-0000-4000-8000-000000000000", "a/b c?d#é"]) {
    const body = await rejection(() => groups.getGroup(id));
    assert.deepEqual([body.status, body.code], [404, "general.resource.not.found"]);
    assert.equal((await last()).path, `/api/v2/groups/${encodeURIComponent(id)}`);
  }
});

test("getGroupMembers: pages, in either order, with what was asked to come along", async () => {
  const [{ id }] = (await groups.getGroups({ pageSize: 100 })).entities.toSorted(
    (a, b) => b.memberCount - a.memberCount,
  );
  const group = await groups.getGroup(id);
  assert.ok(group.memberCount > 10);
  const options = { pageSize: 5, pageNumber: 2, sortOrder: "descending", expand: ["presence", "routingStatus"] };
  const page = await groups.getGroupMembers(id, options);
  assert.equal(page.total, group.memberCount);
  assert.equal(page.entities.length, 5);
  assert.match((await last()).path, /\?pageSize=5&pageNumber=2&sortOrder=descending&expand=presence,routingStatus$/);
  for (const user of page.entities) {
    assert.ok(user.presence.presenceDefinition, "presence");
    assert.ok(user.routingStatus.status, "routingStatus");
    assert.ok(!("skills" in user));
  }
  const plain = await groups.getGroupMembers(id, { pageSize: 500 });
  assert.ok(plain.entities.every((user) => user.name && user.email && !("presence" in user)));
  assert.deepEqual(ids(plain).toReversed().slice(5, 10), ids(page));
});

test("getGroupIndividuals: those who were added by name, without owners", async () => {
  const group = await newGroup({ ownerIds: people.slice(0, 2), includeOwners: true });
  await groups.postGroupMembers(group.id, { memberIds: people.slice(2, 5) });
  await eventually(async () => (await groups.getGroup(group.id)).memberCount === 5);
  assert.deepEqual(ids(await groups.getGroupIndividuals(group.id)).sort(), people.slice(2, 5).sort());
  assert.deepEqual(ids(await groups.getGroupMembers(group.id)).sort(), people.slice(0, 5).sort());
});

test("getGroupProfile and getProfilesGroups: with the fields of getFieldconfig", async () => {
  const config = await groups.getFieldconfig("group");
  assert.equal((await last()).path, "/api/v2/fieldconfig?type=group");
  const keys = config.sections.flatMap(({ fieldList }) => fieldList.map(({ key }) => key));
  assert.ok(keys.includes("name") && keys.includes("description"));
  assert.equal((await rejection(() => groups.getFieldconfig("animal"))).code, "bad.entity.type");

  const made = await newGroup();
  await groups.putGroup(made.id, { body: { version: made.version, description: "Those who are awake" } });
  const profile = await groups.getGroupProfile(made.id, { fields: keys.join(",") });
  assert.deepEqual([profile.id, profile.name, profile.description], [made.id, made.name, "Those who are awake"]);
  assert.ok(!("description" in (await groups.getGroupProfile(made.id))));
  assert.equal((await rejection(() => groups.getGroupProfile("nobody"))).code, "general.resource.not.found");

  const page = await groups.getProfilesGroups({ pageSize: 2, pageNumber: 2, sortOrder: "ascending" });
  assert.deepEqual(ids(page), ids(await groups.getGroups({ pageSize: 2, pageNumber: 2 })));
  const some = await groups.getProfilesGroups({ id: [made.id, ids(page)[0]] });
  assert.equal(some.total, 2);
});

// ---------------------------------------------------------------------------------------------- writing

test("postGroups: a group with all there is, but for its description", async () => {
  const made = await newGroup({
    description: "Ignored",
    state: "active",
    images: [{ resolution: "x96", imageUri: "https://example.com/x96.png" }],
    addresses: [{ address: "+4930901820", type: "GROUPRING", mediaType: "PHONE" }],
    visibility: "owners",
    ownerIds: people.slice(0, 2),
    rolesEnabled: false,
    includeOwners: false,
    callsEnabled: false,
    email: "night@example.com",
  });
  const read = await groups.getGroup(made.id);
  assert.deepEqual(read, made);
  assert.deepEqual(
    [made.name, made.type, made.state, made.visibility, made.version, made.memberCount],
    ["Night shift", "official", "active", "owners", 1, 0],
  );
  assert.deepEqual(
    made.owners.map(({ id }) => id),
    people.slice(0, 2),
  );
  assert.deepEqual([made.rolesEnabled, made.includeOwners, made.callsEnabled], [false, false, false]);
  assert.equal(made.addresses[0].address, "+4930901820");
  assert.equal(made.description, undefined);
  assert.equal(made.selfUri, `/api/v2/groups/${made.id}`);
  // Names need not be free.
  assert.notEqual((await newGroup()).id, made.id);

  for (const wrong of [{ name: undefined }, { type: "secret" }, { visibility: "ownerIds" }, { ownerIds: ["nobody"] }]) {
    assert.equal((await rejection(() => newGroup(wrong))).status, 400, JSON.stringify(wrong));
  }
});

test("putGroup: changes what it names, by version", async () => {
  const made = await newGroup({
    ownerIds: people.slice(0, 2),
    addresses: [{ address: "+4930901820", type: "GROUPRING", mediaType: "PHONE" }],
  });
  const body = { version: 1, description: "Those who are awake", visibility: "ownerIds", ownerIds: [] };
  const changed = await groups.putGroup(made.id, { body });
  assert.deepEqual(
    [changed.version, changed.description, changed.visibility, changed.name],
    [2, "Those who are awake", "owners", "Night shift"],
  );
  // An empty list of owners says nothing; one with a blank clears it. Addresses are cleared by an empty list.
  assert.equal(changed.owners.length, 2);
  assert.equal(changed.addresses.length, 1);
  const cleared = await groups.putGroup(made.id, {
    body: { version: 2, ownerIds: [" "], addresses: [], rulesVisible: false },
  });
  assert.deepEqual([cleared.version, cleared.owners, cleared.addresses, cleared.rulesVisible], [3, [], [], false]);
  assert.deepEqual(await groups.getGroup(made.id), cleared);
});

test("putGroup: an older version is a conflict, and nothing changes", async () => {
  const made = await newGroup();
  await groups.putGroup(made.id, { body: { version: 1, name: "Theirs" } });
  const error = await rejection(() => groups.putGroup(made.id, { body: { version: 1, name: "Mine" } }));
  assert.deepEqual([error.status, error.code], [409, "general.conflict"]);
  assert.match(error.message, /does not match the current version/);
  assert.equal((await groups.getGroup(made.id)).name, "Theirs");
  // Without a body, or a version, there is nothing to compare.
  assert.equal((await rejection(() => groups.putGroup(made.id))).status, 400);
  assert.equal((await rejection(() => groups.putGroup("nobody", { body: { version: 1 } }))).status, 404);
});

test("postGroupMembers and deleteGroupMembers: accepted at once, done a little later", async () => {
  const made = await newGroup();
  const count = async () => (await groups.getGroupMembers(made.id)).total;
  const added = await groups.postGroupMembers(made.id, { memberIds: people.slice(0, 50), version: made.version });
  assert.deepEqual(added, {});
  assert.equal((await last()).status, 202);
  await eventually(async () => (await count()) === 50);
  // Again is no mistake.
  await groups.postGroupMembers(made.id, { memberIds: people.slice(49, 51) });
  await eventually(async () => (await count()) === 51);

  await groups.deleteGroupMembers(made.id, people.slice(0, 49).join(","));
  const { path, status } = await last();
  assert.deepEqual([path, status], [`/api/v2/groups/${made.id}/members?ids=${people.slice(0, 49).join(",")}`, 202]);
  await eventually(async () => (await count()) === 2);
  assert.deepEqual(ids(await groups.getGroupMembers(made.id)).sort(), people.slice(49, 51).sort());
});

test("postGroupMembers and deleteGroupMembers: what they refuse", async () => {
  const made = await newGroup();
  const conflict = await rejection(() =>
    groups.postGroupMembers(made.id, { memberIds: people.slice(0, 1), version: 7 }),
  );
  assert.deepEqual([conflict.status, conflict.code], [409, "general.conflict"]);
  for (const [run, status] of [
    [() => groups.postGroupMembers(made.id, { memberIds: people.slice(0, 51) }), 400],
    [() => groups.postGroupMembers(made.id, { memberIds: ["nobody"] }), 400],
    [() => groups.postGroupMembers(made.id, {}), 400],
    [() => groups.postGroupMembers("nobody", { memberIds: [] }), 404],
    [() => groups.deleteGroupMembers(made.id, people.slice(0, 51).join(",")), 400],
    [() => groups.deleteGroupMembers("nobody", people[0]), 404],
  ]) {
    assert.equal((await rejection(run)).status, status, `${run}`);
  }
  await sleep(200);
  assert.equal((await groups.getGroupMembers(made.id)).total, 0);
});

test("deleteGroup: answered at once, gone a little later", async () => {
  const made = await newGroup();
  await groups.deleteGroup(made.id);
  const { status, body } = await last();
  assert.deepEqual([status, body], [200, null]);
  await eventually(async () => (await groups.getGroups({ id: [made.id] })).total === 0);
  const error = await eventually(() =>
    groups.getGroup(made.id).then(
      () => null,
      (error) => error,
    ),
  );
  assert.deepEqual([error.status, error.code], [404, "general.resource.not.found"]);
  assert.equal((await rejection(() => groups.deleteGroup(made.id))).status, 404);
});

test("dynamic settings: previewed, set, read and deleted, and people who come and go by them", async () => {
  const made = await newGroup();
  const { entities: skills } = await new sdk.RoutingApi(client).getRoutingSkills();
  const routingSkillConditions = [{ routingSkill: skills[0].id, comparator: "GreaterThanOrEqualTo", proficiency: 3 }];
  const query = { skillConditions: [{ routingSkillConditions, languageSkillConditions: [], operation: "And" }] };
  const { userCount } = await groups.postGroupsDynamicsettingsPreview(query);
  assert.ok(userCount > 0);

  assert.equal((await rejection(() => groups.getGroupDynamicsettings(made.id))).status, 404);
  assert.equal(await groups.putGroupDynamicsettings(made.id, query), undefined);
  const settings = await groups.getGroupDynamicsettings(made.id);
  assert.deepEqual([settings.group.id, settings.query], [made.id, query]);
  await eventually(async () => (await groups.getGroupMembers(made.id)).total === userCount);
  assert.equal((await groups.getGroupIndividuals(made.id)).total, 0);
  await groups.deleteGroupDynamicsettings(made.id);
  await eventually(async () => (await groups.getGroupMembers(made.id)).total === 0);
  assert.equal((await rejection(() => groups.putGroupDynamicsettings(made.id, { skillConditions: [] }))).status, 400);
});

// --------------------------------------------------------------------------------------------- searching

test("postGroupsSearch and getGroupsSearch: a search, and its pages by their links", async () => {
  const all = (await groups.getGroups({ pageSize: 500 })).entities;
  const official = all.filter(({ type }) => type === "official").map(({ name }) => name);
  assert.ok(official.length > 5 && official.length < all.length);
  const query = [{ type: "EXACT", fields: ["type"], value: "official" }];
  let page = await groups.postGroupsSearch({ pageSize: 4, pageNumber: 1, sortBy: "name", sortOrder: "DESC", query });
  assert.deepEqual([page.total, page.pageCount, page.pageSize], [official.length, Math.ceil(official.length / 4), 4]);
  assert.equal(page.previousPage, undefined);

  const q64Of = (link) => {
    assert.ok(link.startsWith("/api/v2/groups/search?q64="), link);
    return new URLSearchParams(link.slice(link.indexOf("?"))).get("q64");
  };
  const found = [...page.results];
  while (page.nextPage) {
    page = await groups.getGroupsSearch(q64Of(page.nextPage), {});
    found.push(...page.results);
  }
  assert.equal(page.pageNumber, page.pageCount);
  assert.deepEqual(
    found.map(({ name }) => name),
    sortedDown(official),
  );

  const back = await groups.getGroupsSearch(q64Of(page.previousPage), { expand: ["owners", "images"] });
  assert.equal(back.pageNumber, page.pageNumber - 1);
  const owners = back.results.flatMap((group) => group.owners);
  assert.ok(owners.length > 0 && owners.every(({ name, email }) => name && email));
  const again = await groups.getGroupsSearch(q64Of(back.currentPage));
  assert.deepEqual(
    again.results.map(({ id }) => id),
    back.results.map(({ id }) => id),
  );
});

const sortedDown = (list) => list.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? 1 : -1));

test("postGroupsSearch: nested criteria", async () => {
  const made = await newGroup({ name: "Zebra crossing", type: "social" });
  await newGroup({ name: "Zebra house" });
  const search = async (query) => (await groups.postGroupsSearch({ query })).results.map(({ name }) => name);
  const zebra = { type: "STARTS_WITH", fields: ["name"], value: "zebra" };
  assert.deepEqual(await search([zebra]), ["Zebra crossing", "Zebra house"]);
  assert.deepEqual(await search([zebra, { type: "EXACT", fields: ["type"], value: "social" }]), ["Zebra crossing"]);
  assert.deepEqual(await search([zebra, { type: "CONTAINS", fields: ["name"], value: "cross", operator: "NOT" }]), [
    "Zebra house",
  ]);
  const group = [
    { type: "EXACT", fields: ["id"], value: made.id, operator: "OR" },
    { type: "CONTAINS", fields: ["name"], value: "house", operator: "OR" },
  ];
  assert.deepEqual(await search([zebra, { type: "MATCH_ALL", group }]), ["Zebra crossing", "Zebra house"]);
  assert.deepEqual(await search([zebra, { type: "MATCH_ALL", group, operator: "NOT" }]), []);
  assert.deepEqual(await search([{ type: "TERMS", fields: ["id"], values: [made.id, "x"] }]), ["Zebra crossing"]);
  assert.equal((await rejection(() => groups.postGroupsSearch({ query: [{ type: "SOUNDS_LIKE" }] }))).status, 400);
  assert.equal((await rejection(() => groups.getGroupsSearch("eyJwYWdl+/=="))).status, 400);
});

// ----------------------------------------------------------------------------------------- who is calling

test("without a good token nothing is answered, and without rights nothing is changed", async () => {
  const as = (token) => {
    const other = new sdk.ApiClientClass();
    other.setGateway({ protocol: protocol.slice(0, -1), host: hostname, port: Number(port) });
    other.setAccessToken(token);
    return new sdk.GroupsApi(other);
  };
  const stranger = await rejection(() => as("nobody's").getGroups());
  assert.deepEqual([stranger.status, stranger.code], [401, "bad.credentials"]);
  const user = as("sandbox-genesys-user-token");
  const { entities } = await user.getGroups({ pageSize: 1 });
  const forbidden = await rejection(() => user.deleteGroup(entities[0].id));
  assert.equal(forbidden.status, 403);
  assert.match(forbidden.message, /directory:group:delete/);
});

test("a limit is refused in the vendor's words, to one token and not to another", async () => {
  await tell("limits", { genesys: "3/min" });
  for (let at = 0; at < 3; at += 1) await groups.getGroups({ pageSize: 1 });
  const error = await rejection(() => groups.getGroups());
  assert.equal(error.status, 429);
  assert.match(error.code, /^too\.many\.requests/);
  const [, seconds] = /Retry the request in \[(\d+)\] seconds/.exec(error.message);
  assert.ok(seconds > 0 && seconds <= 60, seconds);
  client.setAccessToken("sandbox-genesys-token~2");
  try {
    assert.equal((await groups.getGroups()).entities.length, 25);
  } finally {
    client.setAccessToken("sandbox-genesys-token");
  }
  const { tooManyRequests } = await (await sandbox("stats")).json();
  assert.equal(tooManyRequests, 1);
});

test("faults are answers that the SDK knows", async () => {
  const match = { path: "/api/v2/groups" };
  for (const [fault, status, code] of [
    [{ status: 503 }, 503, "service.unavailable"],
    [{ status: 500 }, 500, "internal.server.error"],
    [{ expireToken: true }, 401, "credentials.expired"],
  ]) {
    await tell("faults", [{ match, times: 1, ...fault }]);
    const error = await rejection(() => groups.getGroups());
    assert.deepEqual([error.status, error.code], [status, code]);
    assert.match(error.contextId, /^[\da-f-]{36}$/);
  }
  await tell("faults", []);
  assert.equal((await groups.getGroups()).entities.length, 25);
});

test("a group that comes while the pages are read comes to whoever counts", async () => {
  const { total } = await groups.getGroups({ pageSize: 10 });
  await tell("faults", [
    { match: { path: "/api/v2/groups", query: "pageNumber=2" }, times: 1, records: { insert: 1 } },
  ]);
  const pages = [];
  for (let pageNumber = 1; pageNumber <= 4; pageNumber += 1)
    pages.push(await groups.getGroups({ pageSize: 10, pageNumber }));
  assert.deepEqual(
    pages.map((page) => page.total),
    [total, total + 1, total + 1, total + 1],
  );
  // The last of the first page once more, at the start of the second.
  const found = pages.flatMap(ids);
  assert.equal(found[10], found[9]);
  assert.equal(new Set(found).size, found.length - 1);
});

test("the SDK's own sign-in by PKCE works, and its token is good", async () => {
  const app = new sdk.ApiClientClass();
  app.setGateway({ protocol: protocol.slice(0, -1), host: hostname, port: Number(port) });
  const verifier = app.generatePKCECodeVerifier(128);
  const redirect_uri = "http://localhost:4200/";
  const form = {
    client_id: "orgdeck-console",
    redirect_uri,
    response_type: "code",
    code_challenge: await app.computePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    person: "admin",
    decision: "allow",
  };
  const init = { method: "POST", body: new URLSearchParams(form), redirect: "manual" };
  const response = await fetch(`${SANDBOX}/oauth/authorize`, init);
  const code = new URL(response.headers.get("location")).searchParams.get("code");

  await assert.rejects(() => app.authorizePKCEGrant("orgdeck-console", `${verifier.slice(1)}x`, code, redirect_uri));
  const { accessToken, tokenExpiryTime } = await app.authorizePKCEGrant(
    "orgdeck-console",
    verifier,
    code,
    redirect_uri,
  );
  assert.ok(accessToken && Math.abs(tokenExpiryTime - Date.now() - 86_400_000) < 10_000);
  const { OAuthClient } = await new sdk.TokensApi(app).getTokensMe();
  assert.equal(OAuthClient.id, "orgdeck-console");
  assert.equal((await new sdk.GroupsApi(app).getGroups()).pageNumber, 1);
});

test("all calls were made", () => {
  assert.equal(CALLS.length, 18);
  assert.deepEqual([...used].sort(), CALLS);
});
