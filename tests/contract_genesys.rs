//! What goes over the wire to Genesys: the whole table of operations, with every request of those that take several, and
//! that nothing a caller or a server says can change anything but its own place in a request.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use common::{Bench, Outcome, answer, decoded, golden, json, line, scripted, text};
use futures_executor::block_on;
use orgdeck::client::{Call, Endpoint, Operation, Source};
use orgdeck::genesys::groups::{GetGroup, ListGroups, UpdateLatest};
use orgdeck::genesys::members::{ListMembers, MembersQuery, UserExpand};
use orgdeck::genesys::{ENDPOINTS, VENDOR};
use orgdeck::http::{BaseUrl, Error, Method, Request, names};
use orgdeck::json::Json;
use orgdeck::paging::{Place, Position};
use orgdeck::schema::Maybe;
use proptest::prelude::*;
use url::Url;

const GROUP: &str =
    r#"{"id":"g1","name":"A","type":"official","rulesVisible":true,"visibility":"public","version":7}"#;
const DELETED: &str = r#"{"id":"g1","name":"A","type":"official","rulesVisible":true,"visibility":"public","version":8,"state":"deleted"}"#;
const CONFLICT: &str =
    r#"{"message":"The version supplied does not match the current version of the group"}"#;

fn endpoint(name: &str) -> &'static Endpoint {
    VENDOR.operation(name).unwrap_or_else(|| panic!("there is no {name}"))
}

fn call(name: &str, ids: &[&str], asked: &str, body: Option<&str>) -> Result<Call, Error> {
    (VENDOR.call)(endpoint(name), ids, &Json::parse(asked).unwrap(), body.map(str::to_owned))
}

fn list(name: &str, asked: &str, body: Option<&str>) -> Result<Rc<dyn Source>, Error> {
    (VENDOR.list)(endpoint(name), &[], &Json::parse(asked).unwrap(), body.map(str::to_owned))
}

/// The first page of a list.
fn first(name: &str, asked: &str, body: Option<&str>) -> Result<Call, Error> {
    let list = list(name, asked, body)?;
    list.page(&list.start())
}

fn raw(method: Method, path: &str, asked: &str, body: Option<&str>) -> Result<Call, Error> {
    (VENDOR.any)(method, path, &Json::parse(asked).unwrap(), body.map(str::to_owned))
}

/// What a call sends when it is answered so.
fn performed(call: &Call, answers: Vec<Outcome>) -> Bench {
    let bench = scripted(&VENDOR, answers);
    block_on(bench.client.perform(call, &bench.begin())).unwrap();
    bench
}

/// A call that takes several requests, each of them with a line.
fn lines(call: Result<Call, Error>, answers: Vec<Outcome>) -> (Call, String) {
    let call = call.unwrap();
    let due = answers.len();
    let requests = performed(&call, answers).requests();
    assert_eq!(requests.len(), due, "{requests:?}");
    let mut out = String::new();
    for (at, request) in requests.iter().enumerate() {
        let mut parts = request.splitn(3, ' ');
        let (method, target) = (parts.next().unwrap(), parts.next().unwrap());
        if at == 0 {
            let mut bare = call.clone();
            bare.request.body = None;
            let head = line(&bare, &bare.request);
            let (first, rest) = head.split_once('\n').unwrap();
            let name = first.split_once(' ').unwrap().0;
            let _ = write!(out, "{name:<26} {method} {target}\n{rest}");
        } else {
            let _ = writeln!(out, "{:>26} {method} {target}", "then");
        }
        if let Some(body) = parts.next() {
            let _ = writeln!(out, "{:>26} {body}", "");
        }
    }
    (call, out)
}

#[test]
fn the_wire_of_all_operations_is_the_golden_one() {
    let skills = r#"{"skillConditions":[{"operation":"And","languageSkillConditions":[],"routingSkillConditions":[{"routingSkill":"s1","comparator":"GreaterThanOrEqualTo","proficiency":0,"childConditions":[{"operation":"Not","routingSkillConditions":[],"languageSkillConditions":[{"languageSkill":"l1","comparator":"EqualTo","proficiency":5}]}]}]}]}"#;
    let calls = [
        call("groups.list", &[], "null", None),
        call(
            "groups.list",
            &[],
            r#"{"pageSize":500,"pageNumber":3,"id":["a,b","c d"],"sortOrder":"descending"}"#,
            None,
        ),
        call("groups.list", &[], r#"{"jabberId":["x@conference.acme.orgspan.com"]}"#, None),
        call("groups.get", &["g/1?a#b é"], "null", None),
        call("groups.delete", &["g1"], "null", None),
        call("groups.members", &["g1"], "{}", None),
        call(
            "groups.members",
            &["g1"],
            r#"{"pageSize":1,"sortOrder":"ascending","expand":["presence","authorization.unusedRoles","a new one"]}"#,
            None,
        ),
        call("groups.individuals", &["g1"], "null", None),
        call("groups.search", &[], "null", Some("{}")),
        call(
            "groups.search",
            &[],
            "null",
            Some(
                r#"{"query":[{"type":"EXACT","value":"A","fields":["name"]}],"sortOrder":"SCORE","sortBy":"name","sort":[{"sortBy":"name"}],"pageSize":2,"pageNumber":1}"#,
            ),
        ),
        first(
            "groups.search",
            "null",
            Some(
                r#"{"where":{"or":[{"contains":"é","fields":["name","description"]},{"not":{"required":"email"}}]},"pageSize":5}"#,
            ),
        ),
        call("groups.searchByQ64", &[], r#"{"q64":"H4sIAAA_-"}"#, None),
        first(
            "groups.searchByQ64",
            r#"{"q64":"/api/v2/groups/search?q64=H4sI%2B%3D","expand":["owners","images"]}"#,
            None,
        ),
        call("groups.profile", &["g1"], "null", None),
        call("groups.profile", &["g1"], r#"{"fields":["general","about me"]}"#, None),
        call("profiles.groups", &[], r#"{"pageSize":100,"id":["a","b"]}"#, None),
        call("fieldConfig", &[], r#"{"type":"group"}"#, None),
        call("groups.dynamicSettings.get", &["g1"], "null", None),
        call("groups.dynamicSettings.set", &["g1"], "null", Some(skills)),
        call("groups.dynamicSettings.delete", &["g1"], "null", None),
        call("groups.dynamicSettings.preview", &[], "null", Some(r#"{"skillConditions":[]}"#)),
        raw(
            Method::Get,
            "/api/v2/users",
            r#"{"pageSize":0,"x":false,"state":"any one","id":["a,b","c"]}"#,
            None,
        ),
        raw(Method::Post, "/api/v2/users/search", "null", Some(r#"{"pageSize":0}"#)),
        raw(Method::Put, "/api/v2/users/é", "null", Some("{}")),
        raw(Method::Delete, "/api/v2/users/u1", "null", None),
        (VENDOR.any_list)("/api/v2/users", &Json::parse(r#"{"pageNumber":2}"#).unwrap())
            .and_then(|list| list.page(&list.start())),
    ];
    let members: Vec<String> = (0..51).map(|at| format!("u{at}")).collect();
    let members = format!(r#"{{"memberIds":{},"version":0}}"#, serde_json::to_string(&members).unwrap());
    let removed = members.replace(r#","version":0"#, "");
    let group = |extra: &str| {
        format!(r#"{{"name":"A","type":"official","rulesVisible":false,"visibility":"ownerIds"{extra}}}"#)
    };
    let flows = [
        lines(
            call("groups.create", &[], "null", Some(&group(r#","ownerIds":[],"addresses":[]"#))),
            vec![answer(200, GROUP)],
        ),
        lines(
            call(
                "groups.create",
                &[],
                "null",
                Some(&group(r#","description":"What for","ownerIds":["u1"]"#)),
            ),
            vec![answer(200, GROUP), answer(200, GROUP)],
        ),
        lines(
            call(
                "groups.update",
                &["g1"],
                "null",
                Some(
                    r#"{"version":0,"ownerIds":[],"addresses":[],"callsEnabled":false,"visibility":"ownerIds"}"#,
                ),
            ),
            vec![answer(200, GROUP)],
        ),
        lines(
            call("groups.update+latest", &["g1"], "null", Some(r#"{"name":"B","state":"inactive"}"#)),
            vec![answer(200, GROUP), answer(409, CONFLICT), answer(200, GROUP), answer(200, GROUP)],
        ),
        lines(
            call("groups.delete+wait", &["g/1"], "null", None),
            vec![answer(200, ""), answer(200, GROUP), answer(200, DELETED)],
        ),
        lines(
            call("groups.addMembers", &["g1"], "null", Some(&members)),
            vec![answer(202, "{}"), answer(202, "{}")],
        ),
        lines(
            call("groups.removeMembers", &["g1"], "null", Some(&removed)),
            vec![answer(202, ""), answer(202, "{}")],
        ),
    ];
    let mut named = BTreeSet::new();
    let mut table = String::new();
    let name = |endpoint: &Endpoint| (endpoint.name, endpoint.variant);
    for call in calls {
        let call = call.unwrap();
        named.insert(name(call.endpoint));
        table.push_str(&line(&call, &call.request));
    }
    for (call, lines) in flows {
        named.insert(name(call.endpoint));
        table.push_str(&lines);
    }
    let all: BTreeSet<_> =
        ENDPOINTS.iter().map(|endpoint| name(endpoint)).chain([("request", ""), ("list", "")]).collect();
    assert_eq!(named, all, "every operation stands in the table");
    golden("tests/golden/genesys.txt", &table);
}

#[test]
fn all_operations_are_named_once() {
    let names: BTreeSet<_> = ENDPOINTS.iter().map(|endpoint| (endpoint.name, endpoint.variant)).collect();
    assert_eq!(names.len(), ENDPOINTS.len());
    assert_eq!(names.iter().filter(|(_, variant)| variant.is_empty()).count(), 18);
    for endpoint in ENDPOINTS {
        let name = match endpoint.variant {
            "" => endpoint.name.to_owned(),
            variant => format!("{}+{variant}", endpoint.name),
        };
        assert!(std::ptr::eq(VENDOR.operation(&name).unwrap(), endpoint), "{name}");
    }
    for name in ["groups.create+latest", "groups", "", "groups.update+", "Groups.list"] {
        let found = VENDOR.operation(name).map(|endpoint| (endpoint.name, endpoint.variant));
        assert!(found.is_none() || name == "groups.update+", "{name}: {found:?}");
    }
}

#[test]
fn typed_operations_send_what_their_json_says() {
    let query = MembersQuery {
        pageSize: Maybe::Present(orgdeck::schema::Count(10)),
        pageNumber: Maybe::Absent,
        sortOrder: Maybe::Absent,
        expand: Maybe::Present(vec![UserExpand::Presence, UserExpand::LastTokenIssued]),
    };
    let members = ListMembers { group_id: "g1".to_owned(), query };
    assert_eq!(
        members.call().unwrap().request.target(),
        "/api/v2/groups/g1/members?pageSize=10&expand=presence,lasttokenissued"
    );
    let get = GetGroup { group_id: "..".to_owned() };
    assert!(get.call().unwrap_err().message.contains("groupId `..` is not an id"));
    assert_eq!(ListGroups::ENDPOINT.name, "groups.list");
    assert_eq!(UpdateLatest::ENDPOINT.variant, "latest");
}

#[test]
fn wrong_input_is_named_and_nothing_is_sent() {
    let group = r#"{"name":"A","type":"official","rulesVisible":true,"visibility":"public"}"#;
    for (name, ids, asked, body, word) in [
        ("groups.get", vec![""], "null", None, "groupId is empty"),
        ("groups.get", vec!["."], "null", None, "`.` is not an id"),
        ("groups.get", vec!["g1"], r#"{"expand":["owners"]}"#, None, "nothing to ask for"),
        ("groups.list", vec![], r#"{"pageSize":0}"#, None, "query.pageSize"),
        ("groups.list", vec![], r#"{"pageSize":-1}"#, None, "query.pageSize"),
        ("groups.list", vec![], r#"{"pageSize":1.5}"#, None, "query.pageSize"),
        ("groups.list", vec![], r#"{"pageNumber":0}"#, None, "query.pageNumber"),
        ("groups.list", vec![], r#"{"pageNumber":"2"}"#, None, "query.pageNumber"),
        ("groups.list", vec![], r#"{"pagesize":1}"#, None, "pagesize"),
        ("groups.list", vec![], r#"{"id":[""]}"#, None, "query.id[0]"),
        ("groups.list", vec![], r#"{"id":"g1"}"#, None, "query.id"),
        ("groups.list", vec![], r#"{"id":[]}"#, None, "`id`"),
        ("groups.list", vec![], r#"{"sortOrder":5}"#, None, "query.sortOrder"),
        ("groups.list", vec![], "[]", None, "query"),
        ("groups.members", vec!["g1"], r#"{"expand":[5]}"#, None, "query.expand[0]"),
        ("groups.searchByQ64", vec![], r#"{"q64":""}"#, None, "query.q64"),
        ("groups.searchByQ64", vec![], "{}", None, "query.q64"),
        ("fieldConfig", vec![], "{}", None, "query.type"),
        ("groups.create", vec![], "null", Some("{}"), "groups.create: name: it is missing"),
        (
            "groups.create",
            vec![],
            "null",
            Some(r#"{"name":""}"#),
            "name: expected a string that is not empty",
        ),
        ("groups.create", vec![], "null", Some("null"), "expected an object, found null"),
        (
            "groups.create",
            vec![],
            "null",
            Some(&group.replace("}", r#","id":"g1"}"#)),
            "id: there is no field",
        ),
        ("groups.create", vec![], "null", Some(&group.replace("}", r#","ownerIds":[""]}"#)), "ownerIds[0]"),
        ("groups.create", vec![], "null", Some(&group.replace("true", "1")), "rulesVisible"),
        ("groups.update", vec!["g1"], "null", Some("{}"), "version: it is missing"),
        ("groups.update", vec!["g1"], "null", Some(r#"{"version":"latest"}"#), "version"),
        ("groups.update", vec!["g1"], "null", Some(r#"{"version":1.5}"#), "version"),
        ("groups.update", vec!["g1"], "null", Some(r#"{"version":1,"type":"social"}"#), "type"),
        (
            "groups.addMembers",
            vec!["g1"],
            "null",
            Some(r#"{"memberIds":[]}"#),
            "memberIds: the list is empty",
        ),
        ("groups.addMembers", vec!["g1"], "null", Some(r#"{"memberIds":["a",""]}"#), "memberIds[1]"),
        ("groups.addMembers", vec!["g1"], "null", Some(r#"{"memberIds":["a"," "]}"#), "memberIds[1]: ` `"),
        ("groups.removeMembers", vec!["g1"], "null", Some(r#"{"memberIds":["a,b"]}"#), "memberIds[0]: `a,b`"),
        ("groups.removeMembers", vec!["g1"], "null", Some(r#"{"memberIds":["a"],"version":1}"#), "version"),
        ("groups.removeMembers", vec!["g1"], "null", Some(r#"{"memberIds":"a"}"#), "memberIds"),
        ("groups.search", vec![], "null", Some(r#"{"pageSize":0}"#), "pageSize"),
        (
            "groups.search",
            vec![],
            "null",
            Some(r#"{"query":[{"type":"EXACT","fields":["a"]}]}"#),
            "query[0].value",
        ),
        ("groups.search", vec![], "null", Some(r#"{"query":[{"fields":["a"]}]}"#), "query[0].type"),
        (
            "groups.search",
            vec![],
            "null",
            Some(r#"{"query":[{"type":"TERM","fields":[5],"value":"x"}]}"#),
            "query[0].fields[0]",
        ),
        (
            "groups.dynamicSettings.preview",
            vec![],
            "null",
            Some(
                r#"{"skillConditions":[{"operation":"And","languageSkillConditions":[],"routingSkillConditions":[{"routingSkill":"s","comparator":"EqualTo","proficiency":6}]}]}"#,
            ),
            "skillConditions[0].routingSkillConditions[0].proficiency",
        ),
    ] {
        let error = call(name, &ids, asked, body).unwrap_err();
        assert_eq!(error.kind.names().0, "config", "{name} {asked} {body:?}: {error}");
        assert!(error.message.contains(word), "{name} {asked} {body:?}: {error}");
    }
    for (body, word) in [
        (r#"{"where":{"exact":"","fields":"name"}}"#, "where.exact"),
        (r#"{"where":{"and":[{"all":true},{"term":"x","fields":[5]}]}}"#, "where.and[1].fields[0]"),
        (r#"{"where":{"all":true},"query":[]}"#, "not both"),
        (r#"{"where":{"all":true},"pageSize":0}"#, "pageSize"),
    ] {
        let error = list("groups.search", "null", Some(body)).err().unwrap();
        assert!(error.message.contains(word), "{body}: {error}");
    }
    for q64 in ["garbage!", "ä", "/api/v2/groups/search?q64="] {
        let error = list("groups.searchByQ64", &format!(r#"{{"q64":{}}}"#, json(q64)), None).err().unwrap();
        assert!(error.message.contains("q64"), "{q64}: {error}");
    }
    for (asked, word) in
        [(r#"{"a":{}}"#, ".a"), (r#"{"a":[]}"#, "`a`"), (r#"{"a":null}"#, ".a"), (r#"{"a":[[1]]}"#, ".a")]
    {
        let error = raw(Method::Get, "/api/v2/users", asked, None).unwrap_err();
        assert!(error.message.contains(word), "{asked}: {error}");
    }
    assert!(raw(Method::Get, "/x", "null", Some("{}")).unwrap_err().message.contains("no body"));
}

#[test]
fn a_list_starts_where_its_query_says() {
    let list = list("groups.list", r#"{"pageNumber":3,"pageSize":10}"#, None).unwrap();
    assert_eq!(list.start().cursor(), "page:3");
    let target = |number: u64| list.page(&Position::from(Place::Page(number))).unwrap().request.target();
    assert_eq!(target(3), "/api/v2/groups?pageNumber=3&pageSize=10");
    assert_eq!(target(4), "/api/v2/groups?pageNumber=4&pageSize=10");
    assert_eq!(target(1), "/api/v2/groups?pageNumber=1&pageSize=10");
}

fn url(request: &Request) -> Url {
    Url::parse(&request.url(&BaseUrl::parse(VENDOR.base_url).unwrap())).unwrap()
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// Arguments that do for an operation: its query and body.
fn arguments(endpoint: &Endpoint) -> (&'static str, Option<&'static str>) {
    match (endpoint.name, endpoint.variant) {
        ("groups.create", _) => (
            "null",
            Some(
                r#"{"name":"A","type":"social","rulesVisible":true,"visibility":"public","description":"x"}"#,
            ),
        ),
        ("groups.update", "latest") => ("null", Some(r#"{"name":"B"}"#)),
        ("groups.update", _) => ("null", Some(r#"{"name":"B","version":1}"#)),
        ("groups.addMembers" | "groups.removeMembers", _) => ("null", Some(r#"{"memberIds":["u1"]}"#)),
        ("groups.dynamicSettings.set" | "groups.dynamicSettings.preview", _) => {
            ("null", Some(r#"{"skillConditions":[]}"#))
        }
        ("groups.search", _) => ("null", Some("{}")),
        ("groups.searchByQ64", _) => (r#"{"q64":"AAAA"}"#, None),
        ("fieldConfig", _) => (r#"{"type":"group"}"#, None),
        _ => ("null", None),
    }
}

proptest! {
    #[test]
    fn any_id_stays_in_its_place(at in any::<prop::sample::Index>(), id in text()) {
        let endpoint = at.get(&ENDPOINTS);
        let (asked, body) = arguments(endpoint);
        let ids = [&*id];
        let ids = &ids[..names(endpoint.path).count()];
        let call = (VENDOR.call)(endpoint, ids, &Json::parse(asked).unwrap(), body.map(str::to_owned));
        if ids.iter().any(|id| matches!(*id, "." | "..")) {
            prop_assert!(call.is_err());
            return Ok(());
        }
        let call = call.unwrap();
        let mut seen = vec![url(&call.request)];
        if endpoint.flow.is_some() {
            // Each of its requests, whatever else it asks about.
            let deleted = endpoint.variant == "wait";
            let bench = common::answering(&VENDOR, move |_| answer(200, if deleted { DELETED } else { GROUP }));
            block_on(bench.client.perform(&call, &bench.begin())).unwrap();
            let sent = bench.fake.sent.borrow();
            // What follows a creation names the id that the server gave.
            seen.extend(sent.iter().take(if ids.is_empty() { 1 } else { 9 }).map(|sent| Url::parse(&sent.url).unwrap()));
        }
        for url in seen {
            prop_assert_eq!(url.host_str(), Some("api.mypurecloud.com"));
            prop_assert_eq!(url.fragment(), None);
            let template: Vec<_> = endpoint.path.split('/').collect();
            let found: Vec<_> = url.path().split('/').collect();
            prop_assert_eq!(template.len(), found.len());
            let mut ids = ids.iter();
            for (template, found) in template.iter().zip(found) {
                match template.starts_with('{') {
                    true => prop_assert_eq!(decoded(found), *ids.next().unwrap()),
                    false => prop_assert_eq!(*template, found),
                }
            }
        }
    }

    #[test]
    fn an_id_that_a_server_gave_stays_in_its_place(id in text()) {
        let made = GROUP.replace(r#""g1""#, &json(&id));
        let bench = common::answering(&VENDOR, move |_| answer(200, &made));
        let create = call("groups.create", &[], "null", arguments(endpoint("groups.create")).1).unwrap();
        let result = block_on(bench.client.perform(&create, &bench.begin()));
        let sent = bench.fake.sent.borrow();
        if matches!(&*id, "." | "..") {
            prop_assert!(result.is_err());
            prop_assert_eq!(sent.len(), 1);
            return Ok(());
        }
        let url = Url::parse(&sent[1].url).unwrap();
        prop_assert_eq!(url.host_str(), Some("api.mypurecloud.com"));
        prop_assert_eq!((url.query(), url.fragment()), (None, None));
        prop_assert_eq!(decoded(url.path()), format!("/api/v2/groups/{id}"));
        prop_assert_eq!(url.path_segments().unwrap().count(), 4);
    }

    #[test]
    fn any_value_stays_in_its_place(items in prop::collection::vec(text(), 1..5), size in 1_u32..1000) {
        let asked = format!(r#"{{"id":{},"pageSize":{size}}}"#, serde_json::to_string(&items).unwrap());
        let request = &call("groups.list", &[], &asked, None).unwrap().request;
        let url = url(request);
        prop_assert_eq!((url.path(), url.fragment()), ("/api/v2/groups", None));
        prop_assert_eq!(pairs(&url), [("id".to_owned(), items.join(",")), ("pageSize".to_owned(), size.to_string())]);
        // Commas between items are not encoded, those within one are.
        let list = url.query().unwrap().split('&').next().unwrap().strip_prefix("id=").unwrap();
        prop_assert_eq!(list.split(',').map(decoded).collect::<Vec<_>>(), items);
    }

    #[test]
    fn any_parameter_stays_one(name in text(), value in text()) {
        let asked = format!("{{{}:{},\"last\":0}}", json(&name), json(&value));
        if let Ok(call) = raw(Method::Get, "/api/v2/users", &asked, None) {
            let url = url(&call.request);
            prop_assert_eq!((url.path(), url.fragment()), ("/api/v2/users", None));
            if name != "last" {
                prop_assert_eq!(pairs(&url), [(name, value), ("last".to_owned(), "0".to_owned())]);
            }
        }
    }

    #[test]
    fn a_written_path_is_that_path_or_refused(path in text()) {
        let path = format!("/{path}");
        if let Ok(call) = raw(Method::Delete, &path, "null", None) {
            let url = url(&call.request);
            prop_assert_eq!(url.host_str(), Some("api.mypurecloud.com"));
            prop_assert_eq!(decoded(url.path()), path);
            prop_assert_eq!((url.query(), url.fragment()), (None, None));
        }
    }

    #[test]
    fn members_are_named_as_they_are(ids in prop::collection::vec(text(), 1..70)) {
        let body = format!(r#"{{"memberIds":{}}}"#, serde_json::to_string(&ids).unwrap());
        let mut distinct: Vec<&String> = Vec::new();
        for id in &ids {
            if !distinct.contains(&id) {
                distinct.push(id);
            }
        }
        for name in ["groups.addMembers", "groups.removeMembers"] {
            let call = call(name, &["g1"], "null", Some(&body));
            if ids.iter().any(|id| id.contains(',') || id.trim_ascii().is_empty()) {
                prop_assert!(call.unwrap_err().message.contains("memberIds"));
                continue;
            }
            let bench = common::answering(&VENDOR, |_| answer(202, "{}"));
            block_on(bench.client.perform(&call.unwrap(), &bench.begin())).unwrap();
            let mut seen = Vec::new();
            for sent in bench.fake.sent.borrow().iter() {
                let url = Url::parse(&sent.url).unwrap();
                prop_assert_eq!((url.path(), url.fragment()), ("/api/v2/groups/g1/members", None));
                if let Some(body) = &sent.body {
                    let body: serde_json::Value = serde_json::from_str(body).unwrap();
                    prop_assert_eq!(body.as_object().unwrap().len(), 1);
                    seen.extend(body["memberIds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
                } else {
                    let pairs = pairs(&url);
                    prop_assert_eq!((pairs.len(), &*pairs[0].0), (1, "ids"));
                    seen.extend(pairs[0].1.split(',').map(str::to_owned));
                }
            }
            prop_assert_eq!(seen.iter().collect::<Vec<_>>(), distinct.clone());
        }
    }

    #[test]
    fn a_q64_is_nothing_but_a_q64(given in prop_oneof![text(), "(/api/v2/groups/search|https://evil\\.example)?(\\?|\\?expand=x&)?q64=[A-Za-z0-9%=&#+/_-]{0,20}"]) {
        for source in [
            list("groups.searchByQ64", &format!(r#"{{"q64":{},"expand":["owners"]}}"#, json(&given)), None),
            list("groups.searchByQ64", r#"{"q64":"AAAA","expand":["owners"]}"#, None),
        ] {
            let Ok(source) = source else { continue };
            // As the caller's first page, and as the link that a server gave for the second.
            for at in [source.start(), Place::Link(Some(given.clone())).into()] {
                let Ok(call) = source.page(&at) else { continue };
                let url = url(&call.request);
                prop_assert_eq!(url.host_str(), Some("api.mypurecloud.com"));
                prop_assert_eq!((url.path(), url.fragment()), ("/api/v2/groups/search", None));
                let pairs = pairs(&url);
                prop_assert_eq!(pairs.len(), 2);
                prop_assert_eq!((&*pairs[0].0, &pairs[1]), ("q64", &("expand".to_owned(), "owners".to_owned())));
                prop_assert!(pairs[0].1.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte)));
                prop_assert_eq!((call.request.method, &call.request.body), (Method::Get, &None));
            }
        }
    }
}
