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
  lead_statuses?: readonly CloseLeadStatusRef[];
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
  permissions: readonly string[];
  /** The custom fields of leads that say which leads are visible; none with `view_all_leads`. */
  visibility_user_lcf_ids?: readonly string[] | null;
  /** Whether leads that nobody is assigned to are visible; null with `view_all_leads`. */
  visibility_user_lcf_behavior?: CloseVisibility | null;
}

/** What can be changed of a custom role. What is left out stays; null clears. */
export interface CloseRolePatch {
  /** The name. */
  name?: string;
  /** What it allows; replaces the whole set. */
  permissions?: readonly string[];
  /** The custom fields of leads that say which leads are visible; none with `view_all_leads`. */
  visibility_user_lcf_ids?: readonly string[] | null;
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

/** An order by name. */
export type GenesysSortOrder =
  | "ascending"
  | "descending"
  | (string & {});

/** What to ask the list of groups for. */
export interface GenesysGroupsQuery {
  /** Items a request; 25 unless given. */
  pageSize?: number;
  /** The page to begin with, from 1. */
  pageNumber?: number;
  /** Only these groups. */
  id?: readonly string[];
  /** Only the groups with these chat addresses; not together with `id`. */
  jabberId?: readonly string[];
  /** The order by name. */
  sortOrder?: GenesysSortOrder;
}

/** Whether something is in use. */
export type GenesysState =
  | "active"
  | "inactive"
  | "deleted"
  | (string & {});

/** Whose a group is. */
export type GenesysGroupType =
  | "official"
  | "social"
  | (string & {});

/** A picture. */
export interface GenesysImage {
  /** Its size, such as `640x480` or `x128`. */
  resolution?: string | null;
  /** Its URL. */
  imageUri?: string | null;
}

/** How a group's telephone rings. */
export type GenesysGroupContactType =
  | "GROUPRING"
  | "GROUPPHONE"
  | (string & {});

/** What a group's contact is. */
export type GenesysGroupContactMedia =
  | "PHONE"
  | (string & {});

/** A telephone of a group. */
export interface GenesysGroupContact {
  /** The number, E.164. At times there is `display` alone. */
  address?: string | null;
  /** A number within the organization, in place of `address`. */
  extension?: string | null;
  /** The number as it is shown. */
  display?: string | null;
  /** How it rings. */
  type?: GenesysGroupContactType | null;
  /** What it is. */
  mediaType?: GenesysGroupContactMedia | null;
}

/** Who finds a group. */
export type GenesysVisibility =
  | "public"
  | "owners"
  | "ownerIds"
  | "members"
  | (string & {});

/** Something by its id. */
export interface GenesysReference {
  /** The id. */
  id: string;
  /** The name. */
  name?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** Where a person chats. */
export interface GenesysChat {
  /** The address, like an email address. */
  jabberId?: string | null;
}

/** What a way to reach a person is. */
export type GenesysContactMedia =
  | "PHONE"
  | "EMAIL"
  | "SMS"
  | (string & {});

/** What a way to reach a person is for. */
export type GenesysContactType =
  | "PRIMARY"
  | "WORK"
  | "WORK2"
  | "WORK3"
  | "WORK4"
  | "HOME"
  | "MOBILE"
  | "MAIN"
  | "OTHER"
  | (string & {});

/** A way to reach a person. */
export interface GenesysContact {
  /** The number or address. */
  address?: string | null;
  /** The same, as it is shown; read only. */
  display?: string | null;
  /** What it is. */
  mediaType?: GenesysContactMedia | null;
  /** What it is for. */
  type?: GenesysContactType | null;
  /** A number within the organization, in place of `address`. */
  extension?: string | null;
  /** The country of the number. */
  countryCode?: string | null;
  /** The system it comes from. */
  integration?: string | null;
}

/** Whether a person takes calls. */
export interface GenesysRoutingStatus {
  /** The person's id. */
  userId?: string | null;
  /** The status, such as `IDLE`. */
  status?: string | null;
  /** Since when, ISO 8601. */
  startTime?: string | null;
}

/** A presence that people can choose. */
export interface GenesysPresenceDefinition {
  /** The id. */
  id?: string | null;
  /** One of Genesys' own, such as `Available`. */
  systemPresence?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** Whether a person is there. */
export interface GenesysPresence {
  /** The id. */
  id?: string | null;
  /** What set it, such as `PURECLOUD`. */
  source?: string | null;
  /** The presence itself. */
  presenceDefinition?: GenesysPresenceDefinition | null;
  /** What the person says. */
  message?: string | null;
  /** Since when, ISO 8601. */
  modifiedDate?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** Whether a person is away. */
export interface GenesysOutOfOffice {
  /** Whether it is on. */
  active?: boolean | null;
  /** Whether it has no end. */
  indefinite?: boolean | null;
  /** Since when, ISO 8601. */
  startDate?: string | null;
  /** Until when, ISO 8601. */
  endDate?: string | null;
}

/** A skill that calls are routed by. */
export interface GenesysRoutingSkill {
  /** The id. */
  id: string;
  /** The name. */
  name?: string | null;
  /** How good, from 0 to 5. */
  proficiency?: number | null;
  /** Whether it is in use. */
  state?: string | null;
  /** The path of the skill. */
  skillUri?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** A language that calls are routed by. */
export interface GenesysRoutingLanguage {
  /** The id. */
  id: string;
  /** The name. */
  name?: string | null;
  /** How good, from 0 to 5. */
  proficiency?: number | null;
  /** Whether it is in use. */
  state?: string | null;
  /** The path of the language. */
  languageUri?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/**
 * A person. References, such as owners and managers, often hold `id` and `selfUri` alone, and the fields under
 * `expand` are there when they were asked for.
 */
export interface GenesysUser {
  /** The id, a UUID. */
  id: string;
  /** The name. */
  name?: string | null;
  /** The division. */
  division?: GenesysReference | null;
  /** Where the person chats. */
  chat?: GenesysChat | null;
  /** The department. */
  department?: string | null;
  /** The email address. */
  email?: string | null;
  /** The first ways to reach the person; read only, from `addresses`. */
  primaryContactInfo?: GenesysContact[] | null;
  /** The ways to reach the person. */
  addresses?: GenesysContact[] | null;
  /** Whether the person is active. */
  state?: GenesysState | null;
  /** The job title. */
  title?: string | null;
  /** The name the person signs in with. */
  username?: string | null;
  /** The name the person goes by. */
  preferredName?: string | null;
  /** The manager. */
  manager?: GenesysUser | null;
  /** Pictures in several sizes. */
  images?: GenesysImage[] | null;
  /** Grows with every change. */
  version?: number | null;
  /** Skills of the profile, in words. */
  profileSkills?: string[] | null;
  /** Certificates. */
  certifications?: string[] | null;
  /** Whether calls are answered without a click. */
  acdAutoAnswer?: boolean | null;
  /** The language of the user interface; by `expand`. */
  languagePreference?: string | null;
  /** Whether the person takes calls; by `expand`. */
  routingStatus?: GenesysRoutingStatus | null;
  /** Whether the person is there; by `expand`. */
  presence?: GenesysPresence | null;
  /** Presence in other systems; by `expand`. */
  integrationPresence?: GenesysPresence | null;
  /** Conversations under way, counted; by `expand`. */
  conversationSummary?: unknown | null;
  /** Whether the person is away; by `expand`. */
  outOfOffice?: GenesysOutOfOffice | null;
  /** Where the person is; by `expand`. */
  geolocation?: unknown | null;
  /** The telephones; by `expand`. */
  station?: unknown | null;
  /** Roles and permissions; by `expand`. */
  authorization?: unknown | null;
  /** Places; by `expand`. */
  locations?: unknown[] | null;
  /** The groups; by `expand`. */
  groups?: GenesysReference[] | null;
  /** Skills for routing; by `expand`. */
  skills?: GenesysRoutingSkill[] | null;
  /** Languages for routing; by `expand`. */
  languages?: GenesysRoutingLanguage[] | null;
  /** The team; by `expand`. */
  team?: GenesysReference | null;
  /** Ranks in the bidding for work plans; by `expand`. */
  workPlanBidRanks?: unknown | null;
  /** What the person says of themselves; by `expand`. */
  biography?: unknown | null;
  /** The employer's data; by `expand`. */
  employerInfo?: unknown | null;
  /** When a token was last issued, ISO 8601; by `expand`. */
  lastTokenIssued?: unknown | null;
  /** When the person last signed in, ISO 8601; by `expand`. */
  dateLastLogin?: string | null;
  /** When the person was welcomed, ISO 8601; by `expand`. */
  dateWelcomeSent?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** A group of people. */
export interface GenesysGroup {
  /** The id, a UUID. */
  id: string;
  /** The name. */
  name: string;
  /** What it is for. */
  description?: string | null;
  /** When it was last changed, ISO 8601. */
  dateModified?: string | null;
  /** How many belong to it. */
  memberCount?: number | null;
  /** Whether it is active. */
  state?: GenesysState | null;
  /** Grows with every change; an update must name it. */
  version?: number | null;
  /** Whose it is. */
  type: GenesysGroupType;
  /** Pictures in several sizes. */
  images?: GenesysImage[] | null;
  /** Its telephones. */
  addresses?: GenesysGroupContact[] | null;
  /** Whether everybody sees the rules by which people belong to it. */
  rulesVisible: boolean;
  /** Who finds it. */
  visibility: GenesysVisibility;
  /** Its owners, often with `id` and `selfUri` alone. */
  owners?: GenesysUser[] | null;
  /** Whether its roles count for its members. */
  rolesEnabled?: boolean | null;
  /** Whether its owners are members. */
  includeOwners?: boolean | null;
  /** Whether it can be called. */
  callsEnabled?: boolean | null;
  /** Its email address. */
  email?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** A telephone to be given to a group. */
export interface GenesysGroupContactInput {
  /** How it rings. */
  type: GenesysGroupContactType;
  /** What it is. */
  mediaType: GenesysGroupContactMedia;
  /** The number, E.164. */
  address?: string;
  /** A number within the organization, in place of `address`. */
  extension?: string;
}

/** A group to be made. */
export interface GenesysGroupCreate {
  /** The name. */
  name: string;
  /** Whose it is, for good. */
  type: GenesysGroupType;
  /** Whether everybody sees the rules by which people belong to it. */
  rulesVisible: boolean;
  /** Who finds it. */
  visibility: GenesysVisibility;
  /** What it is for. Genesys ignores it here, so Orgdeck sends it again in an update. */
  description?: string;
  /** Pictures in several sizes. */
  images?: readonly GenesysImage[];
  /** Its telephones. */
  addresses?: readonly GenesysGroupContactInput[];
  /** The ids of its owners. */
  ownerIds?: readonly string[];
  /** Whether its roles count for its members. */
  rolesEnabled?: boolean;
  /** Whether its owners are members. */
  includeOwners?: boolean;
  /** Whether it can be called. */
  callsEnabled?: boolean;
  /** Its email address. */
  email?: string;
}

/** What can be changed of a group. What is left out stays. */
export interface GenesysGroupPatch {
  /** The version that is changed: another one is a `ConflictError`. An update of the latest version has none. */
  version?: number;
  /** The name. */
  name?: string;
  /** What it is for. */
  description?: string;
  /** Whether it is active. */
  state?: GenesysState;
  /** Pictures in several sizes. */
  images?: readonly GenesysImage[];
  /** Its telephones; an empty list removes them. */
  addresses?: readonly GenesysGroupContactInput[];
  /** Whether everybody sees the rules by which people belong to it. */
  rulesVisible?: boolean;
  /** Who finds it. */
  visibility?: GenesysVisibility;
  /** The ids of its owners; an empty list removes them. */
  ownerIds?: readonly string[];
  /** Whether its roles count for its members. */
  rolesEnabled?: boolean;
  /** Whether its owners are members. */
  includeOwners?: boolean;
  /** Whether it can be called. */
  callsEnabled?: boolean;
  /** Its email address. */
  email?: string;
}

/** A field of people that is left empty unless it is asked for. */
export type GenesysUserExpand =
  | "routingStatus"
  | "presence"
  | "integrationPresence"
  | "conversationSummary"
  | "outOfOffice"
  | "geolocation"
  | "station"
  | "authorization"
  | "authorization.unusedRoles"
  | "lasttokenissued"
  | "profileSkills"
  | "certifications"
  | "locations"
  | "groups"
  | "skills"
  | "languages"
  | "languagePreference"
  | "team"
  | "workPlanBidRanks"
  | "externalContactsSettings"
  | "customAttributes"
  | "employerInfo"
  | "biography"
  | "dateLastLogin"
  | "dateWelcomeSent"
  | (string & {});

/** What to ask for the members of a group. */
export interface GenesysMembersQuery {
  /** Items a request; 25 unless given. */
  pageSize?: number;
  /** The page to begin with, from 1. */
  pageNumber?: number;
  /** The order by name. */
  sortOrder?: GenesysSortOrder;
  /** Fields that are left empty unless they are asked for. */
  expand?: readonly GenesysUserExpand[];
}

/** People to be added to a group. */
export interface GenesysGroupMembersUpdate {
  /** Their ids, any number. */
  memberIds: readonly string[];
  /** The version of the group that is changed: another one is a `ConflictError`. */
  version?: number;
}

/** What one request of a change of members did. */
export interface GenesysMembersChunk {
  /** The ids. */
  memberIds: string[];
  /** The HTTP status, 202 as a rule. */
  status: number;
}

/** What became of a change of members. */
export interface GenesysMembersReport {
  /** The ids that Genesys has accepted. It carries the change out a little later. */
  done: string[];
  /** How many ids were left out because they were named before. */
  duplicates: number;
  /** What each request did, in order. */
  chunks: GenesysMembersChunk[];
}

/** A test that a criterion makes; `docs/criteria.md` says what each means. */
export type GenesysCriterionType =
  | "EXACT"
  | "STARTS_WITH"
  | "CONTAINS"
  | "REGEX"
  | "TERM"
  | "TERMS"
  | "REQUIRED_FIELDS"
  | "MATCH_ALL"
  | (string & {});

/** How a criterion goes together with the others of its list. */
export type GenesysCriterionOperator =
  | "AND"
  | "OR"
  | "NOT"
  | (string & {});

/** A criterion, as Genesys writes it. */
export interface GenesysGroupSearchCriteria {
  /** The test. */
  type: GenesysCriterionType;
  /** The fields to look at. */
  fields?: readonly string[];
  /** What to look for. */
  value?: string;
  /** Several things to look for, any of them. */
  values?: readonly string[];
  /** Where a range begins. */
  startValue?: string;
  /** Where a range ends. */
  endValue?: string;
  /** How `startValue` and `endValue` are written, a Java date pattern. */
  dateFormat?: string;
  /** How it goes together with the others of its list; `AND` unless given. */
  operator?: GenesysCriterionOperator;
  /** Criteria within it. */
  group?: readonly GenesysGroupSearchCriteria[];
}

/** The direction of a sort. */
export type GenesysSearchOrder =
  | "ASC"
  | "DESC"
  | "SCORE"
  | (string & {});

/** A field to sort by. */
export interface GenesysSearchSort {
  /** The direction. */
  sortOrder?: GenesysSearchOrder;
  /** The field. */
  sortBy?: string;
}

/** What to search for. */
export interface GenesysGroupSearchRequest {
  /** The criteria; none finds everything. */
  query?: readonly GenesysGroupSearchCriteria[];
  /** The direction of `sortBy`. */
  sortOrder?: GenesysSearchOrder;
  /** The field to sort by. */
  sortBy?: string;
  /** Several fields to sort by in turn. */
  sort?: readonly GenesysSearchSort[];
  /** Items a request. */
  pageSize?: number;
  /** The page to begin with, from 1. */
  pageNumber?: number;
}

/** A page of what was found. */
export interface GenesysGroupsSearchResponse {
  /** The groups. */
  results: readonly GenesysGroup[];
  /** How many there are on all pages. */
  total?: number | null;
  /** How many pages there are. */
  pageCount?: number | null;
  /** Items a page. */
  pageSize?: number | null;
  /** The number of this page, from 1. */
  pageNumber?: number | null;
  /** The path of the page before. */
  previousPage?: string | null;
  /** The path of this page. */
  currentPage?: string | null;
  /** The path of the next page. */
  nextPage?: string | null;
  /** What was searched. */
  types?: readonly string[] | null;
}

/** What a search that was made before can be asked for. */
export interface GenesysQ64Query {
  /** The search, as a link of an earlier answer has it. */
  q64: string;
  /** Fields of the groups that are left empty unless they are asked for, such as `owners`. */
  expand?: readonly string[];
}

/** What to ask the list of profiles for. */
export interface GenesysProfilesQuery {
  /** Items a request; 25 unless given. */
  pageSize?: number;
  /** The page to begin with, from 1. */
  pageNumber?: number;
  /** Only these groups. */
  id?: readonly string[];
  /** Only the groups with these chat addresses; not together with `id`. */
  jabberId?: readonly string[];
  /** The order by name. */
  sortOrder?: GenesysSortOrder;
}

/** What to ask a profile for. */
export interface GenesysProfileQuery {
  /** Keys of the fields of `fieldConfig("group")`. */
  fields?: readonly string[];
}

/** The profile of a group. With `fields`, what they name is there too. */
export interface GenesysGroupProfile {
  /** The group's id. */
  id: string;
  /** The name. */
  name?: string | null;
  /** Whether the group is active. */
  state?: GenesysState | null;
  /** When it was last changed, ISO 8601. */
  dateModified?: string | null;
  /** Grows with every change. */
  version?: number | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** A kind of entity that has a profile. */
export type GenesysFieldConfigType =
  | "person"
  | "group"
  | "org"
  | "externalContact"
  | (string & {});

/** A field. */
export interface GenesysFieldList {
  /** Whether labels can be made up. */
  customLabels?: boolean | null;
  /** What to tell whoever fills it in. */
  instructionText?: string | null;
  /** Its name in records. */
  key?: string | null;
  /** The keys of the labels to choose from. */
  labelKeys?: string[] | null;
  /** What its type needs to know. */
  params?: unknown | null;
  /** Whether there may be several. */
  repeatable?: boolean | null;
  /** Whether it is in use. */
  state?: string | null;
  /** The type. */
  type?: string | null;
  /** Whether it must be filled in. */
  required?: boolean | null;
  /** Whether it holds personal data. */
  gdpr?: boolean | null;
}

/** A section of fields. */
export interface GenesysSection {
  /** The fields. */
  fieldList?: GenesysFieldList[] | null;
  /** What to tell whoever fills it in. */
  instructionText?: string | null;
  /** Its name in keys. */
  key?: string | null;
  /** Whether it is in use. */
  state?: string | null;
}

/** Which fields the profiles of a kind of entity have. */
export interface GenesysFieldConfig {
  /** The id. */
  id?: string | null;
  /** The name. */
  name?: string | null;
  /** What it is for. */
  entityType?: GenesysFieldConfigType | null;
  /** Whether it is in use. */
  state?: string | null;
  /** The fields, in sections. */
  sections?: GenesysSection[] | null;
  /** Changes with every change; a text here. */
  version?: string | null;
  /** The version of its form; a text here. */
  schemaVersion?: string | null;
  /** The path of the record. */
  selfUri?: string | null;
}

/** Whose fields. */
export interface GenesysFieldConfigQuery {
  /** The kind of entity. */
  type: GenesysFieldConfigType;
}

/** How to compare. */
export type GenesysComparator =
  | "EqualTo"
  | "NotEqualTo"
  | "LessThan"
  | "LessThanOrEqualTo"
  | "GreaterThan"
  | "GreaterThanOrEqualTo"
  | (string & {});

/** A condition on one skill. */
export interface GenesysRoutingSkillCondition {
  /** The skill's id. */
  routingSkill: string;
  /** How to compare. */
  comparator: GenesysComparator;
  /** With what, from 0 to 5. */
  proficiency: number;
  /** Further conditions. */
  childConditions?: GenesysDynamicGroupSkillCondition[];
}

/** A condition on one language. */
export interface GenesysLanguageSkillCondition {
  /** The language's id. */
  languageSkill: string;
  /** How to compare. */
  comparator: GenesysComparator;
  /** With what, from 0 to 5. */
  proficiency: number;
  /** Further conditions. */
  childConditions?: GenesysDynamicGroupSkillCondition[];
}

/** How conditions go together. */
export type GenesysConditionOperation =
  | "And"
  | "Or"
  | "Not"
  | (string & {});

/** A condition on skills. */
export interface GenesysDynamicGroupSkillCondition {
  /** On skills for routing. */
  routingSkillConditions: GenesysRoutingSkillCondition[];
  /** On languages. */
  languageSkillConditions: GenesysLanguageSkillCondition[];
  /** How they go together. */
  operation: GenesysConditionOperation;
}

/** Who belongs to a group by their skills. */
export interface GenesysDynamicGroupQuery {
  /** The conditions. */
  skillConditions: GenesysDynamicGroupSkillCondition[];
}

/** What a group has been told about who belongs to it. */
export interface GenesysDynamicGroupDefinition {
  /** The group. */
  group: GenesysReference;
  /** When it was last changed, ISO 8601. */
  dateModified?: string | null;
  /** Who belongs to it. */
  query: GenesysDynamicGroupQuery;
  /** The path of the record. */
  selfUri?: string | null;
}

/** How many people a query would bring. */
export interface GenesysDynamicGroupQueryPreview {
  /** How many. */
  userCount: number;
}
