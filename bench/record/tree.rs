//! Trees whose leaves are simulated.

use std::convert::Infallible;

use comity_log::{Frontier, Hash, Nodes, leaf_hash, node_hash};
use comity_testkit::Result;

/// Every node of a tree, by levels. The leaf at an index is over the index, as 8 bytes.
#[derive(Default)]
pub(crate) struct Tree {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Appends leaves until there are so many.
    pub(crate) fn grow(&mut self, size: u64) -> Result<()> {
        while self.frontier.size() < size {
            let leaf = Self::leaf(self.frontier.size());
            let levels = &mut self.levels;
            self.frontier.append(leaf, |level, _, hash| {
                let level = usize::from(level);
                if levels.len() <= level {
                    levels.push(Vec::new());
                }
                // A level is filled from its left end.
                if let Some(row) = levels.get_mut(level) {
                    row.push(hash);
                }
            })?;
        }
        Ok(())
    }

    /// The leaf at an index.
    pub(crate) fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    /// How many leaves it has.
    pub(crate) const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Its root.
    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }
}

impl Nodes for Tree {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Infallible> {
        let row = self.levels.get(usize::from(level));
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        Ok(row.and_then(|row| row.get(place)).copied())
    }
}

/// A tree in which one leaf is another.
pub(crate) struct Grafted<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) place: u64,
    pub(crate) leaf: Hash,
}

impl Nodes for Grafted<'_> {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Infallible> {
        let as_it_was = self.tree.node(level, index)?;
        if as_it_was.is_none() || self.place >> level != index {
            return Ok(as_it_was);
        }
        let Some(below) = level.checked_sub(1) else { return Ok(Some(self.leaf)) };
        let (left, right) = (self.node(below, index * 2)?, self.node(below, index * 2 + 1)?);
        Ok(left.zip(right).map(|(left, right)| node_hash(&left, &right)))
    }
}
