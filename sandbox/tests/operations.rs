//! Every operation of the dialect, each at least once, as a client meets it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{ADMIN, KEY, Server, USER, keys, text};
use serde_json::{Value, json};

// Users ------------------------------------------------------------------------------------------

#[test]
fn me_shows_whole_organizations_memberships_mailboxes_and_numbers() {
    let server = Server::new();
    let me = server.get("/me/").expect(200);
    assert_eq!((&me["first_name"], &me["email"]), (&json!("Ada"), &json!("ada.lindqvist@example.com")));
    let organization = &me["organizations"][0];
    assert!(text(&organization["id"]).starts_with("orga_"));
    assert_eq!(organization["lead_statuses"].as_array().unwrap().len(), 5);
    assert!(organization.get("memberships").is_none());
    let membership = &me["memberships"][0];
    assert_eq!(
        (&membership["role_id"], &membership["user_id"], &membership["organization_id"]),
        (&json!("admin"), &me["id"], &organization["id"])
    );
    assert_eq!(membership["permissions_granted"].as_array().unwrap().len(), 24);
    assert_eq!(me["email_accounts"][0]["identities"][0]["email"], "ada.lindqvist@example.com");
    assert!(text(&me["phone_numbers"][0]["number"]).starts_with('+'));
    assert_eq!(server.api(USER, "GET", "/me/", None).expect(200)["email"], "tomas.nunez@example.com");
}

#[test]
fn users_are_listed_by_id_and_former_ones_belong_nowhere() {
    let server = Server::new();
    let users = server.all("/user/", 7);
    assert_eq!(users.len(), 60);
    let ids: Vec<String> = users.iter().map(|user| text(&user["id"])).collect();
    assert!(ids.is_sorted());
    assert!(ids.iter().all(|id| id.len() == "user_".len() + 43));
    let organization = server.organization();
    let (mut active, mut former) = (0, 0);
    for user in &users {
        match user["organizations"].as_array().unwrap().as_slice() {
            [] => former += 1,
            [only] => {
                assert_eq!(only, &organization["id"]);
                active += 1;
            }
            more => panic!("{more:?}"),
        }
    }
    assert_eq!(active, organization["memberships"].as_array().unwrap().len());
    assert_eq!(former, organization["inactive_memberships"].as_array().unwrap().len());
    assert!(former > 0);
}

#[test]
fn a_user_is_read_by_id() {
    let server = Server::new();
    let first = server.get("/user/?_limit=1").expect(200)["data"][0].clone();
    let alone = server.get(&format!("/user/{}/", text(&first["id"]))).expect(200);
    assert_eq!(alone, first);
    assert_eq!(
        server.get("/user/user_nobody/").expect(404),
        json!({ "error": "Empty query: User matching query does not exist." })
    );
}

#[test]
fn availability_shows_three_devices_of_everybody_active_and_no_pages() {
    let server = Server::new();
    let answer = server.get("/user/availability/").expect(200);
    assert_eq!(keys(&answer), ["data"]);
    let people = answer["data"].as_array().unwrap();
    assert_eq!(people.len(), server.memberships().len());
    let mut online = 0;
    for person in people {
        let devices = person["availability"].as_array().unwrap();
        let kinds: Vec<&Value> = devices.iter().map(|device| &device["type"]).collect();
        assert_eq!(kinds, ["mobile", "native", "web"]);
        online += devices.iter().filter(|device| device["status"] == "online").count();
    }
    assert!(online > 0);
    let own = format!("/user/availability/?organization_id={}", server.organization_id());
    assert_eq!(server.get(&own).expect(200), answer);
    assert_eq!(server.get("/user/availability/?organization_id=orga_x").expect(200), json!({ "data": [] }));
}

// Organizations ----------------------------------------------------------------------------------

#[test]
fn an_organization_embeds_flat_or_expanded_memberships() {
    let server = Server::new();
    let organization = server.organization();
    let member = &organization["memberships"][0];
    for field in
        ["user_email", "user_first_name", "user_last_name", "user_full_name", "user_phone", "user_id"]
    {
        assert!(member.get(field).is_some(), "{field}");
    }
    assert!(member.get("user").is_none() && member.get("organization_id").is_none());
    assert!(!text(&organization["pipelines"][0]["date_created"]).contains('+'), "no offset");

    let path = format!("/organization/{}/?_expand=memberships__user", text(&organization["id"]));
    let expanded = server.get(&path).expect(200);
    let member = &expanded["memberships"][0];
    assert_eq!(member["user"]["id"], member["user_id"]);
    assert!(member.get("user_email").is_none());
    assert!(expanded["inactive_memberships"][0].get("user_email").is_some(), "only what was asked for");

    let both = server.get(&format!("{path},inactive_memberships__user&_fields=inactive_memberships"));
    assert_eq!(both.expect(200)["inactive_memberships"][0]["user"]["organizations"], json!([]));
    assert_eq!(keys(&both.json()), ["inactive_memberships"]);
    assert_eq!(server.get("/organization/orga_other/").status, 404);
}

#[test]
fn embedded_memberships_grant_what_their_role_does() {
    let server = Server::new();
    let bare = server.post("/role/", json!({ "name": "Bare", "permissions": [] })).expect(201);
    let path = format!("/membership/{}/", text(&server.some_user()["id"]));
    let alone = server.put(&path, json!({ "role_id": bare["id"] })).expect(200);
    assert_eq!(alone["permissions_granted"], json!([]));
    let roles = server.all("/role/", 100);
    for member in server.memberships() {
        let role = roles.iter().find(|role| role["id"] == member["role_id"]).unwrap();
        assert_eq!(member["permissions_granted"], role["permissions"]);
    }
}

#[test]
fn an_organization_is_renamed_and_its_lead_statuses_reordered() {
    let server = Server::new();
    let organization = server.organization();
    let path = format!("/organization/{}/", text(&organization["id"]));
    let mut order: Vec<Value> = organization["lead_statuses"].as_array().unwrap().clone();
    order.reverse();
    let ids: Vec<Value> = order.iter().map(|status| json!({ "id": status["id"] })).collect();
    let updated = server
        .put(&path, json!({ "name": "Ærlig", "currency": "EUR", "lead_statuses": ids, "require_unsubscribe_link": true }))
        .expect(200);
    assert_eq!((&updated["name"], &updated["currency_symbol"]), (&json!("Ærlig"), &json!("€")));
    assert_eq!(updated["lead_statuses"], json!(order));
    assert!(text(&updated["date_updated"]) > text(&organization["date_updated"]));
    assert_eq!(server.organization(), updated);

    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": null }), "name"),
        (json!({ "currency": "euro" }), "currency"),
        (json!({ "lead_statuses": [ids[0]] }), "lead_statuses"),
        (json!({ "lead_statuses": [] }), "lead_statuses"),
        (json!({ "lead_statuses": [{ "id": "stat_x" }] }), "lead_statuses"),
        (json!({ "lead_statuses": [{ "label": "New" }] }), "lead_statuses"),
        (json!({ "lead_statuses": [{ "id": ids[0]["id"], "label": "Renamed" }] }), "lead_statuses"),
        (json!({ "lead_statuses": [ids[0], ids[0]] }), "lead_statuses"),
        (json!({ "enable_unsubscribe_link": "yes" }), "enable_unsubscribe_link"),
        (json!({ "colour": "red" }), "colour"),
    ] {
        assert!(!server.put(&path, body.clone()).field_error(field).is_null(), "{body}");
    }
    assert_eq!(server.organization(), updated, "nothing of it was kept");
}

// Memberships ------------------------------------------------------------------------------------

#[test]
fn creating_a_membership_makes_the_user_too() {
    let server = Server::new();
    let created = server
        .post("/membership/", json!({ "email": "New.Person@example.org", "role_id": "user" }))
        .expect(200);
    assert_eq!((&created["role_id"], &created["role"]), (&json!("user"), &json!("user")));
    assert_eq!(created["auto_record_calls"], "unset");
    assert_eq!(created["organization_id"], json!(server.organization_id()));
    let user = server.get(&format!("/user/{}/", text(&created["user_id"]))).expect(200);
    assert_eq!((&user["email"], &user["first_name"]), (&json!("new.person@example.org"), &Value::Null));
}

#[test]
fn creating_a_membership_again_changes_nothing_and_brings_back_those_who_left() {
    let server = Server::new();
    let member = server.some_user();
    let invitation = json!({ "email": member["user_email"], "role_id": "superuser" });
    let again = server.post("/membership/", invitation.clone()).expect(200);
    assert_eq!((&again["id"], &again["role_id"]), (&member["id"], &json!("user")));

    server.delete(&format!("/membership/{}/", text(&member["id"]))).expect(200);
    let back = server.post("/membership/", invitation).expect(200);
    assert_eq!((&back["id"], &back["role_id"]), (&member["id"], &json!("superuser")));
    assert!(server.memberships().iter().any(|m| m["id"] == member["id"]));
}

#[test]
fn one_membership_is_updated_field_by_field() {
    let server = Server::new();
    let path = format!("/membership/{}/", text(&server.some_user()["id"]));
    let phone = text(&server.get("/me/").expect(200)["phone_numbers"][0]["id"]);
    let updated = server
        .put(
            &path,
            json!({ "role_id": "restricteduser", "auto_record_calls": "enabled", "default_caller_id": phone,
                    "default_caller_id_mode": "auto", "hangup_recording_url": "https://example.com/bye.mp3",
                    "may_workflows_impersonate": false, "track_email_opens": false }),
        )
        .expect(200);
    assert_eq!(updated["role_id"], "restricteduser");
    assert_eq!(updated["permissions_granted"].as_array().unwrap().len(), 5);
    assert_eq!(
        (&updated["auto_record_calls"], &updated["default_caller_id"]),
        (&json!("enabled"), &json!(phone))
    );
    let cleared = server.put(&path, json!({ "default_caller_id": null })).expect(200);
    assert_eq!(cleared["default_caller_id"], Value::Null);
    assert_eq!(cleared["hangup_recording_url"], "https://example.com/bye.mp3", "absent is unchanged");

    for (body, field) in [
        (json!({ "role_id": "role_unknown" }), "role_id"),
        (json!({ "role_id": null }), "role_id"),
        (json!({ "auto_record_calls": "always" }), "auto_record_calls"),
        (json!({ "auto_record_calls": null }), "auto_record_calls"),
        (json!({ "default_caller_id": "phon_x" }), "default_caller_id"),
        (json!({ "track_email_opens": 1 }), "track_email_opens"),
        (json!({ "is_free": true }), "is_free"),
    ] {
        assert!(!server.put(&path, body.clone()).field_error(field).is_null(), "{body}");
    }
    assert_eq!(server.put("/membership/memb_x/", json!({})).status, 404);
}

#[test]
fn many_memberships_are_updated_at_once() {
    let server = Server::new();
    let ids: Vec<String> = server.memberships().iter().take(3).map(|m| text(&m["id"])).collect();
    let listed = format!("{},memb_unknown", ids.join(","));
    let body = json!({ "_params": { "id__in": listed }, "auto_record_calls": "disabled" });
    assert_eq!(server.put("/membership/", body).expect(200), json!({ "count": 3 }));
    let changed = server.memberships();
    assert!(
        changed
            .iter()
            .filter(|m| ids.contains(&text(&m["id"])))
            .all(|m| m["auto_record_calls"] == "disabled")
    );

    let query = format!("/membership/?id__in={}", ids[0]);
    assert_eq!(
        server.put(&query, json!({ "auto_record_calls": "unset" })).expect(200),
        json!({ "count": 1 })
    );
}

#[test]
fn pinned_views_are_read_in_order() {
    let server = Server::new();
    let own = text(&server.membership_of(KEY)["id"]);
    let pinned = server.get(&format!("/membership/{own}/pinned_views/")).expect(200);
    let ids = pinned["saved_view_ids"].as_array().unwrap();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| text(id).starts_with("save_")));
    assert_eq!(server.get("/membership/memb_x/pinned_views/").status, 404);
}

#[test]
fn pinned_views_are_replaced_as_a_whole() {
    let server = Server::new();
    let path =
        |credential| format!("/membership/{}/pinned_views/", text(&server.membership_of(credential)["id"]));
    let (own, other) = (path(KEY), path(USER));
    let mut ids = server.get(&other).expect(200)["saved_view_ids"].as_array().unwrap().clone();
    ids.reverse();
    let body = json!({ "saved_view_ids": ids });
    assert_eq!(server.put(&own, body.clone()).expect(200), body);
    assert_eq!(server.get(&own).expect(200), body);

    let unknown = server.put(&own, json!({ "saved_view_ids": [ids[0], "save_x"] }));
    assert_eq!(unknown.field_error("saved_view_ids"), json!({ "errors": { "1": "Object does not exist." } }));
    assert_eq!(server.put(&own, json!({})).field_error("saved_view_ids"), "This field is required.");
    assert!(
        !server
            .put(&own, json!({ "saved_view_ids": [ids[0], ids[0]] }))
            .field_error("saved_view_ids")
            .is_null()
    );
    assert!(!server.put(&own, json!({ "saved_view_ids": [], "more": 1 })).field_error("more").is_null());
    assert_eq!(server.get(&own).expect(200), body);
    assert_eq!(
        server.put(&own, json!({ "saved_view_ids": [] })).expect(200),
        json!({ "saved_view_ids": [] })
    );
}

#[test]
fn a_deleted_membership_is_remembered_as_inactive() {
    let server = Server::new();
    let member = server.some_user();
    let path = format!("/membership/{}/", text(&member["id"]));
    assert_eq!(server.delete(&path).expect(200), json!({}));
    let organization = server.organization();
    let within = |list: &str| organization[list].as_array().unwrap().iter().any(|m| m["id"] == member["id"]);
    assert!(within("inactive_memberships") && !within("memberships"));
    let user = server.get(&format!("/user/{}/", text(&member["user_id"]))).expect(200);
    assert_eq!(user["organizations"], json!([]));
}

// Roles ------------------------------------------------------------------------------------------

#[test]
fn roles_are_listed_built_in_and_custom() {
    let server = Server::new();
    let roles = server.all("/role/", 2);
    let find = |id: &str| roles.iter().find(|role| role["id"] == id).unwrap();
    for (id, name, count) in [
        ("admin", "Admin", 24),
        ("superuser", "Super User", 23),
        ("user", "User", 13),
        ("restricteduser", "Restricted User", 5),
    ] {
        let role = find(id);
        assert_eq!((&role["name"], &role["editable"]), (&json!(name), &json!(false)));
        assert_eq!(role["permissions"].as_array().unwrap().len(), count);
        assert_eq!(role["date_created"], "0001-01-01T00:00:00");
        assert_eq!(role["visibility_user_lcf_ids"], Value::Null);
    }
    assert_eq!(roles.iter().filter(|role| role["editable"] == json!(true)).count(), 5);
}

#[test]
fn a_role_is_created() {
    let server = Server::new();
    let body = json!({ "name": "Trainee", "permissions": ["export", "calling", "calling"],
                       "visibility_user_lcf_ids": ["cf_region"], "visibility_user_lcf_behavior": "require_assignment" });
    let role = server.post("/role/", body).expect(201);
    assert!(text(&role["id"]).starts_with("role_"));
    assert_eq!(role["permissions"], json!(["calling", "export"]), "a sorted set");
    assert_eq!(role["visibility_user_lcf_ids"], json!(["cf_region"]));
    assert_eq!(server.get(&format!("/role/{}/", text(&role["id"]))).expect(200), role);

    for (body, field) in [
        (json!({ "permissions": [] }), "name"),
        (json!({ "name": "x" }), "permissions"),
        (json!({ "name": "x", "permissions": null }), "permissions"),
        (json!({ "name": "x", "permissions": ["fly"] }), "permissions"),
        (json!({ "name": "x", "permissions": "calling" }), "permissions"),
        (
            json!({ "name": "x", "permissions": [], "visibility_user_lcf_behavior": "sometimes" }),
            "visibility_user_lcf_behavior",
        ),
        (
            json!({ "name": "x", "permissions": ["view_all_leads"], "visibility_user_lcf_ids": ["cf_a"] }),
            "visibility_user_lcf_ids",
        ),
    ] {
        assert!(!server.post("/role/", body.clone()).field_error(field).is_null(), "{body}");
    }
}

#[test]
fn a_role_is_read_by_id_or_slug() {
    let server = Server::new();
    assert_eq!(server.get("/role/superuser/").expect(200)["name"], "Super User");
    let id = server.role("Regional Rep");
    let role = server.get(&format!("/role/{id}/")).expect(200);
    assert_eq!(role["visibility_user_lcf_behavior"], "require_assignment");
    assert_eq!(role["visibility_user_lcf_ids"].as_array().unwrap().len(), 2);
    assert_eq!(server.get("/role/role_x/").status, 404);
}

#[test]
fn a_custom_role_is_updated_and_a_built_in_one_is_not() {
    let server = Server::new();
    let path = format!("/role/{}/", server.role("Regional Rep"));
    let before = server.get(&path).expect(200);
    let updated = server.put(&path, json!({ "permissions": ["export", "calling"] })).expect(200);
    assert_eq!(updated["permissions"], json!(["calling", "export"]));
    assert_eq!(updated["name"], before["name"]);
    assert_eq!(updated["visibility_user_lcf_ids"], before["visibility_user_lcf_ids"]);
    // Seeing all leads and seeing only some exclude each other, also with what is already stored.
    let all = json!({ "permissions": ["view_all_leads"] });
    assert!(!server.put(&path, all).field_error("visibility_user_lcf_ids").is_null());
    let both = json!({ "permissions": ["view_all_leads"], "visibility_user_lcf_ids": null, "visibility_user_lcf_behavior": null });
    assert_eq!(server.put(&path, both).expect(200)["visibility_user_lcf_behavior"], Value::Null);
    assert_eq!(server.put("/role/user/", json!({ "name": "Users" })).status, 400);
    assert_eq!(server.get("/role/user/").expect(200)["name"], "User");
}

#[test]
fn a_role_is_deleted_once_nobody_has_it() {
    let server = Server::new();
    let path = format!("/role/{}/", server.role("Partner"));
    assert_eq!(server.delete(&path).expect(200), json!({}));
    assert_eq!(server.get(&path).status, 404);
    assert_eq!(server.delete("/role/user/").status, 400);

    let used = server.role("Auditor");
    let member = format!("/membership/{}/", text(&server.some_user()["id"]));
    server.put(&member, json!({ "role_id": used })).expect(200);
    let refused = server.delete(&format!("/role/{used}/")).expect(400);
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1);
}

// Groups -----------------------------------------------------------------------------------------

#[test]
fn groups_are_listed_without_members() {
    let server = Server::new();
    let groups = server.all("/group/?_fields=id,name,organization_id,members", 5);
    assert_eq!(groups.len(), 12);
    for group in &groups {
        assert_eq!(keys(group), ["id", "name", "organization_id"]);
        assert_eq!(text(&group["id"]).len(), "group_".len() + 22);
    }
}

#[test]
fn a_group_is_created_empty_and_its_name_is_unique() {
    let server = Server::new();
    let group = server.post("/group/", json!({ "name": "Élan" })).expect(201);
    assert_eq!((&group["name"], &group["members"]), (&json!("Élan"), &json!([])));
    assert_eq!(
        server.post("/group/", json!({ "name": "Élan" })).expect(400),
        json!({ "errors": [], "field-errors": { "name": "A group with this name already exists." } })
    );
    assert_eq!(server.post("/group/", json!({})).field_error("name"), "This field is required.");
    assert!(!server.post("/group/", json!({ "name": " " })).field_error("name").is_null());
    assert!(!server.post("/group/", json!({ "name": 7 })).field_error("name").is_null());
    assert!(!server.post("/group/", json!({ "name": "x", "members": [] })).field_error("members").is_null());
}

#[test]
fn a_member_is_added_to_a_group_once_however_often() {
    let server = Server::new();
    let group = server.post("/group/?_fields=id", json!({ "name": "Choir" })).expect(201);
    let path = format!("/group/{}/member/", text(&group["id"]));
    let body = json!({ "user_id": server.some_user()["user_id"] });
    assert_eq!(server.post(&path, body.clone()).expect(201), body);
    assert_eq!(server.post(&path, body.clone()).expect(201), body);
    let group = server.get(&format!("/group/{}/", text(&group["id"]))).expect(200);
    assert_eq!(group["members"], json!([body]));

    assert_eq!(
        server.post(&path, json!({ "user_id": "user_x" })).field_error("user_id"),
        "Object does not exist."
    );
    assert_eq!(server.post(&path, json!({})).field_error("user_id"), "This field is required.");
    assert!(
        !server.post(&path, json!({ "user_id": body["user_id"], "role": 1 })).field_error("role").is_null()
    );
    let former = server.organization()["inactive_memberships"][0]["user_id"].clone();
    assert_eq!(
        server.post(&path, json!({ "user_id": former })).field_error("user_id"),
        "Object does not exist."
    );
    assert_eq!(server.post("/group/group_x/member/", body).status, 404);
}

#[test]
fn a_member_is_removed_from_a_group_once_however_often() {
    let server = Server::new();
    let path = format!("/group/{}/", server.group("Inbound"));
    let members = server.get(&path).expect(200)["members"].as_array().unwrap().clone();
    let removed = format!("{path}member/{}/", text(&members[0]["user_id"]));
    for _ in 0..2 {
        let reply = server.delete(&removed);
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    }
    assert_eq!(server.get(&path).expect(200)["members"].as_array().unwrap().len(), members.len() - 1);
}

#[test]
fn a_group_is_read_with_its_members() {
    let server = Server::new();
    let group = server.get(&format!("/group/{}/", server.group("日本チーム"))).expect(200);
    assert_eq!(keys(&group), ["id", "members", "name", "organization_id"]);
    assert_eq!(keys(&group["members"][0]), ["user_id"]);
    assert_eq!(
        server.get("/group/group_x/").expect(404),
        json!({ "error": "Empty query: Group matching query does not exist." })
    );
}

#[test]
fn a_group_is_renamed_but_not_to_a_name_taken() {
    let server = Server::new();
    let path = format!("/group/{}/", server.group("Inbound"));
    let renamed = server.put(&path, json!({ "name": "Incoming" })).expect(200);
    assert_eq!(renamed["name"], "Incoming");
    assert!(!renamed["members"].as_array().unwrap().is_empty());
    assert_eq!(server.put(&path, json!({ "name": "Incoming" })).status, 200, "its own name is not taken");
    assert!(!server.put(&path, json!({ "name": "Outbound" })).field_error("name").is_null());
    assert_eq!(server.put(&path, json!({})).field_error("name"), "This field is required.");
    assert_eq!(server.get(&path).expect(200)["name"], "Incoming");
}

#[test]
fn a_group_is_deleted_unless_a_smart_view_needs_it() {
    let server = Server::new();
    let people = server.memberships().len();
    let path = format!("/group/{}/", server.group("Inbound"));
    let reply = server.delete(&path);
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    assert_eq!(reply.header("content-type"), None);
    assert_eq!(server.get(&path).status, 404);
    assert_eq!(server.memberships().len(), people);

    let needed = format!("/group/{}/", server.group("Enterprise Sales"));
    assert_eq!(server.api(ADMIN, "DELETE", &needed, None).status, 400);
    assert!(!server.get(&needed).expect(200)["members"].as_array().unwrap().is_empty());
}
