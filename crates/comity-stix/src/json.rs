//! JSON as exact bytes: a scanner that checks the grammar in full, and a [`Document`] to look things
//! up in.
//!
//! Both refuse what a careless reader lets by: invalid UTF-8 anywhere, keys that stand twice in one
//! object (compared after unescaping), lone surrogates, raw control characters, and whatever passes
//! the [`Limits`](crate::Limits). Numbers stay as they were written.

pub(crate) mod canonical;
mod document;
mod keys;
pub(crate) mod scan;
pub(crate) mod text;

pub use document::{Document, Kind, Members, Span, Value};

use std::borrow::Cow;

/// What a raw JSON string says, given the bytes of the whole string, its quotes included. `None` when
/// it is not one valid string and nothing else (RFC 8259 section 7).
pub fn decode(raw: &[u8]) -> Option<Cow<'_, str>> {
    let (b'"', content) = raw.split_first()? else { return None };
    let (end, escaped) = text::end_of_string(content, 0).ok()?;
    if end + 1 != content.len() {
        return None;
    }
    let raw = str::from_utf8(content.get(..end)?).ok()?;
    Some(text::Text { raw, escaped, at: 0 }.decode())
}

/// A string as JSON writes it, quotes included, for [`crate::edit::Edits::replace`].
pub fn encode(text: &str) -> Vec<u8> {
    text::quoted(text).into_bytes()
}

#[cfg(test)]
pub(crate) mod tests;
