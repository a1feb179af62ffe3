//! Making proofs from stored node hashes.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::MAX_TREE_SIZE;
use crate::frontier::fold;
use crate::hash::Hash;

/// The node hashes that [`Frontier::append`](crate::Frontier::append) emitted, wherever they are
/// kept.
pub trait Nodes {
    /// What reading a node can fail with.
    type Error;

    /// The root of the complete subtree over the leaves `index << level` to
    /// `((index + 1) << level) - 1`, or `None` when it was never stored. Level 0 is the leaf hash.
    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Self::Error>;
}

impl Nodes for BTreeMap<(u8, u64), Hash> {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Infallible> {
        Ok(self.get(&(level, index)).copied())
    }
}

/// Why a proof could not be made. `E` is what the store of nodes fails with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    /// Our caller asked for a leaf or a tree that `size` leaves do not hold.
    #[error("no such proof in a tree of {size} leaves; ask for {at} with a larger tree")]
    OutOfRange {
        /// The index or the old size that was asked for.
        at: u64,
        /// The size of the tree it was asked in.
        size: u64,
    },
    /// Our store does not hold a node it must hold.
    #[error("the log lacks node {index} of level {level}; restore the log's nodes")]
    MissingNode {
        /// The level of the node; leaves are level 0.
        level: u8,
        /// The position of the node in its level.
        index: u64,
    },
    /// Our store could not be read.
    #[error("the log's nodes could not be read: {0}")]
    Nodes(E),
}

impl<E> ProofError<E> {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "proof-out-of-range",
            Self::MissingNode { .. } => "log-node-missing",
            Self::Nodes(_) => "log-nodes-unreadable",
        }
    }
}

/// The inclusion proof of the leaf at `index` in the tree of `size` leaves, from the leaf's sibling
/// up to the root's child (RFC 6962 section 2.1.1).
///
/// # Errors
/// [`ProofError::OutOfRange`] when `index` is not below `size`, or `size` above [`MAX_TREE_SIZE`].
pub fn inclusion_proof<N: Nodes>(
    index: u64,
    size: u64,
    nodes: &N,
) -> Result<Vec<Hash>, ProofError<N::Error>> {
    if index >= size || size > MAX_TREE_SIZE {
        return Err(ProofError::OutOfRange { at: index, size });
    }
    let mut proof = Vec::new();
    climb(index, 0, size, nodes, &mut proof)?;
    Ok(proof)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new` leaves
/// (RFC 6962 section 2.1.2). Empty when the two are equal or `old` is 0.
///
/// # Errors
/// [`ProofError::OutOfRange`] when `old` is above `new`, or `new` above [`MAX_TREE_SIZE`].
pub fn consistency_proof<N: Nodes>(
    old: u64,
    new: u64,
    nodes: &N,
) -> Result<Vec<Hash>, ProofError<N::Error>> {
    if old > new || new > MAX_TREE_SIZE {
        return Err(ProofError::OutOfRange { at: old, size: new });
    }
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    // The last complete subtree of the old tree is where the two trees' paths begin. When it is the
    // whole old tree the verifier has its hash already.
    let last = old - 1;
    let level = old.trailing_zeros();
    if !old.is_power_of_two() {
        proof.push(node(level, last >> level, nodes)?);
    }
    climb(last, level, new, nodes, &mut proof)?;
    Ok(proof)
}

/// The root that the tree had when it held `size` leaves (RFC 6962 section 2.1).
///
/// # Errors
/// [`ProofError::OutOfRange`] when `size` is above [`MAX_TREE_SIZE`].
pub fn root_at<N: Nodes>(size: u64, nodes: &N) -> Result<Hash, ProofError<N::Error>> {
    if size > MAX_TREE_SIZE {
        return Err(ProofError::OutOfRange { at: size, size: MAX_TREE_SIZE });
    }
    range_root(0, size, nodes)
}

/// Collects the siblings on the way from the subtree of `level` that holds leaf `index` up to the
/// root of the tree of `size` leaves.
fn climb<N: Nodes>(
    index: u64,
    level: u32,
    size: u64,
    nodes: &N,
    proof: &mut Vec<Hash>,
) -> Result<(), ProofError<N::Error>> {
    // Below `fork` the leaf's path lies in complete subtrees; at `fork` it meets the path of the
    // last leaf, and from there on only left siblings remain.
    let fork = u64::BITS - (index ^ (size - 1)).leading_zeros();
    for below in level..fork {
        let sibling = (index >> below) ^ 1;
        proof.push(if below + 1 == fork {
            range_root(sibling << below, size, nodes)?
        } else {
            node(below, sibling, nodes)?
        });
    }
    for above in level.max(fork)..u64::BITS {
        if index >> above & 1 == 1 {
            proof.push(node(above, (index >> above) ^ 1, nodes)?);
        }
    }
    Ok(())
}

/// The root over the leaves `start..end`, where `start` begins a complete subtree at least as large
/// as the largest in the range.
fn range_root<N: Nodes>(start: u64, end: u64, nodes: &N) -> Result<Hash, ProofError<N::Error>> {
    let mut position = start;
    let mut peaks = Vec::new();
    for level in (0..u64::BITS).rev().filter(|level| (end - start) >> level & 1 == 1) {
        peaks.push(node(level, position >> level, nodes)?);
        position += 1 << level;
    }
    Ok(fold(&peaks))
}

fn node<N: Nodes>(level: u32, index: u64, nodes: &N) -> Result<Hash, ProofError<N::Error>> {
    let level = u8::try_from(level).unwrap_or(u8::MAX);
    let found = nodes.node(level, index).map_err(ProofError::Nodes)?;
    found.ok_or(ProofError::MissingNode { level, index })
}
