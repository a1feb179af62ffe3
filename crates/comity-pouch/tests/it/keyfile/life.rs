//! Key files over time: new keys beside old ones, and another passphrase.

use comity_model::descriptor::KeyUse;
use comity_pouch::SealIdentity;
use comity_pouch::descriptor::{Change, key_id};
use comity_pouch::keyfile::{KeyFileError, Unlock, change_passphrase, read, replace, write};
use comity_pouch::keys::{RootKey, ServeKeys};

use super::{created, lock, same, secret};
use crate::support::{ROOT, SERVE, Seeded, at};

const USES: [KeyUse; 5] =
    [KeyUse::Statement, KeyUse::Log, KeyUse::Witness, KeyUse::Seal, KeyUse::Link];

/// The keys of the tests, once more: they cannot be copied in memory.
fn keys() -> ServeKeys {
    let folder = tempfile::tempdir().unwrap();
    let (path, pass) = (folder.path().join("serve.keys"), secret("a"));
    write(&path, &*SERVE, created(), lock(&pass)).unwrap();
    read(&path, Unlock::Passphrase(&pass)).unwrap()
}

#[test]
fn keys_that_others_took_the_place_of_come_back_from_the_file_until_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let (path, pass) = (folder.path().join("serve.keys"), secret("a"));
    let mut keys = keys();
    write(&path, &keys, created(), lock(&pass)).unwrap();
    let ends = [at("2026-04-01T00:00:00Z"), at("2026-05-01T00:00:00Z")];
    let validity = (at("2026-03-01T00:00:00Z"), at("2028-03-01T00:00:00Z"));
    for (seed, end) in (50..).zip(ends) {
        for purpose in USES {
            keys.renew(purpose, &Seeded::new(seed), validity, end).unwrap();
        }
    }
    replace(&path, &keys, created(), lock(&pass)).unwrap();
    let mut again: ServeKeys = read(&path, Unlock::Passphrase(&pass)).unwrap();
    same(&again, &keys);
    let firsts = |it: &ServeKeys| {
        let last = it.seals().last().map(SealIdentity::recipient);
        (
            it.statements().count(),
            it.logs().count(),
            it.witnesses().count(),
            it.links().count(),
            last,
        )
    };
    assert_eq!(firsts(&again), (3, 3, 3, 3, Some(SERVE.seal.recipient())));
    assert_eq!(again.statements().last().unwrap().public(), SERVE.statement.public());
    assert_eq!(again.logs().last().unwrap().public(), SERVE.log.public());
    assert_eq!(again.links().last().unwrap().certificate(), SERVE.link.certificate());

    assert_eq!(again.earlier.forget(at("2026-03-31T23:59:59Z")), 0);
    assert_eq!(again.earlier.forget(ends[0]), 5);
    assert_eq!(firsts(&again).0, 2);
    assert_eq!(again.earlier.forget(ends[1]), 5);
    same(&again, &keys);
    replace(&path, &again, created(), lock(&pass)).unwrap();
    let alone: ServeKeys = read(&path, Unlock::Passphrase(&pass)).unwrap();
    assert_eq!(alone.seals().count(), 1);
}

#[test]
fn the_root_is_no_key_to_serve_with() {
    let validity = (at("2026-03-01T00:00:00Z"), at("2028-03-01T00:00:00Z"));
    for purpose in [KeyUse::Root, KeyUse::Registrar] {
        let refused = keys().renew(purpose, &Seeded::new(1), validity, validity.1);
        assert_eq!(refused.unwrap_err().code(), "key-not-served");
    }
}

#[test]
fn after_a_change_the_old_passphrase_opens_nothing_and_the_new_one_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let (old, new) = (secret("the old one"), secret("the new one"));
    write(&path, &*ROOT, created(), lock(&old)).unwrap();
    let before = std::fs::read(&path).unwrap();
    let wrong = change_passphrase(&path, &new, &old, 2).unwrap_err();
    assert!(matches!(wrong, KeyFileError::WrongPassphrase(_)), "{wrong}");
    assert_eq!(std::fs::read(&path).unwrap(), before);

    change_passphrase(&path, &old, &new, 2).unwrap();
    let refused = read::<RootKey>(&path, Unlock::Passphrase(&old)).unwrap_err();
    assert!(matches!(refused, KeyFileError::WrongPassphrase(_)), "{refused}");
    let root: RootKey = read(&path, Unlock::Passphrase(&new)).unwrap();
    assert_eq!(root.party(), ROOT.party());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something is left beside it");
    let missing = change_passphrase(&folder.path().join("no.key"), &old, &new, 2).unwrap_err();
    assert!(matches!(missing, KeyFileError::NotFound(_)), "{missing}");
}

#[test]
fn the_next_descriptor_keeps_what_overlaps_and_leaves_out_what_is_revoked_or_over() {
    let mut before = crate::descriptor::descriptor();
    let (now, until, old_until) =
        (at("2026-06-01T00:00:00Z"), at("2028-06-01T00:00:00Z"), at("2026-07-01T00:00:00Z"));
    let mut keys = keys();
    keys.renew(KeyUse::Seal, &Seeded::new(70), (now, until), old_until).unwrap();
    let fresh = keys.entries(KeyUse::Seal, now, until);
    let link = before.keys.iter().find(|it| it.purpose == KeyUse::Link).unwrap().clone();
    for entry in &mut before.keys {
        if entry.purpose == KeyUse::Witness {
            entry.not_after = now;
        }
    }
    let change = Change {
        replaced: vec![KeyUse::Seal],
        revoked: vec![key_id(&link)],
        prolonged: vec![KeyUse::Registrar],
        fresh,
    };
    let next = change.after(&before, now, until, old_until);
    assert_eq!((next.serial, next.issued_at), (before.serial + 1, now));
    // a clock that went back makes none that is earlier than the one before
    let after = Change::default().after(&next, before.issued_at, until, old_until);
    assert_eq!(after.issued_at, at("2026-06-01T00:00:01Z"));
    let ends = |purpose| {
        let of = next.keys.iter().filter(move |it| it.purpose == purpose);
        of.map(|it| it.not_after).collect::<Vec<_>>()
    };
    assert_eq!(ends(KeyUse::Seal), [old_until, until]);
    assert_eq!(ends(KeyUse::Link), []);
    assert_eq!(ends(KeyUse::Witness), []);
    assert_eq!(ends(KeyUse::Registrar), [until]);
    assert_eq!(ends(KeyUse::Root), [until]);
    let newest = next.newest_for(KeyUse::Seal, now);
    assert_eq!(newest.first().unwrap().not_before, now);
}
