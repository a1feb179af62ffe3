//! Objects that are right by construction, made from the tables.
//!
//! For tests, for trying out a schema, for load: a [`Sampler`] makes objects of any type of the standard that break no
//! MUST and no SHOULD, with the properties asked for. What it is given as randomness decides everything: the same
//! numbers make the same objects.

mod value;

use serde_json::{Map, Value as Json, json};

use crate::types::{
    self, Choice, Class, Kind, Presence, Property, Rule, Scalar, Shape, Type, common,
};

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
                let value = self.common(type_, property, &names);
                object.insert(property.name.to_owned(), value);
            }
        }
        self.fill(&type_.own, &names, &mut object);
        in_order(&[Rule { choice: Choice::Order("created", "modified"), ..NO_RULE }], &mut object);
        Json::Object(object)
    }

    /// The bytes of an object, as JSON without white space.
    pub fn bytes(&mut self, type_: &Type, fill: Fill) -> Vec<u8> {
        self.object(type_, fill).to_string().into_bytes()
    }

    fn common(
        &mut self,
        type_: &Type,
        property: &'static Property,
        names: &[&'static Property],
    ) -> Json {
        match property.kind {
            Kind::TypeName => json!(type_.name),
            Kind::Id => Json::String(self.identifier(type_)),
            Kind::Extensions => self.extensions(type_),
            _ if property.name == "granular_markings" => {
                let mut selectors = vec!["id".to_owned()];
                selectors.extend(names.first().map(|property| property.name.to_owned()));
                json!([{ "marking_ref": self.reference(&["marking-definition"]), "selectors": selectors }])
            }
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

    /// The names of the properties that an object of the shape gets; common ones where a rule asks for them.
    fn choose(&mut self, shape: &Shape, fill: Fill) -> Vec<&'static str> {
        let mut chosen: Vec<&'static str> = Vec::new();
        for property in shape.properties {
            let wanted = match property.presence {
                Presence::Required => true,
                Presence::Optional => self.wanted(fill),
                Presence::Deprecated => false,
            };
            chosen.extend(wanted.then_some(property.name));
        }
        let deprecated = |name: &str| {
            shape.properties.iter().any(|it| it.name == name && it.presence == Presence::Deprecated)
        };
        let names: Vec<&str> = shape.properties.iter().map(|property| property.name).collect();
        // Rules may undo each other's work once or twice; none of the standard's do so for ever.
        for _ in 0..4 {
            for rule in shape.rules {
                self.satisfy(&rule.choice, &names, &mut chosen, &deprecated);
            }
        }
        if chosen.is_empty() {
            chosen.extend(shape.properties.first().map(|property| property.name));
        }
        chosen
    }

    fn satisfy(
        &mut self,
        choice: &Choice,
        names: &[&'static str],
        chosen: &mut Vec<&'static str>,
        deprecated: &dyn Fn(&str) -> bool,
    ) {
        let add = |chosen: &mut Vec<&'static str>, names: &[&'static str]| {
            for name in names {
                if !chosen.contains(name) {
                    chosen.push(name);
                }
            }
        };
        match choice {
            Choice::SomeOf(groups) => {
                let met = groups.iter().any(|group| group.iter().all(|name| chosen.contains(name)));
                let sound: Vec<_> = groups
                    .iter()
                    .copied()
                    .filter(|group| !group.iter().any(|name| deprecated(name)))
                    .collect();
                if let (false, Some(group)) = (met, self.pick(&sound)) {
                    add(chosen, group);
                }
            }
            Choice::OneOf(names) | Choice::AtMostOneOf(names) => {
                let there: Vec<&str> =
                    names.iter().copied().filter(|name| chosen.contains(name)).collect();
                let sound: Vec<&str> =
                    names.iter().copied().filter(|name| !deprecated(name)).collect();
                let from = if there.is_empty() { &sound } else { &there };
                let none = there.is_empty() && matches!(choice, Choice::AtMostOneOf(_));
                let kept = if none { None } else { self.pick(from) };
                chosen.retain(|name| !names.contains(name));
                chosen.extend(kept);
            }
            Choice::Needs(name, others) if chosen.contains(name) => add(chosen, others),
            Choice::NeedsWhen(name, _, others) if chosen.contains(name) => add(chosen, others),
            Choice::SomeBut(others) if chosen.iter().all(|name| others.contains(name)) => {
                let sound: Vec<&str> = names
                    .iter()
                    .copied()
                    .filter(|name| !others.contains(name) && !deprecated(name))
                    .collect();
                chosen.extend(self.pick(&sound));
            }
            _ => {}
        }
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

/// The properties of a shape that were chosen, in the order of the table.
fn listed(shape: &Shape, chosen: &[&str]) -> Vec<&'static Property> {
    shape.properties.iter().filter(|property| chosen.contains(&property.name)).collect()
}

/// Makes values agree with the rules about values.
fn settle(rules: &[Rule], object: &mut Map<String, Json>) {
    for rule in rules {
        match rule.choice {
            Choice::ForbidsWhen(name, value, others) => {
                let found = object.get(name);
                let bites = match value {
                    Scalar::Text(text) => found.is_some_and(|found| found == text),
                    Scalar::Boolean(boolean) => found == Some(&json!(boolean)),
                    Scalar::Listed(text) => found
                        .and_then(Json::as_array)
                        .is_some_and(|list| list.contains(&json!(text))),
                };
                if bites {
                    object.retain(|key, _| !others.contains(&key.as_str()));
                }
            }
            Choice::Extended(extension, list, text) => {
                let extended = object
                    .get("extensions")
                    .is_some_and(|extensions| extensions.get(extension).is_some());
                if let Some(Json::Array(list)) = object.get_mut(list).filter(|_| extended)
                    && !list.contains(&json!(text))
                {
                    list.push(json!(text));
                }
            }
            Choice::Implies(first, second, value) if object.contains_key(first) => {
                let value = match value {
                    Scalar::Text(text) => json!(text),
                    Scalar::Boolean(boolean) => json!(boolean),
                    Scalar::Listed(text) => json!([text]),
                };
                object.insert(second.to_owned(), value);
            }
            _ => {}
        }
    }
}

/// Puts values in the order that rules ask for: they change places where they are the wrong way round.
fn in_order(rules: &[Rule], object: &mut Map<String, Json>) {
    for rule in rules {
        let (Choice::Order(first, last) | Choice::Later(first, last)) = rule.choice else {
            continue;
        };
        let (Some(one), Some(other)) = (object.get(first).cloned(), object.get(last).cloned())
        else {
            continue;
        };
        let wrong = match (&one, &other) {
            (Json::String(one), Json::String(other)) => one > other,
            (one, other) => one.as_f64() > other.as_f64(),
        };
        if wrong {
            object.insert(first.to_owned(), other);
            object.insert(last.to_owned(), one);
        }
    }
}

#[cfg(test)]
mod tests;
