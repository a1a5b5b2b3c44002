//! Who is in the organization, in which groups, with which role: Close CRM and Genesys Cloud for browser-based
//! admin consoles.
//!
//! The rooms, from the ground up; arrows point down only. `ARCHITECTURE.md` has the way of one call.
//!
//! - [`http`]: methods, URLs, headers, requests, responses, errors
//! - [`json`]: JSON, read where it lies
//! - [`schema`]: models declared once: Rust struct, check of answers, TypeScript type
//! - [`query`]: what a caller asks for: fields, filter, order, search criteria
//! - [`paging`]: how lists continue
//! - [`client`]: the engine that sends; knows no vendor
//! - [`close`], [`genesys`]: everything that knows a vendor's wire
//! - [`table`]: records in memory, as columns: searched, filtered, sorted and counted there
//! - `js`: the JavaScript API; the only room that names the browser

pub mod client;
pub mod close;
pub mod genesys;
pub mod http;
pub mod json;
pub mod paging;
pub mod query;
pub mod schema;
pub mod table;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod js;

/// The TypeScript declarations of all models.
#[cfg(not(target_arch = "wasm32"))]
pub fn typescript() -> String {
    let mut out = schema::Typescript::default();
    for endpoint in close::ENDPOINTS.into_iter().chain(genesys::ENDPOINTS) {
        if let client::Answer::One(shape)
        | client::Answer::Member(shape, _)
        | client::Answer::Page { of: shape, .. } = endpoint.answer
        {
            out.answered(&shape);
        }
    }
    for model in close::MODELS.into_iter().chain(genesys::MODELS) {
        out.record(model);
    }
    out.finish()
}
