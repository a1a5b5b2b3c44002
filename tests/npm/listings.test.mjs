// Whole lists: fetched ahead, in order, and with a report that says whether anything is missing; also when they break,
// and when records come and go while they are read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  clearStats,
  client,
  entities,
  everything,
  failure,
  faults,
  genesysClient,
  genesysOffline,
  offline,
  queue,
  sent,
  shortenPauses,
  start,
  stats,
  testThatNothingLeaked,
} from "./helper.mjs";

const orgdeck = await start();
shortenPauses();
const [close, genesys] = [client(), genesysClient()];

const GROUPS = "/api/v2/groups";
const users = await everything("/user/");
const groups = await entities(GROUPS);
const crowded = groups.reduce((most, group) => (group.memberCount > most.memberCount ? group : most));
const members = await entities(`${GROUPS}/${crowded.id}/members`);

const ids = (items) => items.map(({ id }) => id);

// Lists of each kind: how one is made with pages of a size, what is in it, and whether the vendor counts.
const lists = {
  "users.list": { make: (limit, call) => close.users.list({ limit }, call), items: users, path: "/api/v1/user/" },
  "groups.list": {
    make: (pageSize, call) => genesys.groups.list({ pageSize }, call),
    ...{ items: groups, path: GROUPS, isCounted: true },
  },
  "groups.members": {
    make: (pageSize, call) => genesys.groups.members(crowded.id, { pageSize }, call),
    ...{ items: members, path: `${GROUPS}/${crowded.id}/members`, isCounted: true },
  },
};
/** Of a page, what tells it from others in its list. */
const place = { "users.list": (at, size) => `_skip=${at * size}`, "groups.list": (at) => `pageNumber=${at + 1}` };

/** A report without what is different each time. */
function steady({ ms, waitedMs, ...report }) {
  assert.ok(ms >= 0 && ms < 60_000 && waitedMs >= 0, JSON.stringify({ ms, waitedMs }));
  return report;
}
const whole = {
  ...{ complete: true, reason: null, total: null, duplicates: 0, gaps: 0, drift: false, retries: 0, cursor: null },
};

// ----------------------------------------------------------------------------------------------- fetched ahead

for (const [name, { make, items, path, isCounted }] of Object.entries(lists)) {
  test(`${name}: the same items in the same order, however many pages are in flight and however late they come`, async () => {
    const size = 9;
    const pages = Math.ceil(items.length / size);
    for (const concurrency of [1, 2, 3, 8, 32]) {
      // Some pages overtake others.
      await faults({ match: { path }, probability: 0.4, seed: concurrency, delayMs: 12 });
      const { result, requests } = await sent(() => make(size).all({ concurrency }));
      assert.deepEqual(result.items, items, `${concurrency} at once`);
      const { requests: counted, ...report } = steady(result.report);
      const total = isCounted ? items.length : null;
      assert.deepEqual(report, { ...whole, total, pages, items: items.length });
      // One that was given up may never have arrived.
      assert.ok(requests.length <= counted);
      const wasted = counted - pages;
      assert.ok(wasted >= 0 && wasted <= (isCounted ? 0 : concurrency - 1), `${wasted} of ${concurrency} in vain`);
    }
  });

  test(`${name}: no more pages are in flight than were asked for, four if nothing was said`, async () => {
    for (const [options, most] of [
      [{ concurrency: 1 }, 1],
      [{ concurrency: 2 }, 2],
      [{}, 4],
      [{ concurrency: 7 }, 7],
    ]) {
      await faults({ match: { path }, delayMs: 10 });
      await clearStats();
      await make(4).all({ ...options, limit: 4 * 10 });
      const { mostAtOnce } = await stats();
      assert.ok(mostAtOnce <= most, `${mostAtOnce} where ${most} were asked for`);
    }
  });

  test(`${name}: a limit asks for no page that it leaves out`, async () => {
    for (const [limit, requested] of [
      [1, 1],
      [10, 1],
      [11, 2],
      [35, 4],
    ]) {
      const { result, requests } = await sent(() => make(10).all({ limit, concurrency: 8 }));
      assert.deepEqual(result.items, items.slice(0, limit));
      assert.equal(requests.length, requested);
      const { complete, reason, cursor, gaps } = result.report;
      assert.deepEqual({ complete, reason, gaps }, { complete: false, reason: "limit", gaps: 0 });
      assert.deepEqual((await make(10).resumeFrom(cursor).all()).items, items.slice(limit));
    }
  });

  test(`${name}: all that is tried again is counted, and how long was waited`, async () => {
    await faults({ match: { path }, after: 1, times: 2, status: 503, retryAfter: 0.05 });
    const { result, requests } = await sent(() => make(25).all({ concurrency: 1 }));
    assert.deepEqual(result.items, items);
    const { complete, retries, requests: counted, waitedMs } = result.report;
    assert.deepEqual([complete, retries, counted], [true, 2, requests.length]);
    assert.ok(waitedMs >= 100 && waitedMs < 5_000, `${waitedMs}`);
  });

  test(`${name}: onPage is given the pages in order, and onProgress how far it is`, async () => {
    await faults({ match: { path }, probability: 0.5, seed: 3, delayMs: 8 });
    const order = [];
    const given = [];
    const heard = [];
    const throwing = (list, what) => (value) => {
      order.push(what);
      list.push(value);
      if (list.length % 2) throw new Error("not your affair");
      return Promise.reject(new Error("nor mine"));
    };
    const options = { onPage: throwing(given, "page"), onProgress: throwing(heard, "progress") };
    const { report } = await make(12).all(options);
    assert.deepEqual(
      given.flatMap(({ items }) => items),
      items,
    );
    assert.equal(given.length, report.pages);
    assert.deepEqual(order, Array(report.pages).fill(["page", "progress"]).flat());
    const total = isCounted ? items.length : null;
    let count = 0;
    heard.forEach(({ rate, leftMs, ...progress }, at) => {
      count += given[at].items.length;
      assert.deepEqual(progress, { pages: at + 1, items: count, total, cursor: given[at].cursor });
      assert.ok(rate > 0 && Number.isFinite(rate));
      if (isCounted) assert.ok(Number.isInteger(leftMs) && leftMs >= 0);
      else assert.equal(leftMs, null);
    });
    if (isCounted) assert.equal(heard.at(-1).leftMs, 0);
    assert.equal(heard.at(-1).cursor, null);
  });
}

test("as many pages are in flight as were asked for, once it is known how long the list is", async () => {
  const record = (id) => ({ id, name: id, type: "official", rulesVisible: true, visibility: "public" });
  for (const [concurrency, counts] of [
    [1, [1, 1, 1, 1]],
    [3, [1, 3, 3, 3]],
    [undefined, [1, 4, 4, 4]],
    [8, [1, 8, 8, 8]],
  ]) {
    const waiting = [];
    const { genesys } = genesysOffline(({ url }) => {
      const number = Number(new URL(url).searchParams.get("pageNumber") ?? 1);
      return new Promise((give) =>
        waiting.push(() => give({ entities: [record(`g${number}`)], pageCount: 12, total: 12 })),
      );
    });
    const all = genesys.groups.list().all({ concurrency });
    for (const count of counts) {
      await sleep(3);
      assert.equal(waiting.length, count, `${concurrency}`);
      // The one in front comes, and another is sent behind the last.
      waiting.shift()();
    }
    const rest = setInterval(() => waiting.shift()?.(), 1);
    assert.equal((await all).items.length, 12);
    clearInterval(rest);
  }
});

test("where nothing is counted, more and more pages are asked for ahead", async () => {
  const waiting = [];
  const { close, calls } = offline(({ url }) => {
    const skip = Number(new URL(url).searchParams.get("_skip") ?? 0);
    return new Promise((give) => waiting.push(() => give({ data: [{ id: `${skip}` }], has_more: skip < 30 })));
  });
  const all = close.list("/task/").all({ concurrency: 6 });
  // A short list costs little in vain, and a long one is fast all the same.
  for (const sent of [1, 3, 6, 9, 10]) {
    await sleep(3);
    assert.equal(calls.length, sent);
    waiting.shift()();
  }
  const rest = setInterval(() => waiting.shift()?.(), 1);
  const { items, report } = await all;
  clearInterval(rest);
  assert.equal(items.length, 31);
  assert.ok(report.requests - report.pages <= 5);
});

test("lists of any length, with pages of any length, are whole however many pages are in flight", async () => {
  for (const total of [0, 1, 9, 10, 11, 20, 47]) {
    const all = Array.from({ length: total }, (_, at) => ({ id: `item-${at}` }));
    // What the vendor gives at most, whatever it is asked for.
    for (const most of [10, 7, 1]) {
      for (const concurrency of [1, 2, 4, 8]) {
        const { close, calls } = offline(({ url }) => {
          const skip = Number(new URL(url).searchParams.get("_skip") ?? 0);
          const data = all.slice(skip, skip + most);
          return { data, has_more: skip + data.length < total };
        });
        const label = `${total} in pages of ${most}, ${concurrency} at once`;
        const { items, report } = await close.list("/task/", { limit: 10 }).all({ concurrency });
        assert.deepEqual(items, all, label);
        assert.deepEqual([report.complete, report.items, report.requests], [true, total, calls.length], label);
        const needed = Math.max(1, Math.ceil(total / most));
        assert.ok(calls.length - needed <= concurrency - 1, `${label}: ${calls.length} for ${needed}`);
      }
    }
  }
});

test("pages that are shorter than the first one are followed all the same", async () => {
  const all = Array.from({ length: 60 }, (_, at) => ({ id: `item-${at}` }));
  const { close } = offline(({ url }) => {
    const skip = Number(new URL(url).searchParams.get("_skip") ?? 0);
    // As of a vendor that leaves out what may not be seen.
    const data = all.slice(skip, skip + (skip % 3 ? 4 : 10));
    return { data, has_more: skip + data.length < all.length };
  });
  for (const concurrency of [1, 4, 8]) {
    const { items, report } = await close.list("/task/").all({ concurrency });
    assert.deepEqual(items, all);
    assert.equal(report.complete, true);
  }
});

test("what lies behind the end is of no account, whatever it is", async () => {
  const page = (data, has_more) => ({ data: data.map((id) => ({ id })), has_more });
  const never = () => new Promise(() => {});
  for (const behind of [
    () => new Response("{}", { status: 400 }),
    () => new Response("<html>", { status: 200 }),
    () => Promise.reject(new TypeError("lost")),
    never,
  ]) {
    const { close, calls } = offline(({ url }) => {
      const skip = Number(new URL(url).searchParams.get("_skip") ?? 0);
      if (skip > 4) return behind();
      return skip < 4 ? page([`${skip}`, `${skip + 1}`], true) : page(["4"], false);
    });
    const { items, report } = await close.list("/task/", {}, { maxRetries: 0 }).all({ concurrency: 8 });
    assert.deepEqual(ids(items), ["0", "1", "2", "3", "4"]);
    assert.deepEqual([report.complete, report.reason], [true, null]);
    // What was asked for in vain ends with the list.
    const inVain = calls.filter(({ url }) => Number(new URL(url).searchParams.get("_skip")) > 4);
    assert.ok(inVain.length > 0);
    if (behind === never) for (const { signal } of inVain) assert.ok(signal.aborted);
  }
});

test("a list of nothing is whole", async () => {
  for (const pages of [
    offline({ data: [], has_more: false }).close.list("/task/"),
    genesysOffline().genesys.groups.list(),
  ]) {
    const { items, report } = await pages.all();
    assert.deepEqual(items, []);
    assert.deepEqual(steady(report), { ...whole, pages: 1, items: 0, requests: 1 });
  }
});

// ----------------------------------------------------------------------------------------------- one that breaks

for (const name of ["users.list", "groups.list"]) {
  const { make, items, path, isCounted } = lists[name];
  const size = 10;
  const total = isCounted ? items.length : null;

  test(`${name}: one that breaks says where, keeps what came, and goes on there`, async () => {
    const pages = Math.ceil(items.length / size);
    for (const broken of [1, 2, pages - 1]) {
      for (const concurrency of [1, 4]) {
        await faults({ match: { path, query: place[name](broken, size) }, status: 500 });
        const list = make(size, { maxRetries: 0 });
        const { result: error, requests } = await sent(() => failure(orgdeck.ServerError, list.all({ concurrency })));
        const label = `page ${broken}, ${concurrency} at once`;
        assert.deepEqual(error.listing.items, items.slice(0, broken * size), label);
        const { cursor, requests: counted, ...report } = steady(error.listing.report);
        assert.deepEqual(
          report,
          {
            ...{ complete: false, reason: "error", pages: broken, items: broken * size, total },
            ...{ duplicates: 0, gaps: 0, drift: false, retries: 0 },
          },
          label,
        );
        assert.ok(counted >= requests.length && counted - requests.length < concurrency, label);
        await faults();
        const rest = await make(size).resumeFrom(cursor).all({ concurrency });
        assert.deepEqual([...error.listing.items, ...rest.items], items, label);
        assert.deepEqual([rest.report.complete, rest.report.items], [true, items.length - broken * size], label);
      }
    }
  });

  test(`${name}: a first page that fails leaves nothing, and the whole list to go on with`, async () => {
    await faults({ match: { path }, status: 503 });
    const error = await failure(orgdeck.ServerError, make(size, { maxRetries: 1 }).all());
    const { cursor, ...report } = steady(error.listing.report);
    assert.deepEqual(error.listing.items, []);
    assert.deepEqual(report, {
      ...{ complete: false, reason: "error", pages: 0, items: 0, total: null },
      ...{ duplicates: 0, gaps: 0, drift: false, requests: 2, retries: 1 },
    });
    await faults();
    assert.deepEqual((await make(size).resumeFrom(cursor).all()).items, items);
  });

  test(`${name}: broken again and again, it loses and repeats nothing`, async () => {
    // Of each three requests one fails for good.
    const found = [];
    let cursor;
    for (let round = 0; ; round += 1) {
      assert.ok(round < 40, "it does not end");
      await faults({ match: { path }, probability: 0.35, seed: round, status: 500 });
      const list = make(size, { maxRetries: 0 });
      const from = cursor === undefined ? list : list.resumeFrom(cursor);
      const part = await from.all({ limit: 23 }).catch(({ listing }) => listing);
      found.push(...part.items);
      ({ cursor } = part.report);
      if (part.report.complete) break;
    }
    assert.deepEqual(found, items);
  });

  test(`${name}: whoever goes item by item is told where it broke as well`, async () => {
    await faults({ match: { path, query: place[name](1, size) }, status: 500 });
    const found = [];
    const error = await failure(orgdeck.ServerError, async () => {
      for await (const item of make(size, { maxRetries: 0 })) found.push(item);
    });
    // What came was given out.
    assert.deepEqual(found, items.slice(0, size));
    assert.deepEqual(error.listing.items, []);
    const { reason, items: count, pages, cursor } = error.listing.report;
    assert.deepEqual({ reason, count, pages }, { reason: "error", count: size, pages: 1 });
    await faults();
    assert.deepEqual((await make(size).resumeFrom(cursor).all()).items, items.slice(size));
  });
}

test("other errors of a list have its report, too, and calls that are no lists have none", async () => {
  await faults({ match: { query: "_skip=10" }, html: 200 });
  const decode = await failure(orgdeck.DecodeError, close.users.list({ limit: 10 }).all());
  assert.deepEqual([decode.listing.items.length, decode.listing.report.reason], [10, "error"]);
  await faults({ match: { query: "_skip=10" }, delayMs: 60_000 });
  const late = await failure(
    orgdeck.TimeoutError,
    close.users.list({ limit: 10 }, { timeoutMs: 400, maxRetries: 0 }).all(),
  );
  assert.equal(late.listing.items.length, 10);
  await faults({ match: { path: "/api/**" }, status: 500 });
  const call = await failure(orgdeck.ServerError, client({ maxRetries: 0 }).users.me());
  assert.equal("listing" in call, false);
  // What the caller aborts with is the caller's.
  await faults({ delayMs: 60_000 });
  const reason = new Error("enough");
  const outcome = close.users.list({}, { signal: AbortSignal.abort(reason) }).all();
  await assert.rejects(outcome, (error) => error === reason && !("listing" in error));
});

// ----------------------------------------------------------------------------- pages that lie, and records that move

/** What a list of pages of ten comes to, page after page, with a fault on its third page. */
async function disturbed(name, fault) {
  const { make, path } = lists[name];
  await faults({ match: { path, query: place[name](2, 10) }, times: 1, ...fault });
  const { items, report } = await make(10).all({ concurrency: 1 });
  assert.equal(new Set(ids(items)).size, items.length, "each item once");
  assert.equal(report.items, items.length);
  const { complete, reason, duplicates, gaps, drift, total, cursor } = report;
  assert.equal(cursor, null);
  const seen = new Set(ids(items));
  const lost = lists[name].items.filter(({ id }) => !seen.has(id)).length;
  return { complete, reason, duplicates, gaps, drift, total, lost };
}

const harmless = { complete: true, reason: null, duplicates: 0, gaps: 0, drift: false, lost: 0 };
const missing = { complete: false, reason: "gaps", gaps: 1 };

for (const [name, what, fault, expected] of [
  // What Close sends twice makes its pages longer than they are, so that what follows begins too late.
  [
    "users.list",
    "an item that comes twice",
    { items: { duplicate: 1 } },
    { ...missing, duplicates: 1, drift: true, lost: 1 },
  ],
  ["groups.list", "an item that comes twice", { items: { duplicate: 1 } }, { duplicates: 1, drift: true }],
  [
    "users.list",
    "an item that is left out",
    { items: { missing: 1 } },
    { ...missing, duplicates: 1, drift: true, lost: 1 },
  ],
  ["groups.list", "an item that is left out", { items: { missing: 1 } }, { ...missing, lost: 1 }],
  ["groups.list", "three that are left out", { items: { missing: 3 } }, { ...missing, gaps: 3, lost: 3 }],
  // The last of a page comes again, and the new one is not seen.
  ["users.list", "a record that comes", { records: { insert: 1 } }, { ...missing, duplicates: 1, drift: true }],
  [
    ...["users.list", "records that come", { records: { insert: 3 } }],
    { ...missing, gaps: 3, duplicates: 3, drift: true },
  ],
  [
    "groups.list",
    "a record that comes",
    { records: { insert: 1 } },
    { ...missing, duplicates: 1, drift: true, total: 41 },
  ],
  ["groups.list", "a record that goes", { records: { remove: 1 } }, { ...missing, drift: true, total: 39, lost: 1 }],
]) {
  test(`${name}: ${what} is told of in the report`, async () => {
    const { total, ...found } = await disturbed(name, fault);
    const { total: counted = name === "groups.list" ? 40 : null, ...rest } = { ...harmless, ...expected };
    assert.deepEqual(found, rest);
    assert.equal(total, counted);
  });
}

test("a record that goes from a list that nobody counts leaves no trace, and costs one that stayed", async () => {
  // As index.d.ts says.
  const { total, ...found } = await disturbed("users.list", { records: { remove: 1 } });
  assert.equal(found.complete, true);
  assert.equal(total, null);
});

test("however pages are fetched, what moved is seen: nothing comes twice, and nothing is called whole that is not", async () => {
  for (const [name, { make, path, items }] of Object.entries(lists)) {
    for (const concurrency of [2, 4, 8]) {
      for (const fault of [{ items: { missing: 1 } }, { records: { insert: 1 } }]) {
        await faults({ match: { path }, after: 2, times: 1, ...fault });
        const { items: found, report } = await make(10).all({ concurrency });
        const label = `${name}, ${concurrency} at once, ${JSON.stringify(fault)} ${JSON.stringify(report)}`;
        assert.equal(new Set(ids(found)).size, found.length, label);
        const seen = new Set(ids(found));
        const lost = items.filter(({ id }) => !seen.has(id)).length;
        if (lost) assert.equal(report.complete, false, label);
        if (!report.complete) assert.deepEqual([report.reason, report.gaps > 0], ["gaps", true], label);
      }
    }
  }
});

test("a count that changes is drift, though nothing is missing", async () => {
  const page = (number, total) => ({
    path: `${GROUPS}?pageNumber=${number}`,
    body: {
      entities: [{ id: `g${number}`, name: "n", type: "official", rulesVisible: true, visibility: "public" }],
      ...{ total, pageCount: 2, pageNumber: number },
    },
  });
  await queue(page(2, 2), { ...page(1, 1), path: GROUPS });
  const { report } = await genesys.groups.list().all({ concurrency: 1 });
  const { complete, drift, gaps, total, items } = report;
  assert.deepEqual(
    { complete, drift, gaps, total, items },
    { complete: true, drift: true, gaps: 0, total: 2, items: 2 },
  );
});

test("a list that is gone on with expects what is left, not all that is counted", async () => {
  const first = await genesys.groups.list({ pageSize: 10 }).all({ limit: 15 });
  const { items, report } = await genesys.groups.list({ pageSize: 10 }).resumeFrom(first.report.cursor).all();
  assert.equal(items.length, groups.length - 15);
  const { complete, gaps, total, drift } = report;
  assert.deepEqual({ complete, gaps, total, drift }, { complete: true, gaps: 0, total: groups.length, drift: false });
});

test("records without an id are taken as they come", async () => {
  const data = [{ name: "a" }, { name: "a" }, { id: 7 }, { id: 7 }, "text", "text", null];
  const { items, report } = await offline({ data, has_more: false }).close.list("/task/").all();
  assert.deepEqual(items, data);
  assert.deepEqual([report.duplicates, report.complete], [0, true]);
});

test("an item that came before is not given out again, whichever way a list is read", async () => {
  const page = (items, has_more) => ({ path: "/task/", body: { data: items.map((id) => ({ id })), has_more } });
  const answers = [page(["a", "b"], true), page(["b", "c"], true), page(["a"], false)];
  await queue(...answers);
  const each = [];
  for await (const { id } of close.list("/task/")) each.push(id);
  assert.deepEqual(each, ["a", "b", "c"]);
  await queue(...answers);
  const pages = [];
  for await (const { items } of close.list("/task/").pages()) pages.push(ids(items));
  assert.deepEqual(pages, [["a", "b"], ["c"], []]);
  await queue(...answers);
  const given = [];
  const { items, report } = await close
    .list("/task/")
    .all({ concurrency: 1, onPage: (page) => given.push(ids(page.items)) });
  assert.deepEqual([ids(items), given], [["a", "b", "c"], pages]);
  assert.deepEqual([report.duplicates, report.items], [2, 3]);
});

testThatNothingLeaked();
