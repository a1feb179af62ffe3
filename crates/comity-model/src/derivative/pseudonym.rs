//! Pseudonyms: what stands in the place of a name (docs/protocol.md section 6).

use aws_lc_rs::hmac;
use comity_stix::types::Kind;
use unicode_normalization::UnicodeNormalization as _;

/// What separates pseudonyms from everything else that is made under the same secret.
const DOMAIN: &[u8] = b"comity/pseudonym/v1\n";

/// RFC 4648 base32, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Characters of it that a pseudonym has: 60 bits.
const LENGTH: usize = 12;

/// The pseudonym of a value under an agreement's secret: `person-` and the first 60 bits of an HMAC-SHA-256 over the
/// value in normalisation form C, as twelve characters of base32 in lower case. One value has one pseudonym under one
/// secret, and under another secret one that cannot be told from any other.
pub fn pseudonym(secret: &[u8; 32], value: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut message = DOMAIN.to_vec();
    message.extend(value.nfc().collect::<String>().into_bytes());
    let tag = hmac::sign(&key, &message);
    let bits = tag.as_ref().iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letters = (0..LENGTH).filter_map(|at| {
        let five = usize::try_from(bits >> (59 - 5 * at) & 31).ok()?;
        ALPHABET.get(five).map(|letter| char::from(*letter))
    });
    "person-".chars().chain(letters).collect()
}

/// A pseudonym as a value of a kind; `None` where no pseudonym could be one, which leaves only to take the value out.
/// What is of no known kind takes any text.
pub(super) fn in_form(name: &str, kind: Option<&Kind>) -> Option<String> {
    match kind {
        None | Some(Kind::Text | Kind::LowerText | Kind::Term | Kind::Any | Kind::Open(_)) => {
            Some(name.to_owned())
        }
        Some(Kind::EmailAddress) => Some(format!("{name}@pseudonym.invalid")),
        Some(Kind::DomainName) => Some(format!("{name}.pseudonym.invalid")),
        Some(Kind::Url) => Some(format!("https://pseudonym.invalid/{name}")),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_pseudonym_under_one_secret_and_a_strange_one_under_another() {
        let one = pseudonym(&[1; 32], "Ana Pérez");
        assert_eq!(one, pseudonym(&[1; 32], "Ana Pe\u{301}rez"));
        assert_ne!(one, pseudonym(&[2; 32], "Ana Pérez"));
        assert_ne!(one, pseudonym(&[1; 32], "Ana Peréz"));
        let letters = one.strip_prefix("person-").unwrap();
        assert_eq!(letters.len(), 12);
        assert!(letters.bytes().all(|b| ALPHABET.contains(&b)), "{letters}");
    }

    #[test]
    fn the_published_example_holds() {
        assert_eq!(pseudonym(&[7; 32], "Ana Pérez"), "person-ecbvabcab7f2");
    }
}
