// What is refused before anything is sent, what ids may hold, and how long a client lives.

import assert from "node:assert/strict";
import { test } from "node:test";

import { api, BASE, client, offline, queue, refused, requests, sent, start, testThatNothingLeaked } from "./helper.mjs";

await start();
const close = client();

const me = await api("GET", "/me/");
const organization = await api("GET", `/organization/${me.organizations[0].id}/`);

// ----------------------------------------------------------------------------------------- bulk updates

test("a bulk update of nobody, which would be one of everybody, is refused", async () => {
  for (const [ids, message] of [
    [[], /ids: the list is empty/],
    [Array.from({ length: 1_000 }, (_, at) => `memb_${at}`), /ids: more than 999/],
    [["memb_a,memb_b"], /ids: .*`memb_a,memb_b`/],
    [["memb_a", ""], /ids/],
    [["memb_a", 5], /ids\[1\]/],
    [["memb_a", undefined], /ids\[1\]/],
    [[, "memb_a"], /ids\[0\]/],
    [["\ud800"], /ids\[0\]/],
    [undefined, /ids/],
    [null, /ids/],
    ["memb_a", /ids/],
    [new Set(["memb_a"]), /ids/],
    [{ length: 1, 0: "memb_a" }, /ids/],
  ]) {
    await refused(() => close.memberships.updateMany(ids, { role_id: "user" }), message);
  }
  // Its filter is Orgdeck's to write.
  await refused(() => close.memberships.updateMany(["memb_a"], { _params: {} }), /_params/);
  assert.deepEqual(await requests(), []);
});

test("999 ids are not too many, nor are more that are the same", async () => {
  const { close, calls } = offline({ count: 999 });
  const ids = Array.from({ length: 999 }, (_, at) => `memb_${at}`);
  assert.deepEqual(await close.memberships.updateMany([...ids, ...ids], { track_email_opens: false }), { count: 999 });
  assert.deepEqual(JSON.parse(calls[0].body), { _params: { id__in: ids.join(",") }, track_email_opens: false });
});

// ----------------------------------------------------------------------------------------------- bodies

test("what is wrong with a body is named, and nothing is sent", async () => {
  for (const [run, message] of [
    [() => close.memberships.create({ email: "a@b.example" }), /memberships\.create.*role_id.*missing/],
    [() => close.memberships.create({ role_id: "user" }), /email.*missing/],
    [() => close.memberships.create({ email: "nobody", role_id: "user" }), /email.*email address/],
    [() => close.memberships.create({ email: "a@b.example", role_id: "" }), /role_id/],
    [() => close.memberships.create({ email: "a@b.example", role_id: "user", name: "A" }), /name: there is no field/],
    [() => close.memberships.create(), /memberships\.create/],
    [() => close.memberships.create(null), /memberships\.create/],
    [() => close.memberships.create([]), /memberships\.create/],
    [() => close.memberships.update("m", { role_id: null }), /role_id/],
    [() => close.memberships.update("m", { auto_record_calls: "always" }), /auto_record_calls.*`enabled`/],
    [() => close.memberships.update("m", { track_email_opens: "yes" }), /track_email_opens/],
    [() => close.memberships.update("m", { user_id: "u" }), /user_id/],
    [() => close.memberships.update("m"), /memberships\.update/],
    [() => close.memberships.setPinnedViews("m", "save_a"), /saved_?[vV]iew_?[iI]ds/],
    [() => close.memberships.setPinnedViews("m", ["save_a", 5]), /saved_?[vV]iew_?[iI]ds/],
    [() => close.memberships.setPinnedViews("m"), /saved_?[vV]iew_?[iI]ds/],
    [() => close.organizations.update("o", { name: "" }), /name/],
    [() => close.organizations.update("o", { currency: "usd" }), /currency/],
    [() => close.organizations.update("o", { lead_statuses: [] }), /lead_statuses/],
    [() => close.organizations.update("o", { lead_statuses: [{ id: "a" }, { id: "a" }] }), /lead_statuses/],
    [() => close.organizations.update("o", { lead_statuses: [{ label: "a" }] }), /lead_statuses\[0\]/],
    [() => close.roles.create({ name: "n" }), /permissions.*missing/],
    [() => close.roles.create({ permissions: [] }), /name.*missing/],
    [() => close.roles.create({ name: "n", permissions: "calling" }), /permissions/],
    [() => close.roles.update("r", { name: null }), /name/],
    [() => close.groups.create({}), /name.*missing/],
    [() => close.groups.create({ name: "" }), /name/],
    [() => close.groups.create({ name: "n", members: [] }), /members/],
    [() => close.groups.update("g", {}), /name.*missing/],
    [() => close.groups.addMember("g", ""), /user/],
    [() => close.groups.addMember("g"), /user/],
    [() => close.groups.addMember("g", 5), /user/],
  ]) {
    await refused(run, message);
  }
  assert.deepEqual(await requests(), []);
});

test("somebody who sees all leads has no visibility to restrict", async () => {
  const sees = ["calling", "view_all_leads"];
  for (const restricted of [
    { visibility_user_lcf_ids: ["cf_a"] },
    { visibility_user_lcf_behavior: "require_assignment" },
  ]) {
    const [name] = Object.keys(restricted);
    await refused(
      () => close.roles.create({ name: "n", permissions: sees, ...restricted }),
      new RegExp(`${name}.*view_all_leads`),
    );
    await refused(() => close.roles.update("r", { permissions: sees, ...restricted }), new RegExp(name));
  }
  assert.deepEqual(await requests(), []);
  // Empty is as good as null, and without the permission there is nothing wrong with it.
  const { close: other, calls } = offline({ id: "r", name: "n", editable: true, permissions: [] });
  await other.roles.create({
    name: "n",
    permissions: sees,
    visibility_user_lcf_ids: [],
    visibility_user_lcf_behavior: null,
  });
  await other.roles.create({
    name: "n",
    permissions: ["calling"],
    visibility_user_lcf_ids: ["cf_a"],
    visibility_user_lcf_behavior: "allow_unassigned",
  });
  await other.roles.update("r", { visibility_user_lcf_ids: ["cf_a"] });
  assert.equal(calls.length, 3);
});

test("a body counts as it was when the call was made", async () => {
  const patch = { name: "before" };
  const { close, calls } = offline({ id: "g", name: "n", organization_id: "o" });
  const call = close.groups.update("g", patch);
  patch.name = "after";
  await call;
  assert.equal(calls[0].body, '{"name":"before"}');
});

// -------------------------------------------------------------------------------------------------- ids

// Each call with an id in its path.
const withId = {
  "users.get": (close, id) => close.users.get(id),
  "organizations.get": (close, id) => close.organizations.get(id),
  "organizations.update": (close, id) => close.organizations.update(id, {}),
  "memberships.update": (close, id) => close.memberships.update(id, {}),
  "memberships.deactivate": (close, id) => close.memberships.deactivate(id),
  "memberships.pinnedViews": (close, id) => close.memberships.pinnedViews(id),
  "memberships.setPinnedViews": (close, id) => close.memberships.setPinnedViews(id, []),
  "roles.get": (close, id) => close.roles.get(id),
  "roles.update": (close, id) => close.roles.update(id, {}),
  "roles.delete": (close, id) => close.roles.delete(id),
  "groups.get": (close, id) => close.groups.get(id),
  "groups.update": (close, id) => close.groups.update(id, { name: "n" }),
  "groups.delete": (close, id) => close.groups.delete(id),
  "groups.addMember": (close, id) => close.groups.addMember(id, "u"),
  "groups.removeMember": (close, id) => close.groups.removeMember(id, "u"),
  "groups.removeMember, the second": (close, id) => close.groups.removeMember("g", id),
};

for (const [name, run] of Object.entries(withId)) {
  test(`${name}: what is no id is refused, and any text arrives as it is`, async () => {
    for (const id of ["", ".", "..", undefined, null, 5, {}, ["a"], new String("a"), "\ud800", "a\udc00b"]) {
      await refused(() => run(close, id), /id/i);
    }
    assert.deepEqual(await requests(), []);

    const { close: other, calls } = offline("whatever");
    const shape = (url) => new URL(url).pathname.split("/").length;
    await run(other, "plain").catch(() => {});
    for (const id of [
      "a/b",
      "a?b=c",
      "a#b",
      "a%2Fb",
      "a b",
      "é",
      "日本",
      "😀",
      "a+b",
      "a&b",
      "a,b",
      "...",
      "%2e%2e",
      "a\\b",
      "a;b",
      "a:b",
      "a@b",
      " ",
      "\n",
      "\0",
      "'\"<>",
    ]) {
      // The answer is not what it should be; what was asked is.
      await run(other, id).catch(() => {});
      const { url } = calls.at(-1);
      const { origin, pathname, search, hash } = new URL(url);
      assert.equal(origin, new URL(BASE).origin);
      assert.equal(shape(url), shape(calls[0].url), url);
      assert.ok(
        pathname.split("/").some((segment) => decodeURIComponent(segment) === id),
        `${JSON.stringify(id)} in ${url}`,
      );
      assert.deepEqual([search, hash], [new URL(calls[0].url).search, ""]);
    }
  });
}

test("odd ids arrive over the wire, decoded and unchanged", async () => {
  for (const id of ["a/b?c#d%e f", "é日本😀", "a&b=c,d;e", "%2e%2e", "..."]) {
    const { requests } = await sent(() => assert.rejects(close.groups.removeMember(id, id), { name: "NotFoundError" }));
    const segments = requests[0].path.split("/");
    assert.equal(segments.length, 6);
    assert.deepEqual(
      [segments[1], decodeURIComponent(segments[2]), segments[3], decodeURIComponent(segments[4]), segments[5]],
      ["group", id, "member", id, ""],
    );
  }
});

// ------------------------------------------------------------------------------------------------- life

test("methods can be taken off their objects and passed around", async () => {
  const { me, list, get } = close.users;
  assert.deepEqual(Object.keys(await me({ fields: ["id"] })), ["id"]);
  assert.equal((await list().all()).items.length, 200);
  const { groups } = close;
  const all = await Promise.all(
    (await groups.list().first()).items
      .map(({ id }) => id)
      .map((id) => get.call(null, id).catch((error) => error.name)),
  );
  assert.ok(all.every((name) => name === "NotFoundError"));
  // And the objects cannot be changed under others that share them.
  assert.ok(Object.isFrozen(close.users));
  assert.throws(() => {
    "use strict";
    close.users = {};
  }, TypeError);
});

test("nothing but the constructor throws synchronously", async () => {
  const calls = [];
  const getter = {
    get fields() {
      throw new Error("from a getter");
    },
  };
  for (const noun of ["users", "organizations", "memberships", "roles", "groups"]) {
    for (const [name, method] of Object.entries(close[noun])) {
      for (const wrong of [[Symbol("x")], [5, 5, 5, 5], [getter, getter, getter, getter]]) {
        const given = method(...wrong);
        calls.push(name === "list" ? given.first() : given);
      }
    }
  }
  calls.push(close.request(Symbol("x")), close.list(Symbol("x")).all(), close.list({}).resumeFrom({}).first());
  for (const call of calls) await refused(() => call, /./);
  assert.deepEqual(await requests(), []);
});

test("free() can be called twice, and Symbol.dispose does the same", async () => {
  for (const end of ["free", Symbol.dispose]) {
    const short = client();
    assert.equal(short[end](), undefined);
    short.free();
    short[end]();
    await refused(() => short.users.me(), /freed/);
    await refused(() => short.request({ method: "GET", path: "/me/" }), /freed/);
    // Told on consumption, as everything about a list.
    await refused(() => short.users.list().first(), /freed/);
    await refused(() => short.list("/task/").all(), /freed/);
    const pages = client().users.list();
    pages[end]();
    pages[end]();
    await refused(() => pages.first(), /freed/);
  }
  assert.deepEqual(await requests(), []);
});

test("what is under way survives free()", async () => {
  await queue({
    path: "/me/",
    delay_ms: 30,
    body: { id: "user_a", email: "a", first_name: null, last_name: null, organizations: [] },
  });
  const short = client();
  const call = short.users.me();
  const pages = short.users.list({ limit: 60 });
  const items = pages[Symbol.asyncIterator]();
  await items.next();
  short.free();
  pages.free();
  assert.equal((await call).id, "user_a");
  let rest = 0;
  for await (const _ of items) rest += 1;
  assert.equal(rest, 199);
});

test("a list that was freed lives on in those resumed from it before", async () => {
  const pages = close.users.list({ limit: 100 });
  const rest = pages.resumeFrom("offset:150");
  pages.free();
  assert.equal((await rest.all()).items.length, 50);
});

test("many calls side by side do not disturb each other", async () => {
  const ids = organization.memberships.slice(0, 40).map(({ user_id }) => user_id);
  const users = await Promise.all(ids.map((id) => close.users.get(id, { fields: ["id"] })));
  assert.deepEqual(
    users.map(({ id }) => id),
    ids,
  );
});

testThatNothingLeaked();
