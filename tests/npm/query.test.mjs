// What a caller may ask for: fields, filters, order, page size; and how it travels.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  api,
  BASE,
  client,
  everything,
  offline,
  refused,
  requests,
  sent,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

await start();
const close = client();

const users = await everything("/user/");
const groups = await everything("/group/");

const ids = (items) => items.map(({ id }) => id);

/** The parameters that a filter, or another query, becomes, as they stand in the URL. */
async function encoded(query, path = "/task/") {
  const { close, calls } = offline();
  await close.list(path, query).first();
  return calls[0].url.slice(BASE.length + path.length);
}

// ------------------------------------------------------------------------------------------------ fields

test("fields narrow what comes back, in every call that takes them", async () => {
  const group = groups[0].id;
  const me = await api("GET", "/me/");
  const organization = me.organizations[0].id;
  for (const [answer, keys] of [
    [await close.users.me({ fields: ["email"] }), ["email"]],
    [await close.users.get(me.id, { fields: ["id", "last_name"] }), ["id", "last_name"]],
    [(await close.users.list({ fields: ["id", "email"] }).all()).items[150], ["email", "id"]],
    [await close.organizations.get(organization, { fields: ["name", "currency"] }), ["currency", "name"]],
    [await close.organizations.update(organization, { name: "X" }, { fields: ["name"] }), ["name"]],
    [(await close.roles.list({ fields: ["permissions"] }).first()).items[0], ["permissions"]],
    [await close.roles.get("admin", { fields: ["editable"] }), ["editable"]],
    [(await close.groups.list({ fields: ["name"] }).first()).items[0], ["name"]],
    [await close.groups.get(group, { fields: ["members"] }), ["members"]],
    [await close.groups.create({ name: "Y" }, { fields: ["id"] }), ["id"]],
    [await close.groups.update(group, { name: "Z" }, { fields: ["name", "members"] }), ["members", "name"]],
  ]) {
    assert.deepEqual(Object.keys(answer).sort(), keys);
  }
});

test("a field named twice is asked for once", async () => {
  const { requests } = await sent(() => close.users.me({ fields: ["id", "email", "id"] }));
  assert.equal(requests[0].path, "/me/?_fields=id,email");
});

test("a field that is missed because it was not asked for is no error, one that was asked for is", async () => {
  const { close } = offline({ first_name: "Ada" });
  assert.deepEqual(await close.users.get("user_a", { fields: ["first_name"] }), { first_name: "Ada" });
  await assert.rejects(close.users.get("user_a", { fields: ["first_name", "email"] }), {
    name: "DecodeError",
    message: /email/,
  });
});

test("fields that are none are refused and named", async () => {
  for (const [run, message] of [
    [() => close.users.me({ fields: ["nmae"] }), /`nmae` is not a field; there is `id`/],
    [
      () => close.users.get("u", { fields: ["id", "memberships"] }),
      /`memberships` is not a field; there is .*`organizations`/,
    ],
    [() => close.organizations.get("o", { fields: ["Name"] }), /`Name`/],
    [() => close.roles.get("r", { fields: ["id,name"] }), /`id,name`/],
    [() => close.groups.get("g", { fields: ["__proto__"] }), /`__proto__`/],
    // Close never returns members in a list, even when asked.
    [() => close.groups.list({ fields: ["id", "members"] }).first(), /`members`/],
    [() => close.users.list({ fields: ["x"] }).all(), /`x`/],
    [() => close.users.me({ fields: [] }), /query\.fields is empty/],
    [() => close.users.me({ fields: [""] }), /query\.fields/],
    [() => close.users.me({ fields: "id" }), /query\.fields.*list/],
    [() => close.users.me({ fields: [7] }), /query\.fields/],
    [() => close.users.me({ fields: null }), /query\.fields/],
    [() => close.users.availability({ fields: ["user_id"] }), /query\.fields/],
    // No known record, but still a list whose items a comma separates.
    [() => close.list("/task/", { fields: ["a,b"] }).first(), /comma/],
  ]) {
    await refused(run, message);
  }
  assert.deepEqual(await requests(), []);
});

// ----------------------------------------------------------------------------------------------- filters

test("each comparison with each kind of value", async () => {
  const date = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6));
  for (const [where, parameters] of [
    [{ email: "a@b.example" }, "email=a%40b.example"],
    [{ email: { eq: "a@b.example" } }, "email=a%40b.example"],
    [{ is_complete: true, is_new: false }, "is_complete=true&is_new=false"],
    [{ value: 5, least: -0.25, large: 1e21, zero: 0 }, "value=5&least=-0.25&large=1e%2B21&zero=0"],
    [{ id: { in: ["a", "b"] } }, "id__in=a,b"],
    [{ id: { in: [1, "b", true, date] } }, "id__in=1,b,true,2026-01-02T03%3A04%3A05.006Z"],
    [{ date: date }, "date=2026-01-02T03%3A04%3A05.006Z"],
    [{ date: { gte: "2026-01-01", lt: date } }, "date__gte=2026-01-01&date__lt=2026-01-02T03%3A04%3A05.006Z"],
    [{ value: { gt: 1, lte: 2.5 } }, "value__gt=1&value__lte=2.5"],
    // Close reads nothing as null.
    [{ lead_id: null }, "lead_id="],
    [{ lead_id: { eq: null } }, "lead_id="],
    [{ "custom.cf_x": "y" }, "custom.cf_x=y"],
    // Everything but the commas between items is encoded, so that nothing becomes another parameter.
    [{ a: "x&b=c", "d&e": "+ #%/?é😀" }, "a=x%26b%3Dc&d%26e=%2B%20%23%25%2F%3F%C3%A9%F0%9F%98%80"],
    [{ note: "one, two" }, "note=one%2C%20two"],
  ]) {
    assert.equal(await encoded({ where }), `?${parameters}`);
  }
});

test("order, page size, start and expansion", async () => {
  for (const [query, parameters] of [
    [{ orderBy: "-date_created" }, "?_order_by=-date_created"],
    [{ orderBy: ["a", "-b"] }, "?_order_by=a,-b"],
    [{ limit: 200, skip: 7 }, "?_limit=200&_skip=7"],
    [{ skip: 0 }, ""],
    [{ expand: ["a__b", "c"] }, "?_expand=a__b,c"],
    [{ fields: ["x", "y"], where: undefined, orderBy: undefined }, "?_fields=x,y"],
    [{}, ""],
    [null, ""],
    [undefined, ""],
  ]) {
    assert.equal(await encoded(query), parameters);
  }
});

test("filters travel as they were when the call was made", async () => {
  const { close, calls } = offline();
  const query = { where: { id: { in: ["a"] } } };
  const pages = close.list("/task/", query);
  query.where.id.in.push("b");
  await pages.first();
  assert.match(calls[0].url, /\?id__in=a$/);
});

test("users and groups are mixed in one filter", async () => {
  const { id: group } = groups.find(({ name }) => name === "DACH");
  const { members } = await api("GET", `/group/${group}/?_fields=members`);
  const alone = users.find(({ id }) => !members.some(({ user_id }) => user_id === id)).id;
  const { result, requests } = await sent(() =>
    close.list("/user/", { where: { user_id: { in: [alone, group] } }, fields: ["id"] }).all(),
  );
  assert.equal(requests[0].path, `/user/?_fields=id&user_id__in=${alone},${group}`);
  assert.deepEqual(ids(result.items).sort(), [alone, ...members.map(({ user_id }) => user_id)].sort());
});

test("dates are compared by the vendor, whether Date or text", async () => {
  const dates = users.map(({ date_created }) => date_created).sort();
  // Where milliseconds are exact, for a Date has no smaller ones.
  const border = new Date(Date.parse(dates[100]) + 1);
  const after = users.filter(({ date_created }) => new Date(date_created) >= border);
  for (const gte of [border, border.toISOString()]) {
    const { items } = await close.list("/user/", { where: { date_created: { gte } } }).all();
    assert.deepEqual(ids(items), ids(after));
  }
});

test("filters that would mean everybody, or something else, are refused", async () => {
  const list = (where) => () => close.list("/user/", { where }).all();
  for (const [run, message] of [
    // What JSON drops must not vanish from a filter.
    [list({ user_id: undefined }), /query\.where\.user_id/],
    [list({ user_id: { in: undefined } }), /query\.where\.user_id\.in/],
    [list({ user_id: { in: ["a", undefined] } }), /query\.where\.user_id\.in\.1/],
    [list({ value: NaN }), /query\.where\.value.*NaN/],
    [list({ value: { gt: Infinity } }), /query\.where\.value\.gt/],
    [list({ user_id: () => "a" }), /query\.where\.user_id/],
    [list({ user_id: Symbol("a") }), /query\.where\.user_id/],
    [list({ value: 1n }), /./],
    [list({ date: new Date(NaN) }), /query\.where\.date/],
    [list({ date: { gte: new Date(NaN) } }), /query\.where\.date\.gte/],
    // What these hold is no member of theirs, so that JSON would make an empty filter of them.
    [list(new Map([["user_id", "a"]])), /query\.where.*Map/],
    [list(new URLSearchParams("user_id=a")), /query\.where.*URLSearchParams/],
    [list({ user_id: { in: new Set(["a"]) } }), /query\.where\.user_id\.in.*Set/],
    [list({ user_id: { in: [] } }), /query\.where\.user_id\.in: the list is empty/],
    [list({ user_id: { in: [""] } }), /query\.where\.user_id\.in/],
    [list({ user_id: { in: ["a", null] } }), /query\.where\.user_id\.in/],
    [list({ user_id: { in: "a" } }), /query\.where\.user_id\.in.*list/],
    [list({ user_id: "" }), /query\.where\.user_id/],
    [list({ user_id: { eq: "" } }), /query\.where\.user_id/],
    [list({ user_id: ["a"] }), /\{ in: /],
    [list({ user_id: {} }), /query\.where\.user_id/],
    [list({ user_id: { lt: null } }), /query\.where\.user_id\.lt/],
    [list({ user_id: { like: "a" } }), /`like`/],
    [list({ user_id: { eq: { a: 1 } } }), /query\.where\.user_id\.eq/],
    [list({ "": "a" }), /query\.where/],
    // A comma separates the items of a list: one of them would be two.
    [list({ user_id: { in: ["user_a,user_b"] } }), /comma/],
    // The name of a field must not be able to be another parameter.
    [list({ user_id__in: "a" }), /user_id: \{ in/],
    [list({ _limit: 5 }), /`_limit`/],
    [list("id=5"), /query\.where/],
    [list([]), /query\.where/],
    // Half an emoji would arrive as another character.
    [list({ user_id: "\ud800" }), /query\.where\.user_id.*Unicode/],
    [list({ user_id: { in: ["a", "\udc00"] } }), /query\.where\.user_id\.in\.1/],
    [list({ "\ud800": "a" }), /query\.where/],
  ]) {
    await refused(run, message);
  }
  assert.deepEqual(await requests(), []);
});

test("a field called __proto__ is not lost from a filter", async () => {
  const where = JSON.parse('{"__proto__": {"in": ["a"]}}');
  await refused(() => close.list("/user/", { where }).all(), /__proto__/);
});

test("filters are refused where Close has none and would answer with everybody", async () => {
  for (const [run, message] of [
    [() => close.users.list({ where: { email: "a" } }).first(), /query\.where/],
    [() => close.users.availability({ where: { user_id: "a" } }), /`user_id`.*`organization_id`/],
    [() => close.groups.get("g", { where: { id: "a" } }), /query\.where/],
    [() => close.users.list({ orderBy: "email" }).first(), /`email`.*`last_name,first_name`/],
    [() => close.users.list({ orderBy: "-last_name,first_name" }).first(), /query\.orderBy/],
    [() => close.roles.list({ orderBy: "name" }).first(), /query\.orderBy/],
    [() => close.users.list({ limit: 101 }).first(), /query\.limit.*100/],
    [() => close.users.list({ limit: 0 }).first(), /query\.limit/],
    [() => close.users.list({ limit: 1.5 }).first(), /query\.limit/],
    [() => close.users.list({ limit: "5" }).first(), /query\.limit/],
    [() => close.users.list({ skip: -1 }).first(), /query\.skip/],
    [() => close.users.list({ skip: 0.5 }).first(), /query\.skip/],
    [() => close.users.get("u", { limit: 5 }), /limit/],
    [() => close.users.get("u", { skip: 5 }), /skip/],
    [() => close.organizations.get("o", { expand: ["user"] }), /`user`.*`memberships__user`/],
    [() => close.users.me({ expand: ["x"] }), /query\.expand/],
    [() => close.list("/task/", { orderBy: "" }).first(), /query\.orderBy/],
    [() => close.list("/task/", { orderBy: [] }).first(), /query\.orderBy/],
    [() => close.list("/task/", { orderBy: "a, b" }).first(), /query\.orderBy/],
    [() => close.list("/task/", { orderBy: 5 }).first(), /query\.orderBy/],
  ]) {
    await refused(run, message);
  }
  assert.deepEqual(await requests(), []);
});

test("both orders that Close offers arrive", async () => {
  for (const orderBy of ["last_name,first_name", "first_name,last_name"]) {
    const { result, requests } = await sent(() => close.users.list({ orderBy, fields: ["id"] }).first());
    assert.equal(requests[0].path, `/user/?_fields=id&_order_by=${orderBy}`);
    const right = await api("GET", `/user/?_limit=100&_order_by=${orderBy}`);
    assert.deepEqual(ids(result.items), ids(right.data));
  }
});

// ------------------------------------------------------------------------------------------- long queries

test("a query that makes the URL too long travels in a body, with the same result", async () => {
  const wanted = ids(users).filter((_, at) => at % 2 === 0);
  const query = { where: { id: { in: wanted } }, fields: ["id"], limit: 30, skip: 10 };
  const { result, requests } = await sent(() => close.list("/user/", query).all({ concurrency: 1 }));
  assert.deepEqual(ids(result.items), [...wanted].sort().slice(10));
  assert.equal(requests.length, 3);
  requests.forEach(({ method, path, body, headers }, page) => {
    assert.deepEqual(
      [method, path, headers["x-http-method-override"], headers["content-type"]],
      ["POST", "/user/", "GET", "application/json"],
    );
    assert.deepEqual(body, {
      _params: { _fields: "id", id__in: wanted.join(","), _limit: "30", _skip: String(10 + 30 * page) },
    });
  });
});

test("the limit is 2,000 characters of the whole URL, as they are sent", async () => {
  const { close, calls } = offline([]);
  const base = `${BASE}/task/?note=`.length;
  const ask = async (note) => {
    await close.request({ method: "GET", path: "/task/", query: { where: { note } } });
    return calls.at(-1);
  };
  const fits = await ask("x".repeat(2_000 - base));
  assert.deepEqual([fits.method, fits.url.length, fits.body], ["GET", 2_000, undefined]);
  const long = await ask("x".repeat(2_001 - base));
  assert.deepEqual(
    [long.method, long.url, JSON.parse(long.body)._params.note.length],
    ["POST", `${BASE}/task/`, 2_001 - base],
  );
  // é is six characters in a URL, and one in a body.
  const accents = await ask("é".repeat(400));
  assert.deepEqual([accents.method, JSON.parse(accents.body)._params.note], ["POST", "é".repeat(400)]);
});

test("what a long query holds arrives as it is", async () => {
  const { close, calls } = offline([]);
  const note = `"\\\n\u0000\u2028 é😀 </script>&=+%`.repeat(100);
  await close.request({ method: "GET", path: "/task/", query: { where: { note } } });
  assert.deepEqual(JSON.parse(calls[0].body), { _params: { note } });
});

test("a long query of a call that is no GET is left alone", async () => {
  const { close, calls } = offline({});
  const where = { note: "x".repeat(3_000) };
  await close.request({ method: "PUT", path: "/task/", query: { where }, body: { done: true } });
  assert.deepEqual([calls[0].method, calls[0].body], ["PUT", '{"done":true}']);
  assert.ok(calls[0].url.endsWith(where.note));
});

testThatNothingLeaked();
