//! One key made of two.

use comity_model::Digest;
use comity_model::digest::{from_hex, to_hex};
use comity_pouch::hybrid::{Algorithm, SEED_LEN};
use comity_pouch::{HybridPublic, HybridSecret, HybridSignature};

use curve25519_dalek::edwards::CompressedEdwardsY;

use crate::support::{ALICE, BOB, Seeded};

fn bytes(hex: &str) -> Vec<u8> {
    from_hex(hex).unwrap()
}

#[test]
fn a_signature_counts_only_when_both_halves_do() {
    let signature = ALICE.sign(b"message").unwrap();
    let public = ALICE.public();
    assert_eq!(public.verify(b"message", &signature), Ok(()));
    assert_eq!(public.verify(b"massage", &signature), Err(Algorithm::Ed25519));
    let other = BOB.sign(b"message").unwrap();
    let join = |first: &HybridSignature, second: &HybridSignature| {
        let halves = (first.half(Algorithm::Ed25519), second.half(Algorithm::MlDsa65));
        HybridSignature::new(halves.0, halves.1).unwrap()
    };
    assert_eq!(public.verify(b"message", &join(&other, &signature)), Err(Algorithm::Ed25519));
    assert_eq!(public.verify(b"message", &join(&signature, &other)), Err(Algorithm::MlDsa65));
}

#[test]
fn the_same_seed_is_the_same_key_for_ever() {
    let seed: [u8; SEED_LEN] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let public = HybridSecret::from_seed(&seed).unwrap().public().clone();
    // Recorded when the format was fixed: a change here locks every party out of its own keys.
    assert_eq!(
        to_hex(public.ed25519()),
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    );
    assert_eq!(
        public.fingerprint().to_string(),
        include_str!("../data/seed-00-3f.fingerprint").trim()
    );
}

#[test]
fn the_ed25519_half_is_that_of_the_standard() {
    // RFC 8032 section 7.1, test 2.
    let mut seed = [0; SEED_LEN];
    seed[..32].copy_from_slice(&bytes(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    ));
    let secret = HybridSecret::from_seed(&seed).unwrap();
    assert_eq!(
        to_hex(secret.public().ed25519()),
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    );
    assert_eq!(
        to_hex(secret.sign(&[0x72]).unwrap().half(Algorithm::Ed25519)),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
}

#[test]
fn a_fingerprint_is_the_digest_of_both_keys() {
    let public = ALICE.public();
    let both = [public.ed25519().as_slice(), public.ml_dsa_65()].concat();
    assert_eq!(public.fingerprint(), Digest::of(&both));
    assert_ne!(public.fingerprint(), BOB.public().fingerprint());
}

#[test]
fn a_public_key_reads_back_from_its_text_and_from_nothing_else() {
    let text = ALICE.public().to_text();
    assert_eq!(&HybridPublic::from_text(&text).unwrap(), ALICE.public());
    let json = serde_json::to_string(ALICE.public()).unwrap();
    assert_eq!(serde_json::from_str::<HybridPublic>(&json).unwrap(), *ALICE.public());
    for bad in ["", "AAAA", &text[4..], &format!("{text}AAAA"), &text.replace('=', "")] {
        assert!(HybridPublic::from_text(bad).is_err());
    }
}

#[test]
fn keys_of_another_length_are_refused() {
    let key = ALICE.public();
    assert_eq!(HybridPublic::new(&[], key.ml_dsa_65()).unwrap_err().code(), "key-length");
    let short = &key.ml_dsa_65()[1..];
    assert_eq!(HybridPublic::new(key.ed25519(), short).unwrap_err().code(), "key-length");
}

#[test]
fn weak_ed25519_keys_are_refused() {
    // The points of small order, the second spellings of them, and what is no point at all.
    let weak = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ];
    for key in weak {
        let error = HybridPublic::new(&bytes(key), ALICE.public().ml_dsa_65()).unwrap_err();
        assert_eq!(error.code(), "key-weak", "{key}");
    }
}

#[test]
fn a_second_spelling_of_a_key_is_refused() {
    // The prime is 2^255 - 19, so the numbers below 19 can be written once more with it added.
    let mut points = 0;
    for low in 0xed..=0xff {
        let mut key = [0xff; 32];
        (key[0], key[31]) = (low, 0x7f);
        points += usize::from(CompressedEdwardsY(key).decompress().is_some());
        assert!(HybridPublic::new(&key, ALICE.public().ml_dsa_65()).is_err());
    }
    assert!(points > 4, "most of small order, some not");
}

#[test]
fn a_second_spelling_of_a_signature_is_refused() {
    // The group order of edwards25519, little-endian (RFC 8032 section 5.1).
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let signature = ALICE.sign(b"message").unwrap();
    let mut other = signature.half(Algorithm::Ed25519).to_vec();
    let mut carry = 0u16;
    for (digit, add) in other[32..].iter_mut().zip(order) {
        let sum = u16::from(*digit) + u16::from(add) + carry;
        *digit = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    let other = HybridSignature::new(&other, signature.half(Algorithm::MlDsa65)).unwrap();
    assert_eq!(ALICE.public().verify(b"message", &other), Err(Algorithm::Ed25519));
}

#[test]
fn a_signature_around_a_point_of_small_order_is_refused() {
    use aws_lc_rs::digest::{SHA512, digest};
    use curve25519_dalek::scalar::{Scalar, clamp_integer};
    let wide = |bytes: &[u8]| -> [u8; 64] { digest(&SHA512, bytes).as_ref().try_into().unwrap() };
    let (seed, _) = ALICE.seed().split_at(32);
    let half: [u8; 32] = wide(seed)[..32].try_into().unwrap();
    let secret = Scalar::from_bytes_mod_order(clamp_integer(half));
    // With the identity for R the equation of RFC 8032 section 5.1.7 holds for S = k * a.
    let mut point = [0; 32];
    point[0] = 1;
    let hashed = [point.as_slice(), ALICE.public().ed25519(), b"message"].concat();
    let product = Scalar::from_bytes_mod_order_wide(&wide(&hashed)) * secret;
    let crafted = [point, product.to_bytes()].concat();
    let plain = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::ED25519,
        ALICE.public().ed25519(),
    );
    assert!(plain.verify(b"message", &crafted).is_ok(), "it does hold");
    let ours = ALICE.sign(b"message").unwrap();
    let crafted = HybridSignature::new(&crafted, ours.half(Algorithm::MlDsa65)).unwrap();
    assert_eq!(ALICE.public().verify(b"message", &crafted), Err(Algorithm::Ed25519));
}

#[test]
fn secrets_are_not_shown() {
    let secret = HybridSecret::generate(&Seeded::new(99)).unwrap();
    let shown = format!("{secret:?}");
    assert!(shown.starts_with("HybridSecret { public: HybridPublic(sha256:"), "{shown}");
    assert!(!shown.contains(&to_hex(&secret.seed()[..8])));
}
