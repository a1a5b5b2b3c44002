// The panel of requests: a line for each call, and under it what went wrong on its way.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/requests.test.mjs

import assert from "node:assert/strict";

import {
  accessible,
  eventually,
  faults,
  focused,
  FOR_EVER,
  hears,
  loaded,
  open,
  organization,
  PHONE,
  queueAnswer,
  requestsTo,
  rows,
  sandbox,
  scenario,
  WIDE,
} from "./driver.mjs";

const ROLES = "/api/v1/role/";

/** Opens the panel, and forgets what was sent before. */
async function watch(page) {
  await loaded(page);
  await page.getByRole("button", { name: /^Requests/ }).click();
  const panel = page.getByRole("region", { name: "Requests", exact: true });
  await panel.getByRole("button", { name: "Clear" }).click();
  await panel.getByText("No requests yet").waitFor();
  // By a cell that a phone does not show.
  const call = (operation) =>
    panel.locator("tbody").filter({ has: page.locator("td.request-operation").getByText(operation, { exact: true }) });
  return { panel, call };
}

/** Reads the seconds of a countdown. */
const seconds = async (place) => Number(/(\d+) s/.exec(await place.innerText())?.[1]);

scenario("shows each request that was sent", { statuses: [501] }, async (page) => {
  const { panel } = await watch(page);
  await queueAnswer({
    match: { method: "GET", path: "/api/v1/group/" },
    status: 501,
    body: { error: "Out of order." },
  });
  await open(page, "Groups");
  const failed = panel.getByRole("row").filter({ hasText: "groups.list" });
  await failed.getByText("501", { exact: true }).waitFor();
  await failed.getByText(/^[\d,]+ ms$/).waitFor();
  await panel.getByText("1 failed").waitFor();
  assert.ok((await failed.locator(".request-path").textContent()).includes("/group/"));

  // What is shown is what the server got.
  const alert = page.getByRole("alert");
  await alert.getByText("The groups could not be loaded").waitFor();
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.locator(".page-count").getByText("12 groups").waitFor();
  await eventually(() => panel.locator(".request.is-done").filter({ hasText: "groups.get" }).count(), 12);
  const { requests } = await sandbox("GET", "requests");
  const shown = await panel.locator("tbody .request-path .truncate").allTextContents();
  for (const path of shown)
    assert.ok(
      requests.some((request) => request.path.endsWith(path)),
      path,
    );

  await panel.getByRole("button", { name: "Close requests" }).click();
  await panel.waitFor({ state: "hidden" });
  assert.match(await focused(page), /^Requests/);
});

scenario(
  "shows why a call is tried again, counts down, and shows its tries together",
  { statuses: [503] },
  async (page) => {
    const { panel, call } = await watch(page);
    await faults({ match: { path: "/api/v1/organization/*/" }, times: 1, status: 503, retryAfter: 3 });
    await open(page, "Organisation");
    const asked = call("organizations.get");
    await asked.getByText("retrying").waitFor();
    const words = asked.locator(".between-words");
    await words.getByText(/^The server had a problem \(503\), again in [1-3] s$/).waitFor();
    const first = await seconds(words);
    await eventually(async () => (await seconds(words)) < first, true, "it counts down");
    await page.getByLabel("Name", { exact: true }).waitFor();
    await asked.locator(".request.is-done").getByText("200", { exact: true }).waitFor();
    await words.getByText("The server had a problem (503), again after 3 s").waitFor();
    assert.equal(await asked.count(), 1, "one call");
    await panel.getByText("2 sent · 1 tried again", { exact: true }).waitFor();
    assert.equal(await panel.getByText("failed").count(), 0, "a call that worked in the end has not failed");

    // What went wrong is in sight, the rest can be unfolded.
    const lines = asked.locator(".request-line");
    assert.equal(await lines.count(), 1);
    await asked.getByRole("button", { name: "organizations.get: 2 requests" }).click();
    await lines.filter({ hasText: "try 2" }).getByText("200", { exact: true }).waitFor();
    assert.equal(await lines.count(), 2);
    await page.keyboard.press("Enter");
    await eventually(() => lines.count(), 1);
  },
);

scenario("cancels a call that waits to be tried again", { statuses: [503] }, async (page) => {
  const { call } = await watch(page);
  await faults({ match: { path: ROLES }, times: 1, status: 503, retryAfter: 50 });
  // Roles are read together with people.
  await page.getByRole("button", { name: "Refresh" }).click();
  const roles = call("roles.list");
  await roles.getByText(/again in \d\d s$/).waitFor();
  await page.getByRole("button", { name: "Cancel roles.list" }).click();
  await roles.getByText("cancelled").waitFor();
  assert.equal(await page.getByRole("button", { name: "Cancel roles.list" }).count(), 0);
  // The screen knows: it says so, and goes on when it is told to.
  const bar = page.locator(".listing-bar:not([hidden])").filter({ hasText: "Stopped before any roles came" });
  await bar.getByRole("button", { name: "Go on" }).click();
  await bar.waitFor({ state: "hidden" });
  await eventually(async () => (await requestsTo("GET", ROLES)).map(({ status }) => status), [200, 503, 200]);
});

scenario("cancels a list, which can go on", {}, async (page) => {
  const { call } = await watch(page);
  await faults({ match: { path: "/api/v1/user/", query: "_skip=300" }, delayMs: FOR_EVER });
  await page.getByRole("button", { name: "Refresh" }).click();
  const users = call("users.list");
  await users.getByText("300 items").waitFor();
  await page.getByRole("button", { name: "Cancel users.list" }).click();
  await users.locator(".request").getByText("cancelled").waitFor();
  await page
    .locator(".listing-bar")
    .getByText(/^Stopped at 300 of/)
    .waitFor();
  await faults();
  await page.getByRole("button", { name: "Go on" }).click();
  await loaded(page);
  // The pages of a list are one call; each is there to be looked at.
  const rest = users.last();
  await rest.getByText("200", { exact: true }).first().waitFor();
  await rest.getByRole("button", { name: /^users\.list: 27 pages, 2,700 items/ }).click();
  const paths = await rest.locator(".request-line.is-done .truncate").allTextContents();
  const skips = paths.map((path) => Number(/_skip=(\d+)/.exec(path)[1]));
  assert.deepEqual(
    [...skips].sort((a, b) => a - b),
    [...skips.keys()].map((index) => 300 + 100 * index),
  );
});

scenario("cancels a change, and says that it may have been made", {}, async (page) => {
  await watch(page);
  await rows(page).nth(3).click();
  const panel = page.locator(".side-panel");
  const role = panel.getByLabel("Role", { exact: true });
  const before = await role.inputValue();
  await faults({ match: { method: "PUT", path: "/api/v1/membership/*/" }, delayMs: FOR_EVER });
  await role.selectOption(before === "superuser" ? "user" : "superuser");
  await page.getByRole("button", { name: "Cancel memberships.update" }).click();
  const alert = panel.getByRole("alert");
  await alert.getByText("The role was not changed").waitFor();
  await alert.getByText("It may have been done all the same").waitFor();
  assert.equal(await role.inputValue(), before);
  await eventually(async () => (await requestsTo("PUT", "/api/v1/membership/")).map(({ aborted }) => aborted), [true]);
});

scenario(
  "shows that a token was refused and another was fetched, once for all who wait",
  { statuses: [401] },
  async (page) => {
    const { panel, call } = await watch(page);
    await sandbox("POST", "stats");
    await faults({ match: { path: "/api/v1/**" }, times: 1, expireToken: true });
    await open(page, "Groups");
    await page.locator(".page-count").getByText("12 groups").waitFor();
    const groups = call("groups.list");
    await groups.getByText("The token was refused, a fresh one was fetched").waitFor();
    await groups.locator(".request.is-done").getByText("200", { exact: true }).waitFor();
    await eventually(() => panel.locator(".request.is-done").filter({ hasText: "groups.get" }).count(), 12);
    assert.equal((await sandbox("GET", "stats")).refreshes, 1);
    assert.equal(await page.getByRole("alert").count(), 0);
  },
);

scenario("shows what waits for the rate limit", { statuses: [429] }, async (page) => {
  const { call } = await watch(page);
  await sandbox("POST", "limits", { close: "4/min", genesys: null });
  await open(page, "Groups");
  // Twelve groups are read one by one, four in a minute.
  const waiting = call("groups.get").filter({ hasText: "Waiting" }).first();
  await waiting.getByText("waiting", { exact: true }).waitFor();
  const words = waiting.locator(".between-words");
  await eventually(async () => (await seconds(words)) > 1, true);
  const first = await seconds(words);
  assert.ok(first <= 61);
  await eventually(async () => (await seconds(words)) < first, true, "it counts down");
  const before = (await requestsTo("GET", "/api/v1/group/")).length;
  await open(page, "Organisation");
  await page.getByLabel("Name", { exact: true }).waitFor();
  await eventually(() => call("groups.get").filter({ hasText: "Waiting" }).count(), 0);
  assert.equal(
    (await requestsTo("GET", "/api/v1/group/")).length,
    before,
    "who waits when a screen is left never goes",
  );
});

scenario("says beside a change why it takes so long", { statuses: [503] }, async (page) => {
  await loaded(page);
  const { memberships } = await organization();
  const member = memberships.find((each) => each.role_id === "user");
  await page.getByRole("searchbox").fill(member.user_email);
  await rows(page).filter({ hasText: member.user_email }).first().click();
  await faults({ match: { method: "PUT" }, times: 1, status: 503, retryAfter: 3 });
  const panel = page.locator(".side-panel");
  await panel.getByLabel("Role", { exact: true }).selectOption("superuser");
  const words = /^The server had a problem \(503\), again in [1-3] s$/;
  await panel.getByText(words).waitFor();
  await panel.getByText("Saved").waitFor();
  // Something else may be said in the same breath.
  await hears(page, /The server had a problem \(503\), again in [1-3] s/);
  assert.equal(await panel.getByText(words).count(), 0);
  const sent = await requestsTo("PUT", "/api/v1/membership/");
  assert.deepEqual(
    sent.map(({ status }) => status),
    [503, 200],
  );

  await open(page, "Groups");
  await page.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("In time");
  await faults({ match: { method: "POST", path: "/api/v1/group/" }, times: 1, status: 503, retryAfter: 2 });
  await dialog.getByRole("button", { name: "Create group" }).click();
  await dialog.getByText(words).waitFor();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "In time" }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
  ]) {
    scenario(
      `has nothing for axe-core to say of requests, ${colorScheme}, ${device}`,
      { colorScheme, viewport, touch: viewport === PHONE, statuses: [503] },
      async (page) => {
        const { panel, call } = await watch(page);
        await faults(
          { match: { path: ROLES }, times: 1, status: 503, retryAfter: 50 },
          { match: { path: "/api/v1/user/", query: "_skip=300" }, delayMs: FOR_EVER },
        );
        // On a phone the panel lies over the button.
        await page.getByRole("button", { name: "Refresh" }).dispatchEvent("click");
        await panel.getByText(/again in \d\d s$/).waitFor();
        const users = call("users.list");
        await users.getByText("300 items").waitFor();
        await users.getByRole("button", { name: /^users\.list/ }).click();
        await accessible(page, `requests under way, ${colorScheme}, ${device}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        const [content, room] = await panel
          .getByRole("region", { name: "Requests sent" })
          .evaluate((element) => [element.scrollWidth, element.clientWidth]);
        assert.ok(content <= room, `${content} in ${room}`);
      },
    );
  }
}
