//! The deprecated container: observables under keys of their own (section 2.13).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::plan::PLANS;
use super::walk::{Going, Walk};
use crate::finding::{Code, Thing, Word};
use crate::json::{self, Value};
use crate::types::Class;

/// The keys of a container and the types of what stands there.
#[derive(Debug)]
pub(super) struct Neighbours<'a> {
    pub(super) types: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// `objects` of observed data. What it holds may be of STIX 2.0, so that properties which nobody here knows are let
    /// by; the observables of this version keep to their tables.
    pub(super) fn container(&mut self, container: Value<'d, 'a>) -> Going {
        if container.members().next().is_none() {
            return self.say(container, Code::EmptyObject, "2.3", []);
        }
        let type_of = |value: Value<'d, 'a>| value.child("type").and_then(|type_| type_.text());
        let keyed = container
            .members()
            .map(|value| (value.key().unwrap_or_default(), type_of(value).unwrap_or_default()));
        let neighbours = Neighbours { types: keyed.collect() };
        let mut counted = true;
        for (at, value) in container.members().enumerate() {
            let key = value.key().unwrap_or_default();
            counted &= key.parse() == Ok(at);
            self.dictionary_key(value, &key, false)?;
            if value.kind() != json::Kind::Object {
                let words = [Word::said(&key), Thing::Object.into()];
                self.say(value, Code::WrongType, "2.13", words)?;
                continue;
            }
            let type_name = type_of(value).unwrap_or_default();
            let known = PLANS.find(&type_name);
            if known.is_some_and(|plan| plan.class != Some(Class::Observable)) {
                let words = [Word::said(&key), Word::Said(Word::quote(&type_name))];
                self.say(value, Code::ContainerType, "2.13", words)?;
                continue;
            }
            let type_ = known.unwrap_or_else(|| PLANS.custom(Some(Class::Observable)));
            let mut inner = Walk {
                document: self.document,
                object: value,
                type_,
                type_name,
                id: Cow::Borrowed(""),
                defanged: value.child("defanged").and_then(|v| v.boolean()) == Some(true),
                registry: self.registry,
                custom: None,
                toplevel: None,
                neighbours: Some(&neighbours),
                selectors: Vec::new(),
                unknown: &mut *self.unknown,
                findings: &mut *self.findings,
            };
            inner.object()?;
        }
        if counted {
            return Ok(());
        }
        self.say(container, Code::ContainerKeys, "2.9", [])
    }
}
