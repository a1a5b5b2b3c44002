// The console for Genesys Cloud: the list of groups, one group, its members.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/genesys.test.mjs

import assert from "node:assert/strict";

import {
  accessible,
  allEntities,
  BASE,
  eventually,
  focused,
  genesysApi,
  loaded,
  open,
  PHONE,
  queueAnswer,
  requestsTo,
  rowCount,
  rows,
  scenario,
  WIDE,
} from "./driver.mjs";

const GENESYS = { vendor: "genesys" };

/** The group called `name`, as the sandbox has it now. */
async function groupCalled(name) {
  const group = (await allEntities("/groups")).find((each) => each.name === name);
  assert.ok(group, `there is a group called ${name}`);
  return genesysApi("GET", `/groups/${group.id}`);
}

const idsOf = (people) => people.map(({ id }) => id).sort();
const individuals = async (id) => idsOf((await genesysApi("GET", `/groups/${id}/individuals`)).entities);
const members = async (id) => idsOf(await allEntities(`/groups/${id}/members`));

/** Opens a group from the list, and waits until its members are there. */
async function openGroup(page, name) {
  await page.getByLabel("Find a group").fill(name);
  await rows(page).filter({ hasText: name }).first().click();
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  await page.locator('[role="grid"]:not([aria-busy])').waitFor();
}

const notice = (page, text) => page.locator(".members-panel .results").getByText(text).first();

// ------------------------------------------------------------------------------------------------ list

scenario("lists all groups, the total at once and the rest as it comes", GENESYS, async (page) => {
  await loaded(page);
  for (let number = 1; number <= 70; number += 1) {
    const group = { name: `Extra ${number}`, type: "social", visibility: "public", rulesVisible: true };
    await genesysApi("POST", "/groups", group);
  }
  const groups = await allEntities("/groups");
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(/\/groups\?.*pageNumber=2/, async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.locator(".page-count").getByText(`${groups.length} groups`).waitFor();
  await page.getByRole("progressbar", { name: "Groups loaded" }).waitFor();
  await eventually(() => rowCount(page), 100);
  release();
  await eventually(() => rowCount(page), groups.length);
  await page.getByRole("progressbar", { name: "Groups loaded" }).waitFor({ state: "hidden" });
  const lists = (await requestsTo("GET", "/api/v2/groups?")).filter(({ path }) => path.includes("pageSize=100"));
  assert.equal(lists.length, 3, "one page when it was opened, and two");

  const first = async () => (await rows(page).locator(".group-cell-name").allTextContents()).slice(0, 8);
  const sorted = groups
    .map(({ name }) => name)
    .sort(new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare);
  assert.deepEqual(await first(), sorted.slice(0, 8));
  const header = page.getByRole("columnheader", { name: "Name" });
  await header.getByRole("button").click();
  assert.equal(await header.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await first(), sorted.reverse().slice(0, 8));

  await page.getByLabel("Find a group").fill("extra 1");
  const found = groups.filter(({ name }) => /extra/i.test(name) && name.includes("1")).length;
  await eventually(() => rowCount(page), found);
  await page.getByText(`${found} of 110 groups`, { exact: true }).waitFor();
  await page.getByLabel("Type", { exact: true }).selectOption("official");
  await page.getByText("No such group").waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await eventually(() => rowCount(page), groups.length);
});

scenario("shows what each group is", GENESYS, async (page) => {
  await loaded(page);
  const words = { public: "Everybody", owners: "Owners and members", members: "Members only" };
  for (const name of ["Fraud Watch", "Back Office", "All Staff", "Supervisors"]) {
    const group = await groupCalled(name);
    await page.getByLabel("Find a group").fill(name);
    const row = rows(page).filter({ hasText: name }).first();
    await row.getByText(group.type === "social" ? "Social" : "Official", { exact: true }).waitFor();
    await row.getByText(words[group.visibility], { exact: true }).waitFor();
    await row.getByText(group.state === "active" ? "Active" : "Inactive", { exact: true }).waitFor();
    assert.equal(await row.locator(".cell-members").textContent(), group.memberCount.toLocaleString("en"));
    assert.equal(await row.locator(".cell-owners").textContent(), String(group.owners.length));
  }
});

// ------------------------------------------------------------------------------------------------ creating, deleting

scenario("creates a group with a description and owners", GENESYS, async (page) => {
  await loaded(page);
  await page.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await dialog.getByText("Give the group a name.").waitFor();
  assert.equal(await focused(page), "Name");
  const name = "<b>Night & Day</b>";
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Description").fill("Around the clock");
  await dialog.getByLabel("Type").selectOption("social");
  await dialog.getByLabel("Visible to").selectOption("members");
  await dialog.getByRole("checkbox", { name: /^Can be called/ }).uncheck();
  await dialog.getByLabel("Email").fill("night@example.com");
  const owners = dialog.getByRole("combobox", { name: "Owners" });
  await owners.fill("ada.lindqvist");
  await dialog.getByRole("option").filter({ hasText: "ada.lindqvist@example.com" }).first().click();
  await dialog.getByRole("button", { name: "Create group" }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  assert.equal(await page.locator("main b").count(), 0, "a name is text, never markup");
  await page.locator(".group-description").getByText("Around the clock").waitFor();
  await page.locator(".owner-list").getByText("Ada Lindqvist").waitFor();

  const made = await groupCalled(name);
  assert.deepEqual(
    [
      made.description,
      made.type,
      made.visibility,
      made.callsEnabled,
      made.rulesVisible,
      made.email,
      made.owners.length,
    ],
    ["Around the clock", "social", "members", false, true, "night@example.com", 1],
  );
  assert.match(page.url(), new RegExp(`#/genesys/groups/${made.id}$`));
  await page.getByRole("button", { name: "All groups" }).click();
  await page.getByText("41 groups").waitFor();
});

scenario("tells of a group that came to be without its description", { ...GENESYS, statuses: [501] }, async (page) => {
  await loaded(page);
  await queueAnswer({
    match: { method: "PUT", path: "/api/v2/groups/" },
    status: 501,
    body: { message: "Out of order.", code: "internal.server.error", status: 501, contextId: "c0ffee" },
  });
  await page.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Half a group");
  await dialog.getByLabel("Description").fill("The other half");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await page.getByRole("heading", { level: 1, name: "Half a group" }).waitFor();
  await page.getByText("No description").waitFor();
  await page.getByRole("button", { name: "All groups" }).click();
  await page.getByRole("alert").getByText("“Half a group” was created, but without its description").waitFor();
  await page.getByRole("alert").getByText("request c0ffee").waitFor();
});

// That it is gone is told by a 404.
scenario("deletes a group, and says so until it is gone", { ...GENESYS, statuses: [404] }, async (page) => {
  await loaded(page);
  const group = await groupCalled("Book Club");
  // What is asked until it is gone is held, so that it is still there to be looked at.
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await openGroup(page, "Book Club");
  await page.route(`**/api/v2/groups/${group.id}`, async (route) => {
    if (route.request().method() === "GET") await held;
    await route.continue().catch(() => {});
  });
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  assert.equal(await focused(page), "Cancel");
  await page.getByRole("dialog").getByRole("button", { name: "Delete group" }).click();
  const row = rows(page).filter({ hasText: "Book Club" });
  await row.getByText("Deleting…").waitFor();
  await row.click();
  assert.match(page.url(), /#\/genesys\/groups$/, "a group on its way out is not opened");
  release();
  await row.waitFor({ state: "detached" });
  await page.getByLabel("Find a group").fill("");
  await page.getByText("39 groups").waitFor();
  await page.getByText("Group “Book Club” deleted").waitFor();
  assert.equal(
    (await allEntities("/groups")).some(({ id }) => id === group.id),
    false,
  );
});

scenario(
  "tells somebody beforehand what they may not do, and shows the refusal",
  { ...GENESYS, as: "ordinary user", statuses: [403] },
  async (page) => {
    await loaded(page);
    await page.getByText("You may not change groups").waitFor();
    const total = await rowCount(page);
    await openGroup(page, "Billing Support");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete group" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("“Billing Support” was not deleted").waitFor();
    await alert.getByText("missing.any.permissions").waitFor();
    await page.getByLabel("Find a group").fill("");
    await eventually(() => rowCount(page), total);
  },
);

// ------------------------------------------------------------------------------------------------ one group

scenario("opens a group by its address, and goes back to the list", { ...GENESYS, statuses: [404] }, async (page) => {
  const group = await groupCalled("Support Tier 2");
  await page.goto(`${BASE}/#/genesys/groups/${group.id}`);
  await page.getByRole("heading", { level: 1, name: "Support Tier 2" }).waitFor();
  await page.getByRole("button", { name: "All groups" }).click();
  await page.getByRole("grid", { name: "Groups" }).waitFor();
  assert.equal(await focused(page), "Groups");
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Support Tier 2" }).waitFor();
  await page.goto(`${BASE}/#/genesys/groups/00000000-0000-4000-8000-000000000000`);
  await page.getByRole("alert").getByText("The group could not be loaded").waitFor();
  await page.getByRole("link", { name: "All groups" }).click();
  await loaded(page);
});

scenario("changes what was changed and nothing else", GENESYS, async (page) => {
  await loaded(page);
  const before = await groupCalled("Customer Care");
  await openGroup(page, "Customer Care");
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Customer Happiness");
  await dialog.getByLabel("State").selectOption("inactive");
  // All owners but one are taken out.
  const chips = dialog.getByRole("list", { name: "Owners" }).getByRole("listitem");
  await eventually(() => chips.count(), before.owners.length);
  for (let left = before.owners.length; left > 1; left -= 1) await chips.last().getByRole("button").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { level: 1, name: "Customer Happiness" }).waitFor();
  await page.locator(".group-badges").getByText("Inactive").waitFor();
  const [{ body }] = await requestsTo("PUT", `/api/v2/groups/${before.id}`);
  assert.deepEqual(body, {
    name: "Customer Happiness",
    state: "inactive",
    ownerIds: [before.owners[0].id],
    version: before.version,
  });
  const after = await genesysApi("GET", `/groups/${before.id}`);
  assert.deepEqual(
    after.owners.map(({ id }) => id),
    [before.owners[0].id],
  );
  assert.equal(after.description, before.description);

  // And the last one: nobody owns it then.
  await page.getByRole("button", { name: "Edit" }).click();
  await chips.last().getByRole("button").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Nobody owns this group").waitFor();
  assert.deepEqual((await genesysApi("GET", `/groups/${before.id}`)).owners, []);
});

/** Fills in a change of `Trainers`, while somebody else saves another one. */
async function conflict(page) {
  await loaded(page);
  const group = await groupCalled("Trainers");
  await openGroup(page, "Trainers");
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Description").fill("Mine");
  await dialog.getByLabel("Visible to").selectOption("public");
  const theirs = { version: group.version, description: "Theirs", visibility: "members", email: "theirs@example.com" };
  await genesysApi("PUT", `/groups/${group.id}`, theirs);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("heading", { name: "Somebody else has changed this group" }).waitFor();
  const field = (name) => dialog.getByRole("group", { name });
  await field("Description").getByText("Theirs", { exact: true }).waitFor();
  await field("Description").getByText("Mine", { exact: true }).last().waitFor();
  await field("Visible to").getByText("Members only").waitFor();
  await field("Visible to").getByText("Everybody").waitFor();
  await dialog.getByText("They have changed this too, and it stays: email “theirs@example.com”").waitFor();
  const now = async () => {
    const { description, visibility, email } = await genesysApi("GET", `/groups/${group.id}`);
    return [description, visibility, email];
  };
  return { dialog, field, group, now };
}

const CONFLICT = { ...GENESYS, statuses: [409] };

scenario("lets one keep what somebody else has saved", CONFLICT, async (page) => {
  const { dialog, now } = await conflict(page);
  await accessible(page, "a conflict");
  await dialog.getByRole("button", { name: "Keep theirs" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.locator(".group-description").getByText("Theirs").waitFor();
  assert.deepEqual(await now(), ["Theirs", "members", "theirs@example.com"]);
});

scenario("lets one overwrite what somebody else has saved", CONFLICT, async (page) => {
  const { dialog, now } = await conflict(page);
  await dialog.getByRole("button", { name: "Overwrite with mine" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.locator(".group-description").getByText("Mine").waitFor();
  assert.deepEqual(await now(), ["Mine", "public", "theirs@example.com"]);
});

scenario("lets one choose field by field, and survives a second conflict", CONFLICT, async (page) => {
  const { dialog, field, group, now } = await conflict(page);
  await field("Visible to")
    .getByRole("radio", { name: /^Theirs/ })
    .check();
  // They are quicker once more.
  const { version } = await genesysApi("GET", `/groups/${group.id}`);
  await genesysApi("PUT", `/groups/${group.id}`, { version, description: "Theirs again" });
  await dialog.getByRole("button", { name: "Save this choice" }).click();
  await field("Description").getByText("Theirs again").waitFor();
  await field("Visible to")
    .getByRole("radio", { name: /^Theirs/ })
    .check();
  await dialog.getByRole("button", { name: "Save this choice" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(await now(), ["Mine", "members", "theirs@example.com"]);
});

scenario("goes back to editing with what was filled in", CONFLICT, async (page) => {
  const { dialog, now } = await conflict(page);
  await dialog.getByRole("button", { name: "Back to editing" }).click();
  await dialog.getByRole("heading", { name: "Edit “Trainers”" }).waitFor();
  assert.equal(await dialog.getByLabel("Description").inputValue(), "Mine");
  assert.equal(await dialog.getByLabel("Email").inputValue(), "theirs@example.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(await now(), ["Mine", "public", "theirs@example.com"]);
});

// ------------------------------------------------------------------------------------------------ members

scenario("tells apart who was added, who owns it, and who came by a rule", GENESYS, async (page) => {
  await loaded(page);
  const group = await groupCalled("Support Tier 2");
  const everybody = await members(group.id);
  const added = new Set(await individuals(group.id));
  const owners = new Set(group.owners.map(({ id }) => id));
  const byRule = everybody.filter((id) => !added.has(id) && !owners.has(id));
  assert.ok(byRule.length > 0 && added.size > 0 && owners.size > 0);
  await openGroup(page, "Support Tier 2");
  const panel = page.getByRole("region", { name: "Members" });
  const inside = everybody.filter((id) => owners.has(id)).length;
  await panel
    .getByText(
      `${everybody.length} members · ${added.size} added by name · ${inside} as owners · ${byRule.length} by rule`,
    )
    .waitFor();
  const show = panel.getByLabel("Show", { exact: true });
  for (const [value, expected, badge] of [
    ["individual", added.size, "Added"],
    ["owner", inside, "Owner"],
    ["rule", byRule.length, "By rule"],
    ["", everybody.length, null],
  ]) {
    await show.selectOption(value);
    await eventually(() => rowCount(page), expected);
    if (badge) await rows(page).first().getByText(badge, { exact: true }).waitFor();
  }
  const rules = page.locator(".skill-rules");
  await rules.getByText("people match now").waitFor();
  const { query } = await genesysApi("GET", `/groups/${group.id}/dynamicsettings`);
  const { userCount } = await genesysApi("POST", "/groups/dynamicsettings/preview", query);
  await rules.getByText(`${userCount.toLocaleString("en")} people match now.`).waitFor();
});

scenario("adds 200 people at once, 50 a request, and shows them when they are there", GENESYS, async (page) => {
  await loaded(page);
  const group = await groupCalled("Reserve");
  assert.deepEqual(await individuals(group.id), []);
  const people = (await allEntities("/users")).slice(300, 500);
  await openGroup(page, "Reserve");
  await page.getByRole("button", { name: "Add people" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^3,0\d\d of 3,0\d\d people who can be added$/).waitFor();
  await dialog.getByText("Paste emails or ids").click();
  const pasted = people.map(({ id, email }, index) => (index % 2 ? id : email.toUpperCase())).join("\n");
  await dialog.getByLabel("Emails or ids").fill(`${pasted}\nnobody@example.com; ${people[0].email}`);
  await dialog.getByText("200 people found · 1 unknown: nobody@example.com").waitFor();
  await dialog.getByRole("button", { name: "Select these 200" }).click();
  await dialog.getByText("200 people selected").waitFor();

  // The third request is held, to see how far it is.
  let seen = 0;
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(`**/api/v2/groups/${group.id}/members`, async (route) => {
    if (route.request().method() === "POST" && ++seen === 3) await held;
    await route.continue().catch(() => {});
  });
  await dialog.getByRole("button", { name: "Add 200 people" }).click();
  await dialog.getByText("100 of 200 people added").waitFor();
  const bar = dialog.getByRole("progressbar", { name: "People added" });
  assert.deepEqual(await bar.evaluate((element) => [element.value, element.max]), [100, 200]);
  release();
  await dialog.waitFor({ state: "detached" });
  await notice(page, "200 people added").waitFor();

  const sent = await requestsTo("POST", `/api/v2/groups/${group.id}/members`);
  assert.deepEqual(
    sent.map(({ body, status }) => [body.memberIds.length, status]),
    [50, 50, 50, 50].map((number) => [number, 202]),
  );
  assert.deepEqual(sent.flatMap(({ body }) => body.memberIds).sort(), idsOf(people));
  // Joining until Genesys shows them, and then added.
  await eventually(() => page.locator(".members-summary").getByText("pending").count(), 0);
  await page
    .locator(".members-summary")
    .getByText(/· 200 added by name/)
    .waitFor();
  assert.deepEqual(await individuals(group.id), idsOf(people));
  await rows(page)
    .first()
    .getByText(/Added|Owner/)
    .first()
    .waitFor();

  await page.getByRole("button", { name: "Undo" }).click();
  await notice(page, "200 people removed").waitFor();
  await page
    .locator(".members-summary")
    .getByText(/· 0 added by name/)
    .waitFor();
  assert.deepEqual(await individuals(group.id), []);
  assert.equal((await requestsTo("DELETE", `/api/v2/groups/${group.id}/members`)).length, 4);
});

scenario("shows who is on the way while Genesys is not done", GENESYS, async (page) => {
  await loaded(page);
  const group = await groupCalled("Reserve");
  await openGroup(page, "Reserve");
  // Genesys says yes and does nothing yet.
  await queueAnswer({ match: { method: "POST", path: `/api/v2/groups/${group.id}/members` }, status: 202, body: {} });
  await page.getByRole("button", { name: "Add people" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("searchbox").fill("tomas.nunez@");
  await dialog.getByText(/^1 of 3,0\d\d people/).waitFor();
  await dialog.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await dialog.getByRole("button", { name: "Add 1 person" }).click();
  const row = rows(page).filter({ hasText: "tomas.nunez@example.com" });
  await row.getByText("Joining…").waitFor();
  await page.locator(".members-summary").getByText("1 pending").waitFor();
  const person = (await allEntities("/users")).find(({ email }) => email === "tomas.nunez@example.com");
  await genesysApi("POST", `/groups/${group.id}/members`, { memberIds: [person.id] });
  await row.getByText("Added", { exact: true }).waitFor();
  await eventually(() => page.locator(".members-summary").getByText("pending").count(), 0);
});

scenario(
  "says who was added when it stops half-way, and goes on with the rest",
  { ...GENESYS, statuses: [500] },
  async (page) => {
    await loaded(page);
    const group = await groupCalled("Reserve");
    await openGroup(page, "Reserve");
    await page.getByRole("button", { name: "Add people" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^3,0\d\d of 3,0\d\d people who can be added$/).waitFor();
    const people = (await allEntities("/users")).slice(100, 300);
    await dialog.getByText("Paste emails or ids").click();
    await dialog.getByLabel("Emails or ids").fill(people.map(({ email }) => email).join(", "));
    await dialog.getByRole("button", { name: "Select these 200" }).click();
    let seen = 0;
    await page.route(`**/api/v2/groups/${group.id}/members`, async (route) => {
      // The third one meets a server that is out of order.
      if (route.request().method() === "POST" && ++seen === 3) {
        await queueAnswer({
          match: { method: "POST", path: `/api/v2/groups/${group.id}/members` },
          status: 500,
          body: { message: "Out of order.", code: "internal.server.error", status: 500, contextId: "c0ffee" },
        });
      }
      await route.continue();
    });
    await dialog.getByRole("button", { name: "Add 200 people" }).click();
    const alert = dialog.getByRole("alert");
    await alert.getByText("Stopped after 100 of 200 people").waitFor();
    await alert.getByText("HTTP 500").waitFor();
    await dialog.getByText("Not tried: 50 people").waitFor();
    await dialog.getByText("Done: 100 people").click();
    assert.equal(await dialog.getByRole("list", { name: "Done" }).getByRole("listitem").count(), 100);
    await accessible(page, "a change that failed half-way");
    await dialog.getByText("100 people selected").waitFor();
    await dialog.getByRole("button", { name: "Go on with the other 100" }).click();
    await dialog.waitFor({ state: "detached" });
    await notice(page, "200 people added").waitFor();
    await eventually(() => individuals(group.id), idsOf(people));
    const sent = await requestsTo("POST", `/api/v2/groups/${group.id}/members`);
    assert.deepEqual(
      sent.map(({ status }) => status),
      [202, 202, 500, 202, 202],
    );
    assert.deepEqual(sent[3].body, sent[2].body, "it goes on with those that failed");
  },
);

scenario("selects all that are found, finds members, takes out several", GENESYS, async (page) => {
  await loaded(page);
  const group = await groupCalled("Night Shift");
  const before = await individuals(group.id);
  const users = await allEntities("/users");
  const marketing = users.filter(({ department, id }) => department === "Marketing" && !before.includes(id));
  await openGroup(page, "Night Shift");
  await page.getByRole("button", { name: "Add people" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/ people who can be added$/).waitFor();
  await dialog.getByRole("searchbox").fill("marketing");
  const all = dialog.getByRole("checkbox", { name: `Select all ${marketing.length} rows shown` });
  await all.check();
  await dialog.getByText(`${marketing.length} people selected`).waitFor();
  await dialog.getByRole("searchbox").fill("nobody is called this");
  await dialog.getByText(`${marketing.length} people selected (${marketing.length} not shown)`).waitFor();
  await dialog.getByRole("button", { name: "Clear" }).click();
  await dialog.getByText("Nobody selected yet").waitFor();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByRole("alert").getByText("Select somebody first.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  assert.deepEqual(await individuals(group.id), before);

  const someone = users.find(({ id }) => id === before[0]);
  await page.getByLabel("Find in this group").fill(someone.email);
  await eventually(() => rowCount(page), 1);
  await page.getByLabel("Find in this group").fill("");
  await page.getByRole("region", { name: "Members" }).getByLabel("Show", { exact: true }).selectOption("individual");
  await eventually(() => rowCount(page), before.length);
  await rows(page).nth(0).click();
  await rows(page)
    .nth(3)
    .click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Remove 4 people" }).click();
  await notice(page, "4 people removed").waitFor();
  await eventually(async () => (await individuals(group.id)).length, before.length - 4);
  await eventually(() => rowCount(page), before.length - 4);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(() => individuals(group.id), before);
  await eventually(() => rowCount(page), before.length);
});

scenario("keeps who is there as an owner or by a rule, and says so", GENESYS, async (page) => {
  await loaded(page);
  const group = await groupCalled("Support Tier 2");
  const before = await members(group.id);
  await openGroup(page, "Support Tier 2");
  await page.getByRole("region", { name: "Members" }).getByLabel("Show", { exact: true }).selectOption("rule");
  await rows(page).nth(0).click();
  await page.getByRole("button", { name: "Remove 1 person" }).click();
  await page.getByRole("alert").getByText("1 person is here as an owner or by a rule").waitFor();
  assert.deepEqual(await members(group.id), before);
  assert.deepEqual(await requestsTo("DELETE", "/api/v2/groups"), []);
});

scenario("gets over members that could not be loaded", { ...GENESYS, offline: true }, async (page) => {
  await loaded(page);
  // As often as the client tries.
  await page.route(/\/members\?/, (route) => route.abort("connectionreset"), { times: 4 });
  await openGroup(page, "Inbound Sales");
  const alert = page.getByRole("alert");
  await alert.getByText("The members could not be loaded").waitFor();
  await alert.getByRole("button", { name: "Try again" }).click();
  const { memberCount } = await groupCalled("Inbound Sales");
  await eventually(() => rowCount(page), memberCount);
});

// ------------------------------------------------------------------------------------------------ keyboard

scenario("can be used by keyboard alone", GENESYS, async (page) => {
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Tabs on until the focus is on what has this name. */
  const tabTo = async (name) => {
    for (let step = 0; step < 60; step += 1) {
      if (name.test(await focused(page))) return;
      await press("Tab");
    }
    assert.fail(`Tab never came to ${name}; it is on ${await focused(page)}`);
  };
  await loaded(page);
  await tabTo(/^Find a group$/);
  await page.keyboard.type("reserve");
  await page.getByRole("grid", { name: "Groups" }).focus();
  await press("ArrowDown", "Enter");
  await page.getByRole("heading", { level: 1, name: "Reserve" }).waitFor();
  assert.equal(await focused(page), "Reserve", "the focus goes to the group");
  await tabTo(/^Add people$/);
  await press("Enter");
  assert.equal(await focused(page), "Name, email, title or department");
  await page.keyboard.type("ada.lindqvist@");
  await page
    .getByRole("dialog")
    .getByText(/^1 of 3,0\d\d people/)
    .waitFor();
  await tabTo(/^People to choose from$/);
  await press("ArrowDown", "Space");
  await tabTo(/^Add 1 person$/);
  await press("Enter");
  await notice(page, "1 person added").waitFor();
  assert.equal(await focused(page), "Add people", "the focus comes back from a dialog");
  await page
    .locator(".members-summary")
    .getByText(/· 1 added by name/)
    .waitFor();
  await page.getByRole("grid", { name: "Members" }).focus();
  await press("End", "Home", "Delete");
  await page
    .getByRole("region", { name: "Members" })
    .getByText(/removed|as an owner or by a rule/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Edit" }).focus();
  await press("Enter");
  assert.equal(await focused(page), "Name");
  await press("Escape");
  assert.equal(await focused(page), "Edit");
});

// ------------------------------------------------------------------------------------------------ accessibility

for (const width of [320, 900]) {
  scenario(`keeps to a window ${width} pixels wide`, { ...GENESYS, viewport: { width, height: 700 } }, async (page) => {
    const fits = async (place) => {
      const [content, room] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.getElementById("main");
        return [scrollWidth, clientWidth];
      });
      assert.ok(content <= room, `${place}: ${content} in ${room}`);
    };
    await loaded(page);
    await fits("groups");
    const boxOf = (part) => page.locator(part).boundingBox();
    const [a, b] = await Promise.all([".vendor-switch", ".requests-toggle"].map(boxOf));
    const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    assert.ok(apart, "the switch does not lie over the requests");
    await openGroup(page, "Support Tier 2");
    await fits("group");
    await open(page, "Search");
    await page.getByLabel("Condition 1: value").fill("s");
    for (const group of ["", " to group 2", " to group 2.2"]) {
      await page.getByRole("button", { name: `Add group${group}`, exact: true }).click();
    }
    await fits("search");
  });
}

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
  ]) {
    const isPhone = viewport === PHONE;
    scenario(
      `has nothing for axe-core to say, ${colorScheme}, ${device}`,
      { ...GENESYS, colorScheme, viewport, touch: isPhone, statuses: [500] },
      async (page) => {
        const at = async (place) => {
          await accessible(page, `${place}, ${colorScheme}, ${device}`);
          assert.ok(
            await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            `${place} is no wider than the ${device}`,
          );
        };
        const dialog = page.getByRole("dialog");
        await loaded(page);
        await at("groups");
        await page.getByRole("button", { name: "New group" }).click();
        await dialog.getByRole("button", { name: "Create group" }).click();
        await dialog.getByText("Give the group a name.").waitFor();
        await at("new group");
        await dialog.getByRole("button", { name: "Cancel" }).click();

        await openGroup(page, "Support Tier 2");
        if (isPhone) await page.getByText("About this group").click();
        await page.locator(".skill-rules").getByText("match now").waitFor();
        await at("group");
        if (isPhone) await page.getByText("About this group").click();
        await rows(page).nth(1).click();
        await at("members selected");
        await page.getByRole("button", { name: "Edit" }).click();
        await dialog.getByRole("combobox", { name: "Owners" }).fill("aino");
        await dialog.locator(".option").first().waitFor();
        await at("edit");
        await dialog.getByRole("button", { name: "Close" }).click();

        await page.getByRole("button", { name: "Add people" }).click();
        await dialog.getByText(/ people who can be added$/).waitFor();
        await dialog.getByText("Paste emails or ids").click();
        await dialog.getByLabel("Emails or ids").fill("nobody@example.com");
        await rows(dialog).nth(1).click();
        await at("add people");
        await dialog.getByRole("button", { name: "Cancel" }).click();
        await page.getByRole("button", { name: /^Requests/ }).click();
        await page.getByRole("region", { name: "Requests sent" }).waitFor();
        await at("requests");
      },
    );
  }
}
