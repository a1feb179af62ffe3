//! JSON pointers (RFC 6901): writing and taking apart.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Appends `/` and the escaped token.
pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.reserve(token.len() + 1);
    pointer.push('/');
    if !token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        return pointer.push_str(token);
    }
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// Appends `/` and a list index.
pub(crate) fn push_index(pointer: &mut String, index: usize) {
    // Writing to a string cannot fail.
    let _ = write!(pointer, "/{index}");
}

/// The unescaped tokens of a pointer, or `None` when it is not one.
pub(crate) fn tokens(pointer: &str) -> Option<Vec<Cow<'_, str>>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer.strip_prefix('/')?.split('/').map(unescape).collect()
}

/// A list index as RFC 6901 section 4 writes it: no sign, no leading zero.
pub(crate) fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|b| b.is_ascii_digit());
    let canonical = token == "0" || !token.starts_with('0');
    (plain && canonical).then(|| token.parse().ok()).flatten()
}

fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut plain = String::with_capacity(token.len());
    let mut characters = token.chars();
    while let Some(character) = characters.next() {
        match character {
            '~' => match characters.next()? {
                '0' => plain.push('~'),
                '1' => plain.push('/'),
                _ => return None,
            },
            other => plain.push(other),
        }
    }
    Some(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    use super::{index, push, tokens};

    #[test]
    fn a_token_with_slash_and_tilde_comes_back_whole() {
        let mut pointer = String::new();
        push(&mut pointer, "a/b~c~1");
        assert_eq!(pointer, "/a~1b~0c~01");
        assert_eq!(tokens(&pointer).unwrap(), ["a/b~c~1"]);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        assert!(tokens("a").is_none());
        assert!(tokens("/a~2").is_none());
        assert!(tokens("/a~").is_none());
        assert_eq!(tokens("/").unwrap(), [""]);
    }

    #[test]
    fn only_canonical_indices_are_indices() {
        assert_eq!(index("0"), Some(0));
        assert_eq!(index("17"), Some(17));
        for bad in ["", "01", "+1", "-1", "1e3", "99999999999999999999999"] {
            assert_eq!(index(bad), None, "{bad}");
        }
    }
}
