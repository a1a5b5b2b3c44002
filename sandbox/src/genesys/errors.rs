//! Refusals, in the shape and the words of the vendor.
//!
//! There is one shape, with all its members every time. Texts are given twice: filled in, and as a
//! template beside what to fill it with.

use std::fmt;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

/// An answer that is an error. Apart from the answers that are none, so that these stay small.
#[derive(Debug)]
pub struct Refusal(Box<Problem>);

#[derive(Debug)]
struct Problem {
    status: StatusCode,
    code: &'static str,
    /// With the names of parameters in braces.
    template: String,
    params: Map<String, Value>,
    details: Vec<Value>,
    /// What sort of thing it is about, and the id of it.
    entity: Option<(&'static str, String)>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, template: &str, params: &[(&str, &str)]) -> Self {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let template = template.to_owned();
        Refusal(Box::new(Problem { status, code, template, params, details: Vec::new(), entity: None }))
    }

    /// Says which field it is about.
    fn about(mut self, code: &str, field: &str) -> Self {
        self.0.details.push(json!({ "errorCode": code, "fieldName": field }));
        self
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(text: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad.request", text, &[])
    }

    /// 400: what was required is missing.
    pub fn missing(field: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad.request",
            "The field [{field}] is required.",
            &[("field", field)],
        )
        .about("missing", field)
    }

    /// 400: it is there, but something else was meant to be.
    pub fn wrong_kind(field: &str, kind: &str) -> Self {
        let params = [("field", field), ("kind", kind)];
        Self::new(StatusCode::BAD_REQUEST, "bad.request", "The field [{field}] must be {kind}.", &params)
            .about("wrong.type", field)
    }

    /// 400: a value outside of what is possible.
    pub fn invalid_value(field: &str, value: &str, allowed: &str) -> Self {
        let template =
            "Value [{value}] is not valid for field type [{field}]. Allowable values are: {allowed}";
        let params = [("value", value), ("field", field), ("allowed", allowed)];
        Self::new(StatusCode::BAD_REQUEST, "invalid.value", template, &params).about("invalid.value", field)
    }

    /// 400: a date that is none.
    pub fn invalid_date(field: &str, value: &str) -> Self {
        let template = "Dates must be specified as ISO-8601 or by the given format: [{value}] is not.";
        Self::new(StatusCode::BAD_REQUEST, "invalid.date", template, &[("value", value)])
            .about("invalid.date", field)
    }

    /// 400: an id of nobody, where somebody was to be named.
    pub fn unknown_id(field: &str, id: &str) -> Self {
        let mut refusal = Self::new(
            StatusCode::BAD_REQUEST,
            "bad.request",
            "The field [{field}] names [{id}], which does not exist.",
            &[("field", field), ("id", id)],
        );
        refusal.0.details.push(json!({ "errorCode": "not.found", "fieldName": field, "entityId": id }));
        refusal
    }

    /// 400: more ids than one request may carry.
    pub fn too_many(field: &str, most: usize) -> Self {
        let most = most.to_string();
        let params = [("field", field), ("most", most.as_str())];
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad.request",
            "The field [{field}] has more than {most} items.",
            &params,
        )
        .about("too.many", field)
    }

    /// 400: field configurations exist for some types of entities only.
    pub fn bad_entity_type(value: &str, allowed: &str) -> Self {
        let template = "The entity type [{value}] is not valid. Allowable values are: {allowed}";
        let params = [("value", value), ("allowed", allowed)];
        Self::new(StatusCode::BAD_REQUEST, "bad.entity.type", template, &params)
            .about("bad.entity.type", "type")
    }

    /// 401 without a token.
    pub fn no_token() -> Self {
        let text = "No authentication bearer token specified in authorization header.";
        Self::new(StatusCode::UNAUTHORIZED, "authentication.required", text, &[])
    }

    /// 401 with a token of nobody's.
    pub fn bad_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "bad.credentials", "Invalid login credentials.", &[])
    }

    /// 401 with a token whose time is over.
    pub fn expired_token() -> Self {
        let text = "The supplied credentials are expired and cannot be used.";
        Self::new(StatusCode::UNAUTHORIZED, "credentials.expired", text, &[])
    }

    /// 403 for lack of a permission.
    pub fn missing_permission(permission: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "missing.any.permissions",
            "Unable to perform the requested action. You must have at least one of the following permissions \
             assigned: {permissions}",
            &[("permissions", permission)],
        )
    }

    /// 403 for another reason.
    pub fn not_authorized() -> Self {
        let text = "You are not authorized to perform the requested action.";
        Self::new(StatusCode::FORBIDDEN, "not.authorized", text, &[])
    }

    /// 404 for a path nothing answers to, and for most things that are not there.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not.found", "The requested resource was not found.", &[])
    }

    /// 404 of the operations that have a text of their own for it.
    pub fn no_such(entity: &'static str, id: &str, text: &str) -> Self {
        let mut refusal = Self::new(StatusCode::NOT_FOUND, "general.resource.not.found", text, &[]);
        refusal.0.entity = Some((entity, id.to_owned()));
        refusal
    }

    /// 405 for a path that exists, but not with this method.
    pub fn method_not_allowed(method: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method.not.allowed",
            "The method [{method}] is not allowed for the requested resource.",
            &[("method", method)],
        )
    }

    /// 409, or on request 400, for a change that somebody else came before.
    pub fn version_mismatch(status: StatusCode, noun: &str, supplied: i64, current: i64) -> Self {
        let code = if status == StatusCode::CONFLICT { "general.conflict" } else { "bad.request" };
        let (supplied, current) = (supplied.to_string(), current.to_string());
        Self::new(
            status,
            code,
            "The version supplied does not match the current version of the {noun}: {supplied} is not {current}",
            &[("noun", noun), ("supplied", &supplied), ("current", &current)],
        )
    }

    /// 413 for a body that is too large.
    pub fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "request.entity.too.large",
            "The request is over the size limit. Maximum bytes: {bytes}",
            &[("bytes", &most.to_string())],
        )
    }

    /// 415 for a body that is not JSON.
    pub fn unsupported_media_type() -> Self {
        let text = "The content type is not supported: send application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported.media.type", text, &[])
    }

    /// 429. With how many seconds to wait in the text, for pages that may not read the header.
    pub fn too_many_requests(seconds: Option<&str>) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        match seconds {
            Some(seconds) => Self::new(
                status,
                "too.many.requests.retry.after",
                "Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds",
                &[("seconds", seconds)],
            ),
            None => Self::new(status, "too.many.requests", "Rate limit exceeded the maximum.", &[]),
        }
    }

    /// Whatever a status stands for.
    pub fn of(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::UNAUTHORIZED => return Self::bad_token(),
            StatusCode::FORBIDDEN => return Self::not_authorized(),
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::TOO_MANY_REQUESTS => return Self::too_many_requests(None),
            StatusCode::BAD_REQUEST => "bad.request",
            StatusCode::METHOD_NOT_ALLOWED => "method.not.allowed",
            StatusCode::REQUEST_TIMEOUT => "client.timeout",
            StatusCode::CONFLICT => "general.conflict",
            StatusCode::PAYLOAD_TOO_LARGE => "request.entity.too.large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported.media.type",
            StatusCode::BAD_GATEWAY => "bad.gateway",
            StatusCode::SERVICE_UNAVAILABLE => "service.unavailable",
            StatusCode::GATEWAY_TIMEOUT => "request.timeout",
            _ if status.is_server_error() => "internal.server.error",
            _ => "error",
        };
        Self::new(status, code, status.canonical_reason().unwrap_or("Unknown Error"), &[])
    }

    /// 500: the sandbox itself has failed. It says how, being a tool for developers.
    pub fn internal(error: impl fmt::Display) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal.server.error",
            "The sandbox has failed: {error}",
            &[("error", &error.to_string())],
        )
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The body; `context` is what the header calls the correlation id.
    pub fn into_body(self, context: &str) -> Value {
        let Problem { status, code, template, params, details, entity } = *self.0;
        let mut body = json!({
            "message": fill_in(&template, &params),
            "code": code,
            "status": status.as_u16(),
            "messageWithParams": template,
            "messageParams": params,
            "contextId": context,
            "details": details,
            "errors": [],
        });
        if let (Value::Object(body), Some((name, id))) = (&mut body, entity) {
            body.insert("entityName".to_owned(), name.into());
            body.insert("entityId".to_owned(), id.into());
        }
        body
    }
}

/// Replaces `{name}` by what it stands for, once: what is filled in is not looked at again.
fn fill_in(template: &str, params: &Map<String, Value>) -> String {
    let mut text = String::new();
    for piece in template.split_inclusive(['{', '}']) {
        let value = piece.strip_suffix('}').and_then(|name| params.get(name)?.as_str());
        match value {
            Some(value) if text.ends_with('{') => {
                text.pop();
                text.push_str(value);
            }
            _ => text.push_str(piece),
        }
    }
    text
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
