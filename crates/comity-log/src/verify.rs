//! Checking proofs that somebody else made.

use crate::MAX_TREE_SIZE;
use crate::hash::{Hash, empty_root, node_hash};

/// Why a proof proves nothing. Always the fault of whoever made it, never of our store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// The sizes or the index contradict each other.
    #[error("the proof names a leaf or a size outside the tree; ask its maker for another")]
    OutOfRange,
    /// A proof between these positions has another number of hashes.
    #[error("the proof has {found} hashes where {expected} belong; ask its maker for another")]
    Length {
        /// How many hashes such a proof has.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The hashes lead to another root than the one given.
    #[error("the proof leads to another root; keep it as evidence and trust neither tree")]
    Root,
}

impl BadProof {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OutOfRange => "bad-proof-position",
            Self::Length { .. } => "bad-proof-length",
            Self::Root => "bad-proof-root",
        }
    }
}

/// Checks that `leaf` is the leaf at `index` of the tree with `size` leaves and this `root`
/// (RFC 6962 section 2.1.1). `proof` runs from the leaf's sibling to the root's child.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), BadProof> {
    if index >= size || size > MAX_TREE_SIZE {
        return Err(BadProof::OutOfRange);
    }
    let path = Path::new(index, 0, size);
    path.expect(proof.len(), 0)?;
    let (inner, border) = path.split(proof)?;
    let seed = path.inner_root(*leaf, inner);
    if border_root(seed, border) == *root { Ok(()) } else { Err(BadProof::Root) }
}

/// Checks that the tree of `old` leaves with `old_root` is a prefix of the tree of `new` leaves with
/// `new_root` (RFC 6962 section 2.1.2).
///
/// The tree without leaves is a prefix of every tree; that proof is empty, and `old_root` must then
/// be [`empty_root`]. Equal sizes need equal roots and an empty proof.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), BadProof> {
    if old > new || new > MAX_TREE_SIZE {
        return Err(BadProof::OutOfRange);
    }
    if old == 0 || old == new {
        if !proof.is_empty() {
            return Err(BadProof::Length { expected: 0, found: proof.len() });
        }
        let old_holds = old != 0 || *old_root == empty_root();
        let new_holds = old != new || old_root == new_root;
        return if old_holds && new_holds { Ok(()) } else { Err(BadProof::Root) };
    }
    let path = Path::new(old - 1, old.trailing_zeros(), new);
    // The subtree from which both roots are built: given, unless it is the whole old tree.
    let (seed, rest) = if old.is_power_of_two() {
        path.expect(proof.len(), 0)?;
        (*old_root, proof)
    } else {
        path.expect(proof.len(), 1)?;
        let Some((seed, rest)) = proof.split_first() else { return Err(BadProof::OutOfRange) };
        (*seed, rest)
    };
    let (inner, border) = path.split(rest)?;
    let rebuilt_old = border_root(path.inner_left_root(seed, inner), border);
    let rebuilt_new = border_root(path.inner_root(seed, inner), border);
    if rebuilt_old == *old_root && rebuilt_new == *new_root { Ok(()) } else { Err(BadProof::Root) }
}

/// The way from a subtree up to the root of a tree.
struct Path {
    /// Which way to turn at each inner step, the lowest bit first: 1 when the sibling is on the left.
    turns: u64,
    /// Steps until the path meets that of the tree's last leaf.
    inner: usize,
    /// Steps from there to the root, each with a sibling on the left.
    border: usize,
}

impl Path {
    /// The path from the subtree of `level` that holds leaf `index`, in a tree of `size` leaves.
    /// `index < size` and `1 <= size`.
    fn new(index: u64, level: u32, size: u64) -> Self {
        let fork = u64::BITS - (index ^ (size - 1)).leading_zeros();
        let above = index.checked_shr(fork).unwrap_or(0);
        Self {
            turns: index >> level,
            inner: fork.saturating_sub(level) as usize,
            border: above.count_ones() as usize,
        }
    }

    fn expect(&self, found: usize, extra: usize) -> Result<(), BadProof> {
        let expected = extra + self.inner + self.border;
        if found == expected { Ok(()) } else { Err(BadProof::Length { expected, found }) }
    }

    fn split<'a>(&self, proof: &'a [Hash]) -> Result<(&'a [Hash], &'a [Hash]), BadProof> {
        proof.split_at_checked(self.inner).ok_or(BadProof::OutOfRange)
    }

    /// Joins every inner sibling.
    fn inner_root(&self, seed: Hash, siblings: &[Hash]) -> Hash {
        self.steps(siblings).fold(seed, |hash, (sibling, is_left)| {
            if is_left { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) }
        })
    }

    /// Joins the inner siblings on the left alone: what was there before the right ones grew.
    fn inner_left_root(&self, seed: Hash, siblings: &[Hash]) -> Hash {
        self.steps(siblings)
            .filter(|(_, is_left)| *is_left)
            .fold(seed, |hash, (sibling, _)| node_hash(sibling, &hash))
    }

    fn steps<'a>(&self, siblings: &'a [Hash]) -> impl Iterator<Item = (&'a Hash, bool)> {
        let turns = self.turns;
        siblings.iter().zip(0_u32..).map(move |(sibling, step)| (sibling, turns >> step & 1 == 1))
    }
}

/// Joins siblings that all stand on the left.
fn border_root(seed: Hash, siblings: &[Hash]) -> Hash {
    siblings.iter().fold(seed, |hash, sibling| node_hash(sibling, &hash))
}
