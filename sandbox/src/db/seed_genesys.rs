//! The same people in Genesys Cloud, some of them at least, and their groups there.
//!
//! Most people have an account with both vendors. Of every twelve, one is in Close alone; and for
//! every seven there is one more who is in Genesys Cloud alone, from an agency. Nothing here draws
//! from the streams of random numbers that Close's tables are made from.

use std::collections::{BTreeMap, BTreeSet};

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::names::GENESYS_GROUPS;
use super::seed::{Mailboxes, culture, later, moment, pick};
use super::{Plan, ids, setting};
use crate::clock;
use crate::genesys;

const STREAM_ORGANIZATION: u64 = 11;
const STREAM_PEOPLE: u64 = 12;
const STREAM_AGENCY: u64 = 13;
const STREAM_GROUPS: u64 = 14;

/// One of so many people is in Close alone.
const CLOSE_ALONE: usize = 12;
/// For so many people there is one in Genesys Cloud alone.
const AGENCY: u32 = 7;

/// The first callers of both vendors are the same two people: always the first ones.
const ADMIN: i64 = 1;
const MEMBER: i64 = 2;

/// The group that everybody is in, or at least so many.
const ALL_STAFF: usize = 0;
const ALL_STAFF_MOST: usize = 5_000;
/// The group that has an owner but no member.
const DESERTED: usize = 3;
/// Groups that the two callers own.
const OWNED_BY_ADMIN: usize = 1;
const OWNED_BY_MEMBER: usize = 6;
/// Groups that skills bring people to, on top of those who were added by name.
const DYNAMIC: [usize; 5] = [5, 14, 20, 26, 34];

const ROUTING_SKILLS: [&str; 10] = [
    "Billing",
    "Returns",
    "Technical Support",
    "Retention",
    "Upselling",
    "VIP Customers",
    "Fraud",
    "Chat",
    "Reklamation",
    "法人窓口",
];
const LANGUAGE_SKILLS: [&str; 8] =
    ["English", "Deutsch", "Español", "Français", "Português", "Polski", "日本語", "العربية"];
/// Language tags, as far as they belong to one of the language skills.
const LANGUAGE_TAGS: [&str; 8] = ["en-us", "de", "es", "fr", "pt-br", "pl", "ja", "ar"];

const LOCATIONS: [(&str, &str, &str, f64, f64); 6] = [
    ("Head Office", "Stockholm", "SE", 59.33, 18.07),
    ("Oficina Madrid", "Madrid", "ES", 40.42, -3.7),
    ("Dublin Docklands", "Dublin", "IE", 53.35, -6.24),
    ("Biuro Kraków", "Kraków", "PL", 50.06, 19.94),
    ("Escritório Paulista", "São Paulo", "BR", -23.56, -46.66),
    ("東京オフィス", "東京", "JP", 35.68, 139.77),
];

/// Fills the vendor's tables, after everybody else's.
///
/// # Errors
/// When SQLite refuses a row; the caller's transaction must then be dropped.
pub fn fill(db: &Connection, plan: Plan) -> rusqlite::Result<()> {
    setting::put(db, setting::GENESYS_ADMIN, &ADMIN.to_string())?;
    setting::put(db, setting::GENESYS_MEMBER, &MEMBER.to_string())?;
    let mut rng = ids::stream(plan.seed, STREAM_ORGANIZATION);
    organization(db, &mut rng)?;
    let skills = skills(db, &mut rng)?;
    let people = people(db, plan)?;
    groups(db, plan, &people, &skills)
}

fn organization(db: &Connection, rng: &mut ChaCha8Rng) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO genesys_organization VALUES (?1, 'Lindqvist & Søn Trading', ?2, 'Home')",
        params![ids::draw_uuid(rng), ids::draw_uuid(rng)],
    )?;
    for (at, (name, city, country, latitude, longitude)) in LOCATIONS.into_iter().enumerate() {
        db.execute(
            "INSERT INTO genesys_location VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![at + 1, ids::draw_uuid(rng), name, city, country, latitude, longitude],
        )?;
    }
    Ok(())
}

/// The ids of skills, by name. Their numbers are their positions, routing skills first.
fn skills(db: &Connection, rng: &mut ChaCha8Rng) -> rusqlite::Result<BTreeMap<&'static str, String>> {
    let mut skills = BTreeMap::new();
    let kinds = ROUTING_SKILLS.map(|name| ("routing", name)).into_iter();
    let kinds = kinds.chain(LANGUAGE_SKILLS.map(|name| ("language", name)));
    for (at, (kind, name)) in kinds.enumerate() {
        let id = ids::draw_uuid(rng);
        db.execute("INSERT INTO genesys_skill VALUES (?1, ?2, ?3, ?4)", params![at + 1, id, kind, name])?;
        skills.insert(name, id);
    }
    Ok(skills)
}

/// What groups need to know of the people: who can be in one, and who can own one.
struct People {
    active: Vec<i64>,
    managers: Vec<i64>,
}

fn people(db: &Connection, plan: Plan) -> rusqlite::Result<People> {
    let mut rng = ids::stream(plan.seed, STREAM_PEOPLE);
    let mut account = Accounts::new(db)?;
    let mut everybody = db.prepare("SELECT id, email, first_name, last_name FROM person ORDER BY id")?;
    let mut rows = everybody.query([])?;
    let mut left_out = 0;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        // The first dozen has the callers in it, who are in both.
        let first = if number == 0 { 2 } else { 0 };
        if number % CLOSE_ALONE == 0 {
            left_out = number + rng.random_range(first..CLOSE_ALONE);
        }
        number += 1;
        if number == left_out + 1 {
            continue;
        }
        let email: String = row.get(1)?;
        let (given, family): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        let name = [given.unwrap_or_default(), family.unwrap_or_default()].join(" ");
        // An account has a name here; whoever never gave one goes by their address.
        let name = if name.trim().is_empty() { email.clone() } else { name.trim().to_owned() };
        account.open(&mut rng, row.get(0)?, &name)?;
    }
    drop(rows);

    let mut rng = ids::stream(plan.seed, STREAM_AGENCY);
    let mut mailboxes = Mailboxes::default();
    let mut insert_person = db.prepare(
        "INSERT INTO person (id, email, first_name, last_name, time_zone) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for number in 0..plan.people.div_ceil(AGENCY) {
        let person = i64::from(plan.people) + i64::from(number) + 1;
        let culture = culture(&mut rng);
        let (given, family) = (pick(&mut rng, culture.given), pick(&mut rng, culture.family));
        let email = mailboxes.take(&format!("ext-{}", given.1), family.1, 0);
        insert_person.execute(params![person, email, given.0, family.0, pick(&mut rng, culture.zones)])?;
        account.open(&mut rng, person, &format!("{} {}", given.0, family.0))?;
    }
    Ok(account.people)
}

/// Opens accounts, one after the other.
struct Accounts<'a> {
    insert_user: rusqlite::Statement<'a>,
    insert_skill: rusqlite::Statement<'a>,
    people: People,
}

impl<'a> Accounts<'a> {
    fn new(db: &'a Connection) -> rusqlite::Result<Self> {
        Ok(Accounts {
            insert_user: db.prepare(
                "INSERT INTO genesys_user
                     (person_id, id, name, state, role, title, department, manager, phone, image, location,
                      language, presence, routing_status, status_since, out_of_office, version)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            )?,
            insert_skill: db.prepare("INSERT INTO genesys_user_skill VALUES (?1, ?2, ?3)")?,
            people: People { active: Vec::new(), managers: Vec::new() },
        })
    }

    fn open(&mut self, rng: &mut ChaCha8Rng, person: i64, name: &str) -> rusqlite::Result<()> {
        let caller = matches!(person, ADMIN | MEMBER);
        let state = match rng.random_range(0..100) {
            _ if caller => "active",
            0..2 => "inactive",
            2..3 => "deleted",
            _ => "active",
        };
        // Whoever leads may come to own groups, and what a plain person owns is told in advance.
        let leads = rng.random_range(0..12) == 0 && person != MEMBER || person == ADMIN;
        let role = match rng.random_range(0..100) {
            _ if person == ADMIN => "admin",
            _ if person == MEMBER => "employee",
            0..1 => "admin",
            _ if leads => "supervisor",
            _ => "employee",
        };
        let agent = rng.random_bool(0.4);
        let department = pick(rng, &["Customer Care", "Sales", "Finance", "IT", "Operations", "Marketing"]);
        let title = match (agent, leads) {
            (true, true) => "Team Lead",
            (true, false) => pick(rng, &["Agent", "Senior Agent", "Kundenberater", "Conseiller clientèle"]),
            (false, true) => "Manager",
            (false, false) => pick(rng, &["Analyst", "Engineer", "Specialist", "Assistant"]),
        };
        let presence = pick(rng, &["AVAILABLE", "AVAILABLE", "BUSY", "AWAY", "MEAL", "MEETING", "OFFLINE"]);
        let routing_status = match (agent, presence) {
            (true, "AVAILABLE") => pick(rng, &["IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING"]),
            _ => "OFF_QUEUE",
        };
        let language = rng.random_range(0..LANGUAGE_TAGS.len());
        self.insert_user.execute(params![
            person,
            ids::draw_uuid(rng),
            name,
            state,
            role,
            rng.random_bool(0.9).then_some(title),
            rng.random_bool(0.9).then_some(department),
            self.people.managers.choose(rng),
            // The area code 555 belongs to nobody.
            rng.random_bool(0.6).then(|| format!("+1555{:07}", 4_000_000 + person)),
            rng.random_bool(0.5).then(|| format!("https://images.example.com/people/{person}")),
            rng.random_bool(0.8).then(|| rng.random_range(1..=LOCATIONS.len())),
            LANGUAGE_TAGS.get(language),
            presence,
            routing_status,
            wire_moment(rng, clock::midnight(2026, 6, 29)),
            rng.random_bool(0.03),
            rng.random_range(1..30)
        ])?;
        if agent {
            let routing: BTreeSet<usize> =
                (0..3).map(|_| rng.random_range(1..=ROUTING_SKILLS.len())).collect();
            for skill in routing.into_iter().chain([ROUTING_SKILLS.len() + 1 + language]) {
                self.insert_skill.execute(params![person, skill, rng.random_range(0..=5)])?;
            }
        }
        if state == "active" {
            self.people.active.push(person);
            if leads {
                self.people.managers.push(person);
            }
        }
        Ok(())
    }
}

fn groups(
    db: &Connection,
    plan: Plan,
    people: &People,
    skills: &BTreeMap<&'static str, String>,
) -> rusqlite::Result<()> {
    let mut rng = ids::stream(plan.seed, STREAM_GROUPS);
    let rng = &mut rng;
    let mut insert_owner = db.prepare("INSERT INTO genesys_group_owner VALUES (?1, ?2, ?3)")?;
    let count = plan.genesys_groups as usize;
    for at in 0..count {
        // Each of its own, so that a plan with more groups begins with the same ones.
        let mut own = ids::stream(rng.random(), STREAM_GROUPS);
        group(db, &mut own, at)?;
        for (position, owner) in owners(&mut own, people, at).into_iter().enumerate() {
            insert_owner.execute(params![number(at), position, owner])?;
        }
    }

    // A set, so that nobody is twice in one group, and rows arrive in the order they are kept in.
    let mut members: BTreeSet<(usize, i64)> = BTreeSet::new();
    if count > ALL_STAFF {
        members.extend(people.active.iter().take(ALL_STAFF_MOST).map(|person| (number(ALL_STAFF), *person)));
    }
    for person in &people.active {
        // Up to four each, so that groups overlap; the earlier ones are larger.
        for _ in 0..rng.random_range(0..=4) {
            let chosen = rng.random_range(0..count.max(1)).min(rng.random_range(0..count.max(1)));
            if chosen < count && chosen != ALL_STAFF && chosen != DESERTED {
                members.insert((number(chosen), *person));
            }
        }
    }
    let mut insert_member = db.prepare("INSERT INTO genesys_group_member VALUES (?1, ?2)")?;
    for (group, person) in members {
        insert_member.execute(params![group, person])?;
    }

    for (query, at) in rules(skills).into_iter().zip(DYNAMIC).filter(|(_, at)| *at < count) {
        db.execute(
            "INSERT INTO genesys_dynamic_settings VALUES (?1, ?2, ?3)",
            params![number(at), query.to_string(), wire_moment(rng, clock::midnight(2026, 1, 1))],
        )?;
    }
    // What follows from the rest is worked out by those who will do so later on.
    for at in 0..count {
        genesys::settle(db, number(at) as i64)?;
    }
    Ok(())
}

fn number(at: usize) -> usize {
    at + 1
}

fn owners(rng: &mut ChaCha8Rng, people: &People, at: usize) -> Vec<i64> {
    let mut owners: Vec<i64> = match at {
        OWNED_BY_ADMIN => vec![ADMIN],
        OWNED_BY_MEMBER => vec![MEMBER],
        _ => Vec::new(),
    };
    let more = if at % 11 == 7 { 0 } else { rng.random_range(1..=3) };
    for _ in 0..more {
        let owner = people.managers.choose(rng).copied().unwrap_or(ADMIN);
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    owners
}

fn group(db: &Connection, rng: &mut ChaCha8Rng, at: usize) -> rusqlite::Result<()> {
    let (name, description) = match GENESYS_GROUPS.get(at) {
        Some((name, description)) => ((*name).to_owned(), *description),
        None => (format!("Team {}", number(at)), None),
    };
    let email = format!("team-{}@example.com", number(at));
    let visibility = match at % 7 {
        4 => "members",
        5 => "owners",
        _ => "public",
    };
    let plain = matches!(at, ALL_STAFF | OWNED_BY_MEMBER);
    db.execute(
        "INSERT INTO genesys_group
             (number, id, name, description, type, state, visibility, rules_visible, roles_enabled,
              include_owners, calls_enabled, email, images, addresses, version, date_modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            number(at),
            ids::draw_uuid(rng),
            name,
            description,
            if at % 5 == 3 { "social" } else { "official" },
            if at % 13 == 9 { "inactive" } else { "active" },
            if plain { "public" } else { visibility },
            rng.random_bool(0.8),
            rng.random_bool(0.9),
            // The group without members has an owner, who must not be counted as one.
            at != DESERTED && (plain || rng.random_bool(0.7)),
            rng.random_bool(0.8),
            rng.random_bool(0.4).then_some(email),
            images(rng).to_string(),
            addresses(rng, at).to_string(),
            rng.random_range(1..40),
            {
                let created = moment(rng, 2020, 2025);
                let modified = later(rng, created);
                wire_moment(rng, modified)
            }
        ],
    )?;
    Ok(())
}

fn images(rng: &mut ChaCha8Rng) -> Value {
    if rng.random_bool(0.6) {
        return json!([]);
    }
    let name = ids::draw_uuid(rng);
    let image = |resolution: &str| {
        let uri = format!("https://images.example.com/groups/{name}/{resolution}.jpeg");
        json!({ "resolution": resolution, "imageUri": uri })
    };
    json!([image("x48"), image("x96"), image("x128"), image("640x480")])
}

/// Addresses come in three forms: a number, a number with an extension, or only how it is shown.
fn addresses(rng: &mut ChaCha8Rng, at: usize) -> Value {
    let address = format!("+1555{:07}", 3_000_000 + at);
    let display = format!("(555) 300-{at:04}");
    let contact = |kind: &str| json!({ "mediaType": "PHONE", "type": kind });
    let mut ring = contact("GROUPRING");
    if let Value::Object(ring) = &mut ring {
        match rng.random_range(0..4) {
            0 => return json!([]),
            1 => {
                ring.extend([("address".to_owned(), address.into()), ("display".to_owned(), display.into())])
            }
            2 => ring.extend([
                ("address".to_owned(), address.into()),
                ("extension".to_owned(), format!("{}", 4_000 + at).into()),
                ("display".to_owned(), format!("{display} x{}", 4_000 + at).into()),
            ]),
            _ => ring.extend([("display".to_owned(), display.into())]),
        }
    }
    let mut phone = contact("GROUPPHONE");
    if let Value::Object(phone) = &mut phone {
        phone.insert("extension".to_owned(), format!("{}", 7_000 + at).into());
        phone.insert("display".to_owned(), format!("{}", 7_000 + at).into());
    }
    if rng.random_bool(0.3) { json!([ring, phone]) } else { json!([ring]) }
}

/// What brings people to the groups in [`DYNAMIC`].
fn rules(skills: &BTreeMap<&'static str, String>) -> [Value; 5] {
    let is = |kind: &str, name: &str, comparator: &str, proficiency: u8| {
        let skill = skills.get(name);
        json!({ kind: skill, "comparator": comparator, "proficiency": proficiency })
    };
    let routing = |name: &str, least: u8| is("routingSkill", name, "GreaterThanOrEqualTo", least);
    let language = |name: &str, least: u8| is("languageSkill", name, "GreaterThanOrEqualTo", least);
    let condition = |operation: &str, routing: &[Value], language: &[Value]| {
        json!({
            "operation": operation,
            "routingSkillConditions": routing,
            "languageSkillConditions": language,
        })
    };
    let query = |conditions: &[Value]| json!({ "skillConditions": conditions });

    let mut experienced = routing("Technical Support", 3);
    if let Value::Object(experienced) = &mut experienced {
        let or = condition("Or", &[routing("VIP Customers", 1), routing("Fraud", 1)], &[]);
        experienced.insert("childConditions".to_owned(), json!([or]));
    }
    [
        query(&[condition("Or", &[experienced, routing("Chat", 5)], &[])]),
        query(&[condition("And", &[], &[language("日本語", 2)])]),
        query(&[
            condition("And", &[routing("Billing", 2)], &[]),
            condition("Not", &[], &[is("languageSkill", "English", "LessThan", 3)]),
        ]),
        query(&[condition("And", &[routing("Fraud", 3)], &[])]),
        query(&[condition("Or", &[routing("Chat", 4)], &[language("Español", 4), language("Português", 4)])]),
    ]
}

/// A moment on the day before another one. This vendor's instants are whole seconds about as often
/// as not.
fn wire_moment(rng: &mut ChaCha8Rng, before: i64) -> i64 {
    let moment = rng.random_range(before - 86_400_000_000..before);
    let step = if rng.random_bool(0.5) { 1_000_000 } else { 1_000 };
    moment - moment % step
}
