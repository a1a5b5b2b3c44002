// The permissions Close is known to have, in the order and words of this console. The set is open: names from the
// API that are not here are shown too, under “Other”.

import { sentence } from "../text.js";

export const PERMISSION_GROUPS = [
  ["Leads", { view_all_leads: "View all leads", merge_leads: "Merge leads", delete_leads: "Delete leads" }],
  [
    "Own work",
    {
      delete_own_activities: "Delete own activities",
      delete_own_opportunities: "Delete own opportunities",
      delete_own_tasks: "Delete own tasks",
    },
  ],
  [
    "Other people’s work",
    {
      manage_others_activities: "Manage others’ activities",
      manage_others_opportunities: "Manage others’ opportunities",
      manage_others_tasks: "Manage others’ tasks",
    },
  ],
  [
    "Many at once",
    {
      bulk_edit: "Edit in bulk",
      bulk_email: "Email in bulk",
      bulk_sequence_subscriptions: "Enrol in workflows in bulk",
      bulk_import: "Import",
      export: "Export",
      bulk_delete: "Delete in bulk",
    },
  ],
  [
    "Calling",
    {
      calling: "Make and take calls",
      call_coach_listen: "Listen to live calls",
      call_coach_barge: "Join live calls",
      manage_group_numbers: "Manage group numbers",
    },
  ],
  [
    "Shared content",
    {
      manage_team_smart_views: "Manage shared smart views",
      manage_team_email_templates: "Manage shared email templates",
      manage_email_sequences: "Manage workflows",
    },
  ],
  [
    "Administration",
    { manage_customizations: "Manage customisations", manage_organization: "Manage organisation, people and roles" },
  ],
];

const KNOWN = new Map(PERMISSION_GROUPS.flatMap(([, names]) => Object.entries(names)));

export const permissionLabel = (name) => KNOWN.get(name) ?? sentence(name);

/** The groups as `[heading, names[]]`, with what `roles` grant beyond the known ones at the end. */
export function permissionGroups(roles) {
  const groups = PERMISSION_GROUPS.map(([heading, names]) => [heading, Object.keys(names)]);
  const others = new Set(roles.flatMap((role) => role.permissions).filter((name) => !KNOWN.has(name)));
  return others.size > 0 ? [...groups, ["Other", [...others].sort()]] : groups;
}
