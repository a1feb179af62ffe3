//! Objects that are right by construction, made from the tables.
//!
//! For tests, for trying out a schema, for load: a [`Sampler`] makes objects of any type of the standard that break no
//! MUST and no SHOULD, with the properties asked for. They refer to objects that nobody made. What it is given as randomness decides everything: the same
//! numbers make the same objects.

mod choice;
mod complete;
mod value;

use serde_json::{Map, Value as Json, json};

use crate::types::{self, Choice, Class, Kind, Property, Rule, Shape, Type, common};
use choice::{in_order, listed, settle};

/// Which of the properties that need not be there are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// None but what the rules between properties ask for.
    Least,
    /// About half of them.
    Some,
    /// All that may stand together and that the standard does not advise against.
    Most,
}

/// Makes objects.
#[derive(Debug)]
pub struct Sampler<R> {
    random: R,
    /// Counts up with every timestamp, so that later ones in an object are later in time.
    clock: u64,
}

impl<R: FnMut() -> u64> Sampler<R> {
    /// A sampler that draws from `random`, whose numbers should be spread over all of 64 bits.
    pub fn new(random: R) -> Self {
        Self { random, clock: 0 }
    }

    /// An object of a type.
    pub fn object(&mut self, type_: &Type, fill: Fill) -> Json {
        let mut object = Map::new();
        let chosen = self.choose(&type_.own, fill);
        let names = listed(&type_.own, &chosen);
        for property in common::COMMON.properties {
            let required =
                type_.required.contains(&property.name) || chosen.contains(&property.name);
            let fits = !type_.unused.contains(&property.name) && fits(type_, property);
            if required || fits && self.wanted(fill) {
                let value = self.common(type_, property);
                object.insert(property.name.to_owned(), value);
            }
        }
        self.fill(&type_.own, &names, &mut object);
        in_order(&[Rule { choice: Choice::Order("created", "modified"), ..NO_RULE }], &mut object);
        self.complete(type_, &mut object);
        Json::Object(object)
    }

    /// The bytes of an object, as JSON without white space.
    pub fn bytes(&mut self, type_: &Type, fill: Fill) -> Vec<u8> {
        self.object(type_, fill).to_string().into_bytes()
    }

    fn common(&mut self, type_: &Type, property: &'static Property) -> Json {
        match property.kind {
            Kind::TypeName => json!(type_.name),
            Kind::Id => Json::String(self.identifier(type_)),
            Kind::Extensions => self.extensions(type_),
            // Made when all is there that they may select.
            _ if property.name == "granular_markings" => Json::Null,
            _ if property.name == "revoked" || property.name == "defanged" => json!(false),
            _ => self.value(&property.kind, false),
        }
    }

    fn fill(
        &mut self,
        shape: &Shape,
        chosen: &[&'static Property],
        object: &mut Map<String, Json>,
    ) {
        for property in chosen {
            let lower = shape.rules.iter().any(|rule| {
                matches!(rule.choice, Choice::LowerCaseWithHyphens(names) if names.contains(&property.name))
            });
            let value = self.value(&property.kind, lower);
            object.insert(property.name.to_owned(), value);
        }
        for rule in shape.rules {
            if let Choice::Leads(list, name) = rule.choice
                && object.contains_key(list)
            {
                object.insert(list.to_owned(), json!([self.reference(&[name])]));
            }
        }
        settle(shape.rules, object);
        in_order(shape.rules, object);
    }

    /// The value of an object within an object.
    fn shape(&mut self, shape: &'static Shape, fill: Fill) -> Json {
        let mut object = Map::new();
        let chosen = listed(shape, &self.choose(shape, fill));
        self.fill(shape, &chosen, &mut object);
        Json::Object(object)
    }

    fn wanted(&mut self, fill: Fill) -> bool {
        match fill {
            Fill::Least => false,
            Fill::Some => (self.random)() >> 63 == 0,
            Fill::Most => true,
        }
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let length = u64::try_from(from.len()).ok().filter(|length| *length > 0)?;
        let at = usize::try_from(((self.random)() >> 16) % length).ok()?;
        from.get(at).copied()
    }
}

const NO_RULE: Rule =
    Rule { choice: Choice::SomeOf(&[]), strength: types::Strength::Must, section: "3.6.1" };

/// Whether a common property says something true of an object that was just made up: what extends a meta object is
/// part of its meaning.
fn fits(type_: &Type, property: &Property) -> bool {
    type_.class != Class::Meta || property.name != "extensions"
}

#[cfg(test)]
mod tests;
