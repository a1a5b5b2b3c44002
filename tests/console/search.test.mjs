// The console's search over the groups of Genesys Cloud.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/search.test.mjs

import assert from "node:assert/strict";

import {
  accessible,
  allEntities,
  eventually,
  focused,
  genesysApi,
  loaded,
  open,
  PHONE,
  queueAnswer,
  requestsTo,
  scenario,
  WIDE,
} from "./driver.mjs";

const GENESYS = { vendor: "genesys" };

const value = (page, number, what = "value") => page.getByLabel(`Condition ${number}: ${what}`, { exact: true });
const add = (page, what, group) =>
  page.getByRole("button", { name: `Add ${what}${group ? ` to group ${group}` : ""}`, exact: true }).click();
const searches = () => requestsTo("POST", "/api/v2/groups/search");
const shownJson = async (page) =>
  JSON.parse(await page.getByRole("region", { name: "The request as JSON" }).textContent());

/** What the two counts say: the vendor's, and how many of the loaded groups match here. */
async function counts(page) {
  const [there, here] = await page.locator(".search-count strong").allTextContents();
  return [Number(there), Number(here)];
}

/** How many groups the sandbox finds for criteria that the test has written itself. */
async function totalOf(query) {
  return (await genesysApi("POST", "/groups/search", { query })).total;
}

// ------------------------------------------------------------------------------------------------ counting

scenario("counts what nested conditions find, there and here, and shows what it sends", GENESYS, async (page) => {
  await loaded(page);
  const groups = await allEntities("/groups");
  await open(page, "Search");
  await page.getByText("One condition is not ready yet; nothing is sent.").waitFor();
  assert.deepEqual(await searches(), []);

  await value(page, 1).fill("s");
  const simple = groups.filter(({ name }) => name.toLowerCase().includes("s")).length;
  await eventually(() => counts(page), [simple, simple]);

  // Name contains s, and any of: 200 members and more; not (official or with the word chat in any text).
  await add(page, "group");
  await value(page, "2.1", "field").selectOption("memberCount");
  assert.equal(await value(page, "2.1", "test").inputValue(), "range");
  await value(page, "2.1", "from").fill("200");
  await add(page, "group", "2");
  await page.getByLabel("Group 2.2: how many must hold").selectOption("none");
  assert.equal(await focused(page), "Group 2.2: how many must hold", "the focus stays where it was");
  await value(page, "2.2.1", "field").selectOption("type");
  await value(page, "2.2.1").selectOption("official");
  await add(page, "condition", "2.2");
  await value(page, "2.2.2", "field").selectOption("any");
  await value(page, "2.2.2", "test").selectOption("term");
  await value(page, "2.2.2").fill("tuesday");

  const word = /(?<![\p{L}\p{N}])tuesday(?![\p{L}\p{N}])/iu;
  const expected = groups.filter(
    ({ name, description = "", email = "", memberCount, type }) =>
      name.toLowerCase().includes("s") &&
      (memberCount >= 200 || !(type === "official" || [name, description, email].some((text) => word.test(text)))),
  );
  assert.ok(expected.length > 3 && expected.length < simple);
  const query = [
    { type: "CONTAINS", fields: ["name"], value: "s" },
    {
      type: "MATCH_ALL",
      group: [
        { type: "EXACT", fields: ["memberCount"], startValue: "200", operator: "OR" },
        {
          type: "MATCH_ALL",
          operator: "OR",
          group: [
            { type: "MATCH_ALL" },
            { type: "EXACT", fields: ["type"], value: "official", operator: "NOT" },
            { type: "TERM", fields: ["name", "description", "email"], value: "tuesday", operator: "NOT" },
          ],
        },
      ],
    },
  ];
  assert.equal(await totalOf(query), expected.length);
  await eventually(() => counts(page), [expected.length, expected.length]);
  await page.getByText("Both come from the same criteria.").waitFor();
  const names = page.getByRole("list", { name: "Groups found" }).locator(".found-name");
  assert.deepEqual((await names.allTextContents()).sort(), expected.map(({ name }) => name).sort());

  // The test's own searches name no order.
  const sent = (await searches()).filter(({ body }) => body.sortBy);
  assert.deepEqual(await shownJson(page), sent.at(-1).body, "what is shown is what was sent");

  // To a group, and back to the search as it was.
  const [first] = await names.allTextContents();
  await names.first().click();
  await page.getByRole("heading", { level: 1, name: first }).waitFor();
  await open(page, "Search");
  assert.equal(await value(page, "2.2.2").inputValue(), "tuesday");
  await eventually(() => counts(page), [expected.length, expected.length]);
});

scenario("asks once the reader pauses, and not for what is typed over", GENESYS, async (page) => {
  await loaded(page);
  await open(page, "Search");
  await value(page, 1).pressSequentially("support", { delay: 20 });
  await page.locator(".search-count strong").first().getByText(/^\d+$/).waitFor();
  assert.equal((await searches()).length, 1);

  // A search under way is ended when the criteria change.
  await queueAnswer({
    match: { method: "POST", path: "/api/v2/groups/search" },
    body: { results: [], total: 99 },
    delay_ms: 3_000,
  });
  await page.getByRole("button", { name: /^Requests/ }).click();
  const sent = page.getByRole("region", { name: "Requests", exact: true }).getByRole("row");
  await value(page, 1).fill("sales");
  await sent.filter({ hasText: "groups.search" }).last().getByText("sending").waitFor();
  await value(page, 1).fill("billing");
  await sent.filter({ hasText: "groups.search" }).filter({ hasText: "cancelled" }).waitFor();
  const total = await totalOf([{ type: "CONTAINS", fields: ["name"], value: "billing" }]);
  await eventually(() => counts(page), [total, total]);
});

scenario(
  "says that the vendor’s index may be behind, and what went wrong",
  { ...GENESYS, statuses: [501] },
  async (page) => {
    await loaded(page);
    await open(page, "Search");
    await queueAnswer({
      match: { method: "POST", path: "/api/v2/groups/search" },
      body: { results: [], total: 3, pageCount: 1, pageSize: 25, pageNumber: 1 },
    });
    await value(page, 1).fill("retention");
    await eventually(() => counts(page), [3, 1]);
    await page.getByText("The two differ:").waitFor();

    await queueAnswer({
      match: { method: "POST", path: "/api/v2/groups/search" },
      status: 501,
      body: { message: "Out of order.", code: "internal.server.error", status: 501, contextId: "c0ffee" },
    });
    await value(page, 1).fill("reserve");
    const alert = page.getByRole("alert");
    await alert.getByText("The search did not work").waitFor();
    await alert.getByRole("button", { name: "Try again" }).click();
    await eventually(() => counts(page), [1, 1]);
  },
);

scenario("loads more of what it finds", GENESYS, async (page) => {
  await loaded(page);
  await open(page, "Search");
  await value(page, 1, "test").selectOption("required");
  const groups = await allEntities("/groups");
  await eventually(() => counts(page), [groups.length, groups.length]);
  const found = page.getByRole("list", { name: "Groups found" }).getByRole("link");
  assert.equal(await found.count(), 25);
  await page.getByRole("button", { name: "Show 15 more" }).click();
  await eventually(() => found.count(), groups.length);
  await page.getByRole("button", { name: /^Show/ }).waitFor({ state: "hidden" });
});

// ------------------------------------------------------------------------------------------------ tests and fields

scenario("offers the tests that fit a field, and sends what each means", GENESYS, async (page) => {
  await loaded(page);
  const groups = await allEntities("/groups");
  await open(page, "Search");
  const options = (number) => value(page, number, "test").locator("option").allTextContents();
  const last = async () => (await searches()).at(-1).body.query[0];
  const found = (test) => Array(2).fill(groups.filter(test).length);
  assert.deepEqual(await options(1), [
    "contains",
    "starts with",
    "is",
    "has the word",
    "matches pattern",
    "is filled in",
  ]);

  await value(page, 1, "test").selectOption("regex");
  await value(page, 1).fill("support tier [12]");
  await eventually(() => counts(page), [2, 2]);
  assert.deepEqual((await last()).type, "REGEX");

  await value(page, 1, "field").selectOption("dateModified");
  assert.deepEqual(await options(1), ["is between", "is filled in"]);
  assert.equal(await value(page, 1, "from").getAttribute("type"), "date");
  await value(page, 1, "from").fill("2023-01-01");
  await value(page, 1, "to").fill("2024-12-31");
  await eventually(
    () => counts(page),
    found(({ dateModified }) => /^202[34]/.test(dateModified)),
  );
  const { startValue, endValue } = await last();
  assert.deepEqual([startValue, endValue], ["2023-01-01", "2024-12-31T23:59:59.999Z"]);

  await value(page, 1, "field").selectOption("state");
  assert.deepEqual(await options(1), ["is", "is filled in"]);
  await value(page, 1).selectOption("inactive");
  await eventually(
    () => counts(page),
    found(({ state }) => state === "inactive"),
  );

  const owner = groups.find(({ owners }) => owners.length > 0).owners[0].id;
  await value(page, 1, "field").selectOption("owners.id");
  await value(page, 1, "test").selectOption("exact");
  await value(page, 1).fill(owner);
  await eventually(
    () => counts(page),
    found(({ owners }) => owners.some(({ id }) => id === owner)),
  );

  await value(page, 1, "field").selectOption("addresses.address");
  await value(page, 1, "test").selectOption("startsWith");
  await value(page, 1).fill("+1555");
  await eventually(
    () => counts(page),
    found(({ addresses }) => addresses.some(({ address = "" }) => address.startsWith("+1555"))),
  );
});

scenario("shows what is wrong at the condition it is wrong with", GENESYS, async (page) => {
  await loaded(page);
  await open(page, "Search");
  await value(page, 1).fill("support");
  await add(page, "group");
  const condition = (number) => page.getByRole("group", { name: `Condition ${number}`, exact: true });
  // Nobody has filled it in yet: that is no mistake.
  assert.equal(await page.locator(".condition .field-error:not(:empty)").count(), 0);
  await value(page, "2.1").fill("x");
  await value(page, "2.1").fill("");
  const error = condition("2.1").locator(".field-error");
  await error.getByText("where.and[1].or[0].contains").waitFor();
  await error.getByText("Expected a value that is not empty").waitFor();
  assert.equal(await value(page, "2.1").getAttribute("aria-invalid"), "true");
  assert.equal(await condition("1").locator(".field-error").textContent(), "");
  await page.getByText("One condition is not ready yet; nothing is sent.").waitFor();
  await accessible(page, "a search with a mistake");

  await value(page, "2.1").fill("tier");
  await add(page, "condition");
  await value(page, 3, "test").selectOption("regex");
  await value(page, 3).fill("(");
  await condition("3").locator(".field-error").getByText("Invalid regular expression").waitFor();
  await condition("3").locator(".field-error").getByText("where.and[2].regex").waitFor();
  await add(page, "condition");
  await value(page, 4, "field").selectOption("memberCount");
  await value(page, 4, "from").focus();
  await page.keyboard.press("Tab");
  await condition("4").locator(".field-error").getByText("where.and[3].range").waitFor();
  await page.getByText("2 conditions are not ready yet; nothing is sent.").waitFor();

  const before = (await searches()).length;
  await page.waitForTimeout(600);
  assert.equal((await searches()).length, before, "nothing is sent while a condition is wrong");
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByText("One condition is not ready yet; nothing is sent.").waitFor();
  assert.equal(await page.locator(".condition").count(), 1);
});

scenario("takes groups of nothing for what they mean", GENESYS, async (page) => {
  await loaded(page);
  const { length } = await allEntities("/groups");
  await open(page, "Search");
  await page.getByRole("button", { name: "Remove condition 1" }).click();
  assert.equal(await focused(page), "Add condition", "the focus goes to what is left");
  await page.getByText("No condition: every group matches.").waitFor();
  await eventually(() => counts(page), [length, length]);
  await page.getByLabel("How many must hold").selectOption("or");
  await page.getByText("Any of nothing: no group matches.").waitFor();
  await eventually(() => counts(page), [0, 0]);
  await page.getByText("No group matches", { exact: true }).waitFor();
});

// ------------------------------------------------------------------------------------------------ keyboard

scenario("can be put together by keyboard alone", GENESYS, async (page) => {
  await loaded(page);
  await open(page, "Search");
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.getByLabel("How many must hold").focus();
  await press("Tab");
  assert.equal(await focused(page), "Condition 1: field");
  await press("Tab", "Tab");
  await page.keyboard.type("support");
  await press("Tab");
  assert.equal(await focused(page), "Remove condition 1");
  await press("Tab", "Tab");
  assert.equal(await focused(page), "Add group");
  await press("Enter");
  assert.equal(await focused(page), "Group 2: how many must hold");
  await press("Tab", "Tab");
  assert.equal(await focused(page), "Condition 2.1: field");
  await press("Tab", "Tab");
  await page.keyboard.type("tier");
  await press("Tab", "Tab");
  assert.equal(await focused(page), "Add condition to group 2");
  await press("Enter");
  assert.equal(await focused(page), "Condition 2.2: field");
  await press("Tab", "Tab", "Tab", "Enter");
  assert.equal(await focused(page), "Condition 2.1: field", "the focus goes to what stands before");
  await eventually(() => counts(page), [3, 3]);
  await page.getByRole("button", { name: "Copy" }).focus();
  await press("Tab");
  assert.equal(await focused(page), "The request as JSON");
});

// ------------------------------------------------------------------------------------------------ accessibility

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
  ]) {
    scenario(
      `has nothing for axe-core to say, ${colorScheme}, ${device}`,
      { ...GENESYS, colorScheme, viewport, touch: viewport === PHONE },
      async (page) => {
        await loaded(page);
        await open(page, "Search");
        await accessible(page, `an empty search, ${colorScheme}, ${device}`);
        await value(page, 1).fill("s");
        for (const [group, mode] of [
          ["", "and"],
          ["2", "none"],
          ["2.2", "or"],
        ]) {
          await add(page, "group", group);
          const number = group ? `${group}.2` : "2";
          await page.getByLabel(`Group ${number}: how many must hold`).selectOption(mode);
          await value(page, `${number}.1`, "field").selectOption("memberCount");
          await value(page, `${number}.1`, "from").fill("10");
        }
        await page.getByText("at Genesys").waitFor();
        await accessible(page, `a nested search, ${colorScheme}, ${device}`);
        assert.ok(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          `the search is no wider than the ${device}`,
        );
        await value(page, "2.1", "from").fill("");
        await page.locator(".condition .field-error:not(:empty)").waitFor();
        await accessible(page, `a mistake, ${colorScheme}, ${device}`);
      },
    );
  }
}
