// How far lists are: a bar with rate and time left, a button that stops, going on where it stopped, and what is said of
// a list that broke or changed while it was read.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/listings.test.mjs

import assert from "node:assert/strict";

import {
  accessible,
  allEntities,
  announced,
  eventually,
  faults,
  focused,
  FOR_EVER,
  genesysApi,
  hears,
  loaded,
  open,
  organization,
  PHONE,
  requestsTo,
  rowCount,
  rows,
  sandbox,
  scenario,
  WIDE,
} from "./driver.mjs";

const GENESYS = { vendor: "genesys" };
const USERS = "/api/v1/user/";

const bar = (page, name) =>
  page.locator(".listing-bar:not([hidden])").filter({ has: page.getByRole("progressbar", { name, exact: true }) });
const stopped = (page, text) => page.locator(".listing-bar:not([hidden])").filter({ hasText: text });
const button = (place, name) => place.getByRole("button", { name, exact: true });
const refresh = (page) => button(page, "Refresh").click();
const skips = async () =>
  (await requestsTo("GET", USERS)).map(({ path, status }) => [Number(/_skip=(\d+)/.exec(path)?.[1] ?? 0), status]);

/** Holds the requests that fit until they are ended; what goes on later is answered. */
const hold = (match, more) => faults({ match, delayMs: FOR_EVER, ...more });

// ------------------------------------------------------------------------------------------------ progress

scenario("shows how far a list is, how fast and how long yet; stops it, and goes on", {}, async (page) => {
  await loaded(page);
  await hold({ path: USERS, query: "_skip=200" });
  await refresh(page);
  const { memberships, inactive_memberships: former } = await organization();
  const everybody = memberships.length + former.length;
  const part = `200 of ${everybody.toLocaleString("en")} people`;
  const reading = bar(page, "People loaded");
  await reading.getByText(new RegExp(`^${part} · [\\d,.]+/s · \\d+ (s|min) left$`)).waitFor();
  const progress = reading.getByRole("progressbar");
  assert.deepEqual(await progress.evaluate((element) => [element.value, element.max]), [200, everybody]);
  assert.ok((await rows(page).count()) > 0, "what came is there to be looked at");

  await button(reading, "Cancel").focus();
  await page.keyboard.press("Enter");
  const rest = stopped(page, `Stopped at ${part}`);
  await button(rest, "Go on").waitFor();
  assert.equal(await focused(page), "Go on", "the focus stays with the list");
  await hears(page, `Stopped at ${part}`);
  const third = async () => (await requestsTo("GET", USERS)).filter(({ path }) => path.endsWith("?_skip=200"));
  await eventually(async () => (await third()).map(({ aborted }) => aborted), [false, true]);
  assert.ok((await rows(page).count()) > 0, "what came stays");

  // It goes on behind what it has.
  await faults();
  const before = (await skips()).length;
  await page.keyboard.press("Enter");
  await hears(page, `${everybody.toLocaleString("en")} people loaded.`);
  await loaded(page);
  await page.getByLabel("Show").selectOption("");
  await eventually(() => rowCount(page), everybody);
  const after = (await skips()).slice(before);
  assert.deepEqual(
    after
      .filter(([, status]) => status === 200)
      .map(([skip]) => skip)
      .sort((a, b) => a - b)
      .slice(0, 3),
    [200, 300, 400],
  );
  assert.equal(await page.locator(".listing-bar:not([hidden])").count(), 0);
});

scenario("stays stopped while other screens are looked at", {}, async (page) => {
  await loaded(page);
  await hold({ path: USERS, query: "_skip=200" });
  await refresh(page);
  await bar(page, "People loaded").getByText("200 of").waitFor();
  await button(bar(page, "People loaded"), "Cancel").click();
  const rest = stopped(page, "Stopped at 200 of");
  await rest.waitFor();
  await faults();
  await open(page, "Roles");
  await page.locator(".matrix").waitFor();
  const before = (await skips()).length;
  await open(page, "People");
  await rest.waitFor();
  assert.equal((await skips()).length, before, "nothing is read until somebody says so");
  // What was only left, and not stopped, goes on by itself.
  await button(rest, "Go on").click();
  await open(page, "Roles");
  await open(page, "People");
  await loaded(page);
  await page.getByLabel("Show").selectOption("");
  const { memberships, inactive_memberships: former } = await organization();
  await eventually(() => rowCount(page), memberships.length + former.length);
});

scenario("tells somebody who listens how it ends, and not of each page", {}, async (page) => {
  await loaded(page);
  // The first reading may still have something to tell.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const earlier = (await announced(page)).length;
  await refresh(page);
  const said = async () => (await announced(page)).slice(earlier);
  await eventually(async () => (await said()).at(-1), "3,000 people loaded.");
  const before = (await requestsTo("GET", USERS)).length;
  assert.ok(before > 60, "two readings of thirty pages");
  // On a machine that is very slow it may be told how far it is, but not thirty times.
  assert.ok((await said()).length <= 3, (await said()).join(" | "));
});

scenario("moves nothing where nothing is to move", {}, async (page) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await loaded(page);
  // Memberships would tell how many there are.
  await faults(
    { match: { path: USERS }, delayMs: FOR_EVER },
    { match: { path: "/api/v1/organization/*/" }, delayMs: FOR_EVER },
  );
  await refresh(page);
  const progress = bar(page, "People loaded").getByRole("progressbar");
  assert.equal(await progress.getAttribute("value"), null, "nobody knows how long it takes");
  const motion = () => progress.evaluate((element) => getComputedStyle(element).animationName);
  assert.equal(await motion(), "none");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await eventually(motion, "sweep");
});

/** Every list of the console: how one comes to it, what is asked for it, and how it is called. */
const LISTS = [
  { name: "People loaded", path: USERS, show: (page) => open(page, "People") },
  { name: "Groups loaded", path: "/api/v1/group/", show: (page) => open(page, "Groups") },
  { name: "Groups counted", path: "/api/v1/group/*/", show: (page) => open(page, "Groups") },
  { name: "Roles loaded", path: "/api/v1/role/", show: (page) => open(page, "Roles") },
  { name: "Memberships loaded", path: "/api/v1/organization/*/", show: (page) => open(page, "Memberships") },
  {
    name: "Groups looked through",
    path: "/api/v1/group/*/",
    show: async (page) => {
      await open(page, "People");
      await loaded(page);
      await rows(page).nth(1).click();
    },
  },
  { ...GENESYS, name: "Groups loaded", path: "/api/v2/groups", show: (page) => refresh(page) },
  {
    ...GENESYS,
    name: "Members loaded",
    path: "/api/v2/groups/*/members",
    show: (page) => rows(page).nth(2).click(),
  },
  {
    ...GENESYS,
    name: "People loaded",
    path: "/api/v2/users",
    what: "of somebody to choose from",
    stop: "Stop loading",
    show: async (page) => {
      await rows(page).nth(2).click();
      await button(page, "Add people").click();
    },
  },
  {
    ...GENESYS,
    name: "People loaded",
    path: "/api/v2/users",
    what: "of owners to choose from",
    stop: "Stop loading",
    show: (page) => button(page, "New group").click(),
  },
  {
    ...GENESYS,
    name: "Groups found",
    path: "/api/v2/groups/search",
    show: async (page) => {
      await open(page, "Search");
      await page.getByLabel("Condition 1: value").fill("s");
    },
  },
];

for (const { name, path, vendor = "", what = "", stop = "Cancel", show } of LISTS) {
  scenario(`can be stopped and goes on: ${vendor || "close"}, ${name} ${what}`, { vendor, as: null }, async (page) => {
    // The screen that one comes to first must not have read what is to be held.
    if (!vendor) await page.goto(`${page.url().split("#")[0]}#/close/organisation`);
    await button(page, "As an administrator May change everything").click();
    if (vendor) await loaded(page);
    await hold({ path });
    await show(page);
    const reading = bar(page, name);
    await button(reading, stop).waitFor();
    const [noun] = name.toLowerCase().split(" ");
    await button(reading, stop).click();
    const rest = page.locator(".listing-bar:not([hidden])").filter({ hasText: /topped/ });
    await rest.filter({ hasText: new RegExp(noun, "i") }).waitFor();
    await eventually(async () => {
      const held = (await requestsTo(path.endsWith("search") ? "POST" : "GET", "/api/")).filter(
        // Names of single people are no list.
        ({ status, aborted, path: asked }) => status === null && !aborted && !asked.includes("?id="),
      );
      return held.map((request) => request.path);
    }, []);
    await faults();
    await button(rest, "Go on").click();
    await rest.waitFor({ state: "hidden" });
    await eventually(() => page.locator(".listing-bar:not([hidden])").count(), 0);
    assert.equal(await page.getByRole("alert").count(), 0);
  });
}

scenario("brings more of what is found, and all of it", GENESYS, async (page) => {
  await loaded(page);
  for (let number = 1; number <= 30; number += 1) {
    await genesysApi("POST", "/groups", {
      name: `More ${number}`,
      type: "social",
      visibility: "public",
      rulesVisible: true,
    });
  }
  const { length } = await allEntities("/groups");
  await open(page, "Search");
  await page.getByLabel("Condition 1: test").selectOption("required");
  const found = page.getByRole("list", { name: "Groups found" }).getByRole("link");
  await eventually(() => found.count(), 25);
  await button(page, "Show 25 more").click();
  await eventually(() => found.count(), 50);
  await eventually(() => page.getByRole("button", { name: /^Show/ }).count(), 1);
  await button(page, `Show ${length - 50} more`).click();
  await eventually(() => found.count(), length);
  await page.getByLabel("Condition 1: test").selectOption("contains");
  await page.getByLabel("Condition 1: value").fill("e");
  const names = (await allEntities("/groups")).map((group) => group.name).filter((name) => /e/i.test(name));
  await button(page, "Show all").click();
  assert.ok(names.length > 50);
  await eventually(async () => (await found.locator(".found-name").allTextContents()).sort(), names.sort());
});

// ------------------------------------------------------------------------------------------------ errors

scenario(
  "says how much came before a list broke, and goes on without losing or repeating any",
  { statuses: [503] },
  async (page) => {
    await loaded(page);
    // As often as it is tried.
    await faults({ match: { path: USERS, query: "_skip=300" }, times: 4, status: 503 });
    await sandbox("POST", "stats");
    await refresh(page);
    const alert = page.getByRole("alert");
    await alert.getByText("The list of users was not loaded to its end").waitFor();
    await alert.getByText(/^300 of [\d,]+ people came before, and stay\.$/).waitFor();
    await alert.getByText("ServerError · HTTP 503 · users.list").waitFor();
    assert.ok((await rows(page).count()) > 0);
    const before = (await skips()).length;
    await button(alert, "Go on").click();
    await loaded(page);
    await alert.waitFor({ state: "detached" });
    const after = (await skips()).slice(before).map(([skip]) => skip);
    assert.equal(after.filter((skip) => skip < 300).length, 0, "what came is not read again");
    await page.getByLabel("Show").selectOption("");
    const { memberships, inactive_memberships: former } = await organization();
    await eventually(() => rowCount(page), memberships.length + former.length);
    // Of the run that broke and the one that went on together.
    await page.locator(".listing-bar.is-note").getByText("3 requests were tried again").waitFor();
  },
);

scenario("offers to try again where nothing came", { statuses: [503] }, async (page) => {
  await loaded(page);
  await faults({ match: { path: USERS }, times: 16, status: 503 });
  await refresh(page);
  const alert = page.getByRole("alert");
  await alert.getByText("The list of users was not loaded to its end").waitFor();
  assert.equal(await alert.getByText("came before").count(), 0);
  await faults();
  await button(alert, "Try again").click();
  await alert.waitFor({ state: "detached" });
  await loaded(page);
});

scenario("goes on after an answer that was cut off", {}, async (page) => {
  await loaded(page);
  await faults({ match: { path: USERS, query: "_skip=500" }, times: 1, truncate: true });
  await refresh(page);
  const alert = page.getByRole("alert");
  await alert.getByText("DecodeError").waitFor();
  await button(alert, "Go on").click();
  await loaded(page);
  await page.getByLabel("Show").selectOption("");
  const { memberships, inactive_memberships: former } = await organization();
  await eventually(() => rowCount(page), memberships.length + former.length);
});

// ------------------------------------------------------------------------------------------------ remarks

scenario("says quietly that requests were tried again", { statuses: [503] }, async (page) => {
  await loaded(page);
  assert.equal(await page.locator(".listing-bar:not([hidden])").count(), 0, "of a list that went well nothing is said");
  await faults({ match: { path: USERS, query: "_skip=700" }, times: 1, status: 503, retryAfter: 1 });
  await refresh(page);
  const note = page.locator(".listing-bar.is-note");
  await note.getByText(/^1 request was tried again · [\d.]+ s waited in all$/).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await button(note, "Dismiss").focus();
  await page.keyboard.press("Enter");
  await note.waitFor({ state: "hidden" });
  assert.equal(await focused(page), "People", "the focus goes to the list");
});

scenario("says that somebody came twice, and that somebody may be missing", {}, async (page) => {
  await loaded(page);
  await faults({ match: { path: USERS, query: "_skip=100" }, times: 1, items: { duplicate: 2 } });
  await refresh(page);
  const note = page.locator(".listing-bar.is-note");
  await note.getByText("2 people may be missing, because some came or went meanwhile · 2 came twice").waitFor();
  await faults();
  await button(note, "Read again").click();
  await note.waitFor({ state: "hidden" });
  await loaded(page);
});

scenario("says that of a counted list one may be missing, and reads it again", GENESYS, async (page) => {
  await loaded(page);
  const total = await rowCount(page);
  await faults({ match: { path: "/api/v2/groups" }, times: 1, items: { missing: 1 } });
  await refresh(page);
  const note = page.locator(".listing-bar.is-note");
  await note.getByText("1 group may be missing").waitFor();
  await eventually(() => rowCount(page), total - 1);
  await button(note, "Read again").click();
  await eventually(() => rowCount(page), total);
  await note.waitFor({ state: "hidden" });
});

scenario("says what a list waits for, and stops while it waits", { statuses: [429] }, async (page) => {
  await loaded(page);
  await sandbox("POST", "limits", { close: "6/min", genesys: null });
  await refresh(page);
  const reading = bar(page, "People loaded");
  await reading.getByText(/· (Waiting|Too many requests \(429\), again in) /).waitFor();
  const seconds = async () => Number(/(\d+) s/.exec(await reading.innerText())?.[1]);
  const first = await seconds();
  assert.ok(first > 1 && first <= 60, `${first} s`);
  await eventually(async () => (await seconds()) < first, true, "it counts down");
  const before = (await skips()).length;
  await button(reading, "Cancel").click();
  await stopped(page, "Stopped at ").waitFor();
  assert.equal((await skips()).length, before);
});

// ------------------------------------------------------------------------------------------------ changes of many

scenario("stops a change of many, and says what was done", {}, async (page) => {
  await open(page, "Memberships");
  await loaded(page);
  const total = await rowCount(page);
  const before = (await organization()).memberships;
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  await faults({ match: { method: "PUT", path: "/api/v1/membership/" }, after: 2, delayMs: FOR_EVER });
  await page.getByLabel("New call recording").selectOption("disabled");
  await button(page, "Set recording").click();
  const work = page.locator(".results .notice");
  await eventually(() => work.getByRole("progressbar").evaluate((element) => element.value > 0), true);
  // Leaving would stop it, so it is asked first.
  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByRole("dialog").getByText("Stop the change?").waitFor();
  await button(page.getByRole("dialog"), "Cancel").click();
  await eventually(async () => (await requestsTo("PUT", "/api/v1/membership/")).length, 3);
  await button(work, "Cancel").click();
  await page.locator(".results").getByText("500 members have call recording “Not recorded”").waitFor();
  await page.getByRole("alert").getByText("You cancelled it.").waitFor();
  assert.equal(await rowCount(page), total);
  const sent = await requestsTo("PUT", "/api/v1/membership/");
  const changed = new Set(sent.slice(0, 2).flatMap(({ body }) => body._params.id__in.split(",")));
  const recording = (members) => members.map(({ id, auto_record_calls: value }) => [id, value]);
  assert.equal(changed.size, 500);
  assert.deepEqual(
    recording((await organization()).memberships),
    recording(before).map(([id, value]) => [id, changed.has(id) ? "disabled" : value]),
  );
});

scenario("stops taking people out of a group half-way", GENESYS, async (page) => {
  await loaded(page);
  const [group] = (await allEntities("/groups")).sort((a, b) => b.memberCount - a.memberCount);
  await page.getByLabel("Find a group").fill(group.name);
  await rows(page).filter({ hasText: group.name }).first().click();
  const members = page.getByRole("region", { name: "Members" });
  await members.getByLabel("Show", { exact: true }).selectOption("individual");
  await loaded(page);
  const before = (await genesysApi("GET", `/groups/${group.id}/individuals`)).entities.length;
  assert.ok(before > 100);
  await members.getByRole("checkbox", { name: /^Select all/ }).check();
  await faults({ match: { method: "DELETE", path: "/api/v2/groups/*/members" }, after: 1, delayMs: FOR_EVER });
  await members.getByRole("button", { name: /^Remove [\d,]+ people$/ }).click();
  const bar = members.locator(".results").getByRole("progressbar");
  await eventually(() => bar.evaluate((element) => element.value), 50);
  await button(members.locator(".results"), "Cancel").click();
  await members.locator(".results").getByText("50 people removed").first().waitFor();
  await members.getByText(`Perhaps done: ${(before - 50).toLocaleString("en")} people`).waitFor();
  await eventually(
    async () => (await genesysApi("GET", `/groups/${group.id}/individuals`)).entities.length,
    before - 50,
  );
});

// ------------------------------------------------------------------------------------------------ accessibility

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
  ]) {
    scenario(
      `has nothing for axe-core to say of lists under way, ${colorScheme}, ${device}`,
      { colorScheme, viewport, touch: viewport === PHONE, statuses: [501] },
      async (page) => {
        const at = async (place) => {
          await accessible(page, `${place}, ${colorScheme}, ${device}`);
          assert.ok(
            await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            `${place} is no wider than the ${device}`,
          );
        };
        await loaded(page);
        await hold({ path: USERS, query: "_skip=200" });
        await refresh(page);
        const reading = bar(page, "People loaded");
        await reading.getByText("200 of").waitFor();
        await at("a list under way");
        await button(reading, "Cancel").click();
        await stopped(page, "Stopped at").waitFor();
        await at("a list that was stopped");
        await faults({ match: { path: USERS, query: "_skip=300" }, times: 1, status: 501 });
        await button(page, "Go on").click();
        await page.getByRole("alert").getByText("came before").waitFor();
        await at("a list that broke");
        await faults({ match: { path: USERS, query: "_skip=400" }, times: 1, items: { duplicate: 1 } });
        await button(page.getByRole("alert"), "Go on").click();
        await page.locator(".listing-bar.is-note").getByText("came twice").waitFor();
        await at("a remark on a list");
      },
    );
  }
}
