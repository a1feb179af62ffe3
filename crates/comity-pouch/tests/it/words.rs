//! Fingerprints as people read them.

use comity_model::Digest;
use comity_pouch::words::{Tongue, digits, passphrase, words};

use crate::support::Seeded;

#[test]
fn a_fingerprint_has_one_set_of_digits() {
    let zero = Digest::from_bytes([0; 32]);
    assert_eq!(digits(&zero).join(" "), ["00000"; 12].join(" "));
    let mut one = [0; 32];
    one[31] = 7;
    one[30] = 1;
    assert_eq!(digits(&Digest::from_bytes(one))[11], "00263");
    // 2^256 - 1 modulo 10^60, worked out by long division elsewhere.
    assert_eq!(
        digits(&Digest::from_bytes([255; 32])).concat(),
        "423570985008687907853269984665640564039457584007913129639935"
    );
}

#[test]
fn a_fingerprint_has_one_set_of_words_in_each_language() {
    let zero = Digest::from_bytes([0; 32]);
    let english = words(&zero, Tongue::English);
    assert_eq!(english[..11], ["abandon"; 11]);
    assert_eq!(english[11], "about");
    let spanish = words(&zero, Tongue::Spanish);
    assert_eq!((spanish[0].as_str(), spanish[11].as_str()), ("ábaco", "abierto"));
}

#[test]
fn spanish_words_are_spelt_as_people_type_them() {
    for seed in 0..=255 {
        let words = words(&Digest::of(&[seed]), Tongue::Spanish);
        for word in words {
            assert!(
                word.chars().all(|c| c.is_ascii_lowercase() || "áéíóúüñ".contains(c)),
                "{word}"
            );
        }
    }
}

#[test]
fn close_fingerprints_read_differently() {
    let (mut a, mut b) = ([9; 32], [9; 32]);
    (a[0], b[0]) = (1, 2);
    let (a, b) = (Digest::from_bytes(a), Digest::from_bytes(b));
    assert_ne!(digits(&a), digits(&b));
    assert_ne!(words(&a, Tongue::Spanish), words(&b, Tongue::Spanish));
}

#[test]
fn a_fresh_passphrase_has_twelve_words() {
    let text = passphrase(&Seeded::new(1));
    assert_eq!(text.split('-').count(), 12);
    assert_ne!(text, passphrase(&Seeded::new(2)));
}
