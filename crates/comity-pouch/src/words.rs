//! A fingerprint as two people read it to each other: digits or words.

use bip39::{Language, Mnemonic};
use comity_model::{Digest, Entropy, entropy::fresh};
use zeroize::Zeroizing;

/// How many groups of digits, and how many words.
pub const GROUPS: usize = 12;

/// The languages in which there are words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

impl Tongue {
    const fn list(self) -> Language {
        match self {
            Self::English => Language::English,
            Self::Spanish => Language::Spanish,
        }
    }
}

/// Twelve groups of five decimal digits: the digest, read as one big-endian number, modulo 10^60. They
/// carry 199 of its 256 bits (docs/protocol.md section 1).
pub fn digits(digest: &Digest) -> [String; GROUPS] {
    let mut number = *digest.as_bytes();
    let mut groups: [String; GROUPS] = Default::default();
    for group in groups.iter_mut().rev() {
        // Long division by 100,000, a byte at a time from the top.
        let mut rest = 0u32;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            // The rest is below 100,000, so the quotient is below 256.
            *byte = u8::try_from(value / 100_000).unwrap_or(u8::MAX);
            rest = value % 100_000;
        }
        *group = format!("{rest:05}");
    }
    groups
}

/// Twelve words of the BIP 39 list of `tongue` that stand for the first 16 bytes of the digest, the last
/// word holding four bits of checksum (docs/protocol.md section 1). Accents are composed, as people
/// type them; the list itself has them apart.
pub fn words(digest: &Digest, tongue: Tongue) -> [String; GROUPS] {
    let mut words: [String; GROUPS] = Default::default();
    let first = digest.as_bytes().first_chunk::<16>();
    // 16 bytes are a length that BIP 39 has, so this always gives its twelve words.
    let mnemonic = first.and_then(|first| Mnemonic::from_entropy_in(tongue.list(), first).ok());
    let listed = mnemonic.iter().flat_map(Mnemonic::words);
    for (to, from) in words.iter_mut().zip(listed) {
        *to = composed(from);
    }
    words
}

/// The accents of Spanish put together with their letters.
fn composed(word: &str) -> String {
    const PAIRS: [(&str, &str); 7] = [
        ("a\u{301}", "á"),
        ("e\u{301}", "é"),
        ("i\u{301}", "í"),
        ("o\u{301}", "ó"),
        ("u\u{301}", "ú"),
        ("u\u{308}", "ü"),
        ("n\u{303}", "ñ"),
    ];
    PAIRS.iter().fold(word.to_owned(), |word, (apart, whole)| word.replace(apart, whole))
}

/// A fresh passphrase of twelve words joined by hyphens, worth 128 bits, for nodes that nobody types
/// the passphrase of.
pub fn passphrase(entropy: &dyn Entropy) -> Zeroizing<String> {
    let seed: Zeroizing<[u8; 16]> = Zeroizing::new(fresh(entropy));
    let mnemonic = Mnemonic::from_entropy_in(Language::English, seed.as_ref());
    let words = mnemonic.iter().flat_map(Mnemonic::words);
    let mut text = Zeroizing::new(String::with_capacity(128));
    for word in words {
        if !text.is_empty() {
            text.push('-');
        }
        text.push_str(word);
    }
    text
}
