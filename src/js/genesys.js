// The Genesys client as its users see it.

import { ApiClient, calling, pages } from "./client.js";
import { configError } from "./errors.js";
import { text, texts } from "./given.js";
import { kinds, read } from "./options.js";
import { hostOf } from "./regions.js";

/** A method that does more than pass its arguments on. */
const method = (start) => (engine) => (...values) => calling(() => start(engine, ...values));

const groups = {
  list: pages("query"),
  get: "groupId",
  create: "=group",
  update: method((engine, id, patch, last) => {
    const { version, ...rest } = patch ?? {};
    return version === "latest"
      ? engine.call("groups.update+latest", "groupId =patch", [id, rest, last])
      : engine.call("groups.update", "groupId =patch", [id, patch, last]);
  }),
  delete: method((engine, id, options, last) => {
    const { wait } = read("options", options, { wait: kinds.boolean });
    return engine.call(wait ? "groups.delete+wait" : "groups.delete", "groupId", [id, last]);
  }),
  search: pages("=request"),
  searchByQ64: (engine) => (q64, options, last) =>
    engine.pages(() => {
      const asked = { ...read("options", options, { expand: kinds.any }), q64: text("q64", q64) };
      return ["groups.searchByQ64", "query", [asked, last]];
    }),
  members: pages("groupId query"),
  individuals: "groupId",
  addMembers: method((engine, id, memberIds, options, last) => {
    const body = { ...read("options", options, { version: kinds.any }), memberIds: texts("memberIds", memberIds) };
    return engine.call("groups.addMembers", "groupId =members", [id, body, last], true);
  }),
  removeMembers: method((engine, id, memberIds, last) => {
    const body = { memberIds: texts("memberIds", memberIds) };
    return engine.call("groups.removeMembers", "groupId =members", [id, body, last], true);
  }),
  profile: "groupId query",
  dynamicSettings: { get: "groupId", set: "groupId =query", delete: "groupId", preview: "=query" },
};

const fieldConfig = method((engine, type, last) =>
  engine.call("fieldConfig", "query", [{ type: text("fieldConfig: type", type) }, last]),
);

function adapt({ region, baseUrl }, apiKey) {
  if (apiKey !== undefined) throw configError("auth.apiKey: Genesys Cloud has no keys; give { accessToken }");
  if ((region === undefined) === (baseUrl === undefined)) {
    throw configError("options: give one of `region` and `baseUrl`");
  }
  return { baseUrl: baseUrl ?? `https://api.${hostOf(region)}` };
}

export class GenesysApi extends ApiClient {
  constructor(makeCore, wanted) {
    const nouns = { groups, profiles: { groups: pages("query") }, fieldConfig };
    super(makeCore, "genesys", wanted, { region: kinds.string }, adapt, nouns);
  }
}
