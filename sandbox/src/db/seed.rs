//! The organisation a fresh database starts with.
//!
//! Everything follows from the [`Plan`]: the same plan gives the same bytes in every table, on every
//! machine. Each topic draws from a stream of random numbers of its own, so a plan with more groups
//! still has the same people, and one with more people begins with the same ones.

use std::collections::{BTreeSet, HashMap};

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rusqlite::{Connection, params};

use super::ids::{self, Kind};
use super::names::{CULTURES, Culture, GROUPS, NOWHERE, Spelled};
use super::{Plan, seed_genesys, setting};
use crate::clock;

/// Domains the organisation has verified: the only ones it accepts new members from.
pub const VERIFIED_DOMAINS: [&str; 2] = ["example.com", "example.org"];

const STREAM_ORGANIZATION: u64 = 1;
const STREAM_PEOPLE: u64 = 2;
const STREAM_GROUPS: u64 = 3;

/// Every permission known to exist, in the vendor's (alphabetical) order.
pub const PERMISSIONS: [&str; 24] = [
    "bulk_delete",
    "bulk_edit",
    "bulk_email",
    "bulk_import",
    "bulk_sequence_subscriptions",
    "call_coach_barge",
    "call_coach_listen",
    "calling",
    "delete_leads",
    "delete_own_activities",
    "delete_own_opportunities",
    "delete_own_tasks",
    "export",
    "manage_customizations",
    "manage_email_sequences",
    "manage_group_numbers",
    "manage_organization",
    "manage_others_activities",
    "manage_others_opportunities",
    "manage_others_tasks",
    "manage_team_email_templates",
    "manage_team_smart_views",
    "merge_leads",
    "view_all_leads",
];

/// What the built-in role `user` may do; also the base of most custom roles.
const USER_PERMISSIONS: [&str; 13] = [
    "bulk_email",
    "bulk_import",
    "bulk_sequence_subscriptions",
    "calling",
    "delete_leads",
    "delete_own_activities",
    "delete_own_opportunities",
    "delete_own_tasks",
    "manage_others_activities",
    "manage_others_opportunities",
    "manage_others_tasks",
    "merge_leads",
    "view_all_leads",
];

const RESTRICTED_PERMISSIONS: [&str; 5] =
    ["calling", "delete_own_activities", "delete_own_opportunities", "delete_own_tasks", "view_all_leads"];

/// Built-in roles are older than time itself: the vendor dates them to the year 1, without offset.
const BEGINNING_OF_TIME: &str = "0001-01-01T00:00:00";

/// Fills empty tables.
///
/// # Errors
/// When SQLite refuses a row; the caller's transaction must then be dropped.
pub fn fill(db: &Connection, plan: Plan) -> rusqlite::Result<()> {
    for (key, value) in [
        (setting::SEED, plan.seed),
        (setting::PEOPLE, plan.people.into()),
        (setting::GROUPS, plan.groups.into()),
        (setting::GENESYS_GROUPS, plan.genesys_groups.into()),
        (setting::MINTED, 0),
    ] {
        setting::put(db, key, &value.to_string())?;
    }
    let mut rng = ids::stream(plan.seed, STREAM_ORGANIZATION);
    let organization = organization(db, &mut rng)?;
    let roles = roles(db, &mut rng, &organization)?;
    let people = people(db, plan, &organization, &roles)?;
    sign_organization(db, &mut rng, &organization, &people)?;
    let groups = groups(db, plan, &organization, &people)?;
    saved_views(db, &mut rng, &organization, &people, groups.first())?;
    seed_genesys::fill(db, plan)
}

fn organization(db: &Connection, rng: &mut ChaCha8Rng) -> rusqlite::Result<String> {
    let id = ids::draw(rng, Kind::ORGANIZATION);
    db.execute(
        "INSERT INTO close_organization (id, name, plan_type, currency, date_created, date_updated)
         VALUES (?1, 'Lindqvist & Søn Trading', 'enterprise', 'USD', ?2, ?3)",
        params![id, clock::format(clock::midnight(2018, 5, 14)), clock::format(clock::midnight(2026, 2, 2))],
    )?;
    for domain in VERIFIED_DOMAINS {
        db.execute("INSERT INTO close_verified_domain VALUES (?1, ?2)", params![id, domain])?;
    }
    let statuses = ["Potential", "Bad Fit", "Qualified", "Customer", "Canceled"];
    for (position, label) in statuses.iter().enumerate() {
        db.execute(
            "INSERT INTO close_lead_status (id, organization_id, label, position) VALUES (?1, ?2, ?3, ?4)",
            params![ids::draw(rng, Kind::STATUS), id, label, position],
        )?;
    }
    Ok(id)
}

/// The ids of roles, from the most common to the rarest.
struct Roles {
    custom: Vec<String>,
}

fn roles(db: &Connection, rng: &mut ChaCha8Rng, organization: &str) -> rusqlite::Result<Roles> {
    let all_but = |missing: &[&str]| -> Vec<&'static str> {
        PERMISSIONS.into_iter().filter(|permission| !missing.contains(permission)).collect()
    };
    let user_and = |more: &[&'static str]| -> Vec<&'static str> {
        USER_PERMISSIONS.into_iter().chain(more.iter().copied()).collect()
    };
    let user_without_leads: Vec<&str> =
        USER_PERMISSIONS.into_iter().filter(|permission| *permission != "view_all_leads").collect();

    let mut insert_role = db.prepare(
        "INSERT INTO close_role (id, organization_id, name, editable, visibility_behavior, date_created, date_updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let mut insert_permission = db.prepare("INSERT INTO close_role_permission VALUES (?1, ?2)")?;

    let built_in = [
        ("admin", "Admin", all_but(&[])),
        ("superuser", "Super User", all_but(&["manage_organization"])),
        ("user", "User", USER_PERMISSIONS.to_vec()),
        ("restricteduser", "Restricted User", RESTRICTED_PERMISSIONS.to_vec()),
    ];
    for (id, name, permissions) in built_in {
        let never = None::<&str>;
        insert_role.execute(params![
            id,
            organization,
            name,
            false,
            never,
            BEGINNING_OF_TIME,
            BEGINNING_OF_TIME
        ])?;
        for permission in permissions {
            insert_permission.execute(params![id, permission])?;
        }
    }

    let custom = [
        (
            "Sales Manager",
            user_and(&["bulk_edit", "export", "manage_team_smart_views", "call_coach_listen"]),
            None,
            0,
        ),
        ("Regional Rep", user_without_leads.clone(), Some("require_assignment"), 2),
        ("Auditor", vec!["export", "view_all_leads"], None, 0),
        ("Office Manager", user_and(&["manage_organization", "manage_customizations"]), None, 0),
        // Nobody has this one, so it can be deleted.
        (
            "Partner",
            vec!["calling", "delete_own_activities", "delete_own_tasks"],
            Some("allow_unassigned"),
            1,
        ),
    ];
    let mut ids = Vec::new();
    for (name, permissions, behavior, fields) in custom {
        let id = ids::draw(rng, Kind::ROLE);
        let created = moment(rng, 2020, 2024);
        let updated = later(rng, created);
        insert_role.execute(params![
            id,
            organization,
            name,
            true,
            behavior,
            clock::format(created),
            clock::format(updated)
        ])?;
        for permission in permissions {
            insert_permission.execute(params![id, permission])?;
        }
        for position in 0..fields {
            db.execute(
                "INSERT INTO close_role_visibility_field VALUES (?1, ?2, ?3)",
                params![id, position, ids::draw(rng, Kind::CUSTOM_FIELD)],
            )?;
        }
        ids.push(id);
    }
    Ok(Roles { custom: ids })
}

/// One seeded person, as far as later steps need to know.
struct Seeded {
    user_id: String,
    membership_id: String,
    active: bool,
}

fn people(db: &Connection, plan: Plan, organization: &str, roles: &Roles) -> rusqlite::Result<Vec<Seeded>> {
    let mut insert_person = db.prepare(
        "INSERT INTO person (id, email, first_name, last_name, time_zone) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut insert_user = db.prepare(
        "INSERT INTO close_user (id, person_id, image, email_verified_at, date_created, date_updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut insert_membership = db.prepare(
        "INSERT INTO close_membership (id, organization_id, user_id, role_id, active, auto_record_calls,
             default_caller_id, default_caller_id_mode, primary_personal_number, is_free, onboarding_status,
             track_email_opens)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, ?9, ?10, ?11)",
    )?;
    let mut insert_phone = db.prepare(
        "INSERT INTO close_phone_number (id, organization_id, user_id, number, date_created, date_updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )?;
    let mut insert_presence = db.prepare("INSERT INTO close_presence VALUES (?1, ?2)")?;
    let mut insert_call = db.prepare(
        "INSERT INTO close_active_call (id, user_id, device, method, lead_id, lead_name)
         VALUES (?1, ?2, ?3, 'regular', ?4, ?5)",
    )?;
    let mut insert_mailbox = db.prepare(
        "INSERT INTO close_email_account (id, type, organization_id, user_id, email, name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;

    let mut rng = ids::stream(plan.seed, STREAM_PEOPLE);
    let rng = &mut rng;
    let mut mailboxes = Mailboxes::default();
    let mut seeded = Vec::new();
    for number in 0..plan.people {
        let caller = CALLERS.get(number as usize);
        let culture = culture(rng);
        let drawn = (pick(rng, culture.given), pick(rng, culture.family));
        let drawn_zone = pick(rng, culture.zones);
        let zone = caller.map_or(drawn_zone, |caller| caller.zone);
        let (given, family) = caller.map_or(drawn, |caller| (caller.given, caller.family));
        let email =
            mailboxes.take(given.1, family.1, if rng.random_bool(0.85) || caller.is_some() { 0 } else { 1 });
        // People who were invited and never finished signing up have no name, in one of two ways.
        let unnamed = if caller.is_none() { rng.random_range(0..100) } else { 99 };
        let (first, last) = match unnamed {
            0..2 => (None, None),
            2..3 => (Some(""), Some("")),
            _ => (Some(given.0), Some(family.0)),
        };
        let signed_up = unnamed >= 3;
        let person = i64::from(number) + 1;
        insert_person.execute(params![person, email, first, last, signed_up.then_some(zone)])?;

        let user_id = ids::draw(rng, Kind::USER);
        let created = moment(rng, 2019, 2026);
        let updated = later(rng, created);
        let has_image = signed_up && rng.random_bool(0.8);
        let image = format!("https://www.gravatar.com/avatar/{:032x}", rng.random::<u128>());
        insert_user.execute(params![
            user_id,
            person,
            has_image.then_some(image),
            signed_up.then(|| clock::format(created)),
            clock::format(created),
            clock::format(updated)
        ])?;

        let has_phone = signed_up && rng.random_bool(0.6);
        let phone_id = ids::draw(rng, Kind::PHONE);
        if has_phone || caller.is_some() {
            // The area code 555 belongs to nobody.
            let digits = format!("+1555{:07}", 2_000_000 + number);
            insert_phone.execute(params![phone_id, organization, user_id, digits, clock::format(updated)])?;
        }
        let phone = (has_phone || caller.is_some()).then_some(phone_id);

        let active = caller.is_some() || !rng.random_bool(0.08);
        let drawn_role = role(rng, roles);
        let role = caller.map_or(drawn_role, |caller| caller.role);
        let membership_id = ids::draw(rng, Kind::MEMBERSHIP);
        let recording = pick(rng, &["unset", "unset", "unset", "enabled", "disabled"]);
        let mode = if rng.random_bool(0.2) { "auto" } else { "fixed" };
        insert_membership.execute(params![
            membership_id,
            organization,
            user_id,
            role,
            active,
            recording,
            phone,
            mode,
            rng.random_bool(0.05),
            if signed_up { "completed" } else { "in-progress" },
            rng.random_bool(0.9)
        ])?;

        if active && signed_up {
            for device in ["mobile", "native", "web"] {
                if rng.random_bool(0.2) {
                    insert_presence.execute(params![user_id, device])?;
                    if device == "web" && rng.random_bool(0.1) {
                        insert_call.execute(params![
                            ids::draw(rng, Kind::ACTIVITY),
                            user_id,
                            device,
                            ids::draw(rng, Kind::LEAD),
                            format!("{} GmbH", pick(rng, culture.family).0)
                        ])?;
                    }
                }
            }
        }

        if let Some(caller) = caller {
            setting::put(db, caller.setting, &user_id)?;
            let name = format!("{} {}", given.0, family.0);
            for kind in ["google", "custom_email"] {
                let id = ids::draw(rng, Kind::EMAIL_ACCOUNT);
                insert_mailbox.execute(params![id, kind, organization, user_id, email, name])?;
            }
        }
        seeded.push(Seeded { user_id, membership_id, active });
    }
    Ok(seeded)
}

/// The people behind the credentials, always the first ones.
struct CallerSeed {
    given: Spelled,
    family: Spelled,
    zone: &'static str,
    role: &'static str,
    setting: &'static str,
}

const CALLERS: [CallerSeed; 2] = [
    CallerSeed {
        given: ("Ada", "ada"),
        family: ("Lindqvist", "lindqvist"),
        zone: "Europe/Stockholm",
        role: "admin",
        setting: setting::CLOSE_ADMIN,
    },
    CallerSeed {
        given: ("Tomás", "tomas"),
        family: ("Núñez", "nunez"),
        zone: "Europe/Madrid",
        role: "user",
        setting: setting::CLOSE_MEMBER,
    },
];

/// Hands out mail addresses, each once.
#[derive(Default)]
pub(super) struct Mailboxes {
    taken: HashMap<String, u32>,
}

impl Mailboxes {
    pub(super) fn take(&mut self, given: &str, family: &str, domain: usize) -> String {
        let local = format!("{given}.{family}");
        let domain = VERIFIED_DOMAINS.get(domain).copied().unwrap_or("example.com");
        let count = self.taken.entry(local.clone()).or_insert(0);
        *count += 1;
        match *count {
            1 => format!("{local}@{domain}"),
            n => format!("{local}{n}@{domain}"),
        }
    }
}

pub(super) fn culture(rng: &mut ChaCha8Rng) -> &'static Culture {
    let total: u32 = CULTURES.iter().map(|culture| culture.weight).sum();
    let mut ticket = rng.random_range(0..total);
    let drawn = CULTURES.iter().find(|culture| match ticket.checked_sub(culture.weight) {
        None => true,
        Some(rest) => {
            ticket = rest;
            false
        }
    });
    drawn.unwrap_or(&NOWHERE)
}

/// Most are users, some are more, some are less, and about a quarter have a role of their own kind.
fn role<'a>(rng: &mut ChaCha8Rng, roles: &'a Roles) -> &'a str {
    let custom = |at: usize| roles.custom.get(at).map_or("user", String::as_str);
    match rng.random_range(0..100) {
        0..2 => "admin",
        2..10 => "superuser",
        10..25 => "restricteduser",
        25..37 => custom(0),
        37..45 => custom(1),
        45..48 => custom(2),
        48..49 => custom(3),
        _ => "user",
    }
}

/// What could not be written before there were people: who signed what.
fn sign_organization(
    db: &Connection,
    rng: &mut ChaCha8Rng,
    organization: &str,
    people: &[Seeded],
) -> rusqlite::Result<()> {
    let Some(founder) = people.first().map(|person| &person.user_id) else {
        return Ok(());
    };
    db.execute(
        "UPDATE close_organization SET created_by = ?2, updated_by = ?2 WHERE id = ?1",
        params![organization, founder],
    )?;
    let stages: [(&str, &[(&str, &str)]); 2] = [
        ("Sales", &[("Demo", "active"), ("Proposal", "active"), ("Won", "won"), ("Lost", "lost")]),
        ("Renewals", &[("Up for renewal", "active"), ("Renewed", "won"), ("Churned", "lost")]),
    ];
    for (position, (name, statuses)) in stages.into_iter().enumerate() {
        let id = ids::draw(rng, Kind::PIPELINE);
        let created = moment(rng, 2019, 2020);
        let updated = later(rng, created);
        db.execute(
            "INSERT INTO close_pipeline
                 (id, organization_id, name, position, created_by, updated_by, date_created, date_updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)",
            params![
                id,
                organization,
                name,
                position,
                founder,
                clock::format_naive(created),
                clock::format_naive(updated)
            ],
        )?;
        for (position, (label, kind)) in statuses.iter().enumerate() {
            db.execute(
                "INSERT INTO close_pipeline_status (id, pipeline_id, label, type, position)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![ids::draw(rng, Kind::STATUS), id, label, kind, position],
            )?;
        }
    }
    Ok(())
}

fn groups(
    db: &Connection,
    plan: Plan,
    organization: &str,
    people: &[Seeded],
) -> rusqlite::Result<Vec<String>> {
    let mut rng = ids::stream(plan.seed, STREAM_GROUPS);
    let mut groups = Vec::new();
    for number in 0..plan.groups as usize {
        let id = ids::draw(&mut rng, Kind::GROUP);
        let name = GROUPS.get(number).map_or_else(|| format!("Team {}", number + 1), |name| name.to_string());
        db.execute(
            "INSERT INTO close_group (id, organization_id, name) VALUES (?1, ?2, ?3)",
            params![id, organization, name],
        )?;
        groups.push(id);
    }
    if groups.is_empty() {
        return Ok(groups);
    }
    // A set, so that nobody is twice in one group, and rows arrive in the order they are kept in.
    let mut members: BTreeSet<(&String, &String)> = BTreeSet::new();
    for person in people.iter().filter(|person| person.active) {
        // Up to three each, so that groups overlap.
        for _ in 0..rng.random_range(0..=3) {
            let chosen = groups.get(rng.random_range(0..groups.len()));
            members.extend(chosen.map(|group| (group, &person.user_id)));
        }
    }
    let mut insert = db.prepare("INSERT INTO close_group_member (group_id, user_id) VALUES (?1, ?2)")?;
    for (group, user) in members {
        insert.execute([group, user])?;
    }
    Ok(groups)
}

fn saved_views(
    db: &Connection,
    rng: &mut ChaCha8Rng,
    organization: &str,
    people: &[Seeded],
    referenced_group: Option<&String>,
) -> rusqlite::Result<()> {
    let names = [
        "Opportunities of Enterprise Sales",
        "No contact in 30 days",
        "Untouched leads",
        "Renewal this quarter",
        "Hot leads",
        "Email bounced",
    ];
    let mut views = Vec::new();
    for name in names {
        let id = ids::draw(rng, Kind::SAVED_VIEW);
        db.execute(
            "INSERT INTO close_saved_view (id, organization_id, name) VALUES (?1, ?2, ?3)",
            params![id, organization, name],
        )?;
        views.push(id);
    }
    if let (Some(view), Some(group)) = (views.first(), referenced_group) {
        db.execute("INSERT INTO close_saved_view_group VALUES (?1, ?2)", params![view, group])?;
    }
    // Between them the two callers have pinned every view there is, so a test can find them all.
    for (person, pinned) in people.iter().zip([0..3, 3..6]) {
        for (position, view) in views.get(pinned).unwrap_or_default().iter().enumerate() {
            db.execute(
                "INSERT INTO close_pinned_view (membership_id, position, saved_view_id) VALUES (?1, ?2, ?3)",
                params![person.membership_id, position, view],
            )?;
        }
    }
    Ok(())
}

/// Any of the given things. The lists of names are constants, none of them empty.
pub(super) fn pick<T: Copy + Default>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    let at = rng.random_range(0..from.len().max(1));
    from.get(at).copied().unwrap_or_default()
}

/// Some moment between the beginning of one year and the middle of another.
pub(super) fn moment(rng: &mut ChaCha8Rng, from_year: i64, to_year: i64) -> i64 {
    rng.random_range(clock::midnight(from_year, 1, 1)..clock::midnight(to_year, 6, 1))
}

/// Some moment after another one, and before the seed was written.
pub(super) fn later(rng: &mut ChaCha8Rng, than: i64) -> i64 {
    rng.random_range(than..clock::midnight(2026, 7, 1))
}
