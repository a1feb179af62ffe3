//! What a node knows beyond the standard: extension definitions and the schemas of what they define (section 7.3).
//!
//! [`Registry::add`] takes an `extension-definition` object as it was published, and its JSON schema: given beside it,
//! or standing in the definition's `schema` property as text. A definition whose `schema` is only an address or prose
//! is known, and what it defines is not checked.
//!
//! # How a schema is laid out
//!
//! A definition of one extension type has one schema, and the document's root is it:
//!
//! - `new-sdo`, `new-sco`, `new-sro`: the schema of whole objects. It names the type: `"type": {"const": "x-lab"}`
//!   among its `properties`. It has to let all common properties of the class stand (section 7.3): `{"allOf": [{"$ref":
//!   "stix:core"}], "unevaluatedProperties": false}` does, and nothing but the common and its own properties besides. A
//!   new observable names the properties its identifier is computed from: `"x-stix-id-contributing": ["number"]`.
//! - `property-extension`: the schema of the value under the extension's key, `extension_type` included; or of the whole
//!   object, as OASIS publishes them, where it leads to that value by `properties`, `extensions`, and the definition's id.
//! - `toplevel-property-extension`: the schema of the whole object. `extension_properties` of the definition lists the
//!   names it adds.
//!
//! A definition of several types, or of more than one new type, has its schemas in `$defs`, named by the extension type
//! and, where one type stands more than once, a colon and any name: `new-sdo:lab`, `new-sdo:press`,
//! `property-extension`.
//!
//! # A type of one's own
//!
//! ```
//! use comity_stix::{Limits, json::Document, registry::Registry};
//!
//! let definition = br#"{
//!   "type": "extension-definition", "spec_version": "2.1",
//!   "id": "extension-definition--9c59fd79-4215-4ba2-920d-3e4f320e1e62",
//!   "created": "2026-01-20T09:16:08.989Z", "modified": "2026-01-20T09:16:08.989Z",
//!   "created_by_ref": "identity--11b76a96-5d2b-45e0-8a5a-f6994f370731",
//!   "name": "Laboratories", "description": "Suspected clandestine laboratories",
//!   "schema": "https://example.org/lab", "version": "1.0.0", "extension_types": ["new-sdo"] }"#;
//! let schema = br#"{
//!   "allOf": [{ "$ref": "stix:core" }],
//!   "properties": {
//!     "type": { "const": "x-lab" },
//!     "found": { "$ref": "stix:timestamp" },
//!     "found_by_ref": { "x-stix-ref-types": ["identity"] } },
//!   "required": ["found"],
//!   "unevaluatedProperties": false }"#;
//!
//! let mut registry = Registry::default();
//! registry.add(definition, Some(schema), &Limits::default())?;
//! let lab = br#"{ "type": "x-lab", "found": "yesterday" }"#;
//! let lab = Document::parse(lab, &Limits::default())?;
//! let findings = registry.check(lab.root());
//! assert_eq!(findings[0].pointer, "/found");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod error;
mod extension;
mod load;
mod questions;

use std::collections::BTreeMap;

pub use error::{RegistryError, RegistryFault};
pub use extension::{Coverage, CustomType, Extension, ExtensionType};

use crate::limits::Limits;

/// The extensions and custom types that a node knows. The default knows none.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    extensions: BTreeMap<String, Extension>,
    types: BTreeMap<String, CustomType>,
}

impl Registry {
    /// Takes an extension definition (section 7.3.1) and its schema. The definition is checked as any object is; an id
    /// that is already known is refused, see [`Registry::replace`].
    pub fn add(
        &mut self,
        definition: &[u8],
        schema: Option<&[u8]>,
        limits: &Limits,
    ) -> Result<(), RegistryError> {
        self.take(definition, schema, limits, false)
    }

    /// The same, in the place of an earlier version of the same definition, if there is one. When it fails the earlier
    /// one stays.
    pub fn replace(
        &mut self,
        definition: &[u8],
        schema: Option<&[u8]>,
        limits: &Limits,
    ) -> Result<(), RegistryError> {
        self.take(definition, schema, limits, true)
    }

    fn take(
        &mut self,
        definition: &[u8],
        schema: Option<&[u8]>,
        limits: &Limits,
        replace: bool,
    ) -> Result<(), RegistryError> {
        let (extension, types) = build::build(definition, schema, limits)?;
        let known = self.extensions.get(&extension.id);
        if let Some(known) = known {
            let (old, new) = (&known.modified, &extension.modified);
            if !replace {
                let words = [&*extension.id, &*known.version];
                return Err(RegistryError::at("/id", RegistryFault::AlreadyKnown, &words));
            }
            if !extension.is_newer_than(known) {
                return Err(RegistryError::at("/modified", RegistryFault::Older, &[new, old]));
            }
        }
        for custom in &types {
            let other = self.types.get(&custom.name).map(|other| &*other.extension);
            if let Some(other) = other.filter(|other| *other != extension.id) {
                let words = [&*custom.name, other];
                return Err(RegistryError::in_schema(
                    &custom.schema,
                    RegistryFault::TypeTaken,
                    &words,
                ));
            }
        }
        self.types.retain(|_, custom| custom.extension != extension.id);
        self.types.extend(types.into_iter().map(|custom| (custom.name.clone(), custom)));
        self.extensions.insert(extension.id.clone(), extension);
        Ok(())
    }
}
