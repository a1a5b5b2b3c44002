// Generated from the Rust declarations by `cargo xtask types --bless`; do not edit.

/** A status of leads. */
export interface CloseLeadStatus {
  /** The id, `stat_…`. */
  id: string;
  /** What people see. */
  label: string;
}

/** What a pipeline's status means for an opportunity. */
export type ClosePipelineStatusType =
  | "active"
  | "won"
  | "lost"
  | (string & {});

/** A status of a pipeline. */
export interface ClosePipelineStatus {
  /** The id, `stat_…`. */
  id: string;
  /** What people see. */
  label: string;
  /** What it means for the opportunity. */
  type?: ClosePipelineStatusType;
}

/** A pipeline of opportunities. */
export interface ClosePipeline {
  /** The id, `pipe_…`. */
  id: string;
  /** The name. */
  name: string;
  /** The organization's id. */
  organization_id?: string;
  /** Who made it, a user's id. */
  created_by?: string | null;
  /** Who last changed it, a user's id. */
  updated_by?: string | null;
  /** When it was made, ISO 8601 without an offset. */
  date_created?: string;
  /** When it was last changed, ISO 8601 without an offset. */
  date_updated?: string;
  /** Its statuses, in order. */
  statuses?: ClosePipelineStatus[];
}

/** An organization of `CloseMe`. */
export interface CloseMyOrganization {
  /** The id, `orga_…`. */
  id: string;
  /** The name. */
  name: string;
  /** Who made it, a user's id. */
  created_by?: string | null;
  /** Who last changed it, a user's id. */
  updated_by?: string | null;
  /** When it was made, ISO 8601. */
  date_created?: string;
  /** When it was last changed, ISO 8601. */
  date_updated?: string;
  /** The statuses that a lead may have, in order. */
  lead_statuses?: CloseLeadStatus[];
  /** The pipelines of opportunities. */
  pipelines?: ClosePipeline[];
}

/** Whether calls are recorded. */
export type CloseRecording =
  | "enabled"
  | "disabled"
  | "unset"
  | (string & {});

/** A membership of `CloseMe`. */
export interface CloseMyMembership {
  /** The id, `memb_…`. */
  id: string;
  /** The organization's id. */
  organization_id: string;
  /** The user's id. */
  user_id: string;
  /** The role's id, a plain word for built-in roles. */
  role_id: string;
  /** What the role allows. */
  permissions_granted?: string[];
  /** Whether calls are recorded. */
  auto_record_calls?: CloseRecording;
  /** Whether the opening of emails is tracked. */
  track_email_opens?: boolean;
}

/** An address that an email account sends from. */
export interface CloseIdentity {
  /** The address. */
  email: string;
  /** The name beside it. */
  name?: string | null;
}

/** An email account that a person connected. */
export interface CloseEmailAccount {
  /** The id, `emailacct_…`. */
  id: string;
  /** The kind, such as `google`. */
  _type?: string;
  /** The user's id. */
  user_id?: string;
  /** The organization's id. */
  organization_id?: string;
  /** The addresses that it sends from. */
  identities?: CloseIdentity[];
}

/** A phone number. */
export interface ClosePhoneNumber {
  /** The id, `phon_…`. */
  id: string;
  /** The number, E.164. */
  number: string;
  /** The organization's id. */
  organization_id?: string;
  /** When it was made, ISO 8601. */
  date_created?: string;
  /** When it was last changed, ISO 8601. */
  date_updated?: string;
}

/** The person whose credentials a call has. */
export interface CloseMe {
  /** The id, `user_…`. */
  id: string;
  /** The email address. */
  email: string;
  /** The first name. */
  first_name: string | null;
  /** The last name. */
  last_name: string | null;
  /** The URL of a picture. */
  image?: string | null;
  /** The organizations, as objects, where a `CloseUser` has ids. A key or token belongs to one of them. */
  organizations: CloseMyOrganization[];
  /** The person's own memberships. */
  memberships?: CloseMyMembership[];
  /** The email accounts connected. */
  email_accounts?: CloseEmailAccount[];
  /** The phone numbers. */
  phone_numbers?: ClosePhoneNumber[];
  /** When the user was made, ISO 8601. */
  date_created?: string;
  /** When the user was last changed, ISO 8601. */
  date_updated?: string;
  /** The IANA time zone the person was last seen in. */
  last_used_timezone?: string | null;
}

/** A person. Former members of the organization are still listed, with no `organizations`. */
export interface CloseUser {
  /** The id, `user_…`. */
  id: string;
  /** The email address. */
  email: string;
  /** The first name; null or empty until the person has signed up. */
  first_name: string | null;
  /** The last name; null or empty until the person has signed up. */
  last_name: string | null;
  /** The URL of a picture. */
  image?: string | null;
  /** The ids of the organizations that the person shares with the caller. */
  organizations?: string[];
  /** When the user was made, ISO 8601. */
  date_created?: string;
  /** When the user was last changed, ISO 8601. */
  date_updated?: string;
  /** The IANA time zone the person was last seen in. */
  last_used_timezone?: string | null;
}

/** A kind of client. */
export type CloseClientKind =
  | "mobile"
  | "native"
  | "web"
  | (string & {});

/** Whether somebody is online. */
export type ClosePresenceStatus =
  | "online"
  | "offline"
  | (string & {});

/** The lead of a call. */
export interface CloseCallLead {
  /** The id, `lead_…`. */
  id: string;
  /** The name. */
  display_name?: string | null;
}

/** A call under way. */
export interface CloseActiveCall {
  /** The id of the call's activity, `acti_…`. */
  id: string;
  /** How the call was made; `regular` was seen. */
  method?: string | null;
  /** Whom it is with. */
  lead?: CloseCallLead | null;
}

/** Whether a user is online with one kind of client. */
export interface ClosePresence {
  /** The kind of client. */
  type: CloseClientKind;
  /** Whether it is online. */
  status: ClosePresenceStatus;
  /** The calls it is in. */
  active_calls?: CloseActiveCall[];
}

/** How a user can be reached now. */
export interface CloseAvailability {
  /** The user's id. */
  user_id: string;
  /** One entry for each kind of client. */
  availability: ClosePresence[];
}

/** A membership as an organization lists it. With `expand`, `user` takes the place of the `user_*` fields. */
export interface CloseOrganizationMembership {
  /** The id, `memb_…`. */
  id: string;
  /** The user's id; with `expand` perhaps only in `user`. */
  user_id?: string;
  /** The role's id, a plain word for built-in roles. */
  role_id: string;
  /** What the role allows. */
  permissions_granted?: string[];
  /** Whether calls are recorded. */
  auto_record_calls?: CloseRecording;
  /** Whether the opening of emails is tracked. */
  track_email_opens?: boolean;
  /** The email address. */
  user_email?: string | null;
  /** The first name. */
  user_first_name?: string | null;
  /** The last name. */
  user_last_name?: string | null;
  /** Both names. */
  user_full_name?: string | null;
  /** The phone number, digits alone. */
  user_phone?: string | null;
  /** The user, with `expand`. */
  user?: CloseUser | null;
}

/** An organization, with the only list of its memberships. */
export interface CloseOrganization {
  /** The id, `orga_…`. */
  id: string;
  /** The name. */
  name: string;
  /** The plan, such as `enterprise`. */
  plan_type?: string | null;
  /** The currency, ISO 4217. */
  currency?: string | null;
  /** The currency's sign. */
  currency_symbol?: string | null;
  /** Who made it, a user's id. */
  created_by?: string | null;
  /** Who last changed it, a user's id. */
  updated_by?: string | null;
  /** When it was made, ISO 8601. */
  date_created?: string;
  /** When it was last changed, ISO 8601. */
  date_updated?: string;
  /** The statuses that a lead may have, in order. */
  lead_statuses?: CloseLeadStatus[];
  /** The pipelines of opportunities. */
  pipelines?: ClosePipeline[];
  /** The active memberships. */
  memberships?: CloseOrganizationMembership[];
  /** The ended memberships. */
  inactive_memberships?: CloseOrganizationMembership[];
}

/** A lead status, by its id. */
export interface CloseLeadStatusRef {
  /** The id, `stat_…`. */
  id: string;
}

/** What can be changed of an organization. */
export interface CloseOrganizationPatch {
  /** The name. */
  name?: string;
  /** The currency, ISO 4217, three letters. */
  currency?: string;
  /** All statuses in their new order, by id. */
  lead_statuses?: CloseLeadStatusRef[];
  /** Whether new email templates get an unsubscribe link. */
  enable_unsubscribe_link?: boolean;
  /** Whether bulk emails and workflows must have an unsubscribe link. */
  require_unsubscribe_link?: boolean;
}

/** Whether the number shown is always the same. */
export type CloseCallerIdMode =
  | "fixed"
  | "auto"
  | (string & {});

/** A user's place and role in an organization. Close leaves out most fields in some answers. */
export interface CloseMembership {
  /** The id, `memb_…`. */
  id: string;
  /** The user's id. */
  user_id: string;
  /** The organization's id. */
  organization_id: string;
  /** The role's id, a plain word for built-in roles. */
  role_id: string;
  /** The same as `role_id`, from earlier times. */
  role?: string | null;
  /** What the role allows. */
  permissions_granted: string[];
  /** Whether calls are recorded. */
  auto_record_calls?: CloseRecording;
  /** The number shown to the people called, a phone number's id. */
  default_caller_id?: string | null;
  /** Whether that number is always the same. */
  default_caller_id_mode?: CloseCallerIdMode;
  /** The person's own number, a phone number's id. */
  primary_personal_number?: string | null;
  /** The recording left on answering machines, a URL. */
  hangup_recording_url?: string | null;
  /** Whether the seat is free of charge. */
  is_free?: boolean;
  /** Whether workflows may send in this person's name. */
  may_workflows_impersonate?: boolean;
  /** How far the person has come in setting up; `in-progress` was seen. */
  onboarding_status?: string | null;
  /** The organization's plan, such as `enterprise`. */
  plan_type?: string | null;
  /** Whether the opening of emails is tracked. */
  track_email_opens?: boolean;
}

/** A membership to be made. */
export interface CloseMembershipCreate {
  /** Whom to invite. */
  email: string;
  /** The role's id. */
  role_id: string;
}

/** What can be changed of a membership. What is left out stays; null clears. */
export interface CloseMembershipPatch {
  /** The role's id. */
  role_id?: string;
  /** Whether calls are recorded. */
  auto_record_calls?: CloseRecording;
  /** The number shown to the people called, a phone number's id. */
  default_caller_id?: string | null;
  /** Whether that number is always the same. */
  default_caller_id_mode?: CloseCallerIdMode;
  /** The recording left on answering machines, a URL. */
  hangup_recording_url?: string | null;
  /** Whether workflows may send in this person's name. */
  may_workflows_impersonate?: boolean;
  /** Whether the opening of emails is tracked. */
  track_email_opens?: boolean;
}

/** What a role can allow. */
export type ClosePermission =
  | "bulk_delete"
  | "bulk_edit"
  | "bulk_email"
  | "bulk_import"
  | "bulk_sequence_subscriptions"
  | "call_coach_barge"
  | "call_coach_listen"
  | "calling"
  | "delete_leads"
  | "delete_own_activities"
  | "delete_own_opportunities"
  | "delete_own_tasks"
  | "export"
  | "manage_customizations"
  | "manage_email_sequences"
  | "manage_group_numbers"
  | "manage_organization"
  | "manage_others_activities"
  | "manage_others_opportunities"
  | "manage_others_tasks"
  | "manage_team_email_templates"
  | "manage_team_smart_views"
  | "merge_leads"
  | "view_all_leads"
  | (string & {});

/** Which leads a role without `view_all_leads` sees besides its own. */
export type CloseVisibility =
  | "require_assignment"
  | "allow_unassigned"
  | (string & {});

/** A named set of permissions. */
export interface CloseRole {
  /** The id: `role_…`, or `admin`, `superuser`, `user`, `restricteduser` for the built-in ones. */
  id: string;
  /** The name. */
  name: string;
  /** False for roles that Close maintains itself. */
  editable: boolean;
  /** What it allows; an open set, in no particular order. */
  permissions: ClosePermission[];
  /** The custom fields of leads, `cf_…`, that say which leads are visible. */
  visibility_user_lcf_ids?: string[] | null;
  /** Whether leads that nobody is assigned to are visible. */
  visibility_user_lcf_behavior?: CloseVisibility | null;
  /** The organization's id. */
  organization_id?: string | null;
  /** When it was made, ISO 8601; of the year 1 and without an offset for built-in roles. */
  date_created?: string | null;
  /** When it was last changed, ISO 8601; of the year 1 and without an offset for built-in roles. */
  date_updated?: string | null;
}

/** A role to be made. */
export interface CloseRoleCreate {
  /** The name. */
  name: string;
  /** What it allows. */
  permissions: string[];
  /** The custom fields of leads that say which leads are visible; none with `view_all_leads`. */
  visibility_user_lcf_ids?: string[] | null;
  /** Whether leads that nobody is assigned to are visible; null with `view_all_leads`. */
  visibility_user_lcf_behavior?: CloseVisibility | null;
}

/** What can be changed of a custom role. What is left out stays; null clears. */
export interface CloseRolePatch {
  /** The name. */
  name?: string;
  /** What it allows; replaces the whole set. */
  permissions?: string[];
  /** The custom fields of leads that say which leads are visible; none with `view_all_leads`. */
  visibility_user_lcf_ids?: string[] | null;
  /** Whether leads that nobody is assigned to are visible; null with `view_all_leads`. */
  visibility_user_lcf_behavior?: CloseVisibility | null;
}

/** A member of a group. */
export interface CloseGroupMember {
  /** The user's id. */
  user_id: string;
}

/** A named collection of users. */
export interface CloseGroup {
  /** The id, `group_…`. */
  id: string;
  /** The name, unique in the organization. */
  name: string;
  /** The organization's id. */
  organization_id: string;
  /** The members; a list of groups has none. */
  members?: CloseGroupMember[] | null;
}

/** A group to be made. */
export interface CloseGroupCreate {
  /** The name; must be free. */
  name: string;
}

/** What can be changed of a group. */
export interface CloseGroupUpdate {
  /** The name; must be free. */
  name: string;
}
