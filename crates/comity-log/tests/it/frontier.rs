//! Appending.

use comity_log::{
    Frontier, FrontierError, MAX_TREE_SIZE, empty_root, leaf_hash, node_hash, root_at, root_of,
    statement_entry, statement_leaf,
};
use proptest::prelude::*;

use crate::support::{NodeMap, data, hash, hex, leaf, root_by_definition, tree};

#[derive(serde::Deserialize)]
struct Vectors {
    leaves: Vec<String>,
    roots: Vec<String>,
}

#[test]
fn the_roots_of_known_leaves_are_the_known_roots() {
    let Vectors { leaves, roots } = data("tree.json");
    assert_eq!(empty_root(), hash(&roots[0]));
    let mut frontier = Frontier::new();
    for (leaf, root) in leaves.iter().zip(&roots[1..]) {
        frontier.append(leaf_hash(&hex(leaf)), |_, _, _| {}).unwrap();
        assert_eq!(frontier.root(), hash(root), "at {} leaves", frontier.size());
    }
    assert_eq!(root_of(leaves.iter().map(|leaf| leaf_hash(&hex(leaf)))), hash(&roots[8]));
}

#[test]
fn a_statement_leaf_is_the_leaf_of_the_prefixed_digest() {
    let digest = [7; 32];
    assert_eq!(statement_leaf(&digest), leaf_hash(&[b"comity/leaf/v1\n", &digest[..]].concat()));
    assert_eq!(statement_leaf(&digest), leaf_hash(&statement_entry(&digest)));
}

#[test]
fn every_way_to_the_root_gives_the_same_root() {
    let (_, nodes) = tree(200);
    let mut frontier = Frontier::new();
    for size in 0..=200 {
        let leaves: Vec<_> = (0..size).map(leaf).collect();
        let root = root_by_definition(&leaves);
        assert_eq!(frontier.root(), root);
        assert_eq!(root_of(leaves), root);
        assert_eq!(root_at(size, &nodes).unwrap(), root);
        frontier.append(leaf(size), |_, _, _| {}).unwrap();
    }
}

#[test]
fn every_complete_subtree_is_emitted_once_and_nothing_else() {
    let (_, nodes) = tree(77);
    let expected: NodeMap = (0_u8..7)
        .flat_map(|level| (0..77_u64 >> level).map(move |index| (level, index)))
        .map(|(level, index)| {
            let leaves: Vec<_> = (index << level..(index + 1) << level).map(leaf).collect();
            ((level, index), root_by_definition(&leaves))
        })
        .collect();
    assert_eq!(nodes, expected);
}

#[test]
fn the_peaks_are_the_roots_of_the_complete_parts() {
    let (frontier, nodes) = tree(77);
    let peaks: Vec<_> = frontier.peaks().map(|(level, hash)| (level, *hash)).collect();
    assert_eq!(peaks.iter().map(|it| it.0).collect::<Vec<_>>(), [6, 3, 2, 0]);
    assert!(peaks.iter().all(|(level, hash)| nodes[&(*level, (77 >> level) - 1)] == *hash));
}

#[test]
fn a_frontier_read_back_goes_on_where_it_stopped() {
    let (whole, _) = tree(130);
    for cut in 0..130 {
        let mut frontier = Frontier::from_bytes(&tree(cut).0.to_bytes()).unwrap();
        assert_eq!(frontier.size(), cut);
        for index in cut..130 {
            frontier.append(leaf(index), |_, _, _| {}).unwrap();
        }
        assert_eq!(frontier, whole);
    }
}

#[test]
fn damaged_bytes_are_no_frontier() {
    let bytes = tree(5).0.to_bytes();
    for wrong in [
        &bytes[..bytes.len() - 1],
        &bytes[..bytes.len() - 32],
        &bytes[..7],
        &[],
        &[&bytes[..], &[0; 32]].concat(),
        &[&[0xff; 8][..], &[0; 32 * 64]].concat(),
    ] {
        assert_eq!(Frontier::from_bytes(wrong), Err(FrontierError::Damaged));
    }
}

#[test]
fn a_full_log_takes_no_leaf_and_stays_as_it_was() {
    let bytes = [&MAX_TREE_SIZE.to_be_bytes()[..], &[9; 32 * 63]].concat();
    let mut frontier = Frontier::from_bytes(&bytes).unwrap();
    let refused = frontier.append([0; 32], |_, _, _| panic!("nothing may be emitted"));
    assert_eq!(refused, Err(FrontierError::Full));
    assert_eq!(frontier.to_bytes(), bytes);
}

#[test]
fn a_node_never_passes_for_a_leaf() {
    let (left, right) = (leaf(0), leaf(1));
    assert_ne!(leaf_hash(&[left, right].concat()), node_hash(&left, &right));
}

proptest! {
    #[test]
    fn any_bytes_are_a_frontier_that_prints_the_same_or_none(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        size in 0_u64..20,
    ) {
        for bytes in [bytes.clone(), [&size.to_be_bytes()[..], &bytes].concat()] {
            if let Ok(frontier) = Frontier::from_bytes(&bytes) {
                prop_assert_eq!(frontier.to_bytes(), bytes);
            }
        }
    }
}
