//! What goes over the wire to Close: the whole table of operations, and that nothing a caller passes can change anything
//! but its own place in a request.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;

use common::{decoded, golden, json, line, text};
use orgdeck::client::{Asks, Call, Endpoint, Operation, Source};
use orgdeck::close::groups::{AddMember, GetGroup, GroupMemberCreate};
use orgdeck::close::memberships::{
    CreateMembership, MembershipCreate, MembershipPatch, Recording, UpdateMembership,
};
use orgdeck::close::{self, ENDPOINTS, List};
use orgdeck::http::{BaseUrl, Error, Method, Request, names, raw_path};
use orgdeck::json::Json;
use orgdeck::query::{Accepts, Query};
use orgdeck::schema::Maybe;
use proptest::prelude::*;
use url::Url;

const BASE: &str = "https://api.close.com/api/v1";

fn query(endpoint: &Endpoint, text: &str) -> Result<Query, Error> {
    let Asks::Query(accepts) = endpoint.asks else { panic!("{} asks for parameters", endpoint.name) };
    Query::parse(&Json::parse(text).unwrap(), accepts)
}

fn call(name: &str, ids: &[&str], asked: &str, body: Option<&str>) -> Result<Call, Error> {
    let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.name == name).unwrap();
    close::call(endpoint, ids, &query(endpoint, asked)?, body.map(str::to_owned))
}

/// The request as it leaves, with Close's own last touch.
fn sent(call: &Call) -> Request {
    let mut request = call.request.clone();
    (close::VENDOR.prepare)(&mut request, &BaseUrl::parse(BASE).unwrap()).unwrap();
    request
}

#[test]
fn the_wire_of_all_operations_is_the_golden_one() {
    let long: Vec<String> = (0..99).map(|at| format!("user_{at:038}")).collect();
    let long = format!(r#"{{"where":{{"user_id":{{"in":["{}"]}}}},"limit":50}}"#, long.join(r#"",""#));
    let calls = [
        call("users.me", &[], "null", None),
        call("users.me", &[], r#"{"fields":["id","organizations","id"]}"#, None),
        call("users.list", &[], "{}", None),
        call(
            "users.list",
            &[],
            r#"{"fields":["email"],"orderBy":"last_name,first_name","limit":50,"skip":100}"#,
            None,
        ),
        call("users.availability", &[], "{}", None),
        call("users.availability", &[], r#"{"where":{"organization_id":"orga_1"}}"#, None),
        call("users.get", &["user_a/b?c#d é"], r#"{"fields":["id"]}"#, None),
        call(
            "organizations.get",
            &["orga_1"],
            r#"{"expand":["memberships__user","inactive_memberships__user"]}"#,
            None,
        ),
        call(
            "organizations.update",
            &["orga_1"],
            r#"{"fields":["name"]}"#,
            Some(r#"{"name":"Ünïcode","currency":"EUR"}"#),
        ),
        call(
            "organizations.update",
            &["orga_1"],
            "null",
            Some(r#"{"lead_statuses":[{"id":"stat_b"},{"id":"stat_a"}]}"#),
        ),
        call("memberships.create", &[], "null", Some(r#"{"email":"a@example.com","role_id":"user"}"#)),
        call(
            "memberships.updateMany",
            &["memb_1", "memb_2"],
            "null",
            Some(r#"{"auto_record_calls":"enabled"}"#),
        ),
        call("memberships.update", &["memb_1"], "null", Some(r#"{"default_caller_id":null}"#)),
        call(
            "memberships.update",
            &["memb_1"],
            "null",
            Some(r#"{"role_id":"role_1","track_email_opens":false}"#),
        ),
        call("memberships.deactivate", &["memb_1"], "null", None),
        call("memberships.pinnedViews", &["memb_1"], "null", None),
        call(
            "memberships.setPinnedViews",
            &["memb_1"],
            "null",
            Some(r#"{"saved_view_ids":["save_2","save_1"]}"#),
        ),
        call("memberships.setPinnedViews", &["memb_1"], "null", Some(r#"{"saved_view_ids":[]}"#)),
        call("roles.list", &[], r#"{"limit":1}"#, None),
        call("roles.create", &[], "null", Some(r#"{"name":"Support","permissions":["calling"]}"#)),
        call("roles.get", &["superuser"], "null", None),
        call("roles.update", &["role_1"], "null", Some(r#"{"visibility_user_lcf_ids":null}"#)),
        call("roles.delete", &["role_1"], "null", None),
        call("groups.list", &[], "null", None),
        call("groups.list", &[], r#"{"fields":["name"],"skip":7}"#, None),
        call("groups.create", &[], "null", Some(r#"{"name":"Sales"}"#)),
        call("groups.addMember", &["group_1"], "null", Some(r#"{"user_id":"user_1"}"#)),
        call("groups.removeMember", &["group_1", "user_1"], "null", None),
        call("groups.get", &["group_1"], "null", None),
        call("groups.get", &["group_1"], r#"{"fields":["id","name"]}"#, None),
        call("groups.update", &["group_1"], r#"{"fields":["name"]}"#, Some(r#"{"name":"Sales"}"#)),
        call("groups.delete", &["group_1"], "null", None),
        raw(
            Method::Get,
            "/task/",
            r#"{"where":{"user_id":{"in":["user_a","group_x"]},"date_created":{"gte":"2026-01-01","lt":"2026-02-01T00:00:00.000Z"},"is_complete":false,"value":{"lte":1.5},"lead_id":null,"custom.cf_1":"a,b"},"orderBy":["-date_created","id"]}"#,
            None,
        ),
        raw(Method::Get, "/task/", &long, None),
        raw(Method::Post, "/lead/", "null", Some(r#"{"name":"x"}"#)),
        raw(Method::Put, "/lead/lead_1", "null", Some("{}")),
        raw(Method::Delete, "/lead/lead_1/", "null", None),
    ];
    let mut named = BTreeSet::new();
    let mut table = String::new();
    for call in calls {
        let call = call.unwrap();
        named.insert(call.endpoint.name);
        table.push_str(&line(&call, &sent(&call)));
    }
    let all: BTreeSet<_> = ENDPOINTS.iter().map(|endpoint| endpoint.name).chain(["request"]).collect();
    assert_eq!(named, all, "every operation stands in the table");
    golden("tests/golden/operations.txt", &table);
}

fn raw(method: Method, path: &str, asked: &str, body: Option<&str>) -> Result<Call, Error> {
    let asked = Query::parse(&Json::parse(asked).unwrap(), &Accepts::ANYTHING)?;
    close::any(method, path, &asked, body.map(str::to_owned))
}

#[test]
fn typed_operations_send_what_their_json_says() {
    let body = MembershipPatch {
        role_id: Maybe::Present("role_1".into()),
        auto_record_calls: Maybe::Present(Recording::Unset),
        default_caller_id: Maybe::Present(None),
        default_caller_id_mode: Maybe::Absent,
        hangup_recording_url: Maybe::Absent,
        may_workflows_impersonate: Maybe::Absent,
        track_email_opens: Maybe::Present(true),
    };
    let update = UpdateMembership { id: "memb_1".to_owned(), body, query: Query::default() };
    assert_eq!(
        update.call().unwrap().request.body.clone().unwrap(),
        r#"{"role_id":"role_1","auto_record_calls":"unset","default_caller_id":null,"track_email_opens":true}"#
    );
    let add = AddMember {
        group_id: "group_1".to_owned(),
        body: GroupMemberCreate { user_id: "user_1".into() },
        query: Query::default(),
    };
    assert_eq!(add.call().unwrap().request.path, "/group/group_1/member/");
    let get = GetGroup { id: String::new(), query: Query::default() };
    assert!(get.call().unwrap_err().message.contains("id is empty"));
    let invite = CreateMembership {
        body: MembershipCreate { email: orgdeck::schema::Email("nobody".to_owned()), role_id: "user".into() },
        query: Query::default(),
    };
    assert!(invite.call().unwrap_err().message.contains("memberships.create: email"));
}

#[test]
fn wrong_input_is_named_and_nothing_is_sent() {
    for (name, ids, asked, body, word) in [
        ("groups.get", vec!["group_1"], r#"{"fields":["nmae"]}"#, None, "nmae"),
        ("groups.get", vec!["group_1"], r#"{"fields":[]}"#, None, "query.fields is empty"),
        ("groups.get", vec!["group_1"], r#"{"fields":"id"}"#, None, "query.fields: expected a list"),
        ("groups.get", vec!["group_1"], r#"{"fields":[1]}"#, None, "query.fields"),
        ("groups.get", vec!["group_1"], r#"{"limit":1}"#, None, "query.limit"),
        ("groups.get", vec!["group_1"], r#"{"skip":1}"#, None, "`skip`"),
        ("groups.get", vec!["group_1"], r#"{"expand":["members"]}"#, None, "query.expand"),
        ("groups.get", vec!["group_1"], r#"{"field":["id"]}"#, None, "`field`"),
        ("groups.get", vec!["group_1"], "[]", None, "query: expected an object"),
        ("groups.get", vec![""], "null", None, "id is empty"),
        ("groups.get", vec![".."], "null", None, "`..` is not an id"),
        ("groups.removeMember", vec!["group_1", "."], "null", None, "user_id"),
        ("groups.list", vec![], r#"{"fields":["members"]}"#, None, "members"),
        ("groups.list", vec![], r#"{"limit":101}"#, None, "at most 100"),
        ("groups.list", vec![], r#"{"limit":0}"#, None, "query.limit"),
        ("groups.list", vec![], r#"{"limit":1.5}"#, None, "query.limit"),
        ("groups.list", vec![], r#"{"skip":-1}"#, None, "query.skip"),
        ("groups.list", vec![], r#"{"where":{"name":"x"}}"#, None, "query.where"),
        ("groups.list", vec![], r#"{"orderBy":"name"}"#, None, "query.orderBy"),
        ("users.list", vec![], r#"{"orderBy":"-last_name,first_name"}"#, None, "query.orderBy"),
        ("users.list", vec![], r#"{"where":{"email":"a@b"}}"#, None, "query.where"),
        ("users.availability", vec![], r#"{"where":{"organisation_id":"x"}}"#, None, "organisation_id"),
        ("groups.create", vec![], "null", Some("{}"), "groups.create: name: it is missing"),
        (
            "groups.create",
            vec![],
            "null",
            Some(r#"{"name":""}"#),
            "name: expected a string that is not empty",
        ),
        ("groups.create", vec![], "null", Some(r#"{"name":"a","members":[]}"#), "members: there is no field"),
        ("groups.create", vec![], "null", Some("null"), "expected an object, found null"),
        ("memberships.create", vec![], "null", Some(r#"{"email":"a","role_id":"user"}"#), "email"),
        ("memberships.update", vec!["memb_1"], "null", Some(r#"{"role_id":null}"#), "role_id"),
        (
            "memberships.update",
            vec!["memb_1"],
            "null",
            Some(r#"{"auto_record_calls":"on"}"#),
            "`enabled`, `disabled`, `unset`",
        ),
        (
            "memberships.setPinnedViews",
            vec!["memb_1"],
            "null",
            Some(r#"{"saved_view_ids":[""]}"#),
            "saved_view_ids[0]",
        ),
        ("organizations.update", vec!["orga_1"], "null", Some(r#"{"currency":"euro"}"#), "currency"),
        ("organizations.update", vec!["orga_1"], "null", Some(r#"{"lead_statuses":[]}"#), "lead_statuses"),
        (
            "organizations.update",
            vec!["orga_1"],
            "null",
            Some(r#"{"lead_statuses":[{"id":"a"},{"id":"a"}]}"#),
            "twice",
        ),
        (
            "roles.create",
            vec![],
            "null",
            Some(r#"{"name":"a","permissions":["view_all_leads"],"visibility_user_lcf_ids":["cf_1"]}"#),
            "visibility_user_lcf_ids",
        ),
        (
            "roles.update",
            vec!["role_1"],
            "null",
            Some(r#"{"permissions":["view_all_leads"],"visibility_user_lcf_behavior":"allow_unassigned"}"#),
            "visibility_user_lcf_behavior",
        ),
    ] {
        let error = call(name, &ids, asked, body).unwrap_err();
        assert_eq!(error.kind.names().0, "config");
        assert!(error.message.contains(word), "{name} {asked} {body:?}: {error}");
    }
    for (asked, word) in [
        (r#"{"where":[]}"#, "query.where: expected an object"),
        (r#"{"where":{"a":{}}}"#, "query.where.a"),
        (r#"{"where":{"a":{"like":"x"}}}"#, "`like`"),
        (r#"{"where":{"a":["x"]}}"#, "{ in: […] }"),
        (r#"{"where":{"a":{"in":[]}}}"#, "the list is empty"),
        (r#"{"where":{"a":{"in":"x"}}}"#, "expected a list"),
        (r#"{"where":{"a":{"in":[null]}}}"#, "query.where.a.in"),
        (r#"{"where":{"a":{"gt":null}}}"#, "query.where.a.gt"),
        (r#"{"where":{"a":""}}"#, "an empty string"),
        (r#"{"where":{"a":{"eq":{"b":1}}}}"#, "query.where.a.eq"),
        (r#"{"where":{"_limit":"1"}}"#, "`_limit`"),
        (r#"{"where":{"":"1"}}"#, "is not a field's name"),
        (r#"{"where":{"user_id__in":"a,b"}}"#, "{ user_id: { in: … } }"),
        (r#"{"where":{"a":{"in":["x,y"]}}}"#, "holds a comma"),
        (r#"{"orderBy":""}"#, "query.orderBy"),
        (r#"{"orderBy":"a b"}"#, "query.orderBy"),
        (r#"{"orderBy":5}"#, "query.orderBy"),
    ] {
        let error = raw(Method::Get, "/task/", asked, None).unwrap_err();
        assert!(error.message.contains(word), "{asked}: {error}");
    }
    assert!(raw(Method::Get, "/task/", "null", Some("{}")).unwrap_err().message.contains("no body"));
}

#[test]
fn the_edge_of_a_long_url_is_the_2000th_character() {
    for (length, method) in [(2_000, Method::Get), (2_001, Method::Post)] {
        let bare = &raw(Method::Get, "/task/", r#"{"where":{"a":"x"}}"#, None).unwrap().request;
        let fill = length - bare.url(&BaseUrl::parse(BASE).unwrap()).len() + 1;
        let asked = format!(r#"{{"where":{{"a":"{}"}}}}"#, "x".repeat(fill));
        let request = sent(&raw(Method::Get, "/task/", &asked, None).unwrap());
        assert_eq!(request.method, method, "{length}");
        if method == Method::Post {
            assert_eq!(request.target(), "/task/");
            assert_eq!(request.headers.get("x-http-method-override"), Some("GET"));
            let body: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
            assert_eq!(body["_params"]["a"].as_str().unwrap().len(), fill);
        }
    }
}

#[test]
fn schemas_use_the_wire_s_names() {
    let models = orgdeck::typescript();
    assert!(models.contains("\n  type: CloseClientKind;"), "`type` is a word of Rust's, not of the wire's");
    assert!(!models.contains("r#"));
    for model in close::MODELS {
        assert!(models.contains(&format!("export interface {} {{", model.name)), "{}", model.name);
    }
}

fn url(request: &Request) -> Url {
    Url::parse(&request.url(&BaseUrl::parse(BASE).unwrap())).unwrap()
}

proptest! {
    #[test]
    fn any_id_stays_in_its_place(at in any::<prop::sample::Index>(), first in text(), second in text()) {
        let endpoint = at.get(&ENDPOINTS);
        let count = names(endpoint.path).count();
        let ids = [&*first, &*second];
        let ids = &ids[..count];
        let path = orgdeck::http::path(endpoint.path, ids);
        if ids.iter().any(|id| matches!(*id, "." | "..")) {
            prop_assert!(path.is_err());
            return Ok(());
        }
        let url = url(&Request::new(endpoint.method, path.unwrap()));
        prop_assert_eq!(url.host_str(), Some("api.close.com"));
        prop_assert_eq!(url.query(), None);
        prop_assert_eq!(url.fragment(), None);
        let template: Vec<_> = endpoint.path.split('/').collect();
        let found: Vec<_> = url.path().strip_prefix("/api/v1").unwrap().split('/').collect();
        prop_assert_eq!(template.len(), found.len());
        let mut ids = ids.iter();
        for (template, found) in template.iter().zip(found) {
            match template.starts_with('{') {
                true => prop_assert_eq!(decoded(found), *ids.next().unwrap()),
                false => prop_assert_eq!(*template, found),
            }
        }
    }

    #[test]
    fn any_value_stays_in_its_place(field in "[a-z][a-z.]{0,8}", value in text(), items in prop::collection::vec(text(), 1..5)) {
        let asked = format!(
            r#"{{"where":{{{}:{{"eq":{},"in":[{}]}}}},"skip":5}}"#,
            json(&field), json(&value), items.iter().map(|item| json(item)).collect::<Vec<_>>().join(",")
        );
        let call = raw(Method::Get, "/task/", &asked, None);
        if items.iter().any(|item| item.contains(',')) {
            prop_assert!(call.is_err());
            return Ok(());
        }
        let request = &call.unwrap().request;
        let url = url(request);
        prop_assert_eq!(url.path(), "/api/v1/task/");
        prop_assert_eq!(url.fragment(), None);
        let pairs: Vec<_> = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let due = [(field.clone(), value), (format!("{field}__in"), items.join(",")), ("_skip".to_owned(), "5".to_owned())];
        prop_assert_eq!(pairs, due);
        // Commas between items are not encoded, those within one would be.
        let raw = url.query().unwrap().split('&').nth(1).unwrap();
        prop_assert_eq!(raw.matches(',').count(), items.len() - 1);
    }

    #[test]
    fn any_field_name_stays_a_name(field in text()) {
        if let Ok(call) = raw(Method::Get, "/task/", &format!(r#"{{"where":{{{}:"x"}}}}"#, json(&field)), None) {
            let pairs: Vec<_> = url(&call.request).query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
            prop_assert_eq!(pairs, [(field, "x".to_owned())]);
        }
    }

    #[test]
    fn a_written_path_is_that_path_or_refused(path in text()) {
        let path = format!("/{path}");
        if let Ok(encoded) = raw_path(&path) {
            let url = url(&Request::new(Method::Get, encoded));
            prop_assert_eq!(url.host_str(), Some("api.close.com"));
            prop_assert_eq!(decoded(url.path()), format!("/api/v1{path}"));
            prop_assert_eq!((url.query(), url.fragment()), (None, None));
        }
    }

    #[test]
    fn a_query_travels_the_same_in_a_body(value in text(), items in prop::collection::vec("[a-z]{40}", 50..60)) {
        let asked = format!(r#"{{"where":{{"a":{},"b":{{"in":{}}}}}}}"#, json(&value), serde_json::to_string(&items).unwrap());
        let call = raw(Method::Get, "/task/", &asked, None).unwrap();
        let pairs: Vec<_> = url(&call.request).query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let body: serde_json::Value = serde_json::from_str(&sent(&call).body.unwrap()).unwrap();
        let params = body["_params"].as_object().unwrap();
        prop_assert_eq!(params.len(), pairs.len());
        for (name, value) in pairs {
            prop_assert_eq!(params[&name].as_str(), Some(&*value));
        }
    }

    #[test]
    fn a_base_url_is_what_a_browser_reads(text in "(https?://)?[a-zA-Z0-9.:@/\\\\\\[\\]%?# -]{0,24}") {
        if let Ok(base) = BaseUrl::parse(&text) {
            let parsed = Url::parse(base.as_str()).unwrap();
            let expected = base.as_str().trim_end_matches('/');
            prop_assert!(parsed.username().is_empty() && parsed.password().is_none());
            prop_assert_eq!((parsed.query(), parsed.fragment()), (None, None));
            let path = expected.splitn(4, '/').nth(3).map_or(String::new(), |path| format!("/{path}"));
            prop_assert_eq!(parsed.path().trim_end_matches('/'), path);
            if parsed.scheme() == "http" {
                let host = parsed.host_str().unwrap();
                prop_assert!(host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]");
            }
        }
    }
}

#[test]
fn a_list_starts_where_its_query_says() {
    let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.name == "users.list").unwrap();
    let list = List::of(endpoint, query(endpoint, r#"{"skip":30,"limit":10}"#).unwrap()).unwrap();
    assert_eq!(list.start().cursor(), "offset:30");
    assert_eq!(list.page(&list.start()).unwrap().request.target(), "/user/?_limit=10&_skip=30");
}
