//! Making and checking proofs.

use std::convert::Infallible;

use comity_log::{
    BadProof, Hash, MAX_TREE_SIZE, Nodes, ProofError, consistency_proof, empty_root,
    inclusion_proof, leaf_hash, node_hash, root_at, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

use crate::support::{data, hash, hex, leaf, position, tree};

const LARGEST: u64 = 70;

#[derive(serde::Deserialize)]
struct Vectors {
    leaves: Vec<String>,
    roots: Vec<String>,
    inclusion: Vec<Inclusion>,
    consistency: Vec<Consistency>,
}

#[derive(serde::Deserialize)]
struct Inclusion {
    index: u64,
    size: u64,
    proof: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Consistency {
    old: u64,
    new: u64,
    proof: Vec<String>,
}

#[test]
fn proofs_are_the_hashes_that_the_standard_defines() {
    let vectors: Vectors = data("tree.json");
    let mut frontier = comity_log::Frontier::new();
    let mut nodes = crate::support::NodeMap::new();
    let leaves: Vec<_> = vectors.leaves.iter().map(|leaf| leaf_hash(&hex(leaf))).collect();
    for leaf in &leaves {
        frontier
            .append(*leaf, |level, at, hash| {
                nodes.insert((level, at), hash);
            })
            .unwrap();
    }
    let root = |size: u64| hash(&vectors.roots[position(size)]);
    for Inclusion { index, size, proof } in &vectors.inclusion {
        let proof: Vec<_> = proof.iter().map(|text| hash(text)).collect();
        assert_eq!(inclusion_proof(*index, *size, &nodes).unwrap(), proof);
        let leaf = &leaves[position(*index)];
        assert_eq!(verify_inclusion(leaf, *index, *size, &proof, &root(*size)), Ok(()));
    }
    for Consistency { old, new, proof } in &vectors.consistency {
        let proof: Vec<_> = proof.iter().map(|text| hash(text)).collect();
        assert_eq!(consistency_proof(*old, *new, &nodes).unwrap(), proof);
        assert_eq!(verify_consistency(*old, *new, &root(*old), &root(*new), &proof), Ok(()));
    }
}

#[test]
fn every_leaf_of_every_tree_can_be_proved_and_no_other_leaf_with_it() {
    let (_, nodes) = tree(LARGEST);
    for size in 1..=LARGEST {
        let root = root_at(size, &nodes).unwrap();
        for index in 0..size {
            let proof = inclusion_proof(index, size, &nodes).unwrap();
            assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()));
            for other in (0..size + 2).filter(|other| *other != index) {
                assert!(verify_inclusion(&leaf(index), other, size, &proof, &root).is_err());
                assert!(verify_inclusion(&leaf(other), index, size, &proof, &root).is_err());
            }
        }
    }
}

#[test]
fn every_tree_is_proved_a_prefix_of_every_later_one_and_of_no_other() {
    let (_, nodes) = tree(LARGEST);
    let roots: Vec<_> = (0..=LARGEST).map(|size| root_at(size, &nodes).unwrap()).collect();
    for new in 0..=LARGEST {
        for old in 0..=new {
            let (old_root, new_root) = (&roots[position(old)], &roots[position(new)]);
            let proof = consistency_proof(old, new, &nodes).unwrap();
            assert_eq!(verify_consistency(old, new, old_root, new_root, &proof), Ok(()));
            let other = [5; 32];
            assert!(verify_consistency(old, new, &other, new_root, &proof).is_err());
            if old > 0 {
                assert!(verify_consistency(old, new, old_root, &other, &proof).is_err());
            }
            if old < new {
                let swapped = verify_consistency(new, old, new_root, old_root, &proof);
                assert_eq!(swapped, Err(BadProof::OutOfRange));
            }
        }
    }
}

#[test]
fn a_log_that_changed_one_leaf_cannot_prove_its_old_head() {
    let (_, honest) = tree(40);
    let mut forged = crate::support::NodeMap::new();
    let mut frontier = comity_log::Frontier::new();
    for index in 0..60 {
        let data = if index == 17 { leaf(1000) } else { leaf(index) };
        frontier
            .append(data, |level, at, hash| {
                forged.insert((level, at), hash);
            })
            .unwrap();
    }
    let old_root = root_at(40, &honest).unwrap();
    let proof = consistency_proof(40, 60, &forged).unwrap();
    assert_eq!(
        verify_consistency(40, 60, &old_root, &frontier.root(), &proof),
        Err(BadProof::Root)
    );
}

#[test]
fn nothing_is_proved_by_or_about_an_empty_tree_but_that_it_came_first() {
    let (frontier, nodes) = tree(3);
    let root = frontier.root();
    assert_eq!(verify_inclusion(&leaf(0), 0, 0, &[], &empty_root()), Err(BadProof::OutOfRange));
    assert_eq!(verify_consistency(0, 3, &empty_root(), &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, 3, &root, &root, &[]), Err(BadProof::Root));
    assert_eq!(verify_consistency(0, 0, &root, &root, &[]), Err(BadProof::Root));
    assert_eq!(consistency_proof(0, 3, &nodes), Ok(Vec::new()));
}

#[test]
fn a_proof_outside_the_tree_is_the_callers_mistake() {
    let (_, nodes) = tree(5);
    let out = |at, size| Err(ProofError::<Infallible>::OutOfRange { at, size });
    assert_eq!(inclusion_proof(5, 5, &nodes), out(5, 5));
    assert_eq!(inclusion_proof(0, 0, &nodes), out(0, 0));
    assert_eq!(inclusion_proof(0, u64::MAX, &nodes), out(0, u64::MAX));
    assert_eq!(consistency_proof(6, 5, &nodes), out(6, 5));
    let beyond = root_at(MAX_TREE_SIZE + 1, &nodes);
    assert_eq!(beyond, Err(ProofError::OutOfRange { at: MAX_TREE_SIZE + 1, size: MAX_TREE_SIZE }));
}

#[test]
fn a_lost_node_is_named() {
    let (_, mut nodes) = tree(8);
    nodes.remove(&(2, 1));
    let missing = inclusion_proof(0, 8, &nodes).unwrap_err();
    assert_eq!(missing, ProofError::MissingNode { level: 2, index: 1 });
    assert_eq!(missing.to_string(), "the log lacks node 1 of level 2; restore the log's nodes");
}

#[test]
fn a_store_that_fails_is_not_taken_for_a_lost_node() {
    struct Broken;
    impl Nodes for Broken {
        type Error = &'static str;
        fn node(&self, _: u8, _: u64) -> Result<Option<Hash>, &'static str> {
            Err("disk")
        }
    }
    assert_eq!(root_at(1, &Broken), Err(ProofError::Nodes("disk")));
}

/// A log whose leaves are all the same needs no store: a level has one hash.
struct Uniform(Vec<Hash>);

impl Uniform {
    fn new() -> Self {
        let levels = std::iter::successors(Some(leaf(0)), |hash| Some(node_hash(hash, hash)));
        Self(levels.take(64).collect())
    }
}

impl Nodes for Uniform {
    type Error = Infallible;
    fn node(&self, level: u8, _: u64) -> Result<Option<Hash>, Infallible> {
        Ok(self.0.get(usize::from(level)).copied())
    }
}

#[test]
fn proofs_hold_to_the_largest_size() {
    let nodes = Uniform::new();
    let new = MAX_TREE_SIZE;
    let new_root = root_at(new, &nodes).unwrap();
    for old in [1, 2, 3, 1 << 62, (1 << 62) + 1, new - 1, new] {
        let old_root = root_at(old, &nodes).unwrap();
        let proof = consistency_proof(old, new, &nodes).unwrap();
        assert_eq!(verify_consistency(old, new, &old_root, &new_root, &proof), Ok(()));
        let proof = inclusion_proof(old - 1, new, &nodes).unwrap();
        assert!(proof.len() <= comity_log::MAX_PROOF_HASHES);
        assert_eq!(verify_inclusion(&leaf(0), old - 1, new, &proof, &new_root), Ok(()));
    }
}

/// A change to a proof, its index, its sizes or its roots.
#[derive(Debug, Clone)]
enum Change {
    Flip { at: prop::sample::Index, byte: usize, bit: u8 },
    Drop(prop::sample::Index),
    Insert(prop::sample::Index, [u8; 32]),
    Swap(prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 0..32_usize, 0..8_u8).prop_map(|(at, byte, bit)| Change::Flip { at, byte, bit }),
        at().prop_map(Change::Drop),
        (at(), any::<[u8; 32]>()).prop_map(|(at, hash)| Change::Insert(at, hash)),
        (at(), at()).prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

fn apply(change: &Change, proof: &mut Vec<Hash>) {
    match change {
        Change::Insert(at, hash) => proof.insert(at.index(proof.len() + 1), *hash),
        _ if proof.is_empty() => {}
        Change::Flip { at, byte, bit } => {
            let at = at.index(proof.len());
            proof[at][*byte] ^= 1 << bit;
        }
        Change::Drop(at) => drop(proof.remove(at.index(proof.len()))),
        Change::Swap(one, other) => {
            let (one, other) = (one.index(proof.len()), other.index(proof.len()));
            proof.swap(one, other);
        }
    }
}

proptest! {
    #[test]
    fn an_altered_inclusion_proof_never_holds(
        size in 1_u64..300, at in any::<prop::sample::Index>(), change in change(),
        other_index: u64, other_size: u64, other_root: Hash,
    ) {
        let index = at.index(position(size)) as u64;
        let (frontier, nodes) = tree(size);
        let root = frontier.root();
        let proof = inclusion_proof(index, size, &nodes).unwrap();
        let mut altered = proof.clone();
        apply(&change, &mut altered);
        if altered != proof {
            prop_assert!(verify_inclusion(&leaf(index), index, size, &altered, &root).is_err());
        }
        for wrong in [other_index, other_index % size, index ^ 1, index + size] {
            if wrong != index {
                prop_assert!(verify_inclusion(&leaf(index), wrong, size, &proof, &root).is_err());
            }
        }
        prop_assert!(verify_inclusion(&leaf(index), index, size, &proof, &other_root).is_err());
        // Another size may need the same proof; with the root of that size it must not hold.
        let (larger, _) = tree(size + 1);
        for wrong in [size + 1, other_size] {
            let holds = verify_inclusion(&leaf(index), index, wrong, &proof, &larger.root()).is_ok();
            prop_assert!(!holds);
        }
    }

    #[test]
    fn an_altered_consistency_proof_never_holds(
        new in 1_u64..300, at in any::<prop::sample::Index>(), change in change(), other_root: Hash,
    ) {
        let old = at.index(position(new)) as u64 + 1;
        let (frontier, nodes) = tree(new);
        let (old_root, new_root) = (root_at(old, &nodes).unwrap(), frontier.root());
        let proof = consistency_proof(old, new, &nodes).unwrap();
        let mut altered = proof.clone();
        apply(&change, &mut altered);
        if altered != proof {
            prop_assert!(verify_consistency(old, new, &old_root, &new_root, &altered).is_err());
        }
        prop_assert!(verify_consistency(old, new, &other_root, &new_root, &proof).is_err());
        prop_assert!(verify_consistency(old, new, &old_root, &other_root, &proof).is_err());
    }

    #[test]
    fn no_numbers_break_a_verifier(
        index: u64, size: u64, one: Hash, proof in prop::collection::vec(any::<Hash>(), 0..130),
    ) {
        let _ = verify_inclusion(&one, index, size, &proof, &one);
        let _ = verify_consistency(index, size, &one, &one, &proof);
        let _ = verify_consistency(size, index, &one, &one, &proof);
        let _ = verify_inclusion(&one, size.wrapping_sub(1), size, &proof, &one);
    }
}
