//! Names that registries give: media types, character sets, protocols, countries.

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

/// A name as the registry of character sets writes them (section 3.9.1). Which of them are registered is not asked.
pub(in crate::check) fn is_charset(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'+' | b'(' | b')')
        })
}

/// A service name as IANA registers them, in lower case (RFC 6335 section 5.1), or one of network and link.
pub(in crate::check) fn is_protocol(text: &str) -> bool {
    let letters = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    !text.is_empty() && letters && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Two capital letters (section 4.10.1).
pub(in crate::check) fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A country, a hyphen, and one to three letters or digits (section 4.10.1).
pub(in crate::check) fn is_subdivision(text: &str) -> bool {
    text.split_once('-').is_some_and(|(country, part)| {
        is_country(country)
            && (1..=3).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{is_charset, is_country, is_media_type, is_protocol, is_subdivision};

    #[test]
    fn codes_and_names_have_the_form_of_their_registries() {
        assert!(is_charset("windows-1252") && !is_charset("bla bla") && !is_charset(""));
        assert!(
            is_protocol("https")
                && !is_protocol("HTTP")
                && !is_protocol("foo_bar")
                && !is_protocol("17")
        );
        assert!(is_country("MX") && !is_country("mx") && !is_country("MEX"));
        assert!(is_subdivision("MX-MIC") && !is_subdivision("MIC") && !is_subdivision("MX-MICH"));
    }

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
