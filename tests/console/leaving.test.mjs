// What is left ends: no request outlives the screen, the panel or the dialog that it was for.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/leaving.test.mjs

import assert from "node:assert/strict";

import {
  allEntities,
  BASE,
  eventually,
  faults,
  FOR_EVER,
  genesysApi,
  loaded,
  open,
  rows,
  sandbox,
  scenario,
} from "./driver.mjs";

const GENESYS = { vendor: "genesys" };
const button = (place, name) => place.getByRole("button", { name, exact: true });

/** Holds whatever fits for ever, and forgets what was sent before. */
async function hold(...paths) {
  await faults(...paths.map((path) => ({ match: typeof path === "string" ? { path } : path, delayMs: FOR_EVER })));
}

/** The requests that are held, and those that were ended. */
async function log() {
  const { requests } = await sandbox("GET", "requests");
  const held = requests.filter(({ fault }) => fault !== null);
  return { held: held.filter(({ aborted }) => !aborted), ended: held.filter(({ aborted }) => aborted) };
}

/** Waits until at least so many requests are held. */
const areHeld = (least) =>
  eventually(async () => (await log()).held.length >= least, true, `${least} requests are held`);

/** Waits until none is held any more, and all of them were ended by the console. */
async function allEnded(least) {
  await eventually(async () => (await log()).held.map(({ path }) => path), []);
  const { ended } = await log();
  assert.ok(ended.length >= least);
  assert.ok(ended.every(({ status }) => status === null));
}

/** Each way to leave, and what it leaves: `begin` has at least `least` requests held. */
const WAYS = [
  {
    name: "another screen is opened",
    hold: ["/api/v1/user/", "/api/v1/organization/*/", "/api/v1/role/"],
    least: 3,
    begin: (page) => button(page, "Refresh").click(),
    leave: async (page) => {
      await page.getByRole("link", { name: "Organisation" }).click();
      await page.getByRole("heading", { level: 1, name: "Organisation" }).waitFor();
    },
    // That screen asks for the organisation, too.
    stays: "_fields=id,name",
  },
  {
    name: "the other vendor is looked at",
    hold: ["/api/v1/user/"],
    least: 1,
    begin: (page) => button(page, "Refresh").click(),
    leave: async (page) => {
      await page.getByRole("navigation", { name: "Vendor" }).getByRole("link", { name: "Genesys Cloud" }).click();
      await page.getByRole("heading", { name: "Connect to Genesys Cloud" }).waitFor();
    },
  },
  {
    name: "somebody signs out",
    hold: ["/api/v1/user/"],
    least: 1,
    begin: (page) => button(page, "Refresh").click(),
    leave: async (page) => {
      await button(page, "Sign out").click();
      await page.getByRole("heading", { name: "Connect to Close" }).waitFor();
    },
  },
  {
    name: "the details of a person are closed",
    hold: ["/api/v1/group/*/"],
    least: 4,
    begin: (page) => rows(page).nth(2).click(),
    leave: (page) => button(page, "Close details").click(),
  },
  {
    name: "another person’s details are opened",
    hold: [{ path: "/api/v1/group/" }],
    least: 1,
    begin: (page) => rows(page).nth(2).click(),
    leave: async (page) => {
      await faults();
      await rows(page).nth(4).click();
      await page.locator(".detail-groups .working").waitFor({ state: "detached" });
    },
  },
  {
    name: "another group is opened",
    begin: async (page) => {
      await open(page, "Groups");
      await eventually(() => page.locator(".group-count").getByText(/^\d/).count(), 12);
      await hold("/api/v1/group/*/");
      await page.getByRole("link", { name: /^DACH/ }).click();
    },
    least: 1,
    leave: async (page) => {
      await faults();
      await page.getByRole("link", { name: /^Nordics/ }).click();
      await page.getByRole("heading", { name: "Nordics" }).waitFor();
    },
  },
  {
    name: "people are being added to a group",
    begin: async (page) => {
      await open(page, "Groups");
      await page.getByRole("link", { name: /^DACH/ }).click();
      await loaded(page);
      const inside = await page.locator(".cell-email").allTextContents();
      for (const word of ["an", "el"]) {
        await page.getByRole("combobox").fill(word);
        await page.getByRole("option").nth(3).click();
      }
      assert.ok(inside.length > 0);
      await hold("/api/v1/group/*/member/");
      await button(page, "Add 2 people").click();
    },
    least: 2,
    leave: (page) => page.getByRole("link", { name: "Roles" }).click(),
  },
  {
    name: "a dialog is closed while it saves",
    begin: async (page) => {
      await open(page, "Groups");
      await button(page, "New group").click();
      await page.getByRole("dialog").getByLabel("Name").fill("Too late");
      await hold({ method: "POST", path: "/api/v1/group/" });
      await button(page.getByRole("dialog"), "Create group").click();
    },
    least: 1,
    leave: async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
  },
  {
    name: "one goes back in the browser while a dialog saves",
    begin: async (page) => {
      await open(page, "Roles");
      await button(page, "New role").click();
      await page.getByRole("dialog").getByLabel("Name").fill("Too late");
      await hold({ method: "POST", path: "/api/v1/role/" });
      await button(page.getByRole("dialog"), "Create role").click();
    },
    least: 1,
    leave: async (page) => {
      await page.goBack();
      await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
      await page.locator("dialog.dialog").waitFor({ state: "detached" });
    },
  },
  {
    name: "a change in the details of a person is saved and the screen is left",
    hold: [{ method: "PUT", path: "/api/v1/membership/*/" }],
    least: 1,
    begin: async (page) => {
      await rows(page).nth(2).click();
      const role = page.locator(".side-panel").getByLabel("Role", { exact: true });
      await role.selectOption((await role.inputValue()) === "superuser" ? "user" : "superuser");
    },
    leave: (page) => page.getByRole("link", { name: "Roles" }).click(),
  },
  {
    ...GENESYS,
    name: "another screen is opened",
    hold: ["/api/v2/groups"],
    least: 1,
    begin: (page) => button(page, "Refresh").click(),
    leave: async (page) => {
      await faults();
      await open(page, "Search");
    },
  },
  {
    ...GENESYS,
    name: "one goes back to the list from a group that still loads",
    hold: ["/api/v2/groups/*/members", "/api/v2/groups/*/individuals", "/api/v2/users"],
    least: 3,
    begin: (page) => rows(page).nth(2).click(),
    leave: (page) => button(page, "All groups").click(),
  },
  {
    ...GENESYS,
    name: "one goes back to the list from the address of a group",
    hold: ["/api/v2/groups/*"],
    least: 1,
    begin: (page) => page.goto(`${BASE}/#/genesys/groups/00000000-0000-4000-8000-000000000000`),
    leave: async (page) => {
      await page.evaluate(() => (location.hash = "#/genesys/groups"));
      await page.getByRole("grid", { name: "Groups" }).waitFor();
    },
  },
  {
    ...GENESYS,
    name: "the dialog to add people is closed while everybody is read",
    begin: async (page) => {
      await rows(page).nth(2).click();
      await page.locator(".members-summary strong").waitFor();
      await hold({ path: "/api/v2/users", query: "pageNumber" });
      await button(page, "Add people").click();
    },
    least: 1,
    leave: (page) => page.keyboard.press("Escape"),
  },
  {
    ...GENESYS,
    name: "the dialog of a new group is closed while owners are read",
    hold: ["/api/v2/users"],
    least: 1,
    begin: (page) => button(page, "New group").click(),
    leave: (page) => button(page.getByRole("dialog"), "Cancel").click(),
  },
  {
    ...GENESYS,
    name: "a search is left",
    begin: async (page) => {
      await open(page, "Search");
      await hold("/api/v2/groups/search");
      await page.getByLabel("Condition 1: value").fill("s");
    },
    least: 1,
    leave: (page) => open(page, "Groups"),
  },
  {
    ...GENESYS,
    name: "people are taken out of a group",
    begin: async (page) => {
      await rows(page).nth(2).click();
      await page.locator(".members-summary strong").waitFor();
      await page
        .getByRole("region", { name: "Members" })
        .getByLabel("Show", { exact: true })
        .selectOption("individual");
      await rows(page).nth(0).click();
      await hold({ method: "DELETE", path: "/api/v2/groups/*/members" });
      await button(page, "Remove 1 person").click();
    },
    least: 1,
    leave: (page) => open(page, "Search"),
  },
];

scenario("ends an attempt to connect when the other vendor is looked at", { as: null }, async (page) => {
  await hold("/api/v1/me/");
  await button(page, "As an administrator May change everything").click();
  await areHeld(1);
  await page.getByRole("navigation", { name: "Vendor" }).getByRole("link", { name: "Genesys Cloud" }).click();
  await page.getByRole("heading", { name: "Connect to Genesys Cloud" }).waitFor();
  await allEnded(1);
});

for (const { name, vendor = "", hold: paths = [], least, begin, leave, stays } of WAYS) {
  scenario(`ends its requests when ${name}${vendor && ", Genesys"}`, { vendor }, async (page) => {
    await loaded(page);
    if (paths.length > 0) await hold(...paths);
    await begin(page);
    await areHeld(least);
    const before = (await log()).held.map(({ path }) => path).filter((path) => !stays || !path.includes(stays));
    await leave(page);
    if (stays) {
      await eventually(
        async () => (await log()).held.every(({ path }) => path.includes(stays)),
        true,
        before.join(" "),
      );
      await faults();
      await page.getByRole("link", { name: "Groups" }).click();
    }
    await allEnded(least);
  });
}

scenario(
  "sends nothing more of a list that was left while it waits to be tried again",
  { statuses: [503] },
  async (page) => {
    await loaded(page);
    await faults({ match: { path: "/api/v1/user/" }, status: 503, retryAfter: 1 });
    await button(page, "Refresh").click();
    await page.locator(".listing-bar").getByText("again in").waitFor();
    await open(page, "Roles");
    await page.locator(".matrix").waitFor();
    const asked = async () =>
      (await sandbox("GET", "requests")).requests.filter(({ path }) => path.startsWith("/api/v1/user/")).length;
    const before = await asked();
    // Longer than it would have waited.
    await page.waitForTimeout(2_500);
    assert.equal(await asked(), before);
  },
);

scenario(
  "takes up again what was being deleted when the screen was left",
  { ...GENESYS, statuses: [404] },
  async (page) => {
    await loaded(page);
    const group = (await allEntities("/groups")).find(({ name }) => name === "Book Club");
    // The sandbox deletes it, and nobody hears of it.
    await faults({ match: { method: "GET", path: `/api/v2/groups/${group.id}` }, after: 1, delayMs: FOR_EVER });
    await rows(page).filter({ hasText: "Book Club" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Book Club" }).waitFor();
    await button(page, "Delete").click();
    await button(page.getByRole("dialog"), "Delete group").click();
    await rows(page).filter({ hasText: "Book Club" }).getByText("Deleting…").waitFor();
    await open(page, "Search");
    await eventually(async () => (await log()).held.length, 0);
    await faults();
    await open(page, "Groups");
    await page.locator(".page-count").getByText("39 groups").waitFor();
    await eventually(() => rows(page).filter({ hasText: "Book Club" }).count(), 0);
    assert.equal(
      (await genesysApi("GET", "/groups?pageSize=100")).entities.some(({ id }) => id === group.id),
      false,
    );
  },
);
