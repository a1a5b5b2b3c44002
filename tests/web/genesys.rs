//! The second vendor in a browser: what its dialect alone shows.

use super::*;

#[wasm_bindgen(inline_js = r#"
    export const abortAt = (controller, at) => ({ done }) => { if (done >= at) controller.abort("enough"); };
    // Answers from a list in turn, as mocks do: with objects that look like responses, but are none.
    export const answering = (bodies, calls) => async (url, init) => {
        calls.push([init.method, url, init.headers.authorization, init.body ?? null]);
        const body = bodies.shift();
        return { status: 200, headers: { "ININ-Correlation-Id": "fake" }, json: async () => body };
    };
"#)]
extern "C" {
    #[wasm_bindgen(js_name = abortAt)]
    fn abort_at(controller: &AbortController, at: u32) -> Function;
    fn answering(bodies: &Array, calls: &Array) -> Function;
}

/// A client of Genesys with these options; base URL and token are added.
fn client(sandbox: &str, options: JsValue) -> JsValue {
    set(&options, "baseUrl", &sandbox.into());
    if of(&options, "auth").is_undefined() {
        set(&options, "auth", &json(r#"{"accessToken":"sandbox-genesys-token"}"#));
    }
    GenesysApi::new(&make_core(), &options).unwrap().into()
}

async fn admin() -> (String, JsValue) {
    let sandbox = reset().await;
    let genesys = client(&sandbox, Object::new().into());
    (sandbox, genesys)
}

async fn items(pages: &JsValue) -> JsValue {
    of(&all(pages, "{}").await, "items")
}

fn ids(items: &JsValue) -> Vec<String> {
    Array::from(items).iter().map(|item| word(&item, "id")).collect()
}

/// Ids of people, as many as wanted.
async fn people(genesys: &JsValue, count: u32) -> Vec<String> {
    let users = method(genesys, "list", &["/api/v2/users".into(), json(r#"{"pageSize":100}"#)]);
    let found = settled(method(&users, "all", &[json(&format!(r#"{{"limit":{count}}}"#))])).await.unwrap();
    ids(&of(&found, "items"))
}

fn strings(texts: &[String]) -> JsValue {
    texts.iter().map(|text| JsValue::from(text.as_str())).collect::<Array>().into()
}

/// The requests of the sandbox's log that changed members.
async fn changes(sandbox: &str) -> u32 {
    let log = get(&format!("{sandbox}/_sandbox/requests?limit=1000")).await.unwrap();
    let requests = Array::from(&of(&json(&log.as_string().unwrap()), "requests"));
    let is_change =
        |request: &JsValue| word(request, "path").contains("/members") && word(request, "method") != "GET";
    requests.iter().filter(is_change).count().try_into().unwrap()
}

const NEW: &str = r#"{"name":"Night shift","type":"official","rulesVisible":true,"visibility":"ownerIds","description":"After ten"}"#;

#[wasm_bindgen_test]
async fn every_operation_once_for_real() {
    let (_, genesys) = admin().await;
    let groups = items(&invoke(&genesys, "groups.list", &[json(r#"{"pageSize":7}"#)])).await;
    assert_eq!(length(&groups), 40);
    let made = call(&genesys, "groups.create", &[json(NEW)]).await.unwrap();
    assert_eq!(word(&made, "description"), "After ten", "one call for the caller");
    assert_eq!(
        (word(&made, "visibility"), text(&of(&made, "version"))),
        ("owners".to_owned(), "2".to_owned())
    );
    let id = of(&made, "id");
    let got = call(&genesys, "groups.get", &[id.clone()]).await.unwrap();
    assert_eq!(text(&got), text(&made));
    let patch = json(r#"{"version":2,"name":"Day shift"}"#);
    let changed = call(&genesys, "groups.update", &[id.clone(), patch.clone()]).await.unwrap();
    assert_eq!(word(&changed, "name"), "Day shift");
    let conflict = call(&genesys, "groups.update", &[id.clone(), patch]).await.unwrap_err();
    assert_eq!(word(&conflict, "name"), "ConflictError");
    let latest =
        call(&genesys, "groups.update", &[id.clone(), json(r#"{"version":"latest","ownerIds":[]}"#)]).await;
    assert_eq!(text(&of(&latest.unwrap(), "version")), "4");

    let some = people(&genesys, 60).await;
    let report = call(&genesys, "groups.addMembers", &[id.clone(), strings(&some)]).await.unwrap();
    assert_eq!((length(&of(&report, "done")), length(&of(&report, "chunks"))), (60, 2));
    sleep(200).await.unwrap();
    let members =
        items(&invoke(&genesys, "groups.members", &[id.clone(), json(r#"{"expand":["presence"]}"#)])).await;
    assert_eq!(length(&members), 60);
    assert!(of(&Array::from(&members).get(0), "presence").is_object());
    let removed = call(&genesys, "groups.removeMembers", &[id.clone(), strings(&some[..55])]).await.unwrap();
    assert_eq!(length(&of(&removed, "done")), 55);
    sleep(200).await.unwrap();
    let individuals = call(&genesys, "groups.individuals", &[id.clone()]).await.unwrap();
    assert_eq!(length(&individuals), 5);

    let profile =
        call(&genesys, "groups.profile", &[id.clone(), json(r#"{"fields":["description"]}"#)]).await.unwrap();
    assert_eq!(word(&profile, "name"), "Day shift");
    let profiles = items(&invoke(&genesys, "profiles.groups", &[json(r#"{"pageSize":100}"#)])).await;
    assert_eq!(length(&profiles), 41);
    let fields = call(&genesys, "fieldConfig", &["group".into()]).await.unwrap();
    assert!(length(&of(&fields, "sections")) > 0);

    let skills =
        settled(method(&genesys, "request", &[json(r#"{"method":"GET","path":"/api/v2/routing/skills"}"#)]))
            .await
            .unwrap();
    let skill = word(&Array::from(&of(&skills, "entities")).get(0), "id");
    let query = json(&format!(
        r#"{{"skillConditions":[{{"operation":"And","languageSkillConditions":[],"routingSkillConditions":[{{"routingSkill":"{skill}","comparator":"GreaterThan","proficiency":0}}]}}]}}"#
    ));
    let preview = call(&genesys, "groups.dynamicSettings.preview", &[query.clone()]).await.unwrap();
    assert!(of(&preview, "userCount").as_f64().unwrap() > 0.0);
    assert!(
        call(&genesys, "groups.dynamicSettings.set", &[id.clone(), query.clone()])
            .await
            .unwrap()
            .is_undefined()
    );
    let settings = call(&genesys, "groups.dynamicSettings.get", &[id.clone()]).await.unwrap();
    assert_eq!(length(&of(&of(&settings, "query"), "skillConditions")), 1);
    assert!(call(&genesys, "groups.dynamicSettings.delete", &[id.clone()]).await.unwrap().is_undefined());

    let wanted = json(r#"{"where":{"exact":"day SHIFT","fields":"name"},"pageSize":1}"#);
    let found = invoke(&genesys, "groups.search", &[wanted]);
    assert_eq!(ids(&items(&found).await), [id.as_string().unwrap()]);
    assert!(
        call(&genesys, "groups.delete", &[id.clone(), json(r#"{"wait":true}"#)])
            .await
            .unwrap()
            .is_undefined()
    );
    let gone = call(&genesys, "groups.get", &[id]).await;
    assert!(gone.map_or_else(
        |error| word(&error, "name") == "NotFoundError",
        |group| word(&group, "state") == "deleted"
    ));

    // The search by a link of an earlier answer is a test of its own.
    let mut all: BTreeSet<String> =
        orgdeck::genesys::ENDPOINTS.iter().map(|endpoint| endpoint.name.to_owned()).collect();
    all.remove("groups.searchByQ64");
    let mut called = called("genesys");
    called.remove("groups.searchByQ64");
    assert_eq!(called, all);
}

#[wasm_bindgen_test]
async fn a_search_goes_on_by_links() {
    let (sandbox, genesys) = admin().await;
    let everything = json(r#"{"where":{"all":true},"pageSize":15}"#);
    let pages = invoke(&genesys, "groups.search", &[everything]);
    assert_eq!(length(&for_await(&pages, 0).await.unwrap()), 40);
    assert!(word(&last_request(&sandbox).await, "path").starts_with("/api/v2/groups/search?q64=H4sI"));
    let first = settled(method(&pages, "first", &[])).await.unwrap();
    assert_eq!(
        (text(&of(&first, "total")), text(&of(&first, "pageCount"))),
        ("40".to_owned(), "3".to_owned())
    );
    let cursor = word(&first, "cursor");
    let rest = method(&pages, "resumeFrom", &[cursor.as_str().into()]);
    assert_eq!(length(&items(&rest).await), 25);
    // The link is good by itself, too.
    let link = cursor.strip_prefix("link:").unwrap();
    let second = invoke(&genesys, "groups.searchByQ64", &[link.into(), json(r#"{"expand":["owners"]}"#)]);
    assert_eq!(ids(&items(&second).await), ids(&items(&rest).await));
    let refused =
        settled(method(&invoke(&genesys, "groups.searchByQ64", &["garbage!".into()]), "first", &[])).await;
    assert_eq!(word(&refused.unwrap_err(), "name"), "ConfigError");
}

#[wasm_bindgen_test]
async fn what_is_found_there_is_what_is_matched_here() {
    let (_, genesys) = admin().await;
    let groups = items(&invoke(&genesys, "groups.list", &[json(r#"{"pageSize":100}"#)])).await;
    for tree in [
        r#"{"regex":".*(support|team).*","fields":"name"}"#,
        r#"{"or":[{"startsWith":"s","fields":"name"},{"not":{"exact":"public","fields":"visibility"}}]}"#,
        r#"{"and":[{"range":{"from":2,"to":9},"fields":"memberCount"},{"term":"3","fields":["name","email"]}]}"#,
        r#"{"not":{"required":["addresses.address","description"]}}"#,
    ] {
        let there = items(&invoke(
            &genesys,
            "groups.search",
            &[json(&format!(r#"{{"where":{tree},"pageSize":500}}"#))],
        ))
        .await;
        let here = orgdeck::js::matching(tree, &text(&groups)).unwrap();
        let here: Vec<String> =
            here.iter().map(|place| word(&Reflect::get(&groups, &place).unwrap(), "id")).collect();
        let (mut there, mut here) = (ids(&there), here);
        there.sort_unstable();
        here.sort_unstable();
        assert_eq!(here, there, "{tree}");
    }
}

#[wasm_bindgen_test]
async fn an_abort_between_two_chunks_sends_nothing_more() {
    let (sandbox, genesys) = admin().await;
    let some = people(&genesys, 160).await;
    let group = of(&Array::from(&items(&invoke(&genesys, "groups.list", &[])).await).get(0), "id");
    for (operation, words) in [("groups.addMembers", 3), ("groups.removeMembers", 2)] {
        let before = changes(&sandbox).await;
        let controller = AbortController::new();
        let options = Object::new();
        set(&options, "signal", &controller.signal());
        set(&options, "onProgress", &abort_at(&controller, 100));
        let mut arguments = vec![group.clone(), strings(&some)];
        arguments.resize(words, JsValue::UNDEFINED);
        arguments.push(options.into());
        let rejected = call(&genesys, operation, &arguments).await.unwrap_err();
        assert_eq!(rejected.as_string().as_deref(), Some("enough"), "the signal's own reason");
        sleep(100).await.unwrap();
        assert_eq!(changes(&sandbox).await - before, 2, "{operation}");
    }
}

#[wasm_bindgen_test]
async fn headers_are_read_if_the_vendor_lets_pages_read_them() {
    let (sandbox, genesys) = admin().await;
    let real = call(&genesys, "groups.get", &["no-such-group".into()]).await.unwrap_err();
    assert_eq!(word(&real, "name"), "NotFoundError");
    assert_eq!(word(&real, "requestId"), word(&json(&word(&real, "body")), "contextId"));
    let message = "Rate limit exceeded the maximum. Retry the request in [12] seconds";
    let exposed = r#""inin-correlation-id":"in-header","retry-after":"3""#;
    let hidden = format!(r#"{exposed},"access-control-expose-headers":"x-nothing""#);
    for (headers, body_id, id, ms) in [
        (exposed, Some("in-body"), "in-header", 3_000.0),
        (exposed, None, "in-header", 3_000.0),
        (&*hidden, Some("in-body"), "in-body", 12_000.0),
        (&*hidden, None, "", 12_000.0),
    ] {
        let id_of_body = body_id.map(|id| format!(r#","contextId":"{id}""#)).unwrap_or_default();
        answer(
            &sandbox,
            &format!(
                r#"{{"match":{{"path":"/api/v2/groups/"}},"status":429,"headers":{{{headers}}},"body":{{"message":"{message}"{id_of_body}}}}}"#
            ),
        )
        .await;
        // A client of its own: this one was told to wait.
        let genesys = client(&sandbox, json(r#"{"maxRetries":0}"#));
        let error = call(&genesys, "groups.get", &["g1".into()]).await.unwrap_err();
        assert_eq!(word(&error, "name"), "RateLimitError");
        assert_eq!(
            (&*word(&error, "requestId"), of(&error, "retryAfterMs").as_f64()),
            (id, Some(ms)),
            "{headers}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_fetch_of_the_page_s_own_is_all_that_is_asked() {
    let group = r#"{"id":"g1","name":"A","type":"official","rulesVisible":true,"visibility":"public"}"#;
    let bodies = json(&format!(
        r#"[{group},{{"entities":[{group}],"pageCount":2,"total":2}},{{"entities":[],"pageCount":2,"total":2}}]"#
    ));
    let (options, calls) = (Object::new(), Array::new());
    set(&options, "fetch", &answering(&Array::from(&bodies), &calls));
    set(&options, "auth", &json(r#"{"accessToken":"T"}"#));
    let genesys = client("https://api.example.com", options.into());
    let got = call(&genesys, "groups.get", &["g/1".into()]).await.unwrap();
    assert_eq!(text(&got), group);
    let listed = all(&invoke(&genesys, "groups.list", &[json(r#"{"id":["g1","é"]}"#)]), "{}").await;
    assert_eq!(
        (length(&of(&listed, "items")), text(&of(&of(&listed, "report"), "total"))),
        (1, "2".to_owned())
    );
    let base = "https://api.example.com/api/v2/groups";
    let due = [
        format!("{base}/g%2F1"),
        format!("{base}?id=g1,%C3%A9"),
        format!("{base}?id=g1,%C3%A9&pageNumber=2"),
    ]
    .map(|url| format!(r#"["GET","{url}","Bearer T",null]"#));
    assert_eq!(text(&calls), format!("[{}]", due.join(",")));
}

#[wasm_bindgen_test]
async fn what_a_person_may_not_do_is_a_permission_error() {
    let sandbox = reset().await;
    let genesys = client(&sandbox, json(r#"{"auth":{"accessToken":"sandbox-genesys-user-token"}}"#));
    let error = call(&genesys, "groups.create", &[json(NEW)]).await.unwrap_err();
    assert_eq!(word(&error, "name"), "PermissionError");
    let genesys = client(&sandbox, json(r#"{"auth":{"accessToken":"nobody-knows-this"}}"#));
    let error = call(&genesys, "groups.get", &["g1".into()]).await.unwrap_err();
    assert_eq!(word(&error, "name"), "AuthenticationError");
    assert!(!text(&error).contains("nobody-knows-this"));
}
