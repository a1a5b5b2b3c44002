// Every operation once, against the sandbox: what it sends, and what it gives.

import assert from "node:assert/strict";
import { test } from "node:test";

import { api, client, everything, sent, start, testThatNothingLeaked } from "./helper.mjs";

const GROUP = "?_fields=id,name,organization_id,members";

await start();
const close = client();

const me = await api("GET", "/me/");
const organization = await api("GET", `/organization/${me.organizations[0].id}/`);
const users = await everything("/user/");
const roles = await everything("/role/");
const groups = await everything("/group/");
const group = groups.find(({ name }) => name === "Nordics");
const { members } = await api("GET", `/group/${group.id}/?_fields=members`);
const isMember = (user) => members.some((member) => member.user_id === user.id);
/** What the seed put into the sandbox, asked for past the package. */
const seed = {
  me,
  organization,
  users,
  roles,
  groups,
  group,
  members,
  role: roles.find(({ name }) => name === "Partner"),
  member: members[0].user_id,
  stranger: users.find((user) => user.organizations.length > 0 && !isMember(user)).id,
  membership: me.memberships[0],
  others: organization.memberships.filter(({ user_id }) => user_id !== me.id).slice(0, 3),
};

const ids = (items) => items.map(({ id }) => id);
/** All of a list, page after page, so that its requests come in order. */
const listed = async (pages) => (await pages.all({ concurrency: 1 })).items;

// For each operation: how it is called, what is to arrive at the sandbox, and what it is to give.
const operations = {
  "users.me": {
    run: (s) => close.users.me(),
    wire: (s) => ["GET", "/me/"],
    check: (me, s) => assert.deepEqual(me, s.me),
  },
  "users.list": {
    run: (s) => listed(close.users.list()),
    // 200 people, 100 a page, which is what Close gives unless it is told otherwise.
    wire: (s) => [
      ["GET", "/user/"],
      ["GET", "/user/?_skip=100"],
    ],
    check: (users, s) => assert.deepEqual(users, s.users),
  },
  "users.get": {
    run: (s) => close.users.get(s.users[7].id),
    wire: (s) => ["GET", `/user/${s.users[7].id}/`],
    check: (user, s) => assert.deepEqual(user, s.users[7]),
  },
  "users.availability": {
    run: (s) => close.users.availability({ where: { organization_id: s.organization.id } }),
    wire: (s) => ["GET", `/user/availability/?organization_id=${s.organization.id}`],
    check: (list, s) => {
      assert.equal(list.length, s.organization.memberships.length);
      assert.deepEqual(
        list[0].availability.map(({ type }) => type),
        ["mobile", "native", "web"],
      );
    },
  },
  "organizations.get": {
    run: (s) => close.organizations.get(s.organization.id),
    wire: (s) => ["GET", `/organization/${s.organization.id}/`],
    check: (organization, s) => assert.deepEqual(organization, s.organization),
  },
  "organizations.update": {
    run: (s) => close.organizations.update(s.organization.id, { name: "Näme & Co" }, { fields: ["id", "name"] }),
    wire: (s) => ["PUT", `/organization/${s.organization.id}/?_fields=id,name`, { name: "Näme & Co" }],
    check: async (organization, s) => {
      assert.deepEqual(organization, { id: s.organization.id, name: "Näme & Co" });
      assert.equal((await api("GET", `/organization/${s.organization.id}/`)).name, "Näme & Co");
    },
  },
  "memberships.create": {
    run: (s) => close.memberships.create({ email: "new.person@example.com", role_id: "user" }),
    wire: (s) => ["POST", "/membership/", { email: "new.person@example.com", role_id: "user" }],
    check: async (membership, s) => {
      assert.deepEqual([membership.role_id, membership.auto_record_calls], ["user", "unset"]);
      const { email } = await api("GET", `/user/${membership.user_id}/`);
      assert.equal(email, "new.person@example.com");
    },
  },
  "memberships.update": {
    // Absent, null and a value are three things.
    run: (s) =>
      close.memberships.update(s.others[0].id, {
        default_caller_id: null,
        auto_record_calls: "enabled",
        role_id: undefined,
      }),
    wire: (s) => ["PUT", `/membership/${s.others[0].id}/`, { default_caller_id: null, auto_record_calls: "enabled" }],
    check: (membership, s) => {
      const { id, default_caller_id, auto_record_calls, role_id } = membership;
      assert.deepEqual(
        [id, default_caller_id, auto_record_calls, role_id],
        [s.others[0].id, null, "enabled", s.others[0].role_id],
      );
    },
  },
  "memberships.updateMany": {
    run: (s) => close.memberships.updateMany([...ids(s.others), s.others[0].id], { role_id: "user" }),
    wire: (s) => ["PUT", "/membership/", { _params: { id__in: ids(s.others).join(",") }, role_id: "user" }],
    check: async (answer, s) => {
      assert.deepEqual(answer, { count: 3 });
      const { memberships } = await api("GET", `/organization/${s.organization.id}/`);
      const changed = memberships.filter(({ id }) => ids(s.others).includes(id));
      assert.deepEqual(
        changed.map(({ role_id }) => role_id),
        ["user", "user", "user"],
      );
    },
  },
  "memberships.deactivate": {
    run: (s) => close.memberships.deactivate(s.others[1].id),
    wire: (s) => ["DELETE", `/membership/${s.others[1].id}/`],
    check: async (nothing, s) => {
      assert.equal(nothing, undefined);
      const { inactive_memberships } = await api("GET", `/organization/${s.organization.id}/`);
      assert.ok(ids(inactive_memberships).includes(s.others[1].id));
    },
  },
  "memberships.pinnedViews": {
    run: (s) => close.memberships.pinnedViews(s.membership.id),
    wire: (s) => ["GET", `/membership/${s.membership.id}/pinned_views/`],
    check: async (views, s) => {
      assert.ok(views.length > 0);
      assert.deepEqual(views, (await api("GET", `/membership/${s.membership.id}/pinned_views/`)).saved_view_ids);
    },
  },
  "memberships.setPinnedViews": {
    // It replaces the list as a whole.
    run: async (s) => {
      const views = await close.memberships.pinnedViews(s.membership.id);
      assert.ok(views.length > 1);
      assert.deepEqual(await close.memberships.setPinnedViews(s.membership.id, [views[1]]), [views[1]]);
      return { views, none: await close.memberships.setPinnedViews(s.membership.id, []) };
    },
    wire: (s, { views }) => [
      ["GET", `/membership/${s.membership.id}/pinned_views/`],
      ["PUT", `/membership/${s.membership.id}/pinned_views/`, { saved_view_ids: [views[1]] }],
      ["PUT", `/membership/${s.membership.id}/pinned_views/`, { saved_view_ids: [] }],
    ],
    check: async ({ none }, s) => {
      assert.deepEqual(none, []);
      assert.deepEqual((await api("GET", `/membership/${s.membership.id}/pinned_views/`)).saved_view_ids, []);
    },
  },
  "roles.list": {
    run: (s) => listed(close.roles.list()),
    wire: (s) => ["GET", "/role/"],
    // Those of the year 1, without an offset, pass as they are.
    check: (roles, s) => {
      assert.deepEqual(roles, s.roles);
      assert.equal(roles.find(({ id }) => id === "admin").date_created, "0001-01-01T00:00:00");
    },
  },
  "roles.get": {
    run: (s) => close.roles.get("restricteduser"),
    wire: (s) => ["GET", "/role/restricteduser/"],
    check: (role, s) =>
      assert.deepEqual(
        role,
        s.roles.find(({ id }) => id === "restricteduser"),
      ),
  },
  "roles.create": {
    run: (s) =>
      close.roles.create({ name: "Reviewer", permissions: ["calling", "export"], visibility_user_lcf_ids: null }),
    wire: (s) => [
      "POST",
      "/role/",
      { name: "Reviewer", permissions: ["calling", "export"], visibility_user_lcf_ids: null },
    ],
    check: async (role, s) => {
      assert.deepEqual(
        [role.name, role.editable, new Set(role.permissions)],
        ["Reviewer", true, new Set(["calling", "export"])],
      );
      assert.deepEqual(await api("GET", `/role/${role.id}/`), role);
    },
  },
  "roles.update": {
    run: (s) => close.roles.update(s.role.id, { permissions: ["merge_leads"] }),
    wire: (s) => ["PUT", `/role/${s.role.id}/`, { permissions: ["merge_leads"] }],
    check: (role, s) =>
      assert.deepEqual([role.id, role.name, role.permissions], [s.role.id, s.role.name, ["merge_leads"]]),
  },
  "roles.delete": {
    run: (s) => close.roles.delete(s.role.id),
    wire: (s) => ["DELETE", `/role/${s.role.id}/`],
    check: async (nothing, s) => {
      assert.equal(nothing, undefined);
      assert.ok(!ids(await everything("/role/")).includes(s.role.id));
    },
  },
  "groups.list": {
    run: (s) => listed(close.groups.list()),
    wire: (s) => ["GET", "/group/?_fields=id,name,organization_id"],
    check: (groups, s) => assert.deepEqual(groups, s.groups),
  },
  "groups.get": {
    run: (s) => close.groups.get(s.group.id),
    wire: (s) => ["GET", `/group/${s.group.id}/${GROUP}`],
    check: (group, s) => assert.deepEqual(group, { ...s.group, members: s.members }),
  },
  "groups.create": {
    run: (s) => close.groups.create({ name: "新しい" }),
    wire: (s) => ["POST", `/group/${GROUP}`, { name: "新しい" }],
    check: async (group, s) => {
      assert.deepEqual([group.name, group.organization_id, group.members], ["新しい", s.organization.id, []]);
      assert.ok(ids(await everything("/group/")).includes(group.id));
    },
  },
  "groups.update": {
    run: (s) => close.groups.update(s.group.id, { name: "North" }),
    wire: (s) => ["PUT", `/group/${s.group.id}/${GROUP}`, { name: "North" }],
    check: (group, s) => assert.deepEqual(group, { ...s.group, name: "North", members: s.members }),
  },
  "groups.delete": {
    run: (s) => close.groups.delete(s.group.id),
    wire: (s) => ["DELETE", `/group/${s.group.id}/`],
    check: async (nothing, s) => {
      assert.equal(nothing, undefined);
      assert.ok(!ids(await everything("/group/")).includes(s.group.id));
    },
  },
  "groups.addMember": {
    // A second time changes nothing.
    run: async (s) => {
      await close.groups.addMember(s.group.id, s.stranger);
      return close.groups.addMember(s.group.id, s.stranger);
    },
    wire: (s) => Array(2).fill(["POST", `/group/${s.group.id}/member/`, { user_id: s.stranger }]),
    check: async (member, s) => {
      assert.deepEqual(member, { user_id: s.stranger });
      const { members } = await api("GET", `/group/${s.group.id}/?_fields=members`);
      assert.equal(members.length, s.members.length + 1);
    },
  },
  "groups.removeMember": {
    run: async (s) => {
      await close.groups.removeMember(s.group.id, s.member);
      return close.groups.removeMember(s.group.id, s.member);
    },
    wire: (s) => Array(2).fill(["DELETE", `/group/${s.group.id}/member/${s.member}/`]),
    check: async (nothing, s) => {
      assert.equal(nothing, undefined);
      const { members } = await api("GET", `/group/${s.group.id}/?_fields=members`);
      assert.deepEqual(
        members,
        s.members.filter(({ user_id }) => user_id !== s.member),
      );
    },
  },
};

for (const [name, { run, wire, check }] of Object.entries(operations)) {
  test(name, async () => {
    const { result, requests } = await sent(() => run(seed));
    const expected = wire(seed, result);
    assert.deepEqual(
      requests.map(({ method, path, body }) => (body === null ? [method, path] : [method, path, body])),
      Array.isArray(expected[0]) ? expected : [expected],
    );
    for (const { headers } of requests) {
      assert.equal(headers.accept, "application/json");
      assert.equal(headers.authorization, "Bearer ***");
    }
    await check(result, seed);
  });
}

test("there are 24 operations, and each is tested above", () => {
  const nouns = Object.entries(close).filter(([, noun]) => typeof noun === "object");
  const methods = nouns.flatMap(([noun, methods]) => Object.keys(methods).map((method) => `${noun}.${method}`));
  assert.equal(methods.length, 24);
  assert.deepEqual(methods.sort(), Object.keys(operations).sort());
});

test("what Orgdeck does not know of a record reaches the caller", async () => {
  const user = await close.users.get(seed.me.id);
  assert.ok(Object.hasOwn(user, "email_verified_at"), "a field that Close does not document");
});

test("an organization with expanded memberships", async () => {
  const { result, requests } = await sent(() =>
    close.organizations.get(seed.organization.id, {
      expand: ["memberships__user", "inactive_memberships__user"],
      fields: ["memberships", "inactive_memberships"],
    }),
  );
  assert.equal(
    requests[0].path,
    `/organization/${seed.organization.id}/?_fields=memberships,inactive_memberships&_expand=memberships__user,inactive_memberships__user`,
  );
  for (const { user, user_email } of [...result.memberships, ...result.inactive_memberships]) {
    assert.equal(typeof user.email, "string");
    assert.equal(user_email, undefined);
  }
});

test("lead statuses are put in another order", async () => {
  const order = seed.organization.lead_statuses.map(({ id }) => ({ id })).reverse();
  const { lead_statuses } = await close.organizations.update(seed.organization.id, { lead_statuses: order });
  assert.deepEqual(ids(lead_statuses), ids(order));
});

test("request() reaches any endpoint, list() any list", async () => {
  const { result, requests } = await sent(async () => [
    await close.request({ method: "GET", path: "/me/", query: { fields: ["id"] } }),
    await close.request({ method: "POST", path: "/group/", query: { fields: ["name"] }, body: { name: "By hand" } }),
    await close.request({
      method: "PUT",
      path: `/group/${seed.group.id}/`,
      query: { fields: ["name"] },
      body: { name: "Norden" },
    }),
    // An empty answer is nothing.
    await close.request({ method: "DELETE", path: `/group/${seed.group.id}/` }),
    // A slash that is missing at the end is added: Close knows no path without.
    await listed(close.list("/group", { fields: ["id"], limit: 50, skip: 2 })),
  ]);
  assert.deepEqual(result.slice(0, 4), [{ id: seed.me.id }, { name: "By hand" }, { name: "Norden" }, undefined]);
  assert.deepEqual(Object.keys(result[4][0]), ["id"]);
  assert.deepEqual(
    requests.map(({ method, path, body }) => [method, path, body]),
    [
      ["GET", "/me/?_fields=id", null],
      ["POST", "/group/?_fields=name", { name: "By hand" }],
      ["PUT", `/group/${seed.group.id}/?_fields=name`, { name: "Norden" }],
      ["DELETE", `/group/${seed.group.id}/`, null],
      ["GET", "/group/?_fields=id&_limit=50&_skip=2", null],
    ],
  );
});

testThatNothingLeaked();
