//! Addresses: of machines, networks, names and mailboxes.

use std::net::{Ipv4Addr, Ipv6Addr};

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// An address of four numbers, with or without the length of a network's prefix (section 6.8.1).
pub(in crate::check) fn is_ipv4(text: &str) -> bool {
    let (address, length) = split(text);
    address.parse::<Ipv4Addr>().is_ok() && is_length(length, 32)
}

/// An address of RFC 4291, with or without the length of a network's prefix (section 6.9.1).
pub(in crate::check) fn is_ipv6(text: &str) -> bool {
    let (address, length) = split(text);
    address.parse::<Ipv6Addr>().is_ok() && is_length(length, 128)
}

fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)))
}

fn is_length(length: Option<&str>, most: u8) -> bool {
    let Some(text) = length else { return true };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = text == "0" || !text.starts_with('0');
    digits && plain && text.parse::<u8>().is_ok_and(|length| length <= most)
}

/// Six octets in lower case, with colons (section 6.10.1).
pub(in crate::check) fn is_mac(text: &str) -> bool {
    text.len() == 17
        && text.bytes().enumerate().all(|(at, byte)| match at % 3 {
            2 => byte == b':',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// A domain name of RFC 1034: labels of letters, digits and hyphens, and as RFC 5890 adds, labels of other scripts. An
/// underscore may stand in a label too, since names of services have it (RFC 5890 section 2.3.1 names these). A last label
/// of digits alone would be an address.
pub(in crate::check) fn is_domain(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a label of a domain name has two hyphens in the third and fourth place, and is no encoded label: these are kept
/// for encodings to come (RFC 5890 section 2.3.1), and names of that form are in use nevertheless.
pub(in crate::check) fn has_reserved_label(name: &str) -> bool {
    name.split('.').any(|label| {
        let encoded = label.get(..4).is_some_and(|front| front.eq_ignore_ascii_case("xn--"));
        label.as_bytes().get(2..4) == Some(b"--") && !encoded
    })
}

fn is_label(label: &str) -> bool {
    if label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') {
        return false;
    }
    let mut before = None;
    let mut letters = label.chars().peekable();
    while let Some(letter) = letters.next() {
        let good = letter.is_ascii_alphanumeric()
            || matches!(letter, '-' | '_')
            || is_joined(letter, before, letters.peek().copied())
            || !letter.is_ascii() && is_of_another_script(letter);
        if !good {
            return false;
        }
        before = Some(letter);
    }
    // An encoded label that is cut short ends in a hyphen, and was refused above.
    let encoded = label.get(..4).is_some_and(|front| front.eq_ignore_ascii_case("xn--"));
    !encoded || label.is_ascii()
}

/// Letters, marks and digits, and the few signs that RFC 5892 appendix A allows beside them; no capitals, which IDNA
/// maps away.
fn is_of_another_script(letter: char) -> bool {
    const SIGNS: &str = "\u{b7}\u{375}\u{5f3}\u{5f4}\u{30fb}";
    (letter.is_alphanumeric() || is_combining_mark(letter) || SIGNS.contains(letter))
        && !letter.is_uppercase()
}

/// The two signs that join letters or part them, which nobody sees: after a virama, and the one that parts also between
/// letters of scripts that join theirs (RFC 5892 appendices A.1 and A.2).
fn is_joined(sign: char, before: Option<char>, after: Option<char>) -> bool {
    const VIRAMA: u8 = 9;
    let joins = |letter: char| {
        matches!(u32::from(letter), 0x620..=0x74f | 0x750..=0x77f | 0x7ca..=0x7ea | 0x840..=0x8ff | 0x1807..=0x18aa | 0xa840..=0xa872)
            && (letter.is_alphabetic() || is_combining_mark(letter))
    };
    let parted = || before.is_some_and(joins) && after.is_some_and(joins);
    match sign {
        '\u{200c}' | '\u{200d}' => {
            before.is_some_and(|letter| canonical_combining_class(letter) == VIRAMA)
                || sign == '\u{200c}' && parted()
        }
        _ => false,
    }
}

/// `addr-spec` of RFC 5322 section 3.4.1, with the letters of RFC 6532; comments and folding are no part of an address
/// that stands alone.
pub(in crate::check) fn is_email(text: &str) -> bool {
    // The last one, since a quoted local part may hold others.
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let local = quoted.map_or_else(|| is_dot_atom(local), is_quoted);
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let domain = literal.map_or_else(
        || is_dot_atom(domain),
        |inside| inside.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '[' | ']' | '\\')),
    );
    local && domain
}

fn is_dot_atom(text: &str) -> bool {
    let atext = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~".contains(c)
            || !c.is_ascii() && !c.is_whitespace() && !c.is_control()
    };
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

fn is_quoted(text: &str) -> bool {
    let mut escaped = false;
    for character in text.chars() {
        let printed = !character.is_control() || character == '\t';
        match character {
            _ if !printed => return false,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !escaped
}

#[cfg(test)]
mod tests {
    use super::{has_reserved_label, is_domain, is_email, is_ipv4, is_ipv6, is_mac};

    #[test]
    fn networks_are_addresses_with_a_length() {
        for text in ["198.51.100.3", "0.0.0.0/0", "10.1.2.3/32"] {
            assert!(is_ipv4(text), "{text}");
        }
        for text in [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "256.1.1.1",
            "1.2.3.4/33",
            "1.2.3.4/08",
            "1.2.3.4/",
            "1.2.3.4 ",
            "::1",
        ] {
            assert!(!is_ipv4(text), "{text}");
        }
        for text in ["::", "2001:db8::1", "2001:DB8::/32", "::ffff:1.2.3.4/128", "fe80::1/0"] {
            assert!(is_ipv6(text), "{text}");
        }
        for text in [
            "",
            ":::",
            "foo",
            "1.2.3.4",
            "2001:db8::1/129",
            "fe80::1/03",
            "fe80::1%eth0",
            "1:2:3:4:5:6:7:8:9",
        ] {
            assert!(!is_ipv6(text), "{text}");
        }
    }

    #[test]
    fn octets_are_lower_case_and_whole() {
        assert!(is_mac("00:00:ab:cd:ef:01"));
        for text in [
            "00:00:AB:cd:ef:01",
            "0:0:ab:cd:ef:1",
            "00-00-ab-cd-ef-01",
            "00:00:ab:cd:ef",
            "00:00:ab:cd:ef:01:",
        ] {
            assert!(!is_mac(text), "{text}");
        }
    }

    #[test]
    fn names_are_labels_of_letters_digits_and_hyphens_of_any_script() {
        let long = format!("{}.example", "a".repeat(63));
        for text in [
            "example.com",
            "example.com.",
            "a",
            "3com.example",
            "xn--bcher-kva.example",
            "bücher.example",
            "例え.jp",
            "_dmarc.example.org",
            "EXAMPLE.com",
            "ab--c.example",
            // Sinhala, with a joiner after its virama; Persian, with the sign that parts its letters.
            "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}.com",
            "\u{646}\u{627}\u{645}\u{647}\u{200c}\u{627}\u{6cc}.com",
            &long,
        ] {
            assert!(is_domain(text), "{text}");
        }
        let longer = format!("{}.example", "a".repeat(64));
        let longest = "a.".repeat(127) + "aaa";
        for text in [
            "",
            ".",
            "a..b",
            "-a.example",
            "a-.example",
            "exa mple.com",
            "exam!ple.com",
            "1.2.3.4",
            "Ünder.example",
            "xn--.example",
            "a\u{1f600}.example",
            "exa\u{200d}mple.org",
            "exa\u{200c}mple.org",
            "example\u{200d}.org",
            "exa\u{ad}mple.org",
            "exa\u{202e}mple.org",
            "exa\u{7f}mple.org",
            "xn--bücher.example",
            &longer,
            &longest,
        ] {
            assert!(!is_domain(text), "{text}");
        }
    }

    #[test]
    fn labels_kept_for_encodings_are_told_from_encoded_ones() {
        for text in ["r3--cdn.example.org", "a.zz--top", "bq--abc.org"] {
            assert!(is_domain(text) && has_reserved_label(text), "{text}");
        }
        for text in ["xn--bcher-kva.example", "XN--a.org", "a--b.org", "abc--d.org", "bücher.org"]
        {
            assert!(is_domain(text) && !has_reserved_label(text), "{text}");
        }
    }

    #[test]
    fn mailboxes_are_addresses_without_a_name_beside() {
        for text in [
            "jane.smith@example.com",
            "a+b@localhost",
            "\"a b\\\"@c\"@example.com",
            "x@[192.0.2.1]",
            "josé@example.mx",
        ] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "",
            "@",
            "a@",
            "@b",
            "a",
            "John Doe <jdoe@example.com>",
            "a..b@c",
            ".a@b",
            "\"a\"b\"@c",
            "\"a\\\"@c",
            "a@b@c",
            "a b@c",
            "a@[1]2]",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }
}
