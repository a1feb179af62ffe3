//! The documents of a server that are not pages, as far as a client needs them.

use comity_exchange::ports::{FeedCode, FeedFault};
use serde::Deserialize;

/// A discovery (TAXII 2.1 section 4.1.1) or an API root (section 4.2.1): which, the lists tell.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Server {
    /// The API roots of a discovery.
    pub(crate) api_roots: Option<Vec<String>>,
    /// The one to take where nothing else is said.
    pub(crate) default: Option<String>,
    /// The versions of an API root.
    pub(crate) versions: Option<Vec<String>>,
}

/// A collection (TAXII 2.1 section 5.2.1).
#[derive(Debug, Deserialize)]
pub(crate) struct Collection {
    /// Whether this client may read it.
    pub(crate) can_read: bool,
}

/// Reads a document.
pub(crate) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, FeedFault> {
    // strings that are passed over are not looked at otherwise
    let text = std::str::from_utf8(bytes).map_err(unreadable)?;
    serde_json::from_str(text).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> FeedFault {
    FeedFault::of(FeedCode::Unreadable, error)
}
