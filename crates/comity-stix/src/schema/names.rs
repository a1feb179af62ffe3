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

/// Whether a language tag is well formed (RFC 5646 section 2.1); the registry of languages is not
/// asked.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = first.bytes().all(|b| b.is_ascii_alphabetic());
    let language = letters && (2..=8).contains(&first.len());
    let private = matches!(first, "x" | "X" | "i" | "I") && tag.len() > 2;
    let rest = parts.all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    (language || private) && rest
}

/// Whether a UUID is one of RFC 4122: its variant, and a version from 1 to 5.
pub(super) fn is_rfc_4122(uuid: &str) -> bool {
    Uuid::parse_str(uuid).is_ok_and(|uuid| {
        uuid.get_variant() == Variant::RFC4122 && (1..=5).contains(&uuid.get_version_num())
    })
}
