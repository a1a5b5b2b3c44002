//! Patterns of paths.

use regex::Regex;

/// A path with wildcards: `*` is any run within a segment, but not an empty one, `**` any run at all. The rest is as it stands
/// in a request, encoded and with upper and lower case. A slash at the end makes no difference.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err("a path begins with a slash".to_owned());
        }
        if text.contains(['?', '#']) {
            return Err("a path ends before the query, which has a member of its own".to_owned());
        }
        let escaped = regex::escape(text.trim_end_matches('/'));
        let source = escaped.replace(r"\*\*", ".*").replace(r"\*", "[^/]+");
        Regex::new(&format!("^{source}/?$")).map(Pattern).map_err(|error| error.to_string())
    }

    /// Whether the whole of a path fits.
    pub fn fits(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, path: &str) -> bool {
        Pattern::read(pattern).unwrap().fits(path)
    }

    #[test]
    fn without_a_wildcard_the_whole_path_is_meant() {
        assert!(fits("/api/v1/group/", "/api/v1/group/"));
        assert!(fits("/api/v1/group", "/api/v1/group/"));
        assert!(fits("/api/v2/groups/", "/api/v2/groups"));
        assert!(!fits("/api/v1/group/", "/api/v1/group/x/"));
        assert!(!fits("/group/", "/api/v1/group/"));
        assert!(!fits("/api/v1/me/", "/api/vv1/me/"));
        assert!(!fits("/api/v1/m./", "/api/v1/me/"), "a dot is a dot");
    }

    #[test]
    fn a_star_stays_in_its_segment_and_two_do_not() {
        assert!(fits("/api/v1/group/*", "/api/v1/group/g_1/"));
        assert!(!fits("/api/v1/group/*", "/api/v1/group/"), "a list is not one of its items");
        assert!(fits("/api/v1/group/**", "/api/v1/group/"));
        assert!(fits("/api/v1/group/*/member/", "/api/v1/group/a%2Fb/member/"));
        assert!(!fits("/api/v1/group/*", "/api/v1/group/g_1/member/"));
        assert!(!fits("/api/v1/*", "/api/v2/groups"));
        assert!(fits("/api/v1/group_*/", "/api/v1/group_x/"));
        assert!(fits("/api/**", "/api/v1/group/g_1/member/"));
        assert!(fits("/**/member/*", "/api/v1/group/g_1/member/u/"));
        assert!(fits("/**", "/oauth/token"));
        assert!(!fits("/api/**/x", "/api/v1/group/"));
    }

    #[test]
    fn what_no_path_can_be_is_refused() {
        for text in ["", "api/v1", "/a?b=c", "/a#b"] {
            assert!(Pattern::read(text).is_err(), "{text}");
        }
    }
}
