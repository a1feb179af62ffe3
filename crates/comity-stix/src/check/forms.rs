//! The forms of names, codes and selectors.

use uuid::{Uuid, Variant};

use crate::id;

/// Section 11.1.1, with the first letter of section 3.1. `id` is the one name that is shorter.
pub(super) fn is_property_name(name: &str) -> bool {
    let letters = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let first = name.starts_with(|first: char| first.is_ascii_lowercase());
    name == "id" || letters && first && (3..=250).contains(&name.len())
}

/// Section 2.3.
pub(super) fn is_dictionary_key(key: &str) -> bool {
    (1..=250).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Section 2.7.
pub(super) fn is_hash_name(key: &str) -> bool {
    key.len() >= 3 && is_dictionary_key(key)
}

/// Section 5.1.2.
pub(super) fn is_term(term: &str) -> bool {
    !term.is_empty() && term.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Whether a language tag is well formed (RFC 5646 section 2.1); the registry is not asked.
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

/// A predefined extension's name: words and `-ext` (section 3.10).
pub(super) fn is_predefined_extension(key: &str) -> bool {
    key.ends_with("-ext") && id::is_type_name(key)
}

/// What a UUID breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UuidFault {
    /// It is none of RFC 4122 section 4.1.
    NotRfc4122,
    /// It is written in upper case, which RFC 4122 section 3 keeps from output.
    Uppercase,
}

/// The version of a UUID that is in the form of one.
pub(super) fn uuid_version(text: &str) -> Result<usize, UuidFault> {
    let uuid = Uuid::parse_str(text).map_err(|_| UuidFault::NotRfc4122)?;
    let version = uuid.get_version_num();
    if uuid.get_variant() != Variant::RFC4122 || !(1..=5).contains(&version) {
        return Err(UuidFault::NotRfc4122);
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(UuidFault::Uppercase);
    }
    Ok(version)
}
