//! What a backup promises: it is whole or it is not there, and whoever puts it back knows whether it still is.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use comity_exchange::ports::{Blobs as _, PartContent, SealEffect, Store as _, StoredPart};
use comity_model::Digest;
use comity_store::backup::{About, BackupError, Layout, Manifest, Progress, check, stage, write};
use comity_store::{FileBlobs, SqliteStore};
use tempfile::TempDir;

use crate::support::{at, checkpoint_of, events, line, node, options, us};

const LAYOUT: Layout = Layout {
    database: "node.db",
    blobs: "blobs",
    beside: &["keys", "node.toml"],
    apart: &["tombstones", "checkpoints"],
};

/// A data folder with a node, two keys, a configuration, and what belongs in no backup.
struct House {
    folder: TempDir,
    store: SqliteStore,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let store = SqliteStore::create(&path.join(LAYOUT.database), options()).unwrap();
        store.create_node(node(), vec![line("node-made")]).await.unwrap();
        fs::create_dir_all(path.join("keys/officers")).unwrap();
        fs::create_dir_all(path.join("spool")).unwrap();
        for name in ["keys/serve", "keys/officers/one", "node.toml", "tombstones", "spool/pouch"] {
            fs::write(path.join(name), format!("this is {name}")).unwrap();
        }
        Self { folder, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A large part that a row names; `digest` where the row names another than is on the disk.
    async fn part(&self, bytes: &[u8], digest: Option<Digest>) -> Digest {
        let mut blob = FileBlobs::new(&self.path("blobs")).unwrap().create().unwrap();
        blob.write_all(bytes).unwrap();
        let (written, size) = blob.commit().unwrap();
        let name = digest.unwrap_or(written);
        let mut input = checkpoint_of(u128::from(size), 0);
        let SealEffect::Checkpoint { .. } = input.effect else { panic!("no checkpoint") };
        input.parts =
            vec![StoredPart { name: "part".to_owned(), size, content: PartContent::Blob(name) }];
        self.store.seal(input).await.unwrap();
        written
    }

    async fn back_up(&self, to: &Path) -> Result<Manifest, BackupError> {
        write(&self.store, self.folder.path(), LAYOUT, about(), to, &mut |_| {}).await
    }
}

fn about() -> About {
    let handle = "us".parse().unwrap();
    About { handle, root: us(), made_at: at(0), software: "0.1.0".to_owned() }
}

fn checked(backup: &Path) -> Result<Manifest, BackupError> {
    check(backup, LAYOUT, &mut |_| {})
}

fn names(manifest: &Manifest) -> Vec<&str> {
    manifest.files.iter().map(|it| it.path.as_str()).collect()
}

/// Everything under a folder, by name, with its bytes.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(everything(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            all.push((path, bytes));
        }
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_one_state_of_the_node_while_others_write() {
    let house = House::new().await;
    let part = house.part(&vec![7; 300_000], None).await;
    let to = house.path("backup");
    let writing = async {
        for _ in 0..200 {
            house.store.journal(vec![line("busy")]).await.unwrap();
        }
    };
    let mut last = Progress { done: 0, total: 0 };
    let mut heard = |progress: Progress| {
        assert!(progress.done >= last.done && progress.done <= progress.total, "{progress:?}");
        last = progress;
    };
    let backing = write(&house.store, house.folder.path(), LAYOUT, about(), &to, &mut heard);
    let (manifest, ()) = tokio::join!(backing, writing);
    let manifest = manifest.unwrap();
    assert_eq!(last.done, last.total, "it ends where it said");
    let blob = format!("blobs/{}", part.hex());
    let expected = [&blob, "keys/officers/one", "keys/serve", "node.db", "node.toml"];
    assert_eq!(names(&manifest), expected, "neither tombstones nor pouches");
    assert_eq!(checked(&to).unwrap(), manifest);
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o700);
    for (path, _) in everything(&to) {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
    }
    let copy = SqliteStore::open(&to.join("node.db"), options()).unwrap();
    let lines = copy.journal_lines(0, 10_000).await.unwrap();
    let numbers: Vec<u64> = lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>(), "nothing is left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_any_file_of_a_backup_is_found() {
    let house = House::new().await;
    house.part(&vec![7; 300_000], None).await;
    let to = house.path("backup");
    house.back_up(&to).await.unwrap();
    for (path, bytes) in everything(&to) {
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut edited = bytes.clone();
            edited[at] ^= 1;
            fs::write(&path, edited).unwrap();
            assert!(checked(&to).is_err(), "byte {at} of {}", path.display());
        }
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(checked(&to).is_err(), "{} cut", path.display());
        fs::remove_file(&path).unwrap();
        assert!(checked(&to).is_err(), "{} gone", path.display());
        fs::write(&path, &bytes).unwrap();
    }
    checked(&to).unwrap();
    fs::write(to.join("keys/another"), "x").unwrap();
    assert_eq!(checked(&to).unwrap_err().code(), "backup-damaged", "a file too many");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_fails_leaves_nothing_and_none_is_written_over() {
    let house = House::new().await;
    let to = house.path("backup");
    fs::create_dir(&to).unwrap();
    assert_eq!(house.back_up(&to).await.unwrap_err().code(), "file-exists");
    fs::remove_dir(&to).unwrap();
    let before = everything(house.folder.path()).len();
    let gone = Digest::of(b"a part that is not on the disk");
    house.part(b"short", Some(gone)).await;
    assert_eq!(house.back_up(&to).await.unwrap_err().code(), "damaged");
    let after: Vec<PathBuf> =
        everything(house.folder.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(after.len(), before + 1, "only the part is new: {after:?}");
    // and one that is on the disk and is not what its name says
    fs::write(house.path("blobs").join(gone.hex()), "other").unwrap();
    assert_eq!(house.back_up(&to).await.unwrap_err().code(), "damaged");
    assert!(!to.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_put_back_whole_beside_what_was_kept_apart() {
    let house = House::new().await;
    house.part(&vec![7; 300_000], None).await;
    let to = house.path("backup");
    let manifest = house.back_up(&to).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("tombstones"), "later").unwrap();
    // an attempt that a power cut ended
    drop(stage(&to, data.path(), LAYOUT, &mut |_| {}).unwrap());
    assert!(!data.path().join("node.db").exists(), "a copy that is not finished is no node");
    let staged = stage(&to, data.path(), LAYOUT, &mut |_| {}).unwrap();
    assert_eq!(staged.finish().unwrap(), manifest);
    for listed in &manifest.files {
        let [there, here] = [to.join(&listed.path), data.path().join(&listed.path)];
        assert_eq!(fs::read(there).unwrap(), fs::read(here).unwrap(), "{}", listed.path);
    }
    assert_eq!(fs::read(data.path().join("tombstones")).unwrap(), b"later");
    let store = SqliteStore::open(&data.path().join("node.db"), options()).unwrap();
    assert_eq!(events(&store).await.first().map(String::as_str), Some("node-made"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_put_back_over_a_node_or_from_a_damaged_backup() {
    let house = House::new().await;
    let to = house.path("backup");
    house.back_up(&to).await.unwrap();
    let staged = |data: &Path| stage(&to, data, LAYOUT, &mut |_| {}).map(drop).unwrap_err().code();
    assert_eq!(staged(house.folder.path()), "node-exists");
    let data = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(to.join("manifest.json")).unwrap();
    for (good, bad) in [
        ("\"node.toml\"", "\"../node.toml\""),
        ("\"node.toml\"", "\"/node.toml\""),
        ("\"node.toml\"", "\"keys/serve\""),
        ("\"v\": 1", "\"v\": 2"),
        ("\"v\": 1", "\"v\": 1, \"run\": \"x\""),
    ] {
        let bad = text.replace(good, bad);
        assert_ne!(bad, text);
        fs::write(to.join("manifest.json"), bad).unwrap();
        assert_eq!(staged(data.path()), "no-backup");
    }
    fs::write(to.join("manifest.json"), text).unwrap();
    fs::write(to.join("keys/serve"), "another key").unwrap();
    assert_eq!(staged(data.path()), "backup-damaged");
    assert_eq!(everything(data.path()), [], "nothing was begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_not_spoiled_by_another_that_is_written_into_it() {
    let house = House::new().await;
    let to = house.path("backup");
    let whole = house.back_up(&to).await.unwrap();
    fs::create_dir(house.path("backup/keys/deep")).unwrap();
    for inside in ["backup/again", "backup/keys/deep/again"] {
        let error = house.back_up(&house.path(inside)).await.unwrap_err();
        assert!(matches!(&error, BackupError::InABackup(_)), "{inside}: {error}");
        assert_eq!(error.code(), "in-a-backup");
    }
    assert_eq!(checked(&to).unwrap(), whole, "nothing was written");
    // a list of something else is no backup
    fs::create_dir(house.path("site")).unwrap();
    fs::write(house.path("site/manifest.json"), "{}").unwrap();
    house.back_up(&house.path("site/backup")).await.unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_said_not_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("nosuch");
    let error = checked(&gone).unwrap_err();
    assert!(matches!(&error, BackupError::NotThere(path) if *path == gone), "{error}");
    let error = stage(&gone, &folder.path().join("data"), LAYOUT, &mut |_| {}).unwrap_err();
    assert!(matches!(error, BackupError::NotThere(_)), "{error}");
    assert!(!folder.path().join("data").exists());
    assert!(matches!(checked(folder.path()).unwrap_err(), BackupError::NotABackup(_)));
}
