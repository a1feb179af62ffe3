//! The files beside the database against inputs made from real ones: a bounded run of what `fuzz/` does without end.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/store/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/store/tokens.rs"]
mod tokens;

use comity_exchange::ports::{
    LastCheckpoint, LastCheckpoints as _, Received, Tombstone, Tombstones as _, Why,
};
use comity_model::{ChannelId, Digest, PartyRoot};
use comity_store::backup::{About, Listed, Manifest};
use comity_store::{FileLastCheckpoints, FileTombstones};
use jiff::Timestamp;
use tempfile::tempdir;

bounded::each_target! { backup 2_000 tombstones 200 checkpoints 60 carried 3_000 }

fn root(name: &str) -> PartyRoot {
    PartyRoot::new(Digest::of(name.as_bytes()))
}

#[test]
fn the_seed_lists_the_files_of_a_backup() {
    let about = About {
        handle: "mx".parse().unwrap(),
        root: root("mx"),
        made_at: Timestamp::UNIX_EPOCH,
        software: "0.1.0".to_owned(),
    };
    let listed =
        |path: &str| Listed { path: path.to_owned(), size: 7, sha256: Digest::of(b"content") };
    let files = ["comity.db", "keys/serve.keys", "keys/officers/a.key"].map(listed);
    let list = Manifest::new(about, files.into()).to_bytes().unwrap();
    bounded::bless("backup", &[("list", list)]);
}

#[test]
fn the_seeds_are_what_stays_apart_from_a_backup() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("tombstones.jsonl");
    let recall = "recall--0b6f1e5d-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
    let stones = [Why::Retention, Why::Recall(recall), Why::Retention].map(|why| {
        let (id, version) =
            ("indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11", "2026-03-01T10:00:00Z");
        let (id, version) = (id.to_owned(), version.to_owned());
        let object = Received { statement: Digest::of(b"a release"), id, version };
        Tombstone { object, why, at: Timestamp::UNIX_EPOCH }
    });
    FileTombstones::new(&path).append(&stones).unwrap();
    bounded::bless("tombstones", &[("three", std::fs::read(&path).unwrap())]);

    let path = folder.path().join("checkpoints.json");
    let file = FileLastCheckpoints::new(&path);
    let agreement = "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
    for epoch in 1..=2 {
        let channel = ChannelId { agreement, epoch, from: root("mx"), to: root("us") };
        let (root, last) = (Digest::of(b"root"), Digest::of(b"last"));
        file.keep(LastCheckpoint { channel, size: 12, root, last, cosigned: None }).unwrap();
        file.cosigned(channel, "a note\n").unwrap();
    }
    file.keep_journal(Some("another note\n")).unwrap();
    bounded::bless("checkpoints", &[("two", std::fs::read(&path).unwrap())]);
}

#[test]
fn the_seeds_are_names_of_pouches() {
    let hex = Digest::of(b"a pouch").hex();
    let names =
        [("first", format!("000001-{hex}.pouch")), ("bare", format!("a/folder/{hex}.pouch"))];
    bounded::bless("carried", &names.map(|(seed, name)| (seed, name.into_bytes())));
}
