//! What a partner answers about a channel and about a pouch (docs/protocol.md section 5).

use comity_exchange::ports::{RemoteHead, RemotePouch};
use serde::de::DeserializeOwned;

use crate::problem::is_code;

/// Reads what a partner says of a channel: one JSON object with the members of a [`RemoteHead`] and no others, each once.
/// Nothing in it is proved; `None` for everything else.
pub fn head_of(body: &[u8]) -> Option<RemoteHead> {
    object(body)
}

/// Reads what a partner says of a pouch, in the same way; a code that it names has a code's form.
pub fn status_of(body: &[u8]) -> Option<RemotePouch> {
    object(body).filter(|it: &RemotePouch| it.code.as_deref().is_none_or(is_code))
}

/// Readers of structures take a list of the members as well: here an object is written as an object.
fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    if is_object { serde_json::from_slice(body).ok() } else { None }
}
