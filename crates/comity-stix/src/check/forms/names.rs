//! The names of properties, keys and terms.

/// Section 11.1.1, with the first letter of section 3.1. `id` is the one name that is shorter.
pub(in crate::check) fn is_property_name(name: &str) -> bool {
    let letters = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let first = name.starts_with(|first: char| first.is_ascii_lowercase());
    name == "id" || letters && first && (3..=250).contains(&name.len())
}

/// Sections 3.1, 7.3.2 and 11.3.1; here no name is shorter.
pub(crate) fn is_extension_property(name: &str) -> bool {
    name != "id" && is_property_name(name)
}

/// Section 2.3.
pub(in crate::check) fn is_dictionary_key(key: &str) -> bool {
    (1..=250).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Section 2.7.
pub(in crate::check) fn is_hash_name(key: &str) -> bool {
    key.len() >= 3 && is_dictionary_key(key)
}

/// Section 5.1.2.
pub(in crate::check) fn is_term(term: &str) -> bool {
    !term.is_empty() && term.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Sections 2.11 and 2.14: no capitals, and hyphens instead of spaces and underscores. Letters of any script may stand.
pub(in crate::check) fn is_lower_case_with_hyphens(text: &str) -> bool {
    !text.chars().any(|letter| letter.is_uppercase() || letter.is_whitespace() || letter == '_')
}

/// The name of an extension of somebody's own: words and `-ext` (section 11.3.1).
pub(in crate::check) fn is_extension_name(key: &str) -> bool {
    key.ends_with("-ext") && (3..=250).contains(&key.len()) && is_term(key)
}
