//! What holds for all operations: who may, in which revision, which fields, which page, which words.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{ADMIN, KEY, Server, USER, keys, text};
use orgdeck_sandbox::{Config, VERIFIED_DOMAINS};
use serde_json::{Value, json};

// Credentials and permissions --------------------------------------------------------------------

#[test]
fn anything_but_the_known_credentials_is_unauthorized() {
    let server = Server::new();
    let wrong = [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer wrong"),
        Some("Bearer api_sandbox"),
        Some("sandbox-close-token"),
        Some("Basic !!!"),
        Some("Basic YXBpX3NhbmRib3g="),         // without the colon
        Some("Basic YXBpX3NhbmRib3g6c2VjcmV0"), // with a password
        Some("Basic c2FuZGJveC1jbG9zZS10b2tlbjo="),
    ];
    for credential in wrong {
        let headers = credential.map(|credential| ("authorization", credential));
        let reply = server.send("GET", "/api/v1/me/", headers.as_slice(), None).unwrap();
        assert_eq!(reply.expect(401), json!({ "error": "Unauthorized" }), "{credential:?}");
        assert_eq!(reply.header("www-authenticate"), None);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    for credential in [KEY, ADMIN, USER, "basic YXBpX3NhbmRib3g6", "BEARER sandbox-close-token"] {
        assert_eq!(server.api(credential, "GET", "/me/", None).status, 200, "{credential}");
    }
}

#[test]
fn a_plain_user_reads_everything_and_manages_nothing() {
    let server = Server::new();
    let organization = format!("/organization/{}/", server.organization_id());
    let group = format!("/group/{}/", server.group("Inbound"));
    let role = format!("/role/{}/", server.role("Partner"));
    let other = server.some_user();
    let member = format!("/membership/{}/", text(&other["id"]));
    let own = format!("/membership/{}/", text(&server.membership_of(USER)["id"]));

    for path in ["/user/", "/role/", "/group/", "/user/availability/", &organization, &group, &role] {
        assert_eq!(server.api(USER, "GET", path, None).status, 200, "{path}");
    }
    let bulk = json!({ "_params": { "id__in": other["id"] }, "track_email_opens": true });
    let refused: [(&str, String, Option<Value>); 14] = [
        ("PUT", organization, Some(json!({ "name": "Mine" }))),
        ("POST", "/membership/".into(), Some(json!({ "email": "x@example.com", "role_id": "user" }))),
        ("PUT", "/membership/".into(), Some(bulk)),
        ("PUT", member.clone(), Some(json!({ "role_id": "user" }))),
        ("DELETE", member.clone(), None),
        ("GET", format!("{member}pinned_views/"), None),
        ("PUT", format!("{member}pinned_views/"), Some(json!({ "saved_view_ids": [] }))),
        ("PUT", own.clone(), Some(json!({ "role_id": "admin" }))),
        ("POST", "/role/".into(), Some(json!({ "name": "x", "permissions": [] }))),
        ("PUT", role.clone(), Some(json!({ "name": "x" }))),
        ("DELETE", role, None),
        ("POST", "/group/".into(), Some(json!({ "name": "x" }))),
        ("POST", format!("{group}member/"), Some(json!({ "user_id": other["user_id"] }))),
        ("DELETE", group, None),
    ];
    for (method, path, body) in refused {
        let reply = server.api(USER, method, &path, body);
        assert_eq!(reply.status, 403, "{method} {path}: {}", reply.text);
        assert!(reply.json()["error"].is_string());
    }
    let settings = server.api(USER, "PUT", &own, Some(json!({ "track_email_opens": false })));
    assert_eq!(settings.expect(200)["track_email_opens"], json!(false));
    assert_eq!(server.api(USER, "GET", &format!("{own}pinned_views/"), None).status, 200);
}

#[test]
fn what_is_not_there_is_missing_before_it_is_forbidden_or_invalid() {
    let server = Server::new();
    assert_eq!(server.api(USER, "PUT", "/role/role_x/", Some(json!({ "name": 1 }))).status, 404);
    assert_eq!(server.api(USER, "POST", "/group/", Some(json!({ "nonsense": 1 }))).status, 403);
}

#[test]
fn a_deactivated_caller_is_locked_out() {
    let server = Server::new();
    let id = text(&server.membership_of(USER)["id"]);
    server.delete(&format!("/membership/{id}/")).expect(200);
    assert_eq!(server.api(USER, "GET", "/me/", None).status, 401);
}

#[test]
fn somebody_must_remain_who_can_manage() {
    let server = Server::new();
    let manages =
        |m: &Value| m["permissions_granted"].as_array().unwrap().contains(&json!("manage_organization"));
    let own = server.membership_of(KEY)["id"].clone();
    for member in server.memberships().iter().filter(|m| manages(m) && m["id"] != own) {
        server
            .put(&format!("/membership/{}/", text(&member["id"])), json!({ "role_id": "user" }))
            .expect(200);
    }
    let path = format!("/membership/{}/", text(&own));
    assert_eq!(server.put(&path, json!({ "role_id": "superuser" })).status, 400);
    assert_eq!(server.delete(&path).status, 400);
    // A custom role that manages is as good as the built-in one, until it is changed.
    let office = server.role("Office Manager");
    server.put(&path, json!({ "role_id": office })).expect(200);
    assert_eq!(server.put(&format!("/role/{office}/"), json!({ "permissions": [] })).status, 400);
    assert_eq!(server.get("/me/").status, 200);
    assert!(manages(&server.membership_of(KEY)));
}

// Revisions --------------------------------------------------------------------------------------

#[test]
fn the_newer_revision_guards_who_is_invited_to_what() {
    let server = Server::new();
    let invite =
        |email: &str, role: &str| server.post("/membership/", json!({ "email": email, "role_id": role }));
    for domain in VERIFIED_DOMAINS {
        invite(&format!("new@{domain}"), "user").expect(200);
    }
    assert!(!invite("new@elsewhere.example", "user").field_error("email").is_null());
    for email in
        ["", "new", "@example.com", "new@", "a b@example.com", "a@b@example.com", "a@.example.com", "a@com"]
    {
        assert!(!invite(email, "user").field_error("email").is_null(), "{email:?}");
    }
    assert_eq!(invite("new@example.com", "role_x").field_error("role_id"), "Object does not exist.");
    assert_eq!(invite("other@example.com", "admin").status, 403);
    assert_eq!(invite("other@example.com", &server.role("Office Manager")).status, 403);
    let missing = server.post("/membership/", json!({})).expect(400);
    assert_eq!(keys(&missing["field-errors"]), ["email", "role_id"]);
    let unknown =
        server.post("/membership/", json!({ "email": "a@example.com", "role_id": "user", "name": "A" }));
    assert!(!unknown.field_error("name").is_null());
    assert!(!server.all("/user/", 100).iter().any(|user| user["email"] == "other@example.com"));
}

#[test]
fn the_older_revision_invites_by_oauth_only_but_anybody_to_anything() {
    let server = Server::r1();
    let body = json!({ "email": "boss@elsewhere.example", "role_id": "admin" });
    assert_eq!(server.post("/membership/", body.clone()).status, 403);
    let created = server.api(ADMIN, "POST", "/membership/", Some(body)).expect(200);
    assert_eq!(created["role_id"], "admin");
}

#[test]
fn the_older_revision_has_no_delete_and_ignores_unknown_fields_of_updates() {
    let server = Server::r1();
    let path = format!("/membership/{}/", text(&server.some_user()["id"]));
    assert_eq!(server.delete(&path).status, 405);
    let updated = server.put(&path, json!({ "auto_record_calls": "enabled", "colour": "red" })).expect(200);
    assert_eq!(updated["auto_record_calls"], "enabled");
    let organization = format!("/organization/{}/", server.organization_id());
    assert_eq!(
        server.put(&organization, json!({ "enable_unsubscribe_link": 7, "name": "N" })).expect(200)["name"],
        "N"
    );
}

// Bulk updates -----------------------------------------------------------------------------------

#[test]
fn a_bulk_update_without_a_filter_would_hit_everybody_and_is_refused() {
    let server = Server::new();
    for body in [
        json!({ "auto_record_calls": "enabled" }),
        json!({ "_params": {}, "auto_record_calls": "enabled" }),
        json!({ "_params": { "id__in": "" }, "auto_record_calls": "enabled" }),
        json!({ "_params": { "id__in": "," }, "auto_record_calls": "enabled" }),
        json!({ "_params": { "id__in": ["memb_a"] }, "auto_record_calls": "enabled" }),
        json!({ "_params": "memb_a", "auto_record_calls": "enabled" }),
    ] {
        assert_eq!(server.put("/membership/", body.clone()).status, 400, "{body}");
    }
    let before = server.memberships();
    // With `_params`, the query string does not count.
    let id = text(&before[0]["id"]);
    let other = json!({ "_params": { "id__in": "memb_x" }, "role_id": "user" });
    assert_eq!(server.put(&format!("/membership/?id__in={id}"), other).expect(200), json!({ "count": 0 }));
    assert_eq!(server.memberships(), before);
}

#[test]
fn a_bulk_update_that_fails_midway_says_how_far_it_got() {
    let server = Server::new();
    let managers: Vec<String> = server
        .memberships()
        .iter()
        .filter(|m| m["permissions_granted"].as_array().unwrap().contains(&json!("manage_organization")))
        .map(|m| text(&m["id"]))
        .collect();
    assert!(managers.len() > 1);
    let body = json!({ "_params": { "id__in": managers.join(",") }, "role_id": "user" });
    let failed = server.put("/membership/", body).expect(400);
    assert_eq!(failed["count"], json!(managers.len() - 1), "{failed}");
    assert_eq!(failed["errors"].as_array().unwrap().len(), 1);
    let invalid = json!({ "_params": { "id__in": managers[0] }, "auto_record_calls": "x" });
    let failed = server.api(ADMIN, "PUT", "/membership/", Some(invalid));
    // Whoever was left over may or may not be the caller.
    assert!(matches!(failed.status, 400 | 403), "{}", failed.text);
}

#[test]
fn a_bulk_update_of_a_thousand_is_too_many() {
    let server = Server::with(Config { people: 1_200, ..Config::default() });
    let ids: Vec<String> = server.memberships().iter().map(|m| text(&m["id"])).collect();
    let update = |ids: &[String]| {
        server
            .put("/membership/", json!({ "_params": { "id__in": ids.join(",") }, "track_email_opens": true }))
    };
    assert_eq!(
        update(&ids[..1_000]).expect(400)["errors"],
        json!(["It's not allowed to update more than 1000 objects at once"])
    );
    assert_eq!(update(&ids[..999]).expect(200), json!({ "count": 999 }));
}

// Fields -----------------------------------------------------------------------------------------

#[test]
fn fields_are_exactly_those_asked_for() {
    let server = Server::new();
    let group = format!("/group/{}/", server.group("Inbound"));
    let organization = format!("/organization/{}/", server.organization_id());
    for path in ["/me/", "/role/user/", &group, &organization] {
        let one = server.get(&format!("{path}?_fields=name,first_name,nonsense")).expect(200);
        assert_eq!(keys(&one).len(), 1, "{path}: id is not added");
        assert_eq!(server.get(&format!("{path}?_fields=")).expect(200), json!({}));
        assert_eq!(server.get(&format!("{path}?_fields=_all")).expect(200), server.get(path).expect(200));
        assert_eq!(
            server.get(&format!("{path}?_fields=id,%20name")).expect(200).as_object().unwrap().len(),
            1
        );
    }
    for path in ["/user/", "/role/", "/group/"] {
        let page = server.get(&format!("{path}?_fields=id&_limit=1")).expect(200);
        assert_eq!(keys(&page), ["data", "has_more"], "the envelope stays");
        assert_eq!(keys(&page["data"][0]), ["id"]);
    }
    let created = server.post("/role/?_fields=name", json!({ "name": "R", "permissions": [] })).expect(201);
    assert_eq!(created, json!({ "name": "R" }));
    assert_eq!(
        server.post("/group/?_fields=name,members", json!({ "name": "G" })).expect(201),
        json!({ "name": "G", "members": [] })
    );
    assert_eq!(
        server.put(&format!("{group}?_fields=name"), json!({ "name": "H" })).expect(200),
        json!({ "name": "H" })
    );
    assert_eq!(
        server.put(&organization, json!({ "name": "O", "_params": { "_fields": "name" } })).expect(200),
        json!({ "name": "O" })
    );
}

#[test]
fn strict_fields_leave_groups_nothing_but_their_id() {
    let server = Server::with(Config { people: 60, strict_fields: true, ..Config::default() });
    let id = text(&server.get("/group/?_limit=1").expect(200)["data"][0]["id"]);
    assert_eq!(server.get("/group/?_limit=1").expect(200)["data"][0], json!({ "id": id }));
    assert_eq!(server.get(&format!("/group/{id}/")).expect(200), json!({ "id": id }));
    assert_eq!(server.put(&format!("/group/{id}/"), json!({ "name": "X" })).expect(200), json!({ "id": id }));
    assert_eq!(keys(&server.post("/group/", json!({ "name": "Y" })).expect(201)), ["id"]);
    assert_eq!(
        keys(&server.get(&format!("/group/{id}/?_fields=name,members")).expect(200)),
        ["members", "name"]
    );
    assert!(keys(&server.get("/user/?_limit=1").expect(200)["data"][0]).len() > 1, "only groups are strict");
}

// Lists ------------------------------------------------------------------------------------------

#[test]
fn pages_end_where_the_list_ends() {
    let server = Server::new();
    let users = server.all("/user/", 100);
    for limit in [1, 30, 59, 60] {
        assert_eq!(server.all("/user/", limit), users, "{limit}");
    }
    assert_eq!(server.get("/user/?_skip=60").expect(200), json!({ "data": [], "has_more": false }));
    assert_eq!(server.get("/user/?_limit=0").expect(200), json!({ "data": [], "has_more": true }));
    let one = server.get("/user/?_skip=59&_limit=1").expect(200);
    assert_eq!((&one["data"][0], &one["has_more"]), (&users[59], &json!(false)));
}

#[test]
fn bad_pages_are_refused_in_the_vendors_words() {
    let server = Server::with(Config { people: 60, max_limit: 50, ..Config::default() });
    assert_eq!(server.get("/user/").expect(200)["data"].as_array().unwrap().len(), 50);
    for path in ["/user/", "/role/", "/group/"] {
        for (query, words) in [
            (
                "_limit=51",
                "The limit you set is larger than the maximum limit for this resource (max_limit = 50).",
            ),
            ("_limit=x", "_limit must be an integer (got \"x\" instead)."),
            ("_limit=", "_limit must be an integer (got \"\" instead)."),
            ("_skip=-1", "_skip must be a non-negative integer (got \"-1\" instead)."),
            ("_skip=1.5", "_skip must be an integer (got \"1.5\" instead)."),
        ] {
            assert_eq!(
                server.get(&format!("{path}?{query}")).expect(400),
                json!({ "error": words }),
                "{path}"
            );
        }
    }
}

#[test]
fn users_are_ordered_by_either_name_and_by_nothing_else() {
    let server = Server::new();
    let name = |user: &Value, field: &str| user[field].as_str().map(str::to_owned);
    for (order, first, second) in [
        ("last_name,first_name", "last_name", "first_name"),
        ("first_name%2Clast_name", "first_name", "last_name"),
    ] {
        let users = server.all(&format!("/user/?_order_by={order}"), 13);
        let names: Vec<_> = users.iter().map(|user| (name(user, first), name(user, second))).collect();
        assert_eq!(names.len(), 60);
        assert!(names.is_sorted(), "{order}: {names:?}");
    }
    for order in ["email", "-last_name,first_name", "last_name", ""] {
        let users = server.all(&format!("/user/?_order_by={order}"), 100);
        assert_eq!(users, server.all("/user/", 100), "{order}");
    }
}

#[test]
fn users_are_filtered_by_ids_groups_and_dates() {
    let server = Server::new();
    let users = server.all("/user/", 100);
    let (a, b) = (text(&users[3]["id"]), text(&users[9]["id"]));
    let ids = |query: &str| -> Vec<String> {
        server.all(&format!("/user/?{query}"), 100).iter().map(|user| text(&user["id"])).collect()
    };
    assert_eq!(ids(&format!("id__in={b},{a},user_x")), [a.clone(), b.clone()]);
    assert_eq!(ids("id__in="), Vec::<String>::new());
    assert_eq!(ids("email=nobody@example.com").len(), 60, "unknown filters are ignored");

    let group = server.group("Inbound");
    let members = server.get(&format!("/group/{group}/")).expect(200)["members"].clone();
    let mut expected: Vec<String> = members.as_array().unwrap().iter().map(|m| text(&m["user_id"])).collect();
    expected.push(a.clone());
    expected.sort();
    expected.dedup();
    assert_eq!(ids(&format!("user_id__in={group}%2C{a}")), expected);

    let middle = text(&users[30]["date_created"]);
    let created = |user: &&Value| text(&user["date_created"]);
    let count = |keep: &dyn Fn(&str) -> bool| users.iter().filter(|user| keep(&created(user))).count();
    let escaped = middle.replace('+', "%2B");
    assert_eq!(ids(&format!("date_created__gte={escaped}")).len(), count(&|date| date >= middle.as_str()));
    assert_eq!(ids(&format!("date_created__gt={escaped}")).len(), count(&|date| date > middle.as_str()));
    assert_eq!(ids(&format!("date_created__lt={escaped}")).len(), count(&|date| date < middle.as_str()));
    assert_eq!(ids(&format!("date_created__lte={escaped}")).len(), count(&|date| date <= middle.as_str()));
    assert_eq!(
        ids("date_created__gte=2022-01-01&date_created__lt=2023-01-01").len(),
        count(&|date| date.starts_with("2022"))
    );
    let by_name = ids("date_created__lt=2022-01-01&_order_by=last_name,first_name");
    assert_eq!(by_name.len(), count(&|date| date < "2022"));
    assert!(!server.get("/user/?date_created__lt=soon").field_error("date_created__lt").is_null());
}

#[test]
fn dates_without_an_offset_are_read_where_the_caller_is() {
    let server = Server::new();
    let user = server.all("/user/", 100)[5].clone();
    // One hour east of UTC, the same clock shows the same moment one hour earlier.
    let moment = text(&user["date_created"]).replace("+00:00", "");
    let count = |offset: &str| {
        let path = format!("/api/v1/user/?id__in={}&date_created__lt={moment}", text(&user["id"]));
        let headers = [("authorization", KEY), ("x-tz-offset", offset)];
        server.send("GET", &path, &headers, None).unwrap().expect(200)["data"].as_array().unwrap().len()
    };
    assert_eq!((count("0"), count("1"), count("-2.5")), (0, 0, 1));
}

// The method override ----------------------------------------------------------------------------

fn overridden(server: &Server, method: &str, path: &str, body: Value) -> common::Reply {
    let headers = [
        ("authorization", KEY),
        ("content-type", "application/json; charset=utf-8"),
        ("x-http-method-override", method),
    ];
    server.send("POST", &format!("/api/v1{path}"), &headers, Some(&body.to_string())).unwrap()
}

#[test]
fn a_post_in_disguise_is_the_get_it_says() {
    let server = Server::new();
    let group = server.group("Inbound");
    let params = json!({ "_params": { "_limit": 3, "_skip": "1", "_fields": "id,email",
                         "_order_by": "first_name,last_name", "user_id__in": group, "nothing": null, "flag": true } });
    let plain = server.get(&format!(
        "/user/?_limit=3&_skip=1&_fields=id,email&_order_by=first_name,last_name&user_id__in={group}"
    ));
    assert_eq!(overridden(&server, "GET", "/user/", params).expect(200), plain.expect(200));
    assert_eq!(
        overridden(&server, "GET", "/user/?_limit=2", json!({ "_params": { "_limit": 1 } })).expect(200)["data"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "the query string is not consulted"
    );
    assert_eq!(
        overridden(&server, "GET", "/user/?_limit=2", json!({})).expect(200)["data"]
            .as_array()
            .unwrap()
            .len(),
        2,
        "unless there are no _params"
    );
    assert_eq!(overridden(&server, "GET", "/user/", json!({ "_params": { "_limit": "x" } })).status, 400);
    assert_eq!(overridden(&server, "GET", "/user/", json!({ "_params": { "id__in": ["a"] } })).status, 400);
    assert_eq!(overridden(&server, "GET", "/user", json!({})).status, 404);
}

#[test]
fn other_methods_can_be_disguised_too_but_only_as_post() {
    let server = Server::new();
    let path = format!("/group/{}/", server.group("Inbound"));
    assert_eq!(overridden(&server, "PUT", &path, json!({ "name": "In" })).expect(200)["name"], "In");
    assert_eq!(overridden(&server, "DELETE", &path, json!({})).status, 204);
    assert_eq!(overridden(&server, "PATCH", "/me/", json!({})).status, 405);
    let headers = [("authorization", KEY), ("x-http-method-override", "DELETE")];
    assert_eq!(server.send("GET", "/api/v1/me/", &headers, None).unwrap().status, 200);
}

// Requests that make no sense --------------------------------------------------------------------

#[test]
fn unknown_urls_are_404_even_without_credentials() {
    let server = Server::new();
    for path in [
        "/api/v1/me",
        "/api/v1/user",
        "/api/v1/nothing/",
        "/api/v1/",
        "/api/v3/me/",
        "/api/v1/user//",
        "/api/v1/group/a/b/",
        "/nothing",
    ] {
        let reply = server.send("GET", path, &[], None).unwrap();
        assert!(reply.expect(404)["error"].is_string(), "{path}");
    }
    let reply = server.send("GET", "/api/v1/me", &[], None).unwrap();
    assert!(text(&reply.json()["error"]).starts_with("The requested URL was not found on the server."));
}

#[test]
fn wrong_methods_are_405() {
    let server = Server::new();
    for (method, path) in [
        ("POST", "/me/"),
        ("DELETE", "/user/"),
        ("POST", "/user/availability/"),
        ("GET", "/membership/"),
        ("GET", "/membership/memb_x/"),
        ("PATCH", "/group/group_x/"),
        ("PUT", "/group/group_x/member/"),
    ] {
        assert!(server.api(KEY, method, path, None).expect(405)["error"].is_string(), "{method} {path}");
    }
}

#[test]
fn bodies_must_be_json_objects_and_say_so() {
    let server = Server::new();
    let post = |content_type: Option<&str>, body: &str| {
        let mut headers = vec![("authorization", KEY)];
        headers.extend(content_type.map(|kind| ("content-type", kind)));
        server.send("POST", "/api/v1/group/", &headers, Some(body)).unwrap().expect(400)["error"].clone()
    };
    let json = Some("application/json");
    let wrong_type = "Please send valid JSON with a 'Content-Type: application/json' header.";
    assert_eq!(post(json, "{\"name\":"), "The request contains invalid JSON.");
    assert_eq!(post(json, ""), "The request contains invalid JSON.");
    assert_eq!(post(json, "[]"), "JSON data must be a dict.");
    assert_eq!(post(Some("text/plain"), "{}"), wrong_type);
    assert_eq!(post(Some("application/x-www-form-urlencoded"), "name=x"), wrong_type);
}

#[test]
fn strange_ids_are_just_unknown() {
    let server = Server::new();
    for id in [
        "%2e%2e%2f",
        "%00",
        "a%2Fb",
        "%F0%9F%92%A5",
        "'; DROP TABLE person; --".replace(' ', "%20").as_str(),
        "%ff",
    ] {
        assert_eq!(server.get(&format!("/user/{id}/")).status, 404, "{id}");
        assert_eq!(server.get(&format!("/group/{id}/")).status, 404, "{id}");
    }
    assert_eq!(server.all("/user/", 100).len(), 60);
}
