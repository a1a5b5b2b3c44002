// The Close client as its users see it.

import { ApiClient, pages } from "./client.js";
import { kinds } from "./options.js";

const nouns = {
  users: { me: "query", list: pages("query"), get: "id query", availability: "query" },
  organizations: { get: "id query", update: "id =patch query" },
  memberships: {
    create: "=membership",
    update: "id =patch",
    updateMany: "*ids =patch",
    deactivate: "id",
    pinnedViews: "id",
    setPinnedViews: "id =savedViewIds",
  },
  roles: { list: pages("query"), get: "id query", create: "=role", update: "id =patch", delete: "id" },
  groups: {
    list: pages("query"),
    get: "id query",
    create: "=group query",
    update: "id =patch query",
    delete: "id",
    addMember: "groupId =userId",
    removeMember: "groupId userId",
  },
};

const adapt = ({ tzOffsetHours, allowApiKeyInBrowser }) => ({
  own: tzOffsetHours === undefined ? [] : ["x-tz-offset", String(tzOffsetHours)],
  allowApiKey: allowApiKeyInBrowser,
});

export class CloseApi extends ApiClient {
  constructor(makeCore, wanted) {
    const extra = { tzOffsetHours: kinds.hours, allowApiKeyInBrowser: kinds.boolean };
    super(makeCore, "close", wanted, extra, adapt, nouns);
  }
}
