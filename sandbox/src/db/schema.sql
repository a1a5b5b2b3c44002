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
