//! The identifiers of observables: the version 5 UUID that their properties give (sections 2.9 and 3.4).

use std::borrow::Cow;

use uuid::Uuid;

use super::walk::{Going, Seen, Walk};
use crate::finding::{Code, Word};
use crate::id::{self, OBSERVABLE_NAMESPACE, StixId};
use crate::json::{Kind, Value, canonical};
use crate::types::{Class, Type};

/// Which hash counts where there are several (sections 6.1.1, 6.7.1 and 6.18.1).
const PREFERRED: &[&str] = &["MD5", "SHA-1", "SHA-256", "SHA-512"];

/// Of hashes by other algorithms any may have been chosen; so many are tried.
const TRIED: usize = 8;

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// Whether an observable has none of the properties that its identifier is computed from.
    pub(super) fn is_without_name(&self) -> bool {
        self.contributing()
            .is_some_and(|mut names| !names.any(|name| self.object.child(name).is_some()))
    }

    /// The properties that identifiers of this type are computed from; `None` where nobody has said.
    fn contributing(&self) -> Option<impl Iterator<Item = &str>> {
        let standard = self.type_.type_.map(|type_| type_.contributing);
        let named = self.custom.filter(|custom| !custom.id_contributing.is_empty());
        if standard.is_none() && named.is_none() {
            return None;
        }
        let named = named.into_iter().flat_map(|custom| &custom.id_contributing);
        Some(standard.into_iter().flatten().copied().chain(named.map(String::as_str)))
    }

    /// The identifier of an observable against what its properties give.
    pub(super) fn observable_id(&mut self, seen: &Seen) -> Going {
        if self.type_.class != Some(Class::Observable) {
            return Ok(());
        }
        let Some((prefix, uuid)) = id::split(&self.id) else { return Ok(()) };
        let id = seen.at(self.document, self.type_.id);
        let (Ok(version), Some(value)) = (id::version(uuid), id) else { return Ok(()) };
        if prefix != self.type_name {
            return Ok(());
        }
        let Some(given) = self.given(seen) else { return Ok(()) };
        let quoted = |walk: &Self| Word::Said(Word::quote(&walk.id));
        if given.is_empty() {
            if version == 4 {
                return Ok(());
            }
            return self.say(value, Code::IdRandom, "2.9", [quoted(self)]);
        }
        if version != 5 {
            return Ok(());
        }
        let computed = computed(&given);
        let Some(first) = computed.first() else { return Ok(()) };
        let is = |one: &Uuid| one.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == uuid;
        if !computed.iter().any(is) {
            let proper = format!("{}--{}", self.type_name, first.hyphenated());
            let words = [quoted(self), Word::said(&proper)];
            return self.say(value, Code::IdDeterministic, "2.9", words);
        }
        if seen.bits & self.type_.versioning != 0 {
            return self.say(value, Code::IdVersioned, "3.6", [quoted(self)]);
        }
        Ok(())
    }

    /// The properties of the object that its identifier is computed from; `None` where nobody has said which count.
    fn given(&self, seen: &Seen) -> Option<Vec<Value<'d, 'a>>> {
        let named = self.custom.filter(|custom| !custom.id_contributing.is_empty());
        if self.type_.type_.is_none() && named.is_none() {
            return None;
        }
        let places = self.type_.contributing.iter();
        let standard = places.filter_map(|at| seen.at(self.document, Some(*at)));
        let named = named.into_iter().flat_map(|custom| &custom.id_contributing);
        Some(standard.chain(named.filter_map(|name| self.object.child(name))).collect())
    }
}

/// The identifier that the properties of an observable give; `None` where it has none of those that count.
pub(crate) fn identifier(object: Value<'_, '_>, type_: &Type) -> Option<StixId> {
    let given: Vec<_> = type_.contributing.iter().filter_map(|name| object.child(name)).collect();
    let computed = if given.is_empty() { Vec::new() } else { computed(&given) };
    StixId::of(type_.name, *computed.first()?).ok()
}

/// The UUIDs that these properties may give, the most proper first.
fn computed(given: &[Value<'_, '_>]) -> Vec<Uuid> {
    let hashes = given.iter().find(|value| {
        value.kind() == Kind::Object && value.key().is_some_and(|key| key == "hashes")
    });
    let Some(hashes) = hashes else { return one(given, None).into_iter().collect() };
    let preferred = PREFERRED.iter().find_map(|name| hashes.child(name));
    let chosen = match preferred {
        Some(hash) => vec![hash],
        None => hashes.members().take(TRIED).collect(),
    };
    chosen.into_iter().filter_map(|hash| one(given, Some(hash))).collect()
}

/// The UUID, with one hash in the place of all of them.
fn one(given: &[Value<'_, '_>], hash: Option<Value<'_, '_>>) -> Option<Uuid> {
    let mut members: Vec<_> =
        given.iter().map(|value| (value.key().unwrap_or_default(), *value)).collect();
    members.sort_by(|(one, _), (other, _)| canonical::by_units(one, other));
    let mut name = String::with_capacity(128);
    name.push('{');
    for (at, (key, value)) in members.into_iter().enumerate() {
        if at > 0 {
            name.push(',');
        }
        canonical::string(&key, &mut name);
        name.push(':');
        match hash {
            Some(hash) if key == "hashes" => {
                let algorithm: Cow<'_, str> = hash.key().unwrap_or_default();
                canonical::members(vec![(algorithm, hash)], &mut name)?;
            }
            _ => canonical::write(value, &mut name)?,
        }
    }
    name.push('}');
    Some(Uuid::new_v5(&OBSERVABLE_NAMESPACE, name.as_bytes()))
}
