//! Media types.

/// `type/subtype` as RFC 6838 section 4.2 names them, with or without parameters. The type is one that IANA knows; which
/// subtypes it knows is not asked.
pub(in crate::check) fn is_media_type(text: &str) -> bool {
    const TYPES: &[&str] = &[
        "application",
        "audio",
        "font",
        "haptics",
        "image",
        "message",
        "model",
        "multipart",
        "text",
        "video",
    ];
    let name = text.split(';').next().unwrap_or_default().trim_end();
    let Some((type_, subtype)) = name.split_once('/') else { return false };
    let known = TYPES.iter().any(|known| known.eq_ignore_ascii_case(type_));
    let first = subtype.starts_with(|first: char| first.is_ascii_alphanumeric());
    let rest = subtype.bytes().all(|b| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'!' | b'#' | b'$' | b'&' | b'-' | b'^' | b'_' | b'.' | b'+')
    });
    known && first && rest && subtype.len() <= 127
}

#[cfg(test)]
mod tests {
    use super::is_media_type;

    #[test]
    fn a_media_type_has_a_known_type_and_a_subtype() {
        for text in [
            "application/pdf",
            "image/svg+xml",
            "text/html; charset=UTF-8",
            "application/vnd.ms-excel",
        ] {
            assert!(is_media_type(text), "{text}");
        }
        for text in [
            "",
            "bla",
            "pdf/",
            "/pdf",
            "paper/a4",
            "application/",
            "application/a b",
            "application/a/b",
        ] {
            assert!(!is_media_type(text), "{text}");
        }
    }
}
