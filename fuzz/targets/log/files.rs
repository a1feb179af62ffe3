//! The log as files, and its stored head.

use std::convert::Infallible;

use comity_log::tiles::{
    Tile, TileKind, TileNodes, Tiles, entry_bundle, hash_tile, new_hash_tiles, parse_bundle,
};
use comity_log::{Frontier, Nodes};

use super::made::{CHECKPOINTS, NODES};

/// The tiles of the log, one of them replaced.
struct Forged<'a> {
    tile: Tile,
    bytes: &'a [u8],
}

impl Tiles for Forged<'_> {
    type Error = Infallible;

    fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Infallible> {
        if *tile == self.tile {
            return Ok(Some(self.bytes.to_vec()));
        }
        Ok(hash_tile(tile, &*NODES).ok())
    }
}

/// The path of a tile on the first line and its bytes behind: one tile has one path, a bundle that is read is written as
/// the same bytes, and no tile makes the log's checkpoint vouch for a node that it does not have.
pub(crate) fn tiles(data: &[u8]) -> bool {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (path, bytes) = data.split_at(end);
    let bytes = bytes.get(1..).unwrap_or_default();
    let Ok(path) = std::str::from_utf8(path) else { return false };
    let Ok(tile) = path.parse::<Tile>() else { return false };
    assert_eq!(tile.to_string(), path);
    assert_eq!(Tile::new(tile.kind(), tile.index(), tile.width()), Some(tile));
    if tile.kind() == TileKind::Entries {
        let Ok(entries) = parse_bundle(bytes, tile.width()) else { return false };
        assert_eq!(entries.len() as u64, tile.width());
        assert_eq!(entry_bundle(entries).as_deref(), Ok(bytes));
        return true;
    }
    let whole = CHECKPOINTS.last().expect("a checkpoint was signed");
    let Ok(nodes) = TileNodes::new(Forged { tile, bytes }, whole) else { return false };
    let mut good = new_hash_tiles(0, whole.size()).any(|it| it == tile);
    for (&(level, index), hash) in NODES.iter().step_by(7) {
        match nodes.node(level, index) {
            Ok(found) => assert_eq!(found, Some(*hash), "another node under the checkpoint"),
            Err(_) => good = false,
        }
    }
    good
}

/// A stored head that is read is written as the same bytes, and can grow unless it is full.
pub(crate) fn frontier(data: &[u8]) -> bool {
    let Ok(mut frontier) = Frontier::from_bytes(data) else { return false };
    assert_eq!(frontier.to_bytes(), data);
    assert!(frontier.peaks().all(|(level, _)| frontier.size() >> level & 1 == 1));
    let (size, root) = (frontier.size(), frontier.root());
    if frontier.append([7; 32], |_, _, _| {}).is_ok() {
        assert_eq!(frontier.size(), size + 1);
        assert_ne!(frontier.root(), root);
    }
    true
}
