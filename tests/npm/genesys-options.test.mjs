// What Genesys clients can be told, and bad input: each a typed error that names it, with nothing sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  child,
  GENESYS,
  GENESYS_TOKEN,
  genesysClient,
  genesysOffline,
  refused,
  REGIONS,
  requests,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
const auth = { accessToken: GENESYS_TOKEN };
const GROUP = { id: "g", name: "n", type: "official", rulesVisible: true, visibility: "public" };

/** The URL that a client made so asks for a group. */
async function urlWith(options) {
  let asked;
  const fetch = async (url) => ((asked = url), new Response(JSON.stringify(GROUP)));
  await new orgdeck.Genesys({ auth, fetch, ...options }).groups.get("g");
  return asked;
}

// ----------------------------------------------------------------------------------------------- regions

test("each of the 18 regions leads to its host, and so does the host's own name", async () => {
  assert.equal(Object.keys(REGIONS).length, 18);
  for (const [region, host] of Object.entries(REGIONS)) {
    assert.equal(await urlWith({ region }), `https://api.${host}/api/v2/groups/g`);
    assert.equal(await urlWith({ region: host }), `https://api.${host}/api/v2/groups/g`);
  }
});

test("a region that is not known yet is reached by its host", async () => {
  assert.equal(await urlWith({ region: "new1.pure.cloud" }), "https://api.new1.pure.cloud/api/v2/groups/g");
});

test("a region that is none is named, with those that there are", async () => {
  for (const region of [
    ...["us-east-1", "US_EAST_1", "mars", "", " us_east_1", "us_east_1 ", "constructor", "toString", "__proto__"],
    ...[
      "https://mypurecloud.com",
      "mypurecloud.com/x",
      "mypurecloud.com:80",
      "a@evil.example",
      "evil.example#",
      "..",
      "a..b",
    ],
    ...["evil.example?", "evil.example\\", "ä.example", "-a.example", "a-.example", "a.b\n", "127.0.0.1"],
  ]) {
    const error = await refused(() => new orgdeck.Genesys({ auth, region }), /region[^]*us_east_1.*eusc_de_east_1/);
    assert.ok(error.message.includes(`\`${region}\``), error.message);
  }
});

test("exactly one of region and baseUrl is due", async () => {
  await refused(() => new orgdeck.Genesys({ auth }), /`region` and `baseUrl`/);
  await refused(() => new orgdeck.Genesys({ auth, region: undefined }), /`region` and `baseUrl`/);
  await refused(() => new orgdeck.Genesys({ auth, region: "us_east_1", baseUrl: GENESYS }), /`region` and `baseUrl`/);
});

test("a base URL is where `/api/v2` begins, and may have a path", async () => {
  for (const [baseUrl, url] of [
    ["https://api.mypurecloud.com", "https://api.mypurecloud.com/api/v2/groups/g"],
    ["https://proxy.example/genesys", "https://proxy.example/genesys/api/v2/groups/g"],
    ["https://proxy.example/genesys/", "https://proxy.example/genesys/api/v2/groups/g"],
    ["http://localhost:5/", "http://localhost:5/api/v2/groups/g"],
  ]) {
    assert.equal(await urlWith({ baseUrl }), url);
  }
});

test("a base URL that is none, or that anybody can listen to, is refused", async () => {
  for (const baseUrl of [
    "",
    "/genesys",
    "mypurecloud.com",
    "http://api.mypurecloud.com",
    "ftp://x.example",
    "https://u:p@x.example",
    "https://x.example/?a",
    "https://x.example/#a",
  ]) {
    await refused(() => new orgdeck.Genesys({ auth, baseUrl }), /baseUrl|base URL/i);
  }
});

// ----------------------------------------------------------------------------------------------- options

test("there are no API keys, and one is not told", async () => {
  const error = await refused(
    () => new orgdeck.Genesys({ auth: { apiKey: "k3y-of-mine" }, baseUrl: GENESYS }),
    /apiKey.*accessToken/,
  );
  assert.ok(!error.message.includes("k3y-of-mine"));
  const both = { apiKey: "k3y-of-mine", accessToken: "t" };
  await refused(() => new orgdeck.Genesys({ auth: both, baseUrl: GENESYS }), /apiKey/);
});

test("options that are unknown or wrong are named", async () => {
  for (const [options, message] of [
    [{ token: "x" }, /options has no option `token`.*`auth`.*`region`/],
    // Those of Close.
    [{ tzOffsetHours: 1 }, /`tzOffsetHours`/],
    [{ allowApiKeyInBrowser: true }, /`allowApiKeyInBrowser`/],
    [{ region: 5 }, /options\.region: expected a string/],
    [{ baseUrl: 5, region: undefined }, /options\.baseUrl: expected a string/],
    [{ auth: {} }, /auth/],
    [{ auth: "token" }, /auth: expected an object/],
    [{ auth: { accessToken: 5 } }, /auth\.accessToken/],
    [{ auth: { token: "x" } }, /auth has no option `token`/],
    [{ auth: undefined }, /auth/],
    [{ fetch: {} }, /options\.fetch/],
    [{ timeoutMs: -1 }, /options\.timeoutMs/],
    [{ maxRetries: 1.5 }, /options\.maxRetries/],
    [{ maxWaitMs: -1 }, /options\.maxWaitMs/],
    [{ rateLimit: { requests: 300 } }, /rateLimit/],
    [{ rateLimit: { requests: 2 ** 40, perMs: 60_000 } }, /rateLimit\.requests/],
    [{ headers: { authorization: "x" } }, /`authorization`/],
    [{ onEvent: 5 }, /options\.onEvent/],
  ]) {
    await refused(() => new orgdeck.Genesys({ auth, region: "us_east_1", ...options }), message);
  }
  for (const options of ["us_east_1", 5, []]) await refused(() => new orgdeck.Genesys(options), /options/);
});

test("before init() the client says what is missing", async () => {
  const errors = await child(`
    return [
      await caught(() => new orgdeck.Genesys({ auth: { accessToken: "t" }, region: "us_east_1" })),
      await caught(() => orgdeck.Genesys.searchRequest({})),
      await caught(() => orgdeck.criteria.all().matches({})),
    ];
  `);
  for (const error of errors) {
    assert.equal(error.name, "ConfigError");
    assert.match(error.message, /await init\(\)/);
  }
});

test("a freed client calls nothing any more, and lists made before say so", async () => {
  const { genesys, calls } = genesysOffline();
  const pages = genesys.groups.list();
  genesys.free();
  genesys.free();
  await refused(() => genesys.groups.get("g"), /freed/);
  await refused(() => genesys.groups.list().first(), /freed/);
  assert.equal(calls.length, 0);
  await pages.first();
  assert.equal(calls.length, 1);
});

test("headers of the client and of the call arrive, in every request of a call", async () => {
  const { genesys, calls } = genesysOffline(() => new Response("{}", { status: 202 }), { headers: { "x-one": "1" } });
  await genesys.groups.addMembers(
    "g",
    Array.from({ length: 51 }, (_, at) => `u${at}`),
    {},
    { headers: { "x-two": "2" } },
  );
  assert.deepEqual(
    calls.map(({ headers }) => [headers["x-one"], headers["x-two"]]),
    [
      ["1", "2"],
      ["1", "2"],
    ],
  );
});

test("a token function is asked before each request", async () => {
  let asked = 0;
  const { genesys, calls } = genesysOffline(() => new Response("{}", { status: 202 }), {
    auth: { accessToken: () => `token-${(asked += 1)}` },
  });
  await genesys.groups.removeMembers(
    "g",
    Array.from({ length: 51 }, (_, at) => `u${at}`),
  );
  assert.deepEqual(
    calls.map(({ headers }) => headers.authorization),
    ["Bearer token-1", "Bearer token-2"],
  );
});

// --------------------------------------------------------------------------------------------- bad input

const genesys = genesysClient();

const CREATE = { name: "n", type: "official", rulesVisible: true, visibility: "public" };
const search = (where) => genesys.groups.search({ where }).first();
const query = (criterion) => genesys.groups.search({ query: [criterion] }).first();
const rule = (condition) => ({
  skillConditions: [{ routingSkillConditions: [condition], languageSkillConditions: [], operation: "And" }],
});
const SKILL = { routingSkill: "s", comparator: "EqualTo", proficiency: 1 };

const bad = {
  "criteria without a value": [() => search({ exact: undefined, fields: "name" }), /where: the criteria are empty/],
  "criteria with an empty value": [() => search({ contains: "", fields: "name" }), /where\.contains.*not empty/],
  "criteria with null": [() => search({ exact: null, fields: "name" }), /where\.exact/],
  "the vendor's criteria without a value": [() => query({ type: "EXACT", fields: ["name"] }), /query\[0\]\.value/],
  "the vendor's criteria with an empty one": [
    () => query({ type: "TERMS", fields: ["name"], values: ["a", ""] }),
    /query\[0\]\.values\[1\]/,
  ],
  "the vendor's criteria with an empty one among others": [
    () => query({ type: "TERMS", fields: ["name"], value: "", values: ["a"] }),
    /query\[0\]\.value/,
  ],
  "the vendor's criteria with a range of a type that has none": [
    () => query({ type: "CONTAINS", fields: ["name"], startValue: "a" }),
    /query\[0\]\.value/,
  ],
  "a field name that is no text": [
    () => search({ exact: "x", fields: ["name", 5] }),
    /where\.fields\[1\].*name of a field/,
  ],
  "a field name that is empty": [() => search({ required: [""] }), /where\.required\[0\]/],
  "no field name": [() => search({ exact: "x" }), /where\.fields/],
  "the vendor's criteria with such a name": [
    () => query({ type: "EXACT", fields: [5], value: "x" }),
    /query\[0\]\.fields\[0\].*string.*number/,
  ],
  "the vendor's criteria without a name": [() => query({ type: "EXACT", value: "x" }), /query\[0\]\.fields/],
  "the vendor's criteria without a type": [() => query({ fields: ["a"], value: "x" }), /query\[0\]\.type/],
  "both kinds of criteria": [
    () => genesys.groups.search({ where: { all: true }, query: [] }).first(),
    /`where` or `query`/,
  ],
  "a member of a search that there is not": [() => genesys.groups.search({ limit: 5 }).first(), /limit/],
  "a search that is none": [() => genesys.groups.search("name").first(), /groups\.search/],
  "no search": [() => genesys.groups.search().first(), /groups\.search/],
  "a page size of 0": [() => genesys.groups.list({ pageSize: 0 }).first(), /pageSize/],
  "a negative page size": [() => genesys.groups.members("g", { pageSize: -5 }).first(), /pageSize/],
  "a negative page size of a search": [() => genesys.groups.search({ pageSize: -5 }).first(), /pageSize/],
  "an empty member id": [() => genesys.groups.addMembers("g", ["u", ""]), /memberIds\[1\]/],
  "an empty member id to be removed": [() => genesys.groups.removeMembers("g", [""]), /memberIds\[0\]/],
  "a q64 that is garbage": [() => genesys.groups.searchByQ64("{}").first(), /q64/],
  "an empty id": [() => genesys.groups.get(""), /groupId|group_id/i],
  "an id that is no text": [() => genesys.groups.get(5), /groupId/],
  "an id that is half an emoji": [() => genesys.groups.individuals("\ud83d"), /groupId.*Unicode/],
  "a query member that there is not": [() => genesys.groups.list({ limit: 5 }).first(), /limit/],
  "a query where there is none": [() => genesys.groups.get("g", { expand: ["owners"] }), /`expand`/],
  "a group without a name": [() => genesys.groups.create({ ...CREATE, name: undefined }), /groups\.create.*name/],
  "a group with an empty name": [() => genesys.groups.create({ ...CREATE, name: "" }), /groups\.create.*name/],
  "a group without a type": [() => genesys.groups.create({ ...CREATE, type: undefined }), /type/],
  "a group without a visibility": [() => genesys.groups.create({ ...CREATE, visibility: undefined }), /visibility/],
  "a group without rulesVisible": [() => genesys.groups.create({ ...CREATE, rulesVisible: undefined }), /rulesVisible/],
  "a group with a version": [() => genesys.groups.create({ ...CREATE, version: 1 }), /version/],
  "a group with an id": [() => genesys.groups.create({ ...CREATE, id: "g" }), /id/],
  "a group with null": [() => genesys.groups.create({ ...CREATE, description: null }), /description/],
  "a group with an owner who is none": [() => genesys.groups.create({ ...CREATE, ownerIds: [""] }), /ownerIds\[0\]/],
  "a change of the type": [() => genesys.groups.update("g", { version: 1, type: "social" }), /type/],
  "a change of what is counted": [() => genesys.groups.update("g", { version: 1, memberCount: 5 }), /memberCount/],
  "a change of the latest version to what is wrong": [
    () => genesys.groups.update("g", { version: "latest", rulesVisible: "yes" }),
    /rulesVisible/,
  ],
  "a field configuration of nothing": [() => genesys.fieldConfig(), /fieldConfig.*type/],
  "dynamic settings without conditions": [() => genesys.groups.dynamicSettings.set("g", {}), /skillConditions/],
  "a proficiency that is too high": [
    () => genesys.groups.dynamicSettings.set("g", rule({ ...SKILL, proficiency: 6 })),
    /skillConditions\[0\]\.routingSkillConditions\[0\]\.proficiency/,
  ],
  "a proficiency between two": [
    () => genesys.groups.dynamicSettings.preview(rule({ ...SKILL, proficiency: 1.5 })),
    /skillConditions\[0\]\.routingSkillConditions\[0\]\.proficiency/,
  ],
  "a path of another API": [() => genesys.request({ method: "GET", path: "/api/../oauth/token" }), /path/],
  "a path that is none": [() => genesys.list("api/v2/users").first(), /path/],
  "a method that there is not": [() => genesys.request({ method: "PATCH", path: "/api/v2/x" }), /PATCH/],
  "the name of an operation for a method": [
    () => genesys.request({ method: "groups.get", path: "/api/v2/x" }),
    /request\.method/,
  ],
  "a deadline that is none": [() => genesys.groups.get("g", { deadlineMs: -1 }), /call\.deadlineMs/],
  "a list's deadline that is none": [() => genesys.groups.list({}, { deadlineMs: "5" }).all(), /call\.deadlineMs/],
  "a search in the background of something": [
    () => genesys.groups.search({}, { background: "yes" }).first(),
    /call\.background/,
  ],
  "tries without end": [() => genesys.groups.delete("g", {}, { maxRetries: Infinity }), /call\.maxRetries/],
  "an answer that is shared with nobody": [() => genesys.fieldConfig("group", { share: null }), /call\.share/],
  "an observer that is none": [() => genesys.groups.addMembers("g", ["u"], {}, { onEvent: [] }), /call\.onEvent/],
  "a body where there is none": [() => genesys.request({ method: "GET", path: "/api/v2/x", body: {} }), /body/],
  "a parameter that is an object": [
    () => genesys.request({ method: "GET", path: "/api/v2/x", query: { a: { b: 1 } } }),
    /query\.a/,
  ],
  "a parameter that is null": [() => genesys.list("/api/v2/x", { a: null }).first(), /query\.a/],
  "a parameter that is no number": [() => genesys.list("/api/v2/x", { a: NaN }).first(), /query\.a/],
};

for (const [name, [run, message]] of Object.entries(bad)) {
  test(`${name} is named, and nothing is sent`, async () => {
    await refused(run, message);
    assert.deepEqual(await requests(), []);
  });
}

const half = {
  "a parameter": (genesys, text) => genesys.list("/api/v2/x", { a: text }).first(),
  "an id among others": (genesys, text) => genesys.groups.list({ id: ["a", text] }).first(),
  "a member id": (genesys, text) => genesys.groups.addMembers("g", [text]),
  "a name": (genesys, text) => genesys.groups.create({ ...CREATE, name: text }),
  "a changed name": (genesys, text) => genesys.groups.update("g", { version: 1, name: text }),
  "a value of criteria": (genesys, text) => genesys.groups.search({ where: { exact: text, fields: "name" } }).first(),
  "a value of the vendor's criteria": (genesys, text) =>
    genesys.groups.search({ query: [{ type: "EXACT", fields: ["name"], value: text }] }).first(),
};

for (const [name, run] of Object.entries(half)) {
  test(`half an emoji is refused, or sent as it is, and never becomes something else: ${name}`, async () => {
    const { genesys, calls } = genesysOffline({ ...GROUP, entities: [], results: [] });
    const error = await run(genesys, "x\ud83d").catch((error) => error);
    if (error instanceof Error) assert.deepEqual([error.name, calls.length], ["ConfigError", 0], error.message);
    else for (const { url, body } of calls) assert.ok(!`${decodeURI(url)}${body}`.includes("\ufffd"), `${url} ${body}`);
  });
}

test("an unknown word of an enumeration is for the vendor to judge", async () => {
  const { genesys, calls } = genesysOffline(() => GROUP);
  await genesys.groups.create({ ...CREATE, type: "cosmic", visibility: "sideways" });
  await genesys.groups.update("g", { version: 1, state: "asleep" });
  assert.equal(calls.length, 2);
});

test("0 and false are values like any other", async () => {
  const { genesys, calls } = genesysOffline(() => GROUP);
  await genesys.groups.update("g", { version: 0, rulesVisible: false, callsEnabled: false, description: "" });
  assert.equal(calls[0].body, '{"version":0,"rulesVisible":false,"callsEnabled":false,"description":""}');
});

testThatNothingLeaked();
