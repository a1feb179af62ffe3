//! What a schema becomes: nodes that hold rules and refer to each other by number.

use std::collections::{BTreeMap, BTreeSet};

use super::format::Format;
use super::kinds::Kind;
use super::number::{Decimal, Divisor};
use super::pattern::Pattern;
use crate::finding::Thing;
use crate::json;

/// The number of a node.
pub(super) type NodeId = usize;

/// One schema of a document.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Where it stands in the schema's document.
    pub(super) pointer: String,
    /// What it demands; `unevaluated...` comes last.
    pub(super) rules: Vec<Rule>,
    /// What it says to people.
    pub(super) notes: Notes,
    /// The properties of `x-stix-id-contributing`.
    pub(super) id_contributing: Option<Vec<String>>,
}

/// What a schema says to people: the keywords that demand nothing (JSON Schema Validation 2020-12
/// section 9).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `$comment`.
    pub comment: Option<String>,
    /// `default`, as the JSON that was written.
    pub default: Option<String>,
    /// `examples`, each as the JSON that was written.
    pub examples: Vec<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `readOnly`.
    pub read_only: bool,
    /// `writeOnly`.
    pub write_only: bool,
}

/// One demand.
#[derive(Debug)]
pub(super) enum Rule {
    /// The schema `false`.
    Never,
    Types(Types),
    Allowed(Allowed),
    Least(Bound),
    Most(Bound),
    MultipleOf(Divisor),
    MinLength(u64),
    MaxLength(u64),
    Pattern(Pattern),
    Format(Format),
    Properties(Properties),
    PropertyNames(NodeId),
    Required(Vec<String>),
    DependentRequired(Vec<(String, Vec<String>)>),
    DependentSchemas(Vec<(String, NodeId)>),
    /// Properties of an object.
    Count(json::Kind, Many),
    Items {
        first: Vec<NodeId>,
        rest: Option<NodeId>,
    },
    Contains {
        node: NodeId,
        least: u64,
        most: Option<u64>,
    },
    Unique,
    All(Vec<NodeId>),
    Any(Vec<NodeId>),
    One(Vec<NodeId>),
    Not(NodeId),
    If {
        test: NodeId,
        then: Option<NodeId>,
        otherwise: Option<NodeId>,
    },
    Ref(NodeId),
    Kind(Kind),
    /// References to objects of these types only.
    ReferenceTypes(Vec<String>),
    UnevaluatedProperties(NodeId),
    UnevaluatedItems(NodeId),
}

/// How many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Many {
    AtLeast(u64),
    AtMost(u64),
}

/// An end of a range of numbers.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) number: Decimal,
    pub(super) exclusive: bool,
    /// The number as it was written.
    pub(super) written: String,
}

/// `properties`, `patternProperties` and `additionalProperties`, which are read together.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) named: BTreeMap<String, NodeId>,
    pub(super) patterns: Vec<(Pattern, NodeId)>,
    pub(super) rest: Option<NodeId>,
}

/// The values of `enum` or `const`.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    /// Strings.
    pub(super) texts: BTreeSet<String>,
    /// Others, in canonical form.
    pub(super) others: BTreeSet<String>,
    /// All of them, for people.
    pub(super) shown: String,
}

/// A set of JSON types, `integer` being one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    const NAMES: [(&'static str, Thing); 7] = [
        ("string", Thing::Text),
        ("integer", Thing::Integer),
        ("number", Thing::Number),
        ("boolean", Thing::Boolean),
        ("array", Thing::List),
        ("object", Thing::Object),
        ("null", Thing::Null),
    ];

    /// Adds the type of that name; false when there is none.
    pub(super) fn add(&mut self, name: &str) -> bool {
        let place = Self::NAMES.iter().position(|(known, _)| *known == name);
        self.0 |= place.map_or(0, |place| 1 << place);
        place.is_some()
    }

    /// Whether a value of that JSON kind is in the set; `whole` is asked of numbers.
    pub(super) fn hold(self, kind: json::Kind, whole: impl FnOnce() -> bool) -> bool {
        let has = |name: Thing| self.things().any(|thing| thing == name);
        match kind {
            json::Kind::Text => has(Thing::Text),
            json::Kind::Number => has(Thing::Number) || has(Thing::Integer) && whole(),
            json::Kind::Boolean => has(Thing::Boolean),
            json::Kind::List => has(Thing::List),
            json::Kind::Object => has(Thing::Object),
            json::Kind::Null => has(Thing::Null),
        }
    }

    /// The types of the set, for people.
    pub(super) fn things(self) -> impl Iterator<Item = Thing> {
        let named = Self::NAMES.iter().enumerate();
        named.filter(move |(place, _)| self.0 & (1 << place) != 0).map(|(_, (_, thing))| *thing)
    }
}

impl Node {
    /// The nodes that look at the same value as this one.
    pub(super) fn in_place(&self) -> impl Iterator<Item = NodeId> {
        self.rules.iter().flat_map(Rule::in_place)
    }
}

impl Rule {
    fn in_place(&self) -> Vec<NodeId> {
        match self {
            Self::All(nodes) | Self::Any(nodes) | Self::One(nodes) => nodes.clone(),
            Self::Not(node) | Self::Ref(node) => vec![*node],
            Self::If { test, then, otherwise } => {
                [Some(*test), *then, *otherwise].into_iter().flatten().collect()
            }
            Self::DependentSchemas(dependent) => dependent.iter().map(|(_, node)| *node).collect(),
            _ => Vec::new(),
        }
    }
}
