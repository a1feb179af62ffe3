//! URLs (RFC 3986).

use std::net::Ipv6Addr;

/// Whether a text is a URI that says where something is: a scheme and what follows it, of the characters of RFC 3986
/// and none else. Of the schemes of the web and of files on servers an authority is asked for too.
pub(in crate::check) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    if !is_scheme(scheme) || rest.is_empty() || !is_of_characters(rest) {
        return false;
    }
    let hosted = ["http", "https", "ftp", "ftps", "sftp", "ws", "wss"];
    let needs_host = hosted.iter().any(|name| name.eq_ignore_ascii_case(scheme));
    // Only one number sign may stand, before the fragment.
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    if fragment.contains(['#', '[', ']']) {
        return false;
    }
    let (hierarchy, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Some(after) = hierarchy.strip_prefix("//") else {
        return !needs_host && !hierarchy.contains(['[', ']']);
    };
    let (authority, path) = after.split_once('/').unwrap_or((after, ""));
    !path.contains(['[', ']']) && !query.contains(['[', ']']) && is_authority(authority, needs_host)
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Unreserved and reserved characters, and `%` with two digits after it.
fn is_of_characters(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'%' => {
                let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
                digit(bytes.next()) && digit(bytes.next())
            }
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            other => other.is_ascii_graphic(),
        };
        if !good {
            return false;
        }
    }
    true
}

fn is_authority(authority: &str, needs_host: bool) -> bool {
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    if authority.len() > place.len() && authority.matches('@').count() > 1 {
        return false;
    }
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let Some((inside, after)) = rest.split_once(']') else { return false };
            if !is_literal(inside) {
                return false;
            }
            match after.strip_prefix(':') {
                Some(port) => ("[]", port),
                None if after.is_empty() => ("[]", ""),
                None => return false,
            }
        }
        None => place.split_once(':').unwrap_or((place, "")),
    };
    let bracketed = host != "[]" && host.contains(['[', ']']);
    !bracketed && port.bytes().all(|byte| byte.is_ascii_digit()) && !(needs_host && host.is_empty())
}

/// What stands between brackets: an IPv6 address, or one of a version to come.
fn is_literal(text: &str) -> bool {
    if text.parse::<Ipv6Addr>().is_ok() {
        return true;
    }
    let Some(rest) = text.strip_prefix(['v', 'V']) else { return false };
    let Some((version, address)) = rest.split_once('.') else { return false };
    !version.is_empty() && version.bytes().all(|b| b.is_ascii_hexdigit()) && !address.is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn a_url_says_how_and_where() {
        for text in [
            "https://example.org",
            "http://user:pw@example.org:8080/a/b;c?q=1&r=%C3%B1",
            "HTTP://[2001:db8::1]:80/",
            "ftp://example.org/a%20b",
            "mailto:a@example.org",
            "urn:uuid:0",
            "http://example.org?x#y",
            "file:///etc/hosts",
            "tel:+52",
            "http://[v1.a]/",
            "hxxp://example.org",
        ] {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "",
            "foo",
            "www.g.com",
            "://x",
            "1http://x",
            "http:",
            "http://",
            "http:/x",
            "https:///path",
            "http://a b",
            "http://a/\u{f1}",
            "http://a/%2",
            "http://a/%zz",
            "http://a|b",
            "http://a:x/",
            "http://[::1",
            "http://[zz]/",
            "http://a#b#c",
            "http://a/[",
            "http://[::1]x/",
            "http://a@b@c/",
            "http://a?[1]",
            "a:[",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }
}
