//! RFC 6962 trees, checkpoints, cosignatures and proofs in the published C2SP formats.
//!
//! Bytes only: this crate reads no clock, draws no randomness of its own, stores nothing and opens
//! no socket. What is parsed here may come from anybody; every parser bounds its input first.
//!
//! - The tree: [`leaf_hash`], [`Frontier`] to append, [`Nodes`] to prove from stored hashes,
//!   [`verify_inclusion`] and [`verify_consistency`] to check (RFC 6962 section 2.1).
//! - [`note`]: signed notes and verifier keys (C2SP signed-note).
//! - [`checkpoint`]: the tree head as a note's text (C2SP tlog-checkpoint).
//! - [`cosign`]: who signs a checkpoint and how (C2SP tlog-cosignature).
//! - [`proof`]: one file that proves one leaf offline (C2SP tlog-proof).
//! - [`tiles`]: the whole log as static files (C2SP tlog-tiles).
//! - [`witness`]: what a witness signs and what it refuses (C2SP tlog-witness).
//!
//! ```
//! use comity_log::{Frontier, statement_leaf, verify_inclusion, inclusion_proof};
//! use std::collections::BTreeMap;
//!
//! let mut nodes = BTreeMap::new();
//! let mut frontier = Frontier::new();
//! for digest in [[1; 32], [2; 32], [3; 32]] {
//!     frontier.append(statement_leaf(&digest), |level, index, hash| {
//!         nodes.insert((level, index), hash);
//!     })?;
//! }
//! let proof = inclusion_proof(1, frontier.size(), &nodes)?;
//! verify_inclusion(&statement_leaf(&[2; 32]), 1, 3, &proof, &frontier.root())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod checkpoint;
pub mod cosign;
pub mod note;
pub mod proof;
pub mod tiles;
pub mod witness;

mod frontier;
mod hash;
mod name;
mod prove;
mod subtree;
mod text;
mod verify;

pub use frontier::{Frontier, FrontierError, root_of};
pub use hash::{Hash, empty_root, leaf_hash, node_hash, statement_entry, statement_leaf};
pub use name::{NameError, channel_origin, journal_origin, witness_name};
pub use prove::{Nodes, ProofError, consistency_proof, inclusion_proof, root_at};
pub use subtree::{Subtree, verify_subtree_consistency, verify_subtree_inclusion};
pub use verify::{BadProof, verify_consistency, verify_inclusion};

/// The largest tree handled here, in leaves: 2^63 - 1, so that a proof never has more than
/// [`MAX_PROOF_HASHES`] hashes and a size fits a signed column of a database.
pub const MAX_TREE_SIZE: u64 = (1 << 63) - 1;

/// The most hashes an inclusion proof can have, one for each level of the largest tree.
pub const MAX_PROOF_HASHES: usize = 63;
