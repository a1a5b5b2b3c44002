// All pages of the list, by HTTP, four at a time: how long it takes, and how long the page is busy at a stretch.

import { longestTask } from "../tasks.mjs";

const AT_ONCE = 4;
export const PAGE = 100;

/** What most would write who want several pages at once. */
async function withFetch({ base, count }) {
  const pages = [];
  let next = 0;
  const fetchSome = async () => {
    while (next * PAGE < count) {
      const number = next++;
      const response = await fetch(`${base}/api/v1/user/?_skip=${number * PAGE}&_limit=${PAGE}`);
      pages[number] = (await response.json()).data;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
  return pages.flat();
}

export default {
  name: "pages",
  needs: ["server"],
  cases: [
    {
      title: `pages of ${PAGE}`,
      // Whoever opens a page loads a list into memory that was never used.
      cold: true,
      heavy: true,
      expected: (records) => records.map(({ id }) => id),
      check(answer, expected) {
        const ids = answer.ids();
        if (ids.length !== expected.length) throw new Error(`${ids.length} users, not ${expected.length}`);
        const at = ids.findIndex((id, index) => id !== expected[index]);
        if (at >= 0) throw new Error(`user ${at} is ${ids[at]}, not ${expected[at]}`);
      },
      time: longestTask,
      contenders: {
        Orgdeck: {
          async run({ orgdeck, base }) {
            const client = new orgdeck.Close({ baseUrl: `${base}/api/v1`, auth: { accessToken: "bench" } });
            const table = await client.users.list({ limit: PAGE }).table({ concurrency: AT_ONCE });
            client.free();
            return { ids: () => table.query().ids(), free: () => table.free() };
          },
        },
        "Orgdeck, all()": {
          async run({ orgdeck, base }) {
            const client = new orgdeck.Close({ baseUrl: `${base}/api/v1`, auth: { accessToken: "bench" } });
            const { items } = await client.users.list({ limit: PAGE }).all({ concurrency: AT_ONCE });
            client.free();
            return { ids: () => items.map(({ id }) => id) };
          },
        },
        "fetch, response.json()": {
          async run(world) {
            const users = await withFetch(world);
            return { ids: () => users.map(({ id }) => id) };
          },
        },
      },
    },
  ],
};
