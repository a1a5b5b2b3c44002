use std::cell::RefCell;

use orgdeck::client::Outgoing;
use orgdeck::http::{Headers, Method, Response};
use url::Url;

/// An answer without headers.
pub fn respond(status: u16, body: impl Into<String>) -> Response {
    Response { status, headers: Headers::new(), body: body.into().into_bytes() }
}

/// Changes groups.
type Edit = dyn FnMut(&mut Vec<String>, usize);

/// A small directory that speaks either vendor's words, does whatever arrives, and keeps account of it.
pub struct Directory {
    is_close: bool,
    /// The ids of its groups. Lists are of these; one that begins with a dash they count and leave out.
    pub groups: RefCell<Vec<String>>,
    /// Changes, each as often as it was carried out: method and id.
    pub changes: RefCell<Vec<String>>,
    /// Items a page.
    page: usize,
    /// What happens to the groups before a page of a list is made; told the pages so far.
    pub before_page: RefCell<Box<Edit>>,
    pages: RefCell<usize>,
}

impl Directory {
    /// A directory with so many groups, `g1` the first.
    pub fn new(vendor: &str, groups: usize, page: usize) -> Self {
        Self {
            is_close: vendor == "close",
            groups: RefCell::new((1..=groups).map(|number| format!("g{number}")).collect()),
            changes: RefCell::default(),
            page,
            before_page: RefCell::new(Box::new(|_, _| {})),
            pages: RefCell::default(),
        }
    }

    /// Carries out a request.
    pub fn serve(&self, request: &Outgoing) -> Response {
        let url = Url::parse(&request.url).unwrap();
        let parts: Vec<_> = url.path_segments().unwrap().filter(|part| !part.is_empty()).collect();
        // Behind `api/v1/group` and `api/v2/groups`.
        let id = parts.get(3).map(|id| (*id).to_owned());
        match (request.method, id) {
            (Method::Get, None) => self.list(&url),
            (Method::Get, Some(id)) => self.existing(&id, |_| {}),
            (Method::Put, Some(id)) => self.existing(&id, |_| self.note("PUT", &id)),
            (Method::Delete, Some(id)) => {
                let response = self.existing(&id, |groups| {
                    self.note("DELETE", &id);
                    groups.retain(|known| *known != id);
                });
                if response.is_success() { respond(204, "") } else { response }
            }
            (Method::Put | Method::Delete, None) => respond(405, "{}"),
            (Method::Post, _) => {
                let id = format!("new{}", self.changes.borrow().len() + 1);
                self.note("POST", &id);
                self.groups.borrow_mut().push(id.clone());
                respond(201, self.record(&id))
            }
        }
    }

    fn note(&self, method: &str, id: &str) {
        self.changes.borrow_mut().push(format!("{method} {id}"));
    }

    fn existing(&self, id: &str, change: impl FnOnce(&mut Vec<String>)) -> Response {
        let mut groups = self.groups.borrow_mut();
        if !groups.iter().any(|known| known == id) {
            return respond(404, r#"{"error":"there is no such group","message":"there is no such group"}"#);
        }
        change(&mut groups);
        respond(200, self.record(id))
    }

    fn record(&self, id: &str) -> String {
        if self.is_close {
            format!(r#"{{"id":"{id}","name":"A","organization_id":"orga_1","members":[]}}"#)
        } else {
            format!(
                r#"{{"id":"{id}","name":"A","type":"official","rulesVisible":true,"visibility":"public","version":1}}"#
            )
        }
    }

    fn list(&self, url: &Url) -> Response {
        let mut groups = self.groups.borrow_mut();
        let mut pages = self.pages.borrow_mut();
        self.before_page.borrow_mut()(&mut groups, *pages);
        *pages += 1;
        let asked = |wanted: &str| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(name, value)| (name == wanted).then(|| value.parse::<usize>().unwrap()))
        };
        let from = match asked("pageNumber") {
            Some(number) => (number - 1) * self.page,
            None => asked("_skip").unwrap_or(0),
        };
        let to = groups.len().min(from + self.page);
        let items: Vec<_> = groups
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .filter(|id| !id.starts_with('-'))
            .map(|id| self.record(id))
            .collect();
        let items = items.join(",");
        respond(
            200,
            match self.is_close {
                true => format!(r#"{{"data":[{items}],"has_more":{}}}"#, to < groups.len()),
                false => format!(
                    r#"{{"entities":[{items}],"total":{},"pageCount":{}}}"#,
                    groups.len(),
                    groups.len().div_ceil(self.page)
                ),
            },
        )
    }
}
