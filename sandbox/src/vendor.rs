//! Whose a path is.

use crate::{genesys, oauth};

/// One of those whose dialects are spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Close CRM.
    Close,
    /// Genesys Cloud, and the sign-in, which only it takes tokens of.
    Genesys,
}

impl Vendor {
    /// The one that answers at a path; nobody where the sandbox talks of itself, or serves files.
    pub fn of(path: &str) -> Option<Self> {
        match path {
            _ if path.starts_with(genesys::PREFIX) || oauth::serves(path) => Some(Vendor::Genesys),
            _ if path.starts_with("/api/") => Some(Vendor::Close),
            _ => None,
        }
    }
}
