// Lists of Genesys: by page number, and searches, which go on by links.

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
const groups = await entities(GROUPS);
const crowded = groups.reduce((most, group) => (group.memberCount > most.memberCount ? group : most));
const members = await entities(`${GROUPS}/${crowded.id}/members`);
const profiles = await entities("/api/v2/profiles/groups");

const ids = (items) => items.map(({ id }) => id);
const paths = async () => (await requests()).map(({ method, path }) => `${method} ${path}`);

/** A page of groups, as the sandbox is told to answer. */
const record = (id) => ({ id, name: id, type: "official", rulesVisible: true, visibility: "public" });
const page = (items, more) => ({ body: { entities: items.map(record), ...more } });
const found = (items, more) => ({ body: { results: items.map(record), ...more } });

const MATCH_ALL = [{ type: "MATCH_ALL" }];

/** The link to the first page of a search. */
async function linkOf(request) {
  return (await api("POST", `${GROUPS}/search`, request)).currentPage;
}
const q64Of = (link) => new URL(link, GENESYS).searchParams.get("q64");

// How each is made, with pages of a size, and what is in it. The size of a page of a search that was made before is
// the search's own.
const kinds = {
  "groups.list": { make: async (pageSize) => genesys.groups.list({ pageSize }), items: groups },
  "groups.members": { make: async (pageSize) => genesys.groups.members(crowded.id, { pageSize }), items: members },
  "profiles.groups": { make: async (pageSize) => genesys.profiles.groups({ pageSize }), items: profiles },
  list: { make: async (pageSize) => genesys.list("/api/v2/groups", { pageSize }), items: groups },
  "groups.search": { make: async (pageSize) => genesys.groups.search({ pageSize }), items: groups },
  "groups.search, with criteria": {
    make: async (pageSize) => genesys.groups.search({ where: { exact: "active", fields: "state" }, pageSize }),
    items: groups.filter(({ state }) => state === "active"),
  },
  "groups.searchByQ64": {
    make: async (pageSize) => genesys.groups.searchByQ64(await linkOf({ query: MATCH_ALL, pageSize })),
    items: groups,
  },
};

for (const [name, { make, items }] of Object.entries(kinds)) {
  // Pages that come out even, and not.
  const even = Math.ceil(items.length / 2) * 2 === items.length ? items.length / 2 : items.length;
  for (const size of [even, 7, 100]) {
    test(`${name}, ${size} a page: complete, in order, and counted from the first page on`, async () => {
      const pages = await make(size);
      const pageCount = Math.ceil(items.length / size);
      const seen = [];
      for await (const page of pages.pages()) seen.push(page);
      assert.deepEqual(
        seen.map(({ items, hasMore, total, pageCount }) => [items.length, hasMore, total, pageCount]),
        Array.from({ length: pageCount }, (_, at) => [
          Math.min(size, items.length - at * size),
          at < pageCount - 1,
          items.length,
          pageCount,
        ]),
      );
      assert.deepEqual(
        seen.flatMap(({ items }) => items),
        items,
      );
      assert.equal(seen.at(-1).cursor, null);
      for (const page of seen) {
        assert.deepEqual(Object.keys(page).sort(), ["cursor", "hasMore", "items", "pageCount", "total"]);
      }
      const heard = [];
      const { result, requests } = await sent(() => pages.all({ onProgress: (progress) => heard.push(progress) }));
      assert.deepEqual(result.items, items);
      const { ms, waitedMs, ...report } = result.report;
      // Nothing is asked for in vain where pages are counted.
      assert.deepEqual(report, {
        ...{ complete: true, reason: null, cursor: null, duplicates: 0, gaps: 0, drift: false, retries: 0 },
        ...{ pages: pageCount, requests: pageCount, items: items.length, total: items.length },
      });
      assert.equal(requests.length, pageCount);
      const { rate, ...last } = heard.at(-1);
      assert.deepEqual(last, { pages: pageCount, items: items.length, total: items.length, leftMs: 0, cursor: null });
      assert.ok(rate > 0);
      assert.equal(heard[0].total, items.length);
      const each = [];
      for await (const item of pages) each.push(item.id);
      assert.deepEqual(each, ids(items));
    });
  }

  test(`${name}: first() sends one request, which counts all`, async () => {
    const pages = await make(3);
    const { result, requests } = await sent(() => pages.first());
    assert.equal(requests.length, 1);
    assert.deepEqual(
      [result.items, result.hasMore, result.total, result.pageCount],
      [items.slice(0, 3), true, items.length, Math.ceil(items.length / 3)],
    );
  });

  test(`${name}: the cursor of any page leads to the rest`, async () => {
    const size = 9;
    const pages = await make(size);
    let at = 0;
    for await (const page of pages.pages()) {
      at += page.items.length;
      if (page.cursor === null) break;
      const rest = await pages.resumeFrom(page.cursor).all();
      assert.deepEqual(ids(rest.items), ids(items).slice(at));
      assert.deepEqual([rest.report.complete, rest.report.items], [true, items.length - at]);
    }
    assert.equal(at, items.length);
  });

  test(`${name}: a limit stops, also in a page's middle, and the cursor gives exactly the rest`, async () => {
    for (const [limit, requested] of [
      [1, 1],
      [9, 1],
      [10, 1],
      [11, 2],
      [20, 2],
      [items.length - 1, Math.ceil((items.length - 1) / 10)],
    ]) {
      const pages = await make(10);
      const { result, requests } = await sent(() => pages.all({ limit }));
      assert.deepEqual(result.items, items.slice(0, limit));
      assert.equal(requests.length, requested);
      const { complete, reason, items: count, total, cursor } = result.report;
      assert.deepEqual(
        { complete, reason, count, total },
        { complete: false, reason: "limit", count: limit, total: items.length },
      );
      // By every way of going through a list, and from a list made anew.
      const again = (await make(10)).resumeFrom(cursor);
      assert.deepEqual((await again.all()).items, items.slice(limit));
      const each = [];
      for await (const { id } of again) each.push(id);
      assert.deepEqual(each, ids(items).slice(limit));
      const first = await again.first();
      assert.deepEqual(ids(first.items), ids(items).slice(limit, Math.ceil((limit + 1) / 10) * 10));
    }
  });

  test(`${name}: cut in its middle again and again, it loses and repeats nothing`, async () => {
    const pages = await make(10);
    const all = [];
    let cursor;
    for (let round = 0; cursor !== null; round += 1) {
      assert.ok(round < items.length, "it does not end");
      const part = await (cursor ? pages.resumeFrom(cursor) : pages).all({ limit: 7 });
      all.push(...part.items);
      ({ cursor } = part.report);
    }
    assert.deepEqual(ids(all), ids(items));
  });

  test(`${name}: a limit of all there is, or of more, is no limit`, async () => {
    for (const limit of [items.length, items.length + 1, 10_000]) {
      const { report } = await (await make(13)).all({ limit });
      assert.deepEqual([report.items, report.complete, report.reason, report.cursor], [items.length, true, null, null]);
    }
  });

  test(`${name}: cursors that no page of it gave are refused, and nothing is sent`, async () => {
    const pages = await make(5);
    const own = (await pages.first()).cursor;
    const foreign = [
      ...["", "page", "page:0", "page:-1", "page:x", "page:1.5", "page+x:1", "page+-1:1", "offset:5", "Page:1", "2"],
      // Of the other style.
      own.startsWith("page") ? "link:/api/v2/groups/search?q64=H4sI" : "page:2",
    ];
    const before = (await requests()).length;
    for (const cursor of foreign) await refused(() => pages.resumeFrom(cursor).all(), /cursor/);
    for (const cursor of [null, undefined, 5, {}]) await refused(() => pages.resumeFrom(cursor).first(), /cursor/);
    assert.equal((await requests()).length, before);
  });

  test(`${name}: leaving the loop ends it`, async () => {
    const pages = await make(4);
    const { requests: sentOnes } = await sent(async () => {
      let count = 0;
      for await (const _ of pages) if ((count += 1) === 6) break;
    });
    assert.equal(sentOnes.length, 2);
  });
}

test("nothing is sent until a list is consumed", async () => {
  for (const pages of [genesys.groups.list(), genesys.groups.search({}), genesys.groups.searchByQ64("H4sI")]) {
    pages.pages();
    pages[Symbol.asyncIterator]();
  }
  await genesys.groups.get(crowded.id);
  assert.deepEqual(await paths(), [`GET ${GROUPS}/${crowded.id}`]);
});

test("a list begins at the page that is asked for", async () => {
  const { items, report } = await genesys.groups.list({ pageSize: 10, pageNumber: 3 }).all();
  assert.deepEqual(ids(items), ids(groups).slice(20));
  assert.deepEqual([report.items, report.total, report.complete], [groups.length - 20, groups.length, true]);
  const search = await genesys.groups.search({ pageSize: 10, pageNumber: 3 }).all();
  assert.deepEqual(ids(search.items), ids(groups).slice(20));
  // Behind the last one there is nothing.
  const behind = await genesys.groups.list({ pageSize: 10, pageNumber: 99 }).all();
  assert.deepEqual([behind.items, behind.report.complete, behind.report.requests], [[], true, 1]);
});

test("a list of nothing is one empty page", async () => {
  const lists = [
    genesys.groups.list({ id: ["00000000-0000-4000-8000-000000000000"] }),
    genesys.groups.search({ where: { exact: "nobody has this name", fields: "name" } }),
  ];
  for (const pages of lists) {
    const page = await pages.first();
    assert.deepEqual([page.items, page.hasMore, page.cursor, page.total], [[], false, null, 0]);
    assert.equal((await pages.all()).report.complete, true);
  }
});

test("the pages that follow keep what was asked", async () => {
  const query = { pageSize: 20, sortOrder: "descending", expand: ["presence"] };
  await genesys.groups.members(crowded.id, query).all({ limit: 41, concurrency: 1 });
  const wanted = { pageSize: "20", sortOrder: "descending", expand: "presence" };
  assert.deepEqual(
    (await requests()).map(({ path }) => Object.fromEntries(new URL(path, GENESYS).searchParams)),
    [wanted, { ...wanted, pageNumber: "2" }, { ...wanted, pageNumber: "3" }],
  );
});

// ------------------------------------------------------------------------------------- where a list ends

test("a page that is empty in the middle is not the end", async () => {
  const more = { total: 3, pageCount: 3 };
  const next = (number) => ({ ...more, pageNumber: number, nextUri: `${GROUPS}?pageNumber=${number + 1}` });
  const link = (q64) => ({ ...more, nextPage: `${GROUPS}/search?q64=${q64}` });
  for (const [list, answers] of [
    [
      () => genesys.groups.list(),
      [page(["a", "b"], next(1)), page([], next(2)), page(["c"], { ...more, pageNumber: 3 })],
    ],
    [() => genesys.groups.search({}), [found(["a", "b"], link("QQ")), found([], link("Qg")), found(["c"], more)]],
  ]) {
    await queue(...answers.map((answer) => ({ path: GROUPS, ...answer })));
    const each = [];
    for await (const { id } of list()) each.push(id);
    assert.deepEqual(each, ["a", "b", "c"]);
    await queue(...answers.map((answer) => ({ path: GROUPS, ...answer })));
    const { items, report } = await list().all({ concurrency: 1 });
    assert.deepEqual([ids(items), report.pages, report.complete], [["a", "b", "c"], 3, true]);
    await queue(...answers.map((answer) => ({ path: GROUPS, ...answer })));
    const counts = [];
    for await (const { items, hasMore } of list().pages()) counts.push([items.length, hasMore]);
    assert.deepEqual(counts, [
      [2, true],
      [0, true],
      [1, false],
    ]);
  }
});

test("a list goes on while a link or a count says so", async () => {
  for (const [name, answers, expected] of [
    ["only links", [page(["a"], { nextUri: `${GROUPS}?pageNumber=2` }), page(["b"])], ["a", "b"]],
    ["only a count", [page(["a"], { pageCount: 2 }), page(["b"], { pageCount: 2 })], ["a", "b"]],
    ["neither", [page(["a"])], ["a"]],
    ["null for no link", [page(["a"], { nextUri: null, pageCount: 1 })], ["a"]],
    ["an empty link", [page(["a"], { nextUri: "", pageCount: 1 })], ["a"]],
  ]) {
    await queue(...answers.map((answer) => ({ path: GROUPS, ...answer })));
    const { items, report } = await genesys.groups.list().all({ concurrency: 1 });
    assert.deepEqual(ids(items), expected, name);
    assert.equal(report.requests, answers.length, name);
  }
});

test("what is not counted is null", async () => {
  await queue({ path: GROUPS, ...page(["a"]) });
  const { total, pageCount } = await genesys.groups.list().first();
  assert.deepEqual([total, pageCount], [null, null]);
});

test("an answer that is no page is a DecodeError", async () => {
  for (const [path, list] of [
    [GROUPS, () => genesys.groups.list()],
    [`${GROUPS}/search`, () => genesys.groups.search({})],
    ["/api/v2/x", () => genesys.list("/api/v2/x")],
  ]) {
    for (const body of [{}, [], null, { entities: {}, results: {} }, { entities: null, results: null }, "", "<html>"]) {
      await queue({ path, body });
      const error = await failure(orgdeck.DecodeError, list().first());
      assert.deepEqual([error.status, error.vendor], [200, "genesys"], JSON.stringify(body));
    }
  }
});

// ---------------------------------------------------------------------------------------- links of searches

test("a search goes on by its links alone, decoded once", async () => {
  const { result, requests } = await sent(() => genesys.groups.search({ query: MATCH_ALL, pageSize: 15 }).all());
  assert.equal(result.items.length, groups.length);
  assert.deepEqual(
    requests.map(({ method, path }) => [method, new URL(path, GENESYS).pathname]),
    [
      ["POST", `${GROUPS}/search`],
      ["GET", `${GROUPS}/search`],
      ["GET", `${GROUPS}/search`],
    ],
  );
  const second = await api("POST", `${GROUPS}/search`, { query: MATCH_ALL, pageSize: 15 });
  assert.equal(q64Of(requests[1].path), q64Of(second.nextPage));
});

test("a search made before is taken as a bare q64, percent-encoded, or as the link it came in", async () => {
  // Of lengths that end in padding, and not.
  for (const name of ["a", "ab", "abc", "support"]) {
    const request = { query: [{ type: "CONTAINS", fields: ["name"], value: name }], pageSize: 2 };
    const first = await api("POST", `${GROUPS}/search`, request);
    const link = first.currentPage;
    const q64 = q64Of(link);
    for (const given of [
      link,
      `${GENESYS}${link}`,
      `${link}&expand=owners`,
      `${GROUPS}/search?expand=owners&q64=${encodeURIComponent(q64)}`,
      q64,
      encodeURIComponent(q64),
      q64.replace(/=+$/, ""),
    ]) {
      const page = await genesys.groups.searchByQ64(given).first();
      assert.deepEqual([ids(page.items), page.total], [ids(first.results), first.total], given);
      const all = await genesys.groups.searchByQ64(given).all();
      assert.equal(all.items.length, first.total, given);
    }
  }
});

test("the link to the next page of one search is the beginning of another", async () => {
  const first = await api("POST", `${GROUPS}/search`, { query: MATCH_ALL, pageSize: 15 });
  const { items, report } = await genesys.groups.searchByQ64(first.nextPage).all();
  assert.deepEqual(ids(items), ids(groups).slice(15));
  assert.deepEqual([report.items, report.total], [groups.length - 15, groups.length]);
});

test("expand goes along with every page of a search that was made before", async () => {
  const q64 = q64Of(await linkOf({ query: MATCH_ALL, pageSize: 15 }));
  const { result, requests } = await sent(() => genesys.groups.searchByQ64(q64, { expand: ["owners"] }).all());
  assert.equal(requests.length, 3);
  for (const { path } of requests) assert.equal(new URL(path, GENESYS).searchParams.get("expand"), "owners");
  for (const { owners } of result.items) for (const { name } of owners) assert.equal(typeof name, "string");
});

test("garbage is no q64, and is not sent", async () => {
  for (const q64 of [
    "",
    " ",
    "ä",
    "{}",
    "a b",
    "%",
    "%zz",
    "H4sI%253D",
    "H4sI\n",
    `${GROUPS}/search?q64=`,
    "?q64=%00",
  ]) {
    await refused(() => genesys.groups.searchByQ64(q64).first(), /q64/);
  }
  for (const q64 of [undefined, null, 5, {}, ["H4sI"]])
    await refused(() => genesys.groups.searchByQ64(q64).all(), /q64/);
  assert.deepEqual(await requests(), []);
  // Of letters that are right it is for the vendor to say.
  const error = await failure(orgdeck.ValidationError, genesys.groups.searchByQ64("AAAA").first());
  assert.match(error.message, /q64/);
});

test("no link of an answer leads anywhere else", async () => {
  const elsewhere = [
    "https://evil.example/api/v2/groups/search?q64=QQ",
    "//evil.example/?q64=QQ",
    "/api/v2/users/../../oauth/token?q64=QQ&x=1#y",
    "../../x?q64=QQ",
  ];
  for (const nextPage of elsewhere) {
    const { genesys, calls } = genesysOffline((_, number) => ({
      results: [record("a")],
      ...(number === 1 && { nextPage }),
    }));
    await genesys.groups.search({}).all();
    assert.deepEqual(
      calls.map(({ url }) => url),
      [`${GENESYS}/api/v2/groups/search`, `${GENESYS}/api/v2/groups/search?q64=QQ`],
      nextPage,
    );
  }
  for (const nextUri of ["https://evil.example/x?pageNumber=2", "//evil.example/x", "garbage"]) {
    const { genesys, calls } = genesysOffline((_, number) => ({
      entities: [record("a")],
      ...(number === 1 && { nextUri }),
    }));
    await genesys.groups.list().all({ concurrency: 1 });
    assert.deepEqual(
      calls.map(({ url }) => url),
      [`${GENESYS}/api/v2/groups`, `${GENESYS}/api/v2/groups?pageNumber=2`],
      nextUri,
    );
  }
});

test("a link that is none is a DecodeError, and no list that looks complete", async () => {
  for (const nextPage of ["garbage!", "/api/v2/groups/search?q64=", "/api/v2/groups/search?q64=%zz"]) {
    const { genesys, calls } = genesysOffline({ results: [record("a")], nextPage });
    const error = await failure(orgdeck.DecodeError, genesys.groups.search({}).all());
    assert.deepEqual([error.vendor, error.sent, calls.length], ["genesys", "yes", 1], nextPage);
  }
});

test("a list that leads to itself ends in an error", async () => {
  const nextPage = "/api/v2/groups/search?q64=QQ";
  const { genesys, calls } = genesysOffline({ results: [record("a")], nextPage });
  await failure(orgdeck.DecodeError, genesys.groups.search({}).all());
  assert.ok(calls.length < 5);
});

// ------------------------------------------------------------------------------------------------- aborts

const consumers = {
  "all()": (list, signal) => list({ signal }).all(),
  "all({ signal })": (list, signal) => list().all({ signal }),
  "first()": (list, signal) => list({ signal }).first(),
  "for await": async (list, signal) => {
    for await (const _ of list({ signal })) assert.fail("no item can come");
  },
};

for (const [name, make] of Object.entries({
  "groups.list": (call) => genesys.groups.list({}, call),
  "groups.members": (call) => genesys.groups.members(crowded.id, {}, call),
  "groups.search": (call) => genesys.groups.search({}, call),
  "groups.searchByQ64": (call) => genesys.groups.searchByQ64("H4sI", {}, call),
  "profiles.groups": (call) => genesys.profiles.groups({}, call),
})) {
  test(`${name}: an abort ends the request in flight, with the signal's own reason`, async () => {
    for (const [way, consume] of Object.entries(consumers)) {
      await queue({ path: "/api/v2/", delay_ms: 60_000 });
      const before = (await requests()).length;
      const controller = new AbortController();
      const reason = { way };
      const outcome = consume(make, controller.signal).then(
        () => assert.fail("it ended"),
        (error) => error,
      );
      const request = await eventually(async () => (await requests())[before]);
      controller.abort(reason);
      assert.equal(await outcome, reason);
      await eventually(async () => (await requests()).find(({ id }) => id === request.id).aborted);
    }
  });

  test(`${name}: a signal that has aborted lets nothing be sent`, async () => {
    for (const consume of Object.values(consumers)) {
      await assert.rejects(consume(make, AbortSignal.abort("late")), (error) => error === "late");
    }
    assert.deepEqual(await requests(), []);
  });
}

test("an abort between two pages stops a search", async () => {
  const controller = new AbortController();
  const outcome = genesys.groups
    .search({ pageSize: 10 })
    .all({ signal: controller.signal, onProgress: () => controller.abort("enough") });
  await assert.rejects(outcome, (error) => error === "enough");
  assert.equal((await requests()).length, 1);
});

test("leaving a loop ends the request in flight", async () => {
  await queue({ path: GROUPS, ...page(["a"], { pageCount: 2 }) }, { path: GROUPS, delay_ms: 60_000 });
  const iterator = genesys.groups.list()[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value.id, "a");
  iterator.next().catch(() => {});
  await arrived(`${GROUPS}?pageNumber=2`);
  await iterator.return();
  await eventually(async () => (await requests())[1].aborted);
});

testThatNothingLeaked();
