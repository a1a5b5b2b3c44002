//! Every operation of the Genesys dialect, each at least once, as a client meets it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{GENESYS_USER, KEY, Server, keys, text};
use serde_json::{Value, json};

fn new_group() -> Value {
    json!({ "name": "Ærlig", "type": "official", "rulesVisible": true, "visibility": "public" })
}

fn ids(people: &[Value]) -> Vec<String> {
    people.iter().map(|person| text(&person["id"])).collect()
}

/// Active people who are not in the group.
fn outsiders(server: &Server, group: &str) -> Vec<String> {
    let members = ids(&server.genesys_all(&format!("/groups/{group}/members?pageSize=500")));
    let everybody = ids(&server.genesys_all("/users?pageSize=500"));
    everybody.into_iter().filter(|id| !members.contains(id)).collect()
}

// Groups -----------------------------------------------------------------------------------------

#[test]
fn groups_are_listed_by_name_and_read_by_id() {
    let server = Server::new();
    let groups = server.genesys_all("/groups?pageSize=7");
    assert_eq!(groups.len(), 40);
    let names: Vec<String> = groups.iter().map(|group| text(&group["name"])).collect();
    assert!(names.is_sorted());
    let mut down: Vec<String> =
        server.genesys_all("/groups?sortOrder=descending").iter().map(|group| text(&group["name"])).collect();
    down.reverse();
    assert_eq!(names, down);
    for group in &groups {
        let uri = text(&group["selfUri"]);
        assert_eq!(uri, format!("/api/v2/groups/{}", text(&group["id"])));
        let alone = server.genesys("GET", uri.strip_prefix("/api/v2").unwrap(), None);
        assert_eq!(&alone.expect(200), group);
        assert_eq!(alone.header("content-type"), Some("application/json"));
    }
}

#[test]
fn groups_differ_in_all_that_they_can_differ_in() {
    let server = Server::with(orgdeck_sandbox::Config::default());
    let groups = server.genesys_all("/groups");
    let all = |field: &str| -> Vec<&Value> { groups.iter().map(|group| &group[field]).collect() };
    for (field, values) in [
        ("type", vec![json!("official"), json!("social")]),
        ("state", vec![json!("active"), json!("inactive")]),
        ("visibility", vec![json!("public"), json!("owners"), json!("members")]),
        ("rulesVisible", vec![json!(true), json!(false)]),
        ("rolesEnabled", vec![json!(true), json!(false)]),
        ("includeOwners", vec![json!(true), json!(false)]),
        ("callsEnabled", vec![json!(true), json!(false)]),
        ("memberCount", vec![json!(0)]),
        ("email", vec![Value::Null]),
        ("description", vec![Value::Null, json!("")]),
        ("images", vec![Value::Null]),
        ("addresses", vec![json!([])]),
        ("owners", vec![json!([])]),
    ] {
        for value in values {
            assert!(all(field).contains(&&value), "{field} {value}");
        }
    }
    assert!(groups.iter().any(|group| group["memberCount"].as_i64() > Some(200)));
    assert!(groups.iter().any(|group| group["owners"].as_array().unwrap().len() > 1));
    let dates: Vec<String> = groups.iter().map(|group| text(&group["dateModified"])).collect();
    assert!(dates.iter().any(|date| date.len() == "2026-01-01T00:00:00Z".len()));
    assert!(dates.iter().any(|date| date.len() == "2026-01-01T00:00:00.000Z".len()));
    let contacts: Vec<Vec<String>> =
        groups.iter().flat_map(|group| group["addresses"].as_array().unwrap()).map(keys).collect();
    for kind in [
        vec!["address", "display", "mediaType", "type"],
        vec!["address", "display", "extension", "mediaType", "type"],
        vec!["display", "mediaType", "type"],
        vec!["display", "extension", "mediaType", "type"],
    ] {
        assert!(contacts.iter().any(|keys| *keys == kind), "{kind:?}");
    }
    let group = &groups[0];
    assert!(text(&group["chat"]["jabberId"]).contains("@conference."), "what the vendor does not document");
    assert_eq!(keys(&group["owners"][0]), ["id", "selfUri"]);
}

#[test]
fn a_group_is_made_with_what_it_needs_and_what_is_not_said_is_on() {
    let server = Server::prompt();
    let created = server.genesys("POST", "/groups", Some(new_group())).expect(200);
    assert_eq!(
        (&created["version"], &created["memberCount"], &created["state"]),
        (&json!(1), &json!(0), &json!("active"))
    );
    for field in ["rolesEnabled", "includeOwners", "callsEnabled"] {
        assert_eq!(created[field], json!(true), "{field}");
    }
    assert_eq!(server.genesys_group("Ærlig"), created);

    let owner = text(&server.genesys("GET", "/users/me", None).expect(200)["id"]);
    let mut whole = new_group();
    for (field, value) in [
        ("id", json!("mine")),
        ("version", json!(9)),
        ("memberCount", json!(9)),
        ("selfUri", json!("/x")),
        ("state", json!("inactive")),
        ("visibility", json!("owners")),
        ("type", json!("social")),
        ("ownerIds", json!([owner, owner])),
        ("includeOwners", json!(false)),
        ("email", json!("aerlig@example.com")),
        ("images", json!([{ "resolution": "x48", "imageUri": "https://images.example.com/1", "extra": 1 }])),
        (
            "addresses",
            json!([
                { "mediaType": "PHONE", "type": "GROUPRING", "address": "+15553009999", "display": "?" },
                { "mediaType": "PHONE", "type": "GROUPPHONE", "extension": "77" },
            ]),
        ),
    ] {
        whole[field] = value;
    }
    let created = server.genesys("POST", "/groups", Some(whole)).expect(200);
    assert_ne!(created["id"], "mine");
    assert_eq!(
        (&created["version"], &created["state"], &created["memberCount"]),
        (&json!(1), &json!("active"), &json!(0)),
        "what is only read is ignored"
    );
    assert_eq!(created["owners"], json!([{ "id": owner, "selfUri": format!("/api/v2/users/{owner}") }]));
    assert_eq!(
        created["images"],
        json!([{ "resolution": "x48", "imageUri": "https://images.example.com/1" }])
    );
    assert_eq!(
        created["addresses"],
        json!([
            { "mediaType": "PHONE", "type": "GROUPRING", "address": "+15553009999", "display": "(555) 300-9999" },
            { "mediaType": "PHONE", "type": "GROUPPHONE", "extension": "77", "display": "77" },
        ])
    );
}

#[test]
fn an_update_changes_what_it_mentions_and_the_version() {
    let server = Server::prompt();
    let before = server.genesys_group("Supervisors");
    let path = format!("/groups/{}", text(&before["id"]));
    let body = json!({
        "version": before["version"], "name": "Aufsicht", "description": "Neu", "rulesVisible": false,
    });
    let after = server.genesys("PUT", &path, Some(body)).expect(200);
    assert_eq!(after["version"], json!(before["version"].as_i64().unwrap() + 1));
    assert_eq!(
        (&after["name"], &after["description"], &after["rulesVisible"]),
        (&json!("Aufsicht"), &json!("Neu"), &json!(false))
    );
    assert!(text(&after["dateModified"]) > text(&before["dateModified"]));
    for field in ["owners", "addresses", "visibility", "type", "memberCount", "state", "chat", "id"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(server.genesys("GET", &path, None).expect(200), after);
    // A group can be sent back as it came, whatever else is in it.
    let again = server.genesys("PUT", &path, Some(after.clone())).expect(200);
    for field in ["name", "addresses", "images", "visibility", "owners"] {
        assert_eq!(again[field], after[field], "{field}");
    }
}

#[test]
fn a_group_is_deleted() {
    let server = Server::prompt();
    let group = server.genesys_group("Support Tier 2");
    let path = format!("/groups/{}", text(&group["id"]));
    let reply = server.genesys("DELETE", &path, None);
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert_eq!(reply.header("content-type"), None);
    assert_eq!(server.genesys("GET", &path, None).code(404), "general.resource.not.found");
    assert_eq!(server.genesys("DELETE", &path, None).code(404), "not.found");
    assert_eq!(server.genesys_all("/groups").len(), 39);
}

// Members ----------------------------------------------------------------------------------------

#[test]
fn members_are_the_individuals_the_owners_and_those_the_rule_brings() {
    let server = Server::with(orgdeck_sandbox::Config::default());
    let (mut with_owners, mut with_rules, mut overlapping) = (0, 0, 0);
    for group in server.genesys_all("/groups") {
        let path = format!("/groups/{}", text(&group["id"]));
        let members = ids(&server.genesys_all(&format!("{path}/members?pageSize=3")));
        let individuals = server.genesys("GET", &format!("{path}/individuals"), None).expect(200);
        let individuals = ids(individuals["entities"].as_array().unwrap());
        let owners = ids(group["owners"].as_array().unwrap());
        assert_eq!(group["memberCount"], json!(members.len()), "{}", group["name"]);
        assert!(individuals.iter().all(|id| members.contains(id)));
        let ruled = server.genesys("GET", &format!("{path}/dynamicsettings"), None).status == 200;
        if group["includeOwners"] == json!(true) {
            assert!(owners.iter().all(|id| members.contains(id)));
            with_owners += usize::from(owners.iter().any(|id| !individuals.contains(id)));
        }
        let others = members.iter().filter(|id| !individuals.contains(id) && !owners.contains(id)).count();
        assert!(others == 0 || ruled);
        with_rules += usize::from(others > 0);
        overlapping += individuals.len();
    }
    assert!(with_owners > 3 && with_rules > 1, "{with_owners} {with_rules}");
    assert!(overlapping > 400, "groups overlap: {overlapping}");
}

#[test]
fn individuals_come_all_at_once() {
    let server = Server::with(orgdeck_sandbox::Config::default());
    let path = format!("/groups/{}/individuals", text(&server.genesys_group("All Staff")["id"]));
    let listing = server.genesys("GET", &path, None).expect(200);
    let total = listing["total"].as_u64().unwrap();
    assert!(total > 200);
    assert_eq!(listing["entities"].as_array().unwrap().len() as u64, total);
    assert_eq!((&listing["pageCount"], &listing["pageNumber"]), (&json!(1), &json!(1)));
    assert!(listing.get("nextUri").is_none());
}

#[test]
fn people_are_added_and_removed() {
    let server = Server::prompt();
    let group = server.genesys_group("Supervisors");
    let path = format!("/groups/{}/members", text(&group["id"]));
    let new: Vec<String> = outsiders(&server, &text(&group["id"])).into_iter().take(3).collect();
    let count = |server: &Server| server.genesys_group("Supervisors")["memberCount"].as_u64().unwrap();
    let before = count(&server);

    let body = json!({ "memberIds": [new[0], new[1], new[2], new[0]], "version": group["version"] });
    let reply = server.genesys("POST", &path, Some(body.clone()));
    assert_eq!(reply.expect(202), json!({}));
    let members = ids(&server.genesys_all(&path));
    assert!(new.iter().all(|id| members.contains(id)));
    assert_eq!(count(&server), before + 3);
    assert_eq!(server.genesys("POST", &path, Some(body)).expect(202), json!({}), "once more changes nothing");
    assert_eq!(count(&server), before + 3);

    let path_of = |ids: &str| format!("{path}?ids={ids}");
    let both = format!("{},{}", new[0], new[1]);
    assert_eq!(server.genesys("DELETE", &path_of(&both), None).expect(202), json!({}));
    let encoded = format!("{}%2Cnobody", new[2]);
    assert_eq!(server.genesys("DELETE", &path_of(&encoded), None).expect(202), json!({}));
    assert_eq!(count(&server), before);
    let group = server.genesys_group("Supervisors");
    assert_eq!(group["version"], json!(23), "membership is not part of the version");
}

#[test]
fn members_are_shown_with_more_when_asked() {
    let server = Server::with(orgdeck_sandbox::Config::default());
    let path = format!("/groups/{}/members?pageSize=500", text(&server.genesys_group("All Staff")["id"]));
    let plain = server.genesys("GET", &path, None).expect(200);
    let fields = [
        "presence",
        "routingStatus",
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
        "certifications",
        "employerInfo",
        "dateLastLogin",
    ];
    let expanded = server.genesys("GET", &format!("{path}&expand={}", fields.join(",")), None).expect(200);
    let repeated = fields.map(|field| format!("&expand={field}")).concat();
    let again = server.genesys("GET", &format!("{path}{repeated}"), None).expect(200);
    assert_eq!(expanded["entities"], again["entities"]);
    let people = expanded["entities"].as_array().unwrap();
    for field in fields {
        let found = people.iter().filter(|person| person.get(field).is_some());
        let filled = found.filter(|person| person[field] != json!([]) && person[field] != json!({})).count();
        assert!(
            filled > 50 || field == "station" && filled > 5 || field == "certifications",
            "{field} {filled}"
        );
        assert!(plain["entities"][0].get(field).is_none(), "{field}");
    }
    let able = people.iter().find(|person| person["skills"] != json!([])).unwrap();
    assert_eq!(keys(&able["skills"][0]), ["id", "name", "proficiency", "selfUri", "skillUri", "state"]);
    assert_eq!(able["profileSkills"][0], able["skills"][0]["name"]);
    assert!(able["languages"][0]["languageUri"].is_string());
    assert!(able["groups"].as_array().unwrap().iter().any(|group| group["name"] == "All Staff"));
    let wrong = server.genesys("GET", &format!("{path}&expand=presence,colour"), None);
    assert_eq!(wrong.code(400), "invalid.value");
}

// Profiles and fields ----------------------------------------------------------------------------

#[test]
fn a_profile_has_the_fields_that_the_configuration_names() {
    let server = Server::new();
    let group = server.genesys_group("All Staff");
    let path = format!("/groups/{}/profile", text(&group["id"]));
    let plain = server.genesys("GET", &path, None).expect(200);
    assert_eq!(keys(&plain), ["dateModified", "id", "name", "selfUri", "state", "version"]);
    assert_eq!((&plain["version"], &plain["name"]), (&group["version"], &group["name"]));
    assert_eq!(plain["selfUri"], json!(format!("/api/v2{path}")));

    let config = server.genesys("GET", "/fieldconfig?type=group", None).expect(200);
    assert!(config["version"].is_string() && config["schemaVersion"].is_string());
    let keys: Vec<String> = config["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["fieldList"].as_array().unwrap())
        .map(|field| text(&field["key"]))
        .collect();
    assert!(keys.contains(&"description".to_owned()));
    let whole = server.genesys("GET", &format!("{path}?fields={}", keys.join(",")), None).expect(200);
    assert_eq!((&whole["description"], &whole["phone"]), (&group["description"], &group["addresses"]));
    assert_eq!(server.genesys("GET", &format!("{path}?fields=name,colour"), None).code(400), "invalid.value");
    assert_eq!(server.genesys("GET", "/groups/x/profile", None).code(404), "general.resource.not.found");
}

#[test]
fn profiles_are_listed_like_groups() {
    let server = Server::new();
    let groups = server.genesys_all("/groups");
    let profiles = server.genesys_all("/profiles/groups?pageSize=9");
    assert_eq!(ids(&profiles), ids(&groups));
    let wanted = format!("/profiles/groups?id={},{}", text(&groups[3]["id"]), text(&groups[1]["id"]));
    assert_eq!(ids(&server.genesys_all(&wanted)), [text(&groups[1]["id"]), text(&groups[3]["id"])]);
}

#[test]
fn field_configurations_exist_for_four_types() {
    let server = Server::new();
    for entity in ["person", "group", "org", "externalContact"] {
        let config = server.genesys("GET", &format!("/fieldconfig?type={entity}"), None).expect(200);
        assert_eq!(config["entityType"], entity);
        let field = &config["sections"][0]["fieldList"][0];
        for name in
            ["key", "type", "required", "repeatable", "labelKeys", "params", "state", "customLabels", "gdpr"]
        {
            assert!(field.get(name).is_some(), "{name}");
        }
    }
    assert_eq!(server.genesys("GET", "/fieldconfig?type=robot", None).code(400), "bad.entity.type");
    assert_eq!(server.genesys("GET", "/fieldconfig", None).code(400), "bad.request");
}

// Dynamic settings -------------------------------------------------------------------------------

/// A rule for people who have a skill, and the skill's id.
fn rule(server: &Server, comparator: &str, proficiency: i64) -> Value {
    let skills = server.genesys_all("/routing/skills");
    let skill = skills.iter().find(|skill| skill["name"] == "Chat").unwrap();
    let test = json!({ "routingSkill": skill["id"], "comparator": comparator, "proficiency": proficiency });
    json!({ "skillConditions": [
        { "operation": "And", "routingSkillConditions": [test], "languageSkillConditions": [] }
    ] })
}

#[test]
fn dynamic_settings_are_stored_and_bring_people() {
    let server = Server::with(orgdeck_sandbox::Config { genesys_lag_ms: 0, ..Default::default() });
    let before = server.genesys_group("Supervisors");
    let group = format!("/groups/{}", text(&before["id"]));
    let path = format!("{group}/dynamicsettings");
    assert_eq!(server.genesys("GET", &path, None).code(404), "not.found");
    assert_eq!(server.genesys("DELETE", &path, None).code(404), "not.found");

    let query = rule(&server, "GreaterThanOrEqualTo", 1);
    let count = server.genesys("POST", "/groups/dynamicsettings/preview", Some(query.clone())).expect(200);
    let able: Vec<String> = server
        .genesys_all("/users?pageSize=500&expand=skills")
        .iter()
        .filter(|user| {
            let skills = user["skills"].as_array().unwrap();
            skills.iter().any(|skill| skill["name"] == "Chat" && skill["proficiency"].as_i64() >= Some(1))
        })
        .map(|user| text(&user["id"]))
        .collect();
    assert!(able.len() > 5);
    assert_eq!(count, json!({ "userCount": able.len() }));

    let reply = server.genesys("PUT", &path, Some(query.clone()));
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    let stored = server.genesys("GET", &path, None).expect(200);
    assert_eq!(keys(&stored), ["dateModified", "group", "query", "selfUri"]);
    assert_eq!(stored["query"], query);
    assert_eq!(stored["group"], json!({ "id": before["id"], "selfUri": format!("/api/v2{group}") }));
    let members = ids(&server.genesys_all(&format!("{group}/members")));
    assert!(able.iter().all(|id| members.contains(id)));
    let after = server.genesys("GET", &group, None).expect(200);
    assert_eq!((&after["memberCount"], &after["version"]), (&json!(members.len()), &before["version"]));

    assert_eq!(server.genesys("PUT", &path, Some(rule(&server, "LessThan", 0))).status, 204);
    assert_eq!(server.genesys("GET", &group, None).expect(200)["memberCount"], before["memberCount"]);
    server.genesys("PUT", &path, Some(query));
    assert_eq!(server.genesys("DELETE", &path, None).status, 204);
    assert_eq!(server.genesys("GET", &path, None).status, 404);
    assert_eq!(server.genesys("GET", &group, None).expect(200), before);
}

#[test]
fn conditions_combine_and_nest() {
    let server = Server::with(orgdeck_sandbox::Config::default());
    let users = server.genesys_all("/users?pageSize=500&expand=skills,languages");
    let skills = server.genesys_all("/routing/skills");
    let languages = server.genesys_all("/routing/languages");
    let id =
        |list: &[Value], name: &str| list.iter().find(|skill| skill["name"] == name).unwrap()["id"].clone();
    let test = |name: &str, comparator: &str, proficiency: i64| {
        let skill = id(&skills, name);
        json!({ "routingSkill": skill, "comparator": comparator, "proficiency": proficiency })
    };
    let english = [json!({
        "languageSkill": id(&languages, "English"),
        "comparator": "GreaterThanOrEqualTo",
        "proficiency": 0,
    })];
    let condition = |operation: &str, routing: &[Value], language: &[Value]| {
        json!({
            "operation": operation,
            "routingSkillConditions": routing,
            "languageSkillConditions": language,
        })
    };
    let count = |conditions: &[Value]| {
        let body = json!({ "skillConditions": conditions });
        let reply = server.genesys("POST", "/groups/dynamicsettings/preview", Some(body));
        reply.expect(200)["userCount"].as_u64().unwrap() as usize
    };
    let level = |user: &Value, name: &str| -> Option<i64> {
        let list = |field: &str| user[field].as_array().unwrap().clone();
        let all = [list("skills"), list("languages")].concat();
        all.iter().find(|skill| skill["name"] == name)?["proficiency"].as_i64()
    };
    let people = |holds: &dyn Fn(&Value) -> bool| users.iter().filter(|user| holds(user)).count();
    let speaks = |user: &Value| level(user, "English").is_some();
    let has = |user: &Value, name| level(user, name).is_some();

    let any = |name| test(name, "GreaterThanOrEqualTo", 0);
    let (chat, billing) = ([any("Chat")], any("Billing"));
    for (conditions, expected) in [
        (
            vec![condition("And", &[chat[0].clone(), billing], &[])],
            people(&|u| has(u, "Chat") && has(u, "Billing")),
        ),
        (vec![condition("Or", &chat, &english)], people(&|u| has(u, "Chat") || speaks(u))),
        (vec![condition("Not", &chat, &english)], people(&|u| !has(u, "Chat") && !speaks(u))),
        (
            vec![condition("And", &chat, &[]), condition("Not", &[], &english)],
            people(&|u| has(u, "Chat") && !speaks(u)),
        ),
    ] {
        assert_eq!(count(&conditions), expected, "{conditions:?}");
    }
    for (comparator, compares) in [
        ("EqualTo", (|a, b| a == b) as fn(i64, i64) -> bool),
        ("NotEqualTo", |a, b| a != b),
        ("LessThan", |a, b| a < b),
        ("LessThanOrEqualTo", |a, b| a <= b),
        ("GreaterThan", |a, b| a > b),
        ("GreaterThanOrEqualTo", |a, b| a >= b),
    ] {
        let expected = people(&|u| level(u, "Chat").is_some_and(|level| compares(level, 3)));
        assert_eq!(count(&[condition("And", &[test("Chat", comparator, 3)], &[])]), expected, "{comparator}");
    }
    let [mut nested] = chat;
    nested["childConditions"] = json!([condition("Not", &[], &english)]);
    assert_eq!(count(&[condition("And", &[nested], &[])]), people(&|u| has(u, "Chat") && !speaks(u)));
}

#[test]
fn dynamic_settings_that_make_no_sense_are_refused() {
    let server = Server::new();
    let valid = rule(&server, "EqualTo", 3);
    let with = |pointer: &str, value: Value| {
        let mut query = valid.clone();
        *query.pointer_mut(pointer).unwrap() = value;
        query
    };
    let test = "/skillConditions/0/routingSkillConditions/0";
    let language = server.genesys_all("/routing/languages")[0]["id"].clone();
    for (query, code) in [
        (json!({}), "bad.request"),
        (json!({ "skillConditions": [] }), "invalid.value"),
        (json!({ "skillConditions": {} }), "bad.request"),
        (with("/skillConditions/0/operation", json!("Xor")), "invalid.value"),
        (with("/skillConditions/0/operation", Value::Null), "bad.request"),
        (with("/skillConditions/0/languageSkillConditions", Value::Null), "bad.request"),
        (with("/skillConditions/0/routingSkillConditions", json!([])), "invalid.value"),
        (with(&format!("{test}/comparator"), json!("Like")), "invalid.value"),
        (with(&format!("{test}/comparator"), Value::Null), "bad.request"),
        (with(&format!("{test}/proficiency"), json!(6)), "invalid.value"),
        (with(&format!("{test}/proficiency"), json!(-1)), "invalid.value"),
        (with(&format!("{test}/proficiency"), json!(2.5)), "bad.request"),
        (with(&format!("{test}/routingSkill"), json!("x")), "bad.request"),
        (with(&format!("{test}/routingSkill"), language), "bad.request"),
        (with(test, json!({})), "bad.request"),
    ] {
        let reply = server.genesys("POST", "/groups/dynamicsettings/preview", Some(query.clone()));
        assert_eq!(reply.code(400), code, "{query}");
        let path = format!("/groups/{}/dynamicsettings", text(&server.genesys_group("Reserve")["id"]));
        assert_eq!(server.genesys("PUT", &path, Some(query)).status, 400);
        assert_eq!(server.genesys("GET", &path, None).status, 404);
    }
    let mut nested = valid.clone();
    nested["skillConditions"][0]["routingSkillConditions"][0]["childConditions"] =
        json!([{ "operation": "And", "routingSkillConditions": [{}], "languageSkillConditions": [] }]);
    let reply = server.genesys("POST", "/groups/dynamicsettings/preview", Some(nested));
    assert_eq!(
        reply.expect(400)["details"][0]["fieldName"],
        "skillConditions[0].routingSkillConditions[0].childConditions[0].routingSkillConditions[0].routingSkill"
    );
}

// People -----------------------------------------------------------------------------------------

#[test]
fn users_are_listed_read_and_filtered() {
    let server = Server::with(orgdeck_sandbox::Config::default());
    let active = server.genesys_all("/users?pageSize=50");
    let names: Vec<String> = active.iter().map(|user| text(&user["name"])).collect();
    assert!(names.is_sorted());
    assert!(active.iter().all(|user| user["state"] == "active"));
    let of_state = |state: &str| server.genesys_all(&format!("/users?pageSize=500&state={state}")).len();
    assert_eq!(of_state("any"), active.len() + of_state("inactive") + of_state("deleted"));
    assert!(of_state("any") > active.len());

    let user = &active[5];
    let id = text(&user["id"]);
    assert_eq!(&server.genesys("GET", &format!("/users/{id}"), None).expect(200), user);
    let two =
        server.genesys_all(&format!("/users?id={id}&id={},nobody&sortOrder=DESC", text(&active[9]["id"])));
    assert_eq!(ids(&two), [text(&active[9]["id"]), id.clone()]);
    assert_eq!(server.genesys("GET", "/users/nobody", None).code(404), "general.resource.not.found");
    assert_eq!(server.genesys("GET", "/users?state=gone", None).code(400), "invalid.value");
    let able = server.genesys("GET", &format!("/users/{id}?expand=skills,presence"), None).expect(200);
    assert!(
        able["skills"].is_array() && able["presence"]["presenceDefinition"]["systemPresence"].is_string()
    );
    let contact = &user["primaryContactInfo"][0];
    assert_eq!((&contact["mediaType"], &contact["address"]), (&json!("EMAIL"), &user["email"]));
}

#[test]
fn me_is_the_same_person_as_with_the_other_vendor() {
    let server = Server::new();
    for (genesys, close) in [(common::GENESYS, KEY), (GENESYS_USER, common::USER)] {
        let here = server.genesys_as(genesys, "GET", "/users/me?expand=authorization", None).expect(200);
        let there = server.api(close, "GET", "/me/", None).expect(200);
        assert_eq!(here["email"], there["email"]);
        let manages =
            here["authorization"]["permissions"].as_array().unwrap().contains(&json!("directory:group:edit"));
        assert_eq!(manages, genesys == common::GENESYS);
    }
    let token = server.genesys("GET", "/tokens/me", None).expect(200);
    assert!(token["organization"]["id"].is_string() && token["OAuthClient"]["id"].is_string());
}

#[test]
fn skills_and_languages_are_listed() {
    let server = Server::new();
    for path in ["/routing/skills", "/routing/languages"] {
        let skills = server.genesys_all(&format!("{path}?pageSize=3"));
        assert!(skills.len() > 5);
        assert_eq!(keys(&skills[0]), ["id", "name", "selfUri", "state"]);
    }
}
