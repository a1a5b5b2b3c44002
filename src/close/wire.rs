//! How Close spells a query, and how it continues its lists.

use std::rc::Rc;

use crate::client::{Asks, Call, Endpoint, Source, check_body};
use crate::http::{self, BaseUrl, Error, Method, Params, Request, decimal, fill, join_parts};
use crate::json::{Json, put_member, quote};
use crate::paging::{Place, Position, Style};
use crate::query::{Accepts, Operator, Query};

/// How Close's lists continue: <https://developer.close.com/api/overview/pagination>.
pub const STYLE: Style = Style::Offset { more: "has_more" };

/// Characters of a URL above which a query travels in a body: <https://developer.close.com/api/overview/filter-parameters>.
const MAX_URL: usize = 2_000;

/// A call of an operation. The body is JSON text and is sent as it stands.
///
/// # Errors
/// A `ConfigError` that names the argument that is wrong.
pub fn call(
    endpoint: &'static Endpoint,
    ids: &[&str],
    query: &Query,
    body: Option<String>,
) -> Result<Call, Error> {
    let mut call = call_at(endpoint, endpoint.method, http::path(endpoint.path, ids)?, query, body)?;
    if let Some(max) = endpoint.bulk {
        let body = call.request.body.take().unwrap_or_default();
        call.request.body = Some(filtered_by_ids(endpoint, ids, max, &body)?);
    }
    Ok(call)
}

/// What an operation lets a caller ask for.
const fn accepts(endpoint: &Endpoint) -> &'static Accepts {
    match endpoint.asks {
        Asks::Query(accepts) => accepts,
        Asks::Params(_) => &Accepts::NOTHING,
    }
}

/// A call of an operation, from a query as callers write it.
pub(super) fn call_given(
    endpoint: &'static Endpoint,
    ids: &[&str],
    query: &Json,
    body: Option<String>,
) -> Result<Call, Error> {
    call(endpoint, ids, &Query::parse(query, accepts(endpoint))?, body)
}

/// A list of an operation, from a query as callers write it.
pub(super) fn list_given(
    endpoint: &'static Endpoint,
    _ids: &[&str],
    query: &Json,
    _body: Option<String>,
) -> Result<Rc<dyn Source>, Error> {
    Ok(Rc::new(List::of(endpoint, Query::parse(query, accepts(endpoint))?)?))
}

/// The body of a bulk call. Its filter is made here and nowhere else, because without one Close changes everybody.
fn filtered_by_ids(endpoint: &Endpoint, ids: &[&str], max: usize, body: &str) -> Result<String, Error> {
    let wrong =
        |why: &str, part: &str| Err(Error::config("{}: ids: {}", &[endpoint.name, &fill(why, &[part])]));
    let mut unique: Vec<&str> = Vec::new();
    for id in ids {
        if id.is_empty() || http::has_any(id, b",") {
            return wrong("`{}` is not an id", id);
        }
        if !unique.contains(id) {
            unique.push(id);
        }
    }
    if unique.is_empty() {
        return wrong("the list is empty, which would change every record", "");
    }
    if unique.len() > max {
        return wrong("more than {} at once", &decimal(max as u64));
    }
    let patch =
        Json::parse(body).map_err(|_| Error::config("{}: the patch is nested too deep", &[endpoint.name]))?;
    let mut filter = String::from("{\"id__in\":");
    quote(&join_parts(unique.into_iter(), ","), &mut filter);
    filter.push('}');
    let mut out = String::from("{");
    put_member("_params", &filter, &mut out);
    for (name, value) in patch.members() {
        put_member(name, &value.to_text(), &mut out);
    }
    out.push('}');
    Ok(out)
}

pub(super) fn call_at(
    endpoint: &'static Endpoint,
    method: Method,
    path: String,
    query: &Query,
    body: Option<String>,
) -> Result<Call, Error> {
    check_body(endpoint, body.as_deref())?;
    let mut call = page_at(endpoint, path, query, query.skip)?;
    call.request.method = method;
    call.request.body = body;
    Ok(call)
}

/// A call without a body, for what is behind so many records.
fn page_at(endpoint: &'static Endpoint, path: String, query: &Query, skip: u64) -> Result<Call, Error> {
    let mut request = Request::new(endpoint.method, path);
    let selection = query.selection(accepts(endpoint));
    request.params = params(query, skip, &selection)?;
    let mut call = Call::new(endpoint, request);
    call.selected = (!selection.is_empty()).then_some(selection);
    Ok(call)
}

fn params(query: &Query, skip: u64, selection: &[String]) -> Result<Params, Error> {
    let mut params = Params::new();
    if !selection.is_empty() {
        params.push_list("_fields", selection.to_vec())?;
    }
    for condition in &query.filter.0 {
        let name = match condition.operator {
            Operator::Eq => condition.field.clone(),
            other => fill("{}__{}", &[&condition.field, other.as_str()]),
        };
        let mut values = Vec::new();
        for value in &condition.values {
            values.push(value.text());
        }
        match condition.operator {
            Operator::In => params.push_list(&name, values)?,
            _ => params.push(&name, values.pop().unwrap_or_default()),
        }
    }
    if !query.order.0.is_empty() {
        let mut keys = Vec::new();
        for key in &query.order.0 {
            keys.push(fill("{}{}", &[if key.descending { "-" } else { "" }, &key.field]));
        }
        params.push_list("_order_by", keys)?;
    }
    if let Some(limit) = query.limit {
        params.push("_limit", decimal(limit.into()));
    }
    if skip > 0 {
        params.push("_skip", decimal(skip));
    }
    if !query.expand.is_empty() {
        params.push_list("_expand", query.expand.clone())?;
    }
    Ok(params)
}

/// A URL that servers might cut off goes as a POST instead: the same parameters under `_params`, and a header that
/// says GET. It stays as safe to repeat as it was.
pub(super) fn travel_as_post_when_long(request: &mut Request, base: &BaseUrl) -> Result<(), Error> {
    if request.method != Method::Get || request.url(base).len() <= MAX_URL {
        return Ok(());
    }
    let mut params = String::from("{");
    for (name, value) in request.params.iter() {
        let mut text = String::new();
        match value {
            http::Value::One(value) => quote(value, &mut text),
            http::Value::List(items) => quote(&http::join(items, ","), &mut text),
        }
        put_member(name, &text, &mut params);
    }
    params.push('}');
    request.body = Some(fill("{\"_params\":{}}", &[&params]));
    request.params = Params::new();
    request.method = Method::Post;
    request.headers.set("x-http-method-override", Method::Get.as_str())
}

/// A list of Close.
#[derive(Clone, Debug)]
pub struct List {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// The path.
    pub path: String,
    /// What is asked for.
    pub query: Query,
}

impl List {
    /// What an operation lists.
    ///
    /// # Errors
    /// A `ConfigError` when the operation's path has ids.
    pub fn of(endpoint: &'static Endpoint, query: Query) -> Result<Self, Error> {
        Ok(Self { endpoint, path: http::path(endpoint.path, &[])?, query })
    }
}

impl Source for List {
    fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    fn start(&self) -> Position {
        Place::Offset(self.query.skip).into()
    }

    fn page_size(&self) -> u64 {
        self.query.limit.map_or(100, u64::from)
    }

    fn page(&self, at: &Position) -> Result<Call, Error> {
        let skip = match at.place {
            Place::Offset(skip) => skip,
            _ => self.query.skip,
        };
        page_at(self.endpoint, self.path.clone(), &self.query, skip)
    }
}
