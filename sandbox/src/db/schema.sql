-- The whole organisation, in one file.
--
-- People belong to nobody: a vendor's account points at a person, never the other way round, so a
-- second vendor can describe the same people without touching the first one's tables. Tables of a
-- vendor carry its name as a prefix; tables without a prefix are shared.
--
-- Datetimes are text in one fixed-width form (UTC, microseconds, `+00:00`), so that comparing them
-- as text compares them in time. The few places where the vendor itself writes another form
-- (pipelines, built-in roles) keep that form.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE person (
    id         INTEGER PRIMARY KEY,
    email      TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (email LIKE '%_@_%'),
    first_name TEXT,
    last_name  TEXT,
    time_zone  TEXT
);

-- Close: accounts and the organisation ---------------------------------------------------------

CREATE TABLE close_user (
    id                TEXT PRIMARY KEY,
    person_id         INTEGER NOT NULL UNIQUE REFERENCES person (id),
    image             TEXT,
    email_verified_at TEXT,
    date_created      TEXT NOT NULL,
    date_updated      TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE close_organization (
    id                       TEXT PRIMARY KEY,
    name                     TEXT NOT NULL CHECK (name <> ''),
    plan_type                TEXT NOT NULL,
    currency                 TEXT NOT NULL CHECK (length(currency) = 3),
    enable_unsubscribe_link  INTEGER NOT NULL DEFAULT 1 CHECK (enable_unsubscribe_link IN (0, 1)),
    require_unsubscribe_link INTEGER NOT NULL DEFAULT 0 CHECK (require_unsubscribe_link IN (0, 1)),
    -- "Restrict new users to emails from these domains"; the domains are in close_verified_domain.
    restrict_domains         INTEGER NOT NULL DEFAULT 1 CHECK (restrict_domains IN (0, 1)),
    created_by               TEXT REFERENCES close_user (id),
    updated_by               TEXT REFERENCES close_user (id),
    date_created             TEXT NOT NULL,
    date_updated             TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE close_verified_domain (
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    domain          TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (organization_id, domain)
) WITHOUT ROWID;

CREATE TABLE close_lead_status (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    label           TEXT NOT NULL,
    position        INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE close_pipeline (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    name            TEXT NOT NULL,
    position        INTEGER NOT NULL,
    created_by      TEXT REFERENCES close_user (id),
    updated_by      TEXT REFERENCES close_user (id),
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE close_pipeline_status (
    id          TEXT PRIMARY KEY,
    pipeline_id TEXT NOT NULL REFERENCES close_pipeline (id) ON DELETE CASCADE,
    label       TEXT NOT NULL,
    type        TEXT NOT NULL CHECK (type IN ('active', 'won', 'lost')),
    position    INTEGER NOT NULL
) WITHOUT ROWID;

-- Close: roles and memberships ------------------------------------------------------------------

CREATE TABLE close_role (
    id                  TEXT PRIMARY KEY,
    organization_id     TEXT NOT NULL REFERENCES close_organization (id),
    name                TEXT NOT NULL CHECK (name <> ''),
    editable            INTEGER NOT NULL CHECK (editable IN (0, 1)),
    visibility_behavior TEXT CHECK (visibility_behavior IN ('require_assignment', 'allow_unassigned')),
    date_created        TEXT NOT NULL,
    date_updated        TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE close_role_permission (
    role_id    TEXT NOT NULL REFERENCES close_role (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
) WITHOUT ROWID;

-- The lead custom fields that decide which leads a role sees, in the order they were given.
CREATE TABLE close_role_visibility_field (
    role_id  TEXT NOT NULL REFERENCES close_role (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field_id TEXT NOT NULL,
    PRIMARY KEY (role_id, position)
) WITHOUT ROWID;

CREATE TABLE close_phone_number (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    user_id         TEXT NOT NULL REFERENCES close_user (id),
    number          TEXT NOT NULL UNIQUE CHECK (number LIKE '+%'),
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL
) WITHOUT ROWID;

-- Kept in the order of users, because that is the order in which thousands of them are read at once.
CREATE TABLE close_membership (
    id                        TEXT NOT NULL UNIQUE,
    organization_id           TEXT NOT NULL REFERENCES close_organization (id),
    user_id                   TEXT NOT NULL REFERENCES close_user (id),
    role_id                   TEXT NOT NULL REFERENCES close_role (id),
    active                    INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    auto_record_calls         TEXT NOT NULL DEFAULT 'unset'
                              CHECK (auto_record_calls IN ('enabled', 'disabled', 'unset')),
    default_caller_id         TEXT REFERENCES close_phone_number (id),
    default_caller_id_mode    TEXT NOT NULL DEFAULT 'fixed'
                              CHECK (default_caller_id_mode IN ('fixed', 'auto')),
    primary_personal_number   TEXT REFERENCES close_phone_number (id),
    hangup_recording_url      TEXT,
    is_free                   INTEGER NOT NULL DEFAULT 0 CHECK (is_free IN (0, 1)),
    may_workflows_impersonate INTEGER NOT NULL DEFAULT 1 CHECK (may_workflows_impersonate IN (0, 1)),
    onboarding_status         TEXT NOT NULL DEFAULT 'in-progress',
    track_email_opens         INTEGER NOT NULL DEFAULT 1 CHECK (track_email_opens IN (0, 1)),
    PRIMARY KEY (organization_id, user_id)
) WITHOUT ROWID;

CREATE TABLE close_email_account (
    id              TEXT PRIMARY KEY,
    type            TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    user_id         TEXT NOT NULL REFERENCES close_user (id),
    email           TEXT NOT NULL,
    name            TEXT NOT NULL
) WITHOUT ROWID;

-- Close: who is reachable -----------------------------------------------------------------------

-- A row is a device that is online; a device without a row is offline.
CREATE TABLE close_presence (
    user_id TEXT NOT NULL REFERENCES close_user (id),
    device  TEXT NOT NULL CHECK (device IN ('mobile', 'native', 'web')),
    PRIMARY KEY (user_id, device)
) WITHOUT ROWID;

CREATE TABLE close_active_call (
    id        TEXT PRIMARY KEY,
    user_id   TEXT NOT NULL,
    device    TEXT NOT NULL,
    method    TEXT NOT NULL,
    lead_id   TEXT,
    lead_name TEXT,
    FOREIGN KEY (user_id, device) REFERENCES close_presence (user_id, device)
) WITHOUT ROWID;

-- Close: groups and views -----------------------------------------------------------------------

CREATE TABLE close_group (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    name            TEXT NOT NULL CHECK (name <> ''),
    UNIQUE (organization_id, name)
) WITHOUT ROWID;

CREATE TABLE close_group_member (
    group_id TEXT NOT NULL REFERENCES close_group (id) ON DELETE CASCADE,
    user_id  TEXT NOT NULL REFERENCES close_user (id),
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;

CREATE TABLE close_saved_view (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES close_organization (id),
    name            TEXT NOT NULL
) WITHOUT ROWID;

-- Smart views that filter by a group: while such a row exists, the group cannot be deleted.
CREATE TABLE close_saved_view_group (
    saved_view_id TEXT NOT NULL REFERENCES close_saved_view (id) ON DELETE CASCADE,
    group_id      TEXT NOT NULL REFERENCES close_group (id),
    PRIMARY KEY (saved_view_id, group_id)
) WITHOUT ROWID;

CREATE TABLE close_pinned_view (
    membership_id TEXT NOT NULL REFERENCES close_membership (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    saved_view_id TEXT NOT NULL REFERENCES close_saved_view (id),
    PRIMARY KEY (membership_id, position),
    UNIQUE (membership_id, saved_view_id)
) WITHOUT ROWID;

-- Sign-in ---------------------------------------------------------------------------------------

-- What a person has agreed to, and the code that stands for it until it is exchanged.
CREATE TABLE oauth_grant (
    id           INTEGER PRIMARY KEY,
    client_id    TEXT NOT NULL,
    person_id    INTEGER NOT NULL REFERENCES person (id),
    redirect_uri TEXT NOT NULL,
    challenge    TEXT NOT NULL CHECK (length(challenge) = 43),
    code         TEXT NOT NULL UNIQUE,
    code_expires TEXT NOT NULL,
    code_used    INTEGER NOT NULL DEFAULT 0 CHECK (code_used IN (0, 1)),
    revoked      INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
);

-- Refresh tokens do not expire; a used one stays, to be known when it comes again.
CREATE TABLE oauth_token (
    token    TEXT PRIMARY KEY,
    grant_id INTEGER NOT NULL REFERENCES oauth_grant (id),
    kind     TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    expires  TEXT CHECK (expires IS NOT NULL OR kind = 'refresh'),
    used     INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
) WITHOUT ROWID;

-- Genesys Cloud: people -------------------------------------------------------------------------

-- Rows of this vendor are joined by small numbers, and its ids are for the wire. Instants are
-- microseconds since 1970, because it writes them with milliseconds or without, as it happens.

CREATE TABLE genesys_organization (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL CHECK (name <> ''),
    division_id   TEXT NOT NULL,
    division_name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE genesys_location (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    city      TEXT NOT NULL,
    country   TEXT NOT NULL CHECK (length(country) = 2),
    latitude  REAL NOT NULL,
    longitude REAL NOT NULL
);

-- What people can do, and which languages they can do it in.
CREATE TABLE genesys_skill (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    kind   TEXT NOT NULL CHECK (kind IN ('routing', 'language')),
    name   TEXT NOT NULL
);

CREATE TABLE genesys_user (
    person_id      INTEGER PRIMARY KEY REFERENCES person (id),
    id             TEXT NOT NULL,
    name           TEXT NOT NULL CHECK (name <> ''),
    state          TEXT NOT NULL CHECK (state IN ('active', 'inactive', 'deleted')),
    role           TEXT NOT NULL CHECK (role IN ('admin', 'supervisor', 'employee')),
    title          TEXT,
    department     TEXT,
    manager        INTEGER REFERENCES genesys_user (person_id),
    phone          TEXT CHECK (phone LIKE '+%'),
    image          TEXT,
    location       INTEGER REFERENCES genesys_location (number),
    language       TEXT NOT NULL,
    presence       TEXT NOT NULL,
    routing_status TEXT NOT NULL,
    status_since   INTEGER NOT NULL,
    out_of_office  INTEGER NOT NULL CHECK (out_of_office IN (0, 1)),
    version        INTEGER NOT NULL
);

CREATE TABLE genesys_user_skill (
    person_id   INTEGER NOT NULL REFERENCES genesys_user (person_id),
    skill       INTEGER NOT NULL REFERENCES genesys_skill (number),
    proficiency INTEGER NOT NULL CHECK (proficiency BETWEEN 0 AND 5),
    PRIMARY KEY (person_id, skill)
) WITHOUT ROWID;

-- Genesys Cloud: groups -------------------------------------------------------------------------

-- Images and addresses are JSON: lists that are only ever read and written as a whole.
CREATE TABLE genesys_group (
    number         INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL CHECK (name <> ''),
    description    TEXT,
    type           TEXT NOT NULL CHECK (type IN ('official', 'social')),
    state          TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'inactive', 'deleted')),
    visibility     TEXT NOT NULL CHECK (visibility IN ('public', 'owners', 'members')),
    rules_visible  INTEGER NOT NULL CHECK (rules_visible IN (0, 1)),
    roles_enabled  INTEGER NOT NULL DEFAULT 1 CHECK (roles_enabled IN (0, 1)),
    include_owners INTEGER NOT NULL DEFAULT 1 CHECK (include_owners IN (0, 1)),
    calls_enabled  INTEGER NOT NULL DEFAULT 1 CHECK (calls_enabled IN (0, 1)),
    email          TEXT,
    images         TEXT NOT NULL DEFAULT '[]',
    addresses      TEXT NOT NULL DEFAULT '[]',
    -- How many people the three tables below come to; see `members::recount`.
    member_count   INTEGER NOT NULL DEFAULT 0,
    version        INTEGER NOT NULL DEFAULT 1,
    date_modified  INTEGER NOT NULL,
    -- A new group may stay unseen for a while.
    seen_from      INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE genesys_group_owner (
    group_number INTEGER NOT NULL REFERENCES genesys_group (number) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    person_id    INTEGER NOT NULL REFERENCES genesys_user (person_id),
    PRIMARY KEY (group_number, position),
    UNIQUE (group_number, person_id)
) WITHOUT ROWID;

-- Who was added by name.
CREATE TABLE genesys_group_member (
    group_number INTEGER NOT NULL REFERENCES genesys_group (number) ON DELETE CASCADE,
    person_id    INTEGER NOT NULL REFERENCES genesys_user (person_id),
    PRIMARY KEY (group_number, person_id)
) WITHOUT ROWID;

-- A rule about skills, and whom it brings into the group.
CREATE TABLE genesys_dynamic_settings (
    group_number  INTEGER PRIMARY KEY REFERENCES genesys_group (number) ON DELETE CASCADE,
    query         TEXT NOT NULL,
    date_modified INTEGER NOT NULL
);

CREATE TABLE genesys_dynamic_member (
    group_number INTEGER NOT NULL REFERENCES genesys_group (number) ON DELETE CASCADE,
    person_id    INTEGER NOT NULL REFERENCES genesys_user (person_id),
    PRIMARY KEY (group_number, person_id)
) WITHOUT ROWID;

-- What was promised and is not yet true.
CREATE TABLE genesys_change (
    number       INTEGER PRIMARY KEY,
    due          INTEGER NOT NULL,
    group_number INTEGER NOT NULL REFERENCES genesys_group (number) ON DELETE CASCADE,
    kind         TEXT NOT NULL CHECK (kind IN ('add', 'remove', 'rule', 'delete', 'vanish')),
    -- Numbers of people as a JSON list, of those who are added or removed.
    people       TEXT NOT NULL DEFAULT '[]'
);
