//! Parts of a tree.

use comity_log::{
    BadProof, Hash, MAX_TREE_SIZE, Subtree, empty_root, verify_subtree_consistency,
    verify_subtree_inclusion,
};

use crate::support::{leaf, position, root_by_definition};

fn leaves(start: u64, end: u64) -> Vec<Hash> {
    (start..end).map(leaf).collect()
}

fn root(start: u64, end: u64) -> Hash {
    root_by_definition(&leaves(start, end))
}

/// Where a range splits: at the largest power of two below its length.
fn middle(start: u64, end: u64) -> u64 {
    start + (end - start).next_power_of_two() / 2
}

/// The proof as the draft defines it: the known subtree needs no hash of its own.
fn proof(start: u64, end: u64, from: u64, to: u64, known: bool) -> Vec<Hash> {
    if (start, end) == (from, to) {
        return if known { Vec::new() } else { vec![root(from, to)] };
    }
    let split = middle(from, to);
    let (mut hashes, sibling) = if end <= split {
        (proof(start, end, from, split, known), root(split, to))
    } else if start >= split {
        (proof(start, end, split, to, known), root(from, split))
    } else {
        (proof(split, end, split, to, false), root(from, split))
    };
    hashes.push(sibling);
    hashes
}

#[test]
fn every_part_of_every_tree_can_be_proved_and_no_other_part_with_it() {
    for size in 1..=20_u64 {
        let whole = root(0, size);
        for start in 0..size {
            for end in start + 1..=size {
                let Some(part) = Subtree::new(start, end) else { continue };
                let hashes = proof(start, end, 0, size, true);
                let own = root(start, end);
                let holds = verify_subtree_consistency(&part, size, &own, &whole, &hashes);
                assert_eq!(holds, Ok(()), "{start}..{end} of {size}");
                let other = [5; 32];
                assert!(verify_subtree_consistency(&part, size, &other, &whole, &hashes).is_err());
                assert!(verify_subtree_consistency(&part, size, &own, &other, &hashes).is_err());
                let mut longer = hashes.clone();
                longer.push(own);
                assert!(verify_subtree_consistency(&part, size, &own, &whole, &longer).is_err());
                for at in 0..hashes.len() {
                    let mut changed = hashes.clone();
                    changed[at][0] ^= 1;
                    assert!(
                        verify_subtree_consistency(&part, size, &own, &whole, &changed).is_err()
                    );
                    changed.truncate(at);
                    assert!(
                        verify_subtree_consistency(&part, size, &own, &whole, &changed).is_err()
                    );
                }
            }
        }
    }
}

#[test]
fn a_leaf_stands_in_its_part_at_its_place() {
    let part = Subtree::new(8, 14).unwrap();
    let own = root(8, 14);
    let hashes = [leaf(13), root(8, 12)];
    assert_eq!(verify_subtree_inclusion(&leaf(12), 12, &part, &hashes, &own), Ok(()));
    assert!(verify_subtree_inclusion(&leaf(12), 13, &part, &hashes, &own).is_err());
    assert_eq!(verify_subtree_inclusion(&leaf(7), 7, &part, &[], &own), Err(BadProof::OutOfRange));
    assert_eq!(
        verify_subtree_inclusion(&leaf(14), 14, &part, &[], &own),
        Err(BadProof::OutOfRange)
    );
}

#[test]
fn ranges_that_are_no_parts_are_none() {
    for (start, end) in
        [(1, 3), (2, 5), (4, 9), (3, 2), (0, MAX_TREE_SIZE + 1), (0, u64::MAX), (1, u64::MAX)]
    {
        assert_eq!(Subtree::new(start, end), None, "{start}..{end}");
    }
    let empty = Subtree::new(3, 3).unwrap();
    let whole = root(0, 5);
    assert_eq!(verify_subtree_consistency(&empty, 5, &empty_root(), &whole, &[]), Ok(()));
    assert!(verify_subtree_consistency(&empty, 5, &whole, &whole, &[]).is_err());
    assert!(verify_subtree_consistency(&empty, 2, &empty_root(), &whole, &[]).is_err());
    assert_eq!(position(empty.end() - empty.start()), 0);
}
