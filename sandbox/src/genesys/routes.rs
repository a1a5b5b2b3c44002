//! Every operation the dialect knows, in one table.

use percent_encoding::percent_decode_str;

use super::errors::Refusal;
use super::{Answer, Call, dynamic, field_config, groups, members, profiles, routing, search, tokens, users};

/// What an operation does.
pub type Operation = fn(&Call<'_>) -> Result<Answer, Refusal>;

/// Where an operation lives.
struct Route {
    method: &'static str,
    /// Below `/api/v2/`; `*` is an id. Where two paths fit, the first one wins.
    path: &'static str,
    operation: Operation,
}

const fn route(method: &'static str, path: &'static str, operation: Operation) -> Route {
    Route { method, path, operation }
}

const ROUTES: &[Route] = &[
    route("GET", "groups", groups::list),
    route("POST", "groups", groups::create),
    route("GET", "groups/search", search::by_link),
    route("POST", "groups/search", search::by_body),
    route("POST", "groups/dynamicsettings/preview", dynamic::preview),
    route("GET", "groups/*", groups::get),
    route("PUT", "groups/*", groups::update),
    route("DELETE", "groups/*", groups::delete),
    route("GET", "groups/*/members", members::list),
    route("POST", "groups/*/members", members::add),
    route("DELETE", "groups/*/members", members::remove),
    route("GET", "groups/*/individuals", members::individuals),
    route("GET", "groups/*/profile", profiles::get),
    route("GET", "groups/*/dynamicsettings", dynamic::get),
    route("PUT", "groups/*/dynamicsettings", dynamic::set),
    route("DELETE", "groups/*/dynamicsettings", dynamic::delete),
    route("GET", "profiles/groups", profiles::list),
    route("GET", "fieldconfig", field_config::get),
    // Beyond groups: what it takes to pick people and skills for them, and to learn who is calling.
    route("GET", "users", users::list),
    route("GET", "users/me", users::me),
    route("GET", "users/*", users::get),
    route("GET", "tokens/me", tokens::me),
    route("GET", "routing/skills", routing::skills),
    route("GET", "routing/languages", routing::languages),
];

/// The operation behind a method and a path, and the ids in the path.
pub fn find(method: &str, path: &str) -> Result<(Operation, Vec<String>), Refusal> {
    let path = path.strip_prefix("/api/v2/").ok_or_else(Refusal::not_found)?;
    // A path decides once, so that `groups/search` is never a group.
    let fits = |route: &&Route| ids(route.path, path).is_some();
    let pattern = ROUTES.iter().find(fits).map(|route| route.path).ok_or_else(Refusal::not_found)?;
    ROUTES
        .iter()
        .find(|route| route.path == pattern && route.method == method)
        .map(|route| (route.operation, ids(pattern, path).unwrap_or_default()))
        .ok_or_else(|| Refusal::method_not_allowed(method))
}

/// The ids of a path that fits a pattern. An empty id fits nothing.
fn ids(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    let mut wanted = pattern.split('/');
    for given in path.split('/') {
        match wanted.next()? {
            "*" if given.is_empty() => return None,
            "*" => ids.push(percent_decode_str(given).decode_utf8_lossy().into_owned()),
            literal if literal == given => {}
            _ => return None,
        }
    }
    wanted.next().is_none().then_some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_18_operations_on_groups_and_6_beyond() {
        let (groups, beyond): (Vec<&Route>, Vec<&Route>) =
            ROUTES.iter().partition(|route| route.path.contains("groups") || route.path == "fieldconfig");
        assert_eq!((groups.len(), beyond.len()), (18, 6));
    }

    #[test]
    fn words_in_a_path_are_never_taken_for_ids() {
        let status = |method, path| find(method, path).map(drop).map_err(|refusal| refusal.status().as_u16());
        assert_eq!(status("DELETE", "/api/v2/groups/search"), Err(405));
        assert_eq!(status("PUT", "/api/v2/users/me"), Err(405));
        assert_eq!(status("GET", "/api/v2/groups/"), Err(404));
        assert_eq!(status("GET", "/api/v2/groups/a/b"), Err(404));
        assert_eq!(status("GET", "/api/v2/groups/a%2Fb"), Ok(()));
        assert_eq!(ids("groups/*/members", "groups/a%2Fb%20c/members"), Some(vec!["a/b c".to_owned()]));
    }
}
