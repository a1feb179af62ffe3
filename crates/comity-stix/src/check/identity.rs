//! Who an object is and what it refers to: `type`, `id`, references (sections 2.9, 3.2, 3.3, 11.2).

use std::borrow::Cow;

use super::walk::{Going, Walk, Within};
use crate::finding::{Code, Word};
use crate::id::{self, UuidFault};
use crate::json::Value;
use crate::types::{Class, Targets};

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// The name of the type (sections 3.1 and 11.2.1).
    pub(super) fn type_name(&mut self, value: Value<'d, 'a>, text: &str) -> Going {
        if !id::is_type_name(text) {
            return self.say(value, Code::TypeName, "11.2.1", [Word::said(text)]);
        }
        if self.type_.type_.is_some() || self.custom.is_some() || self.neighbours.is_some() {
            return Ok(());
        }
        let defined = self.object.child("extensions").is_some_and(|extensions| {
            extensions.members().any(|value| value.key().is_some_and(|key| is_definition(&key)))
        });
        if self.type_.class.is_none() && !defined {
            self.say(value, Code::CustomType, "11.2", [Word::said(text)])?;
            if !text.starts_with("x-") {
                self.say(value, Code::CustomTypePrefix, "11.2.1", [Word::said(text)])?;
            }
        }
        Ok(())
    }

    /// The object's own identifier (section 2.9).
    ///
    /// That nobody but observables uses the namespace of observables for a version 5 UUID cannot be seen in the UUID:
    /// it is a hash of the namespace and of a name that nobody tells.
    pub(super) fn own_id(&mut self, value: Value<'d, 'a>, text: &str) -> Going {
        if self.neighbours.is_some() {
            return Ok(());
        }
        let Some((prefix, uuid)) = id::split(text) else {
            return self.say(value, Code::IdForm, "2.9", [Word::said(text)]);
        };
        if prefix != self.type_name {
            self.say(value, Code::IdType, "2.9", [Word::Said(Word::quote(&self.type_name))])?;
        }
        let advised = match self.type_.class {
            Some(Class::Observable) => Some(5),
            Some(_) => Some(4),
            None => None,
        };
        match (id::version(uuid), advised) {
            (Err(UuidFault::NotRfc4122), _) => {
                self.say(value, Code::IdUuid, "2.9", [Word::said(text)])
            }
            (Err(UuidFault::Uppercase), _) => {
                self.say(value, Code::IdUppercase, "2.9", [Word::said(text)])
            }
            // What an observable without contributing properties has to have, its own rule says.
            (Ok(version), Some(advised))
                if version != advised && !(advised == 5 && self.is_without_name()) =>
            {
                let words = [Word::said(text), Word::number(advised)];
                self.say(value, Code::IdVersion, "2.9", words)
            }
            _ => Ok(()),
        }
    }

    /// A reference to other objects (section 3.3).
    pub(super) fn reference(
        &mut self,
        value: Value<'d, 'a>,
        text: &str,
        targets: &'static Targets,
        within: Within,
    ) -> Going {
        let marks = targets.types.contains(&"marking-definition");
        if let Some(neighbours) = self.neighbours.filter(|_| !marks) {
            let Some(target) = neighbours.types.get(text) else {
                return self.say(value, Code::LocalReference, "2.13", [Word::said(text)]);
            };
            return if self.allows(targets, target) {
                Ok(())
            } else {
                let words = [Word::said(text), Word::targets(targets)];
                self.say(value, Code::ReferenceType, within.section, words)
            };
        }
        let Some((target, uuid)) = id::split(text) else {
            return self.say(value, Code::ReferenceForm, "3.3", [Word::said(text)]);
        };
        if !self.allows(targets, target) {
            let words = [Word::said(text), Word::targets(targets)];
            self.say(value, Code::ReferenceType, within.section, words)?;
        }
        if id::version(uuid) == Err(UuidFault::NotRfc4122) {
            self.say(value, Code::IdUuid, "2.9", [Word::said(text)])?;
        }
        if marks && text == self.id {
            self.say(value, Code::SelfMarking, "3.2", [])?;
        }
        Ok(())
    }

    /// Whether a reference may lead to objects of a type. A type that nobody here knows may be of any class.
    pub(super) fn allows(&self, targets: &Targets, type_: &str) -> bool {
        if targets.types.contains(&type_) {
            return true;
        }
        if targets.classes.is_empty() || targets.except.contains(&type_) {
            return false;
        }
        self.class_of(type_).is_none_or(|class| targets.classes.contains(&class))
    }

    /// The type that a reference leads to.
    pub(super) fn leads_to(&self, value: Value<'d, 'a>) -> Option<Cow<'a, str>> {
        let text = value.text()?;
        if let Some(neighbours) = self.neighbours {
            return neighbours.types.get(&*text).cloned();
        }
        let length = id::split(&text)?.0.len();
        Some(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(..length)?),
            Cow::Owned(text) => Cow::Owned(text.get(..length)?.to_owned()),
        })
    }
}

/// Whether the key of an extension is the id of an extension definition (section 3.2).
pub(super) fn is_definition(key: &str) -> bool {
    id::split(key).is_some_and(|(type_, _)| type_ == "extension-definition")
}
