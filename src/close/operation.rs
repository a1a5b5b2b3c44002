/// Declares operations: for each a type that holds its arguments, and an [`Endpoint`](crate::client::Endpoint) that
/// says the rest. `body T` adds a body; `member` names its only member, which
/// JavaScript callers give alone; `check f` adds a rule that a schema cannot say.
macro_rules! operation {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident($($id:ident),*) = $label:literal $method:ident $path:literal
            $(, body $body:ty $(, member $member:literal)? $(, check $rule:expr)?)?
            , accepts $accepts:expr, answer $answer:expr => $type:ty, repeat $repeat:ident;
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
                /// What is asked for.
                pub query: crate::query::Query,
            }

            impl $name {
                /// The operation, as data.
                pub const ENDPOINT: &'static crate::client::Endpoint = &crate::client::Endpoint {
                    name: $label,
                    method: crate::http::Method::$method,
                    path: $path,
                    accepts: $accepts,
                    body: operation!(@body $($body, [$($member)?], [$($rule)?])?),
                    bulk: None,
                    answer: $answer,
                    repeat: crate::client::Repeat::$repeat,
                };
            }

            impl crate::client::Operation for $name {
                type Answer = $type;

                fn call(&self) -> Result<crate::client::Call, crate::http::Error> {
                    let body = operation!(@text self $($body)?);
                    crate::close::call(Self::ENDPOINT, &[$(&self.$id),*], &self.query, body)
                }
            }
        )*
    };
    (@body) => { None };
    (@body $body:ty, [$($member:literal)?], [$($rule:expr)?]) => {
        Some(crate::client::Body {
            shape: <$body as crate::schema::Typed>::SHAPE,
            member: operation!(@some $($member)?),
            check: operation!(@some $($rule)?),
        })
    };
    (@some) => { None };
    (@some $value:expr) => { Some($value) };
    (@text $self:ident) => { None };
    (@text $self:ident $body:ty) => {
        Some(serde_json::to_string(&$self.body).map_err(|error| crate::http::Error::config(&[&error.to_string()]))?)
    };
}
