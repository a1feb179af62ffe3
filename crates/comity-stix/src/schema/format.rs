//! The formats of strings (JSON Schema Validation 2020-12 section 7.3), asserted.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::civil::Date;

use super::pattern::Pattern;

/// A format that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    DateTime,
    Date,
    Time,
    Uri,
    UriReference,
    Email,
    Ipv4,
    Ipv6,
    Uuid,
    Hostname,
    JsonPointer,
    Regex,
}

impl Format {
    /// Each with its name and a value that is in it.
    const ALL: [(&'static str, Self, &'static str); 12] = [
        ("date-time", Self::DateTime, "2026-01-31T08:30:00Z"),
        ("date", Self::Date, "2026-01-31"),
        ("time", Self::Time, "08:30:00Z"),
        ("uri", Self::Uri, "https://example.org/page"),
        ("uri-reference", Self::UriReference, "../page"),
        ("email", Self::Email, "desk@example.org"),
        ("ipv4", Self::Ipv4, "198.51.100.3"),
        ("ipv6", Self::Ipv6, "2001:db8::3"),
        ("uuid", Self::Uuid, "4527e5de-8572-446a-a57a-706f15467461"),
        ("hostname", Self::Hostname, "example.org"),
        ("json-pointer", Self::JsonPointer, "/name/0"),
        ("regex", Self::Regex, "^[a-z]+$"),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, ..)| *known == name).map(|(_, format, _)| *format)
    }

    /// The names that are known.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(name, ..)| *name)
    }

    /// Its name and a value that is in it.
    pub(super) fn shown(self) -> (&'static str, &'static str) {
        let found = Self::ALL.iter().find(|(_, format, _)| *format == self);
        found.map_or(("", ""), |(name, _, example)| (name, example))
    }

    /// Whether a text is in the format.
    pub(super) fn holds(self, text: &str) -> bool {
        match self {
            Self::DateTime => is_date_time(text),
            Self::Date => is_date(text),
            Self::Time => time(text).is_some(),
            Self::Uri => is_uri(text),
            Self::UriReference => is_uri(text) || is_relative(text),
            Self::Email => is_email(text),
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Uuid => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
            Self::Hostname => is_hostname(text),
            Self::JsonPointer => crate::pointer::tokens(text).is_some(),
            Self::Regex => Pattern::compile(text).is_ok(),
        }
    }
}

/// RFC 3339 section 5.6, `date-time`: any offset, and `t` and `z` in either case.
fn is_date_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some(clock) = rest.strip_prefix(['T', 't']) else { return false };
    is_date(date) && time(clock).is_some()
}

/// RFC 3339 section 5.6, `full-date`.
fn is_date(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return false };
    let year =
        pair(y1, y2).zip(pair(y3, y4)).map(|(high, low)| i16::from(high) * 100 + i16::from(low));
    let (Some(year), Some(month), Some(day)) = (year, pair(m1, m2), pair(d1, d2)) else {
        return false;
    };
    Date::new(year, month, day).is_ok()
}

/// RFC 3339 section 5.6, `full-time`. A leap second is taken where it falls at the end of a day of
/// UTC.
fn time(text: &str) -> Option<()> {
    let (clock, rest) = text.as_bytes().split_first_chunk::<8>()?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *clock else { return None };
    let (hour, minute, second) = (pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?);
    let zone = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            fraction.get(digits..).filter(|_| digits > 0)?
        }
        zone => zone,
    };
    let offset = match *zone {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), o1, o2, b':', p1, p2] => {
            let (hours, minutes) = (pair(o1, o2)?, pair(p1, p2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = i32::from(hours) * 60 + i32::from(minutes);
            if sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minute_of_day = (i32::from(hour) * 60 + i32::from(minute) - offset).rem_euclid(1_440);
    (second < 60 || minute_of_day == 1_439).then_some(())
}

fn pair(tens: u8, ones: u8) -> Option<i8> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

/// RFC 3986 section 3: a scheme, and what follows it in the characters of a URI.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letters =
        scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    letters && scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && is_hierarchy(rest)
}

/// RFC 3986 section 4.2: no colon in the first segment, which would be a scheme.
fn is_relative(text: &str) -> bool {
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    !first.contains(':') && is_hierarchy(text)
}

fn is_hierarchy(text: &str) -> bool {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let (authority, path) = match path.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", path),
    };
    is_authority(authority)
        && are_uri_characters(path, b"/")
        && are_uri_characters(query, b"/?")
        && are_uri_characters(fragment, b"/?")
}

/// RFC 3986 section 3.2.
fn is_authority(authority: &str) -> bool {
    let (user, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        if address.parse::<Ipv6Addr>().is_err() || !port.is_empty() && !port.starts_with(':') {
            return false;
        }
        ("", port.strip_prefix(':').unwrap_or_default())
    } else {
        place.split_once(':').unwrap_or((place, ""))
    };
    let plain = |text: &str| are_uri_characters(text, b"") && !text.contains('@');
    plain(user) && plain(host) && !host.contains(':') && port.bytes().all(|b| b.is_ascii_digit())
}

/// RFC 3986 section 3.3, `pchar`, and `more` besides.
fn are_uri_characters(text: &str, more: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'%' => (0..2).all(|_| bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())),
            other => {
                other.is_ascii_alphanumeric()
                    || b"-._~:@!$&'()*+,;=".contains(&other)
                    || more.contains(&other)
            }
        };
        if !good {
            return false;
        }
    }
    true
}

/// RFC 5321 section 4.1.2, `Mailbox`, with the names of RFC 1123.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let local_good = match quoted {
        Some(content) => is_quoted_content(content),
        None => local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom)),
    };
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let domain_good = match literal {
        Some(address) => match address.strip_prefix("IPv6:") {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => address.parse::<Ipv4Addr>().is_ok(),
        },
        None => is_hostname(domain),
    };
    local_good && domain_good
}

fn is_quoted_content(content: &str) -> bool {
    let mut bytes = content.bytes();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'\\' => bytes.next().is_some_and(|next| matches!(next, b' '..=b'~')),
            b'"' => false,
            other => matches!(other, b' '..=b'~'),
        };
        if !good {
            return false;
        }
    }
    true
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// RFC 1123 section 2.1.
fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn every_format_holds_its_own_example() {
        for (name, format, example) in Format::ALL {
            assert!(format.holds(example), "{name}");
            assert_eq!(Format::named(name), Some(format));
        }
        assert_eq!(Format::named("colour"), None);
    }

    #[test]
    fn formats_take_what_their_texts_allow_and_nothing_else() {
        for (name, good, bad) in [
            (
                "date-time",
                &[
                    "2026-01-31t08:30:00.123z",
                    "1998-12-31T15:59:60-08:00",
                    "2026-01-31T08:30:00+05:30",
                ][..],
                &[
                    "2026-01-31 08:30:00Z",
                    "2026-02-30T00:00:00Z",
                    "2026-01-31T08:30:00",
                    "2026-01-31T24:00:00Z",
                    "2026-01-31T08:30:60Z",
                    "2026-01-31T08:30:00.Z",
                    "2026-01-31T08:30:00+24:00",
                    "é",
                ][..],
            ),
            (
                "date",
                &["2024-02-29"],
                &["2025-02-29", "2025-2-1", "20250201", "2025-13-01", "٢٠٢٥-01-01"],
            ),
            (
                "time",
                &["23:59:60Z", "08:30:00.5-03:00"],
                &["08:30:00", "08:30Z", "25:00:00Z", "22:59:60Z"],
            ),
            (
                "uri",
                &["urn:isbn:1", "ftp://u:p@[2001:db8::1]:21/a%20b?x=/#y", "mailto:a@example.org"],
                &[
                    "page",
                    "//host/x",
                    "http://a b",
                    "1a:x",
                    "http://h/%zz",
                    "http://[::1",
                    "http://h:x/",
                    "http://a@b@c/",
                    "http://é/",
                ],
            ),
            ("uri-reference", &["", "a/b", "//host", "#x", "a?b:c"], &["a b", "1:b/c", "\\x"]),
            (
                "email",
                &["a.b+c@example.org", "\"a b\"@example.org", "a@[198.51.100.3]", "a@[IPv6:::1]"],
                &[
                    "a",
                    "@example.org",
                    "a@",
                    "a..b@example.org",
                    "a b@example.org",
                    "a@-x.org",
                    "\"a@example.org",
                    "a@[1.2.3]",
                ],
            ),
            ("ipv4", &["0.0.0.0"], &["1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4/8"]),
            ("ipv6", &["::", "::ffff:1.2.3.4"], &["1::2::3", ":::", "fe80::1%eth0", "1.2.3.4"]),
            (
                "uuid",
                &["4527E5DE-8572-446A-A57A-706F15467461"],
                &[
                    "4527e5de8572446aa57a706f15467461",
                    "4527e5de-8572-446a-a57a-706f1546746",
                    "{4527e5de-8572-446a-a57a-706f15467461}",
                ],
            ),
            ("hostname", &["localhost", "1.example"], &["", "a..b", "-a", "a_b", "é.org"]),
            ("json-pointer", &["", "/a~1b"], &["a", "/~2"]),
            ("regex", &["", "^(?!a)"], &["(", "[a"]),
        ] {
            let format = Format::named(name).unwrap();
            for text in good {
                assert!(format.holds(text), "{name} takes {text}");
            }
            for text in bad {
                assert!(!format.holds(text), "{name} refuses {text}");
            }
        }
    }
}
