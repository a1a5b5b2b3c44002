//! Every operation the dialect knows, in one table.

use percent_encoding::percent_decode_str;

use super::errors::Refusal;
use super::{Answer, Call, Revision, groups, memberships, organizations, roles, users};

/// What an operation does.
pub type Operation = fn(&Call<'_>) -> Result<Answer, Refusal>;

/// Where an operation lives, and since when.
struct Route {
    since: Revision,
    method: &'static str,
    /// Without the slashes at both ends; `*` is an id. Where two paths fit, the first one wins.
    path: &'static str,
    operation: Operation,
}

const fn route(method: &'static str, path: &'static str, operation: Operation) -> Route {
    Route { since: Revision::R1, method, path, operation }
}

const ROUTES: &[Route] = &[
    route("GET", "me", users::me),
    route("GET", "user", users::list),
    route("GET", "user/availability", users::availability),
    route("GET", "user/*", users::get),
    route("GET", "organization/*", organizations::get),
    route("PUT", "organization/*", organizations::update),
    route("POST", "membership", memberships::create),
    route("PUT", "membership", memberships::update_many),
    route("PUT", "membership/*", memberships::update),
    Route { since: Revision::R2, ..route("DELETE", "membership/*", memberships::deactivate) },
    route("GET", "membership/*/pinned_views", memberships::pinned_views),
    route("PUT", "membership/*/pinned_views", memberships::set_pinned_views),
    route("GET", "role", roles::list),
    route("POST", "role", roles::create),
    route("GET", "role/*", roles::get),
    route("PUT", "role/*", roles::update),
    route("DELETE", "role/*", roles::delete),
    route("GET", "group", groups::list),
    route("POST", "group", groups::create),
    route("POST", "group/*/member", groups::add_member),
    route("DELETE", "group/*/member/*", groups::remove_member),
    route("GET", "group/*", groups::get),
    route("PUT", "group/*", groups::update),
    route("DELETE", "group/*", groups::delete),
];

/// The operation behind a method and a path, and the ids in the path.
///
/// Every path ends in a slash. One without is an unknown URL: a redirect would make browsers drop
/// the credentials, and hide the mistake from whoever made it.
pub fn find(revision: Revision, method: &str, path: &str) -> Result<(Operation, Vec<String>), Refusal> {
    let mut known = known(revision, path).peekable();
    if known.peek().is_none() {
        return Err(Refusal::unknown_url());
    }
    known
        .find(|(route, _)| route.method == method)
        .map(|(route, ids)| (route.operation, ids))
        .ok_or_else(Refusal::method_not_allowed)
}

/// A path with its ids left open.
pub fn pattern(revision: Revision, path: &str) -> Option<&'static str> {
    known(revision, path).next().map(|(route, _)| route.path)
}

fn known(revision: Revision, path: &str) -> impl Iterator<Item = (&'static Route, Vec<String>)> {
    let path = path.strip_prefix("/api/v1/").and_then(|path| path.strip_suffix('/'));
    let routes = ROUTES.iter().filter(move |route| route.since <= revision);
    routes.filter_map(move |route| Some((route, ids(route.path, path?)?)))
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
    fn the_newer_revision_has_24_operations_and_the_older_one_less() {
        let count = |revision| ROUTES.iter().filter(|route| route.since <= revision).count();
        assert_eq!((count(Revision::R1), count(Revision::R2)), (23, 24));
    }

    #[test]
    fn ids_are_decoded_and_never_span_segments() {
        assert_eq!(
            ids("group/*/member/*", "group/a%2Fb/member/c%20d"),
            Some(vec!["a/b".into(), "c d".into()])
        );
        assert_eq!(ids("group/*", "group/a/b"), None);
        assert_eq!(ids("group/*", "group"), None);
        assert_eq!(ids("group/*", "group/"), None);
        assert_eq!(ids("group", "group"), Some(Vec::new()));
    }
}
