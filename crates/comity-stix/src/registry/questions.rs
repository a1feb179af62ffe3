//! Looking things up, and holding objects against what is known.

use super::{Coverage, CustomType, Extension, ExtensionType, Registry};
use crate::finding::{Code, Finding, Findings, Word};
use crate::json::Value;
use crate::schema::SECTION;

impl Registry {
    /// The extension of that id.
    pub fn extension(&self, id: &str) -> Option<&Extension> {
        self.extensions.get(id)
    }

    /// All extensions, in the order of their ids.
    pub fn extensions(&self) -> impl Iterator<Item = &Extension> {
        self.extensions.values()
    }

    /// The custom type of that name.
    pub fn custom_type(&self, name: &str) -> Option<&CustomType> {
        self.types.get(name)
    }

    /// All custom types, in the order of their names.
    pub fn types(&self) -> impl Iterator<Item = &CustomType> {
        self.types.values()
    }

    /// Everything in which an object breaks the schemas of its type and of its extensions. What the standard says of
    /// it, the common properties included, is for the check of the object.
    pub fn check(&self, object: Value<'_, '_>) -> Vec<Finding> {
        let mut findings = Findings::default();
        let mut all = || {
            self.check_type(object, &mut findings)?;
            let extensions = object.child("extensions");
            for value in extensions.into_iter().flat_map(|value| value.members()) {
                let key = value.key().unwrap_or_default();
                self.check_extension(object, &key, value, &mut findings)?;
            }
            Ok::<(), Finding>(())
        };
        // When the list is full the rest is left out.
        let _full = all();
        findings.into_vec()
    }

    /// Holds an object of a custom type against the type's schema. Fails when there are too many findings.
    pub(crate) fn check_type(
        &self,
        object: Value<'_, '_>,
        findings: &mut Findings,
    ) -> Result<Coverage, Finding> {
        let name = object.child("type").and_then(|name| name.text());
        match name.and_then(|name| self.custom_type(&name)) {
            Some(custom) => custom.schema.check_into(object, findings).map(|()| Coverage::Checked),
            None => Ok(Coverage::Unknown),
        }
    }

    /// Holds the extension that stands under a key of an object against its definition and schema; of a new type of
    /// object that is said by [`Registry::check_type`]. Fails when there are too many findings.
    pub(crate) fn check_extension(
        &self,
        object: Value<'_, '_>,
        key: &str,
        value: Value<'_, '_>,
        findings: &mut Findings,
    ) -> Result<Coverage, Finding> {
        let Some(extension) = self.extension(key) else { return Ok(Coverage::Unknown) };
        let coverage = if extension.checked { Coverage::Checked } else { Coverage::Unchecked };
        let Some(used) = value.child("extension_type") else { return Ok(coverage) };
        let Some(kind) = used.text().and_then(|name| ExtensionType::named(&name)) else {
            return Ok(coverage);
        };
        if !extension.kinds.contains(&kind) {
            let kinds: Vec<&str> = extension.kinds.iter().map(|kind| kind.as_str()).collect();
            let words = [Word::said(key), Word::said(kind.as_str()), Word::said(&kinds.join(", "))];
            return say(used, Code::ExtensionTypeOther, words, findings).map(|()| coverage);
        }
        if kind.class().is_some() {
            extension.makes(object, key, findings)?;
        }
        if let (ExtensionType::Property, Some(schema)) = (kind, &extension.value) {
            schema.check_into(value, findings)?;
        }
        for (_, schema) in extension.objects.iter().filter(|(of, _)| *of == kind) {
            schema.check_into(object, findings)?;
        }
        Ok(coverage)
    }
}

impl Extension {
    /// Whether it makes objects of the type that this one is of.
    fn makes(
        &self,
        object: Value<'_, '_>,
        key: &str,
        findings: &mut Findings,
    ) -> Result<(), Finding> {
        let type_ = object.child("type");
        let name = type_.and_then(|type_| type_.text()).unwrap_or_default();
        if !self.checked || self.types.iter().any(|made| *made == name) {
            return Ok(());
        }
        let words = [Word::said(key), Word::said(&name)];
        say(type_.unwrap_or(object), Code::ExtensionNewType, words, findings)
    }
}

fn say(
    value: Value<'_, '_>,
    code: Code,
    words: impl Into<Box<[Word]>>,
    findings: &mut Findings,
) -> Result<(), Finding> {
    findings.push(Finding::new(code, SECTION, value.pointer(), value.span().start, words))
}
