//! What a schema can be asked beside whether a value fits.

use std::collections::BTreeSet;

use super::node::{Node, NodeId, Rule};
use super::{Notes, Schema};

impl Schema {
    /// The schema at a JSON pointer (RFC 6901) into its document, if one stands there.
    pub fn part(&self, pointer: &str) -> Option<Self> {
        let root = self.nodes.iter().position(|node| node.pointer == pointer)?;
        Some(Self { root, ..self.clone() })
    }

    /// Where it stands in its document, as a JSON pointer.
    pub fn pointer(&self) -> &str {
        self.nodes.get(self.root).map_or("", |node| &node.pointer)
    }

    /// Whether it lets nothing stand: the schema `false`.
    pub fn is_never(&self) -> bool {
        self.nodes.get(self.root).is_some_and(|node| matches!(*node.rules, [Rule::Never]))
    }

    /// What it says to people.
    pub fn notes(&self) -> &Notes {
        static NONE: Notes = Notes {
            title: None,
            description: None,
            comment: None,
            default: None,
            examples: Vec::new(),
            deprecated: false,
            read_only: false,
            write_only: false,
        };
        self.nodes.get(self.root).map_or(&NONE, |node| &node.notes)
    }

    /// What every schema of the document says to people, by its JSON pointer.
    pub fn all_notes(&self) -> impl Iterator<Item = (&str, &Notes)> {
        self.nodes.iter().map(|node| (&*node.pointer, &node.notes))
    }

    /// The properties it names for an object, its own and those of the schemas it takes in whole (`allOf`, `$ref`),
    /// each with its schema.
    pub fn properties(&self) -> Vec<(&str, Self)> {
        let mut named = BTreeSet::new();
        let mut properties = Vec::new();
        for rule in self.taken_in().into_iter().flat_map(|node| &node.rules) {
            let Rule::Properties(rule) = rule else { continue };
            for (name, root) in &rule.named {
                if named.insert(name.as_str()) {
                    properties.push((name.as_str(), Self { root: *root, ..self.clone() }));
                }
            }
        }
        properties
    }

    /// What its document defines in `$defs` or `definitions`, by name. Names with a slash or a tilde are left out.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, Self)> {
        self.nodes.iter().enumerate().filter_map(|(root, node)| {
            let pointer = node.pointer.as_str();
            let name = pointer
                .strip_prefix("/$defs/")
                .or_else(|| pointer.strip_prefix("/definitions/"))?;
            let plain = !name.contains(['/', '~']);
            plain.then(|| (name, Self { root, ..self.clone() }))
        })
    }

    /// The schemas it has for a property: one of each schema it takes in whole that names it.
    fn of_property(&self, property: &str) -> impl Iterator<Item = Self> {
        let rules = self.taken_in().into_iter().flat_map(|node| &node.rules);
        rules.filter_map(move |rule| match rule {
            Rule::Properties(rule) => {
                rule.named.get(property).map(|root| Self { root: *root, ..self.clone() })
            }
            _ => None,
        })
    }

    /// The one string it allows (`const`, or `enum` of one), if it allows only one.
    pub fn only_text(&self) -> Option<&str> {
        let mut rules = self.taken_in().into_iter().flat_map(|node| &node.rules);
        rules.find_map(|rule| match rule {
            Rule::Allowed(allowed) if allowed.texts.len() == 1 && allowed.others.is_empty() => {
                allowed.texts.first().map(String::as_str)
            }
            _ => None,
        })
    }

    /// The one string it allows for a property.
    pub(crate) fn only_text_of(&self, property: &str) -> Option<String> {
        self.of_property(property).find_map(|schema| schema.only_text().map(str::to_owned))
    }

    /// The schema of a value deeper in, along a path of properties.
    pub(crate) fn along(&self, path: &[&str]) -> Option<Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self.clone()) };
        self.of_property(first).find_map(|schema| schema.along(rest))
    }

    /// The properties of `x-stix-id-contributing`.
    pub(crate) fn id_contributing(&self) -> Option<&[String]> {
        self.taken_in().into_iter().find_map(|node| node.id_contributing.as_deref())
    }

    /// The node and all that it takes in whole. Circles were refused when it was compiled.
    fn taken_in(&self) -> Vec<&Node> {
        let (mut taken, mut known) = (Vec::new(), BTreeSet::new());
        let mut waiting: Vec<NodeId> = vec![self.root];
        while let Some(id) = waiting.pop() {
            let Some(node) = self.nodes.get(id).filter(|_| known.insert(id)) else { continue };
            taken.push(node);
            for rule in &node.rules {
                match rule {
                    Rule::All(nodes) => waiting.extend(nodes),
                    Rule::Ref(node) => waiting.push(*node),
                    _ => {}
                }
            }
        }
        taken
    }
}
