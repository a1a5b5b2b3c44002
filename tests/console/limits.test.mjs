// The gauge of the vendor's rate limits.
//
//   ORGDECK_CONSOLE=http://127.0.0.1:8787 node --test tests/console/limits.test.mjs

import assert from "node:assert/strict";

import { accessible, eventually, focused, loaded, open, PHONE, sandbox, scenario, WIDE } from "./driver.mjs";

const gauge = (page) => page.getByRole("button", { name: /^Rate limit/ });
const box = (page) => page.getByRole("dialog", { name: "Rate limits" });
const refresh = (page) => page.getByRole("button", { name: "Refresh" }).click();

scenario("says that no limit is known as long as the vendor says nothing", {}, async (page) => {
  await loaded(page);
  await page.getByRole("button", { name: "Rate limit: No limit known", exact: true }).click();
  await box(page).getByText("GET /user/").waitFor();
  await box(page).getByText("No limit known").first().waitFor();
  assert.equal(await page.getByRole("meter").count(), 0);
});

scenario("shows the tightest limit, and the others beside it", {}, async (page) => {
  await loaded(page);
  await sandbox("POST", "limits", { close: "500/min", genesys: null });
  await open(page, "Groups");
  // The list of groups was asked for once, and twelve groups one by one, four at a time: where their answers overtake each
  // other, up to three more may be on their way for all that is known.
  await page.getByRole("button", { name: /^Rate limit: 48[5-8] of 500 left · more in \d+ s$/ }).waitFor();
  await gauge(page).focus();
  await page.keyboard.press("Enter");
  await eventually(() => focused(page), "Rate limits", "the focus goes to the box");
  const items = box(page).getByRole("listitem");
  await items.first().getByText("GET /group/{id}/").waitFor();
  const meter = items.first().getByRole("meter", { name: "GET /group/{id}/" });
  const shown = async () => {
    const [value, max] = await meter.evaluate((element) => [element.value, element.max]);
    return value >= 485 && value <= 488 && max === 500 && (await items.first().innerText()).includes(`${value} of 500 left`);
  };
  await eventually(shown, true);
  await items.filter({ hasText: "499 of 500 left" }).getByText("GET /group/", { exact: true }).waitFor();
  // What is not limited, or was not asked for since, is last.
  await items.last().getByText("No limit known").waitFor();
  await page.keyboard.press("Escape");
  await box(page).waitFor({ state: "hidden" });
  await eventually(async () => /^Rate limit: /.test(await focused(page)), true, "and comes back");
});

scenario("shows what waits, and counts down until there is more", { statuses: [429] }, async (page) => {
  await loaded(page);
  await sandbox("POST", "limits", { close: "6/min", genesys: null });
  await refresh(page);
  const words = () => gauge(page).getAttribute("aria-label");
  await eventually(async () => /^Rate limit: 0 of 6 left · more in \d+ s · \d waiting/.test(await words()), true);
  const seconds = async () => Number(/in (\d+) s/.exec(await words())?.[1]);
  const first = await seconds();
  await eventually(async () => (await seconds()) < first, true);
  await page
    .locator(".gauge")
    .getByText(/^0\/6 · \d waiting$/)
    .waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await eventually(async () => / waiting/.test(await words()), false, "who was stopped waits no more");
});

scenario("knows the limit of Genesys Cloud, and keeps the vendors apart", { vendor: "genesys" }, async (page) => {
  await loaded(page);
  await eventually(
    async () => /^Rate limit: 29\d of 300 left/.test(await gauge(page).getAttribute("aria-label")),
    true,
  );
  await gauge(page).click();
  await box(page).getByText("All requests").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("navigation", { name: "Vendor" }).getByRole("link", { name: "Close" }).click();
  await page.getByRole("button", { name: "administrator" }).click();
  await loaded(page);
  await page.getByRole("button", { name: "Rate limit: No limit known", exact: true }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  for (const [device, viewport] of [
    ["wide", WIDE],
    ["phone", PHONE],
    ["small", { width: 320, height: 640 }],
  ]) {
    scenario(
      `has nothing for axe-core to say of limits, ${colorScheme}, ${device}`,
      { colorScheme, viewport, statuses: [429] },
      async (page) => {
        await loaded(page);
        await sandbox("POST", "limits", { close: "3/min", genesys: null });
        await refresh(page);
        await eventually(async () => / waiting/.test(await gauge(page).getAttribute("aria-label")), true);
        await gauge(page).click();
        await box(page).getByText("waiting").first().waitFor();
        await accessible(page, `limits, ${colorScheme}, ${device}`);
        const { x, y, width, height } = await box(page).boundingBox();
        assert.ok(
          x >= 0 && y >= 0 && x + width <= viewport.width && y + height <= viewport.height,
          "it is all in sight",
        );
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      },
    );
  }
}
