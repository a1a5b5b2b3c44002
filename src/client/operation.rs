use serde::Serialize;

use crate::http::Error;
use crate::json::Json;

/// JSON text of an argument.
///
/// # Errors
/// A `ConfigError` when it has none.
pub fn to_text(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::config("{}", &[&error.to_string()]))
}

/// JSON of an argument.
///
/// # Errors
/// A `ConfigError` when it has none.
pub fn to_json(value: &impl Serialize) -> Result<Json, Error> {
    Json::parse(&to_text(value)?).map_err(|_| Error::config("an argument is nested too deep", &[]))
}

/// Declares operations: for each a type that holds its arguments, and an [`Endpoint`](crate::client::Endpoint) that
/// says the rest. `accepts e` lets callers ask in Orgdeck's words, `query T` in the vendor's. `body T` adds a body;
/// `member` names its only member, which JavaScript callers give alone; `check f` adds a rule that a schema cannot say.
/// `flow f` is for what takes more than one request. `+ "v"` behind a name tells variants apart. The vendor's module has `call(endpoint, ids, query, body)`.
macro_rules! operation {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident($($id:ident),*) = $label:literal $(+ $variant:literal)? $method:ident $path:literal
            $(, body $body:ty $(, member $member:literal)? $(, check $rule:expr)?)?
            $(, accepts $accepts:expr)? $(, query $query:ty)?
            , answer $answer:expr => $type:ty, repeat $repeat:ident $(, flow $flow:expr)?;
    )*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Debug)]
            pub struct $name {
                $(
                    /// The id in the path.
                    pub $id: String,
                )*
                $(
                    /// What is sent.
                    pub body: $body,
                )?
                $(
                    /// What is asked for.
                    pub query: operation!(@query $accepts),
                )?
                $(
                    /// What is asked for.
                    pub query: $query,
                )?
            }

            impl $name {
                /// The operation, as data.
                pub const ENDPOINT: &'static crate::client::Endpoint = &crate::client::Endpoint {
                    name: $label,
                    variant: operation!(@or_empty $($variant)?),
                    method: crate::http::Method::$method,
                    path: $path,
                    asks: operation!(@asks $($accepts)? $(, $query)?),
                    body: operation!(@body $($body, [$($member)?], [$($rule)?])?),
                    bulk: None,
                    answer: $answer,
                    repeat: crate::client::Repeat::$repeat,
                    flow: operation!(@some $($flow)?),
                };
            }

            impl crate::client::Operation for $name {
                type Answer = $type;

                fn call(&self) -> Result<crate::client::Call, crate::http::Error> {
                    let body = operation!(@text self $($body)?);
                    let query = operation!(@given self $($accepts)? $(, $query)?);
                    super::call(Self::ENDPOINT, &[$(&self.$id),*], query, body)
                }
            }
        )*
    };
    (@query $accepts:expr) => { crate::query::Query };
    (@asks) => { crate::client::Asks::Query(&crate::query::Accepts::NOTHING) };
    (@asks $accepts:expr) => { crate::client::Asks::Query($accepts) };
    (@asks , $query:ty) => { crate::client::Asks::Params(<$query as crate::schema::Typed>::SHAPE) };
    (@given $self:ident) => { &crate::json::Json::Null };
    (@given $self:ident $accepts:expr) => { &$self.query };
    (@given $self:ident , $query:ty) => { &crate::client::to_json(&$self.query)? };
    (@body) => { None };
    (@body $body:ty, [$($member:literal)?], [$($rule:expr)?]) => {
        Some(crate::client::Body {
            shape: <$body as crate::schema::Typed>::SHAPE,
            member: operation!(@some $($member)?),
            check: operation!(@some $($rule)?),
        })
    };
    (@or_empty) => { "" };
    (@or_empty $value:literal) => { $value };
    (@some) => { None };
    (@some $value:expr) => { Some($value) };
    (@text $self:ident) => { None };
    (@text $self:ident $body:ty) => {
        Some(crate::client::to_text(&$self.body)?)
    };
}

pub(crate) use operation;
