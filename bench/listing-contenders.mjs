// Ways to fetch a whole list. Runs in the page and in Node alike: `world` has `base`, the package as `orgdeck`, and
// the vendor's own SDK as `sdk` for Genesys, whose SDK it is.

const TOKENS = { close: "sandbox-close-token", genesys: "sandbox-genesys-token" };
const SIZE = 100;

const clients = {
  close: ({ Close }, base) => new Close({ baseUrl: `${base}/api/v1`, auth: { accessToken: TOKENS.close } }).users.list(),
  genesys: ({ Genesys }, base) => {
    const rateLimit = { requests: 1_000_000, perMs: 1_000 };
    const client = new Genesys({ baseUrl: base, auth: { accessToken: TOKENS.genesys }, rateLimit });
    return client.groups.list({ pageSize: SIZE });
  },
};

async function json(base, path, vendor) {
  const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${TOKENS[vendor]}` } });
  return response.json();
}

const withFetch = {
  async close(base) {
    const items = [];
    for (let page; page?.has_more ?? true; items.push(...page.data)) {
      page = await json(base, `/api/v1/user/?_skip=${items.length}&_limit=${SIZE}`, "close");
    }
    return items;
  },
  async genesys(base) {
    const items = [];
    for (let number = 1, page; page?.nextUri ?? number === 1; number += 1, items.push(...page.entities)) {
      page = await json(base, `/api/v2/groups?pageSize=${SIZE}&pageNumber=${number}`, "genesys");
    }
    return items;
  },
};

async function withSdk(sdk, base) {
  const { protocol, hostname, port } = new URL(base);
  const client = new sdk.ApiClientClass();
  client.setGateway({ protocol: protocol.slice(0, -1), host: hostname, port: Number(port) });
  client.setAccessToken(TOKENS.genesys);
  const groups = new sdk.GroupsApi(client);
  const items = [];
  for (let pageNumber = 1, page; page?.nextUri ?? pageNumber === 1; pageNumber += 1, items.push(...page.entities)) {
    page = await groups.getGroups({ pageSize: SIZE, pageNumber });
  }
  return items;
}

/** The first is what the others are compared with. */
export const contenders = {
  "all()": async ({ orgdeck, base }, vendor) => (await clients[vendor](orgdeck, base).all()).items,
  "all({ concurrency: 1 })": async ({ orgdeck, base }, vendor) =>
    (await clients[vendor](orgdeck, base).all({ concurrency: 1 })).items,
  "fetch, page after page": async ({ base }, vendor) => withFetch[vendor](base),
  "the vendor's SDK, page after page": async ({ sdk, base }) => withSdk(sdk, base),
};

const expected = {};

/**
 * Fetches the list in one of the ways: milliseconds, and how many items there are. Throws when any of them is another than
 * the first time.
 */
export async function time(world, vendor, name) {
  const started = performance.now();
  const items = await contenders[name](world, vendor);
  const ms = performance.now() - started;
  const texts = items.map((item) => JSON.stringify(item));
  const wanted = (expected[vendor] ??= texts);
  if (texts.length !== wanted.length) throw new Error(`${name}: ${texts.length} items, not ${wanted.length}`);
  const at = texts.findIndex((text, index) => text !== wanted[index]);
  if (at >= 0) throw new Error(`${name}: item ${at} is ${texts[at]}, not ${wanted[at]}`);
  return { ms, items: items.length };
}
