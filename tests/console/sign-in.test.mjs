// Connecting to Genesys Cloud: by the sandbox's tokens, by a token of one's own, and by signing in. And the switch
// between the vendors.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/sign-in.test.mjs

import assert from "node:assert/strict";

import {
  accessible,
  BASE,
  connect,
  eventually,
  focused,
  genesysApi,
  loaded,
  queueAnswer,
  requestsTo,
  scenario,
} from "./driver.mjs";

const PLAIN = { vendor: "genesys", as: null };
const heading = (page) => page.getByRole("heading", { level: 1, name: "Connect to Genesys Cloud" });
const switchTo = (page, vendor) =>
  page.getByRole("navigation", { name: "Vendor" }).getByRole("link", { name: vendor }).click();
const stored = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));

/** Goes to the consent page and answers there. */
async function signIn(page, { client, decision = "Allow", person = "administrator", stay = false } = {}) {
  if (client) await page.getByLabel("Client ID").fill(client);
  if (stay) await page.getByRole("checkbox", { name: /^Stay signed in/ }).check();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: /wants to sign you in/ }).waitFor();
  await page.getByRole("radio", { name: person }).check();
  await page.getByRole("button", { name: decision }).click();
}

// ------------------------------------------------------------------------------------------------ switch

scenario("switches between the vendors, and keeps each connection", { as: null }, async (page) => {
  await page.getByRole("heading", { name: "Connect to Close" }).waitFor();
  await page.locator("#secret").fill("half a secret");
  await switchTo(page, "Genesys Cloud");
  await heading(page).waitFor();
  assert.match(page.url(), /#\/genesys\/connect$/);
  assert.equal(await focused(page), "Connect to Genesys Cloud");
  await page.getByRole("radio", { name: "Access token" }).check();
  await page.getByLabel("Base URL or host").fill("example.org");
  await switchTo(page, "Close");
  // Until then it is the other form that has a secret.
  await page.getByRole("heading", { name: "Connect to Close" }).waitFor();
  assert.equal(await page.locator("#secret").inputValue(), "half a secret", "each form keeps what was filled in");
  await switchTo(page, "Genesys Cloud");
  assert.equal(await page.getByRole("radio", { name: "Access token" }).isChecked(), true);
  assert.equal(await page.getByLabel("Base URL or host").inputValue(), "example.org");

  await connect(page);
  await page.getByRole("heading", { level: 1, name: "Groups" }).waitFor();
  await loaded(page);
  assert.match(page.url(), /#\/genesys\/groups$/);
  await switchTo(page, "Close");
  await page.getByRole("heading", { name: "Connect to Close" }).waitFor();
  assert.equal(await page.locator(".sidebar").count(), 0);
  await connect(page);
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  assert.match(page.url(), /#\/close\/people$/);
  const screens = page.getByRole("navigation", { name: "Screens" }).getByRole("link");
  assert.equal(await screens.count(), 5);
  await switchTo(page, "Genesys Cloud");
  await loaded(page);
  assert.equal(await screens.count(), 2);

  // Both are there after a reload, the one last looked at in front.
  await page.goto(`${BASE}/`);
  await page.getByRole("heading", { level: 1, name: "Groups" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page).waitFor();
  assert.equal((await stored(page)).includes("sandbox-genesys-token"), false);
  await switchTo(page, "Close");
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();

  // An address from before there were two.
  await page.goto(`${BASE}/#/roles`);
  await page.getByRole("heading", { level: 1, name: "Roles" }).waitFor();
  assert.match(page.url(), /#\/close\/roles$/);
});

scenario("asks before unsaved changes are left for the other vendor", {}, async (page) => {
  await page.getByRole("link", { name: "Roles" }).click();
  await page.getByRole("checkbox", { name: "Export, Auditor" }).click();
  await switchTo(page, "Genesys Cloud");
  await page.getByRole("dialog").getByText("Discard unsaved changes?").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  assert.match(page.url(), /#\/close\/roles$/);
  await switchTo(page, "Genesys Cloud");
  await page.getByRole("dialog").getByRole("button", { name: "Discard and leave" }).click();
  await heading(page).waitFor();
});

scenario(
  "shows the requests to both vendors, and forgets those of the one that is left",
  { vendor: "genesys" },
  async (page) => {
    await loaded(page);
    await page.getByRole("button", { name: /^Requests/ }).click();
    const panel = page.getByRole("region", { name: "Requests", exact: true });
    const of = (vendor) =>
      panel.locator("tbody tr").filter({ has: page.getByRole("cell", { name: vendor, exact: true }) });
    await of("Genesys").filter({ hasText: "groups.list" }).waitFor();
    await switchTo(page, "Close");
    await connect(page);
    await of("Close").filter({ hasText: "users.me" }).waitFor();
    await of("Genesys").first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await switchTo(page, "Genesys Cloud");
    await of("Genesys").first().waitFor();
    await eventually(() => of("Close").count(), 0);
  },
);

// ------------------------------------------------------------------------------------------------ token

scenario(
  "connects with a token of one’s own and keeps it in memory only",
  { ...PLAIN, statuses: [401] },
  async (page) => {
    await page.getByRole("radio", { name: "Access token" }).check();
    const secret = page.locator("#secret");
    const submit = page.getByRole("button", { name: "Connect", exact: true });
    await submit.click();
    await page.locator("#secret-error").getByText("Enter an access token.").waitFor();
    await secret.fill("nobody’s");
    await submit.click();
    await page.locator("#secret-error:not(:empty)").waitFor();
    await secret.fill("nobodys");
    await submit.click();
    await page.locator("#secret-error").getByText("does not accept this token").waitFor();
    assert.equal(await secret.getAttribute("aria-invalid"), "true");

    await secret.fill("sandbox-genesys-token");
    await submit.click();
    await loaded(page);
    const me = await genesysApi("GET", "/users/me");
    await page.locator(".account").getByText(me.email).waitFor();
    assert.equal((await stored(page)).includes("sandbox-genesys-token"), false);
    await page.reload();
    await heading(page).waitFor();
  },
);

scenario("says at the field where an address is wrong", { ...PLAIN, offline: true }, async (page) => {
  await page.getByRole("radio", { name: "Access token" }).check();
  await page.locator("#secret").fill("sandbox-genesys-token");
  const base = page.getByLabel("Base URL or host");
  const error = page.locator("#base-url-error");
  const submit = page.getByRole("button", { name: "Connect", exact: true });
  for (const [address, text] of [
    ["", "Enter the address"],
    ["http://example.com", "https"],
    ["not a host", "not a host"],
    ["http://127.0.0.1:9", "base URL"],
  ]) {
    await base.fill(address);
    await submit.click();
    await error.getByText(text).waitFor();
  }
  await page.getByLabel("Where", { exact: true }).selectOption("eu_central_1");
  assert.equal(await base.isVisible(), false);
  assert.equal(await page.locator("#region option").count(), 19);
});

// ------------------------------------------------------------------------------------------------ sign-in

scenario("signs in and comes back to where one wanted to go, signs out", PLAIN, async (page) => {
  const [group] = (await genesysApi("GET", "/groups?pageSize=1")).entities;
  await page.goto(`${BASE}/#/genesys/groups/${group.id}`);
  await heading(page).waitFor();
  await accessible(page, "connect to Genesys Cloud");
  await signIn(page, { person: "plain user" });
  await page.getByRole("heading", { level: 1, name: group.name }).waitFor();
  await page.locator(".account").getByText("tomas.nunez@example.com").waitFor();
  assert.equal(new URL(page.url()).search, "", "nothing of the sign-in stays in the address");
  const [asked] = await requestsTo("GET", "/oauth/authorize");
  const parameters = new URL(asked.path, BASE).searchParams;
  assert.equal(parameters.get("code_challenge_method"), "S256");
  assert.equal(parameters.get("client_id"), "orgdeck-console");
  assert.equal((await requestsTo("POST", "/oauth/token")).length, 1);

  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page).waitFor();
  await eventually(async () => (await requestsTo("POST", "/oauth/revoke")).map(({ status }) => status), [200]);
  await eventually(async () => (await requestsTo("GET", "/logout")).length, 1);
  await heading(page).waitFor();
  assert.equal(await page.locator(".sidebar").count(), 0);
  // A reload brings nothing back: the tokens were in memory alone.
  await page.reload();
  await heading(page).waitFor();
});

scenario("stays signed in over a reload when asked to", PLAIN, async (page) => {
  await signIn(page, { stay: true });
  await loaded(page);
  await page.reload();
  await loaded(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page).waitFor();
  await eventually(async () => (await requestsTo("GET", "/logout")).length, 1);
  await heading(page).waitFor();
  assert.equal(/access|refresh/.test(await stored(page)), false);
});

scenario("says that it was refused, and lets one try again", PLAIN, async (page) => {
  await signIn(page, { client: "orgdeck-short-lived", decision: "Deny" });
  await heading(page).waitFor();
  await page.getByRole("alert").getByText("refused on the sign-in page").waitFor();
  assert.equal(new URL(page.url()).search, "");
  assert.equal(await page.getByLabel("Client ID").inputValue(), "orgdeck-short-lived", "the form is as it was");
  await accessible(page, "a sign-in that was refused");
  await signIn(page);
  await loaded(page);
});

scenario("does not take an answer to a sign-in that it has not begun", PLAIN, async (page) => {
  await page.goto(`${BASE}/?code=stolen&state=made-up`);
  const alert = page.getByRole("alert");
  await alert.getByText("The sign-in did not work").waitFor();
  await alert.getByText("its `state` is not the one that was sent").waitFor();
  await heading(page).waitFor();
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual(await requestsTo("POST", "/oauth/token"), [], "nothing is sent");

  // The same for one that was begun, when the state is another.
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: /wants to sign you in/ }).waitFor();
  await page.goto(`${BASE}/?code=stolen&state=made-up`);
  await alert.getByText("its `state` is not the one that was sent").waitFor();
  assert.deepEqual(await requestsTo("POST", "/oauth/token"), []);
});

scenario("says why the server gave no token", { ...PLAIN, statuses: [500] }, async (page) => {
  await queueAnswer({
    match: { method: "POST", path: "/oauth/token" },
    status: 500,
    body: { error: "server_error", error_description: "Out of order." },
  });
  await signIn(page);
  const alert = page.getByRole("alert");
  await alert.getByText("Out of order.").waitFor();
  await alert.getByText("ServerError · HTTP 500 · server_error").waitFor();
  await signIn(page);
  await loaded(page);
});

scenario("renews a session that has run out, once for all who wait", PLAIN, async (page) => {
  await signIn(page, { client: "orgdeck-short-lived" });
  await loaded(page);
  const before = await requestsTo("POST", "/oauth/token");
  assert.equal(before.length, 1);
  // Its tokens live for three seconds.
  await page.waitForTimeout(3_200);
  const group = page.locator('.grid-body [role="row"]').nth(1);
  await group.click();
  await page
    .getByRole("region", { name: "Members" })
    .getByText(/^\d+ members?$/)
    .waitFor();
  const tokens = await requestsTo("POST", "/oauth/token");
  assert.equal(tokens.length, 2);
  assert.ok(tokens.every(({ status }) => status === 200));
  const refused = (await requestsTo("GET", "/api/v2")).filter(({ status }) => status === 401);
  assert.deepEqual(refused, [], "no request goes out with a token that has run out");
});

scenario(
  "says it where it happens when a session cannot be renewed",
  { ...PLAIN, statuses: [400, 401] },
  async (page) => {
    await signIn(page, { client: "orgdeck-short-lived" });
    await loaded(page);
    await queueAnswer({
      match: { method: "POST", path: "/oauth/token" },
      status: 400,
      body: { error: "invalid_grant", error_description: "The sign-in has been ended." },
      times: 9,
    });
    await page.waitForTimeout(3_200);
    await page.getByRole("button", { name: "Refresh" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("The list of groups was not loaded to its end").waitFor();
    await alert.getByText("Sign out and connect again.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading(page).waitFor();
  },
);
