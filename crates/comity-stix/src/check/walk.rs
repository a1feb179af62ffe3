//! The walk: an object held against the tables.

use std::collections::BTreeSet;

use super::forms::{self, UuidFault};
use super::selectors;
use super::tables::{self, Choice, Class, Kind, Property, Shape, Type};
use crate::finding::{Code, Finding, Findings, Thing, Word};
use crate::id;
use crate::json::{self, Document, Value};
use crate::timestamp::Stamp;

/// Holds an object against the table of its type. Gives the places of the references that were
/// looked at; fails when there are too many findings.
pub(super) fn walk(
    document: &Document<'_>,
    findings: &mut Findings,
) -> Result<BTreeSet<usize>, Finding> {
    let object = document.root();
    let type_name = string(object, "type").unwrap_or_default();
    let type_ = type_of(object, &type_name);
    let id = string(object, "id").unwrap_or_default();
    let mut walk = Walk {
        object,
        type_,
        type_name: &type_name,
        id: &id,
        references: BTreeSet::new(),
        selectors: Vec::new(),
        findings,
    };
    walk.common()?;
    walk.properties(object, type_.own)?;
    walk.order()?;
    walk.selected()?;
    Ok(walk.references)
}

fn string<'a>(object: Value<'_, 'a>, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    object.child(name).and_then(|value| value.text())
}

/// The table of an object's type; for a type the standard does not know, what its extensions say.
fn type_of(object: Value<'_, '_>, name: &str) -> &'static Type {
    if let Some(type_) = tables::TYPES.iter().find(|type_| type_.name == name) {
        return type_;
    }
    let mut extensions = object.child("extensions").into_iter().flat_map(|value| value.members());
    let observable =
        extensions.any(|value| string(value, "extension_type").is_some_and(|t| t == "new-sco"));
    if observable { &tables::CUSTOM_OBSERVABLE } else { &tables::CUSTOM }
}

struct Walk<'d, 'a, 'w> {
    object: Value<'d, 'a>,
    type_: &'static Type,
    type_name: &'w str,
    id: &'w str,
    references: BTreeSet<usize>,
    selectors: Vec<(Value<'d, 'a>, String)>,
    findings: &'w mut Findings,
}

type Going = Result<(), Finding>;

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// The common properties: which may, must and must not be there, and what they hold.
    fn common(&mut self) -> Going {
        for property in tables::COMMON {
            let Some(value) = self.object.child(property.name) else {
                if self.type_.required.contains(&property.name) {
                    self.missing(self.object, property.name, self.type_.section)?;
                }
                continue;
            };
            if self.type_.unused.contains(&property.name) {
                let (code, section) = match property.name {
                    "defanged" => (Code::MustNotHave, "3.2"),
                    _ => (Code::NotApplicable, self.type_.section),
                };
                self.say(value, code, section, [Word::said(property.name)])?;
            }
            self.value(value, &property.kind, property)?;
        }
        Ok(())
    }

    fn properties(&mut self, object: Value<'d, 'a>, properties: &'static [Property]) -> Going {
        for property in properties {
            match object.child(property.name) {
                Some(value) => self.value(value, &property.kind, property)?,
                None if property.required => {
                    self.missing(object, property.name, property.section)?;
                }
                None => {}
            }
        }
        Ok(())
    }

    fn value(&mut self, value: Value<'d, 'a>, kind: &'static Kind, property: &Property) -> Going {
        let expected = match kind {
            Kind::Boolean => (Thing::Boolean, json::Kind::Boolean),
            Kind::Integer(..) => (Thing::Integer, json::Kind::Number),
            Kind::List(_) => (Thing::List, json::Kind::List),
            Kind::Object(_) | Kind::Hashes | Kind::Extensions => {
                (Thing::Object, json::Kind::Object)
            }
            _ => (Thing::Text, json::Kind::Text),
        };
        let (thing, shape) = expected;
        let whole = !matches!(kind, Kind::Integer(..))
            || value.raw().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if value.kind() != shape || !whole {
            if value.kind() == json::Kind::Null {
                return Ok(());
            }
            let words = [Word::said(property.name), thing.into()];
            return self.say(value, Code::WrongType, property.section, words);
        }
        match kind {
            Kind::List(element) => {
                value.members().try_for_each(|member| self.value(member, element, property))
            }
            Kind::Object(shape) => self.shape(value, shape, property),
            Kind::Integer(least, most) => self.integer(value, *least, *most, property),
            Kind::Hashes => self.hashes(value),
            Kind::Extensions => value.members().try_for_each(|member| self.extension(member)),
            Kind::Boolean => Ok(()),
            _ => self.text(value, kind, property),
        }
    }

    fn text(&mut self, value: Value<'d, 'a>, kind: &Kind, property: &Property) -> Going {
        let text = value.text().unwrap_or_default();
        let text = &*text;
        let section = property.section;
        match kind {
            Kind::TypeName => self.type_name(value, text),
            Kind::Id => self.own_id(value, text),
            Kind::Reference(types) => {
                self.reference(value, text, property, |type_| types.contains(&type_), types)
            }
            Kind::ReferenceNot(types) => {
                self.reference(value, text, property, |type_| !types.contains(&type_), &[])
            }
            Kind::Timestamp | Kind::FineTimestamp => match Stamp::parse(text) {
                Err(_) => self.say(value, Code::TimestampForm, "2.16.1", [Word::said(text)]),
                Ok(stamp) if stamp.precision() < 3 && matches!(kind, Kind::FineTimestamp) => {
                    self.say(value, Code::TimestampPrecision, section, [Word::said(text)])
                }
                Ok(_) => Ok(()),
            },
            Kind::SpecVersion if text != "2.1" => {
                self.say(value, Code::SpecVersion, section, [Word::said(text)])
            }
            Kind::Lang if !forms::is_language(text) => {
                self.say(value, Code::LangForm, section, [Word::said(text)])
            }
            Kind::Term if !forms::is_term(text) => {
                self.say(value, Code::TermForm, section, [Word::said(text)])
            }
            Kind::Selector if !selectors::is_selector(text) => {
                self.say(value, Code::SelectorForm, section, [Word::said(text)])
            }
            Kind::Selector => {
                self.selectors.push((value, text.to_owned()));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn type_name(&mut self, value: Value<'d, 'a>, text: &str) -> Going {
        if !id::is_type_name(text) {
            return self.say(value, Code::TypeName, "11.2.1", [Word::said(text)]);
        }
        let extended = || {
            let extensions = self.object.child("extensions");
            let mut keys = extensions.into_iter().flat_map(|value| value.members());
            keys.any(|value| {
                value.key().is_some_and(|key| key.starts_with("extension-definition--"))
            })
        };
        let known = !self.type_.name.is_empty();
        if known || text.starts_with("x-") || extended() {
            return Ok(());
        }
        self.say(value, Code::CustomTypePrefix, "11.2.1", [Word::said(text)])
    }

    fn own_id(&mut self, value: Value<'d, 'a>, text: &str) -> Going {
        let Some((prefix, uuid)) = id::split(text) else {
            return self.say(value, Code::IdForm, "2.9", [Word::said(text)]);
        };
        if prefix != self.type_name {
            self.say(value, Code::IdType, "2.9", [Word::said(self.type_name)])?;
        }
        let advised = match self.type_.class {
            Class::Versioned => Some(4),
            Class::Observable => Some(5),
            Class::Custom => None,
        };
        match (forms::uuid_version(uuid), advised) {
            (Err(UuidFault::NotRfc4122), _) => {
                self.say(value, Code::IdUuid, "2.9", [Word::said(text)])
            }
            (Err(UuidFault::Uppercase), _) => {
                self.say(value, Code::IdUppercase, "2.9", [Word::said(text)])
            }
            (Ok(version), Some(advised)) if version != advised => {
                let words = [Word::said(text), Word::number(advised)];
                self.say(value, Code::IdVersion, "2.9", words)
            }
            _ => Ok(()),
        }
    }

    fn reference(
        &mut self,
        value: Value<'d, 'a>,
        text: &str,
        property: &Property,
        allowed: impl Fn(&str) -> bool,
        types: &[&str],
    ) -> Going {
        self.references.insert(value.place());
        let Some((target, uuid)) = id::split(text) else {
            return self.say(value, Code::ReferenceForm, "3.3", [Word::said(text)]);
        };
        if !allowed(target) {
            let wanted = if types.is_empty() { "…".to_owned() } else { types.join(", ") };
            let words = [Word::said(text), Word::Said(wanted)];
            self.say(value, Code::ReferenceType, property.section, words)?;
        }
        if forms::uuid_version(uuid) == Err(UuidFault::NotRfc4122) {
            self.say(value, Code::IdUuid, "2.9", [Word::said(text)])?;
        }
        if text == self.id && target == "marking-definition" {
            self.say(value, Code::SelfMarking, "3.2", [])?;
        }
        Ok(())
    }

    fn integer(
        &mut self,
        value: Value<'d, 'a>,
        least: i64,
        most: i64,
        property: &Property,
    ) -> Going {
        if value.integer().is_some_and(|number| (least..=most).contains(&number)) {
            return Ok(());
        }
        let words = [Word::said(value.raw()), Word::Said(format!("{least}..{most}"))];
        self.say(value, Code::OutOfRange, property.section, words)
    }

    fn shape(&mut self, value: Value<'d, 'a>, shape: &'static Shape, property: &Property) -> Going {
        self.properties(value, shape.properties)?;
        let count =
            |names: &[&str]| names.iter().filter(|name| value.child(name).is_some()).count();
        match shape.choice {
            Choice::SomeOf(names) if count(names) == 0 => {
                self.say(value, Code::ExternalReferenceEmpty, "2.5.2", [])
            }
            Choice::OneOf(names) if count(names) != 1 => {
                self.say(value, Code::GranularChoice, property.section, [])
            }
            _ => Ok(()),
        }
    }

    fn hashes(&mut self, value: Value<'d, 'a>) -> Going {
        for member in value.members() {
            let key = member.key().unwrap_or_default();
            if !forms::is_hash_name(&key) {
                self.say(member, Code::HashKey, "2.7", [Word::said(&key)])?;
            }
            if member.kind() != json::Kind::Text {
                let words = [Word::said(&key), Thing::Text.into()];
                self.say(member, Code::WrongType, "2.7", words)?;
            }
        }
        Ok(())
    }

    fn extension(&mut self, value: Value<'d, 'a>) -> Going {
        let key = value.key().unwrap_or_default();
        if value.kind() != json::Kind::Object {
            let words = [Word::said(&key), Thing::Object.into()];
            return self.say(value, Code::WrongType, "3.2", words);
        }
        let defined = id::split(&key).is_some_and(|(type_, _)| type_ == "extension-definition");
        if !defined && !forms::is_predefined_extension(&key) {
            self.say(value, Code::ExtensionKey, "3.2", [Word::said(&key)])?;
        }
        match value.child("extension_type") {
            None if defined => {
                self.say(value, Code::ExtensionTypeMissing, "3.2", [Word::said(&key)])
            }
            Some(type_) => {
                let text = type_.text().unwrap_or_else(|| type_.raw().into());
                if tables::EXTENSION_TYPES.contains(&&*text) {
                    return Ok(());
                }
                let words = [Word::said(&text), Word::Said(tables::EXTENSION_TYPES.join(", "))];
                self.say(type_, Code::ExtensionType, "10.5", words)
            }
            None => Ok(()),
        }
    }

    /// Timestamps that follow each other.
    fn order(&mut self) -> Going {
        let stamp = |value: Option<Value<'d, 'a>>| {
            let value = value?;
            Some((value, Stamp::parse(value.text()?).ok()?))
        };
        let created = stamp(self.object.child("created"));
        let modified = stamp(self.object.child("modified"));
        if let (Some((_, created)), Some((value, modified))) = (created, modified)
            && modified < created
        {
            let words = [Word::said(created.written())];
            self.say(value, Code::ModifiedBeforeCreated, "3.6.1", words)?;
        }
        for span in self.type_.spans {
            let first = stamp(self.object.child(span.first));
            let last = stamp(self.object.child(span.last));
            if let (Some((_, first)), Some((value, last))) = (first, last)
                && (last < first || span.strict && last == first)
            {
                let words = [Word::said(span.first), Word::said(span.last)];
                self.say(value, Code::TimeOrder, self.type_.section, words)?;
            }
        }
        Ok(())
    }

    /// Selectors have to select something (section 7.2.3).
    fn selected(&mut self) -> Going {
        let selectors = std::mem::take(&mut self.selectors);
        let texts: Vec<&str> = selectors.iter().map(|(_, text)| text.as_str()).collect();
        for at in selectors::selecting_nothing(&texts, self.object) {
            if let Some((value, text)) = selectors.get(at) {
                self.say(*value, Code::SelectorTarget, "7.2.3", [Word::said(text)])?;
            }
        }
        Ok(())
    }

    fn missing(&mut self, object: Value<'d, 'a>, name: &str, section: &'static str) -> Going {
        self.say(object, Code::MissingProperty, section, [Word::said(name)])
    }

    fn say(
        &mut self,
        value: Value<'d, 'a>,
        code: Code,
        section: &'static str,
        words: impl Into<Box<[Word]>>,
    ) -> Going {
        let at = value.span().start;
        self.findings.push(Finding::new(code, section, value.pointer(), at, words))
    }
}
