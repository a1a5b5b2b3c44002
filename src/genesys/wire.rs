//! How Genesys spells a query, and how it continues its lists.

use crate::client::{Asks, Call, Endpoint, Source, check_body};
use crate::http::{self, Error, Method, Params, Request, decimal, fill};
use crate::json::Json;
use crate::paging::{Place, Position, Style, Totals};
use crate::schema::{Rules, check};

/// How the lists continue, but for searches. All links are relative.
pub const STYLE: Style = Style::Numbered(&Totals { items: "total", pages: "pageCount", next: "nextUri" });

const PAGE_NUMBER: &str = "pageNumber";

/// A call of an operation. The body is JSON text and is sent as it stands, but for what the operation's own page says.
///
/// # Errors
/// A `ConfigError` that names the argument that is wrong.
pub fn call(
    endpoint: &'static Endpoint,
    ids: &[&str],
    query: &Json,
    body: Option<String>,
) -> Result<Call, Error> {
    call_at(endpoint, endpoint.method, http::path(endpoint.path, ids)?, query, body)
}

pub(super) fn call_at(
    endpoint: &'static Endpoint,
    method: Method,
    path: String,
    query: &Json,
    body: Option<String>,
) -> Result<Call, Error> {
    check_body(endpoint, body.as_deref())?;
    let mut request = Request::new(method, path);
    request.params = params(endpoint, query)?;
    request.body = body;
    Ok(Call::new(endpoint, request))
}

/// Genesys declares arrays as repeated parameters, but its own clients have joined them by commas for years.
fn params(endpoint: &Endpoint, query: &Json) -> Result<Params, Error> {
    let mut params = Params::new();
    let wrong = |why: &str| Error::config("{}: query{}", &[endpoint.name, why]);
    match &endpoint.asks {
        _ if matches!(query, Json::Null) => {}
        Asks::Query(_) if query.members().is_empty() => {}
        Asks::Query(_) => return Err(wrong(": there is nothing to ask for here")),
        Asks::Params(shape) => {
            let rules = Rules { strict: true, selected: None };
            if let Err(mismatch) = check(&query.to_text(), shape, rules) {
                return Err(wrong(&fill(".{}", &[&mismatch.message()])));
            }
        }
    }
    for (name, value) in query.members() {
        let items = value.as_list().unwrap_or_else(|| std::slice::from_ref(value));
        let mut texts = Vec::new();
        for item in items {
            match item.to_parameter() {
                Some(text) => texts.push(text),
                None => {
                    return Err(wrong(&fill(".{}: expected a text, a number or a list of them", &[name])));
                }
            }
        }
        match value.as_list() {
            None => params.push(name, texts.pop().unwrap_or_default()),
            Some(_) => params.push_joined(name, texts)?,
        }
    }
    Ok(params)
}

/// A list of Genesys, but for searches.
#[derive(Debug)]
pub struct List {
    /// The call for its first page.
    first: Call,
    /// The number of its first page.
    number: u64,
}

impl List {
    /// What a call lists.
    pub fn of(first: Call) -> Self {
        let number = match first.request.params.get(PAGE_NUMBER) {
            Some(http::Value::One(text)) => http::whole(text).unwrap_or(1),
            _ => 1,
        };
        Self { first, number }
    }
}

impl Source for List {
    fn endpoint(&self) -> &'static Endpoint {
        self.first.endpoint
    }

    fn start(&self) -> Position {
        Place::Page(self.number).into()
    }

    fn page(&self, at: &Position) -> Result<Call, Error> {
        let mut call = self.first.clone();
        // The first page is asked for as the caller did, who may leave its number to the vendor.
        if let Place::Page(number) = at.place
            && number != self.number
        {
            call.request.params.set(PAGE_NUMBER, decimal(number));
        }
        Ok(call)
    }
}
