//! Schemas put together: all of them, some, one, none.

use super::{Breach, Run, SECTION};
use crate::finding::{Code, Severity, Word};
use crate::json::Value;
use crate::schema::node::{NodeId, Rule};

impl<'d, 'a> Run<'_, 'd, 'a> {
    pub(super) fn all(&mut self, nodes: &[NodeId], value: Value<'d, 'a>) -> bool {
        let mut fits = true;
        for node in nodes {
            fits &= self.node(*node, value);
            if !fits && self.quiet {
                break;
            }
        }
        fits
    }

    pub(super) fn any(&mut self, nodes: &[NodeId], value: Value<'d, 'a>) -> bool {
        let fitting = nodes.iter().find(|node| self.quietly(**node, value));
        if fitting.is_none() {
            return self.none_of(nodes, value);
        }
        true
    }

    pub(super) fn one(&mut self, nodes: &[NodeId], value: Value<'d, 'a>) -> bool {
        let mut fitting = nodes.iter().filter(|node| self.quietly(**node, value));
        let (first, second) = (fitting.next(), fitting.next());
        match (first, second) {
            (Some(_), None) => true,
            (Some(first), Some(second)) => {
                let words = [self.branch(*first), self.branch(*second)];
                self.breach(value, Code::SchemaSeveral, SECTION, words)
            }
            _ => self.none_of(nodes, value),
        }
    }

    pub(super) fn not(&mut self, node: NodeId, value: Value<'d, 'a>) -> bool {
        if !self.quietly(node, value) {
            return true;
        }
        let words = [self.branch(node)];
        self.breach(value, Code::SchemaNot, SECTION, words)
    }

    /// Whether a node refuses everything.
    pub(super) fn is_never(&self, node: NodeId) -> bool {
        self.nodes.get(node).is_some_and(|node| matches!(*node.rules, [Rule::Never]))
    }

    /// Says that no branch fits, which comes nearest, and what is wrong with the value by that one.
    fn none_of(&mut self, nodes: &[NodeId], value: Value<'d, 'a>) -> bool {
        if self.quiet || self.steps == 0 {
            return false;
        }
        let noted = std::mem::take(&mut self.breaches);
        let mut nearest: Option<(_, NodeId, Vec<Breach<'d, 'a>>)> = None;
        for node in nodes {
            self.node(*node, value);
            let breaches = std::mem::take(&mut self.breaches);
            let distance = distance(&breaches, value);
            if nearest.as_ref().is_none_or(|(least, ..)| distance < *least) {
                nearest = Some((distance, *node, breaches));
            }
        }
        self.breaches = noted;
        let Some((_, node, mut breaches)) = nearest else {
            return self.breach(value, Code::SchemaNothing, SECTION, [super::name(value)]);
        };
        let words = [Word::number(nodes.len()), self.branch(node)];
        self.breach(value, Code::SchemaNoBranch, SECTION, words);
        breaches.truncate(Self::MOST_BREACHES.saturating_sub(self.breaches.len()));
        self.breaches.append(&mut breaches);
        false
    }

    /// What people call a branch: its title, or its place in the schema.
    fn branch(&self, node: NodeId) -> Word {
        let node = self.nodes.get(node);
        let title = node.and_then(|node| node.notes.title.as_deref());
        Word::said(title.or_else(|| node.map(|node| &*node.pointer)).unwrap_or_default())
    }
}

/// How far a value is from a branch: whether it is of another type altogether, how many of its
/// properties have a value that the branch does not know, how much is wrong.
fn distance(breaches: &[Breach<'_, '_>], value: Value<'_, '_>) -> (bool, usize, usize) {
    let at_root = |breach: &Breach<'_, '_>| breach.value.place() == value.place();
    let other_type = breaches.iter().any(|b| b.code == Code::WrongType && at_root(b));
    let other_value = |breach: &&Breach<'_, '_>| {
        breach.code == Code::SchemaValue
            && breach.value.parent().is_some_and(|parent| parent.place() == value.place())
    };
    let musts = breaches.iter().filter(|breach| breach.code.severity() == Severity::Must);
    (other_type, breaches.iter().filter(other_value).count(), musts.count())
}
