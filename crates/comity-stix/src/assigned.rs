//! Names that registries outside the standard give out: countries, character sets, protocols.
//!
//! The lists lie in `assigned/`, each with its source and date at its top. They age: a name that isn't in them may
//! have been registered since, so whoever refuses one should keep to what the standard asks for.

use std::cmp::Ordering;
use std::sync::LazyLock;

type List = LazyLock<Box<[&'static str]>>;

static COUNTRIES: List = LazyLock::new(|| lines(include_str!("assigned/countries.txt")));
static CHARSETS: List = LazyLock::new(|| lines(include_str!("assigned/charsets.txt")));
static SERVICES: List = LazyLock::new(|| lines(include_str!("assigned/services.txt")));
static PROTOCOLS: List = LazyLock::new(|| lines(include_str!("assigned/protocols.txt")));

/// Whether it is the code of a country in ISO 3166-1 alpha-2 (section 4.10.1): `MX`. In lower case too, as the
/// standard's own example has it.
pub fn is_country(code: &str) -> bool {
    country(code).is_some()
}

/// Whether it is the code of a part of a country in ISO 3166-2 (section 4.10.1): `MX-MIC`, in either case.
pub fn is_subdivision(code: &str) -> bool {
    code.split_once('-').is_some_and(|(of, part)| {
        country(of).is_some_and(|line| {
            line.split(' ').skip(1).any(|known| known.eq_ignore_ascii_case(part))
        })
    })
}

/// Whether it is the name by which a character set is to be called (section 3.9.1): its preferred MIME name where IANA
/// gives one, its name otherwise. IANA makes no difference between upper and lower case, nor is one made here.
pub fn is_charset(name: &str) -> bool {
    charset_called(name).is_some()
}

/// The name by which to call the character set that has this name or alias (section 3.9.1): `ISO-8859-1` for `latin1`.
pub fn charset(name: &str) -> Option<&'static str> {
    let aliased = || {
        let has = |line: &&&str| line.split(' ').any(|known| known.eq_ignore_ascii_case(name));
        CHARSETS.iter().find(has).copied()
    };
    charset_called(name).or_else(aliased)?.split(' ').next()
}

/// Whether it is the name of a network protocol (section 6.12.1): a service name of IANA's, in its spelling or in lower
/// case, or, for what has no service name, a protocol below those in lower case: `ipv4`, `tcp`, `ipv6-icmp`, `http`.
pub fn is_protocol(name: &str) -> bool {
    [&PROTOCOLS, &SERVICES].into_iter().any(|list| list.binary_search(&name).is_ok())
}

fn country(code: &str) -> Option<&'static str> {
    first_word(&COUNTRIES, code)
}

fn charset_called(name: &str) -> Option<&'static str> {
    first_word(&CHARSETS, name)
}

/// The line whose first word it is, in a list sorted by first words in lower case.
fn first_word(list: &[&'static str], word: &str) -> Option<&'static str> {
    let first = |line: &'static str| line.split(' ').next().unwrap_or_default();
    let found = list.binary_search_by(|line| regardless_of_case(first(line), word)).ok()?;
    list.get(found).copied()
}

fn regardless_of_case(one: &str, other: &str) -> Ordering {
    let [one, other] = [one, other].map(|text| text.bytes().map(|byte| byte.to_ascii_lowercase()));
    one.cmp(other)
}

/// The lines of a list without the comments at its top.
fn lines(text: &'static str) -> Box<[&'static str]> {
    text.lines().filter(|line| !line.starts_with('#')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_a_list_is_found() {
        for line in COUNTRIES.iter() {
            let mut words = line.split(' ');
            let country = words.next().unwrap();
            assert!(is_country(country), "{country}");
            for part in words {
                assert!(is_subdivision(&format!("{country}-{part}")), "{country}-{part}");
            }
        }
        for line in CHARSETS.iter() {
            let name = line.split(' ').next().unwrap();
            assert!(is_charset(name), "{name}");
            for known in line.split(' ') {
                assert_eq!(charset(known), Some(name), "{known}");
            }
        }
        for name in SERVICES.iter().chain(PROTOCOLS.iter()) {
            assert!(is_protocol(name), "{name}");
        }
        assert_eq!(COUNTRIES.len(), 249);
    }

    #[test]
    fn countries_and_their_parts_are_known_in_either_case() {
        for code in ["MX", "US", "th", "CN"] {
            assert!(is_country(code), "{code}");
        }
        for code in ["", "M", "MEX", "XX", "UK", "MX ", "MX AGU", "Ñ"] {
            assert!(!is_country(code), "{code}");
        }
        for code in ["MX-MIC", "US-TX", "mx-cmx"] {
            assert!(is_subdivision(code), "{code}");
        }
        for code in ["MX", "MX-", "-MIC", "MX-TX", "MX-MIC-1", "MX-AGU BCN", "Tak", "XX-01"] {
            assert!(!is_subdivision(code), "{code}");
        }
    }

    #[test]
    fn a_character_set_goes_by_its_preferred_name_and_an_alias_leads_to_it() {
        for name in ["UTF-8", "utf-8", "US-ASCII", "windows-1252", "ISO-8859-1", "ISO-10646-UTF-1"]
        {
            assert!(is_charset(name), "{name}");
        }
        for name in
            ["", "bla.bla.bla", "latin1", "ISO_8859-1:1987", "ASCII", "UTF8", "UTF-8 csUTF8"]
        {
            assert!(!is_charset(name), "{name}");
        }
        assert_eq!(charset("latin1"), Some("ISO-8859-1"));
        assert_eq!(charset("ISO_8859-1:1987"), Some("ISO-8859-1"));
        assert_eq!(charset("cp1252"), None);
        assert_eq!(charset("bla.bla.bla"), None);
    }

    #[test]
    fn protocols_of_the_examples_of_the_standard_and_those_below_services_are_known() {
        for name in
            ["ip", "ipv4", "ipv6", "tcp", "udp", "icmp", "ssl", "http", "https", "dns", "pptp"]
        {
            assert!(is_protocol(name), "{name}");
        }
        for name in ["ipv6-icmp", "gre", "sctp", "EtherNet-IP-1", "ethernet-ip-1"] {
            assert!(is_protocol(name), "{name}");
        }
        for name in ["", "foo_bar", "HTTP", "http ", "# IANA", "tcp\nudp"] {
            assert!(!is_protocol(name), "{name}");
        }
    }
}
