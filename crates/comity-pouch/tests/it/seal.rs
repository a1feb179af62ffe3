//! Sealing keys.

use std::io::Read;

use comity_pouch::{SealIdentity, SealRecipient};

use crate::support::{OTHER_SEAL, SEAL, Seeded, opened, seal_raw, seal_to};

#[test]
fn keys_read_back_from_their_texts() {
    let recipient = SEAL.recipient().to_string();
    assert!(recipient.starts_with("age1pq1") && recipient.len() == 1959, "{}", recipient.len());
    assert_eq!(recipient.parse::<SealRecipient>().unwrap(), SEAL.recipient());
    let identity = SEAL.to_text();
    assert!(identity.starts_with("AGE-SECRET-KEY-PQ-1"));
    assert_eq!(SealIdentity::from_text(&identity).unwrap().recipient(), SEAL.recipient());
    assert_eq!(SealRecipient::from_bytes(&SEAL.recipient().to_bytes()).unwrap(), SEAL.recipient());
}

#[test]
fn texts_of_keys_have_one_spelling() {
    let recipient = SEAL.recipient().to_string();
    let identity = SEAL.to_text();
    let mut typo = recipient.clone().into_bytes();
    typo[100] = if typo[100] == b'q' { b'p' } else { b'q' };
    let typo = String::from_utf8(typo).unwrap();
    for bad in ["", "age1pq1", &recipient.to_uppercase(), &recipient[..1958], &typo, &identity] {
        assert_eq!(bad.parse::<SealRecipient>().unwrap_err().code(), "seal-recipient");
    }
    for bad in ["", &identity.to_lowercase(), &identity[..70], &recipient] {
        assert_eq!(SealIdentity::from_text(bad).unwrap_err().code(), "seal-identity");
    }
}

#[test]
fn bits_left_over_at_the_end_of_a_text_are_zeros() {
    use bech32::primitives::iter::{ByteIterExt, Fe32IterExt};
    use bech32::{Bech32, Fe32, Hrp};
    let (prefix, seed) = (Hrp::parse("age-secret-key-pq-").unwrap(), [7; 32]);
    let text = |last: fn(u8) -> u8| {
        let mut digits: Vec<Fe32> = seed.iter().copied().bytes_to_fes().collect();
        let digit = digits.pop().unwrap();
        digits.push(Fe32::try_from(last(digit.to_u8())).unwrap());
        let text = digits.into_iter().with_checksum::<Bech32>(&prefix).chars();
        text.collect::<String>().to_uppercase()
    };
    assert!(SealIdentity::from_text(&text(|digit| digit)).is_ok());
    assert!(SealIdentity::from_text(&text(|digit| digit | 1)).is_err());
}

#[test]
fn a_sealing_key_of_low_order_is_refused() {
    // The points of order 1, 2, 4 and 8 on Curve25519, and second spellings (RFC 7748 section 6.1).
    let low = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for point in low {
        let mut bytes = SEAL.recipient().to_bytes();
        bytes[1184..].copy_from_slice(&comity_model::digest::from_hex(point).unwrap());
        assert_eq!(SealRecipient::from_bytes(&bytes).unwrap_err().code(), "seal-low-order");
    }
}

#[test]
fn a_stanza_of_low_order_is_refused() {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;
    let pouch = seal_raw(b"x");
    let end = pouch.windows(5).position(|window| window == b"\n--- ").unwrap();
    let header = String::from_utf8_lossy(&pouch[..end]).into_owned();
    let argument = header.split("-> mlkem768x25519 ").nth(1).unwrap().lines().next().unwrap();
    let mut encapsulated = BASE64.decode(argument).unwrap();
    encapsulated[1088..].fill(0);
    let header = header.replace(argument, &BASE64.encode(encapsulated));
    let pouch = [header.as_bytes(), &pouch[end..]].concat();
    assert_eq!(opened(&pouch).unwrap_err().code(), "not-a-pouch");
}

#[test]
fn an_age_file_for_several_opens_for_each_of_them() {
    let file = seal_to(b"for both", &[&OTHER_SEAL.recipient(), &SEAL.recipient()]);
    for identity in [&SEAL, &OTHER_SEAL] {
        let identity: &SealIdentity = identity;
        let decryptor = age::Decryptor::new(file.as_slice()).unwrap();
        let mut text = String::new();
        decryptor
            .decrypt(std::iter::once(identity as &dyn age::Identity))
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "for both");
    }
}

#[test]
fn a_file_sealed_when_the_format_was_fixed_still_opens() {
    let file = include_bytes!("../data/sealed.age");
    let identity = SealIdentity::from_text(include_str!("../data/sealed.identity").trim()).unwrap();
    let decryptor = age::Decryptor::new(file.as_slice()).unwrap();
    let mut text = String::new();
    decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "whoever reads this holds the key\n");
    let decryptor = age::Decryptor::new(file.as_slice()).unwrap();
    let other: &SealIdentity = &OTHER_SEAL;
    assert!(decryptor.decrypt(std::iter::once(other as &dyn age::Identity)).is_err());
}

#[test]
fn secret_sealing_keys_are_not_shown() {
    let identity = SealIdentity::generate(&Seeded::new(77)).unwrap();
    let shown = format!("{identity:?}");
    assert!(shown.starts_with("SealIdentity(SealRecipient(sha256:"), "{shown}");
}
