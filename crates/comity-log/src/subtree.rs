//! Checking proofs about a part of a tree (draft-ietf-plants-merkle-tree-certs-03 section 4).

use crate::MAX_TREE_SIZE;
use crate::hash::{Hash, empty_root, node_hash};
use crate::verify::{BadProof, verify_inclusion};

/// Consecutive leaves `start..end` whose root can be proved against the tree's: as many as a tree of that size has, and
/// beginning at a multiple of the power of two that holds them (section 4.1 of the draft).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subtree {
    start: u64,
    end: u64,
}

impl Subtree {
    /// The subtree over the leaves `start..end`, or `None` when these leaves form none: `start` above `end`, `end` above
    /// [`MAX_TREE_SIZE`], or a `start` that is not aligned. A subtree without leaves begins anywhere.
    pub fn new(start: u64, end: u64) -> Option<Self> {
        let leaves = end.checked_sub(start)?;
        let width = leaves.checked_next_power_of_two()?;
        (end <= MAX_TREE_SIZE && (leaves == 0 || start.is_multiple_of(width)))
            .then_some(Self { start, end })
    }

    /// Its first leaf.
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// The leaf after its last one.
    pub const fn end(&self) -> u64 {
        self.end
    }
}

/// Checks that `leaf` is the leaf at `index` of the whole tree, and stands in the subtree with this `root`
/// (section 4.3 of the draft). `index` counts from the start of the tree.
pub fn verify_subtree_inclusion(
    leaf: &Hash,
    index: u64,
    subtree: &Subtree,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), BadProof> {
    let inside = index.checked_sub(subtree.start).ok_or(BadProof::OutOfRange)?;
    verify_inclusion(leaf, inside, subtree.end - subtree.start, proof, root)
}

/// Checks that the subtree with `subtree_root` is a part of the tree of `size` leaves with `root`
/// (section 4.4 of the draft).
///
/// A subtree without leaves is a part of every tree; its proof is empty, and its root must be [`empty_root`].
pub fn verify_subtree_consistency(
    subtree: &Subtree,
    size: u64,
    subtree_root: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), BadProof> {
    let Subtree { start, end } = *subtree;
    if end > size || size > MAX_TREE_SIZE {
        return Err(BadProof::OutOfRange);
    }
    if start == end {
        if !proof.is_empty() {
            return Err(BadProof::Length { expected: 0, found: proof.len() });
        }
        return if *subtree_root == empty_root() { Ok(()) } else { Err(BadProof::Root) };
    }
    // The ways of the subtree's first leaf, of its last one and of the tree's last one, from the level at which the
    // proof begins: the whole subtree where the tree has it as a node, else the last complete part of it.
    let mut way = Way { first: start, last: end - 1, edge: size - 1 };
    let whole = end == size;
    while way.first != way.last && (whole || way.last & 1 == 1) {
        way.up();
    }
    let (seed, rest) = if way.first == way.last {
        (*subtree_root, proof)
    } else {
        let (seed, rest) = proof.split_first().ok_or(BadProof::Length { expected: 1, found: 0 })?;
        (*seed, rest)
    };
    let (mut part, mut tree) = (seed, seed);
    for sibling in rest {
        if way.edge == 0 {
            return Err(BadProof::Root);
        }
        if way.last & 1 == 1 || way.last == way.edge {
            if way.first < way.last {
                part = node_hash(sibling, &part);
            }
            tree = node_hash(sibling, &tree);
            // A last leaf on the right edge has no sibling until it is a right child.
            while way.last & 1 == 0 && way.last != 0 {
                way.up();
            }
        } else {
            tree = node_hash(&tree, sibling);
        }
        way.up();
    }
    let holds = way.edge == 0 && part == *subtree_root && tree == *root;
    if holds { Ok(()) } else { Err(BadProof::Root) }
}

/// Three leaves as seen from one level.
struct Way {
    first: u64,
    last: u64,
    edge: u64,
}

impl Way {
    /// The level above.
    const fn up(&mut self) {
        self.first >>= 1;
        self.last >>= 1;
        self.edge >>= 1;
    }
}
