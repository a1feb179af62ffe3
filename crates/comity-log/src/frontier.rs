//! Appending to a tree of which only the right edge is kept.

use crate::MAX_TREE_SIZE;
use crate::hash::{Hash, empty_root, node_hash};

/// The right edge of a tree: its size and the roots of its largest complete subtrees, at most 63.
///
/// This is all that appending needs, and what a transaction stores beside the nodes it emits
/// (RFC 6962 section 2.1 defines the tree; docs/protocol.md section 3 the transaction).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// One root for each bit that is set in `size`, the largest subtree first.
    peaks: Vec<Hash>,
}

/// Why a tree can't be continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The log holds as many leaves as a log can.
    #[error("the log is full; open a new epoch of the channel")]
    Full,
    /// Our own stored bytes are not what [`Frontier::to_bytes`] wrote.
    #[error("the stored frontier is damaged; rebuild it from the stored leaf hashes")]
    Damaged,
}

impl FrontierError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "log-full",
            Self::Damaged => "frontier-damaged",
        }
    }
}

impl Frontier {
    /// The frontier of the tree without leaves.
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// How many leaves the tree has; also the index of the next leaf.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and gives its index.
    ///
    /// `emit` is called with `(level, index, hash)` for the leaf (level 0) and for each complete
    /// subtree that the leaf closes, from the bottom up. Those are the hashes that
    /// [`Nodes`](crate::Nodes) must later give back; each is emitted once and never changes.
    ///
    /// # Errors
    /// [`FrontierError::Full`] at [`MAX_TREE_SIZE`] leaves; nothing was emitted then.
    pub fn append(
        &mut self,
        leaf: Hash,
        mut emit: impl FnMut(u8, u64, Hash),
    ) -> Result<u64, FrontierError> {
        if self.size >= MAX_TREE_SIZE {
            return Err(FrontierError::Full);
        }
        let index = self.size;
        let peak = climb(&mut self.peaks, index, leaf, &mut emit);
        self.peaks.push(peak);
        self.size += 1;
        Ok(index)
    }

    /// The root of the tree (RFC 6962 section 2.1).
    pub fn root(&self) -> Hash {
        fold(&self.peaks)
    }

    /// The roots of the largest complete subtrees, each with its level, the largest first: one for each bit that is set in
    /// the size.
    pub fn peaks(&self) -> impl Iterator<Item = (u8, &Hash)> {
        let levels = (0..64_u8).rev().filter(|level| self.size >> level & 1 == 1);
        levels.zip(&self.peaks)
    }

    /// The stored form: the size as 8 big-endian bytes, then the peaks, the largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.peaks.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(self.peaks.as_flattened());
        bytes
    }

    /// Reads the form that [`Self::to_bytes`] writes.
    ///
    /// # Errors
    /// [`FrontierError::Damaged`] when the size is out of range or the number of peaks is not the
    /// one that the size asks for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(FrontierError::Damaged)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, left_over) = rest.as_chunks::<32>();
        let expected = size.count_ones() as usize;
        if size > MAX_TREE_SIZE || !left_over.is_empty() || peaks.len() != expected {
            return Err(FrontierError::Damaged);
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}

/// The root over leaf hashes in their order, without keeping any node. The root of no leaves is
/// [`empty_root`].
pub fn root_of(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    let mut peaks = Vec::new();
    for (leaf, index) in leaves.into_iter().zip(0_u64..) {
        let peak = climb(&mut peaks, index, leaf, &mut |_, _, _| {});
        peaks.push(peak);
    }
    fold(&peaks)
}

/// Joins the leaf at `index` with every peak that it completes, and gives the new peak.
fn climb(
    peaks: &mut Vec<Hash>,
    index: u64,
    leaf: Hash,
    emit: &mut impl FnMut(u8, u64, Hash),
) -> Hash {
    let (mut level, mut index, mut hash) = (0, index, leaf);
    emit(level, index, hash);
    for _ in 0..index.trailing_ones() {
        let Some(left) = peaks.pop() else { break };
        hash = node_hash(&left, &hash);
        level += 1;
        index >>= 1;
        emit(level, index, hash);
    }
    hash
}

/// The root over complete subtrees, the largest first.
pub(crate) fn fold(peaks: &[Hash]) -> Hash {
    let mut smallest_first = peaks.iter().rev();
    let Some(last) = smallest_first.next() else { return empty_root() };
    smallest_first.fold(*last, |right, left| node_hash(left, &right))
}
