//! What can only be made when the rest of an object is there.

use serde_json::{Map, Value as Json, json};

use super::Sampler;
use crate::check;
use crate::json::Document;
use crate::limits::Limits;
use crate::types::{self, Choice, Class, Special, Type};

impl<R: FnMut() -> u64> Sampler<R> {
    /// Makes what depends on other properties: ends of relationships, selectors, identifiers of observables.
    pub(super) fn complete(&mut self, type_: &Type, object: &mut Map<String, Json>) {
        for rule in type_.own.rules {
            match rule.choice {
                Choice::Special(Special::RelationshipEnds) => self.relate(object),
                Choice::Special(Special::ObservedData) => self.observe(object),
                Choice::Special(Special::ExtensionProperties) => self.rename(object),
                _ => {}
            }
        }
        if object.get("pattern_type").is_some_and(|language| language != "stix") {
            object.insert("pattern".to_owned(), json!(self.words()));
        }
        if type_.class == Class::Observable {
            name(type_, object);
        }
        if object.contains_key("granular_markings") {
            let markings = self.granular_markings(object);
            object.insert("granular_markings".to_owned(), markings);
        }
    }

    /// A type of relationship and ends that it may have (sections 3.7, 4.x.2 and 6.x.2).
    fn relate(&mut self, object: &mut Map<String, Json>) {
        let from: Vec<_> = types::all().filter(|type_| !type_.relationships.is_empty()).collect();
        let (name, source, target) = match (self.random)() >> 61 {
            // Any two, as they are.
            0 => return drop(object.insert("relationship_type".to_owned(), json!("related-to"))),
            1 => {
                let common = self.pick(&["derived-from", "duplicate-of"]).unwrap_or_default();
                let type_ = self.pick(&from).map_or("identity", |type_| type_.name);
                (common, self.reference(&[type_]), self.reference(&[type_]))
            }
            _ => {
                let Some(source) = self.pick(&from) else { return };
                let all: Vec<_> = source.relationships.iter().collect();
                let Some(relationship) = self.pick(&all) else { return };
                let target = self.target(&relationship.targets);
                (relationship.name, self.reference(&[source.name]), target)
            }
        };
        for (key, value) in
            [("relationship_type", name), ("source_ref", &source), ("target_ref", &target)]
        {
            object.insert(key.to_owned(), json!(value));
        }
    }

    /// Observed data refers to an observable (section 4.14.1).
    fn observe(&mut self, object: &mut Map<String, Json>) {
        let observables = types::all().filter(|type_| type_.class == Class::Observable);
        let names: Vec<&str> = observables.map(|type_| type_.name).collect();
        let reference = json!(self.reference(&names));
        if let Some(Json::Array(list)) = object.get_mut("object_refs")
            && let Some(first) = list.first_mut()
        {
            *first = reference;
        }
    }

    /// What an extension adds to objects has names of properties (section 7.3.2).
    fn rename(&mut self, object: &mut Map<String, Json>) {
        let list = object.get_mut("extension_properties").and_then(Json::as_array_mut);
        for name in list.into_iter().flatten() {
            *name = json!(format!("own_{:x}", (self.random)() >> 40));
        }
    }

    fn granular_markings(&mut self, object: &Map<String, Json>) -> Json {
        let mut selectors = Vec::new();
        let own = object.iter().filter(|(key, _)| *key != "granular_markings");
        own.for_each(|(key, value)| selected(key.clone(), value, &mut selectors));
        let mut marking = Map::new();
        if (self.random)() >> 63 == 0 {
            let reference = self.reference(&["marking-definition"]);
            marking.insert("marking_ref".to_owned(), json!(reference));
        } else {
            let lang = self.pick(&["es", "pt-BR"]);
            marking.insert("lang".to_owned(), json!(lang));
        }
        let all: Vec<&str> = selectors.iter().map(String::as_str).collect();
        let (one, other) = (self.pick(&all), self.pick(&all).filter(|_| all.len() > 1));
        let mut chosen: Vec<&str> = one.into_iter().chain(other).collect();
        chosen.dedup();
        marking.insert("selectors".to_owned(), json!(chosen));
        json!([marking])
    }
}

/// Every selector that selects a value or what is in it (section 7.2.3).
fn selected(selector: String, value: &Json, into: &mut Vec<String>) {
    match value {
        Json::Object(members) => members
            .iter()
            .for_each(|(key, value)| selected(format!("{selector}.{key}"), value, into)),
        Json::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(at, value)| selected(format!("{selector}.[{at}]"), value, into)),
        _ => {}
    }
    into.push(selector);
}

/// The identifier that the properties of an observable give; the random one stays where they give none.
fn name(type_: &Type, object: &mut Map<String, Json>) {
    let bytes = Json::Object(object.clone()).to_string();
    let Ok(document) = Document::parse(bytes.as_bytes(), &Limits::default()) else { return };
    if let Some(id) = check::identifier(document.root(), type_) {
        object.insert("id".to_owned(), json!(id.as_str()));
    }
}
