// Lists that nobody may change are taken wherever a list is. It is compiled, never run.

import type { Close, Genesys } from "orgdeck";

declare const close: Close;
declare const genesys: Genesys;
const fixed = ["a", "b"] as const;

close.memberships.updateMany(fixed, {});
close.memberships.setPinnedViews("m", fixed);
close.roles.update("r", { permissions: fixed });
genesys.groups.addMembers("g", fixed);
genesys.groups.removeMembers("g", fixed);
genesys.groups.searchByQ64("H4sI", { expand: fixed });
genesys.groups.list({ id: fixed, jabberId: fixed });
genesys.groups.members("g", { expand: fixed });
genesys.groups.profile("g", { fields: fixed });
genesys.groups.update("g", { version: 1, ownerIds: fixed });
genesys.groups.search({ query: [{ type: "TERMS", fields: fixed, values: fixed }] });
genesys.groups.search({ where: { exact: fixed, fields: fixed } });
genesys.list("/api/v2/x", { id: fixed });
