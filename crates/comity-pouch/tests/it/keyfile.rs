//! Key files.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use comity_pouch::keyfile::{KeyFileError, Lock, Unlock, read, write};
use comity_pouch::keys::{OfficerKey, RegistrarKey, RootKey, ServeKeys};
use jiff::Timestamp;
use secrecy::SecretString;

mod life;

use crate::support::{REGISTRAR, ROOT, SERVE, Seeded, at};

fn created() -> Timestamp {
    at("2026-02-01T00:00:00Z")
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn lock(passphrase: &SecretString) -> Lock<'_> {
    Lock::Passphrase { passphrase, work_factor: 2 }
}

#[test]
fn every_kind_of_key_comes_back_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let passphrase = secret("correct horse");
    let unlock = Unlock::Passphrase(&passphrase);
    write(&path("root.key"), &*ROOT, created(), lock(&passphrase)).unwrap();
    let root: RootKey = read(&path("root.key"), unlock).unwrap();
    assert_eq!(root.party(), ROOT.party());

    write(&path("registrar.key"), &*REGISTRAR, created(), lock(&passphrase)).unwrap();
    let registrar: RegistrarKey = read(&path("registrar.key"), unlock).unwrap();
    assert_eq!(registrar.secret().public(), REGISTRAR.secret().public());

    let officer = OfficerKey::generate(&Seeded::new(30)).unwrap();
    write(&path("officer.key"), &officer, created(), lock(&passphrase)).unwrap();
    let again: OfficerKey = read(&path("officer.key"), unlock).unwrap();
    assert_eq!(again.officer(), officer.officer());
    assert_eq!(again.secret().public(), officer.secret().public());

    write(&path("serve.keys"), &*SERVE, created(), lock(&passphrase)).unwrap();
    let serve: ServeKeys = read(&path("serve.keys"), unlock).unwrap();
    same(&serve, &SERVE);
}

fn same(a: &ServeKeys, b: &ServeKeys) {
    assert_eq!(a.statement.public(), b.statement.public());
    assert_eq!(a.log.public(), b.log.public());
    assert_eq!(a.witness.public(), b.witness.public());
    assert_eq!(a.seal.recipient(), b.seal.recipient());
    assert_eq!(a.link.pkcs8(), b.link.pkcs8());
    assert_eq!(a.link.certificate(), b.link.certificate());
    let agreement = "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
    assert_eq!(a.agreement_secret(&agreement), b.agreement_secret(&agreement));
}

#[test]
fn a_wrong_passphrase_is_told_apart_from_a_damaged_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let right = secret("right");
    write(&path, &*ROOT, created(), lock(&right)).unwrap();
    let code = |passphrase: &SecretString| {
        read::<RootKey>(&path, Unlock::Passphrase(passphrase)).unwrap_err().code()
    };
    assert_eq!(code(&secret("wrong")), "wrong-passphrase");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(code(&right), "key-file-malformed");
    fs::write(&path, &bytes[..40]).unwrap();
    assert_eq!(code(&right), "key-file-malformed");
}

#[test]
fn keys_are_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let passphrase = secret("p");
    write(&path, &*ROOT, created(), lock(&passphrase)).unwrap();
    let before = fs::read(&path).unwrap();
    let other = RootKey::generate(&Seeded::new(31)).unwrap();
    let error = write(&path, &other, created(), lock(&passphrase)).unwrap_err();
    assert_eq!(error.code(), "key-file-exists");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_key_file_is_its_owners_alone_and_nothing_is_left_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    write(&path, &*ROOT, created(), lock(&secret("p"))).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_of_one_use_is_not_read_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let passphrase = secret("p");
    write(&path, &*REGISTRAR, created(), lock(&passphrase)).unwrap();
    let error = read::<RootKey>(&path, Unlock::Passphrase(&passphrase)).unwrap_err();
    assert_eq!(error.code(), "key-file-use");
    assert!(error.to_string().contains("registrar"), "{error}");
}

#[test]
fn an_open_file_serves_training_nodes_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("serve.keys");
    write(&path, &*SERVE, created(), Lock::Unprotected).unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains("\"unprotected\": true"));
    same(&read(&path, Unlock::Unprotected).unwrap(), &SERVE);
    let passphrase = secret("p");
    let error = read::<ServeKeys>(&path, Unlock::Passphrase(&passphrase)).unwrap_err();
    assert_eq!(error.code(), "key-file-unprotected");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = read::<ServeKeys>(&path, Unlock::Unprotected).unwrap_err();
    assert_eq!(error.code(), "key-file-exposed");

    let sealed = folder.path().join("sealed.keys");
    write(&sealed, &*SERVE, created(), lock(&passphrase)).unwrap();
    let error = read::<ServeKeys>(&sealed, Unlock::Unprotected).unwrap_err();
    assert_eq!(error.code(), "passphrase-needed");
}

#[test]
fn a_file_whose_mark_was_taken_off_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    write(&path, &*ROOT, created(), Lock::Unprotected).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"unprotected\": true", "\"unprotected\": false")).unwrap();
    let error = read::<RootKey>(&path, Unlock::Unprotected).unwrap_err();
    assert_eq!(error.code(), "key-file-malformed");
    fs::write(&path, text.replace("ed25519+ml-dsa-65", "rsa")).unwrap();
    let error = read::<RootKey>(&path, Unlock::Unprotected).unwrap_err();
    assert_eq!(error.code(), "key-file-malformed");
    fs::write(&path, vec![b' '; 100_000]).unwrap();
    let error = read::<RootKey>(&path, Unlock::Unprotected).unwrap_err();
    assert_eq!(error.code(), "key-file-malformed");
}

#[test]
fn the_plain_content_is_the_json_that_a_stock_age_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let passphrase = secret("p");
    write(&path, &*ROOT, created(), lock(&passphrase)).unwrap();
    let bytes = fs::read(&path).unwrap();
    let identity = age::scrypt::Identity::new(passphrase);
    let mut text = String::new();
    age::Decryptor::new(bytes.as_slice())
        .unwrap()
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["holds"], "root");
    assert_eq!(value["created"], "2026-02-01T00:00:00Z");
    assert_eq!(value["keys"][0]["use"], "root");
    assert_eq!(value["keys"][0]["alg"], "ed25519+ml-dsa-65");
}

#[test]
fn work_outside_the_bounds_is_refused_before_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let passphrase = secret("p");
    for work_factor in [0, 21, 64, 255] {
        let lock = Lock::Passphrase { passphrase: &passphrase, work_factor };
        assert_eq!(write(&path, &*ROOT, created(), lock).unwrap_err().code(), "work-factor");
    }
    write(&path, &*ROOT, created(), lock(&passphrase)).unwrap();
    let bytes = fs::read(&path).unwrap();
    let at = bytes.windows(3).position(|window| window == b" 2\n").unwrap();
    let costly = [&bytes[..=at], b"40", &bytes[at + 2..]].concat();
    fs::write(&path, costly).unwrap();
    let error = read::<RootKey>(&path, Unlock::Passphrase(&passphrase)).unwrap_err();
    assert_eq!(error.code(), "work-factor");
}

#[test]
fn a_missing_file_or_folder_is_named() {
    let passphrase = secret("p");
    let error = read::<RootKey>(Path::new("/nowhere/root.key"), Unlock::Passphrase(&passphrase));
    let error = error.unwrap_err();
    assert_eq!(error.code(), "key-file-missing");
    assert!(error.to_string().contains("`/nowhere/root.key`"), "{error}");
    let error = write(Path::new("/nowhere/root.key"), &*ROOT, created(), lock(&passphrase));
    assert!(matches!(error.unwrap_err(), KeyFileError::Io { .. }));
}
