use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;

use super::Flow;
use crate::http::{Error, Method, Request};
use crate::json::Json;
use crate::paging::Style;
use crate::query::Accepts;
use crate::schema::Shape;

/// One operation of a vendor's API, as data.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// Its name in the JavaScript API, such as `groups.get`.
    pub name: &'static str,
    /// Which of several ways to do what has one name; empty for the only or the plain one.
    pub variant: &'static str,
    /// The method.
    pub method: Method,
    /// The path under the base URL, with a name in braces for each id.
    pub path: &'static str,
    /// What a caller may ask for.
    pub asks: Asks,
    /// What the body must be; `None` for no body.
    pub body: Option<Body>,
    /// How many records one call may change, for a call that takes ids for a filter and not for its path.
    pub bulk: Option<usize>,
    /// What a success says.
    pub answer: Answer,
    /// Whether it may be sent again.
    pub repeat: Repeat,
    /// How it is done, when that takes more than its one request.
    pub flow: Option<Flow>,
}

/// What a caller may ask for.
#[derive(Clone, Copy, Debug)]
pub enum Asks {
    /// A query in Orgdeck's own words, for vendors that take fields, filters and orders.
    Query(&'static Accepts),
    /// Parameters in the vendor's own words: an object of this shape.
    Params(Shape),
}

/// A rule for a body; its error names the part that is wrong.
pub type Check = fn(&Json) -> Result<(), String>;

/// What a body must be.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// Its shape.
    pub shape: Shape,
    /// The only member, when JavaScript callers give its value alone.
    pub member: Option<&'static str>,
    /// What a shape cannot say.
    pub check: Option<Check>,
}

/// What a success says.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// Nothing of use, whatever the body.
    Nothing,
    /// A value.
    One(Shape),
    /// An object with one member of use.
    Member(Shape, &'static str),
    /// A page of a list.
    Page {
        /// The member that has the items.
        items: &'static str,
        /// An item.
        of: Shape,
        /// How the list continues.
        style: Style,
    },
    /// Whatever it says, if it is JSON or nothing.
    Any,
}

/// Whether a request may be sent again when it is not known whether it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Yes: it changes nothing.
    Safe,
    /// Yes: twice is as once.
    Idempotent,
    /// No.
    Once,
}

/// A call, ready to be sent. Boxed, because it is handed on from one to the other.
#[derive(Clone, Debug)]
pub struct Call(Box<Parts>);

/// What a [`Call`] consists of; its parts are read and set through the call itself.
#[derive(Clone, Debug)]
pub struct Parts {
    /// What is called.
    pub endpoint: &'static Endpoint,
    /// The request.
    pub request: Request,
    /// The fields that were asked for; `None` for all.
    pub selected: Option<Vec<String>>,
    /// Whether it may be sent again.
    pub repeat: Repeat,
}

impl Call {
    /// A call of an endpoint, which may be sent again as that may, for all fields.
    pub fn new(endpoint: &'static Endpoint, request: Request) -> Self {
        Self(Box::new(Parts { endpoint, request, selected: None, repeat: endpoint.repeat }))
    }
}

impl Deref for Call {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Call {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

/// An operation with its arguments, for callers in Rust.
pub trait Operation {
    /// What it answers with.
    type Answer: DeserializeOwned;

    /// The call.
    ///
    /// # Errors
    /// A `ConfigError` that names the argument that is wrong.
    fn call(&self) -> Result<Call, Error>;
}
