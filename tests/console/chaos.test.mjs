// The switch that has the sandbox go wrong, and what the console makes of it.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/chaos.test.mjs

import assert from "node:assert/strict";

import {
  accessible,
  allEntities,
  BASE,
  eventually,
  faults,
  focused,
  hears,
  loaded,
  open,
  organization,
  PHONE,
  requestsTo,
  rowCount,
  sandbox,
  scenario,
  WIDE,
} from "./driver.mjs";

const GENESYS = { vendor: "genesys" };
/** What a bumpy network makes Chromium complain of. */
const BUMPY = { statuses: [429, 503], offline: true };
/** And what it complains of when tokens run out besides. */
const WILD = { statuses: [401, ...BUMPY.statuses], offline: true };

const chaosButton = (page) => page.getByRole("button", { name: /^Chaos/ });
const box = (page) => page.getByRole("dialog", { name: "Chaos" });
const mode = (page, name) => box(page).getByRole("switch", { name: new RegExp(`^${name}`) });
const banner = (page) => page.getByRole("complementary", { name: "Chaos" });
const rules = async () => (await sandbox("GET", "faults")).rules;

/** Switches a mode on, and waits until the console says so. */
async function switchOn(page, name) {
  await chaosButton(page).click();
  await mode(page, name).check();
  await banner(page).getByText(name.toLowerCase()).waitFor();
  await page.keyboard.press("Escape");
  await box(page).waitFor({ state: "hidden" });
}

/** Presses what offers to go on, as often as it is offered, until `done()` is true. */
async function persevere(page, done) {
  const more = page.getByRole("alert").getByRole("button", { name: /^(Go on|Try again)$/ });
  for (let pressed = 0; ;) {
    if (await done()) return;
    assert.ok(pressed < 40, "it never comes to an end");
    if (await more.count()) {
      pressed += 1;
      // It may be gone by then.
      await more
        .first()
        .click({ timeout: 2_000 })
        .catch(() => {});
    } else {
      await page.waitForTimeout(100);
    }
  }
}

scenario("switches faults on and off, and says as long as any is on", WILD, async (page) => {
  await loaded(page);
  assert.equal(await banner(page).count(), 0);
  await chaosButton(page).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => /^Bumpy network/.test(await focused(page)), true, "the focus goes to the switches");
  await page.keyboard.press("Space");
  await banner(page).getByText("Chaos is on: bumpy network", { exact: true }).waitFor();
  await hears(page, "Chaos is on: bumpy network");
  const bumpy = await rules();
  const total = bumpy.reduce((sum, { probability }) => sum + probability, 0);
  assert.ok(Math.abs(total - 0.1) < 1e-9, "one request in ten");
  for (const kind of ["status", "reset", "slowBody", "truncate"])
    assert.ok(
      bumpy.some((rule) => kind in rule),
      kind,
    );

  await mode(page, "Rate limits").check();
  await mode(page, "Expired tokens").check();
  await banner(page).getByText("bumpy network, rate limits, expired tokens").waitFor();
  assert.deepEqual(await sandbox("GET", "limits"), { close: "20/s", genesys: "300/min" });
  assert.ok((await rules()).some(({ expireToken }) => expireToken));
  await chaosButton(page).getByText("3 on").waitFor();
  await mode(page, "Bumpy network").uncheck();
  await banner(page).getByText("Chaos is on: rate limits, expired tokens", { exact: true }).waitFor();
  assert.ok((await rules()).every(({ expireToken }) => expireToken));
  await page.keyboard.press("Escape");

  // It is the sandbox that is out of order, so it still is after a reload, and on the screens to connect by.
  await page.reload();
  await banner(page).getByText("rate limits, expired tokens").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Connect to Close" }).waitFor();
  await banner(page).waitFor();
  await banner(page).getByRole("button", { name: "Turn off" }).click();
  await banner(page).waitFor({ state: "hidden" });
  assert.deepEqual(await rules(), []);
  assert.deepEqual(await sandbox("GET", "limits"), { close: null, genesys: null });
});

scenario("is not there without a sandbox", { as: null, statuses: [404] }, async (page) => {
  await page.route("**/_sandbox/health", (route) => route.fulfill({ status: 404, body: "<html></html>" }));
  await page.reload();
  await page.getByRole("button", { name: "administrator" }).click();
  await loaded(page);
  assert.equal(await chaosButton(page).count(), 0);
});

scenario("says when the sandbox does not do it", { statuses: [500] }, async (page) => {
  await loaded(page);
  await page.route("**/_sandbox/faults", (route) => route.fulfill({ status: 500, body: "{}" }));
  await chaosButton(page).click();
  await mode(page, "Bumpy network").click();
  await box(page).getByRole("alert").getByText("That was not changed.").waitFor();
  assert.equal(await mode(page, "Bumpy network").isChecked(), false);
  assert.equal(await banner(page).count(), 0);
});

scenario("loads everybody over a bumpy network", BUMPY, async (page) => {
  await loaded(page);
  const { memberships, inactive_memberships: former } = await organization();
  await switchOn(page, "Bumpy network");
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByLabel("Show").selectOption("");
  const everybody = memberships.length + former.length;
  await persevere(
    page,
    async () =>
      (await page.getByRole("grid").getAttribute("aria-busy")) === null &&
      (await page.getByRole("alert").count()) === 0,
  );
  assert.equal(await rowCount(page), everybody);
  const hits = (await rules()).reduce((sum, rule) => sum + rule.hits, 0);
  assert.ok(hits > 0, "something went wrong on the way");
  await faults();
});

scenario("keeps to the limits of both vendors", { statuses: [429] }, async (page) => {
  await loaded(page);
  await switchOn(page, "Rate limits");
  await sandbox("POST", "stats");
  await page.getByRole("button", { name: "Refresh" }).click();
  await loaded(page);
  await page.getByRole("button", { name: /^Rate limit: \d+ of 20 left/ }).waitFor();
  const { requests, tooManyRequests } = await sandbox("GET", "stats");
  assert.ok(requests > 30);
  assert.equal(tooManyRequests, 0);
});

scenario("gets a fresh token for each that runs out", { statuses: [401] }, async (page) => {
  await loaded(page);
  await switchOn(page, "Expired tokens");
  await sandbox("POST", "stats");
  await page.getByRole("button", { name: "Refresh" }).click();
  await loaded(page);
  await open(page, "Groups");
  await eventually(() => page.locator(".count-skeleton").count(), 0);
  assert.equal(await page.getByRole("alert").count(), 0);
  const { refreshes, byStatus } = await sandbox("GET", "stats");
  assert.ok(refreshes >= 1 && refreshes <= 2, `${refreshes} refreshes`);
  assert.ok(byStatus[401] >= refreshes, "of those that were under way more may be refused than tokens fetched");
});

scenario("renews a sign-in whose token was refused", { ...GENESYS, as: null, statuses: [401] }, async (page) => {
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await loaded(page);
  const total = await rowCount(page);
  await switchOn(page, "Expired tokens");
  await open(page, "Search");
  await page.getByLabel("Condition 1: test").selectOption("required");
  for (let round = 0; round < 12; round += 1) {
    await open(page, "Groups");
    await page.getByRole("button", { name: "Refresh" }).click();
    await loaded(page);
  }
  await eventually(() => rowCount(page), total);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.ok((await sandbox("GET", "stats")).refreshes >= 1);
  assert.ok((await requestsTo("GET", "/api/v2/")).some(({ status }) => status === 401));
});

scenario("edits over a bumpy network do what they say", { ...GENESYS, ...BUMPY }, async (page) => {
  await loaded(page);
  await switchOn(page, "Bumpy network");
  const names = Array.from({ length: 12 }, (_, index) => `Bumpy ${index + 1}`);
  const made = [];
  for (const name of names) {
    await page.getByRole("button", { name: "New group" }).click();
    const dialog = page.getByRole("dialog", { name: "New group" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create group" }).click();
    const alert = dialog.getByRole("alert").filter({ hasText: "The group was not created" });
    await page.getByRole("heading", { level: 1, name, exact: true }).or(alert).first().waitFor({ timeout: 60_000 });
    if (await alert.count()) {
      await dialog.getByRole("button", { name: "Cancel" }).click();
    } else {
      made.push(name);
      await page.getByRole("button", { name: "All groups" }).click();
    }
  }
  await faults();
  const there = (await allEntities("/groups")).map(({ name }) => name).filter((name) => name.startsWith("Bumpy "));
  assert.equal(new Set(there).size, there.length, "none was made twice");
  for (const name of made) assert.ok(there.includes(name), `${name} was said to be made`);
});

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
    ["small", { width: 320, height: 640 }],
  ]) {
    scenario(
      `has nothing for axe-core to say of chaos, ${colorScheme}, ${device}`,
      { colorScheme, viewport },
      async (page) => {
        const at = async (place) => {
          await accessible(page, `${place}, ${colorScheme}, ${device}`);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), place);
        };
        await loaded(page);
        // On a phone it is among the requests.
        if (viewport !== WIDE) await page.getByRole("button", { name: /^Requests/ }).click();
        await chaosButton(page).click();
        await at("switches that are off");
        await mode(page, "Rate limits").check();
        await banner(page).waitFor();
        await at("a switch that is on");
        await page.keyboard.press("Escape");
        assert.equal(await page.getByRole("region", { name: "Requests", exact: true }).isVisible(), viewport !== WIDE);
        await at("the banner");
        await page.goto(`${BASE}/#/genesys`);
        await page.getByRole("heading", { name: "Connect to Genesys Cloud" }).waitFor();
        await at("the banner over a screen to connect by");
      },
    );
  }
}
