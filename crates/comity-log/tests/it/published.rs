//! The vectors that transparency-dev publishes for RFC 6962, read where they are at hand.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_log::{
    Hash, Subtree, leaf_hash, verify_consistency, verify_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inclusion {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartInclusion {
    leaf_idx: u64,
    start: u64,
    end: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartConsistency {
    start: u64,
    end: u64,
    size: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

/// Published as wrong because it proves nothing, but C2SP tlog-witness (add-checkpoint) says that the
/// empty tree is consistent with any tree and needs no proof; the standard wins.
const ALLOWED_BY_TLOG_WITNESS: &str = "size1-is-zero-and-size2-is-not-zero.json";

/// Some vectors have a text where a root belongs; another hash stands in for it. What is empty is
/// no hash and proves nothing.
fn hash(text: &str) -> Option<Hash> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty())?;
    Some(bytes.try_into().unwrap_or_else(|bytes: Vec<u8>| leaf_hash(&bytes)))
}

fn hashes(texts: Option<Vec<String>>) -> Option<Vec<Hash>> {
    texts.unwrap_or_default().iter().map(|text| hash(text)).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The files of one kind, or nothing when the vectors are not on this machine.
fn vectors(kind: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors/merkle-rfc6962");
    let found = files(&Path::new(root).join("testdata").join(kind));
    if found.is_empty() {
        eprintln!("the published {kind} vectors are not here and were left out");
    }
    found.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn published_inclusion_proofs_are_judged_as_published() {
    for (path, bytes) in vectors("inclusion") {
        let case: Inclusion = serde_json::from_slice(&bytes).unwrap();
        let holds = || {
            let (leaf, root) = (hash(&case.leaf_hash)?, hash(&case.root)?);
            let proof = hashes(case.proof)?;
            verify_inclusion(&leaf, case.leaf_idx, case.tree_size, &proof, &root).ok()
        };
        assert_eq!(holds().is_none(), case.want_err, "{}", path.display());
    }
}

#[test]
fn published_consistency_proofs_are_judged_as_published() {
    for (path, bytes) in vectors("consistency") {
        let case: Consistency = serde_json::from_slice(&bytes).unwrap();
        let holds = || {
            let (old_root, new_root) = (hash(&case.root1)?, hash(&case.root2)?);
            let proof = hashes(case.proof)?;
            verify_consistency(case.size1, case.size2, &old_root, &new_root, &proof).ok()
        };
        let wrong = case.want_err && !path.ends_with(ALLOWED_BY_TLOG_WITNESS);
        assert_eq!(holds().is_none(), wrong, "{}", path.display());
    }
}

#[test]
fn published_proofs_inside_a_part_are_judged_as_published() {
    for (path, bytes) in vectors("subtreeinclusion") {
        let case: PartInclusion = serde_json::from_slice(&bytes).unwrap();
        let holds = || {
            let part = Subtree::new(case.start, case.end)?;
            let (leaf, root) = (hash(&case.leaf_hash)?, hash(&case.root)?);
            let proof = hashes(case.proof)?;
            verify_subtree_inclusion(&leaf, case.leaf_idx, &part, &proof, &root).ok()
        };
        assert_eq!(holds().is_none(), case.want_err, "{}", path.display());
    }
}

#[test]
fn published_proofs_of_a_part_are_judged_as_published() {
    for (path, bytes) in vectors("subtreeconsistency") {
        let case: PartConsistency = serde_json::from_slice(&bytes).unwrap();
        let holds = || {
            let part = Subtree::new(case.start, case.end)?;
            let (part_root, root) = (hash(&case.root1)?, hash(&case.root2)?);
            let proof = hashes(case.proof)?;
            verify_subtree_consistency(&part, case.size, &part_root, &root, &proof).ok()
        };
        assert_eq!(holds().is_none(), case.want_err, "{}", path.display());
    }
}
