//! The strict pieces that every text format here is made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::MAX_TREE_SIZE;
use crate::hash::Hash;

/// Standard base64 with padding (RFC 4648 section 4).
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads base64 that [`to_base64`] could have written, and nothing else.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Reads one hash in base64.
pub(crate) fn hash_from_base64(text: &str) -> Option<Hash> {
    // 32 bytes are 44 characters; anything longer is not worth decoding.
    if text.len() != 44 {
        return None;
    }
    from_base64(text)?.try_into().ok()
}

/// Reads an ASCII decimal without sign or leading zeroes, at most [`MAX_TREE_SIZE`].
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    if !canonical || text.len() > 19 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| *number <= MAX_TREE_SIZE)
}
