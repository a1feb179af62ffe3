//! Every parser of the record against inputs made from real files: a bounded run of what `fuzz/` does without end.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/log/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/log/tokens.rs"]
mod tokens;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::{SignatureLine, SignedNote};
use comity_log::proof::TlogProof;
use comity_log::tiles::{entry_bundle, hash_tile, new_hash_tiles};
use comity_log::witness::AddCheckpoint;
use comity_log::{consistency_proof, inclusion_proof};
use targets::made::{CHECKPOINTS, KNOWN, LOG_KEY, NODES, SIZES, TIME, WITNESS_KEYS, grown};

bounded::each_target! { note 1_000 vkey 1_000 tlog_proof 1_000 witness 1_000 tiles 600 frontier 1_000 }

/// A checkpoint under the log's signature and the witness's. ML-DSA signatures of one text differ.
fn signed(checkpoint: &Checkpoint) -> SignedNote {
    let keys = std::iter::once(&*LOG_KEY).chain(&*WITNESS_KEYS);
    let lines = keys.map(|key| key.sign(checkpoint, TIME).unwrap()).collect();
    SignedNote::new(checkpoint.to_string(), lines).unwrap()
}

#[test]
fn the_seeds_are_files_of_one_small_log() {
    let notes: Vec<_> = CHECKPOINTS.iter().map(signed).collect();
    let text = |name, note: &dyn ToString| (name, note.to_string().into_bytes());
    let [first, second, third] = notes.as_slice() else { panic!("three checkpoints") };
    bounded::bless("note", &[text("1", first), text("13", second), text("300", third)]);

    let keys: Vec<_> = KNOWN.0.iter().chain(&KNOWN.1).collect();
    let line: &SignatureLine = &first.signatures()[1];
    let seeds = [text("log", keys[0]), text("witness", keys[1]), text("ml-dsa", keys[2])];
    bounded::bless("vkey", &seeds);
    bounded::bless("vkey", &[text("line", line)]);

    let proof = |index, size, at: usize| {
        let hashes = inclusion_proof(index, size, &*NODES).unwrap();
        TlogProof::new(index, hashes, notes[at].clone()).unwrap()
    };
    let more = proof(5, 13, 1).with_extra(b"more".to_vec()).unwrap();
    let seeds = [text("only", &proof(0, 1, 0)), text("5", &proof(5, 13, 1)), text("extra", &more)];
    bounded::bless("tlog_proof", &seeds);
    bounded::bless("tlog_proof", &[text("299", &proof(299, 300, 2))]);

    let request = |at: usize| {
        let proof = consistency_proof(1, SIZES[at], &*NODES).unwrap();
        AddCheckpoint::new(1, proof, notes[at].clone()).unwrap()
    };
    bounded::bless("witness", &[text("13", &request(1)), text("300", &request(2))]);

    let mut seeds = Vec::new();
    for (tile, name) in new_hash_tiles(0, 300).zip(["leaves", "edge", "above"]) {
        let bytes = hash_tile(&tile, &*NODES).unwrap();
        seeds.push((name, [format!("{tile}\n").into_bytes(), bytes].concat()));
    }
    let bundle = entry_bundle([&b"one"[..], b"", b"three"]).unwrap();
    seeds.push(("entries", [&b"tile/entries/x001/234.p/3\n"[..], &bundle].concat()));
    bounded::bless("tiles", &seeds);

    let stored = |size| grown(size).0.to_bytes();
    bounded::bless("frontier", &[("none", stored(0)), ("13", stored(13)), ("300", stored(300))]);
}
