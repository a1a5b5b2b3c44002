// Every operation of Genesys once, against the sandbox: what it sends, and what it gives. Then what the vendor does
// otherwise than one would think, and what Orgdeck makes of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  api,
  arrived,
  entities,
  eventually,
  failure,
  GENESYS,
  genesysClient,
  genesysOffline,
  queue,
  refused,
  requests,
  sent,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
const genesys = genesysClient();

const GROUPS = "/api/v2/groups";
const ids = (items) => items.map(({ id }) => id);
/** All of a list, page after page, so that its requests come in order. */
const listed = async (pages) => (await pages.all({ concurrency: 1 })).items;

/** What the seed put into the sandbox, asked for past the package. */
const groups = await entities(GROUPS);
const users = await entities("/api/v2/users");
// Owned by several, with members enough for pages and with strangers enough for several requests.
const group = groups.find(
  ({ owners, memberCount, state }) => owners.length > 1 && memberCount > 20 && memberCount < 100 && state === "active",
);
const path = `${GROUPS}/${group.id}`;
const members = await entities(`${path}/members`);
const individuals = (await api("GET", `${path}/individuals`)).entities;
const strangers = users.filter(({ id, state }) => state === "active" && !ids(members).includes(id));
const small = groups.find(({ memberCount, state }) => memberCount < 20 && state === "active");
const skill = (await entities("/api/v2/routing/skills"))[0];

/** A group to be made. */
const NEW = { name: "Neu", type: "official", rulesVisible: true, visibility: "public" };
const get = (id) => api("GET", `${GROUPS}/${id}`);
const individualIds = async (id) => ids((await api("GET", `${GROUPS}/${id}/individuals`)).entities).sort();
const isGone = async (id) => (await listed(genesys.groups.list({ id: [id] }))).length === 0;

const RULE = {
  skillConditions: [
    {
      routingSkillConditions: [{ routingSkill: skill.id, comparator: "GreaterThanOrEqualTo", proficiency: 3 }],
      languageSkillConditions: [],
      operation: "And",
    },
  ],
};

// For each operation: how it is called, what is to arrive at the sandbox, and what it is to give.
const operations = {
  "groups.list": {
    run: () => listed(genesys.groups.list()),
    // 25 a page, which is what Genesys gives unless it is told otherwise.
    wire: [
      ["GET", GROUPS],
      ["GET", `${GROUPS}?pageNumber=2`],
    ],
    check: (found) => assert.deepEqual(found, groups),
  },
  "groups.get": {
    run: () => genesys.groups.get(group.id),
    wire: ["GET", path],
    check: (found) => assert.deepEqual(found, group),
  },
  "groups.create": {
    run: () =>
      genesys.groups.create({
        ...{ name: "Süd 新", type: "social", rulesVisible: false, visibility: "members", callsEnabled: false },
        addresses: [{ address: "+15550100", type: "GROUPRING", mediaType: "PHONE" }],
        ownerIds: [users[0].id],
      }),
    wire: [
      "POST",
      GROUPS,
      {
        ...{ name: "Süd 新", type: "social", rulesVisible: false, visibility: "members", callsEnabled: false },
        addresses: [{ address: "+15550100", type: "GROUPRING", mediaType: "PHONE" }],
        ownerIds: [users[0].id],
      },
    ],
    check: async (made) => {
      const { name, type, rulesVisible, visibility, callsEnabled, version, owners, addresses } = made;
      assert.deepEqual(
        {
          name,
          type,
          rulesVisible,
          visibility,
          callsEnabled,
          version,
          owners: ids(owners),
          phone: addresses[0].address,
        },
        {
          ...{ name: "Süd 新", type: "social", rulesVisible: false, visibility: "members", callsEnabled: false },
          ...{ version: 1, owners: [users[0].id], phone: "+15550100" },
        },
      );
      assert.deepEqual(await get(made.id), made);
    },
  },
  "groups.update": {
    run: () =>
      genesys.groups.update(group.id, { version: group.version, name: "Neu", rulesVisible: !group.rulesVisible }),
    wire: ["PUT", path, { version: group.version, name: "Neu", rulesVisible: !group.rulesVisible }],
    check: async (changed) => {
      const { dateModified, ...rest } = changed;
      const { dateModified: before, ...was } = group;
      assert.deepEqual(rest, { ...was, version: group.version + 1, name: "Neu", rulesVisible: !group.rulesVisible });
      assert.ok(dateModified > before);
      assert.deepEqual(await get(group.id), changed);
    },
  },
  "groups.delete": {
    run: () => genesys.groups.delete(group.id),
    wire: ["DELETE", path],
    check: async (nothing) => {
      assert.equal(nothing, undefined);
      await eventually(() => isGone(group.id));
    },
  },
  "groups.members": {
    run: () => listed(genesys.groups.members(group.id, { pageSize: Math.ceil(members.length / 2) })),
    wire: [
      ["GET", `${path}/members?pageSize=${Math.ceil(members.length / 2)}`],
      ["GET", `${path}/members?pageSize=${Math.ceil(members.length / 2)}&pageNumber=2`],
    ],
    check: (found) => assert.deepEqual(found, members),
  },
  "groups.individuals": {
    run: () => genesys.groups.individuals(group.id),
    wire: ["GET", `${path}/individuals`],
    check: (found) => assert.deepEqual(found, individuals),
  },
  "groups.addMembers": {
    run: () => genesys.groups.addMembers(group.id, ids(strangers.slice(0, 2)), { version: group.version }),
    wire: ["POST", `${path}/members`, { memberIds: ids(strangers.slice(0, 2)), version: group.version }],
    check: async (report) => {
      const memberIds = ids(strangers.slice(0, 2));
      assert.deepEqual(report, { done: memberIds, duplicates: 0, chunks: [{ memberIds, status: 202 }] });
      await eventually(async () => (await individualIds(group.id)).length === individuals.length + 2);
    },
  },
  "groups.removeMembers": {
    run: () => genesys.groups.removeMembers(group.id, ids(individuals.slice(0, 2))),
    wire: ["DELETE", `${path}/members?ids=${ids(individuals.slice(0, 2))}`],
    check: async (report) => {
      const memberIds = ids(individuals.slice(0, 2));
      assert.deepEqual(report, { done: memberIds, duplicates: 0, chunks: [{ memberIds, status: 202 }] });
      const rest = ids(individuals.slice(2)).sort();
      await eventually(async () => (await individualIds(group.id)).length === rest.length);
      assert.deepEqual(await individualIds(group.id), rest);
    },
  },
  "groups.search": {
    run: () => listed(genesys.groups.search({ where: { exact: group.name, fields: "name" }, pageSize: 5 })),
    wire: [
      "POST",
      `${GROUPS}/search`,
      { query: [{ type: "EXACT", fields: ["name"], value: group.name }], pageSize: 5 },
    ],
    check: (found) =>
      assert.deepEqual(
        found,
        groups.filter(({ name }) => name === group.name),
      ),
  },
  "groups.searchByQ64": {
    run: async () => {
      const query = [{ type: "EXACT", fields: ["name"], value: group.name }];
      const { currentPage } = await api("POST", `${GROUPS}/search`, { query });
      const q64 = new URL(currentPage, GENESYS).searchParams.get("q64");
      return { q64, found: await listed(genesys.groups.searchByQ64(q64, { expand: ["owners"] })) };
    },
    wire: ({ q64 }) => [
      ["POST", `${GROUPS}/search`, { query: [{ type: "EXACT", fields: ["name"], value: group.name }] }],
      ["GET", `${GROUPS}/search?q64=${encodeURIComponent(q64)}&expand=owners`],
    ],
    check: ({ found }) => {
      assert.deepEqual(ids(found), [group.id]);
      // Expanded, they have names.
      assert.deepEqual(ids(found[0].owners), ids(group.owners));
      for (const owner of found[0].owners) assert.equal(owner.name, users.find(({ id }) => id === owner.id).name);
    },
  },
  "groups.profile": {
    run: () => genesys.groups.profile(group.id, { fields: ["name", "description"] }),
    wire: ["GET", `${path}/profile?fields=name,description`],
    check: ({ id, name, version, description }) =>
      assert.deepEqual([id, name, version, description], [group.id, group.name, group.version, group.description]),
  },
  "groups.dynamicSettings.get": {
    run: async () => {
      await api("PUT", `${path}/dynamicsettings`, RULE);
      return genesys.groups.dynamicSettings.get(group.id);
    },
    wire: [
      ["PUT", `${path}/dynamicsettings`, RULE],
      ["GET", `${path}/dynamicsettings`],
    ],
    check: (definition) => assert.deepEqual([definition.group.id, definition.query], [group.id, RULE]),
  },
  "groups.dynamicSettings.set": {
    run: () => genesys.groups.dynamicSettings.set(group.id, RULE),
    wire: ["PUT", `${path}/dynamicsettings`, RULE],
    check: async (nothing) => {
      assert.equal(nothing, undefined);
      assert.deepEqual((await api("GET", `${path}/dynamicsettings`)).query, RULE);
    },
  },
  "groups.dynamicSettings.delete": {
    run: async () => {
      await api("PUT", `${path}/dynamicsettings`, RULE);
      return genesys.groups.dynamicSettings.delete(group.id);
    },
    wire: [
      ["PUT", `${path}/dynamicsettings`, RULE],
      ["DELETE", `${path}/dynamicsettings`],
    ],
    check: async (nothing) => {
      assert.equal(nothing, undefined);
      await failure(orgdeck.NotFoundError, genesys.groups.dynamicSettings.get(group.id));
    },
  },
  "groups.dynamicSettings.preview": {
    run: () => genesys.groups.dynamicSettings.preview(RULE),
    wire: ["POST", `${GROUPS}/dynamicsettings/preview`, RULE],
    check: async (preview) => {
      assert.deepEqual(preview, { userCount: preview.userCount });
      const all = await entities("/api/v2/users?expand=skills&state=any");
      const good = all.filter(({ state, skills }) =>
        skills?.some(({ id, proficiency }) => state === "active" && id === skill.id && proficiency >= 3),
      );
      assert.ok(good.length > 0);
      assert.equal(preview.userCount, good.length);
    },
  },
  "profiles.groups": {
    run: () => listed(genesys.profiles.groups({ pageSize: 30 })),
    wire: [
      ["GET", "/api/v2/profiles/groups?pageSize=30"],
      ["GET", "/api/v2/profiles/groups?pageSize=30&pageNumber=2"],
    ],
    check: (profiles) => {
      const facts = ({ id, name, state, version }) => ({ id, name, state, version });
      assert.deepEqual(profiles.map(facts), groups.map(facts));
    },
  },
  fieldConfig: {
    run: () => genesys.fieldConfig("group"),
    wire: ["GET", "/api/v2/fieldconfig?type=group"],
    check: ({ entityType, version, sections }) => {
      assert.equal(entityType, "group");
      // A text here, where everything else has a number.
      assert.equal(typeof version, "string");
      const keys = sections.flatMap(({ fieldList }) => fieldList.map(({ key }) => key));
      assert.ok(keys.includes("name") && keys.includes("description"), keys.join());
    },
  },
};

/** A path with its parameters in the order of their names, for theirs is free. */
function ordered(path) {
  const { pathname, searchParams } = new URL(path, GENESYS);
  searchParams.sort();
  return searchParams.size ? `${pathname}?${searchParams}` : pathname;
}

for (const [name, { run, wire, check }] of Object.entries(operations)) {
  test(name, async () => {
    const { result, requests } = await sent(run);
    const expected = typeof wire === "function" ? wire(result) : wire;
    assert.deepEqual(
      requests.map(({ method, path, body }) =>
        body === null ? [method, ordered(path)] : [method, ordered(path), body],
      ),
      (Array.isArray(expected[0]) ? expected : [expected]).map(([method, path, ...body]) => [
        method,
        ordered(path),
        ...body,
      ]),
    );
    for (const { headers, status } of requests) {
      assert.ok(status >= 200 && status < 300, `${status}`);
      assert.equal(headers.authorization, "Bearer ***");
    }
    await check(result);
  });
}

test("there are 18 operations, and each is tested above", () => {
  const methods = [];
  const walk = (object, prefix) => {
    for (const [name, value] of Object.entries(object)) {
      if (typeof value === "function") methods.push(prefix + name);
      else walk(value, `${prefix}${name}.`);
    }
  };
  walk(Object.fromEntries(Object.entries(genesys)), "");
  assert.equal(methods.length, 18);
  assert.deepEqual(methods.sort(), Object.keys(operations).sort());
});

test("methods can be passed around on their own, and nothing replaces them", async () => {
  const { get, members } = genesys.groups;
  assert.deepEqual(await get(group.id), group);
  assert.equal((await members(group.id).first()).total, group.memberCount);
  assert.throws(() => (genesys.groups.get = () => {}), TypeError);
  assert.throws(() => (genesys.groups.dynamicSettings.get = () => {}), TypeError);
});

test("what Orgdeck does not know of a record reaches the caller", async () => {
  const found = await genesys.groups.get(group.id);
  assert.match(found.chat.jabberId, /@conference\./, "a field that Genesys does not document");
});

test("fields of members that are asked for are there", async () => {
  const { items } = await genesys.groups.members(group.id, { pageSize: 5, expand: ["presence", "skills"] }).first();
  for (const user of items) {
    assert.ok(user.presence && Array.isArray(user.skills) && user.routingStatus === undefined, JSON.stringify(user));
  }
});

test("owners are told from those who were added one by one", async () => {
  const all = new Set(ids(await listed(genesys.groups.members(group.id, { pageSize: 100 }))));
  const added = new Set(ids(await genesys.groups.individuals(group.id)));
  for (const id of added) assert.ok(all.has(id));
  for (const { id } of group.owners) assert.ok(all.has(id) && group.includeOwners);
});

test("lists are narrowed to ids and rooms, and turned around", async () => {
  const some = groups.slice(3, 6);
  assert.deepEqual(await listed(genesys.groups.list({ id: ids(some) })), some);
  assert.deepEqual(await listed(genesys.groups.list({ jabberId: some.map(({ chat }) => chat.jabberId) })), some);
  assert.deepEqual(await listed(genesys.groups.list({ sortOrder: "descending" })), groups.toReversed());
  assert.deepEqual(ids(await listed(genesys.profiles.groups({ id: ids(some) }))), ids(some));
  const down = await listed(genesys.groups.members(group.id, { sortOrder: "descending", pageSize: 100 }));
  assert.deepEqual(ids(down), ids(members).toReversed());
});

test("request() reaches any endpoint, list() any list", async () => {
  const me = await genesys.request({ method: "GET", path: "/api/v2/users/me" });
  assert.match(me.email, /@example\./);
  assert.deepEqual(
    await listed(genesys.list("/api/v2/routing/skills", { pageSize: 3 })),
    await entities("/api/v2/routing/skills"),
  );
  const made = await genesys.request({
    ...{ method: "POST", path: GROUPS },
    body: { name: "By hand", type: "official", rulesVisible: true, visibility: "public" },
  });
  assert.equal((await get(made.id)).name, "By hand");
  assert.equal(await genesys.request({ method: "DELETE", path: `${GROUPS}/${made.id}` }), undefined);
});

test("a search is sorted as it was asked to be, on all its pages", async () => {
  const { items } = await genesys.groups.search({ sortBy: "memberCount", sortOrder: "DESC", pageSize: 15 }).all();
  const counts = items.map(({ memberCount }) => memberCount);
  assert.deepEqual(
    counts,
    groups.map(({ memberCount }) => memberCount).sort((one, other) => other - one),
  );
  const sort = [{ sortBy: "type", sortOrder: "DESC" }, { sortBy: "version" }];
  const both = await listed(genesys.groups.search({ sort, pageSize: 15 }));
  const keys = both.map(({ type, version }) => [type, version]);
  const expected = groups.map(({ type, version }) => [type, version]);
  assert.deepEqual(
    keys,
    expected.sort(([a, b], [c, d]) => (a === c ? b - d : a < c ? 1 : -1)),
  );
});

test("events and errors call an operation by its name in the API, and what it takes besides by its own", async () => {
  const heard = [];
  const own = genesysClient({
    onEvent: ({ type, operation, method }) => type === "request" && heard.push(`${method} ${operation}`),
  });
  const { id } = await own.groups.create({ ...NEW, description: "d" });
  await own.groups.update(id, { version: "latest", name: "n" });
  await own.groups.removeMembers(id, ["u"]);
  await own.groups.search({ pageSize: 30 }).all();
  const body = { message: "No." };
  await queue({ method: "DELETE", path: GROUPS, status: 403, body });
  const error = await failure(orgdeck.PermissionError, own.groups.delete(id, { wait: true }));
  assert.match(error.message, /^groups\.delete failed with 403/);
  await refused(() => own.groups.update(id, { version: "latest", name: "" }), /^groups\.update: .*name/);
  assert.deepEqual(heard, [
    "POST groups.create",
    "PUT groups.update",
    "GET groups.get",
    "PUT groups.update",
    "DELETE groups.removeMembers",
    "POST groups.search",
    "GET groups.searchByQ64",
    "DELETE groups.delete",
  ]);
});

// ----------------------------------------------------------------------------------------- making a group

test("a description is told in a second request, because Genesys ignores it in the first", async () => {
  const group = { ...NEW, description: 'Für "alle"' };
  const { result, requests } = await sent(() => genesys.groups.create(group));
  assert.deepEqual(
    requests.map(({ method, path, body }) => [method, path, body]),
    [
      ["POST", GROUPS, group],
      ["PUT", `${GROUPS}/${result.id}`, { description: group.description, version: 1 }],
    ],
  );
  assert.deepEqual([result.description, result.version], [group.description, 2]);
  assert.deepEqual(await get(result.id), result);
});

test("without a description, or with an empty one, there is one request", async () => {
  for (const description of [undefined, ""]) {
    const { result, requests } = await sent(() => genesys.groups.create({ ...NEW, description }));
    assert.deepEqual([requests.length, result.version], [1, 1]);
  }
});

test("should Genesys take the description one day, there is one request", async () => {
  const { genesys, calls } = genesysOffline(({ body }) => ({ ...JSON.parse(body), id: "g", version: 1 }));
  assert.equal((await genesys.groups.create({ ...NEW, description: "d" })).description, "d");
  assert.equal(calls.length, 1);
});

test("a description goes to the version there is, when somebody else was quicker", async () => {
  await queue({
    method: "PUT",
    path: GROUPS,
    status: 409,
    body: { message: "other version", code: "general.conflict" },
  });
  const { result, requests } = await sent(() => genesys.groups.create({ ...NEW, description: "d" }));
  assert.equal(result.description, "d");
  assert.deepEqual(
    requests.map(({ method, status }) => [method, status]),
    [
      ["POST", 200],
      ["PUT", 409],
      ["GET", 200],
      ["PUT", 200],
    ],
  );
});

test("a group that is not known everywhere yet is described all the same", async () => {
  await queue({ method: "PUT", path: GROUPS, status: 404, body: { message: "Not yet", code: "not.found" } });
  assert.equal((await genesys.groups.create({ ...NEW, description: "d" })).description, "d");
});

test("when the second request fails, the error has the id of the group that was made", async () => {
  await queue({ method: "PUT", path: GROUPS, status: 403, body: { message: "No.", code: "not.authorized" } });
  const error = await failure(orgdeck.PermissionError, genesys.groups.create({ ...NEW, description: "d" }));
  const [id] = error.partial.done;
  assert.deepEqual(error.partial, { done: [id], failed: [], rest: [] });
  assert.match(error.message, new RegExp(`${id}.* was made.*No\\.`));
  assert.equal((await get(id)).name, NEW.name);
});

test("a group that is not made has no id to tell", async () => {
  await queue({ method: "POST", path: GROUPS, status: 400, body: { message: "No.", code: "bad.request" } });
  const error = await failure(orgdeck.ValidationError, genesys.groups.create({ ...NEW, description: "d" }));
  assert.ok(!("partial" in error));
  assert.equal((await requests()).length, 1);
});

// --------------------------------------------------------------------------------------- changing a group

const mismatch = {
  message: "The version supplied does not match the current version of the group",
  code: "bad.request",
};

test("a version that is not the current one is a ConflictError, and changes nothing", async () => {
  for (const version of [group.version - 1, group.version + 1, 0]) {
    const { result: error, requests } = await sent(() =>
      failure(orgdeck.ConflictError, genesys.groups.update(group.id, { version, name: "Mine" })),
    );
    assert.deepEqual(
      [error.status, error.code, error.vendorCode, error.attempts, error.sent],
      [409, "conflict", "general.conflict", 1, "yes"],
    );
    assert.equal(requests.length, 1);
  }
  assert.deepEqual(await get(group.id), group);
});

test("Genesys' other way of saying so, 400, is a ConflictError too", async () => {
  await queue({ method: "PUT", path, status: 400, body: mismatch });
  const error = await failure(orgdeck.ConflictError, genesys.groups.update(group.id, { version: 1, name: "Mine" }));
  assert.deepEqual([error.status, error.code, error.vendorCode], [400, "conflict", "bad.request"]);
  await queue({ method: "PUT", path, status: 400, body: { message: "The name does not match the rules" } });
  await failure(orgdeck.ValidationError, genesys.groups.update(group.id, { version: 1, name: "Mine" }));
});

test("the latest version is read and put", async () => {
  const { result, requests } = await sent(() => genesys.groups.update(group.id, { version: "latest", name: "Neu" }));
  assert.deepEqual(
    requests.map(({ method, path, body }) => [method, path, body]),
    [
      ["GET", path, null],
      ["PUT", path, { name: "Neu", version: group.version }],
    ],
  );
  assert.deepEqual([result.name, result.version], ["Neu", group.version + 1]);
});

for (const [status, times] of [
  [409, 1],
  [409, 2],
  [400, 2],
]) {
  test(`the latest version is put after ${times} conflicts of status ${status}, read anew each time`, async () => {
    await queue({ method: "PUT", path, status, body: mismatch, times });
    const { result, requests } = await sent(() => genesys.groups.update(group.id, { version: "latest", name: "Neu" }));
    assert.deepEqual(
      requests.map(({ method }) => method),
      Array(times + 1)
        .fill(["GET", "PUT"])
        .flat(),
    );
    assert.equal(result.name, "Neu");
  });
}

test("the latest version is given up after three tries", async () => {
  await queue({ method: "PUT", path, status: 409, body: mismatch, times: 9 });
  const { result: error, requests } = await sent(() =>
    failure(orgdeck.ConflictError, genesys.groups.update(group.id, { version: "latest", name: "Neu" })),
  );
  assert.deepEqual([error.status, requests.filter(({ method }) => method === "PUT").length], [409, 3]);
  assert.equal(requests.length, 6);
});

test("what is no conflict is not tried again", async () => {
  await queue({ method: "PUT", path, status: 500, body: {} });
  await failure(orgdeck.ServerError, genesys.groups.update(group.id, { version: "latest", name: "Neu" }));
  await queue({ method: "GET", path, status: 404, body: {} });
  await failure(orgdeck.NotFoundError, genesys.groups.update(group.id, { version: "latest", name: "Neu" }));
  assert.deepEqual(
    (await requests()).map(({ method }) => method),
    ["GET", "PUT", "GET"],
  );
});

test("two who change the latest version at once both succeed", async () => {
  const update = (patch) => genesys.groups.update(group.id, { version: "latest", ...patch });
  await Promise.all([update({ name: "Neu" }), update({ description: "Beide" })]);
  const { name, description, version } = await get(group.id);
  assert.deepEqual([name, description, version], ["Neu", "Beide", group.version + 2]);
});

test("an update needs a version, and says so", async () => {
  for (const [version, message] of [
    [undefined, /groups\.update: .*version.*`latest`/],
    [null, /groups\.update: .*version/],
    ["newest", /groups\.update: .*version/],
    ["3", /groups\.update: .*version/],
    [1.5, /groups\.update: .*version/],
    [true, /groups\.update: .*version/],
  ]) {
    await refused(() => genesys.groups.update(group.id, { version, name: "n" }), message);
  }
  assert.deepEqual(await requests(), []);
});

test("an abort between two tries of the latest version stops them", async () => {
  await queue({ method: "PUT", path, status: 409, body: mismatch, times: 9 });
  const controller = new AbortController();
  const outcome = genesys.groups.update(group.id, { version: "latest", name: "n" }, { signal: controller.signal }).then(
    () => assert.fail("it ended"),
    (error) => error,
  );
  await eventually(async () => (await requests()).some(({ method, status }) => method === "PUT" && status === 409));
  controller.abort("enough");
  assert.equal(await outcome, "enough");
  const { length } = await requests();
  await new Promise((fulfil) => setTimeout(fulfil, 500));
  assert.equal((await requests()).length, length);
});

test("an empty list of owners clears them, which Genesys itself ignores", async () => {
  assert.ok(group.owners.length > 0);
  for (const version of [group.version, "latest"]) {
    const { result, requests } = await sent(() => genesys.groups.update(group.id, { version, ownerIds: [] }));
    assert.deepEqual(requests.at(-1).body.ownerIds, [" "]);
    assert.deepEqual(result.owners, []);
    await api("PUT", path, { version: result.version, ownerIds: ids(group.owners) });
  }
  // As it does not when it is asked past the package.
  const { version } = await get(group.id);
  assert.equal((await api("PUT", path, { version, ownerIds: [] })).owners.length, group.owners.length);
});

test("owners are replaced, and stay when nothing is said of them", async () => {
  const replaced = await genesys.groups.update(group.id, {
    version: group.version,
    ownerIds: [users[5].id, users[6].id],
  });
  assert.deepEqual(ids(replaced.owners), [users[5].id, users[6].id]);
  const renamed = await genesys.groups.update(group.id, { version: "latest", name: "n" });
  assert.deepEqual(renamed.owners, replaced.owners);
});

test("telephones are cleared by an empty list, and stay when nothing is said of them", async () => {
  const owned = groups.find(({ addresses }) => addresses.length > 0);
  const renamed = await genesys.groups.update(owned.id, { version: "latest", name: "n" });
  assert.deepEqual(renamed.addresses, owned.addresses);
  const cleared = await genesys.groups.update(owned.id, { version: "latest", addresses: [] });
  assert.deepEqual(cleared.addresses, []);
});

test("both spellings of the visibility among owners are taken, in both calls", async () => {
  for (const visibility of ["owners", "ownerIds"]) {
    assert.equal((await genesys.groups.create({ ...NEW, visibility })).visibility, "owners");
    const made = await genesys.groups.create(NEW);
    assert.equal((await genesys.groups.update(made.id, { version: 1, visibility })).visibility, "owners");
  }
});

// --------------------------------------------------------------------------------------- deleting a group

test("a deletion is answered before it is carried out", async () => {
  await genesys.groups.delete(group.id);
  assert.equal((await requests()).length, 1);
  await eventually(() => isGone(group.id));
});

test("a deletion that waits ends when the group is gone", async () => {
  const { result, requests } = await sent(() => genesys.groups.delete(group.id, { wait: true }));
  assert.equal(result, undefined);
  const [[first, ...looks]] = [requests.map(({ method, path, status }) => [method, path, status])];
  assert.deepEqual(first, ["DELETE", path, 200]);
  assert.ok(looks.length > 0);
  for (const [method, where] of looks) assert.deepEqual([method, where], ["GET", path]);
  // The vendor may show it for a while, as deleted.
  assert.ok(await isGone(group.id));
});

test("a group whose state says that it is deleted is gone", async () => {
  await queue({ method: "GET", path, body: { ...group, state: "deleted" } });
  const { requests } = await sent(() => genesys.groups.delete(group.id, { wait: true }));
  assert.deepEqual(
    requests.map(({ method }) => method),
    ["DELETE", "GET"],
  );
});

test("a look that fails in passing says nothing about a deletion", async () => {
  await queue({ method: "GET", path, status: 503, body: "" }, { method: "GET", path, drop: true });
  const { requests } = await sent(() => genesys.groups.delete(group.id, { wait: true }));
  const statuses = requests.map(({ method, status }) => [method, status]);
  assert.deepEqual(statuses.slice(0, 3), [
    ["DELETE", 200],
    ["GET", 503],
    ["GET", null],
  ]);
  assert.deepEqual(statuses.at(-1), ["GET", 404]);
});

test("a look that is refused ends the waiting", async () => {
  await queue({ method: "GET", path, status: 401, body: {} });
  await failure(orgdeck.AuthenticationError, genesys.groups.delete(group.id, { wait: true }));
});

test("a deletion that is refused is not waited for", async () => {
  const { result: error, requests } = await sent(() =>
    failure(orgdeck.NotFoundError, genesys.groups.delete("00000000-0000-4000-8000-000000000000", { wait: true })),
  );
  assert.equal(error.vendor, "genesys");
  assert.equal(requests.length, 1);
});

test("waiting for a deletion can be aborted", async () => {
  await queue({ method: "GET", path, body: group, times: 99 });
  const controller = new AbortController();
  const outcome = genesys.groups.delete(group.id, { wait: true }, { signal: controller.signal }).then(
    () => assert.fail("it ended"),
    (error) => error,
  );
  await eventually(async () => (await requests()).some(({ method }) => method === "GET"));
  controller.abort("enough");
  assert.equal(await outcome, "enough");
  const { length } = await requests();
  await new Promise((fulfil) => setTimeout(fulfil, 700));
  assert.equal((await requests()).length, length, "it still looks");
});

test("the options of a deletion are checked", async () => {
  for (const [options, message] of [
    [{ wait: 1 }, /wait: expected true or false/],
    [{ wate: true }, /`wate`.*`wait`/],
    [true, /expected an object/],
    [{ signal: new AbortController().signal }, /`signal`/],
  ]) {
    await refused(() => genesys.groups.delete(group.id, options), message);
  }
  assert.deepEqual(await requests(), []);
});

// ----------------------------------------------------------------------------------- members by the hundred

const CHUNK = 50;
const chunksOf = (list) =>
  Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, at) => list.slice(at * CHUNK, (at + 1) * CHUNK));

const changes = {
  addMembers: { method: "POST", idsOf: ({ body }) => body.memberIds },
  removeMembers: {
    method: "DELETE",
    idsOf: ({ path }) => new URL(path, GENESYS).searchParams.get("ids").split(","),
  },
};

for (const [name, { method, idsOf }] of Object.entries(changes)) {
  for (const count of [1, 50, 51, 120]) {
    test(`${name} of ${count}, some of them twice: each once, in order, 50 a request`, async () => {
      const wanted = ids(users.filter(({ state }) => state === "active").slice(0, count));
      assert.equal(wanted.length, count);
      // Within a chunk, across chunks, and side by side.
      const given = [...wanted, wanted[0], wanted.at(-1), wanted.at(-1)];
      given.splice(1, 0, wanted[0]);
      const before = await individualIds(small.id);
      const heard = [];
      const change = genesys.groups[name];
      const { result, requests } = await sent(() =>
        name === "addMembers"
          ? change(small.id, given, {}, { onProgress: (progress) => heard.push(progress) })
          : change(small.id, given, { onProgress: (progress) => heard.push(progress) }),
      );
      const chunks = chunksOf(wanted);
      assert.deepEqual(
        requests.map((request) => [request.method, idsOf(request), request.status]),
        chunks.map((chunk) => [method, chunk, 202]),
      );
      assert.deepEqual(result, {
        done: wanted,
        duplicates: 4,
        chunks: chunks.map((memberIds) => ({ memberIds, status: 202 })),
      });
      assert.deepEqual(
        heard,
        chunks.map((_, at) => ({ done: Math.min((at + 1) * CHUNK, count), total: count })),
      );
      const after =
        name === "addMembers"
          ? [...new Set([...before, ...wanted])].sort()
          : before.filter((id) => !wanted.includes(id));
      await eventually(async () => (await individualIds(small.id)).length === after.length);
      assert.deepEqual(await individualIds(small.id), after);
    });
  }

  test(`${name} of nobody, and of ids that are none, is refused`, async () => {
    for (const [given, message] of [
      [[], /memberIds.*empty/],
      [[""], /memberIds\[0\]/],
      [["a", " "], /memberIds\[1\]/],
      [["a", "b,c"], /memberIds\[1\].*b,c/],
      [["a", 5], /memberIds\[1\].*5/],
      [["a", null], /memberIds\[1\].*null/],
      [[undefined], /memberIds\[0\]/],
      [Array(3), /memberIds\[0\]/],
      ["a", /memberIds.*list/],
      [undefined, /memberIds.*list/],
      [new Set(["a"]), /memberIds.*list/],
      [["\ud800"], /memberIds\[0\].*Unicode/],
    ]) {
      await refused(() => genesys.groups[name](group.id, given), message);
    }
    assert.deepEqual(await requests(), []);
  });

  test(`${name}: a request that fails stops the others, and the error says how far it got`, async () => {
    const given = Array.from({ length: 120 }, (_, at) => `id-${at}`);
    const [done, failed, rest] = chunksOf(given);
    for (const [outcome, Class, sentIs] of [
      [() => Response.json({ message: "No.", code: "bad.request" }, { status: 400 }), "ValidationError", "yes"],
      [() => Response.json(mismatch, { status: 409 }), "ConflictError", "yes"],
      [() => Response.json({}, { status: 429, headers: { "retry-after": "3" } }), "RateLimitError", "yes"],
      [() => Promise.reject(new TypeError("offline")), "NetworkError", "maybe"],
    ]) {
      const heard = [];
      const { genesys, calls } = genesysOffline(
        (_, number) => (number === 2 ? outcome() : new Response("{}", { status: 202 })),
        { maxRetries: 0 },
      );
      const call = { onProgress: (progress) => heard.push(progress) };
      const arguments_ = name === "addMembers" ? [given, {}, call] : [given, call];
      const error = await failure(orgdeck[Class], genesys.groups[name]("g", ...arguments_));
      assert.deepEqual(error.partial, { done, failed, rest });
      assert.equal(error.sent, sentIs);
      assert.equal(calls.length, 2);
      assert.deepEqual(heard, [{ done: 50, total: 120 }]);
    }
  });

  test(`${name}: the first request that fails leaves nothing done`, async () => {
    const given = ids(users.slice(0, 60));
    await queue({ method, path, status: 500, body: {} });
    const change = genesysClient({ maxRetries: 0 }).groups[name];
    const error = await failure(orgdeck.ServerError, change(group.id, given));
    assert.deepEqual(error.partial, { done: [], failed: given.slice(0, 50), rest: given.slice(50) });
  });

  test(`${name}: an abort between two requests sends no further one`, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = { signal: controller.signal, onProgress: () => controller.abort(reason) };
    const given = Array.from({ length: 120 }, (_, at) => `id-${at}`);
    const arguments_ = name === "addMembers" ? [given, {}, call] : [given, call];
    const { genesys, calls } = genesysOffline(() => new Response("{}", { status: 202 }));
    await assert.rejects(genesys.groups[name]("g", ...arguments_), (error) => error === reason);
    assert.equal(calls.length, 1);
  });

  test(`${name}: a signal that has aborted lets nothing be sent`, async () => {
    const call = { signal: AbortSignal.abort("late") };
    const arguments_ = name === "addMembers" ? [["u"], {}, call] : [["u"], call];
    await assert.rejects(genesys.groups[name](small.id, ...arguments_), (error) => error === "late");
    assert.deepEqual(await requests(), []);
  });

  test(`${name}: an abort during a request rejects at once`, async () => {
    const target = `${GROUPS}/${small.id}/members`;
    await queue({ method, path: target, delay_ms: 60_000 });
    const controller = new AbortController();
    const call = { signal: controller.signal };
    const given = ids(users.slice(0, 60));
    const arguments_ = name === "addMembers" ? [given, {}, call] : [given, call];
    const outcome = genesys.groups[name](small.id, ...arguments_).then(
      () => assert.fail("it ended"),
      (error) => error,
    );
    await arrived(target);
    controller.abort("enough");
    assert.equal(await outcome, "enough");
    await eventually(async () => (await requests())[0].aborted);
    assert.equal((await requests()).length, 1);
  });

  test(`${name}: what onProgress throws, or rejects with, is ignored`, async () => {
    for (const onProgress of [
      () => {
        throw new Error("not your affair");
      },
      () => Promise.reject(new Error("nor mine")),
    ]) {
      const { genesys, calls } = genesysOffline(() => new Response("", { status: 202 }));
      const arguments_ = name === "addMembers" ? [["a"], {}, { onProgress }] : [["a"], { onProgress }];
      assert.deepEqual((await genesys.groups[name]("g", ...arguments_)).done, ["a"]);
      assert.equal(calls.length, 1);
    }
  });
}

test("an id of nobody's among those to be added stops at its request", async () => {
  const given = ids(strangers.slice(0, 60));
  const nobody = "00000000-0000-4000-8000-000000000000";
  given.splice(55, 0, nobody);
  assert.ok(given.length > 51 && given.indexOf(nobody) >= 50, "more strangers are needed");
  const error = await failure(orgdeck.ValidationError, genesys.groups.addMembers(group.id, given));
  assert.deepEqual(error.partial, { done: given.slice(0, 50), failed: given.slice(50), rest: [] });
  assert.match(error.message, new RegExp(nobody));
  await eventually(async () => (await individualIds(group.id)).length === individuals.length + 50);
});

test("a version goes with the first request alone, for adding may make another one", async () => {
  const { genesys, calls } = genesysOffline(() => new Response("{}", { status: 202 }));
  await genesys.groups.addMembers(
    "g",
    Array.from({ length: 120 }, (_, at) => `id-${at}`),
    { version: 0 },
  );
  assert.deepEqual(
    calls.map(({ body }) => JSON.parse(body).version),
    [0, undefined, undefined],
  );
});

test("a version that is not the current one adds nobody", async () => {
  const given = ids(users.slice(0, 60));
  const error = await failure(orgdeck.ConflictError, genesys.groups.addMembers(small.id, given, { version: 999 }));
  assert.deepEqual([error.status, error.partial.done, error.partial.failed.length], [409, [], 50]);
  assert.equal((await requests()).length, 1);
});

test("200 people are added with the version that was read", async () => {
  const given = ids(users.filter(({ state }) => state === "active").slice(0, 200));
  const { version } = await genesys.groups.get(small.id);
  const { chunks, done } = await genesys.groups.addMembers(small.id, given, { version });
  assert.deepEqual([chunks.length, done], [Math.ceil(given.length / 50), given]);
});

test("options of addMembers are checked", async () => {
  for (const [options, message] of [
    [{ version: "3" }, /version/],
    [{ version: null }, /version/],
    [{ version: 1.5 }, /version/],
    [{ version: "latest" }, /version/],
    [{ onProgress() {} }, /`onProgress`/],
    [5, /expected an object/],
  ]) {
    await refused(() => genesys.groups.addMembers(group.id, ["a"], options), message);
  }
  await refused(
    () => genesys.groups.addMembers(group.id, ["a"], {}, { onProgress: 5 }),
    /onProgress: expected a function/,
  );
  await refused(() => genesys.groups.get(group.id, { onProgress() {} }), /`onProgress`/);
  assert.deepEqual(await requests(), []);
});

testThatNothingLeaked();
