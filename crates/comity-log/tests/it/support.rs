//! Trees and keys for the tests.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::note::SignedNote;
use comity_log::{Frontier, Hash, leaf_hash};
use serde::de::DeserializeOwned;

pub(crate) type NodeMap = BTreeMap<(u8, u64), Hash>;

/// The leaf hash of the leaf that holds its own index.
pub(crate) fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// A tree of `size` leaves, each as [`leaf`] makes it, and all its nodes.
pub(crate) fn tree(size: u64) -> (Frontier, NodeMap) {
    let (mut frontier, mut nodes) = (Frontier::new(), NodeMap::new());
    for index in 0..size {
        let given = frontier.append(leaf(index), |level, at, hash| {
            assert!(nodes.insert((level, at), hash).is_none(), "a node was emitted twice");
        });
        assert_eq!(given, Ok(index));
    }
    (frontier, nodes)
}

/// RFC 6962 section 2.1 as it is written: split at the largest power of two below the size.
pub(crate) fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => comity_log::empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            comity_log::node_hash(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

pub(crate) fn log_key(name: &str) -> NoteSigner {
    NoteSigner::ed25519(name, &[1; 32].into()).unwrap()
}

pub(crate) fn witness_key(name: &str) -> NoteSigner {
    NoteSigner::cosigner_ed25519(name, &[2; 32].into()).unwrap()
}

pub(crate) fn pq_key(name: &str) -> NoteSigner {
    NoteSigner::ml_dsa_44(name, &[3; 32].into()).unwrap()
}

/// The checkpoint, signed by each of the keys at `time`.
pub(crate) fn signed(checkpoint: &Checkpoint, keys: &[&NoteSigner], time: u64) -> SignedNote {
    let lines = keys.iter().map(|key| key.sign(checkpoint, time).unwrap()).collect();
    SignedNote::new(checkpoint.to_string(), lines).unwrap()
}

/// A vector file of this crate.
pub(crate) fn data<T: DeserializeOwned>(name: &str) -> T {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

pub(crate) fn hash(text: &str) -> Hash {
    base64(text).try_into().unwrap()
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let nibbles: Vec<_> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
    nibbles.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

/// A position in a list.
pub(crate) fn position(number: u64) -> usize {
    usize::try_from(number).unwrap()
}
