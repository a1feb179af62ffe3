//! What breaks the rules between properties.

use comity_stix::Code;
use comity_stix::sample::{Fill, Sampler};
use comity_stix::types::{Choice, Presence, Rule, Scalar, Shape, Special, Strength};
use serde_json::{Value as Json, json};

use super::whole::OF_RULES;
use super::{Breaches, put};
use crate::fuzz::bounded::mutator::numbers;

impl Breaches<'_> {
    /// Every rule of the shape of the object at a pointer.
    pub(super) fn rules(&mut self, shape: &'static Shape, pointer: &str) {
        for rule in shape.rules {
            self.rule(shape, rule, pointer);
        }
    }

    /// The object without some of the properties of the object at a pointer.
    fn without(&self, pointer: &str, names: &[&str]) -> Json {
        let mut object = self.object.clone();
        for name in names {
            put(&mut object, &format!("{pointer}/{name}"), None);
        }
        object
    }

    /// A value that a property of the type may have.
    fn sample(&self, name: &str) -> Option<Json> {
        let mut sampler = Sampler::new(numbers(3));
        (0..50).find_map(|_| sampler.object(self.type_, Fill::Some).get(name).cloned())
    }

    fn rule(&mut self, shape: &'static Shape, rule: &Rule, pointer: &str) {
        let object = self.object.pointer(pointer).unwrap();
        let there = |name: &str| object.get(name).is_some();
        let place = |name: &str| format!("{pointer}/{name}");
        let required = |name: &str| {
            shape
                .properties
                .iter()
                .any(|property| property.name == name && property.presence == Presence::Required)
        };
        let must = rule.strength == Strength::Must;
        let choice = match (shape.name, must) {
            ("external-reference", true) => Code::ExternalReferenceEmpty,
            ("granular-marking", _) => Code::GranularChoice,
            (_, true) => Code::MissingChoice,
            (_, false) => Code::Advised,
        };
        let beside = if must { Code::NeededBeside } else { Code::AdvisedBeside };
        let told = pointer.to_owned();
        match rule.choice {
            Choice::SomeOf(groups) => {
                // What nothing else asks for is taken out of each group.
                let names: Option<Vec<&str>> = groups
                    .iter()
                    .map(|group| group.iter().copied().find(|name| !required(name)))
                    .collect();
                if let Some(names) = names {
                    let broken = self.without(pointer, &names);
                    self.push(broken, choice, told, rule.strength, OF_RULES);
                }
            }
            Choice::SomeBut(others) => {
                let mut names: Vec<&str> = shape.properties.iter().map(|own| own.name).collect();
                names.retain(|name| !others.contains(name));
                if pointer.is_empty() {
                    names.push("extensions");
                }
                let broken = self.without(pointer, &names);
                self.push(broken, choice, told, rule.strength, OF_RULES);
            }
            Choice::OneOf(names) | Choice::AtMostOneOf(names) => {
                if matches!(rule.choice, Choice::OneOf(_)) {
                    let broken = self.without(pointer, names);
                    self.push(broken, choice, told.clone(), rule.strength, OF_RULES);
                }
                let mut both = self.object.clone();
                for name in names {
                    let value = match (there(name), *name) {
                        (true, _) => continue,
                        (false, "lang") => Some(json!("en")),
                        (false, "objects") => {
                            Some(json!({ "0": { "type": "ipv4-addr", "value": "198.51.100.7" } }))
                        }
                        (false, "marking_ref") => {
                            Some(json!("marking-definition--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"))
                        }
                        (false, name) => self.sample(name),
                    };
                    let Some(value) = value else { return };
                    put(&mut both, &place(name), Some(value));
                }
                let several = names.iter().filter(|name| both.pointer(&place(name)).is_some());
                let code = if choice == Code::GranularChoice { choice } else { Code::Excluded };
                if several.count() > 1 {
                    const OLD: &[Code] = &[Code::Deprecated, Code::Forbidden, Code::NeededBeside];
                    self.push(both, code, told, rule.strength, OLD);
                }
            }
            Choice::Needs(name, others) if there(name) => {
                self.needs(pointer, others, &required, beside, rule);
            }
            Choice::NeedsWhen(name, value, others)
                if object.get(name).is_some_and(|found| is(found, value)) =>
            {
                self.needs(pointer, others, &required, beside, rule);
            }
            Choice::ForbidsWhen(name, value, others) => {
                for other in others {
                    let (Some(forbidden), true) = (self.sample(other), pointer.is_empty()) else {
                        continue;
                    };
                    let mut broken = self.object.clone();
                    put(&mut broken, &place(name), Some(of(value)));
                    put(&mut broken, &place(other), Some(forbidden));
                    let besides = OF_RULES;
                    self.push(broken, Code::Forbidden, place(other), rule.strength, besides);
                }
            }
            Choice::Implies(first, second, value) if there(first) => {
                let code = Code::Implied;
                if !required(second) {
                    let broken = self.without(pointer, &[second]);
                    self.push(broken, code, told, rule.strength, OF_RULES);
                }
                let other = match value {
                    Scalar::Boolean(boolean) => json!(!boolean),
                    Scalar::Listed(_) => json!(["property-extension"]),
                    Scalar::Text(_) => return,
                };
                let mut broken = self.object.clone();
                put(&mut broken, &place(second), Some(other));
                self.push(broken, code, place(second), rule.strength, OF_RULES);
            }
            Choice::Order(first, last) | Choice::Later(first, last) => {
                let (Some(one), Some(other)) = (object.get(first), object.get(last)) else {
                    return;
                };
                let mut broken = self.object.clone();
                if matches!(rule.choice, Choice::Later(..)) {
                    put(&mut broken, &place(last), Some(one.clone()));
                } else {
                    put(&mut broken, &place(first), Some(other.clone()));
                    put(&mut broken, &place(last), Some(one.clone()));
                }
                self.push(broken, Code::TimeOrder, place(last), rule.strength, &[Code::TimeOrder]);
            }
            Choice::Leads(list, _) if there(list) => {
                let other = json!(["x-other--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"]);
                let mut broken = self.object.clone();
                put(&mut broken, &place(list), Some(other));
                let besides = &[Code::ReferenceType];
                self.push(broken, Code::LeadsNowhere, place(list), rule.strength, besides);
            }
            Choice::Extended(extension, list, _)
                if object.get("extensions").is_some_and(|all| all.get(extension).is_some()) =>
            {
                let mut broken = self.object.clone();
                put(&mut broken, &place(list), Some(json!(["ipv4"])));
                self.push(broken, Code::ExtensionNeeds, place(list), rule.strength, &[]);
            }
            Choice::LowerCaseWithHyphens(names) => {
                for name in names.iter().filter(|name| there(name)) {
                    self.set(&place(name), json!("Not_Such A term"), Code::LowerCaseHyphens, &[]);
                }
            }
            Choice::Special(special) => self.special(special, pointer),
            _ => {}
        }
    }

    /// Each of the properties that another one needs, taken out.
    fn needs(
        &mut self,
        pointer: &str,
        others: &[&str],
        required: &dyn Fn(&str) -> bool,
        code: Code,
        rule: &Rule,
    ) {
        for other in others.iter().filter(|other| !required(other)) {
            let broken = self.without(pointer, &[other]);
            self.push(broken, code, pointer.to_owned(), rule.strength, OF_RULES);
        }
    }

    fn special(&mut self, special: Special, pointer: &str) {
        let reference = |source: &str, id: &str| json!([{ "source_name": source, "external_id": id, "description": "a" }]);
        let references = "/external_references";
        let place = |key: &str| format!("{references}/0/{key}");
        match special {
            Special::CapecId => {
                let code = Code::ExternalIdForm;
                self.set_for(
                    references,
                    reference("capec", "163"),
                    code,
                    place("external_id"),
                    &[],
                );
                self.set_for(
                    references,
                    reference("a", "CAPEC-163"),
                    code,
                    place("source_name"),
                    &[],
                );
            }
            Special::CveId => {
                let code = Code::ExternalIdForm;
                self.set_for(
                    references,
                    reference("cve", "2016-1234"),
                    code,
                    place("external_id"),
                    &[],
                );
                self.set_for(
                    references,
                    reference("CVE", "CVE-2016-1234"),
                    code,
                    place("source_name"),
                    &[],
                );
            }
            Special::ExternalIdForm => {
                let (code, source) = (Code::ExternalIdAdvised, format!("{pointer}/source_name"));
                let mut broken = self.object.clone();
                put(&mut broken, &source, Some(json!("mitre-attack")));
                put(&mut broken, &format!("{pointer}/external_id"), Some(json!("1566")));
                self.push(broken, code, format!("{pointer}/external_id"), Strength::Should, &[]);
            }
            Special::MarkingDefinition => {
                if self.object.get("definition").is_some() {
                    let code = Code::MissingProperty;
                    let besides = &[Code::MarkingImitated, Code::Deprecated];
                    self.set("/definition", json!({ "other": "a" }), code, besides);
                    self.set_for(
                        "/definition",
                        json!({ "statement": 1 }),
                        Code::WrongType,
                        "/definition/statement".into(),
                        &[],
                    );
                }
            }
            Special::RelationshipEnds => {
                let uuid = "26ffb872-1dd9-446e-b6f5-d58527e5b5d2";
                let mut broken = self.object.clone();
                for (name, value) in [("source_ref", "malware"), ("target_ref", "url")] {
                    put(&mut broken, &format!("/{name}"), Some(json!(format!("{value}--{uuid}"))));
                }
                for (name, code) in [
                    ("no-such-relation", Code::RelationshipType),
                    ("indicates", Code::RelationshipType),
                    ("derived-from", Code::RelationshipSame),
                    ("duplicate-of", Code::RelationshipSame),
                ] {
                    put(&mut broken, "/relationship_type", Some(json!(name)));
                    let told = "/relationship_type".to_owned();
                    self.push(broken.clone(), code, told, Strength::Should, &[]);
                }
            }
            Special::ExtensionProperties => {
                let list = "/extension_properties";
                let besides = OF_RULES;
                for (name, code) in [
                    ("severity", Code::ReservedProperty),
                    ("confidence", Code::PropertyRedefined),
                    ("Rank", Code::PropertyName),
                    ("ab", Code::PropertyName),
                ] {
                    self.set_for(list, json!([name]), code, format!("{list}/0"), besides);
                }
            }
            Special::PatternTimes => {
                let pattern =
                    "[file:size = 1] START t'0001-01-01T00:00:00Z' STOP t'9999-12-31T23:59:59Z'";
                let mut broken = self.object.clone();
                put(&mut broken, "/pattern", Some(json!(pattern)));
                put(&mut broken, "/pattern_type", Some(json!("stix")));
                let told = "/pattern".to_owned();
                self.push(broken, Code::PatternTime, told, Strength::Should, &[]);
            }
            Special::ObservedData => {
                let other = json!(["relationship--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"]);
                self.set("/object_refs", other, Code::ObservedNothing, &[]);
            }
        }
    }
}

fn is(value: &Json, scalar: Scalar) -> bool {
    match scalar {
        Scalar::Text(text) => value == text,
        Scalar::Boolean(boolean) => *value == json!(boolean),
        Scalar::Listed(text) => value.as_array().is_some_and(|list| list.contains(&json!(text))),
    }
}

fn of(scalar: Scalar) -> Json {
    match scalar {
        Scalar::Text(text) => json!(text),
        Scalar::Boolean(boolean) => json!(boolean),
        Scalar::Listed(text) => json!([text]),
    }
}
