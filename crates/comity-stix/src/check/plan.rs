//! The tables made ready for the walk: names found in one step, presence as bits.
//!
//! A [`Plan`] is a shape of `types/` with an index over its names and its rules turned into masks. All plans are made
//! when the first object is checked, and never change.

use std::sync::LazyLock;

use super::names::Names;
use crate::types::common::COMMON;
use crate::types::{self, Choice, Class, Kind, Presence, Property, Rule, Shape, Type, custom};

/// How many properties one shape may have, the common ones included: presence is kept in one word. A test holds the
/// tables to it.
pub(super) const MOST: usize = 64;

/// A shape, ready for the walk.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) shape: &'static Shape,
    pub(super) fields: Box<[Field]>,
    pub(super) rules: Box<[PlannedRule]>,
    /// The fields that have to be there.
    pub(super) required: u64,
    names: Names,
}

/// A property, ready for the walk.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) node: Node,
    pub(super) usage: Usage,
    /// The section that lists it.
    pub(super) section: &'static str,
}

/// How a type uses a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Usage {
    Used,
    Deprecated,
    /// A common property that the type has no use for.
    Unused,
}

/// What a value may hold, ready for the walk.
#[derive(Debug)]
pub(super) enum Node {
    /// A kind that holds nothing further of its own.
    Plain(&'static Kind),
    List(Box<Self>),
    Object(Box<Plan>),
    /// Values of one kind; whether the keys should be lower case.
    Dictionary(Box<Self>, bool),
    Either(Box<[Self]>),
}

/// A rule with its names turned into bits.
#[derive(Debug)]
pub(super) struct PlannedRule {
    pub(super) rule: &'static Rule,
    /// Of `SomeOf`: each group. Of `OneOf` and `AtMostOneOf`: all names. Of the others: the names that are asked for or
    /// forbidden.
    pub(super) masks: Box<[u64]>,
    /// The properties that the rule looks at, by position.
    pub(super) first: Option<usize>,
    pub(super) second: Option<usize>,
}

/// A type, ready for the walk.
#[derive(Debug)]
pub(super) struct TypePlan {
    /// `None` of a type that the standard does not know.
    pub(super) type_: Option<&'static Type>,
    /// `None` of a type that nobody has put in a class.
    pub(super) class: Option<Class>,
    pub(super) plan: Plan,
    /// The extensions that the standard defines for it.
    pub(super) extensions: Box<[Plan]>,
    /// The common properties that the walk asks for, by position.
    pub(super) id: Option<usize>,
    pub(super) created: Option<usize>,
    pub(super) modified: Option<usize>,
    /// The properties that identifiers are computed from, by position.
    pub(super) contributing: Box<[usize]>,
    /// The versioning properties.
    pub(super) versioning: u64,
}

/// The versioning properties, which observables have none of (section 3.6).
const VERSIONING: &[&str] = &["created_by_ref", "created", "modified", "revoked"];

/// All plans.
#[derive(Debug)]
pub(super) struct Plans {
    types: Vec<TypePlan>,
    names: Names,
    custom: TypePlan,
    custom_domain: TypePlan,
    custom_relationship: TypePlan,
    custom_observable: TypePlan,
}

/// The plans of the standard's types.
pub(super) static PLANS: LazyLock<Plans> = LazyLock::new(Plans::new);

impl Plan {
    fn new(shape: &'static Shape) -> Self {
        let fields = shape.properties.iter().map(|property| Field {
            name: property.name,
            node: Node::new(&property.kind),
            usage: match property.presence {
                Presence::Deprecated => Usage::Deprecated,
                _ => Usage::Used,
            },
            section: shape.section,
        });
        let required = |property: &&Property| property.presence == Presence::Required;
        let required = shape.properties.iter().filter(required).map(|property| property.name);
        Self::of(
            shape,
            fields.collect(),
            required.collect::<Vec<_>>().as_slice(),
            shape.rules.iter(),
        )
    }

    fn of(
        shape: &'static Shape,
        fields: Box<[Field]>,
        required: &[&str],
        rules: impl Iterator<Item = &'static Rule>,
    ) -> Self {
        let names = Names::new(fields.iter().map(|field| field.name));
        let required = mask(&names, required);
        let listed: Vec<&str> = shape.properties.iter().map(|property| property.name).collect();
        let own = mask(&names, &listed);
        let rules = rules.map(|rule| PlannedRule::new(rule, &names, own)).collect();
        Self { shape, fields, rules, required, names }
    }

    /// The position of a property.
    #[inline]
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let at = self.names.find(name)?;
        self.fields.get(at).is_some_and(|field| field.name == name).then_some(at)
    }

    /// The names of the fields in a mask.
    pub(super) fn named(&self, mask: u64) -> impl Iterator<Item = &'static str> {
        self.fields
            .iter()
            .enumerate()
            .filter(move |(at, _)| mask & bit(*at) != 0)
            .map(|(_, field)| field.name)
    }
}

/// The bit of a position.
pub(super) fn bit(at: usize) -> u64 {
    if at < MOST { 1 << at } else { 0 }
}

fn mask(names: &Names, wanted: &[&str]) -> u64 {
    wanted.iter().filter_map(|name| names.find(name)).fold(0, |mask, at| mask | bit(at))
}

impl Node {
    fn new(kind: &'static Kind) -> Self {
        match kind {
            Kind::List(of) => Self::List(Box::new(Self::new(of))),
            Kind::Dictionary(of) => Self::Dictionary(Box::new(Self::new(of)), true),
            Kind::Names(of) => Self::Dictionary(Box::new(Self::new(of)), false),
            Kind::Object(shape) => Self::Object(Box::new(Plan::new(shape))),
            Kind::Either(kinds) => Self::Either(kinds.iter().map(Self::new).collect()),
            plain => Self::Plain(plain),
        }
    }
}

impl PlannedRule {
    fn new(rule: &'static Rule, names: &Names, own: u64) -> Self {
        let (masks, first, second): (Vec<u64>, _, _) = match rule.choice {
            Choice::SomeOf(groups) => {
                (groups.iter().map(|group| mask(names, group)).collect(), None, None)
            }
            Choice::OneOf(all) | Choice::AtMostOneOf(all) | Choice::LowerCaseWithHyphens(all) => {
                (vec![mask(names, all)], None, None)
            }
            Choice::SomeBut(others) => (vec![own & !mask(names, others)], None, None),
            Choice::Leads(list, _) => (Vec::new(), Some(list), None),
            Choice::Extended(_, list, _) => (Vec::new(), Some("extensions"), Some(list)),
            Choice::Needs(first, others)
            | Choice::NeedsWhen(first, _, others)
            | Choice::ForbidsWhen(first, _, others) => {
                (vec![mask(names, others)], Some(first), None)
            }
            Choice::Implies(first, second, _)
            | Choice::Order(first, second)
            | Choice::Later(first, second) => (Vec::new(), Some(first), Some(second)),
            Choice::Special(_) => (Vec::new(), None, None),
        };
        let at = |name: Option<&str>| name.and_then(|name| names.find(name));
        Self { rule, masks: masks.into(), first: at(first), second: at(second) }
    }
}

impl TypePlan {
    fn new(type_: &'static Type) -> Self {
        let common = COMMON.properties.iter().map(|property| Field {
            name: property.name,
            node: Node::new(&property.kind),
            usage: if type_.unused.contains(&property.name) { Usage::Unused } else { Usage::Used },
            section: COMMON.section,
        });
        let own = Plan::new(&type_.own);
        let required: Vec<&str> =
            type_.required.iter().copied().chain(own.named(own.required)).collect();
        // A type may say more about a common property; its own word goes before.
        let common = common.filter(|field| own.position(field.name).is_none());
        let fields: Box<[Field]> = common.chain(Plan::new(&type_.own).fields).collect();
        let rules = COMMON.rules.iter().chain(type_.own.rules);
        let plan = Plan::of(&type_.own, fields, &required, rules);
        let [id, created, modified] = ["id", "created", "modified"].map(|name| plan.position(name));
        let positions = |names: &[&str]| -> Box<[usize]> {
            names.iter().filter_map(|name| plan.position(name)).collect()
        };
        let versioning = positions(VERSIONING).iter().fold(0, |mask, at| mask | bit(*at));
        Self {
            contributing: positions(type_.contributing),
            versioning,
            id,
            type_: Some(type_),
            class: Some(type_.class),
            plan,
            extensions: type_.extensions.iter().map(|one| Plan::new(one.shape)).collect(),
            created,
            modified,
        }
    }

    /// What a class of types demands of the common properties.
    fn custom(type_: &'static Type) -> Self {
        Self { type_: None, ..Self::new(type_) }
    }
}

impl Plans {
    fn new() -> Self {
        let types: Vec<TypePlan> = types::all().map(TypePlan::new).collect();
        let names = Names::new(types::all().map(|type_| type_.name));
        Self {
            types,
            names,
            custom: TypePlan { class: None, ..TypePlan::custom(&custom::UNKNOWN) },
            custom_domain: TypePlan::custom(&custom::DOMAIN),
            custom_relationship: TypePlan::custom(&custom::RELATIONSHIP),
            custom_observable: TypePlan::custom(&custom::OBSERVABLE),
        }
    }

    /// The plan of a type of the standard.
    #[inline]
    pub(super) fn find(&self, name: &str) -> Option<&TypePlan> {
        let found = self.types.get(self.names.find(name)?)?;
        found.type_.is_some_and(|type_| type_.name == name).then_some(found)
    }

    /// The plan of types that the standard does not know, by what an extension says of their class.
    pub(super) fn custom(&self, class: Option<Class>) -> &TypePlan {
        match class {
            Some(Class::Observable) => &self.custom_observable,
            Some(Class::Relationship) => &self.custom_relationship,
            Some(_) => &self.custom_domain,
            None => &self.custom,
        }
    }

    /// The class of a type of the standard.
    pub(super) fn class(&self, name: &str) -> Option<Class> {
        self.find(name).and_then(|found| found.class)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Node, PLANS, Plan};
    use crate::types;

    fn each(plan: &Plan, see: &mut dyn FnMut(&Plan)) {
        see(plan);
        for field in &plan.fields {
            inside(&field.node, see);
        }
    }

    fn inside(node: &Node, see: &mut dyn FnMut(&Plan)) {
        match node {
            Node::Plain(_) => {}
            Node::List(node) | Node::Dictionary(node, _) => inside(node, see),
            Node::Object(plan) => each(plan, see),
            Node::Either(nodes) => nodes.iter().for_each(|node| inside(node, see)),
        }
    }

    #[test]
    fn every_property_of_every_shape_is_found_by_its_name_and_nothing_else_is() {
        for type_ in types::all() {
            let plan = PLANS.find(type_.name).unwrap();
            for plan in std::iter::once(&plan.plan).chain(&plan.extensions) {
                each(plan, &mut |plan| {
                    assert!(plan.fields.len() <= MOST, "{}", plan.shape.name);
                    for (at, field) in plan.fields.iter().enumerate() {
                        assert_eq!(plan.position(field.name), Some(at), "{}", plan.shape.name);
                        assert_eq!(plan.position(&format!("{}s", field.name)), None);
                    }
                    assert_eq!(plan.position(""), None);
                });
            }
        }
        assert!(PLANS.find("x-none").is_none());
    }
}
