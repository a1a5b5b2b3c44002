// The vendors that the console knows: the session of each, the screen to connect by, and the screens from then on.

import { connectScreen as connectClose } from "./close/screens/connect.js";
import { groupsScreen } from "./close/screens/groups.js";
import { membershipsScreen } from "./close/screens/memberships.js";
import { organisationScreen } from "./close/screens/organisation.js";
import { peopleScreen } from "./close/screens/people.js";
import { rolesScreen } from "./close/screens/roles.js";
import { session as closeSession } from "./close/session.js";
import { connectScreen as connectGenesys } from "./genesys/screens/connect.js";
import { groupsScreen as genesysGroupsScreen } from "./genesys/screens/groups.js";
import { searchScreen } from "./genesys/screens/search.js";
import { session as genesysSession } from "./genesys/session.js";

export const VENDORS = {
  close: {
    label: "Close",
    session: closeSession,
    connect: connectClose,
    screens: {
      people: { label: "People", make: peopleScreen },
      groups: { label: "Groups", make: groupsScreen },
      roles: { label: "Roles", make: rolesScreen },
      memberships: { label: "Memberships", make: membershipsScreen },
      organisation: { label: "Organisation", make: organisationScreen },
    },
  },
  genesys: {
    label: "Genesys Cloud",
    session: genesysSession,
    connect: connectGenesys,
    screens: {
      groups: { label: "Groups", make: genesysGroupsScreen },
      search: { label: "Search", make: searchScreen },
    },
  },
};
