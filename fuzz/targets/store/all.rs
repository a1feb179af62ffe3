//! What is fuzzed of the files beside the database: the list of a backup, tombstones, the last checkpoints, and the names of
//! pouches that somebody brought.
//!
//! The functions panic when a promise is broken, and answer whether they took the input.

use std::path::PathBuf;

use comity_exchange::ports::{
    HandFile as _, LastCheckpoint, LastCheckpoints as _, Tombstones as _,
};
use comity_model::Digest;
use comity_store::backup::Manifest;
use comity_store::{CarriedFile, FileLastCheckpoints, FileTombstones};

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[
    ("backup", backup),
    ("tombstones", tombstones),
    ("checkpoints", checkpoints),
    ("carried", carried),
];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}

/// The list of a backup: it has one writing, each file once, and no name leads out of its folder.
fn backup(data: &[u8]) -> bool {
    let Some(manifest) = Manifest::parse(data) else { return false };
    assert_eq!(manifest.to_bytes().ok().as_deref(), Some(data), "two lists of the same");
    let folder = PathBuf::from("/folder");
    let mut last = None;
    for file in &manifest.files {
        let path = folder.join(&file.path);
        assert!(path.starts_with(&folder) && path != folder, "{}", file.path);
        assert!(path.components().all(|it| it != std::path::Component::ParentDir));
        assert!(last < Some(&file.path), "{} stands there twice", file.path);
        last = Some(&file.path);
    }
    true
}

/// A file of these bytes in a folder that goes when it is dropped.
struct Kept(PathBuf);

impl Kept {
    fn new(name: &str, data: &[u8]) -> Self {
        let folder =
            std::env::temp_dir().join(format!("comity-fuzz-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("there is a place for files");
        std::fs::write(folder.join(name), data).expect("a file can be written");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Tombstones: read in pieces they are those that are read at once, and of what was cut off nothing is read.
fn tombstones(data: &[u8]) -> bool {
    const NAME: &str = "tombstones.jsonl";
    let kept = Kept::new(NAME, data);
    let file = FileTombstones::new(&kept.path(NAME));
    let Ok((stones, end)) = file.read(0, usize::MAX) else { return false };
    let whole = data.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
    assert_eq!(end, whole as u64, "lines are passed over");
    let (mut pieces, mut place) = (Vec::new(), 0);
    while let Ok((mut piece, next)) = file.read(place, 2) {
        if piece.is_empty() {
            break;
        }
        assert!(next > place && piece.len() <= 2);
        pieces.append(&mut piece);
        place = next;
    }
    assert_eq!((&pieces, place), (&stones, end));
    if let Some(stone) = stones.first().cloned() {
        file.append(std::slice::from_ref(&stone)).expect("there is room");
        let (after, _) = file.read(0, usize::MAX).expect("what was read is read again");
        assert_eq!(after.split_last(), Some((&stone, stones.as_slice())));
    }
    !stones.is_empty()
}

/// The last checkpoints: one for each channel; a larger one takes the place of a smaller, and no other changes.
fn checkpoints(data: &[u8]) -> bool {
    const NAME: &str = "checkpoints.json";
    let kept = Kept::new(NAME, data);
    let file = FileLastCheckpoints::new(&kept.path(NAME));
    let Ok(all) = file.all() else { return false };
    let journal = file.journal().expect("the same file is read");
    for (at, one) in all.iter().enumerate() {
        assert!(all[..at].iter().all(|it| it.channel != one.channel), "two of one channel");
    }
    let Some(first) = all.first() else { return false };
    let smaller = LastCheckpoint { size: first.size.saturating_sub(1), ..first.clone() };
    file.keep(smaller).expect("there is room");
    assert_eq!(file.all().ok().as_ref(), Some(&all), "a smaller one is kept");
    let size = first.size.saturating_add(1);
    let larger = LastCheckpoint { size, root: Digest::of(data), ..first.clone() };
    file.keep(larger.clone()).expect("there is room");
    let after = file.all().expect("what was written is read");
    assert_eq!(after.len(), all.len());
    assert!(size == first.size || after.first() == Some(&larger));
    assert_eq!(after.get(1..), all.get(1..));
    assert_eq!(file.journal().ok(), Some(journal));
    true
}

/// The name of a pouch that was brought: what it promises stands in it.
fn carried(data: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(data) else { return false };
    let Some(digest) = CarriedFile(PathBuf::from(name)).promised() else { return false };
    let file = name.trim_end_matches('/').rsplit('/').find(|it| *it != ".").unwrap_or_default();
    let number = file.strip_suffix(&format!("{}.pouch", digest.hex()));
    let number = number.expect("a name promises what does not stand in it");
    let digits = number.strip_suffix('-');
    assert!(number.is_empty() || digits.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit())));
    true
}
