//! The forms of names and codes that the standard's kinds ask for.

use uuid::{Uuid, Variant};

/// Section 2.3.
pub(super) fn is_dictionary_key(key: &str) -> bool {
    (1..=250).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Section 2.14: lower case, with hyphens between words.
pub(super) fn is_term(term: &str) -> bool {
    !term.is_empty() && !term.chars().any(|c| c.is_uppercase() || c.is_whitespace() || c == '_')
}

/// Whether a UUID is one of RFC 4122: its variant, and a version from 1 to 5.
pub(super) fn is_rfc_4122(uuid: &str) -> bool {
    Uuid::parse_str(uuid).is_ok_and(|uuid| {
        uuid.get_variant() == Variant::RFC4122 && (1..=5).contains(&uuid.get_version_num())
    })
}
