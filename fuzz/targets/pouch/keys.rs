//! Keys in files and as text.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use comity_pouch::keyfile::{KeyMaterial, Lock, Unlock, read, write};
use comity_pouch::keys::{OfficerKey, RegistrarKey, RootFile, ServeKeys};
use comity_pouch::{HybridPublic, SealIdentity, SealRecipient};

use super::made::at;

/// A name in the folder for temporary files that nothing else has.
fn fresh() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("comity-fuzz-{}-{count}.key", std::process::id()))
}

/// An open key file: it is of one use, and what is read of it is written in a form that reads as the same keys.
pub(crate) fn keyfile(data: &[u8]) -> bool {
    let path = fresh();
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let file = file.as_mut().expect("the folder for temporary files can be written");
    file.write_all(data).expect("the disk has room");
    let root = kept::<RootFile>(&path, |keys| match keys {
        RootFile::Here(root) => vec![root.public().to_bytes()],
        RootFile::InToken(root) => vec![root.secret().public().to_bytes()],
    });
    let registrar = kept::<RegistrarKey>(&path, |it| vec![it.secret().public().to_bytes()]);
    let officer = kept::<OfficerKey>(&path, |it| {
        vec![it.secret().public().to_bytes(), it.officer().to_string().into_bytes()]
    });
    let serve = kept::<ServeKeys>(&path, |it| {
        let mut all = vec![it.statement.public().to_bytes(), it.link.certificate().to_vec()];
        all.push(it.seal.recipient().to_bytes());
        all.extend([&it.log, &it.witness].map(|it| it.public().ml_dsa_44.clone()));
        all.extend(it.earlier.statement.iter().map(|it| it.key.public().to_bytes()));
        all.extend(it.earlier.seal.iter().map(|it| it.key.recipient().to_bytes()));
        all
    });
    fs::remove_file(&path).expect("it was written before");
    let taken = [root, registrar, officer, serve].into_iter().filter(|it| *it).count();
    assert!(taken <= 1, "one file is of two uses");
    taken == 1
}

/// Whether the file holds keys of this kind. Then they are written and read once more.
fn kept<K: KeyMaterial>(path: &std::path::Path, public: impl Fn(&K) -> Vec<Vec<u8>>) -> bool {
    let Ok(keys) = read::<K>(path, Unlock::Unprotected) else { return false };
    let again = fresh();
    write(&again, &keys, at("2026-02-01T00:00:00Z"), Lock::Unprotected).expect("it can be written");
    let found = read::<K>(&again, Unlock::Unprotected).expect("what is written can be read");
    fs::remove_file(&again).expect("it was written before");
    assert_eq!(public(&found), public(&keys));
    true
}

/// A key as text: one key has one text.
pub(crate) fn keytext(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let recipient = text.parse::<SealRecipient>();
    if let Ok(recipient) = &recipient {
        assert_eq!(recipient.to_string(), text);
        assert_eq!(SealRecipient::from_bytes(&recipient.to_bytes()).as_ref(), Ok(recipient));
    }
    let identity = SealIdentity::from_text(text);
    if let Ok(identity) = &identity {
        assert_eq!(identity.to_text().as_str(), text);
    }
    let public = HybridPublic::from_text(text);
    if let Ok(public) = &public {
        assert_eq!(public.to_text(), text);
        assert_eq!(HybridPublic::from_bytes(&public.to_bytes()).as_ref(), Ok(public));
    }
    recipient.is_ok() || identity.is_ok() || public.is_ok()
}
