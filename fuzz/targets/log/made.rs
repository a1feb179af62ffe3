//! One log from fixed keys and leaves: what the seeds are of, and all that anybody ever signed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::note::VerifierKey;
use comity_log::{Frontier, Hash, leaf_hash};

/// The origin of the log.
pub(crate) const LOG: &str = "log.example/a";
/// The name of its witness.
pub(crate) const WITNESS: &str = "witness.example/w";
/// When everything was signed, in seconds since 1970.
pub(crate) const TIME: u64 = 1_770_000_000;
/// The sizes at which the log signed a checkpoint.
pub(crate) const SIZES: [u64; 3] = [1, 13, 300];

/// The log's key.
pub(crate) static LOG_KEY: LazyLock<NoteSigner> =
    LazyLock::new(|| NoteSigner::ed25519(LOG, &[1; 32].into()).expect("a name"));
/// The witness's keys, of both types.
pub(crate) static WITNESS_KEYS: LazyLock<[NoteSigner; 2]> = LazyLock::new(|| {
    [
        NoteSigner::cosigner_ed25519(WITNESS, &[2; 32].into()).expect("a name"),
        NoteSigner::ml_dsa_44(WITNESS, &[3; 32].into()).expect("a name"),
    ]
});
/// The public halves of the log's key and of the witness's.
pub(crate) static KNOWN: LazyLock<(Vec<VerifierKey>, Vec<VerifierKey>)> = LazyLock::new(|| {
    (vec![LOG_KEY.verifier()], WITNESS_KEYS.iter().map(NoteSigner::verifier).collect())
});
/// The nodes of the tree at its largest size, each leaf of which holds its own index.
pub(crate) static NODES: LazyLock<BTreeMap<(u8, u64), Hash>> = LazyLock::new(|| grown(300).1);
/// The checkpoints that were signed.
pub(crate) static CHECKPOINTS: LazyLock<Vec<Checkpoint>> = LazyLock::new(|| {
    let checkpoint = |size| Checkpoint::new(LOG, size, grown(size).0.root());
    SIZES.map(|size| checkpoint(size).expect("a checkpoint")).into()
});

/// The leaf at `index`.
pub(crate) fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// The tree of `size` leaves and its nodes.
pub(crate) fn grown(size: u64) -> (Frontier, BTreeMap<(u8, u64), Hash>) {
    let (mut frontier, mut nodes) = (Frontier::new(), BTreeMap::new());
    for index in 0..size {
        let emit = |level, at, hash| {
            nodes.insert((level, at), hash);
        };
        frontier.append(leaf(index), emit).expect("a small tree");
    }
    (frontier, nodes)
}
