// People, over a table: searching, sorting and counting as one types, the file, the chart, and the second visit.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/people.test.mjs

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import {
  accessible,
  all,
  api,
  connect,
  eventually,
  faults,
  focused,
  FOR_EVER,
  loaded,
  open,
  organization,
  PHONE,
  rowCount,
  rows,
  scenario,
  WIDE,
} from "./driver.mjs";

const USERS = "/api/v1/user/";
const ORGANIZATION = "/api/v1/organization/*/";

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const search = (page, text) => page.getByRole("searchbox").fill(text);
const button = (place, name) => place.getByRole("button", { name, exact: true });
const cells = (page, key) => rows(page).locator(`.cell-${key}`).allTextContents();
const age = (page) => page.getByText(/as of .*\d\d:\d\d/);
const held = (path) => ({ match: { path }, delayMs: FOR_EVER });
const labels = (control) => control.locator("option").allTextContents();
const number = (text) => Number(/\(([\d,]+)\)$/.exec(text)[1].replaceAll(",", ""));

/** Waits until all of the table is loaded and drawn. */
async function everybody(page) {
  await loaded(page);
  const { memberships, inactive_memberships: former } = await organization();
  await page.getByText(`of ${(memberships.length + former.length).toLocaleString("en")} people`).waitFor();
  return { memberships, former };
}

/** Ways to spoil what is kept. */
const DAMAGES = ["cut off", "damaged within", "of something else"];

/** What is kept for the next visit; `damage` spoils it. */
function kept(page, damage = null) {
  return page.evaluate(
    async ([damages, damage]) => {
      const done = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const opening = indexedDB.open("orgdeck", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("snapshots");
      const database = await done(opening);
      const store = database.transaction("snapshots", "readwrite").objectStore("snapshots");
      const keys = await done(store.getAllKeys());
      if (damage) {
        const { bytes, time } = await done(store.get(keys[0]));
        const middle = bytes.length >> 1;
        const damaged = [
          () => bytes.slice(0, middle),
          () => bytes.map((byte, at) => (at === middle ? byte ^ 1 : byte)),
          () => new Uint8Array([1, 2, 3]),
        ][damages.indexOf(damage)]();
        await done(store.put({ bytes: damaged, time }, keys[0]));
      }
      database.close();
      return keys;
    },
    [DAMAGES, damage],
  );
}

/** Waits until everybody is kept for the next visit. */
async function isKept(page) {
  await everybody(page);
  await eventually(async () => (await kept(page)).length, 1);
}

// ------------------------------------------------------------------------------------------------ searching

scenario("highlights what is found, letter by letter, whatever the accents", {}, async (page) => {
  await everybody(page);
  await page.getByRole("searchbox").pressSequentially("goncalo PEN");
  const marked = rows(page).first().locator(".who-name mark");
  await eventually(() => marked.allTextContents(), ["Gonçalo", "Peñ"]);
  assert.ok((await rows(page).first().locator(".cell-email mark").count()) > 0);
  const found = await rowCount(page);
  assert.equal(await rows(page).filter({ has: page.locator("mark") }).count(), Math.min(found, await rows(page).count()));
  await search(page, "");
  await eventually(() => page.locator("mark").count(), 0);
});

scenario("looks in one field, leaves out, and takes phrases", {}, async (page) => {
  const { memberships, former } = await everybody(page);
  const admins = memberships.filter(({ role_id: role }) => role === "admin").length;
  await search(page, "role:admin");
  await eventually(() => rowCount(page), admins);
  assert.deepEqual(new Set(await cells(page, "role")), new Set(["Admin"]));
  await rows(page).first().locator(".cell-role mark").getByText("Admin", { exact: true }).waitFor();

  await page.getByLabel("Show").selectOption("");
  await search(page, "-status:active");
  await eventually(() => rowCount(page), former.length);
  await search(page, 'role:"super user" -status:former');
  const superusers = memberships.filter(({ role_id: role }) => role === "superuser").length;
  await eventually(() => rowCount(page), superusers);
  // What is being typed is never a mistake.
  for (const text of ['"', "role:", "-", 'name:"ad', "(", "no:such field"]) {
    await search(page, text);
    await page.waitForTimeout(50);
  }
  await search(page, "");
  await eventually(() => rowCount(page), memberships.length + former.length);
});

scenario("counts what each filter would leave", {}, async (page) => {
  const { memberships, former } = await everybody(page);
  const roles = await all("/role/");
  const state = page.getByLabel("Show");
  const role = page.getByLabel("Role", { exact: true });
  const counts = async () => {
    const shown = await labels(role);
    return Object.fromEntries(roles.map(({ id, name }) => [id, number(shown.find((label) => label.startsWith(`${name} (`)))]));
  };
  const holders = (members) =>
    Object.fromEntries(roles.map(({ id }) => [id, members.filter((member) => member.role_id === id).length]));
  const states = (active, gone) => [`Active (${active.toLocaleString("en")})`, `Former (${gone})`, "Everyone"];

  await eventually(() => labels(state), states(memberships.length, former.length));
  assert.deepEqual(await counts(), holders(memberships));
  await state.selectOption("former");
  await eventually(counts, holders(former));
  await role.selectOption("superuser");
  const ofRole = (members) => members.filter((member) => member.role_id === "superuser").length;
  await eventually(() => labels(state), states(ofRole(memberships), ofRole(former)));
  await eventually(() => rowCount(page), ofRole(former));
});

scenario("sorts by each column, and leaves what is missing at the end", {}, async (page) => {
  const { memberships } = await everybody(page);
  const users = new Map((await all("/user/")).map((user) => [user.email, user]));
  const sortBy = (name) => page.getByRole("columnheader", { name }).getByRole("button").click();
  const joined = async () => (await cells(page, "email")).slice(0, 12).map((email) => users.get(email).date_created);

  await sortBy("Joined");
  const first = await joined();
  assert.deepEqual(first, first.toSorted());
  const active = memberships.map(({ user_email: email }) => users.get(email).date_created).sort();
  assert.deepEqual(first, active.slice(0, 12));
  await sortBy("Joined");
  assert.deepEqual(await joined(), active.slice(-12).reverse());

  await sortBy("Role");
  assert.equal((await cells(page, "role"))[0], "Admin");
  await sortBy("Name");
  const names = (await cells(page, "name")).map((text) => text.replace(/^\p{L}{1,2}(?=\p{L})/u, ""));
  assert.ok(names.length > 10);
  await eventually(async () => {
    const shown = await rows(page).locator(".who-name").allTextContents();
    return shown.toSorted(collator.compare).join() === shown.join();
  }, true);
});

scenario("searches and sorts while pages still come", { as: "" }, async (page) => {
  await faults({ match: { path: USERS, query: "_skip=300" }, delayMs: FOR_EVER });
  await connect(page);
  await page.getByText("300 of 3,000 people").first().waitFor();
  await page.getByLabel("Show").selectOption("");
  const known = (await api("GET", "/user/?_limit=100&_skip=100")).data[7];
  await search(page, known.email);
  await eventually(() => cells(page, "email"), [known.email]);
  await rows(page).locator(".cell-role").getByText("—").waitFor({ state: "detached" });
  await search(page, "");
  await page.getByRole("columnheader", { name: "Email" }).getByRole("button").click();
  const emails = (await cells(page, "email")).slice(0, 10);
  assert.deepEqual(emails, emails.toSorted(collator.compare));
  await page.getByRole("progressbar", { name: "People loaded" }).waitFor();
});

// ------------------------------------------------------------------------------------------------ scrolling

scenario("asks the table for the rows in sight alone, wherever one scrolls", {}, async (page) => {
  await everybody(page);
  await page.getByLabel("Show").selectOption("");
  await eventually(() => rowCount(page), 3_000);
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("End");
  await eventually(() => page.locator('.is-active[role="row"]').getAttribute("aria-rowindex"), "3001");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Home");
  await eventually(() => page.locator('.is-active[role="row"]').getAttribute("aria-rowindex"), "2");
  const seen = new Set();
  for (let at = 0; at < 3_000; at += 10) {
    await grid.evaluate(async (element, top) => {
      element.scrollTop = top;
      await new Promise(requestAnimationFrame);
    }, at * 44);
    if (at % 300 === 0) for (const email of await cells(page, "email")) seen.add(email);
  }
  assert.ok(seen.size > 200);
  assert.ok((await rows(page).count()) < 60, "only the rows in sight are drawn");
});

// ------------------------------------------------------------------------------------------------ chart and file

scenario("charts who joined when, of those that are found", {}, async (page) => {
  const { memberships } = await everybody(page);
  const users = await all("/user/");
  const counted = async () => {
    const found = await page.locator(".chart table tbody td").allTextContents();
    return found.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0);
  };
  await page.getByRole("table", { name: "Joined" }).waitFor();
  await eventually(counted, memberships.length);

  await page.getByLabel("Show").selectOption("");
  await eventually(counted, users.length);
  const perMonth = new Map();
  const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
  for (const { date_created: date } of users) {
    const key = month.format(new Date(date));
    perMonth.set(key, (perMonth.get(key) ?? 0) + 1);
  }
  const shown = await page.locator(".chart tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(Object.fromEntries(shown.map(([when, count]) => [when, Number(count)])), Object.fromEntries(perMonth));
  assert.equal(await page.locator(".chart-bar").count(), shown.length);

  await search(page, "nobody is called this");
  await page.locator(".chart").getByText("nobody").waitFor();
  await eventually(counted, 0);
});

scenario("exports what is found as a file", {}, async (page) => {
  const { memberships } = await everybody(page);
  await page.getByLabel("Role", { exact: true }).selectOption("admin");
  const admins = memberships.filter(({ role_id: role }) => role === "admin");
  await eventually(() => rowCount(page), admins.length);
  const downloading = page.waitForEvent("download");
  await button(page, "Export CSV").click();
  const file = await downloading;
  assert.equal(file.suggestedFilename(), "people.csv");
  const text = await readFile(await file.path(), "utf8");
  assert.ok(text.startsWith("\ufeffName,Email,Role,Status,Phone,Joined,Id\r\n"), text.slice(0, 80));
  const lines = text.trimEnd().split("\r\n").slice(1);
  assert.equal(lines.length, admins.length);
  assert.deepEqual(lines.map((line) => line.split(",").at(-1)).sort(), admins.map(({ user_id: id }) => id).sort());
  assert.ok(lines.every((line) => line.includes(",Admin,active,")));
  const shown = (await cells(page, "email")).slice(0, 5);
  assert.deepEqual(lines.slice(0, 5).map((line) => line.split(",")[1]), shown, "in the order of the list");

  await search(page, "nobody is called this");
  await eventually(() => button(page, "Export CSV").isDisabled(), true);
});

// ------------------------------------------------------------------------------------------------ edits

scenario("finds, counts and keeps what was changed", {}, async (page) => {
  const { memberships } = await everybody(page);
  const member = memberships.find(({ role_id: role }) => role === "user");
  const superusers = memberships.filter(({ role_id: role }) => role === "superuser").length;
  await search(page, member.user_email);
  await rows(page).first().click();
  const panel = page.locator(".side-panel");
  await panel.getByLabel("Role", { exact: true }).selectOption("superuser");
  await panel.getByText("Saved").waitFor();
  await button(panel, "Close details").click();
  await search(page, `role:super ${member.user_email}`);
  await eventually(() => cells(page, "email"), [member.user_email]);
  await search(page, "role:super");
  await eventually(() => rowCount(page), superusers + 1);

  // What other screens change shows here, too.
  await open(page, "Memberships");
  await loaded(page);
  await page.getByLabel("Search members").fill(member.user_email);
  await rows(page).first().click();
  await button(page, "Deactivate…").click();
  await button(page.getByRole("dialog"), "Deactivate").click();
  await page.locator(".results").getByText("1 member deactivated").waitFor();
  await page.getByLabel("Invite by email").fill("new.comer@example.com");
  await button(page, "Invite").click();
  await page.locator(".results").getByText("is a member as").waitFor();
  await open(page, "People");
  await search(page, "role:super");
  await eventually(() => rowCount(page), superusers);
  await search(page, "new.comer");
  await eventually(() => cells(page, "email"), ["new.comer@example.com"]);

  // And is there on the next visit, before anything is answered.
  await page.waitForTimeout(1_500);
  await faults(held(USERS), held(ORGANIZATION));
  await page.reload();
  await age(page).waitFor();
  await search(page, "new.comer");
  await eventually(() => cells(page, "email"), ["new.comer@example.com"]);
});

// ------------------------------------------------------------------------------------------------ the second visit

scenario("starts from what the last visit left, and refreshes behind it", {}, async (page) => {
  const { memberships } = await everybody(page);
  await isKept(page);
  const [first, second] = memberships.filter(({ role_id: role }) => role === "user");
  await api("PUT", `/membership/${first.id}/`, { role_id: "admin" });
  await api("DELETE", `/membership/${second.id}/`);
  await faults(held(USERS), held(ORGANIZATION));
  await page.reload();
  await age(page).waitFor();
  await page.getByText("refreshing…").waitFor();
  await eventually(() => rowCount(page), memberships.length);
  // All of it works meanwhile, roles included.
  await search(page, `role:user ${first.user_email}`);
  await eventually(() => cells(page, "email"), [first.user_email]);
  await rows(page).first().click();
  const panel = page.locator(".side-panel");
  await panel.getByText(first.user_id, { exact: true }).first().waitFor();

  await faults();
  // What was held is answered now, or asked for again.
  await page.reload();
  await page.getByText(`of 3,000 people`).waitFor();
  await age(page).waitFor({ state: "detached" });
  await panel.getByLabel("Role", { exact: true }).waitFor();
  await search(page, `role:admin ${first.user_email}`);
  await eventually(() => cells(page, "email"), [first.user_email]);
  await search(page, `status:former ${second.user_email}`);
  await page.getByLabel("Show").selectOption("");
  await eventually(() => cells(page, "email"), [second.user_email]);
});

scenario("keeps roles in sight while everybody is read again", {}, async (page) => {
  await isKept(page);
  await faults({ match: { path: USERS, query: "_skip=1500" }, delayMs: FOR_EVER });
  await page.reload();
  await page.getByText("1,500 of 3,000 people").first().waitFor();
  const { memberships } = await organization();
  await eventually(() => rowCount(page), memberships.length);
  await search(page, "role:admin");
  await eventually(() => rowCount(page), memberships.filter(({ role_id: role }) => role === "admin").length);
  await page.getByText(/as of .*refreshing…/).waitFor();
  await button(page, "Cancel").click();
  await page.getByText("refreshing…").waitFor({ state: "detached" });
  await age(page).waitFor();
});

scenario("drops those who are listed no more", {}, async (page) => {
  await isKept(page);
  await faults({ match: { path: USERS }, times: 1, records: { remove: 3 } });
  await page.reload();
  await age(page).waitFor({ state: "detached" });
  await page.getByLabel("Show").selectOption("");
  await eventually(() => rowCount(page), 2_997);
  await page.getByText("2,997 people", { exact: true }).waitFor();
});

for (const damage of DAMAGES) {
  scenario(`reads everybody anew when what was kept is ${damage}`, {}, async (page) => {
    await isKept(page);
    await kept(page, damage);
    await page.reload();
    await everybody(page);
    assert.equal(await age(page).count(), 0);
    assert.equal(await page.getByRole("alert").count(), 0);
  });
}

scenario("says when it could not be refreshed, and shows what there was", { statuses: [501] }, async (page) => {
  await isKept(page);
  await faults({ match: { path: ORGANIZATION }, status: 501 });
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.getByText("Roles, phones and who has left could not be loaded").waitFor();
  await age(page).waitFor();
  await eventually(async () => (await page.getByText("refreshing…").count()) === 0, true);
  await search(page, "role:admin");
  await eventually(async () => (await rowCount(page)) > 0, true);
  await faults();
  await button(alert, "Try again").click();
  await age(page).waitFor({ state: "detached" });
  assert.equal(await alert.count(), 0);
});

scenario("keeps nothing once one has signed out", {}, async (page) => {
  await isKept(page);
  await button(page, "Sign out").click();
  await page.getByRole("button", { name: "administrator" }).waitFor();
  await eventually(async () => await kept(page), []);
  await faults({ match: { path: USERS, query: "_skip=200" }, delayMs: FOR_EVER });
  await connect(page, "ordinary user");
  await page.getByText("200 of 3,000 people").first().waitFor();
  assert.equal(await age(page).count(), 0);
});

// ------------------------------------------------------------------------------------------------ for everybody

scenario("is used by keyboard alone", {}, async (page) => {
  await everybody(page);
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("role:auditor");
  for (const name of ["Show", "Role"]) {
    await page.keyboard.press("Tab");
    await eventually(() => focused(page), name);
  }
  for (const name of ["Name", "Email", "Role", "Joined"]) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === "People") await page.keyboard.press("Tab");
    await eventually(() => focused(page), name);
  }
  await page.keyboard.press("Enter");
  await eventually(() => page.getByRole("columnheader", { name: "Joined" }).getAttribute("aria-sort"), "ascending");
});

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
  ]) {
    scenario(
      `has nothing for axe-core to say of the table, ${colorScheme}, ${device}`,
      { colorScheme, viewport, touch: viewport === PHONE },
      async (page) => {
        const at = async (place) => {
          await accessible(page, `${place}, ${colorScheme}, ${device}`);
          assert.ok(
            await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            `${place} is no wider than the ${device}`,
          );
        };
        await isKept(page);
        await search(page, "mar role:user");
        await page.locator("mark").first().waitFor();
        await at("what was found");
        await faults(held(USERS), held(ORGANIZATION));
        await page.reload();
        await page.getByText("refreshing…").waitFor();
        await at("an earlier visit");
      },
    );
  }
}
