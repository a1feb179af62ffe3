//! A root whose Ed25519 half is elsewhere.

use std::path::Path;

use comity_pouch::hybrid::{Ed25519Signer, SplitSecret};
use comity_pouch::keyfile::{self, Lock, Unlock};
use comity_pouch::keys::{RootFile, RootKey, TokenPlace, TokenRoot};
use comity_pouch::{HybridSecret, KeyError, dsse};

use crate::support::{ALICE, BOB, Seeded};

/// A token that signs with one of two keys, or not at all.
#[derive(Debug)]
struct Token(Option<&'static HybridSecret>);

impl Ed25519Signer for Token {
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let signature = self.0.ok_or(KeyError::Token)?.sign(message)?;
        let half = signature.half(comity_pouch::hybrid::Algorithm::Ed25519);
        Ok(half.try_into().unwrap())
    }
}

fn place() -> TokenPlace {
    TokenPlace::new(Path::new("/usr/lib/module.so"), "custody", b"0123456789abcdef").unwrap()
}

/// A root whose Ed25519 half is Alice's.
fn root() -> TokenRoot {
    let secret = SplitSecret::generate(ALICE.public().ed25519(), &Seeded::new(70)).unwrap();
    TokenRoot::new(place(), secret)
}

#[test]
fn a_root_with_its_halves_apart_signs_like_one_with_both_here() {
    let root = root().with(Box::new(Token(Some(&ALICE))));
    let envelope = dsse::sign(dsse::DESCRIPTOR, b"{}".to_vec(), root.signer()).unwrap();
    assert_eq!(envelope.verify(dsse::DESCRIPTOR, root.public()).unwrap(), b"{}");
}

#[test]
fn a_signature_of_another_key_than_the_roots_goes_nowhere() {
    for (token, expected) in
        [(Token(Some(&BOB)), KeyError::TokenSignature), (Token(None), KeyError::Token)]
    {
        let root = root().with(Box::new(token));
        assert_eq!(root.signer().sign(b"message").unwrap_err(), expected);
    }
}

#[test]
fn a_root_in_a_token_is_read_with_its_place_and_never_as_a_whole_root() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let root = root().with(Box::new(Token(Some(&ALICE))));
    let public = root.public().clone();
    keyfile::write(&path, &root, jiff::Timestamp::UNIX_EPOCH, Lock::Unprotected).unwrap();

    let RootFile::InToken(read) = keyfile::read(&path, Unlock::Unprotected).unwrap() else {
        panic!("a whole root");
    };
    assert_eq!((read.place(), read.secret().public()), (&place(), &public));
    let whole = keyfile::read::<RootKey>(&path, Unlock::Unprotected).unwrap_err();
    assert_eq!(whole.code(), "root-in-token");
}

#[test]
fn a_place_out_of_bounds_is_refused() {
    let long = "l".repeat(33);
    for (module, label, id) in [
        ("module.so", "custody", &b"1"[..]),
        ("/module.so", "", &b"1"[..]),
        ("/module.so", &long, b"1"),
        ("/module.so", "line\nfeed", &b"1"[..]),
        ("/module.so", "custody", &b""[..]),
        ("/module.so", "custody", &[0; 65][..]),
    ] {
        let error = TokenPlace::new(Path::new(module), label, id).unwrap_err();
        assert_eq!(error.code(), "token-place");
    }
}
