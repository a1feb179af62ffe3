//! Objects and lists.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Run, SECTION, equal, name};
use crate::finding::{Code, Word};
use crate::json::{self, Document, Value};
use crate::limits::Limits;
use crate::schema::node::{Many, NodeId, Properties};

impl<'d, 'a> Run<'_, 'd, 'a> {
    pub(super) fn properties(&mut self, properties: &Properties, value: Value<'d, 'a>) -> bool {
        if value.kind() != json::Kind::Object {
            return true;
        }
        let mut fits = true;
        for member in value.members() {
            let key = member.key().unwrap_or_default();
            let named = properties.named.get(&*key);
            let mut known = named.is_some();
            fits &= named.is_none_or(|node| self.node(*node, member));
            for (pattern, node) in &properties.patterns {
                if self.search(pattern, &key) {
                    known = true;
                    fits &= self.node(*node, member);
                }
            }
            if let (false, Some(rest)) = (known, properties.rest) {
                fits &= self.beyond(rest, member, properties.named.keys());
            }
            if !fits && self.quiet || !self.spend(1) {
                return false;
            }
        }
        fits
    }

    /// A property that none of the named ones is.
    pub(super) fn beyond<'n>(
        &mut self,
        rest: NodeId,
        member: Value<'d, 'a>,
        named: impl Iterator<Item = &'n String>,
    ) -> bool {
        if !self.is_never(rest) {
            return self.node(rest, member);
        }
        let key = member.key().unwrap_or_default();
        let known = named.map(String::as_str).collect::<Vec<_>>().join(", ");
        let words = [Word::said(&key), Word::Said(shortened(&known))];
        self.breach_of_key(member, Code::SchemaUnknownProperty, words)
    }

    pub(super) fn property_names(&mut self, node: NodeId, value: Value<'d, 'a>) -> bool {
        if value.kind() != json::Kind::Object {
            return true;
        }
        let mut fits = true;
        for member in value.members() {
            let key = member.key().unwrap_or_default();
            if !self.spend(1 + key.len() as u64 / 16) {
                return false;
            }
            if !self.key_fits(node, &key) {
                fits = self.breach_of_key(member, Code::SchemaPropertyName, [Word::said(&key)]);
            }
        }
        fits
    }

    /// Holds a key against a schema, as the string it is.
    fn key_fits(&mut self, node: NodeId, key: &str) -> bool {
        let text = json::encode(key);
        let most = usize::MAX;
        let limits = Limits { depth: 1, object_bytes: most, properties: most, string_bytes: most };
        let Ok(document) = Document::parse(&text, &limits) else { return false };
        let mut run = Run {
            nodes: self.nodes,
            breaches: Vec::new(),
            quiet: true,
            depth: self.depth,
            steps: self.steps,
        };
        let fits = run.node(node, document.root());
        self.steps = run.steps;
        fits
    }

    pub(super) fn required(&mut self, names: &[String], value: Value<'d, 'a>) -> bool {
        let Some(keys) = self.by_key(value) else { return true };
        let mut fits = true;
        for name in names {
            if !keys.contains_key(name.as_str()) {
                fits = self.breach(value, Code::MissingProperty, SECTION, [Word::said(name)]);
            }
        }
        fits
    }

    pub(super) fn dependent_required(
        &mut self,
        dependent: &[(String, Vec<String>)],
        value: Value<'d, 'a>,
    ) -> bool {
        let Some(keys) = self.by_key(value) else { return true };
        let mut fits = true;
        for (first, others) in dependent {
            let Some(member) = keys.get(first.as_str()) else { continue };
            for other in others.iter().filter(|other| !keys.contains_key(other.as_str())) {
                let words = [Word::said(first), Word::said(other)];
                fits = self.breach_of_key(*member, Code::SchemaDependent, words);
            }
        }
        fits
    }

    pub(super) fn dependent_schemas(
        &mut self,
        dependent: &[(String, NodeId)],
        value: Value<'d, 'a>,
    ) -> bool {
        let Some(keys) = self.by_key(value) else { return true };
        dependent.iter().fold(true, |fits, (first, node)| {
            (!keys.contains_key(first.as_str()) || self.node(*node, value)) && fits
        })
    }

    /// The members of an object by their keys.
    fn by_key(&mut self, value: Value<'d, 'a>) -> Option<BTreeMap<Cow<'a, str>, Value<'d, 'a>>> {
        if value.kind() != json::Kind::Object {
            return None;
        }
        let members = value.members().map(|member| (member.key().unwrap_or_default(), member));
        let keys: BTreeMap<_, _> = members.collect();
        self.spend(keys.len() as u64 / 2);
        Some(keys)
    }

    pub(super) fn count(&mut self, kind: json::Kind, many: Many, value: Value<'d, 'a>) -> bool {
        if value.kind() != kind {
            return true;
        }
        let count = value.members().count() as u64;
        self.spend(count / 16);
        let (code, bound) = match many {
            Many::AtLeast(least) if count < least => (Code::SchemaTooFew, least),
            Many::AtMost(most) if count > most => (Code::SchemaTooMany, most),
            _ => return true,
        };
        self.breach(value, code, SECTION, [Word::number(count), Word::number(bound)])
    }

    pub(super) fn items(
        &mut self,
        first: &[NodeId],
        rest: Option<NodeId>,
        value: Value<'d, 'a>,
    ) -> bool {
        if value.kind() != json::Kind::List {
            return true;
        }
        let mut fits = true;
        for (place, element) in value.members().enumerate() {
            let Some(node) = first.get(place).copied().or(rest) else { break };
            fits &= if place >= first.len() {
                self.further(node, element)
            } else {
                self.node(node, element)
            };
            if !fits && self.quiet || self.steps == 0 {
                return false;
            }
        }
        fits
    }

    /// An element after those that have a schema of their own.
    pub(super) fn further(&mut self, rest: NodeId, element: Value<'d, 'a>) -> bool {
        if self.is_never(rest) {
            return self.breach(element, Code::SchemaElement, SECTION, []);
        }
        self.node(rest, element)
    }

    pub(super) fn contains(
        &mut self,
        node: NodeId,
        least: u64,
        most: Option<u64>,
        value: Value<'d, 'a>,
    ) -> bool {
        if value.kind() != json::Kind::List {
            return true;
        }
        let mut count = 0;
        for element in value.members() {
            count += u64::from(self.quietly(node, element));
            if self.steps == 0 {
                return false;
            }
        }
        if count >= least && most.is_none_or(|most| count <= most) {
            return true;
        }
        let range = most.map_or_else(|| format!(">= {least}"), |most| format!("{least}..{most}"));
        let words = [Word::number(count), Word::Said(range)];
        self.breach(value, Code::SchemaContains, SECTION, words)
    }

    pub(super) fn unique(&mut self, value: Value<'d, 'a>) -> bool {
        if value.kind() != json::Kind::List || !self.spend(value.raw().len() as u64 / 4) {
            return true;
        }
        let mut seen = BTreeSet::new();
        let mut fits = true;
        for element in value.members() {
            if !seen.insert(equal::canonical(element)) {
                let said = element.text().unwrap_or_else(|| element.raw().into());
                let words = [Word::said(&said), name(value)];
                fits = self.breach(element, Code::SchemaTwice, SECTION, words);
            }
        }
        fits
    }
}

/// A list of names that people can still read.
fn shortened(names: &str) -> String {
    match names.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", names.get(..end).unwrap_or_default()),
        None => names.to_owned(),
    }
}
