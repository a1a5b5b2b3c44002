//! `expand`: answering with more than one has.

use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;
use serde_json::{Value, json};

use super::errors::Refusal;
use super::groups;
use super::params::Params;
use super::users::User;
use super::{Call, auth};
use crate::clock;

/// What the vendor declares for users, in its spelling. The sandbox has data for most of it; of the
/// others it understands the name.
const OF_USERS: [&str; 26] = [
    "routingStatus",
    "presence",
    "conversationSummary",
    "outOfOffice",
    "geolocation",
    "station",
    "authorization",
    "profileSkills",
    "locations",
    "groups",
    "skills",
    "languages",
    "languagePreference",
    "integrationPresence",
    "lasttokenissued",
    "authorization.unusedRoles",
    "team",
    "workPlanBidRanks",
    "externalContactsSettings",
    "customAttributes",
    "certifications",
    "employerInfo",
    "biography",
    "dateLastLogin",
    "dateWelcomeSent",
    "preferredName",
];

/// What is wanted on top.
#[derive(Clone, Debug)]
pub struct Expansion(BTreeSet<String>);

/// Something somebody can do.
struct Skill {
    id: String,
    kind: String,
    name: String,
    proficiency: i64,
}

impl Expansion {
    /// Reads `expand` where users are listed: a closed set.
    pub fn of_users(params: &Params<'_>) -> Result<Self, Refusal> {
        let wanted = params.list("expand").unwrap_or_default();
        match wanted.iter().find(|name| !OF_USERS.contains(name)) {
            Some(unknown) => Err(Refusal::invalid_value("expand", unknown, &OF_USERS.join(", "))),
            None => Ok(Expansion(wanted.into_iter().map(str::to_owned).collect())),
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Adds to users what is wanted.
    pub fn apply(&self, call: &Call<'_>, users: &mut [User]) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut skills = HashMap::new();
        if ["skills", "languages", "profileSkills"].iter().any(|name| self.wants(name)) {
            skills = skills_of(call.db, users)?;
        }
        let mut locations = HashMap::new();
        if self.wants("locations") || self.wants("geolocation") {
            locations = locations_by_number(call.db)?;
        }
        for user in users {
            let skills = skills.remove(&user.background.person).unwrap_or_default();
            let location = user.background.location.and_then(|number| locations.get(&number));
            for name in &self.0 {
                let groups = || groups::with_member(call, user.background.person);
                let value = match name.as_str() {
                    "groups" => json!(groups()?),
                    "skills" => ability(&user.id, &skills, "routing"),
                    "languages" => ability(&user.id, &skills, "language"),
                    "profileSkills" => {
                        let routing = skills.iter().filter(|skill| skill.kind == "routing");
                        routing.map(|skill| skill.name.as_str()).collect()
                    }
                    "locations" => {
                        location.map_or_else(|| json!([]), |location| json!([location.definition]))
                    }
                    "geolocation" => match location {
                        Some(location) => location.geolocation(&user.id),
                        None => continue,
                    },
                    name => match about(user, name) {
                        Some(value) => value,
                        None => continue,
                    },
                };
                user.expanded.insert(name.clone(), value);
            }
        }
        Ok(())
    }
}

/// What follows from the user alone.
fn about(user: &User, name: &str) -> Option<Value> {
    let background = &user.background;
    let id = &user.id;
    let since = clock::format_short(background.status_since);
    let on_queue = background.routing_status != "OFF_QUEUE";
    Some(match name {
        "presence" => json!({
            "source": "PURECLOUD",
            "primary": true,
            "presenceDefinition": { "systemPresence": background.presence },
            "message": "",
            "modifiedDate": since,
            "selfUri": format!("/api/v2/users/{id}/presences/purecloud"),
        }),
        "routingStatus" => {
            json!({ "userId": id, "status": background.routing_status, "startTime": since })
        }
        "conversationSummary" => {
            let side = |active: bool| json!({ "active": i32::from(active), "acw": 0 });
            let none = json!({ "contactCenter": side(false), "enterprise": side(false) });
            let calls = json!({
                "contactCenter": side(background.routing_status == "INTERACTING"),
                "enterprise": side(background.routing_status == "COMMUNICATING"),
            });
            json!({
                "userId": id, "call": calls, "callback": none, "email": none, "message": none, "chat": none,
                "socialExpression": none, "video": none,
            })
        }
        "outOfOffice" => json!({
            "user": { "id": id, "selfUri": format!("/api/v2/users/{id}") },
            "active": background.out_of_office,
            "indefinite": false,
            "selfUri": format!("/api/v2/users/{id}/outofoffice"),
        }),
        "station" if on_queue => {
            let name = format!("Softphone {}", background.person);
            let station = json!({ "name": name, "type": "inin_webrtc_softphone" });
            json!({ "associatedStation": station, "effectiveStation": station })
        }
        "station" => json!({}),
        "authorization" => json!({
            "roles": [{ "id": background.role, "name": background.role }],
            "unusedRoles": [],
            "permissions": auth::permissions(&background.role),
            "permissionPolicies": [],
        }),
        "languagePreference" => background.language.as_str().into(),
        "certifications" | "workPlanBidRanks" => json!([]),
        "employerInfo" => json!({
            "officialName": "Lindqvist & Søn Trading",
            "employeeId": format!("L{:06}", background.person),
            "employeeType": "Full-time",
        }),
        "dateLastLogin" => since.into(),
        _ => return None,
    })
}

/// Skills of one kind, as the vendor lists them.
fn ability(user: &str, skills: &[Skill], kind: &str) -> Value {
    let (resource, uri) = match kind {
        "language" => ("languages", "languageUri"),
        _ => ("skills", "skillUri"),
    };
    let of_kind = skills.iter().filter(|skill| skill.kind == kind);
    of_kind
        .map(|skill| {
            json!({
                "id": skill.id,
                "name": skill.name,
                "proficiency": skill.proficiency,
                "state": "active",
                uri: format!("/api/v2/routing/{resource}/{}", skill.id),
                "selfUri": format!("/api/v2/users/{user}/routing{resource}/{}", skill.id),
            })
        })
        .collect()
}

fn skills_of(db: &Connection, users: &[User]) -> rusqlite::Result<HashMap<i64, Vec<Skill>>> {
    let people: Vec<i64> = users.iter().map(|user| user.background.person).collect();
    let mut skills: HashMap<i64, Vec<Skill>> = HashMap::new();
    let mut statement = db.prepare_cached(
        "SELECT s.person_id, k.id, k.kind, k.name, s.proficiency
         FROM json_each(?1) e CROSS JOIN genesys_user_skill s ON s.person_id = e.value
         CROSS JOIN genesys_skill k ON k.number = s.skill
         ORDER BY s.person_id, s.skill",
    )?;
    let mut rows = statement.query([json!(people).to_string()])?;
    while let Some(row) = rows.next()? {
        skills.entry(row.get(0)?).or_default().push(Skill {
            id: row.get(1)?,
            kind: row.get(2)?,
            name: row.get(3)?,
            proficiency: row.get(4)?,
        });
    }
    Ok(skills)
}

/// Where somebody works, in the two shapes in which it is shown.
struct Location {
    definition: Value,
    city: String,
    country: String,
    latitude: f64,
    longitude: f64,
}

impl Location {
    fn geolocation(&self, user: &str) -> Value {
        json!({
            "type": "web",
            "primary": true,
            "city": self.city,
            "country": self.country,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "selfUri": format!("/api/v2/users/{user}/geolocations/web"),
        })
    }
}

fn locations_by_number(db: &Connection) -> rusqlite::Result<HashMap<i64, Location>> {
    db.prepare_cached("SELECT number, id, name, city, country, latitude, longitude FROM genesys_location")?
        .query_map([], |row| {
            let (id, name): (String, String) = (row.get(1)?, row.get(2)?);
            let uri = format!("/api/v2/locations/{id}");
            let definition = json!({
                "id": id, "locationDefinition": { "id": id, "name": name, "selfUri": uri }
            });
            let [city, country] = [row.get(3)?, row.get(4)?];
            let [latitude, longitude] = [row.get(5)?, row.get(6)?];
            Ok((row.get(0)?, Location { definition, city, country, latitude, longitude }))
        })?
        .collect()
}
