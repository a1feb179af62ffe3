//! A log as static files that any web server serves (C2SP tlog-tiles).
//!
//! [`Tile`] names one file and prints its path. [`hash_tile`] makes the bytes of a tile from [`Nodes`](crate::Nodes),
//! [`entry_bundle`] those of a bundle of entries. [`TileNodes`] gives the nodes back from tiles, and gives none that a
//! checkpoint does not vouch for. The checkpoint itself stands at [`CHECKPOINT_PATH`].

mod bundle;
mod nodes;
mod path;

pub use bundle::{BundleError, MAX_ENTRY_BYTES, entry_bundle, parse_bundle};
pub use nodes::{TileError, TileNodes, Tiles, hash_tile};
pub use path::{Tile, TileKind, TilePathError};

/// Where the signed checkpoint stands (C2SP tlog-tiles, Checkpoints).
pub const CHECKPOINT_PATH: &str = "checkpoint";

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// Levels of the tree that one level of tiles spans.
pub(crate) const TILE_HEIGHT: u32 = 8;

/// The highest level of tiles that a tree of [`MAX_TREE_SIZE`](crate::MAX_TREE_SIZE) leaves has.
pub const MAX_TILE_LEVEL: u8 = 7;

/// The tiles of hashes that the tree of `new` leaves has and the tree of `old` leaves has not, the lowest level first:
/// full ones, and on each level at most one partial one (C2SP tlog-tiles, Partial Tiles). With `old` 0, all of them.
///
/// A full tile that `old` has already is the same file and never written again.
pub fn new_hash_tiles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    (0..=MAX_TILE_LEVEL).flat_map(move |level| {
        let shift = TILE_HEIGHT * u32::from(level);
        fresh(old >> shift, new >> shift, TileKind::Hashes(level))
    })
}

/// The bundles of entries that the tree of `new` leaves has and the tree of `old` leaves has not, in their order.
pub fn new_entry_bundles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    fresh(old, new, TileKind::Entries)
}

/// What a row of `new` hashes adds to one of `old`.
fn fresh(old: u64, new: u64, kind: TileKind) -> impl Iterator<Item = Tile> {
    let first = if old < new { old / TILE_WIDTH } else { u64::MAX };
    let full = first..(new / TILE_WIDTH).max(first);
    let rest = new % TILE_WIDTH;
    let partial = (rest > 0 && old < new).then_some((new / TILE_WIDTH, rest));
    let tiles = full.map(|index| (index, TILE_WIDTH)).chain(partial);
    tiles.filter_map(move |(index, width)| Tile::new(kind, index, width))
}
