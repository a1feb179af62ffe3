//! What no other keyword has looked at (JSON Schema Core 2020-12 section 11).

use std::collections::BTreeSet;

use super::Run;
use crate::json::{self, Value};
use crate::schema::node::{Node, NodeId, Rule};

impl<'s, 'd, 'a> Run<'s, 'd, 'a> {
    pub(super) fn unevaluated_properties(
        &mut self,
        node: &'s Node,
        rest: NodeId,
        value: Value<'d, 'a>,
    ) -> bool {
        if value.kind() != json::Kind::Object {
            return true;
        }
        let seen = self.seen_beside(node, value);
        let mut fits = true;
        for member in value.members().filter(|member| !seen.contains(&member.place())) {
            let named = node.rules.iter().filter_map(|rule| match rule {
                Rule::Properties(properties) => Some(properties.named.keys()),
                _ => None,
            });
            fits &= self.beyond(rest, member, named.flatten());
        }
        fits
    }

    pub(super) fn unevaluated_items(
        &mut self,
        node: &'s Node,
        rest: NodeId,
        value: Value<'d, 'a>,
    ) -> bool {
        if value.kind() != json::Kind::List {
            return true;
        }
        let seen = self.seen_beside(node, value);
        let mut fits = true;
        for element in value.members().filter(|element| !seen.contains(&element.place())) {
            fits &= self.further(rest, element);
        }
        fits
    }

    /// The places of what the other keywords of a node have a say in.
    fn seen_beside(&mut self, node: &'s Node, value: Value<'d, 'a>) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        for rule in &node.rules {
            if !matches!(rule, Rule::UnevaluatedProperties(_) | Rule::UnevaluatedItems(_)) {
                self.mark_rule(rule, value, &mut seen);
            }
        }
        seen
    }

    /// Notes the places of what a node, and those that look at the same value, have a say in.
    fn mark(&mut self, node: &'s Node, value: Value<'d, 'a>, seen: &mut BTreeSet<usize>) {
        if self.depth >= Self::MOST_DEPTH || !self.spend(1) {
            self.steps = 0;
            return;
        }
        self.depth += 1;
        for rule in &node.rules {
            self.mark_rule(rule, value, seen);
        }
        self.depth -= 1;
    }

    fn mark_rule(&mut self, rule: &'s Rule, value: Value<'d, 'a>, seen: &mut BTreeSet<usize>) {
        let (object, list) = match value.kind() {
            json::Kind::Object => (true, false),
            json::Kind::List => (false, true),
            _ => return,
        };
        match rule {
            Rule::Properties(properties) if object => {
                for member in value.members() {
                    let key = member.key().unwrap_or_default();
                    let known = properties.rest.is_some()
                        || properties.named.contains_key(&*key)
                        || properties.patterns.iter().any(|(p, _)| self.search(p, &key));
                    seen.extend(known.then_some(member.place()));
                }
            }
            Rule::Kind(kind) => {
                let known =
                    |member: &Value<'d, 'a>| member.key().is_some_and(|key| kind.describes(&key));
                seen.extend(value.members().filter(known).map(|member| member.place()));
            }
            Rule::Items { first, rest } if list => {
                let known = if rest.is_some() { usize::MAX } else { first.len() };
                seen.extend(value.members().take(known).map(|element| element.place()));
            }
            Rule::Contains { node, .. } if list => {
                for element in value.members() {
                    if self.quietly(*node, element) {
                        seen.insert(element.place());
                    }
                }
            }
            Rule::UnevaluatedProperties(_) if object => {
                seen.extend(value.members().map(|member| member.place()));
            }
            Rule::UnevaluatedItems(_) if list => {
                seen.extend(value.members().map(|element| element.place()));
            }
            Rule::Any(nodes) | Rule::One(nodes) => {
                let fitting: Vec<NodeId> =
                    nodes.iter().copied().filter(|node| self.quietly(*node, value)).collect();
                self.mark_all(if fitting.is_empty() { nodes } else { &fitting }, value, seen);
            }
            Rule::All(nodes) => self.mark_all(nodes, value, seen),
            Rule::Ref(node) => self.mark_all(&[*node], value, seen),
            Rule::DependentSchemas(dependent) => {
                for (_, node) in dependent.iter().filter(|(first, _)| value.child(first).is_some())
                {
                    self.mark_all(&[*node], value, seen);
                }
            }
            Rule::If { test, then, otherwise } => {
                if self.quietly(*test, value) {
                    self.mark_all(&[*test], value, seen);
                    self.mark_all(then.as_slice(), value, seen);
                } else {
                    self.mark_all(otherwise.as_slice(), value, seen);
                }
            }
            _ => {}
        }
    }

    /// A schema that has to fit and does not makes the value fail in any case, so it is followed all
    /// the same: its properties are not then called unknown besides.
    fn mark_all(&mut self, nodes: &[NodeId], value: Value<'d, 'a>, seen: &mut BTreeSet<usize>) {
        for node in nodes.iter().filter_map(|id| self.nodes.get(*id)) {
            self.mark(node, value, seen);
        }
    }
}
