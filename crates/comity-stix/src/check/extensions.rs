//! Extensions: those of the standard by their tables, those of the registry by their schemas, the others kept and named
//! (sections 3.2, 3.10, 7.3, 11.3).

use super::forms::names;
use super::identity::is_definition;
use super::walk::{Going, Walk};
use super::{Unknown, UnknownKind};
use crate::finding::{Code, Finding, Thing, Word};
use crate::json::{self, Value};
use crate::marking::Family;
use crate::registry::{Coverage, Extension};
use crate::types::common::{COMMON, RESERVED};
use crate::types::{Class, vocabulary};

/// What extensions add to the top level of an object.
#[derive(Debug, Default)]
pub(super) struct Toplevel<'r> {
    /// An extension adds properties, and nobody here can say which.
    anything: bool,
    /// The names that known extensions add.
    names: Vec<&'r [String]>,
}

impl<'d, 'a, 'w> Walk<'d, 'a, 'w> {
    /// `extensions` (section 3.2).
    pub(super) fn extensions(&mut self, value: Value<'d, 'a>) -> Going {
        if value.members().next().is_none() {
            return self.say(value, Code::EmptyObject, "2.3", []);
        }
        value.members().try_for_each(|member| self.extension(member))
    }

    fn extension(&mut self, value: Value<'d, 'a>) -> Going {
        let key = value.key().unwrap_or_default();
        let key = &*key;
        if value.kind() != json::Kind::Object {
            let words = [Word::said(key), Thing::Object.into()];
            return self.say(value, Code::WrongType, "3.2", words);
        }
        if let Some(plan) = self.type_.extensions.iter().find(|plan| plan.shape.name == key) {
            return self.shape(value, plan);
        }
        let defined = is_definition(key);
        if defined {
            self.definition_key(value, key)?;
        } else {
            self.custom_extension(value, key)?;
        }
        self.extension_type(value, key, defined)?;
        self.extension_content(value, key, defined)?;
        if defined && self.registered_extension(value, key)? == Coverage::Checked {
            return Ok(());
        }
        // What TLP 2.0 and PAP put into a marking definition is held to their fixed definitions, word for word.
        if self.type_name == "marking-definition" && Family::of_extension(key).is_some() {
            return Ok(());
        }
        self.unknown.push(Unknown {
            pointer: value.pointer(),
            name: key.to_owned(),
            kind: UnknownKind::Extension,
        });
        Ok(())
    }

    /// What is in an extension: names of properties, and values that may be anything. What within a value has keys is a
    /// dictionary.
    fn extension_content(&mut self, value: Value<'d, 'a>, key: &str, defined: bool) -> Going {
        let section = if defined { "7.3.2" } else { "11.3.1" };
        let known = self.registry.and_then(|registry| registry.extension(key));
        let judged = known.is_some_and(Extension::is_checked);
        let mut any = false;
        for member in value.members() {
            any = true;
            let name = member.key().unwrap_or_default();
            if !names::is_extension_property(&name) {
                self.say_key(member, Code::PropertyName, section, [Word::said(&name)])?;
            }
            self.encoded(member, &name)?;
            self.any(member, judged)?;
        }
        if any { Ok(()) } else { self.say(value, Code::EmptyObject, "2.3", []) }
    }

    /// The names that an extension definition adds to objects: in form, not reserved, and none of those that all objects
    /// have. Which objects they are added to it does not say.
    pub(super) fn extension_properties(
        &mut self,
        object: Value<'d, 'a>,
        section: &'static str,
    ) -> Going {
        let list = object.child("extension_properties");
        for value in list.into_iter().flat_map(|list| list.members()) {
            let Some(name) = value.text() else { continue };
            let (code, section) = if RESERVED.contains(&&*name) {
                (Code::ReservedProperty, "3.8")
            } else if COMMON.properties.iter().any(|property| property.name == name) {
                (Code::PropertyRedefined, section)
            } else if !names::is_extension_property(&name) {
                (Code::PropertyName, "7.3.2")
            } else {
                continue;
            };
            self.say(value, code, section, [Word::said(&name)])?;
        }
        Ok(())
    }

    /// The key has to be an identifier as any reference is (section 3.3).
    fn definition_key(&mut self, value: Value<'d, 'a>, key: &str) -> Going {
        let uuid = crate::id::split(key).map(|(_, uuid)| crate::id::version(uuid));
        if uuid == Some(Err(crate::id::UuidFault::NotRfc4122)) {
            return self.say_key(value, Code::IdUuid, "2.9", [Word::said(key)]);
        }
        Ok(())
    }

    /// An extension of somebody's own, named and not defined (section 11.3).
    fn custom_extension(&mut self, value: Value<'d, 'a>, key: &str) -> Going {
        let said = || [Word::said(key)];
        if self.type_.class != Some(Class::Observable) && self.neighbours.is_none() {
            return self.say_key(value, Code::ExtensionKey, "3.2", said());
        }
        if !names::is_extension_name(key) {
            return self.say_key(value, Code::ExtensionName, "11.3.1", said());
        }
        self.say_key(value, Code::ExtensionKey, "11.3", said())?;
        if key.starts_with("x-") {
            return Ok(());
        }
        self.say_key(value, Code::ExtensionPrefix, "11.3.1", said())
    }

    fn extension_type(&mut self, value: Value<'d, 'a>, key: &str, defined: bool) -> Going {
        let Some(type_) = value.child("extension_type") else {
            return if defined {
                self.say(value, Code::ExtensionTypeMissing, "3.2", [Word::said(key)])
            } else {
                Ok(())
            };
        };
        let text = type_.text().unwrap_or_else(|| type_.raw().into());
        let allowed = vocabulary::EXTENSION_TYPE.values;
        if !allowed.contains(&&*text) {
            let words = [Word::said(&text), Word::Said(allowed.join(", "))];
            return self.say(type_, Code::ExtensionType, "10.5", words);
        }
        if text.starts_with("new-") && self.type_.type_.is_some() {
            let words = [Word::said(&text), Word::Said(Word::quote(&self.type_name))];
            return self.say(type_, Code::ExtensionRedefines, "7.3", words);
        }
        Ok(())
    }

    /// Whether a schema of the registry says what a property at the top of the object may be.
    pub(super) fn is_judged(&self, name: &str) -> bool {
        let listed = |names: &[String]| names.iter().any(|other| other == name);
        self.custom.is_some_and(|custom| listed(&custom.properties))
            || self.toplevel.as_ref().is_some_and(|top| top.names.iter().any(|names| listed(names)))
    }

    /// Whether a property may stand at the top of the object because an extension puts it there.
    pub(super) fn is_extended_by(&mut self, name: &str) -> bool {
        if self.toplevel.is_none() {
            self.toplevel = Some(self.read_toplevel());
        }
        self.toplevel.as_ref().is_some_and(|top| {
            top.anything || top.names.iter().any(|names| names.iter().any(|other| other == name))
        })
    }

    fn read_toplevel(&self) -> Toplevel<'w> {
        let mut toplevel = Toplevel::default();
        let extensions = self.object.child("extensions");
        for value in extensions.into_iter().flat_map(|value| value.members()) {
            let type_ = value.child("extension_type").and_then(|type_| type_.text());
            if type_.is_none_or(|type_| type_ != "toplevel-property-extension") {
                continue;
            }
            let key = value.key().unwrap_or_default();
            let known = self.registry.and_then(|registry| registry.extension(&key));
            match known.map(Extension::properties) {
                Some(names) if !names.is_empty() => toplevel.names.push(names),
                _ => toplevel.anything = true,
            }
        }
        toplevel
    }

    /// An object of a custom type against the schema of the type.
    pub(super) fn registered_type(&mut self) -> Going {
        let (Some(registry), Some(_)) = (self.registry, self.custom) else { return Ok(()) };
        registry.check_type(self.object, self.findings).map(|_| ())
    }

    /// An extension against what the registry knows of it.
    fn registered_extension(
        &mut self,
        value: Value<'d, 'a>,
        key: &str,
    ) -> Result<Coverage, Finding> {
        match self.registry.filter(|_| self.neighbours.is_none()) {
            Some(registry) => registry.check_extension(self.object, key, value, self.findings),
            None => Ok(Coverage::Unknown),
        }
    }
}
