//! Searching for groups, and the links by which searches go on.
//! <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>,
//! <https://developer.genesys.cloud/organization/search/resource-search>.

mod criteria;

use super::groups::Group;
use crate::client::{Answer, Call, Endpoint, Source, operation};
use crate::http::{self, Error};
use crate::json::{Json, put_member};
use crate::paging::{Place, Position, Style, Totals};
use crate::query::Criteria;
use crate::schema::{Count, NonEmpty, Typed, model, open_enum};

pub use criteria::to_wire;

model! {
    /// What to search for.
    pub struct GroupSearchRequest as "GenesysGroupSearchRequest" {
        /// The criteria; none finds everything.
        query?: Vec<GroupSearchCriteria>,
        /// The direction of `sortBy`.
        sortOrder?: SearchOrder,
        /// The field to sort by.
        sortBy?: NonEmpty,
        /// Several fields to sort by in turn.
        sort?: Vec<SearchSort>,
        /// Items a request.
        pageSize?: Count,
        /// The page to begin with, from 1.
        pageNumber?: Count,
    }

    /// A field to sort by.
    pub struct SearchSort as "GenesysSearchSort" {
        /// The direction.
        sortOrder?: SearchOrder,
        /// The field.
        sortBy?: NonEmpty,
    }

    /// A criterion, as Genesys writes it.
    pub struct GroupSearchCriteria as "GenesysGroupSearchCriteria" {
        /// The test.
        r#type: CriterionType,
        /// The fields to look at.
        fields?: Vec<NonEmpty>,
        /// What to look for.
        value?: String,
        /// Several things to look for, any of them.
        values?: Vec<String>,
        /// Where a range begins.
        startValue?: String,
        /// Where a range ends.
        endValue?: String,
        /// How `startValue` and `endValue` are written, a Java date pattern.
        dateFormat?: String,
        /// How it goes together with the others of its list; `AND` unless given.
        operator?: CriterionOperator,
        /// Criteria within it.
        group?: Vec<Box<GroupSearchCriteria>>,
    }

    /// A page of what was found.
    pub struct GroupsSearchResponse as "GenesysGroupsSearchResponse" {
        /// The groups.
        results: Vec<Group>,
        /// How many there are on all pages.
        total?: Option<i64>,
        /// How many pages there are.
        pageCount?: Option<i64>,
        /// Items a page.
        pageSize?: Option<i64>,
        /// The number of this page, from 1.
        pageNumber?: Option<i64>,
        /// The path of the page before.
        previousPage?: Option<String>,
        /// The path of this page.
        currentPage?: Option<String>,
        /// The path of the next page.
        nextPage?: Option<String>,
        /// What was searched.
        types?: Option<Vec<String>>,
    }

    /// What a search that was made before can be asked for.
    pub struct Q64Query as "GenesysQ64Query" {
        /// The search, as a link of an earlier answer has it.
        q64: NonEmpty,
        /// Fields of the groups that are left empty unless they are asked for, such as `owners`.
        expand?: Vec<NonEmpty>,
    }
}

open_enum! {
    /// A test that a criterion makes; `docs/criteria.md` says what each means.
    pub enum CriterionType as "GenesysCriterionType" growing {
        /// The whole value.
        Exact = "EXACT",
        /// How the value begins.
        StartsWith = "STARTS_WITH",
        /// A part of the value.
        Contains = "CONTAINS",
        /// A regular expression.
        Regex = "REGEX",
        /// A word of the value.
        Term = "TERM",
        /// A word of the value.
        Terms = "TERMS",
        /// The fields are filled in.
        RequiredFields = "REQUIRED_FIELDS",
        /// Everything.
        MatchAll = "MATCH_ALL",
    }

    /// How a criterion goes together with the others of its list.
    pub enum CriterionOperator as "GenesysCriterionOperator" growing {
        /// It must hold.
        And = "AND",
        /// One of those marked so must hold.
        Or = "OR",
        /// It must not hold.
        Not = "NOT",
    }

    /// The direction of a sort.
    pub enum SearchOrder as "GenesysSearchOrder" growing {
        /// From the smallest.
        Ascending = "ASC",
        /// From the greatest.
        Descending = "DESC",
        /// From the best match.
        Score = "SCORE",
    }
}

const STYLE: Style = Style::Linked(&Totals { items: "total", pages: "pageCount", next: "nextPage" });
const ANSWER: Answer = Answer::Page { items: "results", of: Group::SHAPE, style: STYLE };

operation! {
    /// Searches for groups. `POST /api/v2/groups/search`
    SearchGroups() = "groups.search" Post "/api/v2/groups/search", body GroupSearchRequest, check criteria::check,
        answer ANSWER => GroupsSearchResponse, repeat Safe;

    /// A search that was made before. `GET /api/v2/groups/search`
    SearchGroupsByQ64() = "groups.searchByQ64" Get "/api/v2/groups/search", query Q64Query,
        answer ANSWER => GroupsSearchResponse, repeat Safe;
}

/// A search, page by page.
#[derive(Debug)]
pub struct Search(Call);

impl Search {
    /// A search of either kind, from what callers write: criteria of Orgdeck's own become Genesys', and a `q64` is taken
    /// out of whatever it came in. Everything else passes as it is.
    ///
    /// # Errors
    /// A `ConfigError` that names the argument that is wrong.
    pub fn of(endpoint: &'static Endpoint, query: &Json, body: Option<String>) -> Result<Self, Error> {
        let Some(body) = body else {
            let mut first = super::call(endpoint, &[], query, None)?;
            let given = query.text(Q64).unwrap_or_default();
            first.request.params.set(Q64, q64_of(given)?);
            return Ok(Self(first));
        };
        super::call(endpoint, &[], query, Some(request(&body)?)).map(Self)
    }
}

impl Source for Search {
    fn endpoint(&self) -> &'static Endpoint {
        self.0.endpoint
    }

    fn start(&self) -> Position {
        Place::Link(None).into()
    }

    fn page(&self, at: &Position) -> Result<Call, Error> {
        let mut call = self.0.clone();
        if let Place::Link(Some(link)) = &at.place {
            follow(&mut call, link)?;
        }
        Ok(call)
    }
}

/// The request of a search that may have criteria of Orgdeck's own under `where`.
///
/// # Errors
/// A `ConfigError` that names what is wrong.
pub fn request(text: &str) -> Result<String, Error> {
    let given = Json::parse(text).map_err(|_| Error::config("groups.search: it is nested too deep", &[]))?;
    let Some(criteria) = given.get("where") else { return Ok(text.to_owned()) };
    if given.get("query").is_some() {
        return Err(Error::config("groups.search: give `where` or `query`, not both", &[]));
    }
    let criteria = Criteria::parse(criteria)
        .map_err(|error| Error::config("groups.search: where{}", &[&error.message]))?;
    let mut out = String::from("{");
    put_member("query", &to_wire(&criteria), &mut out);
    for (name, value) in given.members().iter().filter(|(name, _)| name != "where") {
        put_member(name, &value.to_text(), &mut out);
    }
    out.push('}');
    Ok(out)
}

/// Makes of the call for the first page that for the one that a link leads to. Only its `q64` is taken, so no link
/// leads anywhere else.
fn follow(call: &mut Call, link: &str) -> Result<(), Error> {
    call.endpoint = SearchGroupsByQ64::ENDPOINT;
    call.request.method = call.endpoint.method;
    call.request.body = None;
    call.request.params.set(Q64, q64_of(link)?);
    Ok(())
}

const Q64: &str = "q64";

/// The `q64` of a link, or one that stands alone. A percent sign is in none, so where there is one it is decoded, once.
fn q64_of(text: &str) -> Result<String, Error> {
    let bytes = text.as_bytes();
    // Where a parameter begins: a value that stands alone may well hold the same letters.
    let query = http::find(text, "?").map_or(0, |at| at + 1);
    let is_name = |at: &usize| {
        bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"q64="))
            && (*at == query || bytes.get(at.wrapping_sub(1)) == Some(&b'&'))
    };
    let from = (query..bytes.len()).find(is_name).map_or(0, |at| at + 4);
    let value = http::parts(text.get(from..).unwrap_or_default(), b'&').next().unwrap_or_default();
    let value = http::parts(value, b'#').next().unwrap_or_default();
    let value = http::decode(value).unwrap_or_default();
    let is_base64 =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/' | b'=');
    if value.is_empty() || !http::is_all(&value, is_base64) {
        let start = http::start_of(text, 60);
        return Err(Error::config("q64 `{}` is not one that a search's answer gave", &[start]));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_q64_is_decoded_once_wherever_it_comes_from() {
        for (given, value) in [
            ("H4sIAAA_-", "H4sIAAA_-"),
            ("eyJwYWdl+/==", "eyJwYWdl+/=="),
            ("H4sI%3D", "H4sI="),
            ("/api/v2/groups/search?q64=H4sI%2B%3D", "H4sI+="),
            ("/api/v2/groups/search?expand=owners&q64=H4sI%3D&pageSize=5", "H4sI="),
            ("https://api.mypurecloud.com/api/v2/groups/search?q64=H4sI", "H4sI"),
            ("q64=H4sI", "H4sI"),
            ("H4sIq64=", "H4sIq64="),
            ("/api/v2/groups/search?xq64=AAAA&q64=H4sI", "H4sI"),
            ("/api/v2/groups/search?x=a?q64=AAAA&q64=H4sI", "H4sI"),
        ] {
            assert_eq!(q64_of(given).unwrap(), value, "{given}");
        }
    }

    #[test]
    fn garbage_is_no_q64() {
        for given in ["", "ä", "a b", "{}", "H4sI%253D", "/api/v2/groups/search?q64=", "%", "q64=%00", "a\n"]
        {
            let error = q64_of(given).unwrap_err();
            assert!(error.message.contains("q64"), "{given}: {error}");
        }
    }

    #[test]
    fn a_link_leads_nowhere_else() {
        let mut call =
            super::super::call(SearchGroups::ENDPOINT, &[], &Json::Null, Some("{}".to_owned())).unwrap();
        follow(&mut call, "https://evil.example/x/../y?q64=AAAA").unwrap();
        assert_eq!(call.request.target(), "/api/v2/groups/search?q64=AAAA");
    }

    #[test]
    fn criteria_of_both_kinds_are_one_too_many() {
        let error = request(r#"{"where":{"all":true},"query":[]}"#).unwrap_err();
        assert!(error.message.contains("not both"), "{error}");
    }
}
