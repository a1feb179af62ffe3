//! The comparisons of all patterns, each kept once.

use std::collections::{BTreeMap, BTreeSet};

use super::Brackets;
use super::probe::Probe;
use super::slab::Slab;
use crate::pattern::ast::{ObjectPath, Operand, Operator, Test};
use crate::pattern::evaluate::test::Compiled;
use crate::pattern::values::{Encoding, Key};

/// A comparison and who makes it.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) compiled: Compiled,
    /// The brackets that need it, or another, to be true. If there are any, it is in the index.
    pub(super) wakes: BTreeSet<Brackets>,
    /// Where it is in the index.
    pub(super) probes: Vec<Probe>,
    identity: Identity,
    uses: usize,
}

/// What makes two comparisons the same.
type Identity = (ObjectPath, bool, Operator, Vec<Key>);

#[derive(Debug, Clone, Default)]
pub(super) struct Tests {
    shared: Slab<Shared>,
    known: BTreeMap<Identity, usize>,
}

impl Tests {
    /// The number of a comparison, which is compiled unless it is known; `None` if it is invalid.
    pub(super) fn add(&mut self, test: &Test) -> Option<usize> {
        let identity = identity(test);
        if let Some(at) = self.known.get(&identity) {
            self.shared.get_mut(*at)?.uses += 1;
            return Some(*at);
        }
        let compiled = Compiled::new(test)?;
        let at = self.shared.insert(Shared {
            compiled,
            wakes: BTreeSet::new(),
            probes: Vec::new(),
            identity: identity.clone(),
            uses: 1,
        });
        self.known.insert(identity, at);
        Some(at)
    }

    /// One use less; what is not used any more is forgotten.
    pub(super) fn release(&mut self, at: usize) {
        let Some(shared) = self.shared.get_mut(at) else { return };
        shared.uses -= 1;
        if shared.uses == 0
            && let Some(shared) = self.shared.remove(at)
        {
            self.known.remove(&shared.identity);
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&Shared> {
        self.shared.get(at)
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut Shared> {
        self.shared.get_mut(at)
    }
}

fn identity(test: &Test) -> Identity {
    let key = |constant| Key::of(constant, Encoding::Plain);
    let constants = match &test.operand {
        Operand::None => Vec::new(),
        Operand::One(constant) => key(constant).into_iter().collect(),
        Operand::Set(constants) => {
            let mut keys: Vec<_> = constants.iter().filter_map(key).collect();
            keys.sort_unstable();
            keys
        }
    };
    (test.path.clone(), test.negated, test.operator, constants)
}
