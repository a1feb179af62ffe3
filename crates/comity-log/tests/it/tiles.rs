//! A log as static files.

use std::collections::BTreeMap;
use std::convert::Infallible;

use comity_log::checkpoint::Checkpoint;
use comity_log::tiles::{
    BundleError, MAX_ENTRY_BYTES, Tile, TileError, TileKind, TileNodes, TilePathError, Tiles,
    entry_bundle, hash_tile, new_entry_bundles, new_hash_tiles, parse_bundle,
};
use comity_log::{
    MAX_TREE_SIZE, Nodes, consistency_proof, inclusion_proof, root_at, verify_consistency,
    verify_inclusion,
};
use proptest::prelude::*;

use crate::support::{NodeMap, leaf, root_by_definition, tree};

/// A folder of tiles by their paths.
#[derive(Debug, Default, Clone)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Tiles for &Folder {
    type Error = Infallible;
    fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(&tile.to_string()).cloned())
    }
}

impl Folder {
    /// The tiles that `new` leaves add to `old`, each written once.
    fn grow(&mut self, old: u64, new: u64, nodes: &NodeMap) {
        for tile in new_hash_tiles(old, new) {
            let before = self.0.insert(tile.to_string(), hash_tile(&tile, nodes).unwrap());
            assert_eq!(before, None, "`{tile}` was written twice");
        }
    }
}

fn head(size: u64, nodes: &NodeMap) -> Checkpoint {
    Checkpoint::new("example.org/log", size, root_at(size, nodes).unwrap()).unwrap()
}

fn paths(old: u64, new: u64) -> Vec<String> {
    new_hash_tiles(old, new).map(|tile| tile.to_string()).collect()
}

#[test]
fn the_examples_of_the_standard_come_out() {
    let tiles = paths(0, 70_000);
    assert_eq!(
        tiles.iter().filter(|path| path.starts_with("tile/0/") && !path.contains(".p")).count(),
        273
    );
    let other: Vec<_> =
        tiles.iter().filter(|it| !it.starts_with("tile/0/") || it.contains(".p")).collect();
    assert_eq!(other, ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(paths(0, 256), ["tile/0/000", "tile/1/000.p/1"]);
    let large = Tile::new(TileKind::Entries, 1_234_067, 256).unwrap();
    assert_eq!(large.to_string(), "tile/entries/x001/x234/067");
    let bundles: Vec<_> = new_entry_bundles(0, 257).map(|tile| tile.to_string()).collect();
    assert_eq!(bundles, ["tile/entries/000", "tile/entries/001.p/1"]);
}

#[test]
fn a_tile_has_one_path_and_nothing_else_is_a_path() {
    for wrong in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/1/",
        "tile/-1/000",
        "tile/0/+01",
        "tile/64/000",
        "tile/entry/000",
        "tile/entries/000 ",
        "tile/0/x001/..",
        "tile/0/../000",
    ] {
        assert_eq!(wrong.parse::<Tile>(), Err(TilePathError::Shape), "{wrong}");
    }
    for beyond in
        ["tile/8/000", "tile/63/000", "tile/7/000", "tile/0/x999/x999/x999/x999/x999/x999/999"]
    {
        assert_eq!(beyond.parse::<Tile>(), Err(TilePathError::Beyond), "{beyond}");
    }
    assert!("tile/7/000.p/127".parse::<Tile>().is_ok());
}

#[test]
fn every_proof_can_be_made_from_tiles_alone() {
    for size in [1, 2, 255, 256, 257, 511, 700] {
        let (_, nodes) = tree(size);
        let mut folder = Folder::default();
        folder.grow(0, size, &nodes);
        let from_tiles = TileNodes::new(&folder, &head(size, &nodes)).unwrap();
        let root = root_at(size, &nodes).unwrap();
        for index in (0..size).step_by(7).chain([size - 1]) {
            let proof = inclusion_proof(index, size, &from_tiles).unwrap();
            assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()));
            let old = root_at(index, &nodes).unwrap();
            let proof = consistency_proof(index, size, &from_tiles).unwrap();
            assert_eq!(verify_consistency(index, size, &old, &root, &proof), Ok(()));
        }
    }
}

#[test]
fn the_nodes_of_tiles_are_the_nodes_of_the_tree() {
    let (_, nodes) = tree(1_000);
    let mut folder = Folder::default();
    folder.grow(0, 1_000, &nodes);
    let from_tiles = TileNodes::new(&folder, &head(1_000, &nodes)).unwrap();
    for level in 0..12 {
        for index in 0..1_001 {
            let found = from_tiles.node(level, index).unwrap();
            assert_eq!(found, nodes.get(&(level, index)).copied(), "{level} {index}");
        }
    }
    assert_eq!(from_tiles.node(0, u64::MAX).unwrap(), None);
    assert_eq!(from_tiles.node(255, 0).unwrap(), None);
    assert_eq!(from_tiles.node(63, 1).unwrap(), None);
}

#[test]
fn a_full_tile_serves_where_the_partial_one_is_gone() {
    let (_, nodes) = tree(600);
    let mut folder = Folder::default();
    folder.grow(0, 300, &nodes);
    folder.grow(300, 600, &nodes);
    assert!(folder.0.remove("tile/0/001.p/44").is_some());
    let before = TileNodes::new(&folder, &head(300, &nodes)).unwrap();
    assert_eq!(root_at(300, &before).unwrap(), root_at(300, &nodes).unwrap());
}

#[test]
fn a_changed_tile_is_named_and_gives_no_proof() {
    let (_, nodes) = tree(700);
    let mut folder = Folder::default();
    folder.grow(0, 700, &nodes);
    let whole = |folder: &Folder| -> Result<(), TileError<Infallible>> {
        let from_tiles = TileNodes::new(folder, &head(700, &nodes))?;
        for index in 0..700 {
            from_tiles.node(0, index)?;
        }
        Ok(())
    };
    assert_eq!(whole(&folder), Ok(()));
    for path in folder.0.keys() {
        let mut changed = folder.clone();
        let bytes = changed.0.get_mut(path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        let expected = if path.contains(".p") {
            TileError::Edge
        } else {
            TileError::Root(path.parse().unwrap())
        };
        assert_eq!(whole(&changed), Err(expected));
        changed.0.get_mut(path).unwrap().pop();
        assert_eq!(whole(&changed), Err(TileError::Length(path.parse().unwrap())));
        changed.0.remove(path);
        assert_eq!(whole(&changed), Err(TileError::Missing(path.parse().unwrap())));
    }
}

#[test]
fn tiles_of_another_history_give_nothing() {
    let (_, nodes) = tree(300);
    let mut folder = Folder::default();
    folder.grow(0, 300, &nodes);
    let other = Checkpoint::new("example.org/log", 300, [7; 32]).unwrap();
    assert_eq!(TileNodes::new(&folder, &other).unwrap_err(), TileError::Edge);
    let empty = Folder::default();
    assert!(TileNodes::new(&empty, &head(0, &nodes)).is_ok());
}

#[test]
fn a_bundle_is_whole_or_refused() {
    let longest = vec![9; MAX_ENTRY_BYTES];
    let entries: [&[u8]; 3] = [b"one", b"", &longest];
    let bytes = entry_bundle(entries).unwrap();
    assert_eq!(parse_bundle(&bytes, 3), Ok(entries.to_vec()));
    assert_eq!(bytes[..5], [0, 3, b'o', b'n', b'e']);
    for (bytes, width) in
        [(&bytes[..], 2), (&bytes[..], 4), (&bytes[..bytes.len() - 1], 3), (&bytes[..1], 1)]
    {
        assert_eq!(parse_bundle(bytes, width), Err(BundleError::Shape));
    }
    let long = vec![0; MAX_ENTRY_BYTES + 1];
    assert_eq!(entry_bundle([&long[..]]), Err(BundleError::TooLong));
}

proptest! {
    #[test]
    fn what_reads_as_a_path_prints_as_the_same(text in "tile/(entries|[0-9]{1,2})/(x[0-9]{3}/){0,6}[0-9]{3}(\\.p/[0-9]{1,3})?") {
        if let Ok(tile) = text.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), text);
        }
    }

    #[test]
    fn every_tile_reads_back(level in 0_u8..9, index: u64, shift in 0_u32..64, width in 0_u64..300) {
        for kind in [TileKind::Hashes(level), TileKind::Entries] {
            if let Some(tile) = Tile::new(kind, index >> shift, width) {
                prop_assert_eq!(tile.to_string().parse::<Tile>(), Ok(tile));
                prop_assert!((1..=256).contains(&tile.width()));
            }
        }
        let in_tree = Tile::in_tree(TileKind::Hashes(level), index >> shift, MAX_TREE_SIZE);
        prop_assert!(in_tree.is_none_or(|tile| tile.width() <= 256));
    }

    #[test]
    fn no_text_breaks_the_parser(text in ".{0,80}") {
        let _ = text.parse::<Tile>();
    }

    #[test]
    fn any_bytes_are_a_bundle_that_prints_the_same_or_none(
        bytes in prop::collection::vec(any::<u8>(), 0..300), width in 0_u64..9,
    ) {
        if let Ok(entries) = parse_bundle(&bytes, width) {
            prop_assert_eq!(entry_bundle(entries).unwrap(), bytes);
        }
    }

    #[test]
    fn a_folder_that_grows_in_steps_is_the_same_as_one_written_at_once(
        steps in prop::collection::vec(0_u64..400, 1..5),
    ) {
        let total = steps.iter().sum::<u64>();
        let (_, nodes) = tree(total);
        let (mut grown, mut at) = (Folder::default(), 0);
        for step in steps {
            grown.grow(at, at + step, &nodes);
            at += step;
            let checkpoint = head(at, &nodes);
            let from_tiles = TileNodes::new(&grown, &checkpoint).unwrap();
            let leaves: Vec<_> = (0..at).map(leaf).collect();
            let root = root_at(at, &from_tiles).unwrap();
            prop_assert_eq!(root, root_by_definition(&leaves));
        }
        let mut at_once = Folder::default();
        at_once.grow(0, total, &nodes);
        for (path, bytes) in &at_once.0 {
            prop_assert_eq!(grown.0.get(path), Some(bytes));
        }
    }
}
