//! Which properties an object gets, and what rules ask of their values.

use serde_json::{Map, Value as Json, json};

use super::{Fill, Sampler};
use crate::timestamp::Stamp;
use crate::types::{Choice, Presence, Property, Rule, Scalar, Shape};

impl<R: FnMut() -> u64> Sampler<R> {
    /// The names of the properties that an object of the shape gets; common ones where a rule asks for them.
    pub(super) fn choose(&mut self, shape: &Shape, fill: Fill) -> Vec<&'static str> {
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
}

/// The properties of a shape that were chosen, in the order of the table.
pub(super) fn listed(shape: &Shape, chosen: &[&str]) -> Vec<&'static Property> {
    shape.properties.iter().filter(|property| chosen.contains(&property.name)).collect()
}

/// Makes values agree with the rules about values.
pub(super) fn settle(rules: &[Rule], object: &mut Map<String, Json>) {
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
                let there = object.get(second).and_then(Json::as_array);
                let value = match value {
                    Scalar::Text(text) => json!(text),
                    Scalar::Boolean(boolean) => json!(boolean),
                    Scalar::Listed(text) => {
                        let mut list = there.cloned().unwrap_or_default();
                        list.retain(|other| other != text);
                        list.push(json!(text));
                        Json::Array(list)
                    }
                };
                object.insert(second.to_owned(), value);
            }
            _ => {}
        }
    }
}

/// Puts values in the order that rules ask for: they change places where they are the wrong way round.
pub(super) fn in_order(rules: &[Rule], object: &mut Map<String, Json>) {
    for rule in rules {
        let (Choice::Order(first, last) | Choice::Later(first, last)) = rule.choice else {
            continue;
        };
        let (Some(one), Some(other)) = (object.get(first).cloned(), object.get(last).cloned())
        else {
            continue;
        };
        let wrong = match (&one, &other) {
            (Json::String(one), Json::String(other)) => {
                Stamp::parse(&**one).ok() > Stamp::parse(&**other).ok()
            }
            (one, other) => one.as_f64() > other.as_f64(),
        };
        if wrong {
            object.insert(first.to_owned(), other);
            object.insert(last.to_owned(), one);
        }
    }
}
