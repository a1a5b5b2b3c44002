// Lists: every way of going through one, and of stopping.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrived,
  client,
  eventually,
  everything,
  failure,
  offline,
  queue,
  refused,
  requests,
  reset,
  sent,
  start,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
const close = client();

const users = await everything("/user/");

const ids = (items) => items.map(({ id }) => id);
const page = (items, more) => ({ body: { data: items.map((id) => ({ id })), ...more } });
/** The page behind so many items, and no other. */
const at = (skip, items, has_more) => ({ path: `/task/?_skip=${skip}`, ...page(items, { has_more }) });
const paths = async () => (await requests()).map(({ path }) => path);

test("nothing is sent until a list is consumed", async () => {
  const pages = close.users.list();
  pages.pages();
  pages[Symbol.asyncIterator]();
  pages.resumeFrom("offset:5");
  // Another call, that something sent before would have overtaken.
  await close.users.me();
  assert.deepEqual(await paths(), ["/me/"]);
});

test("for await gives every item once and in order, as all() does", async () => {
  const pages = close.users.list({ limit: 30 });
  const found = [];
  for await (const user of pages) found.push(user);
  assert.deepEqual(found, users);
  const { items } = await pages.all({ concurrency: 1 });
  assert.deepEqual(items, users);
  // Each consumer starts anew.
  assert.equal((await requests()).length, 14);
});

test("pages() gives the pages, and where each goes on", async () => {
  const found = [];
  for await (const page of close.users.list({ limit: 80 }).pages()) found.push(page);
  assert.deepEqual(
    found.map(({ items, hasMore }) => [items.length, hasMore]),
    [
      [80, true],
      [80, true],
      [40, false],
    ],
  );
  assert.deepEqual(
    found.flatMap(({ items }) => items),
    users,
  );
  assert.equal(found[2].cursor, null);
  for (const page of found) {
    assert.deepEqual(Object.keys(page).sort(), ["cursor", "hasMore", "items", "pageCount", "total"]);
    // Close counts nothing.
    assert.deepEqual([page.total, page.pageCount], [null, null]);
  }
  // From behind any page the rest follows.
  for (const at of [0, 1]) {
    const { items, report } = await close.users.list({ limit: 50 }).resumeFrom(found[at].cursor).all();
    assert.deepEqual(ids(items), ids(users).slice(80 * (at + 1)));
    assert.equal(report.items, items.length);
  }
});

test("first() sends one request", async () => {
  const { result, requests } = await sent(() => close.users.list({ limit: 7, skip: 3 }).first());
  assert.deepEqual(result.items, users.slice(3, 10));
  assert.equal(result.hasMore, true);
  assert.deepEqual(
    requests.map(({ path }) => path),
    ["/user/?_limit=7&_skip=3"],
  );
  assert.deepEqual(
    ids((await close.users.list({ limit: 7 }).resumeFrom(result.cursor).first()).items),
    ids(users).slice(10, 17),
  );
});

test("a limit stops, also in a page's middle, and the cursor gives exactly the rest", async () => {
  for (const [limit, requested] of [
    [1, 1],
    [50, 1],
    [51, 2],
    [75, 2],
    [100, 2],
    [199, 4],
  ]) {
    const pages = close.users.list({ limit: 50 });
    // No page is asked for that the limit leaves out.
    const { result, requests } = await sent(() => pages.all({ limit }));
    const { items, report } = result;
    assert.deepEqual(items, users.slice(0, limit));
    assert.equal(requests.length, requested);
    const { complete, reason, items: count } = report;
    assert.deepEqual(
      { complete, reason, count, pages: report.pages, requests: report.requests },
      { complete: false, reason: "limit", count: limit, pages: requested, requests: requested },
    );
    const rest = await pages.resumeFrom(report.cursor).all();
    assert.deepEqual(rest.items, users.slice(limit));
    assert.equal(rest.report.complete, true);
  }
});

test("a limit of all there is, or of more, is no limit", async () => {
  for (const limit of [200, 201, 10_000]) {
    const { items, report } = await close.users.list({ limit: 50 }).all({ limit });
    assert.equal(items.length, 200);
    assert.deepEqual([report.complete, report.reason, report.cursor], [true, null, null]);
  }
});

test("a list resumed in its middle and cut again goes on where it was cut", async () => {
  const pages = close.users.list({ limit: 20, skip: 5 });
  const found = [];
  let cursor;
  do {
    const { items, report } = await (cursor ? pages.resumeFrom(cursor) : pages).all({ limit: 33 });
    found.push(...items);
    ({ cursor } = report);
  } while (cursor);
  assert.deepEqual(found, users.slice(5));
});

test("onProgress hears of every page, and what it throws is ignored", async () => {
  const heard = [];
  const onProgress = (progress) => {
    heard.push(progress);
    throw new Error("not your affair");
  };
  const { items } = await close.users.list({ limit: 80 }).all({ onProgress, limit: 170 });
  assert.equal(items.length, 170);
  for (const { rate } of heard) assert.ok(rate > 0 && Number.isFinite(rate));
  // How many are left is not known where nothing is counted.
  assert.deepEqual(
    heard.map(({ rate, ...progress }) => progress),
    [
      { pages: 1, items: 80, total: null, leftMs: null, cursor: "offset:80" },
      { pages: 2, items: 160, total: null, leftMs: null, cursor: "offset:160" },
      { pages: 3, items: 170, total: null, leftMs: null, cursor: "offset:170" },
    ],
  );
});

// ------------------------------------------------------------------------------------- where a list ends

test("a list goes on by the items received, not by those asked for", async () => {
  for (const concurrency of [1, 4]) {
    await reset();
    await queue(at(2, ["c"], true), at(3, ["d"], false), { path: "/task/", ...page(["a", "b"], { has_more: true }) });
    const { items } = await close.list("/task/").all({ concurrency });
    assert.deepEqual(ids(items), ["a", "b", "c", "d"]);
    // Where a page was believed to begin, and none did, there is a 404 here, which is of no account.
    const skips = (await paths()).map((path) => path.split("_skip=")[1]);
    assert.deepEqual(
      skips.filter((skip) => skip !== "4"),
      [undefined, "2", "3"],
    );
    assert.ok(skips.length <= (concurrency > 1 ? 4 : 3));
  }
});

test("a list ends with has_more false, and where there is no has_more", async () => {
  for (const [answers, expected] of [
    [[page([], { has_more: false })], []],
    [[page([], {})], []],
    [[page(["a", "b"], { has_more: false })], ["a", "b"]],
    [[page(["a", "b"], {})], ["a", "b"]],
    [[page(["a", "b"], { has_more: null })], ["a", "b"]],
  ]) {
    await reset();
    await queue(...answers);
    const found = [];
    for await (const item of close.list("/task/")) found.push(item.id);
    assert.deepEqual(found, expected);
    assert.equal((await requests()).length, answers.length);

    await queue(...answers);
    const { items, report } = await close.list("/task/").all();
    assert.deepEqual(
      [ids(items), report.complete, report.cursor, report.pages],
      [expected, true, null, answers.length],
    );
  }
});

test("a page that is empty and has more behind it is not the end", async () => {
  for (const concurrency of [1, 4]) {
    await reset();
    await queue(at(2, [], true), at(4, ["c"], false), { path: "/task/", ...page(["a", "b"], { has_more: true }) });
    const { items, report } = await close.list("/task/").all({ concurrency });
    assert.deepEqual([ids(items), report.pages, report.complete], [["a", "b", "c"], 3, true]);
  }
});

test("a list that goes on and on with nothing on its pages ends in an error", async () => {
  await queue({ path: "/task/", ...page([], { has_more: true }), times: 200 });
  const error = await failure(orgdeck.DecodeError, close.list("/task/").all());
  assert.match(error.message, /nothing on its pages/);
  assert.equal(error.listing.report.reason, "error");
  assert.ok((await requests()).length <= 104);
});

test("a server that ignores where a page is to start makes no endless list", async () => {
  await queue({ ...page(["a", "b"], { has_more: true }), times: 10 });
  const error = await failure(orgdeck.DecodeError, close.list("/task/").all({ concurrency: 1 }));
  assert.match(error.message, /repeats itself/);
  assert.equal((await requests()).length, 2);
  assert.match((await failure(orgdeck.DecodeError, close.list("/task/").all())).message, /repeats itself/);
});

test("pages that look alike, because few fields were asked for, are pages like any other", async () => {
  for (const [list, path] of [
    // People in one organization; built-in roles, of which there are several.
    [close.users.list({ fields: ["organizations"], limit: 5 }), "/user/"],
    [close.roles.list({ fields: ["editable"], limit: 1 }), "/role/"],
  ]) {
    const { items, report } = await list.all();
    assert.deepEqual([items.length, report.complete], [(await everything(path)).length, true]);
  }
});

test("the members of the envelope may stand in any order", async () => {
  await queue(
    { body: '{"total_results":2,"has_more":true,"data":[{"id":"a"}]}' },
    { body: '{"data":[{"id":"b"}],"cursor":null,"has_more":false}' },
  );
  assert.deepEqual(ids((await close.list("/task/").all({ concurrency: 1 })).items), ["a", "b"]);
});

// ----------------------------------------------------------------------------------- the iterator's rules

test("calls of next() side by side give different items, in order", async () => {
  const items = close.users.list({ limit: 3 })[Symbol.asyncIterator]();
  const results = await Promise.all(Array.from({ length: 10 }, () => items.next()));
  assert.deepEqual(
    results.map(({ value }) => value.id),
    ids(users).slice(0, 10),
  );
  const pages = close.users.list({ limit: 90 }).pages();
  const found = await Promise.all(Array.from({ length: 5 }, () => pages.next()));
  assert.deepEqual(
    found.map(({ done, value }) => [done, value?.items.length]),
    [
      [false, 90],
      [false, 90],
      [false, 20],
      [true, undefined],
      [true, undefined],
    ],
  );
});

test("two iterations of one list do not disturb each other", async () => {
  const pages = close.users.list({ limit: 2 });
  const one = pages[Symbol.asyncIterator]();
  const two = pages[Symbol.asyncIterator]();
  const found = [];
  for (let at = 0; at < 5; at += 1) found.push([(await one.next()).value.id, (await two.next()).value.id]);
  assert.deepEqual(
    found,
    ids(users)
      .slice(0, 5)
      .map((id) => [id, id]),
  );
});

test("an iterator is its own iterable, and stays at its end", async () => {
  const items = close.groups.list()[Symbol.asyncIterator]();
  assert.equal(items[Symbol.asyncIterator](), items);
  await items.next();
  let rest = 0;
  for await (const _ of items) rest += 1;
  assert.equal(rest, 11);
  assert.deepEqual(await items.next(), { done: true, value: undefined });
  assert.deepEqual(await items.next(), { done: true, value: undefined });
  assert.equal((await requests()).length, 1);
});

test("leaving a loop ends the iterator, and sends no more", async () => {
  const items = close.users.list({ limit: 10 })[Symbol.asyncIterator]();
  const found = [];
  for await (const user of items) {
    found.push(user.id);
    if (found.length === 15) break;
  }
  assert.deepEqual(found, ids(users).slice(0, 15));
  assert.deepEqual(await items.next(), { done: true, value: undefined });
  assert.equal((await requests()).length, 2);
});

test("return() ends the request in flight, and gives what it is given", async () => {
  for (const make of [() => close.users.list()[Symbol.asyncIterator](), () => close.users.list().pages()]) {
    await reset();
    await queue({ path: "/user/", delay_ms: 60_000 });
    const iterator = make();
    const pending = [iterator.next(), iterator.next()];
    await arrived("/user/");
    assert.deepEqual(await iterator.return("left"), { done: true, value: "left" });
    assert.deepEqual(await Promise.all(pending), Array(2).fill({ done: true, value: undefined }));
    await eventually(async () => (await requests())[0].aborted);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    assert.equal((await requests()).length, 1);
  }
});

test("return() before the first item sends nothing", async () => {
  const items = close.users.list()[Symbol.asyncIterator]();
  await items.return();
  assert.deepEqual(await items.next(), { done: true, value: undefined });
  assert.deepEqual(await requests(), []);
});

test("after an error an iterator is done", async () => {
  for (const make of [(list) => list[Symbol.asyncIterator](), (list) => list.pages()]) {
    await reset();
    await queue(page(["a"], { has_more: true }), { status: 500, body: { error: "broken" } });
    const iterator = make(close.list("/task/", {}, { maxRetries: 0 }));
    assert.equal((await iterator.next()).done, false);
    await failure(orgdeck.ServerError, iterator.next());
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    assert.equal((await requests()).length, 2);
  }
});

test("an error in all() and first() is the call's, and the list can be consumed again", async () => {
  await queue(page(["a"], { has_more: true }), { status: 502, body: "<h1>Bad gateway</h1>" }, { status: 500 });
  const pages = close.list("/task/", {}, { maxRetries: 0 });
  await failure(orgdeck.ServerError, pages.all({ concurrency: 1 }));
  await failure(orgdeck.ServerError, pages.first());
  await queue(page(["a"], { has_more: false }));
  assert.deepEqual(ids((await pages.all()).items), ["a"]);
});

test("what is wrong with the arguments is told on consumption, never thrown by the call", async () => {
  const wrong = {
    query: close.users.list({ orderBy: "shoe_size" }),
    type: close.users.list("all"),
    option: close.users.list({}, { timeout: 5 }),
    path: close.list("task"),
    noPath: close.list(),
    cursor: close.users.list().resumeFrom("page:2"),
    negative: close.users.list().resumeFrom("offset:-1"),
    noCursor: close.users.list().resumeFrom(null),
    freed: (() => {
      const pages = close.users.list();
      pages.free();
      return pages;
    })(),
  };
  const messages = {
    query: /query\.orderBy/,
    type: /query/,
    option: /`timeout`/,
    path: /path/,
    noPath: /path/,
    cursor: /cursor/,
    negative: /cursor/,
    noCursor: /cursor/,
    freed: /freed/,
  };
  for (const [name, pages] of Object.entries(wrong)) {
    await refused(() => pages.all(), messages[name]);
    await refused(() => pages.first(), messages[name]);
    await refused(async () => {
      for await (const _ of pages) assert.fail(name);
    }, messages[name]);
    const iterator = pages.pages();
    await refused(() => iterator.next(), messages[name]);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    // Looked at, but not consumed: a rejection that nobody could handle would end the process.
    pages[Symbol.asyncIterator]();
    pages.resumeFrom("offset:0");
  }
  assert.deepEqual(await requests(), []);
});

test("the options of all() are checked and named", async () => {
  const pages = close.users.list();
  for (const [options, message] of [
    [{ max: 5 }, /all has no option `max`.*`limit`/],
    [{ limit: 0 }, /all\.limit/],
    [{ limit: -1 }, /all\.limit/],
    [{ limit: 1.5 }, /all\.limit/],
    [{ limit: NaN }, /all\.limit/],
    [{ limit: "5" }, /all\.limit/],
    [{ onProgress: {} }, /all\.onProgress/],
    [{ onPage: "log" }, /all\.onPage/],
    [{ concurrency: 0 }, /all\.concurrency: .*1 to 32/],
    [{ concurrency: 33 }, /all\.concurrency/],
    [{ concurrency: 2.5 }, /all\.concurrency/],
    [{ concurrency: "4" }, /all\.concurrency/],
    [{ concurrency: Infinity }, /all\.concurrency/],
    [{ signal: {} }, /all\.signal/],
    [5, /all/],
  ]) {
    await refused(() => pages.all(options), message);
  }
  assert.deepEqual(await requests(), []);
});

// ----------------------------------------------------------------------------------------------- aborting

const reasons = { "an Error": new Error("enough"), "a text": "enough", "an object": { enough: true }, null: null };

for (const [name, reason] of Object.entries(reasons)) {
  test(`a list is aborted with its own reason: ${name}`, async () => {
    for (const consume of [
      (signal) => close.users.list({}, { signal }).all(),
      (signal) => close.users.list().all({ signal }),
      (signal) => close.users.list({}, { signal }).first(),
      (signal) => close.users.list({}, { signal }).pages().next(),
      async (signal) => {
        for await (const _ of close.users.list({}, { signal })) assert.fail("no item can come");
      },
    ]) {
      await reset();
      await queue({ path: "/user/", delay_ms: 60_000 });
      const controller = new AbortController();
      const outcome = consume(controller.signal).then(
        () => assert.fail("it ended"),
        (error) => ({ error }),
      );
      await arrived("/user/");
      controller.abort(reason);
      assert.equal((await outcome).error, reason);
      await eventually(async () => (await requests())[0].aborted);
    }
  });
}

test("a signal that has aborted lets nothing be sent", async () => {
  const reason = { why: "too late" };
  const signal = AbortSignal.abort(reason);
  for (const consume of [
    () => close.users.list({}, { signal }).all(),
    () => close.users.list().all({ signal }),
    () => close.users.list({}, { signal }).first(),
    () => close.users.list({}, { signal })[Symbol.asyncIterator]().next(),
  ]) {
    await assert.rejects(consume, (error) => error === reason);
  }
  assert.deepEqual(await requests(), []);
});

test("a signal between two pages stops the list", async () => {
  const controller = new AbortController();
  const pages = close.users.list({ limit: 50 }, { signal: controller.signal });
  const found = [];
  await assert.rejects(
    async () => {
      for await (const user of pages) {
        found.push(user);
        if (found.length === 60) controller.abort("enough");
      }
    },
    (error) => error === "enough",
  );
  // What had come was given out.
  assert.equal(found.length, 100);
  assert.equal((await requests()).length, 2);

  const other = new AbortController();
  const outcome = close.users.list({ limit: 50 }).all({ signal: other.signal, onProgress: () => other.abort("stop") });
  await assert.rejects(outcome, (error) => error === "stop");
  assert.equal((await requests()).length, 3);
});

test("a list leaves no listener behind on a signal", async () => {
  const { signal } = new AbortController();
  let listening = 0;
  const watched = new Proxy(signal, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key === "addEventListener") return (...given) => ((listening += 1), value.apply(target, given));
      if (key === "removeEventListener") return (...given) => ((listening -= 1), value.apply(target, given));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { close } = offline();
  await close.users.list().all({ signal: watched });
  assert.equal(listening, 0);
});

testThatNothingLeaked();
