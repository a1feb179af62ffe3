//! Comparisons by type of object, path and constant.

mod values;

use std::collections::BTreeMap;

use super::probe::{Probe, probes};
use crate::json::{Kind, Value};
use crate::pattern::ast::Step;
use crate::pattern::budget::{BudgetSpent, Meter};
use crate::pattern::evaluate::path::{Been, holds_references, way_on};
use crate::pattern::evaluate::test::Compiled;
use crate::pattern::observed::Observed;
use crate::pattern::values::Encoding;
use values::Values;

/// The comparisons that something waits for.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    types: BTreeMap<String, OfType>,
}

/// Those about one type of object.
#[derive(Debug, Clone, Default)]
pub(super) struct OfType {
    root: Node,
    /// The number of the next node.
    next: usize,
}

/// A step on the way to values. Of what is common to several paths there is one.
#[derive(Debug, Clone, Default)]
struct Node {
    number: usize,
    properties: BTreeMap<String, Self>,
    elements: BTreeMap<u64, Self>,
    any: Option<Box<Self>>,
    values: Values,
}

impl Index {
    /// Adds a comparison and says where it is.
    pub(super) fn add(&mut self, test: &Compiled, number: usize) -> Vec<Probe> {
        let probes = probes(test);
        let of_type = self.types.entry(test.path.object_type.clone()).or_default();
        let OfType { root, next } = of_type;
        let node = test.path.steps.iter().fold(root, |node, step| node.step(step, next));
        probes.into_iter().map(|probe| node.values.add(probe, number)).collect()
    }

    /// Takes a comparison out from where it is.
    pub(super) fn remove(&mut self, test: &Compiled, number: usize, probes: &[Probe]) {
        let Some(of_type) = self.types.get_mut(&test.path.object_type) else { return };
        of_type.root.remove(&test.path.steps, number, probes);
        if of_type.root.is_empty() {
            self.types.remove(&test.path.object_type);
        }
    }

    pub(super) fn of_type(&self, type_: &str) -> Option<&OfType> {
        self.types.get(type_)
    }
}

impl OfType {
    /// All comparisons about the type.
    pub(super) fn all(&self) -> Vec<usize> {
        let mut all: Vec<usize> = Vec::new();
        let mut nodes = vec![&self.root];
        while let Some(node) = nodes.pop() {
            node.values.all(&mut all);
            nodes.extend(node.properties.values());
            nodes.extend(node.elements.values());
            nodes.extend(node.any.as_deref());
        }
        all
    }

    /// The comparisons that an object of the type hits, some of them more than once.
    pub(super) fn hits<'o, 'a>(
        &self,
        observed: Observed<'o, 'a>,
        object: Value<'o, 'a>,
        hits: &mut Vec<usize>,
        meter: &mut Meter,
    ) -> Result<(), BudgetSpent> {
        let mut been = Been::new();
        let mut ways = vec![(object, &self.root, Encoding::Plain, false)];
        while let Some((value, node, encoding, is_reference)) = ways.pop() {
            meter.spend(1)?;
            node.values.hits(value, encoding, hits, meter)?;
            if value.kind() == Kind::List {
                let elements = value.members().enumerate();
                for (place, element) in elements {
                    meter.spend(1)?;
                    let at = u64::try_from(place).ok().and_then(|at| node.elements.get(&at));
                    let on = at.into_iter().chain(node.any.as_deref());
                    ways.extend(on.map(|next| (element, next, encoding, is_reference)));
                }
            }
            if node.properties.is_empty() {
                continue;
            }
            let Some(holder) = way_on(observed, value, is_reference, node.number, &mut been) else {
                continue;
            };
            for member in holder.members() {
                meter.spend(1)?;
                if let Some(name) = member.key()
                    && let Some(next) = node.properties.get(name.as_ref())
                {
                    let encoding = Encoding::of_name(&name);
                    ways.push((member, next, encoding, holds_references(&name)));
                }
            }
        }
        Ok(())
    }
}

impl Node {
    /// The node one step on, made if it is not there.
    fn step(&mut self, step: &Step, next: &mut usize) -> &mut Self {
        let mut new = || {
            *next += 1;
            Self { number: *next, ..Self::default() }
        };
        match step {
            Step::Property(name) => self.properties.entry(name.clone()).or_insert_with(new),
            Step::Index(at) => self.elements.entry(*at).or_insert_with(new),
            Step::Any => self.any.get_or_insert_with(|| Box::new(new())),
        }
    }

    fn remove(&mut self, steps: &[Step], number: usize, probes: &[Probe]) {
        let Some((step, rest)) = steps.split_first() else {
            for probe in probes {
                self.values.remove(probe, number);
            }
            return;
        };
        let next = match step {
            Step::Property(name) => self.properties.get_mut(name),
            Step::Index(at) => self.elements.get_mut(at),
            Step::Any => self.any.as_deref_mut(),
        };
        let Some(next) = next else { return };
        next.remove(rest, number, probes);
        if next.is_empty() {
            match step {
                Step::Property(name) => drop(self.properties.remove(name)),
                Step::Index(at) => drop(self.elements.remove(at)),
                Step::Any => self.any = None,
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.properties.is_empty()
            && self.elements.is_empty()
            && self.any.is_none()
            && self.values.is_empty()
    }
}
