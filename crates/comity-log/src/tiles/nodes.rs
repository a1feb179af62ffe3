//! From nodes to tiles, and back under a checkpoint.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{MAX_TILE_LEVEL, TILE_HEIGHT, TILE_WIDTH, Tile, TileKind};
use crate::MAX_TREE_SIZE;
use crate::checkpoint::Checkpoint;
use crate::frontier::{fold, root_of};
use crate::hash::{Hash, node_hash};
use crate::prove::{Nodes, ProofError};

/// Where the bytes of tiles come from: a folder, a web server, a table.
pub trait Tiles {
    /// What reading can fail with.
    type Error;

    /// The bytes of a tile of hashes, or `None` when it is not there. A partial tile may have given way to the full one
    /// (C2SP tlog-tiles, Partial Tiles): whoever asks then asks for that.
    fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// The bytes of a tile of hashes, 32 for each, from the nodes of a tree that is large enough for it.
///
/// # Errors
/// [`ProofError::OutOfRange`] for a tile of entries, [`ProofError::MissingNode`] where the store lacks a node.
pub fn hash_tile<N: Nodes>(tile: &Tile, nodes: &N) -> Result<Vec<u8>, ProofError<N::Error>> {
    let TileKind::Hashes(level) = tile.kind() else {
        return Err(ProofError::OutOfRange { at: tile.index(), size: 0 });
    };
    // A level of tiles stands on every eighth level of the tree; the highest is 56.
    let level = level.saturating_mul(8);
    let first = tile.index() * TILE_WIDTH;
    let mut bytes = Vec::with_capacity(8_192);
    for index in first..first + tile.width() {
        let hash = nodes.node(level, index).map_err(ProofError::Nodes)?;
        bytes.extend_from_slice(&hash.ok_or(ProofError::MissingNode { level, index })?);
    }
    Ok(bytes)
}

/// Why tiles do not give a node.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError<E> {
    /// A tile that the checkpoint's tree has is not there.
    #[error("the tile `{0}` is missing; fetch it, or write the tiles again")]
    Missing(Tile),
    /// A tile of another length than its width asks for.
    #[error("the tile `{0}` has not the length that it must have; fetch it again")]
    Length(Tile),
    /// The hashes of a tile are not those that the checkpoint vouches for.
    #[error(
        "the tile `{0}` does not lead to the checkpoint's root; trust neither, and keep both as evidence"
    )]
    Root(Tile),
    /// The right edge of the tree does not give the checkpoint's root.
    #[error(
        "the tiles give another root than the checkpoint; trust neither, and keep both as evidence"
    )]
    Edge,
    /// The tiles could not be read.
    #[error("the tiles could not be read: {0}")]
    Tiles(E),
}

impl<E> TileError<E> {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "tile-missing",
            Self::Length(_) => "tile-length",
            Self::Root(_) => "tile-root",
            Self::Edge => "tiles-root",
            Self::Tiles(_) => "tiles-unreadable",
        }
    }
}

/// The nodes of the tree under a checkpoint, out of tiles. A tile is believed only once its hashes lead to the
/// checkpoint's root: the partial tiles of the right edge together give the root, and each full tile is a hash of the
/// tile above it. Tiles above level 0 are read once.
///
/// That somebody signed the checkpoint is for the caller to check first.
#[derive(Debug)]
pub struct TileNodes<T> {
    tiles: T,
    size: u64,
    /// The believed tiles above level 0, the partial ones, and the last full one of level 0.
    believed: RefCell<BTreeMap<(u8, u64), Vec<Hash>>>,
}

impl<T: Tiles> TileNodes<T> {
    /// The tiles of the log whose checkpoint this is.
    ///
    /// # Errors
    /// [`TileError::Edge`] when the right edge gives another root, and what stands in the way of reading it.
    pub fn new(tiles: T, checkpoint: &Checkpoint) -> Result<Self, TileError<T::Error>> {
        let size = checkpoint.size();
        let mut edge = BTreeMap::new();
        let mut peaks = Vec::new();
        for level in (0..=MAX_TILE_LEVEL).rev() {
            let row = size >> (TILE_HEIGHT * u32::from(level));
            if row.is_multiple_of(TILE_WIDTH) {
                continue;
            }
            let index = row / TILE_WIDTH;
            let hashes = read(&tiles, level, index, size)?;
            let mut rest = hashes.as_slice();
            for bit in (0..TILE_HEIGHT).rev().filter(|bit| row >> bit & 1 == 1) {
                let (peak, after) = rest.split_at_checked(1 << bit).ok_or(TileError::Edge)?;
                peaks.push(complete(peak));
                rest = after;
            }
            edge.insert((level, index), hashes);
        }
        if fold(&peaks) != *checkpoint.root() {
            return Err(TileError::Edge);
        }
        Ok(Self { tiles, size, believed: RefCell::new(edge) })
    }

    /// How many leaves the tree has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the tile of `level` at `index`, believed; `None` when the tree has no such tile.
    pub fn hashes(&self, level: u8, index: u64) -> Result<Option<Vec<Hash>>, TileError<T::Error>> {
        if let Some(hashes) = self.believed.borrow().get(&(level, index)) {
            return Ok(Some(hashes.clone()));
        }
        let Some(tile) = Tile::in_tree(TileKind::Hashes(level), index, self.size) else {
            return Ok(None);
        };
        let hashes = read(&self.tiles, level, index, self.size)?;
        // Partial tiles are all believed since the beginning, so this one is full and stands in the tile above.
        let above = self.hashes(level.saturating_add(1), index / TILE_WIDTH)?;
        let place = usize::try_from(index % TILE_WIDTH).unwrap_or(usize::MAX);
        if above.as_ref().and_then(|above| above.get(place)) != Some(&complete(&hashes)) {
            return Err(TileError::Root(tile));
        }
        let mut believed = self.believed.borrow_mut();
        if level == 0 {
            // Of the leaves, which are 255 of 256 hashes, only the tile that was read last is kept.
            let edge = self.size / TILE_WIDTH;
            believed.retain(|(level, index), _| *level > 0 || *index == edge);
        }
        believed.insert((level, index), hashes.clone());
        Ok(Some(hashes))
    }
}

impl<T: Tiles> Nodes for TileNodes<T> {
    type Error = TileError<T::Error>;

    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Self::Error> {
        // The node spans `1 << within` hashes of one tile.
        let (of_tiles, within) = (level / 8, u32::from(level % 8));
        let in_tree = index.checked_add(1).is_some_and(|next| {
            next <= MAX_TREE_SIZE && next <= self.size.checked_shr(u32::from(level)).unwrap_or(0)
        });
        if !in_tree {
            return Ok(None);
        }
        let first = index << within;
        let hashes = self.hashes(of_tiles, first / TILE_WIDTH)?.unwrap_or_default();
        let skip = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
        let spanned = hashes.get(skip..).and_then(|rest| rest.get(..1 << within));
        Ok(spanned.map(complete))
    }
}

/// The root over hashes whose number is a power of two.
fn complete(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let (pairs, _) = row.as_chunks::<2>();
        row = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().unwrap_or_else(|| root_of([]))
}

/// The hashes of a tile at the width that the tree of `size` leaves gives it, out of that tile or of the full one that
/// took its place.
fn read<T: Tiles>(
    tiles: &T,
    level: u8,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, TileError<T::Error>> {
    let tile = Tile::in_tree(TileKind::Hashes(level), index, size).ok_or(TileError::Edge)?;
    let choices = [Some(tile), tile.full().filter(|_| !tile.is_full())];
    for choice in choices.into_iter().flatten() {
        let Some(bytes) = tiles.tile(&choice).map_err(TileError::Tiles)? else { continue };
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() as u64 != choice.width() {
            return Err(TileError::Length(choice));
        }
        let width = usize::try_from(tile.width()).unwrap_or(usize::MAX);
        return Ok(hashes.iter().take(width).copied().collect());
    }
    Err(TileError::Missing(tile))
}
